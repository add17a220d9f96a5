"""A dataset in, its tables cut by year and by province out: some rows at a time, in an order.

Only the rows of one part are in memory. A part is whole reports, in the order of lists, so
that it says the same whatever files the dataset has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

import msgspec
import polars as pl

from dashboard.data import OF_A_DOCUMENT, Data
from dashboard.site.opendata.records import Cut
from dashboard.site.opendata.worded import Named

ROWS = 500_000
"""No file has more."""
_LONG = dict.fromkeys(("values", "checks", "claims"), 150_000)
_LONG |= {"sections": 20_000, "points": 100_000}
# Their rows are of a document.
OF_DOCUMENTS = (
    *("reports", "values", "checks", "points", "sections", "claims", "diagnostics", "evidence"),
    *("similar", "groups", "promises"),
)
# Their rows are of an agency and year.
OF_AGENCIES = ("coverage", "cards")
WHOLE = ("agencies", "corrections", "replies", "documents")
UNKNOWN = "none"
YEAR = "_year"
"""What `dated` calls the year of whose a row is."""


class Part(msgspec.Struct, frozen=True):
    """Some rows of a table.

    Attributes:
        part: From 1 on.
        read: Gives the rows.
        documents: Those that all rows are of, in their order; none where rows are of others too.
    """

    table: str
    cut: Cut
    key: str
    part: int
    read: Callable[[], pl.DataFrame]
    documents: tuple[str, ...] = ()

    @property
    def rows(self) -> pl.DataFrame:
        """The rows: read each time, so that they are nowhere but where they are used."""
        return self.read()


def keys(known: Named, data: Data) -> list[str]:
    """The years there are, the newest first, `none` last."""
    found = set(known.documents["year"]) | set(data.cards["year"])
    words = sorted((str(one) for one in found if one is not None), reverse=True)
    return [*words, *([UNKNOWN] if None in found else [])]


def by_province(rows: pl.DataFrame, known: Named) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of each province, by its code; `none` where it isn't known.

    Args:
        rows: Of a table.
        known: Where the agencies are.
    """
    codes = [
        rows.select(key).join(about, on=key, how="left", maintain_order="left")["region_code"]
        for key, about in (("document_id", known.documents), ("agency_id", known.agencies))
        if key in rows.columns
    ]
    codes = [rows["region_code"]] if "region_code" in rows.columns else codes
    code = pl.DataFrame([one.alias(str(n)) for n, one in enumerate(codes)])
    province = code.select(
        (pl.coalesce(pl.all()).str.slice(0, 2) + "0000").fill_null(UNKNOWN).alias("_province")
    )
    runs = province["_province"].rle().struct.unnest()
    if runs["value"].n_unique() == runs.height:
        # In the order of lists a province's rows stand together: nothing is copied.
        at = 0
        for height, key in runs.iter_rows():
            yield key, rows.slice(at, height)
            at += height
        return
    apart = province.with_row_index("_at").group_by("_province", maintain_order=True).agg("_at")
    # A province at a time is copied.
    for key, mine in zip(apart["_province"], apart["_at"], strict=True):
        yield str(key), rows[mine]


def _counted(data: Data, table: str, documents: pl.DataFrame) -> dict[str, int]:
    """How many rows of a table each of some documents has."""
    mine = pl.col("document_id").is_in(documents["document_id"].implode())
    if table in OF_A_DOCUMENT:
        places = data.tables["offsets"].filter(mine, pl.col("table") == table)
        counted = places.group_by("document_id").agg(pl.col("rows").sum())
    else:
        counted = data.tables[table].filter(mine).group_by("document_id").len()
    return dict(counted.collect().iter_rows())


def parts(data: Data, table: str, key: str, known: Named) -> Iterator[Part]:
    """A table's rows of one year, in files' worth; none where it has no rows.

    Args:
        data: The dataset.
        table: Of `OF_DOCUMENTS` or `OF_AGENCIES`.
        key: One of `keys`.
        known: Whose documents.
    """
    if table in OF_AGENCIES:
        rows = _of_agencies(data.tables[table], key, known).collect()
        pieces: Iterable[_Piece] = ((_same(some), ()) for some in _pieces(rows, table))
    else:
        pieces = _of_documents(data, table, key, known)
    for number, (read, documents) in enumerate(pieces, 1):
        yield Part(table, "year", key, number, read, documents)


