"""Weights of words and a text in, how likely each theme is and what speaks for it out.

The weights were counted on labelled points: how much more often points of a theme have a
character, or two in a row, than others. What a text has of them is added up.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import exp, sqrt
from operator import add
from struct import unpack
from typing import NamedTuple

from govreport_core.errors import RuleError

# Weights are whole tenths in the file. Those of a word are one number, a lane a theme, so that
# adding a word is one addition; each is so much more than it is that none is below zero.
_TENTHS = 10
_LANE, _MORE = 32, 1 << 12
# Of the words that speak for a theme, those of this share of the heaviest one's weight are shown.
_HEAVY = 0.5
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
    (_, *codes), *rows = csv.reader(text.splitlines())
    by_word: dict[str, list[int]] = {}
    for word, *numbers in rows:
        if word in by_word or len(word) > 2 or len(numbers) != len(codes):
            msg = f"theme weights: {word!r}"
            raise RuleError(msg)
        by_word[word] = [_whole(word, number) for number in numbers]
    if "" not in by_word:
        msg = "theme weights: no row without a word"
        raise RuleError(msg)
    base = tuple(by_word.pop(""))
    return Weights(tuple(codes), base, {word: _packed(each) for word, each in by_word.items()})


def heaviest(code: str, found: Weights, count: int) -> list[str]:
    """The words of two characters that speak most for a theme, the heaviest first."""
    at = found.codes.index(code)
    pairs = (word for word in found.by_word if len(word) > 1)
    return sorted(pairs, key=lambda word: (-_lane(found.by_word[word], at), word))[:count]


def words_of(text: str) -> set[str]:
    """The characters of squashed text and each two in a row, without signs and numbers."""
    words: set[str] = set()
    for run in _SIGNS.split(text):
        words.update(run)
        words.update(map(add, run, run[1:]))
    return words


def likelihoods(text: str, found: Weights) -> dict[str, float]:
    """How likely squashed text is of each theme, 0 to 1."""
    words = words_of(text)
    known = [found.by_word[word] for word in words if word in found.by_word]
    more = len(known) * _MORE
    length = sqrt(max(len(words), 1)) * _TENTHS
    return {
        code: 1 / (1 + exp(-base / _TENTHS - (total - more) / length))
        for code, base, total in zip(found.codes, found.base, _lanes(found, known), strict=True)
    }


def speaking(code: str, text: str, found: Weights) -> list[Span]:
    """Where the words stand that speak most for a theme, in the text's order and apart."""
    at = found.codes.index(code)
    words = words_of(text)
    mine = {word: _lane(found.by_word[word], at) - _MORE for word in words & found.by_word.keys()}
    heaviest = max(mine.values(), default=0)
    heavy = [word for word, weight in mine.items() if 0 < weight >= _HEAVY * heaviest]
    return joined(match.span() for word in heavy for match in re.finditer(re.escape(word), text))


def joined(spans: Iterable[Span]) -> list[Span]:
    """In the text's order, those that touch as one."""
    done: list[Span] = []
    for start, end in sorted(spans):
        if done and start <= done[-1][1]:
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        else:
            done.append((start, end))
    return done


def _lanes(found: Weights, words: Iterable[int]) -> tuple[int, ...]:
    """What words weigh together, by theme."""
    themes = len(found.codes)
    return unpack(f"<{themes}I", sum(words).to_bytes(themes * _LANE // 8, "little"))


def _lane(packed: int, at: int) -> int:
    return (packed >> (_LANE * at)) & ((1 << _LANE) - 1)


def _packed(each: Sequence[int]) -> int:
    return sum((weight + _MORE) << (_LANE * at) for at, weight in enumerate(each))


def _whole(word: str, number: str) -> int:
    try:
        return int(number or 0)
    except ValueError:
        msg = f"theme weights: {word!r} weighs {number!r}"
        raise RuleError(msg) from None
