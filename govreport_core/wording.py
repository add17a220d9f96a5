"""Results, places and verdicts in; what a person reads of them out, in any language.

Sentences of rules come from the catalogue; what stands around them comes from
`locale/*/wording.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import msgspec

from govreport_core import checks, languages
from govreport_core.checks.facts import Reason
from govreport_core.checks.words import line_names, place, sentence_words
from govreport_core.forms import forms
from govreport_core.forms import name as form_name
from govreport_core.model import Outcome

# A step of a part's path: a letter's or a word's, with its number.
_STEP = re.compile(r"^([a-z]+)[:]?(\d+)$")


class VerdictWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"and_": "and"}):
    """What the terminal says, in one language; each is a template or a plain word."""

    agency_unknown: str
    year_unknown: str
    form_unknown: str
    year: str
    read: str
    at: str
    join: str
    and_: str
    times: str
    reason: str
    reason_alone: str
    more: str


class AdviceWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to do where a rule fails, in one language: of a rule by its code, else of its group."""

    groups: dict[str, str]
    rules: dict[str, str]


class PositionWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where in a report a result is about, in one language.

    Attributes:
        within: Stands between a table, a row and a column.
        whole: Stands for a result about the report as a whole.
        at: Adds where in the source it stands.
    """

    within: str
    whole: str
    at: str


def sentence(row: Mapping[str, Any], lang: str) -> str:
    """What one row of `checks` says; of a skip only why, for its outcome is said beside it.

    Raises:
        KeyError: The catalogue has no such rule.
    """
    if row["outcome"] != Outcome.SKIP or checks.rule_words(lang)[row["check"]].skip:
        return checks.sentence(row["check"], row, lang)
    reason = sentence_words(lang).reasons[Reason(row["reason"])]
    if row["subject"] in ("report", "*"):
        return verdict_words(lang).reason_alone.format(reason=reason[0].upper() + reason[1:])
    params = msgspec.json.decode(row["params"], type=dict[str, Any])
    where = place(row["subject"], forms().get(params.get("form") or ""), lang)
    return verdict_words(lang).reason.format(where=where, reason=reason)


def position(row: Mapping[str, Any], lang: str) -> str:
    """Where a row of `checks` points: table, row and column, and the line of the source."""
    words = _position_words(lang)
    params = msgspec.json.decode(row["params"], type=dict[str, Any])
    names = line_names(row["subject"], forms().get(params.get("form") or ""), lang)
    where = words.within.join(names) or words.whole
    if row["part"] is None:
        return where
    return words.at.format(where=where, place=place_label(row["part"], lang))


def advice(code: str, lang: str) -> str:
    """What to do where a rule of the catalogue fails."""
    words = _advice_words(lang)
    return words.rules.get(code) or words.groups[checks.catalogue()[code].group]


@lru_cache(maxsize=8192)
def place_label(part: str, lang: str) -> str:
    """A part's path in words: line 120; table 2, row 4, cell 3. The path itself if it has none."""
    said, steps = _steps(lang), []
    for step in part.split("/"):
        found = _STEP.match(step)
        name = found[1] if found else step.partition(":")[0]
        if name not in said:
            return part
        steps.append(said[name].format(n=found[2] if found else ""))
    return verdict_words(lang).join.join(steps)


def form_label(form: str | None, lang: str) -> str:
    """The name of a form, or its id if it isn't one that is known; words for none recognised."""
    if form is None:
        return verdict_words(lang).form_unknown
    known = forms().get(form)
    return form if known is None else form_name(known, lang)


def rule_asks(code: str, lang: str) -> str:
    """What a rule asks of a report, as a plain sentence: its title names the violation."""
    return checks.rule_words(lang)[code].asks


def grade(code: str, lang: str) -> str:
    """The word for an outcome or a severity."""
    return _grades(lang)[code]


@cache
def verdict_words(lang: str) -> VerdictWords:
    """What the terminal says, in a language."""
    return languages.words(lang, "verdict", VerdictWords)


@cache
def _advice_words(lang: str) -> AdviceWords:
    return languages.words(lang, "advice", AdviceWords)


@cache
def _position_words(lang: str) -> PositionWords:
    return languages.words(lang, "position", PositionWords)


@cache
def _grades(lang: str) -> dict[str, str]:
    return languages.words(lang, "outcomes", dict[str, str]) | languages.words(
        lang, "severities", dict[str, str]
    )


@cache
def _steps(lang: str) -> dict[str, str]:
    return languages.words(lang, "steps", dict[str, str])
