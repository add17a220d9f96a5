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
    """

    __slots__ = (
        "below",
        "cells",
        "col",
        "end",
        "group",
        "owner",
        "row",
        "spanned",
        "start",
        "tall",
    )

    def __init__(self, start: int, owner: int) -> None:
        self.start = self.end = start
        self.owner = owner
        self.cells: list[RawCell] = []
        self.row = -1
        self.col = 0
        self.group = 0
        self.below: dict[int, int] = {}
        self.tall: list[RawCell] = []
        self.spanned = 0

    def begin_group(self) -> None:
        """A thead, tbody or tfoot begins: no cell reaches into it from above."""
        self._end_group()
        self.group = self.row + 1

    def begin_row(self) -> None:
        """A row begins."""
        self.row += 1
        self.col = 0

    def begin_cell(self, line: int, rowspan: str | None, colspan: str | None) -> None:
        """A cell begins.

        Raises:
            SourceError: `too_large`, for too many cells or spans.
        """
        below = self.below
        col = self.col
        if below:
            first = col
            while below.get(col, 0) > self.row:
                col += 1
            self.spanned += col - first
        width = _span(colspan, MAX_COLSPAN) or 1 if colspan else 1
        height = _span(rowspan, MAX_ROWSPAN) if rowspan else 1
        cell = RawCell(self.row, col, width, height, line, line)
        if height != 1:
            height = height or MAX_ROWSPAN
            cell.rowspan = height
            self.tall.append(cell)
            self.spanned += width
            below.update(dict.fromkeys(range(col, col + width), self.row + height))
        if self.spanned > MAX_SPANNED or len(self.cells) >= MAX_CELLS:
            raise SourceError(
                "too_large", f"a table of more than {MAX_SPANNED:,} places: check the page"
            )
        self.col = col + width
        self.cells.append(cell)

    def end_cell(self, line: int) -> None:
        """The open cell ends before that line."""
        self.cells[-1].end = line

    def hold(self, tables: list[RawTable]) -> None:
        """Tables stand in the cell that is open."""
        if self.cells:
            cell = self.cells[-1]
            cell.inner = [*(cell.inner or ()), *tables]

    def close(self, line: int) -> None:
        """The table ends: spans that reach out of it are cut."""
        self._end_group()
        self.end = line

    def _end_group(self) -> None:
        for cell in self.tall:
            cell.rowspan = min(cell.rowspan, self.row + 1 - cell.row)
        self.tall.clear()
        self.below.clear()


def _span(printed: str, most: int) -> int:
    """A span as browsers read it: leading digits, else 1; 0 rows reach to the group's end."""
    digits = _SPAN.match(printed)
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
