"""Texts that repeat others: how the time to find them grows, and what is found.

`python tests/bench/many_repeats.py 1000000` measures a million; minutes.
"""

from __future__ import annotations

import time

import pytest
from many_repeats import fetched, frame, precise, recall

from govreport_core.narrative.likeness.finding import Found, find

pytestmark = pytest.mark.slow


def measured(texts: int) -> tuple[Found, float]:
    made = frame(texts)
    began = time.process_time()
    found = find(made, fetched)
    return found, time.process_time() - began


def test_the_time_grows_as_the_texts_do() -> None:
    """Four times the texts take at most six times as long; all pairs would take sixteen."""
    measured(1_000)
    _, few = measured(5_000)
    _, many = measured(20_000)
    assert many < 6 * few


def test_neighbours_are_found_and_nothing_else() -> None:
    found, _ = measured(10_000)
    assert precise(found) == 1
    hit, every = recall(found, 10_000)["jaccard > 0.5"]
    assert hit >= 0.97 * every
