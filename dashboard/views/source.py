"""The parts of a source and the places named in it in, the source as marked text out.

Every place gets one mark with an id of its own, so that a link to the id shows
the exact span. Marks nest where places do; where two places cross, the later one
is cut at the border and its id stays with its first piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

import msgspec

from dashboard.views.records import Fragment, PlaceRef, ReportCard, SourcePart
from govreport_core import wording
from govreport_core.model import Record

_STEP = re.compile(r"^([a-z]+)[:]?(\d+)$")
# Rows of a table shown on either side of a cell.
ROWS = 2


class Span(Record, frozen=True, gc=False):
    """A place to be marked; `cell_id` names the cell on the card it leads back to."""

    part: str
    start: int
    end: int
    anchor: str
    cell_id: str | None = None


def source_parts(
    parts: Iterable[Mapping[str, Any]], spans: Iterable[Span], lang: str
) -> tuple[SourcePart, ...]:
    """The source in order, with all spans marked.

    Args:
        parts: Rows of `parts`.
        spans: The places; those that name no part are passed over.
        lang: Language of the parts' labels.
    """
    by_part: dict[str, list[Span]] = {}
    for span in spans:
        by_part.setdefault(span.part, []).append(span)
    return tuple(
        SourcePart(
            part=row["part"],
            anchor=part_anchor(row["ordinal"]),
            label=part_label(row["part"], lang),
            number=number_of(row["part"]),
            kind=row["kind"],
            text=row["text"],
            fragments=fragments(row["text"], by_part.get(row["part"], ())),
            grid=(grid := grid_of(row)),
            grid_label=part_label(grid, lang) if grid else "",
            row=row["row"] or 0,
            col=row["col"] or 0,
            rowspan=row["rowspan"] or 1,
            colspan=row["colspan"] or 1,
        )
        for row in sorted(parts, key=lambda row: row["ordinal"])
    )


def grid_of(row: Mapping[str, Any]) -> str | None:
    """The path of a cell's table: `table:2` of `table:2/r4/c3`."""
    path = row["part"].rsplit("/", 2)
    return path[0] if row["kind"] == "cell" and len(path) == 3 else None


@lru_cache(maxsize=1 << 14)
def number_of(part: str) -> str:
    """What stands beside a line in a listing: its number on its page, if it has one."""
    found = _STEP.match(part.rsplit("/", 1)[-1])
    return found[2] if found else ""


def part_anchor(ordinal: int) -> str:
    """The id of a part in the source listing."""
    return f"p-{ordinal}"


def part_label(part: str, lang: str) -> str:
    """A part's path in words: line 120; table 2, row 4, cell 3."""
    return wording.place_label(part, lang)


