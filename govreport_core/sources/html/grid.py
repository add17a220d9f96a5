"""A table's cells as they are met in, the grid they form out, whatever spans they name.

Columns are given as browsers do: a cell begins at the first column that no cell
above reaches down into.
"""

from __future__ import annotations

import re
from functools import lru_cache

from govreport_core.errors import SourceError
from govreport_core.model import Cell, Layout, Part, Table
from govreport_core.sources.grids import cell_text

MAX_CELLS = 100_000
# As browsers have it: a wider span is cut.
MAX_COLSPAN = 1_000
MAX_ROWSPAN = 65_534
# Grid places that one table's spans may take up.
MAX_SPANNED = 1_000_000

# Stands for a picture or a choice in a cell: it can't be read, yet the cell isn't blank.
PICTURE = "\ufffc"

# Columns' names in a path, made once.
COLUMNS = [str(col + 1) for col in range(MAX_COLSPAN)]

_SPAN = re.compile(r"\s*\+?(\d{1,9})")
# Lines that hold none of these are a broken label: they are simply joined.
_FIGURE = re.compile("[-0-9\uff10-\uff19〇零一二两三四五六七八九十百千万亿.,%+/]")
# A cell that holds more than a label or a remark: so many lines and characters.
_LINES = 4
_CHARACTERS = 200
PROSE = 600


class PageTable:
    """A table in the making, then its cells in reading order.

    Attributes:
        start, end: The page's lines it holds.
        owner: The box it stands in.
        number: Its number in the paths of its parts.
        parts: Its cells' parts.
        rows: Its cells.
        big: First line, the one after the last, and tables of the cells that hold
            more than a single short line.
        held: Tables found in the cell that is open.
    """

    __slots__ = (
        "below", "big", "end", "held", "number", "owner", "parts", "row", "rows", "spanned",
        "start", "tall",
    )  # fmt: skip

    def __init__(self, start: int, owner: int, number: int) -> None:
        self.start = self.end = start
        self.owner = owner
        self.number = number
        self.parts: list[Part] = []
        self.rows: list[tuple[Cell, ...]] = []
        self.big: list[tuple[int, int, list[PageTable]]] = []
        self.held: list[PageTable] = []
        self.row = -1
        self.below: dict[int, int] = {}
        self.tall: list[int] = []
        self.spanned = 0

    def begin_row(self) -> tuple[int, int]:
        """A row begins.

        Returns:
            Its number, and the column from which on no cell reaches into it.

        Raises:
            SourceError: `too_large`, for too many cells.
        """
        self.row += 1
        if len(self.parts) > MAX_CELLS:
            raise SourceError("too_large", f"a table of more than {MAX_CELLS:,} cells: split it")
        row = self.row
        reach = 0
        for col, until in self.below.items():
            if until > row and col >= reach:
                reach = col + 1
        return row, reach

    def free(self, col: int) -> int:
        """The first column from here on that no cell above reaches down into."""
        first = col
        while self.below.get(col, 0) > self.row:
            col += 1
        self._count(col - first)
        return col

    def stretch(self, col: int, rowspan: str | None, colspan: str | None) -> tuple[int, int]:
        """Make room for a cell that spans, the next to be added to `parts`.

        Browsers take a span's leading digits; a rowspan of 0 reaches to the group's end.

        Returns:
            Its rows, which the group's end may still cut, and its columns.

        Raises:
            SourceError: `too_large`, where spans cover more than any table has.
        """
        height, width = _spans(rowspan, colspan)
        if height > 1:
            self.tall.append(len(self.parts))
            until = self.row + height
            for at in range(col, col + width):
                self.below[at] = until
        self._count(width)
        return height, width

    def _count(self, places: int) -> None:
        self.spanned += places
        if self.spanned > MAX_SPANNED:
            raise SourceError(
                "too_large", f"a table's spans cover over {MAX_SPANNED:,} places: check the page"
            )

    def cell_lines(self, start: int, lines: list[str]) -> tuple[str, str, int, int]:
        """What a cell of several lines, or with tables in it, prints.

        Those of a table in it are left out, but for bare figures: they stay, and stay
        apart, as which of them the cell means isn't ours to tell.

        Returns:
            Its raw text, what is printed, and where that stands in the raw text.
        """
        inner, self.held = self.held, []
        if inner or len(lines) > 1 or (lines and len(lines[0]) > PROSE):
            self.big.append((start, start + len(lines), inner))
        own: list[str] = []
        at = 0
        for table in inner:
            own += lines[at : table.start - start]
            if not table.worded():
                own.append(" ".join(p.text for p in table.parts if p.text))
            at = table.end - start
        raw = "\n".join([*own, *lines[at:]] if inner else lines)
        return _printed(raw) if len(raw) < _CHARACTERS else _read(raw)

    def worded(self) -> bool:
        """Whether there are words in it, so that it is a table of its own."""
        return len(self.parts) > 1 and any(c.isalpha() for p in self.parts for c in p.text)

    def end_group(self) -> None:
        """A thead, tbody or tfoot ends, or the table: no cell reaches out of it."""
        for at in self.tall:
            p = self.parts[at]
            if p.row is not None and p.rowspan is not None and p.row + p.rowspan > self.row + 1:
                height = self.row + 1 - p.row
                self.parts[at] = Part(p.part, p.kind, p.text, p.row, p.col, height, p.colspan)
        self.tall.clear()
        self.below.clear()


