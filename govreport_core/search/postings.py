"""Texts in, shards of postings of one and two characters out, and a query's texts by them.

A site's script reads the same shards in the same way (`dashboard/site/static/search.js`).
A shard holds entries in the order of their keys: both characters' codes (the second 0 for
a key of one), the length of what follows, doubled and one more for a bitmap, then the
numbers of the texts, as differences or as a bitmap; every number a varint.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest

import msgspec
import numpy as np

from govreport_core.search.query import Query

SHARD = 30_000
"""About so many bytes a shard has, unless one entry alone is larger."""
MOST_SHARDS = 5
"""So many shards are read for a query; what they leave open is for the texts to say."""
MOST_TEXTS = 1 << 20

_CHUNK = 2000
_BREAK = ord("\n")
_WIDTH = 21  # bits of a character's code
_Key = tuple[int, int]
_Codes = np.ndarray[tuple[int], np.dtype[np.int64]]


class Postings(msgspec.Struct, frozen=True):
    """An index.

    Attributes:
        texts: How many texts there are.
        first: The first key of each shard.
        shards: Their bytes.
    """

    texts: int
    first: tuple[_Key, ...]
    shards: tuple[bytes, ...]


class Candidates(msgspec.Struct, frozen=True):
    """What an index says of a query.

    Attributes:
        texts: Numbers of the texts that may match, in order.
        exact: Whether they all do.
        shards: Which were read.
    """

    texts: tuple[int, ...]
    exact: bool
    shards: tuple[int, ...]


def build(texts: Sequence[str]) -> Postings:
    """Index texts by each of their characters and each two that stand together.

    Args:
        texts: As `plain` gives them, fewer than `MOST_TEXTS`; nothing is found across lines.
    """
    chunks = [_pairs(texts[at : at + _CHUNK], at) for at in range(0, len(texts), _CHUNK)]
    packed = np.sort(np.concatenate([*chunks, np.empty(0, np.int64)]), kind="stable")
    keys, numbers = packed >> 20, packed & (MOST_TEXTS - 1)
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    first: list[_Key] = []
    shards: list[bytes] = []
    shard = bytearray()
    for key, entry in _entries(keys, numbers, begins, len(texts)):
        if not shard or len(shard) + len(entry) > SHARD:
            shards += [bytes(shard)] if shard else []
            shard = bytearray()
            first.append(key)
        shard += entry
    shards += [bytes(shard)] if shard else []
    return Postings(len(texts), tuple(first), tuple(shards))


def candidates(
    query: Query, texts: int, first: Sequence[_Key], read: Callable[[int], bytes]
) -> Candidates:
    """The texts that may match a query, by as few shards as can tell.

    Args:
        query: Without a problem.
        texts: How many texts there are.
        first: The first key of each shard.
        read: Gives a shard's bytes by its number.
    """
    keys = [_cover(word) for word in query.words]
    chosen: dict[int, list[_Key]] = {}
    looked = 0
    for key in (key for some in zip_longest(*keys) for key in some if key is not None):
        shard = max(0, bisect_right(first, key) - 1)
        if shard in chosen or len(chosen) < MOST_SHARDS:
            chosen.setdefault(shard, []).append(key)
            looked += 1
    found: set[int] | None = None
    for shard, wanted in chosen.items():
        entries = dict(_read(read(shard), wanted, texts)) if first else {}
        for key in wanted:
            numbers = set(entries.get(key, ()))
            found = numbers if found is None else found & numbers
    exact = not query.without and all(len(word) <= 2 for word in query.words)
    return Candidates(
        tuple(sorted(found or ())), exact and looked == len(query.words), tuple(chosen)
    )


def _cover(word: str) -> list[_Key]:
    """Keys that all stand in a text with the word: its ends first, then from the left."""
    codes = [ord(c) for c in word]
    if len(codes) == 1:
        return [(codes[0], 0)]
    starts = dict.fromkeys([0, len(codes) - 2, *range(0, len(codes) - 1, 2)])
    return [(codes[at], codes[at + 1]) for at in starts]


def _pairs(texts: Sequence[str], number: int) -> _Codes:
    """Keys of texts and their numbers, each once, in one number: key, then text."""
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    lengths = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
    owners = np.repeat(np.arange(number, number + len(texts), dtype=np.int64), lengths)
    inside = (codes != _BREAK) & (codes != 0)
    both = inside[:-1] & inside[1:]
    singles = (codes[inside] << (_WIDTH + 20)) | owners[inside]
    pairs = (codes[:-1] << _WIDTH) | codes[1:]
    doubles = (pairs[both] << 20) | owners[:-1][both]
    return np.unique(np.concatenate([singles, doubles]))


def _entries(
    keys: _Codes, numbers: _Codes, begins: _Codes, texts: int
) -> Iterator[tuple[_Key, bytes]]:
    if not len(keys):
        return
    steps = np.diff(numbers, prepend=0)
    steps[begins] = numbers[begins]
    coded, ends = _varints(steps)
    bitmap = (texts + 7) // 8
    stops = [*begins[1:].tolist(), len(keys)]
    for begin, stop in zip(begins.tolist(), stops, strict=True):
        key = int(keys[begin])
        data = coded[(ends[begin - 1] if begin else 0) : ends[stop - 1]].tobytes()
        dense = len(data) > bitmap
        if dense:
            bits = np.zeros(texts, np.uint8)
            bits[numbers[begin:stop]] = 1
            data = np.packbits(bits, bitorder="little").tobytes()
        pair = key >> _WIDTH, key & ((1 << _WIDTH) - 1)
        head = b"".join(_varint(n) for n in (*pair, len(data) * 2 + dense))
        yield pair, head + data


def _varints(numbers: _Codes) -> tuple[np.ndarray[tuple[int], np.dtype[np.uint8]], _Codes]:
    """Numbers below 2**21 as varints, one behind the other, and where each ends."""
    sizes = 1 + (numbers >= 1 << 7).astype(np.int64) + (numbers >= 1 << 14)
    ends = np.cumsum(sizes)
    coded = np.zeros(int(ends[-1]), np.uint8)
    begins = ends - sizes
    for place in range(3):
        here = sizes > place
        more = (sizes[here] > place + 1).astype(np.int64) << 7
        coded[begins[here] + place] = ((numbers[here] >> (7 * place)) & 127) | more
    return coded, ends


def _varint(number: int) -> bytes:
    coded = bytearray()
    while number > 127:
        coded.append(number & 127 | 128)
        number >>= 7
    coded.append(number)
    return bytes(coded)


def _read(shard: bytes, wanted: Iterable[_Key], texts: int) -> Iterator[tuple[_Key, list[int]]]:
    """The entries of a shard that are wanted."""
    left = set(wanted)
    at = 0
    while at < len(shard) and left:
        one, at = _number(shard, at)
        two, at = _number(shard, at)
        length, at = _number(shard, at)
        data = shard[at : at + length // 2]
        at += length // 2
        if (one, two) in left:
            left.discard((one, two))
            yield (one, two), _bits(data, texts) if length & 1 else _steps(data)


def _bits(data: bytes, texts: int) -> list[int]:
    return [n for n in range(texts) if data[n >> 3] >> (n & 7) & 1]


def _steps(data: bytes) -> list[int]:
    found: list[int] = []
    at = total = 0
    while at < len(data):
        step, at = _number(data, at)
        total += step
        found.append(total)
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A varint and where the next begins."""
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7
