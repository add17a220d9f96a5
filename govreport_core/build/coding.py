"""Records as bytes and back, for other processes and later builds: whatever a path holds.

File names may be any bytes, and what isn't text in them stands as lone surrogates,
which only JSON's escapes carry.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def encode(record: object) -> bytes:
    """A record of frozen structs as bytes, without a line's end in them."""
    with contextlib.suppress(UnicodeEncodeError):  # by far the most say nothing but text
        return msgspec.json.encode(record)
    return json.dumps(msgspec.to_builtins(record), separators=(",", ":")).encode("ascii")


def decode(message: bytes, kind: type[T], *, beside: Iterable[str] | None = None) -> T:
    """The record that bytes hold.

    Args:
        message: What `encode` gave.
        kind: Its type.
        beside: Of a record that stays, the texts that are in memory already: what it says
            several times, or they say too, is in memory once then.

    Raises:
        ValueError: They hold no such record.
    """
    if beside is None:
        with contextlib.suppress(msgspec.DecodeError):
            return msgspec.json.decode(message, type=kind)
    found = json.loads(message)
    if beside is not None:
        found = _once(found, {text: text for text in beside})
    return msgspec.convert(found, kind)


def _once(found: Any, seen: dict[str, str]) -> Any:
    """The same values, equal texts being one object."""
    if isinstance(found, str):
        return seen.setdefault(found, found)
    if isinstance(found, list):
        return [_once(one, seen) for one in found]
    if isinstance(found, dict):
        return {name: _once(one, seen) for name, one in found.items()}
    return found
