"""What one file may cost a worker: a limit in, an exception out where it is passed.

The limit of time counts this process's own CPU seconds, so that a busy machine
costs nobody a file; that of memory counts beyond what the worker had before.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker
from types import FrameType
from typing import Any

import msgspec

try:
    import resource
except ImportError:  # pragma: no cover - a system without limits
    resource = None  # type: ignore[assignment]

_MEGABYTE = 1024 * 1024
_PR_SET_PDEATHSIG = 1
_ENDING = (signal.SIGINT, signal.SIGTERM)


class Limits(msgspec.Struct, frozen=True):
    """CPU seconds and bytes for one file, from its bytes to its rows."""

    seconds: float = 10.0
    memory: int = 800 * _MEGABYTE


class OverLimitError(BaseException):
    """A file took too long. Not an `Exception`: nothing on the way may take it for its own."""


def limits() -> Limits:
    """The limits in force: `GOVREPORT_READ_SECONDS` and `GOVREPORT_READ_MEGABYTES` change them."""
    usual = Limits()
    seconds = _positive("GOVREPORT_READ_SECONDS", usual.seconds)
    memory = _positive("GOVREPORT_READ_MEGABYTES", usual.memory / _MEGABYTE)
    return Limits(seconds, int(memory * _MEGABYTE))


@contextlib.contextmanager
def within(allowed: Limits) -> Iterator[None]:
    """Bound what happens inside.

    Raises:
        OverLimitError: It took more CPU seconds.
        MemoryError: It wanted more memory.
    """
    here = threading.current_thread() is threading.main_thread()
    if not here or not hasattr(signal, "setitimer"):
        # no timer can be set: a reader of binary formats has limits of its own
        yield
        return
    before = signal.signal(signal.SIGPROF, _over)
    signal.setitimer(signal.ITIMER_PROF, allowed.seconds)
    held = _bound(allowed.memory)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        if held is not None:
            resource.setrlimit(resource.RLIMIT_AS, held)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Have what asks this process to end wait until what is begun inside is done.

    A worker that is started and not told what it is, or not known yet, couldn't be ended.
    It inherits this: `heed` is for it to call.
    """
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - a system without signals
        yield
        return
    resource_tracker.ensure_running()  # which would let them through again
    asked: list[int] = []
    handlers = _put_off(asked)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for again in dict.fromkeys(asked):
            signal.raise_signal(again)


def _put_off(asked: list[int]) -> dict[signal.Signals, Any]:
    """Note what asks to end instead of heeding it: what heeded it before.

    A thread blocks signals for itself alone: where there are others one of them takes them in.
    """
    if threading.current_thread() is not threading.main_thread():
        return {}
    handlers = {number: signal.getsignal(number) for number in _ENDING}
    found = {n: known for n, known in handlers.items() if known not in (None, signal.SIG_IGN)}
    for number in found:
        signal.signal(number, lambda one, _: asked.append(one))
    return found


def heed() -> None:
    """Have a worker end when it is asked to; an interrupt is for who started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def die_with_parent() -> None:
    """Have the system end this process when the one that started it ends, however that ends."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:  # it had ended already
        os._exit(1)


def _over(_: int, __: FrameType | None) -> None:
    raise OverLimitError


def _bound(memory: int) -> tuple[int, int] | None:
    """Set the limit of memory; what it was, None where it can't be set."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        held = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (now + memory, held[1]))
    except (OSError, ValueError, AttributeError):
        return None
    return held


def _positive(name: str, usual: float) -> float:
    try:
        value = float(os.environ.get(name, ""))
    except ValueError:
        return usual
    return value if value > 0 else usual
