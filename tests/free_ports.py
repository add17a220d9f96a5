"""A port for a server that is started a moment later, which nobody takes meanwhile."""

from __future__ import annotations

import os
import random
import socket

# Below those from which systems take ports for what connects somewhere, as browsers do all the
# time; each of pytest's workers has some of its own.
_FIRST, _EACH = 20_000, 300
_WORKERS = 32


def free_port() -> int:
    """A port of this machine that nothing listens on and no other worker of pytest asks for."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
    own = range(_FIRST + worker * _EACH, _FIRST + (worker + 1) * _EACH)
    for port in random.SystemRandom().sample(own, _EACH):
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    message = "no port is free"
    raise OSError(message)
