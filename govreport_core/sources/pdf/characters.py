"""A page as pdfium opens it in, its characters as it has them out: what they are and where.

Boxes that pdfium gives wrongly are mended; characters that print nothing are left out.
"""

from __future__ import annotations

import math
from ctypes import byref, c_double, c_float, c_int, c_uint
from itertools import repeat
from typing import Any

import msgspec
import numpy as np
import pypdfium2.raw as pdfium

from govreport_core.errors import SourceError
from govreport_core.sources.pdf.calls import Places, direct, written
from govreport_core.sources.pdf.glyphs import (
    CHINESE_FROM,
    UNMAPPED,
    Glyphs,
    Numbers,
    Values,
    among,
    glyphs_of,
)

# At an angle that is none of the four upright ones.
SLANTED = -1

_SPACES = frozenset(
    b"\t\n\x0b\x0c\r " + bytes((0x85, 0xA0, 0xAD))  # next line, no-break space, soft hyphen
) | frozenset(
    (0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF)
)
# What pdfium makes of a hyphen at the end of a line.
_HYPHENS = frozenset((0x02, 0xFFFE))
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_RARE = frozenset((*range(0x20), *_HYPHENS, *_HIGH, *_LOW))
_UNMAPPED = ord(UNMAPPED)
_QUARTER = math.pi / 2
_SLANT = 0.1
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
        glyphs: What and where they are.
        angles: In quarter turns; `SLANTED` for others.
        unmapped: How many have no meaning in the file.
    """

    glyphs: Glyphs
    angles: Numbers
    unmapped: int


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
        return Seen(glyphs_of(()), np.empty(0, np.intp), 0)
    try:
        count = pdfium.FPDFText_CountChars(text)
        if count > budget:
            raise SourceError(
                "too_large", f"{count:,} characters on a page, too many for a report: split it"
            )
        return _walk(byref(text.contents), count)
    finally:
        pdfium.FPDFText_ClosePage(text)


_UNICODE = direct(pdfium.FPDFText_GetUnicode, c_uint)
_LACKS_MAP = direct(pdfium.FPDFText_HasUnicodeMapError, c_int)
_BOX = direct(pdfium.FPDFText_GetLooseCharBox, c_int)
_ANGLE = direct(pdfium.FPDFText_GetCharAngle, c_float)
_MATRIX = direct(pdfium.FPDFText_GetMatrix, c_int)
_FONT_SIZE = direct(pdfium.FPDFText_GetFontSize, c_double)


def _walk(text: Any, count: int) -> Seen:
    codes = np.fromiter(map(_UNICODE, repeat(text), range(count)), np.uint32, count)
    lacking = np.fromiter(map(_LACKS_MAP, repeat(text), range(count)), np.bool_, count)
    # All boxes: left, top, right, bottom, upwards.
    boxes, _ = written(_BOX, count, repeat(text), range(count), pointers=1)
    left, top, right, bottom = boxes.T
    width, high = right - left, top - bottom
    doubtful = (high > _TALL) | (width > _TALL) | (high < _SHORT) | (2 * high < width)
    spaces = among(codes, _SPACES)
    # Spaces that pdfium adds have none.
    wide = np.cumsum(spaces & (right > left))
    printed = ~spaces
    rare = among(codes, _RARE)
    for index in np.flatnonzero(printed & (lacking | rare | doubtful)).tolist():
        if lacking[index]:
            codes[index] = _UNMAPPED
        elif rare[index]:
            codes[index] = _rare(text, index, int(codes[index]))
            if not codes[index]:
                printed[index] = False
                continue
        if doubtful[index]:
            _mend(text, index, boxes[index])
    kept = np.flatnonzero(printed)
    codes, wide = codes[kept], wide[kept]
    latin = codes < CHINESE_FROM
    spaced = np.zeros(len(kept), np.bool_)
    spaced[1:] = (wide[1:] != wide[:-1]) & latin[1:] & latin[:-1]
    left, top, right, bottom = boxes[kept].T
    unmapped = int(np.count_nonzero(printed & lacking))
    glyphs = Glyphs(left, -top, right, -bottom, codes, spaced)
    return Seen(glyphs, _angles(text, kept, bottom), unmapped)


def _angles(text: Any, kept: Numbers, feet: Values) -> Numbers:
    """At which angle characters stand: those on one foot stand at one."""
    first = np.flatnonzero(np.append(True, feet[1:] != feet[:-1])[: len(feet)])
    told = np.fromiter(map(_ANGLE, repeat(text), kept[first].tolist()), np.float64, len(first))
    return np.repeat(_quarters(told), np.diff(first, append=len(kept)))


def _mend(text: Any, index: int, row: Places) -> None:
    """Correct a box that may be out of scale, or no higher than the ink."""
    box = pdfium.FS_RECTF(*row)
    if box.top - box.bottom > _TALL or box.right - box.left > _TALL:
        _scaled(text, index, box)
    high = box.top - box.bottom
    if high < _SHORT or 2 * high < box.right - box.left:
        _heightened(text, index, box)
    row[:] = box.left, box.top, box.right, box.bottom


def _rare(text: Any, index: int, code: int) -> int:
    """What a character is that isn't what its code says; 0 for none."""
    if code in _HYPHENS:
        return ord("-")
    if code in _HIGH:
        # Where characters are 16 bits wide, rare ones come in two halves.
        low = pdfium.FPDFText_GetUnicode(text, index + 1)
        rare = 0x10000 + ((code - _HIGH[0]) << 10) + low - _LOW[0]
        return rare if low in _LOW else _UNMAPPED
    return 0


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
    if not _MATRIX(text, index, byref(matrix)):
        return 0.0
    if upright and (matrix.a <= 0 or abs(matrix.b) > _SLANT * matrix.a):
        return 0.0
    return float(_FONT_SIZE(text, index) * math.hypot(matrix.a, matrix.b))


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


def _quarters(angles: Values) -> Numbers:
    turns = angles / _QUARTER
    whole = np.rint(turns)
    # No number, as a damaged file may have, is near none.
    near = np.abs(turns - whole) * _QUARTER < _SLANT
    found = np.where(near, whole % 4, SLANTED).astype(np.intp)
    found[np.abs(angles) < _SLANT] = 0
    return found
