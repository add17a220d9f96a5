"""The kinds that look at a report's sections: the facts in, a result a finding out.

A report without a finding has one result of its own, a pass or a skip.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from govreport_core.checks.base import ALWAYS, COMPARED, REPORT, RuleKind
from govreport_core.checks.facts import PLACE, Facts, Reason, findings, others
from govreport_core.checks.running import begins_here, running
from govreport_core.checks.structure import TITLE_LENGTH
from govreport_core.model import Severity

_TRACES = {
    "heading_unlike": "unlike",
    "section_by_number": "number",
    "section_by_table": "table",
    "section_by_words": "words",
}
"""What tells of a section whose heading isn't the form's, and the case that it is."""
PICTURES = ("picture_in_report", "pages_without_text")


class SectionsPresent(RuleKind, frozen=True, tag="sections_present"):
    """Each section of the form has its heading in the report.

    One that is there in other words or without a heading has `traced` as its severity.
    """

    traced: Severity

    fail_words = frozenset({"printed"})
    cases = frozenset({"missing", "unlike", "number", "table", "words"})


def sections_present(test: SectionsPresent, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a section without heading or with an unlike one, else one for the report.

    Args:
        test: The rule.
        facts: Looks at `section` of `sections`, and at `diagnostics` for a section's traces and
            for pictures.

    Yields:
        Results as `findings` makes them: `subject` is the section; a failure's case is `missing`
        or what tells of the section, with `printed`, what stands there. A report without a finding
        has a pass, about `report`.

    Source:
        《政府信息公开条例》第五十条；
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    wanted = pl.LazyFrame({"section": [section.code for section in facts.form.sections]})
    gone = (
        facts.reports.select("doc")
        .join(wanted, how="cross")
        .join(facts.sections, on=["doc", "section"], how="anti")
    )
    traced = (
        facts.diagnostics.filter(pl.col("code").is_in(list(_TRACES)))
        .with_columns(case=pl.col("code").replace_strict(_TRACES, default=None))
        .select("doc", "section", "case", "printed", *PLACE)
        .unique(["doc", "section"], keep="first", maintain_order=True)
    )
    found = gone.select("doc", "section").join(
        traced, on=["doc", "section"], how="full", coalesce=True
    )
    pictured = pl.col("doc").is_in(_pictured(facts).implode())
    yield findings(
        found,
        facts.form,
        reason=pl.when(pl.col("case").is_null() & pictured).then(pl.lit(Reason.IN_PICTURE)),
        fails=ALWAYS,
        said={"case": pl.col("case").fill_null("missing"), "printed": pl.col("printed")},
        subject=pl.col("section"),
        severity=pl.when(pl.col("case").is_not_null()).then(pl.lit(test.traced)),
        placed=True,
    )
    yield findings(others(facts, found), facts.form, subject=REPORT)


def _pictured(facts: Facts) -> pl.Series:
    """The reports in which something stands that isn't text."""
    of = facts.diagnostics.filter(pl.col("code").is_in(PICTURES)).select("doc").unique()
    return of.collect()["doc"]


class SectionOrder(RuleKind, frozen=True, tag="section_order"):
    """Headings stand in order, numbered as the form numbers them, before their tables."""

    fail_words = frozenset({"printed"})
    cases = frozenset(
        {
            "heading_after_table",
            "section_number_odd",
            "section_out_of_order",
            "heading_unnumbered",
        }
    )


