"""Jobs on standard input in, each file's Document or failure on standard output out.

What `guarded` runs as a process of its own. Messages are msgpack behind their length.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import struct
import sys
from pathlib import Path
from typing import IO, Any

import msgspec

from govreport_core.errors import SourceError
from govreport_core.model import Document

INSIDE = False
"""Whether this process is a worker: what it reads within a file, it reads itself."""

_LENGTH = struct.Struct("!Q")
# The process that waits ends us before; this is for when it no longer can.
_GRACE = 5.0
BUSY = 10.0
"""So many times a file's seconds may pass by the clock, as other work has the processor too."""


class Job(msgspec.Struct, frozen=True):
    """A file to read, the module's function that reads it, and the seconds it has."""

    module: str
    function: str
    document_id: str
    data: bytes
    seconds: float


class Failure(msgspec.Struct, frozen=True, tag=True):
    """Why there is no Document, as in `SourceError`."""

    code: str
    message: str


class Success(msgspec.Struct, frozen=True, tag=True):
    """What was read."""

    document: Document


Reply = Document | Failure


class _Jobs:
    encode = msgspec.msgpack.Encoder().encode
    decode = msgspec.msgpack.Decoder(Job).decode


class _Replies:
    """Answers, with a Document told from a failure."""

    _decoder = msgspec.msgpack.Decoder(Success | Failure)
    _encoder = msgspec.msgpack.Encoder()

    def encode(self, reply: Reply) -> bytes:
        return self._encoder.encode(Success(reply) if isinstance(reply, Document) else reply)

    def decode(self, message: bytes) -> Reply:
        reply = self._decoder.decode(message)
        return reply.document if isinstance(reply, Success) else reply


JOBS = _Jobs()
REPLIES = _Replies()


def serve(memory: int) -> None:
    """Read files until the input ends.

    Args:
        memory: Bytes this process may take beyond what it has now.
    """
    global INSIDE  # noqa: PLW0603 - a process is a worker from its start to its end
    INSIDE = True
    jobs, replies = _own_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # All readers are here already, as the package imports them: they don't count,
    # and needn't be looked through for garbage.
    gc.freeze()
    _bound(memory)
    send(replies, b"ready")
    while (message := receive(jobs)) is not None:
        job = JOBS.decode(message)
        _alarm(job.seconds * BUSY + _GRACE)
        reply = _answer(job)
        _alarm(0)
        send(replies, reply)


def cpu_seconds(pid: int) -> float | None:
    """What a process has used; None where the system doesn't tell."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


def send(pipe: IO[bytes], message: bytes) -> None:
    """Write a message."""
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """The next message; None where the other end is gone."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = pipe.read(length)
    return message if len(message) == length else None


def _answer(job: Job) -> bytes:
    """Read a file; whatever goes wrong costs this one only."""
    try:
        reader: Any = importlib.import_module(job.module)
        for name in job.function.split("."):
            reader = getattr(reader, name)
        return REPLIES.encode(reader(job.data, job.document_id))
    except SourceError as error:
        failure = Failure(error.code, str(error))
    except MemoryError:
        failure = Failure(
            "too_large", "needs more memory than a report may: save it anew, or split it"
        )
    except RecursionError:
        failure = Failure("too_large", "nested deeper than any report: don't use it")
    except Exception as error:  # a defect of ours, told as one
        failure = Failure(
            "unreadable", f"the reader broke off ({type(error).__name__}): please report this file"
        )
    return REPLIES.encode(failure)


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The two pipes, out of reach of whatever prints or asks on the standard ones."""
    jobs = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return jobs, replies


def _alarm(seconds: float) -> None:
    """End this process after so many seconds, even within a library; 0 for never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _bound(memory: int) -> None:
    """Hold this process to its present size and so many bytes more, where the system can."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every system

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _size() + memory
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _size() -> int:
    """The address space in use, in bytes; 0 where that can't be told."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0
    return int(statm.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
