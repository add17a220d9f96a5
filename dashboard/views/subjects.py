"""What a result is about in, the cells it rests on out: the one it blames first, then its parts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal

from govreport_core import checks as rules
from govreport_core.checks.sums import Balance, Total
from govreport_core.forms import FormTable, forms

CellKey = tuple[str, str, str]
_Axis = Literal["rows", "columns"]
_Lines = frozenset[str] | None


def subject_cells(
    subject: str, form: str | None, values: Iterable[CellKey], check: str
) -> list[CellKey]:
    """The cells that a result rests on; of a sum its total first, then what is added.

    `*` stands for all lines of its axis, a group for all of its lines; where the rule names the
    lines that it adds or compares, `*` stands for those.

    Args:
        subject: As in `checks`.
        form: The report's form.
        values: The cells there are; the others are left out.
        check: The rule's code.

    Returns:
        Table, row and column of each, none twice.
    """
    wanted = subject.split(".")
    if len(wanted) != 3:
        return []
    rows, columns, first = _lines(form, (wanted[0], wanted[1], wanted[2]), check)
    found = [
        key
        for key in values
        if key[0] == wanted[0]
        and (rows is None or key[1] in rows)
        and (columns is None or key[2] in columns)
    ]
    return sorted(found, key=lambda key: key[1:] != first)


@cache
def _lines(
    form: str | None, subject: CellKey, check: str
) -> tuple[_Lines, _Lines, tuple[str, str]]:
    """The rows, the columns, and row and column of the cell that comes first; None for every."""
    table, row, column = subject
    rows, columns = _below(form, table, "rows", row), _below(form, table, "columns", column)
    rule = rules.catalogue().get(check)
    test = rule.test if rule else None
    known = _table(form, table)
    if isinstance(test, Balance) and rows is None:
        # Where its place stands: what the other rows are held against.
        return frozenset((*test.left, *test.right)), columns, (test.right[0], column)
    if isinstance(test, Total) and known is not None:
        code = row if test.sums == "rows" else column
        group = test.groups[0] if code == "*" else code
        added, total = _below(form, table, test.sums, group), known.total_of(group, test.sums)
        if test.sums == "rows":
            return added, columns, (total, column)
        return rows, added, (row, total)
    return rows, columns, (row, column)


def _below(form: str | None, table: str, axis: _Axis, code: str) -> _Lines:
    """A line and all lines below it, by their codes; None for `*`, which is every line."""
    if code == "*":
        return None
    found = {code}
    known = _table(form, table)
    for line in (known.rows if axis == "rows" else known.columns) if known else ():
        # Groups stand before their parts, so one pass finds all generations.
        if line.parent in found:
            found.add(line.code)
    return frozenset(found)


def _table(form: str | None, code: str) -> FormTable | None:
    known = forms().get(form or "")
    return next((part for part in known.tables if part.code == code), None) if known else None
