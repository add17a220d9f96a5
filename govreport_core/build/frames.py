"""Reports in, frames of the dataset's tables out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import polars as pl

from govreport_core.model import Document, Report
from govreport_core.schemas import TABLES


class Reading(msgspec.Struct, frozen=True):
    """A source and what was read from it, with what the pipeline knows beyond the document.

    `identity` holds the columns of `reports` that come from the manifest, the
    roster and the choice among several readings.
    """

    document: Document
    report: Report
    identity: dict[str, Any]


def frames_of(readings: Iterable[Reading]) -> dict[str, pl.DataFrame]:
    """The tables of facts of these readings: all but `documents`, `checks`, `agencies`."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _ROWS}
    for reading in readings:
        for name, make in _ROWS.items():
            rows[name].extend(make(reading))
    return {name: _frame(name, found) for name, found in rows.items()}


def _frame(table: str, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    schema = TABLES[table].create_empty().schema
    return pl.DataFrame(rows, schema=schema, orient="row")


def _params(params: Mapping[str, Any]) -> str:
    return json.dumps(dict(params), ensure_ascii=False, sort_keys=True)


def _parts(r: Reading) -> list[tuple[Any, ...]]:
    doc = r.document.document_id
    return [
        (doc, i, p.part, p.kind, p.row, p.col, p.rowspan, p.colspan, p.text)
        for i, p in enumerate(r.document.parts)
    ]


def _reports(r: Reading) -> list[tuple[Any, ...]]:
    columns = TABLES["reports"].create_empty().columns
    facts = {
        "document_id": r.report.document_id,
        "form": r.report.form,
        "title": r.report.title,
        **r.identity,
    }
    return [tuple(facts.get(c) for c in columns)]


def _evidence(r: Reading) -> list[tuple[Any, ...]]:
    doc = r.report.document_id
    return [
        (doc, e.field, e.candidate, e.chosen, e.rule, e.part, e.start, e.end)
        for e in r.report.evidence
    ]


def _values(r: Reading) -> list[tuple[Any, ...]]:
    doc, year, form = r.report.document_id, r.identity["year"], r.report.form
    return [
        (
            doc,
            year,
            form,
            v.table,
            v.row,
            v.column,
            v.number,
            v.state.value,
            v.raw,
            v.unit,
            v.part,
            v.start,
            v.end,
        )
        for v in r.report.values
    ]


def _sections(r: Reading) -> list[tuple[Any, ...]]:
    doc, year = r.report.document_id, r.identity["year"]
    return [
        (doc, year, s.section, s.heading, s.text, s.part, s.start, s.end_part, s.end)
        for s in r.report.sections
    ]


def _points(r: Reading) -> list[tuple[Any, ...]]:
    doc, year = r.report.document_id, r.identity["year"]
    return [
        (doc, year, p.kind, p.ordinal, p.text, None, p.part, p.start, p.end_part, p.end)
        for p in r.report.points
    ]


def _claims(r: Reading) -> list[tuple[Any, ...]]:
    doc, year = r.report.document_id, r.identity["year"]
    return [
        (
            doc,
            year,
            c.claim,
            c.number,
            c.text,
            c.scope,
            c.table,
            c.row,
            c.column,
            c.agrees,
            c.part,
            c.start,
            c.end,
        )
        for c in r.report.claims
    ]


def _diagnostics(r: Reading) -> list[tuple[Any, ...]]:
    doc = r.report.document_id
    return [
        (doc, d.level.value, d.code, _params(d.params), d.part, d.start, d.end)
        for d in r.report.diagnostics
    ]


_ROWS = {
    "parts": _parts,
    "reports": _reports,
    "evidence": _evidence,
    "values": _values,
    "sections": _sections,
    "points": _points,
    "claims": _claims,
    "diagnostics": _diagnostics,
}
