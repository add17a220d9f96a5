"""Reports, their checks and their coverage in, the indicators of a group of agencies out.

They are told of each agency and year first, with a numerator and a base, and
then summed: sums over sums, never a mean of rates. What isn't known is left out
and counted, never taken as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
import polars as pl

from govreport_core.errors import RuleError
from govreport_core.indicators.carded import ASSUMED, KNOWN
from govreport_core.indicators.definitions import IndicatorWords, catalogue

SCHEMA = {
    "indicator": pl.String,
    "agency_id": pl.String,
    "year": pl.Int32,
    "document_id": pl.String,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "n": pl.UInt32,
    "reason": pl.String,
    "assumed_zero": pl.Boolean,
}


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """How a group indicator comes about."""


class Zero(Way, frozen=True, forbid_unknown_fields=True, tag="zero"):
    """The reports in which a figure is 0, of those in which it is known."""

    figure: str


class Covered(Way, frozen=True, forbid_unknown_fields=True, tag="coverage"):
    """Agencies and years of the statuses `met`, of these and those `missed`.

    Attributes:
        required: Whether only agencies of the roster that were to publish count;
            else every report that is there.
    """

    met: tuple[str, ...]
    missed: tuple[str, ...]
    required: bool


class Consistent(Way, frozen=True, forbid_unknown_fields=True, tag="consistent"):
    """The reports without a failure of that severity, of those that can be judged.

    Attributes:
        without: Beginnings of the codes of rules that don't count.
        doubts: Reasons to skip for which a report without failure isn't judged.
    """

    severity: Literal["error", "warning", "info"]
    without: tuple[str, ...]
    doubts: tuple[str, ...]


class Change(Way, frozen=True, forbid_unknown_fields=True, tag="change"):
    """By how much a figure changed from the year before, of what it was."""

    figure: str


class GroupIndicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rate that only several reports have; `beside` are indicators to show it with."""

    code: str
    test: Zero | Covered | Consistent | Change
    zh: IndicatorWords
    en: IndicatorWords
    beside: tuple[str, ...] = ()


class Known(msgspec.Struct, frozen=True):
    """What group indicators are told from: frames of the dataset, the reports' the current ones.

    Attributes:
        evaluated: What `indicators.evaluate` gave for these reports, of the figures at least.
        verdicts: document_id, and whether of the results that count for `Consistent` any
            `failed`, any was `judged`, and any skipped for a doubt of ours (`doubted`).
    """

    evaluated: pl.LazyFrame
    reports: pl.LazyFrame
    verdicts: pl.LazyFrame
    coverage: pl.LazyFrame


def evaluate_groups(
    evaluated: pl.DataFrame, reports: pl.DataFrame, checks: pl.DataFrame, coverage: pl.DataFrame
) -> pl.DataFrame:
    """Each group indicator of each agency and year.

    Args:
        evaluated: What `evaluate` gave for all current reports: changes need the year before.
        reports: These reports.
        checks: The dataset's `checks`.
        coverage: Its `coverage`.

    Returns:
        The columns of `SCHEMA`, ordered by indicator, year and agency. `value` is a
        fraction (of a change, of what the figure was before: -0.1 is a tenth less). `n` is 1
        where the numbers are known, else 0 and `reason` says why. Choose agencies
        and years in this frame, then hand it to `aggregate_groups`.
    """
    verdicts = _verdicts(consistent(), checks.lazy())
    return _evaluated(Known(evaluated.lazy(), reports.lazy(), verdicts, coverage.lazy()))


def groups_of_cards(cards: pl.DataFrame) -> pl.DataFrame:
    """Each group indicator of each agency and year, from all cards of a dataset.

    Args:
        cards: The table `cards`, all agencies and years of it: changes need the year before.

    Returns:
        What `evaluate_groups` gives: the columns of `SCHEMA`, rates as fractions.
    """
    rows = cards.lazy().with_columns(pl.col("status", "form", "reason").cast(pl.String))
    reports = rows.filter(pl.col("document_id").is_not_null())
    verdicts = reports.select(
        "document_id",
        failed=pl.col("agree_errors") > 0,
        judged=pl.col("agree_judged") > 0,
        doubted=pl.col("agree_doubted") > 0,
    )
    covered = rows.filter(pl.col("status").is_not_null())
    return _evaluated(Known(_figures_of(reports), reports, verdicts, covered))


