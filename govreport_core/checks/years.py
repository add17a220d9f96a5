"""The kinds that compare years: facts in, results of a report against the year before out.

Only current reports of agencies that are known are joined. A failure belongs to
the later report, and says both figures: which of the two is wrong isn't known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import polars as pl

from govreport_core.cells import DECIMALS, Lack, at, key, lack, number
from govreport_core.checks.facts import Facts, Reason, because, findings
from govreport_core.checks.kinds import Backed, Chain, Follows, Gap, Identical, Jump
from govreport_core.forms import forms

QUOTE_LENGTH = 120  # characters of an explanation that a sentence quotes
OLD = "~before"
REPORT = pl.lit("report")


def chain(test: Chain, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a line: what last year left against what this year starts from."""
    lines = []
    for table in (facts.form.table(code) for code in test.tables):
        for across in table.value_rows if test.along == "rows" else table.value_columns:
            here = {
                code: key(table.code, *((across.code, code)[:: 1 if test.along == "rows" else -1]))
                for code in (*test.before, *test.plus, *test.minus, test.now)
            }
            lines.append((key(table.code, *_subject(test.along, across.code, test.now)), here))
    paired = _paired(facts, {cell for _, here in lines for cell in here.values()})
    yield _without(facts)
    yield _explained(
        facts,
        test.explained,
        pl.concat(
            _line(
                paired,
                subject=subject,
                before=[here[code] for code in test.before],
                own=[here[code] for code in (*test.plus, *test.minus, test.now)],
                expected=_sum(_old(here[code]) for code in test.before)
                + _sum(number(here[code]) for code in test.plus)
                - _sum(number(here[code]) for code in test.minus),
                actual=number(here[test.now]),
                place=at(here[test.now]),
            )
            for subject, here in lines
        ).with_columns(fails=pl.col("expected") != pl.col("actual")),
    )


