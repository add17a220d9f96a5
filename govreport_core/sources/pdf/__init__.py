"""A PDF's bytes in, a Document out: its text lines, and its tables from their ruling lines.

bytes -> pages as sheets of characters and lines -> tables and lines -> one flow.
What the file says of itself (title, author) is left unread: it is the template's
as often as the report's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import pypdfium2.raw as pdfium

from govreport_core.errors import SourceError
from govreport_core.model import Diagnostic, Document, Level
from govreport_core.sources.pdf.flow import Flow, flow
from govreport_core.sources.pdf.fonts import stand_in
from govreport_core.sources.pdf.integrity import is_damaged
from govreport_core.sources.pdf.pages import PageContent, read_page
from govreport_core.sources.pdf.sheet import Sheet, read_sheet
from govreport_core.sources.pictures import noted

# A report has some dozen pages and ten thousand characters.
MAX_PAGES = 500
MAX_CHARACTERS = 400_000

# Of the characters, so many may lack a meaning before none of the text can be trusted.
_UNMAPPED = 0.3
# Fewer on a page are a number or a stamp over a scanned page.
_TEXT = 30
_IMAGE = 0.5
# So many shapes on a page with no text are its characters, drawn as outlines.
_SHAPES = 200


def read_pdf(data: bytes, document_id: str) -> Document:
    """Read a PDF's bytes.

    Raises:
        SourceError: `encrypted`, `image_only` where it has no text, `too_large`
            in pages or characters, `unreadable` where it is damaged or its fonts
            don't say which characters they print.
    """
    pages: list[PageContent] = []
    characters = unmapped = 0
    images: list[int] = []
    recognised: list[int] = []
    with stand_in(), _opened(data) as document:
        count = pdfium.FPDF_GetPageCount(document)
        if count > MAX_PAGES:
            raise SourceError(
                "too_large", f"{count:,} pages; a report has at most {MAX_PAGES}: split it"
            )
        for index in range(count):
            sheet = _sheet(document, index, MAX_CHARACTERS - characters)
            if sheet.fontless:
                raise SourceError(
                    "unreadable",
                    "its Chinese fonts are neither in it nor on this machine: install one, "
                    "as Noto Sans CJK, or fetch the report in another format",
                )
            characters += len(sheet.glyphs)
            unmapped += sheet.unmapped
            textless = len(sheet.glyphs) < _TEXT and (
                sheet.images > _IMAGE or sheet.shapes > _SHAPES
            )
            if textless:
                images.append(index + 1)
            elif sheet.hidden and sheet.images > _IMAGE:
                recognised.append(index + 1)
            pages.append(read_page(index + 1, sheet, textless=textless))
    if not pages or is_damaged(data):
        raise SourceError("unreadable", "the PDF is cut short or damaged: fetch it again")
    _check_text(characters, unmapped, images, len(pages))
    made = flow(pages)
    crossing = sum(page.crossing for page in pages)
    signs = (
        *_characters_in_doubt(unmapped, crossing),
        *_without_text(images, made),
        *_recognised(recognised),
        *noted(made.pictures),
    )
    return Document(
        document_id, "application/pdf", tuple(made.parts), tuple(made.blocks), {}, signs
    )


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The document while it is open; `data` must outlive it."""
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        error = pdfium.FPDF_GetLastError()
        if error in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise SourceError(
                "encrypted", "protected by a password: open it, save it without one and read that"
            )
        raise SourceError("unreadable", "not a PDF, or one cut short or damaged: fetch it again")
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _sheet(document: Any, index: int, budget: int) -> Sheet:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise SourceError(
            "unreadable", f"page {index + 1} is damaged: fetch the file again, or print it anew"
        )
    try:
        return read_sheet(page, budget)
    finally:
        pdfium.FPDF_ClosePage(page)


def _check_text(characters: int, unmapped: int, images: list[int], pages: int) -> None:
    if not characters or (len(images) == pages and characters < _TEXT * pages):
        raise SourceError(
            "image_only",
            "pages without text, as scanners make them: fetch the report in another format, "
            "or have its text recognised (GOVREPORT_OCR)",
        )
    if unmapped > _UNMAPPED * characters:
        raise SourceError(
            "unreadable",
            "its fonts don't say which characters they print: fetch the report in another format",
        )


def _characters_in_doubt(unmapped: int, crossing: int) -> Iterator[Diagnostic]:
    if unmapped:
        yield Diagnostic(Level.DOUBT, "characters_unmapped", {"count": unmapped})
    if crossing:
        yield Diagnostic(Level.DOUBT, "figures_over_lines", {"count": crossing})


def _without_text(images: list[int], made: Flow) -> Iterator[Diagnostic]:
    """A doubt for each run of pages, placed at the part before them."""
    for _, run in groupby(enumerate(images), key=lambda pair: pair[1] - pair[0]):
        pages = [page for _, page in run]
        numbers = {"pages": ", ".join(map(str, pages))}
        start = made.starts[pages[0] - 1]
        if start:
            before = made.parts[start - 1]
            end = len(before.text)
            yield Diagnostic(Level.DOUBT, "pages_without_text", numbers, before.part, 0, None, end)
        else:
            yield Diagnostic(Level.DOUBT, "pages_without_text", numbers)


def _recognised(recognised: list[int]) -> Iterator[Diagnostic]:
    if recognised:
        numbers = ", ".join(map(str, recognised))
        yield Diagnostic(Level.DOUBT, "pages_recognised", {"pages": numbers})
