"""Cells that a rule about the whole dataset names in, these cells of all reports out."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from govreport_core.checks.base import Named


def named(cells: Iterable[str]) -> list[Named]:
    """The cells as a rule tells them: see `RuleKind.named`."""
    return [(table, (row,), (column,)) for table, row, column in _parts(cells)]


def figures(
    cells: Iterable[str], values: pl.DataFrame, documents: pl.Series | None = None
) -> pl.LazyFrame:
    """These cells of all reports, or of some.

    Args:
        cells: As `table.row.column`.
        values: The table `values`, or its rows of these cells.
        documents: The ids of few reports; of all where None.

    Returns:
        `document_id`, `subject` (the cell), `number`, `state` and `at`, its row of `values`.
    """
    wanted = pl.LazyFrame(
        [(table, row, column, f"{table}.{row}.{column}") for table, row, column in _parts(cells)],
        schema=["table", "row", "column", "subject"],
        orient="row",
    )
    rows = values.lazy().with_row_index("at")
    if documents is not None:
        rows = rows.filter(pl.col("document_id").is_in(documents.implode()))
    return rows.join(wanted, on=["table", "row", "column"]).select(
        "document_id", "subject", "number", "state", pl.col("at").cast(pl.Int64)
    )


def _parts(cells: Iterable[str]) -> Iterable[list[str]]:
    return (cell.split(".") for cell in cells)
