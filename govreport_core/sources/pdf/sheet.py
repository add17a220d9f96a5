"""A page as pdfium opens it in, its characters and ruling lines as they lie before a reader out.

Coordinates are points from the left and, downwards, from the top, after the page
is turned so that most of its text stands upright.
"""

from __future__ import annotations

import math
from collections import Counter
from ctypes import byref, c_double
from typing import Any

import msgspec
import pypdfium2.raw as pdfium

from govreport_core.errors import SourceError
from govreport_core.sources.pdf.drawn import drawn_on

UNMAPPED = "\ufffd"
FIGURES = frozenset("0123456789.,，．") | frozenset(map(chr, range(0xFF10, 0xFF1A)))
"""What figures are printed with."""
# Characters of one figure are nearer than this part of their height.
_NEAR = 0.3

Box = tuple[float, float, float, float]
Glyph = tuple[float, float, float, float, str]
"""A character: left, top, right, bottom, and what it is, behind a space where one is printed
between it and another that isn't Chinese."""

_SPACES = frozenset(
    b"\t\n\x0b\x0c\r " + bytes((0x85, 0xA0, 0xAD))  # next line, no-break space, soft hyphen
) | frozenset(
    (0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF)
)
# What pdfium makes of a hyphen at the end of a line.
_HYPHENS = frozenset((0x02, 0xFFFE))
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_RARE = frozenset((*range(0x20), *_HYPHENS, *_HIGH, *_LOW))
_CHINESE = 0x2E80
_QUARTER = math.pi / 2
_SLANT = 0.1
_SLANTED = -1
# Taller characters are looked at twice: a box may be out of scale.
_TALL = 24.0
_TOO_TALL = 1.6
# Flatter ones too: a box may be no larger than the ink in it, so that a stroke (一, a
# hyphen) would lie above its line. Shares of a character's height: what is looked at,
# and how far its box reaches below the line it stands on.
_SHORT = 5.0
_FLAT = 0.6
_BELOW = 0.12
_LARGEST = 100.0


class Rule(msgspec.Struct, frozen=True, gc=False):
    """A ruling line: where it lies across its direction, and from where to where along it."""

    at: float
    start: float
    end: float


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


def read_sheet(page: Any, budget: int) -> Sheet:
    """Take a page's characters and lines.

    Args:
        page: pdfium's page.
        budget: How many characters it may have.

    Raises:
        SourceError: `too_large`, for more characters or lines than a report has.
    """
    seen, unmapped = _characters(page, budget)
    turn = _turn(seen)
    left, top, right, bottom = _turned(_visible(page), turn)
    glyphs: list[Glyph] = []
    aside: list[Glyph] = []
    slanted: list[Glyph] = []
    for x0, y0, x1, y1, char, angle in seen:
        if turn:
            x0, y0, x1, y1 = _turned((x0, y0, x1, y1), turn)  # noqa: PLW2901 - the same box, turned
        if left <= (x0 + x1) / 2 <= right and top <= (y0 + y1) / 2 <= bottom:
            glyph = (x0 - left, y0 - top, x1 - left, y1 - top, char)
            (glyphs if angle == turn else slanted if angle == _SLANTED else aside).append(glyph)
        elif char in FIGURES and glyphs and _goes_on(glyphs[-1], x0 - left, y0 - top):
            glyphs.append((*glyphs[-1][:4], UNMAPPED))
    drawn = drawn_on(page)
    across: list[Rule] = []
    down: list[Rule] = []
    for place in drawn.thin:
        x0, y0, x1, y1 = _placed(place, turn, left, top)
        if x1 - x0 > y1 - y0:
            across.append(Rule((y0 + y1) / 2, x0, x1))
        else:
            down.append(Rule((x0 + x1) / 2, y0, y1))
    width, height = right - left, bottom - top
    pictures = [_placed(place, turn, left, top) for place in drawn.images]
    area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in pictures)
    covered = area / (width * height) if width > 0 and height > 0 else 0.0
    return Sheet(
        width,
        height,
        glyphs,
        aside,
        slanted,
        across,
        down,
        unmapped,
        min(covered, 1.0),
        pictures,
        drawn.shapes,
        drawn.fontless,
        drawn.hidden,
    )


def _goes_on(last: Glyph, x: float, y: float) -> bool:
    """Whether a figure that the page's edge cuts goes on there: what is left of it is another."""
    near = _NEAR * (last[3] - last[1])
    return last[4] in FIGURES and abs(x - last[2]) < near and abs(y - last[1]) < near


def _placed(place: Box, turn: int, left: float, top: float) -> Box:
    """A box that counts upwards as it lies on the page turned upright."""
    x0, y0, x1, y1 = _turned((place[0], -place[3], place[2], -place[1]), turn)
    return x0 - left, y0 - top, x1 - left, y1 - top


Seen = tuple[float, float, float, float, str, int]


def _visible(page: Any) -> Box:
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, byref(box))
    return box.left, -box.top, box.right, -box.bottom


