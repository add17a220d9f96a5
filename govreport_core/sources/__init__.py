"""A path in, a Document out: one module a format, found by what the file is, not by its name."""

from __future__ import annotations

import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from govreport_core.errors import SourceError
from govreport_core.model import Document
from govreport_core.sources import html, markdown, ocr, office, pdf, text, webarchive
from govreport_core.sources.guarded import RECOGNISING, limits, read_guarded
from govreport_core.sources.recognise import ENDINGS, Format, recognise

__all__ = ["ENDINGS", "MAX_BYTES", "READERS", "read", "read_bytes"]

Reader = Callable[[bytes, str], Document]

READERS: dict[Format, Reader] = {
    Format.PDF: pdf.read_pdf,
    Format.ZIP: office.read_zip,
    Format.OLE: office.read_ole,
    Format.RTF: office.read_rtf,
    Format.WORD_XML: office.read_word_xml,
    Format.WORD_PACKAGE_XML: office.read_word_package_xml,
    Format.WEB_ARCHIVE: webarchive.read_web_archive,
    Format.PAGE: html.read_html,
    Format.MARKDOWN: markdown.read_markdown,
    Format.TEXT: text.read_text,
}

# Read as a whole in a worker process, within limits of time and memory. Readers of
# office files go there themselves, after what LibreOffice does, which takes longer.
GUARDED = frozenset({Format.PDF, Format.WEB_ARCHIVE, Format.WORD_XML, Format.WORD_PACKAGE_XML})

# One report is some ten kilobytes of text; a file of this size isn't one.
MAX_BYTES = 16 * 1024 * 1024


def read(path: Path) -> Document:
    """Read one file.

    Raises:
        SourceError: The file is missing, empty, too large, not of a format that
            is read, or not text.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise SourceError("unsupported", "not a regular file: leave it out")
        size = about.st_size
        if size > MAX_BYTES:
            raise SourceError(
                "too_large", f"{size:,} bytes; a report has at most {MAX_BYTES:,}: split it"
            )
        return read_bytes(path.read_bytes(), path.suffix.lower())
    except OSError as error:
        raise SourceError("missing", f"can't be opened: {error.strerror}") from error


def read_bytes(data: bytes, suffix: str = ".txt") -> Document:
    """Read a file's content; `suffix` tells kinds of text apart, which look alike.

    Raises:
        SourceError: As for `read`.
    """
    if not data.strip():
        raise SourceError("empty", "the file is empty: fetch it again")
    kind = recognise(data, suffix)
    document_id = sha256(data).hexdigest()
    try:
        if kind in GUARDED:
            return read_guarded(READERS[kind], data, document_id)
        return READERS[kind](data, document_id)
    except SourceError as error:
        if error.code != "image_only" or ocr.asked() is None:
            raise
        return read_guarded(ocr.read_scanned, data, document_id, limits(RECOGNISING))
