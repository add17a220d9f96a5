"""The kinds that look at an agency's reports as a series: facts in, one result a report out."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from govreport_core.cells import Lack, at, key, lack, number, of_form
from govreport_core.checks.base import COMPARED, RuleKind
from govreport_core.checks.explaining import Explained, explained
from govreport_core.checks.facts import Facts, Reason
from govreport_core.checks.pairs import (
    OLD,
    REPORT,
    line,
    old,
    paired,
    summed,
    without,
)


class Jump(RuleKind, frozen=True, tag="jump"):
    """No cell of `least` or more, in either year, is beyond `above` times the other.

    With `below` it fails only where it is also within `below` times; `explained`
    as in `Chain`.
    """

    cells: tuple[str, ...]
    least: float
    above: float
    explained: Explained
    below: float | None = None

    fail_words = COMPARED | {"quote"}
    cases = frozenset({"plain", "explained"})


def jump(test: Jump, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a cell: its ratio to last year's, where either is large enough.

    Args:
        test: The rule: `least` in the cells' unit; `above` and `below` are multiples.
        facts: Looks at `number` and `state` of `values` in `test.cells` (counts in 件, money in
            万元), in the report and in the same agency's report for the year before, `prior`, and
            at `text` of `sections` for an explanation.

    Yields:
        Results as `findings` makes them, one a cell: `subject` is the cell, `expected` last year's
        number, `actual` this year's; a failure that is explained holds `quote`. A report without
        one for the year before has one skip, about `report`.

    Source:
        统计数据审核的通行做法；
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：表二金额单位为万元
    """
    there = set(of_form(facts.form))
    cells = [cell for cell in test.cells if cell in there]
    pairs = paired(facts, set(cells))
    found = pl.concat(
        line(
            pairs,
            subject=cell,
            before=[cell],
            own=[cell],
            expected=old(cell),
            actual=number(cell),
            place=at(cell),
        )
        for cell in cells
    )
    this, last = pl.col("actual"), pl.col("expected")
    large = (pl.max_horizontal(this, last) >= test.least) & (this >= 0) & (last >= 0)
    most, least = pl.max_horizontal(this, last), pl.min_horizontal(this, last)
    # a figure of 0 on one side has no ratio: it is beyond any, and near none
    beyond = most > test.above * least
    if test.below is not None:
        beyond &= (least > 0) & (most < test.below * least)
    yield without(facts)
    found = found.with_columns(fails=large & beyond)
    yield explained(facts, test.explained, found, unlike=True)


class Identical(RuleKind, frozen=True, tag="identical"):
    """The figures aren't all those of last year, where `least` or more aren't 0.

    `explained` as in `Chain`.
    """

    least: int
    explained: Explained

    fail_words = frozenset({"count", "quote"})
    cases = frozenset({"plain", "explained"})


def identical(test: Identical, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: whether all its figures but the zeros are last year's.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in all cells of the form, in the report
            and in the same agency's report for the year before, `prior`, and at `text` of
            `sections` for an explanation.

    Yields:
        Results as `findings` makes them, one a current report: `subject` is `report`, without
        `expected` and `actual`; a failure holds `count` (the cells that aren't 0) and, if
        explained, `quote`.

    Source:
        统计数据审核的通行做法
    """
    cells = of_form(facts.form)
    sums = {
        "made": pl.sum_horizontal(number(cell) for cell in cells),
        "some": pl.sum_horizontal((number(cell) != 0).cast(pl.UInt16) for cell in cells),
        "doubt": pl.max_horizontal(lack(cell) for cell in cells) >= Lack.TEXT,
    }
    own = facts.cells.filter("current").select("doc", "prior", "prior~lack", **sums).collect()
    paired_with = own["prior"].drop_nulls()
    last = facts.every[paired_with].select(
        "form", prior=paired_with, made=sums["made"], doubt=sums["doubt"]
    )
    own = own.join(last.unique("prior"), on="prior", how="left", suffix=OLD, maintain_order="left")
    # only of those that make the same is every cell held against the other
    alike = own.filter((pl.col("made") == pl.col(f"made{OLD}")) & (pl.col("some") >= test.least))
    numbers = [number(cell).fill_null(0.0) for cell in cells]
    this = facts.every[alike["doc"]].select(numbers)
    both = this.hstack(facts.every[alike["prior"]].select(n.name.suffix(OLD) for n in numbers))
    equal = pl.all_horizontal(pl.col(c) == pl.col(f"{c}{OLD}") for c in this.columns)
    same = alike["doc"].filter(both.select(equal).to_series())
    broken = (pl.col("form") != facts.form.id) | pl.col("form").is_null()
    found = own.select(
        "doc",
        subject=REPORT,
        count=pl.col("some"),
        why=pl.when(pl.col("prior~lack").is_not_null())
        .then(pl.col("prior~lack"))
        .when(broken)
        .then(pl.lit(Reason.FORM_BREAK))
        .when(pl.col("doubt") | pl.col(f"doubt{OLD}"))
        .then(pl.lit(Reason.UNREADABLE)),
        fails=pl.col("doc").is_in(same.implode()),
    )
    yield explained(facts, test.explained, found, count=pl.col("count"))


class FormBreak(RuleKind, frozen=True, tag="form_break"):
    """On each row, `now` isn't last year's `before`, of another form, carried on.

    Carried on is: last year's figure with this year's `plus` and `minus`, at
    least `least`. A failure that the report's text explains becomes a note.
    """

    table: str
    now: str
    before: str
    least: float
    explained: Explained
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()

    fail_words = COMPARED | {"quote"}
    cases = frozenset({"plain", "explained"})


def form_break(test: FormBreak, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a row of a report whose year before is on the form that has `before`.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in `now`, `plus` and `minus` of the report
            and in `before` of the same agency's report for the year before, `prior` (counts in
            件), and at `text` of `sections` for an explanation.

    Yields:
        Results as `findings` makes them, one a row: `subject` is the row's cell in `now`,
        `expected` last year's figure carried on, `actual` this year's; it fails where these are
        equal. A failure that is explained holds `quote`. None where there is no report for the
        year before, or its form has no `before`.

    Source:
        国办公开办函〔2021〕30号：表二改“对外公开总数量”为“现行有效件数”
    """
    table = next((t for t in facts.form.tables if t.code == test.table), None)
    if table is None or test.now not in {c.code for c in table.value_columns}:
        return
    rows = {
        row.code: {
            column: key(table.code, row.code, column)
            for column in (test.now, test.before, *test.plus, *test.minus)
        }
        for row in table.value_rows
    }
    pairs = paired(facts, {cell for cells in rows.values() for cell in cells.values()})
    found = pl.concat(
        line(
            pairs,
            subject=cells[test.now],
            before=[cells[test.before]],
            own=[cells[code] for code in (*test.plus, *test.minus, test.now)],
            expected=old(cells[test.before])
            + summed(number(cells[code]) for code in test.plus)
            - summed(number(cells[code]) for code in test.minus),
            actual=number(cells[test.now]),
            place=at(cells[test.now]),
        )
        for cells in rows.values()
    )
    carried_on = (pl.col("actual") >= test.least) & (pl.col("actual") == pl.col("expected"))
    yield explained(
        facts,
        test.explained,
        # on the same form there is nothing to carry on wrongly
        found.filter((pl.col("why") != Reason.FORM_BREAK).fill_null(value=True)).with_columns(
            fails=carried_on
        ),
    )
