"""A Word file's body in, its paragraphs' text and its tables' cells out, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

import msgspec
from lxml import etree

from govreport_core.sources.docx.elements import (
    ART,
    BOX,
    CELL,
    CHOICES,
    FIELD,
    IMAGE,
    KINDS,
    LEAVE,
    LOOK_INTO,
    PARAGRAPH,
    PROPERTIES,
    ROW,
    RUN,
    SIGN,
    SIGNS,
    SYMBOL,
    TABLE,
    TEXT,
)
from govreport_core.sources.docx.names import W, number_of, switched_on, value_of
from govreport_core.sources.docx.pictures import shows_text
from govreport_core.sources.docx.plain import LOOKS, MERGES, plain
from govreport_core.sources.encoding import whole_characters
from govreport_core.sources.grids import PICTURE, Item, RawCell, RawTable

T = TypeVar("T")

# Word's own limit on columns; what claims more is counted as that many.
MAX_COLUMNS = 63
# Fields within fields; people nest two or three.
MAX_FIELDS = 20

_PARAGRAPH_PROPERTIES = f"{W}pPr"
_RUN_PROPERTIES = f"{W}rPr"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_STRUCK = "\u0336"
Merged = tuple[int, str | None, str | None, bool]
_SINGLE: Merged = (1, None, None, False)


class Traits(msgspec.Struct, frozen=True):
    """What of a document's rarer features has to be looked for.

    Attributes:
        formatted: Some text is hidden, struck out, raised or lowered.
        tracked: Some paragraphs, rows or cells are deleted.
    """

    formatted: bool
    tracked: bool


def traits_of(content: bytes, *, tracked: bool = False) -> Traits:
    """The traits of a main part, by the words in it; `tracked` where that is known."""
    formatted = any(word in content for word in (b":vanish", b"strike", b":vertAlign"))
    tracked = tracked or any(word in content for word in (b":del ", b":del/", b":moveFrom"))
    return Traits(formatted, tracked)


class Numbers(Protocol):
    """What paragraphs are numbered by."""

    def before(self, properties: etree._Element | None) -> str:
        """What is printed before the paragraph with these properties (`w:pPr`)."""


def walk(body: etree._Element, numbering: Numbers | None, traits: Traits) -> list[Item]:
    """Everything the body prints, in order; the XML parser has bounded its depth."""
    return _Walk(body, numbering, traits).contents(body)


class _Walk:
    """Where the walk stands: in which fields, and what waits for its paragraph's end."""

    def __init__(self, body: etree._Element, numbering: Numbers | None, traits: Traits) -> None:
        self.numbering = numbering
        self.traits = traits
        self.plain = plain(body)
        # For each open field, whether its instruction (True) or its result is read.
        self.fields: list[bool] = []
        self.boxes: list[Item] = []
        self.carried: list[str] = []
        # How many cells the walk is in.
        self.cells = 0

    # Paragraphs and tables.

    def contents(self, parent: etree._Element) -> list[Item]:
        """What a body, a cell or a text box holds."""
        carried, self.carried = self.carried, []
        items: list[Item] = []
        self._blocks(parent, items)
        if self.carried:
            items.append("".join(self.carried))
        self.carried = carried
        return items

    def _blocks(self, parent: etree._Element, items: list[Item]) -> None:
        for child in parent:
            kind = KINDS.get(child.tag, LOOK_INTO)
            if kind == PARAGRAPH:
                self._paragraph(child, items)
            elif kind == TABLE:
                if self.carried:
                    items.append("".join(self.carried))
                    self.carried = []
                items.append(self._table(child))
            elif kind == CHOICES:
                self._choose(child, items, self._blocks)
            elif kind == LOOK_INTO and len(child):
                self._blocks(child, items)

    def _paragraph(self, paragraph: etree._Element, items: list[Item]) -> None:
        boxes, self.boxes = self.boxes, []
        odd = paragraph in self.plain.odd
        if odd or any(self.fields):
            text = self._walked(paragraph)
        else:
            text = "".join(self.plain.texts.get(paragraph, ()))
        properties = None
        if odd or paragraph in self.plain.listed:
            properties = next(paragraph.iterchildren(_PARAGRAPH_PROPERTIES), None)
        if self.traits.tracked and odd and _mark_deleted(properties):
            self.carried.append(text)
        else:
            if self.carried:
                text = "".join((*self.carried, text))
                self.carried = []
            if self.numbering is not None:
                text = self.numbering.before(properties) + text
            items.append(text)
        items.extend(self.boxes)
        self.boxes = boxes

    def _walked(self, paragraph: etree._Element) -> str:
        """The text of a paragraph that isn't plain."""
        pieces: list[str] = []
        self._inline(paragraph, pieces)
        if any(self.fields):
            # No instruction goes on into the next paragraph: the field's end was deleted.
            self.fields = [False for _ in self.fields]
        return "".join(pieces)

    # Within a paragraph.

    def _inline(self, parent: etree._Element, pieces: list[str]) -> None:
        for child in parent:
            kind = KINDS.get(child.tag, LOOK_INTO)
            if kind == TEXT:
                if child.text and not (self.fields and any(self.fields)):
                    pieces.append(child.text)
            elif kind == RUN:
                if self.traits.formatted:
                    self._formatted(child, pieces)
                else:
                    self._inline(child, pieces)
            elif kind == LOOK_INTO:
                if len(child):
                    self._inline(child, pieces)
            elif kind not in (LEAVE, PROPERTIES):
                self._rarer(kind, child, pieces)

    def _rarer(self, kind: int, element: etree._Element, pieces: list[str]) -> None:
        if kind == SIGN:
            pieces.append(SIGNS[str(element.tag)])
        elif kind == SYMBOL:
            pieces.append(_symbol(element))
        elif kind == FIELD:
            self._field(element.get(f"{W}fldCharType"))
        elif kind == ART:
            pieces.append(element.get("string", ""))
        elif kind == IMAGE:
            if self.cells or shows_text(element):
                pieces.append(PICTURE)
        elif kind == BOX:
            self.boxes.extend(self.contents(element))
        elif kind == CHOICES:
            self._choose(element, pieces, self._inline)
        elif kind == PARAGRAPH:
            # Only damaged files have one in another; its text isn't lost.
            self._inline(element, pieces)

    def _field(self, mark: str | None) -> None:
        if mark == "begin" and len(self.fields) < MAX_FIELDS:
            self.fields.append(True)
        elif self.fields and mark == "separate":
            self.fields[-1] = False
        elif self.fields and mark == "end":
            self.fields.pop()

    def _formatted(self, run: etree._Element, pieces: list[str]) -> None:
        """A run that may be hidden, struck out, raised or lowered.

        Its characters show it, so that a struck figure or a note's mark beside
        one isn't read as part of a number.
        """
        own: list[str] = []
        self._inline(run, own)
        text = "".join(own)
        for properties in run.iterchildren(_RUN_PROPERTIES):
            for look in properties.iterchildren(*LOOKS):
                text = _shown(text, look)
        pieces.append(text)

    def _choose(
        self,
        choices: etree._Element,
        out: list[T],
        read: Callable[[etree._Element, list[T]], None],
    ) -> None:
        """The first of the alternatives that prints anything."""
        for choice in choices:
            before = len(out), len(self.boxes)
            read(choice, out)
            if before != (len(out), len(self.boxes)):
                return

    # Tables.

    def _table(self, table: etree._Element) -> RawTable:
        cells: list[RawCell] = []
        above: dict[int, RawCell] = {}
        number = 0
        for row in _within(table, ROW):
            properties = row.find(f"{W}trPr")
            col = 0
            if properties is not None:
                if self.traits.tracked and properties.find(f"{W}del") is not None:
                    continue
                col = min(number_of(properties.find(f"{W}gridBefore"), 0), MAX_COLUMNS)
            above = self._row(row, number, col, above, cells)
            number += 1
        return RawTable(cells)

    def _row(
        self,
        row: etree._Element,
        number: int,
        col: int,
        above: dict[int, RawCell],
        cells: list[RawCell],
    ) -> dict[int, RawCell]:
        """Add a row's cells; returned are those that may go on below it."""
        below: dict[int, RawCell] = {}
        last: RawCell | None = None
        for element in _within(row, CELL):
            span, down, across, deleted = _SINGLE
            if element in self.plain.merged:
                span, down, across, deleted = _merged(element)
            upper = above.get(col)
            if deleted:
                continue
            if across == "continue" and last is not None:
                last.colspan += span
            elif down == "continue" and upper is not None:
                upper.rowspan += 1
                below[col] = last = upper
            else:
                self.cells += 1
                last = RawCell(number, col, span, 1, self.contents(element))
                self.cells -= 1
                cells.append(last)
                if down is not None:
                    below[col] = last
            col += span
        return below


