"""Texts in, shards of postings of one to three characters out, and a query's texts by them.

A site's script reads the same shards in the same way (`dashboard/site/static/search.js`).
A shard holds entries in the order of their keys: the characters' codes (0 for what a shorter
key lacks), the length of what follows, doubled and one more for a bitmap, then the
numbers of the texts, as differences or as a bitmap; every number a varint.

Three characters have an entry where the first two and the last two each stand in many texts
(`least`): there two pairs often meet in a text by chance.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from heapq import merge
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import IO, NamedTuple, Protocol

import msgspec
import numpy as np

from govreport_core.search.query import Query

SHARD = 30_000
"""About so many bytes a shard has, unless one entry alone is larger."""
MOST_SHARDS = 5
"""So many shards are read for a query; what they leave open is for the texts to say."""
MOST_TEXTS = 1 << 20

# Texts whose characters are in memory together; those of a run, fewer than 16 bits can count; and
# keys of texts that are put in order together.
_FEW = 250
_CHUNK = 2000
_AT_ONCE = 1 << 17
_BREAK = ord("\n")
_WIDTH = 21  # bits of a character's code
_LAST = (1 << _WIDTH) - 1
_Key = tuple[int, int, int]
_Codes = np.ndarray[tuple[int], np.dtype[np.int64]]
_Truths = np.ndarray[tuple[int], np.dtype[np.bool]]


class Texts(Protocol):
    """Texts in a list, or read from elsewhere some at a time."""

    def __len__(self) -> int: ...
    def __getitem__(self, some: slice, /) -> Sequence[str]: ...


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


def least(texts: int) -> int:
    """In how many of so many texts a pair stands that makes entries of three characters."""
    return max(50, texts // 32)


def build(texts: Texts) -> Postings:
    """Index texts by each of their characters, each two that stand together, and some threes.

    Args:
        texts: As `plain` gives them, fewer than `MOST_TEXTS`; nothing is found across lines.
    """
    shards = [*each_shard(texts)]
    return Postings(
        len(texts), tuple(first for first, _ in shards), tuple(shard for _, shard in shards)
    )


def each_shard(texts: Texts, folder: Path | None = None) -> Iterator[tuple[_Key, bytes]]:
    """The shards of the same, each with its first key: in memory is little of all texts' entries.

    Args:
        texts: Read twice.
        folder: Where what waits stands, in a file without a name; the system's place for such
            files where None.
    """
    with tempfile.TemporaryFile(dir=folder) as file:
        first, shard = (0, 0, 0), bytearray()
        for key, entry in _sorted(texts, file):
            if shard and len(shard) + len(entry) > SHARD:
                yield first, bytes(shard)
                shard.clear()
            if not shard:
                first = key
            shard += entry
        if shard:
            yield first, bytes(shard)


def _sorted(texts: Texts, file: IO[bytes]) -> Iterator[tuple[_Key, bytes]]:
    """All entries in the order of their keys; the file takes what waits for it."""
    pairs = [*_runs(texts, _pairs, file)]
    keys, counts = _counted(pairs)
    common = keys[(counts >= least(len(texts))) & (keys & _LAST > 0)]
    del keys, counts
    threes = [*_runs(texts, lambda some, at: _threes(some, at, common), file)]
    firsts: list[int] = common.tolist()
    return merge(
        _all_entries(pairs, len(texts), lambda key: (*_two(key), 0)),
        _all_entries(threes, len(texts), lambda key: (*_two(firsts[key >> _WIDTH]), key & _LAST)),
    )


def candidates(
    query: Query, texts: int, first: Sequence[_Key], read: Callable[[int], bytes]
) -> Candidates:
    """The texts that may match a query, by as few shards as can tell.

    A word of one or two characters, or of three with an entry, stands in exactly the texts
    that its entry names: so where a short one is to be left out, they are.

    Args:
        query: Without a problem.
        texts: How many texts there are.
        first: The first key of each shard.
        read: Gives a shard's bytes by its number.
    """
    keys = [_cover(word) for word in query.words]
    inside = [key for some in zip_longest(*keys) for key in some if key is not None]
    outside = [_cover(word)[0] for word in query.without if len(word) <= 2]
    shards: set[int] = set()
    found: dict[_Key, set[int]] = {}

    def look(keys: Sequence[_Key]) -> None:
        """Look these up, as far as shards may be read."""
        chosen: dict[int, list[_Key]] = {}
        for key in keys:
            shard = max(0, bisect_right(first, key) - 1)
            if shard in shards or len(shards) < MOST_SHARDS:
                shards.add(shard)
                chosen.setdefault(shard, []).append(key)
        for shard, wanted in chosen.items():
            there = dict(_read(read(shard), wanted, texts)) if first else {}
            found.update((key, set(there.get(key, ()))) for key in wanted)

    look([*inside, *outside])
    often = {key for key, those in found.items() if len(those) >= least(texts)}
    by_word = {word: _threes_of(word, often) for word in query.words}
    threes = [three for those in by_word.values() for three in those]
    look(threes)
    mine = set.intersection(*(found[key] for key in [*inside, *threes] if key in found))
    mine = mine.difference(*(found[key] for key in outside if key in found))
    short = all(len(word) <= 2 for word in query.without)
    told = all(len(word) <= 2 or (len(word) == 3 and by_word[word]) for word in query.words)
    every = all(key in found for key in [*inside, *threes, *outside])
    return Candidates(tuple(sorted(mine)), short and told and every, tuple(sorted(shards)))


def _cover(word: str) -> list[_Key]:
    """Keys that all stand in a text with the word: its ends, then side by side, then between."""
    codes = [ord(c) for c in word]
    if len(codes) == 1:
        return [(codes[0], 0, 0)]
    last = len(codes) - 2
    starts = dict.fromkeys([0, last, *range(0, last + 1, 2), *range(1, last + 1, 2)])
    return [(codes[at], codes[at + 1], 0) for at in starts]


def _threes_of(word: str, often: Container[_Key]) -> list[_Key]:
    """Each three of its characters that has an entry wherever it stands."""
    threes = [(ord(a), ord(b), ord(c)) for a, b, c in zip(word, word[1:], word[2:], strict=False)]
    return [three for three in threes if (*three[:2], 0) in often and (*three[1:], 0) in often]


def _characters(texts: Sequence[str], number: int) -> tuple[_Codes, _Codes, _Truths]:
    """The codes of all characters, the number of each one's text, and whether it's searched."""
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    lengths = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
    owners = np.repeat(np.arange(number, number + len(texts), dtype=np.int64), lengths)
    return codes, owners, (codes != _BREAK) & (codes != 0)


def _pairs(texts: Sequence[str], number: int) -> _Codes:
    """Keys of texts and their numbers, each once, in one number: key, then text."""
    codes, owners, inside = _characters(texts, number)
    both = inside[:-1] & inside[1:]
    singles = (codes[inside] << (_WIDTH + 20)) | owners[inside]
    pairs = (codes[:-1] << _WIDTH) | codes[1:]
    doubles = (pairs[both] << 20) | owners[:-1][both]
    return _unique(np.concatenate([singles, doubles]))


def _threes(texts: Sequence[str], number: int, common: _Codes) -> _Codes:
    """As `_pairs` those whose two pairs are common: the first one's place, the last character."""
    codes, owners, _ = _characters(texts, number)
    pairs = (codes[:-1] << _WIDTH) | codes[1:]
    places = np.searchsorted(common, pairs)
    there = np.append(common, -1)[places] == pairs
    both = np.flatnonzero(there[:-1] & there[1:])
    return _unique((places[both] << _WIDTH | codes[both + 2]) << 20 | owners[both])


