"""A key and a language in, the words a person reads out: the only place words come from.

The words stand in `locale/<language>/*.toml`, nested by subject; a key joins the
levels with dots. The core's own words are among them, and its folder of a language
may hold all of them (`govreport_core.languages`). What a language lacks is said in
Chinese. Names of the forms' lines come from the forms themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache, lru_cache
from string import Formatter
from typing import Any

from govreport_core import languages
from govreport_core.errors import LanguageError
from govreport_core.forms import Column, Form, FormTable, Row, forms, label

_PACKAGES = (languages.CORE, "dashboard")
LANGUAGES = languages.languages(*_PACKAGES)
# Of a negative number where it is read; files of data have a hyphen, as programs do.
MINUS = "\N{MINUS SIGN}"
# All of China keeps one time, the year round.
CHINA = dt.timezone(dt.timedelta(hours=8))


def t(key: str, lang: str, **params: object) -> str:
    """The words behind a key, with `{names}` filled from `params`.

    Raises:
        KeyError: There is no such key, or the words need a parameter that isn't
            given: a mistake of ours, never of the data.
        LanguageError: As `words`.
    """
    said = None if params else _plain(lang).get(key)
    return filled(words(lang)[key], params) if said is None else said


@cache
def _plain(lang: str) -> dict[str, str]:
    """Those words that have no name to be filled: most of them."""
    return {key: said for key, said in words(lang).items() if not {"{", "}"} & set(said)}


def filled(said: str, params: Mapping[str, object]) -> str:
    """Words with `{names}` filled; `{n:report|reports}` is the first where `n` is 1."""
    # Python's own way takes a tenth of the time.
    return _FILLED.vformat(said, (), params) if "|" in said else said.format_map(params)


class _Filled(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        one, either, many = format_spec.partition("|")
        if not either:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else many


_FILLED = _Filled()


def term(group: str, code: str, lang: str) -> str:
    """The word for a code of an open list (kinds, levels, errors); the code itself if none."""
    return words(lang).get(f"{group}.{code}", code)


@cache
def words(lang: str) -> dict[str, str]:
    """All words of a language by dotted key, in Chinese where it has none of its own.

    Raises:
        LanguageError: As `own_words`, or words that Chinese doesn't have.
    """
    own = own_words(lang)
    return own if lang == languages.BASE else languages.filled(words(languages.BASE), own, lang)


def own_words(lang: str) -> dict[str, str]:
    """What a language says itself, by dotted key, gaps left.

    Raises:
        LanguageError: A key in two files.
    """
    found: dict[str, str] = {}
    for package in _PACKAGES:
        for name in languages.word_files(package, lang):
            for key, value in _flat(languages.read(package, lang, name), ""):
                if key in found:
                    msg = f"{lang}: {key} stands in two files"
                    raise LanguageError(msg)
                found[key] = value
    return found


def _flat(table: dict[str, Any], path: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{path}{key}.")
        else:
            found.append((f"{path}{key}", str(value)))
    return found


def number(value: float) -> str:
    """A number as read: thousands apart, no decimals it doesn't have, the sign a minus."""
    said = f"{int(value):,}" if value == int(value) else f"{value:,.6f}".rstrip("0").rstrip(".")
    return said.replace("-", MINUS) if value < 0 else said


def number_or_unknown(value: float | None, lang: str) -> str:
    """The number, or the words for an unknown one; never 0 for it."""
    return t("values.unknown", lang) if value is None else number(value)


def percent(share: float, lang: str) -> str:
    """A share as a percentage with one decimal; what rounds to nothing has no sign."""
    said = f"{share * 100:z.1f}"
    return t("values.percent", lang, number=said.replace("-", MINUS) if share < 0 else said)


def year(value: int | None, lang: str) -> str:
    """A report year in words, or those for an unknown one."""
    return t("values.year_unknown", lang) if value is None else t("values.year", lang, year=value)


