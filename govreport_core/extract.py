"""A Document in, its Report out: align, read each cell, cut the sections, find who and when."""

from __future__ import annotations

from govreport_core.align import Alignment, Candidates, align
from govreport_core.forms import Column, Form, FormTable, forms
from govreport_core.identity import Identity, identify
from govreport_core.model import (
    Cell,
    Diagnostic,
    Document,
    Evidence,
    Level,
    Report,
    State,
    Value,
)
from govreport_core.narrative.claims import find_claims
from govreport_core.narrative.points import find_points
from govreport_core.narrative.sections import Prose, cut_sections, section_signs
from govreport_core.numerals import BLANK, Reading, read_number


def extract(document: Document) -> Report:
    """Read a report out of a document.

    Never fails for what a document says: what can't be told is None, `unreadable`
    or `absent`, with a diagnostic that names it.
    """
    found = align(document)
    prose = cut_sections(found, ())
    identity = identify(document, found.lines, prose.overview)
    if identity.signature_lines:
        prose = cut_sections(found, identity.signature_lines)
    values, doubts = _values(found)
    return Report(
        document_id=document.document_id,
        form=found.form.id,
        year=identity.year,
        agency_name=identity.agency_name,
        title=identity.title,
        published_on=identity.published_on,
        source_url=identity.source_url,
        values=values,
        sections=prose.sections,
        evidence=(*identity.evidence, *_form_evidence(found)),
        diagnostics=(
            *document.diagnostics,
            *found.diagnostics,
            *doubts,
            *section_signs(found, prose),
            *identity.diagnostics,
        ),
        points=find_points(prose),
        claims=find_claims(prose, values, identity.year, identity.agency_name),
    )


def _form_evidence(found: Alignment) -> tuple[Evidence, ...]:
    if found.form.id is None:
        return ()
    at = found.form.at
    if at is None:
        return (Evidence("form", found.form.id, True, "columns"),)
    return (Evidence("form", found.form.id, True, "columns", at.part, at.start, at.end),)


def _values(found: Alignment) -> tuple[tuple[Value, ...], list[Diagnostic]]:
    """Every cell of the form, once."""
    if found.form.id is None:
        return (), []
    values: list[Value] = []
    doubts: list[Diagnostic] = []
    form: Form = forms()[found.form.id]
    for table in form.tables:
        for row in table.rows:
            placed = found.cells.get((table.code, row.code))
            if placed is not None:
                _read_row(found, table, row.code, placed, values, doubts)
            elif row.kind != "group":
                state = State.UNREADABLE if table.code in found.unplaced else State.ABSENT
                values.extend(
                    Value(table.code, row.code, c.code, None, state) for c in table.value_columns
                )
    return tuple(values), doubts


def _read_row(
    found: Alignment,
    table: FormTable,
    row: str,
    placed: list[Candidates],
    values: list[Value],
    doubts: list[Diagnostic],
) -> None:
    distrusted = table.code in found.distrusted
    ambiguous: list[str] = []
    for column, candidates in zip(table.value_columns, placed, strict=True):
        cell, reading = _agree(found, table, column, candidates)
        if distrusted or reading is None:
            if not distrusted and None not in candidates:
                ambiguous.append(column.code)
            values.append(_value(table.code, row, column.code, UNREAD, cell))
            continue
        if reading.doubt is not None and cell is not None:
            doubts.append(
                Diagnostic(
                    Level.DOUBT,
                    reading.doubt,
                    {"table": table.code, "row": row, "column": column.code, "raw": cell.text},
                    cell.part,
                    cell.start,
                    _end(cell),
                )
            )
        values.append(_value(table.code, row, column.code, reading, cell))
    if ambiguous:
        at = next((c for p in placed for c in p if c is not None), None)
        doubts.append(
            Diagnostic(
                Level.DOUBT,
                "cells_ambiguous",
                {"table": table.code, "row": row, "columns": ",".join(ambiguous)},
                at.part if at else None,
                at.start if at else None,
                _end(at) if at else None,
            )
        )


UNREAD = Reading(None, State.UNREADABLE)


def _agree(
    found: Alignment, table: FormTable, column: Column, candidates: Candidates
) -> tuple[Cell | None, Reading | None]:
    """The one reading all candidates give, or None where they differ."""
    unit = found.units.get((table.code, column.code))
    money = column.value == "money"
    agreed: Reading | None = None
    first: Cell | None = None
    for candidate in candidates:
        if candidate is None:
            return next((c for c in candidates if c is not None), None), None
        reading = (
            read_number(candidate.text, money=money, unit=unit, signed=column.signed)
            if candidate.text
            else BLANK
        )
        if agreed is None:
            agreed, first = reading, candidate
        elif reading.number != agreed.number or reading.state != agreed.state:
            return first, None
    return first, agreed


def _value(
    table: str, row: str, column: str, reading: Reading, cell: Cell | None
) -> Value:
    if cell is None:
        return Value(table, row, column, reading.number, reading.state)
    return Value(
        table,
        row,
        column,
        reading.number,
        reading.state,
        cell.text,
        reading.unit,
        cell.part,
        cell.start,
        _end(cell),
    )


def _end(cell: Cell) -> int:
    """The end within the cell's first part, for places of a single part."""
    return cell.end if cell.end_part is None else cell.start + len(cell.text)


__all__ = ["Identity", "Prose", "extract"]
