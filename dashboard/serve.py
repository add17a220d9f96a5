"""A built site's folder in, a web server for this machine alone out.

It reads only files below the folder (no listing, no way out by `..` or by a
link), says nothing but its address, and sends each file with its type.
"""

from __future__ import annotations

import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"

TEXT = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".xml": "application/xml",
}


def site_server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of that folder on this machine; port 0 takes a free one.

    The caller runs `serve_forever` and closes it.

    Raises:
        OSError: The port is taken.
    """
    return _Server((HOST, port), partial(_Files, directory=str(folder.resolve())))


def address(server: ThreadingHTTPServer) -> str:
    """Where a browser finds that server."""
    return f"http://{HOST}:{server.server_address[1]}/"


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away before it had all is nothing to tell."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Files(SimpleHTTPRequestHandler):
    server_version = "govreport"
    sys_version = ""

    def guess_type(self, path: str | object) -> str:
        kind = TEXT.get(Path(str(path)).suffix.lower())
        return f"{kind}; charset=utf-8" if kind else super().guess_type(str(path))

    def translate_path(self, path: str) -> str:
        """The file asked for; a name that can't exist where it leads out of the folder."""
        try:
            found = Path(super().translate_path(path))
            inside = found.resolve().is_relative_to(self.directory)
        except (OSError, ValueError):
            inside = False
        return str(found) if inside else str(Path(self.directory) / "\N{REPLACEMENT CHARACTER}")

    def list_directory(self, path: str | object) -> None:  # noqa: ARG002 - never a list of any
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        # Shown at whatever depth was asked for; its links are those of the root.
        body = page.read_bytes().replace(b"<head>", b'<head>\n<base href="/">', 1)
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard name
        """Say nothing: the terminal is for the address."""
