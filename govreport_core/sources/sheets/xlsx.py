"""An Excel file's (.xlsx) bytes in, the texts its sheets show out.

The XML is read here, not by the library that reads .xls: that one shows errors and
formulas that were never computed as blanks, says nothing of formats, and holds a
sheet as one full rectangle, which two cells far apart make too large.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from posixpath import join, normpath
from typing import NamedTuple, TypeVar

import msgspec
from lxml import etree

from govreport_core.errors import SourceError
from govreport_core.sources.container import Container, broken_xml, parse_xml, refuse_entities
from govreport_core.sources.encoding import whole_characters
from govreport_core.sources.sheets.formats import GENERAL, Format, format_of, show
from govreport_core.sources.sheets.layout import Range, RawSheet
from govreport_core.sources.whole import whole_number

WORKBOOK = "xl/workbook.xml"
MAX_CELLS = 200_000
MAX_SHEETS = 100
MAX_TEXT = 4_000_000
# A sheet of so many bytes is held as a whole; of larger ones, a cell at a time.
_AT_ONCE = 1024 * 1024
_READ = ("{*}row", "{*}c", "{*}mergeCell", "{*}col")
_STYLES = "xl/styles.xml"
_STRINGS = "xl/sharedStrings.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_LONGEST_NAME = 12
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
MAX_COLUMNS = 16_384
_ON = ("1", "true")
_TRUTH = {"1": "TRUE", "0": "FALSE"}
_Kind = TypeVar("_Kind")


class Sheets(NamedTuple):
    """The sheets that are shown; how many are hidden, and how many cells of those shown."""

    shown: list[RawSheet]
    hidden: int
    cells_hidden: int = 0


def read_sheets(container: Container) -> Sheets:
    """The sheets that are shown, and how much is hidden.

    Raises:
        SourceError: `unreadable` or `too_large`.
    """
    workbook = container.xml(WORKBOOK)
    properties = workbook.find("{*}workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    book = _Book(_strings(container), _formats(container), since_1904)
    targets = _targets(container)
    sheets: list[RawSheet] = []
    hidden = 0
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        if sheet.get("state", "visible") != "visible":
            hidden += 1
            continue
        if len(sheets) == MAX_SHEETS:
            raise SourceError("too_large", f"more than {MAX_SHEETS} sheets: split the file")
        name = next((v for k, v in sheet.attrib.items() if str(k).endswith("}id")), "")
        content = container.read(targets.get(name, ""))
        if content:
            sheets.append(book.sheet(content))
    return Sheets(sheets, hidden, book.hidden)


def _targets(container: Container) -> dict[str, str]:
    """The sheets' parts by the name the workbook gives them."""
    found: dict[str, str] = {}
    for relation in container.xml(_RELATIONS).iterchildren("{*}Relationship"):
        target = relation.get("Target", "")
        path = target[1:] if target.startswith("/") else join("xl", target)
        found[relation.get("Id", "")] = normpath(path)
    return found


def _strings(container: Container) -> list[str]:
    content = container.read(_STRINGS)
    if not content:
        return []
    return [_rich(item) for item in parse_xml(content).iterchildren("{*}si")]


