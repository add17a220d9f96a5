"""The rule catalogue: TOML in, frozen rules out; what a rule names must exist in its forms.

A rule is data: which cells, which words. Its `test` is one of the kinds in
`kinds`; a new rule of a known kind is one more table in `catalogue/*.toml`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Literal

import msgspec

from govreport_core import languages
from govreport_core.checks.kinds import AnyKind
from govreport_core.checks.sums import Balance, Total
from govreport_core.errors import FormError, RuleError
from govreport_core.forms import Form, forms, span
from govreport_core.model import Severity


class RuleWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"passed": "pass"}):
    """A rule in one language; the sentences are templates, filled by `words`.

    Attributes:
        title: Its short name.
        asks: What it asks of a report, in one plain sentence.
        passed: Says that it holds.
        fail: Says what is wrong, where and by how much; one for each of the
            kind's cases where it has several.
        skip: Says why it couldn't be assessed; None takes the common sentence.
        exceptions: What it knowingly lets pass or leaves to the reader.
        names: What its kind names by a code of the rule's own, such as a matter
            that a section lacks.
    """

    title: str
    asks: str
    passed: str
    fail: str | dict[str, str]
    skip: str | None = None
    exceptions: str = ""
    names: dict[str, str] = {}


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of the catalogue.

    Attributes:
        span: The forms it is for, as a span; a report on another form gets no result.
        formula: It again as a formula over the forms' codes; true where it passes.
        source: The law or official document it rests on.
    """

    code: str
    group: Literal[
        "structure", "t2", "t3", "t4", "cross_year", "narrative", "hierarchy", "compliance"
    ]
    severity: Severity
    span: str = msgspec.field(name="forms")
    formula: str
    source: str
    test: AnyKind
    zh: RuleWords
    en: RuleWords

    @property
    def forms(self) -> tuple[str, ...]:
        """The ids of the forms it is for, oldest first."""
        return span(self.span)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rules: tuple[Rule, ...]


@cache
def catalogue() -> dict[str, Rule]:
    """All rules that ship with govreport, by code, in the order of their files."""
    found: dict[str, Rule] = {}
    for entry in sorted(files(__package__).joinpath("catalogue").iterdir(), key=lambda e: e.name):
        for rule in parse_rules(entry.read_text(encoding="utf-8")):
            if rule.code in found:
                msg = f"{rule.code}: stands twice in the catalogue"
                raise RuleError(msg)
            found[rule.code] = rule
    return found


@cache
def rule_words(lang: str) -> dict[str, RuleWords]:
    """What each rule of the catalogue says of itself in a language, by code.

    Raises:
        LanguageError: The language has words for what no rule says in Chinese.
    """
    shipped = {
        code: languages.of({"zh": rule.zh, "en": rule.en}, lang)
        for code, rule in catalogue().items()
    }
    return languages.translated(lang, "rules", shipped)


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Read one file of rules.

    Raises:
        RuleError: An unknown key or kind, a wrong type, a form, table, row or
            column that isn't there, a sentence that lacks a case or uses a word
            its kind doesn't fill.
    """
    try:
        rules = msgspec.toml.decode(text, type=_File).rules
    except msgspec.DecodeError as error:
        msg = f"rules: {error}"
        raise RuleError(msg) from error
    for rule in rules:
        _words_fit(rule)
        for form in _forms(rule):
            _codes_exist(rule, form)
    return rules


def _forms(rule: Rule) -> tuple[Form, ...]:
    try:
        return tuple(forms()[form] for form in rule.forms)
    except FormError as error:
        msg = f"{rule.code}: forms: {error}"
        raise RuleError(msg) from error


def _codes_exist(rule: Rule, form: Form) -> None:
    try:
        match rule.test:
            case Balance(table=code, left=left, right=right, required=required):
                table = form.table(code)
                rows = {row.code for row in table.value_rows}
                for row in (*left, *right):
                    if row not in rows:
                        raise KeyError(row)
                for row in required:
                    if row not in (*left, *right):
                        raise KeyError(row)
            case Total(table=code, sums=sums, groups=groups):
                table = form.table(code)
                for group in groups:
                    table.total_of(group, sums)
            case _:
                for code, named_rows, named_columns in rule.test.named():
                    found = form.table(code)
                    _lines_exist(named_rows, [line.code for line in found.rows])
                    _lines_exist(named_columns, [line.code for line in found.columns])
    except KeyError as error:
        msg = f"{rule.code}: {form.id} has no {error}"
        raise RuleError(msg) from error


def _lines_exist(named: tuple[str, ...], there: list[str]) -> None:
    for code in named:
        if code not in there:
            raise KeyError(code)


def _words_fit(rule: Rule) -> None:
    for language, words in (("zh", rule.zh), ("en", rule.en)):
        where = f"{rule.code}.{language}"
        cases = set(words.fail) if isinstance(words.fail, dict) else set()
        if cases != rule.test.cases:
            msg = f"{where}: fail has {sorted(cases)}, its kind asks for {sorted(rule.test.cases)}"
            raise RuleError(msg)
        if set(words.names) != rule.test.names():
            msg = f"{where}: names has {sorted(words.names)}, the test {sorted(rule.test.names())}"
            raise RuleError(msg)
        failures = words.fail.values() if isinstance(words.fail, dict) else [words.fail]
        for sentence in failures:
            _filled(sentence, {"where", *rule.test.words()}, where)
        _filled(words.passed, {"where", *rule.test.pass_words}, where)
        _filled(words.skip or "", {"where", "reason"}, where)


def _filled(sentence: str, known: set[str], where: str) -> None:
    try:
        used = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    except ValueError as error:
        msg = f"{where}: {sentence!r}: {error}"
        raise RuleError(msg) from error
    if used - known:
        msg = f"{where}: nothing fills {', '.join(sorted(used - known))} in {sentence!r}"
        raise RuleError(msg)
