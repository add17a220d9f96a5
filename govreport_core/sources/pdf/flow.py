"""Pages in, a document's parts and blocks out, as if it had never been cut into pages.

Page numbers and repeated headers stay readable as parts but are no block; a
table, a row or a label that goes on over a page's end is joined.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from govreport_core.folding import fold
from govreport_core.model import Block, Cell, Layout, Paragraph, Part, Table
from govreport_core.numerals import looks_like_value
from govreport_core.sources.grids import cell_text
from govreport_core.sources.pdf.aligned import AlignedRow, aligned_rows
from govreport_core.sources.pdf.lines import TextLine
from govreport_core.sources.pdf.pages import PageCell, PageContent, PageItem, PageTable

_MARK = re.compile(
    r"[-~·.\s]*(?:第?\s*\d{1,4}\s*页?|第?\s*\d{1,4}\s*页?\s*[/,，]?\s*共?\s*\d{1,4}\s*页?)[-~·.\s]*"
)
_BARE = re.compile(r"\d{1,4}")
_ENUMERATED = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）]?\s*[、.．,，)）]|[(（]|[①-⑩])"
)
# Where headers and footers stand, as a share of the page's height.
_MARGIN = 0.085
_OUTER_LINES = 2
_SAME_PLACE = 4.0
# Columns of a table on two pages lie this near, after a shift of the whole.
_SAME_COLUMN = 6.0


def flow(pages: list[PageContent]) -> tuple[list[Part], list[Block]]:
    """Put the pages' content in order."""
    out = _Out()
    dropped = _outer_lines(pages)
    for page in pages:
        out.page(page, dropped[page.number])
    out.close()
    return out.parts, out.blocks


def _outer_lines(pages: list[PageContent]) -> dict[int, set[int]]:
    """By page, the numbers of the items that are page marks or repeated headers and footers."""
    found: dict[int, set[int]] = defaultdict(set)
    repeated: dict[str, list[tuple[int, int, TextLine]]] = defaultdict(list)
    bare: list[tuple[int, int, int]] = []
    for page in pages:
        for index, line in _outermost(page):
            text = "".join(fold(line.text).split())
            if _BARE.fullmatch(text):
                bare.append((page.number, index, int(text) - page.number))
            elif _MARK.fullmatch(text):
                found[page.number].add(index)
            else:
                repeated[text].append((page.number, index, line))
    heights = {page.number: page.height for page in pages}
    for lines in repeated.values():
        for number, index, line in lines:
            alike = [n for n, _, x in lines if n != number and abs(x.top - line.top) < _SAME_PLACE]
            if len(alike) > 1 or (alike and _in_margin(line, heights[number])):
                found[number].add(index)
    for number, index, shift in bare:
        steady = sum(1 for n, _, s in bare if s == shift and n != number)
        if steady or (shift == 0 and _last(pages, number, index)):
            found[number].add(index)
    return found


def _outermost(page: PageContent) -> list[tuple[int, TextLine]]:
    """The first and last lines of a page, as far as no table stands before or after them."""
    count = len(page.items)
    ends = [
        range(min(_OUTER_LINES, count)),
        range(count - 1, max(count - 1 - _OUTER_LINES, -1), -1),
    ]
    found: dict[int, TextLine] = {}
    for end in ends:
        for index in end:
            item = page.items[index]
            if not isinstance(item, TextLine):
                break
            found[index] = item
    return list(found.items())


def _in_margin(line: TextLine, height: float) -> bool:
    return line.bottom < _MARGIN * height or line.top > (1 - _MARGIN) * height


def _last(pages: list[PageContent], number: int, index: int) -> bool:
    page = next(p for p in pages if p.number == number)
    item = page.items[index]
    return isinstance(item, TextLine) and _in_margin(item, page.height)


@dataclass(slots=True)
class _Cell:
    """A cell in the making: how far it reaches, left and right in points, and what it prints."""

    left: float
    right: float
    rowspan: int
    text: str
    part: str
    start: int
    end: int
    end_part: str | None = None

    def add(self, other: _Cell) -> None:
        """Go on with a cell of the next page."""
        if not other.text:
            return
        if not self.text:
            self.text, self.part = other.text, other.part
            self.start, self.end, self.end_part = other.start, other.end, other.end_part
            return
        joined, _, _ = cell_text(f"{self.text}\n{other.text}")
        self.text, self.end, self.end_part = joined, other.end, other.end_part or other.part


