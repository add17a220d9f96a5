"""Source paths in, a dataset out: read, extract, tell who is who, check, write.

    collect -> read and extract each (in worker processes when there are many)
            -> manifest and roster -> which reading is current -> checks -> dataset

One bad file never stops a run: it becomes a row of `documents`. The dataset is
made anew from its sources each time and takes the old one's place only when it
is whole.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from govreport_core import checks, dataset
from govreport_core.companions import NAMES, Agency, Companions, Known, read_companions
from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.frames import Reading, frames_of
from govreport_core.model import Diagnostic, Document, Evidence, Level, Report, State
from govreport_core.schemas import frame
from govreport_core.sources import read

# Fewer files than this are read in one process: starting others costs more.
_PARALLEL_FROM = 200
_CHUNK = 32
_LEAST_HEADINGS = 3

Progress = Callable[[int, int], None]


class Outcome(msgspec.Struct, frozen=True):
    """What became of one path.

    Attributes:
        error: A code where `status` isn't `read`.
        message: One line for a person: the reason and what to do; for a report
            that was read, what it lacks.
    """

    path: str
    status: str
    error: str | None = None
    message: str | None = None
    document_id: str | None = None
    media_type: str | None = None
    size: int | None = None


class Summary(msgspec.Struct, frozen=True):
    """What a build did.

    Attributes:
        outcomes: One a path, in the order of the paths.
        problems: What is wrong in manifests and rosters.
        written: Whether a dataset was written.
    """

    outcomes: tuple[Outcome, ...]
    problems: tuple[str, ...]
    written: bool
    reports: int
    cells: dict[str, int]


def read_report(path: Path) -> tuple[Document, Report]:
    """Read one file as a report.

    Raises:
        SourceError: The file can't be read, or isn't an annual report.
    """
    document = read(path)
    report = extract(document)
    if report.form is None and report.title is None and len(report.sections) < _LEAST_HEADINGS:
        raise SourceError(
            "not_a_report",
            "nothing of an annual report in it: leave it out, or fetch the report itself",
        )
    return document, report


def build(sources: list[Path], out: Path, progress: Progress | None = None) -> Summary:
    """Make a dataset of all reports in these files and folders.

    Args:
        sources: Files, and folders that are searched through.
        out: The dataset's folder; replaced when the new one is whole.
        progress: Told (done, all) as files are read.

    Returns:
        What happened to each path. `written` is False, and `out` untouched, when
        not a single report could be read.

    Raises:
        DatasetError: `out` can't be written or isn't a dataset.
    """
    dataset.check_target(out)
    paths = _collect(sources)
    companions = read_companions(
        sorted({p.parent for p in paths} | {s for s in sources if s.is_dir()})
    )
    outcomes: list[Outcome] = []
    readings: list[Reading] = []
    seen: dict[str, str] = {}
    for done, (path, found) in enumerate(_read_all(paths), start=1):
        outcome = _outcome(path, found, seen)
        outcomes.append(outcome)
        if outcome.status == "read" and not isinstance(found, Outcome):
            readings.append(_identified(path, *found, companions))
        if progress is not None:
            progress(done, len(paths))
    if not readings:
        return Summary(tuple(outcomes), companions.problems, False, 0, {})
    readings = _mark_current(readings)
    frames = frames_of(readings)
    frames["documents"] = _documents(outcomes, readings, _names(paths, sources))
    frames["agencies"] = _agencies(companions, readings)
    frames["checks"] = checks.run(frames).sort(
        "check", "document_id", "subject", "part", "start", nulls_last=True
    )
    versions = {"forms": _version(forms()), "rules": _version(checks.catalogue())}
    dataset.write(frames, out, versions=versions)
    counts = frames["values"].group_by("state").len().rows()
    return Summary(tuple(outcomes), companions.problems, True, len(readings), dict(counts))


def _version(catalogue: object) -> str:
    """A short digest of forms or rules: it changes when any of them does."""
    return hashlib.sha256(msgspec.json.encode(catalogue)).hexdigest()[:12]


def _collect(sources: list[Path]) -> list[Path]:
    """All files, each once, folders in the order of their names; hidden ones left out."""
    found: dict[Path, None] = {}
    for source in sources:
        if source.is_dir():
            for folder, folders, names in os.walk(source):
                folders[:] = sorted(f for f in folders if not f.startswith("."))
                for name in sorted(names):
                    if not name.startswith("."):
                        found.setdefault(Path(folder) / name)
        else:
            found.setdefault(source)
    return list(found)


Found = tuple[Document, Report] | Outcome


def _read_all(paths: list[Path]) -> Iterator[tuple[Path, Found]]:
    if len(paths) < _PARALLEL_FROM or (os.cpu_count() or 1) < 2:
        yield from ((path, _read_one(path)) for path in paths)
        return
    # Threads of the frame library don't survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context) as pool:
        yield from zip(paths, pool.map(_read_one, paths, chunksize=_CHUNK), strict=True)


def _read_one(path: Path) -> Found:
    if path.name in NAMES:
        return Outcome(str(path), "skipped", "companion", "stands beside the reports")
    size = path.stat().st_size if path.is_file() else None
    try:
        return read_report(path)
    except SourceError as error:
        return Outcome(str(path), "failed", error.code, str(error), size=size)
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
        MemoryError,
    ) as error:
        # A defect of ours must not cost the other files; it is told as one.
        message = f"the reader broke off ({type(error).__name__}): please report this file"
        return Outcome(str(path), "failed", "unreadable", message, size=size)


def _outcome(path: Path, found: Found, seen: dict[str, str]) -> Outcome:
    if isinstance(found, Outcome):
        return found
    document, report = found
    about: dict[str, Any] = {
        "document_id": document.document_id,
        "media_type": document.media_type,
        "size": path.stat().st_size,
    }
    if (first := seen.get(document.document_id)) is not None:
        message = f"the same bytes as {first}: counted once"
        return Outcome(str(path), "skipped", "identical", message, **about)
    seen[document.document_id] = str(path)
    return Outcome(str(path), "read", None, lacks(report), **about)


def lacks(report: Report) -> str | None:
    """One line on what a report that was read is missing; None where it is whole."""
    if report.form is None:
        return "read, but its tables are of no known form: only its text is in the dataset"
    form = forms()[report.form]
    absent = [
        t.code
        for t in form.tables
        if all(v.state is State.ABSENT for v in report.values if v.table == t.code)
    ]
    sections = {s.section for s in report.sections}
    gone = [s.label for s in form.sections if s.code not in sections]
    unread = sum(v.state is State.UNREADABLE for v in report.values)
    told = []
    if absent:
        told.append(f"no table {', '.join(absent)}")
    if gone:
        told.append(f"no section {'、'.join(gone)}")
    if unread:
        told.append(f"{unread} cells can't be told for certain")
    return f"read, but {'; '.join(told)}" if told else None


def _identified(path: Path, document: Document, report: Report, companions: Companions) -> Reading:
    """Join what was read with what the collector knows; the manifest wins, and it is told."""
    known = companions.known.get(path.resolve()) or Known(None, None, None, None, None)
    name = known.agency or report.agency_name
    year = known.year or report.year
    agency = _in_roster(companions.roster, name, known.region_code)
    region = known.region_code or (agency.region_code if agency else None)
    published = known.published_on or report.published_on
    evidence, signs = _manifest_signs(known, report)
    if name is not None and region is None:
        signs.append(Diagnostic(Level.NOTE, "agency_without_region", {"agency": name}))
    agency_id = agency.agency_id if agency else _agency_id(name, region, document.document_id)
    identity = {
        "report_id": f"{agency_id}-{year or document.document_id[:12]}",
        "current": True,
        "agency_id": agency_id,
        "agency_name": name,
        "agency_kind": agency.kind if agency else None,
        "agency_level": agency.level if agency else None,
        "region_code": region,
        "province": agency.province if agency else None,
        "prefecture": agency.prefecture if agency else None,
        "county": agency.county if agency else None,
        "year": year,
        "published_on": dt.date.fromisoformat(published) if published else None,
        "source_url": known.source_url or report.source_url,
    }
    told = {e.field: e.candidate for e in evidence}
    kept = [
        msgspec.structs.replace(
            e, chosen=e.chosen and told.get(e.field, e.candidate) == e.candidate
        )
        for e in report.evidence
    ]
    changed = msgspec.structs.replace(
        report,
        evidence=(*kept, *evidence),
        diagnostics=(*report.diagnostics, *signs),
    )
    return Reading(document, changed, identity)


def _agency_id(name: str | None, region: str | None, document_id: str) -> str:
    """From region and name; from the document where either isn't known, so namesakes stay apart."""
    if name is None or region is None:
        return f"doc-{document_id[:12]}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{region}-{digest}"


