"""The kind that looks for places of others in the prose: facts in, one result a report out.

A name counts only where it is a whole one of a division in force that year, of
which none that bears it lies in the agency's own chain, and where what follows
speaks of it as of the agency's own place. Names in titles of documents don't.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated

import msgspec
import polars as pl

from govreport_core.checks.base import RuleKind
from govreport_core.checks.facts import PLACE, Facts, Reason, findings, others
from govreport_core.checks.running import says
from govreport_core.regions.divisions import FIRST_YEAR, LAST_YEAR, table

QUOTE_LENGTH = 120  # characters of the sentence that is quoted
SHORTEST = 3  # characters of a name that is no common word
SLACK = 1  # years for which a name is used before and after its own
# A province whose document was forwarded: another rule's finding.
_FORWARDED = r"转发(?:了|的)?[《“]?(?:\p{Han}{2,6}(?:省|自治区)|北京市|天津市|上海市|重庆市)"
_ENDS = "。；;！!？?\n"
# What may stand before a name that ends as common words do: 新兴城市 holds no 兴城市.
_COMMON_ENDS = "(?:城市|区)$"
_BEFORE = r"(?:^|[^\p{Han}]|[省市州盟在由向和与及对按据为从我本至到经报是将被于合足把给让使了的])"


class ForeignPlace(RuleKind, frozen=True, tag="foreign_place"):
    """No division outside the agency's own chain is named as if it were the agency's.

    That is a whole name, in force in the report's year and none of the `common`
    words, followed by one of the patterns `own`, in a sentence without any of the
    words `context`.
    """

    common: tuple[str, ...]
    own: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    context: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]

    fail_words = frozenset({"name", "text"})


def foreign_place(test: ForeignPlace, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The first sentence that names a place outside the agency's chain, else one for the report.

    Args:
        test: The rule.
        facts: Looks at `text` of all `sections`, `region_code` and `year` of `reports`, and at
            `diagnostics` of the code `manifest_disagrees`.

    Yields:
        Results as `findings` makes them, one a report: of a failure `subject` is the sentence's
        section, with `name` (the place) and `text` (the sentence); a pass or skip is about
        `report`.

    Source:
        《政府信息公开条例》第六条；历年行政区划代码
    """
    named = _named(test, facts)
    guarded = pl.col("name").str.contains(_COMMON_ENDS)
    pattern = pl.concat_str(
        pl.when(guarded).then(pl.lit(_BEFORE)).otherwise(pl.lit("")),
        pl.col("name").str.escape_regex(),
        pl.lit(f"(?:{'|'.join(test.own)})"),
    )
    found = (
        named.filter(pl.col("sentence").str.contains(pattern))
        .sort("order", "at", maintain_order=True)
        .unique("doc", keep="first", maintain_order=True)
        .collect()
        .lazy()
    )
    yield findings(
        found,
        facts.form,
        fails=pl.lit(value=True),
        said={"name": pl.col("name"), "text": pl.col("sentence").str.slice(0, QUOTE_LENGTH)},
        subject=pl.col("section"),
        placed=True,
    )
    told = facts.sections.filter(pl.col("text").str.contains(r"\S")).select("doc").unique()
    yield findings(
        others(facts, found).join(told.with_columns(told=True), on="doc", how="left"),
        facts.form,
        reason=pl.when(pl.col("region_code").is_null())
        .then(pl.lit(Reason.REGION_UNKNOWN))
        .when(pl.col("year").is_null())
        .then(pl.lit(Reason.YEAR_UNKNOWN))
        .when(pl.col("doc").is_in(_disagreeing(facts)))
        .then(pl.lit(Reason.REGION_UNSURE))
        .when(pl.col("told").is_null())
        .then(pl.lit(Reason.NO_SECTION)),
        subject=pl.lit("report"),
    )


