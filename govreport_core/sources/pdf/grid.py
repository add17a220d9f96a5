"""Ruling lines in, the cells they enclose out: edges -> tables -> a grid -> cells.

Lines that touch make a table; where they lie makes its rows and columns; spaces
of the grid with no line between them are one cell.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from itertools import pairwise

import msgspec
import numpy as np

from govreport_core.errors import SourceError
from govreport_core.sources.pdf.glyphs import Numbers, Values
from govreport_core.sources.pdf.sheet import Rules

# Lines of a report's tables lie at least a line of text apart; double lines and
# lines that don't quite meet lie nearer.
_SAME = 4.0
# Lines that reach this far past the last crossing one enclose a cell open to that side.
_OPEN = 12.0
# The share of a cell's side that must be drawn for it to be closed there.
_DRAWN = 0.6
MAX_UNITS = 40_000


class Box(msgspec.Struct, frozen=True):
    """A cell: where it begins in the grid and how far it goes."""

    row: int
    col: int
    rowspan: int
    colspan: int


class Grid(msgspec.Struct, frozen=True):
    """A table's cells.

    Attributes:
        xs, ys: Where its columns and rows begin, and where the last one ends.
        boxes: Its cells in reading order.
        owner: For each space of the grid, by row and column, the number of its cell.
        open: Cells that run into one another without being one rectangle.
    """

    xs: list[float]
    ys: list[float]
    boxes: list[Box]
    owner: list[list[int]]
    open: frozenset[int]

    def cells_at(self, x: Values, y: Values) -> Numbers:
        """The numbers of the cells at points of the table."""
        # What ends where the table does is in its last column and row.
        rows = np.searchsorted(self.ys[1:-1], y, side="right")
        return np.array(self.owner, np.intp)[rows, np.searchsorted(self.xs[1:-1], x, side="right")]


def find_grids(across: Rules, down: Rules) -> list[Grid]:
    """All tables of a page, the smallest first, so that inner ones come before outer ones.

    Raises:
        SourceError: `too_large`, for more cells than a page can hold.
    """
    if not len(across) or not len(down):
        return []
    lines = _touching(_merged(across), _merged(down))
    grids = [grid for a, d in lines if a and d and (grid := _grid(a, d)) is not None]
    return sorted(grids, key=lambda g: (g.xs[-1] - g.xs[0]) * (g.ys[-1] - g.ys[0]))


Rule = tuple[float, float, float]


def _merged(rules: Rules) -> list[Rule]:
    """Pieces of one line, and lines drawn twice, as one."""
    places, starts, ends = rules[np.argsort(rules[:, 0], kind="stable")].T.tolist()
    merged: list[Rule] = []
    for first, after in pairwise(_clusters(places)):
        at = _middle(places[first:after])
        pieces = sorted(zip(starts[first:after], ends[first:after], strict=True))
        start, end = pieces[0]
        for begins, reaches in pieces:
            if begins > end + _SAME:
                merged.append((at, start, end))
                start, end = begins, reaches
            elif reaches > end:
                end = reaches
        merged.append((at, start, end))
    return merged


def _clusters(places: list[float]) -> list[int]:
    """Where groups of places that lie together begin among ordered ones, and their number."""
    bounds: list[int] = []
    reach = -math.inf
    for number, place in enumerate(places):
        if place - reach > _SAME:
            bounds.append(number)
            reach = place
    return [*bounds, len(places)]


def _middle(places: list[float]) -> float:
    return sum(places) / len(places)


def _touching(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The lines in groups that hang together."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, a in enumerate(across):
        at, left, right = a[0], a[1] - _SAME, a[2] + _SAME
        mine = root(i)
        for j, (x, start, end) in enumerate(down, start=len(across)):
            if x > right:
                break
            if left <= x and start - _SAME <= at <= end + _SAME:
                other = root(j)
                parent[mine] = mine = other
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for i, rule in enumerate(across):
        groups[root(i)][0].append(rule)
    for j, rule in enumerate(down, start=len(across)):
        groups[root(j)][1].append(rule)
    return list(groups.values())


def _grid(across: list[Rule], down: list[Rule]) -> Grid | None:
    """The cells of one group of lines; None where they enclose at most one: a frame."""
    xs = _positions(down, min(r[1] for r in across), max(r[2] for r in across))
    ys = _positions(across, min(r[1] for r in down), max(r[2] for r in down))
    rows, cols = len(ys) - 1, len(xs) - 1
    if rows < 1 or cols < 1 or rows * cols < 2:
        return None
    if rows * cols > MAX_UNITS:
        raise SourceError("too_large", f"a table of {rows * cols:,} cells on a page: split it")
    # beside[r][c]: a line on the right of that space; below[r][c]: one under it.
    beside = [[False] * (cols - 1) + [True] for _ in range(rows)]
    below = [[False] * cols for _ in range(rows - 1)] + [[True] * cols]
    for rule in down:
        col = _nearest(xs, rule[0]) - 1
        if 0 <= col < cols - 1:
            for row in _covered(ys, rule):
                beside[row][col] = True
    for rule in across:
        row = _nearest(ys, rule[0]) - 1
        if 0 <= row < rows - 1:
            for col in _covered(xs, rule):
                below[row][col] = True
    return _cells(xs, ys, beside, below)


def _positions(rules: list[Rule], first: float, last: float) -> list[float]:
    """Where the lines of one direction lie, and the ends of the crossing ones left open."""
    places = sorted([at for at, _, _ in rules])
    found = [_middle(places[first:after]) for first, after in pairwise(_clusters(places))]
    if first < found[0] - _OPEN:
        found.insert(0, first)
    if last > found[-1] + _OPEN:
        found.append(last)
    return found


def _nearest(places: list[float], at: float) -> int:
    i = bisect_right(places, at)
    if i == len(places) or (i and at - places[i - 1] <= places[i] - at):
        return i - 1
    return i


def _covered(places: list[float], rule: Rule) -> range:
    """The spaces between places that a line runs along, for most of their length."""
    _, begins, ends = rule
    first = bisect_right(places, begins, 1, len(places) - 1) - 1
    last = bisect_right(places, ends, 1, len(places) - 1) - 1
    if not _drawn(places, first, begins, ends):
        first += 1
    if last >= first and not _drawn(places, last, begins, ends):
        last -= 1
    return range(first, last + 1)


def _drawn(places: list[float], space: int, begins: float, ends: float) -> bool:
    """Whether most of a space's length is drawn."""
    here, after = places[space : space + 2]
    return min(ends, after) - max(begins, here) >= _DRAWN * (after - here)


