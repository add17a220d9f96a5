"""What a report's card and an agency's page show."""

from __future__ import annotations

from dashboard.views.records.checks import Counts, Finding
from dashboard.views.records.echoes import Again, Alike, SharedText
from dashboard.views.records.groups import GroupRow
from dashboard.views.records.indicators import IndicatorTable
from dashboard.views.records.overview import Chart, CoverageRow
from dashboard.views.records.peers import Peers
from dashboard.views.records.remarks import CorrectionView, ReplyView
from dashboard.views.records.shared import AgencyRef, Badge, PlaceRef, ReportLink, ReportRef
from dashboard.views.records.timeliness import TimelyCell
from dashboard.views.records.versions import VersionView
from govreport_core.model import Record
from govreport_core.search import Piece


class Fact(Record, frozen=True, gc=False):
    """A fact about the report: its value as text, or the words for not found, and the evidence."""

    field: str
    label: str
    text: str
    found: bool
    evidence: tuple[EvidenceRow, ...]


class EvidenceRow(Record, frozen=True, gc=False):
    """One candidate for a fact, how it was found and where; `agrees` with the one taken."""

    candidate: str
    chosen: bool
    agrees: bool
    rule: str
    place: PlaceRef | None


class HeadCell(Record, frozen=True, gc=False):
    """A heading of a table, row or column; `upright` ones span several lines.

    `indent` says how deep a line of a list stands; None where the table isn't a list.
    """

    text: str
    colspan: int = 1
    rowspan: int = 1
    scope: str = "col"
    upright: bool = False
    indent: int | None = None


class ValueCell(Record, frozen=True, gc=False):
    """One cell of the form.

    Attributes:
        state: A `State`; `sign` and `state_label` tell it without colour.
        text: As printed; the state's word where nothing is printed.
        reading: The number, where it differs from what is printed; else None.
        cell_id: Its id on the card; `place.anchor` is its mark in the source.
        failing: Codes of the failed checks that rest on this cell.
        severity: Of the gravest of them; None where none fails.
        doubts: The doubts about this cell.
        correction: What the publisher or the collector says it should be, if anything.
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
    severity: str | None = None
    doubts: tuple[DiagnosticRow, ...] = ()
    correction: CorrectionView | None = None


class FormRow(Record, frozen=True, gc=False):
    """One printed row: its headings (a spanning one stands in its first row) and its cells.

    A heading line of a list has no cells.
    """

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
    """A stretch of source text; `anchors` are the places that are exactly it.

    Either `text` or `inner`, what it holds, is filled; `cell_id` leads back to the card.
    """

    text: str
    anchors: tuple[str, ...] = ()
    cell_id: str | None = None
    inner: tuple[Fragment, ...] = ()


class SourcePart(Record, frozen=True, gc=False):
    """One part of the source, in order, cut into fragments.

    `grid` names the table a cell belongs to, where the source has real ones, `grid_label` in words;
    `row`, `col` and the spans place it there. `number` stands beside a line.
    """

    part: str
    anchor: str
    label: str
    kind: str
    text: str
    fragments: tuple[Fragment, ...]
    number: str = ""
    grid: str | None = None
    grid_label: str = ""
    row: int = 0
    col: int = 0
    rowspan: int = 1
    colspan: int = 1


class CheckRow(Record, frozen=True, gc=False):
    """One result of a rule on this report.

    Attributes:
        sentence: What, where and by how much, or why it couldn't be assessed.
        cells: Ids of the cells on the card it rests on; of a sum its total first.
        other: Id of the report whose text is the same.
        todo: What mends it; empty where nothing fails.
        anchor: Its own id on the card, the same when the dataset is built again.
        replies: What the agency answers to it.
        corrections: Those that hold of the cells it rests on, where it fails.
        times: How many results of the rule it stands for, where they aren't told one by one:
            several stand nowhere.
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
    other: str | None = None
    todo: str = ""
    anchor: str = ""
    replies: tuple[ReplyView, ...] = ()
    corrections: tuple[CorrectionView, ...] = ()
    times: int = 1


class CheckGroup(Record, frozen=True, gc=False):
    """Results of one outcome, failures by severity first."""

    outcome: str
    label: str
    sign: str
    rows: tuple[CheckRow, ...]


class DiagnosticRow(Record, frozen=True, gc=False):
    """Something odd in our reading, in words.

    Attributes:
        row: The table's row as the sentence calls it, if any.
        anchor: What it is called on its card.
    """

    level: str
    level_label: str
    code: str
    sentence: str
    place: PlaceRef | None
    row: str = ""
    anchor: str = ""


class SectionView(Record, frozen=True, gc=False):
    """One of the form's sections; `text` is None where it wasn't found."""

    code: str
    label: str
    heading: str | None
    paragraphs: tuple[str, ...] | None
    place: PlaceRef | None


