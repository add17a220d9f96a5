"""Jobs in, what became of each out: as `pool`, on all machines of a Ray cluster.

Ray hands chunks to machines and gives those of a lost one to another; what a file may
cost, and which file broke a worker, is the pool's matter on each machine. Sources and
dataset are on an object store, or in a folder that all machines see under one path.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from govreport_core.build.chunks import Done
from govreport_core.build.coding import decode, encode
from govreport_core.build.companions import Companions
from govreport_core.build.fetching import carried_out
from govreport_core.build.plan import even
from govreport_core.build.pool import OfChunk, Told
from govreport_core.build.state import judges_version, reads_version
from govreport_core.errors import DatasetError

_LOOK_SECONDS = 5.0
_ALONE = 6  # looks in a row at a cluster without a worker
_TRIES = 3
_MOST_CHUNKS = 8  # in one task: a worker begins its process once for them
_ROUNDS = 3  # tasks a processor, so that the slowest isn't waited for long


class Tasked(msgspec.Struct, frozen=True):
    """Some jobs for one worker.

    Attributes:
        version: Of what reads and judges, where they come from.
    """

    jobs: tuple[OfChunk, ...]
    version: str


class Carried(msgspec.Struct, frozen=True):
    """What became of jobs, in the order in which they ended: each by its place among them.

    Attributes:
        failed: Why they couldn't be done at all: one line for a person.
    """

    done: tuple[tuple[int, Done | None], ...] = ()
    failed: str | None = None


class Cluster:
    """A Ray cluster that this process is connected to, until it is left.

    Raises:
        DatasetError: Ray isn't installed, or no cluster answers.
    """

    def __init__(self) -> None:
        try:
            import ray  # noqa: PLC0415 - an extra
        except ImportError as error:
            msg = "--engine ray: needs the extra: pip install 'govreport[cluster]'"
            raise DatasetError(msg) from error
        self.ray: Any = ray
        where = os.environ.get("RAY_ADDRESS", "auto")
        try:
            _check_there(where)
            ray.init(
                address=where,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except Exception as error:
            msg = (
                "--engine ray: no cluster answers; start one with `ray start --head`, "
                f"or set RAY_ADDRESS ({_first(error)})"
            )
            raise DatasetError(msg) from error

    def leave(self) -> None:
        """End the connection; what is still being done there ends too."""
        self.ray.shutdown()

    @property
    def processors(self) -> int:
        """How many there are on all its machines now."""
        return int(self.ray.cluster_resources().get("CPU", 0))

    def chunk(self, files: int) -> int:
        """How many files make a chunk, so that few files too are shared out."""
        return even(files, max(self.processors, 1) * 2)

    def run(self, jobs: Iterable[OfChunk], companions: Companions, most: int | None = None) -> Told:
        """Carry out jobs: as `pool.run`.

        Args:
            jobs: What is to be done; paths are addresses, or absolute.
            companions: What stands beside the reports; each worker gets it once.
            most: How many processors to use; all where None.

        Raises:
            DatasetError: No worker is left, one can't do its work, or the store is out of
                reach.
        """
        found = list(jobs)
        held = self.ray.put(companions)
        # an object in a list is handed on as it is, and opened once in each process
        carry = self.ray.remote(num_cpus=1, max_retries=_TRIES)(carry_out)
        waiting = list(reversed(self._batches(found)))
        flying: dict[Any, tuple[OfChunk, ...]] = {}
        read = alone = 0
        while waiting or flying:
            while waiting and (most is None or len(flying) < most):
                some = waiting.pop()
                version = reads_version() + judges_version()
                flying[carry.remote(encode(Tasked(some, version)), [held])] = some
            ready, _ = self.ray.wait(list(flying), timeout=_LOOK_SECONDS)
            alone = 0 if ready or self.processors else alone + 1
            if alone == _ALONE:
                msg = "--engine ray: no worker is left; start one with `ray start --address=…`"
                raise DatasetError(msg)
            for task in ready:
                some = flying.pop(task)
                for at, done in self._told(task).done:
                    read += len(getattr(some[at], "files", ()))
                    yield some[at], done, read

    def _batches(self, jobs: list[OfChunk]) -> list[tuple[OfChunk, ...]]:
        """The jobs, some for each task."""
        fair = len(jobs) // (max(self.processors, 1) * _ROUNDS)
        step = min(_MOST_CHUNKS, max(1, fair))
        return [tuple(jobs[at : at + step]) for at in range(0, len(jobs), step)]

    def _told(self, task: Any) -> Carried:
        try:
            told = decode(self.ray.get(task), Carried, beside=())
        except self.ray.exceptions.RayTaskError as error:
            broke = f"the program broke off on a worker ({type(error.cause).__name__})"
            raise DatasetError(f"--engine ray: {broke}: please report this") from error
        except self.ray.exceptions.RayError as error:
            msg = f"--engine ray: a worker was lost {_TRIES + 1} times over the same files; "
            raise DatasetError(msg + f"look at its machine ({_first(error)})") from error
        if told.failed is not None:
            raise DatasetError(told.failed)
        return told


def carry_out(message: bytes, held: list[Any]) -> bytes:
    """What a worker does: some jobs, one after the other, each file within its limits.

    Args:
        message: `Tasked`.
        held: Where the companions are.

    Returns:
        `Carried`.
    """
    here = os.uname().nodename
    tasked = decode(message, Tasked)
    if tasked.version != reads_version() + judges_version():
        told = f"{here}: another version of govreport; install the same on all machines"
        return encode(Carried(failed=told))
    at = {job.folder: number for number, job in enumerate(tasked.jobs)}
    try:
        ended = tuple(
            (at[job.folder], done)
            for job, done, _ in carried_out(list(tasked.jobs), _companions(held[0]), 1, few=0)
            if isinstance(job, OfChunk)
        )
    except OSError as error:
        return encode(Carried(failed=f"{here}: can't be written ({error.strerror or error})"))
    except DatasetError as error:
        return encode(Carried(failed=f"{here}: {error}"))
    return encode(Carried(ended))


@lru_cache(maxsize=1)
def _companions(held: Any) -> Companions:
    import ray  # noqa: PLC0415 - an extra

    found: Companions = ray.get(held)
    return found


def _check_there(where: str) -> None:
    """Ask whether anybody listens: Ray itself tries for more than a minute.

    Raises:
        OSError: Nobody does.
    """
    host, _, port = where.rpartition(":")
    if host and "/" not in host and port.isdigit():
        socket.create_connection((host, int(port)), _LOOK_SECONDS).close()


def _first(error: Exception) -> str:
    lines: Iterator[str] = (line for line in str(error).splitlines() if line.strip())
    return next(lines, type(error).__name__)[:200]
