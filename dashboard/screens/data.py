"""The data screen: one table of the dataset as the filters narrow it, to look at and to take."""

from __future__ import annotations

import streamlit as st

from dashboard import labels, views
from dashboard.labels import t
from dashboard.screens import address, cached, markup
from dashboard.screens.address import Shown
from dashboard.views import records

# What most come for stands first; tables not named here follow.
ORDER = ("reports", "values", "checks", "points", "claims", "sections", "diagnostics", "evidence")

# Wide enough to tell rows apart, no wider.
_IDS = ("document_id", "source_url")


def screen(shown: Shown) -> None:
    """Draw the table that the address names."""
    tables = [*ORDER, *(name for name in views.TABLES if name not in ORDER)]
    asked = shown.parameters.get("table", "")
    name = asked if asked in tables else tables[0]
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
    st.download_button(
        t("app.download", lang, total=total),
        data=lambda: views.to_csv(views.table_frame(shown.data, view.table, shown.filters)),
        file_name=f"govreport-{view.table}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _keep() -> None:
    address.put("table", st.session_state["choose_table"])
