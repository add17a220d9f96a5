"""What an alignment gathers while it walks the lines: cells by row of the form, and signs."""

from __future__ import annotations

from dataclasses import dataclass, field

from govreport_core.align.lines import Line
from govreport_core.align.placing import Candidates
from govreport_core.model import Cell, Diagnostic, Level, place_of


@dataclass
class Gathering:
    """The alignment in the making.

    Attributes:
        cells: Candidates for each column, by table and row.
        units: Money units printed in headers, by table and column.
        row_units: Units printed beside rows, by table and row.
        distrusted: Tables whose columns aren't the form's.
        unplaced: Tables with printed rows that could not be placed.
        seen: Tables of which anything was found.
        signs: Diagnostics so far.
        torn: Whether marks within words came out as spaces or lines of their own somewhere.
    """

    form_id: str
    cells: dict[tuple[str, str], list[Candidates]] = field(default_factory=dict)
    units: dict[tuple[str, str], str] = field(default_factory=dict)
    row_units: dict[tuple[str, str], str] = field(default_factory=dict)
    distrusted: set[str] = field(default_factory=set)
    unplaced: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    signs: list[Diagnostic] = field(default_factory=list)
    consumed: set[int] = field(default_factory=set)
    starts: dict[str, int] = field(default_factory=dict)
    torn: bool = False

    def note(self, code: str, cell: Cell | None = None, **params: str | int | None) -> None:
        """Odd, yet certain."""
        self.signs.append(_sign(Level.NOTE, code, cell, params))

    def doubt(self, code: str, cell: Cell | None = None, **params: str | int | None) -> None:
        """Not certain: the cells it names must not be read."""
        self.signs.append(_sign(Level.DOUBT, code, cell, params))

    def put(self, table: str, row: str, placed: list[Candidates], at: Cell | None) -> None:
        """Give a row its cells; a row that is printed twice keeps both as candidates."""
        self.seen.add(table)
        if (table, row) in self.cells:
            before = self.cells[table, row]
            self.cells[table, row] = [a + b for a, b in zip(before, placed, strict=True)]
            self.doubt("rows_repeated", at, table=table, row=row)
        else:
            self.cells[table, row] = placed


def _sign(
    level: Level, code: str, cell: Cell | None, params: dict[str, str | int | None]
) -> Diagnostic:
    filled: dict[str, str | int | float | None] = dict(params)
    if cell is None:
        return Diagnostic(level, code, filled)
    return Diagnostic(level, code, filled, *place_of(cell))


def first_cell(line: Line) -> Cell | None:
    """The first cell of a line that prints anything."""
    for cell in line.cells:
        if cell.text:
            return cell
    return None
