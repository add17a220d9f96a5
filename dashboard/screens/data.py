"""The data screen: one table of the dataset as the filters narrow it, to look at and to take."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import streamlit as st
from msgspec.structs import replace

from dashboard import labels, views
from dashboard.labels import t
from dashboard.screens import address, cached, frame, markup, taking
from dashboard.screens.address import Shown
from dashboard.views import records

# What most come for stands first; tables not named here follow.
ORDER = (
    "reports",
    "values",
    "checks",
    "coverage",
    "points",
    "claims",
    "sections",
    "diagnostics",
    "evidence",
)

# Wide enough to tell rows apart, no wider.
_IDS = ("document_id", "source_url")


def screen(shown: Shown) -> None:
    """Draw the table that the address names."""
    st.header(t("app.data", shown.lang), anchor=False)
    st.caption(t("app.data_lead", shown.lang))
    tables = [views.WIDE, *ORDER, *(name for name in views.TABLES if name not in ORDER)]
    asked = shown.parameters.get("table", "")
    name = asked if asked in tables else tables[0]
    if asked != name and asked:
        frame.lacking(shown, "data", "table", "elsewhere")
    key = "choose_table"
    st.session_state[key] = name
    st.selectbox(
        t("app.choose_table", shown.lang),
        tables,
        format_func=lambda table: _name(table, shown.lang),
        key=key,
        on_change=_keep,
    )
    render(cached.table(shown, name), shown)


def _name(table: str, lang: str) -> str:
    label = t(f"tables.{table}", lang)
    return label if table == views.WIDE else f"{label} · {table}"


def render(view: records.TableView, shown: Shown) -> None:
    """Draw a table's first rows and the way to take all of them."""
    lang = shown.lang
    if not view.total:
        st.info(t("app.no_rows", lang))
        return
    total = labels.number(view.total)
    st.caption(t("app.rows", lang, shown=labels.number(view.shown), total=total))
    wide = view.table == views.WIDE
    label = t("taking.file", lang) if wide else view.label
    taking.downloads(
        taking.named(label, shown),
        total,
        shown,
        _maker(shown, view.table, shown.filters),
        rows=view.total,
        size=view.size,
        years=_by_year(shown, view.table),
        sent="" if wide else shown.link(taking.SENT, table=view.table),
    )
    ids = {place for place, (name, _) in enumerate(view.columns) if name in _IDS}
    markup.draw("preview", shown, view=view, ids=ids, coded=not wide)


def _maker(shown: Shown, table: str, filters: views.Filters) -> Callable[[], pl.DataFrame]:
    if table == views.WIDE:
        return lambda: views.wide_frame(shown.data, filters, shown.lang)
    return lambda: views.table_frame(shown.data, table, filters)


def _by_year(shown: Shown, table: str) -> list[tuple[str, Callable[[], pl.DataFrame]]]:
    """The table of each year alone; nothing of a table that isn't by year."""
    if table in views.WHOLE:
        return []
    options = cached.filter_options(shown).years
    years = [option for option in options if option.value in (shown.filters.years or _all(options))]
    return [
        (option.label, _maker(shown, table, replace(shown.filters, years=(option.value,))))
        for option in years
    ]


def _all(options: tuple[records.Option, ...]) -> tuple[str, ...]:
    return tuple(option.value for option in options)


def _keep() -> None:
    address.put("table", st.session_state["choose_table"])
