"""Frames in, files to take away out: what a zip says of itself, Parquet; the same bytes again.

Nothing in a file says when it was made.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import polars as pl

# Twice as fast as the usual 6, a tenth larger.
LEVEL = 4
# Rows of a stretch, and of a row group: what is held beside the frame itself.
STRETCH = 50_000
_BLOCK = 1 << 20


def archive(path: Path) -> zipfile.ZipFile:
    """A new zip: what is opened in it by name has no time, so equal rows are equal bytes."""
    return zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)


def parquet(rows: pl.DataFrame, path: Path) -> None:
    """Write rows as Parquet, zstd, in their order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(path, compression="zstd", row_group_size=STRETCH, statistics=True)


def digest(path: Path) -> tuple[int, str]:
    """A file's bytes and their sha256."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return path.stat().st_size, found
