"""The kinds that look at a form's tables and their rows: the facts in, a result a finding out.

A report without a finding has one result of its own, a pass or a skip.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from govreport_core.cells import at, key
from govreport_core.checks.base import ALWAYS, REPORT, RuleKind
from govreport_core.checks.facts import Facts, Reason, findings, others, some
from govreport_core.checks.sections import PICTURES
from govreport_core.forms import Form
from govreport_core.model import Severity


class TablesPresent(RuleKind, frozen=True, tag="tables_present"):
    """Each table of the form is in the report.

    A report with the headings of its sections and no table at all is a finding of its own,
    with `pictured` as its severity where pictures may show them.
    """

    pictured: Severity

    cases = frozenset({"missing", "all", "pictured"})


def tables_present(_: TablesPresent, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a table none of whose cells is in the document, else one for the report.

    Args:
        facts: Looks at `state` of `values` in all cells of the form.

    Yields:
        Results as `findings` makes them: `subject` is the table, with the case `missing`; a pass
        is about `report`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    missing = {table.code: pl.col(f"{table.code}~absent") for table in facts.form.tables}
    for table, absent in missing.items():
        if some(facts, f"{table}~absent"):
            yield findings(
                facts.reports.filter(absent),
                facts.form,
                fails=ALWAYS,
                said={"case": pl.lit("missing")},
                subject=pl.lit(table),
            )
    yield findings(
        facts.reports.filter(~pl.any_horizontal(missing.values())), facts.form, subject=REPORT
    )


def no_tables(test: TablesPresent, diagnostics: pl.LazyFrame) -> pl.LazyFrame:
    """One failure a report of no known form that has its sections' headings and no table.

    Args:
        test: The rule.
        diagnostics: Those of the reports of no known form, with `doc`: `code` is looked at.

    Returns:
        Columns of `COLUMNS`: `subject` is `report`, and `params` holds the case, `all` or, where
        pictures may show the tables, `pictured` with the severity `test.pictured`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    pictured = pl.col("code").is_in(PICTURES).any()
    case = pl.when("pictured").then(pl.lit("pictured")).otherwise(pl.lit("all"))
    return (
        diagnostics.group_by("doc", maintain_order=True)
        .agg(none=(pl.col("code") == "no_tables").any(), pictured=pictured)
        .filter("none")
        .select(
            "doc",
            subject=REPORT,
            outcome=pl.lit("fail"),
            severity=pl.when("pictured").then(pl.lit(test.pictured)),
            params=pl.struct(case=case).struct.json_encode(),
        )
    )


class RowsPresent(RuleKind, frozen=True, tag="rows_present"):
    """Each row of the form is in the report.

    Several leaves printed as their group's one row are a finding of their own,
    with `combined` as its severity.
    """

    combined: Severity

    cases = frozenset({"missing", "combined"})


def rows_present(test: RowsPresent, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a row that is missing from a table that is there, else one for the report.

    Args:
        test: The rule.
        facts: Looks at `state` of `values` in all cells of the form.

    Yields:
        Results as `findings` makes them: `subject` is `table.row.*`, with the case `missing` or
        `combined`; a pass, or a skip where no table is there, is about `report`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    lost = (
        facts.reports.select("doc", **_rows_lost(facts.form))
        .unpivot(index="doc", variable_name="subject", value_name="lost")
        .filter("lost")
    )
    merged = pl.concat(_rows_merged(facts))
    found = pl.concat(
        [lost.select("doc", "subject", case=pl.lit("missing"), at=pl.lit(None, pl.Int64)), merged]
    )
    found = found.collect().lazy()
    yield findings(
        found,
        facts.form,
        fails=ALWAYS,
        said={"case": pl.col("case")},
        subject=pl.col("subject"),
        severity=pl.when(pl.col("case") == "combined").then(pl.lit(test.combined)),
        at=pl.col("at"),
    )
    yield findings(
        others(facts, found),
        facts.form,
        reason=pl.when(
            pl.all_horizontal(f"{table.code}~absent" for table in facts.form.tables)
        ).then(pl.lit(Reason.ABSENT)),
        subject=REPORT,
    )


@cache
def _rows_lost(form: Form) -> dict[str, pl.Expr]:
    """By subject, whether a row is missing and no group row stands in its place.

    Made once: expressions take longer to put together than to ask.
    """
    lost = {}
    for table in form.tables:
        for row in table.value_rows:
            subject = key(table.code, row.code, "*")
            there = ~pl.col(f"{table.code}~absent")
            lost[subject] = there & pl.col(f"{table.code}.{row.code}~absent")
            if row.parent is not None:
                lost[subject] &= ~pl.col(f"{table.code}.{row.parent}~as_one")
    return lost


def _rows_merged(facts: Facts) -> Iterator[pl.LazyFrame]:
    """The group rows printed in the place of their leaves, with their first cell's place."""
    yield pl.LazyFrame(
        schema={"doc": pl.UInt32, "subject": pl.String, "case": pl.String, "at": pl.Int64}
    )
    for table in facts.form.tables:
        for group in (row.code for row in table.rows if row.kind == "group"):
            if not some(facts, f"{table.code}.{group}~as_one"):
                continue
            cells = [key(table.code, group, column.code) for column in table.value_columns]
            yield facts.cells.filter(f"{table.code}.{group}~as_one").select(
                "doc",
                subject=pl.lit(key(table.code, group, "*")),
                case=pl.lit("combined"),
                at=pl.coalesce(at(cell) for cell in cells),
            )
