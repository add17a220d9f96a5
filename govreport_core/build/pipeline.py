"""Files and folders in, a dataset out: the one way from sources to a dataset.

    what is new -> chunks of files, each read, joined, made rows of and judged in a
    worker -> over one row a report: which is current, the rules that need another
    report, coverage -> a version of the dataset, published in one step

One bad file never stops a run: it becomes a row of `documents`. The dataset
equals its sources; what was read and judged before isn't read or judged again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import polars as pl

from govreport_core import checks
from govreport_core.build import across, asked, covering, engines, fetching, pool, summaries, whole
from govreport_core.build.beside import Agencies
from govreport_core.build.chunks import Done, Filed, Task, read_rows, together, without
from govreport_core.build.coding import encode
from govreport_core.build.companions import Companions, Known, known_of, read_companions
from govreport_core.build.documents import documents, failed, names_of
from govreport_core.build.intake import FileOutcome, collect
from govreport_core.build.joining import unread
from govreport_core.build.plan import CHUNK, Plan, plan
from govreport_core.build.remarks import read_remarks
from govreport_core.build.spawning import LOCAL
from govreport_core.build.state import (
    Source,
    Stamp,
    State,
    joins_version,
    judges_version,
    load,
    means,
    reads_version,
    save,
)
from govreport_core.dataset import parquet, publishing, remote, store
from govreport_core.dataset.cards import carded
from govreport_core.errors import DatasetError
from govreport_core.forms import forms
from govreport_core.narrative.taxonomy import shipped
from govreport_core.objects import address, is_object

_SAVE_SECONDS = 10.0
_SAVES = 50  # times as long as a save takes is read before the next: of very many it takes long
# Builds of a few new files each leave as many small chunks: so many are made larger ones.
_SMALL = CHUNK // 4
_MANY_SMALL = 24
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
    engine: str = LOCAL,
) -> Summary:
    """Make a dataset of all reports in these files and folders.

    Args:
        sources: Files, and folders that are searched through; on an object store too.
        out: The dataset's path; it names the new version when that is whole.
        progress: Told (done, all) as files are read.
        jobs: Worker processes; as many as processors where None.
        fresh: Forget what earlier builds read and judged.
        engine: Whose workers make the chunks: one of `spawning.ENGINES`.

    Returns:
        What happened to each path. `written` is False, and `out` untouched, when
        not a single report could be read.

    Raises:
        DatasetError: `out` can't be written, isn't a dataset, or is being built; no such
            cluster or object store, or its credentials are wrong.
    """
    far = any(map(is_object, (*sources, out)))
    if far or engine != LOCAL:  # workers stand elsewhere
        sources, out = [_absolute(source) for source in sources], _absolute(out)
    writing = remote.writing if is_object(out) else store.writing
    held = fetching.listed(sources)  # before anything is written: an address may be wrong
    with (
        engines.started(engine, jobs, far=far) as workers,
        writing(out) as shelf,
        pl.Config(set_engine_affinity="in-memory"),  # many small questions: see `pool`
    ):
        try:
            return _build(sources, held, shelf, progress, workers, fresh)
        except OSError as error:
            told = error.strerror or error
            msg = f"{address(out)}: can't be written ({told}); the last dataset stays"
            raise DatasetError(msg) from error
        except pl.exceptions.PolarsError as error:
            if (file := shelf.damaged()) is None:
                raise
            msg = f"{file}: what an earlier build left is damaged; build again with --fresh"
            raise DatasetError(msg) from error


def _absolute(path: Path) -> Path:
    return path if is_object(path) else path.absolute()


def _build(
    sources: list[Path],
    far: dict[Path, dict[Path, Stamp]],
    shelf: store.Shelf,
    progress: Progress | None,
    workers: engines.Engine,
    fresh: bool,
) -> Summary:
    began = time.time_ns()
    paths = collect(sources, far)
    folders = {p.parent for p in paths} | {s for s in sources if s.is_dir()}
    with fetching.companions_at(paths) as at:
        companions = read_companions(sorted(folders), at)
        remarks, odd = read_remarks(sorted(folders), at)
    problems = (*companions.problems, *odd)
    before = load(shelf.state)
    if fresh:
        before = State(next=before.next)
        shelf.forget()
    if shelf.lost(before.chunks):
        before = State(next=before.next)
    looks = {str(path): stamp for stamps in far.values() for path, stamp in stamps.items()}
    names = names_of(paths, sources)
    todo = plan([str(path) for path in paths], before, companions, looks)
    del paths  # of very many files they take as much as what becomes of each
    before.began = began
    state = _read(todo, before, companions, shelf, workers, progress)
    outcomes = _outcomes(state)
    if not any(state.chunks.values()):
        return Summary(outcomes, problems, False, 0, {}, len(todo.fresh))
    state.joined = _joined(outcomes, names, companions, remarks)
    if _stands(state, before, shelf):
        state.version = before.version
        save(state, shelf.state)
    else:
        folder = shelf.version(state.next)
        state.next += 1
        _publish(state, outcomes, names, companions, remarks, shelf, folder, workers)
        state.version = folder.name
        save(state, shelf.state)
        shelf.share_state()
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
    # A manifest's row of a report that was read is part of what its chunk is kept by.
    told = (names, _missed(outcomes, companions), companions.roster.agencies)
    found = hashlib.sha256(joins_version().encode() + encode(told))
    for at in range(0, len(outcomes), CHUNK):
        found.update(encode(outcomes[at : at + CHUNK]))
    for rows in remarks.values():
        found.update(rows.write_ipc(None).getvalue())
    return found.hexdigest()[:16]


def _stands(state: State, before: State, shelf: store.Shelf) -> bool:
    """Whether the version that is published already is what would be written now."""
    return (
        (state.joined, state.judges, state.chunks) == (before.joined, before.judges, before.chunks)
        and not is_object(shelf.out)
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
    workers: engines.Engine,
    progress: Progress | None,
) -> State:
    """Read what is new, take out what is gone, judge again what is judged otherwise now."""
    state = State(
        next=before.next,
        began=before.began,
        reads=reads_version(),
        judges=judges_version(),
        means=means(),
    )
    sources = dict(todo.kept)
    for chunk, held in before.chunks.items():
        filed = tuple(_moved(one, todo.renames) for one in held)
        _keep(chunk, filed, todo.gone.get(chunk, frozenset()), state, sources, shelf)
    old = [] if before.judges == judges_version() else list(state.chunks)
    rejudged = (pool.Rejudge(shelf.address(chunk)) for chunk in old)
    tasks = list(_tasks(todo.fresh, workers.chunk(len(todo.fresh)), companions, state, shelf))
    total = len(todo.stamps)
    known = total - len(todo.fresh)
    due, told = time.monotonic() + _SAVE_SECONDS, 0
    beside = Companions(roster=companions.roster)  # each task has its own rows of the manifests
    for job, done, read in workers.run([*tasks, *rejudged], beside):
        if progress is not None and read > told:
            told = read
            progress(known + read, total)
        if isinstance(job, Task) and done is not None:
            _add(job, done, todo, state, sources)
            if not old and time.monotonic() > due:
                began = time.monotonic()
                _save_so_far(state, sources, todo, shelf)
                took = time.monotonic() - began
                due = began + took + max(_SAVE_SECONDS, took * _SAVES)
    state.sources = tuple(sources[path] for path in todo.stamps if path in sources)
    _single(state, sources, shelf)
    _gather(state, shelf)
    return state


def _save_so_far(state: State, sources: dict[str, Source], todo: Plan, shelf: store.Shelf) -> None:
    """Leave what is read already for a run that is to go on from here, should this one end."""
    state.sources = tuple(sources[path] for path in todo.stamps if path in sources)
    save(state, shelf.state)
    shelf.share_state()


def _tasks(
    fresh: tuple[str, ...], size: int, companions: Companions, state: State, shelf: store.Shelf
) -> Iterator[Task]:
    paths = sorted(companions.known) if fresh else []
    for start in range(0, len(fresh), size):
        name = shelf.named(state.next)
        state.next += 1
        shelf.fresh_chunk(name)
        files = fresh[start : start + size]
        known: dict[str, Known] = {}
        for file in files:
            known |= known_of(file, companions.known, paths)
        yield Task(name, shelf.address(name), files, known)


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
        name = shelf.named(state.next)
        state.next += 1
        without(shelf.chunk(chunk), shelf.fresh_chunk(name), gone)
        shelf.share(name)
        for path, source in sources.items():
            if source.chunk == chunk:
                sources[path] = msgspec.structs.replace(source, chunk=name)
    state.chunks[name] = kept


def _add(task: Task, done: Done, todo: Plan, state: State, sources: dict[str, Source]) -> None:
    if done.filed:
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


def _gather(state: State, shelf: store.Shelf) -> None:
    """Make few chunks of many small ones: files and time go by their number."""
    if is_object(shelf.out):
        return  # there each would be fetched for it
    small = [chunk for chunk, filed in state.chunks.items() if 0 < len(filed) < _SMALL]
    if len(small) < _MANY_SMALL:
        return
    called: dict[str, str] = {}
    while small:
        mine = [small.pop()]
        while small and sum(len(state.chunks[c]) for c in (*mine, small[-1])) <= CHUNK:
            mine.append(small.pop())
        name = f"c{state.next:06}"
        state.next += 1
        together([shelf.chunk(chunk) for chunk in mine], shelf.fresh_chunk(name))
        state.chunks[name] = tuple(one for chunk in mine for one in state.chunks.pop(chunk))
        called |= dict.fromkeys(mine, name)
    state.sources = tuple(
        msgspec.structs.replace(source, chunk=called.get(source.chunk, source.chunk))
        for source in state.sources
    )


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
    message = f"the same bytes as {address(first)}: counted once"
    return msgspec.structs.replace(outcome, status="skipped", error="identical", message=message)


def _publish(
    state: State,
    outcomes: tuple[FileOutcome, ...],
    names: dict[str, str],
    companions: Companions,
    remarks: dict[str, pl.DataFrame],
    shelf: store.Shelf,
    folder: Path,
    workers: engines.Engine,
) -> None:
    """Write a version of the dataset: the chunks' shards linked, the rest from a row a report."""
    chunks = _chunks(state, shelf)
    # What is judged beside others rests on all that a report's facts do, not on its row alone.
    resting = summaries.resting(state.chunks)
    rests = resting.drop("chunk")
    rows = read_rows(chunks).join(rests, on="document_id", how="left", maintain_order="left")
    missed = _missed(outcomes, companions)

    def look(jobs: Iterable[Agencies]) -> None:
        for _ in workers.beside(jobs, companions):
            pass

    made = across.tables(rows, chunks, companions, missed, shelf, look)
    urls = dict(rows.select("document_id", "source_url").iter_rows())
    version = " ".join((reads_version(), judges_version(), joins_version()))
    before = shelf.published()
    # called so that a report's results are read by chunk, group and whole
    beside = _called("group", made.beside) | _called("cover", made.covered)
    with publishing.linking(folder, {**chunks, **beside}, joins_version(), before):
        results = _of_the_whole(failed(outcomes, names), made, chunks)
        of_all = whole.shelved(results, rows.height, shelf, version)
        found = _called("whole", of_all)
        elsewhere = [*made.beside, *made.covered, *of_all]
        judged = summaries.judged(chunks, resting, elsewhere, version)
        with publishing.linking(folder, found, joins_version(), before, called="whole"):
            cards = carded({**made.tables, "coverage": covering.read(made.covered)})
            told: dict[str, publishing.Given] = {
                "documents": documents(outcomes, urls, names, shelf, version),
                "cards": summaries.cards(cards, judged, shelf),
                "counts": summaries.counts(cards, judged, shelf),
            }
            tables = {**made.tables, **remarks, **told}
            publishing.write(folder, tables, versions=_versions(), before=before)
    parquet.seal(folder)


