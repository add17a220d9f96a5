"""What stands around every screen: the way to the others, the language, the filters."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import labels, views
from dashboard.screens import address, cached, markup
from dashboard.screens.address import FILTERS, OF_LIST, Shown
from dashboard.views import records
from dashboard.views.find import LONGEST
from dashboard.views.sentences import check_label
from govreport_core.dataset import store

# Filters that are drawn on wish: a box costs the browser some ten ms at each change.
_SELDOM = ("level", "status", "reading", "outcome")
# Letters that are shown of the rules' version.
_HASH = 8


def top(shown: Shown, here: str, screens: list[tuple[str, str]]) -> None:
    """Name, screens and languages; every one is a link that keeps the filters."""
    others = [(code, one.name) for code, one in labels.LANGUAGES.items() if code != shown.lang]
    if shown.data.fictional:
        st.caption(labels.t("site.fictional", shown.lang))
    markup.draw(
        "top",
        shown,
        here=here,
        screens=screens,
        languages=others,
        own=own_parameters(shown),
        title=dict(screens)[here],
    )


def find(shown: Shown, here: str) -> None:
    """One box for agencies, regions, rules and words; what was found stands below it."""
    asked = shown.parameters.get("find", "")
    address.hold("find", asked)
    with st.container(key="find_box"):
        st.text_input(
            labels.t("find.label", shown.lang),
            key="find",
            type="search",
            placeholder=labels.t("find.hint", shown.lang),
            label_visibility="collapsed",
            icon=":material/search:",
            on_change=_find,
        )
    if not asked.strip():
        return
    found = views.find(shown.data, asked, cached.filter_options(shown).regions, shown.lang)
    close = shown.link(here, **(own_parameters(shown) | {"find": None}))
    markup.draw("find", shown, found=found, close=close, most=LONGEST)


def _find() -> None:
    address.put("find", st.session_state["find"])


def amiss(shown: Shown, here: str, odd: tuple[records.Amiss, ...]) -> None:
    """Say what of the address can't be followed, each with the way to take it out.

    Args:
        shown: The address and the language.
        here: The screen's path.
        odd: What of the list's own parameters can't be understood.
    """
    own = (*address.takes(here, shown.parameters).own, "find")
    tell(shown, here, (*views.amiss(shown.data, shown.parameters, own, shown.lang), *odd))


def lacking(shown: Shown, here: str, parameter: str, why: str = "absent") -> None:
    """Say that a screen hasn't what one of its own parameters asks for."""
    word = shown.parameters.get(parameter, "")
    tell(shown, here, (views.said(parameter, word, why, shown.lang),))


def tell(shown: Shown, here: str, found: tuple[records.Amiss, ...]) -> None:
    """Draw what can't be followed, beside each the same address without it."""
    ways = []
    for one in found:
        left = views.without(shown.parameters.get(one.parameter, ""), one.word)
        ways.append(shown.link(here, **(own_parameters(shown) | {one.parameter: left})))
    if found:
        markup.draw("amiss", shown, amiss=list(zip(found, ways, strict=True)))


def own_parameters(shown: Shown) -> dict[str, str | None]:
    """The parameters that no link carries by itself."""
    return {
        # What was typed may be long, and it stands in every such link.
        name: value[:LONGEST] if name == "find" else value
        for name, value in shown.parameters.items()
        if name not in (*FILTERS, "lang") and not name.startswith("embed")
    }


def sidebar(shown: Shown, here: str) -> None:
    """The filters, as they stand in the address, and what the dataset is."""
    options = cached.facets(shown, of_list=here == "report")
    with st.sidebar:
        st.header(labels.t("app.filters", shown.lang), anchor=False)
        for name in FILTERS:
            if name == "region":
                _region(shown, options.regions)
            elif name not in _SELDOM:
                _filter(shown, name, options)
        more = st.expander(
            labels.t("app.more_filters", shown.lang), key="more_filters", on_change="rerun"
        )
        if more.open:
            with more:
                for name in _SELDOM:
                    _filter(shown, name, options)
                if here == "report":
                    _themes(shown)
                    _bounds(shown)
        if _narrowed(shown):
            own = OF_LIST if here == "report" else ()
            st.button(
                labels.t("app.clear_filters", shown.lang),
                on_click=_clear,
                args=((*FILTERS, "rule", "page", *own),),
            )


def _filter(shown: Shown, name: str, options: records.FilterOptions) -> None:
    offered, chosen = (getattr(each, FILTERS[name]) for each in (options, shown.filters))
    names = {option.value: f"{option.label} ({labels.number(option.count)})" for option in offered}
    key = f"filter_{name}"
    address.hold(key, list(chosen))
    st.multiselect(
        labels.t(f"app.filter_{name}", shown.lang),
        list(dict.fromkeys([*names, *chosen])),
        format_func=lambda value: names.get(value, value),
        key=key,
        placeholder=labels.t("app.all", shown.lang),
        select_all=False,
        on_change=_keep,
        args=(name,),
    )


