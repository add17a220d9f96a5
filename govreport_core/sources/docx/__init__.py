"""A Word file (.docx) in, a Document out: its OOXML walked as Word would print it."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath

from govreport_core.errors import SourceError
from govreport_core.model import Document, Part
from govreport_core.sources.container import Container, parse_xml
from govreport_core.sources.docx.metadata import core_title
from govreport_core.sources.docx.names import W
from govreport_core.sources.docx.notes import notes
from govreport_core.sources.docx.numbering import Numbering
from govreport_core.sources.docx.walk import traits_of, walk
from govreport_core.sources.grids import PICTURE, printed
from govreport_core.sources.pictures import noted

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_MAIN = "word/document.xml"
_RELATION = "{*}Relationship"
_BLANK = f" \t\n\u3000\xa0{PICTURE}"
_PICTURES = (b":blip", b":imagedata")
# The same vocabulary under two names; everything below knows the first.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"


def read_docx(data: bytes, document_id: str, media_type: str = MEDIA_TYPE) -> Document:
    """Read a Word file's bytes.

    Tracked insertions count as text, deletions as gone; of alternative contents
    the first that prints is taken, so a text box is read once; automatic numbers
    are part of the text.

    Raises:
        SourceError: `unreadable`, `too_large`, `encrypted`, `image_only`, `empty`,
            or `unsupported` where text is embedded in another format.
    """
    container = Container(data)
    main = _main(container)
    content = _transitional(container.read(main))
    if b":altChunk" in content:
        raise SourceError(
            "unsupported", "holds a file of another format: open it in Word, save it, read that"
        )
    body = parse_xml(content).find(f"{W}body")
    if body is None:
        raise SourceError("unreadable", "no Word document in it: check the file's ending")
    items = walk(body, _numbering(container, main, content), traits_of(content))
    parts, blocks, pictures = printed(items)
    if all(part.text.strip(_BLANK) == "" for part in parts):
        raise _without_text(content)
    signs = noted(pictures)
    parts = (*parts, *_notes(container, main, content))
    title = core_title(container, parts)
    if title is None:
        return Document(document_id, media_type, parts, blocks, diagnostics=signs)
    part, cell = title
    return Document(document_id, media_type, (*parts, part), blocks, {"title": cell}, signs)


def _notes(container: Container, main: str, content: bytes) -> Iterator[Part]:
    for kind in ("footnote", "endnote"):
        if f":{kind}Reference".encode() in content:
            found = _beside(container, main, f"{kind}s")
            if found:
                yield from notes(kind, parse_xml(found))


def _main(container: Container) -> str:
    """The name of the part that holds the text, as a rule always the same."""
    if _MAIN in container.names:
        return _MAIN
    return _related(container, "", "officeDocument") or _MAIN


def _related(container: Container, part: str, kind: str) -> str | None:
    """The part that `part` names as its `kind`; the package's own where `part` is empty."""
    folder = dirname(part)
    relations = join(folder, "_rels", f"{basename(part)}.rels")
    if relations not in container.names:
        return None
    for relation in container.xml(relations).iterchildren(_RELATION):
        if relation.get("Type", "").endswith(f"/{kind}"):
            target = relation.get("Target", "")
            return normpath(target.lstrip("/") if target[:1] == "/" else join(folder, target))
    return None


def _numbering(container: Container, main: str, content: bytes) -> Numbering | None:
    """How paragraphs are numbered; None where none is."""
    lists = _beside(container, main, "numbering")
    if not lists:
        return None
    styles = _beside(container, main, "styles")
    if b"numPr" not in content and b"numPr" not in styles:
        return None
    return Numbering(parse_xml(lists), parse_xml(styles) if styles else None)


def _beside(container: Container, main: str, kind: str) -> bytes:
    usual = join(dirname(main), f"{kind}.xml")
    name = usual if usual in container.names else _related(container, main, kind)
    return _transitional(container.read(name)) if name else b""


def _transitional(content: bytes) -> bytes:
    if _STRICT not in content[:4096]:
        return content
    return content.replace(_STRICT, W[1:-1].encode())


def _without_text(content: bytes) -> SourceError:
    if any(mark in content for mark in _PICTURES):
        return SourceError(
            "image_only", "its pages are pictures: get the text version, or see GOVREPORT_OCR"
        )
    return SourceError("empty", "no text in it: fetch it again")
