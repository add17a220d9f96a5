"""The kinds that look at a report's title and form: the facts in, a result a finding out.

A report without a finding has one result of its own, a pass or a skip.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from govreport_core.checks.base import REPORT, RuleKind
from govreport_core.checks.facts import PLACE, Facts, Reason, findings
from govreport_core.forms import Form, forms
from govreport_core.forms.lineage import print_alike
from govreport_core.model import Severity

TITLE_LENGTH = 120  # characters of a title that a sentence quotes


class Title(RuleKind, frozen=True, tag="title"):
    """The title is there and names the agency and the year.

    Where the document is a plain text without one, which may have lost it on its way
    from a page, the failure weighs `lost`.
    """

    lost: Severity

    fail_words = frozenset({"title"})
    cases = frozenset({"no_title", "not_in_file", "no_agency", "no_year", "neither"})


def title(test: Title, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The title, and what of the identity was found in it.

    Args:
        test: The rule.
        facts: Looks at `title` of `reports`, at `evidence` by the rule `title`, and at `part` of
            `parts`.

    Yields:
        Results as `findings` makes them, one a report: `subject` is `report`; a failure's case
        says what is missing, and `title` quotes the title.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：格式标题
    """
    in_title = pl.col("rule") == "title"
    told = (
        facts.evidence.sort("order")
        .group_by("doc")
        .agg(
            ((pl.col("field") == "agency_name") & in_title).any().alias("agency"),
            ((pl.col("field") == "year") & in_title).any().alias("dated"),
            *(
                pl.col(name)
                .filter((pl.col("field") == "title") & pl.col("chosen") | in_title)
                .first()
                for name in PLACE
            ),
        )
    )
    agency = pl.col("agency").fill_null(value=False)
    dated = pl.col("dated").fill_null(value=False)
    lost = pl.col("doc").is_in(_plain_texts(facts).implode())
    case = (
        pl.when(pl.col("title").is_null() & lost)
        .then(pl.lit("not_in_file"))
        .when(pl.col("title").is_null())
        .then(pl.lit("no_title"))
        .when(~agency & ~dated)
        .then(pl.lit("neither"))
        .when(~agency)
        .then(pl.lit("no_agency"))
        .when(~dated)
        .then(pl.lit("no_year"))
    )
    yield findings(
        facts.reports.join(told, on="doc", how="left"),
        facts.form,
        fails=case.is_not_null(),
        said={"case": case, "title": pl.col("title").str.slice(0, TITLE_LENGTH)},
        subject=REPORT,
        severity=pl.when(case == "not_in_file").then(pl.lit(test.lost)),
        placed=True,
    )


def _plain_texts(facts: Facts) -> pl.Series:
    """The reports whose parts are lines: dumps and Markdown, where a page's title may be gone."""
    if facts.parts is None:
        return pl.Series("doc", [], dtype=pl.UInt32)
    lines = facts.parts.filter(pl.col("part").str.starts_with("line:"))
    return lines.select(pl.col("doc").unique()).collect()["doc"]


class FormOfYear(RuleKind, frozen=True, tag="form_of_year"):
    """The form used is the one in force for the report's year."""

    fail_words = frozenset({"year", "used", "right"})


def form_of_year(_: FormOfYear, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The form used against the one in force for the year.

    Args:
        facts: Looks at `year` and `form` of `reports`; the place is that of the year in
            `evidence`.

    Yields:
        Results as `findings` makes them, one a report: `subject` is `report`; a failure holds
        `year`, `used` and `right`, the last two ids of forms.

    Source:
        国办公开办函〔2021〕30号（自2021年度起施行，取代国办公开办函〔2019〕60号的格式）
    """
    year = pl.col("year")
    right = pl.coalesce(
        pl.when(_covers(form, year)).then(pl.lit(form.id)) for form in forms().values()
    )
    alike = [form.id for form in forms().values() if print_alike(form, facts.form)]
    place = facts.evidence.filter((pl.col("field") == "year") & pl.col("chosen")).unique(
        "doc", keep="first", maintain_order=True
    )
    yield findings(
        facts.reports.join(place.select("doc", *PLACE), on="doc", how="left"),
        facts.form,
        reason=pl.when(year.is_null())
        .then(pl.lit(Reason.YEAR_UNKNOWN))
        .when(right.is_null())
        .then(pl.lit(Reason.YEAR_OUTSIDE_FORMS)),
        fails=~right.is_in(alike),
        said={"year": year, "used": pl.lit(facts.form.id), "right": right},
        subject=REPORT,
        placed=True,
    )


def _covers(form: Form, year: pl.Expr) -> pl.Expr:
    after = year >= form.years_from
    return after if form.years_to is None else after & (year <= form.years_to)
