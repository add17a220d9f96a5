"""What lists of checks show: rules with their counts, and results over many reports."""

from __future__ import annotations

from dashboard.views.records.remarks import CorrectionView, ReplyView
from dashboard.views.records.shared import AgencyRef, ReportRef
from govreport_core.model import Record


class Counts(Record, frozen=True, gc=False):
    """How often a rule was applied: `applicable` is passed + failed; skips are apart."""

    passed: int
    failed: int
    skipped: int

    @property
    def applicable(self) -> int:
        """Times the rule could be assessed."""
        return self.passed + self.failed


class RuleRow(Record, frozen=True, gc=False):
    """A rule in a list, with its results and the number of reports that fail it."""

    code: str
    label: str
    group: str
    group_label: str
    severity: str
    severity_label: str
    counts: Counts
    reports_failed: int


class Finding(Record, frozen=True, gc=False):
    """One result in a list over many reports; `report` is None for a report that doesn't exist.

    `corrections` are those that hold of the cells it rests on.
    """

    check: str
    label: str
    severity: str
    severity_label: str
    outcome: str
    outcome_label: str
    sign: str
    sentence: str
    report: ReportRef | None
    agency: AgencyRef | None
    year_text: str
    anchor: str | None = None
    replies: tuple[ReplyView, ...] = ()
    corrections: tuple[CorrectionView, ...] = ()


class ChecksView(Record, frozen=True, gc=False):
    """Rules with their counts and the results that match; `found` counts all, `findings` is cut."""

    counts: Counts
    rules: tuple[RuleRow, ...]
    findings: tuple[Finding, ...]
    found: int


class RuleView(Record, frozen=True, gc=False):
    """One rule: what it says, in words and as data, and what it found."""

    rule: RuleRow
    facts: tuple[tuple[str, str], ...]
    by_year: tuple[tuple[str, Counts], ...]
    skips: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]
    found: int