def _cells(
    xs: list[float], ys: list[float], beside: list[list[bool]], below: list[list[bool]]
) -> Grid | None:
    rows, cols = len(ys) - 1, len(xs) - 1
    owner = [[-1] * cols for _ in range(rows)]
    boxes: list[Box] = []
    for row in range(rows):
        taken, sides, floors = owner[row], beside[row], below[row]
        for col in range(cols):
            if taken[col] >= 0:
                continue
            if sides[col] and floors[col]:
                taken[col] = len(boxes)
                boxes.append(Box(row, col, 1, 1))
                continue
            right = col
            while not sides[right] and taken[right + 1] < 0:
                right += 1
            bottom = row
            while _goes_down(beside, below, bottom, col, right):
                bottom += 1
            for r in range(row, bottom + 1):
                owner[r][col : right + 1] = [len(boxes)] * (right - col + 1)
            boxes.append(Box(row, col, bottom - row + 1, right - col + 1))
    if len(boxes) < 2:
        return None
    return Grid(xs, ys, boxes, owner, _leaking(owner, beside, below))


def _goes_down(
    beside: list[list[bool]], below: list[list[bool]], row: int, col: int, right: int
) -> bool:
    """Whether the cell goes on in the next row, as wide as it is."""
    if any(below[row][col : right + 1]) or any(beside[row + 1][col:right]):
        return False
    return beside[row + 1][right] and (col == 0 or beside[row + 1][col - 1])


def _leaking(
    owner: list[list[int]], beside: list[list[bool]], below: list[list[bool]]
) -> frozenset[int]:
    """Cells with no line between them and the next one."""
    found: set[int] = set()
    for row, line in enumerate(owner):
        for col, mine in enumerate(line):
            if not beside[row][col] and line[col + 1] != mine:
                found.update((mine, line[col + 1]))
            if not below[row][col] and owner[row + 1][col] != mine:
                found.update((mine, owner[row + 1][col]))
    return frozenset(found)