def moment(value: str | dt.datetime, lang: str) -> str:
    """A moment by the clocks of China, with the zone said; words where it can't be told.

    Args:
        value: ISO 8601, or a datetime; without a zone it is taken to be China's.
        lang: Language of the words.
    """
    try:
        read = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
    except ValueError:
        return t("values.moment_unknown", lang)
    there = read.replace(tzinfo=CHINA) if read.tzinfo is None else read.astimezone(CHINA)
    return t("values.moment", lang, moment=there.strftime("%Y-%m-%d %H:%M"))


def line_label(line: Form | FormTable | Column | Row, lang: str) -> str:
    """The name of a table, a row or a column of a form."""
    if isinstance(line, Form):
        return t(f"forms.{line.id}", lang) if f"forms.{line.id}" in words(lang) else line.title
    return label(line, lang)


def table_label(form: str | None, table: str, lang: str) -> str:
    """The name of a form's table; its code where the form isn't known."""
    found = _table(form, table)
    return table if found is None else line_label(found, lang)


@lru_cache(maxsize=8192)
def row_label(form: str | None, table: str, row: str, lang: str) -> str:
    """The name of a table's row; `*` stands for the rows of a column that are summed."""
    return _line_label(_table(form, table), "rows", row, lang)


@lru_cache(maxsize=8192)
def column_label(form: str | None, table: str, column: str, lang: str) -> str:
    """The name of a table's column, with its group's where the name alone is ambiguous."""
    return _line_label(_table(form, table), "columns", column, lang)


@lru_cache(maxsize=8192)
def cell_label(form: str | None, table: str, row: str, column: str, lang: str) -> str:
    """Table, row and column of a cell, in words."""
    names = [
        table_label(form, table, lang),
        row_label(form, table, row, lang),
        column_label(form, table, column, lang),
    ]
    return t("places.join", lang).join(name for name in names if name)


def newest_cell_label(table: str, row: str, column: str, lang: str) -> str:
    """The same by the newest form that has the cell; its codes where none has."""
    for form in reversed(forms()):
        known = _table(form, table)
        if (
            known
            and {row} <= {one.code for one in known.rows}
            and column in {one.code for one in known.columns}
        ):
            return cell_label(form, table, row, column, lang)
    return f"{table}.{row}.{column}"


@lru_cache(maxsize=1 << 15)
def subject_label(form: str | None, subject: str, lang: str) -> str:
    """What a check was about, in words: a cell, a sum, a section, a table or the report."""
    table, _, rest = subject.partition(".")
    row, _, column = rest.partition(".")
    if row and column:
        return cell_label(form, table, row, column, lang)
    if _table(form, table) is not None:
        return table_label(form, table, lang)
    known = forms().get(form or "")
    for section in known.sections if known else ():
        if section.code == subject:
            return label(section, lang)
    return term("subjects", subject, lang)


def form_name(form: str, lang: str) -> str:
    """The name of a form; its id if it isn't one that is known."""
    known = forms().get(form)
    if known is None:
        return form
    return known.name_en[0].upper() + known.name_en[1:] if lang == "en" else known.name


def section_label(form: str | None, section: str, lang: str) -> str:
    """The name of a section; by the newest form where the report's isn't known."""
    known = forms().get(form or "") or list(forms().values())[-1]
    for found in known.sections:
        if found.code == section:
            return label(found, lang)
    return section


def _table(form: str | None, table: str) -> FormTable | None:
    known = forms().get(form or "")
    return next((found for found in known.tables if found.code == table), None) if known else None


def _line_label(table: FormTable | None, axis: str, code: str, lang: str) -> str:
    if code == "*":
        return t(f"places.all_{axis}", lang)
    lines: dict[str, Column | Row] = {}
    if table is not None:
        lines = {line.code: line for line in (table.rows if axis == "rows" else table.columns)}
    if code not in lines:
        return code
    line = lines[code]
    name = line_label(line, lang)
    alike = [other for other in lines.values() if line_label(other, lang) == name]
    parent = lines.get(line.parent or "")
    if len(alike) > 1 and parent is not None:
        return f"{line_label(parent, lang)}{t('places.within', lang)}{name}"
    return name
