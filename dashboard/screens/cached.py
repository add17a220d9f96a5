"""Views, made once for an address and a dataset and shared by all who look at the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import polars as pl
import streamlit as st

from dashboard import views
from dashboard.data import Data, open_dataset
from dashboard.screens import address
from dashboard.screens.address import Shown
from dashboard.texts import Texts
from dashboard.views import records
from dashboard.views.context import Context

View = TypeVar("View")

_OF_WORDS = address.takes("words", {}).own

# Results listed on one screen, of one rule and of all; the whole list is in the download.
FINDINGS = 200
RESULTS = 100
PREVIEW = 100
# Rows of agencies drawn at once: more are found by the filters, all are in the downloads.
AGENCIES = 30
COVERED = 100
GROUPS = 40


def stamp(folder: Path) -> str:
    """Changes when the dataset is built again, so that nothing old is shown."""
    try:
        version = folder.resolve()
        return f"{version} {(version / 'dataset.json').stat().st_mtime_ns}"
    except OSError:
        return ""


@st.cache_resource(max_entries=4, show_spinner=False)
def opened(folder: Path, stamp: str) -> Data:  # noqa: ARG001 - the stamp is the cache's key
    """The dataset.

    Raises:
        DatasetError: No dataset there, or one of another schema version.
    """
    return open_dataset(folder)


def filter_options(shown: Shown) -> records.FilterOptions:
    """The choices of the filters: the same whatever is chosen."""
    found: records.FilterOptions = _kept(
        lambda: views.filter_options(shown.data, shown.lang),
        *(str(shown.folder), shown.stamp, shown.lang, "options"),
    )
    return found


def facets(shown: Shown, *, of_list: bool = False) -> records.FilterOptions:
    """The choices of the filters, counted under what the other filters let through.

    Those of the list of reports under what it alone is narrowed by too.
    """
    options = filter_options(shown)
    also = views.passing(shown.sought, shown.filters.rules) if of_list else {}
    return _made(
        shown,
        "facets",
        lambda: views.facets(shown.data, shown.filters, options, also),
        repr((sorted(also), shown.filters.rules, shown.sought)) if also else "",
    )


def theme_options(shown: Shown) -> tuple[records.Option, ...]:
    """The themes that the list can be narrowed to."""
    return _made(
        shown,
        "theme_options",
        lambda: views.theme_options(shown.data, shown.filters, shown.lang),
    )


def listing(shown: Shown, sort: str, page: int) -> records.ReportList:
    """A page of the list of reports."""
    return _made(
        shown,
        "listing",
        lambda: views.listing(
            shown.data, shown.filters, shown.lang, wanted=shown.sought, sort=sort, page=page
        ),
        repr((shown.filters.rules, shown.sought, sort, page)),
    )


def agency_years(shown: Shown, page: int) -> records.ReportList:
    """A page of the agencies with their years."""
    return _made(
        shown,
        "agency_years",
        lambda: views.agency_years(
            shown.data, shown.filters, shown.lang, wanted=shown.sought, page=page
        ),
        repr((shown.filters.rules, shown.sought, page)),
    )


def answer(shown: Shown) -> records.Answer:
    """What the first screen answers first; how reports were read or judged doesn't narrow it."""
    filters = views.answered(shown.filters)
    where = msgspec.structs.replace(shown, filters=filters)
    return _made(where, "answer", lambda: views.answer(shown.data, filters, shown.lang))


def places(shown: Shown, measure: str, sort: str) -> records.Places:
    """The regions held against each other."""
    filters = views.answered(shown.filters)
    where = msgspec.structs.replace(shown, filters=filters)
    return _made(
        where,
        "places",
        lambda: views.places(shown.data, filters, shown.lang, measure=measure, sort=sort),
        repr((measure, sort)),
    )


def places_frame(shown: Shown) -> pl.DataFrame:
    """The same year by year, to take."""
    filters = views.answered(shown.filters)
    where = msgspec.structs.replace(shown, filters=filters)
    return _made(where, "places_frame", lambda: views.places_frame(shown.data, filters, shown.lang))


def overview(shown: Shown) -> records.Overview:
    """The first screen."""
    return _made(
        shown,
        "overview",
        lambda: views.overview(shown.data, shown.filters, shown.lang, limit=AGENCIES),
    )


def report_card(shown: Shown, report_id: str) -> records.ReportCard | None:
    """One report, whatever the filters say; None where there is none of that id."""

    def make() -> records.ReportCard | None:
        try:
            return views.report_card(shown.data, report_id, shown.lang, context(shown))
        except KeyError as error:
            _unless_about(report_id, error)
            return None

    return _made(shown, "card", make, report_id)


def sides(shown: Shown, report_id: str, other: str) -> records.Sides | None:
    """Two reports side by side; None where there is none of either id."""

    def make() -> records.Sides | None:
        try:
            return views.sides(context(shown), report_id, other, shown.lang)
        except KeyError as error:
            if error.args not in ((report_id,), (other,)):
                raise
            return None

    return _made(shown, "sides", make, repr((report_id, other)))


def beside(shown: Shown, card: records.ReportCard) -> tuple[records.ReportLink, ...]:
    """What a report's texts may be set beside: the agency's other years, and near ones."""
    return _made(
        shown,
        "beside",
        lambda: views.beside(context(shown), card, shown.lang),
        card.report_id,
    )


