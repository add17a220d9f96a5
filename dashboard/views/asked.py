"""An address's parameters and a dataset in; those that can't be followed out, each in a sentence.

What isn't written as such a parameter is written doesn't narrow; what is, but isn't in the
dataset, narrows to nothing. Both are said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import polars as pl

from dashboard.data import Data
from dashboard.labels import LANGUAGES, t
from dashboard.views.filters import PARAMETERS, UNKNOWN, parts, stem, understood
from dashboard.views.records import Amiss
from govreport_core.checks import catalogue

# What each filter's words are looked up in, of the columns of `cards`.
_COLUMNS = {"year": "year", "kind": "agency_kind", "level": "agency_level", "status": "status"}
# Characters of a word from an address that are shown again.
_SHOWN = 40


def amiss(
    data: Data, given: Mapping[str, str], own: Collection[str], lang: str
) -> tuple[Amiss, ...]:
    """What an address asks for that can't be followed: filters, the language, unknown names.

    Args:
        data: The dataset.
        given: The parameters as they came; hostile.
        own: Parameters of what is asked, which looks at their words itself.
        lang: Language of the words.
    """
    found = []
    for parameter, text in given.items():
        if parameter in PARAMETERS:
            found += [said(parameter, word, why, lang) for word, why in _bad(data, parameter, text)]
        elif parameter == "lang":
            found += [] if text in LANGUAGES else [said(parameter, text, "odd", lang)]
        elif parameter not in own and not parameter.startswith("embed"):
            found.append(said(parameter, text, "no_parameter", lang))
    return tuple(found)


def odd(data: Data, given: Mapping[str, str], own: Collection[str], lang: str) -> tuple[Amiss, ...]:
    """Of what can't be followed that which narrows nothing: odd words, unknown parameters.

    Args:
        data: The dataset.
        given: The parameters as they came; hostile.
        own: Parameters of what is asked, which looks at their words itself.
        lang: Language of the words.
    """
    return tuple(
        one
        for one in amiss(data, given, own, lang)
        if one.parameter not in PARAMETERS or not understood(one.parameter, one.word)
    )


def said(parameter: str, word: str, why: str, lang: str) -> Amiss:
    """What is wrong with one word of an address.

    Args:
        parameter: Its name; hostile where `why` is `no_parameter`.
        word: What it says; hostile.
        why: `odd` (not written as such a parameter is), `absent` (not in the data), `elsewhere`
            (in the data, but not in what is shown), `many` (more than can be compared) or
            `no_parameter`.
        lang: Language of the words.
    """
    name = _cut(parameter) if why == "no_parameter" else name_of(parameter, lang)
    return Amiss(parameter, word, t(f"asked.{why}", lang, name=name, word=_cut(word)))


def name_of(parameter: str, lang: str) -> str:
    """What a parameter of an address is called."""
    end, _, figure = parameter.partition(".")
    if figure:
        return t(f"asked.{end}", lang, what=t(f"figures.{figure}.label", lang))
    return t(f"asked.names.{parameter}", lang)


def without(text: str, word: str) -> str | None:
    """A parameter's text without one of its words; None where nothing is left."""
    return ",".join(one for one in parts(text) if one != word) or None


def known_rules(data: Data, words: Iterable[str]) -> tuple[str, ...]:
    """Those of some rules that the catalogue or the data has."""
    return tuple(word for word in words if word in catalogue() or word in _rules(data))


def _bad(data: Data, parameter: str, text: str) -> list[tuple[str, str]]:
    words = list(dict.fromkeys(parts(text)))
    odd = [word for word in words if not understood(parameter, word)]
    known = _known(data, parameter, [word for word in words if word not in odd])
    # A rule that isn't there narrows nothing, anything else narrows to nothing.
    lacking = "elsewhere" if parameter == "rule" else "absent"
    return [(word, "odd" if word in odd else lacking) for word in words if word not in known]


def _known(data: Data, parameter: str, words: list[str]) -> set[str]:
    """Those of some well-written words that stand for something in the dataset."""
    if parameter in _COLUMNS:
        there = data.distinct(_COLUMNS[parameter])
        return set(words) & {UNKNOWN if one is None else str(one) for one in there}
    if parameter == "region":
        codes = data.distinct("region_code")
        return {word for word in words if _inside(codes, word)}
    return set(known_rules(data, words)) if parameter == "rule" else set(words)


def _inside(codes: pl.Series, region: str) -> bool:
    if region == UNKNOWN:
        return codes.null_count() > 0
    return bool(codes.str.starts_with(stem(region)).any())


def _rules(data: Data) -> set[str]:
    return set(data.counts["check"].unique())


def _cut(word: str) -> str:
    return word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…"
