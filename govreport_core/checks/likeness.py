"""The kinds about what a text repeats: what was found of all texts in, one result a report out.

What is alike is no fault: a report says the same again where nothing changed, and
bodies under one roof may share a text. So these are remarks, with the sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import msgspec
import polars as pl

from govreport_core.checks.base import RuleKind
from govreport_core.checks.facts import PLACE, Facts, Reason, findings
from govreport_core.checks.running import says
from govreport_core.forms import span

Words = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
# Years, numbers of documents and of enumerations: no figures of an agency's own.
_NO_FIGURES = (
    r"(?m)(?:19|20)\d{2}\s*年度?|[〔\[（(]\d{1,4}[〕\]）)]\d*号?|第\s*\d+\s*[号条款项]"
    r"|^\s*\d{1,2}[.、．]"
)
_TAIL = 3  # last characters of an agency's name by which a text may call it: 水务局


class Repeats(RuleKind, frozen=True, tag="repeats"):
    """Less than `share` of a section stands in another report.

    That is an earlier one of the same agency, or one of another agency's of the year or earlier.
    Only sections with `least` characters of their own words, in reports on the forms of the span
    `since`.
    """

    same_agency: bool
    share: Annotated[float, msgspec.Meta(gt=0, le=1)]
    least: int
    since: str

    fail_words = frozenset({"share", "count", "name", "told", "text"})


def repeats(
    test: Repeats, frames: Mapping[str, pl.DataFrame], reports: pl.DataFrame
) -> Iterator[pl.LazyFrame]:
    """One result a report: its section that repeats most, where one repeats enough.

    Args:
        test: The rule.
        frames: Looks at `texts` and `repeats`, as `build.likeness` gives them, of `reports`.
        reports: The table `reports` with `doc`: `agency_id`, `year`, `current`.

    Yields:
        Columns of `COLUMNS`: of a failure `subject` is the section, `actual` the share in percent,
        and `params` holds `share` (the same), `count` (sentences in common), `text` (the longest
        of them, as printed), and of the other report `other` (its document), `report_id`, `name`
        (its agency's) and `told` (its year). A pass or skip is about `report`.

    Source:
        《政府信息公开条例》第五十条第（五）项；国办公开办函〔2021〕30号
    """
    of = reports.filter(pl.col("form").is_in(span(test.since)))
    told = frames["texts"].filter(pl.col("chars") >= test.least)
    found = (
        frames["repeats"]
        .filter(pl.col("same_agency") == test.same_agency)
        .join(told, on=["document_id", "section"], how="semi")
    )
    others = reports.select(
        "report_id",
        other="document_id",
        name=pl.coalesce("agency_name", "agency_id"),
        told=pl.col("year").cast(pl.String),
    )
    alike = (
        found.filter(pl.col("share") >= test.share)
        .join(others, on="other", how="left")
        .join(of.select("document_id", "doc", "form"), on="document_id")
        .sort(
            ["doc", "share", "told", "section", "other"],
            descending=[False, True, True, True, False],
        )
        .unique("doc", keep="first", maintain_order=True)
        .with_columns((pl.col("share") * 100).round(1), count=pl.col("sentences"))
    )
    said = ("form", "share", "count", "name", "told", "text", "other", "report_id")
    yield alike.lazy().select(
        "doc",
        subject="section",
        outcome=pl.lit("fail"),
        actual=pl.col("share"),
        params=pl.struct(*said).struct.json_encode(),
        **{name: pl.col(name) for name in PLACE},
    )
    document = pl.col("document_id")
    reason = (
        pl.when(~pl.col("current"))
        .then(pl.lit(Reason.ANOTHER_COPY))
        .when(pl.col("agency_id").str.starts_with("doc-"))
        .then(pl.lit(Reason.AGENCY_UNKNOWN))
        .when(pl.col("year").is_null())
        .then(pl.lit(Reason.YEAR_UNKNOWN))
        .when(~document.is_in(told["document_id"].implode()))
        .then(pl.lit(Reason.TEXT_SHORT))
        .when(~document.is_in(_comparable(test, found, told, reports).implode()))
        .then(pl.lit(Reason.NO_PRIOR_YEAR if test.same_agency else Reason.NO_OTHERS))
    )
    yield (
        of.filter(~pl.col("doc").is_in(alike["doc"].implode()))
        .lazy()
        .with_columns(reason=reason)
        .select(
            "doc",
            "reason",
            subject=pl.lit("report"),
            outcome=pl.when(pl.col("reason").is_null())
            .then(pl.lit("pass"))
            .otherwise(pl.lit("skip")),
            params=pl.struct("form").struct.json_encode(),
        )
    )


def _comparable(
    test: Repeats, found: pl.DataFrame, told: pl.DataFrame, reports: pl.DataFrame
) -> pl.Series:
    """The documents for which there was something to be compared with."""
    if test.same_agency:
        return found["document_id"].unique()
    of = reports.join(told.select("document_id").unique(), on="document_id")
    first = of.group_by("agency_id").agg(pl.col("year").min()).sort("year").head(2)
    own, year = pl.col("agency_id"), pl.col("year")
    # The first year of any agency but the report's own.
    earliest = first.rows()
    if len(earliest) < 2:
        return of["document_id"].clear()
    (agency, begun), (_, next_begun) = earliest
    since = pl.when(own == agency).then(next_begun).otherwise(begun)
    return of.filter(year >= since)["document_id"]


class Generic(RuleKind, frozen=True, tag="generic"):
    """What the sections say is about this agency.

    Words for all and some places stand beside a figure of its own, its name, or a word by which
    it speaks of itself.
    """

    sections: Words
    general: Words
    own: Words

    fail_words = frozenset({"text"})


def generic(test: Generic, facts: Facts) -> Iterator[pl.LazyFrame]:
    """Whether the sections together say anything of the agency itself.

    Args:
        test: The rule.
        facts: Looks at `text` of `sections` (as `plain`), and at `agency_name`, `province`,
            `prefecture` and `county` of `reports`.

    Yields:
        Results as `findings` makes them, one a report, about `report`: of a failure `text` is the
        first sentence with one of the words.

    Source:
        《政府信息公开条例》第五十条；国办公开办函〔2021〕30号
    """
    words = list(test.general)
    texts = (
        facts.sections.filter(
            pl.col("section").is_in(test.sections) & pl.col("plain").str.contains(r"\S")
        )
        .sort("doc", "order")
        .group_by("doc", maintain_order=True)
        .agg(said=pl.col("plain").str.join("\n"), **{name: pl.col(name).first() for name in PLACE})
    )
    said, name = pl.col("said"), pl.col("agency_name")
    figures = said.str.replace_all(_NO_FIGURES, "").str.contains(r"\d")
    places = [
        pl.col(level).str.replace("(?:自治)?[省市县区旗州盟]$", "")
        for level in ("province", "prefecture", "county")
    ]
    named = pl.any_horizontal(
        said.str.contains(one, literal=True).fill_null(value=False)
        & (one.str.len_chars() > 1).fill_null(value=False)
        for one in (name, name.str.slice(-_TAIL), *places)
    )
    general = says(said, words)
    yield findings(
        facts.reports.join(texts, on="doc", how="left"),
        facts.form,
        reason=pl.when(said.is_null())
        .then(pl.lit(Reason.NO_SECTION))
        .when(name.is_null())
        .then(pl.lit(Reason.AGENCY_UNKNOWN)),
        fails=general & ~figures & ~named & ~says(said, test.own),
        said={"text": said.str.extract(_sentence_with(words), 1)},
        subject=pl.lit("report"),
        placed=True,
    )


def _sentence_with(words: list[str]) -> str:
    inside = r"[^。；;！？!?\n]"
    return f"({inside}{{0,60}}(?:{'|'.join(words)}){inside}{{0,60}})"
