"""Section five's text in, the cells of the tables it prints out, with what heads their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from govreport_core.narrative.point_words import Kind, point_words
from govreport_core.narrative.turns import heading_kind

_LINE = re.compile(r"[^\n]+")


class TableCell(msgspec.Struct, frozen=True, gc=False):
    """A cell: its characters, whether it names points, and of which kind its column says."""

    start: int
    end: int
    read: bool
    kind: Kind | None


def table_cells(text: str, folded: str) -> Iterator[TableCell]:
    """The cells of each stretch of rows whose first row heads problems or measures.

    Rows are lines whose cells a tab divides.
    """
    if "\t" not in text:
        return
    heads: list[tuple[bool, Kind | None]] = []
    for line in _LINE.finditer(text):
        if "\t" not in line[0]:
            heads = []
            continue
        cells = list(_cells(line.start(), line[0]))
        kinds = [heading_kind(folded[a:b]) for a, b in cells]
        if not heads and any(kinds):
            heads = [
                (not point_words().beside.search(folded[a:b]), kind)
                for (a, b), kind in zip(cells, kinds, strict=True)
            ]
            yield from (TableCell(a, b, read=False, kind=None) for a, b in cells)
        elif heads:
            padded = heads + [(True, None)] * (len(cells) - len(heads))
            for (a, b), (read, kind) in zip(cells, padded, strict=False):
                yield TableCell(a, b, read, kind)


def _cells(at: int, line: str) -> Iterator[tuple[int, int]]:
    for cell in line.split("\t"):
        yield at, at + len(cell)
        at += len(cell) + 1
