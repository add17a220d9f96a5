"""Two texts in, side by side out: which sentences were kept, changed, are new, were dropped.

Sentences are paired in their order, so that those paired say as much alike as can be;
within a changed one, words. Time grows with the length of the texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from rapidfuzz.distance import Indel

from govreport_core.narrative.likeness.masking import bare_sentences
from govreport_core.narrative.likeness.sharing import near

CHANGED = 0.6
"""Two sentences are one that was changed from this ratio on: twice what they share of both."""

_EQUALS = 12  # places of an equal sentence that are looked at, where it is said again and again
_ISLAND = 2  # words in common within a change that are read as part of it
_WORD = re.compile(r"\d[\d.,]*%?|[A-Za-z]+|.", re.DOTALL)

Span = tuple[int, int]
"""Where something starts and ends in its text."""

Kind = Literal["kept", "changed", "new", "dropped"]


class Piece(msgspec.Struct, frozen=True, gc=False):
    """Words of a changed sentence, in the first text and in the second; one may be empty."""

    first: Span
    second: Span
    same: bool


class Line(msgspec.Struct, frozen=True, gc=False):
    """A sentence of either text, or one of each that belong together.

    Attributes:
        first: Where it stands in the first text; None of a new one.
        second: Where it stands in the second text; None of one that was dropped.
        pieces: Its words, where it was changed.
        moved: It is said in the other text too, at another place.
    """

    kind: Kind
    first: Span | None
    second: Span | None
    pieces: tuple[Piece, ...] = ()
    moved: bool = False


def aligned(first: str, second: str) -> tuple[Line, ...]:
    """Set two texts side by side.

    Width, spaces and enumerators don't count: 一是加强培训 and （一）加强培训 are the same.

    Args:
        first: The earlier text, or one agency's; as in the table `sections`.
        second: The later one, or another agency's.

    Returns:
        The lines in the order of both texts, what was dropped before what is new.
    """
    one, other = list(bare_sentences(first)), list(bare_sentences(second))
    here, there = [bare for bare, _, _ in one], [bare for bare, _, _ in other]
    chain = _chain(here, there)
    left = {here[i] for i in range(len(here))} - {here[i] for i, j in chain if here[i] == there[j]}
    moved = left & set(there)
    found: list[Line] = []
    i = j = 0
    for stop_i, stop_j in [*chain, (len(one), len(other))]:
        found += (
            Line("dropped", one[at][1:], None, moved=here[at] in moved) for at in range(i, stop_i)
        )
        found += (
            Line("new", None, other[at][1:], moved=there[at] in moved) for at in range(j, stop_j)
        )
        if stop_i < len(one):
            found.append(_pair(first, second, one[stop_i], other[stop_j]))
        i, j = stop_i + 1, stop_j + 1
    return tuple(found)


def _pair(first: str, second: str, one: tuple[str, int, int], other: tuple[str, int, int]) -> Line:
    if one[0] == other[0]:
        return Line("kept", one[1:], other[1:])
    return Line("changed", one[1:], other[1:], tuple(_words(first, second, one[1:], other[1:])))


def _chain(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of sentences that belong together, in the order of both texts."""
    begin = 0
    while begin < min(len(first), len(second)) and first[begin] == second[begin]:
        begin += 1
    end = 0
    most = min(len(first), len(second)) - begin
    while end < most and first[-1 - end] == second[-1 - end]:
        end += 1
    one, other = first[begin : len(first) - end], second[begin : len(second) - end]
    middle = _heaviest(_alike(one, other))
    return [
        *((at, at) for at in range(begin)),
        *((i + begin, j + begin) for i, j in middle),
        *((len(first) - at, len(second) - at) for at in range(end, 0, -1)),
    ]


def _alike(first: Sequence[str], second: Sequence[str]) -> dict[tuple[int, int], float]:
    """Pairs that may belong together, with what they have in common."""
    places: dict[str, list[int]] = defaultdict(list)
    for j, sentence in enumerate(second):
        places[sentence].append(j)
    found: dict[tuple[int, int], float] = {}
    for i, sentence in enumerate(first):
        equal = places.get(sentence, ())
        at = max(0, bisect_left(equal, i) - _EQUALS // 2)
        for j in equal[at : at + _EQUALS]:
            found[i, j] = 2.0 * len(sentence)
    for i, j, ratio in near(first, second, CHANGED):
        found.setdefault((i, j), ratio * min(len(first[i]), len(second[j])))
    return found


def _heaviest(pairs: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Of pairs those that go on in both texts and weigh most together.

    A front of ends in the second text, each heavier than those before it: every pair goes on
    from the heaviest that ends before its own.
    """
    ends: list[tuple[int, float, int]] = []
    chosen: list[tuple[tuple[int, int], int]] = []
    ordered = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    for i, j in ordered:
        at = bisect_left(ends, (j, -1.0, -1))
        before = ends[at - 1] if at else (-1, 0.0, -1)
        weight = before[1] + pairs[i, j]
        chosen.append(((i, j), before[2]))
        if at < len(ends) and ends[at][0] == j and ends[at][1] >= weight:
            continue
        stop = at
        while stop < len(ends) and ends[stop][1] <= weight:
            stop += 1
        del ends[at:stop]
        insort(ends, (j, weight, len(chosen) - 1))
    found: list[tuple[int, int]] = []
    last = ends[-1][2] if ends else -1
    while last >= 0:
        pair, last = chosen[last]
        found.append(pair)
    return found[::-1]


def _words(first: str, second: str, one: Span, other: Span) -> Iterator[Piece]:
    """What is the same and what isn't of two sentences, word by word."""
    here = [m.span() for m in _WORD.finditer(first, *one)]
    there = [m.span() for m in _WORD.finditer(second, *other)]
    codes = Indel.opcodes([first[s:e] for s, e in here], [second[s:e] for s, e in there])
    runs: list[tuple[bool, int, int, int, int]] = []
    for nth, code in enumerate(codes):
        edge = nth in (0, len(codes) - 1)
        same = code.tag == "equal" and (edge or code.src_end - code.src_start >= _ISLAND)
        if runs and runs[-1][0] == same:
            runs[-1] = (same, runs[-1][1], code.src_end, runs[-1][3], code.dest_end)
        else:
            runs.append((same, code.src_start, code.src_end, code.dest_start, code.dest_end))
    for same, start, stop, begin, end in runs:
        yield Piece(_span(here, start, stop, one), _span(there, begin, end, other), same)


def _span(words: Sequence[Span], start: int, stop: int, whole: Span) -> Span:
    begin = words[start][0] if start < len(words) else whole[1]
    return begin, words[stop - 1][1] if stop > start else begin
