"""Documents' ids in, their failed results out: a few by their places, many by a file at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from govreport_core.model import Outcome
from govreport_core.schemas import frame

FEW = 300
"""Up to so many documents are read where `offsets` says that they stand, no row beside them."""


def failures(
    version: Path, tables: Mapping[str, pl.LazyFrame], documents: pl.Series
) -> pl.DataFrame:
    """The failed results of some documents; only files that hold any of them are read.

    Args:
        version: The folder of the dataset's version.
        tables: Its tables; of them `offsets` is read.
        documents: Ids, none null.

    Returns:
        The columns of `checks`, `expected` and `actual` in their cells' unit (money in 万元);
        each document's rows in the order in which they were written.
    """
    mine = pl.col("document_id").is_in(documents.implode())
    places = (
        tables["offsets"]
        .filter((pl.col("table") == "checks") & mine)
        .select("file", "first", "rows")
        .sort("file", "first")
        .collect()
    )
    failed = pl.col("outcome") == Outcome.FAIL
    found = [frame("checks", [])]
    for (file,), some in places.partition_by("file", as_dict=True, maintain_order=True).items():
        scan = pl.scan_parquet(version / str(file), hive_partitioning=False)
        if some.height > FEW:
            found.append(scan.filter(failed & mine).collect())
            continue
        slices = [scan.slice(first, rows) for _, first, rows in some.iter_rows()]
        found.append(pl.concat(slices).filter(failed).collect())
    return pl.concat(found)
