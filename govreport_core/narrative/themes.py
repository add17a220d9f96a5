"""`themes.toml` and a text in, the themes it is of out, each with the words that say so.

A term is plain words, as a reader would look for them. `…` stands for up to a dozen
characters of the same clause, `……` for up to forty of the same sentence, `{name}` for any
word of a list. A term within words that an exclusion names doesn't count; in a clause of a
theme to which another yields, the other's don't. What is said in passing (a `passing` word, or
a term in a clause that an aside opens) tells the theme only of a text that nothing else does.
A text of an agency's other business that says nothing of disclosure has no theme.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from govreport_core import languages
from govreport_core.errors import RuleError
from govreport_core.folding import Squashed, squash
from govreport_core.narrative.theme_terms import pattern, wrong_in
from govreport_core.schemas import columns_of

# A clause begins the text, or follows a sign or an enumerating 是; it ends before the next sign.
_OPENING = r"(?<![^,。;:!?)\n.是])"
_TO_THE_END = "[^,。;:!?]{0,60}"
_UP_TO = "[^,。;:!?]{1,40}?"
_CLAUSE_END = re.compile("[,。;:!?]")
_SENTENCE_END = re.compile("[。;!?]")

_Span = tuple[int, int]


class ThemeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme in one language: what it is called, and what it takes in."""

    title: str
    note: str


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme of problems and improvements.

    Attributes:
        terms: What a point says that is of it.
        firm: Terms that a single mention of is enough, even behind another theme.
        example: A made-up point of it.
        passing: Words that a point of another theme often names too, where or by what means.
        exclusions: Words in which a term doesn't count.
        yields: Themes of which this one is a detail: in a clause of theirs its terms don't count.
        figures: Columns of `cards` whose numbers it is about.
    """

    code: str
    zh: ThemeWords
    en: ThemeWords
    terms: tuple[str, ...]
    example: str
    firm: tuple[str, ...] = ()
    passing: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    yields: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What section five is about, and what agencies write into it besides.

    Attributes:
        disclosure: Words by which a text speaks of disclosure.
        exclusions: Words in which these don't count.
        elsewhere: Words of an agency's other business.
    """

    disclosure: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


class Taxonomy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `themes.toml`; `lists` are the words that `{name}` stands for.

    Attributes:
        asides: What opens a clause of means, occasion or background.
        objects: What is put somewhere: the words themselves are in passing, not their clause.
        examples: What ends a clause's list of examples.
    """

    themes: tuple[Theme, ...]
    asides: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    scope: Scope = Scope()
    lists: dict[str, tuple[str, ...]] = {}


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
        for start, end in spans
    )


def theme_codes(text: str) -> list[str]:
    """The codes of the themes that a text is of, each once, in the order of the themes."""
    return list(_told(squash(text)))


@cache
def taxonomy() -> dict[str, Theme]:
    """The themes that ship with govreport, by code."""
    return {theme.code: theme for theme in _shipped().themes}


def lists() -> dict[str, tuple[str, ...]]:
    """The words that a name in braces stands for, in a term."""
    return _shipped().lists


def asides() -> tuple[str, ...]:
    """What opens a clause whose terms count in passing only."""
    return _shipped().asides


def scope() -> Scope:
    """The words that say whether a text is about disclosure at all."""
    return _shipped().scope


@cache
def theme_words(lang: str) -> dict[str, ThemeWords]:
    """What each theme is called and takes in, in a language, by code.

    Raises:
        LanguageError: The language has words for a theme that isn't there.
    """
    shipped = {t.code: languages.of({"zh": t.zh, "en": t.en}, lang) for t in taxonomy().values()}
    return languages.translated(lang, "themes", shipped)


def parse_taxonomy(text: str) -> Taxonomy:
    """Read the TOML.

    Raises:
        RuleError: An unknown key, a code used twice, a list or a column that isn't there, a
            term that says nothing.
    """
    try:
        found = msgspec.toml.decode(text, type=Taxonomy)
    except msgspec.DecodeError as error:
        msg = f"themes: {error}"
        raise RuleError(msg) from error
    wrong = [*_twice(found), *(said for theme in found.themes for said in _wrong(theme, found))]
    if wrong:
        msg = f"themes: {'; '.join(wrong)}"
        raise RuleError(msg)
    return found


def _twice(found: Taxonomy) -> list[str]:
    codes = [theme.code for theme in found.themes]
    return [f"{code} stands twice" for code in sorted({c for c in codes if codes.count(c) > 1})]


def _wrong(theme: Theme, found: Taxonomy) -> Iterator[str]:
    columns = columns_of("cards")
    for term in (*theme.terms, *theme.firm, *theme.passing, *theme.exclusions):
        yield from (f"{theme.code}: {said}" for said in wrong_in(term, found.lists))
    yield from (f"{theme.code}: yields to {c!r}" for c in theme.yields if _back(theme, c, found))
    yield from (f"{theme.code}: cards have no {c!r}" for c in theme.figures if c not in columns)
    if not theme.terms:
        yield f"{theme.code}: no terms"


def _back(theme: Theme, code: str, found: Taxonomy) -> bool:
    """Whether the theme yields to one that isn't there or that yields to it."""
    others = [other for other in found.themes if other.code == code]
    return not others or any(theme.code in other.yields for other in others)


