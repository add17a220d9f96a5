"""Reports and the roster in, a matrix of agency and year out: read, doubtful, unread, missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
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
_COUNTED = ("at", "number", "year", "form", "cells", "cells_read", "doubts")
STATES = ("read", "doubts", "unread", "missing")
_STATE_OF_READING = {"good": "read", "doubts": "doubts", "poor": "doubts", "none": "unread"}


def coverage(data: Data, filters: Filters, lang: str, limit: int | None = None) -> CoverageGrid:
    """Every agency that matches, reports or not, against every year of which there is a report.

    Args:
        data: The dataset.
        filters: What narrows it.
        lang: Language of the words.
        limit: How many agencies, and reports without a year, are listed at most.

    Returns:
        A row an agency, by region, level, name and id; a column a year, ascending.
    """
    numbered = data.reports.with_row_index("at").with_columns(number=data.agency_numbers)
    reports = chosen(data, filters, numbered).select(_COUNTED).collect()
    years = _years(data, filters)
    agencies = _agencies(data, filters, reports)
    listed = agencies.head(limit or ALL)
    by_agency: dict[str, list[Row]] = {}
    for row in _shown(data, reports.filter(pl.col("number").is_in(listed["number"].implode()))):
        by_agency.setdefault(row["agency_id"], []).append(row)
    rows = [
        coverage_row(agency_ref(agency, lang), by_agency.get(agency["agency_id"], []), years, lang)
        for agency in listed.iter_rows(named=True)
    ]
    undated = _shown(data, reports.filter(pl.col("year").is_null()), by=_ORDER)
    return CoverageGrid(
        years=tuple(years),
        rows=tuple(rows),
        totals=_totals(reports, agencies, years, filters),
        lost=lost_documents(data, lang),
        found=agencies.height,
        undated=tuple(report_ref(row, lang) for row in islice(undated, limit)),
    )


def _shown(data: Data, reports: pl.DataFrame, by: Sequence[str] = ()) -> Iterator[Row]:
    """What lists show of reports, by columns if so asked, nulls last."""
    rows = data.cards.select(SHOWN)[reports["at"]]
    return (rows.sort(by, nulls_last=True) if by else rows).iter_rows(named=True)


def _totals(
    reports: pl.DataFrame, agencies: pl.DataFrame, years: list[int], filters: Filters
) -> tuple[tuple[str, int], ...]:
    """How many agencies and years are in each state."""
    dated = pl.col("year").is_in(years)
    if filters.regions or filters.kinds or filters.levels:
        # An agency goes by its latest name and place, a report by its own.
        dated &= pl.col("number").is_in(agencies["number"].implode())
    unread = pl.col("form").is_null() | (pl.col("cells") == 0)
    whole = (pl.col("cells_read") == pl.col("cells")) & (pl.col("doubts") == 0)
    told = reports.filter(dated).select(
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
    numbered = agency_names(data).with_columns(number=data.agencies_numbered)
    everyone = narrow(numbered, where).collect()
    if not filters.outcomes:
        return everyone
    # A filter by outcome is about reports: agencies without a matching one are not "missing".
    reporting = np.bincount(reports["number"], minlength=data.agencies.rows.height + 1) > 0
    return everyone.filter(reporting[everyone["number"]])


def _years(data: Data, filters: Filters) -> list[int]:
    if filters.years:
        return sorted(int(word) for word in filters.years if word != UNKNOWN)
    return list(data.years)


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
