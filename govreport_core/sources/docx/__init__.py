"""A Word file (.docx) in, a Document out: its OOXML walked as Word would print it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from posixpath import basename, dirname, join, normpath

import msgspec
from lxml import etree

from govreport_core.errors import SourceError
from govreport_core.model import Document, Part
from govreport_core.sources.container import Container, parse_xml
from govreport_core.sources.docx.embedded import CHUNK, page_of
from govreport_core.sources.docx.flat import Package
from govreport_core.sources.docx.looks import without_looks
from govreport_core.sources.docx.metadata import core_title
from govreport_core.sources.docx.names import W
from govreport_core.sources.docx.notes import notes
from govreport_core.sources.docx.numbering import Numbering
from govreport_core.sources.docx.reading import document_of
from govreport_core.sources.docx.walk import traits_of, walk
from govreport_core.sources.grids import Item
from govreport_core.sources.html import read_markup

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_MAIN = "word/document.xml"
_RELATION = "{*}Relationship"
# The same vocabulary under two names; everything below knows the first.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"


def read_docx(data: bytes, document_id: str, media_type: str = MEDIA_TYPE) -> Document:
    """Read a Word file's bytes.

    Tracked insertions count as text, deletions as gone; of alternative contents
    the first that prints is taken, so a text box is read once; automatic numbers
    are part of the text; embedded web pages are read where they stand.

    Raises:
        SourceError: `unreadable`, `too_large`, `encrypted`, `image_only`, `empty`,
            or `unsupported` where text is embedded in a format that isn't read.
    """
    return read_word(Container(data), document_id, media_type)


def read_word(package: Package, document_id: str, media_type: str = MEDIA_TYPE) -> Document:
    """Read a Word file's parts; as `read_docx`."""
    word = _opened(package)
    if b"altChunk" in word.content and next(word.body.iter(CHUNK), None) is not None:
        page, signs = page_of(word.body, word.related, word.items, _items_in)
        document = read_markup(page, document_id, signs)
        return msgspec.structs.replace(document, media_type=media_type)
    found = tuple(_notes(word))
    document = document_of(word.items(word.body), word.content, document_id, media_type, found)
    title = core_title(package, document.parts)
    if title is None:
        return document
    part, cell = title
    return msgspec.structs.replace(
        document, parts=(*document.parts, part), metadata={"title": cell}
    )


class _Word(msgspec.Struct, frozen=True):
    """A Word file opened: its parts, the name and bytes of the one with the text, its body."""

    package: Package
    main: str
    content: bytes
    body: etree._Element
    numbering: Numbering | None

    def items(self, body: etree._Element) -> list[Item]:
        """What the body, or a stretch of it, prints."""
        return walk(body, self.numbering, traits_of(self.content))

    def related(self, name: str) -> bytes:
        """The part that has this name among those that the text's part refers to."""
        target = _related(self.package, self.main, lambda relation: relation.get("Id") == name)
        return self.package.read(target) if target else b""


def _opened(package: Package) -> _Word:
    main = _main(package)
    content = without_looks(_transitional(package.read(main)))
    body = parse_xml(content).find(f"{W}body") if content else None
    if body is None:
        raise SourceError("unreadable", "no Word document in it: check the file")
    return _Word(package, main, content, body, _numbering(package, main, content))


def _items_in(data: bytes) -> list[Item]:
    """What an embedded Word file prints; what is embedded in that isn't read."""
    word = _opened(Container(data))
    if next(word.body.iter(CHUNK), None) is not None:
        raise SourceError("unsupported", "embeds files in embedded files: save it anew in Word")
    return word.items(word.body)


def _notes(word: _Word) -> Iterator[Part]:
    for kind in ("footnote", "endnote"):
        if f":{kind}Reference".encode() in word.content:
            found = _beside(word.package, word.main, f"{kind}s")
            if found:
                yield from notes(kind, parse_xml(found))


def _main(container: Package) -> str:
    """The name of the part that holds the text, as a rule always the same."""
    if _MAIN in container.names:
        return _MAIN
    return _related(container, "", _of_kind("officeDocument")) or _MAIN


Wanted = Callable[[etree._Element], bool]


def _of_kind(kind: str) -> Wanted:
    return lambda relation: relation.get("Type", "").endswith(f"/{kind}")


def _related(container: Package, part: str, wanted: Wanted) -> str | None:
    """The part that `part` refers to so; the package's own where `part` is empty."""
    folder = dirname(part)
    relations = join(folder, "_rels", f"{basename(part)}.rels")
    if relations not in container.names:
        return None
    for relation in container.xml(relations).iterchildren(_RELATION):
        if wanted(relation):
            target = relation.get("Target", "")
            return normpath(target.lstrip("/") if target[:1] == "/" else join(folder, target))
    return None


def _numbering(container: Package, main: str, content: bytes) -> Numbering | None:
    """How paragraphs are numbered; None where none is."""
    lists = _beside(container, main, "numbering")
    if not lists:
        return None
    styles = _beside(container, main, "styles")
    if b"numPr" not in content and b"numPr" not in styles:
        return None
    return Numbering(parse_xml(lists), parse_xml(styles) if styles else None)


def _beside(container: Package, main: str, kind: str) -> bytes:
    usual = join(dirname(main), f"{kind}.xml")
    name = usual if usual in container.names else _related(container, main, _of_kind(kind))
    return _transitional(container.read(name)) if name else b""


def _transitional(content: bytes) -> bytes:
    if _STRICT not in content[:4096]:
        return content
    return content.replace(_STRICT, W[1:-1].encode())
