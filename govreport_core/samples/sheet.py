"""A sample and a style in; its headings, paragraphs and grids out, before any layout."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from govreport_core.forms import Column, FormTable, Row, forms
from govreport_core.samples.sample import Key, Sample, print_cell
from govreport_core.samples.style import Style, column_label, row_label, section_heading, typed

T3_LABEL_WIDTH = 3


class GridCell(msgspec.Struct, frozen=True):
    """A cell as on the official form, merged ones once.

    Attributes:
        value: Whether it holds a figure rather than a label.
        continued: It only continues the merged cell above it.
    """

    text: str
    colspan: int = 1
    rowspan: int = 1
    value: bool = False
    continued: bool = False


class Grid(msgspec.Struct, frozen=True):
    """A table of the form; `rows` hold the cells that start in them."""

    code: str
    width: int
    rows: tuple[tuple[GridCell, ...], ...]


class Passage(msgspec.Struct, frozen=True):
    """A line or paragraph; `kind` is `title`, `heading`, `paragraph` or `signature`."""

    kind: str
    text: str


Block = Passage | Grid


def blocks(sample: Sample, style: Style) -> Iterator[Block]:
    """The report's content in the order in which it is printed."""
    yield from (Passage("title", line) for line in sample.title)
    if sample.intro:
        yield Passage("paragraph", sample.intro)
    form = forms()[sample.form]
    prose = {
        "s1_overview": sample.overview,
        "s5_problems": sample.problems,
        "s6_other": sample.other,
    }
    for section in form.sections:
        if section.code in sample.without:
            continue
        heading = Passage("heading", section_heading(style, section))
        late = section.code in sample.late_headings
        if not late:
            yield heading
        yield from (Passage("paragraph", text) for text in prose.get(section.code, ()))
        for table in form.tables:
            if table.section == section.code:
                if table.code in sample.without:
                    yield Passage("paragraph", "无")
                else:
                    yield grid(sample, style, table)
        if late:
            yield heading
    yield from (Passage("signature", line) for line in sample.signature)


def grid(sample: Sample, style: Style, table: FormTable) -> Grid:
    """One table of the form, filled."""
    if table.code == "t3_requests":
        return _requests(sample, style, table)
    if table.code == "t4_review_litigation":
        return _cases(sample, style, table)
    return _article_20(sample, style, table)


def expanded(table: Grid) -> list[list[GridCell]]:
    """The rows with a blank cell wherever a cell from above reaches into them."""
    rows = []
    reaching: dict[int, tuple[int, GridCell | None]] = {}
    for cells in table.rows:
        row, column, pending = [], 0, list(cells)
        while column < table.width:
            left, above = reaching.get(column, (0, None))
            if above is not None and left:
                reaching[column] = (left - 1, above)
                row.append(GridCell("", colspan=above.colspan, continued=True))
                column += above.colspan
                continue
            if not pending:
                break
            cell = pending.pop(0)
            reaching[column] = (cell.rowspan - 1, cell)
            row.append(cell)
            column += cell.colspan
        rows.append([*row, *pending])
    return rows


def _article_20(sample: Sample, style: Style, table: FormTable) -> Grid:
    head = [GridCell(_money_header(sample, style, table, column)) for column in table.columns]
    # The tables of an article stand below one another, as wide as the widest.
    own = [t for t in forms()[sample.form].tables if t.section == table.section]
    width = max(len(t.columns) for t in own)
    rows = [_stretched(head, width)]
    for row in table.value_rows:
        if f"{table.code}.{row.code}" in sample.without:
            continue
        cells = [GridCell(row_label(style, table, row))]
        cells += _values(sample, table, row)
        rows.append(_stretched(cells, width))
    title = (GridCell(typed(style, table.label), colspan=width),)
    return Grid(table.code, width, (title, *rows))


def _stretched(cells: list[GridCell], width: int) -> tuple[GridCell, ...]:
    missing = width - len(cells)
    return (*cells[:-1], msgspec.structs.replace(cells[-1], colspan=1 + missing))


def _money_header(sample: Sample, style: Style, table: FormTable, column: Column) -> str:
    label = column_label(style, table, column)
    if column.code == "procurement_amount" and sample.money_in_header:
        return typed(style, f"采购总金额（单位：{sample.money_in_header}）")
    return label


def _values(sample: Sample, table: FormTable, row: Row) -> list[GridCell]:
    return [
        GridCell(print_cell(sample, (table.code, row.code, column.code)), value=True)
        for column in table.value_columns
    ]


def _requests(sample: Sample, style: Style, table: FormTable) -> Grid:
    by_code = {column.code: column for column in table.columns}

    def head(code: str, colspan: int = 1, rowspan: int = 1) -> GridCell:
        return GridCell(column_label(style, table, by_code[code]), colspan, rowspan)

    note = GridCell(typed(style, table.ignored[0]), colspan=T3_LABEL_WIDTH, rowspan=3)
    organisations = [c for c in table.columns if c.parent == "legal_or_other_org"]
    width = len(table.value_columns)
    rows = [
        (note, head("applicant_info", colspan=width)),
        tuple(
            head(column.code, colspan=len(organisations))
            if column.kind == "group"
            else head(column.code, rowspan=2)
            for column in table.columns
            if column.parent == "applicant_info"
        ),
        tuple(head(column.code) for column in organisations),
    ]
    printed = [row for row in table.rows if _is_printed(sample, table, row)]
    above = {row.code: _groups_above(table, row) for row in printed}
    for i, row in enumerate(printed):
        groups = above[row.code]
        began = above[printed[i - 1].code] if i else ()
        cells = [
            GridCell(
                row_label(style, table, group),
                rowspan=sum(group in inside for inside in above.values()),
            )
            for group in groups
            if group not in began
        ]
        cells.append(GridCell(row_label(style, table, row), colspan=T3_LABEL_WIDTH - len(groups)))
        rows.append((*cells, *_values(sample, table, row)))
    return Grid(table.code, T3_LABEL_WIDTH + width, tuple(rows))


def _is_printed(sample: Sample, table: FormTable, row: Row) -> bool:
    key: Key = (table.code, row.code, table.value_columns[0].code)
    return key in sample.numbers and f"{table.code}.{row.code}" not in sample.without


def _groups_above(table: FormTable, row: Row) -> tuple[Row, ...]:
    if row.parent is None:
        return ()
    parent = next(r for r in table.rows if r.code == row.parent)
    return (*_groups_above(table, parent), parent)


def _cases(sample: Sample, style: Style, table: FormTable) -> Grid:
    by_code = {column.code: column for column in table.columns}

    def head(code: str, colspan: int = 1, rowspan: int = 1) -> GridCell:
        return GridCell(column_label(style, table, by_code[code]), colspan, rowspan)

    def below_group(code: str) -> list[str]:
        return [c.code for c in table.columns if c.parent == code and c.kind != "group"]

    row = table.value_rows[0]
    values = _values(sample, table, row)
    values += [GridCell(text, value=True) for text in sample.extra_cells]
    review, *suits = (
        below_group(group) for group in ("review", "litigation_direct", "litigation_after_review")
    )
    return Grid(
        table.code,
        len(table.value_columns),
        (
            (head("review", colspan=len(review)), head("litigation", colspan=sum(map(len, suits)))),
            (
                *(head(code, rowspan=2) for code in review),
                head("litigation_direct", colspan=len(suits[0])),
                head("litigation_after_review", colspan=len(suits[1])),
            ),
            tuple(head(code) for codes in suits for code in codes),
            tuple(values),
        ),
    )
