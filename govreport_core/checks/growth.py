"""The kind that recomputes a growth rate: facts in, one result a report out.

Only a sentence of one form is looked at, and only where its count is this year's of
the table: then it is known what the rate is of.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from govreport_core.cells import at, number
from govreport_core.checks.base import COMPARED, REPORT, Named, RuleKind
from govreport_core.checks.facts import Facts, Reason
from govreport_core.checks.pairs import line, old, paired, told
from govreport_core.checks.running import half_width
from govreport_core.checks.text import QUOTE_LENGTH, Phrases, sentences_of

_COUNT, _YEAR, _WAY, _RATE = "count", "compared", "way", "rate"


class Growth(RuleKind, frozen=True, tag="growth"):
    """A rate at which a cell grew, as the prose says it, is that of the two years' cells.

    `form` is the whole sentence up to the rate, with the groups `count`, `compared` (the
    year it is compared with, if named), `way` and `rate`, and before
    them `said_of`, the year it is about, if named. `falls` are the ways that are negative.
    """

    cell: str
    form: str
    falls: Phrases

    fail_words = COMPARED | {"text", "this", "last"}

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        table, row, column = self.cell.split(".")
        return [(table, (row,), (column,))]


def growth(test: Growth, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a current report: the rate it says against the one that its two years make.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in the one cell (a count in 件), in the
            report and in the same agency's report for the year before, `prior`, and at `text` of
            `sections`.

    Yields:
        Results as `findings` makes them, one a current report: `subject` is `report`, `expected`
        the rate that the two years make and `actual` the one that is said, both in % (a fall is
        negative); a failure holds `text` (the sentence) and `this` and `last`, the counts. Skipped
        where no such sentence is found, or its count isn't the table's.

    Source:
        统计数据审核的通行做法；
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：表三“本年新收”
    """
    pairs = paired(facts, {test.cell}, all_=True)
    this, last = number(test.cell), old(test.cell)
    lines = line(
        pairs,
        subject="report",
        before=[test.cell],
        own=[test.cell],
        expected=100 * (this - last) / last,
        actual=this,
        place=at(test.cell),
    )
    rate = pl.col(_RATE).cast(pl.Float64)
    said = pl.when(pl.col(_WAY).is_in(test.falls)).then(-rate).otherwise(rate)
    decimals = pl.col(_RATE).str.extract(r"\.(\d+)").str.len_chars().fill_null(0)
    found = (
        lines.select("doc", "why", "expected", "at")
        .hstack(pairs.select("prior~lack", this=this, last=last))
        .join(_said(test, facts), on="doc", how="left", maintain_order="left")
        .with_columns(
            subject=REPORT,
            actual=said,
            expected=pl.col("expected").round(2),
            # rounded or cut off at its last decimal
            fails=(said - pl.col("expected")).abs() > pl.lit(10.0).pow(-decimals.cast(pl.Int32)),
            why=pl.when(pl.col(_RATE).is_null())
            .then(pl.lit(Reason.NO_CLAIM))
            .when(pl.col("prior~lack").is_not_null())
            .then(pl.col("prior~lack"))
            .when(pl.col("why").is_not_null())
            .then(pl.col("why"))
            .when((pl.col("this") != pl.col(_COUNT)) | (pl.col("last") == 0))
            .then(pl.lit(Reason.SCOPE)),
        )
    )
    yield told(
        facts,
        found,
        unlike=True,
        text=pl.col("sentence").str.slice(0, QUOTE_LENGTH),
        this=pl.col("this"),
        last=pl.col("last"),
    )


def _said(test: Growth, facts: Facts) -> pl.DataFrame:
    """What the first sentence of that form says, where it is about the report's year."""
    own, compared = pl.col("said_of"), pl.col(_YEAR)
    year = pl.col("year")
    return (
        sentences_of(facts)
        .with_columns(sentence=half_width(pl.col("bare")))
        .with_columns(named=pl.col("sentence").str.extract_groups(test.form))
        .select("doc", "order", "at", "sentence", "named")
        .unnest("named")
        .filter(pl.col(_RATE).is_not_null())
        .join(facts.reports.select("doc", "year"), on="doc")
        .filter(
            (own.is_null() | (own.cast(pl.Int32, strict=False) == year))
            & (compared.is_null() | (compared.cast(pl.Int32, strict=False) == year - 1))
        )
        .sort("order", "at")
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", "sentence", pl.col(_COUNT).cast(pl.Float64), _WAY, _RATE)
        .collect()
    )
