"""A draft's frames and a dataset in; out, the draft judged beside its agency's last report."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dashboard.data import Data, Row, rows_of
from govreport_core import checks
from govreport_core.folding import squash

_TABLES = ("values", "sections", "claims", "diagnostics", "evidence", "points", "parts")


def last_report(data: Data, frames: Mapping[str, pl.DataFrame]) -> Row | None:
    """The card of the same agency's report of the year before, if the dataset has just one.

    An agency is the same where its name is; of namesakes, where its division is too.

    Args:
        data: The dataset.
        frames: The draft's tables.
    """
    draft = frames["reports"].row(0, named=True)
    if draft["agency_name"] is None or draft["year"] is None:
        return None
    name = squash(draft["agency_name"])
    before = data.reports.filter(
        pl.col("year") == draft["year"] - 1, pl.col("agency_name").is_not_null()
    )
    names = before.select("report_id", "region_code", "agency_name").collect()
    same = [row for row in names.iter_rows(named=True) if squash(row["agency_name"]) == name]
    if len(same) > 1:
        same = [row for row in same if row["region_code"] == draft["region_code"]]
    if len(same) != 1:
        return None
    return data.by_report.of(same[0]["report_id"]).row(0, named=True)


def beside_last(
    data: Data, frames: Mapping[str, pl.DataFrame], last: Row
) -> dict[str, pl.DataFrame]:
    """The draft's tables with its results judged again, its last year's report beside it.

    Args:
        data: The dataset.
        frames: The draft's tables.
        last: The card of that report: see `last_report`.

    Returns:
        The draft's tables; `reports` and `checks` name the dataset's agency.
    """
    mine = frames["reports"].with_columns(agency_id=pl.lit(last["agency_id"]))
    here = pl.col("document_id") == last["document_id"]
    theirs = data.tables["reports"].filter(here).collect().select(mine.columns)
    both = {"reports": pl.concat([mine, theirs], how="vertical_relaxed")}
    for table in _TABLES:
        if table in frames:
            rows = rows_of(data, last["document_id"], table).select(frames[table].columns)
            both[table] = pl.concat([frames[table], rows], how="vertical_relaxed")
    document = mine["document_id"][0]
    results = checks.run(both).filter(document_id=document)
    return {**frames, "reports": mine, "checks": results}
