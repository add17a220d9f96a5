"""Nothing in, a folder of this machine for what passes through it out; gone again afterwards.

A process that is killed can't take its folder away: the next one does. Whose process
lives holds a lock in it, which a dead one doesn't.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - a system without file locks
    fcntl = None  # type: ignore[assignment]

_PREFIX = "govreport-passing-"
_LOCK = ".lock"
_YOUNG = 60.0  # seconds in which a folder may not be locked yet


@contextlib.contextmanager
def passing_folder() -> Iterator[Path]:
    """An empty folder below the system's temporary one (`TMPDIR`)."""
    if fcntl is not None:
        _sweep(Path(tempfile.gettempdir()))
    with (
        tempfile.TemporaryDirectory(prefix=_PREFIX) as folder,
        (Path(folder) / _LOCK).open("w") as lock,
    ):
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield Path(folder)


def _sweep(root: Path) -> None:
    """Remove this user's folders that no living process holds."""
    for folder in root.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            about = (folder / _LOCK).lstat()
            if about.st_uid != os.getuid() or time.time() - about.st_mtime < _YOUNG:
                continue
            with (folder / _LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
