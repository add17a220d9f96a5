"""Paths of a page as pdfium has them in, the lines among and in them out: boxes that are thin.

A box's sides are left, bottom, right, top, as the file counts: upwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_int
from itertools import chain, pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from govreport_core.sources.pdf.calls import Places, direct, written

MAX_SEGMENTS = 20_000

# Thinner than any row, thicker than any line drawn between two rows.
_THIN = 4.0
_SHORTEST = 5.0
_STRAIGHT = 1.0
# Points of a box, whether or not its last one is its first again.
_CORNERS = (4, 5)

Matrix = tuple[float, float, float, float, float, float]
Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]

_DRAW_MODE = direct(pdfium.FPDFPath_GetDrawMode, c_int)
_SEGMENTS = direct(pdfium.FPDFPath_CountSegments, c_int)
_MATRIX = direct(pdfium.FPDFPageObj_GetMatrix, c_int)
_SEGMENT = direct(pdfium.FPDFPath_GetPathSegment, pdfium.FPDF_PATHSEGMENT)
_POINT = direct(pdfium.FPDFPathSegment_GetPoint, c_int)
_SEGMENT_KIND = direct(pdfium.FPDFPathSegment_GetType, c_int)
_LINE_TO = pdfium.FPDF_SEGMENT_LINETO
_CLOSES = direct(pdfium.FPDFPathSegment_GetClose, c_int)


class Shape(NamedTuple):
    """A path that isn't a line as a whole: its number, itself, where its form lies on the page."""

    number: int
    drawn: Any
    within: Matrix | None


class Outline(NamedTuple):
    """A shape that may be made of lines: how many points it has, and whether it is stroked."""

    shape: Shape
    points: int
    stroked: bool


class Steps(NamedTuple):
    """The points of outlines one after the other, each outline's behind one at 0, 0.

    Attributes:
        x, y: Where they are.
        straight: Whether a straight line leads there.
        closes: Whether one leads from there to where the outline's part began.
        owner: Of which outline each is.
    """

    x: Values
    y: Values
    straight: Flags
    closes: Flags
    owner: Numbers


def thin_and_line(places: Places) -> tuple[Flags, Flags]:
    """Which boxes are as thin as a line, and which of these are as long as one."""
    width, height = places[:, 2] - places[:, 0], places[:, 3] - places[:, 1]
    # Not as minimum and maximum: places of a damaged file may be no numbers.
    thin = ~(np.where(height < width, height, width) > _THIN)
    return thin, thin & (np.where(height > width, height, width) >= _SHORTEST)


def on_page(places: Places, within: list[Matrix | None]) -> Places:
    """Boxes as they lie on the page, each in its form; none for those on the page itself."""
    inside = [number for number, matrix in enumerate(within) if matrix is not None]
    if not inside:
        return places
    x0, y0, x1, y1 = places[inside].T
    matrices = np.array([within[number] for number in inside])
    (x0, y0), (x1, y1) = _moved(x0, y0, matrices), _moved(x1, y1, matrices)
    least = np.where(x1 < x0, x1, x0), np.where(y1 < y0, y1, y0)
    most = np.where(x1 > x0, x1, x0), np.where(y1 > y0, y1, y0)
    found = places.copy()
    found[inside] = np.column_stack((*least, *most))
    return found


def lines_in(shapes: list[Shape]) -> tuple[Places, Numbers]:
    """The lines that shapes are made of, and the number of each line's shape."""
    outlines = list(_outlines(shapes))
    if not outlines:
        return np.empty((0, 4)), np.empty(0, np.intp)
    steps = _steps(outlines)
    stroked, strokes = _strokes(steps, np.array([outline.stroked for outline in outlines]))
    filled, fills = _boxes(steps, outlines)
    places = np.concatenate((stroked, filled))
    _, line = thin_and_line(places)
    numbers = np.array([outline.shape.number for outline in outlines], np.intp)
    return places[line], numbers[np.concatenate((strokes, fills))[line]]


