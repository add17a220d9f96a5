"""The method screen: what the numbers, states, badges and outcomes mean, and how well it works."""

from __future__ import annotations

from dashboard.screens import markup
from dashboard.screens.address import Shown
from dashboard.views.method import method


def screen(shown: Shown) -> None:
    """Draw the method."""
    markup.draw("method", shown, view=method(shown.data, shown.lang))
