"""Cards of two years in, the numbers of a circular out: what was published, fails, and changed.

Years are compared over the same agencies alone: those whose timeliness is known in both,
and those whose reports of both were read in full, by rules that look at a report alone and
hold for the forms of both.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from dashboard.views.answer import SAID, TESTS
from dashboard.views.filters import READINGS
from govreport_core import checks, worklist
from govreport_core.checks.kinds import OF_ONE
from govreport_core.coverage import statuses
from govreport_core.model import Record, Severity

JUDGED = ("on_time", "late", "not_found")
"""The statuses that tell whether a report came in time."""
NEEDED = (
    *("agency_id", "agency_name", "agency_kind", "agency_level", "region_code"),
    *(
        "province",
        "prefecture",
        "county",
        "year",
        "document_id",
        "title",
        "form",
        "status",
        "reason",
    ),
    *("required", "cells", "cells_read", "doubts", "fail_error", "agree_judged"),
    *("failed_rules", "failed_severities", "days_late", "due"),
)
"""The columns of cards that are looked at."""
_THERE = pl.col("document_id").is_not_null()
_WHOLE = _THERE & READINGS["whole"]


class RuleNumbers(Record, frozen=True, gc=False):
    """How many reports of the year fail a rule.

    Attributes:
        same: How many agencies it is compared over; None where it can't be.
        now: How many of these fail it, `before` the year before.
    """

    code: str
    severity: str
    reports: int
    same: int | None = None
    now: int | None = None
    before: int | None = None


class Change(Record, frozen=True, gc=False):
    """A count over the same agencies, this year and the year before."""

    same: int
    now: int
    before: int


class Numbers(Record, frozen=True, gc=False):
    """All that a circular counts, of one year.

    Attributes:
        statuses: Agencies by status of publication, in the order of the statuses; none at 0.
        reasons: Of those whose timeliness isn't known, by reason.
        rostered: Whether a roster names any agency.
        unlisted: Of those due, how many no roster names.
        unplaced: Reports whose agency can't be told.
        only_late: Of those with errors, how many have no other error than being late.
        last: Cards of the year before.
    """

    year: int
    due: int
    statuses: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...]
    rostered: bool
    unlisted: int
    unplaced: int
    reports: int
    whole: int
    doubts: int
    unread: int
    wrong: int
    only_late: int
    commended: int
    correcting: int
    rules: tuple[RuleNumbers, ...]
    last: int
    timely: Change
    errors: Change

    def of(self, status: str) -> int:
        """How many agencies have that status."""
        return dict(self.statuses).get(status, 0)

    @property
    def judged(self) -> int:
        """How many agencies are known to have been in time or not."""
        return sum(self.of(status) for status in JUDGED)


def numbers(cards: pl.DataFrame, year: int) -> Numbers:
    """Count.

    Args:
        cards: Of a jurisdiction, with `NEEDED`: those of the year and of the year before.
        year: The year.
    """
    now, before = (cards.filter(pl.col("year") == one) for one in (year, year - 1))
    counted = now.select(
        due=TESTS["due"].sum(),
        rostered=SAID["listed"].any(),
        unlisted=(TESTS["due"] & ~SAID["listed"]).sum(),
        unplaced=(_THERE & pl.col("status").is_null()).sum(),
        reports=_THERE.sum(),
        **{name: (_THERE & test).sum() for name, test in READINGS.items()},
        wrong=TESTS["wrong"].sum(),
        only_late=(TESTS["wrong"] & ~other_errors()).sum(),
        commended=commended().sum(),
        correcting=(_THERE & other_errors()).sum(),
    ).row(0, named=True)
    found = dict(now.group_by("status").len().iter_rows())
    unsure = now.filter(pl.col("status") == "published").drop_nulls("reason")
    pairs = _same(now, before)
    return Numbers(
        year=year,
        statuses=tuple((code, found[code]) for code in statuses() if code in found),
        reasons=tuple(
            unsure.group_by(pl.col("reason").cast(pl.String)).len()
            .sort("len", "reason", descending=[True, False]).iter_rows()
        ),
        rules=_rules(now, pairs),
        last=before.height,
        timely=_timely(now, before),
        errors=_errors(pairs),
        **counted,
    )  # fmt: skip


def commended() -> pl.Expr:
    """Whether a card's report came in time, was read in full, was judged and has no error."""
    clean = (pl.col("fail_error") == 0) & (pl.col("agree_judged") > 0)
    return _WHOLE & (pl.col("status") == "on_time").fill_null(value=False) & clean


def other_errors() -> pl.Expr:
    """Whether a card's report fails a rule at error level, lateness aside."""
    return _THERE & (pl.col("errors").list.len() > 0)


