"""The coverage screen: who published when, and on an agency's name all that is known of it."""

from __future__ import annotations

import streamlit as st

from dashboard import labels, views
from dashboard.labels import t
from dashboard.screens import cached, frame, markup, overview
from dashboard.screens.address import Shown
from dashboard.screens.taking import downloads, named
from dashboard.views import records


def screen(shown: Shown) -> None:
    """Draw the agency that the address names, or all agencies against all years."""
    agency_id = shown.parameters.get("agency", "")
    page = cached.agency(shown, agency_id) if agency_id else None
    if page is not None:
        render_agency(page, shown)
        return
    if agency_id:
        frame.lacking(shown, "coverage", "agency")
    render(cached.timeliness(shown), shown)


def render(view: records.Timeliness, shown: Shown) -> None:
    """Draw the matrix, the reports that are late or weren't found, and the downloads."""
    lang = shown.lang
    st.header(t("timeliness.title", lang), anchor=False)
    if not view.rows:
        st.info(t("timeliness.none", lang))
        return
    markup.draw("timeliness", shown, view=view, rows=view.rows, missed=view.missed)
    total = sum(status.count for status in view.statuses)
    if view.rates.rows:
        title = t("group_indicators.title", lang)
        markup.draw("indicators", shown, table=view.rates, here="", title=title)
    downloads(
        named(t("timeliness.title", lang), shown),
        labels.number(total),
        shown,
        lambda: views.headed(
            views.timeliness_frame(shown.data, shown.filters, lang), "timeliness", lang
        ),
        rows=total,
    )


def render_agency(page: records.AgencyPage, shown: Shown) -> None:
    """Draw one agency: both badges, its years, what fails, its figures."""
    markup.draw("agency", shown, page=page)
    if page.reports:
        markup.draw("findings", shown, findings=page.findings, found=len(page.findings), chosen="")
    if page.figures.years:
        if page.trend.runs:
            overview.explorable(shown, "coverage", page.trend)
            overview.chart(page.trend, shown, "coverage")
        markup.draw("card_years", shown, table=page.figures, here="")
    if page.peers:
        markup.draw("peers", shown, peers=page.peers, agency=page.agency)
    if page.indicators.rows:
        markup.draw("indicators", shown, table=page.indicators, here="")
