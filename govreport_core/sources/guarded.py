"""A reader and a file's bytes in, its Document out, read in a worker process within limits.

Readers of binary formats run other people's parsers over hostile bytes. A worker
that takes too long, wants too much memory or dies costs that one file: it is
ended and replaced. It stays alive between files, one for each process that
reads; it ends when that process does, however that ends.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from time import monotonic
from typing import IO

import msgspec

from govreport_core.errors import SourceError
from govreport_core.model import Document
from govreport_core.sources import worker

Reader = Callable[[bytes, str], Document]

_MEGABYTE = 1024 * 1024
# A worker starts in some tenths of a second; on a busy machine in seconds.
_START_SECONDS = 60.0
_LEAST_SECONDS = 1.0


class Limits(msgspec.Struct, frozen=True):
    """What reading one file may cost.

    Attributes:
        seconds: Of the processor's time, from the file's hand-over to its Document; by the
            clock `worker.BUSY` times as many, as a busy machine costs nobody a file. Where the
            system doesn't tell a process's time, by the clock alone.
        memory: Bytes a worker may take beyond what it needs to start; held only
            where the system can. A program that a reader starts has the same
            limit unless the reader lifts it.
    """

    # A bad file costs 10 seconds and 1 GB at most: the rest pays for ending one
    # worker and starting the next, and for what it takes to start.
    seconds: float = 9.0
    memory: int = 900 * _MEGABYTE


# Recognising a page takes seconds, and its models and their working memory a gigabyte.
RECOGNISING = Limits(seconds=300.0, memory=3_000 * _MEGABYTE)


def limits(usual: Limits = Limits()) -> Limits:  # noqa: B008 - a frozen record
    """The limits in force: `GOVREPORT_READ_SECONDS` and `GOVREPORT_READ_MEGABYTES` change them."""
    seconds = _positive("GOVREPORT_READ_SECONDS", usual.seconds)
    memory = _positive("GOVREPORT_READ_MEGABYTES", usual.memory / _MEGABYTE)
    return Limits(seconds, int(memory * _MEGABYTE))


def read_guarded(
    reader: Reader, data: bytes, document_id: str, within: Limits | None = None
) -> Document:
    """Let a worker read a file.

    Args:
        reader: A module's own function: the worker finds it by its name.
        data: The file's bytes.
        document_id: Handed on to the reader.
        within: The limits; None for those in force.

    Raises:
        SourceError: What the reader raises; `too_large` at a limit; `unreadable`
            where it breaks off.
    """
    if worker.INSIDE:
        return reader(data, document_id)
    within = within or limits()
    job = worker.Job(reader.__module__, reader.__qualname__, document_id, data, within.seconds)
    with _lock:
        reply = _ask(job, within)
    if isinstance(reply, Document):
        return reply
    raise SourceError(reply.code, reply.message)


def _positive(name: str, usual: float) -> float:
    try:
        value = float(os.environ.get(name, ""))
    except ValueError:
        return usual
    return value if value > 0 else usual


class _GoneError(Exception):
    """The worker ended before it answered."""


_lock = threading.Lock()
_worker: _Worker | None = None


def _forget() -> None:
    """A forked process has neither the worker nor the thread that may hold the lock."""
    global _lock  # noqa: PLW0603 - one lock a process
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _ask(job: worker.Job, within: Limits) -> worker.Reply:
    """The worker's answer, or a failure in its stead."""
    started = monotonic()
    for fresh in (False, True):
        try:
            mine = _ready(within.memory, fresh=fresh)
        except (_GoneError, OSError):
            return worker.Failure(
                "unreadable",
                "no process could be started to read it in: free some memory, try again",
            )
        used = mine.used
        try:
            return mine.ask(job)
        except _GoneError:
            _drop()
            if mine.late:
                return worker.Failure(
                    "too_large",
                    f"not read within {within.seconds:g} seconds: save it anew, or split it",
                )
            # What an earlier file left behind must not decide about this one.
            if not used:
                break
            left = max(within.seconds - (monotonic() - started), _LEAST_SECONDS)
            job = msgspec.structs.replace(job, seconds=left)
        except BaseException:
            # The answer would be taken for the next file's.
            _drop()
            raise
    return worker.Failure(
        "unreadable",
        "the reader broke off: the file is damaged, or needs more than "
        f"{within.memory // _MEGABYTE:,} MB; save it anew, or fetch it in another format",
    )


