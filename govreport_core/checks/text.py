"""The kinds that read sections as text: facts in, one result a report out.

A section without text is no section here: where its words went isn't known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec
import polars as pl

from govreport_core.cells import key, lack, number
from govreport_core.checks.base import COMPARED, REPORT, Named, RuleKind
from govreport_core.checks.facts import PLACE, Facts, Reason, because, findings
from govreport_core.checks.running import run_on, says
from govreport_core.model import Severity

Phrases = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
_ENDS = "[。；;！!？?\\n]"
QUOTE_LENGTH = 80  # characters of the text that a sentence quotes


class Matter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a text speaks of where it has one of these words."""

    code: str
    words: Phrases


class Mentions(RuleKind, frozen=True, tag="mentions"):
    """These sections speak of each matter, or of any where not `all_of`.

    Only of agencies of some kinds, and only where a cell is above 0, where these
    are named.
    """

    sections: Phrases
    matters: Annotated[tuple[Matter, ...], msgspec.Meta(min_length=1)]
    all_of: bool = True
    kinds: tuple[str, ...] = ()
    where: str | None = None

    fail_words = frozenset({"missing"})

    def names(self) -> frozenset[str]:
        """See `RuleKind`."""
        return frozenset(matter.code for matter in self.matters)

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        if self.where is None:
            return []
        table, row, column = self.where.split(".")
        return [(table, (row,), (column,))]


def mentions(test: Mentions, facts: Facts) -> Iterator[pl.LazyFrame]:
    """Whether the sections speak of each matter; where some don't, which.

    Args:
        test: The rule.
        facts: Looks at `text` of `sections` (as `plain`), `agency_kind` of `reports`, and `number`
            of `values` in the cell `where`, if named (above 0, whatever its unit).

    Yields:
        Results as `findings` makes them, one a report of these kinds or of an unknown one:
        `subject` is the section, of several `report`; a failure holds `missing`, the codes of the
        matters not spoken of. What several sections may speak of has no place: it belongs to none
        alone.

    Source:
        《政府信息公开条例》第五十条第（四）项；
        国办公开办函〔2021〕30号：格式第一部分、表三（六）第 2 项、格式第六部分；
        《政府信息公开信息处理费管理办法》
    """
    one = len(test.sections) == 1
    text = text_of(test.sections, facts).with_columns(
        says(pl.col("plain"), matter.words).alias(f"speaks~{matter.code}")
        for matter in test.matters
    )
    speaks = [pl.col(f"speaks~{matter.code}").fill_null(value=False) for matter in test.matters]
    whys: list[pl.Expr] = []
    reports = facts.cells if test.where else facts.reports
    if test.kinds:
        kind = pl.col("agency_kind")
        reports = reports.filter(kind.is_null() | kind.is_in(test.kinds))
        whys.append(pl.when(kind.is_null()).then(pl.lit(Reason.KIND_UNKNOWN)))
    needed = pl.lit(value=True)
    if test.where:
        cell = key(*test.where.split("."))
        needed = number(cell) > 0
        whys.append(because(lack(cell)))
    whys.append(pl.when(needed & pl.col("text").is_null()).then(pl.lit(Reason.NO_SECTION)))
    met = pl.all_horizontal(speaks) if test.all_of else pl.any_horizontal(speaks)
    missing = pl.concat_list(
        pl.when(~told).then(pl.lit(matter.code))
        for told, matter in zip(speaks, test.matters, strict=True)
    ).list.drop_nulls()
    yield findings(
        reports.join(text, on="doc", how="left"),
        facts.form,
        reason=pl.coalesce(whys),
        fails=needed & ~met,
        said={"missing": missing},
        subject=pl.lit(test.sections[0] if one else "report"),
        placed=one,
    )


class Declares(RuleKind, frozen=True, tag="declares"):
    """Reports of agencies of these kinds say somewhere what one of the patterns finds."""

    kinds: tuple[str, ...]
    patterns: Phrases