def _rich(item: etree._Element) -> str:
    """A text of one or several runs, without the reading aids above its characters."""
    pieces: list[str] = []
    for child in item:
        name = _name_of(child.tag)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces.extend(t.text or "" for t in child.iterchildren("{*}t"))
    text = "".join(pieces)
    if "_x" in text:
        text = whole_characters(_ESCAPED.sub(lambda m: chr(int(m[1], 16)), text))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _formats(container: Container) -> list[Format]:
    """What each cell style does to a figure."""
    content = container.read(_STYLES)
    if not content:
        return []
    styles = parse_xml(content)
    codes = {
        own.get("numFmtId", ""): own.get("formatCode", "")
        for own in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    numbers = [xf.get("numFmtId", "0") for xf in styles.iterfind("{*}cellXfs/{*}xf")]
    return [format_of(whole_number(n) or 0, codes.get(n)) for n in numbers]


class _Names(dict[object, str]):
    """The names of a file's elements by their tags."""

    def __missing__(self, tag: object) -> str:
        self[tag] = _name_of(tag)
        return self[tag]


class _Book(msgspec.Struct):
    """What the sheets share, and how many cells and characters they have so far."""

    strings: list[str]
    formats: list[Format]
    since_1904: bool
    cells: int = 0
    characters: int = 0
    hidden: int = 0
    names: _Names = msgspec.field(default_factory=_Names)

    def sheet(self, content: bytes) -> RawSheet:
        """One sheet's printed texts and merged ranges."""
        texts: dict[tuple[int, int], str] = {}
        merged: list[Range] = []
        rows: set[int] = set()
        columns: set[int] = set()
        row = col = -1
        for element in _elements(content):
            name = self.names[element.tag]
            if name == "row":
                number = element.get("r", "")
                row = int(number) - 1 if number.isdecimal() and len(number) < 8 else row + 1
                col = -1
                if element.get("hidden") in _ON:
                    rows.add(row)
            elif name == "col":
                columns.update(_hidden_columns(element))
            elif name == "c":
                where = _position(element.get("r", ""))
                row, col = where if where is not None else (max(row, 0), col + 1)
                self.cells += 1
                if text := self._text(element):
                    texts[row, col] = text
                    self.characters += len(text)
                if self.cells > MAX_CELLS or self.characters > MAX_TEXT:
                    raise SourceError(
                        "too_large", f"more than {MAX_CELLS:,} cells or too much text: split it"
                    )
            elif (area := _range(element.get("ref", ""))) is not None:
                merged.append(area)
        if rows or columns:
            before = len(texts)
            texts = _shown(texts, merged, rows, columns)
            self.hidden += before - len(texts)
        return RawSheet(texts, merged)

    def _text(self, cell: etree._Element) -> str:
        kind = cell.get("t", "n")
        stored, formula = "", None
        for child in cell:
            name = self.names[child.tag]
            if name == "v":
                stored = child.text or ""
            elif name == "f":
                formula = child.text or ""
            elif name == "is":
                return _rich(child)
        if kind == "s":
            return _at(self.strings, whole_number(stored), stored)
        if kind in ("str", "e", "d"):
            return stored.replace("\r\n", "\n")
        if not stored:
            # Never computed: there is a figure, but nobody has seen it yet.
            return f"={formula}" if formula is not None else ""
        if kind == "b":
            return _TRUTH.get(stored, stored)
        shape = _at(self.formats, whole_number(cell.get("s", "0")), GENERAL)
        return show(stored, shape, since_1904=self.since_1904)


def _at(some: Sequence[_Kind], place: int | None, otherwise: _Kind) -> _Kind:
    """What stands at a place that a cell names; `otherwise` where nothing does."""
    return otherwise if place is None or place >= len(some) else some[place]


def _elements(content: bytes) -> Iterator[etree._Element]:
    """Rows, cells, merged ranges and columns in their order."""
    if len(content) > _AT_ONCE:
        return _one_by_one(content)
    return iter(parse_xml(content).iter(*_READ))


def _one_by_one(content: bytes) -> Iterator[etree._Element]:
    """Rows as they begin, all others when they are whole; what was read is let go."""
    events = etree.iterparse(
        io.BytesIO(content),
        events=("start", "end"),
        tag=_READ,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for number, (event, element) in enumerate(events):
            if not number:
                refuse_entities(element)
            is_row = element.tag.endswith("}row")
            if is_row == (event == "start"):
                yield element
            if event == "end" and not is_row:
                # The parser may still be at what follows it.
                element.clear(keep_tail=True)
    except etree.XMLSyntaxError as error:
        raise broken_xml(error) from error


def _hidden_columns(element: etree._Element) -> range:
    """The columns, from 0, that a definition of columns hides."""
    first, last = element.get("min", ""), element.get("max", "")
    known = first.isdecimal() and last.isdecimal() and len(first) < 6 and len(last) < 6
    if element.get("hidden") not in _ON or not known:
        return range(0)
    return range(int(first) - 1, min(int(last), MAX_COLUMNS))


def _shown(
    texts: dict[tuple[int, int], str], merged: list[Range], rows: set[int], columns: set[int]
) -> dict[tuple[int, int], str]:
    """The texts that are seen: a merged cell's also where it only begins in what is hidden."""
    reaching = {
        (top, left)
        for top, left, bottom, right in merged
        if any(r not in rows for r in range(top, min(bottom, top + MAX_COLUMNS) + 1))
        and any(c not in columns for c in range(left, min(right, MAX_COLUMNS) + 1))
    }
    return {
        at: text
        for at, text in texts.items()
        if at in reaching or (at[0] not in rows and at[1] not in columns)
    }


def _name_of(tag: object) -> str:
    """An element's name without its namespace: the standard has two, programs have others."""
    return str(tag).rpartition("}")[2]


def _position(name: str) -> tuple[int, int] | None:
    """Row and column, from 0, of a cell's name: `B7` is (6, 1)."""
    return _placed(name) if len(name) <= _LONGEST_NAME else None


@lru_cache(8192)
def _placed(name: str) -> tuple[int, int] | None:
    """The same; all sheets have the same names, whose kept ones are short."""
    found = _REFERENCE.fullmatch(name)
    if found is None:
        return None
    col = 0
    for letter in found[1].upper():
        col = col * 26 + ord(letter) - ord("A") + 1
    return max(int(found[2]) - 1, 0), col - 1


def _range(name: str) -> Range | None:
    first, _, last = name.partition(":")
    start, end = _position(first), _position(last or first)
    if start is None or end is None or end < start or end[1] < start[1]:
        return None
    return (*start, *end)
