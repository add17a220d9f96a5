"""The address in, what is to be shown out, and back: every state of the app is a link.

Parameters: `lang`, `find`, the filters (`year`, `region`, `kind`, `level`, `status`,
`reading`, `severity`, `outcome`, `rule`), and a screen's own (`takes`). A link is relative, so it
holds wherever the app is served.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote_plus

import msgspec
import streamlit as st

from dashboard import labels, views
from dashboard.data import Data

FILTERS = {
    "year": "years",
    "region": "regions",
    "kind": "kinds",
    "level": "levels",
    "status": "statuses",
    "reading": "readings",
    "severity": "severities",
    "outcome": "outcomes",
}
"""Filters that go along from screen to screen: their parameters, and what views call them."""
OF_LIST = ("theme", *views.BOUNDS)
"""Parameters that narrow the list of reports alone."""
FIRST_LANGUAGE = next(iter(labels.LANGUAGES))


class Takes(msgspec.Struct, frozen=True):
    """What a screen takes from an address.

    Attributes:
        own: Its own parameters, beside the filters and those of every screen.
        narrowed: The filters that narrow it; none where it shows what the address names,
            whatever is filtered.
    """

    own: tuple[str, ...] = ()
    narrowed: tuple[str, ...] = ()


_CHECKS = (*views.WHERE, "outcome", "rule")
_WORKLIST = (*views.WHERE, "status", "reading", "severity", "rule")
_TAKES = {
    "": Takes(("explore",), tuple(FILTERS)),
    "report": Takes(("sort", "page", "tab", *OF_LIST), (*FILTERS, "rule")),
    "card": Takes(("report", "cell", "place", "tab", "other")),
    "region": Takes(("tab", "sort"), views.WHERE),
    "coverage": Takes((), (*views.WHERE, "status")),
    "agency": Takes(("agency", "explore")),
    "checks": Takes(("tab",), _CHECKS),
    "worklist": Takes(("tab", "sort", "page"), _WORKLIST),
    "circular": Takes(("tab",), views.WHERE),
    "words": Takes(("q", "theme", "section", "agency", "point", "page"), views.WHERE),
    "compare": Takes(("agency", "compare", "other", "tab", "q")),
    "data": Takes(("table",), tuple(FILTERS)),
    "draft": Takes(),
    "method": Takes(),
}


# Screens that show one thing instead where the address names it, by that parameter.
_ONE = {"report": ("report", "card"), "coverage": ("agency", "agency")}


def takes(screen: str, given: Mapping[str, str]) -> Takes:
    """What a screen takes, as far as the address says which of its pages it is to show."""
    if screen == "data":
        narrowed = views.narrowing(given.get("table", ""))
        return msgspec.structs.replace(_TAKES["data"], narrowed=narrowed)
    if screen == "checks" and given.get("tab") in ("worklist", "circular"):
        return _TAKES[given["tab"]]
    if screen in _ONE and given.get(_ONE[screen][0]):
        return _TAKES[_ONE[screen][1]]
    return _TAKES[screen]


class Shown(msgspec.Struct, frozen=True):
    """What this run of the app is to show.

    Attributes:
        stamp: Changes when the dataset is built again: part of every cache key.
        parameters: The address's parameters as they came; hostile.
        dark: Whether the reader sees the dark theme.
        contact: A mail or web address for what readers find wrong; empty where none is known.
        sought: What the list of reports is narrowed by besides; nothing on other screens.
    """

    data: Data
    stamp: str
    lang: str
    filters: views.Filters
    parameters: dict[str, str]
    dark: bool = False
    contact: str = ""
    sought: views.Sought = views.NOTHING

    @property
    def folder(self) -> Path:
        """Where the dataset stands."""
        return self.data.folder

    def link(self, screen: str, **parameters: str | None) -> str:
        """A relative address of a screen: language and filters go along unless given anew."""
        carried = {} if self.lang == FIRST_LANGUAGE else {"lang": self.lang}
        # What is unfolded on a report stays so, on that of another year too.
        if screen == "report" and parameters.get("report"):
            carried |= {"tab": self.parameters.get("tab", "")}
        query = _pairs(carried) | _carried(self.filters) | _pairs(parameters)
        written = "&".join(pair for pair in query.values() if pair)
        return f"./{screen}?{written}" if written else f"./{screen}"


@lru_cache(maxsize=64)
def _carried(filters: views.Filters) -> dict[str, str]:
    """What every link of a screen carries, of some hundred links."""
    encoded = views.encode(filters)
    return _pairs({name: value for name, value in encoded.items() if name in FILTERS})


def _pairs(parameters: Mapping[str, str | None]) -> dict[str, str]:
    """Each parameter as it is written in an address; empty where it has no value."""
    return {k: f"{_quoted(k)}={_quoted(v)}" if v else "" for k, v in parameters.items()}


_quoted = lru_cache(maxsize=4096)(quote_plus)


def parameters() -> dict[str, str]:
    """The address's parameters; the last one of each name counts, lists are joined by commas."""
    given = st.query_params
    return {
        name: ",".join(given.get_all(name)) if name in FILTERS else given[name] for name in given
    }


def language(given: Mapping[str, str]) -> str:
    """The language asked for, or the first one."""
    asked = given.get("lang", "")
    return asked if asked in labels.LANGUAGES else FIRST_LANGUAGE


def put(name: str, value: str | None) -> None:
    """Set one parameter of the address, or take it away."""
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def hold(key: str, value: object) -> None:
    """Give a widget its value before it is drawn, unless it is empty and stays so.

    What is set goes to the browser as a change, which draws the widget twice. A choice is set
    each time: the browser knows it by its words, which say how many reports it brings.
    """
    if value or st.session_state.get(key):
        st.session_state[key] = value
