"""Words in, the pages of a PDF out, with what printers and scanners of pages do to them.

The type is one that every PDF reader knows by name, so no font is embedded and
none is needed on the machine. Needs reportlab (the extra `pdf-samples`).
"""

from __future__ import annotations

import io

import msgspec
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
PORTRAIT = (595.0, 842.0)
RULES = ("lines", "rects", "boxes", "path", "open", "none")
CENTRE, LEFT, RIGHT = "centre", "left", "right"

pdfmetrics.registerFont(UnicodeCIDFont(FONT))
rl_config.useA85 = 0  # as other writers do: pages are deflated, not spelled out as text too


class Noise(msgspec.Struct, frozen=True):
    """How a report is printed; lengths in points.

    Attributes:
        rules: How ruling lines are drawn, of `RULES`: lines, thin filled boxes, a
            stroked box a cell, one path a table, without the outer sides, or none.
        split_rows: Whether a row may break over a page's end.
        repeat: Whether the header's rows stand again on each page.
        number: A page's number, as a format; None for none.
        header: A line above each page.
        turn: Degrees by which the pages are turned in the file.
        watermark: Words across each page.
        bold: Whether text is printed twice to look bold.
        shift: How far pages with even numbers lie to the right.
        lead: Height of a line as a multiple of the type's size.
        size: The type's size.
        start: How far below the top margin the first page begins.
        values: Where figures stand in their cells.
        pad: Space within a cell.
        packed: Whether the pages' content is compressed.
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
    packed: bool = True


class Paper:
    """Pages in the making: words and whatever else one below the other.

    The same calls give the same bytes: the file names no date and no chance id.
    """

    def __init__(
        self,
        noise: Noise | None = None,
        page_size: tuple[float, float] = PORTRAIT,
        margin: float = 75.0,
    ) -> None:
        self.noise = noise or Noise()
        self.page_size = page_size
        self.margin = margin
        self.out = io.BytesIO()
        # It swaps the sides itself for pages turned by a quarter.
        self.canvas = Canvas(
            self.out, pagesize=page_size, invariant=1, pageCompression=int(self.noise.packed)
        )
        self.page = 0
        self._begin()
        self.y += self.noise.start

    def close(self) -> bytes:
        """End the last page; the file's bytes."""
        self._end()
        self.canvas.save()
        return self.out.getvalue()

    def words(self, text: str, size: float | None = None) -> None:
        """Print a paragraph."""
        size = size or self.noise.size
        for line in wrapped(text, self.right - self.left, size):
            if self.y + size * self.noise.lead > self.floor:
                self.turn_page()
            self.write(self.left, self.y + size, line, size)
            self.y += size * self.noise.lead

    def turn_page(self) -> None:
        """End this page and begin the next."""
        self._end()
        self._begin()

    def write(self, x: float, y: float, text: str, size: float) -> None:
        """Print a line at a place, counted from the page's upper left corner."""
        self.canvas.setFont(FONT, size)
        for offset in (0.0, 0.3) if self.noise.bold else (0.0,):
            self.canvas.drawString(x + offset, self.page_size[1] - y, text)

    @property
    def left(self) -> float:
        """Where lines begin on this page."""
        return self.margin + (self.noise.shift if self.page % 2 == 0 else 0.0)

    @property
    def right(self) -> float:
        """Where lines end on this page."""
        return self.left + self.page_size[0] - 2 * self.margin

    @property
    def floor(self) -> float:
        """Where this page ends, counted from its top."""
        return self.page_size[1] - self.margin

    def _begin(self) -> None:
        self.page += 1
        self.y = self.margin
        canvas, (width, height) = self.canvas, self.page_size
        canvas.saveState()
        moves = {90: (height, 0.0), 180: (width, height), 270: (0.0, width)}
        if self.noise.turn in moves:
            canvas.setPageRotation(self.noise.turn)
            canvas.translate(*moves[self.noise.turn])
            canvas.rotate(self.noise.turn)
        if self.noise.header:
            self.write(self.left, 50, self.noise.header, 9)
        if self.noise.number:
            self.write(width / 2 - 10, height - 45, self.noise.number.format(self.page), 9)
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


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text's lines at that width."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for char in paragraph:
            if line and width_of(line + char, size) > width:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return [line for line in lines if line.strip()]


def width_of(text: str, size: float) -> float:
    """How wide a line is printed."""
    return float(pdfmetrics.stringWidth(text, FONT, size))
