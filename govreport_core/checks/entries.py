"""The kinds that look at single cells: a rule and the facts in, one result a finding out.

Where nothing is found, the table or the report has one result: a pass, or a
skip where a cell that could be at fault can't be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import polars as pl

from govreport_core.cells import at, key, lack, number, official
from govreport_core.checks.base import COMPARED, RuleKind
from govreport_core.checks.facts import PLACE, Facts, Reason, because, findings, others, some
from govreport_core.forms import Form
from govreport_core.model import Severity

RAW_LENGTH = 60  # characters of a cell that a sentence quotes
CELL = ("table", "row", "column")
_FINE = r"[.．]\d{7,}\s*(?:万元)?\s*$"


class NoneInState(RuleKind, frozen=True, tag="none_in_state"):
    """No cell of a table is in that state."""

    state: Literal["blank", "placeholder"]

    fail_words = frozenset({"count", "first"})


def none_in_state(test: NoneInState, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a table: how many of its cells are in that state, and the first of them.

    The cells of a group row count only where it is printed in the place of its leaves.

    Args:
        test: The rule.
        facts: Looks at `state` of `values` in all tables of the form.

    Yields:
        Results as `findings` makes them, one for each table: `subject` is the table; a failure
        holds `count` (cells in that state) and `first` (the first of them), and has the first
        one's place.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    groups = pl.concat(
        [pl.LazyFrame(schema={"doc": pl.UInt32, "table": pl.String, "row": pl.String})]
        + [
            facts.reports.filter(f"{table.code}.{row.code}~as_one").select(
                "doc", table=pl.lit(table.code), row=pl.lit(row.code)
            )
            for table in facts.form.tables
            for row in table.rows
            if row.kind == "group" and some(facts, f"{table.code}.{row.code}~as_one")
        ]
    )
    cells = pl.LazyFrame({"cell": [c for names in official(facts.form).values() for c in names]})
    hits = facts.odd.filter(pl.col("state") == test.state).with_columns(
        cell=pl.concat_str(*CELL, separator=".")
    )
    found = (
        pl.concat(
            [
                hits.join(cells, on="cell", how="semi"),
                hits.join(groups, on=["doc", "table", "row"], how="semi"),
            ]
        )
        .group_by("doc", "table")
        .agg(count=pl.len(), first=pl.col("cell").sort_by("at").first(), at=pl.col("at").min())
    )
    tables = [
        facts.reports.select(
            "doc",
            table=pl.lit(table.code),
            absent=pl.col(f"{table.code}~absent"),
            unseen=pl.col(f"{table.code}~unseen"),
        )
        for table in facts.form.tables
    ]
    yield findings(
        pl.concat(tables).join(found, on=["doc", "table"], how="left"),
        facts.form,
        reason=pl.when("absent")
        .then(pl.lit(Reason.ABSENT))
        .when(pl.col("count").is_null() & pl.col("unseen"))
        .then(pl.lit(Reason.UNREADABLE)),
        fails=pl.col("count").is_not_null(),
        said={"count": pl.col("count"), "first": pl.col("first")},
        subject=pl.col("table"),
        at=pl.col("at"),
    )


class Entries(RuleKind, frozen=True, tag="entries"):
    """No cell's content has this fault.

    Words, a negative number, a fraction of a count, an amount finer than a 分. Words
    around one certain number weigh `beside` only.
    """

    fault: Literal["text", "negative", "fraction", "decimals"]
    beside: Severity | None = None

    fail_words = frozenset({"raw", "actual"})


def entries(test: Entries, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a cell at fault, else one for the report.

    Args:
        test: The rule.
        facts: Looks at `state`, `number` and `raw` of `values` where a cell holds no plain number
            (counts in 件, money in 万元).

    Yields:
        Results as `findings` makes them: `subject` is the cell, `actual` its number, and `raw`
        what is printed there; a pass or skip is about `report`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号；
        国办公开办函〔2021〕30号：表二第二十条第（八）项，单位万元
    """
    columns = {
        f"{table.code}.{column.code}": column
        for table in facts.form.tables
        for column in table.columns
    }
    place = pl.concat_str("table", "column", separator=".")
    found = facts.odd.filter(
        {
            "text": pl.col("state") == "text",
            "negative": (pl.col("number") < 0)
            & ~place.is_in([c for c, column in columns.items() if column.signed]),
            "fraction": (pl.col("number") != pl.col("number").floor())
            & place.is_in([c for c, column in columns.items() if column.value == "count"]),
            "decimals": (pl.col("state") == "reported")
            & pl.col("raw").str.contains(_FINE)
            & place.is_in([c for c, column in columns.items() if column.value == "money"]),
        }[test.fault]
    )
    yield findings(
        found,
        facts.form,
        fails=pl.lit(value=True),
        said={"raw": pl.col("raw").str.slice(0, RAW_LENGTH)},
        subject=pl.concat_str(*CELL, separator="."),
        severity=pl.when((pl.col("state") == "text") & pl.col("number").is_not_null()).then(
            pl.lit(test.beside, pl.String)
        ),
        actual=pl.col("number"),
        at=pl.col("at"),
    )
    yield findings(
        others(facts, found),
        facts.form,
        reason=_not_all_read(facts.form),
        subject=pl.lit("report"),
    )


