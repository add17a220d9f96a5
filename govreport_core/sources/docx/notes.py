"""A Word file's footnotes and endnotes in, a part for each out: readable, but no block.

A note explains a figure or a word of the text; it is no paragraph of the report.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from govreport_core.model import Part
from govreport_core.sources.docx.names import W

MAX_NOTES = 500
_LEFT_OUT = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "delText", "instrText"))


def notes(kind: str, root: etree._Element) -> Iterator[Part]:
    """The notes of one kind (`footnote` or `endnote`), numbered as they are printed."""
    number = 0
    for note in root.iterchildren(f"{W}{kind}"):
        # The line above the notes is one by its type.
        if note.get(f"{W}type") is not None or number == MAX_NOTES:
            continue
        number += 1
        text = "".join(_texts(note)).strip()
        if text:
            yield Part(f"{kind}:{number}", "paragraph", text)


def _texts(parent: etree._Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag not in _LEFT_OUT:
            yield from _texts(child)
