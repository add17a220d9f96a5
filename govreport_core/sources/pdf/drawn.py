"""A page as pdfium opens it in, what is drawn on it out: lines, images, fonts that are missing."""

from __future__ import annotations

from ctypes import addressof, byref, c_float, c_int
from typing import Any

import msgspec
import pypdfium2.raw as pdfium

from govreport_core.errors import SourceError

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
    walk.take(page, pdfium.FPDFPage_CountObjects(page), pdfium.FPDFPage_GetObject)
    hidden = 0 < walk.hidden == walk.texts
    return Drawn(walk.thin, walk.images, walk.shapes, walk.fontless, hidden)


Matrix = tuple[float, float, float, float, float, float]


class _Walk:
    """What was found so far, and how much more there may be."""

    def __init__(self) -> None:
        self.thin: list[Box] = []
        self.images: list[Box] = []
        self.shapes = 0
        self.left = MAX_PAGE_OBJECTS
        self.segments = MAX_SEGMENTS
        self.bounds = tuple(c_float() for _ in range(4))
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
        type_of, text = pdfium.FPDFPageObj_GetType, pdfium.FPDF_PAGEOBJ_TEXT
        step = count // _TEXT_SAMPLES + 1
        for index in range(count):
            drawn = item(holder, index)
            kind = type_of(drawn)
            if kind == text:
                if index % step == 0:
                    self._text(drawn)
                continue
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(drawn, within)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self._image(drawn, within)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_FORMS:
                inner = pdfium.FPDFFormObj_CountObjects(drawn)
                matrix = _product(_matrix(drawn), within)
                self.take(drawn, inner, pdfium.FPDFFormObj_GetObject, matrix, depth + 1)

    def _text(self, drawn: Any) -> None:
        self.texts += 1
        mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn)
        self.hidden += mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        font = pdfium.FPDFTextObj_GetFont(drawn)
        if font and (address := addressof(font.contents)) not in self.fonts:
            self.fonts.add(address)
            self.fontless = self.fontless or _is_missing(font)

    def _box(self, drawn: Any, within: Matrix | None) -> Box | None:
        left, bottom, right, top = self.bounds
        if not pdfium.FPDFPageObj_GetBounds(
            drawn, byref(left), byref(bottom), byref(right), byref(top)
        ):
            return None
        box = (left.value, bottom.value, right.value, top.value)
        if within is None:
            return box
        (x0, y0), (x1, y1) = _moved(box[0], box[1], within), _moved(box[2], box[3], within)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _path(self, drawn: Any, within: Matrix | None) -> None:
        box = self._box(drawn, within)
        if box is None or self._line(box):
            return
        self.shapes += 1
        fill, stroke = c_int(), c_int()
        pdfium.FPDFPath_GetDrawMode(drawn, byref(fill), byref(stroke))
        count = pdfium.FPDFPath_CountSegments(drawn)
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
        if min(width, height) > THIN:
            return False
        if max(width, height) >= _SHORTEST:
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
        box = (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
        if min(box[2] - box[0], box[3] - box[1]) <= _STRAIGHT:
            self._line(box)

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
    x, y = c_float(), c_float()
    steps: list[tuple[float, float, bool, bool]] = []
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(drawn, index)
        pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        px, py = _moved(x.value, y.value, matrix)
        straight = pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO
        steps.append((px, py, straight, bool(pdfium.FPDFPathSegment_GetClose(segment))))
    return steps


def _matrix(drawn: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(drawn, byref(matrix)):
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