class ExtraCells(RuleKind, frozen=True, tag="extra_cells"):
    """No row has more cells than the table has columns."""

    fail_words = COMPARED


def extra_cells(_: ExtraCells, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a row with more cells than columns, else one for the report.

    Args:
        facts: Looks at `diagnostics` of the code `extra_cells`: `table`, `row`, `expected`,
            `printed`.

    Yields:
        Results as `findings` makes them: `subject` is `table.row.*`, `expected` the number of
        columns, `actual` that of cells; a pass or skip is about `report`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    found = facts.diagnostics.filter(pl.col("code") == "extra_cells")
    yield findings(
        found,
        facts.form,
        fails=pl.lit(value=True),
        subject=pl.concat_str("table", "row", pl.lit("*"), separator=".", ignore_nulls=True),
        expected=pl.col("expected"),
        actual=pl.col("printed"),
        placed=True,
    )
    yield findings(
        others(facts, found),
        facts.form,
        reason=_not_all_read(facts.form),
        subject=pl.lit("report"),
    )


class Unit(RuleKind, frozen=True, tag="unit"):
    """An amount has its unit, in its cell or in the header."""

    fail_words = frozenset({"raw"})


def unit(_: Unit, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result an amount whose header names no unit on the official form.

    Args:
        facts: Looks at `diagnostics` of the code `unit_missing`, and at `number`, `state` and
            `raw` of `values` in columns of money.

    Yields:
        Results as `findings` makes them, one for each such cell: `subject` is the cell, `actual`
        its number in 万元; a failure holds `raw`, what is printed there.

    Source:
        国办公开办函〔2019〕60号：政府集中采购总金额
    """
    lacking = facts.diagnostics.filter(pl.col("code") == "unit_missing").unique(
        ["doc", *CELL], keep="first"
    )
    for table in facts.form.tables:
        for row in table.value_rows:
            for column in table.value_columns:
                if column.value != "money" or column.unit is not None:
                    continue
                cell = key(table.code, row.code, column.code)
                this = [
                    pl.col(name) == code for name, code in zip(CELL, cell.split("."), strict=True)
                ]
                yield findings(
                    facts.cells.join(
                        lacking.filter(this).select("doc", *PLACE),
                        on="doc",
                        how="left",
                    ).join(facts.odd.filter(this).select("doc", "raw"), on="doc", how="left"),
                    facts.form,
                    reason=pl.when(pl.col("part").is_null()).then(because(lack(cell))),
                    fails=pl.col("part").is_not_null(),
                    said={"raw": pl.col("raw").str.slice(0, RAW_LENGTH)},
                    subject=pl.lit(cell),
                    actual=number(cell),
                    at=at(cell),
                    placed=True,
                )


def _not_all_read(form: Form) -> pl.Expr:
    tables = [table.code for table in form.tables]
    return (
        pl.when(pl.all_horizontal(f"{table}~absent" for table in tables))
        .then(pl.lit(Reason.ABSENT))
        .when(pl.any_horizontal(f"{table}~unreadable" for table in tables))
        .then(pl.lit(Reason.UNREADABLE))
    )
