"""A sheet's texts by row and column in, its tables and paragraphs out.

A sheet doesn't say where its tables are. Rows of several texts are table rows; a
row of one is a paragraph, unless it stands among table rows and is as short as
a label. Rows with nothing but empty ones between them are all as wide as the widest
above, so that no blank cell is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from govreport_core.folding import fold
from govreport_core.model import Block, Cell, Layout, Part, Table
from govreport_core.sources.grids import MAX_PARTS, cell_text, lines_of, too_many

# Cells that merged ranges may cover, as far as they lie among printed ones.
MAX_MERGED = 500_000
_LABEL_LENGTH = 40
_ONE = (1, 1)
_SENTENCE = re.compile(r"[。；;!?！？]|\d日$")
_HEADING = re.compile(r"[一二三四五六]、")

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0."""


@dataclass
class RawSheet:
    """Printed texts by (row, column) from 0, and merged ranges."""

    texts: dict[tuple[int, int], str]
    merged: list[Range] = field(default_factory=list)


@dataclass
class _Row:
    """A row that prints something: its texts by column, whether a merged cell reaches into it."""

    number: int
    texts: dict[int, str]
    reached: bool

    @property
    def several(self) -> bool:
        return len(self.texts) + self.reached > 1

    @property
    def only(self) -> str:
        return next(iter(self.texts.values()), "")


def printed_sheets(sheets: Iterable[RawSheet]) -> tuple[tuple[Part, ...], tuple[Block, ...]]:
    """Number, place and name what the sheets print; parts are `sheet:1/r7/c2`.

    Raises:
        SourceError: `too_large`.
    """
    parts: list[Part] = []
    blocks: list[Block] = []
    for number, sheet in enumerate(sheets, 1):
        _Sheet(number, sheet, parts, blocks).print()
    return tuple(parts), tuple(blocks)


class _Sheet:
    """One sheet on its way into a document."""

    def __init__(
        self, number: int, sheet: RawSheet, parts: list[Part], blocks: list[Block]
    ) -> None:
        self.number = number
        self.parts = parts
        self.blocks = blocks
        self.texts = sheet.texts
        self.spans: dict[tuple[int, int], tuple[int, int]] = {}
        self.merged = sheet.merged
        self.hidden: set[tuple[int, int]] = set()

    def print(self) -> None:
        rows = self._rows()
        above: range | None = None
        for run in _runs(rows):
            several = [i for i, row in enumerate(run) if row.several]
            if not several:
                self._paragraphs(run)
                above = None
                continue
            first, end = several[0], several[-1] + 1
            while end < len(run) and _label_like(run[end]) and not _HEADING.match(run[end].only):
                end += 1
            self._paragraphs(run[:first])
            left = min(min(row.texts, default=MAX_PARTS) for row in run[first:end])
            right = max(self._end(row) for row in run[first:end])
            if above is not None and not first:
                left, right = min(left, above.start), max(right, above.stop)
            above = range(left, right) if end == len(run) else None
            for table in _tables(run[first:end]):
                if len(table) == 1 and not table[0].several:
                    self._paragraphs(table)
                else:
                    self._table(table, range(left, right))
            self._paragraphs(run[end:])

    def _rows(self) -> list[_Row]:
        """The rows that print anything, what merged cells hide left out."""
        reached: set[int] = set()
        lowest = max((row for row, _ in self.texts), default=0)
        widest = max((col for _, col in self.texts), default=0)
        area = 0
        for first, left, last, right in self.merged:
            self.spans[first, left] = (last - first + 1, right - left + 1)
            below = range(first, min(last, lowest) + 1)
            across = range(left, min(right, widest) + 1)
            area += len(below) * len(across)
            if area > MAX_MERGED:
                raise too_many()
            self.hidden.update((r, c) for r in below for c in across if (r, c) != (first, left))
            if self.texts.get((first, left), "").strip():
                reached.update(below[1:])
        rows: dict[int, dict[int, str]] = {row: {} for row in reached}
        for (row, col), text in sorted(self.texts.items()):
            if text.strip() and (row, col) not in self.hidden:
                rows.setdefault(row, {})[col] = text
        return [_Row(row, rows[row], row in reached) for row in sorted(rows)]

    def _paragraphs(self, rows: Iterable[_Row]) -> None:
        for row in rows:
            for col, text in row.texts.items():
                part = f"{self._row_name(row.number)}{col + 1}"
                self._add(Part(part, "paragraph", text, row.number, col))
                self.blocks.extend(lines_of(text, part))

    def _table(self, rows: list[_Row], columns: range) -> None:
        cells = (self._cells(row, columns) for row in rows)
        printed = tuple(tuple(some) for some in cells if some)
        self.blocks.append(Table(Layout.GRID, printed))

    def _end(self, row: _Row) -> int:
        """The column after the last one a row's texts reach."""
        spans, number = self.spans, row.number
        return max((col + spans.get((number, col), _ONE)[1] for col in row.texts), default=0)

    def _cells(self, row: _Row, columns: range) -> list[Cell]:
        """A row's cells in these columns, each a part."""
        cells: list[Cell] = []
        number, beginning = row.number, self._row_name(row.number)
        for col in columns:
            at = number, col
            if at in self.hidden:
                continue
            raw = row.texts.get(col, "")
            rowspan, colspan = self.spans.get(at, _ONE)
            part = f"{beginning}{col + 1}"
            self._add(Part(part, "cell", raw, number, col, rowspan, colspan))
            text, start, end = cell_text(raw) if raw else ("", 0, 0)
            cells.append(Cell(text, part, start, end, None, col, colspan))
        return cells

    def _row_name(self, row: int) -> str:
        return f"sheet:{self.number}/r{row + 1}/c"

    def _add(self, part: Part) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise too_many()
        self.parts.append(part)


def _runs(rows: list[_Row]) -> Iterator[list[_Row]]:
    """Rows without an empty one between them."""
    run: list[_Row] = []
    for row in rows:
        if run and row.number > run[-1].number + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _tables(rows: list[_Row]) -> Iterator[list[_Row]]:
    """Table rows between paragraphs; a paragraph comes alone."""
    table: list[_Row] = []
    for row in rows:
        if row.several or _label_like(row):
            table.append(row)
            continue
        if table:
            yield table
            table = []
        yield [row]
    if table:
        yield table


def _label_like(row: _Row) -> bool:
    """Whether a row's only text is as short as a table's label."""
    text = row.only.strip()
    return not row.several and len(text) <= _LABEL_LENGTH and not _SENTENCE.search(fold(text))
