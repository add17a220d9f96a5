"""A dataset and an agency in, its page out."""

from __future__ import annotations

import polars as pl

from dashboard.data import Data, Row
from dashboard.labels import t, term
from dashboard.views.context import Context, context
from dashboard.views.coverage import coverage, coverage_row
from dashboard.views.figures import year_table
from dashboard.views.filters import Filters
from dashboard.views.findings import findings
from dashboard.views.groups import agency_group
from dashboard.views.indicators import own_indicators
from dashboard.views.lists import agency_ref, report_ref
from dashboard.views.overview import TREND, trend
from dashboard.views.records import AgencyPage, Chart, CoverageRow, TimelyCell
from dashboard.views.timeliness import timely_cell

_ROSTER = ("name", "region_code", "level", "kind", "valid_from", "valid_to", "successor", "source")


def agencies(data: Data, filters: Filters, lang: str) -> tuple[CoverageRow, ...]:
    """All agencies that match, each with its years."""
    return coverage(data, filters, lang).rows


def agency_page(data: Data, agency_id: str, lang: str, shared: Context | None = None) -> AgencyPage:
    """One agency: reports, key figures, and the failed checks of all its years.

    Raises:
        KeyError: The data has no such agency.
    """
    shared = shared or context(data)
    agency = agency_ref(shared.agencies[agency_id], lang)
    rows = list(reversed(shared.by_agency.get(agency_id, [])))
    rows.sort(key=lambda row: row["year"] is None)
    refs = [report_ref(row, shared.verdicts[row["document_id"]], lang) for row in rows]
    dated = shared.dated(agency_id)
    years = [row["year"] for row in dated]
    span = list(range(min(years), max(years) + 1)) if years else []
    failed = (
        data.current("checks")
        .filter((pl.col("agency_id") == agency_id) & (pl.col("outcome") == "fail"))
        .sort("year", "severity", "check", descending=[True, False, False], nulls_last=True)
        .collect()
    )
    tally = shared.tallies.get(agency_id)
    return AgencyPage(
        agency=agency,
        roster=_roster(data, agency_id, lang),
        reports=tuple(refs),
        coverage=coverage_row(agency, refs, span, lang),
        trend=_trend(dated, shared, lang),
        figures=year_table(dated, shared.numbers, lang),
        indicators=own_indicators(dated, shared.measures, lang),
        findings=findings(failed, shared, lang),
        group=agency_group(tally, lang) if tally and tally.reports else None,
        timeliness=_timely(shared.coverage.get(agency_id, []), lang),
    )


def _timely(rows: list[Row], lang: str) -> tuple[TimelyCell, ...]:
    return tuple(timely_cell(row, lang) for row in reversed(rows))


def _trend(rows: list[Row], shared: Context, lang: str) -> Chart:
    reports = pl.DataFrame(
        [(row["document_id"], row["year"], row["form"]) for row in rows],
        schema={"document_id": pl.String, "year": pl.Int32, "form": pl.String},
        orient="row",
    )
    numbers = pl.DataFrame(
        [
            (row["document_id"], code, shared.numbers.get((row["document_id"], code)))
            for row in rows
            for code in TREND
        ],
        schema={"document_id": pl.String, "figure": pl.String, "number": pl.Float64},
        orient="row",
    )
    return trend(reports, numbers, TREND, lang, of_one=True)


def _roster(data: Data, agency_id: str, lang: str) -> tuple[tuple[str, str], ...]:
    rows = data.tables["agencies"].filter(pl.col("agency_id") == agency_id).collect().to_dicts()
    if not rows:
        return ()
    row: Row = rows[0]
    groups = {"level": "levels", "kind": "kinds", "source": "roster_sources"}
    return tuple(
        (
            t(f"roster.{name}", lang),
            term(groups[name], row[name], lang) if name in groups else str(row[name]),
        )
        for name in _ROSTER
        if row[name]
    )
