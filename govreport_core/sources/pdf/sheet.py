"""A page as pdfium opens it in, its characters and ruling lines as they lie before a reader out.

Coordinates are points from the left and, downwards, from the top, after the page
is turned so that most of its text stands upright.
"""

from __future__ import annotations

from collections import Counter
from ctypes import byref
from typing import Any, TypeVar

import msgspec
import numpy as np
import pypdfium2.raw as pdfium

from govreport_core.sources.pdf.calls import Places
from govreport_core.sources.pdf.characters import SLANTED, Seen, characters
from govreport_core.sources.pdf.drawn import drawn_on
from govreport_core.sources.pdf.glyphs import UNMAPPED, Flags, Glyphs, Numbers, Sides, Values

# Characters of one figure are nearer than this part of their height.
_NEAR = 0.3

Box = tuple[float, float, float, float]
Rules = Values
"""Ruling lines, a row each: where it lies across its direction, from where to where along it."""


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
    glyphs: Glyphs
    turned: Glyphs
    slanted: Glyphs
    across: Rules
    down: Rules
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
    sides = _placed(drawn.images, turn, area)
    pictures = list(zip(*(side.tolist() for side in sides), strict=True))
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


def _glyphs(seen: Seen, turn: int, area: Box) -> tuple[Glyphs, Glyphs, Glyphs]:
    """The characters of the visible area: upright ones, those turned, and the slanted."""
    printed, angles = seen.glyphs, seen.angles
    sides = _turned((printed.left, printed.top, printed.right, printed.bottom), turn)
    left, top, right, bottom = area
    x, y = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
    inside = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
    placed = Glyphs(*_from(sides, left, top), printed.codes, printed.spaced)
    upright = inside & (angles == turn)
    if upright.all():
        return placed, placed[:0], placed[:0]
    slanted = inside & ~upright & (angles == SLANTED)
    aside = inside & ~upright & ~slanted
    return _with_cut(placed, upright, inside), placed[aside], placed[slanted]


def _with_cut(glyphs: Glyphs, upright: Flags, inside: Flags) -> Glyphs:
    """The upright characters, each figure that the page's edge cuts with one that has no meaning.

    What is left of such a figure is another.
    """
    kept = np.flatnonzero(upright)
    figures = glyphs.figures()
    cut = np.flatnonzero(figures & ~inside)
    # The upright one before each of those cut off.
    before = np.searchsorted(kept, cut) - 1
    cut, before = cut[before >= 0], before[before >= 0]
    last = kept[before]
    near = _NEAR * (glyphs.bottom[last] - glyphs.top[last])
    goes_on = figures[last] & (np.abs(glyphs.left[cut] - glyphs.right[last]) < near)
    goes_on &= np.abs(glyphs.top[cut] - glyphs.top[last]) < near
    ends = np.unique(before[goes_on])
    found = glyphs[np.insert(kept, ends + 1, kept[ends])]
    added = ends + np.arange(1, len(ends) + 1)
    found.codes[added] = ord(UNMAPPED)
    found.spaced[added] = False
    return found


def _from(sides: Sides, left: float, top: float) -> Sides:
    x0, y0, x1, y1 = sides
    return x0 - left, y0 - top, x1 - left, y1 - top


def _placed(places: Places, turn: int, area: Box) -> Sides:
    """Boxes that count upwards as they lie on the page turned upright."""
    x0, y0, x1, y1 = places.T
    return _from(_turned((x0, -y1, x1, -y0), turn), *area[:2])


def _rules(x0: Values, y0: Values, x1: Values, y1: Values) -> tuple[Rules, Rules]:
    """Thin boxes as ruling lines: those across, those down."""
    flat = x1 - x0 > y1 - y0
    across = np.column_stack(((y0 + y1) / 2, x0, x1))[flat]
    return across, np.column_stack(((x0 + x1) / 2, y0, y1))[~flat]


def _visible(page: Any) -> Box:
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, byref(box))
    return box.left, -box.top, box.right, -box.bottom


def _turn(angles: Numbers) -> int:
    """The angle most characters stand at: a page may be turned by its flag, its text, or both."""
    if not angles.any():
        return 0
    counts = Counter(angles.tolist())
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
