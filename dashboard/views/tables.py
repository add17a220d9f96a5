"""A report's values in, its tables in the official form's layout out."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from dashboard import labels
from dashboard.labels import t
from dashboard.views.records import (
    DiagnosticRow,
    FormRow,
    FormTableView,
    HeadCell,
    PlaceRef,
    ValueCell,
)
from govreport_core.forms import Column, Form, FormTable, Row, forms
from govreport_core.model import Record, State

# A group's heading stands upright beside at least so many rows, each with room for so many
# half-width characters.
_UPRIGHT_ROWS = 3
_UPRIGHT_ROOM = 7


class About(Record, frozen=True, gc=False):
    """What is said of a cell elsewhere: failed checks' codes, doubts, its place.

    `severity` is that of the gravest of these checks.
    """

    failing: tuple[str, ...] = ()
    severity: str | None = None
    doubts: tuple[DiagnosticRow, ...] = ()
    place: PlaceRef | None = None


def cell_id(table: str, row: str, column: str) -> str:
    """The id of a cell on the card."""
    return f"c-{table}.{row}.{column}"


@cache
def cell_numbers() -> Mapping[tuple[str, str, str], int]:
    """The number of each cell of all forms, by table, row and column: its address on the site.

    A cell has one number on all forms that have it, the oldest form's come first, and a new
    form's new cells go on after them: the number of a cell never changes.
    """
    keys = (
        (table.code, row.code, column.code)
        for _, form in sorted(forms().items())
        for table in form.tables
        for row in table.rows
        for column in table.value_columns
    )
    return {key: number for number, key in enumerate(dict.fromkeys(keys), 1)}


def form_tables(
    form: Form,
    values: Mapping[tuple[str, str, str], Mapping[str, Any]],
    about: Mapping[tuple[str, str, str], About],
    lang: str,
) -> tuple[FormTableView, ...]:
    """All tables of a form, filled.

    Args:
        form: The report's form.
        values: (table, row, column) -> row of `values`.
        about: What else is to be said of a cell.
        lang: Language of the words.
    """
    return tuple(_table(form, table, values, about, lang) for table in form.tables)


def _table(
    form: Form,
    table: FormTable,
    values: Mapping[tuple[str, str, str], Mapping[str, Any]],
    about: Mapping[tuple[str, str, str], About],
    lang: str,
) -> FormTableView:
    filled = frozenset(row for name, row, _ in values if name == table.code)
    header, lines, stub = layout(form, table, filled, lang)
    rows = []
    for row, label, heads, has_cells in lines:
        cells = [
            cell_view(one, values.get(one[0]), about.get(one[0], NOTHING_SAID), lang)
            for one in (known_cells(form.id, table.code, row.code, lang) if has_cells else ())
        ]
        rows.append(FormRow(row.code, label, row.kind, heads, tuple(cells)))
    states = Counter(State(cell.state) for row in rows for cell in row.cells)
    return form_table(table, header, rows, stub, states, lang)


def layout(
    form: Form, table: FormTable, filled: frozenset[str], lang: str
) -> tuple[_Header, tuple[_Line, ...], int]:
    """A table before its numbers stand in it: its header, its lines, how many columns are heads.

    Args:
        form: The form.
        table: One of its tables.
        filled: The rows of it that have values: a group is printed as one where it has.
        lang: Language of the words.
    """
    make = _listed if table.listed else _ruled
    return make(form.id, table.code, filled, lang)


_Header = tuple[tuple[HeadCell, ...], ...]
# A row of the form, its label, its headings, and whether it has cells.
_Line = tuple[Row, str, tuple[HeadCell, ...], bool]


# What a table looks like before its numbers stand in it: made once a form, not once a report.
@lru_cache(maxsize=512)
def _ruled(
    form_id: str, code: str, filled: frozenset[str], lang: str
) -> tuple[_Header, tuple[_Line, ...], int]:
    """A table's header, its lines, and how many columns are headings.

    Args:
        form_id: The form.
        code: One of its tables.
        filled: The rows that have values.
        lang: Language of the words.
    """
    table = forms()[form_id].table(code)
    chains = _chains(table, filled)
    stub = max((len(chain) for chain in chains if chain[-1].label), default=0)
    lines = []
    for place, chain in enumerate(chains):
        above = chains[place - 1] if place else ()
        heads = _row_heads(chain, above, chains[place:], stub, lang) if stub else ()
        label = labels.row_label(form_id, code, chain[-1].code, lang)
        lines.append((chain[-1], label, heads, True))
    return _header(table, stub, lang), tuple(lines), stub


@lru_cache(maxsize=512)
def _listed(
    form_id: str, code: str, filled: frozenset[str], lang: str
) -> tuple[_Header, tuple[_Line, ...], int]:
    """The same of a list of indicators as it is printed: indented, each with its unit."""
    table = forms()[form_id].table(code)
    depth: dict[str | None, int] = {None: -1}
    lines: list[_Line] = []
    for row in table.rows:
        depth[row.code] = depth[row.parent] + 1
        text, indent = labels.line_label(row, lang), depth[row.code]
        if row.kind == "group" and row.code not in filled:
            span = 2 + len(table.value_columns)
            head = HeadCell(text, colspan=span, scope="rowgroup", indent=indent)
            lines.append((row, text, (head,), False))
            continue
        heads: tuple[HeadCell, ...] = (
            HeadCell(text, scope="row", indent=indent),
            HeadCell(row.unit or "", scope="row", indent=0),
        )
        lines.append((row, text, heads, True))
    named = [column for column in table.columns if column.kind in ("label", "leaf", "total")]
    header = (tuple(HeadCell(labels.line_label(column, lang)) for column in named),)
    return header, tuple(lines), 2


def form_table(
    table: FormTable,
    header: _Header,
    rows: Sequence[FormRow],
    stub: int,
    states: Mapping[State, int],
    lang: str,
) -> FormTableView:
    """A table of a form.

    Args:
        table: It.
        header: Its lines of headings.
        rows: Its rows; none where they are drawn elsewhere.
        stub: How many of its columns are headings.
        states: How many of its cells are in each state.
        lang: Language of the words.
    """
    return FormTableView(
        code=table.code,
        label=labels.line_label(table, lang),
        section=table.section,
        header=header,
        rows=tuple(rows),
        stub=stub,
        present=any(state != State.ABSENT for state in states),
        counts=tuple(
            (state.value, t(f"states.{state}", lang), states[state])
            for state in State
            if state in states
        ),
    )


def _chains(table: FormTable, filled: frozenset[str]) -> list[tuple[Row, ...]]:
    """For each printed row, its groups from the outermost in, and itself.

    A group that carries figures of its own heads its own parts as one more row:
    its chain then names it twice.
    """
    by_code = {row.code: row for row in table.rows}
    chains = []
    for row in table.rows:
        chain = [row]
        while chain[0].parent is not None:
            chain.insert(0, by_code[chain[0].parent])
        if row.kind != "group":
            chains.append(tuple(chain))
        elif row.code in filled:
            chains.append((*chain, row))
    return chains


def _row_heads(
    chain: tuple[Row, ...],
    above: Sequence[Row],
    following: Sequence[tuple[Row, ...]],
    stub: int,
    lang: str,
) -> tuple[HeadCell, ...]:
    heads = []
    groups = chain[:-1]
    for depth, group in enumerate(groups):
        if depth < len(above) - 1 and above[: depth + 1] == chain[: depth + 1]:
            continue
        span = 0
        for other in following:
            if other[: depth + 1] != chain[: depth + 1] or depth >= len(other) - 1:
                break
            span += 1
        text = labels.line_label(group, lang)
        upright = span >= _UPRIGHT_ROWS and _width(text) <= span * _UPRIGHT_ROOM
        heads.append(HeadCell(text, rowspan=span, scope="rowgroup", upright=upright))
    leaf = chain[-1]
    own = len(chain) > 1 and chain[-2] is leaf
    text = t("tables.as_one_row", lang) if own else labels.line_label(leaf, lang)
    heads.append(HeadCell(text, colspan=stub - len(groups), scope="row"))
    return tuple(heads)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "FW" else 1 for char in text)


def _header(table: FormTable, stub: int, lang: str) -> tuple[tuple[HeadCell, ...], ...]:
    by_code = {column.code: column for column in table.columns}
    chains: list[list[Column]] = []
    for column in table.value_columns:
        chain = [column]
        while chain[0].parent is not None:
            chain.insert(0, by_code[chain[0].parent])
        chains.append(chain)
    depth = max(len(chain) for chain in chains)
    lines: list[list[HeadCell]] = [[] for _ in range(depth)]
    if stub:
        lines[0].append(HeadCell(_stub_label(table, lang), colspan=stub, rowspan=depth))
    for place, chain in enumerate(chains):
        before: list[Column] = chains[place - 1] if place else []
        for level, column in enumerate(chain):
            last = level == len(chain) - 1
            if not last and before[: level + 1] == chain[: level + 1]:
                continue
            span = sum(other[: level + 1] == chain[: level + 1] for other in chains)
            lines[level].append(
                HeadCell(
                    labels.line_label(column, lang),
                    colspan=span,
                    rowspan=depth - level if last else 1,
                    scope="col" if last else "colgroup",
                )
            )
    return tuple(tuple(line) for line in lines)


def _stub_label(table: FormTable, lang: str) -> str:
    head = next((column for column in table.columns if column.kind == "label"), None)
    if head is not None:
        return labels.line_label(head, lang)
    if lang == "zh" and table.ignored:
        return table.ignored[0]
    return t("tables.stub", lang)


# A cell of a form: its key, its label, its id, and whether it holds money.
Known = tuple[tuple[str, str, str], str, str, bool]


@lru_cache(maxsize=2048)
def known_cells(form_id: str, table: str, code: str, lang: str) -> tuple[Known, ...]:
    """The cells of a row, before a number stands in them."""
    found = forms()[form_id].table(table)
    row = next(one for one in found.rows if one.code == code)
    keys = [((table, code, column.code), column.value) for column in found.value_columns]
    return tuple(
        (key, labels.cell_label(form_id, *key, lang), cell_id(*key), "money" in (row.value, value))
        for key, value in keys
    )


def cell_view(known: Known, value: Mapping[str, Any] | None, said: About, lang: str) -> ValueCell:
    """A cell with what is printed there; None where the document has no such cell."""
    key, label, name, money = known
    value = value or _NOT_THERE
    state, word = _states(lang)[value["state"]]
    raw = " ".join(value["raw"].split()) if value["raw"] else ""
    return ValueCell(
        table=key[0],
        row=key[1],
        column=key[2],
        label=label,
        state=state,
        state_label=word,
        number=value["number"],
        text=raw or word,
        reading=_reading(value, raw, money=money, lang=lang),
        cell_id=name,
        place=said.place,
        failing=said.failing,
        severity=said.severity,
        doubts=said.doubts,
    )


@cache
def _states(lang: str) -> dict[str, tuple[State, str]]:
    return {state.value: (state, t(f"states.{state}", lang)) for state in State}


_NOT_THERE: Mapping[str, Any] = {"state": "absent", "raw": None, "number": None, "unit": None}
NOTHING_SAID = About()


def _reading(value: Mapping[str, Any], raw: str, *, money: bool, lang: str) -> str | None:
    """The number as words, where what is printed doesn't already show it."""
    number = value["number"]
    if number is None or shows(raw, number):
        return None
    unit = t("units.money", lang) if money else ""
    return t("tables.reading", lang, number=labels.number(number), unit=unit).strip()


def shows(raw: str, number: float) -> bool:
    """Whether what is printed is a number as it is read."""
    if number >= 0 and raw == f"{number:g}":
        return True
    try:
        return float(unicodedata.normalize("NFKC", raw).replace(",", "")) == number
    except ValueError:
        return False
