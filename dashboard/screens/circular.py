"""The yearly circular: what an office would write of a jurisdiction, made from the data."""

from __future__ import annotations

import streamlit as st

from dashboard import printed
from dashboard.labels import t
from dashboard.screens import cached, markup
from dashboard.screens.address import Shown
from dashboard.screens.taking import named
from dashboard.views import records

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def screen(shown: Shown) -> None:
    """Draw the circular of the region and year that the address names."""
    render(cached.circular(shown), shown)


def render(page: records.Circular, shown: Shown) -> None:
    """Draw a circular, and the ways to take it."""
    if page.year is None:
        st.info(page.title)
        return
    _downloads(page, shown)

    def goto(room: str, narrowed: records.Narrowed) -> str:
        return shown.link(room, **dict(narrowed))

    markup.draw("circular", shown, page=page, goto=goto)


def _downloads(page: records.Circular, shown: Shown) -> None:
    lang = shown.lang
    name = named(t("checks.tab_circular", lang), shown)
    if not shown.filters.years:
        name = f"{name}-{page.year}"

    def document() -> bytes:
        # Imported where it is wanted: it takes as long as a screen.
        from dashboard import circular_docx  # noqa: PLC0415

        return circular_docx.document(page, lang)

    def paper() -> bytes:
        return printed.circular_page(shown.data, shown.filters, lang)

    with st.container(horizontal=True):
        for ending, label, make, mime in (
            ("docx", "download_docx", document, _DOCX),
            ("html", "download_page", paper, "text/html"),
        ):
            st.download_button(
                t(f"circular.{label}", lang),
                data=make,
                file_name=f"{name}.{ending}",
                mime=mime,
                on_click="ignore",
                key=f"circular_{ending}",
            )
