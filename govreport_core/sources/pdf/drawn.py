"""A page as pdfium opens it in, what is drawn on it out: lines, images, fonts that are missing."""

from __future__ import annotations

from ctypes import addressof, byref, c_float, c_int
from itertools import repeat
from typing import Any

import msgspec
import pypdfium2.raw as pdfium

from govreport_core.errors import SourceError
from govreport_core.sources.pdf.calls import direct

# A map drawn in lines has 50,000 objects.
MAX_PAGE_OBJECTS = 200_000
MAX_SEGMENTS = 20_000
MAX_RULES = 20_000
_MAX_FORMS = 8

# Thinner than any row, thicker than any line drawn between two rows.
THIN = 4.0
_SHORTEST = 5.0
_STRAIGHT = 1.0
# Characters that every Chinese font has, each as wide as high.
_COMMON = "一政公"
_EM = 10.0
_TEXT_SAMPLES = 48

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, as the file counts: upwards."""


class Drawn(msgspec.Struct, frozen=True):
    """What is drawn on a page.

    Attributes:
        thin: Boxes as thin as a line, in the file's coordinates.
        images: The boxes of its images, likewise.
        shapes: How many other shapes there are: text may be drawn as such.
        fontless: Whether it uses a Chinese font that is neither in the file nor
            on this machine: pdfium then leaves characters out without a word.
        hidden: Whether its text is laid invisibly, as recognition does under a scan.
    """

    thin: list[Box]
    images: list[Box]
    shapes: int
    fontless: bool
    hidden: bool


def drawn_on(page: Any) -> Drawn:
    """What is drawn on a page, in forms within forms too.

    Raises:
        SourceError: `too_large`.
    """
    walk = _Walk()
    walk.take(page, pdfium.FPDFPage_CountObjects(page), _ON_PAGE)
    hidden = 0 < walk.hidden == walk.texts
    return Drawn(walk.thin, walk.images, walk.shapes, walk.fontless, hidden)


Matrix = tuple[float, float, float, float, float, float]

_TEXT, _PATH = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH
_IMAGE, _FORM = pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM
_ON_PAGE = direct(pdfium.FPDFPage_GetObject, pdfium.FPDF_PAGEOBJECT)
_IN_FORM = direct(pdfium.FPDFFormObj_GetObject, pdfium.FPDF_PAGEOBJECT)
_KIND = direct(pdfium.FPDFPageObj_GetType, c_int)
_BOUNDS = direct(pdfium.FPDFPageObj_GetBounds, c_int)
_DRAW_MODE = direct(pdfium.FPDFPath_GetDrawMode, c_int)
_SEGMENTS = direct(pdfium.FPDFPath_CountSegments, c_int)
_MATRIX = direct(pdfium.FPDFPageObj_GetMatrix, c_int)
_SEGMENT = direct(pdfium.FPDFPath_GetPathSegment, pdfium.FPDF_PATHSEGMENT)
_POINT = direct(pdfium.FPDFPathSegment_GetPoint, c_int)
_SEGMENT_KIND = direct(pdfium.FPDFPathSegment_GetType, c_int)
_LINE_TO = pdfium.FPDF_SEGMENT_LINETO
_CLOSES = direct(pdfium.FPDFPathSegment_GetClose, c_int)


class _Walk:
    """What was found so far, and how much more there may be."""

    def __init__(self) -> None:
        self.thin: list[Box] = []
        self.images: list[Box] = []
        self.shapes = 0
        self.left = MAX_PAGE_OBJECTS
        self.segments = MAX_SEGMENTS
        self.bounds = (c_float * 4)()
        self.sides = [byref(self.bounds, at) for at in range(0, 16, 4)]
        self.fonts: set[int] = set()
        self.fontless = False
        self.texts = self.hidden = 0

    def take(
        self, holder: Any, count: int, item: Any, within: Matrix | None = None, depth: int = 0
    ) -> None:
        """Take what a page or a form holds.

        Args:
            holder: The page or form.
            count: How many objects it has.
            item: pdfium's function for one of them.
            within: Where the form lies on the page; None for the page.
            depth: How many forms lie around it.
        """
        self.left -= count
        if self.left < 0 or len(self.thin) > MAX_RULES:
            raise SourceError(
                "too_large", "more drawn on a page than any report has: print it to a plain PDF"
            )
        step = count // _TEXT_SAMPLES + 1
        objects = list(map(item, repeat(holder), range(count)))
        for index, (drawn, kind) in enumerate(zip(objects, map(_KIND, objects), strict=True)):
            if kind == _PATH:
                self._path(drawn, within)
            elif kind == _TEXT:
                if index % step == 0:
                    self._text(drawn)
            elif kind == _IMAGE:
                self._image(drawn, within)
            elif kind == _FORM and depth < _MAX_FORMS:
                inner = pdfium.FPDFFormObj_CountObjects(drawn)
                matrix = _product(_matrix(drawn), within)
                self.take(drawn, inner, _IN_FORM, matrix, depth + 1)

    def _text(self, drawn: Any) -> None:
        self.texts += 1
        mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn)
        self.hidden += mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        font = pdfium.FPDFTextObj_GetFont(drawn)
        if font and (address := addressof(font.contents)) not in self.fonts:
            self.fonts.add(address)
            self.fontless = self.fontless or _is_missing(font)

    def _box(self, drawn: Any, within: Matrix | None) -> Box | None:
        left, bottom, right, top = self.sides
        if not _BOUNDS(drawn, left, bottom, right, top):
            return None
        x0, y0, x1, y1 = self.bounds[:]
        if within is None:
            return x0, y0, x1, y1
        (x0, y0), (x1, y1) = _moved(x0, y0, within), _moved(x1, y1, within)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _path(self, drawn: Any, within: Matrix | None) -> None:
        box = self._box(drawn, within)
        if box is None or self._line(box):
            return
        self.shapes += 1
        fill, stroke = c_int(), c_int()
        _DRAW_MODE(drawn, byref(fill), byref(stroke))
        count = _SEGMENTS(drawn)
        # A single filled box is a background.
        if not stroke.value and (not fill.value or count <= 5):
            return
        self.segments -= count
        if self.segments < 0:
            return
        steps = _steps(drawn, count, _product(_matrix(drawn), within))
        if stroke.value:
            self._strokes(steps)
        else:
            self._boxes(steps)

    def _line(self, box: Box) -> bool:
        """Take a box that is as thin as a line; whether it was."""
        width, height = box[2] - box[0], box[3] - box[1]
        # As min and max, which take longer.
        if (height if height < width else width) > THIN:
            return False
        if (height if height > width else width) >= _SHORTEST:
            self.thin.append(box)
        return True

    def _strokes(self, steps: list[tuple[float, float, bool, bool]]) -> None:
        """Each straight piece of a stroked path."""
        begin = here = (0.0, 0.0)
        for x, y, drawn, closes in steps:
            if drawn:
                self._piece(here, (x, y))
            else:
                begin = (x, y)
            here = (x, y)
            if closes:
                self._piece(here, begin)

    def _piece(self, a: tuple[float, float], b: tuple[float, float]) -> None:
        (x0, y0), (x1, y1) = a, b
        if x1 < x0:
            x0, x1 = x1, x0
        if y1 < y0:
            y0, y1 = y1, y0
        if x1 - x0 <= _STRAIGHT or y1 - y0 <= _STRAIGHT:
            self._line((x0, y0, x1, y1))

    def _boxes(self, steps: list[tuple[float, float, bool, bool]]) -> None:
        """Each part of a filled path that is as thin as a line."""
        points: list[tuple[float, float]] = []
        for x, y, drawn, _ in [*steps, (0.0, 0.0, False, False)]:
            if not drawn:
                if len(points) in (4, 5):
                    xs, ys = [p[0] for p in points], [p[1] for p in points]
                    self._line((min(xs), min(ys), max(xs), max(ys)))
                points = []
            points.append((x, y))

    def _image(self, drawn: Any, within: Matrix | None) -> None:
        box = self._box(drawn, within)
        if box is not None and not self._line(box):
            self.images.append(box)


def _is_missing(font: Any) -> bool:
    """Whether a font has room for Chinese characters, but no shapes for them."""
    if pdfium.FPDFFont_GetIsEmbedded(font):
        return False
    width = c_float()
    for char in map(ord, _COMMON):
        if not pdfium.FPDFFont_GetGlyphWidth(font, char, _EM, byref(width)):
            return False
        if width.value != _EM or pdfium.FPDFFont_GetGlyphPath(font, char, _EM):
            return False
    return True


def _steps(drawn: Any, count: int, matrix: Matrix) -> list[tuple[float, float, bool, bool]]:
    """A path's points: where, whether a straight line leads there, whether it closes there."""
    point = (c_float * 2)()
    x, y = byref(point), byref(point, 4)
    a, b, c, d, e, f = matrix
    steps: list[tuple[float, float, bool, bool]] = []
    for segment in map(_SEGMENT, repeat(drawn), range(count)):
        _POINT(segment, x, y)
        px, py = point
        straight = _SEGMENT_KIND(segment) == _LINE_TO
        place = a * px + c * py + e, b * px + d * py + f
        steps.append((*place, straight, bool(_CLOSES(segment))))
    return steps


def _matrix(drawn: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not _MATRIX(drawn, byref(matrix)):
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _product(inner: Matrix, outer: Matrix | None) -> Matrix:
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


def _moved(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
