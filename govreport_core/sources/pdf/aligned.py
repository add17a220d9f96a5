"""Lines of a page without ruling lines in, which of their figures stand in which column out.

Columns are where the fullest rows have their figures. A row with fewer is read
by them only where each figure stands in exactly one: else it stays a plain line,
whose blanks can't be seen.
"""

from __future__ import annotations

from itertools import pairwise

import msgspec

from govreport_core.numerals import looks_like_value
from govreport_core.sources.pdf.lines import Segment, TextLine

# So many lines without figures (a label over several lines) may stand between two rows.
_BETWEEN = 3
_FULL_ROWS = 2
_COLUMNS = 2


class AlignedRow(msgspec.Struct, frozen=True):
    """A line as a row.

    Attributes:
        label: The end of its label in the line's text.
        values: Its figure in each column, None where the column is blank.
    """

    label: int
    values: tuple[Segment | None, ...]


class _Figures(msgspec.Struct, frozen=True):
    label: int
    values: tuple[Segment, ...]


def aligned_rows(lines: list[TextLine]) -> dict[int, AlignedRow]:
    """Find the rows among consecutive lines, by the line's number."""
    figures = {i: found for i, line in enumerate(lines) if (found := _figures(line)) is not None}
    rows: dict[int, AlignedRow] = {}
    for group in _groups(sorted(figures)):
        columns = _columns([figures[i] for i in group])
        for i in group if columns else ():
            if (values := _placed(figures[i], columns)) is not None:
                rows[i] = AlignedRow(figures[i].label, values)
    return rows


def _figures(line: TextLine) -> _Figures | None:
    """A line's label and the figures after it; None where it lacks either."""
    segments = line.segments
    first = len(segments)
    while first and looks_like_value(
        line.text[segments[first - 1].start : segments[first - 1].end]
    ):
        first -= 1
    if first in (0, len(segments)):
        return None
    return _Figures(segments[first - 1].end, segments[first:])


def _groups(numbers: list[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for number in numbers:
        if groups and number - groups[-1][-1] <= _BETWEEN + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _columns(rows: list[_Figures]) -> list[tuple[float, float]]:
    """From where to where each column's figures reach; none where that isn't clear."""
    count = max(len(row.values) for row in rows)
    full = [row for row in rows if len(row.values) == count]
    if count < _COLUMNS or len(full) < _FULL_ROWS:
        return []
    columns = [
        (min(row.values[i].left for row in full), max(row.values[i].right for row in full))
        for i in range(count)
    ]
    return columns if all(a[1] < b[0] for a, b in pairwise(columns)) else []


def _placed(row: _Figures, columns: list[tuple[float, float]]) -> tuple[Segment | None, ...] | None:
    values: list[Segment | None] = [None] * len(columns)
    for value in row.values:
        over = [
            i
            for i, (left, right) in enumerate(columns)
            if value.left < right and left < value.right
        ]
        if len(over) != 1 or values[over[0]] is not None:
            return None
        values[over[0]] = value
    return tuple(values)
