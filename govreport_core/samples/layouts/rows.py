"""A report in, text with one row a line out: cells apart by spaces, as in a PDF read by height.

Where a label takes two lines, its values stand above, below or between them;
三、本年度办理结果 runs down the table one character at a time, before other
labels or on lines of its own; pages close with `- 3 -`. Blank cells can't be
seen: a report with blanks isn't printed in this layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

from govreport_core.samples.chance import below, happens, pick
from govreport_core.samples.layouts.page import paged, spaced, wrapped
from govreport_core.samples.sheet import Block, Grid, GridCell

_PROSE_WIDTH = 30
_LABEL_WIDTH = 20
_HEADER_ROWS = 3
# Seen torn only with as many kinds of organisations as the form of 2021 has.
_TORN_KINDS = 5


def print_rows(blocks: Iterable[Block], rng: Random) -> str:
    """The report as text."""
    groups = _groups(blocks, rng)
    return "\n".join(paged(groups, 34 + below(rng, 8), mark_first=False)) + "\n"


def _groups(blocks: Iterable[Block], rng: Random) -> Iterator[list[str]]:
    wide, torn = happens(rng, 0.8), happens(rng, 0.6)
    for block in blocks:
        if not isinstance(block, Grid):
            text = spaced(block.text, after_only=False) if wide else block.text
            width = _PROSE_WIDTH if block.kind == "paragraph" else len(text) + 1
            yield from ([line] for line in wrapped(text, width))
        elif block.code == "t3_requests":
            yield _requests_header(block, torn)
            yield from _request_rows(block, rng)
        elif block.code == "t4_review_litigation":
            yield _cases_header(block, torn)
            yield [_joined(block.rows[-1])]
        else:
            yield from ([_joined(row)] for row in block.rows)


def _joined(cells: Iterable[GridCell]) -> str:
    return " ".join(cell.text for cell in cells)


def _requests_header(grid: Grid, torn: bool) -> list[str]:
    (note, applicants), (person, organisations, total), kinds = grid.rows[:_HEADER_ROWS]
    if not torn or len(kinds) != _TORN_KINDS:
        kinds_line = " ".join((person.text, *(cell.text for cell in kinds), total.text))
        return [*wrapped(note.text, 24), applicants.text, organisations.text, kinds_line]
    first, second = ([wrapped(cell.text, 2)[i] for cell in kinds[:2]] for i in (0, 1))
    third, fourth, fifth = ([wrapped(cell.text, 2)[i] for cell in kinds[2:4]] for i in (0, 1, 2))
    return [
        applicants.text,
        organisations.text,
        *wrapped(note.text, 24),
        " ".join((person.text, *third, total.text)),
        " ".join(first),
        " ".join((*fourth, kinds[4].text)),
        " ".join(second),
        " ".join(fifth),
    ]


def _cases_header(grid: Grid, torn: bool) -> list[str]:
    top, second, third = grid.rows[:_HEADER_ROWS]
    if not torn:
        return [_joined(top), _joined(second), _joined(third)]
    review, ways = second[:-2], second[-2:]
    halves = [[wrapped(cell.text, 2) for cell in cells[:4]] for cells in (review, third, third)]
    upper, lower = ([[h[i] for h in group] for group in halves] for i in (0, 1))
    total = review[-1].text
    return [
        _joined(top),
        _joined(ways),
        " ".join(upper[0]),
        total,
        " ".join((*lower[0], *upper[1], *upper[2])),
        f"{total} {total}",
        " ".join((*lower[1], *lower[2])),
    ]


def _request_rows(grid: Grid, rng: Random) -> Iterator[list[str]]:
    """The body: the long group label runs down beside the rows, a character at a time."""
    rows = grid.rows[_HEADER_ROWS:]
    long = next(cell.text for row in rows for cell in row if cell.rowspan > 10)
    start = 3 + below(rng, 6)
    spelled = {start + i: character for i, character in enumerate(long)}
    group_rows = _group_rows(rows, rng)
    for number, row in enumerate(rows):
        label = next(cell.text for cell in reversed(row) if not cell.value)
        values = " ".join(cell.text for cell in row if cell.value)
        group = group_rows.get(number)
        lines = _placed(label, values, group, rng)
        if number in spelled:
            lines = _beside(spelled[number], lines, values, rng)
        yield lines


def _group_rows(rows: tuple[tuple[GridCell, ...], ...], rng: Random) -> dict[int, str]:
    """Which row each group's label stands beside: its first, or one half way down."""
    beside = {}
    for number, row in enumerate(rows):
        for cell in row:
            if not cell.value and 1 < cell.rowspan <= 10:
                half_way = number + (cell.rowspan - 1) // 2
                beside[pick(rng, (number, half_way))] = cell.text
    return beside


def _placed(label: str, values: str, group: str | None, rng: Random) -> list[str]:
    pieces = wrapped(label, _LABEL_WIDTH)
    if group is not None:
        if len(pieces) > 1:
            return [group, pieces[0], values, *pieces[1:]]
        return [f"{group} {label} {values}"]
    if len(pieces) > 1:
        at = pick(rng, (0, 1, 1, 1, len(pieces)))
        return [*pieces[:at], values, *pieces[at:]]
    way = rng.random()
    if way < 0.12:
        return [values, label]
    if way < 0.24:
        return [label, values]
    return [f"{label} {values}"]


def _beside(character: str, lines: list[str], values: str, rng: Random) -> list[str]:
    """The character on its own line, or before the first line that isn't values alone."""
    if happens(rng, 0.5) or lines[0] == values:
        return [character, *lines]
    return [f"{character} {lines[0]}", *lines[1:]]
