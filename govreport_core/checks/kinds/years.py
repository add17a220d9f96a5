"""The kinds that compare the reports of one agency over the years."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from govreport_core.checks.kinds.base import COMPARED, Kind, Named


class Chain(Kind, frozen=True, tag="chain"):
    """On each line, last year's `before` with this year's `plus` and `minus` makes `now`.

    `along` says which lines are gone through; the others are named. A failure
    that the report's text explains by one of these words becomes a note.
    """

    tables: tuple[str, ...]
    along: Literal["rows", "columns"]
    before: tuple[str, ...]
    now: str
    explained: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()

    fail_words = COMPARED | {"quote"}
    pass_words = COMPARED
    cases = frozenset({"plain", "explained"})

    def named(self) -> list[Named]:
        """See `Kind`."""
        lines = (*self.before, *self.plus, *self.minus, self.now)
        named = ((), lines) if self.along == "rows" else (lines, ())
        return [(table, *named) for table in self.tables]


class Follows(Kind, frozen=True, tag="follows"):
    """Of each pair of columns, this year's first is no less than last year's second."""

    table: str
    row: str
    pairs: tuple[tuple[str, str], ...]

    fail_words = COMPARED
    pass_words = COMPARED

    def named(self) -> list[Named]:
        """See `Kind`."""
        columns = tuple(column for pair in self.pairs for column in pair)
        return [(self.table, (self.row,), columns)]


class Backed(Kind, frozen=True, tag="backed"):
    """The cells `figures` are accounted for by the cells `by`, of this year or the last.

    With `as_many` they are no more than those together; without, those aren't all 0.
    """

    subject: str
    figures: tuple[str, ...]
    by: tuple[str, ...]
    as_many: bool

    fail_words = COMPARED
    pass_words = COMPARED

    def named(self) -> list[Named]:
        """See `Kind`."""
        cells = (cell.split(".") for cell in (*self.figures, *self.by))
        return [(table, (row,), (column,)) for table, row, column in cells]


class Gap(Kind, frozen=True, tag="gap"):
    """No year is missing between two reports of an agency; `explained` as in `Chain`."""

    explained: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]

    fail_words = frozenset({"last", "first_missing", "last_missing", "quote"})
    cases = frozenset({"plain", "explained"})


class Jump(Kind, frozen=True, tag="jump"):
    """No cell of `least` or more, in either year, is beyond `above` times the other.

    With `below` it fails only where it is also within `below` times; `explained`
    as in `Chain`.
    """

    cells: tuple[str, ...]
    least: float
    above: float
    explained: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    below: float | None = None

    fail_words = COMPARED | {"quote"}
    cases = frozenset({"plain", "explained"})


class Identical(Kind, frozen=True, tag="identical"):
    """The figures aren't all those of last year, where `least` or more aren't 0.

    `explained` as in `Chain`.
    """

    least: int
    explained: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]

    fail_words = frozenset({"count", "quote"})
    cases = frozenset({"plain", "explained"})


class FormBreak(Kind, frozen=True, tag="form_break"):
    """On each row, `now` isn't last year's `before`, of another form, carried on.

    Carried on is: last year's figure with this year's `plus` and `minus`, at
    least `least`. A failure that the report's text explains by one of these
    words becomes a note.
    """

    table: str
    now: str
    before: str
    least: float
    explained: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()

    fail_words = COMPARED | {"quote"}
    cases = frozenset({"plain", "explained"})
