"""The kinds that hold single cells against each other: facts in, one result a row or report out.

A blank is no number here: what it stands for only a sum can prove.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from govreport_core.cells import (
    DECIMALS,
    Lack,
    alone,
    at,
    key,
    lack,
    number,
    together,
)
from govreport_core.checks.base import COMPARED, Named, RuleKind
from govreport_core.checks.facts import Facts, Reason, because, findings, lines_of
from govreport_core.forms import FormTable


class AtLeast(RuleKind, frozen=True, tag="at_least"):
    """On each row of these tables, the columns `more` make no less than the columns `less`."""

    tables: tuple[str, ...]
    more: tuple[str, ...]
    less: tuple[str, ...] = ()

    fail_words = COMPARED

    def words(self) -> frozenset[str]:
        """Each operand by its column's code, too."""
        return self.fail_words | {*self.more, *self.less}

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        return [(table, (), (*self.more, *self.less)) for table in self.tables]


def at_least(test: AtLeast, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a row: what the columns `more` make against the columns `less`.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in the columns `more` and `less` of
            `tables` (counts in 件).

    Yields:
        Results as `findings` makes them, one for each row of each table: `subject` is
        `table.row.*`, `expected` what `less` make (0 without any), `actual` what `more` make; a
        failure holds each operand's number by its column's code.

    Source:
        国办公开办函〔2019〕60号：表二第二十条第（一）（五）（六）（八）项；
        国办公开办函〔2021〕30号：表二第二十条第（一）项
    """
    for table in (facts.form.table(code) for code in test.tables):
        cells = {c: key(table.code, "*", c) for c in (*test.more, *test.less)}
        more = together(alone(cells[c]) for c in test.more)
        less = _made(cells[c] for c in test.less)
        every = together(alone(cell) for cell in cells.values())
        known = every.worst == Lack.NONE
        yield findings(
            _rows(facts, table),
            facts.form,
            reason=because(every.worst),
            fails=more.made.round(DECIMALS) < less.round(DECIMALS),
            said={column: number(cell) for column, cell in cells.items()},
            subject=pl.format(key(table.code, "{}", "*"), "across"),
            expected=pl.when(known).then(less),
            actual=pl.when(known).then(more.made),
            at=at(cells[test.more[0]]),
        )


def _rows(facts: Facts, table: FormTable) -> pl.LazyFrame:
    """The rows of a table that hold numbers, below each other: see `cells.lines`."""
    return lines_of(facts, table, "columns").lazy().filter(~pl.col("group"))


class Needs(RuleKind, frozen=True, tag="needs"):
    """On each row of these tables where `column` is above 0, so is one of the sums `some`."""

    tables: tuple[str, ...]
    column: str
    some: tuple[tuple[str, ...], ...]

    fail_words = frozenset({"actual"})

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        columns = (self.column, *(column for columns in self.some for column in columns))
        return [(table, (), columns) for table in self.tables]


def needs(test: Needs, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a row: a column above 0 needs one of some sums above 0.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in `column` and the columns of `some` of
            `tables` (counts in 件).

    Yields:
        Results as `findings` makes them, one for each row of each table: `subject` is the row's
        cell in `column`, `actual` its number. Skipped where it has none, or where it is above 0,
        no sum is known to be and one isn't known.

    Source:
        国办公开办函〔2019〕60号：表二第二十条第（五）（六）项
    """
    for table in (facts.form.table(code) for code in test.tables):
        cell = key(table.code, "*", test.column)
        sums = [
            together(alone(key(table.code, "*", column)) for column in columns)
            for columns in test.some
        ]
        met = pl.any_horizontal((s.worst == Lack.NONE) & (s.made > 0) for s in sums)
        worst = pl.max_horizontal(s.worst for s in sums)
        yield findings(
            _rows(facts, table),
            facts.form,
            reason=pl.when(lack(cell) != Lack.NONE)
            .then(because(lack(cell)))
            .when((number(cell) > 0) & ~met)
            .then(because(worst)),
            fails=(number(cell) > 0) & ~met,
            subject=pl.format(key(table.code, "{}", test.column), "across"),
            actual=number(cell),
            at=at(cell),
        )


class BothOrNeither(RuleKind, frozen=True, tag="both_or_neither"):
    """Two columns of a row are both 0, or neither is."""

    table: str
    row: str
    columns: tuple[str, str]

    def words(self) -> frozenset[str]:
        """Each of the two by its code."""
        return frozenset(self.columns)

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        return [(self.table, (self.row,), self.columns)]


def both_or_neither(test: BothOrNeither, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: both cells 0, or neither.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in the two `columns` of the row (counts in
            件, money in 万元).

    Yields:
        Results as `findings` makes them, one a report: `subject` is `table.row.*`, without
        `expected` and `actual`; a failure holds both numbers, each by its column's code.

    Source:
        国办公开办函〔2019〕60号：表二第二十条第（九）项
    """
    first, second = (key(test.table, test.row, column) for column in test.columns)
    yield findings(
        facts.cells,
        facts.form,
        reason=because(pl.max_horizontal(lack(first), lack(second))),
        fails=(number(first) == 0) != (number(second) == 0),
        said={
            column: number(cell) for column, cell in zip(test.columns, (first, second), strict=True)
        },
        subject=pl.lit(key(test.table, test.row, "*")),
        at=at(first),
    )


class ShareAtMost(RuleKind, frozen=True, tag="share_at_most"):
    """The rows `part` are no more than that share of the rows `base`, in the column.

    A base below `least` is too small to judge and passes.
    """

    table: str
    column: str
    part: tuple[str, ...]
    base: tuple[str, ...]
    most: float
    least: float

    fail_words = frozenset({"expected", "actual", "percent"})

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        return [(self.table, (*self.part, *self.base), (self.column,))]


def share_at_most(test: ShareAtMost, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: a part against a share of its base.

    Args:
        test: The rule: `most` is a fraction of the base, `least` a count in 件.
        facts: Looks at `number` and `state` of `values` in `column` of the rows `part` and `base`
            (counts in 件).

    Yields:
        Results as `findings` makes them, one a report: `subject` is the first cell of `part`,
        `expected` what `base` makes, `actual` what `part` makes, both in 件; a failure holds
        `percent`, the share in % with one decimal.

    Source:
        《政府信息公开条例》第三十三条
    """
    cells = {row: key(test.table, row, test.column) for row in (*test.part, *test.base)}
    part, base = _made(cells[r] for r in test.part), _made(cells[r] for r in test.base)
    worst = pl.max_horizontal(lack(cell) for cell in cells.values())
    known = worst == Lack.NONE
    yield findings(
        facts.cells,
        facts.form,
        reason=because(worst),
        fails=(base >= test.least) & (part > test.most * base),
        said={"percent": (100 * part / base).round(1)},
        subject=pl.lit(cells[test.part[0]]),
        expected=pl.when(known).then(base),
        actual=pl.when(known).then(part),
        at=at(cells[test.part[0]]),
    )


class NoneSince(RuleKind, frozen=True, tag="none_since"):
    """A cell is 0 in reports for that year and later."""

    table: str
    row: str
    column: str
    year: int

    fail_words = frozenset({"actual"})

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        return [(self.table, (self.row,), (self.column,))]


def none_since(test: NoneSince, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report of that year or later: a cell is 0.

    Args:
        test: The rule.
        facts: Looks at `year` of `reports` and `number` and `state` of `values` in the one cell (a
            count in 件).

    Yields:
        Results as `findings` makes them, one a report: `subject` is the cell, `actual` its number.
        Skipped where the year or the number isn't known.

    Source:
        《中华人民共和国行政复议法》（2024年1月1日起施行）第二十三条
    """
    cell = key(test.table, test.row, test.column)
    year = pl.col("year")
    yield findings(
        facts.cells.filter(year.is_null() | (year >= test.year)),
        facts.form,
        reason=pl.when(year.is_null())
        .then(pl.lit(Reason.YEAR_UNKNOWN))
        .otherwise(because(lack(cell))),
        fails=number(cell) > 0,
        subject=pl.lit(cell),
        actual=number(cell),
        at=at(cell),
    )


class TotalPrinted(RuleKind, frozen=True, tag="total_printed"):
    """Where parts are printed, so is their total: in each row, and below the group of rows."""

    table: str
    columns: str
    rows: str

    fail_words = frozenset({"count", "first"})

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        return [(self.table, (self.rows,), (self.columns,))]


def total_printed(test: TotalPrinted, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: how many totals are blank beside printed parts, and the first.

    Args:
        test: The rule.
        facts: Looks at `state` of `values`, in the table's totals and in the cells they are of.

    Yields:
        Results as `findings` makes them, one a report: `subject` is the table; a failure holds
        `count`, the totals that are blank or a placeholder beside a printed part, and `first`, the
        first of these cells.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：表三“总计”列、“（七）总计”行
    """
    table = facts.form.table(test.table)
    blank = _blank_totals(test, table)
    first = pl.coalesce(pl.when(total).then(pl.lit(total)) for total in blank)
    place = pl.coalesce(pl.when(total).then(at(total)) for total in blank)
    flags = pl.col("doc", f"{table.code}~absent", f"{table.code}~unseen")
    yield findings(
        facts.cells.select(flags, *map(at, blank), **blank),
        facts.form,
        reason=pl.when(f"{table.code}~absent")
        .then(pl.lit(Reason.ABSENT))
        .when(first.is_null() & pl.col(f"{table.code}~unseen"))
        .then(pl.lit(Reason.UNREADABLE)),
        fails=first.is_not_null(),
        said={
            "count": pl.sum_horizontal(pl.col(total).cast(pl.UInt16) for total in blank),
            "first": first,
        },
        subject=pl.lit(table.code),
        at=place,
    )


@cache
def _blank_totals(test: TotalPrinted, table: FormTable) -> dict[str, pl.Expr]:
    """By total, whether it is blank beside printed parts, in the order they are printed.

    Made once: expressions take longer to put together than to ask.
    """
    last = table.total_of(test.columns, "columns")
    parts: dict[str, list[str]] = {
        key(table.code, row.code, last): [
            key(table.code, row.code, column.code)
            for column in table.columns
            if column.code != last and column.kind != "label"
        ]
        for row in table.rows
    }
    last = table.total_of(test.rows, "rows")
    for column in table.value_columns:
        below = [key(table.code, row.code, column.code) for row in table.leaves(test.rows)]
        parts.setdefault(key(table.code, last, column.code), []).extend(below)
    return {
        total: lack(total).is_in([Lack.BLANK, Lack.PLACEHOLDER])
        & (pl.min_horizontal(lack(cell) for cell in cells) == Lack.NONE)
        for total, cells in parts.items()
    }


class RowNeedsKind(RuleKind, frozen=True, tag="row_needs_kind"):
    """A row is above 0 only in reports of agencies of these kinds, and of none of these levels."""

    table: str
    row: str
    kinds: tuple[str, ...]
    not_levels: tuple[str, ...]

    fail_words = frozenset({"actual"})

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        return [(self.table, (self.row,), ())]


def row_needs_kind(test: RowNeedsKind, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: a row above 0 is for agencies of some kinds.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in all columns of the row (counts in 件),
            and at `agency_kind` and `agency_level` of `reports`.

    Yields:
        Results as `findings` makes them, one a report: `subject` is `table.row.*`, `actual` the
        row's largest number where one is above 0. Skipped where none is and the row isn't all
        known, or one is and the agency's kind isn't known.

    Source:
        《中华人民共和国立法法》第九十一条、第九十三条（2023年修正前为第八十条、第八十二条）
    """
    table = facts.form.table(test.table)
    cells = [key(table.code, test.row, column.code) for column in table.value_columns]
    row = together(alone(cell) for cell in cells)
    positive = pl.any_horizontal(number(cell).fill_null(0) > 0 for cell in cells)
    may = pl.col("agency_kind").is_in(test.kinds) & (
        pl.col("agency_level").is_null() | ~pl.col("agency_level").is_in(test.not_levels)
    )
    yield findings(
        facts.cells,
        facts.form,
        reason=pl.when(~positive)
        .then(because(row.worst))
        .when(pl.col("agency_kind").is_null())
        .then(pl.lit(Reason.KIND_UNKNOWN)),
        fails=positive & ~may,
        subject=pl.lit(key(table.code, test.row, "*")),
        actual=pl.when(positive).then(pl.max_horizontal(number(cell) for cell in cells)),
        at=at(cells[0]),
    )


def _made(cells: Iterator[str]) -> pl.Expr:
    numbers = [number(cell) for cell in cells]
    return pl.sum_horizontal(numbers) if numbers else pl.lit(0.0)
