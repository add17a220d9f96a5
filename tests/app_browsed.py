"""The running app in a real browser: its screens opened, and waited for until they are drawn."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

Open = Callable[..., Any]
WAIT = 45_000


@contextlib.contextmanager
def running(dataset: Path, *options: str) -> Iterator[str]:
    """The address of the running app, started as a person starts it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
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
    for _ in range(300):
        if process.poll() is not None:
            pytest.fail(f"ended with {process.returncode} before {url} answered")
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own address
                answer.read()
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"{url} doesn't answer")


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(timeout=10)
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
    """Wait until a run of the app has been drawn, and its links are followed in place."""
    page.locator(".gr-top").wait_for()
    page.locator("html[data-follows]").wait_for(state="attached")
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    assert page.locator('[data-testid="stException"]').count() == 0
