"""Templates and views in, sanitised HTML on the screen out.

Templates escape everything by themselves; Streamlit then sanitises what they
give. `follow.js` is the one script: it follows the app's own links without
loading the page again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
import streamlit as st

from dashboard import colours, labels, pieces, views
from dashboard.pieces.contact import error_link
from dashboard.screens.address import Shown
from dashboard.svg import NARROW, drawing
from dashboard.views.records import Chart, FormTableView, ReportCard
from dashboard.views.sentences import check_label

_HERE = Path(__file__).parent
_POINTED = (
    "outline: 2px solid var(--gr-link); outline-offset: -2px; "
    "background: var(--gr-hit); color: var(--gr-hit-ink) !important"
)

_WITH_IT = "outline: 2px dashed var(--gr-link); outline-offset: -2px"


def draw(template: str, shown: Shown, **names: Any) -> None:
    """Draw a template of `parts/` with what it needs beside what every one has."""
    st.html(render(template, shown, **names))


def render(template: str, shown: Shown, **names: Any) -> str:
    """A template's HTML; `t`, `link`, `lang`, `names_of` and `error_link` are always there."""

    def t(key: str, **params: Any) -> str:
        return labels.t(key, shown.lang, **params)

    def names_of(codes: Sequence[str]) -> str:
        return t("places.and").join(check_label(code, shown.lang) for code in codes)

    page = _templates().get_template(f"{template}.html")
    return page.render(
        t=t,
        link=shown.link,
        lang=shown.lang,
        names_of=names_of,
        error_link=partial(error_link, shown.contact),
        **names,
    )


def style() -> None:
    """Put the app's style sheet on the page."""
    sheets = (colours.sheet_by_scheme(), pieces.sheet(), _own_sheet())
    st.html(f"<style>{''.join(sheets)}</style>")


def without_sidebar() -> None:
    """Take the sidebar away where it is empty: Streamlit keeps the last screen's."""
    bar = '[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"]'
    st.html(f"<style>{bar} {{ display: none; }}</style>")


def follow(lang: str, here: str) -> None:
    """Put the script on the page that follows links in place.

    It is the last that is drawn, and says what is: the language, and the address by its path and
    parameters.
    """
    given = [[name, value] for name in st.query_params for value in st.query_params.get_all(name)]
    told = {"lang": labels.LANGUAGES[lang].tag, "screen": here, "parameters": given}
    _script()(key="follow", data=told)


def picture(chart: Chart, shown: Shown, ways: Mapping[str, str], width: int) -> None:
    """Draw a chart that the browser need not load anything for; what it says is our own words.

    Args:
        chart: What it shows.
        shown: The address and the language.
        ways: Where a click on an x value leads, by its name; the same ways stand as links in
            the table below, for the keyboard.
        width: That of `svg` which it has where the window isn't narrow.
    """
    drawings = [drawing(chart, one) for one in (width, NARROW)]
    if drawings[0]:
        html = render("chart", shown, chart=chart, drawings=drawings, ways=ways)
        _picture()(key=f"picture_{chart.code}", data={"html": html})


def point_at(element: str, together: Sequence[str] = ()) -> None:
    """Outline an element that is drawn already, so that it keeps the reader's focus.

    Args:
        element: Its id, one of ours: letters, digits, `_`, `-` and dots.
        together: Ids of those that are to be seen with it, outlined lightly.
    """
    others = ",".join(f'[id="{one}"]' for one in together)
    light = f"{others} {{ {_WITH_IT} }}" if others else ""
    st.html(f'<style>{light}[id="{element}"] {{ {_POINTED} }}</style>')


def by_section(
    card: ReportCard,
) -> list[tuple[str, list[FormTableView]]]:
    """The tables under the names of their sections, in order."""
    names = {section.code: section.label for section in card.sections}
    groups: dict[str, list[FormTableView]] = {}
    for table in card.tables:
        groups.setdefault(table.section, []).append(table)
    return [(names[section], tables) for section, tables in groups.items()]


def plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{mark}" if mark in r"\`*_{}[]()#+!|<>~$:" else mark for mark in text)


@cache
def _templates() -> jinja2.Environment:
    environment = pieces.environment(jinja2.FileSystemLoader(_HERE / "parts"))
    environment.filters["n"] = labels.number
    environment.filters["blocks"] = views.blocks
    environment.filters["fitting"] = views.fitting
    environment.tests["web"] = lambda url: bool(url) and url.startswith(("https://", "http://"))
    return environment


@cache
def _own_sheet() -> str:
    return (_HERE / "app.css").read_text(encoding="utf-8")


@st.cache_resource
def _picture() -> Any:
    # Streamlit takes drawings out of the HTML that it sanitises.
    return st.components.v2.component(
        "govreport.picture",
        js="export default ({ data, parentElement }) => { parentElement.innerHTML = data.html; };",
        isolate_styles=False,
    )


@st.cache_resource
def _script() -> Any:
    return st.components.v2.component(
        "govreport.follow", js=(_HERE / "follow.js").read_text(encoding="utf-8")
    )
