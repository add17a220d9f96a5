"""A Document in, its Report out: align, read each cell, cut the sections, find who and when."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from govreport_core.align import Alignment, Candidates, align
from govreport_core.forms import FormTable, Row, forms
from govreport_core.identity import identify
from govreport_core.model import (
    Cell,
    Diagnostic,
    Document,
    Evidence,
    Level,
    Report,
    State,
    Value,
    place_of,
)
from govreport_core.narrative.claims import find_claims
from govreport_core.narrative.points import find_points
from govreport_core.narrative.sections import cut_sections, overview, section_signs
from govreport_core.narrative.unheaded import unheaded, without_tables
from govreport_core.numerals import BLANK, Reading, read_number


def extract(document: Document) -> Report:
    """Read a report out of a document.

    Never fails for what a document says: what can't be told is None, `unreadable`
    or `absent`, with a diagnostic that names it.
    """
    found = align(document)
    identity = identify(document, found.lines, overview(found))
    prose = cut_sections(found, identity.signature_lines)
    cells, doubts = _values(found)
    return Report(
        document_id=document.document_id,
        form=found.form.id,
        year=identity.year,
        agency_name=identity.agency_name,
        title=identity.title,
        published_on=identity.published_on,
        source_url=identity.source_url,
        values=tuple(cells.values()),
        sections=prose.sections,
        evidence=(*identity.evidence, *_form_evidence(found), *_page_evidence(document)),
        diagnostics=(
            *document.diagnostics,
            *found.diagnostics,
            *doubts,
            *section_signs(found),
            *unheaded(found),
            *without_tables(found),
            *identity.diagnostics,
        ),
        points=find_points(prose),
        claims=find_claims(prose, cells, identity.year, identity.agency_name, found.form.id),
    )


def _form_evidence(found: Alignment) -> tuple[Evidence, ...]:
    if found.form.id is None:
        return ()
    at = found.form.at
    if at is None:
        return (Evidence("form", found.form.id, True, "columns"),)
    return (Evidence("form", found.form.id, True, "columns", *place_of(at)),)


def _page_evidence(document: Document) -> tuple[Evidence, ...]:
    """What a page says of the column it stands in, and of a file to download (empty: none)."""
    return tuple(
        Evidence(
            field,
            cell.text,
            True,
            "metadata",
            *(place_of(cell) if cell.part else ()),
        )
        for field in ("column", "attachment")
        if (cell := document.metadata.get(field)) is not None
    )


Key = tuple[str, str, str]
"""A cell's table, row and column."""


class _Row(NamedTuple):
    """A row of the form with what reading its cells needs.

    Attributes:
        columns: Of each column: the cell's key, whether it holds money, whether a change.
        absent, unread: The row's cells where it isn't there, and where it may be.
    """

    table: str
    row: str
    group: bool
    columns: tuple[tuple[Key, bool, bool], ...]
    absent: dict[Key, Value]
    unread: dict[Key, Value]


@lru_cache(maxsize=16)
def _plan(form_id: str) -> tuple[_Row, ...]:
    return tuple(_row(table, row) for table in forms()[form_id].tables for row in table.rows)


def _row(table: FormTable, row: Row) -> _Row:
    columns = tuple(
        ((table.code, row.code, c.code), "money" in (c.value, row.value), c.signed)
        for c in table.value_columns
    )
    absent, unread = (
        {key: Value(*key, None, state) for key, _, _ in columns}
        for state in (State.ABSENT, State.UNREADABLE)
    )
    return _Row(table.code, row.code, row.kind == "group", columns, absent, unread)


def _values(found: Alignment) -> tuple[dict[Key, Value], list[Diagnostic]]:
    """Every cell of the form, once."""
    cells: dict[Key, Value] = {}
    doubts: list[Diagnostic] = []
    for row in _plan(found.form.id) if found.form.id is not None else ():
        placed = found.cells.get((row.table, row.row))
        if placed is not None:
            _read_row(found, row, placed, cells, doubts)
        elif not row.group:
            unsure = row.table in found.unplaced or row.table in found.distrusted
            cells.update(row.unread if unsure else row.absent)
    return cells, doubts


def _read_row(
    found: Alignment,
    row: _Row,
    placed: list[Candidates],
    cells: dict[Key, Value],
    doubts: list[Diagnostic],
) -> None:
    table, name = row.table, row.row
    distrusted = table in found.distrusted
    beside = found.row_units.get((table, name))
    ambiguous: list[str] = []
    for (key, money, signed), candidates in zip(row.columns, placed, strict=True):
        cell, code = candidates[0], key[2]
        reading: Reading | None
        if cell is None or len(candidates) > 1 or money or signed:
            unit = found.units.get((table, code), beside) if money else None
            cell, reading = _agree(candidates, money, unit, signed)
        else:
            # Of most cells the text alone says it: without more arguments it is found sooner.
            reading = read_number(cell.text) if cell.text else BLANK
        if distrusted or reading is None:
            ambiguous.append(code)
            reading = UNREAD
        elif reading.doubt is not None and cell is not None:
            params = {"table": table, "row": name, "column": code, "raw": cell.text}
            doubts.append(_doubt(reading.doubt, params, cell))
        if cell is None:
            cells[key] = Value(table, name, code, reading.number, reading.state)
        else:
            text = cell.text
            cells[key] = Value(
                table,
                name,
                code,
                reading.number,
                reading.state,
                text,
                reading.unit or (beside if text else None),
                cell.part,
                cell.start,
                place_of(cell)[2] if cell.end_part else None,
                cell.end,
            )
    if ambiguous and not distrusted and not _doubted(found, row):
        printed = {(c.part, c.start): c for p in placed for c in p if c is not None and c.text}
        named: dict[str, str | int] = {
            "table": row.table,
            "row": row.row,
            "columns": ",".join(ambiguous),
            "printed": len(printed),
            "expected": len(row.columns),
        }
        doubts.append(_doubt("cells_ambiguous", named, next(iter(printed.values()), None)))


def _doubted(found: Alignment, row: _Row) -> bool:
    """Whether a doubt names this row already."""
    return any(
        d.level is Level.DOUBT
        and d.params.get("row") == row.row
        and d.params.get("table") == row.table
        for d in found.diagnostics
    )


def _doubt(code: str, params: Mapping[str, str | int], at: Cell | None) -> Diagnostic:
    filled: dict[str, str | int | float | None] = dict(params)
    if at is None:
        return Diagnostic(Level.DOUBT, code, filled)
    return Diagnostic(Level.DOUBT, code, filled, *place_of(at))


UNREAD = Reading(None, State.UNREADABLE)


def _agree(
    candidates: Candidates, money: bool, unit: str | None, signed: bool
) -> tuple[Cell | None, Reading | None]:
    """The one reading all candidates give, or None where they differ."""
    first = candidates[0]
    if first is None:
        return next((c for c in candidates if c is not None), None), None
    agreed = _read(first.text, money, unit, signed)
    for candidate in candidates[1:]:
        if candidate is None:
            return first, None
        reading = _read(candidate.text, money, unit, signed)
        if reading.number != agreed.number or reading.state != agreed.state:
            return first, None
    return first, agreed


def _read(text: str, money: bool, unit: str | None, signed: bool) -> Reading:
    return read_number(text, money, unit, signed) if text else BLANK
