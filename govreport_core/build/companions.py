"""Folders of sources in, what stands beside the reports out: the manifest and the roster.

`manifest.csv`: what the collector knows of each file; it wins over what is read.
`agencies.csv`: the roster of agencies that are to report.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from govreport_core.errors import SourceError
from govreport_core.objects import address, is_object
from govreport_core.regions.successors import body_of
from govreport_core.sources.encoding import decode

MANIFEST = "manifest.csv"
ROSTER = "agencies.csv"
NAMES = frozenset(
    {MANIFEST, ROSTER, "corrections.csv", "replies.csv", "answers.json", "dataset.json"}
)
_MAX_BYTES = 64 * 1024 * 1024
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_FIRST_SEARCHED = 2008  # the first regulations came into force: no report is for an earlier year
_BETWEEN = re.compile(r"[\s,;，；、]+")
_SPAN = re.compile(r"(\d{4})(?:[-–—~～至](\d{4}))?", re.ASCII)


_NO_NAMES = frozenset({"", ".", ".."})


class Known(msgspec.Struct, frozen=True, gc=False):
    """One row of a manifest; empty fields are None."""

    agency: str | None
    region_code: str | None
    year: int | None
    source_url: str | None
    published_on: str | None
    column: str | None = None


class Agency(msgspec.Struct, frozen=True, cache_hash=True):
    """One row of a roster; names of the region's levels may stand in it too.

    Attributes:
        valid_from, valid_to: ISO dates, of a day, a month or a year.
        deadline: The date due where it lies, `MM-DD` of the next year, if it is
            earlier than the law's.
        searched: The report years for which the collector looked for its report.
        perimeter: `complete` where its report is the sum of those of all agencies
            in its area that are in the roster.
    """

    agency_id: str
    name: str
    region_code: str | None = None
    level: str | None = None
    kind: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    successor: str | None = None
    source: str | None = None
    province: str | None = None
    prefecture: str | None = None
    county: str | None = None
    deadline: str | None = None
    searched: tuple[int, ...] = ()
    perimeter: str | None = None


_OF_AGENCY = frozenset(Agency.__struct_fields__)
Body = tuple[str, str]
"""A body of a place: the place's code of today and the name without the place's."""


class Roster:
    """The agencies of a roster, found by name or by body without looking through them.

    Attributes:
        agencies: In the roster's order.
    """

    def __init__(self, agencies: Iterable[Agency] = ()) -> None:
        self.agencies = tuple(agencies)
        self._named: dict[str, list[Agency]] = {}
        self._bodies: dict[Body, list[Agency]] = {}
        for agency in self.agencies:
            self._named.setdefault(agency.name, []).append(agency)
            if (body := body_of(agency.name, agency.region_code)) is not None:
                self._bodies.setdefault(body, []).append(agency)

    def named(self, name: str | None, region: str | None) -> Agency | None:
        """The agency of that name, in that region where it is known; None if several."""
        found = [
            agency
            for agency in self._named.get(name or "", ())
            if region is None or agency.region_code in (None, region)
        ]
        return found[0] if len(found) == 1 else None

    def of_body(self, body: Body | None, region: str | None) -> Agency | None:
        """The one agency that is that body of that place, by whatever name of the place."""
        found = self._bodies.get(body, []) if body else []
        if len(found) > 1:
            found = [agency for agency in found if agency.region_code == region]
        return found[0] if len(found) == 1 else None

    def candidates(self, name: str | None, body: Body | None) -> tuple[Agency, ...]:
        """All that a report of that name and body may be matched with."""
        found = (*self._named.get(name or "", ()), *(self._bodies.get(body, ()) if body else ()))
        return tuple(dict.fromkeys(found))


class Companions(msgspec.Struct, frozen=True):
    """All that stands beside the reports.

    Attributes:
        known: Manifest rows by the file's path; see `path_key`.
        problems: One line for each row or file that can't be used.
    """

    known: dict[str, Known] = {}
    roster: Roster = msgspec.field(default_factory=Roster)
    problems: tuple[str, ...] = ()


def path_key(path: Path | str) -> str:
    """By what a file is found in the manifests: its folder's real path and its own name."""
    above, _, name = str(path).rpartition("/")
    if not above or name in _NO_NAMES:
        above, name = str(Path(path).parent), Path(path).name
    return os.path.normpath(os.path.join(_real(above), name))


