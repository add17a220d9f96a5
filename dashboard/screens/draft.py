"""The draft screen: a file from the reader in, its verdict out, kept in the session alone."""

from __future__ import annotations

import hashlib
import json

import streamlit as st

from dashboard import draft as pages
from dashboard.labels import t
from dashboard.screens import markup, taking
from dashboard.screens.address import Shown
from dashboard.views.draft import draft_frame, draft_view
from dashboard.views.records import DraftView
from govreport_core.errors import SourceError
from govreport_core.sources import MAX_BYTES
from govreport_core.verdict import Draft, read_draft_bytes

_MB = 1024 * 1024
# What a session keeps of the last draft: what was read, and its verdict.
_KEPT, _VIEW = "draft_kept", "draft_view"


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
    if file is not None:
        st.session_state[_KEPT] = _read(file.name, file.getvalue(), lang)
    kept: Draft | None = st.session_state.get(_KEPT)
    if kept is None:
        return
    if file is None:
        st.caption(markup.plain(t("app.draft_kept", lang, file=kept.file)))
        st.button(t("app.draft_forget", lang), on_click=_forget)
    with st.spinner(t("app.draft_reading", lang)):
        view = _judged(kept, shown)
    render(view, shown)


def _read(name: str, data: bytes, lang: str) -> Draft | None:
    """The file read and judged; None, and the reason said, where it can't be."""
    before: Draft | None = st.session_state.get(_KEPT)
    digest = hashlib.sha256(data).hexdigest()
    if before is not None and (before.file, before.document.document_id) == (name, digest):
        return before
    try:
        with st.spinner(t("app.draft_reading", lang)):
            return read_draft_bytes(name, data)
    except SourceError as error:
        st.error(markup.plain(pages.cannot_read(name, error, lang)))
        return None


def _judged(draft: Draft, shown: Shown) -> DraftView:
    """The verdict, made once for a session, a language and a version of the dataset."""
    asked = (draft.file, draft.document.document_id, shown.lang, shown.stamp)
    held = st.session_state.get(_VIEW)
    if held is None or held[0] != asked:
        view = draft_view(draft.file, draft.frames, shown.lang, shown.data)
        held = st.session_state[_VIEW] = (asked, view)
    found: DraftView = held[1]
    return found


def _forget() -> None:
    for key in (_KEPT, _VIEW):
        st.session_state.pop(key, None)


def render(view: DraftView, shown: Shown) -> None:
    """Draw a verdict, and the way to take it as a page."""
    markup.draw("draft", shown, view=view)
    name = f"{view.file.rsplit('.', 1)[0]}.check"
    with st.container(horizontal=True):
        st.download_button(
            t("app.draft_download", shown.lang),
            data=lambda: pages.page_of(view, shown.lang),
            file_name=f"{name}.html",
            mime="text/html",
            on_click="ignore",
        )
        taking.xlsx(
            name, t("app.draft_download_xlsx", shown.lang), lambda: draft_frame(view, shown.lang)
        )
    if view.card.tables:
        st.header(t("draft.tables", shown.lang), anchor=False)
        st.caption(t("draft.tables_note", shown.lang))
        groups = markup.by_section(view.card)
        markup.draw("card_tables", shown, card=view.card, groups=groups, linked=False)