def _read(raw: str) -> tuple[str, str, int, int]:
    raw = _without_pictures(raw)
    if _FIGURE.search(raw) is None:
        return raw, raw.replace("\n", ""), 0, len(raw)
    return raw, *cell_text(raw)


# Labels broken over lines are the same in report after report.
_printed = lru_cache(maxsize=4096)(_read)


def _without_pictures(raw: str) -> str:
    """A label's pictures are ornament; alone or beside figures they may be part of the value."""
    rest = raw.replace(PICTURE, "").strip()
    if rest and not any(c.isdigit() for c in rest):
        return rest
    return raw


@lru_cache(maxsize=1024)
def _spans(rowspan: str | None, colspan: str | None) -> tuple[int, int]:
    return _span(rowspan, MAX_ROWSPAN) or MAX_ROWSPAN, max(1, _span(colspan, MAX_COLSPAN))


def _span(printed: str | None, most: int) -> int:
    digits = _SPAN.match(printed or "")
    return min(int(digits[1]), most) if digits else 1


def lays_out(table: PageTable, texts: list[str]) -> bool:
    """Whether a table is no table but a page's frame.

    It is where each row has one cell, or where cells that hold tables or long
    prose make up most of it.
    """
    if len(table.parts) == len(table.rows):
        return True
    big = 0
    for start, end, inner in table.big:
        size = sum(map(len, texts[start:end]))
        if (
            size > PROSE
            or (end - start >= _LINES and size > _CHARACTERS)
            or any(t.worded() for t in inner)
        ):
            big += size
    return big > 0 and 2 * big > sum(map(len, texts[table.start : table.end]))


def blocks_of(table: PageTable, number: int, parts: list[Part]) -> list[Table]:
    """A table and those in its cells that are tables of their own, numbered from there on.

    Their cells' parts are added to `parts`.
    """
    if table.number != number:
        _renumber(table, number)
    parts += table.parts
    blocks = [Table(Layout.GRID, tuple(table.rows))]
    for _, _, inner in table.big:
        for held in inner:
            if held.worded():
                blocks += blocks_of(held, number + len(blocks), parts)
    return blocks


def _renumber(table: PageTable, number: int) -> None:
    old, new = f"table:{table.number}/", f"table:{number}/"
    table.parts = [
        Part(p.part.replace(old, new, 1), p.kind, p.text, p.row, p.col, p.rowspan, p.colspan)
        for p in table.parts
    ]
    table.rows = [
        tuple(
            Cell(c.text, c.part.replace(old, new, 1), c.start, c.end, None, c.col, c.colspan)
            for c in row
        )
        for row in table.rows
    ]
