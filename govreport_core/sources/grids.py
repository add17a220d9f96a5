"""Paragraphs and tables as a walker finds them in, a document's parts and blocks out.

Tables that only lay out a page are taken apart; tables within a table's cells
become tables of their own after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from govreport_core.errors import SourceError
from govreport_core.folding import fold
from govreport_core.model import Block, Cell, Layout, Paragraph, Part, Table

MAX_PARTS = 100_000
# Stands for a picture: it can't be read, yet a cell that holds one isn't blank.
PICTURE = "\ufffc"
# A cell that holds more than a label or a remark: so many paragraphs and characters.
_PARAGRAPHS = 4
_CHARACTERS = 200
_NUMERIC = frozenset("0123456789.,%+-/")
_CHINESE = frozenset("〇零一二两三四五六七八九十百千万亿")


@dataclass(slots=True)
class RawCell:
    """A cell where it begins; `items` are its paragraphs and the tables in it."""

    row: int
    col: int
    colspan: int = 1
    rowspan: int = 1
    items: list[str | RawTable] = field(default_factory=list)


@dataclass(slots=True)
class RawTable:
    """A table's cells in reading order; merged ones once."""

    cells: list[RawCell] = field(default_factory=list)


Item = str | RawTable


def printed(items: Iterable[Item]) -> tuple[tuple[Part, ...], tuple[Block, ...], list[Part]]:
    """Number, place and name everything in order.

    A paragraph's lines become paragraphs of their own within one part.

    Returns:
        Parts, blocks, and the part before each picture that isn't in a table's cell.

    Raises:
        SourceError: `too_large`.
    """
    out = _Out()
    out.items(items)
    return tuple(out.parts), tuple(out.blocks), out.pictures


def lines_of(raw: str, part: str) -> list[Paragraph]:
    """A paragraph's lines as paragraphs of their own within one part; blank ones left out."""
    if "\n" not in raw:
        return [Paragraph(raw, part)]
    lines: list[Paragraph] = []
    start = 0
    for line in raw.split("\n"):
        if line and not line.isspace():
            lines.append(Paragraph(line, part, start))
        start += len(line) + 1
    return lines


def cell_text(raw: str) -> tuple[str, int, int]:
    """What a cell prints, broken lines joined, and where it stands in its raw text.

    Two numbers on two lines stay apart by a space: they are not one number.
    """
    text = raw.strip()
    if not text:
        return "", len(raw), len(raw)
    start = 0 if len(text) == len(raw) else raw.index(text[0])
    end = start + len(text)
    if "\n" in text:
        lines = [line for piece in text.split("\n") if (line := piece.strip())]
        text = lines[0]
        for before, line in pairwise(lines):
            text += f" {line}" if _apart(before, line) else line
    return text, start, end


def _apart(before: str, line: str) -> bool:
    if fold(before[-1]) in _NUMERIC and fold(line[0]) in _NUMERIC:
        return True
    return _CHINESE.issuperset(before) and _CHINESE.issuperset(line)


def too_many() -> SourceError:
    """The error for a document of more than `MAX_PARTS` paragraphs and cells."""
    return SourceError("too_large", f"more than {MAX_PARTS:,} paragraphs and cells: split the file")


class _Out:
    """The document in the making."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.blocks: list[Block] = []
        self.pictures: list[Part] = []
        self.count = 0
        self.tables = 0

    def items(self, items: Iterable[Item]) -> None:
        for item in items:
            if isinstance(item, str):
                self.paragraph(item)
            elif _lays_out(item):
                for cell in item.cells:
                    self.items(cell.items)
            else:
                self.table(item)

    def paragraph(self, raw: str) -> None:
        pictured = PICTURE in raw
        if pictured:
            raw = raw.replace(PICTURE, "")
        if raw and not raw.isspace():
            self.count += 1
            part = f"block:{self.count}"
            self._add(Part(part, "paragraph", raw))
            self.blocks.extend(lines_of(raw, part))
        if pictured and self.parts:
            self.pictures.append(self.parts[-1])

    def table(self, table: RawTable) -> None:
        self.count += 1
        self.tables += 1
        number = self.tables
        rows: dict[int, list[Cell]] = {}
        inner: list[RawTable] = []
        for cell in table.cells:
            raw = _cell_raw(cell.items, inner)
            part = f"table:{number}/r{cell.row + 1}/c{cell.col + 1}"
            self._add(Part(part, "cell", raw, cell.row, cell.col, cell.rowspan, cell.colspan))
            placed = Cell(*_placed(raw, part), None, cell.col, cell.colspan)
            rows.setdefault(cell.row, []).append(placed)
        self.blocks.append(Table(Layout.GRID, tuple(map(tuple, rows.values()))))
        self.items(inner)

    def _add(self, part: Part) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise too_many()
        self.parts.append(part)


def _placed(raw: str, part: str) -> tuple[str, str, int, int]:
    text, start, end = cell_text(raw)
    return text, part, start, end


def _cell_raw(items: list[Item], inner: list[RawTable]) -> str:
    """A cell's own text, a line a paragraph; tables in it are left for later.

    A box drawn around the text belongs to the cell, and so does a table of bare
    figures: they stay apart, which of them the cell means isn't ours to tell.
    """
    if len(items) == 1 and isinstance(items[0], str):
        return items[0]
    lines: list[str] = []
    for item in items:
        if isinstance(item, str):
            lines.append(item)
        elif len(item.cells) > 1 and any(_is_words(text) for text in _texts(item)):
            inner.append(item)
        else:
            lines.append(" ".join(_texts(item)))
    return "\n".join(lines)


def _is_words(text: str) -> bool:
    return any(c.isalpha() for c in text)


def _lays_out(table: RawTable) -> bool:
    """Whether a table is no table but a page's frame.

    It is where each row has one cell, or where cells that hold tables or long
    prose make up most of it.
    """
    cells = table.cells
    if len({cell.row for cell in cells}) == len(cells):
        return True
    big = [cell for cell in cells if _holds(cell)]
    if not big:
        return False
    sizes = {id(cell): sum(map(len, _cell_texts(cell))) for cell in cells}
    inside = sum(sizes[id(cell)] for cell in big)
    return inside > sum(sizes.values()) - inside


def _holds(cell: RawCell) -> bool:
    """Whether a cell holds a real table, or prose of several paragraphs."""
    if len(cell.items) == 1 and isinstance(cell.items[0], str):
        return False
    if any(isinstance(item, RawTable) and len(item.cells) > 1 for item in cell.items):
        return any(_is_words(text) for text in _cell_texts(cell))
    if len(cell.items) < _PARAGRAPHS:
        return False
    return sum(map(len, _cell_texts(cell))) > _CHARACTERS


def _texts(table: RawTable) -> Iterator[str]:
    for cell in table.cells:
        yield from _cell_texts(cell)


def _cell_texts(cell: RawCell) -> Iterator[str]:
    for item in cell.items:
        if isinstance(item, str):
            if item.strip():
                yield item.strip()
        else:
            yield from _texts(item)