def _unique(packed: _Codes) -> _Codes:
    """Sorted, each once; not numpy's own way, by hashes, which takes ten times as long."""
    packed = np.sort(packed)
    return packed[np.flatnonzero(np.diff(packed, prepend=-1))]


class _Run(NamedTuple):
    """Some texts' keys; the numbers of the texts are in a file, two bytes each.

    Attributes:
        keys: In order, each once.
        ends: Where the numbers of each end.
        first: The number of the first text: the others' are told from it.
        at: Where in the file they begin.
    """

    keys: _Codes
    ends: _Codes
    first: int
    file: IO[bytes]
    at: int

    def numbers(self, begin: int, stop: int) -> _Codes:
        """Some of them, as the file has them in order."""
        size = _NUMBER.itemsize
        self.file.seek(self.at + begin * size)
        told = np.frombuffer(self.file.read((stop - begin) * size), _NUMBER)
        return told.astype(np.int64) + self.first


_NUMBER = np.dtype(np.uint16)


def _runs(
    texts: Texts, packed: Callable[[Sequence[str], int], _Codes], file: IO[bytes]
) -> Iterator[_Run]:
    """What texts have, many texts a run, few of them in memory at a time."""
    for first in range(0, len(texts), _CHUNK):
        stop = min(first + _CHUNK, len(texts))
        some = [packed(texts[at : min(at + _FEW, stop)], at) for at in range(first, stop, _FEW)]
        yield _run(np.sort(np.concatenate(some), kind="stable"), first, file)