def section_order(test: SectionOrder, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a heading that is out of place or oddly numbered, else one for the report.

    Args:
        test: The rule.
        facts: Looks at `diagnostics` of the codes `test.cases`, and at `sections` for whether
            there are any.

    Yields:
        Results as `findings` makes them: `subject` is the section; a failure's case is the
        diagnostic's code, with `printed`, the heading. A pass or skip is about `report`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    found = facts.diagnostics.filter(pl.col("code").is_in(sorted(test.cases)))
    yield findings(
        found,
        facts.form,
        fails=ALWAYS,
        said={"case": pl.col("code"), "printed": pl.col("printed")},
        subject=pl.col("section"),
        placed=True,
    )
    headed = facts.sections.select("doc", headed=ALWAYS).unique("doc")
    yield findings(
        others(facts, found).join(headed, on="doc", how="left"),
        facts.form,
        reason=pl.when(pl.col("headed").is_null()).then(pl.lit(Reason.NO_HEADING)),
        subject=REPORT,
    )


_NUMBER = "[一二三四五六七八九十]|1?[0-9]"
_COUNTED = rf"({_NUMBER})个?(?:大?部分|方面|章节)"
# `由甲、乙、丙等六个部分组成`, `共分六个部分：甲、乙、丙。`
_LISTED = r"([^。：:]{8,260}?)(等)?"
_LISTED_BEFORE = (
    r"(?:由|包括|包含|分为|分别为|分别是|内容为)[:：]?"
    + _LISTED
    + r"(?:共计|总共|共|这)?"
    + _COUNTED
)
_LISTED_AFTER = (
    _COUNTED
    + r"(?:内容|组成|构成)?[,，]?(?:分别为|分别是|包括|包含|即|依次为|具体为|[:：])[:：]?"
    + _LISTED
    + r"(?:组成|构成|内容)?。"
)
_NUMERALS = {n: i for i, n in enumerate("一二三四五六七八九十", start=1)}
_BETWEEN = r"[\s、，,；;\d.．()（）一二三四五六七八九十]|以及|及其|和|与|及|等|内容|方面"
_PART = "\ue000"  # stands for a part's name; no document has it (private use)


class PartsListed(RuleKind, frozen=True, tag="parts_listed"):
    """Where the introduction says how many parts there are, it lists as many.

    `parts` are patterns of a part's name, the longer before those within them.
    """

    parts: tuple[str, ...]

    fail_words = COMPARED | {"text"}
    pass_words = COMPARED


def parts_listed(test: PartsListed, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The parts that the introduction counts, against those that it lists.

    Only where what is listed are names of parts and nothing else.

    Args:
        test: The rule.
        facts: Looks at `text` of paragraphs in `parts`; without that table there are no results.

    Yields:
        Results as `findings` makes them, one a report: `subject` is `report`, `expected` the
        number of parts that is said, `actual` that of those listed; a failure holds `text`, the
        list. The place is that of the part.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：格式分六个部分
    """
    if facts.parts is None:
        return
    text = pl.col("run")
    words = ["部分", "方面", "章节", "由", "包括", "包含", "分为", "分别", "内容为"]
    found = (
        running(facts.parts.filter(pl.col("kind") == "paragraph"), words)
        .filter(text.str.contains(_COUNTED))
        .with_columns(
            before=pl.when(begins_here(_LISTED_BEFORE)).then(
                text.str.extract_groups(_LISTED_BEFORE)
            ),
            after=pl.when(begins_here(_LISTED_AFTER)).then(text.str.extract_groups(_LISTED_AFTER)),
        )
        .with_columns(
            number=pl.coalesce(
                pl.col("before").struct.field("3"), pl.col("after").struct.field("1")
            ),
            listed=pl.coalesce(
                pl.col("before").struct.field("1"), pl.col("after").struct.field("2")
            ),
            open=pl.coalesce(pl.col("before").struct.field("2"), pl.col("after").struct.field("3")),
        )
        .filter(pl.col("number").is_not_null())
        .sort("ordinal")
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", "number", "listed", "open", "part", length=pl.col("text").str.len_chars())
    )
    named = pl.col("listed")
    for pattern in test.parts:
        named = named.str.replace_all(pattern, _PART)
    rest = named.str.replace_all(_BETWEEN, "")
    number = pl.col("number").replace_strict(
        _NUMERALS, default=pl.col("number").cast(pl.Float64, strict=False), return_dtype=pl.Float64
    )
    found = found.with_columns(
        counted=number,
        made=rest.str.count_matches(_PART).cast(pl.Float64),
        rest=rest.str.replace_all(_PART, ""),
    )
    counted, made = pl.col("counted"), pl.col("made")
    # `等` may close a list as well as leave it open
    unsure = (
        (pl.col("rest") != "") | (made == 0) | ((made < counted) & pl.col("open").is_not_null())
    )
    known = pl.col("why").is_null()
    yield findings(
        facts.reports.select("doc").join(found, on="doc", how="left"),
        facts.form,
        reason=pl.when(counted.is_null())
        .then(pl.lit(Reason.NOT_STATED))
        .when(unsure.fill_null(value=True))
        .then(pl.lit(Reason.LIST_UNSURE)),
        fails=counted != made,
        said={"text": pl.col("listed").str.slice(0, TITLE_LENGTH)},
        subject=REPORT,
        expected=pl.when(known).then(counted),
        actual=pl.when(known).then(made),
        part=pl.col("part"),
        start=pl.when(pl.col("part").is_not_null()).then(0),
        end=pl.col("length"),
    )
