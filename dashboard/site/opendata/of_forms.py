"""The official forms in, what reads a report's files out: a JSON and a CSV file a form.

A report's files name its cells by codes and numbers; their names, in both languages, are told here
once a form, and how these files are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from dashboard import labels
from dashboard.labels import t
from dashboard.site import addresses
from dashboard.site.opendata.plain import csv_cell, heads, json_line, title
from dashboard.site.opendata.worded import LANG, OTHER
from govreport_core.dataset.export import BOM
from govreport_core.forms import forms

_BOTH = (LANG, OTHER)
_KINDS = ("table", "row", "column")

File = tuple[str, bytes]


class Line(msgspec.Struct, frozen=True):
    """A table, a row or a column: its code, and its names in both languages."""

    code: str
    zh: str
    en: str


class Table(msgspec.Struct, frozen=True):
    """A form's table as files have it."""

    name: Line
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]


@lru_cache
def tables_of(form: str | None) -> tuple[Table, ...]:
    """The tables of a form that have values, none of a form that isn't known."""
    known = forms().get(form or "")
    if known is None:
        return ()
    found = []
    for part in known.tables:
        names = [labels.table_label(known.id, part.code, lang) for lang in (LANG, OTHER)]
        rows, columns = (
            tuple(
                Line(one.code, *(tell(known.id, part.code, one.code, lang) for lang in _BOTH))
                for one in lines
            )
            for tell, lines in (
                (labels.row_label, part.rows),
                (labels.column_label, part.value_columns),
            )
        )
        found.append(Table(Line(part.code, *names), rows, columns))
    return tuple(found)


@lru_cache
def number(table: str, row: str, column: str) -> str:
    """A cell's number, which is its address on a report's page: `c94`."""
    return addresses.cell(f"c-{table}.{row}.{column}")


def form_files() -> Iterator[File]:
    """`forms/<id>.json` and `.csv` of every form."""
    for form in forms():
        yield addresses.form(form, "json"), json_line(_told(form))
        yield addresses.form(form, "csv"), _csv(form)


def _told(form: str) -> dict[str, object]:
    sections = [
        Line(one.code, *(labels.section_label(form, one.code, lang) for lang in _BOTH))
        for one in forms()[form].sections
    ]
    return {
        "label": labels.form_name(form, LANG),
        "label_en": labels.form_name(form, OTHER),
        "reads": t("opendata.reads", LANG),
        "reads_en": t("opendata.reads", OTHER),
        "tables": [
            _named(table.name, "table")
            | {"columns": [_named(one, "column") for one in table.columns]}
            | {"rows": [_named(row, "row") | _cells(table, row) for row in table.rows]}
            for table in tables_of(form)
        ],
        "sections": [_named(one, "section") for one in sections],
        "form_code": form,
    }


def _named(line: Line, kind: str) -> dict[str, object]:
    return {"label": line.zh, "label_en": line.en, kind: line.code}


def _cells(table: Table, row: Line) -> dict[str, object]:
    return {"cells": [number(table.name.code, row.code, one.code) for one in table.columns]}


def _csv(form: str) -> bytes:
    """A line a cell: its number, its names in both languages, its codes."""
    head = [*heads(("cell",)), *(title(name, lang) for lang in _BOTH for name in _KINDS)]
    rows = [
        (number(*(one.code for one in lines)), *names, *(one.code for one in lines))
        for table in tables_of(form)
        for row in table.rows
        for column in table.columns
        for lines in ((table.name, row, column),)
        for names in ([*(one.zh for one in lines), *(one.en for one in lines)],)
    ]
    every = [(*head, *(f"{name}_code" for name in _KINDS)), *rows]
    lines = [",".join(csv_cell(cell) for cell in row) for row in every]
    return BOM + "\n".join([*lines, ""]).encode()
