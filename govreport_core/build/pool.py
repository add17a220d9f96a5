"""Chunks in, what became of each out: worker processes that may be lost without losing the run.

A worker that dies, or is stuck in a file beyond its limit, is replaced, and its
chunk begins anew without that file. Workers end with this process, however it ends.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import msgspec

from govreport_core.build.chunks import Done, Task, make, over_memory, over_time, rejudge
from govreport_core.build.coding import decode, encode
from govreport_core.build.companions import Companions
from govreport_core.build.intake import FileOutcome
from govreport_core.build.limits import Limits, cpu_seconds, die_with_parent, limits
from govreport_core.errors import DatasetError
from govreport_core.sources import worker

_LOOK_SECONDS = 1.0
# A reader that doesn't come back to Python can't be interrupted there: it is ended from outside.
_GRACE_SECONDS = 2.0
# Where a file neither ends nor uses time, as on a share that is gone.
_STILL_SECONDS = 300.0
_FEW = 24
_MOST_LOST = 3  # workers in a row that die before they have begun anything
_THREADS = "POLARS_MAX_THREADS"


class Rejudge(msgspec.Struct, frozen=True, tag=True):
    """A chunk to judge again, by its folder."""

    folder: str


Job = Task | Rejudge


def run(
    jobs: Iterable[Job], companions: Companions, processes: int, few: int | None = None
) -> Iterator[tuple[Job | None, Done | None, int]]:
    """Carry out jobs in worker processes.

    Args:
        jobs: What is to be done; taken as workers become free.
        companions: What stands beside the reports; each worker gets it once.
        processes: How many workers at a time.
        few: So many files are read in this process: starting others costs more.

    Yields:
        A job, what became of it (None after `Rejudge`), and the files done so far
        in all; with None for the job where only the count has moved.

    Raises:
        DatasetError: No worker can be started, or the disk is full.
    """
    found = list(jobs)
    if sum(len(job.files) if isinstance(job, Task) else 1 for job in found) <= (
        _FEW if few is None else few
    ):
        yield from _here(found, companions)
        return
    pool = _Pool(found, companions, max(processes, 1))
    try:
        yield from pool.run()
    finally:
        pool.end()


def _here(jobs: list[Job], companions: Companions) -> Iterator[tuple[Job | None, Done | None, int]]:
    """Few files are read in this process: starting others costs more."""
    read = 0
    for job in jobs:
        if isinstance(job, Task):
            done = make(job, companions, lambda _: None, limits())
            read += len(job.files)
            yield job, done, read
        else:
            rejudge(Path(job.folder))
            yield job, None, read


class _Worker:
    """A worker process, its job, and how far it is."""

    def __init__(self, companions: Companions, most: Limits) -> None:
        # Threads of the frame library don't survive a fork.
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, companions, most), daemon=True)
        with _one_thread():
            self.process.start()
        other.close()
        self.job: Job | None = None
        self.at = -1
        self.since = 0.0
        self.cpu = 0.0

    def give(self, job: Job) -> None:
        self.job, self.at = job, -1
        self.pipe.send_bytes(encode(job))

    def moved(self, told: At) -> None:
        """It has come to another file."""
        self.at, self.cpu, self.since = told.file, told.cpu, time.monotonic()

    def stuck(self, most: Limits) -> bool:
        """Whether it is beyond what a file may cost, and didn't notice itself."""
        if not isinstance(self.job, Task) or not 0 <= self.at < len(self.job.files):
            return False
        still = time.monotonic() - self.since
        used = (cpu_seconds(self.process.pid or 0) or 0.0) - self.cpu
        return used > most.seconds + _GRACE_SECONDS or still > _STILL_SECONDS

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """A process started here lays out frames in one thread: the others have processors of theirs.

    Its many small questions cost less so, too.
    """
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before


