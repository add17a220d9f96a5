"""The first screen: how much there is, how it runs over the years, and the reports behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

import streamlit as st

from dashboard import charts, views
from dashboard.labels import t
from dashboard.screens import address, cached, frame, markup
from dashboard.screens.address import Shown
from dashboard.svg import HALF, WIDE
from dashboard.views import records

# Of many agencies, how many are listed here: all stand in the room of reports.
_FEW = 10
_YEAR = re.compile(r"^[0-9]{4}$")
_CHART = {"displayModeBar": False, "responsive": True}
# Levels of reading that are told with their counts.
_COUNTED = ("good", "doubts", "none")


def screen(shown: Shown) -> None:
    """Draw the overview of what the filters let through."""
    answered(cached.answer(shown), shown)
    render(cached.overview(shown), shown)


def answered(view: records.Answer, shown: Shown) -> None:
    """Draw the year's answer: counts, then the regions and the rules with most trouble."""
    if view.year is None:
        return

    def goto(room: str, narrowed: records.Narrowed) -> str:
        return shown.link("" if room == "overview" else room, **dict(narrowed))

    markup.draw("answer", shown, page=view, goto=goto)
    if shown.filters != views.answered(shown.filters):
        st.caption(t("answer.not_narrowed", shown.lang))
    markup.draw("handing", shown, year=str(view.year))
    narrowed = (("year", str(view.year)),)
    tables = [rules for rules, found in ((False, view.places), (True, view.rules)) if found]
    for rules, column in zip(tables, st.columns(max(len(tables), 1), gap="large"), strict=False):
        with column:
            markup.draw("where", shown, page=view, goto=goto, narrowed=narrowed, rules=rules)


def render(view: records.Overview, shown: Shown) -> None:
    """Draw an overview."""
    if not view.reports:
        st.info(t("app.no_reports", shown.lang))
    else:
        explorable(shown, "", view.trend, view.outcomes)
        left, right = st.columns(2, gap="large")
        with left:
            chart(view.trend, shown, "")
        with right:
            chart(view.outcomes, shown, "")
        if view.indicators.rows:
            markup.draw("indicators", shown, table=view.indicators, here="")
    markup.draw("stats", shown, stats=view.stats)
    st.header(t("coverage.title", shown.lang), anchor=False)
    st.caption(t("coverage.note", shown.lang))
    rows = listed(view.coverage)
    found = [
        badge
        for row in rows
        for cell in row.cells
        for badge in (cell.reading, cell.consistency)
        if badge and badge.level not in _COUNTED
    ]
    markup.draw(
        "coverage",
        shown,
        coverage=view.coverage,
        rows=rows,
        verdicts=list({badge.level: badge for badge in found}.values()),
    )


def listed(coverage: records.CoverageGrid) -> tuple[records.CoverageRow, ...]:
    """The agencies that are listed: all that were made, or few of many."""
    return coverage.rows[: None if coverage.found <= len(coverage.rows) else _FEW]


def explorable(shown: Shown, here: str, *those: records.Chart) -> None:
    """Say so where the address asks to explore a chart that isn't one of these."""
    if shown.parameters.get("explore", those[0].code) not in {one.code for one in those}:
        frame.lacking(shown, here, "explore", "elsewhere")


def chart(view: records.Chart, shown: Shown, here: str) -> None:
    """Draw a chart with its title, the way to explore it, and the same numbers as a table below."""
    st.header(view.title, anchor=False)
    drawn = view.runs or (view.table and view.kind != "lines")
    explored = drawn and shown.parameters.get("explore") == view.code
    ways = narrowing(view, shown, here)
    if explored:
        st.plotly_chart(
            charts.figure(view, shown.lang, dark=shown.dark),
            theme=None,
            config=_CHART,
            alt=view.title,
            key=f"chart_{view.code}",
            on_select=partial(_narrow, f"chart_{view.code}", ways) if ways else "ignore",
            selection_mode="points",
        )
    elif drawn:
        # On the first screen two stand side by side.
        markup.picture(view, shown, ways, WIDE if here else HALF)
    way = shown.link(
        here, **(frame.own_parameters(shown) | {"explore": None if explored else view.code})
    )
    markup.draw(
        "figures", shown, chart=view, way=way if drawn else "", explored=explored, ways=ways
    )


def narrowing(view: records.Chart, shown: Shown, here: str) -> dict[str, str]:
    """Where a click on a year of a chart leads, by the year: the same screen, of that year alone.

    Nothing of an agency's years, which no filter narrows, nor of a year that stands alone.
    """
    years = [row[0] for row in view.table if _YEAR.match(row[0])]
    if here or len(years) < 2:
        return {}
    own = frame.own_parameters(shown) | {"page": None}
    return {year: shown.link(here, **(own | {"year": year})) for year in years}


def _narrow(key: str, ways: Mapping[str, str]) -> None:
    """Narrow to the year of the point that was clicked in a chart that is explored."""
    points = st.session_state[key]["selection"]["points"]
    year = str(points[0]["x"]) if points else ""
    if year in ways:
        address.put("year", year)
