"""The commands demo, site, serve and app, as a person in a terminal meets them."""

from __future__ import annotations

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from free_ports import free_port

from dashboard import cli
from dashboard.serve import address, site_server
from govreport_core import samples

pytestmark = pytest.mark.slow


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    "command", ["build", "check", "export", "sample", "demo", "site", "serve", "app"]
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    told = run(command, "--help")
    assert told.exit_code == 0
    assert f"Example: govreport {command}" in " ".join(told.output.split())


def test_demo_builds_all_and_says_how_to_look_at_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = run("demo", "--no-open")
    assert told.exit_code == 0, told.output
    assert (tmp_path / "out/dataset/dataset.json").is_file()
    assert (tmp_path / "out/site/index.html").is_file()
    assert re.search(r"Dataset: .*\(\d+ reports\)", told.output)
    assert "govreport app out/dataset" in told.output
    assert "govreport serve out/site" in told.output


def test_demo_writes_its_own_reports_where_none_ship(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "SAMPLES", tmp_path / "nothing")
    few = partial(samples.write_samples, agencies=2, years=range(2023, 2025))
    monkeypatch.setattr(samples, "write_samples", few)
    told = run("demo", "--no-open")
    assert told.exit_code == 0, told.output
    assert (tmp_path / "out/dataset/dataset.json").is_file()


def test_site_writes_a_site(demo_dataset: Path, tmp_path: Path) -> None:
    told = run("site", demo_dataset, "-o", tmp_path / "site")
    assert told.exit_code == 0, told.output
    assert (tmp_path / "site/index.html").is_file()
    assert str(tmp_path / "site") in told.output


@pytest.mark.parametrize("command", ["site", "app"])
def test_a_missing_dataset_is_one_line_that_says_what_to_do(command: str, tmp_path: Path) -> None:
    told = run(command, tmp_path / "nothing")
    assert told.exit_code == 2
    assert told.stdout == "" or command == "site"
    last = told.output.strip().splitlines()[-1]
    assert str(tmp_path / "nothing") in last
    assert "govreport build" in last
    assert "Traceback" not in told.output


def test_a_folder_that_cannot_be_written_is_named(demo_dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    told = run("site", demo_dataset, "-o", tmp_path / "file" / "site")
    assert told.exit_code == 2
    assert str(tmp_path / "file") in told.output
    assert "Traceback" not in told.output


def test_serve_wants_a_site(tmp_path: Path) -> None:
    told = run("serve", tmp_path)
    assert told.exit_code == 2
    assert "govreport site" in told.output


def test_a_port_that_is_taken_is_said(tmp_path: Path, demo_dataset: Path) -> None:
    (tmp_path / "index.html").write_text("<p>site")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in (("serve", tmp_path), ("app", demo_dataset)):
            told = run(*command, "--port", str(port))
            assert told.exit_code == 2
            assert f"port {port} is taken" in told.output


@pytest.mark.skipif(os.name != "posix", reason="elsewhere servers ask for a port in another way")
def test_a_port_is_free_as_soon_as_its_server_has_stopped() -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as server:
        assert not cli._is_free(port)
        with socket.create_connection(("127.0.0.1", port)) as reader:
            met, _ = server.accept()
            met.close()  # who closes first keeps the port for a minute
            assert reader.recv(1) == b""
    with socket.socket() as strict, pytest.raises(OSError, match="in use"):
        strict.bind(("127.0.0.1", port))
    assert cli._is_free(port)


def test_the_app_gets_the_dataset_and_sends_nothing_home(
    demo_dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[list[str], dict[str, str]]] = []

    def start(command: list[str], *, env: dict[str, str], **_: object) -> object:
        started.append((command, env))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(cli.subprocess, "run", start)
    told = run("app", demo_dataset, "--no-open")
    assert told.exit_code == 0, told.output
    (command, env) = started[0]
    # Not the version that it names now: the next build's is shown as well.
    assert demo_dataset.is_symlink()
    assert env["GOVREPORT_DATASET"] == str(demo_dataset)
    assert env["GOVREPORT_CONTACT"] == ""
    assert "--browser.gatherUsageStats=false" in command
    assert "--server.headless=true" in command
    # A walk over all that is in memory after each run costs more than most runs.
    assert "--runner.postScriptGC=false" in command
    assert "http://localhost:" in told.output
    run("app", demo_dataset, "--no-open", "--contact", "mail@example.org")
    assert started[1][1]["GOVREPORT_CONTACT"] == "mail@example.org"


def test_a_contact_that_is_no_address_is_said_before_the_app_starts(demo_dataset: Path) -> None:
    told = run("app", demo_dataset, "--no-open", "--contact", "javascript:alert(1)")
    assert told.exit_code == 2
    assert "--contact javascript:alert(1)" in told.output


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a small site, with a secret beside it and a link that leads to it."""
    site = tmp_path / "site"
    (site / "a").mkdir(parents=True)
    (site / "index.html").write_text("<p>总览", encoding="utf-8")
    (site / "a" / "data.csv").write_text("a,b\n", encoding="utf-8")
    (site / "a" / "app.js").write_text("1", encoding="utf-8")
    (site / "404.html").write_text("<head></head><p>没有这一页", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (site / "out.txt").symlink_to(tmp_path / "secret.txt")
    server = site_server(site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address(server)
    server.shutdown()
    thread.join()
    server.server_close()


def fetched(url: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own address
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()


def test_a_browser_that_goes_away_is_nothing_to_tell(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "large.csv").write_bytes(b"1\n" * 8_000_000)
    with site_server(tmp_path) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with socket.create_connection(server.server_address[:2]) as browser:
            browser.sendall(b"GET /large.csv HTTP/1.1\r\nHost: x\r\n\r\n")
            browser.recv(100)
            # Closed so, what is still sent is answered by a reset.
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        server.shutdown()
        thread.join()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("a/data.csv", "text/csv; charset=utf-8"),
        ("a/app.js", "text/javascript; charset=utf-8"),
    ],
)
def test_files_are_sent_with_their_type(served: str, path: str, kind: str) -> None:
    status, sent, _ = fetched(served + path)
    assert (status, sent) == (200, kind)


@pytest.mark.parametrize(
    "path", ["../secret.txt", "%2e%2e/secret.txt", "a/..%2f..%2fsecret.txt", "out.txt", "a/", "%00"]
)
def test_nothing_leads_out_of_the_folder(served: str, path: str) -> None:
    status, _, text = fetched(served + path)
    assert status == 404
    assert "没有这一页" in text


def test_the_page_for_a_wrong_address_links_to_the_root_at_any_depth(served: str) -> None:
    (status, kind, text) = fetched(f"{served}no/such/page")
    assert (status, kind) == (404, "text/html; charset=utf-8")
    assert '<head>\n<base href="/">' in text


def test_serve_prints_its_address_and_stops_quietly(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>site")
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", "from dashboard.cli import main; main()", "serve", str(tmp_path),
         "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = process.stdout.readline()
        assert f"http://127.0.0.1:{port}/" in said
        assert fetched(f"http://127.0.0.1:{port}/")[0] == 200
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert rest == ""
    assert process.returncode == 0


def test_what_makes_a_site_does_not_wait_for_what_reads_reports() -> None:
    asked = "import sys, dashboard.cli, dashboard.site; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    late = {"govreport_core.build.pipeline", "govreport_core.samples", "govreport_core.verdict"}
    assert late.isdisjoint(told.stdout.split())
