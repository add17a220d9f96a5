"""What the verdict on a draft shows: what fails, where, what to do, what wasn't assessed."""

from __future__ import annotations

from dashboard.views.records.card import CheckRow, ReportCard
from dashboard.views.records.shared import Badge
from govreport_core.model import Record


class QuoteCell(Record, frozen=True, gc=False):
    """A line or a cell of the source, cut around what is marked in it; `marked` may be empty."""

    before: str
    marked: str = ""
    after: str = ""
    here: bool = False


class Quote(Record, frozen=True, gc=False):
    """A printed line (one cell) or a row of a table, with its place in words."""

    label: str
    cells: tuple[QuoteCell, ...]
    here: bool = False


class DraftFailure(Record, frozen=True, gc=False):
    """A check that fails, with what to do about it.

    Attributes:
        row: What is wrong, where and by how much.
        asks: What the rule asks of every report.
        todo: What to do now.
        exceptions: What may stay as it is; empty where nothing may.
        quotes: The place in the source, with what stands around it.
    """

    row: CheckRow
    asks: str
    todo: str
    exceptions: str
    quotes: tuple[Quote, ...]


class DraftRule(Record, frozen=True, gc=False):
    """A rule that passed so many times, or rules that weren't assessed, for these reasons."""

    labels: tuple[str, ...]
    count: int
    reasons: tuple[str, ...] = ()


class DraftView(Record, frozen=True, gc=False):
    """The verdict on one draft.

    Attributes:
        file: The file's own name, without its folder.
        level: `error`, `remark`, `partial` (nothing fails, not all was assessed),
            `clean`, or `none` where no official tables were recognised.
        headline: The same in one sentence.
        next_step: What to do with that.
        last: Which report of the year before stands beside; empty where none does.
        changes: Which single number, if it were another, would mend most; empty where none would.
    """

    file: str
    level: str
    sign: str
    headline: str
    next_step: str
    reading: Badge
    consistency: Badge
    failures: tuple[DraftFailure, ...]
    skipped: tuple[DraftRule, ...]
    passed: tuple[DraftRule, ...]
    card: ReportCard
    last: str = ""
    changes: tuple[str, ...] = ()
