"""Source paths in, a dataset out: read, extract, tell who is who, check, write.

    collect -> read and extract each (in worker processes when there are many)
            -> manifest and roster -> which reading is current -> checks -> dataset

One bad file never stops a run: it becomes a row of `documents`. The dataset is
made anew from its sources each time and takes the old one's place only when it
is whole.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import polars as pl

from govreport_core import checks
from govreport_core.dataset import store
from govreport_core.build.companions import read_companions
from govreport_core.coverage import coverage
from govreport_core.forms import forms
from govreport_core.build.frames import FiledReport, frames_of
from govreport_core.build.intake import FileOutcome, Found, collect, lacks, read_all
from govreport_core.build.joining import agencies_frame, joined, mark_current, unread
from govreport_core.schemas import frame

Progress = Callable[[int, int], None]


class Summary(msgspec.Struct, frozen=True):
    """What a build did.

    Attributes:
        outcomes: One a path, in the order of the paths.
        problems: What is wrong in manifests and rosters.
        written: Whether a dataset was written.
    """

    outcomes: tuple[FileOutcome, ...]
    problems: tuple[str, ...]
    written: bool
    reports: int
    cells: dict[str, int]


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
    store.check_target(out)
    paths = collect(sources)
    companions = read_companions(
        sorted({p.parent for p in paths} | {s for s in sources if s.is_dir()})
    )
    outcomes: list[FileOutcome] = []
    filed: list[FiledReport] = []
    seen: dict[str, str] = {}
    for done, (_, held) in enumerate(read_all(paths), start=1):
        for found in held:
            outcome = _told(found, seen)
            outcomes.append(outcome)
            if not isinstance(found, FileOutcome) and outcome.status == "read":
                filed.append(joined(found, companions))
        if progress is not None:
            progress(done, len(paths))
    if not filed:
        return Summary(tuple(outcomes), companions.problems, False, 0, {})
    filed = mark_current(filed)
    frames = frames_of(filed)
    frames["documents"] = _documents(outcomes, filed, _names(paths, sources))
    frames["agencies"] = agencies_frame(companions, (one.identity for one in filed))
    frames["coverage"] = coverage(
        frames["agencies"],
        frames["reports"],
        frames["evidence"],
        diagnostics=frames["diagnostics"],
        unread=unread([o.path for o in outcomes if o.status == "failed"], companions),
    )
    frames["checks"] = checks.run(frames).sort(
        "check", "document_id", "agency_id", "year", "subject", "part", "start", nulls_last=True
    )
    versions = {"forms": _version(forms()), "rules": _version(checks.catalogue())}
    store.write(frames, out, versions=versions)
    counts = frames["values"].group_by("state").len().rows()
    return Summary(tuple(outcomes), companions.problems, True, len(filed), dict(counts))


def _version(catalogue: object) -> str:
    """A short digest of forms or rules: it changes when any of them does."""
    return hashlib.sha256(msgspec.json.encode(catalogue)).hexdigest()[:12]


def _told(found: Found, seen: dict[str, str]) -> FileOutcome:
    """What became of a path; the same bytes under another path count once."""
    if isinstance(found, FileOutcome):
        return found
    outcome = FileOutcome(
        found.path,
        "read",
        None,
        lacks(found.report),
        found.document.document_id,
        found.document.media_type,
        found.size,
    )
    first = seen.setdefault(found.document.document_id, found.path)
    if first == found.path:
        return outcome
    message = f"the same bytes as {first}: counted once"
    return msgspec.structs.replace(outcome, status="skipped", error="identical", message=message)


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
    outcomes: list[FileOutcome], filed: list[FiledReport], names: dict[str, str]
) -> pl.DataFrame:
    urls = {one.document.document_id: one.identity.source_url for one in filed}
    return frame(
        "documents",
        [
            {
                **{f: getattr(o, f) for f in FileOutcome.__struct_fields__},
                "path": printable(_named(o.path, names)),
                "message": printable(o.message) if o.message else None,
                "source_url": urls.get(o.document_id or ""),
            }
            for o in outcomes
        ],
    )


def _named(path: str, names: dict[str, str]) -> str:
    """A path's name in the dataset; a zip's member goes by the zip's."""
    if path in names:
        return names[path]
    zipped = max((p for p in names if path.startswith(f"{p}/")), key=len)
    return names[zipped] + path[len(zipped) :]


def printable(name: str) -> str:
    """A name with what isn't text in it replaced: file names may be any bytes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
