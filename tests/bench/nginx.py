"""A built site's folder in; whether nginx serves it as docs/nginx.conf says: on this machine alone.

The site's part is no test: `python tests/bench/nginx.py out/site` prints what it asked
for and ends with 1 where an answer isn't the one it should be.
"""

from __future__ import annotations

import contextlib
import gzip
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

CONF = Path(__file__).parent.parent.parent / "docs" / "nginx.conf"
KINDS = ("reports", "agencies", "rules", "words", "beside", "data", "en/reports", "en/agencies")


def main(site: Path) -> int:
    """Ask for a page of each kind; how many answers were wrong."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "reports").symlink_to(site.resolve())
        with served(home, CONF, {"root /srv;": f"root {home};"}) as port:
            return _asked(f"http://127.0.0.1:{port}/reports/", site)


@contextlib.contextmanager
def served(home: Path, conf: Path, changed: dict[str, str], port: int = 0) -> Iterator[int]:
    """The port on which nginx serves what a file of docs/ says.

    Args:
        home: A folder for what nginx writes.
        conf: The file; it listens on 8080.
        changed: What stands in it, and what of this machine takes its place.
        port: Where it listens; 0 takes a free one.
    """
    port = port or _free_port()
    (home / "nginx.conf").write_text(_whole(home, port, conf, changed), encoding="utf-8")
    command = ["nginx", "-c", str(home / "nginx.conf"), "-p", str(home), "-e", "stderr"]
    server = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        _wait(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _whole(home: Path, port: int, conf: Path, changed: dict[str, str]) -> str:
    """The file with this machine's places and port, and what stands around it."""
    block = conf.read_text(encoding="utf-8")
    for old, new in (changed | {"listen 8080;": f"listen 127.0.0.1:{port};"}).items():
        if old not in block:
            message = f"{conf.name} has no {old!r}"
            raise ValueError(message)
        block = block.replace(old, new)
    kept = "".join(
        f"{name}_temp_path {home};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    types = "include /etc/nginx/mime.types;" if Path("/etc/nginx/mime.types").is_file() else ""
    return (
        f"user root;\npid {home}/pid;\nevents {{}}\n"
        f"http {{\n{types}\naccess_log off;\n{kept}{block}}}\n"
    )


def _asked(base: str, site: Path) -> int:
    wrong = 0
    pages = [next((site / kind).glob("*.html"), None) for kind in KINDS]
    names = ["", "en/", *(str(page.relative_to(site)) for page in pages if page)]
    for name in names:
        status, headers, body = _get(base + name)
        fits = status == 200 and headers["Content-Encoding"] == "gzip" and b"<h1" in body
        fits = fits and headers["X-Content-Type-Options"] == "nosniff"
        wrong += _told(name or "(home)", f"{status}, {len(body)} bytes", fits=fits)
    tag = _get(base)[1]["ETag"] or ""
    status = _get(base, {"If-None-Match": tag})[0]
    wrong += _told("(home, unchanged)", str(status), fits=status == 304)
    status, _, body = _get(base + "no/such/page.html")
    links = re.findall(rb'<base href="([^"]*)"', body)
    wrong += _told("(lost)", f"{status} {links}", fits=status == 404 and b"<h1" in body)
    return wrong


def _get(url: str, more: dict[str, str] | None = None) -> tuple[int, dict[str, str | None], bytes]:
    headers = {"Accept-Encoding": "gzip", **(more or {})}
    asked = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - our own server
            return answer.status, _headers(answer), _opened(answer)
    except urllib.error.HTTPError as answer:
        return answer.code, _headers(answer), _opened(answer)


def _headers(answer: object) -> dict[str, str | None]:
    names = ("Content-Encoding", "X-Content-Type-Options", "ETag")
    return {name: answer.headers.get(name) for name in names}  # type: ignore[attr-defined]


def _opened(answer: object) -> bytes:
    body: bytes = answer.read()  # type: ignore[attr-defined]
    packed = answer.headers.get("Content-Encoding") == "gzip"  # type: ignore[attr-defined]
    return gzip.decompress(body) if packed and body else body


def _told(what: str, answer: str, *, fits: bool) -> int:
    sys.stdout.write(f"{'ok  ' if fits else 'BAD '} {what}: {answer}\n")
    return 0 if fits else 1


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    message = f"nginx doesn't listen on {port}"
    raise OSError(message)


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
