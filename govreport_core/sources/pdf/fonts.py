"""Chinese fonts that a PDF names but doesn't bring in, one of plain boxes in their stead out.

pdfium looks such a font up on the machine, reads its twenty megabytes and follows each
character's outline twice, to learn how far its ink reaches; where the machine has none,
it leaves characters out. What a page prints and where stands in the file. So while a
file is read, one small font stands in for all of them, and reads alike on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import addressof, byref, create_string_buffer, memmove, py_object, pythonapi
from functools import cache
from itertools import accumulate
from struct import pack
from typing import Any

import pypdfium2.raw as pdfium

_CHARSETS = frozenset((pdfium.FXFONT_GB2312_CHARSET, pdfium.FXFONT_CHINESEBIG5_CHARSET))
# In thousandths of a character's height.
_EM, _ASCENT, _DESCENT = 1000, 880, -120
# From which character to which, and how far ink reaches: left, bottom, right, top. Digits
# and Chinese characters as in a common font; others no wider than the narrowest of them.
_NARROW = (50, 0, 150, 700)
_INK = (
    (0x20, 0x2F, _NARROW),
    (0x30, 0x39, (40, 0, 505, 735)),
    (0x3A, 0x2E7F, _NARROW),
    (0x2E80, 0x3FFFF, (30, -80, 960, 832)),
)
_NAME = create_string_buffer(b"boxes")
_HANDLE = addressof(_NAME)


@contextmanager
def stand_in() -> Iterator[None]:
    """Let the font of boxes stand in for Chinese fonts of the machine.

    Only here: a page that is drawn for someone to look at needs the real ones.
    """
    fonts = _installed()
    fonts.standing = True
    try:
        yield
    finally:
        fonts.standing = False


@cache
def _installed() -> _Fonts:
    fonts = _Fonts(pdfium.FPDF_GetDefaultSystemFontInfo())
    if fonts.machine:
        # pdfium asks it to the end of the process, whether or not this module still knows it.
        pythonapi.Py_IncRef(py_object(fonts))
        pdfium.FPDF_SetSystemFontInfo(byref(fonts.info))
    return fonts


class _Fonts:
    """pdfium's questions about fonts, answered as it does itself but for Chinese ones.

    Args:
        machine: Its own answers; null where it has none on this system.
    """

    def __init__(self, machine: Any) -> None:
        self.standing = False
        self.machine = machine
        self.font = _font()
        self.info = pdfium.FPDF_SYSFONTINFO()
        if machine:
            self.info.version = machine.contents.version
            self._answer()

    def _answer(self) -> None:
        own, given = self.machine, self.machine.contents
        # What ctypes makes of them ends with its last reference.
        self.kept = {
            "EnumFonts": lambda _, mapper: given.EnumFonts(own, mapper),
            "MapFont": self._map,
            "GetFont": lambda _, face: given.GetFont(own, face),
            "GetFontData": self._data,
            "GetFaceName": self._name,
            "GetFontCharset": self._charset,
            "DeleteFont": self._delete,
        }
        kinds = dict(pdfium.FPDF_SYSFONTINFO._fields_)
        for name, answer in self.kept.items():
            setattr(self.info, name, kinds[name](answer))

    def _map(self, _: Any, weight: int, italic: int, charset: int, *others: Any) -> int | None:
        if self.standing and charset in _CHARSETS:
            return _HANDLE
        found: int | None = self.machine.contents.MapFont(
            self.machine, weight, italic, charset, *others
        )
        return found

    def _data(self, _: Any, font: int, table: int, buffer: Any, size: int) -> int:
        if font != _HANDLE:
            return int(self.machine.contents.GetFontData(self.machine, font, table, buffer, size))
        # Table 0 is the file as a whole.
        return 0 if table else _copied(self.font, buffer, size)

    def _name(self, _: Any, font: int, buffer: Any, size: int) -> int:
        if font != _HANDLE:
            return int(self.machine.contents.GetFaceName(self.machine, font, buffer, size))
        return _copied(_NAME.raw, buffer, size)

    def _charset(self, _: Any, font: int) -> int:
        if font != _HANDLE:
            return int(self.machine.contents.GetFontCharset(self.machine, font))
        return int(pdfium.FXFONT_GB2312_CHARSET)

    def _delete(self, _: Any, font: int) -> None:
        if font != _HANDLE:
            self.machine.contents.DeleteFont(self.machine, font)


def _copied(data: bytes, buffer: Any, size: int) -> int:
    """How long the data is, copied where there is room for it."""
    if buffer and size >= len(data):
        memmove(buffer, data, len(data))
    return len(data)


def _font() -> bytes:
    """A TrueType font whose characters are boxes."""
    boxes = [_box(*ink) for _, _, ink in _INK]
    count = len(boxes) + 1
    sides = b"".join(pack(">h", ink[0]) for _, _, ink in _INK)
    tables = {
        b"cmap": _cmap(),
        b"glyf": b"".join(boxes),
        b"head": pack(
            ">4I2H2Q4h2H3h",
            0x10000,
            0x10000,
            0,
            0x5F0F3CF5,
            0,
            _EM,
            0,
            0,
            0,
            _DESCENT,
            _EM,
            _ASCENT,
            0,
            8,
            2,
            1,
            0,
        ),
        b"hhea": pack(">I3hH11hH", 0x10000, _ASCENT, _DESCENT, 0, _EM, 0, 0, _EM, 1, *[0] * 7, 1),
        b"hmtx": pack(">Hh", _EM, 0) + sides,
        b"loca": b"".join(pack(">I", at) for at in (0, *accumulate((0, *map(len, boxes))))),
        b"maxp": pack(">I14H", 0x10000, count, 4, 1, 0, 0, 1, *[0] * 8),
        b"post": pack(">Ii2h5I", 0x30000, *[0] * 8),
    }
    return _file(tables)


def _box(left: int, bottom: int, right: int, top: int) -> bytes:
    """A glyph: one contour of four points on it, each given by its distance from the last."""
    head = pack(">5hHH", 1, left, bottom, right, top, 3, 0)
    across = (left, right - left, 0, left - right)
    up = (bottom, 0, top - bottom, 0)
    shape = head + b"\1" * 4 + pack(">4h", *across) + pack(">4h", *up)
    return shape + bytes(-len(shape) % 4)


def _cmap() -> bytes:
    """Which glyph a character has, by Unicode: one for all of a range (format 13)."""
    groups = b"".join(pack(">3I", first, last, i) for i, (first, last, _) in enumerate(_INK, 1))
    table = pack(">2H3I", 13, 0, 16 + len(groups), 0, len(_INK)) + groups
    return pack(">4HI", 0, 1, 3, 10, 12) + table


def _file(tables: dict[bytes, bytes]) -> bytes:
    head = pack(">I4H", 0x10000, len(tables), 128, 3, 0)
    start = len(head) + 16 * len(tables)
    body = b""
    for name, table in sorted(tables.items()):
        head += name + pack(">3I", 0, start + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return head + body
