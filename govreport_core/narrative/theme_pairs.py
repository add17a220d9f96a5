"""Pairs of words as `themes.toml` writes them and a text in, where both stand in one clause out.

A pair, `A&B`, is of two lists or plain words in either order. All words of all pairs are looked
for at once, so that many pairs cost little more than one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from govreport_core.folding import squash
from govreport_core.narrative.theme_terms import Lists, Span

_LIST = re.compile(r"\{(\w+)\}\Z")


class Pairs(NamedTuple):
    """What all pairs look for: `sides` of a word, `wanted` the themes of two sides.

    `words` are patterns by the two characters that what they look for begins with.
    """

    words: Mapping[str, re.Pattern[str]]
    sides: Mapping[str, tuple[tuple[str, int], ...]]
    wanted: Mapping[str, tuple[tuple[str, str], ...]]


def pairs_of(pairs: Iterable[tuple[str, str]], lists: Lists) -> Pairs | None:
    """All pairs, each with its theme, ready to be looked for; none where there are none."""
    wanted: dict[str, list[tuple[str, str]]] = defaultdict(list)
    of_word: dict[str, set[str]] = defaultdict(set)
    for theme, pair in pairs:
        first, second = pair.split("&")
        wanted[first].append((second, theme))
        for side in (first, second):
            for word in words_of(side, lists):
                of_word[squash(word)].add(side)
    if not wanted:
        return None
    sides = {word: tuple(_of_prefixes(word, of_word)) for word in of_word}
    return Pairs(_by_opening(of_word), sides, {side: tuple(w) for side, w in wanted.items()})


def words_of(side: str, lists: Lists) -> tuple[str, ...]:
    """The words that one side of a pair stands for."""
    named = _LIST.match(side)
    return lists[named[1]] if named else (side,)


def paired(
    found: Pairs | None, text: str, clause_ends: Sequence[int]
) -> Mapping[str, Sequence[tuple[Span, Span]]]:
    """By theme, both words of each pair that stands in one clause."""
    if found is None:
        return {}
    told: dict[str, list[tuple[Span, Span]]] = defaultdict(list)
    for clause in _clauses(found, text, clause_ends):
        for side in clause.keys() & found.wanted.keys():
            for other, theme in found.wanted[side]:
                if other in clause:
                    told[theme] += _apart(clause[side], clause[other])
    return told


def _of_prefixes(word: str, of_word: Mapping[str, set[str]]) -> Iterator[tuple[str, int]]:
    """The sides that a word is of, and those of the words that it begins with."""
    for length in range(1, len(word) + 1):
        for side in sorted(of_word.get(word[:length], ())):
            yield side, length


def _by_opening(words: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """For each two characters, or one, the longest of the words that begin with them."""
    of_opening: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=lambda word: (-len(word), word)):
        of_opening[word[:2]].append(word)
    return {
        opening: re.compile("|".join(map(re.escape, [*same, *of_opening.get(opening[0], ())])))
        for opening, same in of_opening.items()
    }


def _clauses(
    found: Pairs, text: str, clause_ends: Sequence[int]
) -> Iterable[dict[str, list[Span]]]:
    """For each clause with a word, where each side's words stand in it, overlapping ones too."""
    clauses: dict[int, dict[str, list[Span]]] = {}
    for start, first in enumerate(text):
        words = found.words.get(text[start : start + 2]) or found.words.get(first)
        match = words.match(text, start) if words else None
        if match is None:
            continue
        clause = clauses.setdefault(bisect_right(clause_ends, start), {})
        for side, length in found.sides[match[0]]:
            clause.setdefault(side, []).append((start, start + length))
    return clauses.values()


def _apart(ones: Sequence[Span], others: Sequence[Span]) -> list[tuple[Span, Span]]:
    """The first two spans that don't overlap."""
    for one in ones:
        for other in others:
            if one[1] <= other[0] or other[1] <= one[0]:
                return [(one, other)]
    return []
