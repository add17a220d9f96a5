"""A line into which whole tables are glued in, the few cells that are certain out.

Without anything between the digits only two readings are certain: a lone number
in a table of one column, and exactly as many zeros as there are columns.
"""

from __future__ import annotations

import re

from govreport_core.align.gathering import Gathering
from govreport_core.align.headings import Heading
from govreport_core.align.vocabulary import vocabulary
from govreport_core.folding import Squashed, fold, squash
from govreport_core.forms import FormTable
from govreport_core.model import Cell
from govreport_core.numerals import is_plain_number, looks_like_value

_ENUMERATED = re.compile(r"(?:\d{1,2} *[.、]|[(（] *[一二三四五六七] *[)）]|[一二三四] *[、.])\s*$")
_LEAST_LABELS = 3
# Words that stand together in a table's header and hardly in prose.
_HEADERS = (("信息内容", "第二十条"), ("自然人", "商业企业"), ("结果维持", "未经复议直接起诉"))

_LONG = 4  # People put spaces into shorter words.


def align_glued(cell: Cell, headings: list[Heading], gathered: Gathering) -> tuple[int, int] | None:
    """Align a long line's digits with the form's cells.

    Args:
        cell: The line.
        headings: The section headings found in this line.
        gathered: Takes the cells and what was odd.

    Returns:
        Start and end of the glued tables in the line, or None if there are none.
    """
    form = vocabulary(gathered.form_id).form
    if not any(all(word in cell.text for word in words) for words in _HEADERS):
        return None
    marks = _marks(
        cell.text, [t for t in form.tables if t.code not in gathered.seen], headings, gathered
    )
    if len(marks) < _LEAST_LABELS:
        return None
    marks += [(h.start, h.end, None, "") for h in headings]
    marks.sort(key=lambda m: (m[0], m[1]))
    first = min(m[0] for m in marks if m[2])
    ends = [*(m[0] for m in marks[1:]), len(cell.text)]
    rows = [
        (start, end, form.table(table), row)
        for (_, start, table, row), end in zip(marks, ends, strict=True)
        if table is not None and row
    ]
    spaced = any(
        len(cell.text[start:end].split()) > 1 for start, end, table, _ in marks if table is not None
    )
    torn = _torn(cell.text, rows, spaced=spaced)
    within = any(_is_torn(cell.text[start:end]) for start, end, table, _ in marks if table)
    last = first
    for start, end, table, row in rows:
        odd = torn or (within and len(table.value_columns) > 1)
        last = _read(cell, start, end, table, row, gathered, torn=odd)
    return first, last


def _torn(text: str, rows: list[tuple[int, int, FormTable, str]], *, spaced: bool) -> bool:
    """Whether figures may be torn by spaces, while some rows have blanks.

    They may be where labels are, `spaced`, or where a row has too many. A row with as
    many as columns may then have one torn and another blank.
    """
    over = [
        len(_digits(text, start, end).split()) - len(table.value_columns)
        for start, end, table, _ in rows
    ]
    return (spaced or max(over, default=0) > 0) and any(
        n < 0 and n + len(table.value_columns) > 1
        for n, (_, _, table, _) in zip(over, rows, strict=True)
    )


def _is_torn(label: str) -> bool:
    """Whether a label's first piece is the short one: then figures may be torn as well.

    Where a cell's width has cut it, its first piece is the longest.
    """
    first, *others = label.split()
    return bool(others) and 2 * len(first) <= len(others[0]) and len(squash(label)) >= _LONG


def _digits(text: str, start: int, end: int) -> str:
    """The figures between a label and the next mark, with what is between them."""
    printed = re.match(r"[\s\d.,+/-]*", fold(text[start:end]))
    return printed[0] if printed else ""


Mark = tuple[int, int, str | None, str]


def _marks(
    text: str, tables: list[FormTable], headings: list[Heading], gathered: Gathering
) -> list[Mark]:
    """Where captions, headers and labels stand, in the form's order: start, end, table, row."""
    marks: list[Mark] = []
    squashed = Squashed(text)
    at = 0
    for table in tables:
        limit = _limit(table, headings, len(text))
        words: list[tuple[str, str]] = [(table.label, "")]
        words += [(c.label, "") for c in table.columns]
        words += [(r.label, r.code if r.kind != "group" else "") for r in table.rows if r.label]
        units = {c.label: (c.code, c.unit) for c in table.columns if c.unit and c.unit in c.label}
        unlabelled = next((r.code for r in table.rows if not r.label), "")
        for label, row in words:
            found = squashed.find(squash(label), at, limit, last=bool(unlabelled))
            far = not unlabelled and not row and len(squash(label)) <= 2
            if found is None or (far and found[0] - at > 40):
                continue
            if (unit := units.get(label)) and unit[1]:
                gathered.units[table.code, unit[0]] = unit[1]
            marks.append((found[0], found[1], table.code, row))
            at = at if unlabelled else found[1]
        if unlabelled and (mine := [m for m in marks if m[2] == table.code]):
            start, end, code, _ = max(mine)
            marks = [m for m in marks if m[2] != code] + [(start, end, code, unlabelled)]
            at = end
    return marks


def _limit(table: FormTable, headings: list[Heading], end: int) -> int:
    """Where the section after the table's begins."""
    starts = [h.start for h in headings if h.section == table.section]
    return min((h.start for h in headings if starts and h.start > starts[0]), default=end)


def _read(
    cell: Cell,
    start: int,
    end: int,
    table: FormTable,
    row: str,
    gathered: Gathering,
    *,
    torn: bool,
) -> int:
    """Read what stands between a label and the next mark; the end of the digits."""
    digits = _digits(cell.text, start, end)
    columns = len(table.value_columns)
    at = Cell(cell.text[start:end].strip(), cell.part, start, start + len(digits))
    cells = None if torn else _certain(cell, start, digits, columns)
    gathered.seen.add(table.code)
    if cells is None:
        gathered.doubt("glued_cells", at, table=table.code, row=row)
        gathered.put(table.code, row, [(None,)] * columns, at)
    else:
        gathered.put(table.code, row, [(c,) for c in cells], at)
    return start + len(digits)


def _certain(cell: Cell, start: int, digits: str, columns: int) -> list[Cell] | None:
    def piece(begin: int, end: int) -> Cell:
        begin, end = start + begin, start + end
        return Cell(cell.text[begin:end], cell.part, begin, end)

    spaced = [piece(m.start(), m.end()) for m in re.finditer(r"\S+", digits)]
    if len(spaced) == columns and all(looks_like_value(c.text) for c in spaced):
        return spaced
    if len(spaced) == 1 and squash(digits) == "0" * columns:
        return [piece(i, i + 1) for i in range(len(digits)) if digits[i] == "0"]
    if columns == 1 and len(spaced) == 1 and is_plain_number(spaced[0].text):
        return spaced
    return None
