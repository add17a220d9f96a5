"""What every list shows: agencies, reports, badges, places, and the choices of filters."""

from __future__ import annotations

from govreport_core.model import Record


class AgencyRef(Record, frozen=True, gc=False):
    """An agency as shown in lists: `name` is a name or the words for an unknown one."""

    agency_id: str
    name: str
    known: bool
    region: str = ""
    kind: str = ""
    level: str = ""


class Badge(Record, frozen=True, gc=False):
    """One verdict in a sign, a word and a sentence; `level` picks the colour.

    Attributes:
        kind: `reading` (how well we read it) or `consistency` (whether it adds up).
        level: reading: `good`, `doubts`, `poor`, `none`; consistency: `consistent`,
            `partial`, `remarks`, `inconsistent`, `unassessed`.
        sign: A mark that tells the levels apart without colour.
        share: Share of cells that are certain, or of checks passed; None without a base.
    """

    kind: str
    level: str
    sign: str
    label: str
    detail: str
    share: float | None = None


class ReportRef(Record, frozen=True, gc=False):
    """A report as shown in lists."""

    report_id: str
    agency: AgencyRef
    year: int | None
    year_text: str
    title: str
    form: str
    reading: Badge
    consistency: Badge


class ReportLink(Record, frozen=True, gc=False):
    """A report that is named beside another: whose, of which year."""

    report_id: str
    agency: str
    year_text: str


class PlaceRef(Record, frozen=True, gc=False):
    """Where something stands: `anchor` is the id of its mark in the source listing."""

    part: str
    start: int
    end: int
    anchor: str
    label: str


class Option(Record, frozen=True, gc=False):
    """One choice of a filter with the number of reports behind it."""

    value: str
    label: str
    count: int


class FilterOptions(Record, frozen=True, gc=False):
    """The choices the data offers, each list in display order."""

    years: tuple[Option, ...]
    regions: tuple[Option, ...]
    kinds: tuple[Option, ...]
    levels: tuple[Option, ...]
    statuses: tuple[Option, ...]
    readings: tuple[Option, ...]
    severities: tuple[Option, ...]
    outcomes: tuple[Option, ...]


class TableView(Record, frozen=True, gc=False):
    """A preview of one table of the dataset: `rows` is cut at `shown`, `total` is not.

    `size` is about how many bytes it has as CSV; `notes` say of columns what their names don't.
    """

    table: str
    label: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    shown: int
    total: int
    size: int = 0
    notes: tuple[tuple[str, str], ...] = ()


class Amiss(Record, frozen=True, gc=False):
    """A word of an address that can't be followed, and the sentence that says so."""

    parameter: str
    word: str
    sentence: str
