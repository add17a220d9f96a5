"""A dataset and an agency in, its page out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import polars as pl

from dashboard import labels
from dashboard.data import Data, Row
from dashboard.labels import t, term
from dashboard.views.compare_form import follows
from dashboard.views.context import Context, context
from dashboard.views.coverage import coverage, coverage_row
from dashboard.views.figures import year_table
from dashboard.views.filters import Filters
from dashboard.views.findings import findings
from dashboard.views.groups import Tally, agency_group, tallied
from dashboard.views.indicators import own_indicators
from dashboard.views.lists import agency_ref, report_ref
from dashboard.views.overview import TREND, trend
from dashboard.views.peers import peers
from dashboard.views.records import (
    AgencyPage,
    AgencyYear,
    Chart,
    CoverageRow,
    FigureCell,
    FigureRow,
    IndicatorCell,
    IndicatorRow,
    ReportRef,
    TimelyCell,
)
from dashboard.views.remarks import corrections_of, replies_of
from dashboard.views.timeliness import timely_cell

# What a year is on one line: key figures, and the one rate that most ask for.
_OF_A_YEAR = ("received", "disposed", "grant_rate", "carried_forward", "reviews", "lawsuits")
_ROSTER = ("name", "region_code", "level", "kind", "valid_from", "valid_to", "successor", "source")


def agencies(data: Data, filters: Filters, lang: str) -> tuple[CoverageRow, ...]:
    """All agencies that match, each with its years."""
    return coverage(data, filters, lang).rows


def agency_page(
    data: Data,
    agency_id: str,
    lang: str,
    shared: Context | None = None,
    tallies: Mapping[str, Tally] | None = None,
) -> AgencyPage:
    """One agency: reports, key figures, and the failed checks of all its years.

    Args:
        data: The dataset.
        agency_id: The agency.
        lang: Language of the words.
        shared: What pages share.
        tallies: Its sums, where those of many were made at once.

    Raises:
        KeyError: The data has no such agency.
    """
    shared = shared or context(data)
    own = shared.agency(agency_id)
    if own is None:
        raise KeyError(agency_id)
    rows = shared.reports(agency_id)
    dated = [row for row in rows if row["year"] is not None]
    refs = [report_ref(row, lang) for row in reversed(dated)]
    refs += [report_ref(row, lang) for row in reversed(rows) if row["year"] is None]
    years = [row["year"] for row in dated]
    span = list(range(min(years), max(years) + 1)) if years else []
    # Of each year the gravest first, as they stand.
    failed = data.failures_of.of(agency_id).sort(
        "year", descending=True, nulls_last=True, maintain_order=True
    )
    if tallies is None:
        tallies = tallied(data, [data.by_agency.of(agency_id).lazy()])
    tally = tallies.get(agency_id)
    figures, indicators = year_table(dated, lang), own_indicators(dated, lang)
    timely = _timely(shared.coverage(agency_id), lang)
    known: dict[str, FigureRow | IndicatorRow] = {row.code: row for row in figures.rows}
    known |= {row.code: row for row in indicators.rows}
    told = [known[code] for code in _OF_A_YEAR if code in known]
    return AgencyPage(
        agency=agency_ref(own, lang),
        roster=_roster(data, agency_id, lang),
        reports=tuple(refs),
        coverage=coverage_row(agency_ref(own, lang), dated, span, lang),
        trend=_trend(dated, lang),
        figures=figures,
        indicators=indicators,
        findings=findings(failed, shared, lang),
        years=_years(refs, timely, [row.cells for row in told], lang),
        year_heads=tuple(row.label for row in told),
        group=agency_group(tally, lang) if tally and tally.reports else None,
        timeliness=timely,
        peers=peers(shared, dated[-1], lang) if dated else None,
        pairs=tuple(
            (
                after["report_id"],
                labels.year(before["year"], lang),
                labels.year(after["year"], lang),
            )
            for before, after in reversed(list(pairwise(dated)))
            if follows(before, after)
        ),
        corrections=tuple(
            one for row in reversed(rows) for one in corrections_of(shared, row, lang)
        ),
        replies=tuple(
            one for row in reversed(rows) for one in replies_of(shared, row["report_id"], lang)
        ),
    )


def _timely(rows: list[Row], lang: str) -> tuple[TimelyCell, ...]:
    return tuple(timely_cell(row, lang) for row in reversed(rows))


def _years(
    reports: Sequence[ReportRef],
    timely: Sequence[TimelyCell],
    figures: Sequence[Sequence[FigureCell | IndicatorCell]],
    lang: str,
) -> tuple[AgencyYear, ...]:
    """Publication, report and figures of each year that has either of the first two."""
    status = {cell.year: cell for cell in timely}
    of_year = {ref.year: ref for ref in reports if ref.year is not None}
    cells = [{cell.year: cell for cell in row} for row in figures]
    found = [
        AgencyYear(
            labels.year(year, lang),
            status.get(year),
            of_year.get(year),
            tuple(_figure(row.get(year) if year in of_year else None) for row in cells),
        )
        for year in sorted({*status, *of_year}, reverse=True)
    ]
    found += [
        AgencyYear(ref.year_text, None, ref, tuple(("", False) for _ in cells))
        for ref in reports
        if ref.year is None
    ]
    return tuple(found)


def _figure(cell: FigureCell | IndicatorCell | None) -> tuple[str, bool]:
    """Its text, and whether it is a number; why a rate has none, the page's table of rates says."""
    if cell is None:
        return "", False
    if isinstance(cell, FigureCell):
        return cell.text, cell.known
    return ("–", False) if cell.value is None else (cell.text, True)


def _trend(rows: list[Row], lang: str) -> Chart:
    schema = {"year": pl.Int32, "form": pl.String, **dict.fromkeys(TREND, pl.Float64)}
    reports = pl.DataFrame([[row[name] for name in schema] for row in rows], schema, orient="row")
    return trend(reports, TREND, lang, of_one=True)


def _roster(data: Data, agency_id: str, lang: str) -> tuple[tuple[str, str], ...]:
    rows = data.roster.of(agency_id).to_dicts()
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
