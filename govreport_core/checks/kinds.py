"""The kinds of rule: each a record of the parameters a rule of that kind takes from its TOML.

`sums`, `structure`, `entries` and `prose` carry them out, one implementation
each. A kind says which words its sentences may use and which cases its
failures come in, so that a template no result could fill is refused on loading.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from govreport_core.model import Severity


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
    """No cell's content has this fault: words, a negative number, a fraction of a count."""

    fault: Literal["text", "negative", "fraction"]

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
)
