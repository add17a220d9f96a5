"""What tests share: the real reports where they are, a browser where there is one, a dataset."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if "PYTEST_XDIST_WORKER" in os.environ:
    # Each core has a test of its own: threads on top of them only get in each other's way.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

import pytest
from app_browsed import running
from hypothesis import HealthCheck, settings
from playwright.sync_api import sync_playwright

from dashboard.site import Options, build_site
from govreport_core.build import pipeline
from govreport_core.sources.convert import program

ROOT = Path(__file__).parent.parent
CONTACT = "mail@example.org"
IN_CI = os.environ.get("CI") == "true"

# A machine may be slow: what an example costs is measured elsewhere. In CI Hypothesis sees to it.
if not IN_CI:
    settings.register_profile("slow", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("slow")

# What tests record to be read, and what stands above it.
_TOLD = {"accuracy": "cells of the real reports", "job": "jobs in the app: clicks and seconds"}


def _corpus() -> Path | None:
    named = os.environ.get("GOVREPORT_CORPUS")
    return Path(named) if named and Path(named).is_dir() else None


def _chromium() -> str | None:
    named = os.environ.get("GOVREPORT_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """One more process than cores: browser tests wait as much as they compute."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine lacks; in CI nothing may be lacking, so it fails there."""
    lacking = {
        "corpus": None if _corpus() else "the real reports aren't here (GOVREPORT_CORPUS)",
        "browser": None if _chromium() else "no Chromium on this machine",
        "office": None if program() else "no LibreOffice on this machine",
        "nginx": None if shutil.which("nginx") else "no nginx on this machine",
        "poppler": None if shutil.which("pdftotext") else "no pdftotext on this machine",
    }
    for item in items:
        for marker, reason in lacking.items():
            if reason and item.get_closest_marker(marker) and not IN_CI:
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how much was left out, what the accuracy gate counted, and what jobs took."""
    reports = [
        r for outcome in ("passed", "failed", "") for r in terminalreporter.stats.get(outcome, [])
    ]
    for kind, title in _TOLD.items():
        if told := sorted({str(v) for r in reports for k, v in r.user_properties if k == kind}):
            terminalreporter.section(title)
            for line in told:
                terminalreporter.write_line(line)
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} tests left out on this machine (see above)")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skipped test is a failure: it would hide what wasn't tested."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.cache is not None and not hasattr(session.config, "workerinput"):
        # What `.ci/again.py` asks for: 1 where all tests were run and some failed.
        session.config.cache.set("govreport/ended", int(exitstatus))
    if IN_CI and exitstatus == 0 and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real reports; tests that use it carry the marker `corpus`."""
    found = _corpus()
    assert found is not None, "GOVREPORT_CORPUS names no folder"
    return found


@pytest.fixture(scope="session")
def samples() -> Path:
    """The fictional reports that ship with the project."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def demo_dataset(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset built from the fictional reports."""
    out = tmp_path_factory.mktemp("demo") / "dataset"
    assert pipeline.build([samples / "reports"], out).written
    return out


@pytest.fixture(scope="session")
def published() -> Options:
    """What is said of the site that tests share."""
    return Options(
        base_url="https://reports.example.org/x/",
        publisher="示例发布者",
        contact=CONTACT,
        licence="CC-BY-4.0",
    )


@pytest.fixture(scope="session")
def demo_site(
    demo_dataset: Path, published: Options, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The site of the fictional reports, in all languages; tests only read it."""
    out = tmp_path_factory.mktemp("demo-site") / "site"
    assert not build_site(demo_dataset, out, published, jobs=1).warnings
    return out


@pytest.fixture(scope="session")
def app(demo_dataset: Path) -> Iterator[str]:
    """The address of the app that shows the fictional reports; its readers only look."""
    with running(demo_dataset, "--contact", CONTACT) as home:
        yield home


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser; tests that use it carry the marker `browser`."""
    path = _chromium()
    assert path is not None, "no Chromium; install it or name it in GOVREPORT_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()
