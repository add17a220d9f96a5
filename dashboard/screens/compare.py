"""The screen of comparisons: years of one agency, or agencies of one year, as the address says."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import charts, labels, views
from dashboard.labels import t
from dashboard.screens import address, cached, frame, markup
from dashboard.screens.address import Shown
from dashboard.screens.taking import downloads, named
from dashboard.views import Asked, records

# What is shown of a comparison, by what the address calls it.
TABS = ("figures", "form", "texts")
HEADLINE = ("received", "disposed", "granted", "carried_forward")
# Agencies offered at once; more are found by their names.
OFFERED = 12
# With fewer agencies than that one goes on adding.
_FEW = 4
# Characters of a name that are looked for.
_LONGEST = 120
_SMALL = 250
# Of a key figure's box: two stand side by side on a phone.
_HEADLINE = 171
_CHART = {"displayModeBar": False, "responsive": True}


def screen(shown: Shown) -> None:
    """Draw what the address asks to compare, and the way to compare something else."""
    lang = shown.lang
    asked, bad = views.asked(cached.context(shown), shown.parameters, lang)
    frame.tell(shown, "compare", bad)
    view = cached.compared(shown, asked)
    st.header(markup.plain(view.title) if view else t("compare.title", lang), anchor=False)
    _chosen(asked, shown)
    if view is None:
        nothing = "compare.nothing" if asked.kind == "nothing" else "compare.no_year"
        st.info(t(nothing, lang, most=views.MOST))
    _add(asked, shown)
    if view is not None:
        render(view, asked, shown)


def render(view: records.Comparison, asked: Asked, shown: Shown) -> None:
    """Draw a comparison: figures, the form cell by cell, texts."""
    opened, tabs = _tabs(view, shown)
    with tabs[TABS.index(opened)]:
        if opened == "figures" or view.pair is None:
            _figures(view, shown)
        elif opened == "form":
            _pairs(view, asked, shown)
            _form(view.pair, shown)
        else:
            _pairs(view, asked, shown)
            _texts(view.pair, shown)


def _tabs(
    view: records.Comparison, shown: Shown
) -> tuple[str, Sequence[st.delta_generator.DeltaGenerator]]:
    """The tabs, of which only the open one is drawn; it stands in the address."""
    there = TABS if view.pair else TABS[:1]
    names = {tab: t(f"compare.tabs.{tab}", shown.lang) for tab in there}
    asked = shown.parameters.get("tab", "")
    if asked and asked not in TABS:
        frame.lacking(shown, "compare", "tab", "elsewhere")
    opened = asked if asked in names else TABS[0]
    key = f"compare-{shown.lang}-{opened}"
    tabs = st.tabs(
        list(names.values()),
        default=names[opened],
        key=key,
        on_change=_open_tab,
        args=(key, {name: tab for tab, name in names.items()}),
    )
    return opened, tabs


def _open_tab(key: str, tabs: dict[str, str]) -> None:
    chosen = tabs.get(st.session_state[key], TABS[0])
    address.put("tab", None if chosen == TABS[0] else chosen)
    del st.session_state[key]


def _chosen(asked: Asked, shown: Shown) -> None:
    """What is compared, each to be taken out by a click."""
    if asked.kind == "years":
        years = [str(year) for year in asked.years]
        _pills(t("compare.years", shown.lang), years, asked.chosen, "compare_years", {})
    elif asked.kind == "agencies":
        names = _names(asked.chosen, shown)
        label = t("compare.agencies", shown.lang)
        _pills(label, list(asked.chosen), asked.chosen, "compare_agencies", names)
        if asked.years:
            _year(asked, shown)


def _pills(
    label: str, options: list[str], chosen: tuple[str, ...], key: str, names: dict[str, str]
) -> None:
    st.session_state[key] = list(chosen)
    st.pills(
        label,
        options,
        selection_mode="multi",
        format_func=lambda value: names.get(value, value),
        key=key,
        on_change=_keep,
        args=(key,),
    )


def _keep(key: str) -> None:
    address.put("other", None)
    address.put("compare", ",".join(st.session_state[key]))


def _year(asked: Asked, shown: Shown) -> None:
    key = "compare_year"
    st.session_state[key] = asked.year
    st.pills(
        t("compare.year", shown.lang),
        asked.years,
        required=True,
        format_func=lambda year: labels.year(year, shown.lang),
        key=key,
        on_change=_keep_year,
    )


def _keep_year() -> None:
    address.put("other", None)
    address.put("year", str(st.session_state["compare_year"] or "") or None)


def _names(agencies: Sequence[str], shown: Shown) -> dict[str, str]:
    """The agencies numbered, for some are called alike, as text that Markdown shows as it is."""
    shared = cached.context(shown)
    found = {one: (shared.agency(one) or {}).get("agency_name") for one in agencies}
    unknown = t("values.agency_unknown", shown.lang)
    return {
        one: f"{place} {markup.plain(name or unknown)}"
        for place, (one, name) in enumerate(found.items(), 1)
    }


def _add(asked: Asked, shown: Shown) -> None:
    """The way to other agencies: by words of their names, or those of the same kind near by."""
    lang = shown.lang
    if len(asked.chosen) >= views.MOST and asked.kind == "agencies":
        return
    text = shown.parameters.get("q", "")[:_LONGEST]
    if asked.kind == "nothing":
        _found(asked, text, shown)
        return
    few = asked.kind == "agencies" and len(asked.chosen) < _FEW
    with st.expander(t("compare.add", lang), expanded=bool(text) or few):
        _found(asked, text, shown)


def _found(asked: Asked, text: str, shown: Shown) -> None:
    lang = shown.lang
    key = "compare_find"
    st.session_state[key] = shown.parameters.get("q", "")
    st.text_input(
        t("compare.find", lang),
        key=key,
        placeholder=t("compare.add_hint", lang),
        max_chars=_LONGEST,
        on_change=_find,
    )
    rows = views.suggested(cached.context(shown), asked, text, OFFERED)
    ways = [(row["agency_name"], row["region"], _way(asked, [row["agency_id"]])) for row in rows]
    # Of what was typed, where there is room for all of it.
    whole = text and 1 < len(rows) <= views.MOST - len(_already(asked))
    together = _way(asked, [row["agency_id"] for row in rows]) if whole else None
    begin = asked.chosen[0] if asked.kind == "agencies" else None
    if ways or text:
        markup.draw(
            "compare_add",
            shown,
            ways=ways,
            together=together,
            asked=asked,
            begin=begin,
            text=text,
        )


def _already(asked: Asked) -> tuple[str, ...]:
    """The agencies that are compared."""
    if asked.kind == "years" and asked.agency_id is not None:
        return (asked.agency_id,)
    return asked.chosen


def _way(asked: Asked, agencies: Sequence[str]) -> dict[str, str | None]:
    """The parameters of the address that has those agencies too."""
    if asked.kind == "nothing":
        # A year that is chosen as a filter goes along by itself.
        one = len(agencies) == 1
        return {"agency": agencies[0]} if one else {"compare": ",".join(agencies)}
    year = next(iter(asked.chosen), None) if asked.kind == "years" else asked.year
    chosen = [*_already(asked), *agencies]
    return {"compare": ",".join(chosen), "year": str(year) if year else None}


def _find() -> None:
    address.put("q", st.session_state["compare_find"])


def _figures(view: records.Comparison, shown: Shown) -> None:
    st.caption(markup.plain(view.sentence))
    if view.kind == "years":
        _headline(view, shown)
    tables = {table.code: [table] for table in view.tables}
    if "figures" in tables:
        markup.draw("compare", shown, view=view, tables=tables["figures"], legend=True)
    if view.multiples:
        _multiples(view, shown)
    if view.shares:
        left, right = st.columns([2, 3], gap="large")
        with left:
            st.subheader(view.shares.title, anchor=False)
            st.plotly_chart(
                charts.figure(view.shares, shown.lang, dark=shown.dark),
                theme=None,
                config=_CHART,
                alt=view.shares.title,
                key="compare_shares",
            )
        with right:
            markup.draw("compare", shown, view=view, tables=tables["outcomes"], untitled=True)
    if "indicators" in tables:
        markup.draw("compare", shown, view=view, tables=tables["indicators"])
    total = labels.number(sum(len(table.rows) for table in view.tables))
    downloads(
        named(f"{t('compare.file', shown.lang)}-{view.title}", shown),
        total,
        shown,
        lambda: views.compare_frame(view, shown.lang),
    )


def _headline(view: records.Comparison, shown: Shown) -> None:
    """The newest year's first figures, each beside the next older year that is compared."""
    rows = {row.code: row for table in view.tables for row in table.rows}
    found = [rows[code] for code in HEADLINE if code in rows]
    if not found or len(view.columns) < 2:
        return
    than = t("compare.than", shown.lang, year=view.columns[1].head)
    with st.container(horizontal=True):
        for row in found:
            cell = row.cells[0]
            against = cell.against
            why = against.text if against and against.number is None else None
            st.metric(
                row.label,
                cell.text,
                delta=_whole(against.number) if against else None,
                delta_color="off",
                delta_description=than if against and why is None else None,
                help=why,
                border=True,
                width=_HEADLINE,
            )


