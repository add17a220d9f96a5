"""A Document in, which printed cell is which of the form out, and what was left over.

lines -> form (by its columns) -> headings -> regions -> rows, cases or glued text.
"""

from __future__ import annotations

from itertools import pairwise

import msgspec

from govreport_core.align.gathering import Gathering
from govreport_core.align.headings import Heading, find_headings
from govreport_core.align.lines import MAX_TABLE_LINE, Line, Region, find_regions, lines_of
from govreport_core.align.lists.listing import align_listing
from govreport_core.align.missed import doubt_missed
from govreport_core.align.pictures import doubt_unseen
from govreport_core.align.placing import Candidates
from govreport_core.align.recognise import FoundForm, recognise
from govreport_core.align.tables.cases import align_cases
from govreport_core.align.tables.glued import align_glued
from govreport_core.align.tables.rows import align_rows
from govreport_core.align.tables.torn import are_torn
from govreport_core.align.vocabulary import vocabulary
from govreport_core.forms import forms
from govreport_core.model import Diagnostic, Document

__all__ = ["Alignment", "Candidates", "Heading", "Line", "align"]


class Alignment(msgspec.Struct, frozen=True):
    """Which printed cell is which.

    Attributes:
        form: The form's id, or None where its columns can't be told.
        lines: The document's lines.
        headings: The sections' headings in the document's order.
        cells: By (table, row): each column's candidates; see `align.placing`.
        units: Money units of the printed headers, by (table, column).
        row_units: Units printed beside the rows, by (table, row).
        distrusted: Tables whose columns aren't the form's: nothing in them is certain.
        unplaced: Tables with rows that could not be placed: a row not found may be there.
        table_lines: Line numbers that belong to tables.
        glued: Stretches of glued tables within long lines: start and end by line number.
        table_starts: The line at which each kind of table begins.
        form_id: The form whose sections the headings are: the one found, or else the one
            that has most of them.
    """

    form: FoundForm
    lines: list[Line]
    headings: list[Heading]
    cells: dict[tuple[str, str], list[Candidates]]
    units: dict[tuple[str, str], str]
    row_units: dict[tuple[str, str], str]
    distrusted: set[str]
    unplaced: set[str]
    seen: set[str]
    table_lines: set[int]
    glued: dict[int, tuple[int, int]]
    table_starts: dict[str, int]
    diagnostics: list[Diagnostic]
    form_id: str


def align(document: Document) -> Alignment:
    """Align a document with the form whose columns it prints."""
    lines = lines_of(document)
    form = recognise(lines)
    form_id = form.id or _form_of_headings(lines)
    gathered = Gathering(form_id)
    gathered.signs.extend(form.signs)
    gathered.torn = form.id is not None and are_torn(lines, form_id)
    glued: dict[int, tuple[int, int]] = {}
    listed = vocabulary(form_id).listed if form.id else ()
    for table in listed:
        align_listing(lines, table, gathered)
    headings = find_headings(lines, form_id, gathered.consumed)
    if form.id is not None and not listed:
        stops = [h.line for h in headings]
        for region in find_regions(lines, form_id, stops, _overview(headings, form_id)):
            _align_region(lines, region, gathered)
        glued = _align_glued(lines, headings, gathered)
    if form.id is not None:
        doubt_unseen(document, lines, headings, gathered)
        doubt_missed(lines, glued, gathered)
    return Alignment(
        form,
        lines,
        headings,
        gathered.cells,
        gathered.units,
        gathered.row_units,
        gathered.distrusted,
        gathered.unplaced,
        gathered.seen,
        gathered.consumed,
        glued,
        gathered.starts,
        gathered.signs,
        form_id,
    )


def _form_of_headings(lines: list[Line]) -> str:
    """The form whose sections a report without a form's tables has most of, the newest first."""
    return max(reversed(forms()), key=lambda form_id: len(find_headings(lines, form_id)))


def _overview(headings: list[Heading], form_id: str) -> range:
    """The first section's lines, where the second section's heading follows it."""
    first, second = (s.code for s in vocabulary(form_id).form.sections[:2])
    for heading, follows in pairwise(headings):
        if heading.section == first and follows.section == second:
            return range(heading.line, follows.line)
    return range(0)


def _align_region(lines: list[Line], region: Region, gathered: Gathering) -> None:
    tables = vocabulary(gathered.form_id).tables
    mine = tuple(code for code in tables if code.startswith(region.kind))
    gathered.starts.setdefault(region.kind, region.start)
    stretch = lines[region.start : region.end]
    if region.kind == "t4":
        align_cases(stretch, region.start, mine[0], gathered)
    else:
        align_rows(stretch, region.start, mine, gathered)


def _align_glued(
    lines: list[Line], headings: list[Heading], gathered: Gathering
) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for number, line in enumerate(lines):
        if line.layout is None and len(line.cells[0].text) > MAX_TABLE_LINE:
            here = [h for h in headings if h.line == number]
            stretch = align_glued(line.cells[0], here, gathered)
            if stretch is not None:
                found[number] = stretch
    return found
