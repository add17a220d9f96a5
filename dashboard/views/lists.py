"""Frames in, references to agencies and reports out, as every list shows them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t, term
from dashboard.views.badges import OF_VERDICT, consistency_badge, reading_badge, verdict_of
from dashboard.views.filters import READINGS, UNKNOWN, Filters, narrow, one_of
from dashboard.views.records import AgencyRef, FilterOptions, Option, ReportRef
from govreport_core.coverage import status_words, statuses
from govreport_core.model import Outcome, Severity

# What a list shows of a report, of the columns of its card.
SHOWN = (
    *("report_id", "document_id", "agency_id", "agency_name", "agency_kind", "agency_level"),
    *("region_code", "region", "year", "title"),
    *OF_VERDICT,
)
# No list is longer.
ALL = 2**31
_FILE, _HASH = "doc-", 8  # begins the id of an agency that only a file knows; letters shown of it
_PLACES = ("province", "prefecture", "county")
_OFFERED = (
    *("year", "region_code", *_PLACES),
    *("agency_kind", "agency_level", "form", "cells", "cells_read", "doubts"),
)
COUNTED = (*(f"fail_{severity}" for severity in Severity), "passed", "skipped")
SEVERE = {severity: pl.col(f"fail_{severity}") > 0 for severity in Severity}
"""Cards with at least one failure that weighs so much."""
_READ = pl.col("document_id").is_not_null() & ~READINGS["unread"]
FAILURES = {
    severity: pl.when(_READ | some).then(pl.col(f"fail_{severity}"))
    for severity, some in SEVERE.items()
}
"""How many failures of each severity a list tells of a card: null of what isn't here or whose
tables weren't read, as far as none was found, for a 0 would say that all is well."""
WITH_OUTCOME = {
    Outcome.PASS: pl.col("passed") > 0,
    Outcome.FAIL: pl.sum_horizontal(f"fail_{severity}" for severity in Severity) > 0,
    Outcome.SKIP: pl.col("skipped") > 0,
}
"""Cards with at least one result of that outcome."""


def chosen(data: Data, filters: Filters, among: pl.LazyFrame | None = None) -> pl.LazyFrame:
    """Cards of reports that match; by outcome where at least one result is of those.

    Args:
        data: The dataset.
        filters: What narrows it.
        among: The cards to choose from, where more columns are wanted; else all reports'.

    Returns:
        The columns of `cards` and `region`, money in 万元, rows in the order of `data.cards`.
    """
    reports = narrow(data.reports if among is None else among, filters)
    for test in of_results(filters).values():
        reports = reports.filter(test)
    return reports


def of_results(filters: Filters) -> dict[str, pl.Expr]:
    """The tests by which `chosen` goes beyond `narrow`, by the name of their filter."""
    found = {}
    if filters.statuses:
        found["statuses"] = one_of(pl.col("status"), filters.statuses)
    if filters.readings:
        found["readings"] = pl.any_horizontal(READINGS[one] for one in filters.readings)
    if filters.severities:
        found["severities"] = pl.any_horizontal(SEVERE[Severity(one)] for one in filters.severities)
    if filters.outcomes:
        tests = [WITH_OUTCOME[Outcome(outcome)] for outcome in filters.outcomes]
        found["outcomes"] = pl.any_horizontal(tests)
    return found


def report_refs(data: Data, filters: Filters, lang: str) -> tuple[ReportRef, ...]:
    """Matching reports, by region, agency and year, newest first within an agency.

    Args:
        data: The dataset.
        filters: What narrows it.
        lang: Language of the words.

    Returns:
        One a report, by `region_code`, `agency_name` and `agency_id`, newest year first, nulls
        last.
    """
    rows = chosen(data, filters).select(SHOWN).collect()
    rows = rows.sort(
        ["region_code", "agency_name", "agency_id", "year"],
        descending=[False, False, False, True],
        nulls_last=True,
    )
    return tuple(report_ref(row, lang) for row in rows.iter_rows(named=True))


def report_ref(row: dict[str, Any], lang: str) -> ReportRef:
    """A report's card as lists show it; `row` has the columns `SHOWN`."""
    verdict = verdict_of(row)
    return ReportRef(
        report_id=row["report_id"],
        agency=agency_ref(row, lang),
        year=row["year"],
        year_text=labels.year(row["year"], lang),
        title=row["title"] or t("values.title_unknown", lang),
        form=form_label(row["form"], lang),
        reading=reading_badge(verdict, lang),
        consistency=consistency_badge(verdict, lang),
    )


def agency_name(row: dict[str, Any], lang: str) -> str:
    """An agency's name; one without is told apart by the beginning of its file's hash."""
    if row["agency_name"]:
        return str(row["agency_name"])
    if row["agency_id"] is None:
        return t("values.agency_unknown", lang)
    return t("values.agency_unnamed", lang, file=_hash(row["agency_id"]))


def agency_names_of(lang: str) -> pl.Expr:
    """The same of each row of a frame."""
    before, after = t("values.agency_unnamed", lang, file="\0").split("\0")
    file = pl.col("agency_id").str.strip_prefix(_FILE).str.slice(0, _HASH)
    unnamed = pl.lit(before) + file + pl.lit(after)
    return pl.coalesce("agency_name", unnamed, pl.lit(t("values.agency_unknown", lang)))


