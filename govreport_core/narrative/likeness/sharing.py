"""The masked sentences of two texts in, how much of each stands in the other out.

Equal sentences are found by hash; what is left is compared by edit distance, each
sentence with all of the other text where these are few, else with those that share
its rarest pieces, so that time grows with the length of the texts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from rapidfuzz import fuzz, process

EQUAL = 0.9
"""Two sentences are near-equal from this ratio on: twice what they share of both lengths."""

ALL_PAIRS = 40_000
"""Pairs of sentences that are compared one by one; of more only the likely ones are."""

_PIECE = 4  # characters; of two near-equal sentences, some piece is the same
_MOST = 12  # sentences that one is compared with, where there are many


class Share(msgspec.Struct, frozen=True):
    """How much of two texts stands in the other.

    Attributes:
        of_first, of_second: Characters of each text's sentences that have a near-equal one in
            the other, of all its characters; 0 where it has none.
        in_first, in_second: Numbers of these sentences.
    """

    of_first: float
    of_second: float
    in_first: tuple[int, ...]
    in_second: tuple[int, ...]


def share(first: Sequence[str], second: Sequence[str]) -> Share:
    """How much of two texts, given as their masked sentences, stands in the other."""
    there, here = set(second), set(first)
    found = {i for i, s in enumerate(first) if s in there}
    back = {j for j, s in enumerate(second) if s in here}
    rest = [i for i in range(len(first)) if i not in found]
    other = [j for j in range(len(second)) if j not in back]
    # A sentence may be near-equal to one that has its equal already.
    for i, j in _near(first, second, rest, range(len(second))):
        found.add(i)
        back.add(j)
    for j, i in _near(
        second, first, [j for j in other if j not in back], sorted(found - set(rest))
    ):
        back.add(j)
        found.add(i)
    return Share(
        _part(first, found), _part(second, back), tuple(sorted(found)), tuple(sorted(back))
    )


def near(
    first: Sequence[str], second: Sequence[str], least: float = EQUAL
) -> Iterator[tuple[int, int, float]]:
    """Pairs of sentences of a ratio of `least` and more, by their numbers, with it (0 to 1)."""
    if len(first) * len(second) <= ALL_PAIRS:
        if first and second:
            ratios = process.cdist(
                first, second, scorer=fuzz.ratio, score_cutoff=100 * least, dtype=np.float32
            )
            for i, j in zip(*np.nonzero(ratios), strict=True):
                yield int(i), int(j), float(ratios[i, j]) / 100
        return
    for i, candidates in enumerate(_candidates(first, second)):
        for j in candidates:
            ratio = fuzz.ratio(first[i], second[j], score_cutoff=100 * least)
            if ratio:
                yield i, j, ratio / 100


def _near(
    first: Sequence[str], second: Sequence[str], among: Sequence[int], others: Sequence[int]
) -> Iterator[tuple[int, int]]:
    for i, j, _ in near([first[i] for i in among], [second[j] for j in others]):
        yield among[i], others[j]


def _candidates(first: Sequence[str], second: Sequence[str]) -> Iterator[list[int]]:
    """For each sentence of a long text those of another that share its rarest pieces."""
    holding: dict[str, list[int]] = defaultdict(list)
    for j, sentence in enumerate(second):
        for piece in _pieces(sentence):
            holding[piece].append(j)
    for sentence in first:
        found: dict[int, None] = {}
        for piece in sorted(_pieces(sentence) & holding.keys(), key=lambda p: (len(holding[p]), p)):
            found |= dict.fromkeys(holding[piece][:_MOST])
            if len(found) >= _MOST:
                break
        yield list(found)[:_MOST]


def _pieces(sentence: str) -> set[str]:
    return {sentence[at : at + _PIECE] for at in range(max(1, len(sentence) - _PIECE + 1))}


def _part(sentences: Sequence[str], found: set[int]) -> float:
    whole = sum(map(len, sentences))
    return sum(len(sentences[i]) for i in found) / whole if whole else 0.0
