"""Characters with their places in, the lines they stand in as text out."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import numpy as np

from govreport_core.sources.pdf.glyphs import (
    CHINESE_FROM,
    Flags,
    Glyphs,
    Numbers,
    Values,
    spelled,
)

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


def joined(line: TextLine, after: TextLine) -> TextLine:
    """Two lines as one that was broken by its width."""
    text = line.text + after.text
    left, right = min(line.left, after.left), max(line.right, after.right)
    whole = (Segment(0, len(text), left, right),)
    height = max(line.height, after.height)
    return TextLine(text, left, line.top, right, after.bottom, height, whole)


def text_lines(glyphs: Glyphs) -> list[TextLine]:
    """The lines of characters that belong together, from top to bottom."""
    return Lines(glyphs, np.zeros(len(glyphs), np.intp), 1).lines(0)


class Lines:
    """The lines of several groups of characters, as cells and columns are; all are found at once.

    Args:
        glyphs: The characters of all groups.
        groups: The number of each one's group.
        count: How many groups there are.
    """

    def __init__(self, glyphs: Glyphs, groups: Numbers, count: int) -> None:
        order, starts = _rows(glyphs, groups)
        # Each group's first line, and one after the last.
        self._firsts = np.searchsorted(groups[order][starts], np.arange(count + 1)).tolist()
        self._all = glyphs[order]
        self._starts = np.append(starts, len(order))
        shown = _once(self._all, starts)
        self._shown = self._all if shown.all() else self._all[shown]
        self._begins = np.append(0, np.cumsum(shown))[self._starts]
        self._ends = _reach(self._shown.right, self._begins)
        spaces, columns = _gaps(self._shown, self._begins[:-1], self._ends)
        self._columns = np.flatnonzero(columns)
        self._broken = {*(np.searchsorted(self._begins, self._columns, side="right") - 1).tolist()}
        # Where each character stands in the text of all lines.
        self._places = np.arange(len(spaces)) + np.cumsum(spaces)
        text = spelled(self._shown.codes, spaces)
        self._bounds = [*self._places[self._begins[:-1]].tolist(), len(text)]
        self._texts = [text[start:end] for start, end in pairwise(self._bounds)]

    def texts(self, group: int) -> list[str]:
        """What a group's lines print, from top to bottom."""
        return self._texts[self._firsts[group] : self._firsts[group + 1]]

    def lines(self, group: int) -> list[TextLine]:
        """A group's lines, from top to bottom."""
        numbers = range(self._firsts[group], self._firsts[group + 1])
        if not numbers:
            return []
        starts = self._starts[numbers.start : numbers.stop]
        glyphs = self._all[: self._starts[numbers.stop]]
        reach = self._ends[self._begins[numbers.start + 1 : numbers.stop + 1] - 1].tolist()
        lefts = glyphs.left[starts].tolist()
        tops = np.minimum.reduceat(glyphs.top, starts).tolist()
        rights = np.maximum.reduceat(glyphs.right, starts).tolist()
        bottoms = np.maximum.reduceat(glyphs.bottom, starts).tolist()
        heights = np.maximum.reduceat(glyphs.bottom - glyphs.top, starts).tolist()
        return [
            TextLine(
                self._texts[number],
                left,
                top,
                right,
                bottom,
                height,
                self._segments(number, left, end),
            )
            for number, end, left, top, right, bottom, height in zip(
                numbers, reach, lefts, tops, rights, bottoms, heights, strict=True
            )
        ]

    def _segments(self, line: int, left: float, end: float) -> tuple[Segment, ...]:
        """A line's stretches between wide gaps."""
        if line not in self._broken:
            return (Segment(0, len(self._texts[line]), left, end),)
        first, after = self._begins[line : line + 2].tolist()
        here = slice(*np.searchsorted(self._columns, (first, after)).tolist())
        cuts = [first, *self._columns[here].tolist(), after]
        start = self._bounds[line]
        places = [*(self._places[cuts[:-1]] - start).tolist(), self._bounds[line + 1] - start + 1]
        lefts = self._shown.left[cuts[:-1]].tolist()
        ends = self._ends[np.subtract(cuts[1:], 1)].tolist()
        stretches = zip(pairwise(places), lefts, ends, strict=True)
        return tuple(Segment(start, after - 1, *sides) for (start, after), *sides in stretches)


