"""Texts and a way to fetch their sentences in; what each repeats, and who shares one, out.

Equal texts are one class: a class is compared, never its members with each other.
What was found of two texts holds as long as both stand: it is known by their digests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from govreport_core.narrative.likeness.nearing import pairs
from govreport_core.narrative.likeness.sharing import share
from govreport_core.narrative.likeness.signing import PERMUTATIONS

LEAST = 100
"""Characters of masked text below which two texts are alike by chance: none is compared."""

KEPT = 0.3
"""The least share that is told of another's text, and of years before the last one."""

SAME = 0.85
"""From this share on, both ways, two texts are one."""

NEAREST = 3
"""How many others are told of a text."""

QUOTED = 3
"""How many of the sentences in common are kept to quote, the longest ones."""

_BLOCK = 30_000  # pairs whose sentences are in memory at a time
_CLASSES = 24  # classes near to one that are looked through for each of its texts

Fetch = Callable[[npt.NDArray[np.int64]], Sequence[Sequence[str]]]
"""Masked sentences of the texts in these rows."""

KNOWN: dict[str, pl.DataType | type[pl.DataType]] = {
    "first": pl.UInt64,
    "second": pl.UInt64,
    "of_first": pl.Float64,
    "of_second": pl.Float64,
    "count_first": pl.Int32,
    "count_second": pl.Int32,
    "quoted_first": pl.List(pl.Int32),
    "quoted_second": pl.List(pl.Int32),
}
"""What is known of two texts by their digests, the lower first: see `sharing.Share`; `quoted_` are
the numbers of the longest sentences in common."""

REPEATS: dict[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.Int64,
    "other": pl.Int64,
    "share": pl.Float64,
    "sentences": pl.Int32,
    "quoted": pl.List(pl.Int32),
    "same_agency": pl.Boolean,
}
"""A text and one that it repeats, by their rows."""


class Found(msgspec.Struct, frozen=True):
    """What was found among some texts.

    Attributes:
        repeats: The columns of `REPEATS`.
        groups: `group` (the row of its first text), `row` and `agencies`, a row a text in a group.
        known: The columns of `KNOWN`: of all pairs that were compared, now or before.
    """

    repeats: pl.DataFrame
    groups: pl.DataFrame
    known: pl.DataFrame


def find(texts: pl.DataFrame, fetch: Fetch, known: pl.DataFrame | None = None) -> Found:
    """What texts repeat of the same agency's earlier ones, and of others' of the year or earlier.

    Args:
        texts: The columns `chars`, `digest`, `signature`, `hashes` and `lengths` of `SIGNED`, with
            `owner` (a number an agency) and `year`; of one section, by year. No two of one owner
            and year: copies of one report are none of another.
        fetch: Called for texts of pairs that aren't known.
        known: `Found.known` of before.

    Returns:
        See `Found`; of each text its last year always, earlier ones and the nearest others from a
        share of `KEPT` on.
    """
    rows = texts.select("digest", "chars", "owner", "year", row=pl.int_range(pl.len()))
    enough = rows.filter((pl.col("chars") >= LEAST) & pl.col("year").is_not_null())
    classes = _classes(enough)
    own, near = _own_pairs(enough), _near_pairs(classes, texts)
    before = pl.DataFrame(schema=KNOWN) if known is None else known
    asked = _keyed(pl.concat([own.select("first", "second"), near]), enough)
    told = _told(asked, before, fetch)
    compared = _compared(asked, told)
    beside = compared.join(near, on=["first", "second"], how="semi")
    towards = _towards(beside, classes, texts["lengths"])
    repeats = pl.concat([_of_own(own, compared), _of_others(towards, classes, enough)])
    order = ("row", "same_agency", "share", "other")
    return Found(
        repeats.sort(order, descending=[False, True, True, True]),
        _groups(towards, classes, enough),
        told,
    )


def _classes(enough: pl.DataFrame) -> pl.DataFrame:
    """A row a text that differs: its first row, and the first one of another owner, if any."""
    owner, row, year = pl.col("owner"), pl.col("row"), pl.col("year")
    other = owner != owner.first()
    return enough.group_by("digest", maintain_order=True).agg(
        row.first(),
        year.first(),
        owner.first(),
        other_row=row.filter(other).first(),
        other_year=year.filter(other).first(),
    )


def _own_pairs(enough: pl.DataFrame) -> pl.DataFrame:
    """Each text with the earlier ones of its owner: `second` is the text, `first` the earlier."""
    one = enough.select("owner", second="row", year="year")
    other = enough.select("owner", first="row", before="year")
    return (
        one.join(other, on="owner")
        .filter(pl.col("before") < pl.col("year"))
        .with_columns(last=pl.col("before") == pl.col("before").max().over("second"))
        .select("first", "second", "last")
        .sort("second", "first")
    )


