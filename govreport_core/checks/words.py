"""A result in words: a row of `checks` in, one sentence in any language out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from govreport_core import languages
from govreport_core.checks.facts import Reason
from govreport_core.checks.rules import rule_words
from govreport_core.errors import LanguageError
from govreport_core.forms import Column, Form, FormTable, Row, forms, label


class SentenceWords(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"and_": "and"}
):
    """What the sentences of all rules share, in one language; each is a template.

    Attributes:
        skip: The sentence of a skip of a rule that has none of its own.
        nested: How a label is told from another like it, by its group's.
        numerals: The numbers of sections and tables, from 0.
        mismatch: What the prose says and what the table has, and how far they are apart.
        mismatch_untold: The same where the table has no one figure for it.
        mismatch_share: The same of a percentage.
        between: Stands between several of these.
        claims: What a claim of the prose is about, by its kind.
    """

    skip: str
    assumed_zero: str
    blank: str
    report: str
    section: str
    table: str
    table_of_several: str
    section_unnumbered: str
    table_unnumbered: str
    row: str
    column: str
    cell: str
    nested: str
    and_: str
    numerals: tuple[str, ...]
    reasons: dict[Reason, str]
    mismatch: str
    mismatch_untold: str
    mismatch_share: str
    between: str
    claims: dict[str, str]


def sentence(rule_code: str, check_row: Mapping[str, Any], lang: str) -> str:
    """Say a result: what, where, and by how much. Plain text; escape it where it is shown.

    Args:
        rule_code: The rule's code; KeyError where the catalogue has none.
        check_row: A row of the table `checks`.
        lang: The language; what it lacks is said in Chinese.
    """
    words = rule_words(lang)[rule_code]
    common = sentence_words(lang)
    params = json.loads(check_row["params"])
    form = forms().get(params.get("form"))
    filled = {"where": place(check_row["subject"], form, lang)}
    if check_row["outcome"] == "skip":
        filled["reason"] = common.reasons[Reason(check_row["reason"])]
        return (words.skip or common.skip).format_map(filled)
    expected, actual = check_row["expected"], check_row["actual"]
    filled["expected"] = _said(expected, common)
    filled["actual"] = _said(actual, common)
    if expected is not None and actual is not None:
        filled["difference"] = _said(abs(expected - actual), common)
    missing = params.pop("missing", ())
    filled["missing"] = common.and_.join(words.names[code] for code in missing)
    for name, value in params.items():
        filled[name] = _param(name, value, form, lang)
    template = words.passed
    if check_row["outcome"] == "fail":
        template = words.fail if isinstance(words.fail, str) else words.fail[params["case"]]
    said = template.format_map(filled)
    return said + common.assumed_zero if check_row["assumed_zero"] else said


def place(subject: str, form: Form | None, lang: str) -> str:
    """Name a result's subject in words, as the form labels it."""
    common = sentence_words(lang)
    if form is None or subject == "report":
        return common.report
    for section in form.sections:
        if section.code == subject:
            template = common.section if section.number else common.section_unnumbered
            number = common.numerals[section.number]
            return template.format(number=number, section=label(section, lang))
    code, _, line = subject.partition(".")
    table = form.table(code)
    row_code, _, column_code = line.partition(".")
    row = _line(table.rows, row_code, lang)
    column = _line(table.columns, column_code, lang)
    template = {
        (False, False): "{table}",
        (True, False): common.row,
        (False, True): common.column,
        (True, True): common.cell,
    }[bool(row), bool(column)]
    return template.format(table=_table(form, table, lang), row=row, column=column)


def line_names(subject: str, form: Form | None, lang: str) -> tuple[str, ...]:
    """The same as names from the widest down: the table, its row, its column; a section alone.

    Empty where the subject is the report as a whole, or the form isn't known.
    """
    if form is None or subject in ("report", "*"):
        return ()
    if any(section.code == subject for section in form.sections):
        return (place(subject, form, lang),)
    code, _, line = subject.partition(".")
    row, _, column = line.partition(".")
    table = form.table(code)
    names = (
        _table(form, table, lang),
        _line(table.rows, row, lang),
        _line(table.columns, column, lang),
    )
    return tuple(name for name in names if name)


def _table(form: Form, table: FormTable, lang: str) -> str:
    """`Table 3`; with its label where the section has several, that alone without a number."""
    common = sentence_words(lang)
    number = next(s.number for s in form.sections if s.code == table.section)
    several = sum(other.section == table.section for other in form.tables) > 1
    template = common.table_of_several if several else common.table
    if not number:
        template = common.table_unnumbered
    return template.format(number=common.numerals[number], table=label(table, lang))


def _line(lines: tuple[Row, ...] | tuple[Column, ...], code: str, lang: str) -> str:
    """A line's label, with its group's where another line has the same.

    Empty for `*`, and for a line that has no label on the form itself.
    """
    by_code = {line.code: line for line in lines}
    if code not in by_code or not by_code[code].label:
        return ""
    line = by_code[code]
    name = label(line, lang)
    alike = [other for other in lines if other.label == line.label]
    if len(alike) == 1 or line.parent is None:
        return name
    return sentence_words(lang).nested.format(group=label(by_code[line.parent], lang), label=name)


def _param(name: str, value: Any, form: Form | None, lang: str) -> str:
    common = sentence_words(lang)
    match name:
        case "first":
            return place(value, form, lang)
        case "used" | "right":
            return forms()[value].document_number
        case "mismatches":
            return common.between.join(_mismatch(one, form, lang) for one in value)
        case "years":
            return common.and_.join(value)
        case "parts":
            return " + ".join(_said(part, common) for part in value)
        case _:
            return _said(value, common)


def _mismatch(one: Mapping[str, Any], form: Form | None, lang: str) -> str:
    """One figure of the prose, beside the table's."""
    common = sentence_words(lang)
    said, made = one["said"], one["made"]
    filled = {
        "claim": common.claims.get(one["claim"], one["claim"]),
        "said": _said(said, common),
        "table": _table(form, form.table(one["table"]), lang) if form else one["table"],
    }
    if one["claim"] == "percent":
        return common.mismatch_share.format_map(filled)
    if made is None:
        return common.mismatch_untold.format_map(filled)
    apart = {"made": _said(made, common), "difference": _said(abs(said - made), common)}
    return common.mismatch.format_map(filled | apart)


def _said(value: float | str | None, common: SentenceWords) -> str:
    """A number without needless decimals; a blank as the word for it; a text as it is."""
    if value is None:
        return common.blank
    if isinstance(value, str):
        return value
    return f"{value:.6f}".rstrip("0").rstrip(".")


@cache
def sentence_words(lang: str) -> SentenceWords:
    """The words all rules share, in a language.

    Raises:
        LanguageError: A word that none of them uses, or a reason without words.
    """
    found = languages.words(lang, "sentences", SentenceWords)
    lacking = set(Reason) - set(found.reasons)
    if lacking:
        msg = f"{lang}: sentences: no words for {', '.join(sorted(lacking))}"
        raise LanguageError(msg)
    return found
