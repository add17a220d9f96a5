"""An alignment in, signs of sections that are there without a heading out.

A section whose heading isn't found is missing only where neither its number, nor its
table, nor words of it stand where it should.
"""

from __future__ import annotations

from collections.abc import Iterator

from govreport_core.align import Alignment
from govreport_core.align.reworded import is_row, numbered
from govreport_core.align.vocabulary import vocabulary
from govreport_core.align.wordings import wordings
from govreport_core.folding import fold, squash
from govreport_core.forms import Form, FormSection
from govreport_core.model import Cell, Diagnostic, Level

_NUMBERS = "一二三四五六七八九"
_MOST_SECTIONS = 5
# Of a table's labels: those of prose too, unless there are several, and those of tables alone.
_SHORT, _LONG, _SEVERAL = 6, 10, 3


def unheaded(found: Alignment) -> Iterator[Diagnostic]:
    """For each section without heading, the first trace of it, if there is one."""
    form = vocabulary(found.form_id).form
    numbers = {s.code: s.number for s in form.sections}
    headed = [(numbers[h.section], h.line) for h in found.headings]
    for section in form.sections:
        if not section.number or any(section.number == n for n, _ in headed):
            continue
        first = max((line for n, line in headed if n < section.number), default=-1)
        last = min((line for n, line in headed if n > section.number), default=len(found.lines))
        yield from _trace(found, form, section, range(first + 1, last))


def _trace(
    found: Alignment, form: Form, section: FormSection, lines: range
) -> Iterator[Diagnostic]:
    named: dict[str, str | int | float | None] = {"section": section.code}
    for number in lines:
        cell = _first_cell(found, number)
        printed = numbered(cell.text) if cell else None
        if cell and printed and _is_the_sections(found.form_id, section, printed.number, cell.text):
            at = cell.start + printed.start, None, cell.start + printed.end
            words = {**named, "printed": cell.text[printed.start : printed.end].strip()}
            yield Diagnostic(Level.NOTE, "section_by_number", words, cell.part, *at)
            return
    if any(t.section == section.code and t.code in found.seen for t in form.tables):
        yield Diagnostic(Level.NOTE, "section_by_table", named)
        return
    if told := _told(found, section.code, lines):
        yield Diagnostic(
            Level.NOTE, "section_by_words", named, told.part, told.start, None, told.end
        )


def _is_the_sections(form_id: str, section: FormSection, number: int, text: str) -> bool:
    return (
        number == section.number
        and squash(text)[:1] in _NUMBERS[section.number - 1] + "第"
        and not is_row(form_id, squash(text))
    )


def _told(found: Alignment, section: str, lines: range) -> Cell | None:
    """The first line of prose with words of the section, where each of its groups has one."""
    wording = wordings().get(section)
    if wording is None or not wording.traces:
        return None
    lacking = list(wording.traces)
    first: Cell | None = None
    for number in lines:
        cell = None if number in found.table_lines else _first_cell(found, number)
        text = _plain(cell.text) if cell else ""
        met = [group for group in lacking if any(word in text for word in group)]
        if met and cell is not None:
            first = first or Cell(cell.text, cell.part, cell.start, cell.start + len(cell.text))
            lacking = [group for group in lacking if group not in met]
        if not lacking:
            return first
    return None


def _plain(text: str) -> str:
    """Folded text without spaces; long ones are no labels to be remembered."""
    return "".join(fold(text).split())


def _first_cell(found: Alignment, number: int) -> Cell | None:
    """The text of a line outside tables."""
    line = found.lines[number]
    return line.cells[0] if line.layout is None and line.cells else None


def without_tables(found: Alignment) -> Iterator[Diagnostic]:
    """Where a report has the form's headings, but not one word of any of its tables."""
    words = vocabulary(found.form_id)
    sections = {h.section for h in found.headings}
    numbered_ones = [s.code for s in words.form.sections if s.number and s.code in sections]
    if found.form.id is not None or len(numbered_ones) < _MOST_SECTIONS:
        return
    if any(line.layout is not None and len(line.cells) > 1 for line in found.lines):
        return
    labels = {
        label
        for table in words.tables.values()
        for label in (*table.rows, *table.columns)
        if len(label) >= _SHORT
    }
    text = _plain("".join(cell.text for line in found.lines for cell in line.cells))
    printed = [label for label in labels if label in text]
    if len(printed) < _SEVERAL and not any(len(label) >= _LONG for label in printed):
        yield Diagnostic(Level.NOTE, "no_tables")