@dataclass(slots=True)
class _Joined:
    """A table in the making, over as many pages as it takes."""

    xs: list[float]
    rows: list[list[_Cell]] = field(default_factory=list)
    head: list[list[str]] = field(default_factory=list)
    reaching: list[_Cell] = field(default_factory=list)


class _Out:
    """The document in the making."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.blocks: list[Block] = []
        self.table: _Joined | None = None

    def page(self, page: PageContent, dropped: set[int]) -> None:
        lines = 0
        begun = False
        rows = _rows_of(page.items)
        for index, item in enumerate(page.items):
            if isinstance(item, PageTable):
                self._piece(page.number, item, first=not begun)
                begun = True
                continue
            lines += 1
            part = f"page:{page.number}/line:{lines}"
            self.parts.append(Part(part, "row" if index in rows else "paragraph", item.text))
            if index in dropped:
                continue
            begun = True
            if index in rows:
                self._row(_aligned(item, part, rows[index]), goes_on=index - 1 in rows)
            else:
                self.close()
                self.blocks.append(Paragraph(item.text, part))
        if page.aside:
            self.parts.append(Part(f"page:{page.number}/aside", "paragraph", page.aside))

    def close(self) -> None:
        """End the table that may have gone on."""
        if self.table is not None:
            self.blocks.append(_finished(self.table))
            self.table = None

    def _row(self, cells: tuple[Cell, ...], *, goes_on: bool) -> None:
        """A row known by its columns; it goes on with the table of the line above."""
        self.close()
        above = self.blocks[-1] if goes_on and self.blocks else None
        if isinstance(above, Table) and len(above.rows[-1]) == len(cells):
            self.blocks[-1] = Table(Layout.GRID, (*above.rows, cells))
        else:
            self.blocks.append(Table(Layout.GRID, (cells,)))

    def _piece(self, page: int, piece: PageTable, *, first: bool) -> None:
        rows = [[self._cell(page, piece, cell) for cell in row] for row in piece.rows]
        last = piece.rows[-1][0].box.row
        reaching = [
            made
            for row, cells in zip(rows, piece.rows, strict=True)
            for made, cell in zip(row, cells, strict=True)
            if cell.box.row + cell.box.rowspan > last
        ]
        if (
            first
            and self.table is not None
            and (shift := _shift(self.table.xs, piece.xs)) is not None
        ):
            for row in rows:
                for cell in row:
                    cell.left -= shift
                    cell.right -= shift
            self.table.xs = _union(self.table.xs, [x - shift for x in piece.xs])
            _go_on(self.table, rows, reaching)
        else:
            self.close()
            self.table = _Joined(piece.xs, rows, [[c.text for c in row] for row in rows], reaching)

    def _cell(self, page: int, piece: PageTable, cell: PageCell) -> _Cell:
        box = cell.box
        raw = "\n".join(cell.lines)
        part = f"page:{page}/table:{piece.number}/r{box.row + 1}/c{box.col + 1}"
        self.parts.append(Part(part, "cell", raw, box.row, box.col, box.rowspan, box.colspan))
        text, start, end = cell_text(raw) if raw else ("", 0, 0)
        left, right = piece.xs[box.col], piece.xs[box.col + box.colspan]
        return _Cell(left, right, box.rowspan, text, part, start, end)


def _rows_of(items: list[PageItem]) -> dict[int, AlignedRow]:
    """The rows among the lines that stand between two tables, by the item's number."""
    found: dict[int, AlignedRow] = {}
    start = 0
    for end in [*(i for i, item in enumerate(items) if isinstance(item, PageTable)), len(items)]:
        stretch = [item for item in items[start:end] if isinstance(item, TextLine)]
        found.update({start + i: row for i, row in aligned_rows(stretch).items()})
        start = end + 1
    return found


