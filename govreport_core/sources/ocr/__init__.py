"""Pictures of a report's pages in, what is printed on them out, with how sure each figure is.

Only where it is asked for (`GOVREPORT_OCR=rapidocr`) and `govreport[ocr]` is
installed; otherwise such a file stays `image_only`. A figure counts only where two
readings of it agree and both are sure; a cell counts as blank only where nothing is
drawn in it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from govreport_core.errors import SourceError
from govreport_core.model import Diagnostic, Document, Level
from govreport_core.sources.ocr import rapid
from govreport_core.sources.ocr.files import Scan, scans
from govreport_core.sources.ocr.page import Recogniser, recognise_page
from govreport_core.sources.pdf.flow import flow

ASKED = "GOVREPORT_OCR"
RECOGNISERS: dict[str, Callable[[], Recogniser]] = {"rapidocr": rapid.load}
"""By name, what starts a recogniser. Starting raises ImportError where it isn't installed."""

# A report has some dozen pages; each takes seconds.
MAX_PAGES = 60
# Below this a figure isn't certain.
SURE = 0.85


def asked() -> str | None:
    """The recogniser that is asked for, None where none is."""
    name = os.environ.get(ASKED, "").strip().lower()
    return {"": None, "0": None, "1": "rapidocr", "true": "rapidocr"}.get(name, name)


def read_scanned(data: bytes, document_id: str) -> Document:
    """Read a file whose pages are pictures; places are those of the pictures' order.

    Raises:
        SourceError: `image_only` where the recogniser isn't installed, or finds no
            text; `unsupported` for a name that is none; `too_large`; `unreadable`.
    """
    return recognise(scans(data), document_id, _media_type(data))


def _media_type(data: bytes) -> str:
    return "application/pdf" if b"%PDF-" in data[:1024] else "application/octet-stream"


def recognise(pictures: Iterable[Scan], document_id: str, media_type: str) -> Document:
    """Read pages that are pictures.

    Raises:
        SourceError: As for `read_scanned`.
    """
    recogniser = _started()
    pages = []
    sureness: dict[str, float] = {}
    for number, picture in enumerate(pictures, start=1):
        if number > MAX_PAGES:
            raise SourceError("too_large", f"more than {MAX_PAGES} pages to recognise: split it")
        page, sure = recognise_page(number, picture.grey, picture.scale, recogniser, SURE)
        pages.append(page)
        sureness.update(sure)
    made = flow(pages)
    if not made.blocks:
        raise SourceError("image_only", "no text was recognised in its pictures: scan it anew")
    texts = {part.part: len(part.text) for part in made.parts}
    numbers = ", ".join(str(page.number) for page in pages)
    signs = [Diagnostic(Level.DOUBT, "pages_ocr", {"pages": numbers})]
    signs += [
        Diagnostic(
            Level.NOTE if sure >= SURE else Level.DOUBT,
            "ocr",
            {"confidence": round(sure, 3)},
            part,
            0,
            None,
            texts[part],
        )
        for part, sure in sureness.items()
        if part in texts
    ]
    return Document(
        document_id, media_type, tuple(made.parts), tuple(made.blocks), {}, tuple(signs)
    )


def _started() -> Recogniser:
    name = asked()
    start = RECOGNISERS.get(name or "")
    if start is None:
        known = ", ".join(sorted(RECOGNISERS))
        raise SourceError("unsupported", f"no text recognition called {name!r}; known: {known}")
    try:
        return start()
    except ImportError as error:
        raise SourceError(
            "image_only", 'text recognition is not installed: pip install "govreport[ocr]"'
        ) from error
