"""The view records: what a screen or a page shows, with its words already chosen.

Numbers stay numbers (None where unknown, never 0) beside the text a person
reads. Views hold no addresses of pages: a record names a `report_id`, an
`agency_id` or a rule's code, and app and site make their own links from it.
"""

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
            `remarks`, `inconsistent`, `unassessed`.
        sign: A mark that tells the levels apart without colour.
        share: Share of cells that are certain, or of checks passed; None without a base.
    """

    kind: str
    level: str
    sign: str
    label: str
    detail: str
    share: float | None = None


class Stat(Record, frozen=True, gc=False):
    """A headline figure over many reports.

    Attributes:
        number: The sum or count; None where no report gives it.
        text: The number as read, or the words for an unknown one.
        n: Reports the number rests on.
        left_out: Reports whose figure isn't known; they are not counted as 0.
    """

    code: str
    label: str
    number: float | None
    text: str
    n: int
    left_out: int
    note: str


class Mark(Record, frozen=True, gc=False):
    """One value of a series; `joined` is False where no line may lead to it."""

    x: str
    y: float | None
    n: int | None = None
    left_out: int = 0
    joined: bool = True
    note: str = ""


class Series(Record, frozen=True, gc=False):
    """A line, or one layer of stacked bars. All series of a chart share their x values."""

    code: str
    name: str
    marks: tuple[Mark, ...]


class Chart(Record, frozen=True, gc=False):
    """What a chart draws, free of any drawing library; `table` is the same in cells.

    Attributes:
        kind: `lines` or `stacked`.
        columns: Headings of `table`.
        table: The same numbers as text, one row an x value.
    """

    code: str
    kind: str
    title: str
    x_title: str
    y_title: str
    series: tuple[Series, ...]
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def breaks(self) -> tuple[int, ...]:
        """Places of the x values before which a line breaks though both sides have numbers."""
        return tuple(
            place
            for place in range(1, len(self.table))
            if any(
                not series.marks[place].joined
                and series.marks[place].y is not None
                and series.marks[place - 1].y is not None
                for series in self.series
            )
        )


class CoverageCell(Record, frozen=True, gc=False):
    """Agency and year: `read`, `doubts`, `unread` (no form recognised) or `missing`.

    `missing` says only that the data has no report; `report_id` is None then.
    """

    year: int
    state: str
    sign: str
    label: str
    report_id: str | None = None
    reading: Badge | None = None
    consistency: Badge | None = None


class CoverageRow(Record, frozen=True, gc=False):
    """One agency's years."""

    agency: AgencyRef
    cells: tuple[CoverageCell, ...]


class LostDocument(Record, frozen=True, gc=False):
    """A file that gave no report, and why; `status` is `failed` or `skipped`."""

    path: str
    status: str
    reason: str
    message: str


class Coverage(Record, frozen=True, gc=False):
    """Agency x year; `undated` are reports whose year isn't known."""

    years: tuple[int, ...]
    rows: tuple[CoverageRow, ...]
    totals: tuple[tuple[str, int], ...]
    lost: tuple[LostDocument, ...]
    undated: tuple[ReportRef, ...] = ()


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


class Overview(Record, frozen=True, gc=False):
    """The first screen."""

    stats: tuple[Stat, ...]
    trend: Chart
    outcomes: Chart
    coverage: Coverage
    reports: tuple[ReportRef, ...]


class PlaceRef(Record, frozen=True, gc=False):
    """Where something stands: `anchor` is the id of its mark in the source listing."""

    part: str
    start: int
    end: int
    anchor: str
    label: str


class Fact(Record, frozen=True, gc=False):
    """A fact about the report: its value as text, or the words for not found, and the evidence."""

    field: str
    label: str
    text: str
    found: bool
    evidence: tuple[EvidenceRow, ...]


class EvidenceRow(Record, frozen=True, gc=False):
    """One candidate for a fact, how it was found and where."""

    candidate: str
    chosen: bool
    rule: str
    place: PlaceRef | None


class HeadCell(Record, frozen=True, gc=False):
    """A heading of a table, row or column; `upright` ones span several lines."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    scope: str = "col"
    upright: bool = False


class ValueCell(Record, frozen=True, gc=False):
    """One cell of the form.

    Attributes:
        state: A `State`; `sign` and `state_label` tell it without colour.
        text: As printed; the state's word where nothing is printed.
        reading: The number, where it differs from what is printed; else None.
        cell_id: Its id on the card; `place.anchor` is its mark in the source.
        failing: Codes of the failed checks that rest on this cell.
        doubts: Sentences of the doubts about this cell.
    """

    table: str
    row: str
    column: str
    label: str
    state: str
    state_label: str
    number: float | None
    text: str
    reading: str | None
    cell_id: str
    place: PlaceRef | None
    failing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class FormRow(Record, frozen=True, gc=False):
    """One printed row: its headings (a spanning one stands in its first row) and its cells."""

    code: str
    label: str
    kind: str
    heads: tuple[HeadCell, ...]
    cells: tuple[ValueCell, ...]


class FormTableView(Record, frozen=True, gc=False):
    """A table in the official form's layout."""

    code: str
    label: str
    section: str
    header: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[FormRow, ...]
    stub: int
    present: bool
    counts: tuple[tuple[str, str, int], ...]


