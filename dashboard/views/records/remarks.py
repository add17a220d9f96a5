"""What others say of a report: corrections of its numbers, replies to its findings."""

from __future__ import annotations

from dashboard.views.records.shared import ReportLink
from govreport_core.model import Record


class CorrectionView(Record, frozen=True, gc=False):
    """A corrected number beside the printed one, which stays.

    Attributes:
        report: Whose number it is; None where no such report is here.
        of: Whose it is, in words.
        cell_id: The cell on the report's card.
        label: Table, row and column.
        printed: As the correction has it; empty where it doesn't say.
        read: What we read in the cell, or the words for none; empty without a report.
        differs: Whether `printed` isn't what we read.
        drawn: Whether the report's card has the cell.
        source: Where the correction stands; `url` is it where it is an address of the web.
    """

    report: ReportLink | None
    of: str
    cell_id: str
    label: str
    printed: str
    read: str
    corrected: str
    differs: bool
    drawn: bool
    reason: str
    source: str
    url: str | None
    date: str
    anchor: str


class ReplyView(Record, frozen=True, gc=False):
    """What an agency answers to a finding.

    Attributes:
        report: Whose report; None where no such report is here.
        of: Whose it is, in words.
        check: The rule's code; None where the reply is about the whole report.
        label: The finding's rule and what it is about, in words.
    """

    report: ReportLink | None
    of: str
    check: str | None
    label: str
    text: str
    url: str | None
    date: str
    anchor: str


class Remarks(Record, frozen=True, gc=False):
    """All corrections and all replies, the newest first."""

    corrections: tuple[CorrectionView, ...]
    replies: tuple[ReplyView, ...]
