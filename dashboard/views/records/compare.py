"""What a comparison shows: columns of reports, rows of figures, each with how far it compares."""

from __future__ import annotations

from dashboard.views.records.card import HeadCell
from dashboard.views.records.overview import Chart
from dashboard.views.records.remarks import CorrectionView
from dashboard.views.records.shared import AgencyRef, Badge
from govreport_core.model import Record


class Column(Record, frozen=True, gc=False):
    """One of the reports that are compared.

    Attributes:
        head: What its column is called: a year of one agency, an agency of one year.
        report_id: None where the data has no such report.
        form: The form's name; of no report the words for that there is none.
    """

    agency: AgencyRef
    year: int
    head: str
    report_id: str | None
    form: str
    reading: Badge | None = None


class Difference(Record, frozen=True, gc=False):
    """A number held against another one.

    Attributes:
        comparable: `yes`, `sum_only`, `caution` or `no`.
        number: None where one isn't known or they don't compare; money in 万元, shares as
            fractions.
        text: The difference as read, or the words for why there is none.
        sign: Of what isn't simply comparable; `label` says it in words.
    """

    comparable: str
    number: float | None
    text: str
    sign: str
    label: str


class CompareCell(Record, frozen=True, gc=False):
    """A figure of one report.

    Attributes:
        number: None where it isn't known, never 0 for that.
        parts: What a rate was divided by what.
        base: Of a rate, what it is a share of.
        against: The difference from the report it is held against; None where there is none.
    """

    number: float | None
    text: str
    parts: str = ""
    base: float | None = None
    against: Difference | None = None
    assumed_zero: bool = False


class CompareRow(Record, frozen=True, gc=False):
    """A figure, an indicator or an outcome of all that are compared."""

    code: str
    label: str
    unit: str
    note: str
    cells: tuple[CompareCell, ...]


class CompareTable(Record, frozen=True, gc=False):
    """Rows of one kind; none where no report has any."""

    code: str
    title: str
    rows: tuple[CompareRow, ...]
    notes: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why a rate isn't there, each once, as they are met; a figure says so by a word."""
        cells = [cell for row in self.rows if self.code != "figures" for cell in row.cells]
        return tuple(dict.fromkeys(cell.text for cell in cells if cell.number is None))


class PairCell(Record, frozen=True, gc=False):
    """A cell of the official form in two reports.

    Attributes:
        mark: `same`, `changed`, `unknown` (a number on one side only), `sum` (it compares only
            added up with others) or `apart` (it doesn't compare).
        first, second: As read; `first` is empty where the other form has no such cell.
        difference: In words, of what changed; else empty.
        label: All of it in words, if asked for.
        cell_id: Its id on the card of the report that is on the later form, if asked for.
    """

    mark: str
    first: str
    second: str
    difference: str
    sign: str
    label: str = ""
    cell_id: str = ""


class PairRow(Record, frozen=True, gc=False):
    """One printed row: its headings, and its cells."""

    heads: tuple[HeadCell, ...]
    kind: str
    cells: tuple[PairCell, ...]


class PairTable(Record, frozen=True, gc=False):
    """A table in the official form's layout, with two reports' numbers."""

    label: str
    header: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[PairRow, ...]
    stub: int


class PairSum(Record, frozen=True, gc=False):
    """What only compares added up, or has no place in the newer form's layout."""

    label: str
    first: str
    second: str
    difference: str = ""


class FormPair(Record, frozen=True, gc=False):
    """Two reports' official form, cell by cell, in the layout of the later form.

    Attributes:
        sentence: How many cells changed, and how many can't be compared.
        sums: What compares only added up.
        left: What only the older form has.
        changed: How many cells changed.
        corrections: Of numbers of either, the first's first.
    """

    title: str
    first: str
    second: str
    first_id: str
    second_id: str
    sentence: str
    tables: tuple[PairTable, ...]
    sums: tuple[PairSum, ...]
    left: tuple[PairSum, ...]
    changed: int
    corrections: tuple[CorrectionView, ...] = ()


class Comparison(Record, frozen=True, gc=False):
    """All that a screen of comparison shows beside texts.

    Attributes:
        kind: `years` of one agency, or `agencies` of one year.
        sentence: What is held against what.
        tables: Key figures, outcomes as shares, indicators.
        multiples: One small chart a figure.
        shares: The outcomes as layers of a whole; None where no report has any.
        legend: Signs and words of how far things compare, as far as they occur.
        pair: The reports whose form and texts are held side by side, the earlier first; None
            where there aren't two.
    """

    kind: str
    title: str
    sentence: str
    columns: tuple[Column, ...]
    tables: tuple[CompareTable, ...]
    multiples: tuple[Chart, ...]
    shares: Chart | None
    legend: tuple[tuple[str, str], ...]
    pair: tuple[str, str] | None
    notes: tuple[str, ...] = ()
