"""Pages in, a document's parts and blocks out, as if it had never been cut into pages.

Page numbers and repeated headers stay readable as parts but are no block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from govreport_core.model import Block, Cell, Layout, Paragraph, Part, Table
from govreport_core.sources.grids import cell_text
from govreport_core.sources.pdf.aligned import AlignedRow, Pieces, aligned_rows
from govreport_core.sources.pdf.grid import Box
from govreport_core.sources.pdf.joined import CutCell, JoinedTable
from govreport_core.sources.pdf.lines import TextLine
from govreport_core.sources.pdf.margins import outer_lines
from govreport_core.sources.pdf.pages import PageCell, PageContent, PageTable


class Flow(NamedTuple):
    """A document's content in order.

    Attributes:
        starts: How many parts there are before each page.
        pictures: The part before each picture.
    """

    parts: list[Part]
    blocks: list[Block]
    starts: list[int]
    pictures: list[Part]


def flow(pages: list[PageContent]) -> Flow:
    """Put the pages' content in order."""
    out = _Out()
    starts: list[int] = []
    pictures: list[Part] = []
    dropped = outer_lines(pages)
    for page in pages:
        starts.append(len(out.parts))
        out.page(page, dropped[page.number])
        if page.pictures:
            pictures += _before(page, out.parts, starts[-1])
    out.close()
    return Flow(out.parts, out.blocks, starts, pictures)


def _before(page: PageContent, parts: list[Part], start: int) -> Iterator[Part]:
    """The part before each of a page's pictures; none for one that nothing precedes."""
    own = {part.part: part for part in parts[start:]}
    names = _names(page)
    for top in page.pictures:
        above = [i for i, item in enumerate(page.items) if item.top < top]
        if above:
            item = page.items[above[-1]]
            name = names[above[-1]] if isinstance(item, TextLine) else _last_cell(page, item)
            if name in own:
                yield own[name]
        elif start:
            yield parts[start - 1]


def _last_cell(page: PageContent, piece: PageTable) -> str:
    box = piece.rows[-1][-1].box
    return f"{_row_name(page.number, piece, box)}{box.col + 1}"


def _row_name(page: int, piece: PageTable, box: Box) -> str:
    return f"page:{page}/table:{piece.number}/r{box.row + 1}/c"


class _Out:
    """The document in the making; `table` may still go on."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.blocks: list[Block] = []
        self.table: JoinedTable | None = None

    def page(self, page: PageContent, dropped: set[int]) -> None:
        names = _names(page)
        numbered = [(i, item) for i, item in enumerate(page.items) if i not in dropped]
        for index in dropped:
            item = page.items[index]
            if isinstance(item, TextLine):
                self.parts.append(Part(names[index], "paragraph", item.text))
        first = True
        for is_table, group in groupby(numbered, key=lambda pair: isinstance(pair[1], PageTable)):
            items = list(group)
            if is_table:
                for _, item in items:
                    if isinstance(item, PageTable):
                        self._piece(page.number, item, may_go_on=first)
                        first = False
            else:
                self.close()
                lines = [item for _, item in items if isinstance(item, TextLine)]
                self._lines(lines, [names[i] for i, _ in items])
            first = False
        if page.aside:
            self.parts.append(Part(f"page:{page.number}/aside", "paragraph", page.aside))

    def close(self) -> None:
        """End the table that may have gone on."""
        if self.table is not None:
            self.blocks.append(self.table.finished())
            self.table = None

    def _lines(self, lines: list[TextLine], names: list[str]) -> None:
        """Lines that follow one another, the rows among them as tables."""
        rows = {row.at: row for row in aligned_rows(lines)}
        used = _used(rows.values())
        for number, (line, name) in enumerate(zip(lines, names, strict=True)):
            taken = used.get(number, [])
            self.parts.append(Part(name, "row" if taken else "paragraph", line.text))
            if not taken:
                self.blocks.append(Paragraph(line.text, name))
                continue
            for segment in line.segments:
                if not any(s <= segment.start and segment.end <= e for s, e in taken):
                    text = line.text[segment.start : segment.end]
                    self.blocks.append(Paragraph(text, name, segment.start))
            if number in rows:
                self._row(_row(rows[number], lines, names))

    def _row(self, cells: tuple[Cell, ...]) -> None:
        """A row known by its columns; it goes on with a table of as many."""
        above = self.blocks[-1] if self.blocks else None
        if isinstance(above, Table) and len(above.rows[-1]) == len(cells):
            self.blocks[-1] = Table(Layout.GRID, (*above.rows, cells))
        else:
            self.blocks.append(Table(Layout.GRID, (cells,)))

    def _piece(self, page: int, piece: PageTable, *, may_go_on: bool) -> None:
        rows = [self._cells(page, piece, row) for row in piece.rows]
        last = piece.rows[-1][0].box.row
        reaching = [
            made
            for row, cells in zip(rows, piece.rows, strict=True)
            for made, cell in zip(row, cells, strict=True)
            if cell.box.row + cell.box.rowspan > last
        ]
        if may_go_on and self.table and self.table.goes_on(piece.xs, rows, reaching):
            return
        self.close()
        self.table = JoinedTable(piece.xs, rows, reaching)

    def _cells(self, page: int, piece: PageTable, row: list[PageCell]) -> list[CutCell]:
        """A row's cells, each a part."""
        made: list[CutCell] = []
        xs, beginning = piece.xs, _row_name(page, piece, row[0].box)
        for cell in row:
            box, lines = cell.box, cell.lines
            raw = lines[0] if len(lines) == 1 else "\n".join(lines)
            part = f"{beginning}{box.col + 1}"
            self.parts.append(Part(part, "cell", raw, box.row, box.col, box.rowspan, box.colspan))
            text, start, end = cell_text(raw) if raw else ("", 0, 0)
            left, right = xs[box.col], xs[box.col + box.colspan]
            made.append(CutCell(left, right, box.rowspan, text, part, start, end))
        return made


def _names(page: PageContent) -> dict[int, str]:
    """The part of each line, by the item's number."""
    lines = [i for i, item in enumerate(page.items) if isinstance(item, TextLine)]
    return {i: f"page:{page.number}/line:{n}" for n, i in enumerate(lines, start=1)}


def _used(rows: Iterable[AlignedRow]) -> dict[int, list[tuple[int, int]]]:
    """By line, the stretches that rows are made of."""
    used: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        for piece in [*row.label, *(p for value in row.values for p in value)]:
            used.setdefault(piece.line, []).append((piece.start, piece.end))
    return used


def _row(row: AlignedRow, lines: list[TextLine], names: list[str]) -> tuple[Cell, ...]:
    columns = [row.label, *row.values] if row.label else [*row.values]
    blank_at = row.label[-1].end if row.label else 0
    cells: list[Cell] = []
    for col, pieces in enumerate(columns):
        if pieces:
            cells.append(_placed(pieces, col, lines, names))
            blank_at = pieces[-1].end if pieces[-1].line == row.at else blank_at
        else:
            cells.append(Cell("", names[row.at], blank_at, blank_at, None, col))
    return tuple(cells)


def _placed(pieces: Pieces, col: int, lines: list[TextLine], names: list[str]) -> Cell:
    raw = "\n".join(lines[p.line].text[p.start : p.end] for p in pieces)
    first, last = pieces[0], pieces[-1]
    end_part = names[last.line] if last.line != first.line else None
    return Cell(cell_text(raw)[0], names[first.line], first.start, last.end, end_part, col)