def _figures_of(reports: pl.LazyFrame) -> pl.LazyFrame:
    """What `indicators.evaluate` gave of the figures that group indicators name, from cards."""
    wanted = {one.test.figure for one in groups().values() if isinstance(one.test, Zero | Change)}
    parts = []
    for code in sorted(wanted):
        state = pl.col(f"{code}_state").cast(pl.String)
        known = state.is_in([KNOWN, ASSUMED])
        parts.append(
            reports.filter(pl.col(f"{code}_state").is_not_null()).select(
                "document_id",
                indicator=pl.lit(code),
                value=pl.when(known).then(f"{code}_numerator"),
                n=known.cast(pl.UInt32),
                reason=pl.when(~known).then(state),
                assumed_zero=state == ASSUMED,
            )
        )
    return pl.concat(parts)


@cache
def consistent() -> Consistent:
    """What counts for whether a report's numbers and parts agree."""
    return next(one.test for one in groups().values() if isinstance(one.test, Consistent))


def _evaluated(known: Known) -> pl.DataFrame:
    rows = [
        KINDS[type(indicator.test)](indicator.test, known).with_columns(
            rank=pl.lit(rank, pl.UInt32), indicator=pl.lit(indicator.code)
        )
        for rank, indicator in enumerate(groups().values())
    ]
    counted = pl.col("n") > 0
    return (
        pl.concat([pl.LazyFrame(schema=SCHEMA), *rows], how="diagonal_relaxed")
        .with_columns(
            pl.when(counted).then("numerator"),
            pl.when(counted).then("denominator"),
            pl.col("assumed_zero").fill_null(value=False),
        )
        .with_columns(
            value=_value(),
            reason=pl.when(~counted).then("reason").otherwise(_base_zero()),
        )
        .sort("rank", "year", "agency_id", "document_id")
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
        .collect()
    )