def _ready(memory: int, *, fresh: bool) -> _Worker:
    """This process's worker; a new one where there is none, or it may take other memory."""
    global _worker  # noqa: PLW0603 - one worker a process, started when first needed
    if _worker is not None and (fresh or _worker.memory != memory or not _worker.alive()):
        _drop()
    if _worker is None:
        _worker = _Worker(memory)
    return _worker


def _drop() -> None:
    global _worker  # noqa: PLW0603 - likewise
    if _worker is not None:
        _worker.end()
        _worker = None


@atexit.register
def _end() -> None:
    with contextlib.suppress(OSError):
        _drop()


class _Worker:
    """A worker process and the two pipes to it."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.used = False
        self.late = False
        self.owner = os.getpid()
        boot = {"path": [p for p in sys.path if p], "memory": memory}
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-c", _BOOT, json.dumps(boot)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            with _Deadline(self, _START_SECONDS, _START_SECONDS):
                self._receive()
        except BaseException:
            self.end()
            raise

    def alive(self) -> bool:
        """Whether it can take a job: it lives, and it is this process's own, not a parent's."""
        return not self.late and self.owner == os.getpid() and self.process.poll() is None

    def ask(self, job: worker.Job) -> worker.Reply:
        """Hand over a file and wait for its Document, until the limit."""
        self.used = True
        with _Deadline(self, job.seconds, job.seconds * worker.BUSY):
            try:
                worker.send(self._pipe(self.process.stdin), worker.JOBS.encode(job))
            except OSError as error:
                raise _GoneError from error
            reply = self._receive()
        return worker.REPLIES.decode(reply)

    def _receive(self) -> bytes:
        message = worker.receive(self._pipe(self.process.stdout))
        if message is None:
            raise _GoneError
        return message

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        if pipe is None:
            raise _GoneError
        return pipe

    def kill(self) -> None:
        """End it, and what it may have started, at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()

    def end(self) -> None:
        """End it and close the pipes; a parent's worker is left alone."""
        mine = self.owner == os.getpid()
        if mine and self.process.poll() is None:
            self.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        if mine:
            self.process.wait()
        else:
            # Not ours to wait for, and nothing to warn of.
            self.process.returncode = 0


class _Deadline:
    """Ends a worker that hasn't answered in time; its pipes then end the wait.

    In time is within so many seconds of its own, and by the clock within the most.
    """

    def __init__(self, of: _Worker, seconds: float, most: float) -> None:
        self.of = of
        self.seconds = seconds
        self.most = most
        self.answered = threading.Event()
        self.watch = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        began, used = monotonic(), worker.cpu_seconds(self.of.process.pid)
        left = self.seconds
        while not self.answered.wait(left):
            now = worker.cpu_seconds(self.of.process.pid)
            own = self.seconds - (now - used) if now is not None and used is not None else 0.0
            left = min(own, began + self.most - monotonic())
            if left <= 0:
                self.of.late = True
                self.of.kill()
                return

    def __enter__(self) -> None:
        self.watch.start()

    def __exit__(self, *_: object) -> None:
        self.answered.set()
        self.watch.join()


# The worker knows the same modules as this process, and none of the current folder's.
_BOOT = """
import json, sys
boot = json.loads(sys.argv[1])
sys.path[:] = boot["path"]
from govreport_core.sources.worker import serve
serve(boot["memory"])
"""
