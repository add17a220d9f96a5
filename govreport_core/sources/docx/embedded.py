"""A Word file whose text is embedded as files of other formats in, one page of all of it out.

Programs that make Word files embed a web page (`w:altChunk`) and leave its conversion
to Word, which does it when the file is saved. What the body itself holds is written
as a page too, so that everything stands in its order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape

from lxml import etree

from govreport_core.errors import SourceError
from govreport_core.model import Diagnostic
from govreport_core.sources.docx.names import W
from govreport_core.sources.encoding import decode
from govreport_core.sources.grids import Item, RawCell, RawTable
from govreport_core.sources.recognise import Format, recognise
from govreport_core.sources.webarchive import page_in

CHUNK = f"{W}altChunk"
MAX_CHUNKS = 100

_ID = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)

Page = tuple[str, tuple[Diagnostic, ...]]


def page_of(
    body: etree._Element,
    content_of: Callable[[str], bytes],
    items_of: Callable[[etree._Element], Iterable[Item]],
    items_in: Callable[[bytes], Iterable[Item]],
) -> Page:
    """A body and what it embeds as one page, and what was odd in the bytes.

    Args:
        body: The body; what it holds is taken out of it.
        content_of: The embedded file with that relation's name.
        items_of: What a stretch of the body prints.
        items_in: What the body of an embedded Word file prints.

    Raises:
        SourceError: `unsupported` for formats that aren't read here; `too_large`.
    """
    chunks = [child for child in body if child.tag == CHUNK]
    if len(chunks) != sum(1 for _ in body.iter(CHUNK)):
        raise _unsupported("in a table")
    if len(chunks) > MAX_CHUNKS:
        raise SourceError("too_large", f"more than {MAX_CHUNKS} files embedded: split it")
    pieces: list[str] = []
    signs: tuple[Diagnostic, ...] = ()
    for stretch in _stretches(body):
        if stretch.tag == CHUNK:
            name = next((stretch.get(key, "") for key in _ID if key in stretch.attrib), "")
            piece, more = _embedded(content_of(name), items_in)
            signs += more
        else:
            piece = "".join(_markup(items_of(stretch)))
        pieces.append(piece)
    return "\n".join(pieces), signs


def _stretches(body: etree._Element) -> Iterator[etree._Element]:
    """Embedded files, and between them what the body holds as bodies of their own."""
    held: list[etree._Element] = []
    for child in [*body, None]:
        if child is not None and child.tag != CHUNK:
            held.append(child)
            continue
        if held:
            stretch = etree.Element(body.tag)
            stretch.extend(held)
            held = []
            yield stretch
        if child is not None:
            yield child


def _embedded(data: bytes, items_in: Callable[[bytes], Iterable[Item]]) -> Page:
    if not data.strip():
        raise SourceError("unreadable", "a file that it embeds is missing: fetch it again")
    kind = recognise(data, ".txt")
    if kind is Format.WEB_ARCHIVE:
        return page_in(data)
    if kind is Format.ZIP:
        return "".join(_markup(items_in(data))), ()
    if kind not in (Format.PAGE, Format.TEXT, Format.MARKDOWN):
        raise _unsupported(f"as {kind}")
    content, signs = decode(data, declares=True)
    return (content if kind is Format.PAGE else "".join(_markup(content.splitlines()))), signs


def _unsupported(how: str) -> SourceError:
    return SourceError(
        "unsupported", f"embeds a file {how}: open it in Word, save it anew, and read that"
    )


def _markup(items: Iterable[Item]) -> Iterator[str]:
    """Paragraphs and tables as a page has them."""
    for item in items:
        if isinstance(item, RawTable):
            yield f"<table>{''.join(_rows(item))}</table>\n"
        else:
            yield f"<p>{escape(item).replace(chr(10), '<br>')}</p>\n"


def _rows(table: RawTable) -> Iterator[str]:
    rows: dict[int, list[RawCell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    for number in range(max(rows, default=-1) + 1):
        cells = sorted(rows.get(number, ()), key=lambda cell: cell.col)
        yield f"<tr>{''.join(map(_cell, cells))}</tr>\n"


def _cell(cell: RawCell) -> str:
    spans = f'colspan="{cell.colspan}" rowspan="{cell.rowspan}"'
    return f"<td {spans}>{''.join(_markup(cell.items))}</td>"
