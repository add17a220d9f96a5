"""An alignment in, the six sections' prose out, without tables and with wrapped lines rejoined."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import zip_longest

import msgspec

from govreport_core.align import Alignment, Heading
from govreport_core.align.lines import Line, is_page_mark
from govreport_core.align.vocabulary import vocabulary
from govreport_core.folding import fold
from govreport_core.model import Cell, Diagnostic, Level, Place, Section, place_between
from govreport_core.narrative.turns import heading_kind

_ENDS = "。！？；：!?;:…”》）)"
_OPENS = re.compile(
    r"[一二三四五六七八九十]{1,3}(?:[、.．]|是)|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,2}(?:[、．)）]|\.(?!\d))|[①-⑩]|第[一二三四五六七八九十]+[,，、]"
)
_WRAPPED = 18
# The section whose words may stand in a table of their own: problems beside measures.
_TABLED = "s5_problems"


class Passage(msgspec.Struct, frozen=True):
    """A section's text with the way back to its source.

    Attributes:
        starts: Offset in `text` at which each piece begins.
        pieces: The printed pieces, in the same order.
    """

    text: str
    starts: list[int]
    pieces: list[Cell]

    def place(self, at: int) -> tuple[str, int]:
        """Part and offset in it of a character of `text`; in a cell of several parts, its start."""
        i = max(0, bisect_right(self.starts, at) - 1)
        piece = self.pieces[i]
        if piece.end_part is not None:
            return piece.part, piece.start
        return piece.part, piece.start + min(at - self.starts[i], len(piece.text))

    def span(self, start: int, end: int) -> Place:
        """The place of a stretch of `text`; `start` is before `end`."""
        part, offset = self.place(end - 1)
        piece = self.pieces[max(0, bisect_right(self.starts, end - 1) - 1)]
        last = (part, min(offset + 1, piece.start + len(piece.text)))
        return place_between(self.place(start), last)


class Prose(msgspec.Struct, frozen=True):
    """The sections as records, and their text with places."""

    sections: tuple[Section, ...]
    passages: dict[str, Passage]


def overview(found: Alignment) -> tuple[int, int] | None:
    """Where the overview stands: the line of its heading, and the one after its last."""
    for heading, follows in zip_longest(found.headings, found.headings[1:]):
        if heading.section == "s1_overview":
            end = follows.line if follows else len(found.lines)
            return heading.line, max(end, heading.line + 1)
    return None


def cut_sections(found: Alignment, left_out: tuple[int, ...]) -> Prose:
    """Cut the prose by its headings.

    Args:
        found: The alignment, which knows the tables' lines and the headings.
        left_out: Lines at the end that are no section's: the signature.
    """
    sections: list[Section] = []
    passages: dict[str, Passage] = {}
    for heading, follows in zip_longest(found.headings, found.headings[1:]):
        pieces = _pieces(found, heading, follows, left_out)
        head = found.lines[heading.line].cells[_first(found, heading.line)]
        start, end = head.start + heading.start, head.start + heading.end
        passage = _passage(pieces)
        passages[heading.section] = passage
        last = pieces[-1][-1] if pieces else Cell("", head.part, end, end)
        sections.append(
            Section(
                heading.section,
                head.text[heading.start : heading.end].strip(),
                passage.text,
                *place_between((head.part, start), (last.end_part or last.part, last.end)),
            )
        )
    return Prose(tuple(sections), passages)


def _first(found: Alignment, line: int) -> int:
    """The first cell of a heading's line that prints anything."""
    cells = found.lines[line].cells
    return 0 if cells[0].text.strip() else next(i for i, c in enumerate(cells) if c.text.strip())


def _pieces(
    found: Alignment, heading: Heading, follows: Heading | None, left_out: tuple[int, ...]
) -> list[list[Cell]]:
    """The printed prose between two headings, line by line, a table's row being one."""
    pieces: list[list[Cell]] = []
    last = follows.line if follows else len(found.lines) - 1
    worded = _worded_rows(found, heading.line + 1, last) if heading.section == _TABLED else set()
    for number in range(heading.line, last + 1):
        if number in left_out or (number in found.table_lines and number != heading.line):
            continue
        line = found.lines[number]
        if number in worded:
            row = _row(line)
            pieces.extend([row] if any(cell.text for cell in row) else [])
            continue
        if line.layout is not None and number != heading.line:
            continue
        if follows and follows.since == number:
            continue
        cell = line.cells[_first(found, number)] if number == heading.line else line.cells[0]
        start = heading.end if number == heading.line else 0
        end = follows.start if follows and number == follows.line else len(cell.text)
        if number in found.glued:
            pieces.extend([c] for c in _around(cell, start, end, found.glued[number]))
        elif not is_page_mark(cell.text) and (piece := _piece(cell, start, end)):
            pieces.append([piece])
    return pieces