def _key_below(folder: Path, file: str, begins: dict[str, str]) -> str:
    """`path_key` of a file that a manifest names; those of a folder all begin alike."""
    above, _, name = file.rpartition("/")
    if name in _NO_NAMES or file.startswith("/"):
        return path_key(folder / file)
    if above not in begins:
        begins[above] = path_key(folder / above / "_")[:-1]
    return begins[above] + name


@lru_cache(maxsize=4096)
def _real(folder: str) -> str:
    return folder if is_object(folder) else os.path.realpath(folder)


def known_of(file: str, known: Mapping[str, Known], paths: Sequence[str]) -> dict[str, Known]:
    """Of all manifest rows, `paths` sorted, those of a file and of the members of a zip."""
    key = path_key(file)
    within = f"{os.path.realpath(key) if os.path.islink(key) else key}/"
    first = last = bisect_left(paths, within)
    while last < len(paths) and paths[last].startswith(within):
        last += 1
    return {path: known[path] for path in (key, *paths[first:last]) if path in known}


At = Callable[[Path], Path]
"""Where on this machine a path's file stands: somewhere else, if it is on an object store."""


def as_is(path: Path) -> Path:
    """A file of this machine stands where its path says."""
    return path


def read_companions(folders: list[Path], at: At = as_is) -> Companions:
    """Read these folders' manifests and rosters; what is wrong in them is told, not raised."""
    known: dict[str, Known] = {}
    roster: dict[str, Agency] = {}
    problems: list[str] = []
    for folder in folders:
        begins: dict[str, str] = {}
        for row, where in rows_of(folder / MANIFEST, ("file",), problems, at):
            if "\0" in row["file"]:
                problems.append(f"{where}: the file's name has a NUL in it; the row isn't used")
            elif (entry := _known(row, where, problems)) is not None:
                known[_key_below(folder, row["file"], begins)] = entry
        for row, where in rows_of(folder / ROSTER, ("agency_id", "name"), problems, at):
            if (agency := _agency(row, where, problems)) is not None:
                roster.setdefault(agency.agency_id, agency)
    return Companions(known, Roster(roster.values()), gathered(problems))


def rows_of(
    path: Path, needed: tuple[str, ...], problems: list[str], at: At = as_is
) -> Iterator[tuple[dict[str, str], str]]:
    """A CSV's rows and where each stands; none, and a line in `problems`, if it can't be read."""
    file, where = at(path), address(path)
    if not file.is_file():
        return
    try:
        if file.stat().st_size > _MAX_BYTES:
            problems.append(f"{where}: larger than {_MAX_BYTES:,} bytes; not used")
            return
        text, _ = decode(file.read_bytes())
        for _ in csv.reader(io.StringIO(text, newline="")):
            pass  # a file that breaks off halfway isn't used at all
    except (OSError, csv.Error, SourceError) as error:
        problems.append(f"{where}: can't be read ({error}); not used")
        return
    rows = csv.reader(io.StringIO(text, newline=""))
    names = next(rows, [])
    if missing := [c for c in needed if c not in names]:
        problems.append(f"{where}: no column {', '.join(missing)}; not used")
        return
    for n, row in enumerate(filter(None, rows), start=2):
        told = dict(zip(names, map(str.strip, row), strict=False))  # long rows, and short ones
        if len(row) < len(names):
            told = dict.fromkeys(names, "") | told
        yield told, f"{where}:{n}"


def gathered(problems: Iterable[str]) -> tuple[str, ...]:
    """Lines about rows, those that say the same of one file's rows as one, with the first row."""
    alike: dict[tuple[str, str], str] = {}
    more: Counter[tuple[str, str]] = Counter()
    for line in problems:
        of, _, said = line.partition(": ")
        key = (of.rpartition(":")[0], said)
        if key in alike:
            more[key] += 1
        else:
            alike[key] = line
    return tuple(
        f"{line} (and {more[key]:,} rows more)" if more[key] else line
        for key, line in alike.items()
    )


