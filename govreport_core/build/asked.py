"""The facts of some reports in; of these the few rows that the join asks of every report out.

They stand in files of their own beside a chunk's shards, so that a build with nothing
new opens no shard: the cells that rules about the whole dataset name, where dates come
from, conflicts with the manifest, and how many cells are in each state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from govreport_core import checks
from govreport_core.checks.facts import PLACE
from govreport_core.coverage.timing import CONFLICTS
from govreport_core.dataset.parquet import put, scan_files

NAMED, DATES, UNLIKE, STATES = "named", "dates", "unlike", "states"
_OF_CELL = ("document_id", "table", "row", "column", "number", "state", *PLACE)
FILES = {name: f"asked-{name}.parquet" for name in (NAMED, DATES, UNLIKE, STATES)}


def write(frames: Mapping[str, pl.DataFrame], folder: Path) -> None:
    """Write these rows of some reports.

    Args:
        frames: The tables of facts of these reports.
        folder: The chunk's.
    """
    values, cells = frames["values"], _named()
    some = values.select(_OF_CELL).filter(pl.col("row").is_in(cells["row"].unique().implode()))
    asked = {
        # of few rows all three are compared
        NAMED: some.join(cells, on=["table", "row", "column"], how="semi", maintain_order="left"),
        DATES: frames["evidence"].filter(pl.col("field") == "published_on"),
        UNLIKE: frames["diagnostics"].filter(pl.col("code").is_in(CONFLICTS)),
        STATES: values.group_by("document_id", "state").agg(cells=pl.len()),
    }
    for name, rows in asked.items():
        put(rows, folder / FILES[name])


def read(chunks: Iterable[Path], name: str) -> pl.DataFrame:
    """These rows of all reports, chunk after chunk.

    Args:
        chunks: The folders of the shards, at least one.
        name: `NAMED` (of `values` what is looked at), `DATES` (of `evidence`), `UNLIKE` (of
            `diagnostics`), or `STATES` (`document_id`, `state` and how many `cells`).
    """
    return scan_files(chunk / FILES[name] for chunk in chunks).collect()


def _named() -> pl.DataFrame:
    cells = [cell.split(".") for cell in sorted(checks.cells_of_the_whole())]
    schema = dict.fromkeys(("table", "row", "column"), pl.String)
    return pl.DataFrame(cells, schema=schema, orient="row")
