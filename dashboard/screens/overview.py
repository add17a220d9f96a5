"""The first screen: how much there is, how it runs over the years, and the reports behind it."""

from __future__ import annotations

import streamlit as st

from dashboard import charts
from dashboard.labels import t
from dashboard.screens import cached, markup
from dashboard.screens.address import Shown
from dashboard.views import records

_CHART = {"displayModeBar": False, "responsive": True}


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
        left, right = st.columns(2, gap="large")
        with left:
            chart(view.trend, shown)
        with right:
            chart(view.outcomes, shown)
        if view.indicators.rows:
            markup.draw("indicators", shown, table=view.indicators, here="")
    markup.draw("stats", shown, stats=view.stats)
    st.header(t("coverage.title", shown.lang), anchor=False)
    st.caption(t("coverage.note", shown.lang))
    rows = view.coverage.rows[: cached.AGENCIES]
    found = [cell.consistency for row in rows for cell in row.cells if cell.consistency]
    markup.draw(
        "coverage",
        shown,
        coverage=view.coverage,
        rows=rows,
        verdicts=list({badge.level: badge for badge in found}.values()),
    )


def chart(view: records.Chart, shown: Shown) -> None:
    """Draw a chart with its title, and the same numbers as a table below."""
    st.header(view.title, anchor=False)
    if view.table:
        st.plotly_chart(
            charts.figure(view, shown.lang, dark=shown.dark),
            theme=None,
            config=_CHART,
            alt=view.title,
            key=f"chart_{view.code}",
        )
    markup.draw("figures", shown, chart=view)
