"""An address's parameters in, what the list of reports alone is narrowed by out.

`theme`, and `min.FIGURE` and `max.FIGURE` of a key figure. What is unknown is in no range.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.views.asked import name_of, said
from dashboard.views.filters import BOUNDS, Filters, parts
from dashboard.views.lists import chosen
from dashboard.views.records import Amiss, Option
from dashboard.views.words_themes import theme_label
from govreport_core.model import Record
from govreport_core.narrative.taxonomy import theme_words

HIGHEST = 999_999_999
"""The highest number that can be asked for."""
_NUMBER = re.compile(r"^[0-9]{1,9}$")
_THEMES = ("problem_themes", "improvement_themes")


class Sought(Record, frozen=True, gc=False):
    """What the list alone is narrowed by; nothing where it is empty.

    Attributes:
        themes: Codes: reports with at least one point of one of these.
        bounds: A parameter of `BOUNDS` and its number each: counts, both ends included.
    """

    themes: tuple[str, ...] = ()
    bounds: tuple[tuple[str, int], ...] = ()


NOTHING = Sought()


def sought(given: Mapping[str, str], lang: str) -> tuple[Sought, tuple[Amiss, ...]]:
    """What an address asks of the list, and what of it can't be followed.

    Args:
        given: The address's parameters; hostile.
        lang: Language of the words.
    """
    amiss = []
    asked = list(dict.fromkeys(parts(given.get("theme", ""))))
    themes = tuple(code for code in asked if code in theme_words(lang))
    amiss += [said("theme", code, "odd", lang) for code in asked if code not in themes]
    bounds = []
    for name in BOUNDS:
        word = given.get(name, "").strip()
        if _NUMBER.match(word):
            bounds.append((name, int(word)))
        elif word:
            amiss.append(said(name, word, "odd", lang))
    return Sought(themes, tuple(bounds)), tuple(amiss)


def passing(wanted: Sought, rules: tuple[str, ...]) -> dict[str, pl.Expr]:
    """What a row of `cards` must pass, by name; nothing of what lets all pass.

    Args:
        wanted: What the list is narrowed by.
        rules: Codes: reports that fail one of these.
    """
    found: dict[str, pl.Expr] = {}
    if rules:
        failed = pl.col("failed_rules").list
        found["rules"] = pl.any_horizontal(failed.contains(rule) for rule in rules)
    if wanted.themes:
        said_of = [
            pl.col(column).list.contains(code).fill_null(value=False)
            for column in _THEMES
            for code in wanted.themes
        ]
        found["themes"] = pl.any_horizontal(said_of)
    for name, number in wanted.bounds:
        end, _, figure = name.partition(".")
        column = pl.col(figure)
        test = column >= number if end == "min" else column <= number
        found[name] = test.fill_null(value=False)
    return found


def words(wanted: Sought, lang: str) -> tuple[tuple[str, str, str, str], ...]:
    """What the list is narrowed by in words: parameter, its word, its name and what it says."""
    said_of = [("theme", code, theme_label(code, lang)) for code in wanted.themes]
    said_of += [(name, str(number), labels.number(number)) for name, number in wanted.bounds]
    return tuple((name, word, name_of(name, lang), text) for name, word, text in said_of)


def theme_options(data: Data, filters: Filters, lang: str) -> tuple[Option, ...]:
    """The themes, each with how many of the reports that match have a point of it."""
    cards = chosen(data, filters).select(*_THEMES).collect()
    both = pl.concat_list(pl.col(column).fill_null([]) for column in _THEMES).list.unique()
    counted = dict(cards.select(both.explode()).to_series().drop_nulls().value_counts().iter_rows())
    return tuple(
        Option(code, theme_label(code, lang), counted.get(code, 0)) for code in theme_words(lang)
    )