def _rows(glyphs: Glyphs, groups: Numbers) -> tuple[Numbers, Numbers]:
    """The characters' numbers line by line, each from left to right, and where each line begins."""
    order = np.lexsort((glyphs.bottom, groups))
    starts = _cut(glyphs.bottom[order], glyphs.top[order], groups[order])
    heads = np.zeros(len(order), np.bool_)
    heads[starts] = True
    left = glyphs.left[order]
    if (heads[1:] | (left[1:] > left[:-1])).all():
        return order, starts
    g = glyphs[order]
    keys = (g.codes, ~g.spaced, g.bottom, g.right, g.top, g.left, np.cumsum(heads))
    return order[np.lexsort(keys)], starts


def _cut(feet: Values, tops: Values, groups: Numbers) -> Numbers:
    """Where lines begin among characters ordered by group and foot: where one stands lower.

    Feet stand steadier than heads and middles where sizes and fonts are mixed.
    """
    heights = feet - tops
    # One that stands on the foot of the one before it doesn't, unless it is upside down.
    lower = np.ones(len(feet), np.bool_)
    lower[1:] = (groups[1:] != groups[:-1]) | (feet[1:] != feet[:-1]) | (heights < 0).any()
    numbers = np.flatnonzero(lower)
    some = (column[numbers].tolist() for column in (groups, feet, heights))
    starts: list[int] = []
    last, limit, before = -1, float("-inf"), float("-inf")
    for number, group, foot, height in zip(numbers.tolist(), *some, strict=True):
        if group != last or foot > limit or foot - before > _SAME_FOOT * height:
            starts.append(number)
            limit = foot + _SAME_LINE * height
        last, before = group, foot
    return np.array(starts, np.intp)


def _once(glyphs: Glyphs, starts: Numbers) -> Flags:
    """Which characters aren't the one before them printed again."""
    codes, left, width = glyphs.codes, glyphs.left, glyphs.right - glyphs.left
    again = np.zeros(len(codes), np.bool_)
    again[1:] = (codes[1:] == codes[:-1]) & (left[1:] - left[:-1] < _TWICE * width[1:])
    again[starts] = False
    shown = np.ones(len(codes), np.bool_)
    bounds = np.append(starts, len(codes))
    for line in np.unique(np.searchsorted(starts, np.flatnonzero(again), side="right")).tolist():
        first, after = bounds[line - 1 : line + 1].tolist()
        some = (column[first:after].tolist() for column in (codes, left, width))
        before, last = -1, 0.0
        for number, (code, x, wide) in enumerate(zip(*some, strict=True), start=first):
            if code == before and x - last < _TWICE * wide:
                shown[number] = False
            else:
                before, last = code, x
    return shown


def _reach(right: Values, begins: Numbers) -> Values:
    """How far each line reaches with each of its characters."""
    falling = right[1:] < right[:-1]
    falling[begins[1:-1] - 1] = False
    ends = right.copy()
    numbers = np.flatnonzero(falling) + 1
    for line in np.unique(np.searchsorted(begins, numbers, side="right")).tolist():
        here = slice(*begins[line - 1 : line + 1].tolist())
        np.maximum.accumulate(right[here], out=ends[here])
    return ends


def _gaps(glyphs: Glyphs, begins: Numbers, ends: Values) -> tuple[Flags, Flags]:
    """Before which characters a space is, and before which of these another column begins."""
    size = glyphs.bottom - glyphs.top
    loose = glyphs.codes >= CHINESE_FROM
    loose[1:] |= loose[:-1].copy()
    gaps = np.zeros(len(size))
    gaps[1:] = glyphs.left[1:] - ends[:-1]
    spaces = glyphs.spaced | (gaps > np.where(loose, _WIDE_SPACE, _SPACE) * size)
    spaces[begins] = False
    return spaces, spaces & (gaps > np.where(loose, _COLUMN, _FIGURE_COLUMN) * size)
