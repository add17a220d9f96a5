"""Reports and values in, the readings of one report and the cells in which two differ out."""

from __future__ import annotations

import polars as pl

from govreport_core.cells import DECIMALS

KEYS = ["table", "row", "column"]
KINDS = ("changed", "filled", "emptied", "unread", "other")
"""How a cell differs: both have a certain number, and not the same; only the second has
one; only the first; one of them couldn't be read, so that nothing is known; neither has a
number, but they aren't left out in the same way (a blank, a `/`, no such row)."""


def versions(reports: pl.DataFrame) -> pl.DataFrame:
    """The reports of which there are several readings.

    Args:
        reports: The dataset's `reports`.

    Returns:
        `report_id`, `document_id`, `current`, `published_on`, `source_url` and
        `same_address` (whether it is a capture from the current one's address; null
        where either address isn't known), the current reading of each first, then by
        date and document.
    """
    address = pl.col("source_url")
    return (
        reports.lazy()
        .filter(pl.len().over("report_id") > 1)
        .with_columns(shown=address.filter("current").first().over("report_id"))
        .with_columns(same_address=address == pl.col("shown"))
        .sort(
            "report_id",
            "current",
            "published_on",
            "document_id",
            descending=[False, True, False, False],
            nulls_last=True,
        )
        .select(
            *("report_id", "document_id", "current"),
            *("published_on", "source_url", "same_address"),
        )
        .collect()
    )


def difference(values: pl.DataFrame, before: str, after: str) -> pl.DataFrame:
    """The cells in which two readings differ.

    Args:
        values: The dataset's `values`, of these two documents at least.
        before: The one document's id.
        after: The other's. Which is the earlier is for the caller to know: a capture's
            date isn't always.

    Returns:
        `table`, `row`, `column`, `kind` (one of `KINDS`), `before` and `after` (the
        numbers, money in 万元, null where none is certain), `state_before`,
        `state_after` (`absent` where the other's form has no such cell), `raw_before`,
        `raw_after`; in the form's order, the cells of the second form after those of
        the first. The same number printed otherwise is no difference.
    """
    columns = [*KEYS, "number", "state", "raw"]
    one, two = (
        values.lazy().filter(pl.col("document_id") == document).select(columns)
        for document in (before, after)
    )
    state_before = pl.col("state").fill_null("absent")
    state_after = pl.col("state_after").fill_null("absent")
    was, now = pl.col("number"), pl.col("number_after")
    unread = (state_before == "unreadable") | (state_after == "unreadable")
    same = pl.when(was.is_not_null() & now.is_not_null()).then(
        was.round(DECIMALS) == now.round(DECIMALS)
    )
    return (
        one.with_row_index("order")
        .join(
            two.with_row_index("order_after"),
            on=KEYS,
            how="full",
            coalesce=True,
            suffix="_after",
        )
        .with_columns(
            kind=pl.when(same.not_())
            .then(pl.lit("changed"))
            .when(unread & ~same.fill_null(value=False))
            .then(pl.lit("unread"))
            .when(was.is_null() & now.is_not_null())
            .then(pl.lit("filled"))
            .when(was.is_not_null() & now.is_null())
            .then(pl.lit("emptied"))
            .when(same.is_null() & (state_before != state_after))
            .then(pl.lit("other"))
        )
        .filter(pl.col("kind").is_not_null())
        .sort("order", "order_after", nulls_last=True)
        .select(
            *KEYS,
            "kind",
            before="number",
            after="number_after",
            state_before=state_before,
            state_after=state_after,
            raw_before="raw",
            raw_after="raw_after",
        )
        .collect()
    )
