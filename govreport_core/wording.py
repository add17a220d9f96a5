"""Results, places and verdicts in; what a person reads of them out, in Chinese or English.

Sentences of rules come from the catalogue; what stands around them comes from
`wording.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from govreport_core import checks
from govreport_core.checks.facts import Reason
from govreport_core.checks.words import Language, common_words, place
from govreport_core.errors import RuleError
from govreport_core.forms import forms
from govreport_core.model import Outcome

# A step of a part's path: a letter's or a word's, with its number.
_STEP = re.compile(r"^([a-z]+)[:]?(\d+)$")


class Words(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"passed": "pass", "and_": "and"},
):
    """The words of one language; each is a template or a plain word."""

    agency_unknown: str
    year_unknown: str
    form_unknown: str
    year: str
    read: str
    fail: str
    skip: str
    passed: str
    error: str
    warning: str
    info: str
    at: str
    join: str
    and_: str
    times: str
    reason: str
    reason_alone: str
    more: str
    steps: dict[str, str]

    def grade(self, code: str) -> str:
        """The word for an outcome or a severity."""
        word: str = getattr(self, "passed" if code == Outcome.PASS else code)
        return word


def sentence(row: Mapping[str, Any], lang: Language) -> str:
    """What one row of `checks` says; of a skip only why, for its outcome is said beside it.

    Raises:
        KeyError: The catalogue has no such rule.
    """
    rule = checks.catalogue()[row["check"]]
    own = (rule.zh if lang == "zh" else rule.en).skip
    if row["outcome"] != Outcome.SKIP or own:
        return checks.sentence(row["check"], row, lang)
    reason = common_words()[lang].reasons[Reason(row["reason"])]
    if row["subject"] in ("report", "*"):
        return words()[lang].reason_alone.format(reason=reason[0].upper() + reason[1:])
    params = msgspec.json.decode(row["params"], type=dict[str, Any])
    where = place(row["subject"], forms().get(params.get("form") or ""), lang)
    return words()[lang].reason.format(where=where, reason=reason)


def place_label(part: str, lang: Language) -> str:
    """A part's path in words: line 120; table 2, row 4, cell 3. The path itself if it has none."""
    said = words()[lang]
    steps = []
    for step in part.split("/"):
        found = _STEP.match(step)
        name = found[1] if found else step.partition(":")[0]
        if name not in said.steps:
            return part
        steps.append(said.steps[name].format(n=found[2] if found else ""))
    return said.join.join(steps)


def form_label(form: str | None, lang: Language) -> str:
    """The name of a form, or its id if it isn't one that is known; words for none recognised."""
    if form is None:
        return words()[lang].form_unknown
    known = forms().get(form)
    if known is None:
        return form
    return known.name_en if lang == "en" else known.name


def rule_asks(code: str, lang: Language) -> str:
    """What a rule asks of a report, as a plain sentence: its title names the violation."""
    rule = checks.catalogue()[code]
    return (rule.zh if lang == "zh" else rule.en).asks


@cache
def words() -> dict[str, Words]:
    """The words of both languages.

    Raises:
        RuleError: An unknown key, or one that is missing.
    """
    text = files("govreport_core").joinpath("wording.toml").read_text(encoding="utf-8")
    try:
        return msgspec.toml.decode(text, type=dict[str, Words])
    except msgspec.DecodeError as error:
        msg = f"wording.toml: {error}"
        raise RuleError(msg) from error
