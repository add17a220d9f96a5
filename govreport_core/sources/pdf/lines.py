"""Characters with their places in, the lines they stand in as text out."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

import msgspec

from govreport_core.sources.pdf.sheet import Glyph

# In parts of a character's height. A gap between letters or digits wider than
# the first is a space; Chinese is set with looser gaps of its own.
_SPACE = 0.2
_WIDE_SPACE = 0.6
# A gap no text has between two words, or between two figures: another column begins.
_COLUMN = 1.0
_FIGURE_COLUMN = 0.4
# How far a character's foot may lie below the one before it, and below its line's first.
_SAME_FOOT = 0.3
_SAME_LINE = 0.5
# Bold is often made by printing twice, this near.
_TWICE = 0.3
_CHINESE_FROM = "\u2e80"


class Segment(msgspec.Struct, frozen=True, gc=False):
    """A stretch of a line between two wide gaps: characters of its text, and where it lies."""

    start: int
    end: int
    left: float
    right: float


class TextLine(msgspec.Struct, frozen=True):
    """A printed line.

    Attributes:
        text: Its characters, with a space where a gap is.
        segments: Its stretches between gaps as wide as those between columns.
        height: Of its tallest character.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    height: float
    segments: tuple[Segment, ...]


def text_lines(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """The lines of one column or one cell, from top to bottom."""
    return [_line(row) for row in _rows(sorted(glyphs, key=_FOOT))]


def line_texts(glyphs: list[Glyph]) -> list[str]:
    """As `text_lines`, only the texts."""
    if len(glyphs) == 1:
        return [glyphs[0][4].lstrip(" ")]
    return [_text(row)[0] for row in _rows(sorted(glyphs, key=_FOOT))]


def joined(line: TextLine, after: TextLine) -> TextLine:
    """Two lines as one that was broken by its width."""
    text = line.text + after.text
    left, right = min(line.left, after.left), max(line.right, after.right)
    whole = (Segment(0, len(text), left, right),)
    height = max(line.height, after.height)
    return TextLine(text, left, line.top, right, after.bottom, height, whole)


_FOOT = itemgetter(3)


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters ordered by their foot, cut where the next one stands lower; rows left to right.

    Feet stand steadier than heads and middles where sizes and fonts are mixed.
    """
    rows: list[list[Glyph]] = []
    limit = float("-inf")
    before = limit
    for glyph in glyphs:
        foot, height = glyph[3], glyph[3] - glyph[1]
        if foot > limit or foot - before > _SAME_FOOT * height:
            rows.append([])
            limit = foot + _SAME_LINE * height
        before = foot
        rows[-1].append(glyph)
    for row in rows:
        row.sort()
    return rows


def _line(row: list[Glyph]) -> TextLine:
    text, breaks = _text(row)
    tops = [g[1] for g in row]
    bottoms = [g[3] for g in row]
    height = max(b - t for t, b in zip(tops, bottoms, strict=True))
    segments = tuple(Segment(start, end, left, right) for start, end, left, right in breaks)
    return TextLine(
        text, row[0][0], min(tops), max(g[2] for g in row), max(bottoms), height, segments
    )


Break = tuple[int, int, float, float]


def _text(row: list[Glyph]) -> tuple[str, list[Break]]:
    """A row's text, and its stretches between wide gaps."""
    pieces: list[str] = []
    breaks: list[Break] = []
    length = start = 0
    x0, _, end, _, before = row[0]
    left = last = x0
    first = True
    for x0, top, x1, bottom, printed in row:
        char = printed.lstrip(" ")
        if not first:
            gap, size = x0 - end, bottom - top
            if char == before and x0 - last < _TWICE * (x1 - x0):
                continue
            loose = char >= _CHINESE_FROM or before >= _CHINESE_FROM
            if gap > (_WIDE_SPACE if loose else _SPACE) * size or printed != char:
                if gap > (_COLUMN if loose else _FIGURE_COLUMN) * size:
                    breaks.append((start, length, left, end))
                    start, left = length + 1, x0
                pieces.append(" ")
                length += 1
        if x1 > end or first:
            end = x1
        first = False
        pieces.append(char)
        length += len(char)
        before, last = char, x0
    breaks.append((start, length, left, end))
    return "".join(pieces), breaks
