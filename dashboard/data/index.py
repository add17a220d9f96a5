"""A frame and one of its columns in; the rows of a key of that column out, without a scan."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np
import polars as pl


class Index:
    """A frame whose rows are found by one column without a look at the others.

    It holds the frame itself, not a copy: beside it the keys in order, and where they stand.

    Attributes:
        rows: As given, all of them.
    """

    def __init__(self, rows: pl.DataFrame, column: str, *, often: bool = False) -> None:
        # `often`: every key will be asked for, so all places are kept, some 16 bytes each.
        self.rows = rows
        found = rows.select(key=column).with_row_index("at").drop_nulls("key").sort("key", "at")
        self._keys = found["key"]
        self._at = found["at"]
        self._runs = _Runs(self._keys) if often else None

    def of(self, key: str) -> pl.DataFrame:
        """The rows of one key; none where it isn't there.

        Args:
            key: A value of the column that the index is by.

        Returns:
            All columns of the frame; rows with the key in the order they were given.
        """
        if self._runs is not None:
            first, length = self._runs.of(key)
            return self._stretch(first, length) if length else self.rows.clear()
        # A look at some twenty keys takes a twentieth of what one of polars' queries does.
        first = bisect_left(self._keys, key)
        last = bisect_right(self._keys, key, lo=first)
        return self._stretch(first, last - first) if first < last else self.rows.clear()

    def _stretch(self, first: int, length: int) -> pl.DataFrame:
        """Rows by their places; without a copy where they stand one behind the other."""
        at = self._at[first]
        if self._at[first + length - 1] == at + length - 1:
            return self.rows.slice(at, length)
        return self.rows[self._at.slice(first, length)]


class _Runs:
    """Where each key's run stands in sorted keys: found by its hash, as a dict would be too big."""

    def __init__(self, keys: pl.Series) -> None:
        runs = keys.rle().struct.unnest()
        ends = runs["len"].cum_sum().to_numpy()
        hashes = np.fromiter(map(hash, runs["value"]), np.int64, runs.height)
        order = np.argsort(hashes, kind="stable")
        self._keys = keys
        self._hashes = hashes[order]
        self._firsts = (ends - runs["len"].to_numpy())[order].astype(np.uint32)
        self._lengths = runs["len"].to_numpy()[order].astype(np.uint32)

    def of(self, key: str) -> tuple[int, int]:
        """The first place of a key, and how many it has."""
        told = hash(key)
        at = int(self._hashes.searchsorted(told))
        # Nearly always the first that is looked at, if any.
        while at < self._hashes.size and self._hashes[at] == told:
            first = int(self._firsts[at])
            if self._keys[first] == key:
                return first, int(self._lengths[at])
            at += 1
        return 0, 0
