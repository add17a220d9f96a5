"""The work list: what fails in a jurisdiction, to be worked off, handed on and printed."""

from __future__ import annotations

import streamlit as st

from dashboard import labels, printed, views
from dashboard.labels import t
from dashboard.screens import cached, markup
from dashboard.screens.address import Shown
from dashboard.screens.taking import named
from dashboard.views import records
from govreport_core import worklist as core
from govreport_core.dataset.workbook import xlsx_bytes

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def screen(shown: Shown) -> None:
    """Draw the page of the list that the address names, and the ways to take it."""
    order = shown.parameters.get("sort", "")
    render(cached.worklist(shown, order, _page(shown)), shown)


def render(view: records.WorkList, shown: Shown) -> None:
    """Draw a page of the list."""
    keep = {"tab": "worklist", "rule": shown.parameters.get("rule", "")}
    severities = [] if view.remarks else core.severities(remarks=True)
    keep |= {"sort": view.order if view.order != core.ORDERS[0] else ""}
    markup.draw(
        "worklist_head",
        shown,
        view=view,
        keep=keep,
        orders=[(order, t(f"worklist.by_{order}", shown.lang)) for order in core.ORDERS],
        severity=",".join(severities),
    )
    if view.items:
        _downloads(view, shown)
        heads = core.words(shown.lang).columns
        markup.draw("worklist", shown, view=view, heads=heads, keep=keep)


def _page(shown: Shown) -> int:
    asked = shown.parameters.get("page", "")
    # More digits than any list has pages.
    return int(asked) if asked.isdecimal() and len(asked) < 8 else 1


def _downloads(view: records.WorkList, shown: Shown) -> None:
    lang = shown.lang
    name = named(t("worklist.title", lang), shown)

    def taken() -> bytes:
        frame = views.worklist_frame(shown.data, shown.filters, view.order, lang)
        return views.to_csv(frame)

    def workbook() -> bytes:
        frame = views.worklist_frame(shown.data, shown.filters, view.order, lang)
        return xlsx_bytes(frame, t("worklist.title", lang), widths=core.widths(lang))

    def page() -> bytes:
        return printed.worklist_page(shown.data, shown.filters, view.order, lang)

    ways = [(f"{name}.html", "download_page", page, "text/html")]
    if view.items <= views.TAKEN:
        ways = [
            (f"{name}.csv", "download_csv", taken, "text/csv"),
            (f"{name}.xlsx", "download_xlsx", workbook, _XLSX),
            *ways,
        ]
    else:
        most = labels.number(views.TAKEN)
        st.caption(t("worklist.too_many", lang, n=labels.number(view.items), most=most))
    with st.container(horizontal=True):
        for file, label, make, mime in ways:
            st.download_button(
                t(f"worklist.{label}", lang, n=labels.number(view.items)),
                data=make,
                file_name=file,
                mime=mime,
                on_click="ignore",
                key=f"worklist_{label}",
            )