def declares(test: Declares, facts: Facts) -> Iterator[pl.LazyFrame]:
    """Whether a sentence of the report, in or before its sections, has one of the patterns.

    Args:
        test: The rule.
        facts: Looks at `text` of `sections` and of paragraphs in `parts`, and at `agency_kind` of
            `reports`.

    Yields:
        Results as `findings` makes them, one a report of these kinds or of an unknown one:
        `subject` is `report`, with nothing beside.

    Source:
        统计数据审核的通行做法；
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号未规定汇总口径
    """
    pattern = "|".join(f"(?:{pattern})" for pattern in test.patterns)
    kind = pl.col("agency_kind")
    about = facts.reports.filter(kind.is_null() | kind.is_in(test.kinds)).select(
        "doc", "agency_kind"
    )
    texts = [facts.sections.select("doc", "text")]
    if facts.parts is not None:
        own = facts.parts.join(about.select("doc"), on="doc", how="semi")
        texts.append(own.filter(pl.col("kind") == "paragraph").select("doc", "text"))
        texts.append(_introductions(own, facts))
    told = (
        pl.concat(texts)
        .join(about.select("doc"), on="doc", how="semi")
        .group_by("doc")
        .agg(
            declared=pl.col("text").str.replace_all(r"\s", "").str.contains(pattern).any(),
            some=pl.col("text").str.contains(r"\S").any(),
        )
    )
    some = pl.col("some").fill_null(value=False)
    yield findings(
        about.join(told, on="doc", how="left"),
        facts.form,
        reason=pl.when(kind.is_null())
        .then(pl.lit(Reason.KIND_UNKNOWN))
        .when(~some)
        .then(pl.lit(Reason.NO_SECTION)),
        fails=~pl.col("declared"),
        subject=REPORT,
    )


def _introductions(parts: pl.LazyFrame, facts: Facts) -> pl.LazyFrame:
    """What stands before the first section in one piece: a plain dump breaks its lines anywhere."""
    first = (
        facts.sections.sort("order")
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", "part")
        .join(parts.select("doc", "part", "ordinal"), on=["doc", "part"])
        .select("doc", begins="ordinal")
    )
    return (
        parts.filter(pl.col("kind") == "paragraph")
        .join(first, on="doc")
        .filter(pl.col("ordinal") < pl.col("begins"))
        .sort("ordinal")
        .group_by("doc", maintain_order=True)
        .agg(pl.col("text").str.join(""))
    )


class Length(RuleKind, frozen=True, tag="length"):
    """A section has no more than that many characters."""

    section: str
    most: int

    fail_words = COMPARED
    pass_words = COMPARED


