"""A table's cells as they are met in, the grid they form out, whatever spans they name.

Columns are given as browsers do: a cell begins at the first column that no cell
above reaches down into.
"""

from __future__ import annotations

import re

import msgspec

from govreport_core.errors import SourceError
from govreport_core.model import Cell, Layout, Part, Table
from govreport_core.sources.grids import cell_text

MAX_CELLS = 100_000
# As browsers have it: a wider span is cut.
MAX_COLSPAN = 1_000
MAX_ROWSPAN = 65_534
# Grid places that one table's spans may take up.
MAX_SPANNED = 1_000_000

# Stands for a picture or a choice in a cell: it can't be read, yet the cell isn't blank.
PICTURE = "\ufffc"

_SPAN = re.compile(r"\s*\+?(\d{1,9})")
# A cell that holds more than a label or a remark: so many lines and characters.
_LINES = 4
_CHARACTERS = 200
_PROSE = 600


class RawCell(msgspec.Struct, gc=False):
    """A cell where it begins; its lines are those of the page from `start` to `end`."""

    row: int
    col: int
    colspan: int
    rowspan: int
    start: int
    end: int
    inner: list[RawTable] | None = None


class RawTable:
    """A table in the making, then its cells in reading order.

    Attributes:
        start, end: The page's lines it holds.
        owner: The box it stands in.
        held: Tables found in the cell that is open.
    """

    __slots__ = (
        "below", "cells", "col", "end", "held", "owner", "row", "spanned", "start", "tall",
    )  # fmt: skip

    def __init__(self, start: int, owner: int) -> None:
        self.start = self.end = start
        self.owner = owner
        self.cells: list[RawCell] = []
        self.row = -1
        self.col = 0
        self.below: dict[int, int] = {}
        self.tall: list[RawCell] = []
        self.held: list[RawTable] = []
        self.spanned = 0

    def begin_group(self) -> None:
        """A thead, tbody or tfoot begins: no cell reaches into it from above."""
        self._end_group()

    def begin_row(self) -> None:
        """A row begins.

        Raises:
            SourceError: `too_large`, for too many cells.
        """
        self.row += 1
        self.col = 0
        if len(self.cells) > MAX_CELLS:
            raise SourceError("too_large", f"a table of more than {MAX_CELLS:,} cells: split it")

    def add(self, start: int, end: int, rowspan: str | None, colspan: str | None) -> None:
        """A cell that holds these lines of the page, and the tables held so far.

        Raises:
            SourceError: `too_large`, for spans.
        """
        col = self.col
        if self.below:
            while self.below.get(col, 0) > self.row:
                col += 1
            self.spanned += col - self.col
        cell = RawCell(self.row, col, 1, 1, start, end)
        self.cells.append(cell)
        self.col = col + 1
        if rowspan or colspan:
            self._stretch(cell, rowspan, colspan)
        if self.held:
            cell.inner, self.held = self.held, []

    def _stretch(self, cell: RawCell, rowspan: str | None, colspan: str | None) -> None:
        """Browsers take a span's leading digits; a rowspan of 0 reaches to the group's end."""
        width = cell.colspan = max(1, _span(colspan, MAX_COLSPAN))
        height = cell.rowspan = _span(rowspan, MAX_ROWSPAN) or MAX_ROWSPAN
        self.col = cell.col + width
        if height > 1:
            self.tall.append(cell)
            self.below.update(dict.fromkeys(range(cell.col, cell.col + width), cell.row + height))
        self.spanned += width
        if self.spanned > MAX_SPANNED:
            raise SourceError(
                "too_large", f"a table's spans cover over {MAX_SPANNED:,} places: check the page"
            )

    def close(self, line: int) -> None:
        """The table ends: spans that reach out of it are cut."""
        self._end_group()
        self.end = line

    def _end_group(self) -> None:
        for cell in self.tall:
            cell.rowspan = min(cell.rowspan, self.row + 1 - cell.row)
        self.tall.clear()
        self.below.clear()


def _span(printed: str | None, most: int) -> int:
    digits = _SPAN.match(printed or "")
    return min(int(digits[1]), most) if digits else 1


def lays_out(table: RawTable, texts: list[str]) -> bool:
    """Whether a table is no table but a page's frame.

    It is where each row has one cell, or where cells that hold tables or long
    prose make up most of it.
    """
    cells = table.cells
    if not cells or len({cell.row for cell in cells}) == len(cells):
        return True
    big = 0
    for cell in cells:
        lines = cell.end - cell.start
        if not lines or (lines == 1 and cell.inner is None and len(texts[cell.start]) < _PROSE):
            continue
        size = sum(map(len, texts[cell.start : cell.end]))
        if (
            size > _PROSE
            or (lines >= _LINES and size > _CHARACTERS)
            or any(_worded(inner, texts) for inner in cell.inner or ())
        ):
            big += size
    return big > 0 and 2 * big > sum(map(len, texts[table.start : table.end]))


def _worded(table: RawTable, texts: list[str]) -> bool:
    """Whether a table has words in it, so that it is one of its own."""
    return len(table.cells) > 1 and any(
        c.isalpha() for text in texts[table.start : table.end] for c in text
    )


def build(table: RawTable, number: int, texts: list[str], parts: list[Part]) -> Table:
    """A table's block; its cells' parts are added to `parts`."""
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    at = -1
    name = ""
    for cell in table.cells:
        if cell.row != at:
            if row:
                rows.append(tuple(row))
                row = []
            at = cell.row
            name = f"table:{number}/r{at + 1}/c"
        part = f"{name}{cell.col + 1}"
        if cell.start == cell.end:
            raw = text = ""
            start = end = 0
        else:
            raw = texts[cell.start] if cell.end - cell.start == 1 else _raw(cell, texts)
            if PICTURE in raw:
                raw = _without_pictures(raw)
            if "\n" in raw:
                text, start, end = cell_text(raw)
            else:
                text, start, end = raw, 0, len(raw)
        parts.append(Part(part, "cell", raw, at, cell.col, cell.rowspan, cell.colspan))
        row.append(Cell(text, part, start, end, None, cell.col, cell.colspan))
    if row:
        rows.append(tuple(row))
    return Table(Layout.GRID, tuple(rows))


def inner_tables(table: RawTable, texts: list[str]) -> list[RawTable]:
    """The tables in a table's cells that are tables of their own."""
    return [inner for cell in table.cells for inner in cell.inner or () if _worded(inner, texts)]


def _raw(cell: RawCell, texts: list[str]) -> str:
    """A cell's own lines.

    Those of a table in it are left out, but for bare figures: they stay, and stay
    apart, as which of them the cell means isn't ours to tell.
    """
    if not cell.inner:
        return "\n".join(texts[cell.start : cell.end])
    lines: list[str] = []
    at = cell.start
    for inner in cell.inner:
        lines += texts[at : inner.start]
        if not _worded(inner, texts):
            lines.append(" ".join(texts[inner.start : inner.end]))
        at = inner.end
    return "\n".join([*lines, *texts[at : cell.end]])


def _without_pictures(raw: str) -> str:
    """A label's pictures are ornament; alone or beside figures they may be part of the value."""
    rest = raw.replace(PICTURE, "").strip()
    if rest and not any(c.isdigit() for c in rest):
        return rest
    return raw