def _characters(page: Any, budget: int) -> tuple[list[Seen], int]:
    """All characters that print something, their angle in quarter turns, and the unmapped ones."""
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return [], 0
    try:
        count = pdfium.FPDFText_CountChars(text)
        if count > budget:
            raise SourceError(
                "too_large", f"{count:,} characters on a page, too many for a report: split it"
            )
        return _walk(text, count)
    finally:
        pdfium.FPDFText_ClosePage(text)


def _walk(text: Any, count: int) -> tuple[list[Seen], int]:
    # One call a character and question: the names are looked up once.
    code_of, lacks_map = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_HasUnicodeMapError
    box_of, angle_of = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharAngle
    box = pdfium.FS_RECTF()
    at = byref(box)
    seen: list[Seen] = []
    unmapped = quarters = 0
    foot = math.nan
    spaced = False
    for index in range(count):
        code = code_of(text, index)
        if code in _SPACES:
            # Those that pdfium adds have no width.
            spaced |= bool(box_of(text, index, at)) and box.right > box.left
            continue
        if lacks_map(text, index):
            unmapped += 1
            char = UNMAPPED
        elif code in _RARE:
            char = _rare(text, index, code)
        else:
            char = chr(code)
        if not char or not box_of(text, index, at):
            continue
        if box.top - box.bottom > _TALL or box.right - box.left > _TALL:
            _scaled(text, index, box)
        high = box.top - box.bottom
        if high < _SHORT or 2 * high < box.right - box.left:
            _heightened(text, index, box)
        bottom = -box.bottom
        # Characters on one foot stand at one angle.
        if bottom != foot:
            angle = angle_of(text, index)
            quarters = 0 if -_SLANT < angle < _SLANT else _quarters(angle)
            foot = bottom
        if spaced:
            spaced = False
            char = _behind_space(seen, char)
        seen.append((box.left, -box.top, box.right, bottom, char, quarters))
    return seen, unmapped


def _behind_space(seen: list[Seen], char: str) -> str:
    if seen and ord(seen[-1][4][-1]) < _CHINESE and ord(char) < _CHINESE:
        return f" {char}"
    return char


def _rare(text: Any, index: int, code: int) -> str:
    """A character that isn't what its code says; empty for none."""
    if code in _HYPHENS:
        return "-"
    if code in _HIGH:
        # Where characters are 16 bits wide, rare ones come in two halves.
        low = pdfium.FPDFText_GetUnicode(text, index + 1)
        rare = 0x10000 + ((code - _HIGH[0]) << 10) + low - _LOW[0]
        return chr(rare) if low in _LOW else UNMAPPED
    return ""


def _heightened(text: Any, index: int, box: Any) -> None:
    """Correct a box that is only as high as the ink: it does so for fonts of drawings."""
    x, y = c_double(), c_double()
    size = _size(text, index, upright=True)
    if not box.top - box.bottom < _FLAT * size < _LARGEST:
        return
    if not pdfium.FPDFText_GetCharOrigin(text, index, byref(x), byref(y)):
        return
    bottom = y.value - _BELOW * size
    if bottom <= box.bottom and box.top <= bottom + size:
        box.bottom, box.top = bottom, bottom + size


def _size(text: Any, index: int, *, upright: bool = False) -> float:
    """A character's height in points; 0 where it can't be told, or it doesn't stand as asked."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text, index, byref(matrix)):
        return 0.0
    if upright and (matrix.a <= 0 or abs(matrix.b) > _SLANT * matrix.a):
        return 0.0
    return float(pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.a, matrix.b))


def _scaled(text: Any, index: int, box: Any) -> None:
    """Correct a box that pdfium forgot to scale: it does so for fonts set downwards."""
    size = _size(text, index)
    if not 0 < size < (box.top - box.bottom) / _TOO_TALL:
        return
    left, right, bottom, top = (c_double() for _ in range(4))
    if pdfium.FPDFText_GetCharBox(
        text, index, byref(left), byref(right), byref(bottom), byref(top)
    ):
        x, y = (left.value + right.value) / 2, (bottom.value + top.value) / 2
        box.left, box.right = x - size / 2, x + size / 2
        box.bottom, box.top = y - size / 2, y + size / 2


def _quarters(angle: float) -> int:
    turns = angle / _QUARTER
    whole = round(turns)
    return whole % 4 if abs(turns - whole) * _QUARTER < _SLANT else _SLANTED


def _turn(seen: list[Seen]) -> int:
    """The angle most characters stand at: a page may be turned by its flag, its text, or both."""
    counts = Counter(s[5] for s in seen if s[5] != _SLANTED)
    return counts.most_common(1)[0][0] if counts else 0


def _turned(box: Box, turn: int) -> Box:
    """A box as it lies after the page is turned."""
    x0, y0, x1, y1 = box
    if turn == 0:
        return box
    if turn == 1:
        return y0, -x1, y1, -x0
    if turn == 2:
        return -x1, -y1, -x0, -y0
    return -y1, x0, -y0, x1
