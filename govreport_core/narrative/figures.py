"""A report's cells in, the figures that a statement of the prose may mean out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import msgspec

from govreport_core.forms import FormTable, forms
from govreport_core.model import State, Value

Cell = tuple[str, str, str]

T3, T4, DOCUMENTS = "t3_requests", "t4_review_litigation", ("t2_art20_1", "normative_documents")
TOTAL = "applicant_total"
FEE: Cell = ("t2_art20_8", "administrative_fees", "fee_amount")
_GROUPS = {
    "granted_full": "granted_full",
    "granted_partial": "granted_partial",
    "denied": "denied",
    "unable": "unable_to_provide",
    "unprocessed": "not_processed",
    "other_done": "other_disposition",
}
SUITS = ("litigation_direct", "litigation_after_review")
RESULTS = ("upheld", "corrected", "other_result", "pending")
_ROW = {
    "received": "requests_received",
    "none_received": "requests_received",
    "carried_over": "requests_carried_over",
    "carried_forward": "requests_carried_forward",
    "disposed": "disposed_total",
    "all_disposed": "disposed_total",
    "percent": "disposed_total",
}
_COLUMN = {
    "documents_issued": ("issued", "made_this_year"),
    "documents_repealed": ("repealed",),
    "documents_in_force": ("in_force",),
}


class Meant(msgspec.Struct, frozen=True):
    """What a statement may mean.

    Attributes:
        may: The numbers it may be; empty where the table has none for certain.
        cell: The cell it is shown beside.
        loosely: Numbers that are another reading of it: no agreement, and no blame.
    """

    may: frozenset[float]
    cell: Cell
    loosely: frozenset[float] = frozenset()


class Figures(msgspec.Struct, frozen=True):
    """A report's cells, looked up by their codes; `form` is its form's id."""

    cells: Mapping[Cell, Value]
    form: str | None

    @property
    def outcomes(self) -> Mapping[str, tuple[str, ...]]:
        """The rows that a statement of each outcome adds up."""
        return outcomes(self.form)

    def number(self, *cell: str) -> float | None:
        """The number that is printed and certain."""
        value = self.cells.get((cell[0], cell[1], cell[2]))
        return value.number if value is not None and value.state is State.REPORTED else None

    def request(self, row: str) -> float | None:
        """A row of table three, all applicants."""
        return self.number(T3, row, TOTAL)

    @property
    def due(self) -> float | None:
        """Requests received and carried over."""
        return _sum((self.request("requests_received"), self.request("requests_carried_over")))

    def outcome(self, rows: tuple[str, ...]) -> float | None:
        """What these rows make for all applicants; None where it isn't certain.

        Where a report prints the applicants and not their total, they are added,
        a blank as 0, if so all outcomes make the printed (七)总计.
        """
        others = self.outcomes["other_done"]
        if not any((T3, row, TOTAL) in self.cells for row in others):
            rows = tuple(dict.fromkeys("other_disposition" if r in others else r for r in rows))
        printed = _sum(self.request(row) for row in rows)
        if printed is not None:
            return printed
        if _sum(self._row(row) or 0.0 for row in self._leaves()) != self.request("disposed_total"):
            return None
        return _sum(self._row(row) for row in rows)

    def _leaves(self) -> list[str]:
        leaves = [row.code for row in requests_of(self.form).leaves("requests_disposed")]
        others = self.outcomes["other_done"]
        if any((T3, row, TOTAL) in self.cells for row in others):
            return leaves
        return [*(row for row in leaves if row not in others), "other_disposition"]

    def _row(self, row: str) -> float | None:
        total = self.request(row)
        if total is not None:
            return total
        parts = [
            v for (table, r, c), v in self.cells.items() if (table, r) == (T3, row) and c != TOTAL
        ]
        if any(v.state not in (State.REPORTED, State.BLANK) for v in parts) or not parts:
            return None
        return sum(v.number or 0.0 for v in parts)

    def cases(self, groups: Iterable[str], result: str = "total") -> float | None:
        """Cases of these groups of table four, of one result or all."""
        return _sum(self.number(T4, "cases", f"{group}_{result}") for group in groups)


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
def outcomes(form: str | None) -> Mapping[str, tuple[str, ...]]:
    """The rows of the form's table of requests that a statement of each outcome adds up."""
    table = requests_of(form)
    rows = {
        claim: tuple(row.code for row in table.leaves(group)) for claim, group in _GROUPS.items()
    }
    return rows | {"granted": rows["granted_full"] + rows["granted_partial"]}


def _sum(numbers: Iterable[float | None]) -> float | None:
    """The sum, None where one isn't known."""
    total = 0.0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def meant(kind: str, groups: tuple[str, ...], table: Figures, *, none: bool = False) -> Meant:
    """The figures that a statement of this kind, or that there are `none`, may mean."""
    if rows := table.outcomes.get(kind):
        return Meant(_known(table.outcome(rows)), (T3, rows[0], TOTAL))
    if kind in _COLUMN:
        return _documents(kind, table)
    if groups:
        return _cases(kind, groups, table, alone=not none and kind != "cases")
    row = _ROW.get(kind, "requests_received")
    return _requests(kind, (T3, row, TOTAL), table)


def cells_of(claim: str, form: str | None) -> tuple[Cell, ...]:
    """The cells that a claim of this kind is told against, together; none for one of a cell."""
    if rows := outcomes(form).get(claim):
        return tuple((T3, row, TOTAL) for row in rows)
    groups = {"review": ("review",), "litigation": SUITS, "cases": ("review", *SUITS)}
    kind, _, result = claim.partition("_")
    if kind in groups and (not result or result in RESULTS):
        return tuple((T4, "cases", f"{group}_{result or 'total'}") for group in groups[kind])
    return ()


def _requests(kind: str, cell: Cell, table: Figures) -> Meant:
    """Of table three: those received, due, disposed of, carried over and forward."""
    received, forward = (
        table.request("requests_received"),
        table.request("requests_carried_forward"),
    )
    disposed = table.request("disposed_total")
    answered = None if received is None or forward is None else received - forward
    match kind:
        case "received" | "none_received":
            return Meant(_known(received), cell, _known(table.due))
        case "requests" | "accepted" | "handled":
            loosely = _known(
                table.due, disposed, answered, table.outcome(table.outcomes["granted"])
            )
            return Meant(_known(received), cell, loosely)
        case "disposed" if answered is not None and disposed is not None:
            return Meant(_known(disposed, received, answered), cell)
        case "disposed":
            return Meant(frozenset(), cell)
        case _:
            return Meant(_known(table.number(*cell)), cell)


def _documents(kind: str, table: Figures) -> Meant:
    cells = [(*DOCUMENTS, column) for column in _COLUMN[kind]]
    cell = next((cell for cell in cells if table.number(*cell) is not None), cells[0])
    return Meant(_known(table.number(*cell)), cell)


def _cases(kind: str, groups: tuple[str, ...], table: Figures, *, alone: bool) -> Meant:
    """All cases, those decided, and either kind of suits alone; of one result, its cases."""
    result = next((r for r in RESULTS if kind.endswith(f"_{r}")), "total")
    cell = (T4, "cases", f"{groups[0]}_{result}")
    made, pending = table.cases(groups, result), table.cases(groups, "pending")
    if made is None:
        return Meant(frozenset(), cell)
    may = [table.cases((group,), result) for group in groups] if alone else []
    if result == "total":
        may.append(made - (pending or 0.0))
    return Meant(_known(made, *may), cell)


def _known(*numbers: float | None) -> frozenset[float]:
    return frozenset(number for number in numbers if number is not None)
