"""A web page in, the report in it as parts, paragraphs and tables out.

decode -> refuse what would bring the parser down -> walk the tree into lines and
tables -> find the report among them -> number and name what is kept.
"""

from __future__ import annotations

import re

from govreport_core.errors import SourceError
from govreport_core.model import Block, Diagnostic, Document, Level, Paragraph, Part
from govreport_core.sources.encoding import decode_utf8
from govreport_core.sources.html.grid import blocks_of
from govreport_core.sources.html.guard import refuse_bombs
from govreport_core.sources.html.meta import FILES, metadata
from govreport_core.sources.html.page import Page
from govreport_core.sources.html.report import (
    Entry,
    find_report,
    pictures_among,
    shows_text,
    without_pictures,
)
from govreport_core.sources.html.walk import walk
from govreport_core.sources.pictures import noted
from govreport_core.sources.text import read_text

MEDIA_TYPE = "text/html"

_MARKUP = re.compile("<[a-zA-Z!/?]")
# Put where a page's text was cut off: what stands before it is no whole number.
_LOST = "\ufffd"
# A page with less text than this, and no heading or table of a report, holds none.
_LEAST_TEXT = 250


def read_html(data: bytes, document_id: str) -> Document:
    """Read a web page.

    Raises:
        SourceError: `not_text`, `empty`; `too_large` for what no page of a report
            has; `image_only` where the report is a picture; `not_a_report` where
            the page only points to the report's file.
    """
    content, diagnostics, plain = decode_utf8(data, declares=True)
    if not _MARKUP.search(content):
        return read_text(data, document_id)
    return read_markup(content, document_id, diagnostics, plain)


def read_markup(
    content: str,
    document_id: str,
    diagnostics: tuple[Diagnostic, ...] = (),
    data: bytes | None = None,
) -> Document:
    """Read a page that is decoded already; `data` is the same in UTF-8, if at hand.

    Raises:
        SourceError: As for `read_html`.
    """
    refuse_bombs(content)
    if _is_cut(content):
        content, data = content + _LOST, None
    page = walk(content, data)
    report = find_report(page)
    if not report.certain:
        _refuse_empty(page, report.kept)
    parts: list[Part] = []
    ends: list[int] = []
    blocks = _blocks(page, report.kept, parts, ends)
    if report.twice:
        diagnostics += (Diagnostic(Level.NOTE, "printed_twice"),)
    if page.pictures:
        after = (ends[at] for at in pictures_among(page, report))
        diagnostics += noted(parts[end - 1] for end in after if end)
    found, added = metadata(page, content, blocks)
    return Document(document_id, MEDIA_TYPE, (*added, *parts), blocks, found, diagnostics)


def _is_cut(content: str) -> bool:
    """Whether the page ends within a cell's text: its figure may have had more digits."""
    if content.rstrip().endswith(">"):
        return False
    opened = max(content.rfind("<td"), content.rfind("<th"))
    return opened > max(content.rfind("</t"), content.rfind("</T"))


def _blocks(page: Page, kept: list[Entry], parts: list[Part], ends: list[int]) -> tuple[Block, ...]:
    """The blocks; `parts` takes their parts, and `ends` how many there are after each entry."""
    blocks: list[Block] = []
    texts = page.texts
    number = 1
    for entry in kept:
        if entry.table is None:
            text = without_pictures(texts[entry.line])
            if text:
                part = f"block:{len(blocks) + 1}"
                parts.append(Part(part, "paragraph", text))
                blocks.append(Paragraph(text, part))
        else:
            tables = blocks_of(entry.table, number, parts)
            number += len(tables)
            blocks += tables
        ends.append(len(parts))
    return tuple(blocks)


def _refuse_empty(page: Page, kept: list[Entry]) -> None:
    """A page without a report's words: is it one at all, and if not, why?"""
    size = sum(
        len(without_pictures(page.texts[e.line])) if e.table is None else _LEAST_TEXT for e in kept
    )
    if size >= _LEAST_TEXT:
        return
    file = next((f for f in page.files if FILES.search(f)), None)
    if file is not None:
        name = file.rsplit("/", 1)[-1][:80]
        raise SourceError("not_a_report", f"the page only points to a file: fetch {name}")
    if any(shows_text(picture) for picture in page.pictures):
        raise SourceError(
            "image_only",
            "the report is a picture on this page: ask for it as text, or see GOVREPORT_OCR",
        )
    if not size:
        raise SourceError("empty", "no text on the page: save it from a browser once it has loaded")
