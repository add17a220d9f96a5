"""A chunk of files in; a Parquet shard a table, and what became of each file, out.

All that costs is done here, in a worker: read, extract, look up manifest and
roster, make the rows, judge the rules about single reports. Nothing larger than
what became of each file leaves the process but through the shards.

A chunk's folder holds the tables as the dataset has them (`values/year=2021.parquet`,
`parts/all.parquet`), the documents of an agency side by side, with where each
document's rows stand; the row that each report sends on; what its texts are found and
compared by; and what its card says of it as far as the report alone tells.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import polars as pl

from govreport_core import checks
from govreport_core.build import asked
from govreport_core.build.companions import Companions, Known, Roster
from govreport_core.build.frames import FiledReport, frames_of
from govreport_core.build.intake import FileOutcome, Read, broke_off, held_in, told
from govreport_core.build.joining import Matched, joined
from govreport_core.build.likeness import signs
from govreport_core.build.limits import Limits, OverLimitError, within
from govreport_core.build.remembered import SIGNS
from govreport_core.cells import LAID, laid
from govreport_core.checks.kinds import OF_ONE
from govreport_core.dataset.cards import KEYS, of_facts, of_results
from govreport_core.dataset.offsets import offsets
from govreport_core.dataset.parquet import by_year, put, scan_files, seal
from govreport_core.dataset.publishing import OFFSETS
from govreport_core.schemas import FACTS, columns_of, frame, validated

JUDGED = "checks"
ROW = "row.parquet"
SAID = "said.parquet"
CARD = "card.parquet"


class Task(msgspec.Struct, frozen=True, tag=True):
    """Files to make a chunk of.

    Attributes:
        name: The chunk's; the shards' files are called so in the dataset.
        folder: Where the shards go; it isn't there yet.
        files: Their paths.
        known: The manifest rows of these and of what they hold, by path: see `path_key`.
        broken: What is told of those that broke a worker: they aren't opened again.
    """

    name: str
    folder: str
    files: tuple[str, ...]
    known: dict[str, Known] = {}
    broken: dict[str, FileOutcome] = {}


class Filed(msgspec.Struct, frozen=True, gc=False):
    """A document of a chunk: where it came from, and what its rows depend on beside its bytes.

    Attributes:
        file: The file it came from; `path` goes on to the member, where that is a zip.
        known: See `known_as`.
        name, body: By what it was looked up in the roster.
        listed: Digest of the rows of the roster that it may be of.
    """

    document_id: str
    file: str
    path: str
    known: str
    name: str | None
    body: tuple[str, str] | None
    listed: str


class Done(msgspec.Struct, frozen=True):
    """What became of a chunk's files, in their order, and the documents in its shards."""

    outcomes: tuple[tuple[FileOutcome, ...], ...]
    filed: tuple[Filed, ...]


def make(task: Task, companions: Companions, begin: Callable[[int], None], most: Limits) -> Done:
    """Make a chunk.

    Args:
        task: What to make.
        companions: What stands beside the reports; of manifests the task has its own rows.
        begin: Told which file is next, so that whoever waits knows how far it is;
            and the number of files at the end.
        most: What a file may cost.
    """
    outcomes: list[tuple[FileOutcome, ...]] = []
    reports: dict[str, tuple[FiledReport, Filed]] = {}
    beside = msgspec.structs.replace(companions, known=task.known)
    for at, file in enumerate(task.files):
        begin(at)
        broken = task.broken.get(file)
        outcomes.append((broken,) if broken else _take(file, beside, reports, most))
    begin(len(task.files))
    ordered = sorted(reports.values(), key=lambda pair: agency_order(pair[0].identity.agency_id))
    odd = _written([report for report, _ in ordered], Path(task.folder))
    told_of = tuple(tuple(_defect(o, odd.get(o.document_id or "")) for o in of) for of in outcomes)
    return Done(told_of, tuple(about for _, about in ordered if about.document_id not in odd))


def _written(reports: Sequence[FiledReport], folder: Path) -> dict[str, Exception]:
    """Write the shards of all reports that can be written; the others with what was wrong."""
    try:
        write(reports, folder)
    except OSError:
        raise
    except Exception:
        odd = {}
        for report in reports:
            shutil.rmtree(folder, ignore_errors=True)
            try:
                write([report], folder)
            except OSError:
                raise
            except Exception as error:
                odd[report.document.document_id] = error
        shutil.rmtree(folder, ignore_errors=True)
        write([r for r in reports if r.document.document_id not in odd], folder)
        return odd
    return {}


def _defect(outcome: FileOutcome, error: Exception | None) -> FileOutcome:
    """A file whose report we couldn't make rows of or judge: told as our defect, not its."""
    if error is None:
        return outcome
    return broke_off(outcome.path, error, outcome.size)


def _take(
    file: str,
    companions: Companions,
    reports: dict[str, tuple[FiledReport, Filed]],
    most: Limits,
) -> tuple[FileOutcome, ...]:
    """Read a file within its limits; what it holds goes to `reports`, all of it or nothing."""
    outcomes: list[FileOutcome] = []
    held: dict[str, tuple[FiledReport, Filed]] = {}
    try:
        with within(most):
            for found in held_in(Path(file)):
                outcomes.append(told(found))
                if isinstance(found, Read) and found.document.document_id not in reports:
                    report, matched = joined(found, companions)
                    filed = _filed(file, found.path, report, matched, companions.roster)
                    held.setdefault(report.document.document_id, (report, filed))
    except OverLimitError:
        return (FileOutcome(file, "failed", "too_large", over_time(most)),)
    except MemoryError:
        return (FileOutcome(file, "failed", "too_large", over_memory(most)),)
    except Exception as error:
        return (broke_off(file, error, None),)
    reports.update(held)
    return tuple(outcomes)


def over_time(most: Limits) -> str:
    """What is told of a file that took too long."""
    return f"not read within {most.seconds:g} seconds: save it anew, or split it"


def over_memory(most: Limits) -> str:
    """What is told of a file that wanted too much memory."""
    return f"needs more than {most.memory // 2**20:,} MB to read: save it anew, or split it"


def agency_order(agency_id: str) -> tuple[int, str]:
    """By what the documents of a chunk are sorted: an agency's stand together in every chunk."""
    return zlib.crc32(agency_id.encode()), agency_id


def write(reports: Sequence[FiledReport], folder: Path) -> None:
    """Write the shards of these reports, with the results of the rules about single ones."""
    frames = frames_of(reports)
    folder.mkdir(parents=True)
    write_tables({name: frames[name] for name in FACTS}, folder)
    put(sent_on(frames), folder / ROW)
    said = checks.parts_across(frames["parts"].lazy()).collect()
    put(said, folder / SAID)
    put(signs(frames), folder / SIGNS)
    judge(frames, folder)
    seal(folder)