def _whole(number: float | None) -> float | None:
    """The number, without decimals where it has none."""
    return int(number) if number is not None and number == int(number) else number


def _multiples(view: records.Comparison, shown: Shown) -> None:
    st.subheader(t(f"compare.multiples_{view.kind}", shown.lang), anchor=False)
    st.caption(t("compare.multiples_note", shown.lang))
    with st.container(horizontal=True):
        for chart in view.multiples:
            with st.container(width=_SMALL):
                st.caption(f"{markup.plain(chart.title)} · {markup.plain(chart.y_title)}")
                st.plotly_chart(
                    charts.small(chart, dark=shown.dark),
                    theme=None,
                    config=_CHART,
                    alt=chart.title,
                    key=f"small_{chart.code}",
                )


def _pairs(view: records.Comparison, asked: Asked, shown: Shown) -> None:
    """Which of the columns the first one is held against."""
    there = [column for column in view.columns if column.report_id]
    if len(there) > 2:
        markup.draw(
            "compare_pairs",
            shown,
            first=there[0],
            others=there[1:],
            pair=view.pair,
            own=_own(asked, shown),
        )


def _own(asked: Asked, shown: Shown) -> dict[str, str | None]:
    return {
        "agency": asked.agency_id,
        "compare": shown.parameters.get("compare"),
        "tab": shown.parameters.get("tab"),
    }


def _form(pair: tuple[str, str], shown: Shown) -> None:
    found = cached.form_pair(shown, *pair)
    if found is None:
        st.info(t("compare.no_form", shown.lang))
        return
    markup.draw("compare_form", shown, view=found)


def _texts(pair: tuple[str, str], shown: Shown) -> None:
    first, second = pair
    view = cached.sides(shown, second, first)
    if view is None or not view.sections:
        st.info(t("sides.nothing", shown.lang))
        return
    markup.draw("compare_texts", shown, view=view)
