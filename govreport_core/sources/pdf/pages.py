"""A page's characters and grids in, its lines and tables from top to bottom out."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from statistics import median

import msgspec

from govreport_core.sources.pdf.characters import UNMAPPED
from govreport_core.sources.pdf.grid import Box, Grid, find_grids
from govreport_core.sources.pdf.images import picture_tops
from govreport_core.sources.pdf.lines import TextLine, joined, line_texts, text_lines
from govreport_core.sources.pdf.sheet import FIGURES, Glyph, Sheet

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
# Figures nearer than this part of their height are one figure.
_ONE_NUMBER = 0.15
# A table that comes as near to the paper's edge as no margin is, in points, goes on beyond it.
_EDGE = 2.0


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
    grids = find_grids(sheet.across, sheet.down) if sheet.across and sheet.down else []
    cells, outside, crossed = _assign(sheet.glyphs, grids)
    turned = _turned_cells(sheet.turned, grids, cells)
    items: list[PageItem] = []
    order = sorted(range(len(grids)), key=lambda g: grids[g].ys[0])
    count = 0
    for index in order:
        grid, held = grids[index], cells[index]
        if not grid.open.isdisjoint(held):
            for glyphs in held.values():
                outside.extend(glyphs)
            continue
        count += 1
        cut = _cut(grid, held, sheet.width)
        items.extend(_table(grid, held, crossed[index] | cut, turned[index], count))
    items.extend(text_lines(outside))
    items.sort(key=lambda item: item.top)
    if number == 1:
        items = _with_title_joined(items)
    aside = "".join(g[4] for g in (*sheet.turned, *sheet.slanted))
    crossing = sum(map(len, crossed))
    pictures = picture_tops(sheet) if sheet.pictures and not textless else []
    return PageContent(number, sheet.height, items, aside, crossing, pictures)


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


Held = dict[int, list[Glyph]]


def _assign(
    glyphs: list[Glyph], grids: list[Grid]
) -> tuple[list[Held], list[Glyph], list[set[int]]]:
    """Give each character to the cell its centre lies in.

    Returns:
        By grid and cell, the characters; those outside all grids; and the cells
        between which a figure's characters are torn.
    """
    held: list[Held] = [defaultdict(list) for _ in grids]
    crossed: list[set[int]] = [set() for _ in grids]
    if not grids:
        return held, glyphs, crossed
    outside: list[Glyph] = []
    reach = [(i, g.ys[0], g.ys[-1], g.xs[0], g.xs[-1], g.cell_at) for i, g in enumerate(grids)]
    before: Glyph | None = None
    last: tuple[int, int] | None = None
    for glyph in glyphs:
        x0, y0, x1, y1, _ = glyph
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        here: tuple[int, int] | None = None
        for index, first, last_y, left, right, cell_at in reach:
            if first <= y <= last_y and left <= x <= right:
                cell = cell_at(x, y)
                held[index][cell].append(glyph)
                here = (index, cell)
                break
        else:
            outside.append(glyph)
        if here != last and before is not None and _one_number(before, glyph):
            for side in (here, last):
                if side is not None:
                    crossed[side[0]].add(side[1])
        before, last = glyph, here
    return held, outside, crossed


def _one_number(before: Glyph, glyph: Glyph) -> bool:
    if glyph[4] not in FIGURES or before[4] not in FIGURES:
        return False
    near = _ONE_NUMBER * (glyph[3] - glyph[1])
    return abs(glyph[0] - before[2]) < near and abs(glyph[1] - before[1]) < near


def _cut(grid: Grid, held: Held, width: float) -> set[int]:
    """Cells without words that the page's edge cuts: they show a part, or nothing, of a figure.

    A web page wider than the paper is printed so; some programs end the lines at the edge.
    """
    left, right = _EDGE, width - _EDGE
    if grid.xs[0] >= left and grid.xs[-1] <= right:
        return set()
    return {
        index
        for index, box in enumerate(grid.boxes)
        if (grid.xs[box.col] < left or grid.xs[box.col + box.colspan] > right)
        and all(g[4] in FIGURES for g in held.get(index, ()))
    }


def _turned_cells(turned: list[Glyph], grids: list[Grid], cells: list[Held]) -> list[Held]:
    """Characters set sideways, in cells that hold nothing else: they aren't blank."""
    if not turned or not grids:
        return [{} for _ in grids]
    found, _, _ = _assign(turned, grids)
    return [
        {cell: glyphs for cell, glyphs in held.items() if cell not in upright}
        for held, upright in zip(found, cells, strict=True)
    ]


def _table(grid: Grid, held: Held, crossed: set[int], turned: Held, number: int) -> list[PageItem]:
    """A grid's rows as tables, and as plain lines where they hold prose."""
    prose = {grid.boxes[c].row for c, glyphs in held.items() if len(glyphs) > _PROSE}
    rows: dict[int, list[PageCell]] = {}
    items: list[PageItem] = []
    for index, box in enumerate(grid.boxes):
        if box.row in prose:
            items.extend(text_lines(held.get(index, ())))
            continue
        if index in held:
            lines = line_texts(held[index])
        else:
            lines = ["".join(g[4] for g in turned[index])] if index in turned else []
        if index in crossed:
            lines = [UNMAPPED.join(("", line, "")) for line in lines or ("",)]
        rows.setdefault(box.row, []).append(PageCell(box, tuple(lines)))
    for stretch in _stretches(rows, prose):
        first, last = stretch[0][0].box.row, stretch[-1][0].box.row
        items.append(PageTable(number, grid.xs, grid.ys[first], grid.ys[last + 1], stretch))
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
