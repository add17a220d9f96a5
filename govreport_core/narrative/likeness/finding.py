"""Texts and a way to fetch their sentences in; what each repeats, and who shares one, out.

Equal texts are one class: a class is compared, never its members with each other.
What was found of two texts holds as long as both stand: it is known by their digests.
Which texts are near is found anew only where texts came or went: see `renewing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from govreport_core.narrative.likeness.comparing import QUOTED, compared
from govreport_core.narrative.likeness.known import KEPT, KEY, KNOWN, STOOD, TOLD, Known
from govreport_core.narrative.likeness.renewing import near_pairs

LEAST = 100
"""Characters of masked text below which two texts are alike by chance: none is compared."""

SAME = 0.85
"""From this share on, both ways, two texts are one."""

NEAREST = 3
"""How many others are told of a text."""

_BLOCK = 400_000  # pairs that are compared at a time
_TEXTS = 50_000  # rows of which all pairs with so many others are: their sentences are in memory
_CLASSES = 24  # classes near to one that are looked through for each of its texts

Fetch = Callable[[npt.NDArray[np.int64]], pl.Series]
"""Masked sentences of the texts in these rows, a list of strings a text."""

_NO_TEXTS = pl.Series(dtype=pl.List(pl.String))

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
        known: The columns of `TOLD`: of pairs that were compared, now or before.
        apart: `first` and `second` of `KNOWN`: pairs of others too unlike to be told of, most of
            those that were compared.
        stood: The columns of `STOOD`.
        renewed: Whether most near pairs are those of before: then `apart` has only some of all.
    """

    repeats: pl.DataFrame
    groups: pl.DataFrame
    known: pl.DataFrame
    apart: pl.DataFrame
    stood: pl.DataFrame
    renewed: bool


def find(texts: pl.DataFrame, fetch: Fetch, known: Known | None = None) -> Found:
    """What texts repeat of the same agency's earlier ones, and of others' of the year or earlier.

    Args:
        texts: The columns `chars`, `digest`, `signature`, `hashes` and `lengths` of `SIGNED`, with
            `owner` (a number an agency), `year` and `mark` (a number that is another for
            another owner or place in the order); of one section, by year. No two of one owner
            and year: copies of one report are none of another.
        fetch: Called for texts of pairs that aren't known.
        known: What was found before.

    Returns:
        See `Found`; of each text its last year always, earlier ones and the nearest others from a
        share of `KEPT` on.
    """
    rows = texts.select("digest", "chars", "owner", "year", "mark", row=pl.int_range(pl.len()))
    enough = rows.filter((pl.col("chars") >= LEAST) & pl.col("year").is_not_null())
    classes = _classes(enough)
    own = _own_pairs(enough)
    near, renewed = near_pairs(classes, texts, known)
    many = texts.height
    asked = [  # near ones first: as those they are known, where they are both
        near.select(*KEY, own=pl.lit(value=False), part=_rows_part(many)),
        own.select(*KEY, own=pl.lit(value=True), part=_owners_part(many)),
    ]
    del near
    both, told, apart = _compared(pl.concat(asked), texts["digest"], known, fetch)
    towards = _towards(both.filter(~pl.col("own")), classes, texts["lengths"])
    of_own = _of_own(own, both.filter("own").drop("own"))
    repeats = pl.concat([of_own, _of_others(towards, classes, enough)])
    order = ("row", "same_agency", "share", "other")
    return Found(
        repeats.sort(order, descending=[False, True, True, True]),
        _groups(towards, classes, enough),
        told,
        apart,
        classes.select(*STOOD),
        renewed,
    )


def _classes(enough: pl.DataFrame) -> pl.DataFrame:
    """A row a text that differs: its first row, and the first one of another owner, if any."""
    owner, row, year = pl.col("owner"), pl.col("row"), pl.col("year")
    other = owner != owner.first()
    return (
        enough.group_by("digest", maintain_order=True)
        .agg(
            row.first(),
            year.first(),
            owner.first(),
            other_row=row.filter(other).first(),
            other_year=year.filter(other).first(),
            mark=pl.col("mark").first(),
        )
        .with_columns(mark=pl.struct("mark", "digest", pl.col("other_row").is_null()).hash())
    )


def _own_pairs(enough: pl.DataFrame) -> pl.DataFrame:
    """Each text with the earlier ones of its owner: `second` is the text, `first` the earlier."""
    one = enough.select("owner", second="row", year="year")
    other = enough.select("owner", first="row", before="year")
    return (
        one.join(other, on="owner")
        .filter(pl.col("before") < pl.col("year"))
        .with_columns(last=pl.col("before") == pl.col("before").max().over("second"))
        .select("first", "second", "last", "owner")
        .sort("owner", "second", "first")
    )


