"""The records of an official form: sections, tables, columns, rows."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

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
        follows: The form it takes the place of; None for the first.
        name, name_en: What people call it.
        years_from: First report year it is for.
        years_to: Last one; None while in force. The form that follows ends it.
    """

    id: str
    name: Label
    name_en: Label
    title: str
    document_number: str
    years_from: int
    sections: tuple[FormSection, ...]
    tables: tuple[FormTable, ...]
    follows: str | None = None
    years_to: int | None = None

    def table(self, code: str) -> FormTable:
        """The table of that code; KeyError where there is none."""
        for table in self.tables:
            if table.code == code:
                return table
        raise KeyError(code)

    @property
    def listed(self) -> bool:
        """Whether it is a list of indicators, not tables with columns of their own."""
        return any(table.listed for table in self.tables)

    def covers(self, year: int) -> bool:
        """Whether reports of that year are to use this form."""
        return self.years_from <= year <= (self.years_to or year)
