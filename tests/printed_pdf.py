"""Fictional reports printed to PDF for the tests, with the noise of real ones."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from govreport_core.samples.sheet import Block, Grid, GridCell, Words

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

PORTRAIT = (595.0, 842.0)
RULES = ("lines", "rects", "boxes", "path", "open", "none")
CENTRE, LEFT, RIGHT = "centre", "left", "right"


@dataclass
class Noise:
    """How a report is printed.

    Attributes:
        rules: How ruling lines are drawn: lines, thin filled boxes, a stroked box a
            cell, one path a table, without the outer sides, or none at all.
        split_rows: Whether a row may break over a page's end.
        repeat: Whether the header's rows stand again on each page.
        number: A page's number, as a format; None for none.
        header: A line above each page.
        turn: Degrees by which the pages are turned in the file.
        watermark: Words across each page.
        bold: Whether text is printed twice to look bold.
        shift: How far pages with even numbers lie to the right.
        lead: Height of a line as a multiple of the type's size.
        start: How far below the top margin the first page begins.
    """

    rules: str = "lines"
    split_rows: bool = False
    repeat: bool = False
    number: str | None = "- {} -"
    header: str | None = None
    turn: int = 0
    watermark: str | None = None
    bold: bool = False
    shift: float = 0.0
    lead: float = 1.4
    size: float = 10.0
    start: float = 0.0
    values: str = CENTRE
    pad: float = 3.0


@dataclass
class _Row:
    """A table's row as it is to be printed: its cells with wrapped lines, and its height."""

    cells: list[tuple[int, int, int, list[str], bool]]
    height: float = 0.0