def _owners_part(texts: int) -> pl.Expr:
    """Pairs of an owner's own texts by owner, so that each text is in one part alone."""
    parts = 1 + texts // (2 * _TEXTS)
    return -1 - pl.col("owner").cast(pl.Int64) * parts // (pl.col("owner").max() + 1)


def _rows_part(texts: int) -> pl.Expr:
    """Pairs by where both rows stand, so that no part has more texts than two times so many."""
    first, second = (pl.col(name) // _TEXTS for name in KEY)
    return first * texts + second


def _compared(
    asked: pl.DataFrame, digests: pl.Series, known: Known | None, fetch: Fetch
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """What is known of pairs of rows, and by digests: of one's own all, of others' the like ones.

    Of the others, many times more, no more is kept than that they were compared.
    """
    empty = pl.DataFrame(schema=KNOWN)
    keyed = _keyed(asked[:0], digests)
    rows, apart = [_of_rows(keyed, empty)], [empty.select(KEY)]
    told = [pl.DataFrame(schema=TOLD)]
    for some in _blocks(asked):
        keyed = _keyed(some, digests)
        before = empty if known is None else _before(keyed, known)
        found = _told(keyed, before, fetch)
        of_own = keyed.filter("own").select(first="low", second="high")
        like = pl.max_horizontal("of_first", "of_second") >= KEPT
        kept = pl.concat([found.filter(like), found.join(of_own, on=KEY, how="semi")])
        kept = kept.unique(KEY, maintain_order=True)
        rows.append(_of_rows(keyed, kept))
        told.append(kept.with_columns(near=pl.lit(not some["own"][0])))
        apart.append(found.select(KEY).join(kept, on=KEY, how="anti"))
    once = pl.concat(told).unique(KEY, keep="first", maintain_order=True)
    return pl.concat(rows), once, pl.concat(apart)


def _blocks(asked: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Some pairs of few texts at a time."""
    for part in asked.partition_by("part", maintain_order=True, include_key=False):
        yield from part.iter_slices(_BLOCK)


def _before(keyed: pl.DataFrame, known: Known) -> pl.DataFrame:
    """What is known of some pairs; of an owner's own that they are apart isn't enough."""
    pair = ["low", "high"]
    told = known.told.select(*KNOWN).join(keyed, left_on=KEY, right_on=pair, how="semi")
    others = keyed.filter(~pl.col("own")).join(told, left_on=pair, right_on=KEY, how="anti")
    if others.is_empty():
        return told
    apart = known.apart.join(others, left_on=KEY, right_on=pair, how="semi")
    return pl.concat([told, apart], how="diagonal")


def _keyed(asked: pl.DataFrame, digests: pl.Series) -> pl.DataFrame:
    """Pairs of rows with the digests of their texts, the lower one first."""
    one, other = (digests.gather(asked[name]) for name in KEY)
    return asked.with_columns(
        swapped=one > other,
        low=pl.min_horizontal(one, other),
        high=pl.max_horizontal(one, other),
    )


def _told(asked: pl.DataFrame, before: pl.DataFrame, fetch: Fetch) -> pl.DataFrame:
    """What is known of all pairs asked for: those that weren't known are compared."""
    key = ["low", "high"]
    needed = asked.unique(key, keep="first", maintain_order=True)
    kept = before.join(needed, left_on=["first", "second"], right_on=key, how="semi")
    fresh = needed.join(kept, left_on=key, right_on=["first", "second"], how="anti")
    rows = np.unique(np.concatenate([fresh["first"].to_numpy(), fresh["second"].to_numpy()]))
    one, other = (
        np.searchsorted(rows, fresh.select(pl.when("swapped").then(b).otherwise(a)).to_series())
        for a, b in (("first", "second"), ("second", "first"))
    )
    between = compared(fetch(rows) if len(rows) else _NO_TEXTS, one, other)
    found = pl.concat([fresh.select(first="low", second="high"), between], how="horizontal")
    return pl.concat([kept, found])


def _of_rows(asked: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows, with what is known of their texts."""
    joined = asked.join(
        told.rename({"first": "low", "second": "high"}), on=["low", "high"], maintain_order="left"
    )
    return joined.select(
        *KEY,
        "own",
        *(
            pl.when("swapped")
            .then(f"{name}_{there}")
            .otherwise(f"{name}_{here}")
            .alias(f"{name}_{here}")
            for name in ("of", "count", "quoted")
            for here, there in (("first", "second"), ("second", "first"))
        ),
    )


def _of_own(own: pl.DataFrame, both: pl.DataFrame) -> pl.DataFrame:
    found = own.join(both, on=["first", "second"], maintain_order="left")
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
