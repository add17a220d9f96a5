"""Frames in, files to take away out: what a zip says of itself, Parquet; the same bytes again.

Nothing in a file says when it was made.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import polars as pl

# The earliest moment that a zip can say: it stands for none.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
_UNIX = 3
# Twice as fast as the usual 6, a tenth larger.
LEVEL = 4
# Rows of a stretch, and of a row group: what is held beside the frame itself.
STRETCH = 50_000
_BLOCK = 1 << 20


def entry(name: str) -> zipfile.ZipInfo:
    """What a zip says of a file in it: its name, and no time."""
    info = zipfile.ZipInfo(name, _NO_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info._compresslevel = LEVEL  # type: ignore[attr-defined]  # public from Python 3.13 on
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
