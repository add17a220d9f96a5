"""Pictures noted in a Document in, doubts about the tables that may stand in them out.

A table that isn't found where a picture is was perhaps printed, only not as
text: its cells are unread, not absent.
"""

from __future__ import annotations

from collections.abc import Iterator

from govreport_core.align.gathering import Gathering
from govreport_core.align.headings import Heading
from govreport_core.align.lines import Line
from govreport_core.align.missed import missing_rows
from govreport_core.align.vocabulary import vocabulary
from govreport_core.model import Diagnostic, Document, Level

# What readers note, and whether it can also hold some rows of a table that is there:
# a page of a table that goes over several can.
_NOTES = {"picture_in_report": False, "pages_without_text": True}


def doubt_unseen(
    document: Document, lines: list[Line], headings: list[Heading], gathered: Gathering
) -> None:
    """Doubt each table not found in a section where something stands that isn't text.

    Called once all tables are aligned.
    """
    notes = [d for d in document.diagnostics if d.code in _NOTES]
    if not notes:
        return
    words = vocabulary(gathered.form_id)
    numbers = {section.code: section.number for section in words.form.sections}
    order = {part.part: at for at, part in enumerate(document.parts)}
    headed = [(order[lines[h.line].cells[0].part], numbers[h.section]) for h in headings]
    for note in notes:
        at = -1 if note.part is None else order[note.part]
        here = set(_sections(headed, at, len(numbers)))
        for code, table in words.tables.items():
            number = numbers[table.table.section]
            # A table without a numbered section may stand anywhere.
            if (number and number not in here) or code in gathered.unplaced:
                continue
            lacks_rows = _NOTES[note.code] and bool(missing_rows(table, gathered))
            if code not in gathered.seen or lacks_rows:
                gathered.unplaced.add(code)
                gathered.signs.append(_doubt(code, note))


def _sections(headed: list[tuple[int, int]], at: int, last: int) -> Iterator[int]:
    """The numbers of the sections that what stands after a part may belong to.

    That of the heading above it, and those after it whose own headings aren't
    found before the next one that is: they may be in the picture too.
    """
    above = next((number for place, number in reversed(headed) if place <= at), 0)
    below = next((number for place, number in headed if place > at), last + 1)
    if above:
        yield above
    yield from range(above + 1, below)


def _doubt(table: str, note: Diagnostic) -> Diagnostic:
    named = {"table": table}
    place = (note.part, note.start, note.end_part, note.end)
    return Diagnostic(Level.DOUBT, "table_in_picture", named, *place)
