"""Characters with their places in, a column for each thing known of them out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import msgspec
import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]
Sides = tuple[Values, Values, Values, Values]
"""Of boxes: left, top, right, bottom."""

UNMAPPED = "\ufffd"
CHINESE_FROM = 0x2E80
_FIGURES = frozenset(map(ord, "0123456789.,，．")) | frozenset(range(0xFF10, 0xFF1A))
_SPACE = ord(" ")
_PLANE = 0xFFFF  # no character: it is none of those looked for


Glyph = tuple[float, float, float, float, str]
"""A character: left, top, right, bottom, and what it is."""


class Glyphs(msgspec.Struct, frozen=True):
    """Characters that print something.

    Attributes:
        left, top, right, bottom: Where they lie, downwards.
        codes: What they are.
        spaced: Which have a space printed between them and another before them, both not Chinese.
    """

    left: Values
    top: Values
    right: Values
    bottom: Values
    codes: Codes
    spaced: Flags

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, which: Numbers | Flags | slice) -> Glyphs:
        """Some of them, by their numbers or by flags."""
        return Glyphs(
            self.left[which],
            self.top[which],
            self.right[which],
            self.bottom[which],
            self.codes[which],
            self.spaced[which],
        )

    def middles(self) -> tuple[Values, Values]:
        """Where their middles lie, across and down."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def figures(self) -> Flags:
        """Which are what figures are printed with, and go on with what is before them."""
        return among(self.codes, _FIGURES) & ~self.spaced

    def text(self) -> str:
        """What they print, one after the other."""
        return spelled(self.codes, self.spaced)


def glyphs_of(printed: Iterable[Glyph]) -> Glyphs:
    """Characters from left, top, right, bottom and what each is."""
    rows = list(printed)
    sides = np.array([row[:4] for row in rows], np.float64).reshape(-1, 4)
    codes = np.array([ord(row[4]) for row in rows], np.uint32)
    left, top, right, bottom = sides.T
    return Glyphs(left, top, right, bottom, codes, np.zeros(len(rows), np.bool_))


def spelled(codes: Codes, spaced: Flags) -> str:
    """The characters with a space before those that have one."""
    if spaced.any():
        codes = np.insert(codes, np.flatnonzero(spaced), _SPACE)
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def among(codes: Codes, some: frozenset[int]) -> Flags:
    """Which characters are some of the first plane's."""
    return _table(some)[np.minimum(codes, _PLANE)]


@cache
def _table(some: frozenset[int]) -> Flags:
    table = np.zeros(_PLANE + 1, np.bool_)
    table[list(some)] = True
    return table
