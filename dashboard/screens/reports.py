"""The room of reports: what matches, a page at a time, sorted by a click, and all of it to take."""

from __future__ import annotations

from urllib.parse import urljoin

import polars as pl
import streamlit as st

from dashboard import labels, views
from dashboard.labels import t
from dashboard.screens import address, cached, frame, markup, taking
from dashboard.screens.address import OF_LIST, Shown
from dashboard.views import records
from dashboard.views.listing import COLUMNS

# What stands in a place for a report's id while an address is made for all of them.
_ID = "{}"


def screen(shown: Shown) -> None:
    """Draw the list that the address names."""
    sort, page = shown.parameters.get("sort", ""), _page(shown)
    if sort and sort.removeprefix("-") not in COLUMNS:
        frame.lacking(shown, "report", "sort", "elsewhere")
    by_agency = shown.parameters.get("tab") == "agencies"
    view = cached.agency_years(shown, page) if by_agency else cached.listing(shown, sort, page)
    render(view, shown, by_agency=by_agency)


def render(view: records.ReportList, shown: Shown, *, by_agency: bool) -> None:
    """Draw a page of the list, the ways to others, and the ways to take all of it."""
    lang = shown.lang
    st.header(t("reports.title", lang), anchor=False)
    if not view.found:
        st.info(t("app.no_reports", lang))
        return

    def here(**changed: str | None) -> str:
        return shown.link("report", **(_own(shown) | {"page": None} | changed))

    shape = "agency_list" if by_agency else "report_list"
    markup.draw("list_head", shown, view=view, here=here, by_agency=by_agency)
    markup.draw(shape, shown, view=view, here=here)
    if view.pages > 1:
        markup.draw("pages", shown, view=view, here=here)
    total = labels.number(view.reports if by_agency else view.found)
    taking.downloads(
        taking.named(t("reports.title", lang), shown),
        total,
        shown,
        lambda: _frame(shown, view.sort).collect(),
        rows=view.reports if by_agency else view.found,
    )
    if not by_agency:
        _grid(view, shown)


def _grid(view: records.ReportList, shown: Shown) -> None:
    """All rows in Streamlit's own table, which fetches what is looked at.

    On wish: a canvas can't be searched in the page, and its links open in a window of their own.
    """
    key = "fold_grid"
    opened = shown.parameters.get("tab") == "grid"
    st.session_state[key] = opened
    total = labels.number(view.found)
    label = t("listing.grid", shown.lang, total=total)
    with st.expander(label, key=key, on_change=_turn, args=(key,)):
        if opened:
            heads = dict(views.listing_heads(shown.lang))
            st.dataframe(
                _frame(shown, view.sort),
                lazy=True,
                hide_index=True,
                height=520,
                alt=label,
                placeholder="",
                key="grid",
                column_config={
                    heads["link"]: st.column_config.LinkColumn(
                        display_text=t("listing.open", shown.lang)
                    ),
                    heads["year"]: st.column_config.NumberColumn(format="%d"),
                },
            )


def _turn(key: str) -> None:
    address.put("tab", "grid" if st.session_state[key] else None)


def _frame(shown: Shown, sort: str) -> pl.LazyFrame:
    home = urljoin(st.context.url or "", ".")
    whole = urljoin(home, shown.link("report", report=_ID).replace("%7B%7D", _ID))
    return views.listing_frame(
        shown.data, shown.filters, shown.lang, whole.format, wanted=shown.sought, sort=sort
    )


def _own(shown: Shown) -> dict[str, str | None]:
    """What the list's own links carry."""
    return {name: shown.parameters.get(name) for name in ("rule", "sort", "tab", *OF_LIST)}


def _page(shown: Shown) -> int:
    asked = shown.parameters.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