@cache
def _shipped() -> Taxonomy:
    text = files(__package__).joinpath("themes.toml").read_text(encoding="utf-8")
    return parse_taxonomy(text)


class _Patterns(NamedTuple):
    terms: re.Pattern[str]
    firm: re.Pattern[str] | None
    passing: re.Pattern[str] | None
    exclusions: re.Pattern[str] | None
    yields: frozenset[str]


@cache
def _patterns() -> dict[str, _Patterns]:
    return {
        theme.code: _Patterns(
            pattern((*theme.firm, *theme.terms), lists()),
            _optional(theme.firm),
            _optional(theme.passing),
            _optional(theme.exclusions),
            frozenset(theme.yields),
        )
        for theme in _shipped().themes
    }


class _Scope(NamedTuple):
    disclosure: re.Pattern[str] | None
    exclusions: re.Pattern[str] | None
    elsewhere: re.Pattern[str] | None


@cache
def _scope() -> _Scope:
    found = scope()
    return _Scope(*map(_optional, (found.disclosure, found.exclusions, found.elsewhere)))


def _optional(terms: Sequence[str]) -> re.Pattern[str] | None:
    return pattern(terms, lists()) if terms else None


@cache
def _aside() -> re.Pattern[str]:
    """A clause that an aside opens, to its end; what is put somewhere; a list of examples."""
    found = _shipped()
    opened, put, ended = (
        pattern(terms, lists()).pattern for terms in (found.asides, found.objects, found.examples)
    )
    of_clause = f"{_OPENING}(?:(?:{opened}){_TO_THE_END}|{_UP_TO}(?={ended}))"
    return re.compile(f"{of_clause}|{put}")


def _told(text: str) -> dict[str, list[_Span]]:
    """The themes of squashed text and where it says so; what it says in passing if no more."""
    disclosure = _of_disclosure(text)
    if not disclosure and _spans(_scope().elsewhere, text):
        return {}
    barred = _spans(_aside(), text)
    terms = {code: _counting(each.terms, each, text) for code, each in _patterns().items()}
    plain = {code: _outside(spans, barred) for code, spans in terms.items()}
    if any(plain.values()):
        return _beside(_some(_yielding(_some(plain), text)), text)
    if not disclosure:
        return _some(terms)
    named = {code: _counting(each.passing, each, text) for code, each in _patterns().items()}
    passing = {
        code: sorted([*spans, *_outside(named[code], barred)]) for code, spans in terms.items()
    }
    return _some(passing) or _some(named)


def _of_disclosure(text: str) -> bool:
    """Whether a text says anything of disclosure."""
    scope = _scope()
    return bool(_outside(_spans(scope.disclosure, text), _spans(scope.exclusions, text)))


def _yielding(told: dict[str, list[_Span]], text: str) -> dict[str, list[_Span]]:
    """What is told, but for terms in a clause of a theme to which theirs yields."""
    if len(told) == 1:
        return told
    places = _places(told, _CLAUSE_END, text)
    of_clause: dict[int, set[str]] = defaultdict(set)
    for code, clauses in places.items():
        for clause in clauses:
            of_clause[clause].add(code)
    return {
        code: [
            span
            for span, clause in zip(spans, places[code], strict=True)
            if of_clause[clause].isdisjoint(_patterns()[code].yields)
        ]
        for code, spans in told.items()
    }


def _beside(told: dict[str, list[_Span]], text: str) -> dict[str, list[_Span]]:
    """What is told, but for themes of a single term behind another theme in its sentence."""
    if len(told) == 1:
        return told
    places = _places(told, _SENTENCE_END, text)
    first = {
        places[code][0]: code for code in sorted(told, key=lambda code: told[code], reverse=True)
    }
    return {
        code: spans
        for code, spans in told.items()
        if len(spans) > 1 or first[places[code][0]] == code or _firm(code, spans[0], text)
    }


def _firm(code: str, span: _Span, text: str) -> bool:
    firm = _patterns()[code].firm
    return firm is not None and firm.match(text, span[0]) is not None


def _places(
    told: dict[str, list[_Span]], end: re.Pattern[str], text: str
) -> dict[str, list[int]]:
    """In which clause or sentence of the text each term begins."""
    ends = [match.end() for match in end.finditer(text)]
    return {code: [bisect_right(ends, start) for start, _ in told[code]] for code in told}


def _some(told: dict[str, list[_Span]]) -> dict[str, list[_Span]]:
    return {code: spans for code, spans in told.items() if spans}


def _counting(pattern: re.Pattern[str] | None, of_theme: _Patterns, text: str) -> list[_Span]:
    """Where a pattern stands that no exclusion of its theme touches."""
    spans = _spans(pattern, text)
    return _outside(spans, _spans(of_theme.exclusions, text)) if spans else []


def _spans(pattern: re.Pattern[str] | None, text: str) -> list[_Span]:
    return [match.span() for match in pattern.finditer(text)] if pattern else []


def _outside(found: Sequence[_Span], barred: Sequence[_Span]) -> list[_Span]:
    """Those of `found` that nothing of `barred` touches, both in the order of the text."""
    left: list[_Span] = []
    at = 0
    for start, end in found:
        while at < len(barred) and barred[at][1] <= start:
            at += 1
        if at == len(barred) or barred[at][0] >= end:
            left.append((start, end))
    return left
