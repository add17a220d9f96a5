"""What a table of indicators shows: each year's value with its base and the reports behind it."""

from __future__ import annotations

import msgspec

from govreport_core.model import Record

# Indicators seen at once; the others are opened.
FIRST = 6


class IndicatorCell(Record, frozen=True, gc=False):
    """An indicator of one year, of one report or of many taken together.

    Attributes:
        value: The figure or the rate; None where it can't be told.
        text: The value as read, or the words for why there is none.
        parts: What a rate was divided by what, as text; empty for a figure.
        n: Reports whose numbers enter.
        left_out: Reports whose numbers aren't known; they are not counted as 0.
        counted: `n` and `left_out` in words; empty for a single report.
        why: Why reports were left out, each reason with their number.
        assumed_zero: Whether a blank counted as 0, as its printed total proves.
        report_id: The report, where there is one.
    """

    year: int
    value: float | None
    text: str
    parts: str = ""
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
    left_out: int = 0
    counted: str = ""
    why: tuple[str, ...] = ()
    assumed_zero: bool = False
    report_id: str | None = None


class IndicatorRow(Record, frozen=True, gc=False):
    """An indicator over the years; `base` names what a rate is a share of."""

    code: str
    label: str
    base: str
    note: str
    cells: tuple[IndicatorCell, ...]


class IndicatorTable(Record, frozen=True, gc=False):
    """All indicators, year beside year; `rows` is empty where no report has any.

    `marked` is the one of the notes that explains the mark of some values.
    """

    years: tuple[int, ...]
    rows: tuple[IndicatorRow, ...]
    notes: tuple[str, ...] = ()
    marked: str = ""

    @property
    def groups(self) -> tuple[tuple[IndicatorRow, ...], ...]:
        """The first rows, to be seen at once, and the others; without the empty."""
        return tuple(rows for rows in (self.rows[:FIRST], self.rows[FIRST:]) if rows)

    @property
    def main(self) -> IndicatorTable:
        """The first rows alone; where none of them has the mark, without its note."""
        rows = self.rows[:FIRST]
        mark = any(cell.assumed_zero for row in rows for cell in row.cells)
        notes = tuple(note for note in self.notes if mark or note != self.marked)
        return msgspec.structs.replace(self, rows=rows, notes=notes)

    @property
    def told(self) -> tuple[int, ...]:
        """The years of which something can be told, or all where of none; the newest first."""
        found = {cell.year for row in self.rows for cell in row.cells if cell.value is not None}
        return tuple(sorted(found or self.years, reverse=True))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why a value of those years isn't there, each once, as they are met."""
        shown = self.told
        cells = [cell for row in self.rows for cell in reversed(row.cells) if cell.year in shown]
        return tuple(dict.fromkeys(cell.text for cell in cells if cell.value is None))

    @property
    def left_out(self) -> tuple[tuple[str, int, str], ...]:
        """Who isn't counted and why: indicator, year and reasons in one line."""
        return tuple(
            (row.label, cell.year, why)
            for row in self.rows
            for cell in row.cells
            for why in cell.why
        )
