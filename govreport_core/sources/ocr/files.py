"""A file whose pages are pictures in, the pictures in their order out.

PDFs page by page; Word files and web pages by the pictures that are in the file
itself: nothing is fetched.
"""

from __future__ import annotations

import base64
import binascii
import importlib
import io
import re
from collections.abc import Iterator
from ctypes import string_at
from typing import Any

import msgspec
import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from govreport_core.errors import SourceError
from govreport_core.sources.container import Container
from govreport_core.sources.pictures import LEAST_HEIGHT, LEAST_WIDTH

# Dots an inch that figures of a report's size are read at, and what a page may have.
_DPI = 200
_POINTS = 72
_LONGEST = 3_000
MAX_PIXELS = 40_000_000
MAX_PICTURES = 100
# A picture that holds a page is as wide as a page, in points.
_PAGE_WIDTH = 595
_WIDTH = 1_654

_EMBEDDED = re.compile(rb"data:image/(?:png|jpe?g|gif|bmp|webp);base64,\s*([A-Za-z0-9+/=\s]{100,})")
_MEDIA = re.compile(r"word/media/[^/]*?(\d{0,9})\.(?:png|jpe?g|gif|bmp|tiff?)", re.IGNORECASE)


class Scan(msgspec.Struct, frozen=True):
    """A page as a picture.

    Attributes:
        grey: Rows of pixels, 0 black to 255 white.
        scale: Pixels in a point.
    """

    grey: NDArray[np.uint8]
    scale: float


def scans(data: bytes) -> Iterator[Scan]:
    """The pages of a file, one after another.

    Raises:
        SourceError: `too_large`, or `unreadable` where a picture is damaged.
    """
    if data.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        yield from _pdf_pages(data)
        return
    found = _in_zip(data) if data.startswith(b"PK") else _in_page(data)
    for number, picture in enumerate(found):
        if number >= MAX_PICTURES:
            raise SourceError("too_large", f"more than {MAX_PICTURES} pictures: split it")
        scan = _decoded(picture)
        if scan is not None:
            yield scan


def _pdf_pages(data: bytes) -> Iterator[Scan]:
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise SourceError("unreadable", "not a PDF, or one cut short or damaged: fetch it again")
    try:
        for index in range(pdfium.FPDF_GetPageCount(document)):
            page = pdfium.FPDF_LoadPage(document, index)
            if not page:
                raise SourceError("unreadable", f"page {index + 1} is damaged: fetch it again")
            try:
                yield _rendered(page)
            finally:
                pdfium.FPDF_ClosePage(page)
    finally:
        pdfium.FPDF_CloseDocument(document)


def _rendered(page: Any) -> Scan:
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    scale = min(_DPI / _POINTS, _LONGEST / max(width, height, 1.0))
    columns, rows = max(int(width * scale), 1), max(int(height * scale), 1)
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_Gray, None, 0)
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, pdfium.FPDF_ANNOT)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        raw = string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * rows)
        grey = np.frombuffer(raw, dtype=np.uint8).reshape(rows, stride)[:, :columns].copy()
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return Scan(grey, scale)


def _in_zip(data: bytes) -> Iterator[bytes]:
    """A Word file's pictures, in the order of their numbers."""
    container = Container(data)
    named = [(int(m[1] or 0), name) for name in container.names if (m := _MEDIA.fullmatch(name))]
    for _, name in sorted(named):
        yield container.read(name)


def _in_page(data: bytes) -> Iterator[bytes]:
    """The pictures written into a web page or a Markdown file."""
    for match in _EMBEDDED.finditer(data):
        try:
            yield base64.b64decode(match[1])
        except binascii.Error:
            continue


def _decoded(data: bytes) -> Scan | None:
    """A picture's pixels, as if a page were as wide; None for an ornament."""
    # Pillow comes with `govreport[ocr]`.
    image: Any = importlib.import_module("PIL.Image")
    try:
        with image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            if width < LEAST_WIDTH or height < LEAST_HEIGHT:
                return None
            if width * height > MAX_PIXELS:
                raise SourceError(
                    "too_large", f"a picture of {width:,} x {height:,} pixels: make it smaller"
                )
            grey = picture.convert("L")
            ratio = _WIDTH / width
            grey = grey.resize((_WIDTH, max(int(height * ratio), 1)))
            return Scan(np.asarray(grey, dtype=np.uint8), _WIDTH / _PAGE_WIDTH)
    except (OSError, ValueError, SyntaxError) as error:
        raise SourceError("unreadable", "a picture in it is damaged: fetch it again") from error
