"""Lines that draw a table with `+---+` and `|` in, its cells with their columns out.

Pandoc and others write tables so: between two drawn lines stands one row, whose cells
may go on over several lines of text; where a line isn't drawn, a cell goes on below.
Columns are where the marks stand. Chinese characters count as one or as two places,
as the program that wrote it has it; what fits neither isn't such a table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

MAX_LENGTH = 2_000
MAX_EDGES = 64

_BORDER = re.compile(r"\+(?:[-=:]+\+)+")
_STROKES = re.compile(r"[-=:]+")
_MARK = re.compile(r"[|+]")
_FIGURE = re.compile(r"[-+]?[\d,.]+%?|[/—―]+")

Stretch = tuple[int, int, int]
"""The number of a line, and where in it a text begins and ends."""


@dataclass(slots=True)
class DrawnCell:
    """A cell: its row and column from 0, the columns it takes, and the texts in it."""

    row: int
    col: int
    colspan: int
    texts: list[Stretch] = field(default_factory=list)


def drawn_end(lines: list[str], at: int) -> int:
    """The line after the last one of the table drawn from there on; `at` where none is."""
    if not is_border(lines[at]):
        return at
    end = last = at + 1
    while end < len(lines) and len(lines[end]) <= MAX_LENGTH:
        if lines[end].lstrip()[:1] not in ("|", "+"):
            break
        end += 1
        if is_border(lines[end - 1]):
            last = end
    return last if last > at + 1 else at


def is_border(line: str) -> bool:
    """Whether a line is one drawn between two rows, from the table's edge to its edge."""
    if line.lstrip()[:1] != "+" or len(line) > MAX_LENGTH or line.count("+") > MAX_EDGES:
        return False
    return _BORDER.fullmatch(line.strip()) is not None


def drawn_rows(lines: list[str], at: int, end: int) -> list[list[DrawnCell]] | None:
    """The rows of the table in these lines; None where its columns can't be told.

    That is also where lines aren't drawn between all rows: a column then has
    figures on several lines between two that are.
    """
    for measure in (len, _width):
        edges = _edges(lines, at, end, measure)
        if edges is not None:
            return _Table(lines, edges, measure).rows(at, end)
    return None


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


Measure = Callable[[str], int]


def _edges(lines: list[str], at: int, end: int, measure: Measure) -> dict[int, int] | None:
    """The columns' edges by their places, if every mark of every line stands on one."""
    places = sorted({p for line in lines[at:end] if is_border(line) for p in _places(line, len)})
    edges = {place: number for number, place in enumerate(places)}
    for line in lines[at:end]:
        found = _places(line, measure)
        if found[:1] != places[:1] or found[-1] != places[-1] or not edges.keys() >= set(found):
            return None
    return edges


def _places(line: str, measure: Measure) -> list[int]:
    places: list[int] = []
    width = start = 0
    for mark in _MARK.finditer(line):
        width += measure(line[start : mark.start()])
        start = mark.start()
        places.append(width)
    return places


class _Table:
    """A drawn table in the making; `open` are the cells that may go on, by column."""

    def __init__(self, lines: list[str], edges: dict[int, int], measure: Measure) -> None:
        self.lines = lines
        self.edges = edges
        self.measure = measure
        self.open: dict[int, DrawnCell] = {}
        self.made: list[list[DrawnCell]] = [[]]

    def rows(self, at: int, end: int) -> list[list[DrawnCell]] | None:
        for number in range(at, end):
            line = self.lines[number]
            if is_border(line):
                self.open.clear()
                self._next_row()
            elif not self._take(number, line):
                return None
        found = [row for row in self.made if row]
        several = any(self._several(cell) for row in found for cell in row)
        return None if several or not found else found

    def _take(self, number: int, line: str) -> bool:
        """A line of texts, perhaps with strokes under some; whether its cells are the open ones."""
        marks = [mark.start() for mark in _MARK.finditer(line)]
        edges = [self.edges[place] for place in _places(line, self.measure)]
        drawn: list[int] = []
        for i, (col, after) in enumerate(pairwise(edges)):
            start, end = marks[i] + 1, marks[i + 1]
            if _STROKES.fullmatch(line, start, end):
                drawn += range(col, after)
            elif not self._add(number, line, (start, end), (col, after)):
                return False
        for col in drawn:
            self.open.pop(col, None)
        if drawn:
            self._next_row()
        return True

    def _add(
        self, number: int, line: str, within: tuple[int, int], columns: tuple[int, int]
    ) -> bool:
        start, end = within
        col, span = columns[0], columns[1] - columns[0]
        cell = self.open.get(col)
        if cell is None:
            cell = self.open[col] = DrawnCell(len(self.made) - 1, col, span)
            self.made[-1].append(cell)
        text = line[start:end].strip()
        inner = line.index(text, start) if text else start
        cell.texts.append((number, inner, inner + len(text)))
        return cell.colspan == span

    def _next_row(self) -> None:
        if self.made[-1]:
            self.made.append([])

    def _several(self, cell: DrawnCell) -> bool:
        texts = (self.lines[n][start:end] for n, start, end in cell.texts)
        return sum(_FIGURE.fullmatch(text) is not None for text in texts) > 1
