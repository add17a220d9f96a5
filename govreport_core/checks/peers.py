"""The kind that sets an agency beside its like: frames in, one result a report out.

Its like are the agencies of its kind and level in divisions of the same one above, that
year. One pass over the figures, whatever their number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from govreport_core.checks.base import Named, RuleKind
from govreport_core.checks.facts import Reason
from govreport_core.checks.figures import figures, named

_LIKE = ("agency_kind", "agency_level", "above", "year", "subject")


class ZeroAmong(RuleKind, frozen=True, tag="zero_among"):
    """A cell isn't 0 where it is `large` or more in all of the like, which are `least` or more."""

    cells: tuple[str, ...]
    least: int
    large: float

    fail_words = frozenset({"actual", "count", "smallest"})

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        return named(self.cells)


def zero_among(
    test: ZeroAmong, frames: Mapping[str, pl.DataFrame], reports: pl.DataFrame
) -> Iterator[pl.LazyFrame]:
    """One result a cell that is 0 among large ones, else one for the report.

    Args:
        test: The rule: `large` in the cells' unit, `least` a number of agencies.
        frames: Looks at `number` of `values` in `test.cells` (counts in 件), where `state` is
            `reported`.
        reports: The table `reports` with `doc`: `agency_kind`, `agency_level`, `region_code`,
            `year`.

    Yields:
        Columns of `COLUMNS`: of a failure `subject` is the cell, `actual` its 0, and `params`
        holds `count` (the other agencies) and `smallest` (their smallest number). A pass, or a
        skip for too few of its like, is about `report`.

    Source:
        统计数据审核的通行做法
    """
    of = reports.filter(
        pl.col("current") & pl.col("form").is_not_null() & pl.col("year").is_not_null()
    ).select("doc", "document_id", "form", "year", "agency_kind", "agency_level", above=_above())
    found = _figures(test, frames["values"], of)
    number = pl.col("number")
    groups = found.group_by(_LIKE).agg(
        count=pl.len() - 1,
        small=(number < test.large).sum(),
        smallest=number.filter(number >= test.large).min(),
    )
    held = found.join(groups, on=_LIKE, how="left", maintain_order="left").filter(
        pl.col("count") >= test.least
    )
    # its own is the only one that isn't large
    alone = held.filter((number == 0) & (pl.col("small") == 1))
    yield alone.lazy().select(
        "doc",
        "subject",
        outcome=pl.lit("fail"),
        actual=number,
        params=pl.struct("form", "count", "smallest").struct.json_encode(),
        at=pl.col("at"),
    )
    compared = pl.col("doc").is_in(held["doc"].implode())
    yield (
        of.filter(~pl.col("doc").is_in(alone["doc"].implode()))
        .lazy()
        .select(
            "doc",
            subject=pl.lit("report"),
            outcome=pl.when(compared).then(pl.lit("pass")).otherwise(pl.lit("skip")),
            reason=pl.when(~compared).then(pl.lit(Reason.FEW_PEERS)),
            params=pl.struct("form").struct.json_encode(),
        )
    )


def _above() -> pl.Expr:
    """The division above the agency's own; null where none can be told."""
    code, level = pl.col("region_code"), pl.col("agency_level")
    return (
        pl.when(level == "township")
        .then(code)
        .when(level == "county")
        .then(code.str.slice(0, 4))
        .when(level == "prefecture")
        .then(code.str.slice(0, 2))
        .when(level == "province")
        .then(pl.when(code.is_not_null()).then(pl.lit("")))
    )


def _figures(test: ZeroAmong, values: pl.DataFrame, of: pl.DataFrame) -> pl.DataFrame:
    """The figures looked at, of reports whose like can be told, with their row of `values`."""
    told = of.filter(pl.all_horizontal(pl.col(*_LIKE[:3]).is_not_null()))
    known = (pl.col("state") == "reported") & pl.col("number").is_not_null()
    found = figures(test.cells, values).filter(known).join(told.lazy(), on="document_id")
    return found.drop("document_id", "state").collect()
