"""The kinds that add: a rule and the facts in, one result a summed row, column or group out.

Blanks: when the total and at least one part are printed, blank and placeholder
parts count as zero and the result says so. With no part printed it passes where
the total is 0, else it can't be told. A blank total, an unreadable cell, words
without a certain number, a line the document lacks: skipped, with that reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Literal

import msgspec
import polars as pl

from govreport_core.cells import (
    DECIMALS,
    Axis,
    Lack,
    Sum,
    alone,
    at,
    below,
    crossing,
    key,
    number,
    together,
)
from govreport_core.checks.base import COMPARED, Named, RuleKind
from govreport_core.checks.facts import Facts, Reason, because, findings, lines_of
from govreport_core.forms import FormTable


class Equation(msgspec.Struct, frozen=True):
    """Two sides that should make the same, on each of a table's lines in every report.

    Attributes:
        subject: What it is about, as it stands in `checks.subject`.
        required: Cells without which it can't be told.
        place: The row of values whose place is the result's.
        said: What the sentence of a failure needs.
        only: The rows of `cells.lines` it is about.
    """

    subject: pl.Expr
    left: Sum
    right: Sum
    required: Sum
    place: pl.Expr
    said: dict[str, pl.Expr]
    only: pl.Expr


class Balance(RuleKind, frozen=True, tag="balance"):
    """In each column, the rows of one side make as much as the rows of the other.

    A column in which a `required` row is blank can't be told.
    """

    table: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    required: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]

    fail_words = COMPARED
    pass_words = COMPARED

    def words(self) -> frozenset[str]:
        """Each operand by its row's code, too."""
        return self.fail_words | {*self.left, *self.right}


def balance(test: Balance, facts: Facts) -> Iterator[pl.LazyFrame]:
    """In each column, the rows of the left side against those of the right.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in the rows `left`, `right` and `required`
            (counts in 件).

    Yields:
        Results as `findings` makes them, one a column: `subject` is `table.*.column`, `expected`
        what `left` makes, `actual` what `right` makes, `assumed_zero` where a blank in them
        counted as 0; a failure holds each operand's number by its row's code.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：表三所印勾稽关系
    """
    table = facts.form.table(test.table)
    yield from _judged(facts, lines_of(facts, table, "rows"), _balance(test, table))


@cache
def _balance(test: Balance, table: FormTable) -> Equation:
    """The equation of a column. Made once: expressions take longer to put together than to ask."""
    cells = {row: key(table.code, row, "*") for row in (*test.left, *test.right)}
    return Equation(
        subject=_across(key(table.code, "*", "{}")),
        left=together([alone(cells[row]) for row in test.left]),
        right=together([alone(cells[row]) for row in test.right]),
        required=together([alone(cells[row]) for row in test.required]),
        place=at(cells[test.right[0]]),
        said={row: number(cell) for row, cell in cells.items()},
        only=pl.lit(value=True),
    )


class Total(RuleKind, frozen=True, tag="total"):
    """The leaves below a group make as much as the group's printed total.

    `sums` says what is added: `rows` (checked in each column) or `columns` (in
    each row). The total is the one line of kind `total` right below the group.
    """

    table: str
    sums: Literal["rows", "columns"]
    groups: tuple[str, ...]

    fail_words = COMPARED | {"parts"}
    pass_words = COMPARED


def total(test: Total, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The leaves of each group against its printed total, on every line that crosses it.

    A group row that a report prints with figures of its own has a result too.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in the groups' leaves and totals (counts
            in 件).

    Yields:
        Results as `findings` makes them, one for each group and line: `subject` is the line, with
        `*` (of several groups, the group) for what is added; `expected` is what the leaves make,
        `actual` the printed total, `assumed_zero` where a blank counted as 0; a failure holds
        `parts`, the leaves' numbers.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：
        表三“总计”列、“（七）总计”，表四各“总计”栏
    """
    table = facts.form.table(test.table)
    laid = lines_of(facts, table, test.sums)
    for group in test.groups:
        # a table's only sum along an axis is written `*`; of several, each by its group
        summed = "*" if len(test.groups) == 1 else group
        yield from _judged(facts, laid, _total(table, test.sums, group, summed))


@cache
def _total(table: FormTable, sums: Axis, group: str, summed: str) -> Equation:
    """The equation of a group, on a line that crosses it; a group's only where it is printed."""
    parts = below(table, sums, group, "*")
    cell = crossing(table, sums, table.total_of(group, sums), "*")
    whole = alone(cell)
    return Equation(
        subject=_across(crossing(table, sums, summed, "{}")),
        left=parts,
        right=whole,
        required=whole,
        place=at(cell),
        said={"parts": parts.numbers},
        only=~pl.col("group") | (pl.min_horizontal(parts.best, whole.best) != Lack.ABSENT),
    )


