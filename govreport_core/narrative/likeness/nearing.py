"""Signatures of many texts in, pairs that may be alike out: near-linear, whatever they say.

Texts in one band of a signature alike are candidates (32 bands of 4: of texts that
have half their pieces in common 87 in 100 are found, of those with two thirds all);
so are texts that share whole sentences. Where very many are alike each is paired
with some of the others only, so that ten thousand equal texts never make their pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

BANDS = 32
LIKELY = 0.4
"""The least estimated share of pieces in common at which a pair is looked at closely."""

ALL = 16
"""Texts alike in a band of which all pairs are made."""

COMMON = 1_000
"""How often a sentence stands at most that isn't a common phrase."""

LONG = 16
"""Characters of a sentence that isn't said by chance."""

_NEXT = 8  # of more than `ALL`, each with those that follow it
_COPIED = 0.3  # share of the shorter text that whole sentences make
_AT_ONCE = 1 << 18  # pairs compared at a time
_NEAR_BY = 1 << 12  # of these, whose numbers are in memory at a time
_PARTS = 16  # of all hashes, sorted one after the other
_SHARE = 200_000  # texts whose pairs are counted at a time

Pairs = npt.NDArray[np.int64]
"""Pairs of rows, as `first * n + second` with `first < second`, sorted, each once."""


Mask = npt.NDArray[np.bool_]
"""Whether each text, or place, is meant."""