@dataclass
class Printer:
    """Prints blocks one below the other."""

    noise: Noise = field(default_factory=Noise)
    page_size: tuple[float, float] = PORTRAIT
    margin: float = 75.0

    def __post_init__(self) -> None:
        self.out = io.BytesIO()
        # It swaps the sides itself for pages turned by a quarter.
        self.canvas = Canvas(self.out, pagesize=self.page_size)
        self.page = 0
        self._begin()
        self.y += self.noise.start

    def document(self, blocks: Iterable[Block]) -> bytes:
        """Print blocks and close the file."""
        for block in blocks:
            if isinstance(block, Words):
                self.words(block.text, self.noise.size + (6 if block.kind == "title" else 0))
            else:
                self.table(block)
        return self.close()

    def close(self) -> bytes:
        self._end()
        self.canvas.save()
        return self.out.getvalue()

    def words(self, text: str, size: float | None = None) -> None:
        size = size or self.noise.size
        for line in wrapped(text, self.right - self.left, size):
            self._room(size * self.noise.lead)
            self._text(self.left, self.y + size, line, size)
            self.y += size * self.noise.lead

    def table(self, grid: Grid) -> None:
        self.y += 6
        xs = self._columns(grid)
        rows = self._laid_out(grid, xs)
        head = _header_rows(grid)
        at = 0
        while at < len(rows):
            at = self._stretch(
                rows, at, xs, again=rows[:head] if at >= head and self.noise.repeat else []
            )
            if at < len(rows):
                self._break()
        self.y += 6

    # Pages.

    @property
    def left(self) -> float:
        return self.margin + (self.noise.shift if self.page % 2 == 0 else 0.0)

    @property
    def right(self) -> float:
        return self.left + self.page_size[0] - 2 * self.margin

    @property
    def floor(self) -> float:
        return self.page_size[1] - self.margin

    def _begin(self) -> None:
        self.page += 1
        self.y = self.margin
        canvas, (width, height) = self.canvas, self.page_size
        canvas.saveState()
        if self.noise.turn == 90:
            canvas.setPageRotation(90)
            canvas.translate(height, 0)
            canvas.rotate(90)
        elif self.noise.turn == 270:
            canvas.setPageRotation(270)
            canvas.translate(0, width)
            canvas.rotate(270)
        elif self.noise.turn == 180:
            canvas.setPageRotation(180)
            canvas.translate(width, height)
            canvas.rotate(180)
        if self.noise.header:
            self._text(self.left, 50, self.noise.header, 9)
        if self.noise.number:
            self._text(width / 2 - 10, height - 45, self.noise.number.format(self.page), 9)
        if self.noise.watermark:
            canvas.saveState()
            canvas.translate(width / 4, height / 4)
            canvas.rotate(45)
            canvas.setFont(FONT, 60)
            canvas.setFillGray(0.85)
            canvas.drawString(0, 0, self.noise.watermark)
            canvas.restoreState()

    def _end(self) -> None:
        self.canvas.restoreState()
        self.canvas.showPage()

    def _break(self) -> None:
        self._end()
        self._begin()

    def _room(self, height: float) -> None:
        if self.y + height > self.floor:
            self._break()

    def _text(self, x: float, y: float, text: str, size: float) -> None:
        self.canvas.setFont(FONT, size)
        for offset in (0.0, 0.3) if self.noise.bold else (0.0,):
            self.canvas.drawString(x + offset, self.page_size[1] - y, text)

    # Tables.

    def _columns(self, grid: Grid) -> list[float]:
        width = self.right - self.left
        shares = [1.0] * grid.width
        if grid.code.startswith("t3"):
            shares = [0.7, 2.0, 3.4, *[1.2] * 7]
        elif grid.code.startswith("t2"):
            shares = [1.6, 1, 1, 1]
        xs = [0.0]
        for share in shares:
            xs.append(xs[-1] + width * share / sum(shares))
        return xs

    def _laid_out(self, grid: Grid, xs: list[float]) -> list[_Row]:
        size, lead, pad = self.noise.size, self.noise.lead, self.noise.pad
        rows = []
        taken: set[tuple[int, int]] = set()
        for r, cells in enumerate(grid.rows):
            row, col = _Row([]), 0
            for cell in cells:
                while (r, col) in taken:
                    col += 1
                room = xs[col + cell.colspan] - xs[col] - 2 * pad
                row.cells.append(
                    (col, cell.colspan, cell.rowspan, wrapped(cell.text, room, size), cell.value)
                )
                taken |= {
                    (r + i, col + j) for i in range(cell.rowspan) for j in range(cell.colspan)
                }
                col += cell.colspan
            tall = [len(lines) for _, _, span, lines, _ in row.cells if span == 1]
            row.height = max(tall, default=1) * size * lead + 2 * pad
            rows.append(row)
        for r, row in enumerate(rows):
            for _, _, span, lines, _ in row.cells:
                need = len(lines) * size * lead + 2 * pad
                have = sum(x.height for x in rows[r : r + span])
                if need > have:
                    rows[r + span - 1].height += need - have
        return rows

    def _stretch(self, rows: list[_Row], at: int, xs: list[float], again: list[_Row]) -> int:
        """Print rows until the page is full; the number of the first one left."""
        printed: list[_Row] = list(again)
        y = self.y + sum(r.height for r in again)
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
        self._draw(printed, xs, lines_only=self.noise.rules)
        if end < len(rows) and carried:
            rows[end].cells = sorted([*carried, *rows[end].cells])
        return end

    def _split(self, row: _Row, room: float) -> tuple[_Row, _Row] | None:
        """A row in two: as many of its lines as there is room for, and the rest."""
        size, lead, pad = self.noise.size, self.noise.lead, self.noise.pad
        fits = int((room - 2 * pad) // (size * lead))
        most = max((len(lines) for _, _, span, lines, _ in row.cells if span == 1), default=0)
        if fits < 1 or fits >= most or any(span > 1 for _, _, span, _, _ in row.cells):
            return None
        first = _Row([(c, w, s, lines[:fits], v) for c, w, s, lines, v in row.cells])
        rest = _Row([(c, w, s, lines[fits:], v) for c, w, s, lines, v in row.cells])
        first.height = fits * size * lead + 2 * pad
        rest.height = (most - fits) * size * lead + 2 * pad
        return first, rest

    def _carry(self, rows: list[_Row], start: int, end: int, *, extra: bool) -> list[tuple]:
        """Cells over several rows that the page's end cuts: their last lines go on after it."""
        carried = []
        for r in range(start, min(end, len(rows))):
            for i, (col, width, span, lines, value) in enumerate(rows[r].cells):
                if r + span > end:
                    room = sum(x.height for x in rows[r:end]) - 2 * self.noise.pad
                    fit = max(int(room // (self.noise.size * self.noise.lead)), 1)
                    carried.append((col, width, r + span - end, lines[fit:], value))
                    rows[r].cells[i] = (col, width, end - r + extra, lines[:fit], value)
        return carried

    def _draw(self, rows: list[_Row], xs: list[float], lines_only: str) -> None:
        ys = [self.y]
        for row in rows:
            ys.append(ys[-1] + row.height)
        path = self.canvas.beginPath()
        for r, row in enumerate(rows):
            for col, width, span, lines, value in row.cells:
                bottom = ys[min(r + span, len(rows))]
                left, right = self.left + xs[col], self.left + xs[col + width]
                self._cell_text(left, right, ys[r], bottom, lines, value)
                outer = (col == 0, col + width == len(xs) - 1)
                self._box(path, left, right, ys[r], bottom, outer)
        if lines_only == "path":
            self.canvas.drawPath(path, stroke=1, fill=0)
        self.y = ys[-1]

    def _cell_text(
        self, left: float, right: float, top: float, bottom: float, lines: list[str], value: bool
    ) -> None:
        size, lead, pad = self.noise.size, self.noise.lead, self.noise.pad
        y = (top + bottom) / 2 - len(lines) * size * lead / 2 + size * (lead + 1) / 2 - size * 0.15
        for line in lines:
            width = pdfmetrics.stringWidth(line, FONT, size)
            x = left + pad
            if value and self.noise.values == CENTRE:
                x = (left + right - width) / 2
            elif value and self.noise.values == RIGHT:
                x = right - pad - width
            self._text(x, y, line, size)
            y += size * lead

    def _box(
        self, path, left: float, right: float, top: float, bottom: float, outer: tuple[bool, bool]
    ) -> None:
        height, rules, canvas = self.page_size[1], self.noise.rules, self.canvas
        t, b = height - top, height - bottom
        sides = [(left, t, right, t), (left, b, right, b), (left, t, left, b), (right, t, right, b)]
        if rules == "boxes":
            canvas.rect(left, b, right - left, t - b)
        elif rules == "path":
            for x0, y0, x1, y1 in sides:
                path.moveTo(x0, y0)
                path.lineTo(x1, y1)
        elif rules == "rects":
            for x0, y0, x1, y1 in sides:
                canvas.rect(
                    x0 - 0.24, min(y0, y1) - 0.24, x1 - x0 + 0.48, abs(y1 - y0) + 0.48, 0, 1
                )
        elif rules != "none":
            drawn = sides
            if rules == "open":
                drawn = sides[:2]
                drawn += [] if outer[0] else [sides[2]]
                drawn += [] if outer[1] else [sides[3]]
            for side in drawn:
                canvas.line(*side)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text's lines at that width."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for char in paragraph:
            if line and pdfmetrics.stringWidth(line + char, FONT, size) > width:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return [line for line in lines if line.strip()]


def _header_rows(grid: Grid) -> int:
    count = 0
    for row in grid.rows:
        if any(cell.value for cell in row):
            break
        count += 1
    return count


def plain_table(rows: list[list[str]], code: str = "plain") -> Grid:
    """A table without merged cells; its first column is labels."""
    return Grid(
        code,
        len(rows[0]),
        tuple(
            tuple(GridCell(text, value=at > 0 and r > 0) for at, text in enumerate(row))
            for r, row in enumerate(rows)
        ),
    )
