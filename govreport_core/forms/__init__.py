"""The official forms: TOML in, frozen records out; a new form is one new TOML file here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from govreport_core import languages
from govreport_core.errors import FormError
from govreport_core.forms.lineage import in_line, spanned
from govreport_core.forms.records import Column, Form, FormSection, FormTable, Row

__all__ = [
    "Column",
    "Form",
    "FormSection",
    "FormTable",
    "Row",
    "forms",
    "label",
    "name",
    "parse_form",
    "span",
    "within",
]


Named = FormSection | FormTable | Row | Column


def label(line: Named, lang: str) -> str:
    """The official name of a section, table, row or column in a language.

    Raises:
        LanguageError: The language names a line that no form has.
    """
    own = _own_labels(lang).get(line.label)
    return own or languages.of({"zh": line.label, "en": line.label_en}, lang)


def name(form: Form, lang: str) -> str:
    """What people call a form in a language."""
    own = _own_labels(lang).get(form.name)
    return own or languages.of({"zh": form.name, "en": form.name_en}, lang)


@cache
def _own_labels(lang: str) -> dict[str, str]:
    """A language's names of the lines, by the Chinese one: what is called alike is alike."""
    lines: list[Named] = []
    for form in forms().values():
        lines += [*form.sections, *form.tables]
        for table in form.tables:
            lines += [*table.columns, *table.rows]
    named = {line.label: line.label for line in lines}
    named |= {form.name: form.name for form in forms().values()}
    return languages.own_words(lang, "forms", named)


def parse_form(text: str) -> Form:
    """Read one form's TOML.

    Raises:
        FormError: An unknown key, a wrong type, a code used twice, a parent or
            section that isn't there, a line below itself.
    """
    try:
        form = msgspec.toml.decode(text, type=Form)
    except msgspec.DecodeError as error:
        msg = f"form: {error}"
        raise FormError(msg) from error
    _once([s.code for s in form.sections], f"{form.id}: sections")
    _once([t.code for t in form.tables], f"{form.id}: tables")
    sections = {s.code for s in form.sections}
    for table in form.tables:
        where = f"{form.id}.{table.code}"
        if table.section not in sections:
            msg = f"{where}: no section {table.section!r}"
            raise FormError(msg)
        for name, lines in (("columns", table.columns), ("rows", table.rows)):
            _once([line.code for line in lines], f"{where}: {name}")
            # Only in a list may a row with a number of its own have others below it.
            groups = {line.code for line in lines if table.listed or line.kind == "group"}
            for line in lines:
                if line.parent is not None and line.parent not in groups:
                    msg = f"{where}.{line.code}: no group {line.parent!r} among the {name}"
                    raise FormError(msg)
            _no_circle({line.code: line.parent for line in lines}, f"{where}: {name}")
    return form


def _no_circle(parents: dict[str, str | None], where: str) -> None:
    for code, parent in parents.items():
        above, line = {code}, parent
        while line is not None:
            if line in above:
                msg = f"{where}: {code} stands below itself"
                raise FormError(msg)
            above.add(line)
            line = parents[line]


def _once(codes: list[str], where: str) -> None:
    twice = {c for c in codes if codes.count(c) > 1}
    if twice:
        msg = f"{where}: {', '.join(sorted(twice))} stands twice"
        raise FormError(msg)


@cache
def forms() -> dict[str, Form]:
    """All forms that ship with govreport, by id, each after the one it follows.

    Raises:
        FormError: A file's mistake, or forms that don't make one line.
    """
    return in_line(
        parse_form(entry.read_text(encoding="utf-8"))
        for entry in files(__package__).iterdir()
        if entry.name.endswith(".toml")
    )


@cache
def span(text: str) -> tuple[str, ...]:
    """The ids of the shipped forms that a span names, oldest first; see `lineage.spanned`."""
    return spanned(text, tuple(forms()))


def within(form: str | None, text: str) -> bool:
    """Whether a form is one of those a span names."""
    return form in span(text)
