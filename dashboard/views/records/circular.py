"""A jurisdiction's circular of a year: sentences and tables, each number kept beside its words."""

from __future__ import annotations

from dashboard.views.records.answer import Narrowed
from govreport_core.model import Record


class Said(Record, frozen=True, gc=False):
    """One sentence.

    Attributes:
        code: Which of the sentences it is.
        figures: The numbers in it, by what they count; a share as a number from 0 to 1.
        names: Agencies it names, all that it speaks of or the first of them.
    """

    code: str
    text: str
    figures: tuple[tuple[str, float], ...] = ()
    names: tuple[str, ...] = ()


class Cell(Record, frozen=True, gc=False):
    """A cell of a table; `bar` draws its number, as a part of the table's greatest."""

    text: str
    number: float | None = None
    bar: float | None = None


class Listing(Record, frozen=True, gc=False):
    """A table that lacks `left` rows; `left_out` says so, empty where it lacks none."""

    code: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    left_out: str = ""
    left: int = 0


class Part(Record, frozen=True, gc=False):
    """A part under its heading; what it speaks of is listed in `room`, narrowed so."""

    code: str
    heading: str
    said: tuple[Said, ...]
    tables: tuple[Listing, ...] = ()
    room: str = ""
    narrowed: Narrowed = ()


class Circular(Record, frozen=True, gc=False):
    """The whole; `year` is None where there is nothing to say, and `parts` are empty."""

    year: int | None
    title: str
    scope: tuple[str, ...]
    parts: tuple[Part, ...] = ()