class Texts(NamedTuple):
    """What texts are found by.

    Attributes:
        signatures: A row a text.
        hashes, lengths: Of all sentences, one text's after the other's.
        starts: Where each text's sentences begin: one more than there are texts.
        chars: Each text's characters.
    """

    signatures: npt.NDArray[np.uint16]
    hashes: npt.NDArray[np.uint64]
    lengths: npt.NDArray[np.uint16]
    starts: npt.NDArray[np.int64]
    chars: npt.NDArray[np.int32]

    def rows(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """The texts in which sentences stand."""
        return (np.searchsorted(self.starts, places, side="right") - 1).astype(np.int32)


def pairs(
    texts: Texts, owners: npt.NDArray[np.int32], among: Mask | None = None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs of texts of different owners that may be alike.

    Args:
        texts: In an order that tells which of very many alike are paired.
        owners: Whose each is; -1 of several, who are compared with all.
        among: Of these texts only, both of a pair; which they are rests on all.

    Returns:
        The first and the second of each pair, the lower row first.
    """
    found = [_by_band(texts.signatures, owners, among), _by_sentence(texts, owners, among)]
    return np.divmod(_each_once(np.concatenate(found)), max(1, len(owners)))


def _each_once(found: Pairs) -> Pairs:
    """In order; not numpy's own way, by hashes, which takes many times as long."""
    found.sort()
    return found[np.flatnonzero(np.diff(found, prepend=-1))]


def banded(signatures: npt.NDArray[np.uint16]) -> Iterator[npt.NDArray[np.uint64]]:
    """A key a text, band by band: those of one key are alike there."""
    width = signatures.shape[1] // BANDS
    for band in range(BANDS):
        yield _mixed(signatures[:, band * width : (band + 1) * width])


def _by_band(
    signatures: npt.NDArray[np.uint16], owners: npt.NDArray[np.int32], among: Mask | None
) -> Pairs:
    found = pl.Series(dtype=pl.Int64)
    for keys in banded(signatures):
        # In their order within a bucket: of very many alike it is the same pairs in every band.
        places = np.arange(len(keys)) if among is None else _shared(keys, among)
        order = places[np.argsort(keys[places], kind="stable")]
        for at, then in _together(keys[order], None if among is None else among[order]):
            one, other = order[at], order[then]
            apart = (owners[one] != owners[other]) | (owners[one] < 0)
            first, second = one[apart], other[apart]
            likely = _estimate(signatures, first, second) >= LIKELY
            found.append(pl.Series(_coded(first[likely], second[likely], len(owners))))
        found = found.unique()  # most pairs are found in many bands
    return found.to_numpy()


def _by_sentence(texts: Texts, owners: npt.NDArray[np.int32], among: Mask | None) -> Pairs:
    """Pairs of which whole sentences make enough of the shorter text."""
    order = _repeated(texts, among)
    keys, length = texts.hashes[order], texts.lengths[order]
    rows = texts.rows(order)
    wanted_rows = None if among is None else among[rows]
    found = [np.zeros(0, dtype=np.int64)]
    for begin in range(0, len(owners), _SHARE):
        codes, shared = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for first, second in _together(keys, wanted_rows, most=COMMON):
            one, other = rows[first], rows[second]
            low = np.minimum(one, other)
            apart = (owners[one] != owners[other]) | (owners[one] < 0)
            wanted = apart & (one != other) & (low >= begin) & (low < begin + _SHARE)
            codes.append(_coded(one[wanted], other[wanted], len(owners)))
            shared.append(length[first][wanted].astype(np.int64))
        code, where = np.unique(np.concatenate(codes), return_inverse=True)
        total = np.bincount(where, np.concatenate(shared), len(code))
        one, other = np.divmod(code, max(1, len(owners)))
        found.append(code[total >= _COPIED * np.minimum(texts.chars[one], texts.chars[other])])
    return np.concatenate(found)


def _repeated(texts: Texts, among: Mask | None) -> npt.NDArray[np.int64]:
    """Places of the long sentences that stand more than once, by their hashes.

    A part of all hashes at a time: most sentences stand once, and none of those is kept.
    """
    hashes, meant = texts.hashes, texts.lengths >= LONG
    if among is not None:
        places = _shared(hashes, meant & np.repeat(among, np.diff(texts.starts)))
        places = places[meant[places]]
        return places[np.argsort(hashes[places], kind="stable")]
    width = 2**64 // _PARTS
    found = [np.zeros(0, dtype=np.int64)]
    for low in range(0, 2**64, width):
        here = (hashes >= np.uint64(low)) & (hashes <= np.uint64(low + width - 1))
        places = np.flatnonzero(here & meant)
        order = np.argsort(hashes[places], kind="stable")
        keys = hashes[places][order]
        same = keys[1:] == keys[:-1]
        again = np.zeros(len(keys), dtype=np.bool_)
        again[1:] = same
        again[:-1] |= same
        found.append(places[order[again]])
    return np.concatenate(found)


def _shared(keys: npt.NDArray[np.uint64], among: Mask) -> npt.NDArray[np.int64]:
    """Places of the keys that two of some places have at least."""
    some = np.sort(keys[among])
    twice = some[1:][some[1:] == some[:-1]]
    if not len(twice):
        return np.zeros(0, dtype=np.int64)
    at = np.minimum(np.searchsorted(twice, keys), len(twice) - 1)
    return np.flatnonzero(twice[at] == keys)


def _together(
    keys: npt.NDArray[np.uint64], among: Mask | None, most: int | None = None
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Places of equal keys, the keys sorted: all of few, each with the next ones of many.

    Both of them among some, if these are told.
    """
    edges = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1], [True]]))
    sizes = np.diff(edges)
    far = np.where(sizes <= ALL, ALL, _NEXT).astype(np.int8)
    if most is not None:
        far[sizes > most] = 0
    reach = np.repeat(far, sizes)
    for step in range(1, min(ALL, len(keys))):
        meant = (keys[step:] == keys[:-step]) & (reach[:-step] >= step)
        if among is not None:
            meant &= among[step:] & among[:-step]
        places = np.flatnonzero(meant)
        for begin in range(0, len(places), _AT_ONCE):
            some = places[begin : begin + _AT_ONCE]
            yield some, some + step


def _estimate(
    signatures: npt.NDArray[np.uint16], first: Pairs, second: Pairs
) -> npt.NDArray[np.float64]:
    same = np.zeros(len(first), dtype=np.int64)
    for begin in range(0, len(first), _NEAR_BY):  # what is compared stays in the processor's cache
        some = slice(begin, begin + _NEAR_BY)
        equal = signatures[first[some]] == signatures[second[some]]
        same[some] = np.count_nonzero(equal, axis=1)
    return np.asarray(same / signatures.shape[1])


def _coded(first: npt.NDArray[np.int64], second: npt.NDArray[np.int64], size: int) -> Pairs:
    low, high = np.minimum(first, second), np.maximum(first, second)
    return low.astype(np.int64) * size + high.astype(np.int64)


def _mixed(columns: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint64]:
    key = np.zeros(len(columns), dtype=np.uint64)
    for column in columns.T:
        key = (key ^ column.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(32)
    return key
