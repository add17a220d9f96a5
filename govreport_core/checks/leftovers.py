"""The kinds that look for what was copied and left: facts in, one result a report out.

A sentence with a word that could make it mean something else is let pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from govreport_core.checks.base import REPORT, RuleKind
from govreport_core.checks.facts import Facts, Reason, findings
from govreport_core.checks.running import says
from govreport_core.checks.text import QUOTE_LENGTH, Phrases, sentences_of
from govreport_core.model import Severity
from govreport_core.regions.divisions import table

# What a sentence names or quotes isn't its own.
_QUOTED = r"《[^》]*》|“[^”]*”|「[^」]*」"


class Leftovers(RuleKind, frozen=True, tag="leftovers"):
    """No sentence holds letters in the place of what was to be filled in, or a unit alone.

    `letters` are the patterns of the first, `alone` of the second, which weighs
    `lighter`: a number may have been lost in the file. Not in a sentence with one of
    the words `context`, nor within titles and quotations.
    """

    letters: Phrases
    alone: Phrases
    context: Phrases
    lighter: Severity

    fail_words = frozenset({"text"})
    cases = frozenset({"letters", "alone"})


def leftovers(test: Leftovers, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The first sentence with something left to be filled in, letters before units.

    Args:
        test: The rule.
        facts: Looks at `text` of all `sections`.

    Yields:
        Results as `findings` makes them, one a report: `subject` is the sentence's section, else
        `report`; a failure of the case `letters` or `alone` holds `text`, the sentence. Skipped
        where no section has words.

    Source:
        《政府信息公开条例》第六条：及时、准确地公开
    """
    own = pl.col("sentence").str.replace_all(_QUOTED, "")
    letters = own.str.contains("|".join(test.letters))
    alone = own.str.contains("|".join(test.alone))
    case = pl.when(letters).then(pl.lit("letters")).when(alone).then(pl.lit("alone"))
    found = (
        sentences_of(facts)
        .filter(~says(pl.col("sentence"), test.context))
        .with_columns(case=case)
        .drop_nulls("case")
        .sort(pl.col("case") != "letters", "order", "at")
        .unique("doc", keep="first", maintain_order=True)
    )
    lighter = pl.when(pl.col("case") == "alone").then(pl.lit(test.lighter))
    yield findings(
        _with_texts(facts).join(found.drop("order", "at"), on="doc", how="left"),
        facts.form,
        reason=pl.when(pl.col("some").is_null()).then(pl.lit(Reason.NO_SECTION)),
        fails=pl.col("case").is_not_null(),
        said={"case": pl.col("case"), "text": _quote()},
        subject=pl.coalesce("section", REPORT),
        severity=lighter,
        placed=True,
    )


class Forwarded(RuleKind, frozen=True, tag="forwarded"):
    """No sentence says that a document of another province was forwarded.

    `verb` is the pattern that stands right before the province's whole name. Not in a
    sentence with one of the words `context`, nor in reports of national bodies.
    """

    verb: str
    context: Phrases

    fail_words = frozenset({"name", "text"})


def forwarded(test: Forwarded, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The first sentence in which another province's document was forwarded.

    Args:
        test: The rule.
        facts: Looks at `text` of all `sections`, and at `region_code` and `agency_level` of
            `reports`.

    Yields:
        Results as `findings` makes them, one a report but those of national bodies: `subject` is
        the sentence's section, else `report`; a failure holds `name` (the other province) and
        `text` (the sentence).

    Source:
        《政府信息公开条例》第六条；历年行政区划代码
    """
    provinces = _provinces()
    pattern = f"{test.verb}({'|'.join(provinces['name'])})"
    own = pl.col("region_code").str.slice(0, 2)
    found = (
        sentences_of(facts)
        .with_columns(name=pl.col("bare").str.extract(pattern))
        .drop_nulls("name")
        .filter(~says(pl.col("sentence"), test.context))
        .join(provinces.lazy(), on="name")
        .join(facts.reports.select("doc", own=own), on="doc")
        .filter(pl.col("province") != pl.col("own"))
        .sort("order", "at")
        .unique("doc", keep="first", maintain_order=True)
        .drop("order", "at")
    )
    national = (pl.col("agency_level") == "national").fill_null(value=False)
    yield findings(
        _with_texts(facts).filter(~national).join(found, on="doc", how="left"),
        facts.form,
        reason=pl.when(pl.col("region_code").is_null())
        .then(pl.lit(Reason.REGION_UNKNOWN))
        .when(pl.col("some").is_null())
        .then(pl.lit(Reason.NO_SECTION)),
        fails=pl.col("name").is_not_null(),
        said={"name": pl.col("name"), "text": _quote()},
        subject=pl.coalesce("section", REPORT),
        placed=True,
    )


def _with_texts(facts: Facts) -> pl.LazyFrame:
    """The reports, with `some` where a section has words."""
    some = facts.sections.filter(pl.col("text").str.contains(r"\S")).select("doc").unique()
    return facts.reports.select("doc", "region_code", "agency_level").join(
        some.with_columns(some=True), on="doc", how="left"
    )


def _quote() -> pl.Expr:
    return pl.col("sentence").str.strip_chars().str.slice(0, QUOTE_LENGTH)


@cache
def _provinces() -> pl.DataFrame:
    """Each province's whole name, with the two digits its codes begin with."""
    rows = {
        (division.name, code[:2])
        for code, divisions in table().by_code.items()
        if code.endswith("0000")
        for division in divisions
    }
    return pl.DataFrame(sorted(rows), schema=["name", "province"], orient="row")