def _aligned(line: TextLine, part: str, row: AlignedRow) -> tuple[Cell, ...]:
    text = line.text[: row.label]
    cells = [Cell(text, part, 0, len(text), None, 0, 1)]
    at = len(text)
    for col, value in enumerate(row.values, start=1):
        if value is None:
            cells.append(Cell("", part, at, at, None, col, 1))
        else:
            at = value.end
            printed = line.text[value.start : value.end]
            cells.append(Cell(printed, part, value.start, value.end, None, col, 1))
    return tuple(cells)


def _shift(above: list[float], below: list[float]) -> float | None:
    """How far a table's columns lie beside those above; None where they aren't the same."""
    shift = below[0] - above[0]
    if abs(below[-1] - above[-1] - shift) > _SAME_COLUMN:
        return None
    few, many = sorted(([*above], [x - shift for x in below]), key=len)
    if all(any(abs(x - y) <= _SAME_COLUMN for y in many) for x in few):
        return shift
    return None


def _union(one: list[float], other: list[float]) -> list[float]:
    return sorted([*one, *(x for x in other if all(abs(x - y) > _SAME_COLUMN for y in one))])


def _go_on(table: _Joined, rows: list[list[_Cell]], reaching: list[_Cell]) -> None:
    """Add a page's rows to the table's."""
    rows = rows[_repeated(table.head, rows) :]
    if not rows:
        return
    ongoing = {id(c): c for c in reaching}
    for cell in list(rows[0]):
        above = _above(table.reaching, cell)
        if above is None or max(cell.rowspan, above.rowspan) == 1:
            break
        if _ENUMERATED.match(cell.text):
            break
        above.add(cell)
        rows[0].remove(cell)
        if ongoing.pop(id(cell), None) is not None:
            ongoing[id(above)] = above
    if _is_rest(table, rows[0]):
        for cell in rows.pop(0):
            above = _above(table.rows[-1], cell)
            if above is not None:
                above.add(cell)
                if ongoing.pop(id(cell), None) is not None:
                    ongoing[id(above)] = above
    table.rows.extend(rows)
    table.reaching = list(ongoing.values())


def _repeated(head: list[list[str]], rows: list[list[_Cell]]) -> int:
    """How many of the first rows are the table's header, printed again."""
    count = 0
    for printed, row in zip(head, rows, strict=False):
        texts = [c.text for c in row]
        if texts != printed or not any(texts) or any(t[:1].isdigit() for t in texts[1:]):
            break
        count += 1
    return count


def _above(cells: list[_Cell], cell: _Cell) -> _Cell | None:
    """The cell that stands just as wide over this one."""
    return next(
        (
            c
            for c in cells
            if abs(c.left - cell.left) <= _SAME_COLUMN and abs(c.right - cell.right) <= _SAME_COLUMN
        ),
        None,
    )


def _is_rest(table: _Joined, row: list[_Cell]) -> bool:
    """Whether a page's first row is the rest of the row that the page before ended with.

    Joining two rows makes their figures unreadable; leaving a row's rest alone
    can leave half a figure: in doubt they are joined.
    """
    texts = [cell.text for cell in row if cell.text]
    if not texts:
        return True
    pairs = [(_above(table.rows[-1], cell), cell) for cell in row]
    if any(above is None for above, _ in pairs):
        return False
    words = [text for text in texts if not looks_like_value(text)]
    label = next((c.text for c in table.rows[-1] if c.text), "")
    if not words:
        return bool(label) and not looks_like_value(label)
    if not _ENUMERATED.match(label) or _ENUMERATED.match(words[0]):
        return False
    figures = [above is not None and looks_like_value(above.text) for above, _ in pairs]
    below = [looks_like_value(cell.text) for cell in row]
    return not any(figures) or not all(b for f, b in zip(figures, below, strict=True) if f)


def _finished(table: _Joined) -> Table:
    xs = table.xs
    known: dict[float, int] = {}

    def column(x: float) -> int:
        if x not in known:
            known[x] = min(range(len(xs)), key=lambda i: abs(xs[i] - x))
        return known[x]

    return Table(
        Layout.GRID,
        tuple(
            tuple(
                Cell(
                    c.text,
                    c.part,
                    c.start,
                    c.end,
                    c.end_part,
                    column(c.left),
                    column(c.right) - column(c.left),
                )
                for c in row
            )
            for row in table.rows
            if row
        ),
    )
