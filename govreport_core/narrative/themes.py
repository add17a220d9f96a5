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
from govreport_core.narrative.taxonomy import Theme, shipped
from govreport_core.narrative.theme_terms import pattern
from govreport_core.narrative.theme_weights import Span, likelihoods, speaking, weights

# A clause begins the text, or follows a sign or an enumerating 是; it ends before the next sign.
_OPENING = r"(?<![^,。;:!?)\n.是])"
_TO_THE_END = "[^,。;:!?]{0,60}"
_CLAUSE_END = re.compile("[,。;:!?]")
_SENTENCE_END = re.compile("[。;!?]")

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
        for code, spans in _told(squashed.text).items()
        for start, end in spans or speaking(code, squashed.text, weights())
    )


def theme_codes(text: str) -> list[str]:
    """The codes of the themes that a text is of, each once, in the order of the themes."""
    return list(_told(squash(text)))


def by_terms(text: str, codes: Iterable[str]) -> dict[str, list[Span]]:
    """The themes, of those codes, that terms tell, before words are weighed.

    Returns:
        Where the terms stand in the squashed `text`; what is said in passing if nothing else is.
    """
    barred = _in_passing(text)
    themes = {code: _patterns()[code] for code in codes}
    terms = {code: _counting(each.terms, each, text) for code, each in themes.items()}
    plain = _some({code: _outside(spans, barred) for code, spans in terms.items()})
    if plain:
        return _beside(_yielding(plain, text), text)
    return _named(terms, barred, text)


class _Patterns(NamedTuple):
    terms: re.Pattern[str]
    firm: re.Pattern[str] | None
    passing: re.Pattern[str] | None
    exclusions: re.Pattern[str] | None
    yields: frozenset[str]


@cache
def _patterns() -> dict[str, _Patterns]:
    return {theme.code: _of_theme(theme) for theme in shipped().themes}


def _of_theme(theme: Theme) -> _Patterns:
    return _Patterns(
        pattern((*theme.firm, *theme.terms), shipped().lists),
        _optional(theme.firm),
        _optional(theme.passing),
        _optional(theme.exclusions),
        frozenset(theme.yields),
    )


class _Common(NamedTuple):
    """What all themes share; `asides` takes in their clause."""

    disclosure: re.Pattern[str] | None
    not_disclosure: re.Pattern[str] | None
    elsewhere: re.Pattern[str] | None
    objects: re.Pattern[str] | None
    examples: re.Pattern[str] | None
    asides: re.Pattern[str]


@cache
def _common() -> _Common:
    found, scope = shipped(), shipped().scope
    asides = pattern(found.asides, found.lists).pattern
    return _Common(
        _optional(scope.disclosure),
        _optional(scope.exclusions),
        _optional(scope.elsewhere),
        _optional(found.objects),
        _optional(found.examples),
        re.compile(f"{_OPENING}(?:{asides}){_TO_THE_END}"),
    )


def _optional(terms: Sequence[str]) -> re.Pattern[str] | None:
    return pattern(terms, shipped().lists) if terms else None


def _told(text: str) -> _Told:
    """The themes of squashed text and where their terms stand: nowhere where its words weigh so."""
    if not _of_disclosure(text) and _spans(_common().elsewhere, text):
        return {}
    likely, least = likelihoods(text, weights()), shipped().weighing
    told = by_terms(text, [c for c in _patterns() if likely[c] >= least.with_terms])
    return {
        code: told.get(code, [])
        for code in _patterns()
        if code in told or likely[code] >= least.alone
    }


def _of_disclosure(text: str) -> bool:
    common = _common()
    return bool(_outside(_spans(common.disclosure, text), _spans(common.not_disclosure, text)))


def _in_passing(text: str) -> list[Span]:
    """Asides, what is put into something, and lists of examples from where their clause begins."""
    common = _common()
    barred = _spans(common.asides, text) + _spans(common.objects, text)
    ended = _spans(common.examples, text)
    if ended:
        begins = [0, *(match.end() for match in _CLAUSE_END.finditer(text))]
        barred += [(begins[bisect_right(begins, start) - 1], start) for start, _ in ended]
    return sorted(barred)


def _named(terms: _Told, barred: Sequence[Span], text: str) -> _Told:
    """What is said in passing: terms in an aside and, best outside one, words of passing."""
    named = {code: _counting(_patterns()[code].passing, _patterns()[code], text) for code in terms}
    outside = {code: _outside(spans, barred) for code, spans in named.items()}
    return _some({c: sorted([*terms[c], *outside[c]]) for c in terms}) or _some(named)


def _yielding(told: _Told, text: str) -> _Told:
    """What is told, but for terms in a clause of a theme to which theirs yields."""
    if len(told) == 1:
        return told
    places = _places(told, _CLAUSE_END, text)
    of_clause: dict[int, set[str]] = defaultdict(set)
    for code, clauses in places.items():
        for clause in clauses:
            of_clause[clause].add(code)
    left = {
        code: [
            span
            for span, clause in zip(spans, places[code], strict=True)
            if of_clause[clause].isdisjoint(_patterns()[code].yields)
        ]
        for code, spans in told.items()
    }
    return _some(left) or told


def _beside(told: _Told, text: str) -> _Told:
    """What is told, but for themes of one term behind another theme in its sentence."""
    if len(told) == 1:
        return told
    places = _places(told, _SENTENCE_END, text)
    latest_first = sorted(told, key=lambda code: told[code], reverse=True)
    opens = {places[code][0]: code for code in latest_first}
    return {
        code: spans
        for code, spans in told.items()
        if len(spans) > 1 or opens[places[code][0]] == code or _firm(code, spans[0], text)
    }


def _firm(code: str, span: Span, text: str) -> bool:
    """Whether a firm term of the theme stands where the span does."""
    start, end = span
    return any(
        begins < end and start < ends for begins, ends in _spans(_patterns()[code].firm, text)
    )


def _places(told: _Told, end: re.Pattern[str], text: str) -> dict[str, list[int]]:
    """In which clause or sentence of the text each term begins."""
    ends = [match.end() for match in end.finditer(text)]
    return {code: [bisect_right(ends, start) for start, _ in told[code]] for code in told}


def _some(told: _Told) -> _Told:
    return {code: spans for code, spans in told.items() if spans}


def _counting(pattern: re.Pattern[str] | None, of_theme: _Patterns, text: str) -> list[Span]:
    """Where a pattern stands that no exclusion of its theme touches."""
    spans = _spans(pattern, text)
    return _outside(spans, _spans(of_theme.exclusions, text)) if spans else []


def _spans(pattern: re.Pattern[str] | None, text: str) -> list[Span]:
    return [match.span() for match in pattern.finditer(text)] if pattern else []


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
