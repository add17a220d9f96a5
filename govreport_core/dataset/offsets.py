"""A file's rows in, the table `offsets` out: where each document's stand in it."""

from __future__ import annotations

import polars as pl

from govreport_core.schemas import frame


def offsets(rows: pl.DataFrame, table: str, file: str) -> pl.DataFrame:
    """Where each document's rows of a file stand.

    Args:
        rows: The file's rows, in their order; those of no document have none.
        table: The table they are of.
        file: The file's path.
    """
    runs = (
        rows.lazy()
        .select(run=pl.col("document_id").rle())
        .unnest("run")
        .select(
            document_id="value",
            table=pl.lit(table),
            file=pl.lit(file),
            first=pl.col("len").cum_sum().cast(pl.Int64) - pl.col("len"),
            rows=pl.col("len").cast(pl.Int64),
        )
    )
    columns = frame("offsets", []).columns
    return runs.drop_nulls("document_id").select(columns).collect()
