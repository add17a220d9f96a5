"""`themes.toml` and a text in, the themes it is of out, each with the words that say so.

A term is plain words, as a reader would look for them. `…` stands for up to a dozen
characters of the same clause, `……` for up to forty of the same sentence, `{name}` for any
word of a list. A term within words that an exclusion names doesn't count. What is said in
passing (a `passing` word, or a term in a clause that an aside opens) tells the theme only of
a text that nothing else does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from govreport_core import languages
from govreport_core.errors import RuleError
from govreport_core.folding import Squashed, squash
from govreport_core.schemas import columns_of

_GAPS = {"…": "[^,。;:!?]{0,12}?", "……": "[^。;!?]{0,40}?"}
_GAP = re.compile("(…+)")
_LIST = re.compile(r"\{(\w+)\}")
# A clause begins the text, or follows a sign or an enumerating 是; it ends before the next sign.
_OPENING = r"(?<![^,。;:!?)\n.是])"
_TO_THE_END = "[^,。;:!?]{0,60}"

_Span = tuple[int, int]


class ThemeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme in one language: what it is called, and what it takes in."""

    title: str
    note: str


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme of problems and improvements.

    Attributes:
        terms: What a point says that is of it.
        example: A made-up point of it.
        passing: Words that a point of another theme often names too, where or by what means.
        exclusions: Words in which a term doesn't count.
        figures: Columns of `cards` whose numbers it is about.
    """

    code: str
    zh: ThemeWords
    en: ThemeWords
    terms: tuple[str, ...]
    example: str
    passing: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


class Taxonomy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `themes.toml`; `lists` are the words that `{name}` stands for.

    Attributes:
        asides: What opens a clause of means, occasion or background.
    """

    themes: tuple[Theme, ...]
    asides: tuple[str, ...] = ()
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
    for term in (*theme.terms, *theme.passing, *theme.exclusions):
        unknown = [name for name in _LIST.findall(term) if name not in found.lists]
        yield from (f"{theme.code}: {term}: no list {name!r}" for name in unknown)
        if not term.strip("…") or term != term.strip("… "):
            yield f"{theme.code}: {term!r} begins or ends with nothing"
        yield from (f"{theme.code}: {term}: {g}" for g in _GAP.findall(term) if g not in _GAPS)
    yield from (f"{theme.code}: cards have no {c!r}" for c in theme.figures if c not in columns)
    if not theme.terms:
        yield f"{theme.code}: no terms"


@cache
def _shipped() -> Taxonomy:
    text = files(__package__).joinpath("themes.toml").read_text(encoding="utf-8")
    return parse_taxonomy(text)


class _Patterns(NamedTuple):
    terms: re.Pattern[str]
    passing: re.Pattern[str] | None
    exclusions: re.Pattern[str] | None


@cache
def _patterns() -> dict[str, _Patterns]:
    found = _shipped()
    return {
        theme.code: _Patterns(
            _pattern(theme.terms, found),
            _pattern(theme.passing, found) if theme.passing else None,
            _pattern(theme.exclusions, found) if theme.exclusions else None,
        )
        for theme in found.themes
    }


@cache
def _aside() -> re.Pattern[str]:
    """A clause that an aside opens, to its end."""
    openings = _pattern(_shipped().asides, _shipped()).pattern
    return re.compile(f"{_OPENING}(?:{openings}){_TO_THE_END}")


def _pattern(terms: Sequence[str], found: Taxonomy) -> re.Pattern[str]:
    """All terms as one, grouped by their first character, so most places cost nothing."""
    rests: dict[str, set[str]] = defaultdict(set)
    for term in terms:
        for plain in _openings(term, found):
            rests[squash(plain)[0]].add(_written_out(squash(plain)[1:], found))
    return re.compile("|".join(re.escape(first) + _any(rest) for first, rest in rests.items()))


def _openings(term: str, found: Taxonomy) -> Iterator[str]:
    """A term with each word of a list that it opens with in its place."""
    opening = _LIST.match(term)
    if opening is None:
        yield term
        return
    yield from (word + term[opening.end() :] for word in found.lists[opening[1]])


def _written_out(term: str, found: Taxonomy) -> str:
    """The pattern of a term, or of the rest of one."""
    return "".join(
        _any(map(_gapped, found.lists[part])) if at % 2 else _gapped(part)
        for at, part in enumerate(_LIST.split(term))
    )


def _any(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(patterns, key=len, reverse=True))})"


def _gapped(term: str) -> str:
    parts = enumerate(_GAP.split(term))
    return "".join(_GAPS[part] if at % 2 else re.escape(squash(part)) for at, part in parts)


def _told(text: str) -> dict[str, list[_Span]]:
    """The themes of squashed text and where it says so; what it says in passing if no more."""
    barred = _spans(_aside(), text)
    terms = {code: _counting(each.terms, each, text) for code, each in _patterns().items()}
    plain = {code: _outside(spans, barred) for code, spans in terms.items()}
    if any(plain.values()):
        return _some(plain)
    named = {code: _counting(each.passing, each, text) for code, each in _patterns().items()}
    passing = {
        code: sorted([*spans, *_outside(named[code], barred)]) for code, spans in terms.items()
    }
    return _some(passing) or _some(named)


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