def compared(shown: Shown, asked: views.Asked) -> records.Comparison | None:
    """What the address asks to compare."""
    return _made(
        shown, "compare", lambda: views.compared(context(shown), asked, shown.lang), repr(asked)
    )


def form_pair(shown: Shown, first: str, second: str) -> records.FormPair | None:
    """Two reports' official form, cell by cell."""
    return _made(
        shown,
        "form_pair",
        lambda: views.form_pair(context(shown), first, second, shown.lang),
        repr((first, second)),
    )


def running(shown: Shown) -> records.Cut:
    """What is named as a problem for years."""
    return _made(
        shown,
        "running",
        lambda: views.running(texts(shown), context(shown), shown.filters, shown.lang),
    )


def shared_texts(shown: Shown) -> records.Cut:
    """Which agencies share a text."""
    return _made(
        shown,
        "shared",
        lambda: views.shared_cut(texts(shown), context(shown), shown.filters, shown.lang),
    )


def checks(shown: Shown) -> records.ChecksView:
    """Rules and results that match the filters."""
    return _made(
        shown,
        "checks",
        lambda: views.checks_view(
            shown.data, shown.filters, shown.lang, limit=RESULTS, shared=context(shown)
        ),
    )


def worklist(shown: Shown, order: str, page: int) -> records.WorkList:
    """A page of what is to be dealt with."""
    return _made(
        shown,
        "worklist",
        lambda: views.worklist_view(shown.data, shown.filters, order, page, shown.lang),
        f"{order[:10]} {page}",
    )


def circular(shown: Shown) -> records.Circular:
    """The circular of the last year of those chosen."""
    return _made(shown, "circular", lambda: views.circular(shown.data, shown.filters, shown.lang))


def rule(shown: Shown, code: str) -> records.RuleView | None:
    """One rule; None where there is none of that code."""

    def make() -> records.RuleView | None:
        try:
            return views.rule_view(
                shown.data, code, shown.filters, shown.lang, limit=FINDINGS, shared=context(shown)
            )
        except KeyError as error:
            _unless_about(code, error)
            return None

    return _made(shown, "rule", make, code)


def timeliness(shown: Shown) -> records.Timeliness:
    """Who published when."""
    return _made(
        shown,
        "timeliness",
        lambda: views.timeliness(
            shown.data, shown.filters, shown.lang, limit=COVERED, most=COVERED
        ),
    )


def groups(shown: Shown) -> records.Groups:
    """Counts by agency and region."""
    return _made(
        shown,
        "groups",
        lambda: views.groups(shown.data, shown.filters, shown.lang, limit=GROUPS),
    )


def agency(shown: Shown, agency_id: str) -> records.AgencyPage | None:
    """One agency, whatever the filters say; None where there is none of that id."""

    def make() -> records.AgencyPage | None:
        try:
            return views.agency_page(shown.data, agency_id, shown.lang, context(shown))
        except KeyError as error:
            _unless_about(agency_id, error)
            return None

    return _made(shown, "agency", make, agency_id)


def words(shown: Shown) -> records.WordsView:
    """What the reports say in their own words, as the address asks."""
    asked = {name: text for name, text in shown.parameters.items() if name in _OF_WORDS}
    what = repr(sorted(asked.items()))
    return _made(
        shown, "words", lambda: views.words(texts(shown), shown.filters, asked, shown.lang), what
    )


def themes(shown: Shown) -> records.ThemeTable:
    """The themes over the years."""
    return _made(
        shown, "themes", lambda: views.theme_table(texts(shown), shown.filters, shown.lang)
    )


def table(shown: Shown, name: str) -> records.TableView:
    """The first rows of a table."""
    return _made(
        shown,
        "table",
        lambda: views.table_view(shown.data, name, shown.filters, shown.lang, limit=PREVIEW),
        name,
    )


def context(shown: Shown) -> Context:
    """What all cards share: the same in every language and under every filter."""
    found: Context = _kept(
        lambda: views.context(shown.data), str(shown.folder), shown.stamp, "context"
    )
    return found


def texts(shown: Shown) -> Texts:
    """What searches look through: made once, and all that is in memory of the texts."""
    return _texts(str(shown.folder), shown.stamp, shown.data)


def _unless_about(asked: str, error: KeyError) -> None:
    """Let an error pass only where it says that what was asked for isn't there."""
    if error.args != (asked,):
        raise error


def _made(shown: Shown, kind: str, make: Callable[[], View], what: str = "") -> View:
    filters = tuple(sorted(views.encode(shown.filters).items()))
    found: View = _kept(make, str(shown.folder), shown.stamp, shown.lang, filters, kind, what)
    return found


# Views are frozen, so one copy serves all sessions.
@st.cache_resource(max_entries=256, show_spinner=False)
def _kept(_make: Callable[[], View], *key: object) -> View:  # noqa: ARG001 - what tells views apart
    return _make()


@st.cache_resource(max_entries=1, show_spinner=False)
def _texts(folder: str, stamp: str, _data: Data) -> Texts:  # noqa: ARG001 - what tells them apart
    return Texts(_data)
