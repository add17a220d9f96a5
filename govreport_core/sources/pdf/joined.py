"""A table's pieces page by page in, the one table they are out.

What a page's end cuts is put together: the table, a row, a label, a cell over
several rows. A header printed again on the next page is left out.
"""

from __future__ import annotations

import re

import msgspec

from govreport_core.folding import fold
from govreport_core.model import Cell, Layout, Table
from govreport_core.numerals import looks_like_value
from govreport_core.sources.grids import cell_text

_ENUMERATED = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）]?\s*[、.．,，)）]|[(（]|[①-⑩])"
)
# Columns of a table on two pages lie this near, after a shift of the whole.
_SAME_COLUMN = 6.0
# A figure of so many digits may fill a narrow cell.
_FILLS = 3


class CutCell(msgspec.Struct):
    """A cell in the making: where it begins and ends across, and what it prints."""

    left: float
    right: float
    rowspan: int
    text: str
    part: str
    start: int
    end: int
    end_part: str | None = None

    def add(self, other: CutCell) -> None:
        """Go on with a cell of the next page."""
        if not other.text:
            return
        if self.text:
            self.text, _, _ = cell_text(f"{self.text}\n{other.text}")
            self.end_part = other.end_part or other.part
        else:
            self.text, self.part, self.start = other.text, other.part, other.start
            self.end_part = other.end_part
        self.end = other.end


Rows = list[list[CutCell]]


class JoinedTable:
    """A table over as many pages as it takes.

    Args:
        xs: Where its columns begin, and where the last one ends.
        rows: Its rows on the first page.
        reaching: Those of its cells that stand at the page's end.
    """

    def __init__(self, xs: list[float], rows: Rows, reaching: list[CutCell]) -> None:
        self.xs = xs
        self.rows = rows
        self.head = [[cell.text for cell in row] for row in rows]
        self.reaching = reaching

    def goes_on(self, xs: list[float], rows: Rows, reaching: list[CutCell]) -> bool:
        """Take the next page's piece, if its columns are this table's; whether it did."""
        shift = _shift(self.xs, xs)
        if shift is None:
            return False
        self.xs = _union(self.xs, [x - shift for x in xs])
        for row in rows:
            for cell in row:
                cell.left -= shift
                cell.right -= shift
        rows = rows[_repeated(self.head, rows) :]
        if rows:
            self._take(rows, reaching)
        return True

    def finished(self) -> Table:
        """The table, each cell with its column."""
        xs = self.xs
        known = {x: at for at, x in reversed([*enumerate(xs)])}

        def column(x: float) -> int:
            if x not in known:
                known[x] = min(range(len(xs)), key=lambda i: abs(xs[i] - x))
            return known[x]

        def cell(c: CutCell) -> Cell:
            first = column(c.left)
            return Cell(c.text, c.part, c.start, c.end, c.end_part, first, column(c.right) - first)

        return Table(Layout.GRID, tuple(tuple(map(cell, row)) for row in self.rows if row))

    def _take(self, rows: Rows, reaching: list[CutCell]) -> None:
        ongoing = {id(cell): cell for cell in reaching}

        def join(above: CutCell, cell: CutCell) -> None:
            above.add(cell)
            if ongoing.pop(id(cell), None) is not None:
                ongoing[id(above)] = above

        # Only a row with a label of its own goes on beside cells over several rows.
        labelled = any(cell.text and not looks_like_value(cell.text) for cell in rows[0])
        for cell in list(rows[0]) if labelled else ():
            above = _above(self.reaching, cell)
            if above is None or max(cell.rowspan, above.rowspan) == 1:
                break
            if looks_like_value(cell.text) or _ENUMERATED.match(cell.text):
                break
            join(above, cell)
            rows[0].remove(cell)
        last = self.rows[-1]
        rest = rows[0] if _is_rest(last, rows[0]) else _cut_labels(self.rows, rows[0])
        for cell in list(rest):
            if (above := _above(last, cell)) is not None:
                join(above, cell)
                rows[0].remove(cell)
        for above, cell in _perhaps_broken(last, rows[0]):
            above.add(cell)
        self.rows.extend(row for row in rows if row)
        self.reaching = list(ongoing.values())


