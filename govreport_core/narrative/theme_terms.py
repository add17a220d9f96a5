"""Terms as `themes.toml` writes them and its lists in, where they stand in a text out.

They are looked for by the characters that they open with: a text has few of these, and of the
others no pattern is ever made.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from govreport_core.folding import fold, squash
from govreport_core.narrative.theme_weights import Span, words_of

Lists = Mapping[str, tuple[str, ...]]

# Without 。, for which a ; stands in the text: a set of signs below 256 is made ten times faster.
_GAPS = {"…": "[^,;:!?]{0,12}?", "……": "[^;!?]{0,40}?"}
_GAP = re.compile("(…+)")
_LIST = re.compile(r"\{(\w+)\}")


class Said(NamedTuple):
    """A squashed text, ; for each 。 of it, and its words: see `words_of`."""

    text: str
    words: set[str]


class Terms(NamedTuple):
    """Terms by what they open with: two characters, one alone where some term has no other.

    Attributes:
        openings: These.
        rests: By these, what follows them.
        apart: Of these, those that are no word: they are looked for one by one.
        made: The patterns of terms that texts have asked for.
    """

    openings: frozenset[str]
    rests: Mapping[str, Sequence[str]]
    apart: Sequence[str]
    lists: Lists
    made: dict[str, re.Pattern[str]]


def said(squashed: str) -> Said:
    """A text as terms are looked for in it; each character stands where it stood."""
    return Said(squashed.replace("。", ";"), words_of(squashed))


def terms_of(terms: Iterable[str], lists: Lists) -> Terms:
    """Terms to be looked for."""
    opened = "\n".join(opened for term in terms for opened in _openings(term, lists))
    plain = {"".join(term.split()) for term in fold(opened).split("\n") if term}
    bare = {term[0] for term in plain if term[1:2] in ("", "…", "{")}
    rests: dict[str, list[str]] = defaultdict(list)
    for term in plain:
        opening = term[: 1 if term[0] in bare else 2]
        rests[opening].append(term[len(opening) :])
    # Between these no sign parts a word that none parts by itself.
    apart = [opening for opening in rests if opening not in words_of(f"一{opening}是")]
    return Terms(frozenset(rests), rests, apart, lists, {})


def spans(terms: Terms, said: Said) -> list[Span]:
    """Where terms stand in the text, in its order and apart: the first that begins, the longest."""
    text = said.text
    opened = terms.openings & said.words
    if terms.apart:
        opened = opened.union([opening for opening in terms.apart if opening in text])
    if not opened:
        return []
    patterns = [terms.made.get(opening) or _made(terms, opening) for opening in opened]
    found = [match.span() for pattern in patterns for match in pattern.finditer(text)]
    if len(patterns) > 1 and len(found) > 1:
        found.sort()
        if any(after[0] < before[1] for before, after in pairwise(found)):
            return _one_by_one(patterns, text)
    return found


def _made(terms: Terms, opening: str) -> re.Pattern[str]:
    """The pattern of the terms that open so."""
    written = {_written_out(rest, terms.lists) for rest in terms.rests[opening]}
    terms.made[opening] = re.compile(re.escape(opening) + _any(written))
    return terms.made[opening]


def _one_by_one(patterns: Iterable[re.Pattern[str]], text: str) -> list[Span]:
    """As one pattern of all would find them: what the last one takes in is over."""
    found: list[Span] = []
    nexts = [match for pattern in patterns if (match := pattern.search(text))]
    while nexts:
        start, end = min(match.span() for match in nexts)
        found.append((start, end))
        nexts = [
            later
            for match in nexts
            if (later := match if match.start() >= end else match.re.search(text, end))
        ]
    return found


def pattern(terms: Iterable[str], lists: Lists) -> re.Pattern[str]:
    """All terms as one pattern, the longest first, grouped by their first character."""
    rests: dict[str, set[str]] = defaultdict(set)
    for term in terms:
        rests[squash(term)[0]].add(_written_out(squash(term)[1:], lists))
    return re.compile("|".join(re.escape(first) + _any(rest) for first, rest in rests.items()))


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
