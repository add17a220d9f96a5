"""The data screen: one table of the dataset as the filters narrow it, to look at and to take."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import streamlit as st

from dashboard import labels, views
from dashboard.labels import t
from dashboard.screens import address, cached, frame, markup
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
    tables = [*ORDER, *(name for name in views.TABLES if name not in ORDER)]
    asked = shown.parameters.get("table", "")
    name = asked if asked in tables else tables[0]
    if asked != name and asked:
        frame.lacking(shown, "data", "table", "elsewhere")
    key = "choose_table"
    st.session_state[key] = name
    st.selectbox(
        t("app.choose_table", shown.lang),
        tables,
        format_func=lambda table: f"{t(f'tables.{table}', shown.lang)} · {table}",
        key=key,
        on_change=_keep,
    )
    render(cached.table(shown, name), shown)


def render(view: records.TableView, shown: Shown) -> None:
    """Draw a table's first rows and the way to take all of them."""
    lang = shown.lang
    if not view.total:
        st.info(t("app.no_rows", lang))
        return
    total = labels.number(view.total)
    st.caption(t("app.rows", lang, shown=labels.number(view.shown), total=total))
    ids = {place for place, (name, _) in enumerate(view.columns) if name in _IDS}
    markup.draw("preview", shown, view=view, ids=ids)
    downloads(f"govreport-{view.table}", total, shown, lambda: _frame(shown, view.table))


def downloads(name: str, total: str, shown: Shown, frame: Callable[[], pl.DataFrame]) -> None:
    """Offer a table as CSV and as a workbook; what no sheet can hold is said beforehand.

    Args:
        name: The files' name without an ending.
        total: How many rows, in words.
        shown: The address and the language.
        frame: Makes the table, any columns; called only when a button is pressed, and its
            rows are written in its order, numbers in its units.
    """
    csv, xlsx = st.columns(2)
    with csv:
        st.download_button(
            t("app.download", shown.lang, total=total),
            data=lambda: views.to_csv(frame()),
            file_name=f"{name}.csv",
            mime="text/csv",
            on_click="ignore",
        )
    with xlsx:
        st.download_button(
            t("app.download_xlsx", shown.lang),
            data=lambda: views.to_xlsx(frame()),
            file_name=f"{name}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            on_click="ignore",
        )


def _frame(shown: Shown, table: str) -> pl.DataFrame:
    return views.table_frame(shown.data, table, shown.filters)


def _keep() -> None:
    address.put("table", st.session_state["choose_table"])
