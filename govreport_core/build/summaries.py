"""What reports' rows rest on in; their cards and counts out, made again only where that changed.

A file of cards, and what the results of a folder of shards come to, are kept under a digest
of all they rest on: what was read, what manifest and roster say, who a report is of, and
what was judged of it beside others; not the names of chunks and places.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from govreport_core.build.beside import scan
from govreport_core.build.chunks import CARD, JUDGED, Filed
from govreport_core.dataset import counting
from govreport_core.dataset.cards import KEYS, RESULTS, made, yearly
from govreport_core.dataset.keys import key, short
from govreport_core.dataset.parquet import by_year, ends_well, keep, scan_files
from govreport_core.dataset.publishing import Ready
from govreport_core.dataset.store import Shelf
from govreport_core.schemas import validated

_IN_FILE = 5_000  # cards in a file: after a change one of these is written anew
_MARKS = ".marks"  # ends the name of the file of what the rows of a file of cards rest on
_PARTS = "parts"  # says in a file of sums of which counts they are
_AT_ONCE = 50  # files of counts that are read together
_RESTS = {"document_id": pl.String, "chunk": pl.String, "rests": pl.String}


class Judged(msgspec.Struct, frozen=True):
    """Where results are, and what they rest on.

    Attributes:
        chunks: The folders of the chunks' shards, by name.
        rests: What `resting` gave of these chunks.
        beside: The folders, one at least, with what was judged of some agencies each, as
            `beside.write_judged` left it, by name.
        told: A row for whatever results stand in these: `KEYS`, `told`, and the folder's name as
            `chunk`.
        version: Of all that makes results, cards and counts of files.
    """

    chunks: Mapping[str, Path]
    rests: pl.DataFrame
    beside: Mapping[str, Path]
    told: pl.DataFrame
    version: str


def judged(
    chunks: Mapping[str, Path], rests: pl.DataFrame, beside: Iterable[Path], version: str
) -> Judged:
    """Where results are, and what they rest on: see `Judged`."""
    folders = {folder.name: folder for folder in beside}
    named = {str(folder / CARD): name for name, folder in folders.items()}
    cards = scan_files(map(Path, named), called="chunk").select(*KEYS, "told", "chunk")
    told = cards.with_columns(pl.col("chunk").replace_strict(named)).collect()
    return Judged(chunks, rests, folders, told, version)


def resting(chunks: Mapping[str, tuple[Filed, ...]]) -> pl.DataFrame:
    """What a report's rows in its chunk rest on beside its bytes.

    Args:
        chunks: The documents in each chunk.

    Returns:
        A row a document: `document_id`, its `chunk`, and the digest `rests`.
    """
    every = [one for filed in chunks.values() for one in filed]
    told = {
        "document_id": [one.document_id for one in every],
        "chunk": [chunk for chunk, filed in chunks.items() for _ in filed],
        "rests": [one.known + one.listed for one in every],
    }
    return pl.DataFrame(told, schema=_RESTS)


def cards(rows: pl.DataFrame, judged: Judged, shelf: Shelf) -> Iterator[Ready]:
    """The table `cards`, of what the chunks say of their reports and what was judged beside.

    Args:
        rows: Which cards there are: see `dataset.cards.carded`.
        judged: Where results are.
        shelf: Where files are kept.

    Yields:
        Files of rows of `cards`, some of a year each: see `dataset.cards.yearly`.
    """
    resting_on = rows.join(judged.rests, on="document_id", how="left")
    version = short(judged.version)
    there = _marked(shelf.earlier("cards", ""))  # not those that are made here
    for some in yearly(_with_told(resting_on, judged.told)):
        ((stem, _),) = by_year(some)
        start = f"{stem}-{version}-"
        pieces = list(_pieces(some, start, shelf))
        if lacking := [piece for piece in pieces if not piece.there()]:
            mine, marks = pl.concat(p.rows for p in lacking), pl.concat(p.marks for p in lacking)
            before = [one for one in there if one.name.startswith(start)]
            made = _renewed(mine, marks, before, judged)
            for piece in lacking:
                keep(made[: piece.rows.height], piece.file)
                keep(piece.marks, piece.told)
                made = made[piece.rows.height :]
        yield from (Ready(piece.file, stem) for piece in pieces)


class _Piece(NamedTuple):
    """Rows for a file of cards, what each rests on, the file, and that which tells this of it."""

    rows: pl.DataFrame
    marks: pl.DataFrame
    file: Path
    told: Path

    def there(self) -> bool:
        """Whether the cards are made already."""
        return ends_well(self.file) and ends_well(self.told)


def _pieces(rows: pl.DataFrame, start: str, shelf: Shelf) -> Iterator[_Piece]:
    for some in rows.iter_slices(_IN_FILE):
        marks = some.select(mark=some.drop("chunk").hash_rows())
        name = key(start, marks)
        file, told = (shelf.kept("cards", start + name, ending=e) for e in (".parquet", _MARKS))
        yield _Piece(some, marks, file, told)


def _renewed(
    rows: pl.DataFrame, marks: pl.DataFrame, before: list[Path], judged: Judged
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
        found.append(validated("cards", _made(rows[fresh], judged)))
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

    parts: dict[str, Path] = {}
    for folder, told, mine in _shards(within, judged):
        file = parts[told] = shelf.kept("counts", told)
        if not ends_well(file):
            keep(counting.counted(mine(), scan([folder], JUDGED)), file)
    return counting.joined([_summed(parts, judged.version, shelf)], wide)


def _summed(parts: Mapping[str, Path], version: str, shelf: Shelf) -> pl.DataFrame:
    """What parts come to: what those of before did, without those that went, and with the new."""
    start, names = f"{short(version)}-", sorted(parts)
    before = [file for file in shelf.earlier("sums", start) if ends_well(file)]
    file = shelf.kept("sums", start + _short(" ".join(names)))
    if not ends_well(file):
        rows = _replaced(before[-1], parts) if before else None
        total = counting.summed(_read(list(parts.values()))) if rows is None else rows
        keep(total, file, {_PARTS: " ".join(names)})
    return pl.read_parquet(file)


def _replaced(before: Path, parts: Mapping[str, Path]) -> pl.DataFrame | None:
    """The same from what an earlier build's parts came to; None where too few are there still."""
    was = set(pl.read_parquet_metadata(before).get(_PARTS, "").split())
    there = next(iter(parts.values())).parent
    gone = [there / f"{name}.parquet" for name in was - parts.keys()]
    come = [parts[name] for name in parts.keys() - was]
    if len(gone) + len(come) > len(was) / 2 or not all(map(ends_well, gone)):
        return None
    return counting.replaced(pl.read_parquet(before), _read(gone), _read(come))


