"""Weights of words and a text in, how likely each theme is and what speaks for it out.

The weights were counted on labelled points: how much more often points of a theme have a
character, or two in a row, than others. What a text has of them is added up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from heapq import nlargest
from importlib.resources import files
from math import exp, sqrt
from operator import add
from struct import unpack
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from govreport_core.errors import RuleError

# Weights are whole tenths in the file. Those of a word are one number, a lane a theme, so that
# adding a word is one addition; each is so much more than it is that none is below zero.
_TENTHS = 10
_LONGEST_WORD = 2
_LANE, _MORE = 32, 1 << 12
_WHOLE = (1 << _LANE) - 1
# Signs and numbers part words, and so does what only numbers a point.
_SIGNS = re.compile(r"(?:[。;:!?,、()《》—\-·%.'\"“”0-9]|[一二三四五六七八九十]是)+")

Span = tuple[int, int]


class Weights(NamedTuple):
    """The weights of themes, in tenths, in the order of `codes`; `base` is that of no word."""

    codes: tuple[str, ...]
    base: tuple[int, ...]
    by_word: Mapping[str, int]


@cache
def weights() -> Weights:
    """The file that ships with govreport."""
    text = files(__package__).joinpath("theme_weights.csv").read_text(encoding="utf-8")
    return parse_weights(text)


def parse_weights(text: str) -> Weights:
    """Read the CSV: a column a theme, a row a word, the row without a word first.

    Raises:
        RuleError: A row of another length, a word twice or too long, no whole number.
    """
    head, *lines = text.splitlines()
    codes = tuple(head.split(",")[1:])
    words = [line.partition(",")[0] for line in lines]
    odd = [line for line in lines if line.count(",") != len(codes)]
    odd += [word for word in words if len(word) > _LONGEST_WORD]
    odd += [word for word, count in Counter(words).items() if count > 1]
    if odd or "" not in words:
        msg = f"theme weights: {odd[0]!r}" if odd else "theme weights: no row without a word"
        raise RuleError(msg)
    weights = _tenths(lines, codes)
    packed = (weights + _MORE).astype("<u4").tobytes()
    size = len(codes) * _LANE // 8
    by_word = {
        word: int.from_bytes(packed[at * size : (at + 1) * size], "little")
        for at, word in enumerate(words)
    }
    del by_word[""]
    return Weights(codes, tuple(weights[words.index("")].tolist()), by_word)


def _tenths(lines: Sequence[str], codes: Sequence[str]) -> npt.NDArray[np.int32]:
    """The numbers of each line, none being 0."""
    columns: dict[str, type[pl.DataType]] = {"word": pl.String} | dict.fromkeys(codes, pl.Int32)
    try:
        table = pl.read_csv("\n".join(lines).encode(), has_header=False, schema=columns)
    except pl.exceptions.PolarsError as error:
        msg = f"theme weights: {error}"
        raise RuleError(msg) from error
    return table.select(codes).fill_null(0).to_numpy()


def heaviest(code: str, found: Weights, count: int) -> list[str]:
    """The words of two characters that speak most for a theme, the heaviest first."""
    lane = _LANE * found.codes.index(code)
    words = [word for word in found.by_word if len(word) > 1]
    weighed = [found.by_word[word] >> lane & _WHOLE for word in words]
    # Very few are as heavy as the last that is wanted: no others need an order.
    least = min(nlargest(count, weighed), default=0)
    pairs = sorted((-one, word) for one, word in zip(weighed, words, strict=True) if one >= least)
    return [word for _, word in pairs[:count]]


def words_of(text: str) -> set[str]:
    """The characters of squashed text and each two in a row, without signs and numbers."""
    words: set[str] = set()
    for run in _SIGNS.split(text):
        words.update(run)
        words.update(map(add, run, run[1:]))
    return words


def likelihoods(words: Set[str], found: Weights) -> dict[str, float]:
    """How likely a text of these words is of each theme, 0 to 1."""
    known = list(filter(None, map(found.by_word.get, words)))  # no packed weight is 0
    more = len(known) * _MORE
    length = sqrt(max(len(words), 1)) * _TENTHS
    return {
        code: 1 / (1 + exp(-base / _TENTHS - (total - more) / length))
        for code, base, total in zip(found.codes, found.base, _lanes(found, known), strict=True)
    }


def _lanes(found: Weights, words: Iterable[int]) -> tuple[int, ...]:
    """What words weigh together, by theme."""
    themes = len(found.codes)
    return unpack(f"<{themes}I", sum(words).to_bytes(themes * _LANE // 8, "little"))
