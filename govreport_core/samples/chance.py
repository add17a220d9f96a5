"""A seed and any words in, reproducible draws out.

Only `Random.random` is drawn from: it is the one method whose sequence Python
promises to keep between versions, and the sample files are compared byte by byte.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def chance(*key: object) -> Random:
    """A source of draws that depends on `key` alone."""
    return Random("/".join(map(str, key)))  # noqa: S311 - fiction, not cryptography


def below(rng: Random, n: int) -> int:
    """A whole number from 0 to n - 1."""
    return int(rng.random() * n)


def pick(rng: Random, items: Sequence[T]) -> T:
    """One of the items."""
    return items[below(rng, len(items))]


def pick_some(rng: Random, items: Sequence[T], n: int) -> list[T]:
    """`n` different items, in drawn order; all of them when there are fewer."""
    left = list(items)
    return [left.pop(below(rng, len(left))) for _ in range(min(n, len(items)))]


def happens(rng: Random, probability: float) -> bool:
    """Whether an event of that probability takes place."""
    return rng.random() < probability


def count(rng: Random, mean: float) -> int:
    """A count scattered around `mean` as counts are (Poisson; normal above 30)."""
    if mean <= 0:
        return 0
    if mean > 30:
        spread = sum(rng.random() for _ in range(12)) - 6
        return max(0, round(mean + spread * math.sqrt(mean)))
    limit, product, n = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        n += 1
    return n


def share_out(rng: Random, n: int, weights: Sequence[float]) -> list[int]:
    """`n` things dealt one by one to places with these weights."""
    total = sum(weights)
    dealt = [0] * len(weights)
    for _ in range(n):
        at = rng.random() * total
        place = 0
        while place < len(weights) - 1 and at >= weights[place]:
            at -= weights[place]
            place += 1
        dealt[place] += 1
    return dealt
