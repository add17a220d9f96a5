"""The kinds that carry figures from one year to the next: facts in, a result a line out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import polars as pl

from govreport_core.cells import Lack, at, key, lack, number
from govreport_core.checks.base import COMPARED, Named, RuleKind
from govreport_core.checks.explaining import Explained, explained
from govreport_core.checks.facts import Facts, because
from govreport_core.checks.pairs import (
    line,
    old,
    old_lack,
    paired,
    summed,
    told,
    without,
)


class Chain(RuleKind, frozen=True, tag="chain"):
    """On each line, last year's `before` with this year's `plus` and `minus` makes `now`.

    `along` says which lines are gone through; the others are named. A failure
    that the report's text explains becomes a note.
    """

    tables: tuple[str, ...]
    along: Literal["rows", "columns"]
    before: tuple[str, ...]
    now: str
    explained: Explained
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()

    fail_words = COMPARED | {"quote"}
    pass_words = COMPARED
    cases = frozenset({"plain", "explained"})

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        lines = (*self.before, *self.plus, *self.minus, self.now)
        named = ((), lines) if self.along == "rows" else (lines, ())
        return [(table, *named) for table in self.tables]


def chain(test: Chain, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a line: what last year left against what this year starts from.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in `now`, `plus` and `minus` of the report
            and in `before` of the same agency's report for the year before, `prior` (counts in
            件), and at `text` of `sections` for an explanation.

    Yields:
        Results as `findings` makes them, one a line: `subject` is the line's cell in `now`,
        `expected` what last year's makes with `plus` and `minus`, `actual` the cell's number; a
        failure that is explained holds `quote`. A report without one for the year before has one
        skip, about `report`.

    Source:
        国办公开办函〔2019〕60号：表二第二十条第（一）（五）（六）（八）项；
        国办公开办函〔2021〕30号：表二第二十条第（一）项；
        两者：表三“上年结转”“结转下年度继续办理”
    """
    lines = []
    for table in (facts.form.table(code) for code in test.tables):
        for across in table.value_rows if test.along == "rows" else table.value_columns:
            here = {
                code: key(table.code, *((across.code, code)[:: 1 if test.along == "rows" else -1]))
                for code in (*test.before, *test.plus, *test.minus, test.now)
            }
            lines.append((key(table.code, *_subject(test.along, across.code, test.now)), here))
    pairs = paired(facts, {cell for _, here in lines for cell in here.values()})
    yield without(facts)
    yield explained(
        facts,
        test.explained,
        pl.concat(
            line(
                pairs,
                subject=subject,
                before=[here[code] for code in test.before],
                own=[here[code] for code in (*test.plus, *test.minus, test.now)],
                expected=summed(old(here[code]) for code in test.before)
                + summed(number(here[code]) for code in test.plus)
                - summed(number(here[code]) for code in test.minus),
                actual=number(here[test.now]),
                place=at(here[test.now]),
            )
            for subject, here in lines
        ).with_columns(fails=pl.col("expected") != pl.col("actual")),
        unlike=True,
    )


class Follows(RuleKind, frozen=True, tag="follows"):
    """Of each pair of columns, this year's first is no less than last year's second."""

    table: str
    row: str
    pairs: tuple[tuple[str, str], ...]

    fail_words = COMPARED
    pass_words = COMPARED

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        columns = tuple(column for pair in self.pairs for column in pair)
        return [(self.table, (self.row,), columns)]


def follows(test: Follows, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a pair of columns: this year's is no less than what was open last year.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in the first column of each pair, and in
            the second of the same agency's report for the year before, `prior` (counts in 件).

    Yields:
        Results as `findings` makes them, one a pair: `subject` is this year's cell, `expected`
        last year's number, `actual` this year's. A report without one for the year before has one
        skip, about `report`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：表四
    """
    cells = [tuple(key(test.table, test.row, column) for column in pair) for pair in test.pairs]
    pairs = paired(facts, {cell for pair in cells for cell in pair})
    found = pl.concat(
        line(
            pairs,
            subject=now,
            before=[before],
            own=[now],
            expected=old(before),
            actual=number(now),
            place=at(now),
        )
        for now, before in cells
    )
    yield without(facts)
    less = pl.col("actual") < pl.col("expected")
    yield told(facts, found.with_columns(fails=less), unlike=True)


class Backed(RuleKind, frozen=True, tag="backed"):
    """The cells `figures` are accounted for by the cells `by`, of this year or the last.

    With `as_many` they are no more than those together; without, those aren't all 0.
    """

    subject: str
    figures: tuple[str, ...]
    by: tuple[str, ...]
    as_many: bool

    fail_words = COMPARED
    pass_words = COMPARED

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        cells = (cell.split(".") for cell in (*self.figures, *self.by))
        return [(table, (row,), (column,)) for table, row, column in cells]


def backed(test: Backed, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: figures that this year's others, or else last year's, account for.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in `figures` and `by` (counts in 件) and,
            where this year's `by` don't do, in `by` of the same agency's report for the year
            before, `prior`.

    Yields:
        Results as `findings` makes them, one a report: `subject` as the rule names it, `expected`
        what `by` make (with last year's where this year's don't do), `actual` what `figures` make.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：表三、表四
    """
    figures, others = list(test.figures), list(test.by)
    pairs = paired(facts, {*figures, *others}, all_=True)
    own = pl.max_horizontal(lack(cell) for cell in (*figures, *others))
    last_lack = pl.max_horizontal(old_lack(cell) for cell in others)
    figure, this = summed(number(c) for c in figures), summed(number(c) for c in others)
    last = summed(old(c) for c in others)
    met = (figure <= this) if test.as_many else ((figure == 0) | (this > 0))
    both = (figure <= this + last) if test.as_many else (this + last > 0)
    found = pairs.select(
        "doc",
        subject=pl.lit(test.subject),
        why=pl.when(own != Lack.NONE)
        .then(because(own))
        .when(~met)
        .then(pl.coalesce("prior~lack", because(last_lack))),
        expected=pl.when(met).then(this).otherwise(this + last),
        actual=figure,
        at=at(figures[0]),
        fails=~met & ~both,
    )
    yield told(facts, found, unlike=True)


def _subject(along: str, across: str, now: str) -> tuple[str, str]:
    return (across, now) if along == "rows" else (now, across)
