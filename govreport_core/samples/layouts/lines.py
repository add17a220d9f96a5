"""A report in, text with one cell a line out, without tabs, as a PDF's text comes cell by cell.

Prose is broken at the page's width, pages open with `- 3 -`, narrow cells are
broken into short lines, 三、本年度办理结果 stands one character a line, and header
words of neighbouring cells may run together. Blank cells can't be seen: a report
with blanks isn't printed in this layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

from govreport_core.samples.chance import below, happens
from govreport_core.samples.layouts.page import paged, spaced, wrapped
from govreport_core.samples.sheet import Block, Grid, GridCell

_PROSE_WIDTH = 28
_LABEL_WIDTH = 22
_LEAF_WIDTH = 15
_NARROW_HEADER = 2
_HEADER_ROWS = 3


def print_lines(blocks: Iterable[Block], rng: Random) -> str:
    """The report as text."""
    height = 36 + below(rng, 8)
    merged = happens(rng, 0.6)
    wide = happens(rng, 0.7)
    groups = _groups(blocks, merged, wide)
    return "\n".join(paged(groups, height, mark_first=True)) + "\n"


def _groups(blocks: Iterable[Block], merged: bool, wide: bool) -> Iterator[list[str]]:
    for block in blocks:
        if isinstance(block, Grid):
            yield from _table(block, merged)
            continue
        text = spaced(block.text, after_only=True) if wide else block.text
        if block.kind == "paragraph":
            yield from ([line] for line in wrapped(text, _PROSE_WIDTH))
        else:
            yield [text]


def _table(grid: Grid, merged: bool) -> Iterator[list[str]]:
    cases = grid.code == "t4_review_litigation"
    head: list[str] = []
    for number, row in enumerate(grid.rows):
        lines = [line for cell in row for line in _cell(grid, cell, number < _HEADER_ROWS)]
        if number < _HEADER_ROWS and not grid.code.startswith("t2_"):
            head += lines
            if number == _HEADER_ROWS - 1:
                yield _run_together(head) if merged and cases else head
        else:
            yield lines


def _cell(grid: Grid, cell: GridCell, head: bool) -> list[str]:
    if cell.value or grid.code.startswith("t2_"):
        return [cell.text]
    if head:
        narrow = cell.colspan == 1 and len(cell.text) >= 4
        return wrapped(cell.text, _NARROW_HEADER if narrow else _LABEL_WIDTH)
    if cell.rowspan > 10:
        return list(cell.text)
    return wrapped(cell.text, _LABEL_WIDTH if cell.colspan > 1 else _LEAF_WIDTH)


def _run_together(lines: list[str]) -> list[str]:
    """Neighbouring header words without the line break between them (审结总计)."""
    joined: list[str] = []
    for line in lines:
        if joined and line == "总计" and joined[-1] == "审结":
            joined[-1] += line
        else:
            joined.append(line)
    return joined
