"""Folders of sources in, what stands beside the reports out: the manifest and the roster.

`manifest.csv`: what the collector knows of each file; it wins over what is read.
`agencies.csv`: the roster of agencies that are to report.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import msgspec

from govreport_core.errors import SourceError
from govreport_core.sources.encoding import decode

MANIFEST = "manifest.csv"
ROSTER = "agencies.csv"
NAMES = frozenset({MANIFEST, ROSTER, "answers.json", "dataset.json"})
_MAX_BYTES = 64 * 1024 * 1024


class Known(msgspec.Struct, frozen=True):
    """One row of a manifest; empty fields are None."""

    agency: str | None
    region_code: str | None
    year: int | None
    source_url: str | None
    published_on: str | None


class Agency(msgspec.Struct, frozen=True):
    """One row of a roster; names of the region's levels may stand in it too."""

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


class Companions(msgspec.Struct, frozen=True):
    """All that stands beside the reports.

    Attributes:
        known: Manifest rows by the file's resolved path.
        roster: Agencies in the roster's order.
        problems: One line for each row or file that can't be used.
    """

    known: dict[Path, Known]
    roster: tuple[Agency, ...]
    problems: tuple[str, ...]


def read_companions(folders: list[Path]) -> Companions:
    """Read these folders' manifests and rosters; what is wrong in them is told, not raised."""
    known: dict[Path, Known] = {}
    roster: dict[str, Agency] = {}
    problems: list[str] = []
    for folder in folders:
        for row, where in _rows(folder / MANIFEST, ("file",), problems):
            if (entry := _known(row, where, problems)) is not None:
                known[(folder / row["file"]).resolve()] = entry
        for row, where in _rows(folder / ROSTER, ("agency_id", "name"), problems):
            fields = {k: row.get(k) or None for k in Agency.__struct_fields__}
            fields["region_code"] = _region(row.get("region_code", ""), where, problems)
            if fields["agency_id"] and fields["name"]:
                roster.setdefault(fields["agency_id"], Agency(**fields))  # type: ignore[arg-type] # both are there
            else:
                problems.append(f"{where}: no agency_id or no name; the row isn't used")
    return Companions(known, tuple(roster.values()), tuple(problems))


def _rows(
    path: Path, needed: tuple[str, ...], problems: list[str]
) -> list[tuple[dict[str, str], str]]:
    if not path.is_file():
        return []
    try:
        if path.stat().st_size > _MAX_BYTES:
            problems.append(f"{path}: larger than {_MAX_BYTES:,} bytes; not used")
            return []
        text, _ = decode(path.read_bytes())
        reader = csv.DictReader(io.StringIO(text, newline=""))
        missing = [c for c in needed if c not in (reader.fieldnames or ())]
        if missing:
            problems.append(f"{path}: no column {', '.join(missing)}; not used")
            return []
        return [
            ({k: (v or "").strip() for k, v in row.items() if isinstance(k, str)}, f"{path}:{n}")
            for n, row in enumerate(reader, start=2)
        ]
    except (OSError, csv.Error, SourceError) as error:
        problems.append(f"{path}: can't be read ({error}); not used")
        return []


def _known(row: dict[str, str], where: str, problems: list[str]) -> Known | None:
    year = row.get("year", "")
    if year and not (
        len(year) == 4 and year.isascii() and year.isdigit() and 2000 <= int(year) <= 2100
    ):
        problems.append(f"{where}: year {year[:20]!r} isn't one; left out")
        year = ""
    published = row.get("published_on", "")
    if published:
        try:
            published = dt.date.fromisoformat(published).isoformat()
        except ValueError:
            problems.append(f"{where}: published_on {published!r} isn't YYYY-MM-DD; left out")
            published = ""
    code = _region(row.get("region_code", ""), where, problems)
    url = row.get("source_url", "")
    fields: dict[str, Any] = {
        "agency": row.get("agency") or None,
        "region_code": code,
        "year": int(year) if year else None,
        "source_url": url or None,
        "published_on": published or None,
    }
    return Known(**fields)


def _region(code: str, where: str, problems: list[str]) -> str | None:
    if not code or (len(code) == 6 and code.isascii() and code.isdigit()):
        return code or None
    problems.append(f"{where}: region_code {code[:20]!r} isn't six digits; left out")
    return None
