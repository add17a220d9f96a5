"""Two reports in, their official form cell by cell out, in the layout of the later form.

A cell has changed only where both print a number and the two compare; a blank is no 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from dashboard import labels
from dashboard.data import Row, rows_of
from dashboard.labels import t
from dashboard.views.compare_difference import difference
from dashboard.views.context import Context
from dashboard.views.lists import form_label
from dashboard.views.records import (
    FormPair,
    PairCell,
    PairRow,
    PairSum,
    PairTable,
    ValueCell,
)
from dashboard.views.tables import cell_id, form_tables
from govreport_core.forms import forms
from govreport_core.indicators.crosswalk import (
    Comparable,
    Met,
    met,
    older_first,
    over_years,
    worst,
)
from govreport_core.model import Record, State

_Values = Mapping[str, Row]
_NONE: Row = {"state": State.ABSENT, "number": None}


class _Two(Record, frozen=True, gc=False):
    """Two reports' cells, those of the older form first.

    Attributes:
        turned: Whether the report that stands first is on the newer form.
    """

    cards: tuple[Row, Row]
    older: _Values
    newer: _Values
    links: Mapping[str, Met]
    turned: bool
    lang: str

    def compared(self, link: Met) -> Comparable:
        """How far the cells of a link compare, the years of the reports minded."""
        first, second = ((card["year"], card["form"]) for card in self.cards)
        return worst([link.comparable, *(over_years(one, first, second) for one in link.after)])


def form_pair(shared: Context, first_id: str, second_id: str, lang: str) -> FormPair | None:
    """Two reports' official form, cell by cell.

    Args:
        shared: The dataset.
        first_id: The report that stands first: of one agency the earlier.
        second_id: The other one, whose differences from the first are told.
        lang: Language of the words.

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
        cards=cards,
        older=_values(shared, older),
        newer=_values(shared, newer),
        links=met(older["form"], newer["form"]),
        turned=turned,
        lang=lang,
    )
    same = cards[0]["agency_id"] == cards[1]["agency_id"]
    tables = _tables(two, newer["form"])
    marks = Counter(cell.mark for one in tables for row in one.rows for cell in row.cells)
    names = [_name(card, lang, same=same) for card in cards]
    return FormPair(
        title=t("compare.form.title", lang, first=names[0], second=names[1]),
        first=names[0],
        second=names[1],
        first_id=first_id,
        second_id=second_id,
        sentence=_sentence(marks, cards, lang),
        tables=tables,
        sums=tuple(_sums(two, newer["form"])),
        left=tuple(_left(two, older["form"])),
        changed=marks["changed"],
    )


def _card(shared: Context, report_id: str) -> Row:
    card = shared.of_report(report_id)
    if card is None:
        raise KeyError(report_id)
    return card


def _values(shared: Context, card: Row) -> _Values:
    rows = rows_of(shared.data, card["document_id"], "values")
    wanted = rows.select("table", "row", "column", "state", "number", "raw", "unit")
    return {
        f"{row['table']}.{row['row']}.{row['column']}": row for row in wanted.iter_rows(named=True)
    }


def _name(card: Row, lang: str, *, same: bool) -> str:
    year = labels.year(card["year"], lang)
    if same:
        return year
    agency = card["agency_name"] or t("values.agency_unknown", lang)
    return t("compare.form.of", lang, agency=agency, year=year)


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


def _tables(two: _Two, form: str) -> tuple[PairTable, ...]:
    values = {tuple(cell.split(".")): row for cell, row in two.newer.items()}
    found = []
    for table in form_tables(forms()[form], values, {}, two.lang):  # type: ignore[arg-type]
        if not table.present and all(
            two.older.get(cell, _NONE)["state"] == State.ABSENT
            for row in table.rows
            for one in row.cells
            for cell in _met(two, one)
        ):
            continue
        rows = tuple(
            PairRow(row.heads, row.kind, tuple(_cell(two, one) for one in row.cells))
            for row in table.rows
        )
        found.append(PairTable(table.label, table.header, rows, table.stub))
    return tuple(found)


