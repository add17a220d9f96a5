"""Readers that behave as other people's parsers do on bad days; a worker finds them by name."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from govreport_core.errors import SourceError
from govreport_core.model import Document, Paragraph, Part
from govreport_core.sources.guarded import read_guarded


def echo(data: bytes, document_id: str) -> Document:
    return _document(document_id, data.decode())


def process(data: bytes, document_id: str) -> Document:  # noqa: ARG001 - what readers take
    return _document(document_id, str(os.getpid()))


def endless(data: bytes, document_id: str) -> Document:  # noqa: ARG001 - likewise
    while True:
        pass


def asleep(data: bytes, document_id: str) -> Document:
    """Sleeps after writing its process id where `data` says."""
    Path(data.decode()).write_text(str(os.getpid()))
    time.sleep(600)
    return _document(document_id, "awake")


def waits(data: bytes, document_id: str) -> Document:
    """Takes longer than it may by the clock, as where other work has the processor."""
    time.sleep(1.5)
    return echo(data, document_id)


def hungry(data: bytes, document_id: str) -> Document:
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))
        if len(held) > 1000:
            return echo(data, document_id)


def fatal(data: bytes, document_id: str) -> Document:  # noqa: ARG001 - likewise
    os.abort()


def quits(data: bytes, document_id: str) -> Document:  # noqa: ARG001 - likewise
    sys.exit(3)


def buggy(data: bytes, document_id: str) -> Document:  # noqa: ARG001 - likewise
    raise ZeroDivisionError


def deep(data: bytes, document_id: str) -> Document:
    return deep(data, document_id)


def picky(data: bytes, document_id: str) -> Document:  # noqa: ARG001 - likewise
    raise SourceError("encrypted", "protected by a password")


def loud(data: bytes, document_id: str) -> Document:
    """Prints where answers go, and asks where jobs come from."""
    print("noise " * 10_000, flush=True)  # noqa: T201 - what it is about
    os.write(1, b"\x00" * 100)
    return _document(document_id, repr(sys.stdin.read()) + str(len(data)))


def tainted(data: bytes, document_id: str) -> Document:  # noqa: ARG001 - likewise
    return _document(document_id, "\ud800")


def forgetful(data: bytes, document_id: str) -> Document:
    """Dies, but only in a worker that has read a file before."""
    if FORGETFUL:
        os.abort()
    FORGETFUL.append(data)
    return _document(document_id, str(os.getpid()))


FORGETFUL: list[bytes] = []


def nested(data: bytes, document_id: str) -> Document:
    """Reads a file within the file, as the reader of zips does."""
    return read_guarded(process, data, document_id)


def parent(data: bytes, document_id: str) -> Document:
    """Starts another program that would outlive it, then hangs."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(data.decode()).write_text(str(child.pid))
    return endless(data, document_id)


def _document(document_id: str, text: str) -> Document:
    part = Part("line:1", "paragraph", text)
    return Document(document_id, "text/plain", (part,), (Paragraph(text, "line:1"),))
