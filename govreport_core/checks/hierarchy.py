"""The kind that adds up agencies: frames in, a result a figure of a government's report out.

Which agencies a government's figures are of only the roster can say: it is
looked at where that says `perimeter = complete` of the government.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from govreport_core.cells import DECIMALS
from govreport_core.checks.base import COMPARED, Named, RuleKind
from govreport_core.checks.facts import Reason
from govreport_core.checks.figures import figures, named


class Rollup(RuleKind, frozen=True, tag="rollup"):
    """A government's figures are no less than those of all agencies in its area together.

    Only where the roster says `perimeter = complete` of it: a lower government of
    which the roster says so too stands for its own area.
    """

    cells: tuple[str, ...]

    fail_words = COMPARED | {"count"}
    pass_words = COMPARED | {"count"}

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        return named(self.cells)


def rollup(
    test: Rollup, frames: Mapping[str, pl.DataFrame], reports: pl.DataFrame
) -> Iterator[pl.LazyFrame]:
    """One result a figure of a government that is complete in the roster, a skip for others.

    Args:
        test: The rule: `cells` are the figures to add up.
        frames: Looks at `number` of `values` in these cells (counts in 件) and at `agencies`:
            `perimeter`, `region_code`, `valid_from`, `valid_to`, `source`.
        reports: The table `reports` with `doc`, of all forms.

    Yields:
        Columns of `COLUMNS`: `subject` is the cell, `expected` what the agencies within the
        perimeter make and `actual` the government's own; `params` holds `count`, the agencies
        added. Skipped where a number or report is missing; a government without a declared
        perimeter has one skip, about `report`.

    Source:
        各地汇总编制的做法；所附机关名录（perimeter 一栏）；
        《政府信息公开条例》第二十条第（五）（六）项
    """
    roster = frames["agencies"].filter(pl.col("source") != "reports")
    members = _members(roster)
    declared = members["government"].unique()
    current = reports.filter(
        pl.col("current") & pl.col("year").is_not_null() & pl.col("form").is_not_null()
    )
    governments = current.filter(pl.col("agency_kind") == "government")
    yield _undeclared(governments.filter(~pl.col("agency_id").is_in(declared.implode())))
    wanted = governments.filter(pl.col("agency_id").is_in(declared.implode())).select(
        "doc", "form", "year", government="agency_id"
    )
    named = pl.concat([members["agency_id"], declared]).implode()
    found = _figures(test, frames["values"], current.filter(pl.col("agency_id").is_in(named)))
    year = pl.col("year")
    sums = (
        wanted.join(members, on="government")
        .filter(
            (pl.col("since").is_null() | (year >= pl.col("since")))
            & (pl.col("until").is_null() | (year < pl.col("until")))
        )
        .join(pl.DataFrame({"subject": test.cells}), how="cross")
        .join(
            found.select("agency_id", "year", "subject", "number"),
            on=["agency_id", "year", "subject"],
            how="left",
        )
        .group_by("doc", "form", "government", "year", "subject", maintain_order=True)
        .agg(
            # a sum with an unknown in it is unknown
            expected=pl.when(pl.col("number").is_not_null().all()).then(
                pl.col("number").sum().round(DECIMALS)
            ),
            count=pl.len(),
        )
        .join(
            found.select(
                "year", "subject", "at", government="agency_id", actual=pl.col("number").round(6)
            ),
            on=["government", "year", "subject"],
            how="left",
        )
    )
    known = pl.col("expected").is_not_null() & pl.col("actual").is_not_null()
    # more than the parts may be of bodies that the roster doesn't list
    enough = pl.col("actual") >= pl.col("expected")
    yield sums.lazy().select(
        "doc",
        "subject",
        outcome=pl.when(~known)
        .then(pl.lit("skip"))
        .when(enough)
        .then(pl.lit("pass"))
        .otherwise(pl.lit("fail")),
        reason=pl.when(~known).then(pl.lit(Reason.REPORTS_MISSING)),
        expected=pl.when(known).then("expected"),
        actual=pl.when(known).then("actual"),
        params=pl.struct("form", "count").struct.json_encode(),
        at=pl.col("at"),
    )


def _undeclared(governments: pl.DataFrame) -> pl.LazyFrame:
    return governments.lazy().select(
        "doc",
        subject=pl.lit("report"),
        outcome=pl.lit("skip"),
        reason=pl.lit(Reason.PERIMETER_UNKNOWN),
        params=pl.struct("form").struct.json_encode(),
    )


def _members(roster: pl.DataFrame) -> pl.DataFrame:
    """Which agencies a complete government's figures are of: `government`, `agency_id`, years.

    An agency belongs to the nearest such government whose area it lies in, so
    that a lower one stands for its own.
    """
    area = pl.col("region_code").str.replace(r"(?:00){1,2}$", "")
    complete = (
        roster.filter((pl.col("perimeter") == "complete") & pl.col("region_code").is_not_null())
        .select(government="agency_id", area=area)
        .unique("area", keep="first", maintain_order=True)
    )
    code = pl.col("region_code")
    first_year = pl.col("valid_from").str.slice(0, 4).cast(pl.Int32, strict=False)
    last_year = pl.col("valid_to").str.slice(0, 4).cast(pl.Int32, strict=False)
    return (
        roster.filter(code.is_not_null())
        .select(
            "agency_id",
            since=first_year,
            until=last_year,
            area=pl.concat_list(code.str.slice(0, 2), code.str.slice(0, 4), code),
        )
        .explode("area")
        .join(complete, on="area")
        .filter(pl.col("agency_id") != pl.col("government"))
        .sort(pl.col("area").str.len_chars(), descending=True)
        .unique("agency_id", keep="first", maintain_order=True)
        .select("government", "agency_id", "since", "until")
    )


def _figures(test: Rollup, values: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """The cells looked at, of these current reports: whose, `subject`, number, row of values."""
    of = current.lazy().select("document_id", "agency_id", "year")
    return (
        figures(test.cells, values, current["document_id"])
        .join(of, on="document_id")
        .select("agency_id", "year", "subject", "number", "at")
        .unique(["agency_id", "year", "subject"], keep="first", maintain_order=True)
        .collect()
    )