def _named(test: ForeignPlace, facts: Facts) -> pl.LazyFrame:
    """The sentences with a name that nothing in the agency's chain bears, a row a name."""
    bearers = _bearers()
    placed = facts.reports.filter(
        pl.col("region_code").is_not_null()
        & pl.col("year").is_not_null()
        & ~pl.col("doc").is_in(_disagreeing(facts))
    ).select("doc", "region_code", held=pl.col("year").clip(FIRST_YEAR, LAST_YEAR))
    spoken = f"[{_last_characters()}](?:{'|'.join(test.own)})"
    said = (
        facts.sections.join(placed.select("doc"), on="doc", how="semi")
        .select(
            *("doc", "order", "section", *PLACE),
            sentence=pl.col("text")
            .str.replace_all(_FORWARDED, "")
            .str.replace_all(r"《[^》]*》", "")
            .str.replace_all(f"[{_ENDS}]", "\n")
            .str.split("\n"),
        )
        .explode("sentence")
        .filter(pl.col("sentence").str.contains(spoken))
        .with_row_index("at")
        .collect()
    )
    names = _names(test.common)
    if said.is_empty():
        names = names[:1]  # to lay all of them out for a search takes its time
    named = said.with_columns(
        name=pl.col("sentence").str.extract_many(names, leftmost=True)
    ).filter(pl.col("name").list.len() > 0)
    # those that were found are the same as all, and fewer to look for
    found = set(named["name"].explode())
    fewer = [name for name in names if name in found] or names[:1]
    others = pl.col("sentence").str.replace_many(fewer, [""], leftmost=True)
    sentences = (
        # a name may hold such a word itself: 宿迁市
        named.lazy()
        .filter(~says(others, test.context))
        .explode("name")
        .unique(["doc", "at", "name"], keep="first", maintain_order=True)
    )
    year = pl.col("held")
    foreign = (
        sentences.select("doc", "name")
        .unique()
        .join(placed, on="doc")
        .join(bearers.lazy(), on="name")
        .filter((pl.col("since") - SLACK <= year) & (year <= pl.col("until") + SLACK))
        .group_by("doc", "name")
        .agg(own=(_related("code") | _related("successor").fill_null(value=False)).any())
        .filter(~pl.col("own"))
    )
    # beside the agency's own place another is a neighbour
    beside = (
        sentences.select("doc", "at", "name")
        .join(placed, on="doc")
        .join(bearers.lazy(), on="name")
        .filter(pl.col("code") == pl.col("region_code"))
        .select("doc", "at")
        .unique()
    )
    return sentences.join(foreign, on=["doc", "name"], how="semi", maintain_order="left").join(
        beside, on=["doc", "at"], how="anti", maintain_order="left"
    )


def _related(of: str) -> pl.Expr:
    """Whether a code is the agency's own, above it or below it."""
    code, own = pl.col(of), pl.col("region_code")
    inside = _inside().implode()
    return (
        (code == own)
        | (code == own.str.slice(0, 2) + "0000")
        | (code == own.str.slice(0, 4) + "00")
        | (own.str.ends_with("0000") & (code.str.slice(0, 2) == own.str.slice(0, 2)))
        | (own.str.ends_with("00") & (code.str.slice(0, 4) == own.str.slice(0, 4)))
        | (own + code.str.slice(0, 4)).is_in(inside)
        | (code + own.str.slice(0, 4)).is_in(inside)
    )


def _disagreeing(facts: Facts) -> pl.Series:
    """The reports of which the collector and the text tell different agencies or regions."""
    docs = facts.diagnostics.filter(
        (pl.col("code") == "manifest_disagrees")
        & pl.col("params").str.contains_any(['"region_code"', '"agency_name"'])
    )
    return docs.select(pl.col("doc").unique()).collect()["doc"].implode()


@cache
def _inside() -> pl.Series:
    """Each code with the first four digits of those that lie in it, though they tell otherwise."""
    return pl.Series(
        code + below for code, prefixes in table().inside.items() for below in prefixes
    )


@cache
def _names(common: tuple[str, ...]) -> list[str]:
    """All official names but the common words."""
    return _bearers().filter(~pl.col("name").is_in(common))["name"].unique().to_list()


@cache
def _last_characters() -> str:
    """What official names end in."""
    return "".join(sorted(set(_bearers()["name"].str.slice(-1))))


@cache
def _bearers() -> pl.DataFrame:
    """Each official name with the codes that bear it, and in which years."""
    rows = [
        (d.name, d.code, d.successor, d.valid_from, d.valid_to or LAST_YEAR)
        for divisions in table().by_code.values()
        for d in divisions
        if len(d.name) >= SHORTEST
    ]
    return pl.DataFrame(
        rows,
        schema={
            "name": pl.String,
            "code": pl.String,
            "successor": pl.String,
            "since": pl.Int32,
            "until": pl.Int32,
        },
        orient="row",
    )
