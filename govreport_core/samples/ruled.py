"""Tables in, ruled cells on paper out: over page breaks, merged cells cut where a page ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from govreport_core.samples.paper import CENTRE, RIGHT, Paper, width_of, wrapped
from govreport_core.samples.sheet import Block, Grid, Passage

_TITLE_LARGER = 6
_AROUND = 6.0
_HAIR = 0.24
"""Half the thickness of a ruling line drawn as a filled box."""
_SHARES = {"t3": (0.7, 2.0, 3.4, *[1.2] * 7), "t2": (1.6, 1.0, 1.0, 1.0)}


class _Cell(NamedTuple):
    """A cell as it is to be printed, from its first grid column."""

    col: int
    colspan: int
    rowspan: int
    lines: list[str]
    value: bool


class _Row:
    """A table's row as it is to be printed."""

    def __init__(self, cells: list[_Cell], height: float = 0.0) -> None:
        self.cells = cells
        self.height = height


class Printer(Paper):
    """Prints blocks one below the other."""

    def document(self, blocks: Iterable[Block]) -> bytes:
        """Print blocks and close the file."""
        for block in blocks:
            if isinstance(block, Passage):
                larger = _TITLE_LARGER if block.kind == "title" else 0
                self.words(block.text, self.noise.size + larger)
            else:
                self.table(block)
        return self.close()

    def table(self, grid: Grid) -> None:
        """Print a table, over as many pages as it needs."""
        self.y += _AROUND
        xs = self._columns(grid)
        rows = self._laid_out(grid, xs)
        head = _header_rows(grid)
        at = 0
        while at < len(rows):
            again = rows[:head] if at >= head and self.noise.repeat else []
            at = self._stretch(rows, at, xs, again)
            if at < len(rows):
                self.turn_page()
        self.y += _AROUND

    @property
    def _line(self) -> float:
        return self.noise.size * self.noise.lead

    def _columns(self, grid: Grid) -> list[float]:
        """Where the grid's columns begin and end, from the left margin."""
        shares = _SHARES.get(grid.code[:2], ())
        if len(shares) != grid.width:
            shares = (1.0,) * grid.width
        xs = [0.0]
        for share in shares:
            xs.append(xs[-1] + (self.right - self.left) * share / sum(shares))
        return xs

    def _laid_out(self, grid: Grid, xs: list[float]) -> list[_Row]:
        pad = self.noise.pad
        rows = []
        taken: set[tuple[int, int]] = set()
        for r, cells in enumerate(grid.rows):
            row, col = _Row([]), 0
            for cell in cells:
                while (r, col) in taken:
                    col += 1
                room = xs[col + cell.colspan] - xs[col] - 2 * pad
                lines = wrapped(cell.text, room, self.noise.size)
                row.cells.append(_Cell(col, cell.colspan, cell.rowspan, lines, cell.value))
                taken |= {
                    (r + i, col + j) for i in range(cell.rowspan) for j in range(cell.colspan)
                }
                col += cell.colspan
            tall = [len(cell.lines) for cell in row.cells if cell.rowspan == 1]
            row.height = max(tall, default=1) * self._line + 2 * pad
            rows.append(row)
        for r, row in enumerate(rows):
            for placed in row.cells:
                need = len(placed.lines) * self._line + 2 * pad
                have = sum(x.height for x in rows[r : r + placed.rowspan])
                rows[r + placed.rowspan - 1].height += max(need - have, 0.0)
        return rows

    def _stretch(self, rows: list[_Row], at: int, xs: list[float], again: list[_Row]) -> int:
        """Print rows until the page is full; the number of the first one left."""
        printed = list(again)
        y = self.y + sum(row.height for row in again)
        end = at
        while end < len(rows) and y + rows[end].height <= self.floor:
            y += rows[end].height
            printed.append(rows[end])
            end += 1
        if end == at and self.y > self.margin + 1:
            return at
        if end == at:
            printed.append(rows[end])
            end += 1
        rest = None
        if end < len(rows) and self.noise.split_rows:
            rest = self._split(rows[end], self.floor - y)
            if rest is not None:
                printed.append(rest[0])
                rows[end] = rest[1]
        carried = self._carry(rows, at, end, extra=rest is not None)
        self._draw(printed, xs)
        if end < len(rows) and carried:
            rows[end].cells = sorted([*carried, *rows[end].cells])
        return end

    def _split(self, row: _Row, room: float) -> tuple[_Row, _Row] | None:
        """A row in two: as many of its lines as there is room for, and the rest."""
        pad = self.noise.pad
        fits = int((room - 2 * pad) // self._line)
        most = max((len(cell.lines) for cell in row.cells if cell.rowspan == 1), default=0)
        if fits < 1 or fits >= most or any(cell.rowspan > 1 for cell in row.cells):
            return None
        first = [cell._replace(lines=cell.lines[:fits]) for cell in row.cells]
        rest = [cell._replace(lines=cell.lines[fits:]) for cell in row.cells]
        return (
            _Row(first, fits * self._line + 2 * pad),
            _Row(rest, (most - fits) * self._line + 2 * pad),
        )

    def _carry(self, rows: list[_Row], start: int, end: int, *, extra: bool) -> list[_Cell]:
        """Cells over several rows that the page's end cuts: their last lines go on after it."""
        carried = []
        for r in range(start, min(end, len(rows))):
            for i, cell in enumerate(rows[r].cells):
                if r + cell.rowspan > end:
                    room = sum(row.height for row in rows[r:end]) - 2 * self.noise.pad
                    fit = max(int(room // self._line), 1)
                    left = r + cell.rowspan - end
                    carried.append(cell._replace(rowspan=left, lines=cell.lines[fit:]))
                    here = cell._replace(rowspan=end - r + extra, lines=cell.lines[:fit])
                    rows[r].cells[i] = here
        return carried

    def _draw(self, rows: list[_Row], xs: list[float]) -> None:
        ys = [self.y]
        for row in rows:
            ys.append(ys[-1] + row.height)
        path = self.canvas.beginPath()
        for r, row in enumerate(rows):
            for cell in row.cells:
                end = cell.col + cell.colspan
                across = (self.left + xs[cell.col], self.left + xs[end])
                down = (ys[r], ys[min(r + cell.rowspan, len(rows))])
                self._cell_text(across, down, cell)
                self._box(path, across, down, (cell.col == 0, end == len(xs) - 1))
        if self.noise.rules == "path":
            self.canvas.drawPath(path, stroke=1, fill=0)
        self.y = ys[-1]

    def _cell_text(
        self, across: tuple[float, float], down: tuple[float, float], cell: _Cell
    ) -> None:
        size, pad, (left, right) = self.noise.size, self.noise.pad, across
        y = (sum(down) - len(cell.lines) * self._line + self._line + size) / 2 - size * 0.15
        for line in cell.lines:
            width = width_of(line, size)
            x = left + pad
            if cell.value and self.noise.values == CENTRE:
                x = (left + right - width) / 2
            elif cell.value and self.noise.values == RIGHT:
                x = right - pad - width
            self.write(x, y, line, size)
            y += self._line

    def _box(
        self,
        path: Any,
        across: tuple[float, float],
        down: tuple[float, float],
        outer: tuple[bool, bool],
    ) -> None:
        (left, right), rules, canvas = across, self.noise.rules, self.canvas
        top, bottom = (self.page_size[1] - y for y in down)
        sides = [
            (left, top, right, top),
            (left, bottom, right, bottom),
            *([] if rules == "open" and outer[0] else [(left, top, left, bottom)]),
            *([] if rules == "open" and outer[1] else [(right, top, right, bottom)]),
        ]
        if rules == "boxes":
            canvas.rect(left, bottom, right - left, top - bottom)
            return
        for x0, y0, x1, y1 in sides:
            if rules == "path":
                path.moveTo(x0, y0)
                path.lineTo(x1, y1)
            elif rules == "rects":
                low = min(y0, y1)
                width, height = x1 - x0 + 2 * _HAIR, abs(y1 - y0) + 2 * _HAIR
                canvas.rect(x0 - _HAIR, low - _HAIR, width, height, 0, 1)
            elif rules != "none":
                canvas.line(x0, y0, x1, y1)


def _header_rows(grid: Grid) -> int:
    return next((i for i, row in enumerate(grid.rows) if any(c.value for c in row)), len(grid.rows))
