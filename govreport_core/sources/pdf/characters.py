"""A page as pdfium opens it in, its characters as it has them out: what they are and where.

Boxes that pdfium gives wrongly are mended; characters that print nothing are left out.
"""

from __future__ import annotations

import math
from collections import deque
from ctypes import byref, c_double, c_float, c_int, c_uint, sizeof
from itertools import repeat
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from govreport_core.errors import SourceError
from govreport_core.sources.pdf.calls import direct

UNMAPPED = "\ufffd"
# At an angle that is none of the four upright ones.
SLANTED = -1

Places = npt.NDArray[np.float64]

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
_DOWNWARDS = np.array([1.0, -1.0, 1.0, -1.0])
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


class Seen(msgspec.Struct, frozen=True):
    """Characters that print something, as the page has them.

    Attributes:
        places: Their boxes, a row each: left, top, right, bottom, downwards.
        chars: What each is, behind a space where one is printed between it and another
            that isn't Chinese.
        angles: In quarter turns; `SLANTED` for others.
        unmapped: How many have no meaning in the file.
    """

    places: Places
    chars: list[str]
    angles: list[int]
    unmapped: int


def columns(table: Places) -> tuple[Places, Places, Places, Places]:
    """The four sides of boxes."""
    return table[:, 0], table[:, 1], table[:, 2], table[:, 3]


def characters(page: Any, budget: int) -> Seen:
    """All characters of a page that print something.

    Args:
        page: pdfium's page.
        budget: How many characters it may have.

    Raises:
        SourceError: `too_large`.
    """
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return Seen(np.empty((0, 4)), [], [], 0)
    try:
        count = pdfium.FPDFText_CountChars(text)
        if count > budget:
            raise SourceError(
                "too_large", f"{count:,} characters on a page, too many for a report: split it"
            )
        return _walk(text, count)
    finally:
        pdfium.FPDFText_ClosePage(text)


_UNICODE = direct(pdfium.FPDFText_GetUnicode, c_uint)
_LACKS_MAP = direct(pdfium.FPDFText_HasUnicodeMapError, c_int)
_BOX = direct(pdfium.FPDFText_GetLooseCharBox, c_int)
_ANGLE = direct(pdfium.FPDFText_GetCharAngle, c_float)
_BOX_SIZE = sizeof(pdfium.FS_RECTF)


def _walk(text: Any, count: int) -> Seen:
    codes = map(_UNICODE, repeat(text), range(count))
    lacking = map(_LACKS_MAP, repeat(text), range(count))
    boxes = _boxes(text, count)
    left, top, right, bottom = columns(boxes)
    width, high = right - left, top - bottom
    doubtful = (high > _TALL) | (width > _TALL) | (high < _SHORT) | (2 * high < width)
    # Spaces that pdfium adds have none.
    has_width = (right > left).tolist()
    kept: list[int] = []
    chars: list[str] = []
    angles: list[int] = []
    unmapped = quarters = 0
    last = math.nan
    spaced = False
    asked = zip(codes, lacking, doubtful.tolist(), bottom.tolist(), strict=True)
    for index, (code, lacks, doubt, foot) in enumerate(asked):
        if code in _SPACES:
            spaced |= has_width[index]
            continue
        if lacks:
            unmapped += 1
            char = UNMAPPED
        elif code in _RARE:
            char = _rare(text, index, code)
            if not char:
                continue
        else:
            char = chr(code)
        if doubt:
            foot = _mended(text, index, boxes[index])  # noqa: PLW2901 - the same foot, mended
        # Characters on one foot stand at one angle.
        if foot != last:
            angle = _ANGLE(text, index)
            quarters = 0 if -_SLANT < angle < _SLANT else _quarters(angle)
            last = foot
        if spaced:
            spaced = False
            char = _behind_space(chars, char)
        kept.append(index)
        chars.append(char)
        angles.append(quarters)
    return Seen(boxes[kept] * _DOWNWARDS, chars, angles, unmapped)


def _boxes(text: Any, count: int) -> Places:
    """All characters' boxes: left, top, right, bottom, upwards."""
    boxes = (c_float * (4 * count))()
    places = [byref(boxes, at) for at in range(0, count * _BOX_SIZE, _BOX_SIZE)]
    deque(map(_BOX, repeat(text), range(count), places), 0)
    return np.frombuffer(memoryview(boxes).cast("B"), np.float32).reshape(-1, 4).astype(np.float64)


def _mended(text: Any, index: int, row: Places) -> float:
    """Correct a box that may be out of scale, or no higher than the ink; its foot."""
    box = pdfium.FS_RECTF(*row)
    if box.top - box.bottom > _TALL or box.right - box.left > _TALL:
        _scaled(text, index, box)
    high = box.top - box.bottom
    if high < _SHORT or 2 * high < box.right - box.left:
        _heightened(text, index, box)
    row[:] = box.left, box.top, box.right, box.bottom
    return float(box.bottom)


def _behind_space(chars: list[str], char: str) -> str:
    if chars and ord(chars[-1][-1]) < _CHINESE and ord(char) < _CHINESE:
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
    if not math.isfinite(turns):  # of a damaged file: it stands nowhere
        return SLANTED
    whole = round(turns)
    return whole % 4 if abs(turns - whole) * _QUARTER < _SLANT else SLANTED