def aggregate_groups(
    told: pl.DataFrame, by: Sequence[str] = (), agencies: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Each group indicator of groups of agencies and years.

    Args:
        told: What `evaluate_groups` gave, or those rows of it to take together.
        by: What makes the groups: columns of `told` (`year`, `agency_id`) or of `agencies`.
        agencies: `agency_id` and what else agencies are grouped by, a row each.

    Returns:
        `by`, `indicator`, `value` (a fraction), `numerator`, `denominator`, `n` (agencies and
        years that enter the sums), `left_out` (those whose numbers aren't known),
        `reason`, `assumed_zero`, ordered by `by` and indicator: what `aggregate`
        gives. Without a known one the sums are null, never 0.
    """
    known = pl.col("n") > 0
    order = pl.LazyFrame({"indicator": list(groups())}).with_row_index("rank")
    rows = told.lazy()
    if agencies is not None:
        rows = rows.join(agencies.lazy(), on="agency_id", how="left")
    return (
        rows.group_by(*by, "indicator")
        .agg(
            pl.col("numerator").filter(known).sum(),
            pl.col("denominator").filter(known).sum(),
            n=known.sum(),
            left_out=(~known).sum(),
            assumed_zero=(pl.col("assumed_zero") & known).any(),
        )
        .with_columns(
            pl.when(known).then(name).alias(name) for name in ("numerator", "denominator")
        )
        .with_columns(
            value=_value(),
            reason=pl.when(~known).then(pl.lit("none_known")).otherwise(_base_zero()),
        )
        .join(order, on="indicator")
        .sort(*by, "rank")
        .select(
            *by,
            *("indicator", "value", "numerator", "denominator"),
            *("n", "left_out", "reason", "assumed_zero"),
        )
        .collect()
    )


def _zero(test: Zero, known: Known) -> pl.LazyFrame:
    return _figures(test.figure, known).with_columns(
        numerator=(pl.col("figure") == 0).cast(pl.Float64), denominator=pl.lit(1.0)
    )


def _covered(test: Covered, known: Known) -> pl.LazyFrame:
    status = pl.col("status")
    told = status.is_in([*test.met, *test.missed])
    counts = pl.col("required") if test.required else pl.col("document_id").is_not_null()
    # Where no law sets a day, a report is neither in time nor late.
    due = pl.col("due").is_not_null()
    return known.coverage.filter(counts & due).select(
        "agency_id",
        "year",
        "document_id",
        numerator=status.is_in(test.met).cast(pl.Float64),
        denominator=pl.lit(1.0),
        n=told.cast(pl.UInt32),
        reason=pl.when(~told).then(pl.lit("timeliness_unknown")),
    )


def _verdicts(test: Consistent, checks: pl.LazyFrame) -> pl.LazyFrame:
    outcome = pl.col("outcome")
    other = pl.any_horizontal(pl.col("check").str.starts_with(code) for code in test.without)
    return (
        checks.filter((pl.col("severity") == test.severity) & ~other)
        .group_by("document_id")
        .agg(
            failed=(outcome == "fail").any(),
            judged=(outcome != "skip").any(),
            doubted=((outcome == "skip") & pl.col("reason").is_in(test.doubts)).any(),
        )
    )


def _consistent(_: Consistent, known: Known) -> pl.LazyFrame:
    failed = pl.col("failed").fill_null(value=False)
    judged = pl.col("judged").fill_null(value=False)
    doubted = pl.col("doubted").fill_null(value=False)
    return (
        known.reports.select("agency_id", "year", "document_id")
        .join(known.verdicts, on="document_id", how="left")
        .select(
            "agency_id",
            "year",
            "document_id",
            numerator=(~failed).cast(pl.Float64),
            denominator=pl.lit(1.0),
            n=(failed | (judged & ~doubted)).cast(pl.UInt32),
            reason=pl.when(doubted & ~failed)
            .then(pl.lit("doubts"))
            .when(~judged)
            .then(pl.lit("nothing_judged")),
        )
    )


def _change(test: Change, known: Known) -> pl.LazyFrame:
    figures = _figures(test.figure, known)
    # An agency whose id comes from a document is none that is known: it has no years.
    before = figures.filter(~pl.col("agency_id").str.starts_with("doc-")).select(
        "agency_id",
        pl.col("year") + 1,
        was="figure",
        before="n",
        lacked="reason",
        assumed="assumed_zero",
    )
    return figures.join(
        before.unique(["agency_id", "year"], keep="first"), on=["agency_id", "year"], how="left"
    ).with_columns(
        numerator=pl.col("figure") - pl.col("was"),
        denominator=pl.col("was"),
        n=pl.min_horizontal("n", pl.col("before").fill_null(0)),
        reason=pl.coalesce(
            "reason", "lacked", pl.when(pl.col("before").is_null()).then(pl.lit("no_prior_year"))
        ),
        assumed_zero=pl.col("assumed_zero") | pl.col("assumed").fill_null(value=False),
    )


def _figures(code: str, known: Known) -> pl.LazyFrame:
    """A figure of each report: `figure`, null where `n` is 0."""
    return (
        known.evaluated.filter(pl.col("indicator") == code)
        .select("document_id", "n", "reason", "assumed_zero", figure="value")
        .join(known.reports.select("document_id", "agency_id", "year"), on="document_id")
    )


KINDS: dict[type[Way], Callable[[Any, Known], pl.LazyFrame]] = {
    Zero: _zero,
    Covered: _covered,
    Consistent: _consistent,
    Change: _change,
}


def _value() -> pl.Expr:
    numerator, denominator = pl.col("numerator"), pl.col("denominator")
    return pl.when(denominator != 0).then(numerator / denominator)


def _base_zero() -> pl.Expr:
    return pl.when(pl.col("denominator") == 0).then(pl.lit("base_zero"))


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    indicators: tuple[GroupIndicator, ...]


@cache
def groups() -> dict[str, GroupIndicator]:
    """All group indicators that ship with govreport, by code, in their order."""
    text = files(__package__).joinpath("groups.toml").read_text(encoding="utf-8")
    return {indicator.code: indicator for indicator in parse_groups(text)}


def parse_groups(text: str) -> tuple[GroupIndicator, ...]:
    """Read the definitions.

    Raises:
        RuleError: An unknown key or kind, a wrong type, a code used twice, a figure or
            neighbour that isn't there, an indicator whose base has no name.
    """
    try:
        found = msgspec.toml.decode(text, type=_File).indicators
    except msgspec.DecodeError as error:
        msg = f"group indicators: {error}"
        raise RuleError(msg) from error
    codes = [*catalogue(), *(indicator.code for indicator in found)]
    for indicator in found:
        figure = getattr(indicator.test, "figure", None)
        wrong = None
        if codes.count(indicator.code) > 1:
            wrong = "stands twice"
        elif figure is not None and (figure not in catalogue() or catalogue()[figure].denominator):
            wrong = f"no figure {figure!r}"
        elif lost := [code for code in indicator.beside if code not in codes]:
            wrong = f"no indicator {lost[0]!r} to stand beside"
        elif not (indicator.zh.base and indicator.en.base):
            wrong = "names its base in both languages"
        if wrong:
            msg = f"{indicator.code}: {wrong}"
            raise RuleError(msg)
    return found
