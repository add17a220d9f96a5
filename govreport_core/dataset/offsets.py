"""A file's rows in, the table `offsets` out: where each document's stand in it."""

from __future__ import annotations

import polars as pl

from govreport_core.schemas import frame


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
    document = pl.col("document_id")
    begins = (
        rows.select("document_id")
        .with_row_index("first")
        .filter((pl.col("first") == 0) | document.ne_missing(document.shift()))
    )
    found = begins.select(
        "document_id",
        table=pl.lit(table),
        file=pl.lit(file),
        first=pl.col("first").cast(pl.Int64),
        rows=pl.col("first").shift(-1, fill_value=rows.height).cast(pl.Int64) - pl.col("first"),
    )
    return found.drop_nulls("document_id").select(frame("offsets", []).columns)
