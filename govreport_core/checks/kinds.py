"""The kinds of rule: each a record of the parameters a rule of that kind takes from its TOML.

`sums`, `structure`, `entries` and `prose` carry them out, one implementation
each. A kind says which words its sentences may use and which cases its
failures come in, so that a template no result could fill is refused on loading.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from govreport_core.model import Severity

Named = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A table, rows of it, columns of it."""


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all kinds share.

    Attributes:
        cases: The names of the failures, where a kind has several.
        fail_words: What the sentence of a failure may use beside `where`.
        pass_words: The same for the sentence of a pass.
    """

    cases: ClassVar[frozenset[str]] = frozenset()
    fail_words: ClassVar[frozenset[str]] = frozenset()
    pass_words: ClassVar[frozenset[str]] = frozenset()

    def words(self) -> frozenset[str]:
        """What the sentence of a failure of this very rule may use beside `where`."""
        return self.fail_words

    def named(self) -> list[Named]:
        """The tables this very rule names, each with the rows and columns it names in it."""
        return []


_COMPARED = frozenset({"expected", "actual", "difference"})


class Balance(Kind, frozen=True, tag="balance"):
    """In each column, the rows of one side make as much as the rows of the other.

    A column in which a `required` row is blank can't be told.
    """

    table: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    required: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]

    fail_words = _COMPARED
    pass_words = _COMPARED

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

    fail_words = _COMPARED | {"parts"}
    pass_words = _COMPARED


class Title(Kind, frozen=True, tag="title"):
    """The title is there and names the agency and the year."""

    fail_words = frozenset({"title"})
    cases = frozenset({"no_title", "no_agency", "no_year", "neither"})


class FormOfYear(Kind, frozen=True, tag="form_of_year"):
    """The form used is the one in force for the report's year."""

    fail_words = frozenset({"year", "used", "right"})


class SectionsPresent(Kind, frozen=True, tag="sections_present"):
    """Each section of the form has its heading in the report."""


class SectionOrder(Kind, frozen=True, tag="section_order"):
    """Headings stand in order, numbered as the form numbers them, before their tables."""

    fail_words = frozenset({"printed"})
    cases = frozenset(
        {
            "heading_after_table",
            "section_number_odd",
            "section_out_of_order",
            "heading_unnumbered",
        }
    )


class TablesPresent(Kind, frozen=True, tag="tables_present"):
    """Each table of the form is in the report."""


class RowsPresent(Kind, frozen=True, tag="rows_present"):
    """Each row of the form is in the report.

    Several leaves printed as their group's one row are a finding of their own,
    with `combined` as its severity.
    """

    combined: Severity

    cases = frozenset({"missing", "combined"})


class ExtraCells(Kind, frozen=True, tag="extra_cells"):
    """No row has more cells than the table has columns."""

    fail_words = _COMPARED


class NoneInState(Kind, frozen=True, tag="none_in_state"):
    """No cell of a table is in that state."""

    state: Literal["blank", "placeholder"]

    fail_words = frozenset({"count", "first"})


class Entries(Kind, frozen=True, tag="entries"):
    """No cell's content has this fault.

    Words, a negative number, a fraction of a count, an amount finer than a 元.
    """

    fault: Literal["text", "negative", "fraction", "decimals"]

    fail_words = frozenset({"raw", "actual"})


class Unit(Kind, frozen=True, tag="unit"):
    """An amount has its unit, in its cell or in the header."""

    fail_words = frozenset({"raw"})


class ClaimEqual(Kind, frozen=True, tag="claim_equal"):
    """The figures the prose states are the table's."""

    claims: tuple[str, ...]

    fail_words = _COMPARED | {"text"}
    pass_words = _COMPARED


class ClaimPresence(Kind, frozen=True, tag="claim_presence"):
    """The prose says there were none where the table has none, and only there."""

    claims: tuple[str, ...]

    fail_words = _COMPARED | {"text"}
    pass_words = _COMPARED
    cases = frozenset({"none_but_some", "some_but_none"})


class AtLeast(Kind, frozen=True, tag="at_least"):
    """On each row of these tables, the columns `more` make no less than the columns `less`."""

    tables: tuple[str, ...]
    more: tuple[str, ...]
    less: tuple[str, ...] = ()

    fail_words = _COMPARED

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


