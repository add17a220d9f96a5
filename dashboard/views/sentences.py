"""Rows of checks and diagnostics in, sentences out, in any language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

from dashboard import labels
from dashboard.labels import filled, t, term, words
from govreport_core import checks, wording
from govreport_core.checks.facts import Reason
from govreport_core.checks.words import place, sentence_words
from govreport_core.forms import forms
from govreport_core.model import Outcome

_CUT = 60
_REASONS = frozenset(Reason)


def check_label(code: str, lang: str) -> str:
    """A rule's short name; its code where the catalogue no longer has it."""
    rule = checks.rule_words(lang).get(code)
    return code if rule is None else rule.title


@lru_cache(maxsize=4096)
def result_label(code: str, outcome: str, lang: str) -> str:
    """A rule's name beside a result: its title, which names a failure, else what it asks."""
    if outcome == Outcome.FAIL or code not in checks.catalogue():
        return check_label(code, lang)
    return wording.rule_asks(code, lang)


def check_sentence(row: Mapping[str, Any], lang: str) -> str:
    """What one result says; its outcome's word where the rule is no longer in the catalogue."""
    return _sentence(*_said(row), lang)


_SAID = ("check", "outcome", "subject", "params", "expected", "actual", "assumed_zero", "reason")
_said = itemgetter(*_SAID)


# Most results say what very many others say: a million has some forty thousand sentences.
@lru_cache(maxsize=1 << 16)
def _sentence(*said: Any) -> str:
    row, lang = dict(zip(_SAID, said, strict=False)), said[-1]
    if row["check"] not in checks.catalogue():
        return t(f"outcomes.{row['outcome']}", lang)
    return wording.sentence(row, lang)


def reason_words(reason: str, lang: str) -> str:
    """Why a check was skipped; the code itself where it is no longer known."""
    if reason not in _REASONS:
        return reason
    return sentence_words(lang).reasons[Reason(reason)]


def diagnostic_sentence(row: Mapping[str, Any], form: str | None, lang: str) -> str:
    """What was odd in our reading, with the form's own names for table, row and column."""
    return diagnostic_told(row, form, lang)[0]


def diagnostic_told(row: Mapping[str, Any], form: str | None, lang: str) -> tuple[str, str]:
    """The same, and what it calls the row; empty where it is about none."""
    key = f"diagnostics.{row['code']}"
    params = json.loads(row["params"])
    if key not in words(lang):
        return f"{row['code']} {_plain(params)}".strip(), ""
    known = _Params(_named(params, form, lang), t("values.unknown", lang))
    template = words(lang)[key]
    # A table's only row may have no label.
    if known.get("row") == "":
        template = template.replace(words(lang)["reading.of_row"], "")
    return filled(template, known), known.get("row", "")


class _Params(dict[str, str]):
    """Gives the words for unknown where the sentence asks for something not recorded."""

    def __init__(self, known: dict[str, str], unknown: str) -> None:
        super().__init__(known)
        self._unknown = unknown

    def __missing__(self, _key: str) -> str:
        return self._unknown


def _named(params: dict[str, Any], form: str | None, lang: str) -> dict[str, str]:
    table = str(params.get("table") or "")
    named = {}
    for name, value in params.items():
        if name == "table" and value:
            named[name] = _table(form, table, lang)
        elif name == "row":
            named[name] = labels.row_label(form, table, str(value or "*"), lang)
        elif name == "column":
            named[name] = labels.column_label(form, table, str(value or "*"), lang)
        elif name == "section" and value:
            named[name] = labels.section_label(form, str(value), lang)
        elif name == "field":
            named[name] = term("fields", str(value), lang)
        elif isinstance(value, float):
            named[name] = labels.number(value)
        elif value is not None:
            named[name] = _short(str(value))
    return named


@lru_cache(maxsize=512)
def _table(form: str | None, table: str, lang: str) -> str:
    """A table as results call it: 表三; by its code where the form isn't known."""
    known = forms().get(form or "")
    there = known is not None and any(one.code == table for one in known.tables)
    return place(table, known, lang) if there else table


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _CUT else f"{one_line[: _CUT - 1]}…"


def _plain(params: dict[str, Any]) -> str:
    return _short(json.dumps(params, ensure_ascii=False)) if params else ""
