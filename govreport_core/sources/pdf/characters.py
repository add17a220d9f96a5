"""A page as pdfium opens it in, its characters as it has them out: what they are and where.

Boxes that pdfium gives wrongly are mended; characters that print nothing are left out.
"""

from __future__ import annotations

import math
from ctypes import byref, c_double, c_float, c_int, c_uint
from functools import cache
from itertools import repeat
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from govreport_core.errors import SourceError
from govreport_core.sources.pdf.calls import Places, direct, written

UNMAPPED = "\ufffd"
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
_PLANE = 0xFFFF  # no character: it is none of those looked for


def _walk(text: Any, count: int) -> Seen:
    codes = np.fromiter(map(_UNICODE, repeat(text), range(count)), np.uint32, count)
    lacking = np.fromiter(map(_LACKS_MAP, repeat(text), range(count)), np.bool_, count)
    # All boxes: left, top, right, bottom, upwards.
    boxes, _ = written(_BOX, count, repeat(text), range(count), pointers=1)
    left, top, right, bottom = columns(boxes)
    width, high = right - left, top - bottom
    doubtful = (high > _TALL) | (width > _TALL) | (high < _SHORT) | (2 * high < width)
    spaces = _among(codes, _SPACES)
    # Spaces that pdfium adds have none.
    wide = np.cumsum(spaces & (right > left))
    chars = list(codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass"))
    printed = ~spaces
    rare = _among(codes, _RARE)
    for index in np.flatnonzero(printed & (lacking | rare | doubtful)).tolist():
        if lacking[index]:
            chars[index] = UNMAPPED
        elif rare[index]:
            chars[index] = _rare(text, index, int(codes[index]))
            if not chars[index]:
                printed[index] = False
                continue
        if doubtful[index]:
            _mend(text, index, boxes[index])
    kept = np.flatnonzero(printed)
    found = [chars[index] for index in kept.tolist()]
    for at in np.flatnonzero(np.diff(wide[kept], prepend=0)).tolist():
        found[at] = _behind_space(found[max(at - 1, 0) : at], found[at])
    unmapped = int(np.count_nonzero(printed & lacking))
    return Seen(boxes[kept] * _DOWNWARDS, found, _angles(text, kept, bottom[kept]), unmapped)


def _among(codes: npt.NDArray[np.uint32], some: frozenset[int]) -> npt.NDArray[np.bool_]:
    """Which characters are some of the first plane's."""
    return _table(some)[np.minimum(codes, _PLANE)]


@cache
def _table(some: frozenset[int]) -> npt.NDArray[np.bool_]:
    table = np.zeros(_PLANE + 1, np.bool_)
    table[list(some)] = True
    return table


def _angles(text: Any, kept: npt.NDArray[np.intp], feet: npt.NDArray[np.float64]) -> list[int]:
    """At which angle characters stand: those on one foot stand at one."""
    first = np.flatnonzero(np.concatenate(([True], feet[1:] != feet[:-1]))[: len(feet)])
    quarters = [_quarters(_ANGLE(text, index)) for index in kept[first].tolist()]
    return np.repeat(quarters, np.diff(first, append=len(kept))).tolist()


def _mend(text: Any, index: int, row: Places) -> None:
    """Correct a box that may be out of scale, or no higher than the ink."""
    box = pdfium.FS_RECTF(*row)
    if box.top - box.bottom > _TALL or box.right - box.left > _TALL:
        _scaled(text, index, box)
    high = box.top - box.bottom
    if high < _SHORT or 2 * high < box.right - box.left:
        _heightened(text, index, box)
    row[:] = box.left, box.top, box.right, box.bottom


def _behind_space(before: list[str], char: str) -> str:
    if before and ord(before[-1][-1]) < _CHINESE and ord(char) < _CHINESE:
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
    if -_SLANT < angle < _SLANT:
        return 0
    turns = angle / _QUARTER
    if not math.isfinite(turns):  # of a damaged file: it stands nowhere
        return SLANTED
    whole = round(turns)
    return whole % 4 if abs(turns - whole) * _QUARTER < _SLANT else SLANTED
