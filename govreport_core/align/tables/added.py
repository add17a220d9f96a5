"""Subtotals a province added in; told from the form's own totals by where they stand.

A row 小计 below a group, a column 小计 within 法人或其他组织, a column 合计 over the
lawsuits: the form has none there. They are known for what they are, or left alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from govreport_core.align.vocabulary import key, vocabulary
from govreport_core.folding import squash
from govreport_core.forms import Column, FormTable
from govreport_core.model import Cell

# The form itself calls none of its lines 小计.
NEVER_OFFICIAL = frozenset({"小计"})
# Read as the form's 总计, but where that is printed too.
ALIASES = frozenset({"合计"})
SUMS = NEVER_OFFICIAL | ALIASES | {"总计"}
# The last character of all of them, as printed.
SUM_ENDS = "计計"


@lru_cache(maxsize=4096)
def added_row(form_id: str, table: str, text: str, group: str | None) -> bool:
    """Whether a row's label is that of a sum the form doesn't have.

    Args:
        form_id: The form.
        table: The table's code.
        text: The label as printed, without its group's.
        group: The group whose label stands before it in the row, if any.
    """
    printed = key(text)
    words = vocabulary(form_id).tables[table]
    if printed in NEVER_OFFICIAL:
        return True
    if printed.endswith("小计"):
        found = words.rows.get(printed.removesuffix("小计"))
        return found is not None and found[0] in words.groups
    if printed not in SUMS:
        return False
    if group is not None:
        return not has_total(words.table, group)
    return printed not in words.rows


def has_total(table: FormTable, group: str | None) -> bool:
    """Whether the form has a total right below a group of rows, or below none."""
    return any(r.kind == "total" and r.parent == group for r in table.rows)


class Added(msgspec.Struct, frozen=True):
    """A header without the columns that were added to it.

    Attributes:
        printed: The header's text without them.
        places: Their places among the columns that hold values, from 0.
    """

    printed: str
    places: tuple[int, ...]


@lru_cache(maxsize=1024)
def added_columns(form_id: str, table: str, printed: str) -> Added | None:
    """Columns of sums the form doesn't have, in a header's text in reading order.

    Such a column is placed only right after the last of a group, by the columns
    on both sides of it.

    Returns:
        None where there are none, or one's place can't be told.
    """
    form_table = vocabulary(form_id).form.table(table)
    values = form_table.value_columns
    labels = sorted({squash(c.label) for c in form_table.columns if c.kind != "label"} | SUMS)
    found = list(
        re.finditer("|".join(sorted(map(re.escape, labels), key=len, reverse=True)), printed)
    )
    if "".join(m[0] for m in found) != printed:
        return None
    names = {squash(c.label) for c in values}
    leaves = [m for m in found if m[0] in names | SUMS]
    extra = [m for m in leaves if m[0] not in names]
    if not extra or len(leaves) - len(extra) != len(values):
        return None
    own = [m for m in leaves if m not in extra]
    if len(names) < len(values) and [m[0] for m in own] != [squash(c.label) for c in values]:
        return None
    places: list[int] = []
    for match in extra:
        place = _place(match, found, own, form_table)
        if place is None:
            return None
        places.append(place + len(places))
    rest = "".join(m[0] for m in found if m not in extra)
    return Added(rest, tuple(places))


def _place(
    match: re.Match[str],
    found: list[re.Match[str]],
    own: list[re.Match[str]],
    table: FormTable,
) -> int | None:
    """How many of the form's columns stand left of an added one."""
    at = found.index(match)
    before = found[at - 1] if at else None
    after = found[at + 1] if at + 1 < len(found) else None
    if before is None or before not in own:
        return None
    values = table.value_columns
    order = _order(own, values)
    left = order[before.start()]
    if left + 1 == len(values):
        # Beyond the form's own total there is something to sum only over several groups.
        several = len({_top(c, table) for c in values}) > 1
        return left + 1 if several and after is None else None
    ends = values[left + 1].parent != values[left].parent
    goes_on = after is None or (after in own and order[after.start()] == left + 1)
    return left + 1 if ends and goes_on else None


def _top(column: Column, table: FormTable) -> str:
    """The code of the outermost group a column is in."""
    parents = {c.code: c.parent for c in table.columns}
    code = column.code
    while (parent := parents[code]) is not None:
        code = parent
    return code


def _order(own: list[re.Match[str]], values: tuple[Column, ...]) -> dict[int, int]:
    """Each printed column's place in the form: by name, or by order where names recur."""
    names = [squash(c.label) for c in values]
    if len(set(names)) < len(names):
        return {m.start(): i for i, m in enumerate(own)}
    return {m.start(): names.index(m[0]) for m in own}


def added_spans(
    form_id: str, table: str, rows: list[tuple[Cell, ...]]
) -> tuple[tuple[int, int], ...]:
    """Grid columns, from and to, under headers of sums that the form doesn't have.

    By the group of columns that spans each: one without a total on the form.
    """
    cells = [c for row in rows for c in row if c.text and c.col is not None]
    if not any(key(c.text) in SUMS for c in cells):
        return ()
    form_table = vocabulary(form_id).tables[table].table
    groups = {squash(c.label): c.code for c in form_table.columns if c.kind == "group"}
    spans = [(groups[key(c.text)], c) for c in cells if key(c.text) in groups]
    totals = {c.parent for c in form_table.value_columns if c.kind == "total"}
    mine: set[tuple[int, int]] = set()
    foreign: set[tuple[int, int]] = set()
    under_none: set[tuple[int, int]] = set()
    for cell in cells:
        if cell.col is None or key(cell.text) not in SUMS:
            continue
        over = [(g.colspan, code) for code, g in spans if _covers(g, cell)]
        kind = under_none if not over else mine if min(over)[1] in totals else foreign
        kind.add((cell.col, cell.col + cell.colspan))
    if len(mine) == len(totals) and all(_beyond(spans, a) for a, _ in under_none):
        return tuple(sorted(foreign | under_none))
    if len(mine) + len(under_none) == len(totals):
        return tuple(sorted(foreign))
    return ()


def _covers(group: Cell, cell: Cell) -> bool:
    if group.col is None or cell.col is None:
        return False
    return group.col <= cell.col and cell.col + cell.colspan <= group.col + group.colspan


def _beyond(spans: list[tuple[str, Cell]], col: int) -> bool:
    """Whether a grid column is right of all groups."""
    return all((g.col or 0) + g.colspan <= col for _, g in spans)


def without_spans(cells: tuple[Cell, ...], spans: tuple[tuple[int, int], ...]) -> tuple[Cell, ...]:
    """A row without the cells that lie within these grid columns."""
    return tuple(
        c
        for c in cells
        if c.col is None or not any(a <= c.col and c.col + c.colspan <= b for a, b in spans)
    )