class _Pool:
    def __init__(self, jobs: Iterable[Job], companions: Companions, processes: int) -> None:
        self.jobs = iter(jobs)
        self.again: list[Job] = []
        self.companions = companions
        self.processes = processes
        self.most = limits()
        self.workers: list[_Worker] = []
        self.done = 0
        self.lost = 0

    def run(self) -> Iterator[tuple[Job | None, Done | None, int]]:
        self._fill()
        looked = time.monotonic()
        while busy := [w for w in self.workers if w.job is not None]:
            for ready in wait([w.pipe for w in busy], _LOOK_SECONDS):
                mine = next(w for w in busy if w.pipe is ready)
                yield from self._hear(mine)
            if time.monotonic() < looked + _LOOK_SECONDS:
                continue
            looked = time.monotonic()
            for mine in busy:
                if mine.job is not None and mine.stuck(self.most):
                    self._replace(mine, "stuck")

    def _hear(self, mine: _Worker) -> Iterator[tuple[Job | None, Done | None, int]]:
        try:
            told = decode(mine.pipe.recv_bytes(), REPLIES)
        except (EOFError, OSError):
            self._replace(mine, "died")
            return
        self.lost = 0
        if isinstance(told, At):
            if told.file > max(mine.at, 0):
                self.done += 1
            mine.moved(told)
            yield None, None, self.done
        elif isinstance(told, Failed):
            raise DatasetError(told.message)
        else:
            job, mine.job = mine.job, None
            if job is not None:
                yield job, told.done, self.done
            self._fill()

    def _fill(self) -> None:
        """Give every worker something to do, as long as there is something."""
        while True:
            idle = next((w for w in self.workers if w.job is None), None)
            if idle is None and len(self.workers) >= self.processes:
                return
            job = self.again.pop() if self.again else next(self.jobs, None)
            if job is None:
                return
            if idle is None:
                idle = _Worker(self.companions, self.most)
                self.workers.append(idle)
            with contextlib.suppress(OSError):  # a dead one is noticed when it is heard
                idle.give(job)

    def _replace(self, mine: _Worker, how: str) -> None:
        """End a worker; its job begins anew, without the file it was in."""
        job, at = mine.job, mine.at
        mine.end()
        self.workers.remove(mine)
        self.lost += 1
        if self.lost > _MOST_LOST:
            msg = "the processes that read die at once: free some memory, or use --jobs 1"
            raise DatasetError(msg)
        if isinstance(job, Task):
            shutil.rmtree(job.folder, ignore_errors=True)
            self.done -= max(at, 0)
            if 0 <= at < len(job.files):
                self.lost = 0
                job = _without(job, job.files[at], how, self.most)
        if job is not None:
            self.again.append(job)
        self._fill()

    def end(self) -> None:
        for mine in self.workers:
            mine.end()


def _without(job: Task, file: str, how: str, most: Limits) -> Task:
    """The job with a file that is told as broken."""
    message = over_time(most) if how == "stuck" else f"the reader broke off; {over_memory(most)}"
    code = "too_large" if how == "stuck" else "unreadable"
    size = None
    with contextlib.suppress(OSError):
        size = os.stat(file).st_size
    outcome = FileOutcome(file, "failed", code, message, size=size)
    return msgspec.structs.replace(job, broken={**job.broken, file: outcome})


class At(msgspec.Struct, frozen=True, tag=True):
    """The file that a worker has come to; their number when all are read.

    Attributes:
        cpu: The seconds that the worker has used by then.
    """

    file: int
    cpu: float


class Ended(msgspec.Struct, frozen=True, tag=True):
    """A job is done."""

    done: Done | None


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A job can't be done at all: one line for a person."""

    message: str


JOBS: Any = Task | Rejudge
REPLIES: Any = At | Ended | Failed


def _serve(pipe: Connection, companions: Companions, most: Limits) -> None:
    """A worker's life: jobs until the other end is gone."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not os.environ.get("GOVREPORT_OCR"):
        worker.INSIDE = True  # what it reads is within its own limits already
    gc.freeze()

    def say(message: Any) -> None:
        pipe.send_bytes(encode(message))

    def at(file: int) -> None:
        say(At(file, time.process_time()))

    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            job = decode(pipe.recv_bytes(), JOBS)
            try:
                if isinstance(job, Task):
                    say(Ended(make(job, companions, at, most)))
                else:
                    rejudge(Path(job.folder))
                    say(Ended(None))
            except (OSError, DatasetError) as error:
                say(Failed(_line(error)))


def _line(error: OSError | DatasetError) -> str:
    if isinstance(error, DatasetError):
        return str(error)
    return f"can't be written ({error.strerror or error}): make room, or choose another disk"
