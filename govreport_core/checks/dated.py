"""The kinds that read the years a text names: facts in, one result a report out.

Only where a title confirms the report's year.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from govreport_core.checks.base import REPORT, RuleKind
from govreport_core.checks.facts import PLACE, Facts, Reason, findings
from govreport_core.checks.running import begins_here, half_width, run_on, running, says
from govreport_core.checks.text import QUOTE_LENGTH, Phrases, sentences_of, text_of

OPENING = 40  # characters within which a section's opening names its year
# What a paragraph may begin with: its number, a short heading.
_HEADED = (
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）]?[、.．，]?)?(?:[^。：:，,；;\d]{1,24}[。：:])?"
)
_SPEAKER = r"我|本|全|\p{Han}{2,14}(?:局|委|办|厅|府)"
_OPENS = rf"{_HEADED}(20[0-9]{{2}})年度?(?:以?来)?(?:[，,、]|{_SPEAKER})"


class StaleYear(RuleKind, frozen=True, tag="stale_year"):
    """A section isn't about an earlier year, nor is one of its paragraphs.

    The section is, if it opens with an earlier year and never names the report's own;
    a paragraph, if it opens with one, goes on with one of the patterns `own`, and has
    neither the report's year nor one of the words `context`.
    """

    section: str
    own: Phrases
    context: Phrases

    fail_words = frozenset({"year", "found", "text"})
    cases = frozenset({"section", "paragraph"})


def stale_year(test: StaleYear, facts: Facts) -> Iterator[pl.LazyFrame]:
    """A section, or a paragraph of it, that is about an earlier year.

    Args:
        test: The rule.
        facts: Looks at `text` of `sections` in the one section, `year` of `reports` and, as to
            whether that is sure, the titles' years in `evidence`.

    Yields:
        Results as `findings` makes them, one a report: `subject` is the section. A failure of the
        case `section` or `paragraph` holds `year` (the report's), `found` (the earlier one) and
        `text` (a quote).

    Source:
        《政府信息公开条例》第四十九条：上一年度工作年度报告
    """
    own, bare = pl.col("year").cast(pl.String), pl.col("bare")
    # a year that the text tells of, not that of a document it names or a law it goes back to
    silent = ~bare.str.contains(own, literal=True)
    opening = pl.when(silent).then(bare.str.slice(0, OPENING)).str.extract(_OPENS).cast(pl.Int32)
    whole, part = pl.col("opening").is_not_null(), pl.col("paragraph").is_not_null()
    found = (
        facts.reports.select("doc", "year")
        .join(text_of((test.section,), facts), on="doc", how="left")
        .join(titled(facts), on="doc", how="left")
        .join(_stale_paragraphs(test, facts), on="doc", how="left")
        .with_columns(bare=half_width(pl.col("text").str.replace_all(r"\s", "")))
        .with_columns(opening=pl.when(opening < pl.col("year")).then(opening))
    )
    yield findings(
        found,
        facts.form,
        reason=pl.coalesce(
            year_lack(), pl.when(pl.col("text").is_null()).then(pl.lit(Reason.NO_SECTION))
        ),
        fails=whole | part,
        said={
            "case": pl.when(whole).then(pl.lit("section")).otherwise(pl.lit("paragraph")),
            "year": own,
            "found": pl.coalesce("opening", "told").cast(pl.String),
            "text": pl.when(whole)
            .then(bare)
            .otherwise(pl.col("paragraph"))
            .str.slice(0, QUOTE_LENGTH),
        },
        subject=pl.lit(test.section),
        placed=True,
    )


def _stale_paragraphs(test: StaleYear, facts: Facts) -> pl.LazyFrame:
    """The first paragraph of each report that is about an earlier year: `paragraph`, `told`."""
    bare = pl.col("paragraph")
    opening = rf"(20[0-9]{{2}})年度?[，,](?:{'|'.join(test.own)})"
    return (
        facts.sections.filter(pl.col("section") == test.section)
        .select("doc", paragraph=run_on(pl.col("text")).str.split("\n"))
        .explode("paragraph")
        .with_columns(half_width(bare.str.replace_all(r"\s", "")))
        .filter(bare.str.contains(opening))  # found sooner than that one opens with it
        .with_columns(told=bare.str.extract(_HEADED + opening).cast(pl.Int32))
        .drop_nulls("told")
        .join(facts.reports.select("doc", "year"), on="doc")
        .filter(
            (pl.col("told") < pl.col("year"))
            & ~bare.str.contains(pl.col("year").cast(pl.String), literal=True)
            & ~says(bare, test.context)
        )
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", "paragraph", "told")
    )


class OldPlan(RuleKind, frozen=True, tag="old_plan"):
    """No sentence plans for the report's own year as for one to come.

    A plan is what one of the patterns finds, in each of which `YEAR` stands for the
    report's, in a sentence without any of the words `context`.
    """

    plans: Phrases
    context: Phrases

    fail_words = frozenset({"year", "text"})


def old_plan(test: OldPlan, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The first sentence of a report that plans for its own year.

    Args:
        test: The rule.
        facts: Looks at `text` of all `sections`, `year` of `reports` and the titles' years in
            `evidence`.

    Yields:
        Results as `findings` makes them, one a report: `subject` is the sentence's section, else
        `report`; a failure holds `year` and `text` (the sentence).

    Source:
        《政府信息公开条例》第四十九条、第五十条第（四）项
    """
    year = pl.col("year").cast(pl.String)
    bare = pl.col("sentence")
    planned = [plan.replace("YEAR", r"(20\d{2})年度?") for plan in test.plans]
    found = (
        sentences_of(facts)
        .with_columns(sentence="bare")
        .join(facts.reports.select("doc", "year"), on="doc")
        .filter(bare.str.contains(year, literal=True))
        .collect()
        .lazy()
        .filter(~says(bare, test.context))
        .filter(bare.str.contains("|".join(planned)))
        .filter(pl.any_horizontal(bare.str.extract(plan) == year for plan in planned))
        .sort("order", "at")
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", "section", "sentence", *PLACE)
    )
    some = facts.sections.filter(pl.col("text").str.contains(r"\S")).select("doc").unique()
    yield findings(
        facts.reports.select("doc", "year")
        .join(found, on="doc", how="left")
        .join(some.with_columns(some=True), on="doc", how="left")
        .join(titled(facts), on="doc", how="left"),
        facts.form,
        reason=pl.coalesce(
            year_lack(), pl.when(pl.col("some").is_null()).then(pl.lit(Reason.NO_SECTION))
        ),
        fails=pl.col("sentence").is_not_null(),
        said={"year": year, "text": pl.col("sentence").str.slice(0, QUOTE_LENGTH)},
        subject=pl.coalesce("section", REPORT),
        placed=True,
    )


class Period(RuleKind, frozen=True, tag="period"):
    """The statistical period is the report's whole year.

    Less than the year isn't judged where one of the words `partly` says why.
    """

    partly: Phrases

    fail_words = frozenset({"text", "year"})


def period(test: Period, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The statistical period, where the document states it.

    Args:
        test: The rule.
        facts: Looks at `text` of `parts` (without that table there are no results), `year` of
            `reports` and the titles' years in `evidence`.

    Yields:
        Results as `findings` makes them, one a report: `subject` is `report`, the place that of
        the part; a failure holds `text` (the period as stated) and `year`. Skipped where no period
        is stated, or where it may be of part of a year or quoted.

    Source:
        《政府信息公开条例》第四十九条：上一年度工作年度报告
    """
    if facts.parts is None:
        return
    day = "([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"
    statement = (
        rf"(?:统计|期限|起止)[^。；;]{{0,24}}?{day}[^。；;0-9]{{0,8}}?(?:至|到|-|—|－|～|~)"
        "[^。；;0-9]{0,6}(?:([0-9]{4})年)?([0-9]{1,2})月([0-9]{1,2})日"
    )
    stated = (
        running(facts.parts, ["统计", "期限", "起止"])
        .with_columns(half_width(pl.col("run", "bare")))
        .filter(begins_here(statement))
        .with_columns(found=pl.col("run").str.extract_groups(statement))
        .filter(pl.col("found").struct.field("1").is_not_null())
        .join(facts.reports.select("doc", "year"), on="doc")
        # one that speaks of the report's year before one quoted from another year's
        .with_columns(own=pl.col("found").struct.field("1").cast(pl.Int32) == pl.col("year"))
        .sort(pl.col("own").not_().fill_null(value=True), "ordinal")
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", "part", "text", pl.col("found"), bare=pl.col("run"))
        .collect()
        .lazy()
    )
    groups = [pl.col("found").struct.field(str(n)).cast(pl.Int32) for n in range(1, 7)]
    since, until = groups[0], groups[3].fill_null(groups[0])
    whole = (
        (since == pl.col("year"))
        & (until == pl.col("year"))
        & pl.all_horizontal(
            group == wanted
            for group, wanted in zip(
                (groups[1], groups[2], groups[4], groups[5]), (1, 1, 12, 31), strict=True
            )
        )
    )
    # an agency founded, dissolved or made over within the year reports for a part of it
    partly = says(pl.col("bare"), test.partly)
    # another year's period quoted before the report's own
    quoted = (since != pl.col("year")) & pl.col("bare").str.contains(
        pl.format("{}年1月1日", pl.col("year")), literal=True
    )
    said = pl.col("bare").str.extract(rf"({day}.*?[0-9]{{1,2}}月[0-9]{{1,2}}日)")
    yield findings(
        facts.reports.select("doc", "year")
        .join(stated, on="doc", how="left")
        .join(titled(facts), on="doc", how="left"),
        facts.form,
        reason=pl.coalesce(
            year_lack(),
            pl.when(pl.col("bare").is_null())
            .then(pl.lit(Reason.NO_PERIOD))
            .when(~whole & (partly | quoted))
            .then(pl.lit(Reason.SCOPE)),
        ),
        fails=~whole,
        said={"text": said.str.slice(0, QUOTE_LENGTH), "year": pl.col("year").cast(pl.String)},
        subject=REPORT,
        part=pl.col("part"),
        start=pl.when(pl.col("part").is_not_null()).then(0),
        end=pl.col("text").str.len_chars(),
    )


def titled(facts: Facts) -> pl.LazyFrame:
    """What year a report's title names, of the reports whose title names one.

    Args:
        facts: Looks at `evidence`: `field` `year` by the `rule` `title`.

    Returns:
        `doc` and `titled`, the year as text; at most one row a report.
    """
    return (
        facts.evidence.filter((pl.col("field") == "year") & (pl.col("rule") == "title"))
        .select("doc", titled=pl.col("candidate"))
        .unique("doc", keep="first", maintain_order=True)
    )


def year_lack() -> pl.Expr:
    """Why the year is no base to judge by: unknown, or not what the title says.

    Returns:
        `year_unknown`, `year_unsure` (also where the title names no year) or null, over `year` of
        `reports` and `titled` as `titled` gives it.
    """
    year = pl.col("year")
    return (
        pl.when(year.is_null())
        .then(pl.lit(Reason.YEAR_UNKNOWN))
        .when((pl.col("titled") != year.cast(pl.String)).fill_null(value=True))
        .then(pl.lit(Reason.YEAR_UNSURE))
    )