class Subtotal(Kind, frozen=True, tag="subtotal"):
    """A group's own figure beside its leaves, where a report prints both, is what they make."""

    table: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]

    fail_words = _COMPARED | {"parts"}
    pass_words = _COMPARED

    def named(self) -> list[Named]:
        """See `Kind`."""
        return [(self.table, self.rows, self.columns)]


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

    fail_words = _COMPARED | {"quote"}
    pass_words = _COMPARED
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

    fail_words = _COMPARED
    pass_words = _COMPARED

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

    fail_words = _COMPARED
    pass_words = _COMPARED

    def named(self) -> list[Named]:
        """See `Kind`."""
        cells = (cell.split(".") for cell in (*self.figures, *self.by))
        return [(table, (row,), (column,)) for table, row, column in cells]


class Gap(Kind, frozen=True, tag="gap"):
    """No year is missing between two reports of an agency."""

    fail_words = frozenset({"last", "first_missing", "last_missing"})


class Jump(Kind, frozen=True, tag="jump"):
    """No cell of `least` or more, in either year, is beyond `above` times the other.

    With `below` it fails only where it is also within `below` times.
    """

    cells: tuple[str, ...]
    least: float
    above: float
    below: float | None = None

    fail_words = _COMPARED


class Identical(Kind, frozen=True, tag="identical"):
    """The figures aren't all those of last year, where `least` or more aren't 0."""

    least: int

    fail_words = frozenset({"count"})


class Deadline(Kind, frozen=True, tag="deadline"):
    """Agencies of these kinds publish by that day of the year after the report's.

    A page's own date weighs `by_page` only: the page may have been moved.
    """

    kinds: tuple[str, ...]
    month: int
    day: int
    by_page: Severity

    fail_words = frozenset({"date", "due", "days"})


class Versions(Kind, frozen=True, tag="versions"):
    """Several readings of one report, of the same address or of others, have the same figures."""

    same_address: bool

    fail_words = _COMPARED | {"date"}


class ImageOnly(Kind, frozen=True, tag="image_only"):
    """A document has text, not just images of it."""

    fail_words = frozenset({"file"})


class Coverage(Kind, frozen=True, tag="coverage"):
    """Each agency of the roster has a report for each year of the dataset."""

    fail_words = frozenset({"name", "year"})
    pass_words = frozenset({"name", "year"})


class ClaimAgrees(Kind, frozen=True, tag="claim_agrees"):
    """What the prose states of a matter is one of the table's figures that it may mean."""

    claims: tuple[str, ...]

    fail_words = frozenset({"text", "actual"})


class Matter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a text speaks of where it has one of these words; its name in both languages."""

    zh: str
    en: str
    words: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Mentions(Kind, frozen=True, tag="mentions"):
    """These sections speak of each matter, or of any where not `all_of`.

    Only of agencies of some kinds, and only where a cell is above 0, where these
    are named.
    """

    sections: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    matters: Annotated[tuple[Matter, ...], msgspec.Meta(min_length=1)]
    all_of: bool = True
    kinds: tuple[str, ...] = ()
    where: str | None = None

    fail_words = frozenset({"missing_zh", "missing_en"})

    def named(self) -> list[Named]:
        """See `Kind`."""
        if self.where is None:
            return []
        table, row, column = self.where.split(".")
        return [(table, (row,), (column,))]


class Length(Kind, frozen=True, tag="length"):
    """A section has no more than that many characters."""

    section: str
    most: int

    fail_words = _COMPARED
    pass_words = _COMPARED


class Problems(Kind, frozen=True, tag="problems"):
    """A section is more than one of the words `nothing`, names problems and what is done.

    Where only one of the two is missing the failure weighs `incomplete`.
    """

    section: str
    nothing: tuple[str, ...]
    problem: tuple[str, ...]
    measure: tuple[str, ...]
    incomplete: Severity

    fail_words = frozenset({"text"})
    cases = frozenset({"nothing", "no_problem", "no_measure"})


class StaleYear(Kind, frozen=True, tag="stale_year"):
    """A section doesn't open with an earlier year without ever naming the report's own."""

    section: str

    fail_words = frozenset({"year", "found"})


class Period(Kind, frozen=True, tag="period"):
    """The statistical period is the report's whole year."""

    fail_words = frozenset({"text", "year"})


AnyTest = (
    Balance
    | Total
    | Title
    | FormOfYear
    | SectionsPresent
    | SectionOrder
    | TablesPresent
    | RowsPresent
    | ExtraCells
    | NoneInState
    | Entries
    | Unit
    | ClaimEqual
    | ClaimPresence
    | AtLeast
    | Needs
    | BothOrNeither
    | ShareAtMost
    | NoneSince
    | TotalPrinted
    | Subtotal
    | RowNeedsKind
    | Chain
    | Follows
    | Backed
    | Gap
    | Jump
    | Identical
    | Deadline
    | Versions
    | ImageOnly
    | Coverage
    | ClaimAgrees
    | Mentions
    | Length
    | Problems
    | StaleYear
    | Period
)