def _run(packed: _Codes, first: int, file: IO[bytes]) -> _Run:
    keys = packed >> 20
    begins = _begins(keys)
    numbers = ((packed & (MOST_TEXTS - 1)) - first).astype(_NUMBER)
    at = file.tell()
    file.write(numbers.tobytes())
    return _Run(keys[begins], np.append(begins, len(keys))[1:], first, file, at)


def _counted(runs: Sequence[_Run]) -> tuple[_Codes, _Codes]:
    """The keys of all runs, in order and each once, and in how many texts each is."""
    none = np.empty(0, np.int64)
    every = np.concatenate([none, *(run.keys for run in runs)])
    counts = np.concatenate([none, *(np.diff(run.ends, prepend=0) for run in runs)])
    order = np.argsort(every, kind="stable")
    every, begins = every[order], _begins(every[order])
    return every[begins], np.add.reduceat(counts[order], begins) if len(begins) else none


def _all_entries(
    runs: Sequence[_Run], texts: int, key_of: Callable[[int], _Key]
) -> Iterator[tuple[_Key, bytes]]:
    """The entries of runs in the order of their keys; a stretch of keys is packed at a time."""
    keys, counts = _counted(runs)
    stretch = np.cumsum(counts) // _AT_ONCE
    bounds = [*keys[_begins(stretch)].tolist(), 1 << 62]
    for lower, upper in pairwise(bounds):
        packed = np.concatenate([_packed(run, lower, upper) for run in runs])
        yield from _entries(np.sort(packed, kind="stable"), texts, key_of)


def _packed(run: _Run, lower: int, upper: int) -> _Codes:
    """A run's keys from one to below another, as `_pairs` gives them."""
    begin, stop = np.searchsorted(run.keys, [lower, upper])
    ends = np.append(0, run.ends)
    keys = np.repeat(run.keys[begin:stop], np.diff(ends[begin : stop + 1]))
    return keys << 20 | run.numbers(int(ends[begin]), int(ends[stop]))


def _begins(keys: _Codes) -> _Codes:
    return np.flatnonzero(np.diff(keys, prepend=-1))


def _two(key: int) -> tuple[int, int]:
    return key >> _WIDTH, key & _LAST


def _entries(
    packed: _Codes, texts: int, key_of: Callable[[int], _Key]
) -> Iterator[tuple[_Key, bytes]]:
    if not len(packed):
        return
    keys, numbers = packed >> 20, packed & (MOST_TEXTS - 1)
    begins = _begins(keys)
    steps = np.diff(numbers, prepend=0)
    steps[begins] = numbers[begins]
    coded, ends = _varints(steps)
    bitmap = (texts + 7) // 8
    stops = [*begins[1:].tolist(), len(keys)]
    for begin, stop in zip(begins.tolist(), stops, strict=True):
        data = coded[(ends[begin - 1] if begin else 0) : ends[stop - 1]].tobytes()
        dense = len(data) > bitmap
        if dense:
            bits = np.zeros(texts, np.uint8)
            bits[numbers[begin:stop]] = 1
            data = np.packbits(bits, bitorder="little").tobytes()
        key = key_of(int(keys[begin]))
        head = b"".join(_varint(n) for n in (*key, len(data) * 2 + dense))
        yield key, head + data


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
        three, at = _number(shard, at)
        length, at = _number(shard, at)
        data = shard[at : at + length // 2]
        at += length // 2
        if (one, two, three) in left:
            left.discard((one, two, three))
            yield (one, two, three), _bits(data, texts) if length & 1 else _steps(data)


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
