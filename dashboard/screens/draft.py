"""The draft screen: a file from the reader in, its verdict out; nothing of it is kept."""

from __future__ import annotations

import json

import streamlit as st

from dashboard import draft as pages
from dashboard.labels import t
from dashboard.screens import markup
from dashboard.screens.address import Shown
from dashboard.views.draft import draft_view
from dashboard.views.records import DraftView
from govreport_core.errors import SourceError
from govreport_core.sources import MAX_BYTES
from govreport_core.verdict import read_draft_bytes

_MB = 1024 * 1024


def screen(shown: Shown) -> None:
    """Take a file and draw its verdict."""
    lang = shown.lang
    st.header(t("draft.title", lang), anchor=False)
    st.caption(t("app.draft_note", lang))
    # JSON's quoting is also that of a string in CSS.
    pick = json.dumps(t("app.draft_pick", lang), ensure_ascii=False)
    st.html(f"<style>:root {{ --gr-pick: {pick}; }}</style>")
    file = st.file_uploader(
        t("app.draft_choose", lang, size=MAX_BYTES // _MB),
        max_upload_size=MAX_BYTES // _MB,
        key="draft",
    )
    if file is None:
        return
    try:
        with st.spinner(t("app.draft_reading", lang)):
            read = read_draft_bytes(file.name, file.getvalue())
    except SourceError as error:
        st.error(markup.plain(pages.cannot_read(file.name, error, lang)))
        return
    render(draft_view(read.file, read.frames, lang), shown)


def render(view: DraftView, shown: Shown) -> None:
    """Draw a verdict, and the way to take it as a page."""
    markup.draw("draft", shown, view=view)
    st.download_button(
        t("app.draft_download", shown.lang),
        data=lambda: pages.page_of(view, shown.lang),
        file_name=f"{view.file.rsplit('.', 1)[0]}.check.html",
        mime="text/html",
        on_click="ignore",
    )
    if view.card.tables:
        st.header(t("draft.tables", shown.lang), anchor=False)
        st.caption(t("draft.tables_note", shown.lang))
        groups = markup.by_section(view.card)
        markup.draw("card_tables", shown, card=view.card, groups=groups, linked=False)
