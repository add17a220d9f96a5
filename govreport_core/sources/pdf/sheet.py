"""A page as pdfium opens it in, its characters and ruling lines as they lie before a reader out.

Coordinates are points from the left and, downwards, from the top, after the page
is turned so that most of its text stands upright.
"""

from __future__ import annotations

import math
from collections import Counter
from ctypes import byref, c_double, c_float, c_int
from typing import Any

import msgspec
import pypdfium2.raw as pdfium

from govreport_core.errors import SourceError

# A page of small print has some 3,000 characters; a map drawn in lines, 50,000 objects.
MAX_PAGE_OBJECTS = 200_000
MAX_SEGMENTS = 20_000
MAX_RULES = 20_000
_MAX_FORMS = 8

# Thinner than any row, thicker than any line drawn between two rows.
THIN = 4.0
_SHORTEST = 5.0

UNMAPPED = "\ufffd"

Box = tuple[float, float, float, float]
Glyph = tuple[float, float, float, float, str]
"""A character: left, top, right, bottom, and what it is."""

_SPACES = frozenset(
    b"\t\n\x0b\x0c\r " + bytes((0x85, 0xA0, 0xAD))  # next line, no-break space, soft hyphen
) | frozenset(
    (0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF)
)
# What pdfium makes of a hyphen at the end of a line.
_HYPHENS = frozenset((0x02, 0xFFFE))
_QUARTER = math.pi / 2
_SLANT = 0.1
_SLANTED = -1
# Taller characters are looked at twice: a box may be out of scale.
_TALL = 24.0
_TOO_TALL = 1.6


class Rule(msgspec.Struct, frozen=True, gc=False):
    """A ruling line: where it lies across its direction, and from where to where along it."""

    at: float
    start: float
    end: float


class Sheet(msgspec.Struct, frozen=True):
    """A page turned upright.

    Attributes:
        width, height: Of what is visible, in points.
        glyphs: The upright characters that print something, in the file's order.
        turned: Those a quarter or half turn away: numbers on the side, labels.
        slanted: Those at any other angle: stamps and watermarks.
        across, down: Its ruling lines.
        unmapped: How many characters have no meaning in the file.
        images: Share of the page that images cover, 0 to 1.
    """

    width: float
    height: float
    glyphs: list[Glyph]
    turned: list[Glyph]
    slanted: list[Glyph]
    across: list[Rule]
    down: list[Rule]
    unmapped: int
    images: float


def read_sheet(page: Any, budget: int) -> Sheet:
    """Take a page's characters and lines.

    Args:
        page: pdfium's page.
        budget: How many characters it may have.

    Raises:
        SourceError: `too_large`, for more characters or lines than a report has.
    """
    seen, unmapped = _characters(page, budget)
    turn = _turn(seen)
    left, top, right, bottom = _turned(_visible(page), turn)
    glyphs: list[Glyph] = []
    aside: list[Glyph] = []
    slanted: list[Glyph] = []
    for x0, y0, x1, y1, char, angle in seen:
        if turn:
            x0, y0, x1, y1 = _turned((x0, y0, x1, y1), turn)  # noqa: PLW2901 - the same box, turned
        if left <= (x0 + x1) / 2 <= right and top <= (y0 + y1) / 2 <= bottom:
            glyph = (x0 - left, y0 - top, x1 - left, y1 - top, char)
            (glyphs if angle == turn else slanted if angle == _SLANTED else aside).append(glyph)
    thin, images = _objects(page)
    across: list[Rule] = []
    down: list[Rule] = []
    for place in thin:
        x0, y0, x1, y1 = _turned((place[0], -place[3], place[2], -place[1]), turn)
        if x1 - x0 > y1 - y0:
            across.append(Rule((y0 + y1) / 2 - top, x0 - left, x1 - left))
        else:
            down.append(Rule((x0 + x1) / 2 - left, y0 - top, y1 - top))
    width, height = right - left, bottom - top
    covered = images / (width * height) if width > 0 and height > 0 else 0.0
    return Sheet(width, height, glyphs, aside, slanted, across, down, unmapped, min(covered, 1.0))


Seen = tuple[float, float, float, float, str, int]


def _visible(page: Any) -> Box:
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, byref(box))
    return box.left, -box.top, box.right, -box.bottom


def _characters(page: Any, budget: int) -> tuple[list[Seen], int]:
    """All characters that print something, their angle in quarter turns, and the unmapped ones."""
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return [], 0
    try:
        count = pdfium.FPDFText_CountChars(text)
        if count > budget:
            raise SourceError(
                "too_large", f"{count:,} characters on a page, too many for a report: split it"
            )
        return _walk(text, count)
    finally:
        pdfium.FPDFText_ClosePage(text)


