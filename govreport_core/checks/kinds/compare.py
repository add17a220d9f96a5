"""The kinds that hold single cells against each other."""

from __future__ import annotations

from govreport_core.checks.kinds.base import COMPARED, Kind, Named


class AtLeast(Kind, frozen=True, tag="at_least"):
    """On each row of these tables, the columns `more` make no less than the columns `less`."""

    tables: tuple[str, ...]
    more: tuple[str, ...]
    less: tuple[str, ...] = ()

    fail_words = COMPARED

    def words(self) -> frozenset[str]:
        """Each operand by its column's code, too."""
        return self.fail_words | {*self.more, *self.less}

    def named(self) -> list[Named]:
        """See `Kind`."""
        return [(table, (), (*self.more, *self.less)) for table in self.tables]


class Needs(Kind, frozen=True, tag="needs"):
    """On each row of these tables where `column` is above 0, so is one of the sums `some`."""

    tables: tuple[str, ...]
    column: str
    some: tuple[tuple[str, ...], ...]

    fail_words = frozenset({"actual"})

    def named(self) -> list[Named]:
        """See `Kind`."""
        columns = (self.column, *(column for columns in self.some for column in columns))
        return [(table, (), columns) for table in self.tables]


class BothOrNeither(Kind, frozen=True, tag="both_or_neither"):
    """Two columns of a row are both 0, or neither is."""

    table: str
    row: str
    columns: tuple[str, str]

    def words(self) -> frozenset[str]:
        """Each of the two by its code."""
        return frozenset(self.columns)

    def named(self) -> list[Named]:
        """See `Kind`."""
        return [(self.table, (self.row,), self.columns)]


class ShareAtMost(Kind, frozen=True, tag="share_at_most"):
    """The rows `part` are no more than that share of the rows `base`, in the column.

    A base below `least` is too small to judge and passes.
    """

    table: str
    column: str
    part: tuple[str, ...]
    base: tuple[str, ...]
    most: float
    least: float

    fail_words = frozenset({"expected", "actual", "percent"})

    def named(self) -> list[Named]:
        """See `Kind`."""
        return [(self.table, (*self.part, *self.base), (self.column,))]


class NoneSince(Kind, frozen=True, tag="none_since"):
    """A cell is 0 in reports for that year and later."""

    table: str
    row: str
    column: str
    year: int

    fail_words = frozenset({"actual"})

    def named(self) -> list[Named]:
        """See `Kind`."""
        return [(self.table, (self.row,), (self.column,))]


class TotalPrinted(Kind, frozen=True, tag="total_printed"):
    """Where parts are printed, so is their total: in each row, and below the group of rows."""

    table: str
    columns: str
    rows: str

    def named(self) -> list[Named]:
        """See `Kind`."""
        return [(self.table, (self.rows,), (self.columns,))]


class RowNeedsKind(Kind, frozen=True, tag="row_needs_kind"):
    """A row is above 0 only in reports of agencies of these kinds, and of none of these levels."""

    table: str
    row: str
    kinds: tuple[str, ...]
    not_levels: tuple[str, ...]

    fail_words = frozenset({"actual"})

    def named(self) -> list[Named]:
        """See `Kind`."""
        return [(self.table, (self.row,), ())]