def _known(row: dict[str, str], where: str, problems: list[str]) -> Known | None:
    year = row.get("year", "")
    if year and not (
        len(year) == 4
        and year.isascii()
        and year.isdigit()
        and _FIRST_YEAR <= int(year) <= _LAST_YEAR
    ):
        problems.append(f"{where}: year {year[:20]!r} isn't one; left out")
        year = ""
    published = row.get("published_on", "")
    if published:
        day = _day(published)
        if not day:
            problems.append(f"{where}: published_on {published!r} isn't YYYY-MM-DD; left out")
        published = day
    return Known(
        row.get("agency") or None,
        _region(row.get("region_code", ""), where, problems),
        int(year) if year else None,
        row.get("source_url") or None,
        published or None,
        row.get("column") or None,
    )


@lru_cache(maxsize=4096)
def _day(text: str) -> str:
    """A day as YYYY-MM-DD; empty if it is none."""
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _agency(row: dict[str, str], where: str, problems: list[str]) -> Agency | None:
    if not row["agency_id"] or not row["name"]:
        problems.append(f"{where}: no agency_id or no name; the row isn't used")
        return None
    fields: dict[str, Any] = {k: v or None for k, v in row.items() if k in _OF_AGENCY}
    fields["region_code"] = _region(row.get("region_code", ""), where, problems)
    for name in ("valid_from", "valid_to"):
        fields[name] = _date(row.get(name, ""), f"{where}: {name}", problems)
    if fields["valid_from"] and fields["valid_to"] and fields["valid_to"] < fields["valid_from"]:
        problems.append(f"{where}: valid_to is before valid_from; both left out")
        fields["valid_from"] = fields["valid_to"] = None
    fields["deadline"] = _deadline(row.get("deadline", ""), where, problems)
    if fields.get("perimeter") not in (None, "complete"):
        problems.append(
            f"{where}: perimeter {fields['perimeter'][:20]!r} isn't `complete`; left out"
        )
        fields["perimeter"] = None
    fields["searched"] = _years(row.get("searched", ""), where, problems)
    return Agency(**fields)


def _date(text: str, where: str, problems: list[str]) -> str | None:
    """An ISO date of a day, a month or a year, as it stands."""
    if not text:
        return None
    whole = text + "2000-01-01"[len(text) :]
    try:
        if len(text) in (4, 7, 10) and dt.date.fromisoformat(whole).isoformat() == whole:
            return text
    except ValueError:
        pass
    problems.append(f"{where} {text[:20]!r} isn't YYYY-MM-DD, YYYY-MM or YYYY; left out")
    return None


def _deadline(text: str, where: str, problems: list[str]) -> str | None:
    """A day that every year has, as MM-DD."""
    if not text:
        return None
    try:
        if len(text) == 5 and dt.date.fromisoformat(f"2001-{text}").isoformat() == f"2001-{text}":
            return text
    except ValueError:
        pass
    problems.append(f"{where}: deadline {text[:20]!r} isn't MM-DD; left out")
    return None


def _years(text: str, where: str, problems: list[str]) -> tuple[int, ...]:
    """Years and spans of years: `2019-2021 2023`."""
    found, wrong = _spans(text, dt.date.today().year)
    problems += [f"{where}: {what}" for what in wrong]
    return found


@lru_cache(maxsize=4096)
def _spans(text: str, this_year: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The years that a text names, and what is wrong in it; a roster's rows name few."""
    found: set[int] = set()
    wrong: list[str] = []
    for span in _BETWEEN.split(text):
        match = _SPAN.fullmatch(span)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if match and _FIRST_SEARCHED <= first <= last <= this_year:
            found.update(range(first, last + 1))
        elif match and first <= last:
            wrong.append(
                f"searched {span[:20]!r} has years without a report: "
                f"from {_FIRST_SEARCHED} to this one; left out"
            )
        elif span:
            wrong.append(f"searched {span[:20]!r} is no year, nor a span of years")
    return tuple(sorted(found)), tuple(wrong)


def _region(code: str, where: str, problems: list[str]) -> str | None:
    if not code or (len(code) == 6 and code.isascii() and code.isdigit()):
        return code or None
    problems.append(f"{where}: region_code {code[:20]!r} isn't six digits; left out")
    return None
