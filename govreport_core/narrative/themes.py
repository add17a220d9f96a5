"""The taxonomy and a text in, the themes it is of out, each with the words that say so.

A term is plain words, as a reader would look for them. `…` stands for up to a dozen
characters of the same clause, `……` for up to forty of the same sentence, `{name}` for any
word of a list. Where a term stands it tells its theme, but for these:

- within words that an exclusion names, and in a clause of a theme to which its theme yields;
- in passing: in a clause that an aside opens, in what is put into something, in a list of
  examples, alone behind another theme in its sentence where it isn't firm; a `passing` word is
  so anywhere. It tells a theme only of a text that nothing else does;
- in a text of an agency's other business that says nothing of disclosure.

Then the text's words are weighed (`theme_weights.csv`): a theme that its terms tell stands where
its words don't speak against it, one without terms where they speak for it clearly enough.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from govreport_core.folding import Squashed, squash
from govreport_core.narrative.remembered import remembered
from govreport_core.narrative.taxonomy import shipped, taxonomy
from govreport_core.narrative.theme_terms import Said, Terms, pattern, said, spans, terms_of
from govreport_core.narrative.theme_weights import Span, likelihoods, weights

# A clause begins the text, or follows a sign or an enumerating 是; it ends before the next sign.
_OPENING = "(?<![^,;:!?).是])"
_TO_THE_END = "[^,;:!?]{0,60}"
_CLAUSE_END = re.compile("[,;:!?]")
_SENTENCE_END = re.compile("[;!?]")

_Told = dict[str, list[Span]]


class Match(msgspec.Struct, frozen=True):
    """Words that say a text is of a theme: from `start` up to `end` of its characters."""

    theme: str
    start: int
    end: int


def themes(text: str) -> tuple[Match, ...]:
    """The themes that a text is of, with the words that say so.

    Width, spaces and script don't matter. Time is linear in the text's length.

    Returns:
        In the order of the themes, then of the text; places are of `text` as it is.
    """
    squashed = Squashed(text)
    places = squashed.places
    return tuple(
        Match(code, places[start], places[end - 1] + 1)
        for code, found in _told(squashed.text).items()
        for start, end in found
    )


def theme_codes(text: str) -> list[str]:
    """The codes of the themes that a text is of, each once, in the order of the themes."""
    return list(_codes(squash(text)))


@remembered
def _codes(squashed: str) -> tuple[str, ...]:
    return tuple(_told(squashed))


def by_terms(text: Said, codes: Iterable[str]) -> dict[str, list[Span]]:
    """The themes, of those codes, that terms tell, before words are weighed.

    Returns:
        Where the terms stand in the text; what is said in passing if nothing else is.
    """
    barred = _in_passing(text.text)
    terms = {code: _counting(_of_theme(code).terms, code, text) for code in codes}
    plain = _some({code: _outside(found, barred) for code, found in terms.items()})
    if plain:
        return _beside(_yielding(plain, text), text)
    return _named(terms, barred, text)


class _OfTheme(NamedTuple):
    terms: Terms
    firm: Terms
    passing: Terms
    exclusions: Terms
    yields: frozenset[str]


@cache
def _of_theme(code: str) -> _OfTheme:
    theme, lists = taxonomy()[code], shipped().lists
    return _OfTheme(
        terms_of((*theme.firm, *theme.terms), lists),
        terms_of(theme.firm, lists),
        terms_of(theme.passing, lists),
        terms_of(theme.exclusions, lists),
        frozenset(theme.yields),
    )


class _Common(NamedTuple):
    """What all themes share, as patterns: few terms; `asides` takes in their clause."""

    disclosure: re.Pattern[str]
    not_disclosure: re.Pattern[str]
    elsewhere: re.Pattern[str]
    objects: re.Pattern[str]
    examples: re.Pattern[str]
    asides: re.Pattern[str]


@cache
def _common() -> _Common:
    found, scope, lists = shipped(), shipped().scope, shipped().lists
    asides = pattern(found.asides, lists).pattern
    return _Common(
        pattern(scope.disclosure, lists),
        pattern(scope.exclusions, lists),
        pattern(scope.elsewhere, lists),
        pattern(found.objects, lists),
        pattern(found.examples, lists),
        re.compile(f"{_OPENING}(?:{asides}){_TO_THE_END}"),
    )


def _told(squashed: str) -> _Told:
    """The themes of squashed text and where their terms stand: nowhere where its words weigh so."""
    text = said(squashed)
    if not _of_disclosure(text.text) and _common().elsewhere.search(text.text):
        return {}
    likely, least = likelihoods(text.words, weights()), shipped().weighing
    told = by_terms(text, [c for c in taxonomy() if likely[c] >= least.with_terms])
    return {
        code: told.get(code, [])
        for code in taxonomy()
        if code in told or likely[code] >= least.alone
    }


def _of_disclosure(text: str) -> bool:
    common = _common()
    found = _stand(common.disclosure, text)
    return bool(found and _outside(found, _stand(common.not_disclosure, text)))


def _in_passing(text: str) -> list[Span]:
    """Asides, what is put into something, and lists of examples from where their clause begins."""
    common = _common()
    barred = _stand(common.asides, text) + _stand(common.objects, text)
    ended = _stand(common.examples, text)
    if ended:
        begins = [0, *(match.end() for match in _CLAUSE_END.finditer(text))]
        barred += [(begins[bisect_right(begins, start) - 1], start) for start, _ in ended]
    return sorted(barred)


def _stand(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [match.span() for match in pattern.finditer(text)]


def _named(terms: _Told, barred: Sequence[Span], text: Said) -> _Told:
    """What is said in passing: terms in an aside and, best outside one, words of passing."""
    named = {code: _counting(_of_theme(code).passing, code, text) for code in terms}
    outside = {code: _outside(found, barred) for code, found in named.items()}
    return _some({c: sorted([*terms[c], *outside[c]]) for c in terms}) or _some(named)


def _yielding(told: _Told, text: Said) -> _Told:
    """What is told, but for terms in a clause of a theme to which theirs yields."""
    if len(told) == 1:
        return told
    places = _places(told, _CLAUSE_END, text.text)
    of_clause: dict[int, set[str]] = defaultdict(set)
    for code, clauses in places.items():
        for clause in clauses:
            of_clause[clause].add(code)
    left = {
        code: [
            span
            for span, clause in zip(found, places[code], strict=True)
            if of_clause[clause].isdisjoint(_of_theme(code).yields)
        ]
        for code, found in told.items()
    }
    return _some(left) or told


def _beside(told: _Told, text: Said) -> _Told:
    """What is told, but for themes of one term behind another theme in its sentence."""
    if len(told) == 1:
        return told
    places = _places(told, _SENTENCE_END, text.text)
    latest_first = sorted(told, key=lambda code: told[code], reverse=True)
    opens = {places[code][0]: code for code in latest_first}
    return {
        code: found
        for code, found in told.items()
        if len(found) > 1 or opens[places[code][0]] == code or _firm(code, found[0], text)
    }


def _firm(code: str, span: Span, text: Said) -> bool:
    """Whether a firm term of the theme stands where the span does."""
    start, end = span
    firm = spans(_of_theme(code).firm, text)
    return any(begins < end and start < ends for begins, ends in firm)


def _places(told: _Told, end: re.Pattern[str], text: str) -> dict[str, list[int]]:
    """In which clause or sentence of the text each term begins."""
    ends = [match.end() for match in end.finditer(text)]
    return {code: [bisect_right(ends, start) for start, _ in told[code]] for code in told}


def _some(told: _Told) -> _Told:
    return {code: found for code, found in told.items() if found}


def _counting(terms: Terms, code: str, text: Said) -> list[Span]:
    """Where terms stand that no exclusion of their theme touches."""
    found = spans(terms, text)
    return _outside(found, spans(_of_theme(code).exclusions, text)) if found else []


def _outside(found: Sequence[Span], barred: Sequence[Span]) -> list[Span]:
    """Those of `found` that nothing of `barred` touches, both in the order of the text."""
    left: list[Span] = []
    at = 0
    for start, end in found:
        while at < len(barred) and barred[at][1] <= start:
            at += 1
        if at == len(barred) or barred[at][0] >= end:
            left.append((start, end))
    return left
