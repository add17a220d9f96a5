"""A document's id in, its rows of the tables out: by `offsets`, whatever the dataset's size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from govreport_core.dataset.parquet import scan_files
from govreport_core.schemas import frame

if TYPE_CHECKING:
    from dashboard.data import Data

Row = dict[str, Any]

OF_A_DOCUMENT = (
    "parts",
    "evidence",
    "values",
    "sections",
    "points",
    "claims",
    "checks",
    "diagnostics",
)
# What is counted of a result, of the columns of `checks`.
_COUNTED = ("document_id", "agency_id", "year", "check", "severity", "outcome", "reason")


def rows_of(data: Data, document_id: str, table: str) -> pl.DataFrame:
    """A document's rows of a table, in the order in which they were written.

    Only what the table `offsets` names is read, whatever the size of the dataset.

    Args:
        data: The dataset.
        document_id: Whose rows.
        table: One of the tables with `document_id`.

    Returns:
        The table's columns; empty where the document has none.
    """
    if table in data.held:
        return data.by_key(table, "document_id").of(document_id)
    return next(iter(_slices(data, document_id, (table,)).values()))


def rows_of_documents(data: Data, documents: Sequence[str], table: str) -> pl.DataFrame:
    """Some documents' rows of a table, read as `rows_of` reads one's.

    Args:
        data: The dataset.
        documents: Whose rows.
        table: One of the tables with `document_id`.

    Returns:
        The table's columns; each document's rows in the order in which they were written.
    """
    if table in data.held:
        of = data.by_key(table, "document_id").of
        return pl.concat([_empty(table).collect(), *(of(one) for one in documents)])
    mine = pl.col("document_id").is_in(list(documents))
    places = data.tables["offsets"].filter(pl.col("table") == table, mine).sort("file", "first")
    found = [_empty(table)]
    for (file,), some in places.collect().partition_by("file", as_dict=True).items():
        scan = pl.scan_parquet(data.version / str(file), hive_partitioning=False)
        first, last = some["first"][0], some["first"][-1] + some["rows"][-1]
        if some.height > _FEW or last - first <= _NEAR * some["rows"].sum():
            found.append(scan.slice(first, last - first).filter(mine))
        else:
            found += [scan.slice(*one) for one in some.select("first", "rows").iter_rows()]
    # One after the other: together they'd be held as they are in the files, all at once.
    return pl.concat([some.collect() for some in found])


# Documents that stand so near to each other in a file are read in one go, and so are many.
_NEAR, _FEW = 3, 16


def cut(rows: pl.DataFrame) -> dict[str, list[Row]]:
    """Rows by their `document_id`, each document's in the order given; those of none left out."""
    found: dict[str, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["document_id"], []).append(row)
    return found


def promises_of(data: Data, agency_id: str) -> pl.DataFrame:
    """An agency's rows of the table `promises`, all years."""
    if "promises" in data.held:
        return data.by_key("promises", "agency_id").of(agency_id)
    mine = pl.col("agency_id") == agency_id
    if data.whole:
        return data.tables["promises"].filter(mine).collect()
    files = [Path(file) for file in data.promised.of(agency_id)["file"]]
    return scan_files(files).filter(mine).collect() if files else _empty("promises").collect()


def document_rows(data: Data, document_id: str) -> dict[str, list[Row]]:
    """All rows about one document, by table, each in the order in which it was written."""
    found = _slices(data, document_id, OF_A_DOCUMENT)
    return {table: rows.to_dicts() for table, rows in found.items()}


def _slices(data: Data, document_id: str, tables: Iterable[str]) -> dict[str, pl.DataFrame]:
    """A document's rows of some tables, read in one go."""
    held = {
        name: data.by_key(name, "document_id").of(document_id)
        for name in tables
        if name in data.held
    }
    found: dict[str, list[pl.LazyFrame]] = {
        name: [_empty(name)] for name in tables if name not in held
    }
    if found:
        places = data.tables["offsets"].filter(pl.col("document_id") == document_id)
        for row in places.sort("file", "first").collect().iter_rows(named=True):
            if row["table"] in found:
                file = pl.scan_parquet(data.version / row["file"], hive_partitioning=False)
                found[row["table"]].append(file.slice(row["first"], row["rows"]))
    read = pl.collect_all([pl.concat(parts) for parts in found.values()])
    return held | dict(zip(found, read, strict=True))


@cache
def _empty(table: str) -> pl.LazyFrame:
    """A table without rows: made once, as making one takes longer than reading a slice."""
    return frame(table, []).lazy()


def results_of(data: Data, documents: pl.Series) -> pl.LazyFrame:
    """The results of some documents, without their places: what is counted of them.

    Only the files that hold them are read, and of these only the columns that count.

    Args:
        data: The dataset.
        documents: Their ids.

    Returns:
        `document_id`, `agency_id`, `year`, `check`, `severity`, `outcome` and `reason` of
        `checks`, in no promised order.
    """
    mine = pl.col("document_id").is_in(documents.implode())
    if "checks" in data.held:
        return data.tables["checks"].filter(mine).select(_COUNTED)
    places = data.tables["offsets"].filter((pl.col("table") == "checks") & mine).collect()
    read = [_empty("checks").select(_COUNTED)]
    for (file,), some in places.partition_by("file", as_dict=True).items():
        rows = pl.int_ranges(pl.col("first"), pl.col("first") + pl.col("rows"))
        at = some.select(rows.explode()).to_series()
        whole = pl.scan_parquet(data.version / str(file), hive_partitioning=False)
        read.append(whole.select(pl.col(*_COUNTED).gather(at)))
    return pl.concat(read)
