"""The running app in a real browser: its screens opened, and waited for until they are drawn."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from free_ports import free_port
from playwright.sync_api import expect

Open = Callable[..., Any]
WAIT = 45_000
"""Milliseconds for whatever is waited for: who gets it waits no longer than it takes."""

expect.set_options(timeout=WAIT)

# The app says at the end of each run for which address it has drawn.
_DRAWN = """() => {
  const asked = [...new URLSearchParams(location.search)].map((pair) => JSON.stringify(pair));
  const here = [location.pathname.split("/").pop(), ...asked.sort()].join(" ");
  return document.documentElement.dataset.drawn === here;
}"""
_STILL = """() => document.getAnimations().every(
  (one) => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)"""


@contextlib.contextmanager
def running(dataset: Path, *options: str) -> Iterator[str]:
    """The address of the running app, started as a person starts it."""
    port = free_port()
    command = [sys.executable, "-c", "from dashboard.cli import main; main()", "app"]
    with subprocess.Popen(
        [*command, str(dataset), "--no-open", "--port", str(port), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        home = f"http://localhost:{port}/"
        try:
            answering(f"{home}_stcore/health", process)
            yield home
        finally:
            # The command starts Streamlit as its child: both end with an interrupt.
            _interrupt(process)


def answering(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until what a process serves answers."""
    until = time.monotonic() + 180
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"ended with {process.returncode} before {url} answered")
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own address
                answer.read()
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"{url} doesn't answer")


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def opening(chromium: Any, app: str) -> Iterator[Open]:
    """Opens a screen at an address; afterwards nothing may have gone wrong or left this machine."""
    # Screens of one window and scheme share what the browser keeps of the app's script.
    contexts: dict[tuple[int, bool], Any] = {}
    wrong: list[str] = []

    def at(screen: str = "", *, width: int = 1280, dark: bool = False, **parameters: str) -> Any:
        if (width, dark) not in contexts:
            contexts[width, dark] = chromium.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if dark else "light",
                accept_downloads=True,
            )
        page = contexts[width, dark].new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.extend(_elsewhere(request.url, app)))
        page.goto(f"{app}{screen}?{urlencode(parameters)}")
        settled(page)
        return page

    yield at
    for context in contexts.values():
        context.close()
    assert not wrong


def _elsewhere(url: str, home: str) -> list[str]:
    return [] if url.startswith((home, home.replace("http", "ws"), "data:", "blob:")) else [url]


def settled(page: Any) -> None:
    """Wait until the address has been drawn, and its links are followed in place."""
    page.locator(".gr-top").wait_for()
    page.locator("html[data-follows]").wait_for(state="attached")
    page.wait_for_function(_DRAWN)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    assert page.locator('[data-testid="stException"]').count() == 0


def still(page: Any) -> None:
    """Wait until what fades or slides in has done so."""
    page.wait_for_function(_STILL)


def soon(page: Any, holds: Callable[[], bool], what: str = "") -> None:
    """Wait for what Playwright has no word for, such as where things stand; then it must hold."""
    until = time.monotonic() + WAIT / 1000
    while not holds() and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert holds(), what


def box(element: Any) -> dict[str, float]:
    """Where an element stands in the window; nowhere near it while it isn't shown."""
    nowhere = {"x": -1e6, "y": -1e6, "width": 0.0, "height": 0.0}
    return element.bounding_box() or nowhere