def _hash(agency_id: str) -> str:
    return agency_id.removeprefix(_FILE)[:_HASH]


def agency_ref(row: dict[str, Any], lang: str) -> AgencyRef:
    """The agency of a row of `reports`, or of a row of `agencies` with the same columns."""
    return AgencyRef(
        agency_id=row["agency_id"],
        name=agency_name(row, lang),
        known=row["agency_name"] is not None,
        region=region_label(row, lang),
        kind=term("kinds", row["agency_kind"], lang) if row["agency_kind"] else "",
        level=term("levels", row["agency_level"], lang) if row["agency_level"] else "",
    )


def region_label(row: dict[str, Any], lang: str) -> str:
    """The names of a row's divisions, else its code, else words for unknown."""
    return row["region"] or row["region_code"] or t("values.region_unknown", lang)


@lru_cache
def form_label(form: str | None, lang: str) -> str:
    """The name of a form, or the words for none recognised."""
    return t("values.form_unknown", lang) if form is None else labels.form_name(form, lang)


def agency_names(data: Data) -> pl.LazyFrame:
    """One row an agency, with `reports`' columns: as its latest report says, else the roster.

    Args:
        data: The dataset.

    Returns:
        `agency_id`, `agency_name`, `agency_kind`, `agency_level`, `region_code`, `province`,
        `prefecture`, `county` and `region`, in the order of lists: see `Data.agencies`.
    """
    return data.agencies.rows.lazy()


def filter_options(data: Data, lang: str) -> FilterOptions:
    """What the current reports offer to filter by, with the number of reports behind each."""
    reports = data.reports.select(*_OFFERED, *COUNTED).collect()
    unknown = t("values.unknown", lang)

    def options(column: str, group: str | None, *, descending: bool = False) -> tuple[Option, ...]:
        counted = reports.group_by(column).len().sort(column, descending=descending)
        found = []
        for value, count in counted.iter_rows():
            if value is not None:
                label = term(group, value, lang) if group else str(value)
                found.append(Option(str(value), label, count))
        lacking = [Option("none", unknown, n) for value, n in counted.iter_rows() if value is None]
        return (*found, *lacking)

    return FilterOptions(
        years=options("year", None, descending=True),
        regions=_regions(reports, lang),
        kinds=options("agency_kind", "kinds"),
        levels=options("agency_level", "levels"),
        statuses=_statuses(data, lang),
        readings=_tested(reports, READINGS, "readings", lang),
        severities=_tested(reports, SEVERE, "severities", lang),
        outcomes=_tested(reports, WITH_OUTCOME, "outcomes", lang),
    )


def _tested(
    reports: pl.DataFrame, tests: Mapping[Any, pl.Expr], group: str, lang: str
) -> tuple[Option, ...]:
    """A choice for each test, with how many reports pass it."""
    found = reports.select(test.sum().alias(code) for code, test in tests.items())
    counts = found.row(0, named=True) if found.height else {}
    return tuple(Option(code, t(f"{group}.{code}", lang), counts.get(code) or 0) for code in tests)


def region_options(data: Data, lang: str) -> tuple[Option, ...]:
    """The divisions of the current reports and those above them, with how many reports each has."""
    return _regions(data.reports.select("region_code", *_PLACES).collect(), lang)


def _statuses(data: Data, lang: str) -> tuple[Option, ...]:
    """The statuses of publication there are, of agencies without a report too."""
    counts = dict(data.cards["status"].cast(pl.String).value_counts().iter_rows())
    names = status_words(lang)
    return tuple(
        Option(code, names[code].title, counts[code]) for code in statuses() if code in counts
    )


def region_path(code: str) -> tuple[str, ...]:
    """The divisions down to one: its province, its prefecture, itself."""
    if code == UNKNOWN:
        return (code,)
    return tuple(dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code)))


def regions_in(options: tuple[Option, ...], above: str) -> tuple[Option, ...]:
    """Of the choices of regions those right below one; the provinces below none."""
    return tuple(one for one in options if region_above(one.value) == above and one.value != above)


@cache
def region_above(code: str) -> str:
    """The division right above one; none above a province."""
    path = region_path(code)
    return path[-2] if len(path) > 1 else ""


def _regions(reports: pl.DataFrame, lang: str) -> tuple[Option, ...]:
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    counted = reports.group_by("region_code", *_PLACES, maintain_order=True).len("n")
    for row in counted.iter_rows(named=True):
        code = row["region_code"]
        if code is None:
            counts["none"] = counts.get("none", 0) + row["n"]
            continue
        for digits, place in zip((2, 4, 6), _PLACES, strict=True):
            above = code[:digits].ljust(6, "0")
            if row[place]:
                names.setdefault(above, row[place])
        for above in {code[:2] + "0000", code[:4] + "00", code}:
            counts[above] = counts.get(above, 0) + row["n"]
    known = sorted(code for code in counts if code != "none")
    options = [Option(code, names.get(code, code), counts[code]) for code in known]
    if "none" in counts:
        options.append(Option("none", t("values.region_unknown", lang), counts["none"]))
    return tuple(options)
