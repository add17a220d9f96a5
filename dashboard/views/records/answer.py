"""What the first screen answers: how many were due, late, missing, wrong, and where."""

from __future__ import annotations

from govreport_core.model import Record

Narrowed = tuple[tuple[str, str], ...]
"""Parameters of an address, by name, that bring exactly the reports that were counted."""


class Span(Record, frozen=True, gc=False):
    """A stretch of a sentence; a number leads to what it counts."""

    text: str
    room: str = ""
    narrowed: Narrowed = ()


class Tile(Record, frozen=True, gc=False):
    """One count of the year, beside the year before.

    Attributes:
        code: `due`, `published`, `late`, `not_found`, `wrong`, `unsure`.
        number: None where nobody can tell it.
        share: Of those due, in words; empty where it says nothing.
        before: The year before's count in words; empty where nothing is known of it.
        course: The years and their counts, ascending.
        room: Where its reports are listed: `coverage` or `report`.
    """

    code: str
    sign: str
    label: str
    number: int | None
    text: str
    share: str
    before: str
    course: tuple[tuple[int, int], ...]
    room: str
    narrowed: Narrowed


class PlaceRow(Record, frozen=True, gc=False):
    """A region's counts of the year; `code` is None for agencies whose region isn't known.

    `read` are the reports that are here and gave a table, `wrong_read` those of them with an error.
    Where no roster names its agencies, nobody knows what was `due` or `not_found`: None.
    """

    code: str | None
    name: str
    due: int | None
    late: int
    not_found: int | None
    wrong: int
    read: int
    wrong_read: int
    narrowed: Narrowed


class RuleCount(Record, frozen=True, gc=False):
    """How many reports of the year fail a rule; `before` in words, as in `Tile`."""

    code: str
    label: str
    severity: str
    severity_label: str
    reports: int
    before: str


class Answer(Record, frozen=True, gc=False):
    """The year's answer; `year` is None where there is nothing to count."""

    year: int | None
    sentences: tuple[tuple[Span, ...], ...] = ()
    tiles: tuple[Tile, ...] = ()
    places: tuple[PlaceRow, ...] = ()
    places_found: int = 0
    rules: tuple[RuleCount, ...] = ()
