"""A dataset in, everything the site shows out, as views; nothing is drawn yet."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import polars as pl

from dashboard import views
from dashboard.data import OF_A_DOCUMENT, Data, held, rows_by_document
from dashboard.labels import t
from dashboard.site import addresses
from dashboard.site.index import Prose, prose
from dashboard.site.reports import Listed, listed
from dashboard.site.words import Lists, lists
from dashboard.texts import Texts
from dashboard.views.context import Context, context
from dashboard.views.records import (
    AgencyPage,
    Answer,
    ChecksView,
    CoverageGrid,
    Cut,
    Groups,
    Method,
    Overview,
    ReportCard,
    RuleView,
    Sides,
    Timeliness,
)

# The source text stays out of the CSV files: the report pages show it, the dataset has it.
CSV_TABLES = tuple(name for name in views.TABLES if name != "parts")
_EVERYTHING = views.Filters()


class Gathered(msgspec.Struct, frozen=True):
    """What is to be drawn; agencies and cards are made one at a time, when asked for."""

    data: Data
    shared: Context
    lang: str
    latest: str
    answer: Answer
    overview: Overview
    checks: ChecksView
    rules: tuple[RuleView, ...]
    timeliness: Timeliness
    groups: Groups
    method: Method
    texts: Texts
    prose: Prose
    words: Lists
    reports: Listed
    running: Cut
    shared_texts: Cut
    warnings: tuple[str, ...]

    @property
    def coverage(self) -> CoverageGrid:
        """All agencies against all years."""
        return self.overview.coverage


def gather(data: Data, lang: str) -> Gathered:
    """Read a dataset into memory once and make the views all pages need."""
    mine = held(data)
    overview = views.overview(mine, _EVERYTHING, lang)
    shared = context(mine)
    texts = Texts(mine)
    printed = prose(texts)
    checks = views.checks_view(mine, _EVERYTHING, lang, shared=shared)
    return Gathered(
        data=mine,
        shared=shared,
        lang=lang,
        latest=_latest(mine),
        answer=views.answer(mine, _EVERYTHING, lang),
        overview=overview,
        checks=checks,
        rules=views.rule_views(mine, _EVERYTHING, lang, shared=shared),
        timeliness=views.timeliness(mine, _EVERYTHING, lang),
        groups=views.groups(mine, _EVERYTHING, lang),
        method=views.method(mine, lang),
        texts=texts,
        prose=printed,
        words=lists(texts, printed, lang),
        reports=listed(mine, lang),
        running=views.running(texts, shared, _EVERYTHING, lang),
        shared_texts=views.shared_cut(texts, shared, _EVERYTHING, lang),
        warnings=tuple(
            t("site.lost", lang, path=lost.path, reason=lost.reason)
            for lost in overview.coverage.lost
            if lost.status == "failed"
        ),
    )


def _latest(data: Data) -> str:
    """The day on which the newest report was published, of no day after the dataset was made.

    A page says this and not when it was made, so that the same reports make the same pages.
    """
    made = str(data.about.get("built_at", ""))[:10]
    days = data.reports.select(pl.col("published_on").drop_nulls().cast(pl.String).unique())
    return max(
        (day for (day,) in days.collect().iter_rows() if not made or day <= made), default=""
    )


def agency_pages(gathered: Gathered) -> Iterator[AgencyPage]:
    """The pages of all agencies."""
    for row in gathered.coverage.rows:
        yield views.agency_page(gathered.data, row.agency.agency_id, gathered.lang, gathered.shared)


def cards(gathered: Gathered) -> Iterator[ReportCard]:
    """The cards of all current reports."""
    cut = rows_by_document(gathered.data)
    for report in gathered.data.reports.collect().iter_rows(named=True):
        mine = cut.get(report["document_id"], {})
        rows = {table: mine[table].to_dicts() if table in mine else [] for table in OF_A_DOCUMENT}
        yield views.card(report, rows, gathered.shared, gathered.lang)


def beside(gathered: Gathered, card: ReportCard) -> list[Sides]:
    """A report's texts beside the agency's last, and beside very near ones of another agency."""
    return [
        views.sides(gathered.shared, card.report_id, other, gathered.lang) for other in card.beside
    ]


def again_files(gathered: Gathered) -> Iterator[tuple[str, bytes]]:
    """What is said for years and what several share, as CSV; links relative to the site's root."""

    def link(report_id: str, point_id: str, _: str) -> str:
        page = addresses.report(report_id)
        return f"{page}#point-{point_id}" if point_id else page

    about = (gathered.texts, gathered.shared, _EVERYTHING, gathered.lang, link)
    yield addresses.RUNNING_FILE, views.to_csv(views.running_frame(*about))
    yield addresses.SHARED_FILE, views.to_csv(views.shared_frame(*about))


def coverage_file(gathered: Gathered) -> bytes:
    """Who published when, as CSV with words beside the codes."""
    frame = views.timeliness_frame(gathered.data, _EVERYTHING, gathered.lang)
    return views.to_csv(frame)


def csv_file(gathered: Gathered, table: str) -> tuple[bytes, int]:
    """A table as CSV, and its number of rows."""
    frame = views.table_frame(gathered.data, table, _EVERYTHING)
    return views.to_csv(frame), frame.height