def length(test: Length, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The characters of a section, spaces left out, against the most there should be.

    Args:
        test: The rule: `most` in characters.
        facts: Looks at `text` of `sections` in the one section.

    Yields:
        Results as `findings` makes them, one a report: `subject` is the section, `expected` the
        most there should be, `actual` its length, both in characters.

    Source:
        部分地方的编制要求；国家格式没有字数限制
    """
    made = pl.col("text").str.replace_all(r"\s", "").str.len_chars()
    text = text_of((test.section,), facts).with_columns(made=made)
    made = pl.col("made")
    yield findings(
        facts.reports.select("doc").join(text, on="doc", how="left"),
        facts.form,
        reason=pl.when(pl.col("text").is_null()).then(pl.lit(Reason.NO_SECTION)),
        fails=made > test.most,
        subject=pl.lit(test.section),
        expected=pl.lit(float(test.most)),
        actual=made,
        placed=True,
    )


class Problems(RuleKind, frozen=True, tag="problems"):
    """A section is more than one of the words `nothing`, names problems and what is done.

    Where only one of the two is missing the failure weighs `incomplete`.
    """

    section: str
    nothing: tuple[str, ...]
    problem: Phrases
    measure: Phrases
    incomplete: Severity

    fail_words = frozenset({"text"})
    cases = frozenset({"nothing", "no_problem", "no_measure"})


def problems(test: Problems, facts: Facts) -> Iterator[pl.LazyFrame]:
    """Section five: words of its own, among them some of problems and some of what is done.

    Args:
        test: The rule.
        facts: Looks at `text` of `sections` (as `plain`) in the one section, and at `kind` of
            `points`.

    Yields:
        Results as `findings` makes them, one a report: `subject` is the section; a failure of the
        case `nothing`, `no_problem` or `no_measure` holds `text`, how the section begins.

    Source:
        《政府信息公开条例》第五十条第（四）项；
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    plain = pl.col("plain")
    bare = plain.str.replace_all(r"[\s。．.，,；;：:、]", "")
    problem = says(plain, test.problem) | _names("problem", facts)
    measure = says(plain, test.measure) | _names("improvement", facts)
    found = (
        pl.when(bare.is_in(list(test.nothing)))
        .then(pl.lit("nothing"))
        .when(~problem)
        .then(pl.lit("no_problem"))
        .when(~measure)
        .then(pl.lit("no_measure"))
    )
    case, text = pl.col("case"), text_of((test.section,), facts)
    yield findings(
        facts.reports.select("doc").join(text, on="doc", how="left").with_columns(case=found),
        facts.form,
        reason=pl.when(pl.col("text").is_null()).then(pl.lit(Reason.NO_SECTION)),
        fails=case.is_not_null(),
        said={"case": case, "text": pl.col("text").str.slice(0, QUOTE_LENGTH)},
        subject=pl.lit(test.section),
        severity=pl.when(case != "nothing").then(pl.lit(test.incomplete)),
        placed=True,
    )


def _names(kind: str, facts: Facts) -> pl.Expr:
    """Whether a point of that kind was read in the report."""
    if facts.points is None:
        return pl.lit(value=False)
    named = facts.points.filter(pl.col("kind") == kind).select("doc").unique().collect()["doc"]
    return pl.col("doc").is_in(named.implode())


def text_of(sections: tuple[str, ...], facts: Facts) -> pl.LazyFrame:
    """The words of these sections together, and the first one's place; none without words.

    Args:
        sections: Codes of sections.
        facts: Looks at `text` of `sections`.

    Returns:
        A row a report with words in any of them: `doc`, `text`, `plain` (in simplified characters)
        and the columns of `PLACE`.
    """
    found = facts.sections.filter(
        pl.col("section").is_in(sections) & pl.col("text").str.contains(r"\S")
    ).select("doc", "order", "text", "plain", *PLACE)
    if len(sections) > 1:
        found = (
            found.sort("order")
            .group_by("doc", maintain_order=True)
            .agg(
                pl.col("text", "plain").str.join("\n"),
                pl.all().exclude("doc", "text", "plain").first(),
            )
        )
    return found.drop("order")


def sentences_of(facts: Facts) -> pl.LazyFrame:
    """All sentences of the sections as printed, cut once for all rules that ask for them.

    Lines that run on in the next are joined.

    Args:
        facts: Looks at `text` of `sections`.

    Returns:
        A row a sentence: `doc`, `order` (of the section), `section`, the section's place, `at`
        (numbers all sentences), `sentence`, without its mark, and `bare`, without spaces too.
    """
    if not facts.said:
        cut = (
            facts.sections.select(
                *("doc", "order", "section", *PLACE),
                sentence=run_on(pl.col("text")).str.replace_all(_ENDS, "\n").str.split("\n"),
            )
            .explode("sentence")
            .with_row_index("at")
            .filter(pl.col("sentence").str.contains(r"\S"))
            .with_columns(bare=pl.col("sentence").str.replace_all(r"\s", ""))
        )
        facts.said.append(cut.collect())
    return facts.said[0].lazy()
