"""The report card: one report's verdicts, tables, checks and words, each number with its source."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from dashboard import labels, views
from dashboard.labels import t
from dashboard.screens import address, cached, frame, markup
from dashboard.screens.address import Shown
from dashboard.views import records

# The card's tabs, by what the address calls them.
TABS = ("tables", "checks", "prose", "sides", "years", "source")

# Reports listed at once where none is chosen: more are found by the box above them.
LISTED = 60


def screen(shown: Shown) -> None:
    """Draw the report that the address names, or the list to choose from."""
    refs = cached.report_refs(shown)
    report_id = shown.parameters.get("report", "")
    card = cached.report_card(shown, report_id) if report_id else None
    _choice(refs, card, shown)
    if card is not None:
        _lacking(card, shown)
        render(card, shown)
        return
    if report_id:
        frame.lacking(shown, "report", "report")
    if refs:
        markup.draw("report_list", shown, reports=refs[:LISTED], total=len(refs))
    else:
        st.info(t("app.no_reports", shown.lang))


def render(card: records.ReportCard, shown: Shown) -> None:
    """Draw a report card and, where the address names a place, the source it came from."""
    lang = shown.lang
    markup.draw("card_head", shown, card=card)
    tables, checks, prose, sides, years, source = _tabs(card, shown)
    with tables:
        if card.tables:
            markup.draw(
                "card_tables", shown, card=card, groups=markup.by_section(card), linked=True
            )
        else:
            st.info(t("app.no_form", lang))
    with checks:
        markup.draw("card_checks", shown, card=card)
    with prose:
        markup.draw("card_prose", shown, card=card)
    with sides:
        _sides(card, shown)
    with years:
        markup.draw("card_years", shown, table=card.figures, here=card.report_id)
        if card.peers:
            markup.draw("peers", shown, peers=card.peers, agency=card.agency)
        if card.indicators.rows:
            markup.draw("indicators", shown, table=card.indicators, here=card.report_id)
    with source:
        markup.draw("card_source", shown, card=card)
    _source(card, shown)


def _sides(card: records.ReportCard, shown: Shown) -> None:
    """The texts beside those of the report that the address names, else of the agency's last."""
    asked = shown.parameters.get("other", "")
    view = cached.sides(shown, card.report_id, asked) if asked and asked != card.report_id else None
    if asked and view is None:
        st.warning(t("sides.no_other", shown.lang))
    choices = cached.beside(shown, card)
    if view is None and choices:
        view = cached.sides(shown, card.report_id, choices[0].report_id)
    if view is None:
        st.info(t("sides.nothing", shown.lang))
        return
    here = {view.first.report_id, view.second.report_id} - {card.report_id}
    markup.draw("card_sides", shown, card=card, view=view, choices=choices, here=here)


def _tabs(card: records.ReportCard, shown: Shown) -> Sequence[TabContainer]:
    """The card's tabs; the one that is open stands in the address, the first one by nothing."""
    failed = sum(len(group.rows) for group in card.checks if group.outcome == "fail")
    both = "app.tab_checks" if failed == card.agree_failed else "app.tab_checks_both"
    counts = {"failed": labels.number(failed), "agree": labels.number(card.agree_failed)}
    names = {tab: t(f"app.tab_{tab}", shown.lang) for tab in TABS if tab != "checks"}
    names = {tab: names.get(tab) or t(both, shown.lang, **counts) for tab in TABS}
    asked = shown.parameters.get("tab", "") or ("sides" if "other" in shown.parameters else "")
    if asked and asked not in names:
        frame.lacking(shown, "report", "tab", "elsewhere")
    # Drawn anew for another address: Streamlit's tabs don't follow a step back by themselves.
    opened = asked if asked in names else TABS[0]
    key = f"card-{card.report_id}-{shown.lang}-{opened}"
    found: Sequence[TabContainer] = st.tabs(
        list(names.values()),
        default=names[opened],
        key=key,
        on_change=_open_tab,
        args=(key, {name: tab for tab, name in names.items()}),
    )
    return found


def _open_tab(key: str, tabs: dict[str, str]) -> None:
    chosen = tabs.get(st.session_state[key], TABS[0])
    address.put("tab", None if chosen == TABS[0] else chosen)
    # The tabs are drawn anew under another key; a step back is to find these as the address says.
    del st.session_state[key]


def _lacking(card: records.ReportCard, shown: Shown) -> None:
    """Say where the address names a cell or a place that this report hasn't."""
    cell, place = (shown.parameters.get(name, "") for name in ("cell", "place"))
    if cell and views.cell(card, cell) is None:
        frame.lacking(shown, "report", "cell", "elsewhere")
    if place and not views.source_window(card, place):
        frame.lacking(shown, "report", "place", "elsewhere")


def _choice(
    refs: tuple[records.ReportRef, ...], card: records.ReportCard | None, shown: Shown
) -> None:
    names = {ref.report_id: f"{ref.agency.name} · {ref.year_text}" for ref in refs}
    if card is not None:
        names.setdefault(card.report_id, f"{card.agency.name} · {card.year_text}")
    key = "choose_report"
    st.session_state[key] = card.report_id if card else None
    st.selectbox(
        t("app.choose_report", shown.lang),
        list(names),
        format_func=lambda report_id: names.get(report_id, report_id),
        key=key,
        placeholder=t("app.choose_report_hint", shown.lang, count=labels.number(len(refs))),
        label_visibility="collapsed",
        on_change=_open_chosen,
    )


def _open_chosen() -> None:
    for name in ("cell", "place", "tab", "other"):
        address.put(name, None)
    address.put("report", st.session_state["choose_report"])


def _source(card: records.ReportCard, shown: Shown) -> None:
    cell = views.cell(card, shown.parameters.get("cell", ""))
    anchor = shown.parameters.get("place", "")
    if cell is not None:
        failed = [row for group in card.checks if group.outcome == "fail" for row in group.rows]
        anchor = _anchor(cell, card)
        failures = [row for row in failed if cell.cell_id in row.cells]
        together = {one for row in failures for one in row.cells} - {cell.cell_id}
        markup.draw(
            "source",
            shown,
            card=card,
            cell=cell,
            failures=failures,
            together=bool(together),
            parts=views.source_window(card, anchor) if anchor else (),
            anchor=anchor,
            asked=cell.cell_id,
        )
        markup.point_at(cell.cell_id, sorted(together))
    elif parts := views.source_window(card, anchor) if anchor else ():
        markup.draw(
            "source",
            shown,
            card=card,
            cell=None,
            failures=[],
            together=False,
            parts=parts,
            anchor=anchor,
            asked=anchor,
        )


def _anchor(cell: records.ValueCell, card: records.ReportCard) -> str:
    """The mark of a cell's source; where it has none, of what made us doubt."""
    doubts = [doubt.place for doubt in card.doubts if doubt.sentence in cell.doubts]
    return next((place.anchor for place in (cell.place, *doubts) if place), "")
