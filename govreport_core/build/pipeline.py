"""Files and folders in, a dataset out: the one way from sources to a dataset.

    what is new -> chunks of files, each read, joined, made rows of and judged in a
    worker -> over one row a report: which is current, the rules that need another
    report, coverage -> a version of the dataset, published in one step

One bad file never stops a run: it becomes a row of `documents`. The dataset
equals its sources; what was read and judged before isn't read or judged again.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import polars as pl

from govreport_core import checks
from govreport_core.build import across, pool
from govreport_core.build.chunks import Done, Filed, Task, read_row, without
from govreport_core.build.coding import encode
from govreport_core.build.companions import Companions, read_companions
from govreport_core.build.intake import FileOutcome, collect
from govreport_core.build.joining import unread
from govreport_core.build.plan import CHUNK, Plan, plan
from govreport_core.build.remarks import read_remarks
from govreport_core.build.state import (
    Source,
    State,
    joins_version,
    judges_version,
    load,
    reads_version,
    save,
)
from govreport_core.dataset import store
from govreport_core.errors import DatasetError
from govreport_core.forms import forms
from govreport_core.narrative.themes import taxonomy
from govreport_core.schemas import frame

_SAVE_SECONDS = 10.0
Progress = Callable[[int, int], None]


class Summary(msgspec.Struct, frozen=True):
    """What a build did.

    Attributes:
        outcomes: One a path, in the order of the paths.
        problems: What is wrong in manifests and rosters.
        written: Whether a dataset was written.
        fresh: How many files were read; the others were known.
    """

    outcomes: tuple[FileOutcome, ...]
    problems: tuple[str, ...]
    written: bool
    reports: int
    cells: dict[str, int]
    fresh: int = 0


def build(
    sources: list[Path],
    out: Path,
    progress: Progress | None = None,
    *,
    jobs: int | None = None,
    fresh: bool = False,
) -> Summary:
    """Make a dataset of all reports in these files and folders.

    Args:
        sources: Files, and folders that are searched through.
        out: The dataset's path; it names the new version when that is whole.
        progress: Told (done, all) as files are read.
        jobs: Worker processes; as many as processors where None.
        fresh: Forget what earlier builds read and judged.

    Returns:
        What happened to each path. `written` is False, and `out` untouched, when
        not a single report could be read.

    Raises:
        DatasetError: `out` can't be written, isn't a dataset, or is being built.
    """
    with store.writing(out) as shelf:
        try:
            return _build(sources, shelf, progress, jobs or os.cpu_count() or 1, fresh)
        except OSError as error:
            msg = f"{out}: can't be written ({error.strerror or error}); the last dataset stays"
            raise DatasetError(msg) from error


def _build(
    sources: list[Path], shelf: store.Shelf, progress: Progress | None, jobs: int, fresh: bool
) -> Summary:
    began = time.time_ns()
    paths = collect(sources)
    folders = {p.parent for p in paths} | {s for s in sources if s.is_dir()}
    companions = read_companions(sorted(folders))
    remarks, odd = read_remarks(sorted(folders))
    problems = (*companions.problems, *odd)
    before = State() if fresh else load(shelf.state)
    todo = plan([str(path) for path in paths], before, companions)
    before.began = began
    state = _read(todo, before, companions, shelf, jobs, progress)
    outcomes = _outcomes(state)
    if not any(state.chunks.values()):
        return Summary(outcomes, problems, False, 0, {}, len(todo.fresh))
    names = _names(paths, sources)
    state.joined = _joined(outcomes, names, companions, remarks)
    if _stands(state, before, shelf):
        state.version = before.version
        save(state, shelf.state)
    else:
        folder = shelf.version(state.next)
        state.next += 1
        _publish(state, outcomes, names, companions, remarks, shelf, folder)
        state.version = folder.name
        save(state, shelf.state)
        shelf.swap(folder)
    cells = across.states(_chunks(state, shelf).values())
    shelf.tidy(set(state.chunks), state.version)
    reports = sum(map(len, state.chunks.values()))
    return Summary(outcomes, problems, True, reports, cells, len(todo.fresh))


def _joined(
    outcomes: tuple[FileOutcome, ...],
    names: dict[str, str],
    companions: Companions,
    remarks: dict[str, pl.DataFrame],
) -> str:
    """A digest of what the tables rest on beside the chunks."""
    told = (outcomes, names, companions.known, companions.roster.agencies)
    found = hashlib.sha256(joins_version().encode() + encode(told))
    for rows in remarks.values():
        found.update(rows.write_ipc(None).getvalue())
    return found.hexdigest()[:16]


def _stands(state: State, before: State, shelf: store.Shelf) -> bool:
    """Whether the version that is published already is what would be written now."""
    return (
        (state.joined, state.judges, state.chunks) == (before.joined, before.judges, before.chunks)
        and shelf.out.resolve().name == before.version
        and store.whole(shelf.out)
    )


def _chunks(state: State, shelf: store.Shelf) -> dict[str, Path]:
    """The folders of the shards."""
    return {chunk: shelf.chunk(chunk) for chunk, filed in state.chunks.items() if filed}


def _read(
    todo: Plan,
    before: State,
    companions: Companions,
    shelf: store.Shelf,
    jobs: int,
    progress: Progress | None,
) -> State:
    """Read what is new, take out what is gone, judge again what is judged otherwise now."""
    state = State(
        next=before.next, began=before.began, reads=reads_version(), judges=judges_version()
    )
    sources = dict(todo.kept)
    for chunk, held in before.chunks.items():
        filed = tuple(_moved(one, todo.renames) for one in held)
        _keep(chunk, filed, todo.gone.get(chunk, frozenset()), state, sources, shelf)
    old = [] if before.judges == judges_version() else list(state.chunks)
    rejudged = (pool.Rejudge(str(shelf.chunk(chunk))) for chunk in old)
    tasks = list(_tasks(todo.fresh, state, shelf, jobs))
    total = len(todo.stamps)
    known = total - len(todo.fresh)
    saved, told = time.monotonic(), 0
    for job, done, read in pool.run([*tasks, *rejudged], companions, jobs):
        if progress is not None and read > told:
            told = read
            progress(known + read, total)
        if isinstance(job, Task) and done is not None:
            _add(job, done, todo, state, sources)
            if not old and time.monotonic() > saved + _SAVE_SECONDS:
                saved = time.monotonic()
                _save_so_far(state, sources, todo, shelf)
    state.sources = tuple(sources[path] for path in todo.stamps if path in sources)
    _single(state, sources, shelf)
    return state


def _save_so_far(state: State, sources: dict[str, Source], todo: Plan, shelf: store.Shelf) -> None:
    """Leave what is read already for a run that is to go on from here, should this one end."""
    state.sources = tuple(sources[path] for path in todo.stamps if path in sources)
    save(state, shelf.state)


def _tasks(fresh: tuple[str, ...], state: State, shelf: store.Shelf, jobs: int) -> Iterator[Task]:
    """Chunks of equal size, as many for each worker: none waits for another's last one."""
    rounds = -(-len(fresh) // (CHUNK * jobs))
    size = max(1, -(-len(fresh) // max(1, rounds * jobs)))
    for start in range(0, len(fresh), size):
        name = f"c{state.next:06}"
        state.next += 1
        yield Task(name, str(shelf.fresh_chunk(name)), fresh[start : start + size])


def _moved(one: Filed, renames: dict[str, str]) -> Filed:
    """A document of a file that is called otherwise now."""
    now = renames.get(one.file)
    if now is None:
        return one
    path = now + one.path.removeprefix(one.file)
    return msgspec.structs.replace(one, file=now, path=path)


def _keep(
    chunk: str,
    filed: tuple[Filed, ...],
    gone: frozenset[str],
    state: State,
    sources: dict[str, Source],
    shelf: store.Shelf,
) -> None:
    """A chunk of an earlier build, without the documents that are gone."""
    kept = tuple(one for one in filed if one.document_id not in gone)
    if not kept:
        return
    name = chunk
    if gone:
        name = f"c{state.next:06}"
        state.next += 1
        without(shelf.chunk(chunk), shelf.fresh_chunk(name), gone)
        for path, source in sources.items():
            if source.chunk == chunk:
                sources[path] = msgspec.structs.replace(source, chunk=name)
    state.chunks[name] = kept


def _add(task: Task, done: Done, todo: Plan, state: State, sources: dict[str, Source]) -> None:
    state.chunks[task.name] = done.filed
    for path, outcomes in zip(task.files, done.outcomes, strict=True):
        whole = len(outcomes) == 1 and outcomes[0].path == path
        digest = (outcomes[0].document_id or "") if whole else ""
        sources[path] = Source(path, todo.stamps[path], digest, task.name, outcomes)


def _single(state: State, sources: dict[str, Source], shelf: store.Shelf) -> None:
    """Of a document that stands in several chunks, keep the one whose path comes first."""
    rank = {source.path: at for at, source in enumerate(state.sources)}
    first: dict[str, tuple[int, str]] = {}
    for chunk, filed in state.chunks.items():
        for one in filed:
            here = (rank.get(one.file, len(rank)), chunk)
            first[one.document_id] = min(first.get(one.document_id, here), here)
    for chunk, filed in list(state.chunks.items()):
        gone = frozenset(o.document_id for o in filed if first[o.document_id][1] != chunk)
        if gone:
            del state.chunks[chunk]
            _keep(chunk, filed, gone, state, sources, shelf)
    state.sources = tuple(sources[s.path] for s in state.sources)


def _outcomes(state: State) -> tuple[FileOutcome, ...]:
    """What became of each path, in their order; the same bytes under another path count once."""
    seen: dict[str, str] = {}
    found: list[FileOutcome] = []
    for source in state.sources:
        for outcome in source.outcomes:
            first = seen.setdefault(outcome.document_id or outcome.path, outcome.path)
            again = outcome.status == "read" and first != outcome.path
            found.append(_identical(outcome, first) if again else outcome)
    return tuple(found)


def _identical(outcome: FileOutcome, first: str) -> FileOutcome:
    message = f"the same bytes as {first}: counted once"
    return msgspec.structs.replace(outcome, status="skipped", error="identical", message=message)


def _publish(
    state: State,
    outcomes: tuple[FileOutcome, ...],
    names: dict[str, str],
    companions: Companions,
    remarks: dict[str, pl.DataFrame],
    shelf: store.Shelf,
    folder: Path,
) -> None:
    """Write a version of the dataset: the chunks' shards linked, the rest from a row a report."""
    chunks = _chunks(state, shelf)
    rows = pl.concat(
        read_row(path).with_columns(chunk=pl.lit(name)) for name, path in chunks.items()
    )
    failed = [outcome.path for outcome in outcomes if outcome.status == "failed"]
    made = across.tables(rows, chunks, companions, list(unread(failed, companions)), shelf)
    urls = dict(rows.select("document_id", "source_url").iter_rows())
    documents = _documents(outcomes, urls, names)
    named = {"documents": documents, "values": made.named, **made.likeness}
    whole = checks.of_the_whole({**made.tables, **named})
    whole = whole.sort("document_id", maintain_order=True, nulls_last=True)
    judged = [*made.checks, whole]
    cards = across.carded(made.tables, chunks, judged)
    tables: dict[str, pl.DataFrame | Iterable[pl.DataFrame]] = {
        **made.tables,
        "promises": made.promises,
        **remarks,
        "documents": documents,
        "checks": judged,
        "cards": cards,
        "counts": across.counted(cards, chunks, judged),
    }
    versions = {
        "forms": _version(forms()),
        "rules": _version(checks.catalogue()),
        "themes": _version(taxonomy()),
    }
    store.write(folder, chunks, tables, versions=versions)


def _names(paths: list[Path], sources: list[Path]) -> dict[str, str]:
    """What the dataset calls each path: from the named folder on, so that it tells nothing else.

    Where two sources would share a name, the paths stay as they were given.
    """
    given = {str(source) for source in sources}
    starts = {source: Path(source).resolve().name for source in given}
    named: dict[str, str] = {}
    for path in paths:
        at = path
        while str(at) not in given:
            at = at.parent
        start = starts[str(at)]
        below = path.relative_to(at)
        named[str(path)] = f"{start}/{below.as_posix()}" if below.parts else start
    twice = {name for name, count in Counter(named.values()).items() if count > 1}
    return {path: path if name in twice else name for path, name in named.items()}


def _documents(
    outcomes: tuple[FileOutcome, ...], urls: dict[str, str | None], names: dict[str, str]
) -> pl.DataFrame:
    return frame(
        "documents",
        [
            {
                **msgspec.structs.asdict(outcome),
                "path": printable(_named(outcome.path, names)),
                "message": printable(outcome.message) if outcome.message else None,
                "source_url": urls.get(outcome.document_id or ""),
            }
            for outcome in outcomes
        ],
    )


def _named(path: str, names: dict[str, str]) -> str:
    """A path's name in the dataset; a zip's member goes by the zip's."""
    at, below = path, ""
    while at not in names:
        at, _, last = at.rpartition("/")
        below = f"/{last}{below}"
    return names[at] + below


def printable(name: str) -> str:
    """A name with what isn't text in it as codes: file names may be any bytes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _version(catalogue: object) -> str:
    """A short digest of forms or rules: it changes when any of them does."""
    return hashlib.sha256(msgspec.json.encode(catalogue)).hexdigest()[:12]
