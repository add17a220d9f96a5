"""The kinds that read sections as text."""

from __future__ import annotations

from typing import Annotated

import msgspec

from govreport_core.checks.kinds.base import COMPARED, Kind, Named
from govreport_core.model import Severity


class Matter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a text speaks of where it has one of these words."""

    code: str
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

    fail_words = frozenset({"missing"})

    def names(self) -> frozenset[str]:
        """See `Kind`."""
        return frozenset(matter.code for matter in self.matters)

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

    fail_words = COMPARED
    pass_words = COMPARED


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


class Declares(Kind, frozen=True, tag="declares"):
    """Reports of agencies of these kinds say somewhere what one of the patterns finds."""

    kinds: tuple[str, ...]
    patterns: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class ForeignPlace(Kind, frozen=True, tag="foreign_place"):
    """No division outside the agency's own chain is named as if it were the agency's.

    That is a whole name, in force in the report's year and none of the `common`
    words, followed by one of the patterns `own`, in a sentence without any of the
    words `context`.
    """

    common: tuple[str, ...]
    own: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    context: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]

    fail_words = frozenset({"name", "text"})
