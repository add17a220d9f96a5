"""Reports and the roster in, a matrix of agency and year out: read, doubtful, unread, missing."""

from __future__ import annotations

import polars as pl

from dashboard.data import Data
from dashboard.labels import t, term
from dashboard.views.filters import UNKNOWN, Filters, narrow
from dashboard.views.lists import ALL, SHOWN, agency_names, agency_ref, chosen, report_ref
from dashboard.views.records import (
    AgencyRef,
    CoverageCell,
    CoverageGrid,
    CoverageRow,
    LostDocument,
    ReportRef,
)

_ORDER = ["region_code", "agency_name", "agency_id"]
STATES = ("read", "doubts", "unread", "missing")
_STATE_OF_READING = {"good": "read", "doubts": "doubts", "poor": "doubts", "none": "unread"}


def coverage(data: Data, filters: Filters, lang: str, limit: int | None = None) -> CoverageGrid:
    """Every agency that matches, reports or not, against every year from the first to the last.

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
    by_agency: dict[str, list[ReportRef]] = {}
    mine = reports.filter(pl.col("agency_id").is_in(listed["agency_id"].implode()))
    for row in mine.iter_rows(named=True):
        by_agency.setdefault(row["agency_id"], []).append(report_ref(row, lang))
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
    counts = dict(reports.filter(dated & listed).group_by(state=reading_state()).len().iter_rows())
    counts["missing"] = agencies.height * len(years) - sum(counts.values())
    return tuple((state, counts.get(state, 0)) for state in STATES)


def reading_state() -> pl.Expr:
    """How a card's report was read: `read`, `doubts`, or `unread` without form or cells.

    Returns:
        One of `read`, `doubts` and `unread`, over `form` and the counts `cells`, `cells_read`
        and `doubts` of a card.
    """
    unread = pl.col("form").is_null() | (pl.col("cells") == 0)
    whole = (pl.col("cells_read") == pl.col("cells")) & (pl.col("doubts") == 0)
    return (
        pl.when(unread)
        .then(pl.lit("unread"))
        .when(whole)
        .then(pl.lit("read"))
        .otherwise(pl.lit("doubts"))
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


def _agencies(data: Data, filters: Filters, reports: pl.DataFrame) -> pl.DataFrame:
    where = Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels)
    everyone = narrow(agency_names(data), where)
    # A filter by outcome is about reports: agencies without a matching one are not "missing".
    if filters.outcomes:
        everyone = everyone.join(
            reports.lazy(), on="agency_id", how="semi", maintain_order="left"
        )
    return everyone.collect()


def _years(data: Data, filters: Filters) -> list[int]:
    chosen = sorted(int(word) for word in filters.years if word != UNKNOWN)
    if chosen:
        return chosen
    if filters.years:
        return []
    years = data.reports.select(first=pl.col("year").min(), last=pl.col("year").max()).collect()
    first, last = years.row(0)
    return [] if first is None else list(range(first, last + 1))


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
