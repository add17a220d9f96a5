"""What is shown of the reports' own words: what was found, how often, and the points themselves."""

from __future__ import annotations

from dashboard.views.records.shared import AgencyRef, Option
from govreport_core.model import Record
from govreport_core.search import Piece


class PointHit(Record, frozen=True, gc=False):
    """A problem or an improvement as printed, the words that were looked for marked.

    Attributes:
        themes: Codes and names.
        anchor: Of its mark in the source on the report's card.
    """

    point_id: str
    kind: str
    kind_label: str
    text: str
    pieces: tuple[Piece, ...]
    themes: tuple[tuple[str, str], ...]
    anchor: str
    part: str
    start: int
    end_part: str | None
    end: int


class PassageHit(Record, frozen=True, gc=False):
    """Where a section has what was looked for: whole sentences, and the first hit's place.

    Attributes:
        more: How many hits stand in sentences that aren't shown.
        anchor: Of the part in the source on the report's card; None where it can't be told.
    """

    section: str
    label: str
    text: str
    sentences: tuple[tuple[Piece, ...], ...]
    more: int
    anchor: str | None
    part: str
    start: int
    end: int


class WordsRow(Record, frozen=True, gc=False):
    """A report: who, where, when, and what it says, problems beside improvements."""

    report_id: str
    agency: AgencyRef
    year: int | None
    year_text: str
    problems: tuple[PointHit, ...]
    improvements: tuple[PointHit, ...]
    passages: tuple[PassageHit, ...] = ()


class Facet(Record, frozen=True, gc=False):
    """Reports found, counted by what they may be narrowed by; `parameter` is the address's."""

    parameter: str
    label: str
    options: tuple[Option, ...]
    chosen: tuple[str, ...] = ()


class ThemeRow(Record, frozen=True, gc=False):
    """How many points and reports name a theme, and how many reports did in each year.

    Attributes:
        code: Empty in the row of points without a theme, and of all.
        years: Reports of each year, with the share of those that name any point in words.
    """

    code: str
    label: str
    note: str
    points: int
    reports: int
    years: tuple[tuple[int, str], ...]


class ThemeTable(Record, frozen=True, gc=False):
    """The themes over the years."""

    years: tuple[int, ...]
    rows: tuple[ThemeRow, ...]
    themed: bool


class WordsView(Record, frozen=True, gc=False):
    """The room of problems and improvements.

    Attributes:
        q: What was typed.
        problem: Why it can't be asked, in a sentence; empty where it can.
        bad: Parameters of the address that mean nothing, each named in a sentence.
        lead: What was found, in a sentence.
        chosen: What narrows it beside the general filters: parameter, value, name.
        own: The room's own parameters of the address, without the page.
        points: Points found; None where sections were looked through alone.
        rows: Of this page.
    """

    q: str
    problem: str
    bad: tuple[str, ...]
    lead: str
    chosen: tuple[tuple[str, str, str], ...]
    own: tuple[tuple[str, str], ...]
    facets: tuple[Facet, ...]
    reports: int
    points: int | None
    rows: tuple[WordsRow, ...]
    page: int
    pages: int
