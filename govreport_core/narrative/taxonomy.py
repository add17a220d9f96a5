"""`themes.toml` in, the themes of problems and improvements and the words that tell them out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec

from govreport_core import languages
from govreport_core.errors import RuleError
from govreport_core.narrative.theme_terms import wrong_in
from govreport_core.schemas import columns_of


class ThemeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme in one language: what it is called, and what it takes in."""

    title: str
    note: str


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme of problems and improvements.

    Attributes:
        terms: What a point says that is of it.
        example: A made-up point of it.
        firm: Terms of which one is enough, even behind another theme in the sentence.
        passing: Words that a point of another theme often names too, where or by what means.
        exclusions: Words in which a term doesn't count.
        yields: Themes of which it is a detail: in a clause of theirs its terms don't count.
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


class Weighing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How likely a theme must be by the weight of a text's words, 0 to 1, to be told.

    Attributes:
        with_terms: Where its terms stand in the text too.
        alone: Where they don't.
    """

    with_terms: float = 0.0
    alone: float = 1.0


class Taxonomy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `themes.toml`; `lists` are the words that `{name}` stands for.

    Attributes:
        asides: What opens a clause of means, occasion or background.
        objects: What is put into something or had something done to it: itself, not its clause.
        examples: What ends a list of examples, which its clause opens with.
    """

    themes: tuple[Theme, ...]
    asides: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    scope: Scope = Scope()
    weighing: Weighing = Weighing()
    lists: dict[str, tuple[str, ...]] = {}


@cache
def shipped() -> Taxonomy:
    """The file that ships with govreport."""
    text = files(__package__).joinpath("themes.toml").read_text(encoding="utf-8")
    return parse_taxonomy(text)


@cache
def taxonomy() -> dict[str, Theme]:
    """The themes that ship with govreport, by code."""
    return {theme.code: theme for theme in shipped().themes}


@cache
def theme_words(lang: str) -> dict[str, ThemeWords]:
    """What each theme is called and takes in, in a language, by code.

    Raises:
        LanguageError: The language has words for a theme that isn't there.
    """
    ours = {t.code: languages.of({"zh": t.zh, "en": t.en}, lang) for t in taxonomy().values()}
    return languages.translated(lang, "themes", ours)


def parse_taxonomy(text: str) -> Taxonomy:
    """Read the TOML.

    Raises:
        RuleError: An unknown key, a code used twice, a list, a theme or a column that isn't
            there, two themes that yield to each other, a term that says nothing.
    """
    try:
        found = msgspec.toml.decode(text, type=Taxonomy)
    except msgspec.DecodeError as error:
        msg = f"themes: {error}"
        raise RuleError(msg) from error
    wrong = [*_twice(found), *_wrong_terms(found), *_wrong_names(found)]
    if wrong:
        msg = f"themes: {'; '.join(wrong)}"
        raise RuleError(msg)
    return found


def _twice(found: Taxonomy) -> list[str]:
    codes = [theme.code for theme in found.themes]
    return [f"{code} stands twice" for code in sorted({c for c in codes if codes.count(c) > 1})]


def _wrong_terms(found: Taxonomy) -> Iterator[str]:
    scope = found.scope
    of_all = (*found.asides, *found.objects, *found.examples)
    of_scope = (*scope.disclosure, *scope.exclusions, *scope.elsewhere)
    for term in (*of_all, *of_scope):
        yield from wrong_in(term, found.lists)
    for theme in found.themes:
        for term in (*theme.terms, *theme.firm, *theme.passing, *theme.exclusions):
            yield from (f"{theme.code}: {said}" for said in wrong_in(term, found.lists))
        if not theme.terms:
            yield f"{theme.code}: no terms"


def _wrong_names(found: Taxonomy) -> Iterator[str]:
    columns = columns_of("cards")
    yields = {theme.code: theme.yields for theme in found.themes}
    for theme in found.themes:
        unknown = (c for c in theme.figures if c not in columns)
        yield from (f"{theme.code}: cards have no {c!r}" for c in unknown)
        for code in theme.yields:
            if theme.code in yields.get(code, (theme.code,)):
                yield f"{theme.code}: yields to {code!r}"
