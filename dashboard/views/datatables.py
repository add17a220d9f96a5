"""One of the dataset's tables and filters in; a preview or a frame out."""

from __future__ import annotations

import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t
from dashboard.views.filters import Filters
from dashboard.views.lists import chosen
from dashboard.views.records import TableView
from govreport_core.schemas import TABLES as SCHEMAS

TABLES = tuple(SCHEMAS)


def table_frame(data: Data, table: str, filters: Filters) -> pl.DataFrame:
    """The rows of a table about current reports that match, columns as in the dataset.

    Tables that aren't about reports (`documents`, `agencies`) are given whole.
    """
    rows = data.tables[table]
    if table in ("documents", "agencies"):
        return rows.collect()
    reports = chosen(data, filters)
    found = rows.join(reports.select("document_id"), on="document_id", how="semi")
    if table == "checks" and filters.outcomes:
        found = found.filter(pl.col("outcome").is_in(list(filters.outcomes)))
    if table == "checks" and filters == Filters():
        found = pl.concat([found, rows.filter(pl.col("document_id").is_null())])
    return found.collect()


def table_view(data: Data, table: str, filters: Filters, lang: str, limit: int = 200) -> TableView:
    """The first rows of a table as text; what isn't known is empty, never 0."""
    found = table_frame(data, table, filters)
    shown = found.head(limit)
    rows = tuple(tuple(_text(value) for value in row) for row in shown.iter_rows())
    return TableView(
        table=table,
        label=t(f"tables.{table}", lang),
        columns=tuple((name, t(f"columns.{name}", lang)) for name in found.columns),
        rows=rows,
        shown=shown.height,
        total=found.height,
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return labels.number(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
