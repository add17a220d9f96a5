"""The lines of table 4 in, its one row's printed cells out."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from govreport_core.align.gathering import Gathering
from govreport_core.align.lines import Line, is_page_mark, split_plain
from govreport_core.align.placing import (
    UNSEEN,
    Candidates,
    place,
    place_grid,
    place_plain,
    spread,
    without,
)
from govreport_core.align.tables.added import added_spans, without_spans
from govreport_core.align.tables.headers import (
    by_positions_certain,
    header_positions,
    order_contradicted,
    place_by_grid,
    read_header,
)
from govreport_core.align.tables.torn import cuts_figures
from govreport_core.align.vocabulary import key, vocabulary
from govreport_core.folding import squash
from govreport_core.model import Cell, Layout
from govreport_core.numerals import looks_like_value

# So many digits may be too many for a narrow cell.
_TEARS = 3


def align_cases(lines: list[Line], first: int, table: str, gathered: Gathering) -> None:
    """Align one region's lines with the single row of table 4.

    Args:
        lines: The region's lines.
        first: The number of the first of them in the document.
        table: The table's code.
        gathered: Takes the cells and what was odd.
    """
    header: list[str] = []
    header_rows: list[tuple[Cell, ...]] = []
    rows: list[tuple[tuple[Cell, ...], Layout | None]] = []
    for number, line in enumerate(lines, start=first):
        taken = _take(line, table, gathered, header, header_rows, rows)
        if not taken and rows:
            break
        gathered.consumed.add(number)
    gathered.seen.add(table)
    spans = added_spans(gathered.form_id, table, header_rows)
    if spans:
        gathered.note("subtotal_column", table=table)
        header_rows = [without_spans(row, spans) for row in header_rows]
        header = [squash(c.text) for row in header_rows for c in row if c.text]
        rows = [(without_spans(cells, spans), layout) for cells, layout in rows]
    found = read_header(gathered.form_id, table, "".join(header))
    if not found.certain or order_contradicted(gathered.form_id, table, header_rows, found.added):
        gathered.distrusted.add(table)
        gathered.doubt("columns_mismatch", table=table, printed="".join(header)[:120])
    elif found.code:
        gathered.note(found.code, table=table)
    filled = [r for r in rows if any(c.text for c in r[0])] or rows[:1]
    cut = _is_cut(filled) or cuts_figures(lines)
    row = vocabulary(gathered.form_id).form.table(table).value_rows[0].code
    for cells, layout in filled:
        width = vocabulary(gathered.form_id).tables[table].width
        columns = width + len(found.added)
        placed = _placed(cells, layout, table, header_rows, columns, gathered)
        placed = without(placed, found.added, width)
        if spans and place_by_grid(gathered.form_id, table, header_rows, cells) is None:
            placed = [UNSEEN] * width
        if cut:
            placed = [(None, *cells)] * width
        gathered.put(table, row, placed, next((c for c in cells if c.text), None))
        _report_size(cells, table, row, placed, gathered)


def _is_cut(rows: list[tuple[tuple[Cell, ...], Layout | None]]) -> bool:
    """Whether the one row is printed as two that differ: cells too narrow for their figures."""
    printed = {tuple(c.text for c in cells) for cells, layout in rows if layout is not None}
    return len(printed) > 1


def _take(
    line: Line,
    table: str,
    gathered: Gathering,
    header: list[str],
    header_rows: list[tuple[Cell, ...]],
    rows: list[tuple[tuple[Cell, ...], Layout | None]],
) -> bool:
    """Take a line as header or values; False where it is neither, once values are there."""
    if line.layout is None:
        return _take_plain(line.cells[0], header, rows)
    if all(not c.text or _figures(c.text) for c in line.cells):
        rows.append((line.cells, line.layout))
        return True
    labels = _labels(gathered.form_id, table)
    head, *rest = (c for c in line.cells if c.text)
    if key(head.text) in labels and all(looks_like_value(c.text) for c in rest):
        at = line.cells.index(head) + 1
        rows.append((line.cells[at:], line.layout))
        return True
    if rows:
        return False
    header_rows.append(line.cells)
    header.extend(squash(c.text) for c in line.cells if c.text)
    return True


def _figures(text: str) -> bool:
    """A value, or one that a narrow cell broke in pieces: it then is unreadable, but no label."""
    return looks_like_value(text) or all(map(looks_like_value, text.split()))


@lru_cache(maxsize=64)
def _labels(form_id: str, table: str) -> frozenset[str]:
    """What the one row may be called."""
    rows = vocabulary(form_id).form.table(table).rows
    return frozenset(key(x) for r in rows for x in (r.label, *r.aliases) if x)


def _take_plain(
    cell: Cell, header: list[str], rows: list[tuple[tuple[Cell, ...], Layout | None]]
) -> bool:
    if is_page_mark(cell.text):
        return True
    pieces, values = split_plain(cell)
    if not pieces:
        if rows and rows[-1][1] is None:
            rows[-1] = (rows[-1][0] + values, None)
        else:
            rows.append((values, None))
        return True
    if rows:
        return False
    printed = squash(cell.text)
    if not printed.startswith("注:"):
        header.append(printed)
    return True


def _placed(
    cells: tuple[Cell, ...],
    layout: Layout | None,
    table: str,
    header_rows: list[tuple[Cell, ...]],
    columns: int,
    gathered: Gathering,
) -> list[Candidates]:
    if layout is None:
        if _in_order(cells) and not gathered.torn:
            return place_plain(cells, columns)
        return [(None, *cells[: 2 * columns])] * columns
    if layout is Layout.PADDED:
        positions = _positions(table, header_rows, gathered)
        own = positions is not None and len(positions[1]) == columns
        if positions is not None and own and by_positions_certain(cells, *positions):
            return [(cells[at],) for at in positions[1]]
        printed = tuple(c for c in cells if c.text)
        if len(cells) == columns and cells[0].text and cells[-1].text:
            return [(c,) for c in cells]
        if header_rows and len(cells) <= max(map(len, header_rows)) and 0 < len(printed) < columns:
            return spread(printed, columns)
    if layout is Layout.GRID:
        grid = place_by_grid(gathered.form_id, table, header_rows, cells)
        return place_grid(cells, columns, grid)
    return place(cells, columns, padded=layout is Layout.PADDED)


def _in_order(cells: tuple[Cell, ...]) -> bool:
    """Whether plain lines' values surely stand in their order.

    They do all on one line, or each on its own. Else they come as they stand higher or
    lower on the page, as signs beside figures do, or some are the ends of long figures.
    """
    lines = Counter(c.part for c in cells)
    if len(lines) == 1 or max(lines.values()) == 1:
        return True
    return all(c.text.isascii() and len(c.text) < _TEARS for c in cells)


def _positions(
    table: str, header_rows: list[tuple[Cell, ...]], gathered: Gathering
) -> tuple[int, tuple[int, ...]] | None:
    """The columns' positions, read off the header's last two rows."""
    return header_positions(gathered.form_id, table, header_rows[-2:]) or header_positions(
        gathered.form_id, table, header_rows
    )


def _report_size(
    cells: tuple[Cell, ...], table: str, row: str, placed: list[Candidates], gathered: Gathering
) -> None:
    columns = len(placed)
    printed = [c for c in cells if c.text]
    at = printed[0] if printed else None
    if len(printed) > columns:
        gathered.note(
            "extra_cells", at, table=table, row=row, printed=len(printed), expected=columns
        )
    elif any(None in c for c in placed):
        gathered.doubt(
            "cells_fewer", at, table=table, row=row, printed=len(printed), expected=columns
        )
