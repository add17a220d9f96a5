"""An OpenDocument sheet's (.ods) bytes in, the texts its sheets show out."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from govreport_core.errors import SourceError
from govreport_core.sources.container import Container
from govreport_core.sources.sheets.layout import RawSheet
from govreport_core.sources.sheets.xlsx import MAX_CELLS, MAX_SHEETS, MAX_TEXT
from govreport_core.sources.whole import whole_number

CONTENT = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_ROW = f"{_TABLE}table-row"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_GROUPS = frozenset(f"{_TABLE}table-{name}" for name in ("header-rows", "row-group", "rows"))
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_BESIDE = frozenset((f"{_OFFICE}annotation", f"{_TEXT}ruby-text"))
_LARGEST = 1_048_576


def read_sheets(container: Container) -> tuple[list[RawSheet], int]:
    """The sheets that are shown, and how many are hidden.

    Raises:
        SourceError: `unreadable` or `too_large`.
    """
    root = container.xml(CONTENT)
    unseen = {
        style.get(f"{_STYLE}name")
        for style in root.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style")
        for look in style.iterchildren(f"{_STYLE}table-properties")
        if look.get(f"{_TABLE}display") == "false"
    }
    sheets: list[RawSheet] = []
    hidden = size = 0
    for table in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        if table.get(f"{_TABLE}style-name") in unseen:
            hidden += 1
            continue
        sheet = _sheet(table)
        sheets.append(sheet)
        size += sum(map(len, sheet.texts.values()))
        if len(sheets) > MAX_SHEETS or size > MAX_TEXT:
            raise SourceError("too_large", "too many sheets or too much text: split the file")
    return sheets, hidden


def _sheet(table: etree._Element) -> RawSheet:
    sheet = RawSheet({})
    row = 0
    for element in _rows(table):
        cells = list(_cells(element))
        printed = [cell for cell in cells if cell[1]]
        times = _number(element, "rows-repeated")
        if printed and len(sheet.texts) + times * len(printed) > MAX_CELLS:
            raise SourceError("too_large", f"more than {MAX_CELLS:,} cells: split the file")
        for number in range(row, row + times if printed else row):
            sheet.texts.update({(number, col): text for col, text, _, _ in printed})
        sheet.merged += [
            (row, col, row + down - 1, col + across - 1)
            for col, _, down, across in cells
            if down * across > 1
        ]
        row += times
    return sheet


def _rows(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag == _ROW:
            yield child
        elif child.tag in _GROUPS:
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[tuple[int, str, int, int]]:
    """Column, text, rows and columns of each cell that prints or is merged."""
    col = 0
    for cell in row.iterchildren(*_CELLS):
        times = _number(cell, "columns-repeated")
        if cell.tag == _CELLS[0]:
            text = _printed(cell)
            down, across = _number(cell, "rows-spanned"), _number(cell, "columns-spanned")
            if text and times > MAX_CELLS:
                raise SourceError("too_large", f"more than {MAX_CELLS:,} cells: split the file")
            for place in range(col, col + times if text else col + 1):
                if text or down * across > 1:
                    yield place, text, down, across
        col += times


def _printed(cell: etree._Element) -> str:
    """What a cell shows; what it stores, where nothing is written of what it shows."""
    lines = ["".join(_pieces(line)) for line in cell.iterchildren(f"{_TEXT}p")]
    return "\n".join(lines) if lines else cell.get(f"{_OFFICE}value", "")


def _pieces(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            count = whole_number(child.get(f"{_TEXT}c"))
            yield " " * (1 if count is None else min(count, 100))
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _BESIDE:
            yield from _pieces(child)
        yield child.tail or ""


def _number(element: etree._Element, name: str) -> int:
    return min(whole_number(element.get(f"{_TABLE}number-{name}")) or 1, _LARGEST)