def follows(test: Follows, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a pair of columns: this year's is no less than what was open last year."""
    pairs = [tuple(key(test.table, test.row, column) for column in pair) for pair in test.pairs]
    paired = _paired(facts, {cell for pair in pairs for cell in pair})
    found = pl.concat(
        _line(
            paired,
            subject=now,
            before=[before],
            own=[now],
            expected=_old(before),
            actual=number(now),
            place=at(now),
        )
        for now, before in pairs
    )
    yield _without(facts)
    yield _told(facts, found.with_columns(fails=pl.col("actual") < pl.col("expected")))


def backed(test: Backed, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: figures that this year's others, or else last year's, account for."""
    figures, others = list(test.figures), list(test.by)
    paired = _paired(facts, {*figures, *others}, all_=True)
    own = pl.max_horizontal(lack(cell) for cell in (*figures, *others))
    old = pl.max_horizontal(_old_lack(cell) for cell in others)
    figure, this = _sum(number(c) for c in figures), _sum(number(c) for c in others)
    last = _sum(_old(c) for c in others)
    met = (figure <= this) if test.as_many else ((figure == 0) | (this > 0))
    both = (figure <= this + last) if test.as_many else (this + last > 0)
    found = paired.select(
        "doc",
        subject=pl.lit(test.subject),
        why=pl.when(own != Lack.NONE)
        .then(because(own))
        .when(~met)
        .then(pl.coalesce("prior~lack", because(old))),
        expected=pl.when(met).then(this).otherwise(this + last),
        actual=figure,
        at=at(figures[0]),
        fails=~met & ~both,
    )
    yield _told(facts, found)


def gap(_: Gap, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: the agency's latest earlier report is for the year before."""
    years = (
        facts.every.lazy()
        .filter(pl.col("current") & pl.col("year").is_not_null())
        .select("agency_id", "year")
        .unique()
        .sort("year")
        .with_columns(last=pl.col("year").shift(1).over("agency_id", order_by="year"))
    )
    this, last = pl.col("year"), pl.col("last")
    lacking = pl.col("prior~lack")
    reason = pl.when(lacking.is_not_null() & ((lacking != Reason.NO_PRIOR_YEAR) | last.is_null()))
    yield findings(
        facts.reports.filter("current")
        .select("doc", "agency_id", "year", "prior~lack")
        .join(years, on=["agency_id", "year"], how="left"),
        facts.form,
        reason=reason.then(lacking),
        fails=last < this - 1,
        said={
            "last": last.cast(pl.String),
            "first_missing": (last + 1).cast(pl.String),
            "last_missing": (this - 1).cast(pl.String),
        },
        subject=REPORT,
        expected=(this - 1).cast(pl.Float64),
        actual=last.cast(pl.Float64),
    )


def jump(test: Jump, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a cell: its ratio to last year's, where either is large enough."""
    there = {
        key(table.code, row.code, column.code)
        for table in facts.form.tables
        for row in table.value_rows
        for column in table.value_columns
    }
    cells = [cell for cell in test.cells if cell in there]
    paired = _paired(facts, set(cells))
    found = pl.concat(
        _line(
            paired,
            subject=cell,
            before=[cell],
            own=[cell],
            expected=_old(cell),
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
    yield _without(facts)
    yield _told(facts, found.with_columns(fails=large & beyond))


def identical(test: Identical, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: whether all its figures but the zeros are last year's."""
    cells = [
        key(table.code, row.code, column.code)
        for table in facts.form.tables
        for row in table.value_rows
        for column in table.value_columns
    ]
    numbers = [number(cell).fill_null(0.0) for cell in cells]
    marks = facts.every.select(
        "doc",
        "form",
        # which cell holds which number: equal lists of cells have equal marks
        mark=pl.concat_list(numbers).hash(seed=1),
        some=pl.sum_horizontal((n != 0).cast(pl.UInt32) for n in numbers),
        doubt=pl.max_horizontal(lack(cell) for cell in cells) >= Lack.TEXT,
    )
    own = facts.reports.filter("current").select("doc", "prior", "prior~lack").collect()
    this = marks[own["doc"]]
    last = marks.select(pl.all().gather(own["prior"]))
    found = own.with_columns(
        same=this["mark"] == last["mark"],
        some=this["some"],
        doubt=this["doubt"] | last["doubt"],
        broken=(last["form"] != facts.form.id) | last["form"].is_null(),
    )
    yield findings(
        found.lazy(),
        facts.form,
        reason=pl.when(pl.col("prior~lack").is_not_null())
        .then(pl.col("prior~lack"))
        .when("broken")
        .then(pl.lit(Reason.FORM_BREAK))
        .when("doubt")
        .then(pl.lit(Reason.UNREADABLE)),
        fails=pl.col("same") & (pl.col("some") >= test.least),
        said={"count": pl.col("some")},
        subject=REPORT,
    )


def _subject(along: str, across: str, now: str) -> tuple[str, str]:
    return (across, now) if along == "rows" else (now, across)


def _paired(facts: Facts, cells: set[str], *, all_: bool = False) -> pl.DataFrame:
    """The current reports with these cells, and last year's beside them; null without one.

    With `all_` also those without a report for the year before.
    """
    ordered = sorted(cells)
    own = (
        facts.reports.filter(pl.col("current") & (all_ | pl.col("prior~lack").is_null()))
        .select(
            "doc",
            "prior",
            "prior~lack",
            *(what(cell) for cell in ordered for what in (number, lack, at)),
        )
        .collect()
    )
    old = facts.every.select(
        pl.col("form").gather(own["prior"]).alias(f"form{OLD}"),
        *(
            what(cell).gather(own["prior"]).name.suffix(OLD)
            for cell in ordered
            for what in (number, lack)
        ),
    )
    return own.hstack(old)


def _without(facts: Facts) -> pl.LazyFrame:
    """One skip for each report that has none for the year before."""
    return findings(
        facts.reports.filter(pl.col("current") & pl.col("prior~lack").is_not_null()),
        facts.form,
        reason=pl.col("prior~lack"),
        subject=REPORT,
    )


def _line(
    paired: pl.DataFrame,
    *,
    subject: str,
    before: list[str],
    own: list[str],
    expected: pl.Expr,
    actual: pl.Expr,
    place: pl.Expr,
) -> pl.DataFrame:
    """One line's two figures, or why they can't be told."""
    table, row, column = before[0].split(".")
    having = [form.id for form in forms().values() if _has(form.id, table, row, column)]
    worst = pl.max_horizontal(*(lack(cell) for cell in own), *(_old_lack(cell) for cell in before))
    form = pl.col(f"form{OLD}")
    return paired.select(
        "doc",
        subject=pl.lit(subject),
        why=pl.when(form.is_null())
        .then(pl.lit(Reason.FORM_UNKNOWN))
        .when(~form.is_in(having))
        .then(pl.lit(Reason.FORM_BREAK))
        .otherwise(because(worst)),
        expected=expected.round(DECIMALS),
        actual=actual.round(DECIMALS),
        at=place,
    )


def _has(form: str, table: str, row: str, column: str) -> bool:
    return any(
        t.code == table
        and any(r.code == row for r in t.value_rows)
        and any(c.code == column for c in t.value_columns)
        for t in forms()[form].tables
    )


def _told(facts: Facts, found: pl.DataFrame, **said: pl.Expr) -> pl.LazyFrame:
    known = pl.col("why").is_null()
    return findings(
        found.lazy(),
        facts.form,
        reason=pl.col("why"),
        fails=pl.col("fails"),
        said=said,
        subject=pl.col("subject"),
        severity=pl.col("weight") if "weight" in found.columns else pl.lit(None, pl.String),
        expected=pl.when(known).then("expected"),
        actual=pl.when(known).then("actual"),
        at=pl.col("at"),
    )


def _explained(facts: Facts, words: tuple[str, ...], found: pl.DataFrame) -> pl.LazyFrame:
    """Failures that the report's own text explains become notes, with its sentence."""
    failing = found.filter(pl.col("why").is_null() & pl.col("fails"))["doc"].unique()
    pattern = rf"([^。；;\n]*(?:{'|'.join(re.escape(word) for word in words)})[^。；;\n]*)"
    quotes = (
        facts.sections.filter(pl.col("doc").is_in(failing.implode()))
        .select("doc", "order", quote=pl.col("text").str.extract(pattern))
        .drop_nulls("quote")
        .sort("order")
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", pl.col("quote").str.strip_chars().str.slice(0, QUOTE_LENGTH))
        .collect()
    )
    told = found.join(quotes, on="doc", how="left", maintain_order="left").with_columns(
        weight=pl.when(pl.col("quote").is_not_null()).then(pl.lit("info"))
    )
    case = pl.when(pl.col("quote").is_null()).then(pl.lit("plain")).otherwise(pl.lit("explained"))
    return _told(facts, told, case=case, quote=pl.col("quote"))


def _old(cell: str) -> pl.Expr:
    return pl.col(f"{cell}#{OLD}")


def _old_lack(cell: str) -> pl.Expr:
    return pl.col(f"{cell}!{OLD}")


def _sum(numbers: Iterable[pl.Expr]) -> pl.Expr:
    made = pl.lit(0.0)
    for one in numbers:
        made = made + one
    return made