def _called(start: str, folders: list[Path]) -> dict[str, Path]:
    """What a version calls the shards of folders."""
    return {f"{start}{number:04}": folder for number, folder in enumerate(folders)}


def _versions() -> dict[str, str]:
    """Which forms, rules and themes a dataset is made by."""
    return {
        "forms": _version(forms()),
        "rules": _version(checks.catalogue()),
        "themes": _version(shipped()),
    }


def _of_the_whole(lost: pl.DataFrame, made: across.Made, chunks: dict[str, Path]) -> pl.DataFrame:
    """The results of the rules about the whole; of `documents` those that failed are looked at."""
    values = asked.read(chunks.values(), asked.NAMED)
    return checks.of_the_whole(
        {**made.tables, "documents": lost, "values": values, **made.likeness}
    )


def _missed(outcomes: tuple[FileOutcome, ...], companions: Companions) -> list[tuple[str, int]]:
    """Agency and year of the files that couldn't be read, as far as the manifest tells them."""
    failed = [outcome.path for outcome in outcomes if outcome.status == "failed"]
    return list(unread(failed, companions))


def _version(catalogue: object) -> str:
    """A short digest of forms or rules: it changes when any of them does."""
    return hashlib.sha256(msgspec.json.encode(catalogue)).hexdigest()[:12]
