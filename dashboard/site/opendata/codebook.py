"""A table in, what its columns and codes mean out, in both languages: schemas, and a codebook.

Types and constraints are those of the dataset's own contract (`govreport_core.schemas`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dataframely as dy
import msgspec
import polars as pl

from dashboard import labels
from dashboard.labels import t
from dashboard.site.opendata.worded import LANG, OTHER, column_title, columns
from dashboard.views.datatables import word
from govreport_core import checks, coverage
from govreport_core.forms import forms
from govreport_core.model import Outcome, Severity, State
from govreport_core.schemas import TABLES, columns_of

HEAD = ("table", "column", "code", "type", "meaning_zh", "meaning_en")

_TYPES: dict[object, str] = {
    pl.String: "string",
    pl.Int32: "integer",
    pl.Int64: "integer",
    pl.Float64: "number",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.List: "string",
}
_CLOSED: dict[tuple[str, str], Sequence[str]] = {
    ("values", "state"): [state.value for state in State],
    ("checks", "outcome"): [outcome.value for outcome in Outcome],
    ("checks", "severity"): [severity.value for severity in Severity],
    ("points", "kind"): ("problem", "improvement"),
    ("diagnostics", "level"): ("note", "doubt"),
    ("documents", "status"): ("read", "failed", "skipped"),
    ("promises", "link"): ("promised", "repeated", "promised_again"),
    ("coverage", "status"): tuple(coverage.statuses()),
}


class Meaning(msgspec.Struct, frozen=True):
    """A line of the codebook; `code` is empty for the column itself."""

    table: str
    column: str
    code: str
    type: str
    zh: str
    en: str


def schema(table: str) -> dict[str, Any]:
    """The Table Schema (Frictionless) of a table's CSV.

    Args:
        table: A name of the dataset's tables.
    """
    contract = TABLES[table]
    own = columns_of(table)
    known = contract.columns()
    fields = [_field(table, name, known.get(name)) for name in columns(table, own)]
    found: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    keys = [name for name in own if known[name].primary_key]
    return found | ({"primaryKey": keys} if keys else {})


def _field(table: str, name: str, column: dy.Column | None) -> dict[str, Any]:
    titles = {lang: column_title(name, lang) for lang in (LANG, OTHER)}
    field: dict[str, Any] = {"name": name, "type": _type(name, column), "title": titles[LANG]}
    field["titles"] = titles
    note = _note(table, name)
    field |= {"description": " / ".join(note.values()), "descriptions": note} if note else {}
    if column is None:
        return field
    constraints: dict[str, Any] = {}
    # A text that is there but empty is read as missing: only what can't be empty is required.
    if not column.nullable and (_type(name, column) != "string" or column.primary_key):
        constraints["required"] = True
    for bound, key in (("min", "minimum"), ("max", "maximum")):
        value = getattr(column, bound, None)
        if value is not None:
            constraints[key] = value
    # A text may have an apostrophe before it, so that no spreadsheet takes it for a formula.
    pattern = getattr(column, "regex", None)
    if pattern:
        constraints["pattern"] = pattern.removeprefix("^").removesuffix("$")
    closed = _CLOSED.get((table, name))
    if closed:
        constraints["enum"] = list(closed)
    return field | ({"constraints": constraints} if constraints else {})


def _type(name: str, column: dy.Column | None) -> str:
    if column is None:
        return "integer" if name == "year" else "string"
    kind = column.dtype
    return _TYPES[kind if isinstance(kind, type) else type(kind)]


def _note(table: str, name: str) -> dict[str, str]:
    """What is to be known of a column beside its name, where anything is."""
    for key in (f"opendata.notes.{table}_{name}", f"opendata.notes.{name}"):
        if key in labels.words(LANG):
            return {lang: t(key, lang) for lang in (LANG, OTHER)}
    return {}


def meanings(seen: Mapping[tuple[str, str], Iterable[str]]) -> list[Meaning]:
    """The codebook: every column of every table, and every code that is there.

    Args:
        seen: The codes there are, by table and column.
    """
    found = []
    for table in TABLES:
        for name, column in _listed(table):
            note = _note(table, name)
            titles = [
                ". ".join(filter(None, (column_title(name, lang), note.get(lang))))
                for lang in (LANG, OTHER)
            ]
            found.append(Meaning(table, name, "", _type(name, column), *titles))
            found += [
                Meaning(table, name, code, "", *_words(table, name, code))
                for code in sorted(seen.get((table, name), ()))
            ]
    return [*found, *_forms(), *_rules()]


def _listed(table: str) -> list[tuple[str, dy.Column | None]]:
    if table in ("parts", "offsets", "counts"):
        return []
    known = TABLES[table].columns()
    return [(name, known.get(name)) for name in columns(table, columns_of(table))]


def _words(table: str, column: str, code: str) -> tuple[str, str]:
    row: dict[str, object] = {}
    return word(table, column, code, row, LANG), word(table, column, code, row, OTHER)


def _forms() -> list[Meaning]:
    """The tables, rows and columns of the official forms, as `form/table/line`."""
    found = []
    for form in forms().values():
        for part in form.tables:
            names = [labels.table_label(form.id, part.code, lang) for lang in (LANG, OTHER)]
            found.append(Meaning("values", "table", f"{form.id}/{part.code}", "", *names))
            for axis, lines, tell in (
                ("row", part.value_rows, labels.row_label),
                ("column", part.value_columns, labels.column_label),
            ):
                for line in lines:
                    names = [tell(form.id, part.code, line.code, lang) for lang in (LANG, OTHER)]
                    code = f"{form.id}/{part.code}/{line.code}"
                    found.append(Meaning("values", axis, code, "", *names))
    return found


def _rules() -> list[Meaning]:
    words = {lang: checks.rule_words(lang) for lang in (LANG, OTHER)}
    return [
        Meaning("checks", "check", code, "", words[LANG][code].title, words[OTHER][code].title)
        for code in checks.catalogue()
    ]


def as_frame(found: Iterable[Meaning]) -> pl.DataFrame:
    """The codebook as a table, columns as `HEAD`."""
    rows = [msgspec.structs.astuple(one) for one in found]
    return pl.DataFrame(rows, schema=dict.fromkeys(HEAD, pl.String), orient="row")


def columns_told(table: str, lang: str) -> tuple[tuple[str, str], ...]:
    """The columns of a table's CSV, each with what it means in a language."""
    return tuple(
        (name, ". ".join(filter(None, (column_title(name, lang), _note(table, name).get(lang)))))
        for name in columns(table, columns_of(table))
    )
