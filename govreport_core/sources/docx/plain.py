"""A Word file's body in, the text of its plain paragraphs out, and which others need a walk.

Nearly all paragraphs are runs of text and nothing else: one pass over the elements
that print something finds them, at a fraction of what a walk through each costs.
"""

from __future__ import annotations

from itertools import islice

import msgspec
from lxml import etree

from govreport_core.sources.docx.elements import (
    CELL,
    KINDS,
    LEAVE,
    LOOK_INTO,
    PARAGRAPH,
    PROPERTIES,
    ROW,
    RUN,
    TABLE,
)
from govreport_core.sources.docx.names import W, switched_on, value_of

LOOKS = (f"{W}vertAlign", f"{W}vanish", f"{W}strike", f"{W}dstrike")
"""What a run may be beside visible: raised or lowered, hidden, struck out."""
MERGES = (f"{W}gridSpan", f"{W}vMerge", f"{W}hMerge", f"{W}cellDel")
"""What of a cell's properties says how it is merged, and whether it is deleted."""

_TEXT, _RUN, _PARAGRAPH, _CELL = f"{W}t", f"{W}r", f"{W}p", f"{W}tc"
_HOLD = frozenset({f"{W}body", _CELL})  # no paragraph is around one in these
_STOPS = f"{W}tabs"
_UNPRINTED = frozenset({LOOK_INTO, LEAVE, PROPERTIES, PARAGRAPH, RUN, TABLE, ROW, CELL})
_DELETED = (f"{W}del", f"{W}moveFrom")
_LISTED = (f"{W}numPr", f"{W}pStyle", f"{W}listPr")
_ASKED = (
    *(str(tag) for tag, kind in KINDS.items() if kind not in _UNPRINTED),
    *(_PARAGRAPH, *LOOKS, *MERGES, *_DELETED, *_LISTED),
)


class Plain(msgspec.Struct, frozen=True):
    """What a walk needn't look into.

    Attributes:
        texts: Paragraphs with the texts of their runs; one in neither prints nothing.
        odd: Paragraphs that hold anything else that prints, or of which a part is changed.
        merged: Cells whose properties say how they are merged, or that they are deleted.
        listed: Paragraphs whose properties name a list or a style.
    """

    texts: dict[etree._Element, list[str]]
    odd: set[etree._Element]
    merged: set[etree._Element]
    listed: set[etree._Element]


def plain(body: etree._Element) -> Plain:
    """Tell the plain paragraphs of a body from the others.

    Args:
        body: It, or a stretch of it.

    Returns:
        All its paragraphs' texts. The elements stay the same objects as long as this is held.
    """
    found = Plain({}, set(), set(), set())
    for element in body.iter(*_ASKED):
        tag = element.tag
        if tag == _TEXT:
            _text(element, found)
        elif tag in MERGES:
            found.merged.update(islice(element.iterancestors(_CELL), 1))
        elif tag in _LISTED:
            found.listed.update(islice(element.iterancestors(_PARAGRAPH), 1))
        elif not _changes_nothing(element, str(tag)):
            _mark(element, found)
    return found


def _mark(element: etree._Element, found: Plain) -> None:
    """Every paragraph around an element, as far out as none is marked yet."""
    for paragraph in element.iterancestors(_PARAGRAPH):
        if paragraph in found.odd:
            return
        found.odd.add(paragraph)


def _text(element: etree._Element, found: Plain) -> None:
    """A text, which is plain only in a run that is a paragraph's own."""
    run = element.getparent()
    paragraph = None if run is None else run.getparent()
    if paragraph is None or run is None or run.tag != _RUN or paragraph.tag != _PARAGRAPH:
        _mark(element, found)
    elif element.text:
        found.texts.setdefault(paragraph, []).append(element.text)


def _changes_nothing(element: etree._Element, tag: str) -> bool:
    """Whether a paragraph around an element prints the same without it."""
    parent = element.getparent()
    if tag == _PARAGRAPH:
        return parent is not None and parent.tag in _HOLD
    if tag == LOOKS[0]:
        return value_of(element) == "baseline"
    if tag in LOOKS:
        return not switched_on(element)
    return parent is not None and parent.tag == _STOPS
