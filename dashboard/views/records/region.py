"""What a region's page shows: its year, its parts, its courses."""

from __future__ import annotations

from dashboard.views.records.answer import Answer, Narrowed
from dashboard.views.records.indicators import IndicatorTable
from dashboard.views.records.overview import Chart
from govreport_core.model import Record


class PlaceTile(Record, frozen=True, gc=False):
    """A part of a region as a tile: how many of the year's reports read have an error.

    Attributes:
        tone: `none`, `some` or `many` of them; `few` where too few were read to tell.
        sign: Of the tone, for who sees no colour.
        text: The two numbers.
        narrowed: What leads to it; empty where it has no page.
    """

    name: str
    tone: str
    sign: str
    text: str
    narrowed: Narrowed


class Places(Record, frozen=True, gc=False):
    """The regions at which some agencies part, held against each other for a year.

    Attributes:
        path: The divisions down to the one that is chosen, the widest first: code and name.
        answer: What the year comes to, all its regions among it in the order asked for.
        measure: What the tiles are coloured by: one of `MEASURES`.
        note: What a tile says.
        sort: The column by which the rows stand, `-` before it where it falls.
    """

    path: tuple[tuple[str, str], ...]
    answer: Answer
    measure: str
    note: str
    tiles: tuple[PlaceTile, ...]
    sort: str


class RegionCount(Record, frozen=True, gc=False):
    """A region in which reports fail a rule.

    `code` narrows to it: `none` for those of no known region, None where nothing brings just them.
    """

    name: str
    code: str | None
    reports: int


class RegionPage(Record, frozen=True, gc=False):
    """A region.

    Attributes:
        code: The division's.
        path: The divisions above it, the widest first: code and name.
        answer: What its last year comes to, all its parts among it.
        tiles: Its parts, where it has several; `parted` where it has one at least.
        trend, outcomes: Of the same agencies each year.
        indicators: Of all its reports, the main ones.
    """

    code: str
    name: str
    path: tuple[tuple[str, str], ...]
    answer: Answer
    tiles: tuple[PlaceTile, ...]
    parted: bool
    trend: Chart
    outcomes: Chart
    indicators: IndicatorTable