def _in_roster(roster: tuple[Agency, ...], name: str | None, region: str | None) -> Agency | None:
    """The roster's agency of that name, in that region where it is known; None if several."""
    if name is None:
        return None
    found = [
        a for a in roster if a.name == name and (region is None or a.region_code in (None, region))
    ]
    return found[0] if len(found) == 1 else None


def _manifest_signs(known: Known, report: Report) -> tuple[list[Evidence], list[Diagnostic]]:
    evidence: list[Evidence] = []
    signs: list[Diagnostic] = []
    for field, told, found in (
        ("agency_name", known.agency, report.agency_name),
        ("year", known.year, report.year),
        ("published_on", known.published_on, report.published_on),
    ):
        if told is None:
            continue
        evidence.append(Evidence(field, str(told), True, "manifest"))
        if found is not None and str(found) != str(told):
            params = {"field": field, "manifest": str(told), "found": str(found)}
            signs.append(Diagnostic(Level.NOTE, "manifest_disagrees", params))
    return evidence, signs


def _mark_current(readings: list[Reading]) -> list[Reading]:
    """Of several readings of one report, show the one with most cells read.

    Then the one published last, then the one whose document id sorts first: a
    rule that gives the same answer in any order of the files.
    """

    def rank(reading: Reading) -> tuple[int, str, str]:
        unread = sum(v.state in (State.UNREADABLE, State.ABSENT) for v in reading.report.values)
        sure = len(reading.report.values) - unread
        published = reading.identity["published_on"]
        inverse = "".join(chr(0x10FFFF - ord(c)) for c in reading.document.document_id)
        return sure, published.isoformat() if published else "", inverse

    best: dict[str, Reading] = {}
    for reading in readings:
        report_id = reading.identity["report_id"]
        if report_id not in best or rank(reading) > rank(best[report_id]):
            best[report_id] = reading
    return [
        r
        if best[r.identity["report_id"]] is r
        else msgspec.structs.replace(r, identity={**r.identity, "current": False})
        for r in readings
    ]


