"""Lines in, the official form they print out: the one that explains the most of their labels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import msgspec

from govreport_core.align.gathering import first_cell
from govreport_core.align.lines import Line
from govreport_core.align.lists.entries import label_rows
from govreport_core.align.lists.labels import ListWords, list_words
from govreport_core.align.printed import Printed, words_of
from govreport_core.align.telling import telling
from govreport_core.folding import Squashed, squash
from govreport_core.forms import forms
from govreport_core.model import Cell, Diagnostic, Level

# Rows of a list that must be there beneath its header, and without one.
_WITH_HEADER = 10
_BY_ROWS_ALONE = 18
# Lines of its own that a form may lack and still be found by what another lacks.
_MAY_LACK = 2


class FoundForm(msgspec.Struct, frozen=True):
    """The form found, the printed words that show it, and what was odd."""

    id: str | None
    witness: str | None
    at: Cell | None
    signs: tuple[Diagnostic, ...]


def recognise(lines: list[Line]) -> FoundForm:
    """The form that explains the most printed labels and lacks the fewest; never by the year.

    Forms are held against each other two by two, by the labels that only one of
    the two has: columns, or else rows. The form found is the one that wins over
    every other, and that prints something by which it is told. Where two have
    labels printed that the other doesn't explain, the one with clearly more of them
    wins, with a doubt; else no form is found.
    """
    printed = Printed(lines)
    for form in telling().order:
        rivals = [other for other in telling().order if other != form]
        if all(_wins(form, other, printed) for other in rivals) and (
            witness := _witness(form, printed)
        ):
            return FoundForm(form, witness, _place(lines, witness), _signs(form, rivals, printed))
    if any(_mixed(a, b, printed) for a, b in combinations(telling().order, 2)):
        return FoundForm(None, None, None, (Diagnostic(Level.DOUBT, "form_mixed"),))
    return _by_lists(lines) or FoundForm(
        None, None, None, (Diagnostic(Level.DOUBT, "form_unknown"),)
    )


def _counts(form: str, other: str, printed: Printed) -> tuple[int, int]:
    """How many labels are printed that only the one form has, and only the other."""
    mine, theirs = telling().apart[form, other], telling().apart[other, form]
    columns = len(printed.columns & mine.columns), len(printed.columns & theirs.columns)
    if any(columns):
        return columns
    return len(printed.rows & mine.rows), len(printed.rows & theirs.rows)


def _wins(form: str, other: str, printed: Printed) -> bool:
    """Whether a form explains the document better than another.

    Where nothing is printed that only one of them has, the one that lacks fewer
    lines wins: a form that only adds to its forerunner shows by what it adds, and a
    report without that is the forerunner's. Where they lack as many, it is the
    older: what is printed is all its own, and the newer would have to be taken on
    trust. But a form that lacks more than a line or two of its own is not found by
    what isn't there.
    """
    mine, theirs = _counts(form, other, printed)
    if mine or theirs:
        return mine >= 2 * theirs
    lacks, lacked = telling().alone[form, other], telling().alone[other, form]
    order = telling().order
    fewer = (lacks, order.index(form)) < (lacked, order.index(other))
    return fewer and lacks <= _MAY_LACK


def _mixed(form: str, other: str, printed: Printed) -> bool:
    mine, theirs = sorted(_counts(form, other, printed))
    return mine > 0 and theirs < 2 * mine


def _signs(form: str, rivals: list[str], printed: Printed) -> tuple[Diagnostic, ...]:
    found = []
    if not any(printed.columns & telling().apart[form, other].columns for other in rivals):
        found.append(Diagnostic(Level.NOTE, "form_by_rows"))
    if any(_counts(form, other, printed)[1] for other in rivals):
        found.append(Diagnostic(Level.DOUBT, "form_mixed"))
    return tuple(found)


def _witness(form: str, printed: Printed) -> str | None:
    """The longest label printed that tells a form from the nearest one, older ones first."""
    order = telling().order
    at = order.index(form)
    for other in (*reversed(order[:at]), *order[at + 1 :]):
        mine = telling().apart[form, other]
        if labels := (printed.columns & mine.columns) or (printed.rows & mine.rows):
            return max(sorted(labels), key=len)
    return None


def _by_lists(lines: list[Line]) -> FoundForm | None:
    """The list with the most rows printed; the one that lacks fewer, then the older, of equals."""
    found = [
        (named, -len(table.value_rows), listed)
        for form in forms().values()
        for table in form.tables
        if table.listed
        for named, listed in _by_list(lines, form.id, table.code)
    ]
    return max(found, key=lambda one: one[:2])[2] if found else None


def _by_list(lines: list[Line], form_id: str, table: str) -> Iterator[tuple[int, FoundForm]]:
    """The form of a list, by its header and some of its rows, or by many of them; with how many.

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
        return
    signs = () if header else (Diagnostic(Level.NOTE, "form_by_rows"),)
    at = header or first
    yield len(rows), FoundForm(form_id, at.text if at else None, at, signs)


def _header_cell(line: Line, words: ListWords) -> Cell | None:
    """The cell, or the plain line, that names the column of the numbers."""
    if line.layout is None:
        cell = line.cells[0]
        return (
            cell if squash(cell.text.split()[-1]) in words.value and len(cell.text) < 40 else None
        )
    return next((c for c in line.cells if squash(c.text) in words.value), None)


def _place(lines: list[Line], witness: str) -> Cell | None:
    first = witness[0]
    for line in lines:
        for cell in line.cells:
            if first not in cell.text or witness not in words_of(cell.text):
                continue
            if found := Squashed(cell.text).find(witness):
                start, end = (cell.start + at for at in found)
                return Cell(cell.text[found[0] : found[1]], cell.part, start, end)
    for line in lines:
        if line.layout is None and (printed := words_of(line.cells[0].text)) and printed in witness:
            return first_cell(line)
    return None
