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
from govreport_core.checks.facts import Facts, Reason, because, findings
from govreport_core.forms import Column, FormTable, Row


class Equation(msgspec.Struct, frozen=True):
    """Two sides that should make the same, in every report.

    Attributes:
        subject: What it is about, as it stands in `checks.subject`.
        required: Cells without which it can't be told.
        place: The row of values whose place is the result's.
        said: What the sentence of a failure needs.
        group: Whether it is about a line that only some reports print.
        only: The reports it is about; None for all.
    """

    subject: str
    left: Sum
    right: Sum
    required: Sum
    place: pl.Expr
    said: dict[str, pl.Expr]
    group: bool = False
    only: pl.Expr | None = None


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
    yield _judged(_narrow(facts, table), _balances(test, table))


@cache
def _balances(test: Balance, table: FormTable) -> list[Equation]:
    """An equation a column. Made once: to put expressions together takes longer than to judge."""
    equations = []
    for column in table.value_columns:
        cells = {row: key(table.code, row, column.code) for row in (*test.left, *test.right)}
        equations.append(
            Equation(
                subject=key(table.code, "*", column.code),
                left=together([alone(cells[row]) for row in test.left]),
                right=together([alone(cells[row]) for row in test.right]),
                required=together([alone(cells[row]) for row in test.required]),
                place=at(cells[test.right[0]]),
                said={row: number(cell) for row, cell in cells.items()},
            )
        )
    return equations


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
    yield _judged(_narrow(facts, table), _totals(test, table))


@cache
def _totals(test: Total, table: FormTable) -> list[Equation]:
    """An equation for each group and line that crosses it."""
    equations = []
    for group in test.groups:
        last = table.total_of(group, test.sums)
        # a table's only sum along an axis is written `*`; of several, each by its group
        summed = "*" if len(test.groups) == 1 else group
        for across in table.value_columns if test.sums == "rows" else table.rows:
            parts = below(table, test.sums, group, across.code)
            whole = crossing(table, test.sums, last, across.code)
            equations.append(
                Equation(
                    subject=crossing(table, test.sums, summed, across.code),
                    left=parts,
                    right=alone(whole),
                    required=alone(whole),
                    place=at(whole),
                    said={"parts": parts.numbers},
                    group=across.kind == "group",
                )
            )
    return equations


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
    lines: list[tuple[Axis, str]] = [("rows", row) for row in test.rows]
    lines += [("columns", column) for column in test.columns]
    for axis, group in lines:
        if group not in groups:
            continue  # one row of its own on an older form
        equations = _subtotals(table, axis, group)
        filled = pl.any_horizontal(
            ~alone(equation.subject).worst.is_in(_UNFILLED) for equation in equations
        )
        # most reports print none, and the form has none
        chosen = facts.reports.filter(filled).collect()
        if chosen.height:
            yield _judged(msgspec.structs.replace(facts, reports=chosen.lazy()), equations)


@cache
def _subtotals(table: FormTable, axis: Axis, group: str) -> list[Equation]:
    """An equation for each figure of a group."""
    others: tuple[Row, ...] | tuple[Column, ...] = (
        table.value_columns if axis == "rows" else table.value_rows
    )
    equations = []
    for across in others:
        parts = below(table, axis, group, across.code)
        cell = crossing(table, axis, group, across.code)
        equations.append(
            Equation(
                subject=cell,
                left=parts,
                right=alone(cell),
                required=alone(cell),
                place=at(cell),
                said={"parts": parts.numbers},
                only=~alone(cell).worst.is_in(_UNFILLED) & (parts.best != Lack.ABSENT),
            )
        )
    return equations


_UNFILLED = [Lack.BLANK, Lack.PLACEHOLDER, Lack.ABSENT]


def _narrow(facts: Facts, table: FormTable) -> Facts:
    """The facts with one table's cells alone: many small plans over fewer columns."""
    cells = facts.reports.select("doc", pl.col(rf"^{table.code}\..*[#!@]$"))
    return msgspec.structs.replace(facts, reports=cells.collect().lazy())


def _judged(facts: Facts, equations: list[Equation]) -> pl.LazyFrame:
    sides = pl.concat(_sides(facts, equation) for equation in equations).collect()
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
    unequal = sides.filter((left != right) & (worst < Lack.ABSENT))
    doubted = sides.filter(worst >= Lack.TEXT)
    behind = (
        _behind(facts, equations, unequal, [equation.said for equation in equations]),
        _behind(facts, equations, doubted, [_doubt(equation) for equation in equations]),
    )
    laid = sides.lazy()
    for some in behind:
        laid = laid.join(some, on=["doc", "subject"], how="left", maintain_order="left")
    return findings(
        laid,
        facts.form,
        reason=reason,
        fails=left != right,
        said={name: pl.col(name) for name in equations[0].said},
        subject=pl.col("subject"),
        expected=pl.when(known).then(left),
        actual=pl.when(known).then(right),
        assumed_zero=known & (worst > Lack.NONE),
        at=pl.when(worst >= Lack.TEXT).then("doubtful").otherwise("place"),
    )


def _sides(facts: Facts, equation: Equation) -> pl.LazyFrame:
    """An equation's two sides, a row a report; how they compare is for `_judged`."""
    left, right = equation.left, equation.right
    worst = pl.max_horizontal(left.worst, right.worst)
    sides = facts.reports.select(
        "doc",
        subject=pl.lit(equation.subject),
        left=left.made.round(DECIMALS),
        right=right.made.round(DECIMALS),
        left_printed=left.best == Lack.NONE,
        right_printed=right.best == Lack.NONE,
        required=equation.required.worst,
        worst=worst,
        seen=pl.min_horizontal(left.best, right.best) != Lack.ABSENT
        if equation.only is None
        else equation.only,
        place=equation.place,
    )
    return sides.filter("seen") if equation.group or equation.only is not None else sides


def _doubt(equation: Equation) -> dict[str, pl.Expr]:
    """The first cell of an equation that can't be told."""
    return {"doubtful": pl.coalesce(equation.left.doubtful, equation.right.doubtful)}


def _behind(
    facts: Facts,
    equations: list[Equation],
    few: pl.DataFrame,
    columns: list[dict[str, pl.Expr]],
) -> pl.LazyFrame:
    """What each equation's columns hold of some of its reports; they are few, so only theirs."""
    docs = few.group_by("subject").agg("doc")
    wanted = dict(zip(docs["subject"], docs["doc"], strict=True))
    none = facts.reports.select("doc", subject=pl.lit(""), **columns[0]).limit(0)
    return pl.concat(
        [none]
        + [
            facts.reports.filter(pl.col("doc").is_in(wanted[equation.subject].implode())).select(
                "doc", subject=pl.lit(equation.subject), **told
            )
            for equation, told in zip(equations, columns, strict=True)
            if equation.subject in wanted
        ]
    )
