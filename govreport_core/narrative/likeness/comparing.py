"""Many pairs of texts in, how much of each stands in the other out: thousands at a time.

What `sharing.share` says of two texts, in a fraction of its time: each sentence is a
number, the sentences of all pairs stand in arrays, and two sentences are compared
once however many texts say them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import fuzz, process

from govreport_core.narrative.likeness.sharing import ALL_PAIRS, EQUAL, share

QUOTED = 3
"""How many of the sentences in common are kept to quote, the longest ones."""

_AT_ONCE = 1 << 20  # pairs of sentences in memory at a time
_SHORTER = EQUAL / (2 - EQUAL) - 1e-3  # of a sentence's length: below none is near it

_OTHERS = np.float32(1 - EQUAL + 1e-3)  # of two near-equal sentences' characters
_WORDS = 4  # of 64 bits each, for the characters a sentence has
_MARKED = 1 << 16  # sentences whose characters are in memory one by one

Numbers = npt.NDArray[np.int64]

COMPARED: dict[str, pl.DataType | type[pl.DataType]] = {
    "of_first": pl.Float64,
    "of_second": pl.Float64,
    "count_first": pl.Int32,
    "count_second": pl.Int32,
    "quoted_first": pl.List(pl.Int32),
    "quoted_second": pl.List(pl.Int32),
}
"""What is told of two texts: see `sharing.Share`; `quoted_` are the numbers of the longest
sentences in common."""


class _Texts:
    """Texts as numbers of their sentences, one text after the other."""

    def __init__(self, texts: pl.Series) -> None:
        every = pl.DataFrame({"said": texts.list.explode(keep_nulls=False, empty_as_null=False)})
        once = every.unique(maintain_order=True).with_row_index("number")
        numbered = every.join(once, on="said", how="left", maintain_order="left")
        self.said = once["said"]
        self.lengths = self.said.str.len_chars().cast(pl.Float32).to_numpy()
        self.marks = _marks(self.said)
        self.flat = numbered["number"].cast(pl.Int64).to_numpy()
        self.sizes = texts.list.len().cast(pl.Int64).to_numpy()
        self.starts = _starts(self.sizes)
        self.longest = int(self.lengths.max(initial=0))
        text = np.repeat(np.arange(len(self.sizes)), self.sizes)
        order = np.lexsort((self.lengths[self.flat], text))
        self.by_length = order - np.repeat(self.starts, self.sizes)


class _Side:
    """One text of each pair: a row a sentence, with its pair, its place there and its number.

    Attributes:
        by_length: The rows, those of a pair by the length of the sentence.
    """

    def __init__(self, texts: _Texts, of: Numbers) -> None:
        self.sizes = texts.sizes[of]
        self.starts = _starts(self.sizes)
        self.pair = np.repeat(np.arange(len(of)), self.sizes)
        self.at = _counted(self.sizes)
        held = np.repeat(texts.starts[of], self.sizes) + self.at
        self.number = texts.flat[held]
        self.length = texts.lengths[self.number]
        self.key = self.pair * len(texts.said) + self.number
        self.by_length = np.repeat(self.starts, self.sizes) + texts.by_length[held]


def compared(texts: pl.Series, first: Numbers, second: Numbers) -> pl.DataFrame:
    """How much of two texts stands in the other, for many pairs.

    Args:
        texts: Their masked sentences, a list of strings a text.
        first: Of each pair the one text, by its place in `texts`.
        second: The other.

    Returns:
        The columns of `COMPARED`, a row a pair.
    """
    held = _Texts(texts)
    work = held.sizes[first] * held.sizes[second]
    long = np.flatnonzero(work > ALL_PAIRS)
    short = np.flatnonzero(work <= ALL_PAIRS)
    parts = np.split(short, _cuts(work[short]))
    found = [
        _of_long(texts, first[long], second[long]),
        *(_of_some(held, first[some], second[some]) for some in parts),
    ]
    return pl.concat(found)[np.argsort(np.concatenate([long, short]))]


def _cuts(work: Numbers) -> Numbers:
    """Where pairs are cut, so that no part is more than some work."""
    return np.flatnonzero(np.diff(np.cumsum(work) // _AT_ONCE)) + 1


def _of_long(texts: pl.Series, first: Numbers, second: Numbers) -> pl.DataFrame:
    pairs = zip(texts.gather(first).to_list(), texts.gather(second).to_list(), strict=True)
    between = [_of_two(one, other) for one, other in pairs]
    return pl.DataFrame(between, schema=COMPARED, orient="row")


def _of_two(
    first: Sequence[str], second: Sequence[str]
) -> tuple[float, float, int, int, list[int], list[int]]:
    found = share(first, second)
    return (
        *(found.of_first, found.of_second, len(found.in_first), len(found.in_second)),
        *(_longest(first, found.in_first), _longest(second, found.in_second)),
    )


def _longest(sentences: Sequence[str], among: Sequence[int]) -> list[int]:
    return sorted(sorted(among, key=lambda at: -len(sentences[at]))[:QUOTED])


def _of_some(texts: _Texts, first: Numbers, second: Numbers) -> pl.DataFrame:
    one, other = _Side(texts, first), _Side(texts, second)
    mine, theirs = _among(one.key, other.key), _among(other.key, one.key)
    # A sentence may be near-equal to one that has its equal already.
    near = _near(texts, one, other, ~mine, np.ones(len(theirs), dtype=np.bool_))
    back = _near(texts, other, one, ~theirs, mine)
    for here, there, (row, its) in ((mine, theirs, near), (theirs, mine, back)):
        here[row] = True
        there[its] = True
    columns = (_part(one, mine), _part(other, theirs), _count(one, mine), _count(other, theirs))
    quoted = (_quoted(one, mine), _quoted(other, theirs))
    return pl.DataFrame(dict(zip(COMPARED, (*columns, *quoted), strict=True)), schema=COMPARED)


def _near(
    texts: _Texts,
    one: _Side,
    other: _Side,
    among: npt.NDArray[np.bool_],
    beside: npt.NDArray[np.bool_],
) -> tuple[Numbers, Numbers]:
    """Rows of one side, `among` these, and of the other, of those `beside`, that are near-equal."""
    row, its = _maybe(texts, one, other, np.flatnonzero(among), beside)
    likely = _likely(texts, one.number[row], other.number[its])
    row, its = row[likely], its[likely]
    number, its_number = one.number[row], other.number[its]
    low, high = np.minimum(number, its_number), np.maximum(number, its_number)
    key = low * len(texts.said) + high
    near = _among(key, _equal(texts, pl.Series(key).unique().to_numpy()))
    return row[near], its[near]


def _maybe(
    texts: _Texts, one: _Side, other: _Side, rows: Numbers, beside: npt.NDArray[np.bool_]
) -> tuple[Numbers, Numbers]:
    """Rows of one side with those of the other that are about as long and look alike.

    Two sentences of very different lengths can't share as much: no such pair is made. Of the
    others, which are many, few are left by the first marks: only of these the rows are told.
    """
    its = other.by_length[beside[other.by_length]]
    wide = texts.longest + 1  # so that no length of a pair is one of the next pair's
    keys = other.pair[its] * wide + other.length[its].astype(np.int64)
    pair, length = one.pair[rows] * wide, one.length[rows].astype(np.float64)
    longest = np.minimum(length / _SHORTER, texts.longest)
    first = np.searchsorted(keys, pair + np.ceil(length * _SHORTER).astype(np.int64))
    end = np.searchsorted(keys, pair + longest.astype(np.int64), side="right")
    counts = end - first
    at = np.repeat((first - _starts(counts)).astype(np.int32), counts)
    at += np.arange(len(at), dtype=np.int32)
    marks = texts.marks[0]
    apart = np.bitwise_count(
        np.repeat(marks[one.number[rows]], counts) ^ marks[other.number[its]][at]
    )
    most = np.minimum((length + longest) * _OTHERS, 64).astype(np.uint8)
    kept = np.flatnonzero(apart <= np.repeat(most, counts))
    return rows[np.searchsorted(np.cumsum(counts), kept, side="right")], its[at[kept]]


def _likely(texts: _Texts, first: Numbers, second: Numbers) -> Numbers:
    """Which pairs of sentences have so many characters in common that they may be near-equal."""
    left = np.arange(len(first))
    most = (texts.lengths[first] + texts.lengths[second]) * _OTHERS
    apart = np.zeros(len(first), dtype=np.uint16)
    for marks in texts.marks:
        # Each character that one of two has and the other hasn't is one to change.
        apart += np.bitwise_count(marks[first] ^ marks[second])
        kept = np.flatnonzero(apart <= most)
        left, first, second = left[kept], first[kept], second[kept]
        most, apart = most[kept], apart[kept]
    return left


def _equal(texts: _Texts, keys: Numbers) -> Numbers:
    """Those of pairs of sentences that are near-equal."""
    first, second = np.divmod(keys, max(1, len(texts.said)))
    ratios = process.cpdist(
        texts.said.gather(first).to_list(),
        texts.said.gather(second).to_list(),
        scorer=fuzz.ratio,
        score_cutoff=100 * EQUAL,
        dtype=np.float32,
    )
    return keys[np.flatnonzero(ratios)]


def _marks(said: pl.Series) -> npt.NDArray[np.uint64]:
    """Which characters each sentence has, words by sentences: a bit for each, some share one."""
    marks = np.zeros((_WORDS, len(said)), dtype=np.uint64)
    for start in range(0, len(said), _MARKED):
        some = said[start : start + _MARKED]
        letters = np.frombuffer(some.str.join()[0].encode("utf-32-le"), dtype=np.uint32)
        bit = (letters * np.uint32(0x9E3779B1)) >> np.uint32(24)
        rows = np.repeat(np.arange(start, start + len(some)), some.str.len_chars().to_numpy())
        np.bitwise_or.at(marks, (bit >> 6, rows), np.uint64(1) << (bit & 63).astype(np.uint64))
    return marks


def _among(keys: Numbers, others: Numbers) -> npt.NDArray[np.bool_]:
    return pl.Series(keys).is_in(pl.Series(others).implode()).to_numpy()


def _part(side: _Side, found: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """The share of each text's characters that these sentences are."""
    whole = np.bincount(side.pair, side.length, len(side.sizes))
    part = np.bincount(side.pair, side.length * found, len(side.sizes))
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


def _count(side: _Side, found: npt.NDArray[np.bool_]) -> Numbers:
    return np.bincount(side.pair[found], minlength=len(side.sizes))


def _quoted(side: _Side, found: npt.NDArray[np.bool_]) -> pl.Series:
    """The places of each text's longest sentences among these."""
    rows = np.flatnonzero(found)
    counts = _count(side, found)
    order = np.lexsort((-side.length[rows], side.pair[rows]))
    kept = np.sort(rows[order[_counted(counts) < QUOTED]])
    flat = pl.DataFrame({"pair": side.pair[kept], "at": side.at[kept]})
    some = flat.group_by("pair", maintain_order=True).agg("at")
    every = pl.DataFrame({"pair": np.arange(len(counts))})
    lists = every.join(some, on="pair", how="left", maintain_order="left")
    return lists.select(pl.col("at").fill_null([]))["at"]


def _starts(sizes: Numbers) -> Numbers:
    return np.cumsum(sizes) - sizes


def _counted(sizes: Numbers) -> Numbers:
    """0, 1, 2 … of each size, one after the other."""
    return np.arange(int(sizes.sum())) - np.repeat(_starts(sizes), sizes)
