"""A path in, a Document out: one module a format, found by the file's ending."""

from __future__ import annotations

import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from govreport_core.errors import SourceError
from govreport_core.model import Document
from govreport_core.sources import html, markdown, ocr, office, pdf, text
from govreport_core.sources.guarded import RECOGNISING, limits, read_guarded

Reader = Callable[[bytes, str], Document]

READERS: dict[str, Reader] = {
    ".txt": text.read_text,
    ".text": text.read_text,
    **dict.fromkeys((".html", ".htm", ".shtml", ".xhtml"), html.read_html),
    **dict.fromkeys((".md", ".markdown"), markdown.read_markdown),
    ".pdf": pdf.read_pdf,
    **dict.fromkeys(office.ENDINGS, office.read_office),
}

# Binary formats: read in a worker process, within limits of time and memory.
GUARDED = frozenset({".pdf"})

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
    """Read a file's content; `suffix` names its format.

    Raises:
        SourceError: As for `read`.
    """
    reader = READERS.get(suffix)
    if reader is None:
        known = " ".join(sorted(READERS))
        raise SourceError("unsupported", f"files ending in {suffix!r} aren't read; known: {known}")
    if not data.strip():
        raise SourceError("empty", "the file is empty: fetch it again")
    document_id = sha256(data).hexdigest()
    try:
        if suffix in GUARDED:
            return read_guarded(reader, data, document_id)
        return reader(data, document_id)
    except SourceError as error:
        if error.code != "image_only" or ocr.asked() is None:
            raise
        return read_guarded(ocr.read_scanned, data, document_id, limits(RECOGNISING))
