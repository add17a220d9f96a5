"""The view records: what a screen or a page shows, with its words already chosen.

Numbers stay numbers (None where unknown, never 0) beside the text a person
reads. Views hold no addresses of pages: a record names a `report_id`, an
`agency_id` or a rule's code, and app and site make their own links from it.
"""

from dashboard.views.records.answer import Answer, Narrowed, PlaceRow, RuleCount, Span, Tile
from dashboard.views.records.card import (
    AgencyPage,
    CheckGroup,
    CheckRow,
    DiagnosticRow,
    EvidenceRow,
    Fact,
    FigureCell,
    FigureRow,
    FormRow,
    FormTableView,
    Fragment,
    HeadCell,
    PointView,
    ReportCard,
    SectionView,
    SourcePart,
    ValueCell,
    YearTable,
)
from dashboard.views.records.checks import ChecksView, Counts, Finding, RuleRow, RuleView
from dashboard.views.records.draft import (
    DraftFailure,
    DraftRule,
    DraftView,
    Quote,
    QuoteCell,
)
from dashboard.views.records.groups import GroupRow, Groups
from dashboard.views.records.indicators import IndicatorCell, IndicatorRow, IndicatorTable
from dashboard.views.records.method import Method, MethodSection, MethodTable
from dashboard.views.records.overview import (
    Chart,
    CoverageCell,
    CoverageGrid,
    CoverageRow,
    LostDocument,
    Mark,
    Overview,
    Series,
    Stat,
)
from dashboard.views.records.shared import (
    AgencyRef,
    Badge,
    FilterOptions,
    Option,
    PlaceRef,
    ReportRef,
    TableView,
)
from dashboard.views.records.timeliness import (
    StatusCount,
    Timeliness,
    TimelyCell,
    TimelyRow,
)
from dashboard.views.records.versions import DifferenceRow, VersionView

__all__ = [
    "AgencyPage",
    "AgencyRef",
    "Answer",
    "Badge",
    "Chart",
    "CheckGroup",
    "CheckRow",
    "ChecksView",
    "Counts",
    "CoverageCell",
    "CoverageGrid",
    "CoverageRow",
    "DiagnosticRow",
    "DifferenceRow",
    "DraftFailure",
    "DraftRule",
    "DraftView",
    "EvidenceRow",
    "Fact",
    "FigureCell",
    "FigureRow",
    "FilterOptions",
    "Finding",
    "FormRow",
    "FormTableView",
    "Fragment",
    "GroupRow",
    "Groups",
    "HeadCell",
    "IndicatorCell",
    "IndicatorRow",
    "IndicatorTable",
    "LostDocument",
    "Mark",
    "Method",
    "MethodSection",
    "MethodTable",
    "Narrowed",
    "Option",
    "Overview",
    "PlaceRef",
    "PlaceRow",
    "PointView",
    "Quote",
    "QuoteCell",
    "ReportCard",
    "ReportRef",
    "RuleCount",
    "RuleRow",
    "RuleView",
    "SectionView",
    "Series",
    "SourcePart",
    "Span",
    "Stat",
    "StatusCount",
    "TableView",
    "Tile",
    "Timeliness",
    "TimelyCell",
    "TimelyRow",
    "ValueCell",
    "VersionView",
    "YearTable",
]