def _met(two: _Two, cell: ValueCell) -> tuple[str, ...]:
    link = two.links.get(f"{cell.table}.{cell.row}.{cell.column}")
    return link.before if link is not None else ()


def _cell(two: _Two, cell: ValueCell) -> PairCell:
    """A cell of the newer form, and what it meets on the older one."""
    key = f"{cell.table}.{cell.row}.{cell.column}"
    link = two.links.get(key)
    own = two.newer.get(key, _NONE)
    here = _said(own, two.lang)
    alone = link is not None and len(link.after) == 1
    if link is None or not alone:
        there, than = "", None
        comparable: Comparable = "no" if link is None else two.compared(link)
    else:
        rows = [two.older.get(one, _NONE) for one in link.before]
        than = _added(rows)
        there = _said(rows[0], two.lang) if len(rows) == 1 else _sum(rows, than, two.lang)
        comparable = two.compared(link)
    number = own["number"]
    first, second = (here, there) if two.turned else (there, here)
    numbers = (number, than) if two.turned else (than, number)
    mark = _mark(numbers, (first, second), comparable, alone=alone)
    against = difference(numbers[1], numbers[0], comparable, two.lang)
    said = against.text if mark == "changed" else ""
    return PairCell(
        mark=mark,
        first=first,
        second=second,
        difference=said,
        sign=t(f"compare.marks.{mark}", two.lang) or against.sign,
        label=t(
            f"compare.form.cell_{mark}",
            two.lang,
            cell=cell.label,
            first=first or t("compare.form.no_cell", two.lang),
            second=second or t("compare.form.no_cell", two.lang),
            difference=said,
            comparable=against.label,
        ),
        cell_id=cell_id(cell.table, cell.row, cell.column),
    )


def _mark(
    numbers: tuple[float | None, float | None],
    said: tuple[str, str],
    comparable: Comparable,
    *,
    alone: bool,
) -> str:
    if comparable == "no":
        return "apart"
    if not alone:
        return "sum"
    first, second = numbers
    if first is None or second is None:
        return "same" if first is second and said[0] == said[1] else "unknown"
    return "same" if round(second - first, 6) == 0 else "changed"


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


def _sums(two: _Two, form: str) -> list[PairSum]:
    """What compares only added up, a line each; none where neither report has any of it."""
    found = []
    links = dict.fromkeys(
        (link.before, link.after, link.comparable)
        for link in two.links.values()
        if len(link.after) > 1
    )
    for before, after, comparable in links:
        link = Met(before, after, comparable)
        there = [two.older.get(one, _NONE) for one in before]
        here = [two.newer.get(one, _NONE) for one in after]
        # Some print the group as one row with figures of its own, in place of its parts.
        if all(row["state"] == State.ABSENT for row in here):
            here = [_group(two, form, after)]
        if all(row["state"] == State.ABSENT for row in (*there, *here)):
            continue
        sides = [(_sum(rows, _added(rows), two.lang), _added(rows)) for rows in (there, here)]
        first, second = reversed(sides) if two.turned else sides
        against = difference(second[1], first[1], two.compared(link), two.lang)
        label = _label(form, after, two.lang)
        found.append(PairSum(label, first[0], second[0], f"{against.sign} {against.text}".strip()))
    return found


def _group(two: _Two, form: str, cells: Sequence[str]) -> Row:
    """The group's own cell above some cells of a column."""
    table, row, column = cells[0].split(".")
    parent = next(one.parent for one in forms()[form].table(table).rows if one.code == row)
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


def _left(two: _Two, form: str) -> list[PairSum]:
    """The older form's cells that have no counterpart, a line each row that is printed."""
    reached = {cell for link in two.links.values() for cell in link.before}
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
