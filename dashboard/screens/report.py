"""The report card: verdicts and figures, failures, points, the form beside its source, the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urljoin

import polars as pl
import streamlit as st

from dashboard import labels, views
from dashboard.labels import t
from dashboard.screens import address, cached, frame, markup, reports, taking
from dashboard.screens.address import Shown
from dashboard.views import records

FOLDS = ("checks", "sides", "years", "indicators", "source")
"""What is folded below the form, by what the address calls it (`tab`); one is open at a time."""

# Parts of the source that stand beside the form until a number is asked for.
BEGINNING = 24


def screen(shown: Shown) -> None:
    """Draw the report that the address names, or the list to choose from."""
    report_id = shown.parameters.get("report", "")
    card = cached.report_card(shown, report_id) if report_id else None
    if card is not None:
        _lacking(card, shown)
        render(card, shown)
        return
    if report_id:
        frame.lacking(shown, "report", "report")
    reports.screen(shown)


def render(card: records.ReportCard, shown: Shown) -> None:
    """Draw a report's card, and beside it the source, at the place that the address names."""
    apart = views.replies_apart(card)
    markup.draw("card_head", shown, card=card, replies=apart, url=_address(card, shown))
    _files(card, shown)
    left, right = st.columns([1.5, 1], gap="medium")
    with right, st.container(key="card_source"):
        _source(card, shown)
    with left:
        markup.draw("card_failures", shown, card=card)
        markup.draw("card_prose", shown, card=card)
        if card.tables:
            groups = markup.by_section(card)
            markup.draw("card_tables", shown, card=card, groups=groups, linked=True)
        else:
            st.info(t("app.no_form", shown.lang))
        for name, draw in _folded(card, shown).items():
            _fold(name, card, draw, shown)
    # What a printed page says of itself: where it is from, and of which day.
    today = f"{dt.datetime.now(labels.CHINA):%Y-%m-%d}"
    markup.draw("card_foot", shown, url=_address(card, shown), today=today)


def _address(card: records.ReportCard, shown: Shown, **at: str) -> str:
    """Where a report, or a place in it, stands for others."""
    return urljoin(
        st.context.url or "", shown.link("report", report=card.report_id, tab=None, **at)
    )


def _files(card: records.ReportCard, shown: Shown) -> None:
    """The report to take along: its cells as a table, all of it as data."""
    name = taking.plain_name(f"{card.agency.name}-{card.year or card.year_text}")

    def frame() -> pl.DataFrame:
        return views.card_frame(card, shown.lang)

    with st.container(horizontal=True, key="card_files"):
        taking.csv(name, t("card.download_csv", shown.lang), frame)
        taking.xlsx(name, t("card.download_xlsx", shown.lang), frame)
        taking.json(
            name,
            t("card.download_json", shown.lang),
            lambda: views.card_json(cached.context(shown), card.report_id),
        )


def _folded(card: records.ReportCard, shown: Shown) -> dict[str, Callable[[], None]]:
    """What is folded, by its name; nothing of what there is nothing of."""
    found = {
        "checks": lambda: markup.draw("card_checks", shown, card=card),
        "sides": lambda: _sides(card, shown),
        "years": lambda: _years(card, shown),
        "indicators": lambda: markup.draw(
            "indicators", shown, table=card.indicators, here=card.report_id
        ),
        "source": lambda: markup.draw("card_source", shown, card=card),
    }
    if not card.indicators.rows:
        del found["indicators"]
    return found


def _years(card: records.ReportCard, shown: Shown) -> None:
    markup.draw("card_years", shown, table=card.figures, here=card.report_id)
    if card.peers:
        markup.draw("peers", shown, peers=card.peers, agency=card.agency)


def _fold(name: str, card: records.ReportCard, draw: Callable[[], None], shown: Shown) -> None:
    """One fold, open where the address says so: only then is it drawn."""
    asked = shown.parameters.get("tab", "") or ("sides" if "other" in shown.parameters else "")
    counts = {"passed": card.counts.passed, "skipped": card.counts.skipped}
    key = f"fold_{name}"
    st.session_state[key] = name == asked
    box = st.expander(
        t(f"card.folds.{name}", shown.lang, **counts), key=key, on_change=_turn, args=(name, key)
    )
    if name == asked:
        with box:
            draw()


def _turn(name: str, key: str) -> None:
    address.put("other", None)
    address.put("tab", name if st.session_state[key] else None)


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


def _lacking(card: records.ReportCard, shown: Shown) -> None:
    """Say where the address names a cell, a place or a fold that this report hasn't."""
    cell, place, tab = (shown.parameters.get(name, "") for name in ("cell", "place", "tab"))
    if cell and views.cell(card, cell) is None:
        frame.lacking(shown, "report", "cell", "elsewhere")
    if place and not views.source_window(card, place):
        frame.lacking(shown, "report", "place", "elsewhere")
    if tab and tab not in FOLDS:
        frame.lacking(shown, "report", "tab", "elsewhere")


def _source(card: records.ReportCard, shown: Shown) -> None:
    cell = views.cell(card, shown.parameters.get("cell", ""))
    anchor = shown.parameters.get("place", "")
    if cell is not None:
        failed = [row for group in card.checks if group.outcome == "fail" for row in group.rows]
        anchor = _anchor(cell)
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
            url=_address(card, shown, cell=cell.cell_id),
        )
        markup.point_at(cell.cell_id, sorted(together))
    elif parts := views.source_window(card, anchor) if anchor else ():
        markup.draw(
            "source",
            shown,
            card=card,
            cell=None,
            failures=(),
            together=False,
            parts=parts,
            anchor=anchor,
            asked=anchor,
            url=_address(card, shown, place=anchor),
        )
    elif card.source:
        markup.draw("source_beginning", shown, parts=card.source[:BEGINNING], of=len(card.source))


def _anchor(cell: records.ValueCell) -> str:
    """The mark of a cell's source; where it has none, of what made us doubt."""
    doubts = [doubt.place for doubt in cell.doubts]
    return next((place.anchor for place in (cell.place, *doubts) if place), "")