def _within(parent: etree._Element, wanted: int) -> Iterator[etree._Element]:
    """Rows of a table, cells of a row, those in content controls included."""
    for child in parent:
        kind = KINDS.get(child.tag, LOOK_INTO)
        if kind == wanted:
            yield child
        elif kind == LOOK_INTO and len(child):
            yield from _within(child, wanted)
        elif kind == CHOICES and len(child):
            yield from _within(child[0], wanted)


def _merged(cell: etree._Element) -> Merged:
    """Columns, how it is merged down and across (`restart`, `continue`), whether it is deleted."""
    span, down, across, deleted = 1, None, None, False
    for properties in cell.iterchildren(f"{W}tcPr"):
        for element in properties.iterchildren(*MERGES):
            if element.tag == MERGES[0]:
                span = min(max(number_of(element, 1), 1), MAX_COLUMNS)
            elif element.tag == MERGES[1]:
                down = value_of(element) or "continue"
            elif element.tag == MERGES[2]:
                across = value_of(element) or "continue"
            else:
                deleted = True
        break
    return span, down, across, deleted


def _mark_deleted(properties: etree._Element | None) -> bool:
    """Whether the paragraph's end is deleted: the next one goes on with it."""
    if properties is None:
        return False
    for look in properties.iterchildren(_RUN_PROPERTIES):
        if next(look.iterchildren(f"{W}del", f"{W}moveFrom"), None) is not None:
            return True
    return False


def _shown(text: str, look: etree._Element) -> str:
    """A run's text under one of `LOOKS`."""
    value = value_of(look)
    if look.tag == LOOKS[0]:
        scripts = {"superscript": _RAISED, "subscript": _LOWERED}
        return text.translate(scripts.get(value or "", {}))
    if not switched_on(look):
        return text
    if look.tag == LOOKS[1]:
        return ""
    return "".join(c if c.isspace() else c + _STRUCK for c in text)


def _symbol(element: etree._Element) -> str:
    """A character of a symbol font by its number; a box where the number is none."""
    try:
        return whole_characters(chr(int(element.get(f"{W}char", ""), 16)))
    except (ValueError, OverflowError):
        return "\ufffd"
