"""A file's rows in, the table `offsets` out: where each document's stand in it."""

from __future__ import annotations

import polars as pl


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
