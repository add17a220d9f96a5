"""A report in, text with one cell a line out: a tab before each cell, an empty line after each row.

Cells that continue a merged one are there as blank lines with a tab, so every
blank cell can be seen. Long labels may be broken over lines without a tab.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from govreport_core.samples.chance import happens
from govreport_core.samples.layouts.page import wrapped
from govreport_core.samples.sheet import Block, Grid, GridCell, expanded


def print_cells(blocks: Iterable[Block], rng: Random) -> str:
    """The report as text."""
    loose = happens(rng, 0.5)
    broken = happens(rng, 0.4)
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Grid):
            lines += _table(block, broken)
            if block.code not in ("t2_art20_1", "t2_art20_5", "t2_art20_6"):
                lines.append("")
        else:
            lines.append(block.text)
            if loose:
                lines.append("")
    return "\n".join(lines) + "\n"


def _table(grid: Grid, broken: bool) -> list[str]:
    lines: list[str] = []
    for number, row in enumerate(expanded(grid)):
        head = number < 3
        for cell in row:
            first, *rest = _fragments(grid, cell, broken, head) or [""]
            lines += ["\t" + first, *rest]
        lines.append("")
    return lines


def _fragments(grid: Grid, cell: GridCell, broken: bool, head: bool) -> list[str]:
    if cell.value or not broken or grid.code != "t3_requests":
        return [cell.text]
    if head:
        # Narrow columns of the header: 自然人 as 自⏎然⏎人, 商业企业 as 商业⏎企业.
        if cell.colspan == 1:
            return list(cell.text) if len(cell.text) <= 3 else wrapped(cell.text, 2)
        return [cell.text]
    enumerator, closing, words = cell.text.partition("）")
    if cell.rowspan > 1 and closing and words:
        return [enumerator + closing, words]
    return [cell.text]
