"""The official forms: TOML in, frozen records out; a new form is one new TOML file here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import msgspec

from govreport_core import languages
from govreport_core.errors import FormError

Label = Annotated[str, msgspec.Meta(min_length=1)]


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of a form's table.

    Attributes:
        kind: `label` (heads the row labels), `leaf`, `total`, or `group` (heads
            the columns that name it as `parent`).
        value: `count` or `money`.
        unit: The unit the official header names, for money.
        signed: Whether a negative number is legitimate.
    """

    code: str
    label: str
    label_en: Label
    kind: Literal["label", "leaf", "total", "group"]
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    value: Literal["count", "money"] = "count"
    unit: str | None = None
    signed: bool = False
    counting_rule: str | None = None


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of a form's table; `kind` as for columns.

    A `group` row has no cells on the official form; where a report prints it
    with cells of its own, they are read under the group's code. A `subtotal`
    has cells and is the sum of the rows that name it as `parent`; rows that name
    a `leaf` are some of what it counts (其中：…).

    Attributes:
        unit: The unit printed beside the row, where the form has one a row.
        value: `count` or `money`, where it isn't the column that says so.
    """

    code: str
    label: str
    label_en: Label
    kind: Literal["leaf", "total", "subtotal", "group"]
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    unit: str | None = None
    value: Literal["count", "money"] = "count"
    legal_basis: str | None = None
    counting_rule: str | None = None


class FormTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One statistical table of a form."""

    code: str
    section: str
    label: str
    label_en: Label
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    ignored: tuple[str, ...] = ()

    @property
    def value_columns(self) -> tuple[Column, ...]:
        """Columns that hold numbers, in the order in which they are printed."""
        return tuple(c for c in self.columns if c.kind in ("leaf", "total"))

    @property
    def listed(self) -> bool:
        """Whether it is a list of indicators, each with a unit of its own and one number."""
        return any(row.unit is not None for row in self.rows)

    @property
    def value_rows(self) -> tuple[Row, ...]:
        """Rows that hold numbers on the official form, in order."""
        return tuple(r for r in self.rows if r.kind != "group")

    def leaves(self, group: str) -> tuple[Row, ...]:
        """The leaf rows below a group row, in order; the row itself if it is a leaf."""
        row = next(r for r in self.rows if r.code == group)
        if row.kind == "leaf":
            return (row,)
        return tuple(
            leaf
            for child in self.rows
            if child.parent == group and child.kind != "total"
            for leaf in self.leaves(child.code)
        )

    def total_of(self, group: str, axis: Literal["rows", "columns"]) -> str:
        """The code of the one line of kind `total` right below a group; KeyError without one."""
        lines: tuple[Row, ...] | tuple[Column, ...] = self.rows if axis == "rows" else self.columns
        totals = [line.code for line in lines if line.parent == group and line.kind == "total"]
        if len(totals) != 1:
            raise KeyError(group)
        return totals[0]


class FormSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of a form's sections; `required` names what the form asks it to cover.

    `number` is 0 where the form gives its sections no numbers of their own.
    """

    code: str
    number: int
    label: str
    label_en: Label
    aliases: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An official form of the annual report.

    Attributes:
        years_from: First report year it is for.
        years_to: Last one; None while in force.
    """

    id: str
    title: str
    document_number: str
    years_from: int
    sections: tuple[FormSection, ...]
    tables: tuple[FormTable, ...]
    years_to: int | None = None

    def table(self, code: str) -> FormTable:
        """The table of that code; KeyError where there is none."""
        for table in self.tables:
            if table.code == code:
                return table
        raise KeyError(code)

    def covers(self, year: int) -> bool:
        """Whether reports of that year are to use this form."""
        return self.years_from <= year <= (self.years_to or year)


Named = FormSection | FormTable | Row | Column


def label(line: Named, lang: str) -> str:
    """The official name of a section, table, row or column in a language.

    Raises:
        LanguageError: The language names a line that no form has.
    """
    own = _own_labels(lang).get(line.label)
    return own or languages.of({"zh": line.label, "en": line.label_en}, lang)


@cache
def _own_labels(lang: str) -> dict[str, str]:
    """A language's names of the lines, by the Chinese one: what is called alike is alike."""
    lines: list[Named] = []
    for form in forms().values():
        lines += [*form.sections, *form.tables]
        for table in form.tables:
            lines += [*table.columns, *table.rows]
    return languages.own_words(lang, "forms", {line.label: line.label for line in lines})


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
    """All forms that ship with govreport, by id, oldest first."""
    found = [
        parse_form(entry.read_text(encoding="utf-8"))
        for entry in files(__package__).iterdir()
        if entry.name.endswith(".toml")
    ]
    return {form.id: form for form in sorted(found, key=lambda form: form.years_from)}