def part_index(parts: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    """Each part with its ordinal and the length of its text, from rows of `parts`."""
    return {row["part"]: (row["ordinal"], len(row["text"])) for row in parts}


def place_ref(
    row: Mapping[str, Any], anchor: str, index: Mapping[str, tuple[int, int]], lang: str
) -> PlaceRef | None:
    """Where a row of a table of facts stands, if it names a part that is there.

    A row without `start` points at its whole part; of a place over several
    parts the piece in the first one is meant.
    """
    found = place_of(row, anchor, index)
    return None if found is None else PlaceRef(*found, part_label(found[0], lang))


def place_of(
    row: Mapping[str, Any], anchor: str, index: Mapping[str, tuple[int, int]]
) -> tuple[str, int, int, str] | None:
    """The same in no language: see `stands`."""
    place = row.get("part"), row.get("start"), row.get("end_part"), row.get("end")
    return stands(place, anchor, index)


Place = tuple[str | None, int | None, str | None, int | None]
"""A part and where something begins in it, a part and where it ends there."""


def stands(
    place: Place, anchor: str, index: Mapping[str, tuple[int, int]]
) -> tuple[str, int, int, str] | None:
    """Where something stands: its part, where it begins and ends there, and its mark's id."""
    part, start, end_part, end = place
    if part is None or part not in index:
        return None
    ordinal, length = index[part]
    if start is None or end is None:
        return part, 0, length, part_anchor(ordinal)
    return part, start, end if end_part is None or end_part == part else length, anchor


def spans_of(place: PlaceRef | None, cell_id: str | None = None) -> tuple[Span, ...]:
    """The span to mark for a place; none where the place is a whole part."""
    if place is None or place.anchor.startswith("p-"):
        return ()
    return (Span(place.part, place.start, place.end, place.anchor, cell_id),)


def fragments(text: str, spans: Sequence[Span]) -> tuple[Fragment, ...]:
    """A part's text cut into fragments, every span marked."""
    if not spans:
        return (Fragment(text),) if text else ()
    merged: dict[tuple[int, int], list[Span]] = {}
    for span in spans:
        start = min(max(span.start, 0), len(text))
        end = min(max(span.end, start), len(text))
        merged.setdefault((start, end), []).append(span)
    pieces = [
        (
            start,
            end,
            tuple(span.anchor for span in group),
            next((span.cell_id for span in group if span.cell_id), None),
        )
        for (start, end), group in merged.items()
    ]
    return _nested(text, 0, len(text), pieces)


_Piece = tuple[int, int, tuple[str, ...], str | None]


def _nested(text: str, start: int, end: int, pieces: list[_Piece]) -> tuple[Fragment, ...]:
    found = []
    at = start
    waiting = sorted(pieces, key=lambda piece: (piece[0], -piece[1]))
    while waiting:
        low, high, anchors, cell_id = waiting.pop(0)
        if low > at:
            found.append(Fragment(text[at:low]))
        inner: list[_Piece] = []
        after: list[_Piece] = []
        for piece in waiting:
            if piece[0] >= high:
                after.append(piece)
            elif piece[1] <= high:
                inner.append(piece)
            else:
                inner.append((piece[0], high, piece[2], piece[3]))
                after.append((high, piece[1], (), piece[3]))
        if inner:
            marked = _nested(text, low, high, inner)
            found.append(Fragment("", anchors, cell_id, marked))
        else:
            found.append(Fragment(text[low:high], anchors, cell_id))
        at = high
        waiting = sorted(after, key=lambda piece: (piece[0], -piece[1]))
    if at < end:
        found.append(Fragment(text[at:end]))
    return tuple(found)


def source_window(card: ReportCard, anchor: str, lines: int = 6) -> tuple[SourcePart, ...]:
    """The part that holds an anchor, with what stands around it; empty if none does.

    That is so many lines before and after; of a table, its rows next to the cell's, whole.
    """
    for place, part in enumerate(card.source):
        if part.anchor == anchor or _holds(part.fragments, anchor):
            if part.grid is None:
                around = card.source[max(0, place - lines) : place + lines + 1]
                return tuple(line for line in around if line.grid is None)
            return _rows_around(card.source, part)
    return ()


def _rows_around(source: Sequence[SourcePart], here: SourcePart) -> tuple[SourcePart, ...]:
    """The rows next to a cell's; a cell that reaches into them from above stands in the first."""
    first, last = here.row - ROWS, here.row + here.rowspan - 1 + ROWS
    found = []
    for part in source:
        if part.grid != here.grid or part.row > last or part.row + part.rowspan <= first:
            continue
        if part.row < first:
            rowspan = part.row + part.rowspan - first
            found.append(msgspec.structs.replace(part, row=first, rowspan=rowspan))
        else:
            found.append(part)
    return tuple(sorted(found, key=lambda part: (part.row, part.col)))


def blocks(
    parts: Iterable[SourcePart],
) -> list[tuple[str | None, list[list[SourcePart]]]]:
    """Parts as runs of lines (None) and of the cells of one table, row by row."""
    return [
        (grid, [list(row) for _, row in groupby(run, lambda part: part.row)])
        for grid, run in groupby(parts, lambda part: part.grid)
    ]


def _holds(found: tuple[Fragment, ...], anchor: str) -> bool:
    return any(anchor in piece.anchors or _holds(piece.inner, anchor) for piece in found)
