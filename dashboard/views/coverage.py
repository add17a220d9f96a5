"""Reports and the roster in, a matrix of agency and year out: read, doubtful, unread, missing."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from dashboard.data import Data, Row
from dashboard.labels import t, term
from dashboard.views.badges import consistency_badge, reading_badge, verdict_of
from dashboard.views.filters import UNKNOWN, Filters, narrow
from dashboard.views.lists import ALL, SHOWN, agency_names, agency_ref, chosen, report_ref
from dashboard.views.records import (
    AgencyRef,
    CoverageCell,
    CoverageGrid,
    CoverageRow,
    LostDocument,
)

_ORDER = ["region_code", "agency_name", "agency_id"]
STATES = ("read", "doubts", "unread", "missing")
_STATE_OF_READING = {"good": "read", "doubts": "doubts", "poor": "doubts", "none": "unread"}


def coverage(data: Data, filters: Filters, lang: str, limit: int | None = None) -> CoverageGrid:
    """Every agency that matches, reports or not, against every year of which there is a report.

    Args:
        data: The dataset.
        filters: What narrows it.
        lang: Language of the words.
        limit: How many agencies, and reports without a year, are listed at most.
    """
    reports = chosen(data, filters).select(SHOWN).collect()
    return coverage_of(reports, data, filters, lang, limit)


def coverage_of(
    reports: pl.DataFrame, data: Data, filters: Filters, lang: str, limit: int | None = None
) -> CoverageGrid:
    """The same of reports that are chosen already: their cards, with the columns `SHOWN`.

    Args:
        reports: Cards of reports, with the columns `SHOWN`, `year` null where it isn't known.
        data: The dataset.
        filters: What narrows the agencies.
        lang: Language of the words.
        limit: How many agencies, and reports without a year, are listed at most.

    Returns:
        A row an agency, by region, level, name and id; a column a year, ascending.
    """
    years = _years(data, filters)
    agencies = _agencies(data, filters, reports)
    listed = agencies.head(limit or ALL)
    by_agency: dict[str, list[Row]] = {}
    mine = reports.filter(pl.col("agency_id").is_in(listed["agency_id"].implode()))
    for row in mine.iter_rows(named=True):
        by_agency.setdefault(row["agency_id"], []).append(row)
    rows = [
        coverage_row(agency_ref(agency, lang), by_agency.get(agency["agency_id"], []), years, lang)
        for agency in listed.iter_rows(named=True)
    ]
    undated = reports.filter(pl.col("year").is_null()).sort(_ORDER, nulls_last=True)
    return CoverageGrid(
        years=tuple(years),
        rows=tuple(rows),
        totals=_totals(reports, agencies, years, filters),
        lost=lost_documents(data, lang),
        found=agencies.height,
        undated=tuple(
            report_ref(row, lang) for row in undated.head(limit or ALL).iter_rows(named=True)
        ),
    )


def _totals(
    reports: pl.DataFrame, agencies: pl.DataFrame, years: list[int], filters: Filters
) -> tuple[tuple[str, int], ...]:
    """How many agencies and years are in each state."""
    dated = pl.col("year").is_in(years)
    listed = pl.lit(value=True)
    if filters.regions or filters.kinds or filters.levels:
        # An agency goes by its latest name and place, a report by its own.
        listed = pl.col("agency_id").is_in(agencies["agency_id"].implode())
    unread = pl.col("form").is_null() | (pl.col("cells") == 0)
    whole = (pl.col("cells_read") == pl.col("cells")) & (pl.col("doubts") == 0)
    told = reports.filter(dated & listed).select(
        read=(~unread & whole).sum(), doubts=(~unread & ~whole).sum(), unread=unread.sum()
    )
    counts = told.row(0, named=True)
    counts["missing"] = agencies.height * len(years) - sum(counts.values())
    return tuple((state, counts[state]) for state in STATES)


def coverage_row(
    agency: AgencyRef, cards: Iterable[Row], years: list[int], lang: str
) -> CoverageRow:
    """One agency's years.

    Args:
        agency: Whose.
        cards: The cards of its reports, with the columns `SHOWN`.
        years: The columns of the grid.
        lang: Language of the words.
    """
    of_year = {card["year"]: card for card in cards}
    return CoverageRow(agency, tuple(_cell(year, of_year.get(year), lang) for year in years))


def _cell(year: int, card: Row | None, lang: str) -> CoverageCell:
    if card is None:
        return CoverageCell(
            year, "missing", t("coverage.missing.sign", lang), t("coverage.missing.label", lang)
        )
    verdict = verdict_of(card)
    reading, consistency = reading_badge(verdict, lang), consistency_badge(verdict, lang)
    state = _STATE_OF_READING[reading.level]
    return CoverageCell(
        year=year,
        state=state,
        sign=t(f"coverage.{state}.sign", lang),
        label=t("coverage.cell", lang, reading=reading.label, consistency=consistency.label),
        report_id=card["report_id"],
        reading=reading,
        consistency=consistency,
    )


def _agencies(data: Data, filters: Filters, reports: pl.DataFrame) -> pl.DataFrame:
    where = Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels)
    everyone = narrow(agency_names(data), where)
    # A filter by outcome is about reports: agencies without a matching one are not "missing".
    if filters.outcomes:
        everyone = everyone.join(reports.lazy(), on="agency_id", how="semi", maintain_order="left")
    return everyone.collect()


def _years(data: Data, filters: Filters) -> list[int]:
    chosen = sorted(int(word) for word in filters.years if word != UNKNOWN)
    if chosen:
        return chosen
    if filters.years:
        return []
    years = data.reports.select(pl.col("year").drop_nulls().unique().sort()).collect()
    return years["year"].to_list()


def lost_documents(data: Data, lang: str) -> tuple[LostDocument, ...]:
    """Files that gave no report, failed ones first; companion files were never to give one."""
    rows = data.lost.iter_rows(named=True)
    return tuple(
        LostDocument(
            row["path"],
            row["status"],
            term("errors", row["error"] or row["status"], lang),
            row["message"] or "",
        )
        for row in rows
    )