def _themes(shown: Shown) -> None:
    """Which themes the reports of the list have points of."""
    options = cached.theme_options(shown)
    names = {option.value: f"{option.label} ({labels.number(option.count)})" for option in options}
    address.hold("filter_theme", list(shown.sought.themes))
    st.multiselect(
        labels.t("words.theme", shown.lang),
        list(names),
        format_func=lambda value: names.get(value, value),
        key="filter_theme",
        placeholder=labels.t("app.all", shown.lang),
        select_all=False,
        on_change=_keep,
        args=("theme",),
    )


def _bounds(shown: Shown) -> None:
    """From where to where the key figures of the list are."""
    chosen = dict(shown.sought.bounds)
    for name in views.BOUNDS:
        key = f"filter_{name}"
        address.hold(key, chosen.get(name))
        st.number_input(
            views.name_of(name, shown.lang),
            min_value=0,
            max_value=views.HIGHEST,
            value=None,
            step=1,
            key=key,
            on_change=_keep_bound,
            args=(name,),
        )


def foot(shown: Shown) -> None:
    """What the dataset is: its name, its day, what read and judged it."""
    about = {name: str(value) for name, value in shown.data.about.items()}
    markup.draw(
        "foot",
        shown,
        folder=store.name_of(shown.folder),
        built=labels.moment(about.get("built_at", ""), shown.lang),
        parser=about.get("parser", ""),
        rules=about.get("rules", "")[:_HASH],
    )


def _narrowed(shown: Shown) -> bool:
    return shown.filters != views.Filters() or shown.sought != views.NOTHING


def _region(shown: Shown, options: tuple[records.Option, ...]) -> None:
    """Province, prefecture, county: each offers what is in the one above it."""
    chosen = shown.filters.regions
    # Of several regions, which only an address names, the chips say which they are.
    path = views.region_path(chosen[0]) if len(chosen) == 1 else ()
    for depth, label in enumerate(("province", "prefecture", "county")):
        if len(path) < depth:
            return
        above = path[depth - 1] if depth else ""
        inside = views.regions_in(options, above)
        if not inside:
            return
        names = {one.value: f"{one.label} ({labels.number(one.count)})" for one in inside}
        here = path[depth] if len(path) > depth else None
        key = f"filter_region_{depth}"
        address.hold(key, here)
        st.selectbox(
            labels.t(f"app.filter_{label}", shown.lang),
            list(dict.fromkeys([*names, *([here] if here else [])])),
            format_func=partial(_named, names),
            index=None,
            key=key,
            placeholder=labels.t("app.all", shown.lang),
            on_change=_keep_region,
            args=(key, above),
        )


def _named(names: dict[str, str], value: str) -> str:
    return names.get(value, value)


def chips(shown: Shown, here: str) -> None:
    """What is chosen, each with the way to take it out; nothing where nothing is."""
    if not _narrowed(shown):
        return
    options = cached.filter_options(shown)
    found = []
    for name, held in (*FILTERS.items(), ("rule", "rules")):
        names = {one.value: one.label for one in getattr(options, held, ())}
        for value in getattr(shown.filters, held):
            word = check_label(value, shown.lang) if name == "rule" else names.get(value, value)
            left = views.without(shown.parameters.get(name, ""), value)
            own = own_parameters(shown) | {name: left, "page": None}
            found.append(
                (labels.t(f"asked.names.{name}", shown.lang), word, shown.link(here, **own))
            )
    for name, value, label, word in views.sought_words(shown.sought, shown.lang):
        left = views.without(shown.parameters.get(name, ""), value)
        own = own_parameters(shown) | {name: left, "page": None}
        found.append((label, word, shown.link(here, **own)))
    none = dict.fromkeys((*FILTERS, "rule", "page", *(OF_LIST if here == "report" else ())))
    clear = shown.link(here, **(own_parameters(shown) | none))
    idle = [
        labels.t(f"asked.names.{name}", shown.lang)
        for name in views.encode(shown.filters)
        if name not in address.takes(here, shown.parameters).narrowed
    ]
    markup.draw("chips", shown, chips=found, clear=clear, idle=idle)


def _keep(name: str) -> None:
    address.put(name, ",".join(st.session_state[f"filter_{name}"]))
    address.put("page", None)


def _keep_bound(name: str) -> None:
    number = st.session_state[f"filter_{name}"]
    address.put(name, None if number is None else str(number))
    address.put("page", None)


def _keep_region(key: str, above: str) -> None:
    address.put("region", st.session_state[key] or above)
    address.put("page", None)


def _clear(names: tuple[str, ...]) -> None:
    for name in names:
        address.put(name, None)


def without_data(message: str, lang: str) -> None:
    """Say in one line that there is no dataset, and what to do."""
    st.title(labels.t("app.name", lang), anchor=False)
    st.error(f"{labels.t('app.cannot_open', lang)} {markup.plain(message)}")
    st.markdown(labels.t("app.without_data", lang))
    st.code("govreport demo", language=None)