class PointView(Record, frozen=True, gc=False):
    """A problem or an improvement; `point_id` stays the same when the dataset is built again.

    Attributes:
        pieces: Its text, the words marked that say of which theme it is.
        themes: Codes and names.
        again: What it takes up of the year before.
    """

    kind: str
    kind_label: str
    ordinal: int
    text: str
    place: PlaceRef | None
    point_id: str
    pieces: tuple[Piece, ...] = ()
    themes: tuple[tuple[str, str], ...] = ()
    again: tuple[Again, ...] = ()


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


class KeyFigure(Record, frozen=True, gc=False):
    """What most come for: a number of the year, and what it is seen beside.

    Attributes:
        text: The number, or the words for why there is none.
        beside: The year before's, of a rate the peers' median, in words; empty where there is
            none, or none to compare.
        cell_id: The first cell on the card that it was read from; None where none is drawn.
    """

    code: str
    label: str
    text: str
    known: bool
    beside: str = ""
    cell_id: str | None = None


class YearTable(Record, frozen=True, gc=False):
    """Key figures of one agency, year beside year.

    Attributes:
        years: All from its first report to its last; each row has a cell for each.
        told: Those of a report whose form has any of the figures, the newest first: no others
            have a column.
    """

    years: tuple[int, ...]
    rows: tuple[FigureRow, ...]
    told: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


class ReportCard(Record, frozen=True, gc=False):
    """Everything about one report.

    Attributes:
        paths: The files with this content.
        previous, following: Report ids of the neighbouring years.
        agree_failed: How many of its failures are on whether its numbers agree.
        counts, skips: Its check results, and why some weren't assessed, with how often.
        timely: Whether it was published in time; None where that isn't known of it.
        versions: The other readings of it, each held against this one.
        alike: How much of its texts stands in which other reports.
        shared: Texts that it shares with other agencies.
        beside: Ids of the reports that its texts are worth setting beside, the agency's last first.
        peers: Beside others of its kind; None where its year isn't known.
        follows: The year of `previous`, where the forms of both can be held against each other.
        key: Received, granted, disposed, carried forward.
        years: The agency's reports, this one among them, the newest first.
        form_id: The code of `form`.
        corrections, replies: What is said of its numbers and findings.
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
    counts: Counts
    skips: tuple[tuple[str, int], ...]
    tables: tuple[FormTableView, ...]
    source: tuple[SourcePart, ...]
    checks: tuple[CheckGroup, ...]
    doubts: tuple[DiagnosticRow, ...]
    notes: tuple[DiagnosticRow, ...]
    sections: tuple[SectionView, ...]
    points: tuple[PointView, ...]
    figures: YearTable
    indicators: IndicatorTable
    previous: str | None
    following: str | None
    timely: TimelyCell | None = None
    versions: tuple[VersionView, ...] = ()
    alike: tuple[Alike, ...] = ()
    shared: tuple[SharedText, ...] = ()
    beside: tuple[str, ...] = ()
    agree_failed: int = 0
    peers: Peers | None = None
    follows: int | None = None
    key: tuple[KeyFigure, ...] = ()
    years: tuple[ReportLink, ...] = ()
    form_id: str | None = None
    corrections: tuple[CorrectionView, ...] = ()
    replies: tuple[ReplyView, ...] = ()


class AgencyYear(Record, frozen=True, gc=False):
    """A year of an agency on one line.

    Attributes:
        timely: Whether it was published in time; None where nothing is known of that year.
        report: Its report; None where there is none.
        figures: In the order of `AgencyPage.year_heads`: a text, and whether it is a number.
    """

    year_text: str
    timely: TimelyCell | None
    report: ReportRef | None
    figures: tuple[tuple[str, bool], ...]


class AgencyPage(Record, frozen=True, gc=False):
    """One agency: its reports, key figures over the years and what its checks found.

    Attributes:
        years: Its years, the last one first, and last its reports without a year.
        year_heads: What the figures of a year are.
        group: Counts and badges over all its reports; None where there is nothing to count.
        timeliness: Its years, the last one first, each in time, late or missing.
        peers: Its last report beside others of its kind; None where it has none with a year.
        pairs: Ids of reports whose form can be held against that of the one before, with the
            years of both in words; the newest first.
        corrections, replies: What is said of its reports' numbers and findings, newest year first.
    """

    agency: AgencyRef
    roster: tuple[tuple[str, str], ...]
    reports: tuple[ReportRef, ...]
    coverage: CoverageRow
    trend: Chart
    figures: YearTable
    indicators: IndicatorTable
    findings: tuple[Finding, ...]
    years: tuple[AgencyYear, ...] = ()
    year_heads: tuple[str, ...] = ()
    group: GroupRow | None = None
    timeliness: tuple[TimelyCell, ...] = ()
    peers: Peers | None = None
    pairs: tuple[tuple[str, str, str], ...] = ()
    corrections: tuple[CorrectionView, ...] = ()
    replies: tuple[ReplyView, ...] = ()
