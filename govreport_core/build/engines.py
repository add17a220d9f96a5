"""The name of an engine in, how its workers are reached out: this machine's, or a cluster's."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import msgspec

from govreport_core.build import fetching, pool
from govreport_core.build.beside import Agencies
from govreport_core.build.cluster import Cluster
from govreport_core.build.companions import Companions
from govreport_core.build.plan import even
from govreport_core.build.spawning import RAY


class Run(Protocol):
    """How jobs are carried out: see `pool.run`."""

    def __call__(self, jobs: list[pool.OfChunk], companions: Companions) -> pool.Told:
        """Carry out jobs; each is told when it is done."""


class Beside(Protocol):
    """How jobs on agencies are carried out."""

    def __call__(self, jobs: Iterable[Agencies], companions: Companions) -> pool.Told:
        """Carry out jobs; each is told when it is done."""


class Engine(msgspec.Struct, frozen=True):
    """Where chunks are made.

    Attributes:
        run: Carries out jobs.
        beside: Carries out the last jobs, those that need what all others left: no worker of
            this machine is there any more when it ends.
        chunk: How many of so many files make a chunk.
    """

    run: Run
    beside: Beside
    chunk: Callable[[int], int]


@contextlib.contextmanager
def started(name: str, jobs: int | None, *, far: bool) -> Iterator[Engine]:
    """An engine, until it isn't needed any more.

    Args:
        name: One of `ENGINES`.
        jobs: How many processes or processors to use; all where None.
        far: Whether sources or dataset are on an object store.

    Raises:
        DatasetError: There is no such cluster.
    """
    if name == RAY:
        cluster = Cluster()
        try:
            yield Engine(
                lambda jobs_, held: cluster.run(jobs_, held, jobs), pool.here, cluster.chunk
            )
        finally:
            cluster.leave()
        return
    processes = jobs or os.cpu_count() or 1

    def size(files: int) -> int:
        return _size(files, processes)

    if far:
        yield Engine(lambda jobs_, held: fetching.run(jobs_, held, processes), pool.here, size)
        return
    workers = pool.Workers(processes)
    try:
        yield Engine(workers.run, workers.finish, size)
    finally:
        workers.end()


def _size(files: int, processes: int) -> int:
    """How many of so many files make a chunk here: to judge one takes its time, whatever its size.

    What is read in this process needn't be shared out.
    """
    return even(files, 1 if files <= pool.FEW else processes)
