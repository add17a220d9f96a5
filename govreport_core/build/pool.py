"""Chunks in, what became of each out: worker processes that may be lost without losing the run.

A worker that dies, or is stuck in a file beyond its limit, is replaced, and its
chunk begins anew without that file. Workers end with this process, however it ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import os
import shutil
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from govreport_core.build.beside import Agencies, look
from govreport_core.build.chunks import Done, Task, make, over_memory, over_time, rejudge
from govreport_core.build.coding import decode, encode
from govreport_core.build.companions import Companions
from govreport_core.build.intake import FileOutcome
from govreport_core.build.limits import Limits, die_with_parent, heed, limits, undisturbed
from govreport_core.build.spawning import as_workers
from govreport_core.errors import DatasetError
from govreport_core.sources import worker
from govreport_core.sources.worker import cpu_seconds

_LOOK_SECONDS = 0.25
# A reader that doesn't come back to Python can't be interrupted there: it is ended from outside.
_GRACE_SECONDS = 2.0
# Where a file neither ends nor uses time, as on a share that is gone.
_STILL_SECONDS = 300.0
FEW = 24
"""So many files are read in this process: starting others costs more."""
_MANY = 2  # chunks a worker has made or judged from which another does the last jobs
_MOST_LOST = 3  # workers in a row that die before they have begun anything
# Little that is made here goes round in circles: to look through all of it takes its time.
_COLLECT = (50_000, 20, 100)


class Rejudge(msgspec.Struct, frozen=True, tag=True):
    """A chunk to judge again, by its folder."""

    folder: str


OfChunk = Task | Rejudge
Job = OfChunk | Agencies
Told = Iterator[tuple[Job | None, Done | None, int]]


def run(
    jobs: Iterable[Job], companions: Companions, processes: int, few: int | None = None
) -> Told:
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
    workers = Workers(processes)
    try:
        yield from workers.run(jobs, companions, few)
    finally:
        workers.end()


class Workers:
    """Worker processes: begun when they are needed first, there until they are ended."""

    def __init__(self, processes: int) -> None:
        self._processes = max(processes, 1)
        self._pool: _Pool | None = None

    def run(self, jobs: Iterable[Job], companions: Companions, few: int | None = None) -> Told:
        """As `run`; the companions are the same each time."""
        found = list(jobs)
        files = sum(len(job.files) if isinstance(job, Task) else 1 for job in found)
        if self._pool is None and files <= (FEW if few is None else few):
            yield from here(found, companions)
            return
        if self._pool is None:
            self._pool = _Pool(companions, self._processes)
        yield from self._pool.run(found)

    def finish(self, jobs: Iterable[Job], companions: Companions) -> Told:
        """Carry out the last jobs, in workers if there are any, and end these."""
        if self._pool is not None and self._pool.made > _MANY * self._processes:
            self.end()  # what they keep of so many chunks would be held beside these jobs
            self._pool = _Pool(Companions(), self._processes)
        if self._pool is None:
            yield from here(jobs, companions)
        else:
            yield from self._pool.run(jobs)
        self.end()

    def end(self) -> None:
        """End all workers, whatever they do."""
        if self._pool is not None:
            self._pool.end()
            self._pool = None


def here(jobs: Iterable[Job], companions: Companions) -> Told:
    """Carry out jobs in this process: as `run`."""
    read = 0
    for job in jobs:
        done = _carried_out(job, companions, lambda _: None, limits())
        read += len(job.files) if isinstance(job, Task) else 0
        yield job, done, read


def _carried_out(
    job: Job, companions: Companions, begin: Callable[[int], None], most: Limits
) -> Done | None:
    # This engine of polars answers a small question in less than half the other's time.
    with pl.Config(set_engine_affinity="in-memory"):
        if isinstance(job, Task):
            return make(job, companions, begin, most)
        if isinstance(job, Rejudge):
            rejudge(Path(job.folder))
        else:
            look(job)
    return None


class _Worker:
    """A worker process, its job, and how far it is."""

    def __init__(self, job: Job, most: Limits) -> None:
        # Threads of the frame library don't survive a fork.
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.place = Place(context)
        given = (other, self.place, most)
        self.process = context.Process(target=_serve, args=given, daemon=True)
        with as_workers():
            self.process.start()
        other.close()
        self.job: Job | None = job
        self.begun = False

    def take(self, job: Job) -> None:
        """Have a job, which it isn't told yet."""
        self.job = job
        self.place.leave()

    def tell(self, companions: Companions) -> None:
        """Tell it its job, and before its first what stands beside the reports.

        It may be waited for until it is up; one that died meanwhile is heard of later.
        """
        with contextlib.suppress(OSError):
            if not self.begun:
                self.begun = True
                self.pipe.send(companions)
            self.pipe.send_bytes(encode(self.job))

    def read(self) -> int:
        """How many files of its job it has read."""
        return max(self.place.now().file, 0)

    def stuck(self, most: Limits) -> bool:
        """Whether it is beyond what a file may cost, and didn't notice itself."""
        at = self.place.now()
        if not isinstance(self.job, Task) or not 0 <= at.file < len(self.job.files):
            return False
        still = time.monotonic() - at.since
        used = (cpu_seconds(self.process.pid or 0) or 0.0) - at.cpu
        if self.place.now() != at:  # it has moved on meanwhile
            return False
        return used > most.seconds + _GRACE_SECONDS or still > _STILL_SECONDS

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class _Pool:
    def __init__(self, companions: Companions, processes: int) -> None:
        self.jobs: Iterator[Job] = iter(())
        self.again: list[Job] = []
        self.companions = companions
        self.processes = processes
        self.most = limits()
        self.workers: list[_Worker] = []
        self.done = self.made = 0
        self.lost = 0

    def run(self, jobs: Iterable[Job]) -> Told:
        self.jobs, self.done = iter(jobs), 0
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
            yield None, None, self.done + sum(w.read() for w in self.workers if w.job is not None)

    def _hear(self, mine: _Worker) -> Told:
        files = mine.job.files if isinstance(mine.job, Task) else ()
        try:
            told = decode(mine.pipe.recv_bytes(), REPLIES, beside=files)
        except (EOFError, OSError):
            self._replace(mine, "died")
            return
        self.lost = 0
        if isinstance(told, Failed):
            raise (pl.exceptions.PolarsError if told.frames else DatasetError)(told.message)
        job, mine.job = mine.job, None
        if job is not None:
            if isinstance(job, Task):
                self.done += len(job.files)
            if not isinstance(job, Agencies):
                self.made += 1
            yield job, told.done, self.done
        self._fill()

    def _fill(self) -> None:
        """Give every worker something to do, as long as there is something.

        All are started before the first is told: each takes its time to come up.
        """
        given: list[_Worker] = []
        while True:
            idle = next((w for w in self.workers if w.job is None), None)
            if idle is None and len(self.workers) >= self.processes:
                break
            job = self.again.pop() if self.again else next(self.jobs, None)
            if job is None:
                break
            if idle is None:
                with undisturbed():
                    idle = _Worker(job, self.most)
                    self.workers.append(idle)
            else:
                idle.take(job)
            given.append(idle)
        for mine in given:
            mine.tell(self.companions)

    def _replace(self, mine: _Worker, how: str) -> None:
        """End a worker; its job begins anew, without the file it was in."""
        job, at = mine.job, mine.place.now().file
        mine.end()
        self.workers.remove(mine)
        self.lost = 1 if at >= 0 else self.lost + 1
        if self.lost > _MOST_LOST:
            msg = "the processes that read die at once: free some memory, or use --jobs 1"
            raise DatasetError(msg)
        if isinstance(job, Task):
            shutil.rmtree(job.folder, ignore_errors=True)
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


