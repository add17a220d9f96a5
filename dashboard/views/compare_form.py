"""Two reports in, their official form cell by cell out, in the layout of the later form.

A cell has changed only where both print a number and the two compare; a blank is no 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

import msgspec
import polars as pl

from dashboard import labels
from dashboard.data import Row, rows_of
from dashboard.labels import t
from dashboard.views.compare_difference import difference
from dashboard.views.context import Context
from dashboard.views.lists import agency_name, form_label
from dashboard.views.records import (
    FormPair,
    FormTableView,
    PairCell,
    PairRow,
    PairSum,
    PairTable,
    ValueCell,
)
from dashboard.views.remarks import corrections_of
from dashboard.views.tables import form_tables
from govreport_core.forms import forms
from govreport_core.indicators.crosswalk import (
    Comparable,
    Dated,
    Met,
    met,
    older_first,
    over_years,
    worst,
)
from govreport_core.model import Record, State

Cells = Mapping[str, Row]
"""A report's cells by their names, `state` and `number` of each."""

_CELL = ("document_id", "table", "row", "column", "state", "number")
_NONE: Row = {"state": State.ABSENT, "number": None}
_NOTHING: Row = {"state": State.ABSENT, "number": None, "raw": None, "unit": None}
# What is printed, and says nothing: alike on both sides.
_EMPTY = (State.BLANK, State.PLACEHOLDER, State.ABSENT)


class _Two(msgspec.Struct, frozen=True):
    """Two reports' cells, those of the older form first.

    Attributes:
        forms: Their forms, the older one first.
        dated: Year and form of each, as they stand beside each other.
        turned: Whether the report that stands first is on the newer form.
    """

    forms: tuple[str, str]
    dated: tuple[Dated, Dated]
    older: Cells
    newer: Cells
    turned: bool
    lang: str
    said: bool


def _compared(link: Met, dated: tuple[Dated, Dated]) -> Comparable:
    """How far the cells of a link compare, the years of the reports minded."""
    return worst((link.comparable, over_years(link.after[0], *dated)))


def form_pair(
    shared: Context,
    first_id: str,
    second_id: str,
    lang: str,
    *,
    said: bool = True,
    values: Mapping[str, Cells] | None = None,
) -> FormPair | None:
    """Two reports' official form, cell by cell.

    Args:
        shared: The dataset.
        first_id: The report that stands first: of one agency the earlier.
        second_id: The other one, whose differences from the first are told.
        lang: Language of the words.
        said: Whether each cell says what it is in words too, which takes most of the time.
        values: The cells of each document, see `cells_of`; read where they aren't given.

    Returns:
        None where the form of either isn't known.

    Raises:
        KeyError: The data has no such report.
    """
    cards = (_card(shared, first_id), _card(shared, second_id))
    ids = [card["form"] for card in cards]
    if any(one not in forms() for one in ids):
        return None
    turned = not older_first(*ids)
    older, newer = reversed(cards) if turned else cards
    two = _Two(
        forms=(older["form"], newer["form"]),
        dated=((cards[0]["year"], ids[0]), (cards[1]["year"], ids[1])),
        older=_values(shared, older, values),
        newer=_values(shared, newer, values),
        turned=turned,
        lang=lang,
        said=said,
    )
    same = cards[0]["agency_id"] == cards[1]["agency_id"]
    tables = _tables(two)
    marks = Counter([cell.mark for one in tables for row in one.rows for cell in row.cells])
    names = [_name(card, lang, same=same) for card in cards]
    return FormPair(
        title=t("compare.form.title", lang, first=names[0], second=names[1]),
        first=names[0],
        second=names[1],
        first_id=first_id,
        second_id=second_id,
        sentence=_sentence(marks, cards, lang),
        tables=tables,
        sums=tuple(_sums(two)),
        left=tuple(_left(two)),
        changed=marks["changed"],
        corrections=tuple(one for card in cards for one in corrections_of(shared, card, lang)),
    )


def follows(before: Row, after: Row) -> bool:
    """Whether a report's form can be held against that of the agency's last one.

    Args:
        before: The card of the agency's report before it.
        after: Its own card.
    """
    return before["form"] in forms() and after["form"] in forms()


