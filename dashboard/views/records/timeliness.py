"""What is shown of who published when: an agency and year a cell, each with its evidence."""

from __future__ import annotations

from dashboard.views.records.indicators import IndicatorTable
from dashboard.views.records.shared import AgencyRef
from govreport_core.model import Record


class StatusCount(Record, frozen=True, gc=False):
    """A status with what it means; `expected` is `met`, `missed`, `unknown` or `no`."""

    code: str
    sign: str
    label: str
    note: str
    expected: str
    count: int


class TimelyCell(Record, frozen=True, gc=False):
    """Whether an agency's report of a year is there, and in time.

    Attributes:
        days: Days late in words; empty unless it is late.
        reason: Why the status isn't more certain; empty where it is.
        due: The date due and what set it, in words; empty where none is known.
        published: The date of publication, or the words for none known.
        evidence: How that date was found, and where it stands.
        report_id: The report; None where there is none.
        anchor: The date's mark in the report's source, where it has one.
        label: All of that in one sentence.
    """

    year: int
    status: str
    expected: str
    sign: str
    status_label: str
    days: str
    days_late: int | None
    reason: str
    due: str
    published: str
    evidence: str
    report_id: str | None
    anchor: str | None
    label: str


class TimelyRow(Record, frozen=True, gc=False):
    """One agency's years; None where nothing is known of a year."""

    agency: AgencyRef
    cells: tuple[TimelyCell | None, ...]


class Timeliness(Record, frozen=True, gc=False):
    """Agency x year; `found` and `missed_found` count what `rows` and `missed` are cut from.

    Attributes:
        lead: How many reports were due and what became of them, in a sentence.
        rates: Rates over these agencies, by year.
        missed: The cells of reports that were due and late or not found, by agency.
    """

    years: tuple[int, ...]
    statuses: tuple[StatusCount, ...]
    lead: str
    rows: tuple[TimelyRow, ...]
    found: int
    missed: tuple[tuple[AgencyRef, TimelyCell], ...]
    missed_found: int
    rates: IndicatorTable