class Subtotal(RuleKind, frozen=True, tag="subtotal"):
    """A group's own figure beside its leaves, where a report prints both, is what they make."""

    table: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]

    fail_words = COMPARED | {"parts"}
    pass_words = COMPARED

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        return [(self.table, self.rows, self.columns)]


def subtotal(test: Subtotal, facts: Facts) -> Iterator[pl.LazyFrame]:
    """A result for each figure of a group that is printed beside those of its leaves.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in the groups `rows` and `columns` and in
            their leaves (counts in 件).

    Yields:
        Results as `findings` makes them, one a figure: `subject` is the group's cell, `expected`
        what its leaves make, `actual` its own number, `assumed_zero` where a blank counted as 0; a
        failure holds `parts`, the leaves' numbers.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：表三
    """
    table = facts.form.table(test.table)
    groups = {row.code for row in table.rows if row.kind == "group"}
    groups |= {column.code for column in table.columns if column.kind == "group"}
    named: dict[Axis, tuple[str, ...]] = {"rows": test.rows, "columns": test.columns}
    for axis, among in named.items():
        laid = lines_of(facts, table, axis)
        equations = {  # some are one row of their own on an older form
            group: _subtotal(table, axis, group) for group in among if group in groups
        }
        # most reports print none, and the form has none
        printed = laid.select(one.only.any().alias(group) for group, one in equations.items())
        for group, one in equations.items():
            if printed[group].any():
                yield from _judged(facts, laid, one)


@cache
def _subtotal(table: FormTable, axis: Axis, group: str) -> Equation:
    """The equation of a group's own figure, on a line that crosses it."""
    parts = below(table, axis, group, "*")
    cell = crossing(table, axis, group, "*")
    own = alone(cell)
    return Equation(
        subject=_across(crossing(table, axis, group, "{}")),
        left=parts,
        right=own,
        required=own,
        place=at(cell),
        said={"parts": parts.numbers},
        only=~pl.col("group") & ~own.worst.is_in(_UNFILLED) & (parts.best != Lack.ABSENT),
    )


_UNFILLED = [Lack.BLANK, Lack.PLACEHOLDER, Lack.ABSENT]


def _across(subject: str) -> pl.Expr:
    """A subject that names the line of `cells.lines` where it has `{}`."""
    return pl.format(subject, "across")


def _judged(facts: Facts, laid: pl.DataFrame, equation: Equation) -> Iterator[pl.LazyFrame]:
    """What an equation makes on each line of `cells.lines`; only failures tell their numbers."""
    sides = laid.lazy().filter(equation.only).with_columns(**_sides(equation)).collect()
    left, right, worst = pl.col("left"), pl.col("right"), pl.col("worst")
    left_printed, right_printed = pl.col("left_printed"), pl.col("right_printed")
    reason = (
        pl.when(worst >= Lack.ABSENT)
        .then(because(worst))
        .when(~left_printed & ~right_printed)
        .then(pl.lit(Reason.ALL_BLANK))
        .when(pl.col("required") != Lack.NONE)
        .then(pl.lit(Reason.TOTAL_BLANK))
        .when((~left_printed & (right != 0)) | (~right_printed & (left != 0)))
        .then(pl.lit(Reason.PARTS_BLANK))
    )
    known = pl.col("why").is_null()
    unequal = (left != right) & (worst < Lack.ABSENT)
    for some, said in ((sides.filter(unequal), equation.said), (sides.filter(~unequal), {})):
        if some.height:
            yield findings(
                some.lazy(),
                facts.form,
                reason=reason,
                fails=left != right,
                said=said,
                subject=equation.subject,
                expected=pl.when(known).then(left),
                actual=pl.when(known).then(right),
                assumed_zero=known & (worst > Lack.NONE),
                at=pl.col("place"),
            )


def _sides(equation: Equation) -> dict[str, pl.Expr]:
    """An equation's two sides; how they compare is for `_judged`."""
    left, right = equation.left, equation.right
    worst = pl.max_horizontal(left.worst, right.worst)
    doubtful = pl.coalesce(left.doubtful, right.doubtful)
    return {
        "left": left.made.round(DECIMALS),
        "right": right.made.round(DECIMALS),
        "left_printed": left.best == Lack.NONE,
        "right_printed": right.best == Lack.NONE,
        "required": equation.required.worst,
        "worst": worst,
        "place": pl.when(worst >= Lack.TEXT).then(doubtful).otherwise(equation.place),
    }
