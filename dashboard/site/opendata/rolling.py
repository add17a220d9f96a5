"""Pieces of a CSV in; zips out, each with one CSV, a new one when the last is full."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import msgspec
import polars as pl

from dashboard.site.opendata.archives import Archive, Piece, piece
from govreport_core.dataset.export import BOM

ROWS = 500_000
"""Rows of a file, at most."""
FULL = 40_000_000
"""Bytes of a zip after which a new one begins: with one stretch more it stays under 50 MB."""


class Filled(msgspec.Struct, frozen=True):
    """A zip that was written: its path in the folder, its number from 1 on, its rows."""

    path: str
    part: int
    rows: int


@lru_cache
def _head(columns: tuple[str, ...]) -> Piece:
    """The first line: the same in the zips of all years and provinces."""
    head = pl.DataFrame(schema=dict.fromkeys(columns, pl.String)).write_csv()
    return piece(BOM + head.encode())


class Rolling:
    """Writes pieces into `<stem>.zip`, then `<stem>-2.zip` and so on; each has one CSV.

    Only one of them is in memory at a time. `closed` ends it.
    """

    def __init__(self, folder: Path, stem: str, columns: list[str]) -> None:
        self._folder = folder
        self._stem = stem
        self._head = _head(tuple(columns))
        self._filled: list[Filled] = []
        self._archive: Archive | None = None
        self._rows = 0

    def write(self, some: Piece, rows: int) -> tuple[str, int]:
        """Add a piece with so many rows, a stretch at most: in which zip it begins, and where."""
        if self._rows and self._rows + rows > ROWS:
            self._end()
        if self._archive is None:
            self._archive = Archive(self._folder / self._path())
            self._archive.add(self._head)
        found = self._path(), self._archive.add(some)
        self._rows += rows
        if self._archive.size > FULL:
            self._end()
        return found

    def _path(self) -> str:
        number = len(self._filled) + 1
        return f"{self._stem}.zip" if number == 1 else f"{self._stem}-{number}.zip"

    def _end(self) -> None:
        if self._archive is not None:
            self._archive.write()
            self._filled.append(Filled(self._path(), len(self._filled) + 1, self._rows))
        self._archive, self._rows = None, 0

    def closed(self) -> Iterator[Filled]:
        """End the last file, and tell which there are."""
        self._end()
        yield from self._filled
