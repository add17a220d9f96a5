"""Screens of the app without a browser: opened at an address, and what stands on them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.labels import t

Open = Callable[..., AppTest]


def opener(dataset: Path, monkeypatch: pytest.MonkeyPatch, screen: str = "") -> Open:
    """What opens a screen of this dataset, or of another, at an address."""

    def at(screen: str = screen, dataset: Path = dataset, **parameters: str) -> AppTest:
        monkeypatch.setenv("GOVREPORT_DATASET", str(dataset))
        app = AppTest.from_string(
            f"from dashboard.app import draw\ndraw({screen!r})\n", default_timeout=180
        )
        app.query_params.update(parameters)
        app.run()
        assert not app.exception, app.exception[0].value
        assert not [error.value for error in app.error if t("app.broke", "zh") in error.value]
        return app

    return at


def drawn(app: AppTest) -> str:
    """All HTML of a screen, style sheets left out."""
    return "\n".join(block.proto.body for block in app.html if "<style" not in block.proto.body)


def text_of(markup: str) -> str:
    """HTML's text, as read."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())
