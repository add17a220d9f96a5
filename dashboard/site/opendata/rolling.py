"""Rows in, some at a time; CSV files in zips out, a new one when the last is full."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import msgspec
import polars as pl

from dashboard.site.opendata.archives import archive
from govreport_core.dataset.export import csv_stretch

ROWS = 500_000
"""Rows of a file, at most."""
FULL = 40_000_000
"""Bytes of a zip after which a new one begins: with one stretch more it stays under 50 MB."""


class Filled(msgspec.Struct, frozen=True):
    """A zip that was written: its path in the folder, its number from 1 on, its rows."""

    path: str
    part: int
    rows: int


class Rolling:
    """Writes rows into `<stem>.zip`, then `<stem>-2.zip` and so on; each has one CSV.

    Only one of them is open at a time. `closed` ends it.
    """

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder = folder
        self._stem = stem
        self._filled: list[Filled] = []
        self._open = ExitStack()
        self._file: IO[bytes] | None = None
        self._archive: zipfile.ZipFile | None = None
        self._rows = 0

    def write(self, rows: pl.DataFrame) -> None:
        """Add rows, of the columns of those before: a stretch, not a table."""
        while self._rows + rows.height > ROWS and self._rows:
            room = ROWS - self._rows
            self._add(rows.head(room))
            rows = rows.slice(room)
            self._end()
        self._add(rows)
        if self._archive is not None and self._archive.fp and self._archive.fp.tell() > FULL:
            self._end()

    def _add(self, rows: pl.DataFrame) -> None:
        head = self._file is None
        file = self._begun() if self._file is None else self._file
        file.write(csv_stretch(rows, head=head))
        self._rows += rows.height

    def _begun(self) -> IO[bytes]:
        path = self._folder / self._path()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._archive = self._open.enter_context(archive(path))
        self._file = self._open.enter_context(
            self._archive.open(f"{path.stem}.csv", "w", force_zip64=True)
        )
        return self._file

    def _path(self) -> str:
        number = len(self._filled) + 1
        return f"{self._stem}.zip" if number == 1 else f"{self._stem}-{number}.zip"

    def _end(self) -> None:
        if self._file is not None:
            self._open.close()
            self._filled.append(Filled(self._path(), len(self._filled) + 1, self._rows))
        self._file, self._archive, self._rows = None, None, 0

    def closed(self) -> Iterator[Filled]:
        """End the last file, and tell which there are."""
        self._end()
        yield from self._filled