def _outlines(shapes: list[Shape]) -> Iterator[Outline]:
    fill, stroke = c_int(), c_int()
    modes = byref(fill), byref(stroke)
    left = MAX_SEGMENTS
    for shape in shapes:
        _DRAW_MODE(shape.drawn, *modes)
        count = _SEGMENTS(shape.drawn)
        # A single filled box is a background.
        if not stroke.value and (not fill.value or count <= _CORNERS[-1]):
            continue
        left -= count
        if left >= 0:
            yield Outline(shape, count, bool(stroke.value))


def _steps(outlines: list[Outline]) -> Steps:
    counts = [outline.points for outline in outlines]
    drawn = [outline.shape.drawn for outline in outlines]
    segments = [*chain.from_iterable(map(_segments, drawn, counts))]
    size = len(segments)
    points, _ = written(_POINT, size, segments, pointers=2)
    matrices = [product(matrix_of(shape.drawn), shape.within) for shape, _, _ in outlines]
    x, y = _moved(points[:, 0], points[:, 1], np.repeat(matrices, counts, axis=0))
    owner = np.repeat(np.arange(len(outlines)), counts)
    straight = np.fromiter(map(_SEGMENT_KIND, segments), np.intc, size) == _LINE_TO
    closes = np.fromiter(map(_CLOSES, segments), np.bool_, size)
    owners = np.repeat(np.arange(len(outlines)), np.add(counts, 1))
    at = np.arange(size) + owner + 1

    def spread(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        placed = np.zeros(len(owners), values.dtype)
        placed[at] = values
        return placed

    return Steps(spread(x), spread(y), spread(straight), spread(closes), owners)


def _segments(drawn: Any, count: int) -> Iterator[Any]:
    return map(_SEGMENT, repeat(byref(drawn.contents)), range(count))


def _strokes(steps: Steps, stroked: Flags) -> tuple[Places, Numbers]:
    """Each straight piece of stroked outlines, and the outline of each."""
    x, y, straight, closes, owner = steps
    places = np.arange(len(x))
    begun = np.maximum.accumulate(np.where(straight, 0, places))
    pieces = np.column_stack((straight, closes)) & stroked[owner][:, None]
    end, closing = np.nonzero(pieces)
    a = end - 1 + closing
    b = np.where(closing, begun[end], end)
    (x0, x1), (y0, y1) = _upwards(x[a], x[b]), _upwards(y[a], y[b])
    along = (x1 - x0 <= _STRAIGHT) | (y1 - y0 <= _STRAIGHT)
    return np.column_stack((x0, y0, x1, y1))[along], owner[end[along]]


def _boxes(steps: Steps, outlines: list[Outline]) -> tuple[Places, Numbers]:
    """The box around each part of filled outlines that may be one, and the outline of each."""
    found: list[tuple[float, float, float, float]] = []
    owners: list[int] = []
    end = 0
    for number, outline in enumerate(outlines):
        start, end = end + 1, end + 1 + outline.points
        if outline.stroked:
            continue
        parts = np.flatnonzero(~steps.straight[start:end]) + start
        for first, after in pairwise([start, *parts.tolist(), end]):
            if after - first in _CORNERS:
                xs, ys = steps.x[first:after].tolist(), steps.y[first:after].tolist()
                found.append((min(xs), min(ys), max(xs), max(ys)))
                owners.append(number)
    return np.array(found).reshape(-1, 4), np.array(owners, np.intp)


def _upwards(one: Values, other: Values) -> tuple[Values, Values]:
    swapped = other < one
    return np.where(swapped, other, one), np.where(swapped, one, other)


def _moved(x: Values, y: Values, matrices: Values) -> tuple[Values, Values]:
    """Points, each by a matrix of its own."""
    a, b, c, d, e, f = matrices.T
    return a * x + c * y + e, b * x + d * y + f


def matrix_of(drawn: Any) -> Matrix:
    """How an object lies on its page or in its form."""
    matrix = pdfium.FS_MATRIX()
    if not _MATRIX(drawn, byref(matrix)):
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def product(inner: Matrix, outer: Matrix | None) -> Matrix:
    """First `inner`, then `outer`."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )
