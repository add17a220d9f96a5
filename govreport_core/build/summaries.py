"""What reports' rows rest on in; their cards and counts out, made again only where that changed.

A file of cards, and what the results of a folder of shards come to, are kept under a digest
of all they rest on: what was read, what manifest and roster say, who a report is of, and
what was judged of it beside others; not the names of chunks and places.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec
import polars as pl

from govreport_core.build.across import key
from govreport_core.build.beside import scan
from govreport_core.build.chunks import CARD, JUDGED, Filed
from govreport_core.dataset import counting
from govreport_core.dataset.cards import KEYS, RESULTS, made, yearly
from govreport_core.dataset.store import Ready, Shelf, by_year, ends_well, keep, scan_files
from govreport_core.schemas import validated

_MARKS = ".marks"  # ends the name of the file of what the rows of a file of cards rest on
_AT_ONCE = 50  # files of counts that are read together
_RESTS = {"document_id": pl.String, "chunk": pl.String, "rests": pl.String}


class Judged(msgspec.Struct, frozen=True):
    """Where results are, and what they rest on.

    Attributes:
        chunks: The folders of the chunks' shards, by name.
        rests: What `resting` gave of these chunks.
        beside: The folders, one at least, with what was judged of some agencies each: see
            `beside.look` and `whole.shelved`.
        version: Of all that makes results, cards and counts of files.
    """

    chunks: Mapping[str, Path]
    rests: pl.DataFrame
    beside: list[Path]
    version: str


def resting(chunks: Mapping[str, tuple[Filed, ...]]) -> pl.DataFrame:
    """What a report's rows in its chunk rest on beside its bytes.

    Args:
        chunks: The documents in each chunk.

    Returns:
        A row a document: `document_id`, its `chunk`, and the digest `rests`.
    """
    told = [
        (one.document_id, chunk, one.known + one.listed)
        for chunk, filed in chunks.items()
        for one in filed
    ]
    return pl.DataFrame(told, schema=_RESTS, orient="row")


def cards(rows: pl.DataFrame, judged: Judged, shelf: Shelf) -> Iterator[Ready]:
    """The table `cards`, of what the chunks say of their reports and what was judged beside.

    Args:
        rows: Which cards there are: see `dataset.cards.carded`.
        judged: Where results are.
        shelf: Where files are kept.

    Yields:
        Files of rows of `cards`, some of a year each: see `dataset.cards.yearly`.
    """
    beside = scan_files(folder / CARD for folder in judged.beside)
    resting_on = rows.join(judged.rests, on="document_id", how="left")
    version = hashlib.sha256(judged.version.encode()).hexdigest()[:12]
    there = _marked(shelf.earlier("cards", ""))  # not those that are made here
    for some in yearly(_with_told(resting_on, beside)):
        ((stem, _),) = by_year(some)
        start = f"{stem}-{version}-"
        marks = some.select(mark=some.drop("chunk").hash_rows())
        name = start + key(version, marks)
        file, told = shelf.kept("cards", name), shelf.kept("cards", name, ending=_MARKS)
        if not (ends_well(file) and ends_well(told)):
            before = [one for one in there if one.name.startswith(start)]
            keep(_renewed(some, marks, before, judged, beside), file)
            keep(marks, told)
        yield Ready(file, stem)


def _renewed(
    rows: pl.DataFrame,
    marks: pl.DataFrame,
    before: list[Path],
    judged: Judged,
    beside: pl.LazyFrame,
) -> pl.DataFrame:
    """Cards, of which those are made again that aren't in the files of an earlier build.

    Of these files only those are read that hold any of the cards, one after the other.
    """
    known = [
        pl.read_parquet(_marks_of(file)).with_columns(at=pl.int_range(pl.len()), file=number)
        for number, file in enumerate(before)
    ]
    none = marks.clear().with_columns(at=pl.int_range(pl.len()), file=0)
    placed = marks.with_row_index("place").join(
        pl.concat([none, *known]).unique("mark"), on="mark", how="left"
    )
    found, places = [], []
    for (number,), some in placed.drop_nulls("file").partition_by("file", as_dict=True).items():
        found.append(pl.read_parquet(before[int(number)])[some["at"]])
        places.append(some["place"])
    fresh = placed.filter(pl.col("file").is_null())["place"].sort()
    if len(fresh):
        found.append(validated("cards", _made(rows[fresh], judged.chunks, beside)))
        places.append(fresh)
    return pl.concat(found)[pl.concat(places).arg_sort()]


def _marked(files: list[Path]) -> list[Path]:
    """The files of cards of which is known what each row rests on."""
    ending = ".parquet"
    return [f for f in files if f.suffix == ending and ends_well(f) and ends_well(_marks_of(f))]


def _marks_of(file: Path) -> Path:
    return file.with_suffix(_MARKS)


def counts(rows: pl.DataFrame, judged: Judged, shelf: Shelf) -> pl.DataFrame:
    """The table `counts`, of the shards' results, a folder at a time.

    Args:
        rows: As `cards` takes them.
        judged: Likewise.
        shelf: Likewise.

    Returns:
        The columns and the order of `counts`: see `dataset.counting.counts`.
    """
    wide = counting.divisions(rows)
    within = counting.within(rows, wide)

    def parts() -> Iterator[pl.DataFrame]:
        files = []
        for folder, told, mine in _shards(within, judged):
            file = shelf.kept("counts", told)
            if not ends_well(file):
                keep(counting.counted(mine(), scan([folder], JUDGED)), file)
            files.append(file)
        for at in range(0, len(files), _AT_ONCE):
            yield scan_files(files[at : at + _AT_ONCE]).collect()

    return counting.joined(parts(), wide)


def _shards(
    within: pl.DataFrame, judged: Judged
) -> Iterator[tuple[Path, str, Callable[[], pl.DataFrame]]]:
    """Folders with results, what their counts rest on, and the cards whose the results are."""
    folders = {**judged.chunks, **{folder.name: folder for folder in judged.beside}}
    none = pl.col("document_id").is_null()
    cards = _beside(judged.beside)
    held = pl.concat([judged.rests, cards.filter(~none).select(judged.rests.columns)])
    lacking = cards.filter(none).drop("document_id")
    found = pl.concat(
        [
            within.join(held, on="document_id"),
            within.filter(none).join(lacking, on=["agency_id", "year"]),
        ]
    )
    # in no order, which of so many rows would take longer than all else here
    marks = found.select("chunk", mark=found.drop("chunk").hash_rows())
    told = marks.group_by("chunk").agg(pl.col("mark").sum(), rows=pl.len())
    marked = {name: f"{mark} of {rows}" for name, mark, rows in told.iter_rows()}
    said = " ".join((judged.version, *found.columns))
    for name, folder in folders.items():
        mine = partial(_cards_of, found, name)
        yield folder, _short(f"{said} {marked.get(name)}"), mine


def _cards_of(rows: pl.DataFrame, chunk: str) -> pl.DataFrame:
    return rows.filter(pl.col("chunk") == chunk).drop("chunk")


def _short(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def _beside(folders: list[Path]) -> pl.DataFrame:
    """Whose results stand in folders, and what these rest on: that they are called by."""
    named = {str(folder / CARD): folder.name for folder in folders}
    cards = scan_files(map(Path, named), called="chunk").select(*KEYS, "chunk")
    chunk = pl.col("chunk").replace_strict(named)
    return cards.with_columns(chunk, rests=chunk).collect()


def _with_told(rows: pl.DataFrame, beside: pl.LazyFrame) -> pl.DataFrame:
    """The rows with what was judged of them elsewhere than in their chunk, each as a number.

    `told` is that of a report, `told_of_none` what is told of its agency and year.
    """
    number = pl.struct(*KEYS, *RESULTS).hash()
    told = beside.select(*KEYS, told=number).group_by(KEYS).agg(pl.col("told").sum()).collect()
    of_report = told.drop_nulls("document_id").select("document_id", "told")
    of_none = told.filter(pl.col("document_id").is_null())
    return rows.join(of_report, on="document_id", how="left").join(
        of_none.select("agency_id", "year", told_of_none="told"),
        on=["agency_id", "year"],
        how="left",
    )


def _made(rows: pl.DataFrame, chunks: Mapping[str, Path], beside: pl.LazyFrame) -> pl.DataFrame:
    """Cards, of the chunks that hold their reports: without any, of none of the first."""
    named = sorted(rows["chunk"].drop_nulls().unique()) or list(chunks)[:1]
    told = scan_files(chunks[name] / CARD for name in named)
    facts = told.drop("agency_id", "year", *RESULTS)
    return made(rows, facts, [told.select(*KEYS, *RESULTS), beside])
