"""A report's cells in, the figures that a statement of the prose may mean out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import msgspec

from govreport_core.forms import FormTable, forms
from govreport_core.model import State, Value

Cell = tuple[str, str, str]
Meant = tuple[frozenset[float], Cell] | None
"""The figures a number may be, and the cell it is shown beside; None where the table has none."""

T3, T4, DOCUMENTS = "t3_requests", "t4_review_litigation", ("t2_art20_1", "normative_documents")
TOTAL = "applicant_total"
GROUPS = ("review", "litigation_direct", "litigation_after_review")


class Figures(msgspec.Struct, frozen=True):
    """A report's cells, looked up by their codes; `form` is its form's id."""

    cells: Mapping[Cell, Value]
    form: str | None

    def number(self, *cell: str) -> float | None:
        """The number that is printed and certain."""
        value = self.cells.get((cell[0], cell[1], cell[2]))
        return value.number if value is not None and value.state is State.REPORTED else None

    def outcome(self, rows: tuple[str, ...]) -> float | None:
        """What these rows make for all applicants; None where it isn't certain.

        Where a report prints the applicants and not their total, they are added,
        a blank as 0, if so all outcomes make the printed (七)总计.
        """
        numbers = [self.number(T3, row, TOTAL) for row in rows]
        if None not in numbers:
            return sum(n for n in numbers if n is not None)
        leaves = [row.code for row in requests_of(self.form).leaves("requests_disposed")]
        other = [row.code for row in requests_of(self.form).leaves("other_disposition")]
        if not any((T3, row, TOTAL) in self.cells for row in other):
            leaves = [*(row for row in leaves if row not in other), "other_disposition"]
        if sum(self._row(row) or 0.0 for row in leaves) != self.number(T3, "disposed_total", TOTAL):
            return None
        made = [self._row(row) for row in rows]
        return None if None in made else sum(n for n in made if n is not None)

    def _row(self, row: str) -> float | None:
        total = self.number(T3, row, TOTAL)
        if total is not None:
            return total
        parts = [
            v for (table, r, c), v in self.cells.items() if (table, r) == (T3, row) and c != TOTAL
        ]
        if any(v.state not in (State.REPORTED, State.BLANK) for v in parts) or not parts:
            return None
        return sum(v.number or 0.0 for v in parts)


@cache
def requests_of(form: str | None) -> FormTable:
    """The form's table of requests; the newest form's where the form has none or isn't known."""
    own = forms().get(form or "")
    for known in (*([own] if own else []), *reversed(forms().values())):
        for table in known.tables:
            if table.code == T3:
                return table
    raise KeyError(T3)


@cache
def outcomes(form: str | None) -> dict[str, tuple[str, ...]]:
    """The rows of the form's table of requests that a statement of each kind adds up."""
    groups = {
        "granted_full": "granted_full",
        "granted_partial": "granted_partial",
        "denied": "denied",
        "unable": "unable_to_provide",
        "unprocessed": "not_processed",
    }
    table = requests_of(form)
    rows = {
        claim: tuple(row.code for row in table.leaves(group)) for claim, group in groups.items()
    }
    return rows | {"granted": rows["granted_full"] + rows["granted_partial"]}


def meant(claim: str, table: Figures) -> Meant:
    """The figures of the table that a statement of that kind may mean."""
    cell: Cell
    if rows := outcomes(table.form).get(claim):
        made = table.outcome(rows)
        cell = (T3, rows[0], TOTAL)
        return None if made is None else (frozenset({made}), cell)
    if claim == "disposed":
        cell = (T3, "disposed_total", TOTAL)
        total, received, forward = (
            table.number(T3, row, TOTAL)
            for row in ("disposed_total", "requests_received", "requests_carried_forward")
        )
        if total is None or received is None or forward is None:
            return None
        return frozenset({total, received, received - forward}), cell
    if claim in ("review", "litigation"):
        groups = GROUPS[:1] if claim == "review" else GROUPS[1:]
        return _cases(groups, table)
    columns = {
        "documents_issued": ("issued", "made_this_year"),
        "documents_repealed": ("repealed",),
        "documents_in_force": ("in_force",),
    }
    for column in columns[claim]:
        number = table.number(*DOCUMENTS, column)
        if number is not None:
            return frozenset({number}), (*DOCUMENTS, column)
    return None


def _cases(groups: tuple[str, ...], table: Figures) -> Meant:
    """All cases, those decided, and either kind of suits alone."""
    totals = [table.number(T4, "cases", f"{group}_total") for group in groups]
    pending = [table.number(T4, "cases", f"{group}_pending") for group in groups]
    if None in totals:
        return None
    known = [n for n in totals if n is not None]
    made = sum(known)
    may = {made, made - sum(n for n in pending if n is not None), *known}
    return frozenset(may), (T4, "cases", f"{groups[0]}_total")


def cell_of(claim: str, table: Figures) -> Cell:
    """The cell a statement is shown beside where the table has no number for it."""
    if rows := outcomes(table.form).get(claim):
        return (T3, rows[0], TOTAL)
    cells: dict[str, Cell] = {
        "disposed": (T3, "disposed_total", TOTAL),
        "review": (T4, "cases", "review_total"),
        "litigation": (T4, "cases", "litigation_direct_total"),
        "documents_issued": (*DOCUMENTS, "issued"),
        "documents_repealed": (*DOCUMENTS, "repealed"),
        "documents_in_force": (*DOCUMENTS, "in_force"),
    }
    return cells[claim]
