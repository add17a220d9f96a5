"""The parts of a site in, what their files came to out: made here, and by worker processes too.

A worker is started anew, not forked: threads of the frame library don't survive a fork. It opens
the same version of the dataset and writes its files itself; when we end, however, it ends too.
Starting one costs some seconds, so this process is one of those that work: a thread of it hands
parts to the others meanwhile.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import msgspec

from dashboard.data import open_dataset
from dashboard.site import kept
from dashboard.site.gather import Common, Gathering
from dashboard.site.kinds import AFTER_DATA, Task, files_of
from dashboard.site.narrow import READ_BY
from dashboard.site.options import Options
from dashboard.site.render import Drawn
from dashboard.site.write import Made, put
from govreport_core.build.limits import die_with_parent, heed, undisturbed
from govreport_core.build.spawning import as_workers


class Work(msgspec.Struct, frozen=True):
    """What a worker is told first: paths of the dataset, the new folder and the earlier site."""

    dataset: str
    fresh: str
    earlier: str
    options: Options
    common: Common | None = None


class WorkerError(Exception):
    """A worker couldn't make its part, or was ended from outside."""


def made_here(gathering: Gathering, tasks: Sequence[Task], work: Work) -> Iterator[Made]:
    """Make all parts in this process."""
    left = 0
    with _untroubled(first=gathering.large):
        for task in tasks:
            made = _part(gathering, task, work)
            left += len(made.sizes)
            yield made
            del made
            if left >= _MANY:
                _tidy()
                left = 0


# Of so many files there is more to be let go of than it takes to look for it.
_MANY = 20


def tidy(*, rings: bool = True) -> None:
    """What is let go of goes back to the system; `rings` are looked for among all objects."""
    if rings:
        gc.collect()
    if trim := _trim():
        trim(0)


def _tidy() -> None:
    """The same of what a part has left; what is kept isn't searched for rings again."""
    tidy()
    gc.freeze()


@cache
def _trim() -> Callable[[int], int] | None:
    """What makes the C library give freed memory back, where it can."""
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # of another library than glibc
        return None
    return found


def _part(gathering: Gathering, task: Task, work: Work) -> Made:
    made = put(files_of(gathering, task), Path(work.fresh), Path(work.earlier))
    if task.kind in READ_BY:
        made.kinds[task.kind] = list(made.sizes)
    for draw in gathering.draws:
        made.told |= draw.told
        draw.told.clear()
    return made


@contextlib.contextmanager
def _untroubled(*, first: bool = True) -> Iterator[None]:
    """No search for rings of objects while pages are made: very many objects, and no rings.

    `first` there is one of what was made before.
    """
    was = gc.isenabled()
    if first:
        gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was:
            gc.enable()


def made_together(
    gathering: Gathering,
    tasks: Sequence[Task],
    work: Work,
    jobs: int,
    first: Callable[[], Made],
) -> Iterator[Made]:
    """Make all parts in this process and in others, the longest first.

    Args:
        gathering: What was gathered.
        tasks: The parts.
        work: What the other processes are told.
        jobs: How many processes there are, this one counted.
        first: Makes what parts of `AFTER_DATA` are drawn from; the others don't wait for it.

    Raises:
        WorkerError: One failed; the others are ended.
        OSError: As one had it.
    """
    own = deque(task for task in tasks if task.kind in AFTER_DATA)
    waiting = deque(task for task in tasks if task.kind not in AFTER_DATA)
    found: SimpleQueue[bytes | BaseException | None] = SimpleQueue()
    workers = _started(min(jobs - 1, len(waiting)), work)
    leader = Thread(target=_lead, args=(workers, waiting, found), daemon=True)
    leader.start()
    try:
        yield first()
        with _untroubled():
            while task := _next(own) or _next(waiting):
                yield _part(gathering, task, work)
                # What waited here until the last part would be the most that is held.
                yield from _arrived(found)
                _tidy()
        while (one := found.get()) is not None:
            yield _sound(one)
    finally:
        for process in workers.values():
            process.kill()
        leader.join()
        for process in workers.values():
            process.join()


def _arrived(found: SimpleQueue[bytes | BaseException | None]) -> Iterator[Made]:
    """What others have made by now; the end stays there to be found."""
    while not found.empty():
        if (one := found.get()) is None:
            found.put(None)
            return
        yield _sound(one)


def _sound(one: bytes | BaseException) -> Made:
    """What another process made, unless it failed: unpacked when it is looked at, not before."""
    if isinstance(one, BaseException):
        raise one
    return msgspec.msgpack.decode(one, type=Made)


def _next(tasks: deque[Task]) -> Task | None:
    """The next of some parts, of which another thread may take the last."""
    try:
        return tasks.popleft()
    except IndexError:
        return None


def _started(count: int, work: Work) -> dict[Connection, SpawnProcess]:
    """Worker processes that were told their work, each behind the pipe that leads to it."""
    context = multiprocessing.get_context("spawn")
    workers: dict[Connection, SpawnProcess] = {}
    for _ in range(count):
        pipe, other = context.Pipe()
        process = context.Process(target=_serve, args=(other,), daemon=True)
        with undisturbed(), as_workers():
            process.start()
            workers[pipe] = process
        other.close()
        pipe.send_bytes(msgspec.msgpack.encode(work))
    return workers


def _lead(
    workers: Mapping[Connection, SpawnProcess],
    waiting: deque[Task],
    found: SimpleQueue[bytes | BaseException | None],
) -> None:
    """Hand parts to workers until there are none; what they came to, an error or the end out."""
    busy = list(workers)
    try:
        while busy:
            for ready in wait(busy):
                pipe = next(one for one in busy if one is ready)
                for made in _heard(pipe):
                    found.put(made)
                if task := _next(waiting):
                    pipe.send_bytes(msgspec.msgpack.encode(task))
                else:
                    pipe.close()
                    busy.remove(pipe)
    except Exception as error:  # raised by who waits for what they make
        waiting.clear()
        found.put(error)
    found.put(None)


def _heard(pipe: Connection) -> Iterator[bytes]:
    """What a worker has done since, packed; nothing the first time, when it is ready."""
    try:
        said = pipe.recv()
    except EOFError as error:
        message = "a worker process was ended from outside, for want of memory perhaps"
        raise WorkerError(message) from error
    if isinstance(said, BaseException):
        raise said
    if said:
        yield said


def _serve(pipe: Connection) -> None:
    """A worker: told its work, then one part after the other until nobody is there any more."""
    die_with_parent()
    heed()
    try:
        work = msgspec.msgpack.decode(pipe.recv_bytes(), type=Work)
        data, earlier = open_dataset(Path(work.dataset)), Path(work.earlier)
        before = Drawn(earlier, kept.earlier(earlier).told)
        gathering = Gathering(data, work.options, Path(work.fresh), before, work.common)
        pipe.send(b"")
        with _untroubled():
            while True:
                task = msgspec.msgpack.decode(pipe.recv_bytes(), type=Task)
                pipe.send(msgspec.msgpack.encode(_part(gathering, task, work)))
                _tidy()
    except EOFError:
        return
    except Exception as error:  # told to who waits for it
        pipe.send(error)