def _card(shared: Context, report_id: str) -> Row:
    card = shared.of_report(report_id)
    if card is None:
        raise KeyError(report_id)
    return card


def cells_of(rows: pl.DataFrame) -> dict[str, dict[str, Row]]:
    """The cells of some documents, by their names, from rows of `values`."""
    found: dict[str, dict[str, Row]] = {}
    # Most cells say the same, and all documents have cells of the same names: held once.
    told: dict[tuple[Any, ...], Row] = {}
    names: dict[tuple[Any, ...], str] = {}
    for document, table, row, column, state, number in rows.select(_CELL).iter_rows():
        name, cell = (table, row, column), (state, number)
        if name not in names:
            names[name] = f"{table}.{row}.{column}"
        if cell not in told:
            told[cell] = {"state": state, "number": number}
        found.setdefault(document, {})[names[name]] = told[cell]
    return found


def _values(shared: Context, card: Row, values: Mapping[str, Cells] | None) -> Cells:
    document = card["document_id"]
    if values is None:
        values = cells_of(rows_of(shared.data, document, "values"))
    return values.get(document, {})


def _name(card: Row, lang: str, *, same: bool) -> str:
    year = labels.year(card["year"], lang)
    if same:
        return year
    return t("compare.form.of", lang, agency=agency_name(card, lang), year=year)


def _sentence(marks: Counter[str], cards: tuple[Row, Row], lang: str) -> str:
    total = sum(marks.values())
    said = [
        t("compare.form.sentence", lang, n=labels.number(total), changed=marks["changed"]),
        *(
            t(f"compare.form.{mark}_too", lang, n=labels.number(marks[mark]))
            for mark in ("unknown", "sum", "apart")
            if marks[mark]
        ),
    ]
    if cards[0]["form"] != cards[1]["form"]:
        named = [form_label(card["form"], lang) for card in cards]
        said.append(t("compare.form.forms", lang, first=named[0], second=named[1]))
    return t("compare.form.join", lang).join(said)


def _tables(two: _Two) -> tuple[PairTable, ...]:
    filled = frozenset(cell for cell in _groups(two.forms[1]) if cell in two.newer)
    found = []
    for table, lines in _planned(two.forms, two.dated, filled, two.lang):
        if any(_printed(two, one) for line in lines for one in line):
            rows = tuple(
                PairRow(row.heads, row.kind, tuple([_cell(two, one) for one in line]))
                for row, line in zip(table.rows, lines, strict=True)
            )
            found.append(PairTable(table.label, table.header, rows, table.stub))
    return tuple(found)


class _Planned(Record, frozen=True, gc=False):
    """A cell of the newer form, before its numbers are known.

    Attributes:
        cell: It.
        key: Its name.
        link: What it meets on the older form, if it meets anything.
        comparable: How far the two compare.
        other: The name of the cell that it meets, where one meets one: nearly everywhere.
    """

    cell: ValueCell
    key: str
    link: Met | None
    comparable: Comparable
    other: str | None


_Lines = tuple[tuple[_Planned, ...], ...]


@lru_cache(maxsize=128)
def _planned(
    pair: tuple[str, str], dated: tuple[Dated, Dated], filled: frozenset[str], lang: str
) -> tuple[tuple[FormTableView, _Lines], ...]:
    """The tables of the newer form, and of each row what its cells are held against."""
    links = met(*pair)

    def plan(cell: ValueCell) -> _Planned:
        key = f"{cell.table}.{cell.row}.{cell.column}"
        link = links.get(key)
        if link is None:
            return _Planned(cell, key, None, "no", None)
        alone = len(link.after) == len(link.before) == 1
        return _Planned(cell, key, link, _compared(link, dated), link.before[0] if alone else None)

    return tuple(
        (table, tuple(tuple(plan(cell) for cell in row.cells) for row in table.rows))
        for table in _layout(pair[1], filled, lang)
    )


