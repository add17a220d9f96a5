"""The recipe of docs/hosting.md: the app below a path behind nginx, and its unit's command."""

from __future__ import annotations

import http.client
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from app_browsed import opening, settled
from bench.nginx import served
from free_ports import free_port

from dashboard.cli import main

DOCS = Path(__file__).parent.parent / "docs"
GUIDES = [(DOCS / name).read_text(encoding="utf-8") for name in ("hosting.md", "hosting.zh-CN.md")]
UNIT = (DOCS / "govreport-app.service").read_text(encoding="utf-8")
CONF = DOCS / "nginx-app.conf"


@pytest.fixture(scope="module")
def below(app: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app stands behind nginx."""
    home = tmp_path_factory.mktemp("nginx")
    home.chmod(0o755)
    port = urlsplit(app).port
    changed = {"127.0.0.1:8501": f"127.0.0.1:{port}"}
    with served(home, CONF, changed, free_port()) as listening:
        yield f"http://localhost:{listening}/app/"


def asked(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    there = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    there.request("GET", f"{parts.path}?{parts.query}".rstrip("?"), headers=headers)
    answer = there.getresponse()
    told = {name.lower(): text for name, text in answer.getheaders()}
    body = b"" if answer.status == 101 else answer.read()
    there.close()
    return answer.status, told, body


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.nginx
def test_the_app_opens_below_a_path_and_asks_for_nothing_above_it(
    below: str, chromium: Any
) -> None:
    sockets: list[str] = []
    with opening(chromium, below) as opened:
        page = opened("report", report="990100-education-2024")
        page.locator(".gr-badges").wait_for()
        page.on("websocket", lambda one: sockets.append(one.url))
        page.reload()
        page.locator(".gr-badges").wait_for()
        settled(page)
        page.get_by_role("link", name="总览").click()
        page.locator(".gr-stats").wait_for()
        settled(page)
        assert urlsplit(page.url).path == "/app/"
        page.go_back()
        page.locator(".gr-badges").wait_for()
        settled(page)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="JSON").click()
        assert waiting.value.suggested_filename == "汀澜市教育局-2024.json"
    assert sockets == [below.replace("http", "ws") + "_stcore/stream"]


@pytest.mark.slow
@pytest.mark.nginx
def test_a_table_is_sent_below_a_path_too(below: str) -> None:
    status, told, body = asked(f"{below}rows.csv?table=reports&year=2024")
    assert (status, told["content-type"]) == (200, "text/csv; charset=utf-8")
    assert body.startswith(b"\xef\xbb\xbfdocument_id,")


@pytest.mark.slow
@pytest.mark.nginx
def test_health_answers_and_pages_of_other_sites_are_kept_out(below: str) -> None:
    status, told, body = asked(f"{below}health")
    assert (status, body) == (200, b"ok")
    status, told, _ = asked(f"{below.rstrip('/')}?year=2024")
    assert (status, told["location"]) == (308, "/app/?year=2024")
    status, told, _ = asked(below)
    assert (status, told["x-frame-options"]) == (200, "DENY")
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "bm90IGEgc2VjcmV0ISEhIQ==",
    }
    own = below.removesuffix("/app/")
    for origin, answer in ((own, 101), ("https://elsewhere.example", 403), (f"{own}.example", 403)):
        got, _, _ = asked(f"{below}_stcore/stream", Origin=origin, **upgrade)
        assert got == answer, origin


def test_the_units_command_is_one_that_there_is() -> None:
    (command,) = re.findall(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)
    _, name, dataset, *options = shlex.split(command)
    with main.commands[name].make_context(name, [dataset, *options]) as context:
        assert context.params["no_open"]
        port = context.params["port"]
    assert f"proxy_pass http://127.0.0.1:{port}/;" in CONF.read_text(encoding="utf-8")
    (variable,) = re.findall(r"^Environment=(GOVREPORT_\w+)=", UNIT, re.MULTILINE)
    assert variable in {option.envvar for option in main.commands[name].params}


@pytest.mark.parametrize("guide", GUIDES)
def test_both_guides_name_the_files_and_each_limit(guide: str) -> None:
    for name in ("govreport-app.service", "nginx-app.conf", "nginx.conf"):
        assert f"({name})" in guide
    for limit in re.findall(r"^Memory\w+=(\w+)$", UNIT, re.MULTILINE):
        assert limit in guide
    assert "/app/health" in guide
