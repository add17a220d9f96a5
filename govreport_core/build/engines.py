"""The name of an engine in, how its workers are reached out: this machine's, or a cluster's."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Protocol

import msgspec

from govreport_core.build import fetching, pool
from govreport_core.build.cluster import Cluster
from govreport_core.build.companions import Companions
from govreport_core.build.plan import even

LOCAL, RAY = "local", "ray"
ENGINES = (LOCAL, RAY)


class Run(Protocol):
    """How jobs are carried out: see `pool.run`."""

    def __call__(self, jobs: list[pool.Job], companions: Companions) -> fetching.Told:
        """Carry out jobs; each is told when it is done."""


class Engine(msgspec.Struct, frozen=True):
    """Where chunks are made.

    Attributes:
        run: Carries out jobs.
        chunk: How many of so many files make a chunk.
    """

    run: Run
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
            yield Engine(lambda jobs_, held: cluster.run(jobs_, held, jobs), cluster.chunk)
        finally:
            cluster.leave()
        return
    here = fetching.run if far else pool.run
    processes = jobs or os.cpu_count() or 1
    yield Engine(lambda jobs_, held: here(jobs_, held, processes), lambda n: even(n, processes))