def _near_pairs(classes: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Classes that may be alike, by their first rows; not of those of one owner alone."""
    of = pl.when(pl.col("other_row").is_null()).then("owner").otherwise(pl.lit(-1))
    owners = classes.select(of.cast(pl.Int32)).to_series().to_numpy()
    rows = classes["row"].to_numpy()
    # No copy where no two are equal: these are the largest there are.
    mine = texts.select("lengths", "hashes", "signature", "chars")
    if len(rows) < texts.height:
        mine = mine[rows]
    lengths = mine["lengths"]
    starts = np.concatenate([[0], lengths.list.len().cast(pl.Int64).cum_sum()]).astype(np.int64)
    signatures = mine["signature"].bin.reinterpret(
        dtype=pl.Array(pl.UInt16, PERMUTATIONS), endianness="little"
    )
    every = signatures.to_numpy()
    del signatures
    first, second = pairs(
        every,
        owners,
        (_flat(mine["hashes"]), _flat(lengths), starts),
        mine["chars"].to_numpy(),
    )
    found = {"first": rows[first], "second": rows[second]}
    return pl.DataFrame(found, schema={"first": pl.Int64, "second": pl.Int64})


def _flat(lists: pl.Series) -> npt.NDArray[Any]:
    return lists.list.explode(keep_nulls=False, empty_as_null=False).to_numpy()


def _keyed(asked: pl.DataFrame, enough: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows with the digests of their texts, the lower one first."""
    one, other = pl.col("digest"), pl.col("digest_other")
    digests = enough.select("row", "digest")
    return (
        asked.unique(maintain_order=True)
        .join(digests, left_on="first", right_on="row", maintain_order="left")
        .join(digests, left_on="second", right_on="row", suffix="_other", maintain_order="left")
        .with_columns(
            swapped=one > other,
            low=pl.min_horizontal(one, other),
            high=pl.max_horizontal(one, other),
        )
        .drop("digest", "digest_other")
    )


def _told(asked: pl.DataFrame, before: pl.DataFrame, fetch: Fetch) -> pl.DataFrame:
    """What is known of all pairs asked for: those that weren't known are compared."""
    key = ["low", "high"]
    needed = asked.unique(key, keep="first", maintain_order=True)
    kept = before.join(needed, left_on=["first", "second"], right_on=key, how="semi")
    fresh = needed.join(kept, left_on=key, right_on=["first", "second"], how="anti")
    found = [kept]
    for at in range(0, fresh.height, _BLOCK):
        some = fresh[at : at + _BLOCK]
        rows = np.unique(np.concatenate([some["first"].to_numpy(), some["second"].to_numpy()]))
        sentences = dict(zip(rows.tolist(), fetch(rows), strict=True))
        between = [
            _between(sentences[b if turned else a], sentences[a if turned else b])
            for a, b, turned in some.select("first", "second", "swapped").iter_rows()
        ]
        *numbers, quoted, quoted_other = zip(*between, strict=True)
        columns = [some["low"], some["high"], *numbers, _lists(quoted), _lists(quoted_other)]
        found.append(pl.DataFrame(dict(zip(KNOWN, columns, strict=True)), schema=KNOWN))
    return pl.concat(found)


def _lists(given: Sequence[list[int]]) -> pl.Series:
    """Lists of numbers, made flat and folded: a fraction of the time that each by itself takes."""
    nth = np.repeat(np.arange(len(given)), [len(one) for one in given])
    flat = pl.DataFrame({"nth": nth, "at": pl.Series(chain.from_iterable(given), dtype=pl.Int32)})
    some = flat.group_by("nth", maintain_order=True).agg("at")
    every = pl.DataFrame({"nth": np.arange(len(given))})
    lists = every.join(some, on="nth", how="left", maintain_order="left")
    return lists.select(pl.col("at").fill_null([]))["at"]


def _between(
    first: Sequence[str], second: Sequence[str]
) -> tuple[float, float, int, int, list[int], list[int]]:
    found = share(first, second)
    return (
        *(found.of_first, found.of_second, len(found.in_first), len(found.in_second)),
        *(_longest(first, found.in_first), _longest(second, found.in_second)),
    )


def _longest(sentences: Sequence[str], among: Sequence[int]) -> list[int]:
    return sorted(sorted(among, key=lambda at: -len(sentences[at]))[:QUOTED])


def _compared(asked: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows, with what is known of their texts."""
    joined = asked.join(
        told.rename({"first": "low", "second": "high"}), on=["low", "high"], maintain_order="left"
    )
    return joined.select(
        "first",
        "second",
        *(
            pl.when("swapped")
            .then(f"{name}_{there}")
            .otherwise(f"{name}_{here}")
            .alias(f"{name}_{here}")
            for name in ("of", "count", "quoted")
            for here, there in (("first", "second"), ("second", "first"))
        ),
    )


def _of_own(own: pl.DataFrame, compared: pl.DataFrame) -> pl.DataFrame:
    found = own.join(compared, on=["first", "second"], maintain_order="left")
    return found.filter(pl.col("last") | (pl.col("of_second") >= KEPT)).select(
        row="second",
        other="first",
        share="of_second",
        sentences="count_second",
        quoted="quoted_second",
        same_agency=pl.lit(value=True),
    )


def _towards(near: pl.DataFrame, classes: pl.DataFrame, lengths: pl.Series) -> pl.DataFrame:
    """Of each class those near to it, both ways, and itself where several owners have it."""
    mixed = classes.filter(pl.col("other_row").is_not_null())
    own = lengths.gather(mixed["row"].cast(pl.UInt32)).to_list()
    itself = pl.DataFrame(
        {
            "row": mixed["row"],
            "other": mixed["row"],
            "share": pl.repeat(1.0, mixed.height, dtype=pl.Float64, eager=True),
            "back": pl.repeat(1.0, mixed.height, dtype=pl.Float64, eager=True),
            "sentences": pl.Series([len(one) for one in own], dtype=pl.Int32),
            "quoted": pl.Series([_longest_of(one) for one in own], dtype=pl.List(pl.Int32)),
        }
    )
    ways = [
        near.select(
            row=here,
            other=there,
            share=f"of_{here}",
            back=f"of_{there}",
            sentences=f"count_{here}",
            quoted=f"quoted_{here}",
        )
        for here, there in (("first", "second"), ("second", "first"))
    ]
    return pl.concat([itself, *ways])


def _longest_of(lengths: Sequence[int]) -> list[int]:
    return sorted(sorted(range(len(lengths)), key=lambda at: -lengths[at])[:QUOTED])


def _of_others(towards: pl.DataFrame, classes: pl.DataFrame, enough: pl.DataFrame) -> pl.DataFrame:
    """Of each text the nearest of others, of its year or earlier."""
    nearest = (
        towards.filter(pl.col("share") >= KEPT)
        .sort(["row", "share", "other"], descending=[False, True, False])
        .filter(pl.int_range(pl.len()).over("row") < _CLASSES)
    )
    first = classes.select(
        "digest", "other_row", "other_year", other="row", first_owner="owner", first_year="year"
    )
    own = pl.col("owner") == pl.col("first_owner")
    of = classes.select("digest", of="row")
    return (
        enough.select("row", "digest", "owner", "year")
        .join(of, on="digest")
        .drop("digest")
        .join(nearest.rename({"row": "of"}), on="of")
        .join(first.drop("digest"), on="other")
        .with_columns(
            other=pl.when(own).then("other_row").otherwise("other"),
            when=pl.when(own).then("other_year").otherwise("first_year"),
        )
        .filter(pl.col("other").is_not_null() & (pl.col("when") <= pl.col("year")))
        .sort(["row", "share", "when", "other"], descending=[False, True, True, False])
        .filter(pl.int_range(pl.len()).over("row") < NEAREST)
        .select("row", "other", "share", "sentences", "quoted", same_agency=pl.lit(value=False))
    )


def _groups(towards: pl.DataFrame, classes: pl.DataFrame, enough: pl.DataFrame) -> pl.DataFrame:
    """The texts that several agencies share, with how many these are."""
    same = towards.filter((pl.col("share") >= SAME) & (pl.col("back") >= SAME))
    group = _joined(same.select("row", "other").iter_rows())
    of = classes.select("digest", "row").with_columns(
        group=pl.col("row").replace_strict(group, default=None, return_dtype=pl.Int64)
    )
    return (
        enough.select("row", "digest", "owner")
        .join(of.select("digest", "group").drop_nulls("group"), on="digest", maintain_order="left")
        .with_columns(agencies=pl.col("owner").n_unique().over("group").cast(pl.Int32))
        .filter(pl.col("agencies") > 1)
        .select("group", "row", "agencies")
        .sort("group", "row")
    )


def _joined(edges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The lowest row of all that edges join with each."""
    above: dict[int, int] = {}

    def root(of: int) -> int:
        while (up := above.setdefault(of, of)) != of:
            above[of] = of = above[up]
        return of

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        above[high] = low
    return {row: root(row) for row in list(above)}
