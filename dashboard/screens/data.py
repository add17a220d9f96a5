"""The data screen: one table of the dataset as the filters narrow it, to look at and to take."""

from __future__ import annotations

import streamlit as st

from dashboard import labels, views
from dashboard.labels import t
from dashboard.screens import address, cached
from dashboard.screens.address import Shown
from dashboard.views import records

FIRST = "values"


def screen(shown: Shown) -> None:
    """Draw the table that the address names."""
    asked = shown.parameters.get("table", "")
    name = asked if asked in views.TABLES else FIRST
    key = "choose_table"
    st.session_state[key] = name
    st.selectbox(
        t("app.choose_table", shown.lang),
        views.TABLES,
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
    names = dict(view.columns)
    st.dataframe(
        [dict(zip(names, row, strict=True)) for row in view.rows],
        column_config={name: st.column_config.TextColumn(label) for name, label in names.items()},
        hide_index=True,
        height="auto",
        alt=view.label,
    )
    st.download_button(
        t("app.download", lang, total=total),
        data=lambda: views.to_csv(views.table_frame(shown.data, view.table, shown.filters)),
        file_name=f"govreport-{view.table}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _keep() -> None:
    address.put("table", st.session_state["choose_table"])
