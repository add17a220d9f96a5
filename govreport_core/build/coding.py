"""Records as bytes and back, for other processes and later builds: whatever a path holds.

File names may be any bytes, and what isn't text in them stands as lone surrogates,
which only JSON's escapes carry.
"""

from __future__ import annotations

import json
from typing import TypeVar

import msgspec

T = TypeVar("T")


def encode(record: object) -> bytes:
    """A record of frozen structs as bytes."""
    return json.dumps(msgspec.to_builtins(record), separators=(",", ":")).encode("ascii")


def decode(message: bytes, kind: type[T]) -> T:
    """The record that bytes hold.

    Raises:
        ValueError: They hold no such record.
    """
    return msgspec.convert(json.loads(message), kind)
