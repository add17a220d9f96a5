"""A page as pdfium opens it in, what is drawn on it out: lines, images, fonts that are missing."""

from __future__ import annotations

from ctypes import addressof, byref, c_float, c_int
from itertools import repeat
from typing import Any

import msgspec
import numpy as np
import pypdfium2.raw as pdfium

from govreport_core.errors import SourceError
from govreport_core.sources.pdf.calls import Places, direct, written
from govreport_core.sources.pdf.paths import (
    Matrix,
    Shape,
    lines_in,
    matrix_of,
    on_page,
    product,
    thin_and_line,
)

# A map drawn in lines has 50,000 objects.
MAX_PAGE_OBJECTS = 200_000
MAX_RULES = 20_000
_MAX_FORMS = 8

# Characters that every Chinese font has, each as wide as high.
_COMMON = "一政公"
_EM = 10.0
_TEXT_SAMPLES = 48


class Drawn(msgspec.Struct, frozen=True):
    """What is drawn on a page.

    Attributes:
        thin: Boxes as thin as a line, a row each: left, bottom, right, top, in the
            file's coordinates, which count upwards.
        images: The boxes of its images, likewise.
        shapes: How many other shapes there are: text may be drawn as such.
        fontless: Whether it uses a Chinese font that is neither in the file nor
            on this machine: pdfium then leaves characters out without a word.
        hidden: Whether its text is laid invisibly, as recognition does under a scan.
    """

    thin: Places
    images: Places
    shapes: int
    fontless: bool
    hidden: bool


_TEXT, _PATH = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH
_IMAGE, _FORM = pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM
_BOXED = frozenset((_PATH, _IMAGE))
_ON_PAGE = direct(pdfium.FPDFPage_GetObject, pdfium.FPDF_PAGEOBJECT)
_IN_FORM = direct(pdfium.FPDFFormObj_GetObject, pdfium.FPDF_PAGEOBJECT)
_KIND = direct(pdfium.FPDFPageObj_GetType, c_int)
_BOUNDS = direct(pdfium.FPDFPageObj_GetBounds, c_int)


def drawn_on(page: Any) -> Drawn:
    """What is drawn on a page, in forms within forms too.

    Raises:
        SourceError: `too_large`.
    """
    walk = _Walk()
    walk.take(page, pdfium.FPDFPage_CountObjects(page), _ON_PAGE)
    places, told = written(_BOUNDS, len(walk.found), walk.found, pointers=4)
    places = on_page(places, walk.within)
    thin, line = thin_and_line(places)
    line &= told
    image = np.array(walk.images, np.bool_)
    other = told & ~thin
    shapes = np.flatnonzero(other & ~image).tolist()
    pieces, owners = lines_in([Shape(at, walk.found[at], walk.within[at]) for at in shapes])
    # In the file's order, whether a path is a line or has some.
    numbers = np.concatenate((np.flatnonzero(line), owners))
    if np.count_nonzero(numbers < walk.before) > MAX_RULES:
        raise _too_much()
    lines = np.concatenate((places[line], pieces))[np.argsort(numbers, kind="stable")]
    hidden = 0 < walk.hidden == walk.texts
    return Drawn(lines, places[other & image], len(shapes), walk.fontless, hidden)


def _too_much() -> SourceError:
    return SourceError(
        "too_large", "more drawn on a page than any report has: print it to a plain PDF"
    )


class _Walk:
    """What was found so far, and how much more there may be.

    Attributes:
        found: Paths and images, in the file's order.
        images: Which of them are images.
        within: Where the form of each lies on the page; None for the page itself.
        before: How many were found before the last form, or the page, was looked into.
    """

    def __init__(self) -> None:
        self.found: list[Any] = []
        self.images: list[bool] = []
        self.within: list[Matrix | None] = []
        self.before = 0
        self.left = MAX_PAGE_OBJECTS
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
        if self.left < 0:
            raise _too_much()
        self.before = len(self.found)
        objects = list(map(item, repeat(byref(holder.contents)), range(count)))
        kinds = list(map(_KIND, objects))
        step = count // _TEXT_SAMPLES + 1
        for drawn, kind in zip(objects[::step], kinds[::step], strict=True):
            if kind == _TEXT:
                self._text(drawn)
        start = 0
        forms = _FORM in kinds and depth < _MAX_FORMS
        for at in [at for at, kind in enumerate(kinds) if kind == _FORM] if forms else ():
            self._take(objects[start:at], kinds[start:at], within)
            form, start = objects[at], at + 1
            inner = pdfium.FPDFFormObj_CountObjects(form)
            self.take(form, inner, _IN_FORM, product(matrix_of(form), within), depth + 1)
        self._take(objects[start:], kinds[start:], within)

    def _take(self, objects: list[Any], kinds: list[int], within: Matrix | None) -> None:
        """Take the paths and images among a holder's objects."""
        images = [kind == _IMAGE for kind in kinds if kind in _BOXED]
        self.found += [drawn for drawn, kind in zip(objects, kinds, strict=True) if kind in _BOXED]
        self.images += images
        self.within += [within] * len(images)

    def _text(self, drawn: Any) -> None:
        self.texts += 1
        mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn)
        self.hidden += mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        font = pdfium.FPDFTextObj_GetFont(drawn)
        if font and (address := addressof(font.contents)) not in self.fonts:
            self.fonts.add(address)
            self.fontless = self.fontless or _is_missing(font)


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
