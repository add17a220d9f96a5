"""A page's characters and grids in, its lines and tables from top to bottom out."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

import msgspec

from govreport_core.sources.pdf.cells import Cells
from govreport_core.sources.pdf.glyphs import UNMAPPED
from govreport_core.sources.pdf.grid import Box, find_grids
from govreport_core.sources.pdf.images import picture_tops
from govreport_core.sources.pdf.lines import Lines, TextLine, joined
from govreport_core.sources.pdf.sheet import Sheet

# A cell with more than this holds no label or figure: the table lays out prose.
_PROSE = 400
# A title stands among the first items, larger than the body, and fills its first
# line (as a share of the widest lines) where it goes on in a second.
_HEAD_ITEMS = 8
_BODY_LINES = 4
_TITLE = 1.15
_SAME_SIZE = 0.15
_FULL = 0.8
_WHOLE = ("告", "报", ")", "）")


class PageCell(msgspec.Struct, frozen=True):
    """A table's cell with its lines of text."""

    box: Box
    lines: tuple[str, ...]


class PageTable(msgspec.Struct, frozen=True):
    """A table, or its rows between two that lay out prose.

    Attributes:
        number: Its number on the page.
        xs: Where its columns begin, and where the last one ends.
        rows: Its cells by the row they begin in.
    """

    number: int
    xs: list[float]
    top: float
    bottom: float
    rows: list[list[PageCell]]


PageItem = TextLine | PageTable


class PageContent(msgspec.Struct, frozen=True):
    """What a page prints.

    Attributes:
        number: From 1.
        aside: Text at another angle than the page's.
        crossing: How many figures run over a line from one cell into the next.
        pictures: Where its pictures begin that may show text, in points from the top.
    """

    number: int
    height: float
    items: list[PageItem]
    aside: str
    crossing: int
    pictures: list[float]


def read_page(number: int, sheet: Sheet, *, textless: bool = False) -> PageContent:
    """Read a page: tables from ruling lines, lines from what stands outside them.

    Args:
        number: From 1.
        sheet: What is on it.
        textless: Whether it is a picture as a whole: then those on it aren't noted.

    Raises:
        SourceError: `too_large`.
    """
    grids = find_grids(sheet.across, sheet.down)
    cells = Cells(sheet.glyphs, grids)
    turned = cells.turned(sheet.turned) if grids else {}
    order = sorted(range(len(grids)), key=lambda g: grids[g].ys[0])
    leaking = [grid for grid in order if cells.leaks(grid)]
    lines = cells.lines(leaking)
    items: list[PageItem] = []
    tables = (grid for grid in order if grid not in leaking)
    for count, grid in enumerate(tables, start=1):
        unsure = cells.crossed | cells.cut(grid, sheet.width)
        items.extend(_table(cells, grid, lines, unsure, turned, count))
    items.extend(lines.lines(cells.outside))
    items.sort(key=lambda item: item.top)
    if number == 1:
        items = _with_title_joined(items)
    aside = sheet.turned.text() + sheet.slanted.text()
    pictures = picture_tops(sheet) if sheet.pictures and not textless else []
    return PageContent(number, sheet.height, items, aside, len(cells.crossed), pictures)


def _with_title_joined(items: list[PageItem]) -> list[PageItem]:
    """The items with a title that was broken by its width as one line."""
    lines = [item for item in items if isinstance(item, TextLine)]
    if len(lines) < _BODY_LINES:
        return items
    body = median(line.height for line in lines)
    width = max(line.right for line in lines) - min(line.left for line in lines)
    for at, (line, after) in enumerate(pairwise(items[:_HEAD_ITEMS])):
        if (
            isinstance(line, TextLine)
            and isinstance(after, TextLine)
            and min(line.height, after.height) > _TITLE * body
            and abs(line.height - after.height) < _SAME_SIZE * body
            and line.right - line.left > _FULL * width
            and not line.text.endswith(_WHOLE)
        ):
            return [*items[:at], joined(line, after), *items[at + 2 :]]
    return items


def _table(
    cells: Cells, index: int, lines: Lines, unsure: set[int], turned: dict[int, str], number: int
) -> list[PageItem]:
    """A grid's rows as tables, and as plain lines where they hold prose.

    Args:
        cells: Those of the page's grids.
        index: The grid's among them.
        lines: Their lines.
        unsure: Cells with figures of which a part is missing.
        turned: The text of cells that have it sideways.
        number: The table's on the page.
    """
    grid, first = cells.grids[index], cells.firsts[index]
    sizes = cells.sizes[first : cells.firsts[index + 1]]
    prose = {box.row for box, size in zip(grid.boxes, sizes, strict=True) if size > _PROSE}
    rows: dict[int, list[PageCell]] = {}
    items: list[PageItem] = []
    for cell, box in enumerate(grid.boxes, start=first):
        if box.row in prose:
            items.extend(lines.lines(cell))
            continue
        texts = [turned[cell]] if cell in turned else lines.texts(cell)
        if cell in unsure:
            texts = [UNMAPPED.join(("", text, "")) for text in texts or ("",)]
        rows.setdefault(box.row, []).append(PageCell(box, tuple(texts)))
    for stretch in _stretches(rows, prose):
        top, last = stretch[0][0].box.row, stretch[-1][0].box.row
        items.append(PageTable(number, grid.xs, grid.ys[top], grid.ys[last + 1], stretch))
    return items


def _stretches(rows: dict[int, list[PageCell]], prose: set[int]) -> list[list[list[PageCell]]]:
    """Consecutive rows, cut where one holds prose."""
    stretches: list[list[list[PageCell]]] = []
    broken = True
    for row in range(max([*rows, *prose], default=-1) + 1):
        if row in prose:
            broken = True
        elif row in rows:
            if broken:
                stretches.append([])
                broken = False
            stretches[-1].append(rows[row])
    return stretches
