"""A language's code in, its words out: what its folder says, and Chinese wherever that is silent.

A language is a folder `locale/<code>/` of a package, and nothing in it has to be there:

    language.toml      its `name` in itself, and its `tag` in HTML
    wording.toml       the core's own words; the dashboard's files may stand beside it
    catalogue/*.toml   words for what stands in `CATALOGUES`, by code

What Chinese doesn't have is refused: a key, a place to fill, a list of another length.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any, TypeVar

import msgspec

from govreport_core.errors import LanguageError

BASE = "zh"
CORE = "govreport_core"
CATALOGUES = ("deadlines", "forms", "indicators", "rules", "statuses", "themes")
"""What brings its Chinese and English along; other languages' words for it: `catalogue/`."""

_ABOUT = "language.toml"
T = TypeVar("T")


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a language is called: its `name` in itself, its `tag` in HTML."""

    name: str
    tag: str


def languages(*packages: str) -> dict[str, Language]:
    """All languages that have a folder in one of these packages, by code; the base first.

    Raises:
        LanguageError: A `language.toml` with an unknown key, or a file in a
            `catalogue` that is for none.
    """
    codes = {folder.name for package in packages for folder in _locale(package) if folder.is_dir()}
    return {code: _language(code, packages) for code in sorted(codes, key=lambda c: (c != BASE, c))}


def of(by_language: Mapping[str, T], lang: str) -> T:
    """What stands for a language in a table by language; the base's where it isn't there."""
    return by_language[lang if lang in by_language else BASE]


def words(lang: str, section: str, kind: type[T]) -> T:
    """A section of the core's own words (`wording.toml`), as a record.

    Raises:
        LanguageError: The words aren't what the record or Chinese asks for.
    """
    return _record(_wording(lang)[section], kind, f"{lang}: {section}")


def translated(lang: str, catalogue: str, shipped: Mapping[str, T]) -> dict[str, T]:
    """A catalogue's words in a language, by code.

    Args:
        lang: The language's code.
        catalogue: One of `CATALOGUES`.
        shipped: What the catalogue itself says, in that language or the base; a record
            or a text each.

    Raises:
        LanguageError: The language has words for what isn't in the catalogue.
    """
    own = own_words(lang, catalogue, {code: _plain(said) for code, said in shipped.items()})
    return {
        code: _record(own[code], type(said), f"{lang}: {code}") if code in own else said
        for code, said in shipped.items()
    }


def own_words(lang: str, catalogue: str, base: Mapping[str, Any]) -> dict[str, Any]:
    """What a language has of its own for a catalogue, by code, with its gaps filled.

    Raises:
        LanguageError: As `filled`.
    """
    own = read(CORE, lang, f"catalogue/{catalogue}.toml")
    said = filled(base, own, f"{lang}: {catalogue}")
    return {code: said[code] for code in own}


def filled(base: Mapping[str, Any], own: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The base's words with a language's own in their place: the one rule for gaps.

    Raises:
        LanguageError: A key, a kind of words or a place to fill that the base doesn't have.
    """
    found = dict(base)
    for key, said in own.items():
        at = f"{where}.{key}"
        _fits(base.get(key), said, at)
        found[key] = filled(base[key], said, at) if isinstance(said, dict) else said
    return found


def read(package: str, lang: str, name: str) -> dict[str, Any]:
    """A file of a language's folder; empty where there is none.

    Raises:
        LanguageError: It isn't TOML.
    """
    file = files(package).joinpath("locale", lang, name)
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{lang}/{name}: {error}"
        raise LanguageError(msg) from error


def word_files(package: str, lang: str) -> list[str]:
    """The names of the files with words in a language's folder, in order."""
    folder = files(package).joinpath("locale", lang)
    found = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    return sorted(name for name in found if name.endswith(".toml") and name != _ABOUT)


def _locale(package: str) -> list[Traversable]:
    folder = files(package).joinpath("locale")
    return list(folder.iterdir()) if folder.is_dir() else []


def _language(code: str, packages: tuple[str, ...]) -> Language:
    own: dict[str, Any] = {"name": code, "tag": code}
    for package in packages:
        own |= read(package, code, _ABOUT)
    catalogues = files(CORE).joinpath("locale", code, "catalogue")
    for file in catalogues.iterdir() if catalogues.is_dir() else ():
        if file.name not in {f"{name}.toml" for name in CATALOGUES}:
            msg = f"{code}/catalogue/{file.name}: no such catalogue; there are {CATALOGUES}"
            raise LanguageError(msg)
    return _record(own, Language, f"{code}: language.toml")


@cache
def _wording(lang: str) -> dict[str, Any]:
    base = read(CORE, BASE, "wording.toml")
    return filled(base, read(CORE, lang, "wording.toml"), lang) if lang != BASE else base


def _record(said: Any, kind: type[T], where: str) -> T:
    try:
        return msgspec.convert(said, kind)
    except msgspec.ValidationError as error:
        msg = f"{where}: {error}"
        raise LanguageError(msg) from error


def _plain(said: Any) -> Any:
    """A record as a table, without what the catalogue leaves out."""
    plain = msgspec.to_builtins(said)
    if isinstance(plain, dict):
        return {key: value for key, value in plain.items() if value is not None}
    return plain


def _fits(base: Any, said: Any, at: str) -> None:
    wrong = None
    if base is None:
        wrong = "nothing in Chinese"
    elif type(base) is not type(said):
        wrong = f"a {type(base).__name__} in Chinese"
    elif isinstance(said, list) and len(said) != len(base):
        wrong = f"{len(base)} words in Chinese"
    elif isinstance(said, str) and (more := _places(said, at) - _places(base, at)):
        wrong = f"nothing fills {', '.join(sorted(more))}"
    if wrong:
        msg = f"{at}: {wrong}"
        raise LanguageError(msg)


def _places(text: str, at: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        msg = f"{at}: {text!r}: {error}"
        raise LanguageError(msg) from error