def _read(files: list[Path]) -> Iterator[pl.DataFrame]:
    for at in range(0, len(files), _AT_ONCE):
        yield scan_files(files[at : at + _AT_ONCE]).collect()


def _shards(
    within: pl.DataFrame, judged: Judged
) -> Iterator[tuple[Path, str, Callable[[], pl.DataFrame]]]:
    """Folders with results, what their counts rest on, and the cards whose the results are."""
    none = pl.col("document_id").is_null()
    cards = judged.told.select(*KEYS, "chunk", rests="chunk")  # a folder is called by what it holds
    held = pl.concat([judged.rests, cards.filter(~none).select(judged.rests.columns)])
    lacking = cards.filter(none).drop("document_id")
    numbered = within.with_row_index("card").with_columns(mark=within.hash_rows())
    asked = numbered.select("card", "mark", *KEYS)
    found = pl.concat(
        some.select("chunk", "card", mark=pl.struct("mark", "rests").hash())
        for some in (
            asked.join(held, on="document_id"),
            asked.filter(none).join(lacking, on=["agency_id", "year"]),
        )
    )
    # in no order, which of so many rows would take longer than all else here
    told = found.group_by("chunk").agg(pl.col("mark").sum(), rows=pl.len())
    marked = {name: f"{mark} of {rows}" for name, mark, rows in told.iter_rows()}
    said = " ".join((judged.version, *within.columns))
    for name, folder in {**judged.chunks, **judged.beside}.items():
        mine = partial(_cards_of, within, found, name)
        # what is told of nobody rests on no card
        own = name if name in judged.beside else None
        yield folder, _short(f"{said} {own} {marked.get(name)}"), mine


def _cards_of(within: pl.DataFrame, found: pl.DataFrame, chunk: str) -> pl.DataFrame:
    """The cards whose results stand in a folder, each once."""
    return within[found.filter(pl.col("chunk") == chunk)["card"].unique()]


def _short(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def _with_told(rows: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The rows with what was judged of them elsewhere than in their chunk, each as a number.

    `told` is that of a report, `told_of_none` what is told of its agency and year.
    """
    summed = told.group_by(KEYS).agg(pl.col("told").sum())
    of_report = summed.drop_nulls("document_id").select("document_id", "told")
    of_none = summed.filter(pl.col("document_id").is_null())
    return rows.join(of_report, on="document_id", how="left").join(
        of_none.select("agency_id", "year", told_of_none="told"),
        on=["agency_id", "year"],
        how="left",
    )


def _made(rows: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """Cards, of the files that tell of their reports: without any, of none of the first."""
    document = pl.col("document_id")
    none = rows.filter(document.is_null())["agency_id"]
    mine = document.is_in(rows["document_id"].drop_nulls().implode()) | (
        document.is_null() & pl.col("agency_id").is_in(none.implode())
    )
    told = _scan(judged.chunks, rows["chunk"])
    beside = _scan(judged.beside, judged.told.filter(mine)["chunk"])
    facts = told.drop("agency_id", "year", *RESULTS)
    return made(rows, facts, [some.select(*KEYS, *RESULTS) for some in (told, beside)])


def _scan(folders: Mapping[str, Path], named: pl.Series) -> pl.LazyFrame:
    names = sorted(named.drop_nulls().unique()) or list(folders)[:1]
    return scan_files(folders[name] / CARD for name in names)
