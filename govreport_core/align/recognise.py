"""Lines in, the official form they print out: found by its columns, never by the year."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from govreport_core.align.gathering import first_cell
from govreport_core.align.lines import MAX_TABLE_LINE, Line
from govreport_core.align.lists.entries import label_rows
from govreport_core.align.lists.labels import ListWords, list_words
from govreport_core.align.vocabulary import key
from govreport_core.folding import Squashed, fold, squash
from govreport_core.forms import forms
from govreport_core.model import Cell, Diagnostic, Level

# The header cell above the row labels of table 2, in every form.
_ITEM = "信息内容"
# Rows of a list that must be there beneath its header, and without one.
_WITH_HEADER = 10
_BY_ROWS_ALONE = 18


class FoundForm(msgspec.Struct, frozen=True):
    """The form found, the printed words that show it, and what was odd."""

    id: str | None
    witness: str | None
    at: Cell | None
    signs: tuple[Diagnostic, ...]


@lru_cache
def _own_columns() -> dict[str, tuple[str, ...]]:
    """Column labels that one form has and no other, squashed, by form."""
    return _own(
        {
            form.id: {
                squash(label)
                for table in form.tables
                for column in table.columns
                if column.kind in ("leaf", "total")
                for label in (column.label, *column.aliases)
            }
            for form in forms().values()
        }
    )


@lru_cache
def _own_rows() -> dict[str, tuple[str, ...]]:
    """Row labels that one form has and no other, squashed and without enumerator, by form."""
    return _own(
        {
            form.id: {key(row.label) for table in form.tables for row in table.rows if row.label}
            for form in forms().values()
            if not any(table.listed for table in form.tables)
        }
    )


def _own(labels: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    own: dict[str, tuple[str, ...]] = {}
    for form_id, mine in labels.items():
        others = set().union(*(v for k, v in labels.items() if k != form_id))
        own[form_id] = tuple(
            sorted(x for x in mine - others if len(x) > 4 and not any(x in o for o in others))
        )
    return own


def recognise(lines: list[Line]) -> FoundForm:
    """The form whose own columns are printed, or else whose own rows are.

    Where columns of two forms are, it is the one with clearly more of them, with
    a doubt; where there are none and no rows either, no form.
    """
    whole = "".join([_words(cell.text) for line in lines for cell in line.cells if cell.text])
    columns = _counted(whole, _own_columns())
    if any(columns.values()):
        return _ranked(columns, lines, ())
    rows = _counted(whole, _own_rows())
    if any(rows.values()):
        return _ranked(rows, lines, (Diagnostic(Level.NOTE, "form_by_rows"),))
    for form in forms().values():
        for table in form.tables:
            if table.listed and (found := _by_list(lines, form.id, table.code)):
                return found
    return FoundForm(None, None, None, (Diagnostic(Level.DOUBT, "form_unknown"),))


def _by_list(lines: list[Line], form_id: str, table: str) -> FoundForm | None:
    """The form of a list, by its header and some of its rows, or by many of them.

    Its columns have names that any table may have, and lists before it had some
    of its rows.
    """
    words = list_words(form_id, table)
    header: Cell | None = None
    first: Cell | None = None
    rows: set[int] = set()
    for line in lines:
        named = label_rows(form_id, table, line)
        rows.update(named)
        first = first or (first_cell(line) if named else None)
        header = header or _header_cell(line, words)
    if len(rows) < (_WITH_HEADER if header else _BY_ROWS_ALONE):
        return None
    signs = () if header else (Diagnostic(Level.NOTE, "form_by_rows"),)
    at = header or first
    return FoundForm(form_id, at.text if at else None, at, signs)


def _header_cell(line: Line, words: ListWords) -> Cell | None:
    """The cell, or the plain line, that names the column of the numbers."""
    if line.layout is None:
        cell = line.cells[0]
        return (
            cell if squash(cell.text.split()[-1]) in words.value and len(cell.text) < 40 else None
        )
    return next((c for c in line.cells if squash(c.text) in words.value), None)


def _counted(whole: str, own: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {form_id: [x for x in labels if x in whole] for form_id, labels in own.items()}


def _ranked(
    counts: dict[str, list[str]], lines: list[Line], signs: tuple[Diagnostic, ...]
) -> FoundForm:
    ranked = sorted(counts.items(), key=lambda item: -len(item[1]))
    (best, words), rest = ranked[0], ranked[1:]
    second = len(rest[0][1]) if rest else 0
    if second and len(words) < 2 * second:
        return FoundForm(None, None, None, (Diagnostic(Level.DOUBT, "form_mixed"),))
    if second:
        signs = (*signs, Diagnostic(Level.DOUBT, "form_mixed"))
    witness = max(words, key=len)
    return FoundForm(best, witness, _place(lines, witness), signs)


@lru_cache(maxsize=8192)
def _words(text: str) -> str:
    """A cell's or line's text to look for columns in; prose has none."""
    if len(text) <= MAX_TABLE_LINE:
        return squash(text)
    return "".join(fold(text).split()) if _ITEM in text else ""


def _place(lines: list[Line], witness: str) -> Cell | None:
    for line in lines:
        for cell in line.cells:
            if not cell.text or witness[0] not in cell.text or witness not in _words(cell.text):
                continue
            if found := Squashed(cell.text).find(witness):
                start, end = (cell.start + at for at in found)
                return Cell(cell.text[found[0] : found[1]], cell.part, start, end)
    for line in lines:
        if line.layout is None and (printed := _words(line.cells[0].text)) and printed in witness:
            return first_cell(line)
    return None