@lru_cache(maxsize=64)
def _layout(form: str, filled: frozenset[str], lang: str) -> tuple[FormTableView, ...]:
    """A form's tables without numbers; of groups only those that have cells of their own."""
    values = {tuple(cell.split(".")): _NOTHING for cell in filled}
    return form_tables(forms()[form], values, {}, lang)  # type: ignore[arg-type]


@cache
def _groups(form: str) -> tuple[str, ...]:
    """The cells of a form's groups, which few reports print."""
    return tuple(
        f"{table.code}.{row.code}.{column.code}"
        for table in forms()[form].tables
        for row in table.rows
        for column in table.value_columns
        if row.kind == "group"
    )


def _printed(two: _Two, one: _Planned) -> bool:
    """Whether either report has a cell of the newer form, or what it meets."""
    before = one.link.before if one.link else ()
    held = [two.newer.get(one.key), *(two.older.get(name) for name in before)]
    return any(row is not None and row["state"] != State.ABSENT for row in held)


def _cell(two: _Two, one: _Planned) -> PairCell:
    """A cell of the newer form, and what it meets on the older one."""
    link, comparable = one.link, one.comparable
    mine = two.newer.get(one.key, _NONE)
    if one.other is not None:
        other = two.older.get(one.other, _NONE)
        first, second = (mine, other) if two.turned else (other, mine)
        numbers = first["number"], first["state"], second["number"], second["state"]
        found = _single(*numbers, comparable, two.lang)
    else:
        alone = link is not None and len(link.after) == 1
        here, there = _side([mine], two.lang), _NO_CELL
        if link is not None and alone:
            there = _side([two.older.get(name, _NONE) for name in link.before], two.lang)
        sides = (here, there) if two.turned else (there, here)
        found = _held(*sides, comparable, two.lang, alone=alone)
    if not two.said:
        return found
    return msgspec.structs.replace(
        found,
        label=_in_words(one.cell.label, found, comparable, two.lang),
        cell_id=one.cell.cell_id,
    )


class _Side(Record, frozen=True, gc=False):
    """What a report has: as read, its number if it has one, its state if it is one cell."""

    text: str
    number: float | None
    state: str


_NO_CELL = _Side("", None, "")


def _side(rows: Sequence[Row], lang: str) -> _Side:
    if len(rows) == 1:
        return _one(rows[0]["number"], rows[0]["state"], lang)
    total = _added(rows)
    return _Side(_sum(rows, total, lang), total, "")


@lru_cache(maxsize=4_096)
def _single(
    first: float | None,
    first_state: str,
    second: float | None,
    second_state: str,
    comparable: Comparable,
    lang: str,
) -> PairCell:
    """Two cells, each alone, held against each other; the same pairs come again and again."""
    sides = _one(first, first_state, lang), _one(second, second_state, lang)
    return _held(*sides, comparable, lang, alone=True)


@lru_cache(maxsize=4_096)
def _one(number: float | None, state: str, lang: str) -> _Side:
    return _Side(_said({"number": number, "state": state}, lang), number, state)


def _held(
    first: _Side, second: _Side, comparable: Comparable, lang: str, *, alone: bool
) -> PairCell:
    """Two sides of a cell held against each other."""
    mark = _mark(first, second, comparable, alone=alone)
    against = difference(second.number, first.number, comparable, lang)
    return PairCell(
        mark=mark,
        first=first.text,
        second=second.text,
        difference=against.text if mark == "changed" else "",
        sign=against.sign if mark in ("same", "changed") else t(f"compare.marks.{mark}", lang),
    )


def _in_words(cell: str, found: PairCell, comparable: Comparable, lang: str) -> str:
    first, second = (one or t("compare.form.no_cell", lang) for one in (found.first, found.second))
    return t(
        f"compare.form.cell_{found.mark}",
        lang,
        cell=cell,
        first=first,
        second=second,
        difference=found.difference,
        comparable=t(f"compare.comparable.{comparable}", lang),
    )


def _mark(first: _Side, second: _Side, comparable: Comparable, *, alone: bool) -> str:
    if comparable == "no":
        return "apart"
    if not alone:
        return "sum"
    if first.number is None or second.number is None:
        # What couldn't be read on either side may well differ.
        return "same" if first.state == second.state and first.state in _EMPTY else "unknown"
    return "same" if round(second.number - first.number, 6) == 0 else "changed"


