"""A table and the filters in, the ways to take it out: what is too large is said beforehand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import polars as pl
import streamlit as st

from dashboard import labels, views
from dashboard.labels import t
from dashboard.screens import cached, markup
from dashboard.screens.address import FILTERS, Shown
from govreport_core.dataset.workbook import ROWS

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MB = 1_000_000
# Told beforehand from this size on; from the second on sent as it is read, or taken in years, for
# any other file is made in memory: both in bytes of CSV.
TOLD, SPLIT = 10 * _MB, 150 * _MB
SENT = "rows.csv"
"""The path below the app's from which tables are sent: see `dashboard.served`."""
# What no file's name may have on some system, and what would make it hard to read.
_ODD = re.compile(r'[\\/:*?"<>|\x00-\x1f\s·]+')
_LONGEST = 80


def named(label: str, shown: Shown) -> str:
    """A file's name without ending that says what was chosen: 年报-汀澜市-2024."""
    options = cached.filter_options(shown)
    words = [label]
    for held in ("regions", "years", *(one for one in FILTERS.values() if one not in _FIRST)):
        names = {option.value: option.label for option in getattr(options, held)}
        words += [names.get(code, code) for code in getattr(shown.filters, held)]
    words += [f"{name} {text}" for _, _, name, text in views.sought_words(shown.sought, shown.lang)]
    return plain_name("-".join(words))


def plain_name(text: str) -> str:
    """A file's name without ending that every system takes."""
    return _ODD.sub("_", text)[:_LONGEST]


_FIRST = ("regions", "years")


def downloads(
    name: str,
    total: str,
    shown: Shown,
    frame: Callable[[], pl.DataFrame],
    *,
    rows: int | None = None,
    size: int = 0,
    years: Sequence[tuple[str, Callable[[], pl.DataFrame]]] = (),
    sent: str = "",
) -> None:
    """Offer a table as CSV and as a workbook; what can't be taken is said beforehand.

    Args:
        name: The files' name without an ending.
        total: How many rows, in words.
        shown: The address and the language.
        frame: Makes the table, any columns; called only when a button is pressed, and its
            rows are written in its order, numbers in its units.
        rows: How many rows, where that is known.
        size: About how many bytes the CSV has; 0 where that isn't known.
        years: The same for each year alone, by what its file's name says.
        sent: Where the CSV is sent from as it is read, whatever its size; empty where it isn't.
    """
    lang = shown.lang
    about = f"{max(1, round(size / _MB)):,} MB"
    if size >= SPLIT and sent:
        st.caption(t("taking.large", lang, size=about))
        markup.draw("sent", shown, href=sent, total=total)
        return
    if size >= SPLIT and years:
        st.caption(t("taking.by_year", lang, total=total, size=about))
        with st.container(horizontal=True):
            for year, make in years:
                csv(f"{name}-{year}", t("taking.year", lang, year=year), make)
        return
    if size >= TOLD:
        st.caption(t("taking.large", lang, size=about))
    with st.container(horizontal=True):
        csv(name, t("app.download", lang, total=total), frame)
        if rows is None or rows < ROWS:
            xlsx(name, t("app.download_xlsx", lang), frame)
    if rows is not None and rows >= ROWS:
        st.caption(t("taking.no_sheet", lang, total=total, most=labels.number(ROWS - 1)))


def csv(name: str, label: str, frame: Callable[[], pl.DataFrame]) -> None:
    """Offer a table as CSV; it is made when the button is pressed."""
    st.download_button(
        label,
        data=lambda: views.to_csv(frame()),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"csv_{name}",
    )


def json(name: str, label: str, data: Callable[[], bytes]) -> None:
    """Offer JSON; it is made when the button is pressed."""
    st.download_button(
        label,
        data=data,
        file_name=f"{name}.json",
        mime="application/json",
        on_click="ignore",
        key=f"json_{name}",
    )


def xlsx(name: str, label: str, frame: Callable[[], pl.DataFrame]) -> None:
    """Offer a table as a workbook; it is made when the button is pressed."""
    st.download_button(
        label,
        data=lambda: views.to_xlsx(frame()),
        file_name=f"{name}.xlsx",
        mime=_XLSX,
        on_click="ignore",
        key=f"xlsx_{name}",
    )