def _row(line: Line) -> list[Cell]:
    """A row's cells in their columns; one that reaches down from above leaves a gap."""
    row: list[Cell] = []
    for cell in line.cells:
        gap = Cell("", cell.part, cell.start, cell.start)
        row.extend(gap for _ in range(len(row), cell.col or 0))
        row.append(_piece(cell, 0, len(cell.text)) or gap)
    return row


def _worded_rows(found: Alignment, first: int, last: int) -> set[int]:
    """The rows of tables of words: headed by problems or measures, or of one cell."""
    rows: set[int] = set()
    headed = False
    for number in range(first, last):
        line = found.lines[number]
        if line.layout is None or number in found.table_lines:
            headed = False
            continue
        printed = [fold(cell.text) for cell in line.cells if cell.text.strip()]
        if headed or (len(printed) > 1 and any(map(heading_kind, printed))):
            headed = True
            rows.add(number)
        elif len(printed) == 1:
            rows.add(number)
    return rows


def _around(cell: Cell, start: int, end: int, table: tuple[int, int]) -> list[Cell]:
    before = _piece(cell, start, min(end, max(start, table[0])))
    behind = _piece(cell, max(start, min(end, table[1])), end)
    return [piece for piece in (before, behind) if piece]


def _piece(cell: Cell, start: int, end: int) -> Cell | None:
    """What a cell prints between two places, without the spaces around it."""
    text = cell.text[start:end]
    bare = text.strip(" \t\u3000\xa0:：")
    if not bare:
        return None
    begin = cell.start + start + text.index(bare)
    if cell.end_part is not None:
        return Cell(bare, cell.part, cell.start, cell.end, cell.end_part)
    return Cell(bare, cell.part, begin, begin + len(bare))


def _passage(rows: list[list[Cell]]) -> Passage:
    """Join the pieces: a line that broke off goes on without a break, a tab divides cells."""
    printed: list[str] = []
    starts: list[int] = []
    length = line = 0
    widest = max((len(row[0].text) for row in rows if len(row) == 1), default=0)
    for row in rows:
        for i, piece in enumerate(row):
            between = "\t" if i else "\n"
            if not printed or (
                not i and len(row) == 1 and _goes_on(line, printed[-1], piece.text, widest)
            ):
                between = ""
            line = line + len(piece.text) if between != "\n" else len(piece.text)
            starts.append(length + len(between))
            printed.append(between + piece.text)
            length += len(printed[-1])
    return Passage("".join(printed), starts, [piece for row in rows for piece in row])


def _goes_on(line: int, before: str, piece: str, widest: int) -> bool:
    """Whether a line was broken by its width: it is about full and doesn't end a sentence.

    Args:
        line: How long it is by now.
        before: Its last piece.
        piece: What follows it.
        widest: The length of the section's longest piece.
    """
    full = line >= _WRAPPED and widest <= 60
    return full and before[-1] not in _ENDS and not _OPENS.match(piece)


def section_signs(found: Alignment) -> list[Diagnostic]:
    """What is odd about where and how the headings stand."""
    if found.form.id is None:
        return []
    signs: list[Diagnostic] = []
    form = vocabulary(found.form.id).form
    numbers = {s.code: s.number for s in form.sections}
    highest = 0
    for heading in found.headings:
        if not numbers[heading.section]:
            continue
        head = found.lines[heading.line].cells[_first(found, heading.line)]
        at = place_between(
            (head.part, head.start + heading.start), (head.part, head.start + heading.end)
        )
        expected = "一二三四五六七八九"[numbers[heading.section] - 1]
        where = {"section": heading.section}
        if not heading.number:
            signs.append(Diagnostic(Level.NOTE, "heading_unnumbered", where, *at))
        elif fold(heading.number) != expected:
            printed = {**where, "printed": heading.number}
            signs.append(Diagnostic(Level.NOTE, "section_number_odd", printed, *at))
        if heading.how != "label":
            code = "heading_unlike" if heading.how == "number" else "heading_reworded"
            words = head.text[heading.start : heading.end].strip()
            signs.append(Diagnostic(Level.NOTE, code, {**where, "printed": words}, *at))
        if numbers[heading.section] < highest:
            signs.append(Diagnostic(Level.NOTE, "section_out_of_order", where, *at))
        highest = max(highest, numbers[heading.section])
        kind = f"t{numbers[heading.section]}"
        if found.table_starts.get(kind, len(found.lines)) < heading.line:
            signs.append(Diagnostic(Level.NOTE, "heading_after_table", where, *at))
    return signs
