"""The kinds that add: a rule and the facts in, one result a summed row, column or group out.

Blanks: when the total and at least one part are printed, blank and placeholder
parts count as zero and the result says so. With no part printed it passes where
the total is 0, else it can't be told. A blank total, an unreadable cell, words
without a certain number, a line the document lacks: skipped, with that reason.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import polars as pl

from govreport_core.cells import Lack, at, key, lack, number
from govreport_core.checks.facts import Facts, Reason, because, findings
from govreport_core.checks.kinds import Balance, Total, total_of
from govreport_core.forms import Column, FormTable, Row

DECIMALS = 6  # fractions are compared as they are printed, not as binary floats carry them


class Sum(msgspec.Struct, frozen=True):
    """Some cells taken together.

    Attributes:
        made: What their numbers make; 0 where they have none.
        worst: The gravest `Lack` among them.
        best: The least one; `NONE` where at least one number is printed.
        numbers: Their numbers as a list, null for a cell without.
        doubtful: The row of values of the first that can't be told.
    """

    made: pl.Expr
    worst: pl.Expr
    best: pl.Expr
    numbers: pl.Expr
    doubtful: pl.Expr


def balance(test: Balance, facts: Facts) -> Iterator[pl.LazyFrame]:
    """In each column, the rows of the left side against those of the right."""
    table = facts.form.table(test.table)
    operands = (*test.left, *test.right)
    lines = []
    for column in table.value_columns:
        cells = {row: key(table.code, row, column.code) for row in operands}
        lines.append(
            _equation(
                facts.reports,
                key(table.code, "*", column.code),
                left=_together([_alone(cells[row]) for row in test.left]),
                right=_together([_alone(cells[row]) for row in test.right]),
                required=_together([_alone(cells[row]) for row in test.required]),
                place=at(cells[test.right[0]]),
                said={row: number(cell) for row, cell in cells.items()},
            )
        )
    yield _judged(facts, lines, operands)


def total(test: Total, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The leaves of each group against its printed total, on every line that crosses it.

    A group row that a report prints with figures of its own has a result too.
    """
    table = facts.form.table(test.table)
    lines = []
    for group in test.groups:
        last = total_of(table, test.sums, group)
        # a table's only sum along an axis is written `*`; of several, each by its group
        summed = "*" if len(test.groups) == 1 else group
        for across in table.value_columns if test.sums == "rows" else table.rows:
            parts = _parts(table, test.sums, group, across.code)
            whole = _crossing(table, test.sums, last, across.code)
            line = _equation(
                facts.reports,
                _crossing(table, test.sums, summed, across.code),
                left=parts,
                right=_alone(whole),
                required=_alone(whole),
                place=at(whole),
                said={"parts": parts.numbers},
            )
            lines.append(line.filter(pl.col("seen")) if across.kind == "group" else line)
    yield _judged(facts, lines, ("parts",))


def _equation(
    reports: pl.LazyFrame,
    subject: str,
    *,
    left: Sum,
    right: Sum,
    required: Sum,
    place: pl.Expr,
    said: dict[str, pl.Expr],
) -> pl.LazyFrame:
    """One line's two sides, a row a report; how they compare is for `_judged`."""
    worst = pl.max_horizontal(left.worst, right.worst)
    return reports.select(
        "doc",
        subject=pl.lit(subject),
        left=left.made.round(DECIMALS),
        right=right.made.round(DECIMALS),
        left_printed=left.best == Lack.NONE,
        right_printed=right.best == Lack.NONE,
        required=required.worst,
        worst=worst,
        seen=pl.min_horizontal(left.best, right.best) != Lack.ABSENT,
        at=pl.when(worst >= Lack.TEXT)
        .then(pl.coalesce(left.doubtful, right.doubtful))
        .otherwise(place),
        **said,
    )


def _judged(facts: Facts, lines: list[pl.LazyFrame], said: tuple[str, ...]) -> pl.LazyFrame:
    left, right, worst = pl.col("left"), pl.col("right"), pl.col("worst")
    left_printed, right_printed = pl.col("left_printed"), pl.col("right_printed")
    blank = worst.is_in([Lack.BLANK, Lack.PLACEHOLDER])
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
    return findings(
        pl.concat(lines),
        facts.form,
        reason=reason,
        fails=left != right,
        said={name: pl.col(name) for name in said},
        subject=pl.col("subject"),
        expected=pl.when(known).then(left),
        actual=pl.when(known).then(right),
        assumed_zero=known & blank,
        at=pl.col("at"),
    )


def _parts(table: FormTable, sums: str, group: str, across: str) -> Sum:
    """The leaves below a group, a printed group row in the place of leaves without figures.

    Where a report prints several leaves as their group's one row, that row is
    the part. Where it prints both, the leaves are, and the group row isn't
    added to them; unless they are all without a figure and only it has one.
    """
    lines: tuple[Row, ...] | tuple[Column, ...] = table.rows if sums == "rows" else table.columns
    parts = []
    for line in lines:
        if line.parent != group or line.kind == "total":
            continue
        own = _alone(_crossing(table, sums, line.code, across))
        if line.kind == "leaf":
            parts.append(own)
        else:
            parts.append(_instead(own, _parts(table, sums, line.code, across)))
    return _together(parts)


def _crossing(table: FormTable, sums: str, line: str, across: str) -> str:
    return key(table.code, line, across) if sums == "rows" else key(table.code, across, line)


def _alone(cell: str) -> Sum:
    return Sum(
        made=number(cell).fill_null(0.0),
        worst=lack(cell),
        best=lack(cell),
        numbers=pl.concat_list(number(cell)),
        doubtful=pl.when(lack(cell) >= Lack.TEXT).then(at(cell)),
    )


def _together(sums: list[Sum]) -> Sum:
    return Sum(
        made=pl.sum_horizontal(s.made for s in sums),
        worst=pl.max_horizontal(s.worst for s in sums),
        best=pl.min_horizontal(s.best for s in sums),
        numbers=pl.concat_list(s.numbers for s in sums),
        doubtful=pl.coalesce(s.doubtful for s in sums),
    )


def _instead(own: Sum, leaves: Sum) -> Sum:
    """The group's own cell where its leaves are absent, or without a figure while it has one."""
    absent = (leaves.best == Lack.ABSENT) & (own.worst != Lack.ABSENT)
    unfilled = (leaves.best != Lack.NONE) & (leaves.worst <= Lack.ABSENT) & (own.worst == Lack.NONE)
    use = absent | unfilled
    return Sum(
        made=pl.when(use).then(own.made).otherwise(leaves.made),
        worst=pl.when(use).then(own.worst).otherwise(leaves.worst),
        best=pl.when(use).then(own.best).otherwise(leaves.best),
        numbers=pl.when(use).then(own.numbers).otherwise(leaves.numbers),
        doubtful=pl.when(use).then(own.doubtful).otherwise(leaves.doubtful),
    )
