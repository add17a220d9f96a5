"""Generated texts for the benches of likeness: a number in, texts with known neighbours out.

Sentences are of words drawn from a few thousand, the common ones far more often, as
in prose. A text comes from its number alone, so that a million of them are never in
memory: `python tests/bench/many_repeats.py 200000` measures what finding them costs.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Sequence
from functools import lru_cache

import click
import numpy as np
import numpy.typing as npt
import polars as pl

from govreport_core.narrative.likeness.finding import Found, find
from govreport_core.narrative.likeness.masking import Sentence
from govreport_core.narrative.likeness.signing import likened

SENTENCES = 14
"""Sentences of a text, of 14 to 36 characters."""

_WORDS = 1_000
_FIRST = 0x4E00
_AT_ONCE = 10_000
_BLOCK = 1_000
EVERY = 10
"""One text in so many is a neighbour of the one before it."""


def _words() -> tuple[list[str], npt.NDArray[np.float64]]:
    letters = np.random.default_rng(1).integers(0, 2_500, (_WORDS, 2)) + _FIRST
    weights = 1 / np.arange(1, _WORDS + 1) ** 1.0
    return ["".join(map(chr, two)) for two in letters], np.cumsum(weights / weights.sum())


WORDS, ODDS = _words()


def shared(number: int) -> int:
    """How many sentences a text has in common with the one before it."""
    if number % EVERY != EVERY - 1:
        return 0
    return 4 + number // EVERY * 7 % (SENTENCES - 3)


def sentences(number: int) -> list[str]:
    """A text's masked sentences."""
    own = _block(number // _BLOCK)[number % _BLOCK]
    common = shared(number)
    if not common:
        return own
    kept = _block((number - 1) // _BLOCK)[(number - 1) % _BLOCK][:common]
    if number % (2 * EVERY) == EVERY - 1:
        # A word is another in each: near-equal, and found by no hash of a sentence.
        kept = [one[:6] + WORDS[number % _WORDS] + one[8:] for one in kept]
    return kept + own[common:]


@lru_cache(maxsize=4)
def _block(block: int) -> list[list[str]]:
    """The texts of a block before they share any."""
    chance = np.random.default_rng((2, block))
    lengths = chance.integers(7, 18, _BLOCK * SENTENCES)
    picked = np.searchsorted(ODDS, chance.random(int(lengths.sum())))
    words = [WORDS[at] for at in picked.tolist()]
    ends = np.cumsum(lengths).tolist()
    every = [
        "".join(words[end - length : end])
        for length, end in zip(lengths.tolist(), ends, strict=True)
    ]
    return [every[at : at + SENTENCES] for at in range(0, len(every), SENTENCES)]


def frame(texts: int) -> pl.DataFrame:
    """What `find` takes: every text of an agency of its own, a sixth of them each of six years."""
    parts = []
    for at in range(0, texts, _AT_ONCE):
        some = range(at, min(at + _AT_ONCE, texts))
        cut = [[Sentence(one, 0, 0) for one in sentences(number)] for number in some]
        parts.append(likened(cut).drop("sentences", "starts", "ends"))
    row = pl.int_range(pl.len())
    placed = {"owner": row, "year": 2019 + row * 6 // pl.len(), "mark": row.cast(pl.UInt64)}
    return pl.concat(parts).with_columns(**placed)


def fetched(rows: npt.NDArray[np.int64]) -> pl.Series:
    """What `find` asks for."""
    return pl.Series([sentences(int(row)) for row in rows], dtype=pl.List(pl.String))


def pieces(texts: Sequence[str]) -> set[str]:
    """What the share in common of two texts is of: their pieces of three characters."""
    return {one[at : at + 3] for one in texts for at in range(len(one) - 2)}


def jaccard(first: int, second: int) -> float:
    """The share of their pieces that two texts have in common."""
    one, other = pieces(sentences(first)), pieces(sentences(second))
    return len(one & other) / len(one | other)


def recall(found: Found, texts: int) -> dict[str, tuple[int, int]]:
    """Found and planted pairs: of more than half of all pieces, and of a share of sentences."""
    pairs = set(found.repeats.filter(~pl.col("same_agency")).select("row", "other").iter_rows())
    counted = {"jaccard > 0.5": [0, 0], "50%": [0, 0], "64%": [0, 0], "all": [0, 0]}
    for number in range(EVERY - 1, texts, EVERY):
        there = (number, number - 1) in pairs
        names = ["all"]
        if jaccard(number, number - 1) > 0.5:
            names.append("jaccard > 0.5")
        names += [n for n, s in (("50%", 7), ("64%", 9)) if shared(number) == s]
        for name in names:
            counted[name][0] += there
            counted[name][1] += 1
    return {name: (hit, all_) for name, (hit, all_) in counted.items()}


def precise(found: Found) -> float:
    """How many of the pairs found were planted: texts share a sentence only where they were."""
    told = found.repeats.filter(~pl.col("same_agency")).select("row", "other").rows()
    right = sum(abs(row - other) == 1 and shared(max(row, other)) > 0 for row, other in told)
    return right / len(told)


def main(texts: int) -> None:
    """Measure, and say what it costs."""
    began = time.process_time()
    made = frame(texts)
    signed = time.process_time() - began
    held = _most()
    waiting = 0.0

    def timed(rows: npt.NDArray[np.int64]) -> pl.Series:
        nonlocal waiting
        began = time.process_time()
        got = fetched(rows)
        waiting += time.process_time() - began
        return got

    began = time.process_time()
    found = find(made, timed)
    spent = time.process_time() - began - waiting
    click.echo(f"{texts:,} texts: found in {spent:.1f} CPU s, {_most():,.0f} MB at most")
    click.echo(f"  made up and signed before in {signed:.1f} CPU s, {held:,.0f} MB")
    pairs = found.known.height + found.apart.height
    click.echo(f"  compared {pairs:,} pairs, told {found.repeats.height:,}")
    if texts <= 200_000:
        click.echo(f"  precision {precise(found):.4f}")
        for name, (hit, every) in recall(found, texts).items():
            click.echo(f"  recall {name}: {hit / max(1, every):.4f} of {every}")


def _most() -> float:
    """The most memory used so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")))
