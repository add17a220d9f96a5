"""The kinds that add: a sum against what is printed for it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from govreport_core.checks.kinds.base import COMPARED, Kind, Named


class Balance(Kind, frozen=True, tag="balance"):
    """In each column, the rows of one side make as much as the rows of the other.

    A column in which a `required` row is blank can't be told.
    """

    table: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    required: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]

    fail_words = COMPARED
    pass_words = COMPARED

    def words(self) -> frozenset[str]:
        """Each operand by its row's code, too."""
        return self.fail_words | {*self.left, *self.right}


class Total(Kind, frozen=True, tag="total"):
    """The leaves below a group make as much as the group's printed total.

    `sums` says what is added: `rows` (checked in each column) or `columns` (in
    each row). The total is the one line of kind `total` right below the group.
    """

    table: str
    sums: Literal["rows", "columns"]
    groups: tuple[str, ...]

    fail_words = COMPARED | {"parts"}
    pass_words = COMPARED


class Subtotal(Kind, frozen=True, tag="subtotal"):
    """A group's own figure beside its leaves, where a report prints both, is what they make."""

    table: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]

    fail_words = COMPARED | {"parts"}
    pass_words = COMPARED

    def named(self) -> list[Named]:
        """See `Kind`."""
        return [(self.table, self.rows, self.columns)]


class Shift(Kind, frozen=True, tag="shift"):
    """No single line of a table that doesn't balance would balance it if moved by one cell.

    `left` and `right` are the rows of the balance. Only told where one single
    move makes every sum of the table come out; nothing is ever moved.
    """

    table: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    columns: str
    rows: str

    cases = frozenset({"left", "right", "up", "down"})

    def named(self) -> list[Named]:
        """See `Kind`."""
        return [(self.table, (*self.left, *self.right, self.rows), (self.columns,))]
