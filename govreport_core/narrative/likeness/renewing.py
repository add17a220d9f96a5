"""Texts as they are, and what was found before, in; the pairs of them that may be alike out.

Which texts are near rests on their order in buckets: see `nearing`. In a bucket into
which no text came, and of which none went, it is as it was; in another only those
that stand close to such a text may be paired with others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from govreport_core.narrative.likeness.known import FOUND_BY, KEPT, KEY, Known
from govreport_core.narrative.likeness.nearing import (
    ALL,
    COMMON,
    LONG,
    Mask,
    Texts,
    banded,
    pairs,
)
from govreport_core.narrative.likeness.signing import PERMUTATIONS

_FEW = 0.02  # share of the classes that came or went up to which the others are gone on with
_CLOSE = 0.2  # share of the texts that stand close to those, likewise

Rows = npt.NDArray[np.int64]


def near_pairs(
    classes: pl.DataFrame, texts: pl.DataFrame, known: Known | None
) -> tuple[pl.DataFrame, bool]:
    """Classes that may be alike, by their first rows; not of those of one owner alone.

    Returns:
        The pairs, and whether those that were found before and stay too unlike are left out.
    """
    of = pl.when(pl.col("other_row").is_null()).then("owner").otherwise(pl.lit(-1))
    owners = classes.select(of.cast(pl.Int32)).to_series().to_numpy()
    rows = classes["row"].to_numpy()
    # No copy where no two are equal: these are the largest there are.
    mine = texts.select(*FOUND_BY)
    held = _held(mine[rows] if len(rows) < texts.height else mine)
    among = None if known is None else _among(classes, held, known)
    first, second = pairs(held, owners, among)
    found = pl.DataFrame(
        {"first": rows[first], "second": rows[second]},
        schema={"first": pl.Int64, "second": pl.Int64},
    )
    if known is None or among is None:
        return found, False
    return pl.concat([found, _still(classes, among, known)]), True


def _among(classes: pl.DataFrame, held: Texts, known: Known) -> Mask | None:
    """The classes of which near pairs are to be found anew, if these are few."""
    stood = known.stood
    if stood is None:
        return None
    came = ~classes["mark"].is_in(stood["mark"].implode())
    went = stood.filter(~pl.col("mark").is_in(classes["mark"].implode()))
    if came.sum() + went.height > _FEW * classes.height:
        return None
    gone = known.gone(went) if went.height else pl.DataFrame(schema=FOUND_BY)
    if gone is None:
        return None
    here = classes.select("mark", at=pl.int_range(pl.len()))
    there = went.select("mark", at=pl.int_range(pl.len()) + classes.height)
    before = stood.select("mark").join(
        pl.concat([here, there]), on="mark", how="left", maintain_order="left"
    )
    among = touched(held, _held(gone), before["at"].to_numpy(), came.to_numpy())
    return among if among.sum() <= _CLOSE * classes.height else None


def _still(classes: pl.DataFrame, among: Mask, known: Known) -> pl.DataFrame:
    """The near pairs of before that are told of, but those found anew."""
    there = known.stood.select("mark") if known.stood is not None else classes.select("mark")
    stays = classes.select("digest", "mark", "row", among=pl.Series(among))
    stays = stays.join(there, on="mark", how="semi").drop("mark")
    before = known.told.filter("near", pl.max_horizontal("of_first", "of_second") >= KEPT)
    found = before.select(KEY)
    for name in KEY:
        of = stays.rename({"digest": name, "row": f"{name}_row", "among": f"{name}_among"})
        found = found.join(of, on=name)
    one, other = pl.col("first_row"), pl.col("second_row")
    return found.filter(~(pl.col("first_among") & pl.col("second_among"))).select(
        first=pl.min_horizontal(one, other), second=pl.max_horizontal(one, other)
    )


def _held(texts: pl.DataFrame) -> Texts:
    lengths = texts["lengths"]
    sizes = lengths.list.len().cast(pl.Int64)
    signatures = texts["signature"].bin.reinterpret(
        dtype=pl.Array(pl.UInt16, PERMUTATIONS), endianness="little"
    )
    return Texts(
        signatures.to_numpy().reshape(-1, PERMUTATIONS),
        _flat(texts["hashes"]),
        _flat(lengths),
        np.concatenate([[0], sizes.cum_sum()]).astype(np.int64),
        texts["chars"].to_numpy(),
    )


def _flat(lists: pl.Series) -> npt.NDArray[Any]:
    return lists.list.explode(keep_nulls=False, empty_as_null=False).to_numpy()


def touched(now: Texts, gone: Texts, before: Rows, came: Mask) -> Mask:
    """The texts among which pairs are to be found anew: all others' stay as they were.

    Args:
        now: All texts, in their order.
        gone: Those that were there before and aren't any more.
        before: All that were there, in their order then: rows of `now`, and of `gone` after these.
        came: Which of `now` weren't there before.

    Returns:
        Of `now`, those that came among them.
    """
    every = _joined(now, gone)
    changed = np.concatenate([came, np.ones(len(gone.chars), dtype=np.bool_)])
    marked = changed.copy()
    orders = (np.arange(len(now.chars)), before)
    for keys in banded(every.signatures):
        meant = np.isin(keys, keys[changed])
        for order in orders:
            rows = order[meant[order]]
            _mark(keys[rows], rows, changed, marked)
    for order in orders:
        places, rows = _said(every, changed, order)
        _mark(every.hashes[places], rows, changed, marked, COMMON)
    return marked[: len(now.chars)]


def _joined(one: Texts, other: Texts) -> Texts:
    return Texts(
        np.concatenate([one.signatures, other.signatures]),
        np.concatenate([one.hashes, other.hashes]),
        np.concatenate([one.lengths, other.lengths]),
        np.concatenate([one.starts[:-1], one.starts[-1] + other.starts]),
        np.concatenate([one.chars, other.chars]),
    )


def _said(texts: Texts, changed: Mask, order: Rows) -> tuple[Rows, Rows]:
    """Places and rows of the long sentences that changed texts say too, by their texts' order."""
    long = texts.lengths >= LONG
    of_changed = np.repeat(changed, np.diff(texts.starts))
    places = np.flatnonzero(long & np.isin(texts.hashes, texts.hashes[long & of_changed]))
    rank = np.full(len(texts.chars), -1)
    rank[order] = np.arange(len(order))
    rows = texts.rows(places).astype(np.int64)
    there = rank[rows] >= 0
    places, rows = places[there], rows[there]
    sorted_ = np.lexsort((places, rank[rows]))
    return places[sorted_], rows[sorted_]


def _mark(
    keys: npt.NDArray[np.uint64],
    rows: Rows,
    changed: Mask,
    marked: Mask,
    most: int | None = None,
) -> None:
    """Mark the texts that stand close to a changed one in a bucket of their keys.

    Where a bucket has about as many as it may have at most, all in it.
    """
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], rows[order]
    hit = changed[rows]
    for step in range(1, min(ALL, len(keys) - 1) + 1):
        close = (keys[step:] == keys[:-step]) & (hit[step:] | hit[:-step])
        marked[rows[step:][close]] = True
        marked[rows[:-step][close]] = True
    if most is not None:
        _, bucket, sizes = np.unique(keys, return_inverse=True, return_counts=True)
        slack = np.bincount(bucket, hit, len(sizes))
        marked[rows[(np.abs(sizes - most) <= slack + 1)[bucket]]] = True
