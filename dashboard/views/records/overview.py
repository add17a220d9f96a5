"""What the overview shows: headline figures, charts and coverage."""

from __future__ import annotations

from dashboard.views.records.indicators import IndicatorTable
from dashboard.views.records.shared import AgencyRef, Badge, ReportRef
from govreport_core.model import Record


class Stat(Record, frozen=True, gc=False):
    """A headline figure over many reports.

    Attributes:
        number: The sum or count; None where no report gives it.
        text: The number as read, or the words for an unknown one.
        n: Reports the number rests on.
        left_out: Reports whose figure isn't known; they are not counted as 0.
    """

    code: str
    label: str
    number: float | None
    text: str
    n: int
    left_out: int
    note: str


class Mark(Record, frozen=True, gc=False):
    """One value of a series; `joined` is False where no line may lead to it."""

    x: str
    y: float | None
    n: int | None = None
    left_out: int = 0
    joined: bool = True
    note: str = ""


class Series(Record, frozen=True, gc=False):
    """A line, or one layer of stacked bars. All series of a chart share their x values."""

    code: str
    name: str
    marks: tuple[Mark, ...]

    @property
    def last(self) -> tuple[int, float] | None:
        """Place and number of its last known mark; None where none is."""
        known = [(place, mark.y) for place, mark in enumerate(self.marks) if mark.y is not None]
        return known[-1] if known else None


class Chart(Record, frozen=True, gc=False):
    """What a chart draws, free of any drawing library; `table` is the same in cells.

    Attributes:
        kind: `lines` or `stacked`.
        columns: Headings of `table`.
        table: The same numbers as text, one row an x value.
    """

    code: str
    kind: str
    title: str
    x_title: str
    y_title: str
    series: tuple[Series, ...]
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether any figure is known of two marks or more: of one alone there is no course."""
        return any(sum(mark.y is not None for mark in one.marks) > 1 for one in self.series)

    @property
    def uppermost(self) -> int | None:
        """The place of the series that ends highest, whose name stands above its end."""
        ends = {place: one.last[1] for place, one in enumerate(self.series) if one.last}
        return max(ends, key=ends.__getitem__, default=None)

    @property
    def breaks(self) -> tuple[int, ...]:
        """Places of the x values before which a line breaks though both sides have numbers."""
        return tuple(
            place
            for place in range(1, len(self.table))
            if any(
                not series.marks[place].joined
                and series.marks[place].y is not None
                and series.marks[place - 1].y is not None
                for series in self.series
            )
        )


class CoverageCell(Record, frozen=True, gc=False):
    """Agency and year: `read`, `doubts`, `unread` (no form recognised) or `missing`.

    `missing` says only that the data has no report; `report_id` is None then.
    """

    year: int
    state: str
    sign: str
    label: str
    report_id: str | None = None
    reading: Badge | None = None
    consistency: Badge | None = None


class CoverageRow(Record, frozen=True, gc=False):
    """One agency's years."""

    agency: AgencyRef
    cells: tuple[CoverageCell, ...]


class LostDocument(Record, frozen=True, gc=False):
    """A file that gave no report, and why; `status` is `failed` or `skipped`."""

    path: str
    status: str
    reason: str
    message: str


class CoverageGrid(Record, frozen=True, gc=False):
    """Agency x year; `undated` are reports whose year isn't known.

    `found` counts all agencies that match; `rows` and `undated` may be cut.
    """

    years: tuple[int, ...]
    rows: tuple[CoverageRow, ...]
    totals: tuple[tuple[str, int], ...]
    lost: tuple[LostDocument, ...]
    undated: tuple[ReportRef, ...] = ()
    found: int = 0


class Overview(Record, frozen=True, gc=False):
    """The first screen; `held` says of which years there are reports, and of which between none."""

    held: str
    stats: tuple[Stat, ...]
    trend: Chart
    outcomes: Chart
    indicators: IndicatorTable
    coverage: CoverageGrid
    reports: int