def _said(row: Row, lang: str) -> str:
    """A value as read: its number, else the word for why there is none."""
    if row["number"] is not None:
        return labels.number(row["number"])
    return t(f"states.{State(row['state'])}", lang)


def _added(rows: Sequence[Row]) -> float | None:
    """The sum of some cells; None where one of them isn't known."""
    numbers = [row["number"] for row in rows]
    return None if any(one is None for one in numbers) else float(sum(numbers))


def _sum(rows: Sequence[Row], total: float | None, lang: str) -> str:
    said = [_said(row, lang) for row in rows]
    if total is None or len(said) == 1:
        return " + ".join(said)
    return f"{' + '.join(said)} = {labels.number(total)}"


def _sums(two: _Two) -> list[PairSum]:
    """What compares only added up, a line each; none where neither report has any of it."""
    found = []
    for link in _added_up(*two.forms):
        before, after = link.before, link.after
        there = [two.older.get(one, _NONE) for one in before]
        here = [two.newer.get(one, _NONE) for one in after]
        # Some print the group as one row with figures of its own, in place of its parts.
        if all(row["state"] == State.ABSENT for row in here):
            here = [_group(two, after)]
        if all(row["state"] == State.ABSENT for row in (*there, *here)):
            continue
        sides = [(_sum(rows, _added(rows), two.lang), _added(rows)) for rows in (there, here)]
        first, second = reversed(sides) if two.turned else sides
        against = difference(second[1], first[1], _compared(link, two.dated), two.lang)
        label = _label(two.forms[1], after, two.lang)
        found.append(PairSum(label, first[0], second[0], f"{against.sign} {against.text}".strip()))
    return found


@cache
def _added_up(older: str, newer: str) -> tuple[Met, ...]:
    """What cells of two forms meet only as a sum."""
    links = met(older, newer).values()
    found = dict.fromkeys(
        (link.before, link.after, link.comparable) for link in links if len(link.after) > 1
    )
    return tuple(Met(*link) for link in found)


@cache
def _reached(older: str, newer: str) -> frozenset[str]:
    """The cells of the older form that any of the newer one meets."""
    return frozenset(cell for link in met(older, newer).values() for cell in link.before)


def _group(two: _Two, cells: Sequence[str]) -> Row:
    """The group's own cell above some cells of a column."""
    table, row, column = cells[0].split(".")
    rows = forms()[two.forms[1]].table(table).rows
    parent = next(one.parent for one in rows if one.code == row)
    return two.newer.get(f"{table}.{parent}.{column}", _NONE)


def _label(form: str, cells: Sequence[str], lang: str) -> str:
    """What cells that are added up are called: their group, where they have one, and column."""
    table, row, column = cells[0].split(".")
    parents = {one.parent for one in forms()[form].table(table).rows if one.code == row}
    parent = parents.pop()
    if parent is not None and len(cells) > 1:
        return labels.cell_label(form, table, parent, column, lang)
    return t("places.and", lang).join(
        labels.cell_label(form, *one.split("."), lang) for one in cells
    )


def _left(two: _Two) -> list[PairSum]:
    """The older form's cells that have no counterpart, a line each row that is printed."""
    form, reached = two.forms[0], _reached(*two.forms)
    left = [
        cell
        for cell, row in two.older.items()
        if cell not in reached and row["state"] != State.ABSENT
    ]
    found = []
    for (table, row), cells in groupby(left, key=lambda cell: tuple(cell.split(".")[:2])):
        mine = list(cells)
        names = [
            labels.table_label(form, table, two.lang),
            labels.row_label(form, table, row, two.lang),
        ]
        said = [
            t(
                "compare.form.column",
                two.lang,
                column=labels.column_label(form, table, cell.split(".")[2], two.lang),
                value=_said(two.older[cell], two.lang),
            )
            for cell in mine
        ]
        text = t("compare.form.join", two.lang).join(said)
        sides = ("", text) if two.turned else (text, "")
        found.append(PairSum(t("places.join", two.lang).join(dict.fromkeys(names)), *sides))
    return found
