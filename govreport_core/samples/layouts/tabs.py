"""A report in, text with one row a line out: cells apart by tabs, rows padded to the table's width.

A page break may fall inside table three: an empty line, a label whose end is
printed after it, and leading blank columns that are lost from there on.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import msgspec

from govreport_core.samples.chance import below, happens
from govreport_core.samples.sheet import Block, Grid, GridCell, expanded

_LONG_ENOUGH_TO_SPLIT = 8


class Habits(msgspec.Struct, frozen=True):
    """How one report's rows are printed.

    Attributes:
        in_place: Whether a cell over several columns leaves its blanks where they
            are, or all padding stands at the row's end.
        spare: Whether rows of table four carry one cell more.
        break_before: The row of table three that opens a page, or None.
        split: Whether the label before the break is split over it.
        lost: Leading blank cells lost after the break.
    """

    in_place: bool
    spare: bool
    break_before: int | None
    split: bool
    lost: int


def print_tabs(blocks: Iterable[Block], rng: Random) -> str:
    """The report as text."""
    habits = Habits(
        in_place=happens(rng, 0.5),
        spare=happens(rng, 0.3),
        break_before=8 + below(rng, 16) if happens(rng, 0.7) else None,
        split=happens(rng, 0.5),
        lost=below(rng, 2),
    )
    lines: list[str] = []
    for block in blocks:
        if not isinstance(block, Grid):
            lines += [block.text, ""]
            continue
        lines += _table(block, habits)
        if not block.code.startswith("t2_") or block.code.endswith(("_8", "_9")):
            lines.append("")
    return "\n".join(lines) + "\n"


def _table(grid: Grid, habits: Habits) -> list[str]:
    lines = []
    broken = habits.break_before if grid.code == "t3_requests" else None
    for number, row in enumerate(expanded(grid)):
        cells = _laid_out(row, habits.in_place)
        if broken is not None and number >= broken:
            cells = cells[min(habits.lost, _leading_blanks(cells)) :]
        if broken is None or number != broken - 1:
            lines.append("\t".join(_padded(cells, grid, habits)))
        elif habits.split and len(_label(row)) >= _LONG_ENOUGH_TO_SPLIT:
            lines += _split_over_page(cells, _label(row), grid.width)
        else:
            lines += ["\t".join(_padded(cells, grid, habits)), ""]
    return lines


def _label(row: list[GridCell]) -> str:
    return [cell.text for cell in row if not cell.value and cell.text][-1]


def _laid_out(row: list[GridCell], in_place: bool) -> list[str]:
    cells: list[str] = []
    for cell in row:
        cells.append(cell.text)
        cells += [""] * (cell.colspan - 1 if in_place else 0)
    return cells


def _padded(cells: list[str], grid: Grid, habits: Habits) -> list[str]:
    spare = 1 if grid.code == "t4_review_litigation" and habits.spare else 0
    return cells + [""] * (grid.width + spare - len(cells))


def _leading_blanks(cells: list[str]) -> int:
    return next(i for i, text in enumerate(cells) if text)


def _split_over_page(cells: list[str], label: str, width: int) -> list[str]:
    """The row with its label cut, an empty line, and a row with the label's end alone."""
    at = cells.index(label)
    cut = len(label) - 1 - len(label) // 4
    before = [*cells[:at], label[:cut], *cells[at + 1 :]]
    after = [*[""] * at, label[cut:]]
    return [
        "\t".join(before + [""] * (width - len(before))),
        "",
        "\t".join(after + [""] * (width - len(after))),
    ]