def _names(paths: list[Path], sources: list[Path]) -> dict[str, str]:
    """What the dataset calls each path: from the named folder on, so that it tells nothing else.

    Where two sources would share a name, the paths stay as they were given.
    """
    named: dict[str, str] = {}
    for path in paths:
        source = next((s for s in sources if s == path or s in path.parents), path)
        below = path.relative_to(source)
        start = source.resolve().name
        named[str(path)] = f"{start}/{below.as_posix()}" if below.parts else start
    twice = {name for name, count in Counter(named.values()).items() if count > 1}
    return {path: path if name in twice else name for path, name in named.items()}


def _documents(
    outcomes: list[Outcome], readings: list[Reading], names: dict[str, str]
) -> pl.DataFrame:
    urls = {r.document.document_id: r.identity["source_url"] for r in readings}
    return frame(
        "documents",
        [
            {
                **{f: getattr(o, f) for f in Outcome.__struct_fields__},
                "path": names[o.path],
                "source_url": urls.get(o.document_id or ""),
                "fetched_at": None,
            }
            for o in outcomes
        ],
    )


def _agencies(companions: Companions, readings: list[Reading]) -> pl.DataFrame:
    """The roster, and after it the agencies seen only in reports."""
    rows: dict[str, dict[str, Any]] = {}
    columns = frame("agencies", []).columns
    for agency in companions.roster:
        rows[agency.agency_id] = {c: getattr(agency, c) for c in columns}
        rows[agency.agency_id]["source"] = agency.source or "roster"
    for reading in readings:
        identity = reading.identity
        rows.setdefault(
            identity["agency_id"],
            {
                "agency_id": identity["agency_id"],
                "name": identity["agency_name"],
                "region_code": identity["region_code"],
                "level": identity["agency_level"],
                "kind": identity["agency_kind"],
                "source": "reports",
            },
        )
    return frame("agencies", list(rows.values()))
