"""The room of regions: the year's answer here, and the parts held against each other."""

from __future__ import annotations

import streamlit as st

from dashboard import views
from dashboard.labels import number, t
from dashboard.screens import cached, frame, markup
from dashboard.screens.address import Shown
from dashboard.screens.taking import downloads, named
from dashboard.views import records


def screen(shown: Shown) -> None:
    """Draw the parts of the region that is chosen, or the widest ones."""
    measure, sort = shown.parameters.get("tab", ""), shown.parameters.get("sort", "")
    if measure and measure not in views.MEASURES:
        frame.lacking(shown, "region", "tab", "elsewhere")
    if sort and sort.removeprefix("-") not in views.SORTED:
        frame.lacking(shown, "region", "sort", "elsewhere")
    measure = measure if measure in views.MEASURES else views.MEASURES[0]
    render(cached.places(shown, measure, sort), shown)


def render(view: records.Places, shown: Shown) -> None:
    """Draw the way down to the region, its year, its parts as tiles and as a table."""
    lang = shown.lang
    st.header(t("regions.title", lang), anchor=False)
    if view.answer.year is None:
        st.info(t("app.no_reports", lang))
        return

    def goto(room: str, narrowed: records.Narrowed) -> str:
        return shown.link("region" if room == "overview" else room, **dict(narrowed))

    filters = views.answered(shown.filters)

    def here(**changed: str | None) -> str:
        own = {"sort": view.sort or None, "tab": shown.parameters.get("tab")}
        return shown.link("region", **(own | changed))

    rostered = any(row.due is not None for row in view.answer.places)
    counts = views.SORTED[1:] if rostered else ("late", "wrong")
    markup.draw(
        "region",
        shown,
        view=view,
        goto=goto,
        here=here,
        measures=views.MEASURES,
        counts=counts,
        narrowed=tuple((views.encode(filters) | {"year": str(view.answer.year)}).items()),
    )
    if len(view.answer.places) > 1:
        rows = cached.places_frame(shown)
        name = named(t("regions.all_years", lang), shown)
        downloads(name, number(rows.height), shown, lambda: rows, rows=rows.height)
