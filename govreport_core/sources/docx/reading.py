"""What a Word file's body prints in, its Document out."""

from __future__ import annotations

from govreport_core.errors import SourceError
from govreport_core.model import Document, Part
from govreport_core.sources.grids import PICTURE, Item, printed
from govreport_core.sources.pictures import noted

_BLANK = f" \t\n\u3000\xa0{PICTURE}"
_PICTURES = (b":blip", b":imagedata")


def document_of(
    items: list[Item], content: bytes, document_id: str, media_type: str, notes: tuple[Part, ...]
) -> Document:
    """Number, place and name what the body prints.

    Args:
        items: What it prints, in order.
        content: The XML it is in.
        document_id: Of the file.
        media_type: Of the file.
        notes: Footnotes and endnotes, which are parts but no blocks.

    Raises:
        SourceError: `too_large`; `image_only` or `empty` where it prints no text.
    """
    parts, blocks, pictures = printed(items)
    if all(part.text.strip(_BLANK) == "" for part in parts):
        raise _without_text(content)
    signs = noted(pictures)
    return Document(document_id, media_type, (*parts, *notes), blocks, diagnostics=signs)


def _without_text(content: bytes) -> SourceError:
    if any(mark in content for mark in _PICTURES):
        return SourceError(
            "image_only", "its pages are pictures: get the text version, or see GOVREPORT_OCR"
        )
    return SourceError("empty", "no text in it: fetch it again")