def sent_on(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The row a report sends on: the table `reports`, with how many of its cells are read.

    Args:
        frames: `reports`, and `values` with `document_id` and `state`.

    Returns:
        `reports` in its order, and of each report's rows of `values` how many there are
        (`cells`) and how many are neither `unreadable` nor `absent` (`cells_read`); both null
        where it has none.
    """
    state = pl.col("state")
    counted = (
        frames["values"]
        .group_by("document_id")
        .agg(cells=pl.len(), cells_read=(~state.is_in(["unreadable", "absent"])).sum())
    )
    return frames["reports"].join(counted, on="document_id", how="left", maintain_order="left")


def judge(frames: dict[str, pl.DataFrame], folder: Path) -> None:
    """Judge the rules about single reports; write results, cards and what the join asks.

    Results go by report, in the order of `reports`, then by rule.

    Args:
        frames: The tables of facts of these reports: see `frames_of`.
        folder: The chunk's, where `checks/` and `card.parquet` are put.

    Raises:
        DatasetError: The results break their schema (a defect of ours).
    """
    frames = {**frames, LAID: laid(frames["values"], frames["reports"])}
    results = checks.of_reports(frames, OF_ONE)
    write_tables({JUDGED: results}, folder)
    counted = of_results(results, KEYS)
    card = of_facts(frames).join(counted, on="document_id", how="left", maintain_order="left")
    put(card, folder / CARD)
    asked.write(frames, folder)


def rejudge(folder: Path) -> None:
    """Judge a chunk again from its shards; no source is read."""
    shutil.rmtree(folder / JUDGED, ignore_errors=True)
    seal(folder)  # should this end here, nothing is to be read again
    reports = read_row(folder).select(columns_of("reports"))
    judge({"reports": reports, **{name: read_table(folder, name) for name in FACTS}}, folder)
    seal(folder)


def without(folder: Path, other: Path, gone: frozenset[str]) -> None:
    """Write a chunk's shards anew without some documents; no source is read."""
    other.mkdir(parents=True)
    kept = ~pl.col("document_id").is_in(gone)
    for names in (FACTS, (JUDGED,)):
        _put_tables({name: read_table(folder, name).filter(kept) for name in names}, other)
    for file in (ROW, SAID, SIGNS, CARD, *asked.FILES.values()):
        put(pl.read_parquet(folder / file).filter(kept), other / file)
    seal(other)


def together(folders: Sequence[Path], other: Path) -> None:
    """Write the shards of some chunks as one; no source is read."""
    other.mkdir(parents=True)
    for names in (FACTS, (JUDGED,)):
        _put_tables({n: pl.concat(read_table(f, n) for f in folders) for n in names}, other)
    for file in (ROW, SAID, SIGNS, CARD, *asked.FILES.values()):
        rows = pl.concat(pl.read_parquet(folder / file) for folder in folders)
        put(rows, other / file)
    seal(other)


def read_row(folder: Path) -> pl.DataFrame:
    """What a chunk's reports send on, a row each.

    Args:
        folder: The chunk's.

    Returns:
        What `sent_on` gave, in the order in which it was written.
    """
    return pl.read_parquet(folder / ROW)


def read_rows(chunks: Mapping[str, Path]) -> pl.DataFrame:
    """What the reports of some chunks send on, with the name of the `chunk` each is in.

    Args:
        chunks: Their folders by name, at least one.

    Returns:
        As `read_row`, chunk after chunk.
    """
    named = {str(folder / ROW): name for name, folder in chunks.items()}
    rows = scan_files(map(Path, named), called="chunk")
    return rows.with_columns(pl.col("chunk").replace_strict(named)).collect()


def write_tables(frames: Mapping[str, pl.DataFrame], folder: Path) -> None:
    """Write tables, a file a year where a table has years, and where documents stand in them.

    Args:
        frames: By table, of the columns of `schemas`; rows keep their order, so those of a
            document are to stand together.
        folder: The chunk's.

    Raises:
        DatasetError: A frame breaks its schema (a defect of ours).
    """
    _put_tables({name: validated(name, rows) for name, rows in frames.items()}, folder)


def _put_tables(frames: Mapping[str, pl.DataFrame], folder: Path) -> None:
    """The same of frames that are as their schemas have them."""
    placed = [frame("offsets", [])]
    for name, rows in frames.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for stem, some in by_year(rows):
            file = folder / name / f"{stem}.parquet"
            put(some, file)
            placed.append(offsets(some, name, stem))
    of = JUDGED if JUDGED in frames else "facts"
    put(pl.concat(placed), folder / OFFSETS.format(of))


def read_table(folder: Path, name: str) -> pl.DataFrame:
    """A chunk's table, its years one after the other.

    Args:
        folder: The chunk's.
        name: One of the tables a chunk holds.

    Returns:
        The table's columns, years ascending, rows of no year last, each in the order in
        which it was written; empty where the chunk has none.
    """
    files = sorted((folder / name).glob("*.parquet"))
    return pl.concat([frame(name, []), *(pl.read_parquet(f) for f in files)])


def _filed(file: str, path: str, report: FiledReport, matched: Matched, roster: Roster) -> Filed:
    return Filed(
        report.document.document_id,
        file,
        path,
        known_as(matched.known, path),
        matched.name,
        matched.body,
        digest(roster.candidates(matched.name, matched.body)),
    )


def known_as(known: Known, path: str) -> str:
    """A digest of a document's manifest row, and of its name's ending."""
    return digest((known, ending(path)))


def ending(path: str) -> str:
    """What a file's name ends with, in lower case: kinds of text are told apart by it."""
    return os.path.splitext(path)[1].lower()


def digest(record: object) -> str:
    """A short digest of a record."""
    return hashlib.sha256(msgspec.msgpack.encode(record)).hexdigest()[:16]