def prepared(cards: pl.LazyFrame) -> pl.DataFrame:
    """Cards with `errors`: the rules that a report fails at error level, lateness aside.

    Args:
        cards: With `NEEDED`.

    Returns:
        `NEEDED` as text and numbers, and `errors`, each code once; rows in their order.
    """
    grave = pl.col("failed_severities").list.eval(pl.arg_where(pl.element() == Severity.ERROR))
    others = pl.element().filter(~pl.element().is_in(worklist.lateness()))
    return (
        cards.select(NEEDED)
        .with_columns(pl.col(pl.Enum).cast(pl.String))
        .with_columns(errors=pl.col("failed_rules").list.gather(grave).list.eval(others))
        .collect()
    )


def _same(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Agencies whose reports of both years were read in full, with what both fail."""
    columns = ["agency_id", "form", "failed_rules", "failed_severities"]
    last = before.filter(_WHOLE).select(columns)
    return now.filter(_WHOLE).select(columns).join(last, on="agency_id", suffix="_before")


def _timely(now: pl.DataFrame, before: pl.DataFrame) -> Change:
    """Who was in time, of those of whom it is known for both years."""
    known = pl.col("status").is_in(JUDGED)
    both = now.filter(known).join(
        before.filter(known).select("agency_id", status_before="status"), on="agency_id"
    )
    timely = [both.filter(pl.col(name) == "on_time").height for name in ("status", "status_before")]
    return Change(both.height, *timely)


def _errors(pairs: pl.DataFrame) -> Change:
    """Whose reports have an error, of those whose two forms share a rule, by such rules."""
    judged = _comparable().select("form", "form_before").unique()
    pairs = pairs.join(judged, on=["form", "form_before"], how="semi")
    grave = pl.col("severity") == Severity.ERROR
    failing = [
        _failing(pairs, year).filter(grave)["agency_id"].n_unique() for year in ("", "_before")
    ]
    return Change(pairs.height, *failing)


def _failing(pairs: pl.DataFrame, year: str) -> pl.DataFrame:
    """Each agency with each comparable rule that its report of a year fails, and how gravely."""
    both = [f"failed_rules{year}", f"failed_severities{year}"]
    return (
        pairs.select("agency_id", "form", "form_before", *both)
        .explode(both, empty_as_null=True)
        .rename(dict(zip(both, ("check", "severity"), strict=True)))
        .drop_nulls("check")
        .join(_comparable(), on=["check", "form", "form_before"], how="semi")
    )


@cache
def _comparable() -> pl.DataFrame:
    """The rules that look at a report alone, with the forms of two years that both have them."""
    return pl.DataFrame(
        [
            (code, form, before)
            for code, rule in checks.catalogue().items()
            if type(rule.test) in OF_ONE
            for form in rule.forms
            for before in rule.forms
        ],
        schema=["check", "form", "form_before"],
        orient="row",
    )


def _rules(now: pl.DataFrame, pairs: pl.DataFrame) -> tuple[RuleNumbers, ...]:
    """The errors and warnings of the year, errors first, then by how many reports fail them."""
    order = {code: place for place, code in enumerate(checks.catalogue())}
    counted = (
        now.filter(_THERE)
        .select("failed_rules", "failed_severities")
        .explode("failed_rules", "failed_severities", empty_as_null=True)
        .filter(pl.col("failed_severities").is_in([Severity.ERROR, Severity.WARNING]))
        .group_by("failed_severities", "failed_rules")
        .len()
    )
    same = dict(
        pairs.select("agency_id", "form", "form_before")
        .join(_comparable(), on=["form", "form_before"])
        .group_by("check")
        .len()
        .iter_rows()
    )
    fails = [_counted(_failing(pairs, year)) for year in ("", "_before")]
    found = [
        RuleNumbers(code, severity, reports, *_compared(code, severity, same, fails))
        for severity, code, reports in counted.iter_rows()
    ]
    grave = [str(severity) for severity in Severity]
    return tuple(
        sorted(
            found,
            key=lambda rule: (
                grave.index(rule.severity),
                -rule.reports,
                order.get(rule.code, len(order)),
            ),
        )
    )


_Fails = dict[tuple[str, str], int]


def _counted(failing: pl.DataFrame) -> _Fails:
    by_rule = failing.group_by("check", "severity").agg(pl.col("agency_id").n_unique())
    return {(code, severity): count for code, severity, count in by_rule.iter_rows()}


def _compared(
    code: str, severity: str, same: dict[str, int], fails: list[_Fails]
) -> tuple[int | None, int | None, int | None]:
    if code not in same:
        return None, None, None
    now, before = (one.get((code, severity), 0) for one in fails)
    return same[code], now, before
