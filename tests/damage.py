"""A file's bytes in, the same damaged out, with the places where: what happens on the way.

A damage is a list of edits of the original. None of them makes or breaks a digit:
that would print another figure, which nobody could tell from a right one.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """What stood from `start` to `end` is replaced."""

    start: int
    end: int
    by: bytes = b""


Damage = Callable[[bytes, random.Random], list[Edit]]

_TAG = re.compile(rb"<[^>]+>")
_CELL = re.compile(rb"<w:tc>.*?</w:tc>|<c [^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_ROW = re.compile(rb"<w:tr>.*?</w:tr>|<row .*?</row>", re.DOTALL)
_SPAN = re.compile(rb"<w:(?:gridSpan|vMerge)[^>]*>|<mergeCell [^>]*>")
_PIPE = re.compile(rb"\|")


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The data with its edits, which don't overlap."""
    pieces, at = [], 0
    for edit in sorted(edits):
        pieces += [data[at : edit.start], edit.by]
        at = edit.end
    return b"".join([*pieces, data[at:]])


def lines_lost(data: bytes, rng: random.Random) -> list[Edit]:
    """Some lines in a row."""
    ends = [-1, *(m.start() for m in re.finditer(rb"\n", data)), len(data) - 1]
    first = rng.randrange(len(ends) - 1)
    last = min(first + rng.randint(1, 20), len(ends) - 1)
    return [Edit(ends[first] + 1, ends[last] + 1)]


def cut_short(data: bytes, rng: random.Random) -> list[Edit]:
    """Everything from some place on."""
    return [Edit(rng.randrange(len(data)), len(data))]


def bytes_flipped(data: bytes, rng: random.Random) -> list[Edit]:
    """Some bits."""
    edits = {}
    for at in (rng.randrange(len(data)) for _ in range(rng.randint(1, 6))):
        flipped = data[at] ^ (1 << rng.randrange(8))
        if not (chr(data[at]).isdigit() or chr(flipped).isdigit()):
            edits[at] = Edit(at, at + 1, bytes([flipped]))
    return list(edits.values())


def tag_byte_changed(data: bytes, rng: random.Random) -> list[Edit]:
    """A byte within a tag is any other."""
    start, end = _one(_TAG, data, rng)
    at = rng.randrange(start, max(end, start + 1))
    return [Edit(at, at + 1, bytes([rng.randrange(256)]))]


def other_span(data: bytes, rng: random.Random) -> list[Edit]:
    """A cell reaches over other columns or rows than it did."""
    spans = (b'<w:gridSpan w:val="%d"/>' % rng.randrange(9), b"<w:vMerge/>", b"")
    return [Edit(*_one(_SPAN, data, rng), rng.choice(spans))]


def some_lost(pattern: re.Pattern[bytes], most: int) -> Damage:
    """Up to so many of what the pattern finds."""

    def damage(data: bytes, rng: random.Random) -> list[Edit]:
        found = [m.span() for m in pattern.finditer(data)]
        return [Edit(*span) for span in rng.sample(found, min(len(found), rng.randint(1, most)))]

    return damage


def twice(pattern: re.Pattern[bytes]) -> Damage:
    """One of what the pattern finds stands there again."""

    def damage(data: bytes, rng: random.Random) -> list[Edit]:
        start, end = _one(pattern, data, rng)
        return [Edit(end, end, data[start:end])]

    return damage


def _one(pattern: re.Pattern[bytes], data: bytes, rng: random.Random) -> tuple[int, int]:
    found = [m.span() for m in pattern.finditer(data)]
    return rng.choice(found) if found else (0, 0)


ANY: dict[str, Damage] = {
    "lines lost": lines_lost,
    "cut short": cut_short,
    "bytes flipped": bytes_flipped,
}
WEB = ANY | {"tags lost": some_lost(_TAG, 8)}
PIPES = ANY | {"pipes lost": some_lost(_PIPE, 6)}
XML: dict[str, Damage] = {
    "tags lost": some_lost(_TAG, 3),
    "a cell lost": some_lost(_CELL, 1),
    "a cell twice": twice(_CELL),
    "a row lost": some_lost(_ROW, 1),
    "a row twice": twice(_ROW),
    "a span lost": some_lost(_SPAN, 1),
    "another span": other_span,
    "a tag changed": tag_byte_changed,
}
WHOLE = {"cut short": cut_short, "bytes flipped": bytes_flipped}


def member(data: bytes, name: str) -> bytes:
    """One member of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return whole.read(name)


def rezipped(data: bytes, name: str, content: bytes) -> bytes:
    """The zip with another member of that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w") as written:
        for each in whole.namelist():
            written.writestr(each, content if each == name else whole.read(each))
    return out.getvalue()
