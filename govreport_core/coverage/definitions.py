"""`statuses.toml` in, the statuses and the dates due as frozen records out."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from govreport_core.errors import RuleError


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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
    zh: Words
    en: Words


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
        roster: The words for a date that the roster sets, by language.
        reasons: Why a status isn't more certain, by language and code.
        rest: Holidays that have held a day due; weekends need no entry.
    """

    deadlines: tuple[Deadline, ...]
    roster: dict[str, str]
    statuses: tuple[Status, ...]
    reasons: dict[str, dict[str, str]]
    rest: tuple[Rest, ...] = ()


def statuses() -> dict[str, Status]:
    """All statuses by code, in the order in which they are listed."""
    return {status.code: status for status in definitions().statuses}


def deadlines() -> dict[str, Deadline]:
    """All dates due by code, in the order in which the first that fits holds."""
    return {deadline.code: deadline for deadline in definitions().deadlines}


def due_words(code: str, lang: str) -> str:
    """What set a date due, in words: a deadline's code, or `roster`."""
    if code == "roster":
        return definitions().roster[lang]
    found = deadlines()[code]
    return found.zh if lang == "zh" else found.en


def reason_words(lang: str) -> dict[str, str]:
    """Why a status isn't more certain, or why no report was due, by code."""
    return definitions().reasons[lang]


@cache
def definitions() -> Definitions:
    """The definitions that ship with govreport."""
    text = files(__package__).joinpath("statuses.toml").read_text(encoding="utf-8")
    return parse_definitions(text)


def parse_definitions(text: str) -> Definitions:
    """Read the TOML.

    Raises:
        RuleError: An unknown key, a wrong type, a code used twice, a day that no
            year has, reasons that differ between the languages.
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
    if set(found.roster) != {"zh", "en"} or set(found.reasons) != {"zh", "en"}:
        msg = "statuses: the words stand in zh and en"
        raise RuleError(msg)
    if found.reasons["zh"].keys() != found.reasons["en"].keys():
        msg = "statuses: the reasons differ between the languages"
        raise RuleError(msg)
    return found
