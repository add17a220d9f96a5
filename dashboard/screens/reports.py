"""The room of reports."""

from __future__ import annotations

import streamlit as st

from dashboard.labels import t
from dashboard.screens import cached, markup
from dashboard.screens.address import Shown

LISTED = 60


def screen(shown: Shown) -> None:
    """Draw the list."""
    refs = cached.report_refs(shown)
    if refs:
        markup.draw("report_list", shown, reports=refs[:LISTED], total=len(refs))
    else:
        st.info(t("app.no_reports", shown.lang))
