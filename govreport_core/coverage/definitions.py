"""`statuses.toml` in, the statuses and the dates due as frozen records out."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from govreport_core import languages
from govreport_core.errors import RuleError


class StatusWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A status in one language."""

    title: str
    note: str


class Status(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a report of an agency and year turned out to be.

    Attributes:
        expected: What it says of a report that was due: `met`, `missed`,
            `unknown`; `no` where none was due.
    """

    code: str
    expected: Literal["met", "missed", "unknown", "no"]
    zh: StatusWords
    en: StatusWords


class Deadline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which day of the next year agencies of these kinds publish; no kinds stands for all.

    Attributes:
        usual: A date that places set as a rule, not the law: no report is late by it.
    """

    code: str
    month: int
    day: int
    source: str
    zh: str
    en: str
    kinds: tuple[str, ...] = ()
    years_from: int = 2000
    years_to: int = 2100
    usual: bool = False


class Rest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Public holidays with the days of rest beside them, from the first day to the last."""

    first: dt.date
    last: dt.date


class Definitions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `statuses.toml`.

    Attributes:
        rest: Holidays that have held a day due; weekends need no entry.
    """

    deadlines: tuple[Deadline, ...]
    statuses: tuple[Status, ...]
    rest: tuple[Rest, ...] = ()


class DueWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said beside statuses and deadlines, in one language.

    Attributes:
        roster: A date that the roster sets.
        reasons: Why a status isn't more certain, or why no report was due, by code.
    """

    roster: str
    reasons: dict[str, str]


def statuses() -> dict[str, Status]:
    """All statuses by code, in the order in which they are listed."""
    return {status.code: status for status in definitions().statuses}


def deadlines() -> dict[str, Deadline]:
    """All dates due by code, in the order in which the first that fits holds."""
    return {deadline.code: deadline for deadline in definitions().deadlines}


def due_words(code: str, lang: str) -> str:
    """What set a date due, in words: a deadline's code, or `roster`."""
    return _due(lang).roster if code == "roster" else _deadlines(lang)[code]


def reason_words(lang: str) -> dict[str, str]:
    """Why a status isn't more certain, or why no report was due, by code."""
    return _due(lang).reasons


@cache
def status_words(lang: str) -> dict[str, StatusWords]:
    """What each status is called and means in a language, by code.

    Raises:
        LanguageError: The language has words for a status that isn't there.
    """
    shipped = {s.code: languages.of({"zh": s.zh, "en": s.en}, lang) for s in statuses().values()}
    return languages.translated(lang, "statuses", shipped)


@cache
def _due(lang: str) -> DueWords:
    return languages.words(lang, "due", DueWords)


@cache
def _deadlines(lang: str) -> dict[str, str]:
    known = deadlines().values()
    shipped = {d.code: languages.of({"zh": d.zh, "en": d.en}, lang) for d in known}
    return languages.translated(lang, "deadlines", shipped)


@cache
def definitions() -> Definitions:
    """The definitions that ship with govreport."""
    text = files(__package__).joinpath("statuses.toml").read_text(encoding="utf-8")
    return parse_definitions(text)


def parse_definitions(text: str) -> Definitions:
    """Read the TOML.

    Raises:
        RuleError: An unknown key, a wrong type, a code used twice, a day that no
            year has.
    """
    try:
        found = msgspec.toml.decode(text, type=Definitions)
        for deadline in found.deadlines:
            dt.date(2001, deadline.month, deadline.day)
    except (msgspec.DecodeError, ValueError) as error:
        msg = f"statuses: {error}"
        raise RuleError(msg) from error
    for codes in ([s.code for s in found.statuses], [d.code for d in found.deadlines]):
        twice = {code for code in codes if codes.count(code) > 1}
        if twice:
            msg = f"statuses: {', '.join(sorted(twice))} stands twice"
            raise RuleError(msg)
    return found
