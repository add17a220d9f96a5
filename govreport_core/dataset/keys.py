"""What something rests on in, the key out under which it is kept for the next build."""

from __future__ import annotations

import hashlib

import polars as pl


def key(version: str, *frames: pl.DataFrame) -> str:
    """What rows say, however they lie in memory: a frame of other chunks has other bytes.

    Args:
        version: Of all that makes what is kept under the key.
        frames: Of any columns; in another order rows say something else.
    """
    told = hashlib.sha256(version.encode())
    for rows in frames:
        told.update(" ".join(("", *rows.columns)).encode())
        told.update(rows.hash_rows().to_numpy().tobytes())
    return told.hexdigest()[:24]


def short(version: str) -> str:
    """A few letters for a version, to begin a key with."""
    return hashlib.sha256(version.encode()).hexdigest()[:12]