class At(msgspec.Struct, frozen=True):
    """The file of its job that a worker is in.

    Attributes:
        file: Its place; the number of all when they are read, -1 before the first.
        cpu: The seconds that the worker had used when it came there.
        since: When that was, by the clock that never goes back.
    """

    file: int
    cpu: float
    since: float


class Place:
    """Where a worker is, in memory that it shares with the process that waits for it.

    Telling it in messages would wake that process for every file.
    """

    def __init__(self, context: SpawnContext) -> None:
        self._held = context.RawArray(ctypes.c_double, [-1.0, 0.0, 0.0])

    def leave(self) -> None:
        """Another job begins."""
        self._held[0] = -1.0

    def come(self, file: int) -> None:
        """Another file begins; the place is none while it is told."""
        self._held[0] = -1.0
        self._held[1], self._held[2] = time.process_time(), time.monotonic()
        self._held[0] = file

    def now(self) -> At:
        """Where it is."""
        file, cpu, since = self._held
        return At(int(file), cpu, since)


class Ended(msgspec.Struct, frozen=True, tag=True):
    """A job is done."""

    done: Done | None


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A job can't be done at all.

    Attributes:
        message: One line for a person; all there is to tell of frames.
        frames: Whether it broke off in frames: a file is damaged, or we have a defect.
    """

    message: str
    frames: bool = False


JOBS: Any = Job
REPLIES: Any = Ended | Failed


def _serve(pipe: Connection, place: Place, most: Limits) -> None:
    """A worker's life: jobs until the other end is gone."""
    die_with_parent()
    heed()
    if not os.environ.get("GOVREPORT_OCR"):
        worker.INSIDE = True  # what it reads is within its own limits already
    gc.freeze()
    gc.set_threshold(*_COLLECT)

    def say(message: Any) -> None:
        pipe.send_bytes(encode(message))

    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        companions: Companions = pipe.recv()
        while True:
            job = decode(pipe.recv_bytes(), JOBS)
            try:
                say(Ended(_carried_out(job, companions, place.come, most)))
            except (OSError, DatasetError) as error:
                say(Failed(_line(error)))
            except pl.exceptions.PolarsError:
                say(Failed(traceback.format_exc(), frames=True))


def _line(error: OSError | DatasetError) -> str:
    if isinstance(error, DatasetError):
        return str(error)
    return f"can't be written ({error.strerror or error}): make room, or choose another disk"
