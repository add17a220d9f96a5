"""A file's rows in, the table `offsets` out: where each document's stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

DOCUMENTS = 25_000
"""Documents whose rows are sorted at a time: each has some ten."""

ORDER = ("document_id", "table", "file", "first")
"""What the rows of `offsets` are sorted by."""


def offsets(rows: pl.DataFrame, table: str, file: str) -> pl.DataFrame:
    """Where each document's rows of a file stand.

    Args:
        rows: The file's rows, in their order, with `document_id`; those of no document have
            none.
        table: The table they are of.
        file: The file's path.

    Returns:
        The columns of `offsets`, a row a run of one document's rows, in the file's order:
        `first` counts from 0, `rows` how many follow on.
    """
    runs = rows["document_id"].rle().struct.unnest().lazy()
    many = pl.col("len").cast(pl.Int64)
    return (
        runs.select(
            document_id="value",
            table=pl.lit(table),
            file=pl.lit(file),
            first=many.cum_sum() - many,
            rows=many,
        )
        .drop_nulls("document_id")
        .collect()
    )


def in_order(parts: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The table `offsets`, of its parts.

    Numbers stand for ids and paths meanwhile: of very many files they aren't all in memory.

    Args:
        parts: Rows of it in any order; each part is held alone.

    Yields:
        Its rows, those of some documents at a time: by `document_id`, `table`, `file`, `first`.
    """
    held: list[pl.DataFrame] = []
    known: list[tuple[pl.Series, pl.Series]] = []
    for part in parts:
        (ids, document), (paths, file) = (_numbered(part[n]) for n in ("document_id", "file"))
        held.append(part.select(document, file, pl.col("first", "rows").cast(pl.UInt32)))
        known.append((ids, paths))
    every_id, every_path = (_distinct(pl.concat(of)) for of in zip(*known, strict=True))
    for at, (ids, paths) in enumerate(known):
        held[at] = held[at].with_columns(
            _numbers(ids, every_id).gather(held[at]["document_id"]),
            _numbers(paths, every_path).gather(held[at]["file"]),
        )
    rows = pl.concat(held)
    tables = every_path.str.split("/").list.first()
    for start in range(0, len(every_id), DOCUMENTS):
        mine = pl.col("document_id").is_between(start, start + DOCUMENTS - 1)
        some = rows.filter(mine).sort("document_id", "file", "first")
        yield some.select(
            every_id.gather(some["document_id"]),
            tables.gather(some["file"]).alias("table"),
            every_path.gather(some["file"]),
            pl.col("first", "rows").cast(pl.Int64),
        )


def renewed(
    before: Iterable[Path], gone: Iterable[str], places: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """The table `offsets` of files most of which are those of before.

    Args:
        before: What `in_order` gave of these, as files, in its order.
        gone: How the files are called that aren't there any more, or are others now: the last
            part of their paths, without its ending.
        places: The rows of files that are new or others, in any order.

    Yields:
        What `in_order` gives, cut where it was.
    """
    lost = frozenset(gone)
    files, left = list(before), places
    for number, file in enumerate(files):
        rows = pl.read_parquet(file)
        last = rows["document_id"][-1]
        here = pl.lit(number + 1 == len(files)) | (pl.col("document_id") <= last)
        mine, left = left.filter(here), left.filter(~here)
        named = rows["file"].unique()
        stays = rows.filter(~pl.col("file").is_in([one for one in named if Path(one).stem in lost]))
        touched = pl.col("document_id").is_in(mine["document_id"].unique().implode())
        moved = pl.concat([stays.filter(touched), mine]).sort(ORDER)
        found = stays.filter(~touched).merge_sorted(moved, "document_id")
        if found.height:
            yield found


def _numbered(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The distinct texts in their order, and each text's place among them."""
    known = _distinct(texts)
    return known, _numbers(texts, known)


def _distinct(texts: pl.Series) -> pl.Series:
    return texts.unique().sort()


def _numbers(texts: pl.Series, known: pl.Series) -> pl.Series:
    return texts.cast(pl.Enum(known)).to_physical()
