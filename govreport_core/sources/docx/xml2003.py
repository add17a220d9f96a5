"""A Word file in the XML of 2003 (`w:wordDocument`) in, a Document out.

Most elements are those of .docx under another namespace; those that aren't are
renamed, then the text is walked as that of any Word file. What a list prints before
its paragraphs stands in them.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from govreport_core.errors import SourceError
from govreport_core.model import Document, Part
from govreport_core.sources.container import parse_xml
from govreport_core.sources.docx.names import W
from govreport_core.sources.docx.notes import notes
from govreport_core.sources.docx.reading import document_of
from govreport_core.sources.docx.walk import traits_of, walk

MEDIA_TYPE = "application/xml"

_NAMESPACE = b"http://schemas.microsoft.com/office/word/2003/wordml"
_AML = "{http://schemas.microsoft.com/aml/2001/core}"
_WX = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_RENAMED = {f"{W}vmerge": f"{W}vMerge", f"{W}hmerge": f"{W}hMerge"}
_NOTES = ("footnote", "endnote")
_TYPE = f"{W}type"
_SIGNS = ("Wingdings", "Symbol", "Webdings")


def read_xml2003(data: bytes, document_id: str) -> Document:
    """Read a Word file of this kind.

    Raises:
        SourceError: `unreadable`, `too_large`, `image_only` or `empty`.
    """
    content = data.replace(_NAMESPACE, W[1:-1].encode())
    body = parse_xml(content).find(f"{W}body")
    if body is None:
        raise SourceError("unreadable", "no Word document in it: fetch it again")
    tracked = b":annotation" in content
    apart = tuple(_made_plain(body))
    items = walk(body, _Printed(), traits_of(content, tracked=tracked))
    return document_of(items, content, document_id, MEDIA_TYPE, apart)


class _Printed:
    """The numbers that Word has noted in the paragraphs they stand before."""

    def before(self, properties: etree._Element | None) -> str:
        """What is printed before the paragraph with these properties."""
        listed = properties.find(f"{W}listPr") if properties is not None else None
        if listed is None:
            return ""
        number, font = listed.find(f"{_WX}t"), listed.find(f"{_WX}font")
        printed = "" if number is None else number.get(f"{_WX}val", "")
        signs = font is not None and font.get(f"{_WX}val", "").startswith(_SIGNS)
        return "" if signs or not any(map(str.isalnum, printed)) else f"{printed} "


def _made_plain(body: etree._Element) -> Iterator[Part]:
    """Name what has other names as in .docx; notes and comments are taken out, notes returned."""
    apart = {kind: etree.Element("notes") for kind in _NOTES}
    for element in list(body.iter(*_RENAMED, f"{_AML}annotation", *(W + kind for kind in _NOTES))):
        kind = str(element.tag).removeprefix(W)
        if kind in apart:
            apart[kind].append(element)
        elif element.tag in _RENAMED:
            element.tag = _RENAMED[str(element.tag)]
        elif element.get(_TYPE) == "Word.Deletion":
            element.tag = f"{W}del"
        elif element.get(_TYPE) == "Word.Comment":
            element.clear()
    for kind, held in apart.items():
        yield from notes(kind, held)