def _walk(text: Any, count: int) -> tuple[list[Seen], int]:
    # One call a character and question: the names are looked up once.
    code_of, lacks_map = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_HasUnicodeMapError
    box_of, angle_of = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharAngle
    box = pdfium.FS_RECTF()
    at = byref(box)
    seen: list[Seen] = []
    unmapped = 0
    high = 0
    for index in range(count):
        code = code_of(text, index)
        if code in _SPACES:
            continue
        if lacks_map(text, index):
            unmapped += 1
            char = UNMAPPED
        elif 0xD800 <= code < 0xE000:
            # Where characters are 16 bits wide, rare ones come in two halves.
            if code < 0xDC00:
                high = code
                continue
            char = chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00) if high else UNMAPPED
            high = 0
        elif code in _HYPHENS:
            char = "-"
        elif code < 0x20:
            continue
        else:
            char = chr(code)
        if not box_of(text, index, at):
            continue
        if box.top - box.bottom > _TALL or box.right - box.left > _TALL:
            _scaled(text, index, box)
        angle = angle_of(text, index)
        quarters = 0 if -_SLANT < angle < _SLANT else _quarters(angle)
        seen.append((box.left, -box.top, box.right, -box.bottom, char, quarters))
    return seen, unmapped


def _scaled(text: Any, index: int, box: Any) -> None:
    """Correct a box that pdfium forgot to scale: it does so for fonts set downwards."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text, index, byref(matrix)):
        return
    size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.a, matrix.b)
    if not 0 < size < (box.top - box.bottom) / _TOO_TALL:
        return
    left, right, bottom, top = (c_double() for _ in range(4))
    if pdfium.FPDFText_GetCharBox(
        text, index, byref(left), byref(right), byref(bottom), byref(top)
    ):
        x, y = (left.value + right.value) / 2, (bottom.value + top.value) / 2
        box.left, box.right = x - size / 2, x + size / 2
        box.bottom, box.top = y - size / 2, y + size / 2


def _quarters(angle: float) -> int:
    turns = angle / _QUARTER
    whole = round(turns)
    return whole % 4 if abs(turns - whole) * _QUARTER < _SLANT else _SLANTED


def _turn(seen: list[Seen]) -> int:
    """The angle most characters stand at: a page may be turned by its flag, its text, or both."""
    counts = Counter(s[5] for s in seen if s[5] != _SLANTED)
    return counts.most_common(1)[0][0] if counts else 0


def _turned(box: Box, turn: int) -> Box:
    """A box as it lies after the page is turned."""
    x0, y0, x1, y1 = box
    if turn == 0:
        return box
    if turn == 1:
        return y0, -x1, y1, -x0
    if turn == 2:
        return -x1, -y1, -x0, -y0
    return -y1, x0, -y0, x1


def _objects(page: Any) -> tuple[list[Box], float]:
    """The page's thin boxes, lines among them, and the area of its images."""
    walk = _Drawn()
    walk.take(pdfium.FPDFPage_CountObjects(page), lambda i: pdfium.FPDFPage_GetObject(page, i))
    return walk.thin, walk.images


Matrix = tuple[float, float, float, float, float, float]


class _Drawn:
    """What is drawn on a page, in forms within forms too."""

    def __init__(self) -> None:
        self.thin: list[Box] = []
        self.images = 0.0
        self.left = MAX_PAGE_OBJECTS
        self.segments = MAX_SEGMENTS
        self.bounds = tuple(c_float() for _ in range(4))

    def take(self, count: int, item: Any, within: Matrix | None = None, depth: int = 0) -> None:
        self.left -= count
        if self.left < 0 or len(self.thin) > MAX_RULES:
            raise SourceError(
                "too_large", "more drawn on a page than any report has: print it to a plain PDF"
            )
        type_of = pdfium.FPDFPageObj_GetType
        path, image, form = (
            pdfium.FPDF_PAGEOBJ_PATH,
            pdfium.FPDF_PAGEOBJ_IMAGE,
            pdfium.FPDF_PAGEOBJ_FORM,
        )
        for index in range(count):
            drawn = item(index)
            kind = type_of(drawn)
            if kind == path:
                self._path(drawn, within)
            elif kind == image:
                self._image(drawn, within)
            elif kind == form and depth < _MAX_FORMS:
                inner = _product(_matrix(drawn), within)
                self.take(
                    pdfium.FPDFFormObj_CountObjects(drawn),
                    lambda i, form=drawn: pdfium.FPDFFormObj_GetObject(form, i),
                    inner,
                    depth + 1,
                )

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
        fill, stroke = c_int(), c_int()
        pdfium.FPDFPath_GetDrawMode(drawn, byref(fill), byref(stroke))
        count = pdfium.FPDFPath_CountSegments(drawn)
        # A single filled box is a background.
        if not stroke.value and (not fill.value or count <= 5):
            return
        if box[2] - box[0] <= THIN and box[3] - box[1] <= THIN:
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
        if min(box[2] - box[0], box[3] - box[1]) <= 1.0:
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
            self.images += (box[2] - box[0]) * (box[3] - box[1])


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