def dated(data: Data, table: str, known: Named) -> pl.DataFrame:
    """A table's rows of all years in the order that those of one have, each with its key, `YEAR`.

    Args:
        data: The dataset.
        table: Of `OF_AGENCIES`, or one of `OF_DOCUMENTS` that has few rows.
        known: Whose documents.
    """
    rows = data.tables[table]
    if table in OF_AGENCIES:
        order = known.agencies.select("agency_id").with_row_index("_at").lazy()
        placed = rows.with_columns(pl.col("year").alias(YEAR)).join(
            order, on="agency_id", how="left", maintain_order="left"
        )
    else:
        order = known.documents.select("document_id", pl.col("year").alias(YEAR)).lazy()
        placed = rows.join(order.with_row_index("_at"), on="document_id", maintain_order="left")
    placed = placed.sort("_at", nulls_last=True, maintain_order=True).drop("_at")
    return placed.with_columns(pl.col(YEAR).cast(pl.String).fill_null(UNKNOWN)).collect()


_Piece = tuple[Callable[[], pl.DataFrame], tuple[str, ...]]


def _same(rows: pl.DataFrame) -> Callable[[], pl.DataFrame]:
    return lambda: rows


def whole(data: Data, table: str) -> list[Part]:
    """A table that isn't cut, in files' worth; one without rows has one file all the same."""
    rows = data.tables[table].collect()
    pieces = _pieces(rows, table) or [rows]
    return [Part(table, "whole", "all", n, _same(some)) for n, some in enumerate(pieces, 1)]


def _most(table: str) -> int:
    """The rows of a file."""
    return min(_LONG.get(table, ROWS), ROWS)


def _pieces(rows: pl.DataFrame, table: str) -> list[pl.DataFrame]:
    most = _most(table)
    return [rows.slice(first, most) for first in range(0, rows.height, most)]


def _of_documents(data: Data, table: str, key: str, known: Named) -> Iterator[_Piece]:
    nobody = pl.DataFrame()
    if table == "checks":
        none = data.tables[table].filter(pl.col("document_id").is_null())
        nobody = _of_agencies(none, key, known).collect()
        pieces = _pieces(nobody, table)
        yield from ((_same(some), ()) for some in pieces[:-1])
        nobody = pieces[-1] if pieces else nobody
    mine = known.documents.filter(of_year(key)).select("document_id")
    counts = _counted(data, table, mine)
    for documents in _files(mine["document_id"].to_list(), counts, nobody.height, table):
        read = partial(_rows, data, table, key, documents, nobody)
        yield read, () if nobody.height else tuple(documents)
        nobody = pl.DataFrame()
    if nobody.height:
        yield _same(nobody), ()


def _rows(
    data: Data, table: str, key: str, documents: Sequence[str], nobody: pl.DataFrame
) -> pl.DataFrame:
    """A year's rows of some documents in their order, behind those of none."""
    rows = data.tables[table]
    order = pl.DataFrame({"document_id": documents}).with_row_index("_at")
    wanted = rows.filter(pl.col("document_id").is_in(order["document_id"].implode()))
    if "year" in rows.collect_schema():
        # So that other years' files aren't opened.
        wanted = wanted.filter(of_year(key))
    found = wanted.collect().join(order, on="document_id", maintain_order="left")
    found = found.sort("_at", maintain_order=True).drop("_at")
    return pl.concat([nobody, found]) if nobody.height else found


def _files(
    documents: Iterable[str], counts: Mapping[str, int], already: int, table: str
) -> Iterator[list[str]]:
    """Documents with rows, as many as a file takes; one that is longer has its own."""
    most = _most(table)
    some: list[str] = []
    rows = already
    for document in documents:
        count = counts.get(document, 0)
        if some and rows + count > most:
            yield some
            some, rows = [], 0
        if count:
            some.append(document)
            rows += count
    if some:
        yield some


def of_year(key: str) -> pl.Expr:
    """Whether a row is of a year."""
    year = pl.col("year")
    return year.is_null() if key == UNKNOWN else year == int(key)


def _of_agencies(rows: pl.LazyFrame, key: str, known: Named) -> pl.LazyFrame:
    """Rows with agency and year, in the order of lists."""
    order = known.agencies.select("agency_id").with_row_index("_at")
    placed = rows.filter(of_year(key)).join(
        order.lazy(), on="agency_id", how="left", maintain_order="left"
    )
    return placed.sort("_at", nulls_last=True, maintain_order=True).drop("_at")