class Fragment(Record, frozen=True, gc=False):
    """A stretch of source text; `anchors` are the places that are exactly it, `inner` what it holds.

    Either `text` or `inner` is filled. `cell_id` leads back to the cell on the card.
    """

    text: str
    anchors: tuple[str, ...] = ()
    cell_id: str | None = None
    inner: tuple[Fragment, ...] = ()


class SourcePart(Record, frozen=True, gc=False):
    """One part of the source, in order, cut into fragments."""

    part: str
    anchor: str
    label: str
    kind: str
    text: str
    fragments: tuple[Fragment, ...]


class CheckRow(Record, frozen=True, gc=False):
    """One result of a rule on this report.

    Attributes:
        sentence: What, where and by how much, or why it couldn't be assessed.
        cells: Ids of the cells on the card it rests on.
    """

    check: str
    label: str
    severity: str
    severity_label: str
    outcome: str
    outcome_label: str
    sign: str
    subject: str
    sentence: str
    assumed_zero: bool
    place: PlaceRef | None
    cells: tuple[str, ...] = ()


class CheckGroup(Record, frozen=True, gc=False):
    """Results of one outcome, failures by severity first."""

    outcome: str
    label: str
    sign: str
    rows: tuple[CheckRow, ...]


class DiagnosticRow(Record, frozen=True, gc=False):
    """Something odd in our reading, in words."""

    level: str
    level_label: str
    code: str
    sentence: str
    place: PlaceRef | None


class SectionView(Record, frozen=True, gc=False):
    """One of the form's sections; `text` is None where it wasn't found."""

    code: str
    label: str
    heading: str | None
    paragraphs: tuple[str, ...] | None
    place: PlaceRef | None


class PointView(Record, frozen=True, gc=False):
    """A problem or an improvement."""

    kind: str
    kind_label: str
    ordinal: int
    text: str
    place: PlaceRef | None


class FigureCell(Record, frozen=True, gc=False):
    """A key figure of one year: a number, or the words for why there is none."""

    year: int
    number: float | None
    text: str
    known: bool
    report_id: str | None


class FigureRow(Record, frozen=True, gc=False):
    """A key figure over the years.

    Attributes:
        change: From the year before the last one shown; words where it can't be said.
        breaks: Years that can't be compared with the year before.
    """

    code: str
    label: str
    unit: str
    note: str
    cells: tuple[FigureCell, ...]
    change: str
    breaks: tuple[int, ...] = ()


class YearTable(Record, frozen=True, gc=False):
    """Key figures of one agency, year beside year."""

    years: tuple[int, ...]
    rows: tuple[FigureRow, ...]
    notes: tuple[str, ...] = ()


class ReportCard(Record, frozen=True, gc=False):
    """Everything about one report.

    Attributes:
        paths: The files with this content.
        others: Other readings of the same agency and year that are not shown.
        previous, following: Report ids of the neighbouring years.
    """

    report_id: str
    document_id: str
    agency: AgencyRef
    year: int | None
    year_text: str
    heading: str
    form: str
    source_url: str | None
    paths: tuple[str, ...]
    facts: tuple[Fact, ...]
    reading: Badge
    consistency: Badge
    tables: tuple[FormTableView, ...]
    source: tuple[SourcePart, ...]
    checks: tuple[CheckGroup, ...]
    doubts: tuple[DiagnosticRow, ...]
    notes: tuple[DiagnosticRow, ...]
    sections: tuple[SectionView, ...]
    points: tuple[PointView, ...]
    figures: YearTable
    others: tuple[str, ...]
    previous: str | None
    following: str | None


class AgencyPage(Record, frozen=True, gc=False):
    """One agency: its reports, key figures over the years and what its checks found."""

    agency: AgencyRef
    roster: tuple[tuple[str, str], ...]
    reports: tuple[ReportRef, ...]
    coverage: CoverageRow
    trend: Chart
    figures: YearTable
    findings: tuple[Finding, ...]


class Counts(Record, frozen=True, gc=False):
    """How often a rule was applied: `applicable` is passed + failed; skips are apart."""

    passed: int
    failed: int
    skipped: int

    @property
    def applicable(self) -> int:
        """Times the rule could be assessed."""
        return self.passed + self.failed


class RuleRow(Record, frozen=True, gc=False):
    """A rule in a list, with its results and the number of reports that fail it."""

    code: str
    label: str
    group: str
    group_label: str
    severity: str
    severity_label: str
    counts: Counts
    reports_failed: int


class Finding(Record, frozen=True, gc=False):
    """One result in a list over many reports; `report` is None for a report that doesn't exist."""

    check: str
    label: str
    severity: str
    severity_label: str
    outcome: str
    outcome_label: str
    sign: str
    sentence: str
    report: ReportRef | None
    agency: AgencyRef | None
    year_text: str
    anchor: str | None = None


class ChecksView(Record, frozen=True, gc=False):
    """Rules with their counts and the results that match; `found` counts all, `findings` is cut."""

    counts: Counts
    rules: tuple[RuleRow, ...]
    findings: tuple[Finding, ...]
    found: int


class RuleView(Record, frozen=True, gc=False):
    """One rule: what it says, in words and as data, and what it found."""

    rule: RuleRow
    facts: tuple[tuple[str, str], ...]
    by_year: tuple[tuple[str, Counts], ...]
    skips: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]
    found: int


class TableView(Record, frozen=True, gc=False):
    """A preview of one table of the dataset: `rows` is cut at `shown`, `total` is not."""

    table: str
    label: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    shown: int
    total: int


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
    outcomes: tuple[Option, ...]
