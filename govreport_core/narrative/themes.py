"""`themes.toml` and a text in, the themes it is of out, each with the words that say so.

A term is plain words, as a reader would look for them. `…` stands for up to a dozen
characters of the same clause, `……` for up to forty of the same sentence, `{name}` for any
word of a list. A term within words that
an exclusion names doesn't count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import product

import msgspec

from govreport_core import languages
from govreport_core.errors import RuleError
from govreport_core.folding import Squashed, squash
from govreport_core.schemas import columns_of

_GAPS = {"…": "[^,。;:!?]{0,12}?", "……": "[^。;!?]{0,40}?"}
_GAP = re.compile("(…+)")
_LIST = re.compile(r"\{(\w+)\}")


class ThemeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme in one language: what it is called, and what it takes in."""

    title: str
    note: str


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme of problems and improvements.

    Attributes:
        terms: What a point says that is of it.
        example: A made-up point of it.
        exclusions: Words in which a term doesn't count.
        figures: Columns of `cards` whose numbers it is about.
    """

    code: str
    zh: ThemeWords
    en: ThemeWords
    terms: tuple[str, ...]
    example: str
    exclusions: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


class Taxonomy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `themes.toml`; `lists` are the words that `{name}` stands for."""

    themes: tuple[Theme, ...]
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
        for code, terms, exclusions in _patterns()
        for start, end in _counting(squashed.text, terms, exclusions)
    )


def theme_codes(text: str) -> list[str]:
    """The codes of the themes that a text is of, each once, in the order of the themes."""
    squashed = squash(text)
    return [
        code
        for code, terms, exclusions in _patterns()
        # most texts say nothing of most themes
        if terms.search(squashed)
        and (exclusions is None or next(_counting(squashed, terms, exclusions), None))
    ]


@cache
def taxonomy() -> dict[str, Theme]:
    """The themes that ship with govreport, by code."""
    return {theme.code: theme for theme in _shipped().themes}


def lists() -> dict[str, tuple[str, ...]]:
    """The words that a name in braces stands for, in a term."""
    return _shipped().lists


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
    for term in (*theme.terms, *theme.exclusions):
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


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    found = _shipped()
    return tuple(
        (theme.code, _pattern(theme.terms, found), _pattern(theme.exclusions, found))
        if theme.exclusions
        else (theme.code, _pattern(theme.terms, found), None)
        for theme in found.themes
    )


def _pattern(terms: Sequence[str], found: Taxonomy) -> re.Pattern[str]:
    """All terms as one; each alternative begins with a character, so most places cost nothing."""
    plain = {one for term in terms for one in _written_out(term, found)}
    return re.compile("|".join(sorted(map(_gapped, plain), key=len, reverse=True)))


def _written_out(term: str, found: Taxonomy) -> Iterator[str]:
    """A term with each list's words in its place."""
    parts = _LIST.split(term)
    choices = [found.lists[part] if at % 2 else (part,) for at, part in enumerate(parts)]
    yield from ("".join(one) for one in product(*choices))


def _gapped(term: str) -> str:
    parts = enumerate(_GAP.split(term))
    return "".join(_GAPS[part] if at % 2 else re.escape(squash(part)) for at, part in parts)


def _counting(
    text: str, terms: re.Pattern[str], exclusions: re.Pattern[str] | None
) -> Iterator[tuple[int, int]]:
    """Where terms stand that no exclusion covers."""
    found = [match.span() for match in terms.finditer(text)]
    if not found:
        return
    barred = [match.span() for match in exclusions.finditer(text)] if exclusions else []
    at = 0
    for start, end in found:
        while at < len(barred) and barred[at][1] <= start:
            at += 1
        if at == len(barred) or barred[at][0] >= end:
            yield start, end
