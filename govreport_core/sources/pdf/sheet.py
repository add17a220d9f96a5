"""A page as pdfium opens it in, its characters and ruling lines as they lie before a reader out.

Coordinates are points from the left and, downwards, from the top, after the page
is turned so that most of its text stands upright.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from ctypes import byref
from typing import Any, TypeVar

import msgspec
import numpy as np
import pypdfium2.raw as pdfium

from govreport_core.sources.pdf.calls import Places
from govreport_core.sources.pdf.characters import (
    SLANTED,
    UNMAPPED,
    Seen,
    characters,
    columns,
)
from govreport_core.sources.pdf.drawn import drawn_on

FIGURES = frozenset("0123456789.,，．") | frozenset(map(chr, range(0xFF10, 0xFF1A)))
"""What figures are printed with."""
# Characters of one figure are nearer than this part of their height.
_NEAR = 0.3

Box = tuple[float, float, float, float]
Sides = tuple[Places, Places, Places, Places]
Glyph = tuple[float, float, float, float, str]
"""A character: left, top, right, bottom, and what it is, behind a space where one is printed
between it and another that isn't Chinese."""


Rule = tuple[float, float, float]
"""A ruling line: where it lies across its direction, and from where to where along it."""


class Sheet(msgspec.Struct, frozen=True):
    """A page turned upright.

    Attributes:
        width, height: Of what is visible, in points.
        glyphs: The upright characters that print something, in the file's order.
        turned: Those a quarter or half turn away: numbers on the side, labels.
        slanted: Those at any other angle: stamps and watermarks.
        across, down: Its ruling lines.
        unmapped: How many characters have no meaning in the file.
        images: Share of the page that images cover, 0 to 1.
        pictures: The boxes of its images.
        shapes: How many shapes are drawn that are neither lines nor images.
        fontless: Whether it uses a Chinese font that is nowhere to be found.
        hidden: Whether its text can't be seen, as that recognised under a scan.
    """

    width: float
    height: float
    glyphs: list[Glyph]
    turned: list[Glyph]
    slanted: list[Glyph]
    across: list[Rule]
    down: list[Rule]
    unmapped: int
    images: float
    pictures: list[Box]
    shapes: int
    fontless: bool
    hidden: bool


# Places beyond all numbers are a damaged file's, and outside its page.
@np.errstate(invalid="ignore", over="ignore")
def read_sheet(page: Any, budget: int) -> Sheet:
    """Take a page's characters and lines.

    Args:
        page: pdfium's page.
        budget: How many characters it may have.

    Raises:
        SourceError: `too_large`, for more characters or lines than a report has.
    """
    seen = characters(page, budget)
    turn = _turn(seen.angles)
    area = _turned(_visible(page), turn)
    glyphs, aside, slanted = _glyphs(seen, turn, area)
    drawn = drawn_on(page)
    across, down = _rules(*_placed(drawn.thin, turn, area))
    width, height = area[2] - area[0], area[3] - area[1]
    pictures = list(_rows(*_placed(drawn.images, turn, area)))
    covered = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in pictures)
    share = covered / (width * height) if width > 0 and height > 0 else 0.0
    return Sheet(
        width,
        height,
        glyphs,
        aside,
        slanted,
        across,
        down,
        seen.unmapped,
        min(share, 1.0),
        pictures,
        drawn.shapes,
        drawn.fontless,
        drawn.hidden,
    )


def _glyphs(seen: Seen, turn: int, area: Box) -> tuple[list[Glyph], list[Glyph], list[Glyph]]:
    """The characters of the visible area: upright ones, those turned, and the slanted."""
    x0, y0, x1, y1 = _turned(columns(seen.places), turn)
    left, top, right, bottom = area
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    inside = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
    sides = (x0 - left, y0 - top, x1 - left, y1 - top)
    placed: list[Glyph] = list(zip(*(side.tolist() for side in sides), seen.chars, strict=True))
    if inside.all() and seen.angles.count(turn) == len(placed):
        return placed, [], []
    glyphs: list[Glyph] = []
    aside: list[Glyph] = []
    slanted: list[Glyph] = []
    for glyph, angle, within in zip(placed, seen.angles, inside.tolist(), strict=True):
        if within:
            (glyphs if angle == turn else slanted if angle == SLANTED else aside).append(glyph)
        elif glyph[4] in FIGURES and glyphs and _goes_on(glyphs[-1], glyph):
            glyphs.append((*glyphs[-1][:4], UNMAPPED))
    return glyphs, aside, slanted


def _goes_on(last: Glyph, cut: Glyph) -> bool:
    """Whether a figure that the page's edge cuts goes on there: what is left of it is another."""
    near = _NEAR * (last[3] - last[1])
    return last[4] in FIGURES and abs(cut[0] - last[2]) < near and abs(cut[1] - last[1]) < near


def _placed(places: Places, turn: int, area: Box) -> Sides:
    """Boxes that count upwards as they lie on the page turned upright."""
    left, top = area[:2]
    x0, y0, x1, y1 = columns(places)
    x0, y0, x1, y1 = _turned((x0, -y1, x1, -y0), turn)
    return x0 - left, y0 - top, x1 - left, y1 - top


def _rules(x0: Places, y0: Places, x1: Places, y1: Places) -> tuple[list[Rule], list[Rule]]:
    """Thin boxes as ruling lines: those across, those down."""
    flat = x1 - x0 > y1 - y0
    high = ~flat
    across = _rows((y0[flat] + y1[flat]) / 2, x0[flat], x1[flat])
    down = _rows((x0[high] + x1[high]) / 2, y0[high], y1[high])
    return list(across), list(down)


def _rows(*table: Places) -> Iterator[Any]:
    return zip(*(column.tolist() for column in table), strict=True)


def _visible(page: Any) -> Box:
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, byref(box))
    return box.left, -box.top, box.right, -box.bottom


def _turn(angles: list[int]) -> int:
    """The angle most characters stand at: a page may be turned by its flag, its text, or both."""
    counts = Counter(angles)
    del counts[SLANTED]
    return counts.most_common(1)[0][0] if counts else 0


_Side = TypeVar("_Side", float, Places)


def _turned(box: tuple[_Side, _Side, _Side, _Side], turn: int) -> tuple[_Side, _Side, _Side, _Side]:
    """A box, or many, as they lie after the page is turned."""
    x0, y0, x1, y1 = box
    if turn == 0:
        return box
    if turn == 1:
        return y0, -x1, y1, -x0
    if turn == 2:
        return -x1, -y1, -x0, -y0
    return -y1, x0, -y0, x1
