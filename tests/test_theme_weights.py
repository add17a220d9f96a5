"""Weights of words in, how likely a text's themes are out: a small file is read as an example."""

from __future__ import annotations

import csv
from math import exp, sqrt

import pytest
from weigh_themes import FILE, cases, weigh

from govreport_core.errors import RuleError
from govreport_core.narrative.taxonomy import taxonomy
from govreport_core.narrative.theme_weights import (
    heaviest,
    likelihoods,
    parse_weights,
    weights,
    words_of,
)

SMALL = "word,haste,calm\n,-10,-20\n快,30,-15\n快办,12,\n慢慢,-8,40\n"


def test_words_are_characters_and_two_in_a_row_without_signs_and_numbers() -> None:
    assert words_of("快办3件,慢。") == {"快", "办", "快办", "件", "慢"}
    assert words_of("2025,。") == set()
    assert words_of("一是快;二是慢") == {"快", "慢"}


def test_a_theme_is_as_likely_as_its_words_weigh() -> None:
    likely = likelihoods(words_of("快办"), parse_weights(SMALL))
    assert likely["haste"] == pytest.approx(1 / (1 + exp(1 - 4.2 / sqrt(3))))
    assert likely["calm"] == pytest.approx(1 / (1 + exp(2 + 1.5 / sqrt(3))))
    assert likelihoods(set(), parse_weights(SMALL))["calm"] == pytest.approx(1 / (1 + exp(2)))


def test_the_heaviest_words_of_a_theme_are_told() -> None:
    assert heaviest("calm", parse_weights(SMALL), 1) == ["慢慢"]


@pytest.mark.parametrize("row", ["快,1,2", "急,1", "急,1,2,3", "急急急,1,2", "急,1,多", "急,1,2.5"])
def test_a_file_that_does_not_fit_is_refused(row: str) -> None:
    with pytest.raises(RuleError, match="theme weights"):
        parse_weights(f"{SMALL}{row}\n")


def test_a_file_without_the_row_of_no_word_is_refused() -> None:
    with pytest.raises(RuleError, match="without a word"):
        parse_weights("word,haste\n快,1\n")


def test_the_shipped_weights_are_those_of_the_labelled_points() -> None:
    """Nearly, since another machine may round a few otherwise: `python tests/weigh_themes.py`."""
    with FILE.open(encoding="utf-8", newline="") as file:
        shipped = list(csv.reader(file))
    counted = weigh(cases())
    ours, theirs = ({row[0]: row[1:] for row in rows} for rows in (shipped, counted))
    assert weights().codes == tuple(taxonomy())
    same = [ours.get(word) == row for word, row in theirs.items()]
    assert sum(same) / len(same) > 0.98
    assert len(ours.keys() ^ theirs.keys()) < 0.02 * len(ours)