def _shift(above: list[float], below: list[float]) -> float | None:
    """How far a table's columns lie beside those above; None where they aren't the same."""
    shift = below[0] - above[0]
    if abs(below[-1] - above[-1] - shift) > _SAME_COLUMN:
        return None
    few, many = sorted(([*above], [x - shift for x in below]), key=len)
    if all(any(abs(x - y) <= _SAME_COLUMN for y in many) for x in few):
        return shift
    return None


def _union(one: list[float], other: list[float]) -> list[float]:
    return sorted([*one, *(x for x in other if all(abs(x - y) > _SAME_COLUMN for y in one))])


def _repeated(head: list[list[str]], rows: Rows) -> int:
    """How many of the first rows are the table's header, printed again."""
    count = 0
    for printed, row in zip(head, rows, strict=False):
        texts = [cell.text for cell in row]
        figures = any(looks_like_value(text) for text in texts if text)
        if texts != printed or not any(texts) or figures:
            break
        count += 1
    return count


def _above(cells: list[CutCell], cell: CutCell) -> CutCell | None:
    """The cell that stands just as wide over this one."""
    return next(
        (
            c
            for c in cells
            if abs(c.left - cell.left) <= _SAME_COLUMN and abs(c.right - cell.right) <= _SAME_COLUMN
        ),
        None,
    )


def _is_rest(last: list[CutCell], row: list[CutCell]) -> bool:
    """Whether a page's first row is surely the rest of the row that the page before ended with.

    A row of labels and figures is another row, unless the label above is seen to
    be cut or has none of its figures. Labels that only may belong together are
    for those to join who know the form.
    """
    texts = [cell.text for cell in row if cell.text]
    if not texts:
        return True
    pairs = [(above, cell) for cell in row if (above := _above(last, cell)) is not None]
    if len(pairs) < len(row) or any(_is_label(above, cell) for above, cell in pairs):
        return False
    words = [text for text in texts if not looks_like_value(text)]
    label = _first_text(last)
    if not words:
        return not looks_like_value(label) or len(texts) < len(row)
    if _ENUMERATED.match(words[0]):
        return False
    filled = any(looks_like_value(above.text) for above, _ in pairs)
    return _is_cut(label) or (bool(_ENUMERATED.match(label)) and not filled)


def _perhaps_broken(last: list[CutCell], row: list[CutCell]) -> list[tuple[CutCell, CutCell]]:
    """Figures of two rows that may be one figure each, broken by the page's end.

    Only where the row's label may go on with the one above, and each of its
    figures is no longer than the one above it, which fills its cell.
    """
    words = [cell.text for cell in row if cell.text and not looks_like_value(cell.text)]
    if not words or _ENUMERATED.match(words[0]) or not _ENUMERATED.match(_first_text(last)):
        return []
    pairs = [(_above(last, cell), cell) for cell in row if looks_like_value(cell.text)]
    broken = [
        (above, cell)
        for above, cell in pairs
        if above is not None
        and looks_like_value(above.text)
        and len(above.text) >= max(len(cell.text), _FILLS)
    ]
    return broken if len(broken) == len(pairs) else []


def _first_text(cells: list[CutCell]) -> str:
    return next((cell.text for cell in cells if cell.text), "")


def _is_cut(label: str) -> bool:
    """Whether a bracket or quotation in it isn't closed."""
    printed = fold(label)
    return printed.count("(") > printed.count(")") or label.count("“") > label.count("”")


def _is_label(above: CutCell, cell: CutCell) -> bool:
    """Whether words stand over a figure: a header over its column."""
    return bool(above.text) and not looks_like_value(above.text) and looks_like_value(cell.text)


def _cut_labels(above: Rows, row: list[CutCell]) -> list[CutCell]:
    """The cells of a header's row that go on with labels of the row before.

    A header has no figures and no enumerators, and its rows have cells of different widths.
    """
    last = above[-1]
    if any(_ENUMERATED.match(cell.text) for cell in row):
        return []
    texts = [cell.text for line in (*above, row) for cell in line if cell.text]
    if any(looks_like_value(text) for text in texts):
        return []
    under = [cell for cell in row if _above(last, cell) is not None]
    return under if len(under) < len(row) else []
