"""The command begins with what polars is to find in its environment."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dashboard import cli, command
from govreport_core.build.spawning import OF_WORKERS


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What the command line found of it, one thing being set from outside."""
    found: list[dict[str, str]] = []
    for name in OF_WORKERS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("POLARS_MAX_THREADS", "3")

    def run() -> None:
        found.append({name: os.environ[name] for name in OF_WORKERS if name in os.environ})

    monkeypatch.setattr(cli, "main", run)
    return found


def begun(monkeypatch: pytest.MonkeyPatch, *given: str) -> None:
    monkeypatch.setattr(sys, "argv", ["govreport", *given])
    with monkeypatch.context() as set_here:
        set_here.setattr(os, "environ", os.environ.copy())
        command.main()


def test_a_site_is_made_as_its_workers_are_but_for_what_is_set_already(
    seen: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(monkeypatch, "site", "D", "-o", "S")
    assert seen == [OF_WORKERS | {"POLARS_MAX_THREADS": "3"}]


def test_other_commands_are_left_as_they_are(
    seen: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(monkeypatch, "app", "site")
    assert seen == [{"POLARS_MAX_THREADS": "3"}]


def test_polars_is_imported_only_after_it() -> None:
    asked = "import sys; import dashboard.command; print('polars' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert told.stdout == "False\n"
