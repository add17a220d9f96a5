"""What the room of reports shows: a page of reports, or of agencies with their years."""

from __future__ import annotations

from dashboard.views.records.shared import AgencyRef, ReportRef
from govreport_core.model import Record


class ListRow(Record, frozen=True, gc=False):
    """A report, or a year of an agency whose report isn't here.

    Attributes:
        report_id: None where there is no report.
        expected: What the status means for the agency: `met`, `missed`, `unknown`, `no`.
        figures: As `FIGURES` of the view, in words.
        failures: How many errors, warnings and remarks; None where that isn't known.
    """

    agency: AgencyRef
    year_text: str
    report_id: str | None
    status: str
    sign: str
    expected: str
    reading: str
    reading_sign: str
    figures: tuple[str, ...]
    failures: tuple[int | None, ...]


class AgencyYears(Record, frozen=True, gc=False):
    """An agency and its reports of the years shown, the newest first; None where there is none."""

    agency: AgencyRef
    years: tuple[ReportRef | None, ...]


class ReportList(Record, frozen=True, gc=False):
    """A page of the list.

    Attributes:
        heads: Columns by code and name, in the order of a row's parts.
        sort: The column, a `-` before it where it falls; empty for the list's own order.
        found: How many rows there are on all pages; `reports` of them are reports.
        first: The number of the page's first row, from 1.
        rows, agencies: What the page lists: one of them.
        years: The years of `agencies`, the newest first.
    """

    heads: tuple[tuple[str, str], ...]
    sort: str
    found: int
    reports: int
    first: int
    page: int
    pages: int
    rows: tuple[ListRow, ...] = ()
    agencies: tuple[AgencyYears, ...] = ()
    years: tuple[int, ...] = ()
