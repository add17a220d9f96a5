"""How a process that works beside this one is started: alone, in one thread, sparing of memory."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from types import ModuleType

LOCAL, RAY = "local", "ray"
ENGINES = (LOCAL, RAY)
"""Whose processes work: those of this machine, or those of a cluster."""
OF_WORKERS = {
    # Of polars, and of what numpy multiplies with: its threads wait for work by turning round.
    "POLARS_MAX_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # Of polars' memory: what is freed goes back at once, and one thread needs no stores of others.
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0,narenas:1",
}
"""What such a process finds in its environment when it imports what lays out frames."""


@contextlib.contextmanager
def as_workers() -> Iterator[None]:
    """A process started here lays out frames in one thread: the others have processors of theirs.

    Its many small questions cost less so, too; and it keeps little of what it has freed. It
    doesn't import the program that started this one: nothing of that is needed there.
    """
    before = {name: os.environ.get(name) for name in OF_WORKERS}
    os.environ |= OF_WORKERS
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
