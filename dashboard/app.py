"""The Streamlit app: a dataset's folder in the environment, its screens in the browser.

Run by `govreport app`, or `GOVREPORT_DATASET=... streamlit run dashboard/served.py`; in
`GOVREPORT_CONTACT` stands a mail or web address for what readers find wrong.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import streamlit as st

from dashboard import views
from dashboard.data import Data
from dashboard.labels import t
from dashboard.screens import (
    address,
    cached,
    checks,
    compare,
    coverage,
    data,
    frame,
    markup,
    method,
    overview,
    region,
    report,
    words,
)
from dashboard.screens.address import Shown
from govreport_core.dataset import store
from govreport_core.errors import DatasetError

DATASET_VARIABLE = "GOVREPORT_DATASET"
CONTACT_VARIABLE = "GOVREPORT_CONTACT"
DEFAULT_DATASET = "out/dataset"


def _draft(shown: Shown) -> None:
    # What reads a file takes long to import, and the other screens don't need it.
    from dashboard.screens import draft  # noqa: PLC0415

    draft.screen(shown)


# The screens by their path in the address; the key of the name on the link.
SCREENS: dict[str, tuple[str, Callable[[Shown], None]]] = {
    "": ("app.overview", overview.screen),
    "report": ("app.report_card", report.screen),
    "region": ("regions.title", region.screen),
    "coverage": ("app.coverage", coverage.screen),
    "checks": ("app.checks", checks.screen),
    "words": ("app.words", words.screen),
    "compare": ("compare.title", compare.screen),
    "data": ("app.data", data.screen),
    "draft": ("app.draft", _draft),
    "method": ("app.method", method.screen),
}


def main() -> None:
    """Draw the screen that the address names."""
    draw(_here())


def draw(here: str) -> None:
    """Draw the screen of that path, as the address's parameters ask."""
    given = address.parameters()
    lang = address.language(given)
    label, screen = SCREENS[here]
    st.set_page_config(
        page_title=f"{t(label, lang)} · {t('app.name', lang)}",
        layout="wide",
        menu_items={"About": t("app.about", lang)},
    )
    markup.style()
    try:
        folder = Path(os.environ.get(DATASET_VARIABLE, DEFAULT_DATASET))
        stamp = cached.stamp(folder)
        opened = cached.opened(folder, stamp)
    except DatasetError as error:
        frame.without_data(str(error), lang)
        return
    takes = address.takes(here, given)
    of_list = set(address.OF_LIST) <= set(takes.own)
    wanted, odd = views.sought(given, lang) if of_list else (views.NOTHING, ())
    shown = Shown(
        data=opened,
        stamp=stamp,
        lang=lang,
        filters=_understood(opened, given),
        parameters=given,
        dark=st.context.theme.type == "dark",
        contact=os.environ.get(CONTACT_VARIABLE, ""),
        sought=wanted,
    )
    # Whatever goes wrong in one screen, its reader sees a sentence and the way to the others.
    try:
        frame.top(shown, here, [(path, t(label, lang)) for path, (label, _) in SCREENS.items()])
        frame.find(shown, here)
        frame.amiss(shown, here, odd)
        if not takes.narrowed and here != "data":
            markup.without_sidebar()
        else:
            frame.sidebar(shown, here)
            frame.chips(shown, here)
        screen(shown)
        frame.foot(shown)
    except Exception:
        logging.getLogger(__name__).exception("screen %r", here)
        if (damaged := store.damage(folder)) is not None:
            frame.without_data(damaged, lang)
            return
        st.error(t("app.broke", lang))
    markup.follow(lang, here)


def _understood(opened: Data, given: dict[str, str]) -> views.Filters:
    """The address's filters; a rule that isn't there narrows nothing, and is said to be none."""
    asked = views.decode(given)
    return msgspec.structs.replace(asked, rules=views.known_rules(opened, asked.rules))


def _here() -> str:
    """The path in the address; the first screen's where there is none such."""
    pages = [
        st.Page(_nothing, title=path or "overview", url_path=path, default=not path)
        for path in SCREENS
    ]
    return st.navigation(pages, position="hidden").url_path


def _nothing() -> None:
    """Screens are drawn by `draw`; pages only name their paths."""


if __name__ == "__main__":
    main()
