"""Terms as `themes.toml` writes them and its lists in, patterns and where they stand out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from govreport_core.folding import squash

Lists = Mapping[str, tuple[str, ...]]
Span = tuple[int, int]
# By the characters that terms open with, two or else one: whose they are, and their pattern.
Index = Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]]

_GAPS = {"…": "[^,。;:!?]{0,12}?", "……": "[^。;!?]{0,40}?"}
_GAP = re.compile("(…+)")
_LIST = re.compile(r"\{(\w+)\}")


def pattern(terms: Sequence[str], lists: Lists) -> re.Pattern[str]:
    """All terms as one, grouped by their first character, so most places cost nothing."""
    rests: dict[str, set[str]] = defaultdict(set)
    for term in terms:
        for plain in _openings(term, lists):
            rests[squash(plain)[0]].add(_written_out(squash(plain)[1:], lists))
    return re.compile("|".join(re.escape(first) + _any(rest) for first, rest in rests.items()))


def index(terms: Mapping[str, Sequence[str]], lists: Lists) -> Index:
    """The terms of each owner, so that a place in a text costs only those that may stand there."""
    rests: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for owner, each in terms.items():
        for plain in (squash(plain) for term in each for plain in _openings(term, lists)):
            opening = plain[: 1 if plain[1:2] in "…{" else 2]
            rests[opening][owner].add(_written_out(plain[len(opening) :], lists))
    found: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {}
    for opening in sorted(rests, key=len):
        of_one = found.get(opening[0], ())
        found[opening] = (*_each(opening, rests[opening]), *of_one)
    return found


def _each(
    opening: str, rests: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, re.Pattern[str]]]:
    for owner, rest in rests.items():
        yield owner, re.compile(re.escape(opening) + _any(rest))


def standing(terms: Index, text: str) -> dict[str, list[Span]]:
    """By owner, where its terms stand in squashed text, in its order and apart."""
    found: dict[str, list[Span]] = {}
    for start, first in enumerate(text):
        here = terms.get(text[start : start + 2]) or terms.get(first)
        for owner, term in here or ():
            match = term.match(text, start)
            if match is None:
                continue
            if owner not in found:
                found[owner] = [match.span()]
            elif start >= found[owner][-1][1]:
                found[owner].append(match.span())
    return found


def _openings(term: str, lists: Lists) -> Iterator[str]:
    """A term with each word of a list that it opens with in its place."""
    opening = _LIST.match(term)
    if opening is None:
        yield term
        return
    yield from (word + term[opening.end() :] for word in lists[opening[1]])


def _written_out(term: str, lists: Lists) -> str:
    """The pattern of a term, or of the rest of one."""
    return "".join(
        _any(map(_gapped, lists[part])) if at % 2 else _gapped(part)
        for at, part in enumerate(_LIST.split(term))
    )


def _any(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(patterns, key=lambda pattern: (-len(pattern), pattern)))})"


def _gapped(term: str) -> str:
    parts = enumerate(_GAP.split(term))
    return "".join(_GAPS[part] if at % 2 else re.escape(squash(part)) for at, part in parts)


def wrong_in(term: str, lists: Lists) -> Iterator[str]:
    """What makes a term unreadable: a list that isn't there, nothing at an end, a wrong gap."""
    unknown = [name for name in _LIST.findall(term) if name not in lists]
    yield from (f"{term}: no list {name!r}" for name in unknown)
    if not term.strip("…") or term != term.strip("… "):
        yield f"{term!r} begins or ends with nothing"
    yield from (f"{term}: {gap}" for gap in _GAP.findall(term) if gap not in _GAPS)
