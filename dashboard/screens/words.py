"""The room of problems and improvements: search first, then themes, then the points themselves."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import streamlit as st

from dashboard import labels, views
from dashboard.labels import t
from dashboard.screens import address, cached, markup
from dashboard.screens.address import Shown
from dashboard.screens.taking import downloads
from dashboard.texts import Texts
from dashboard.views import Filters, records
from dashboard.views.context import Context

_Frame = Callable[[Texts, Context, Filters, str, Callable[[str, str, str], str]], pl.DataFrame]


def screen(shown: Shown) -> None:
    """Draw what the address asks for."""
    lang = shown.lang
    st.header(t("words.title", lang), anchor=False)
    _search(shown)
    with st.spinner(t("words.site.searching", lang)):
        view = cached.words(shown)
    asked = bool(view.own)
    render(view, None if asked else cached.themes(shown), shown)


def render(view: records.WordsView, themes: records.ThemeTable | None, shown: Shown) -> None:
    """Draw what was found, by what it can be narrowed, and the way to take it."""
    own = dict(view.own)
    for sentence in (*view.bad, *([view.problem] if view.problem else [])):
        st.warning(markup.plain(sentence))
    markup.draw("words", shown, view=view, own=own, themes=themes)
    if view.rows:
        markup.draw("words_points", shown, view=view, own=own)
        total = labels.number(view.reports)
        downloads(_name(shown, own), total, shown, lambda: _frame(shown, own))
    if themes and themes.rows:
        _again("running", cached.running(shown), views.running_frame, shown)
        _again("shared", cached.shared_texts(shown), views.shared_frame, shown)


def _again(name: str, cut: records.Cut, frame: _Frame, shown: Shown) -> None:
    """A list of what is said again, and the way to take all of it."""
    if not cut.of:
        return

    def link(report_id: str, _: str, anchor: str) -> str:
        return shown.link("report", report=report_id, place=anchor)

    def made() -> pl.DataFrame:
        about = (cached.texts(shown), cached.context(shown), shown.filters, shown.lang, link)
        return views.headed(frame(*about), "words", shown.lang)

    markup.draw("words_again", shown, cut=cut, name=name)
    downloads(_name(shown, {}, name), labels.number(cut.rows), shown, made)


def _search(shown: Shown) -> None:
    key = "words_query"
    st.session_state[key] = shown.parameters.get("q", "")
    st.text_input(
        t("words.search", shown.lang),
        key=key,
        placeholder=t("words.search_hint", shown.lang),
        help=t("words.search_help", shown.lang),
        on_change=_ask,
    )


def _ask() -> None:
    for name in ("page", "point"):
        address.put(name, None)
    address.put("q", st.session_state["words_query"])


def _name(shown: Shown, own: dict[str, str], what: str = "words") -> str:
    """A file's name that says what was chosen, by codes: what was typed may be no file's name."""
    chosen = [own[name] for name in ("theme", "section", "agency") if name in own]
    filters = views.encode(shown.filters)
    chosen += [filters[name] for name in ("year", "region", "kind", "level") if name in filters]
    words = [f"govreport-{what}", *chosen, *(["search"] if "q" in own else [])]
    return "-".join(word.replace(",", "-") for word in words)


def _frame(shown: Shown, own: dict[str, str]) -> pl.DataFrame:
    def link(report_id: str, anchor: str) -> str:
        return shown.link("report", report=report_id, place=anchor)

    found = views.words_frame(cached.texts(shown), shown.filters, own, shown.lang, link)
    return views.headed(found, "words", shown.lang)
