"""A report's blocks in, tables as page breaks and converters leave them out.

Which of these happen to a report its noise says; the figures stay where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from govreport_core.samples.chance import below, chance
from govreport_core.samples.sample import Sample
from govreport_core.samples.sheet import Block, Grid, GridCell

_FIRST, _ROWS = 6, 16
"""Rows of table three between which a page may end."""

Rows = tuple[tuple[GridCell, ...], ...]


def reshaped(content: Iterable[Block], sample: Sample) -> Iterator[Block]:
    """The blocks, with what the report's noise does to its tables."""
    changes = [change for kind, change in CHANGES.items() if kind in sample.noise]
    again = "header_twice" in sample.noise
    broken = again or "table_cut" in sample.noise
    at = _FIRST + below(chance(sample.agency.agency_id, sample.year, "cut"), _ROWS)
    for block in content:
        if not isinstance(block, Grid):
            yield block
            continue
        parts = cut(block, at, again=again) if broken and block.code == "t3_requests" else (block,)
        for part in parts:
            for change in changes:
                part = change(part)  # noqa: PLW2901 - one change after the other
            yield part


def cut(grid: Grid, at: int, *, again: bool) -> tuple[Grid, Grid]:
    """The rows before `at`, and those from there on.

    Merged labels end with the first part; blank cells stand for them in the second.

    Args:
        grid: A table whose cells over several rows are its first columns' labels.
        at: A row of figures.
        again: Whether the header stands on the second part too.
    """
    before = []
    reaching: list[GridCell] = []
    for number, row in enumerate(grid.rows[:at]):
        over = [cell for cell in row if number + cell.rowspan > at]
        reaching += [GridCell("", cell.colspan, number + cell.rowspan - at) for cell in over]
        before.append(tuple(_replace(c, rowspan=min(c.rowspan, at - number)) for c in row))
    head = grid.rows[: _header_rows(grid)] if again else ()
    after = ((*reaching, *grid.rows[at]), *grid.rows[at + 1 :])
    return _replace(grid, rows=tuple(before)), _replace(grid, rows=(*head, *after))


def _labels_filled(grid: Grid) -> Grid:
    """Each label over several rows stands in every one of them."""
    head = _header_rows(grid)
    return _replace(grid, rows=(*grid.rows[:head], *_filled(grid.rows[head:])))


def _caption_lost(grid: Grid) -> Grid:
    """A table of section two without the line that names its part of article 20."""
    return _replace(grid, rows=grid.rows[1:]) if grid.code.startswith("t2_") else grid


def _filled(rows: Rows) -> Rows:
    """The rows with cells that were merged down as many with the same text."""
    filled: list[list[GridCell]] = []
    reaching: dict[int, tuple[int, GridCell]] = {}
    for row in rows:
        cells: list[GridCell] = []
        pending = list(row)
        col = 0
        while pending or reaching.get(col, (0,))[0]:
            left, above = reaching.get(col, (0, None))
            if above is not None and left:
                cell, reaching[col] = above, (left - 1, above)
            else:
                taken = pending.pop(0)
                cell = _replace(taken, rowspan=1)
                reaching[col] = (taken.rowspan - 1, cell)
            cells.append(cell)
            col += cell.colspan
        filled.append(cells)
    return tuple(map(tuple, filled))


def _header_rows(grid: Grid) -> int:
    return next(i for i, row in enumerate(grid.rows) if any(cell.value for cell in row))


_replace = msgspec.structs.replace

CHANGES: dict[str, Callable[[Grid], Grid]] = {
    "labels_filled": _labels_filled,
    "caption_lost": _caption_lost,
}
