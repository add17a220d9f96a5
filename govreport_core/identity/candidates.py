"""What a fact may be and where it is printed, and the prose of some lines as one text."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from govreport_core.align.lines import Line
from govreport_core.folding import fold
from govreport_core.model import Cell

_LONGEST = 2000


class Candidate(msgspec.Struct, frozen=True):
    """What a fact may be, by which rule of evidence, and where it is printed."""

    value: str
    rule: str
    at: Cell | None


class Prose(NamedTuple):
    """The lines outside tables, and their folded text as one."""

    cells: list[Cell]
    text: str


def prose(lines: list[Line]) -> Prose:
    """What stands on these lines outside tables."""
    cells = [line.cells[0] for line in lines if line.layout is None]
    return Prose(cells, "".join(fold(cell.text[:_LONGEST]) for cell in cells))


def placed(text: str, at: int, found: Prose) -> Cell:
    """Where `text`, found at that place of the joined cells, begins and ends in its first one."""
    for cell in found.cells:
        size = len(cell.text[:_LONGEST])
        if at < size:
            start = cell.start + at
            return Cell(text, cell.part, start, min(start + len(text), cell.start + size))
        at -= size
    raise AssertionError("the place is within the cells it was found in")
