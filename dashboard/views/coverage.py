"""Reports and the roster in, a matrix of agency and year out: read, doubtful, unread, missing."""

from __future__ import annotations

from collections import Counter

import polars as pl

from dashboard.data import Data
from dashboard.labels import t, term
from dashboard.views.filters import UNKNOWN, Filters, narrow
from dashboard.views.lists import agency_names, agency_ref, report_refs
from dashboard.views.records import (
    AgencyRef,
    Coverage,
    CoverageCell,
    CoverageRow,
    LostDocument,
    ReportRef,
)

STATES = ("read", "doubts", "unread", "missing")
_STATE_OF_READING = {"good": "read", "doubts": "doubts", "poor": "doubts", "none": "unread"}


def coverage(data: Data, filters: Filters, lang: str) -> Coverage:
    """Every agency that matches, reports or not, against every year from the first to the last."""
    refs = report_refs(data, filters, lang)
    years = _years(data, filters)
    by_agency: dict[str, list[ReportRef]] = {}
    for ref in refs:
        by_agency.setdefault(ref.agency.agency_id, []).append(ref)
    rows = [
        coverage_row(agency, by_agency.get(agency.agency_id, []), years, lang)
        for agency in _agencies(data, filters, set(by_agency), lang)
    ]
    counts = Counter(cell.state for row in rows for cell in row.cells)
    return Coverage(
        years=tuple(years),
        rows=tuple(rows),
        totals=tuple((state, counts[state]) for state in STATES),
        lost=lost_documents(data, lang),
        undated=tuple(ref for ref in refs if ref.year is None),
    )


def coverage_row(
    agency: AgencyRef, refs: list[ReportRef], years: list[int], lang: str
) -> CoverageRow:
    """One agency's years."""
    of_year = {ref.year: ref for ref in refs}
    return CoverageRow(agency, tuple(_cell(year, of_year.get(year), lang) for year in years))


def _cell(year: int, ref: ReportRef | None, lang: str) -> CoverageCell:
    if ref is None:
        return CoverageCell(
            year, "missing", t("coverage.missing.sign", lang), t("coverage.missing.label", lang)
        )
    state = _STATE_OF_READING[ref.reading.level]
    label = t("coverage.cell", lang, reading=ref.reading.label, consistency=ref.consistency.label)
    return CoverageCell(
        year=year,
        state=state,
        sign=t(f"coverage.{state}.sign", lang),
        label=label,
        report_id=ref.report_id,
        reading=ref.reading,
        consistency=ref.consistency,
    )


def _agencies(
    data: Data, filters: Filters, reporting: set[str], lang: str
) -> tuple[AgencyRef, ...]:
    everyone = narrow(
        agency_names(data),
        Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels),
    )
    rows = (
        everyone.sort(["region_code", "agency_level", "agency_name", "agency_id"], nulls_last=True)
        .collect()
        .to_dicts()
    )
    # A filter by outcome is about reports: agencies without a matching one are not "missing".
    return tuple(
        agency_ref(row, lang)
        for row in rows
        if row["agency_id"] in reporting or not filters.outcomes
    )


def _years(data: Data, filters: Filters) -> list[int]:
    chosen = sorted(int(word) for word in filters.years if word != UNKNOWN)
    if chosen:
        return chosen
    if filters.years:
        return []
    years = data.reports.select("year").collect()["year"].drop_nulls().to_list()
    return list(range(min(years), max(years) + 1)) if years else []


def lost_documents(data: Data, lang: str) -> tuple[LostDocument, ...]:
    """Files that gave no report, failed ones first; companion files were never to give one."""
    rows = (
        data.tables["documents"]
        .filter((pl.col("status") != "read") & (pl.col("error") != "companion"))
        .sort("status", "path")
        .collect()
        .iter_rows(named=True)
    )
    return tuple(
        LostDocument(
            row["path"],
            row["status"],
            term("errors", row["error"] or row["status"], lang),
            row["message"] or "",
        )
        for row in rows
    )
