"""Lines of a page without ruling lines in, the table rows among them out, by where figures stand.

Columns are where the fullest rows have their figures; a row with fewer is read by
them only where each figure stands in exactly one. Lines nearer than lines of text
can be are parts of one row: a label of two lines with its figures between them, or
figures broken over lines. What fits neither stays a plain line.
"""

from __future__ import annotations

from itertools import pairwise

import msgspec

from govreport_core.numerals import looks_like_value
from govreport_core.sources.pdf.lines import Segment, TextLine

# So many lines without figures may stand between two rows of one table.
_BETWEEN = 3
_FULL_ROWS = 2
_COLUMNS = 2
# In heights of a line: feet nearer than this can't be two lines of text.
_ONE_ROW = 1.1


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A stretch of a line, by the line's number."""

    line: int
    start: int
    end: int
    left: float
    right: float


Pieces = tuple[Piece, ...]


class AlignedRow(msgspec.Struct, frozen=True):
    """A row: its label's pieces, and each column's; an empty column is blank.

    A row whose columns aren't known has its figures only.
    """

    at: int
    label: Pieces
    values: tuple[Pieces, ...]


def aligned_rows(lines: list[TextLine]) -> list[AlignedRow]:
    """Find the rows among consecutive lines, in the order of the lines."""
    split = [_split(number, line) for number, line in enumerate(lines)]
    rows: list[AlignedRow] = []
    for group in _groups(_found(lines, split), split):
        columns = _columns([row.values for row in group if row.label])
        for row in group:
            placed = _placed(row.values, columns) if columns and row.label else None
            if placed is not None:
                rows.append(AlignedRow(row.at, row.label, placed))
            elif not row.plain:
                rows.append(AlignedRow(row.at, row.label, row.values))
    return rows


class _Row(msgspec.Struct, frozen=True):
    """A row before its columns are known; `plain` where its line alone says as much."""

    at: int
    label: Pieces
    values: tuple[Pieces, ...]
    plain: bool


def _found(lines: list[TextLine], split: list[tuple[Pieces, Pieces]]) -> list[_Row]:
    words, figures = [w for w, _ in split], [f for _, f in split]
    taken: set[int] = set()
    rows: list[_Row] = []
    for at, own in enumerate(figures):
        if not own or at in taken:
            continue
        near = [i for i in (at - 1, at + 1) if _one_row(lines, at, i) and i not in taken]
        broken = [i for i in near if figures[i] and not words[i]]
        if any(len(figures[i]) > len(own) for i in broken):
            continue
        taken.update(broken)
        values = _stacked([*own, *(piece for i in broken for piece in figures[i])])
        if words[at]:
            printed = Piece(at, 0, words[at][-1].end, words[at][0].left, words[at][-1].right)
            rows.append(_Row(at, (printed,), values, not broken))
            continue
        beside = [i for i in near if words[i] and not figures[i]]
        label = _halves([words[i][-1] for i in beside], own[0])
        taken.update(piece.line for piece in label)
        rows.append(_Row(at, label, values, not broken and not beside))
    return rows


def _split(number: int, line: TextLine) -> tuple[Pieces, Pieces]:
    """A line's words, and the figures that follow them."""
    segments = line.segments
    first = len(segments)
    while first and _is_figure(line, segments[first - 1]):
        first -= 1
    pieces = tuple(Piece(number, s.start, s.end, s.left, s.right) for s in segments)
    return pieces[:first], pieces[first:]


def _is_figure(line: TextLine, segment: Segment) -> bool:
    return looks_like_value(line.text[segment.start : segment.end])


def _one_row(lines: list[TextLine], at: int, other: int) -> bool:
    if not 0 <= other < len(lines):
        return False
    height = min(lines[at].height, lines[other].height)
    return abs(lines[at].bottom - lines[other].bottom) < _ONE_ROW * height


def _stacked(pieces: list[Piece]) -> tuple[Pieces, ...]:
    """Figures from left to right; those above one another are one broken figure."""
    columns: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.left):
        if columns and piece.left < max(p.right for p in columns[-1]):
            columns[-1].append(piece)
        else:
            columns.append([piece])
    return tuple(tuple(sorted(column, key=lambda p: p.line)) for column in columns)


def _halves(words: list[Piece], figure: Piece) -> Pieces:
    """A label's two lines around its figures; nothing where it isn't clear they are that."""
    if len(words) != 2:
        return ()
    above, below = words
    near = abs(above.left - below.left) < figure.right - figure.left + 2
    return (above, below) if near and max(above.right, below.right) < figure.left else ()


def _groups(rows: list[_Row], split: list[tuple[Pieces, Pieces]]) -> list[list[_Row]]:
    """Rows that may have the same columns: near, and without a header between them."""
    groups: list[list[_Row]] = []
    for row in rows:
        last = groups[-1][-1].at if groups else None
        if last is None or row.at - last > _BETWEEN + 1 or _header_between(split[last : row.at]):
            groups.append([])
        groups[-1].append(row)
    return groups


def _header_between(split: list[tuple[Pieces, Pieces]]) -> bool:
    return any(len(words) > 1 and not figures for words, figures in split)


def _columns(rows: list[tuple[Pieces, ...]]) -> list[tuple[float, float]]:
    """From where to where each column's figures reach; none where that isn't clear."""
    count = max(map(len, rows), default=0)
    full = [row for row in rows if len(row) == count]
    if count < _COLUMNS or len(full) < _FULL_ROWS:
        return []
    columns = [
        (min(p.left for row in full for p in row[i]), max(p.right for row in full for p in row[i]))
        for i in range(count)
    ]
    return columns if all(a[1] < b[0] for a, b in pairwise(columns)) else []


def _placed(
    values: tuple[Pieces, ...], columns: list[tuple[float, float]]
) -> tuple[Pieces, ...] | None:
    placed: list[Pieces] = [()] * len(columns)
    for value in values:
        left, right = min(p.left for p in value), max(p.right for p in value)
        over = [i for i, (start, end) in enumerate(columns) if left < end and start < right]
        if len(over) != 1 or placed[over[0]]:
            return None
        placed[over[0]] = value
    return tuple(placed)
