"""Bytes in, the same by their numbers out: in a file without a name, as all are much to hold.

The file stands in the folder of the site that is made: the system's place for such files may be
small, or memory itself.
"""

from __future__ import annotations

import tempfile
from array import array
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self


class Aside:
    """Stretches of bytes, numbered as they come; gone when it is left."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._ends = array("q", [0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, some: bytes) -> int:
        """Put one behind the others: its number."""
        self._file.seek(self._ends[-1])
        self._file.write(some)
        self._ends.append(self._ends[-1] + len(some))
        return len(self) - 1

    def read(self, first: int, stop: int) -> list[bytes]:
        """Those from one number to below another."""
        ends = self._ends[first : stop + 1]
        self._file.seek(ends[0])
        found = self._file.read(ends[-1] - ends[0])
        return [found[begin - ends[0] : end - ends[0]] for begin, end in pairwise(ends)]
