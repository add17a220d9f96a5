"""Frames in, files to take away out: CSV in a zip, Parquet; of the same rows the same bytes.

Nothing in a file says when it was made.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from govreport_core.dataset.export import csv_stretch

# The earliest moment that a zip can say: it stands for none.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
_UNIX = 3
# Rows of a stretch, and of a row group: what is held beside the frame itself.
STRETCH = 50_000
_BLOCK = 1 << 20


def csv_zip(stretches: Iterable[pl.DataFrame], path: Path) -> int:
    """Write stretches of rows as one CSV in a zip beside nothing else.

    Args:
        stretches: Frames of the same columns, at least one; any of them may be empty.
        path: The zip, `name.zip`; the CSV in it is `name.csv`.

    Returns:
        How many rows were written.
    """
    rows = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    inside = entry(f"{path.stem}.csv")
    with zipfile.ZipFile(path, "w") as archive, archive.open(inside, "w") as file:
        for number, some in enumerate(stretches):
            file.write(csv_stretch(some, head=not number))
            rows += some.height
    return rows


def entry(name: str) -> zipfile.ZipInfo:
    """What a zip says of a file in it: its name, and no time."""
    info = zipfile.ZipInfo(name, _NO_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = _READABLE
    info.create_system = _UNIX
    return info


def parquet(rows: pl.DataFrame, path: Path) -> None:
    """Write rows as Parquet, zstd, in their order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(path, compression="zstd", row_group_size=STRETCH, statistics=True)


def digest(path: Path) -> tuple[int, str]:
    """A file's bytes and their sha256."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return path.stat().st_size, found
