"""Lines of a list of indicators in, its entries out: a label's pieces with what follows them.

A row may come as cells, as one line, or as a line a cell; a label may be broken
over several lines, around its unit and number too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from govreport_core.align.lines import MAX_TABLE_LINE, Line, is_page_mark
from govreport_core.align.lists.labels import (
    ListWords,
    exactly,
    is_header,
    is_unit,
    list_words,
    named,
    own_cells,
    row_key,
)
from govreport_core.align.vocabulary import without_enumerator
from govreport_core.folding import fold, squash
from govreport_core.model import Cell, Layout
from govreport_core.numerals import looks_like_value

_PIECE = re.compile(r"\S+")
_MARK = re.compile(r"[、.)]")
_MOST_PIECES = 5


class What(Enum):
    """What a piece of a row is."""

    TEXT = "text"
    UNIT = "unit"
    VALUE = "value"
    BLANK = "blank"


@dataclass(eq=False)
class Piece:
    """A cell, or a piece of a plain line."""

    kind: What
    cell: Cell


@dataclass(eq=False)
class Atom:
    """One piece of a label and what is printed after it.

    Attributes:
        line: The number of its line.
        layout: Its line's.
        rest: Units, values and blanks up to the next text.
        lines: The lines on which those stand.
        unsure: Whether a column that isn't the form's may be among them.
    """

    label: Cell
    line: int
    layout: Layout | None
    rest: list[Piece] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    unsure: bool = False

    @property
    def printed(self) -> bool:
        """Whether a unit or a number stands after it."""
        return any(p.kind is not What.BLANK for p in self.rest)


@dataclass(eq=False)
class Entry:
    """A label put together: the rows it may stand for, and its atoms.

    Attributes:
        rows: Places in the list's rows; empty where it is none of them.
        how: As in `labels.Named`.
    """

    atoms: list[Atom]
    rows: tuple[int, ...]
    how: str

    @property
    def text(self) -> str:
        """The label as printed."""
        return "".join(a.label.text for a in self.atoms)

    @property
    def unit(self) -> Cell | None:
        """The unit printed before the number, where there is one."""
        units = [p.cell for a in self.atoms for p in a.rest if p.kind is What.UNIT]
        return units[0] if len(units) == 1 else None

    @property
    def values(self) -> list[Cell]:
        """The numbers, or what stands for one."""
        return [p.cell for a in self.atoms for p in a.rest if p.kind is What.VALUE]

    @property
    def blank(self) -> Cell | None:
        """The last blank cell, where blanks can be seen."""
        blanks = [p.cell for a in self.atoms for p in a.rest if p.kind is What.BLANK]
        return blanks[-1] if blanks else None

    @property
    def loose(self) -> bool:
        """Whether its number, or its unit without one, is on no line of its label's."""
        own = {a.line for a in self.atoms}
        wanted = What.VALUE if self.values else What.UNIT
        return not any(
            a.layout is not None
            or any(p.kind is wanted and n in own for p, n in zip(a.rest, a.lines, strict=True))
            for a in self.atoms
            if a.printed
        )

    def places(self, units: bool) -> int:
        """How many cells for a number stand after its label.

        Args:
            units: Whether the list has a column of units: a blank may be one.
        """
        kinds = [p.kind for a in self.atoms for p in a.rest]
        if What.UNIT in kinds:
            at = kinds.index(What.UNIT)
            return kinds[:at].count(What.VALUE) + sum(k is not What.UNIT for k in kinds[at:])
        return len(kinds) - (units and kinds[:1] == [What.BLANK])

    @property
    def layout(self) -> Layout | None:
        """The layout of its first piece."""
        return self.atoms[0].layout


class Taking:
    """Takes lines in order and gathers atoms.

    Attributes:
        strays: Numbers that stand after no label.
        header: The cells of the last header that names both label and number.
        columns: How many columns of numbers the last header has, its own and others.
    """

    def __init__(self, form_id: str, table: str) -> None:
        self.form_id = form_id
        self.table = table
        self.words: ListWords = list_words(form_id, table)
        self.atoms: list[Atom] = []
        self.strays: list[Cell] = []
        self.header: tuple[Cell, ...] = ()
        self.columns = 0
        self._heading = False
        self._placed = False

    def look(self, line: Line) -> None:
        """See whether a line above the list heads columns that aren't the form's."""
        if len(line.text) <= MAX_TABLE_LINE:
            cells = [c.text for c in line.cells if c.text]
            self._head(line.text.split() if line.layout is None else cells)
            self._heading = False

    def take(self, number: int, line: Line) -> None:
        """Take in one line."""
        if line.layout is not None:
            self._row(number, line)
        elif len(line.cells[0].text) <= MAX_TABLE_LINE:
            self._plain(number, line.cells[0])

    def entries(self) -> list[Entry]:
        """Put the labels together; where rows have several numbers, one alone is any of them."""
        found = list(_entries(self.form_id, self.table, self.atoms))
        units = any(e.unit is not None for e in found)
        rows = [e for e in found if any(self.words.rows[r].kind != "group" for r in e.rows)]
        if any(e.places(units) > 1 for e in rows):
            for entry in found:
                entry.atoms[0].unsure |= len(entry.values) < 2
        for entry, follows in pairwise(found):
            # A label and a figure both too long for their cells go on below.
            entry.atoms[0].unsure |= self._goes_on(entry, follows)
        return found

    def _goes_on(self, entry: Entry, follows: Entry) -> bool:
        """Whether the next line holds a piece of a row's label, and a figure beside it."""
        if follows.rows or not follows.values or follows.layout is not None:
            return False
        return any(squash(follows.text) in squash(self.words.rows[r].label) for r in entry.rows)

    def _head(self, texts: list[str]) -> None:
        """Count the columns of numbers that a header names, on one line or a line each."""
        known = "".join(squash(t) for t in texts)
        begins = max((x for x in self.words.label if known.startswith(x)), key=len, default="")
        if begins:
            self._heading, self.columns = True, 0
            read = ""
            while texts and len(read) < len(begins):
                read += squash(texts[0])
                texts = texts[1:]
        elif without_enumerator(known) != known or named(self.form_id, self.table, known):
            self._heading = False
        if not self._heading:
            return
        if "".join(squash(t) for t in texts) in self.words.value:
            self.columns += 1
            return
        for text in texts:
            printed = squash(text)
            if printed in self.words.label or named(self.form_id, self.table, text):
                self._heading = False
                return
            own = printed in self.words.value or printed not in self.words.header
            self.columns += own and not is_unit(printed)

    def _row(self, number: int, line: Line) -> None:
        self._head([c.text for c in line.cells if c.text])
        if is_header(self.words, [c.text for c in line.cells if c.text]):
            self.header = line.cells
            heads = [c for c in line.cells if squash(c.text) in self.words.value]
            self._placed = len(heads) == 1
            return
        cells, unsure = own_cells(self.words, self.header, line)
        unsure = unsure or (self.columns > 1 and not self._placed)
        again = self._blank_labels(line)
        current: Atom | None = None
        for cell in cells:
            kind = self._kind(cell, current)
            if kind is What.BLANK and cell in again:
                current = None
            if kind is What.TEXT:
                current = Atom(cell, number, line.layout, unsure=unsure)
                self.atoms.append(current)
            elif current is not None:
                current.rest.append(Piece(kind, cell))
                current.lines.append(number)
            elif kind is What.VALUE:
                self.strays.append(cell)

    def _kind(self, cell: Cell, current: Atom | None) -> What:
        if not cell.text:
            return What.BLANK
        if is_unit(cell.text):
            return What.UNIT
        if looks_like_value(cell.text):
            return What.VALUE
        after_unit = current is not None and any(p.kind is What.UNIT for p in current.rest)
        if after_unit and named(self.form_id, self.table, cell.text) is None:
            return What.VALUE
        return What.TEXT

    def _blank_labels(self, line: Line) -> list[Cell]:
        """Blank cells below a label's header: no row's number."""
        if len(line.cells) != len(self.header):
            return []
        pairs = zip(line.cells, self.header, strict=True)
        return [c for c, h in pairs if not c.text and squash(h.text) in self.words.label]

    def _plain(self, number: int, cell: Cell) -> None:
        text = cell.text
        if is_page_mark(text):
            return
        printed = [m[0] for m in _PIECE.finditer(text)]
        self._head(printed)
        if is_header(self.words, printed):
            return
        for piece in _pieces(cell):
            if piece.kind is What.TEXT:
                self.atoms.append(Atom(piece.cell, number, None, unsure=self.columns > 1))
            elif not self.atoms or self.atoms[-1].layout is not None:
                if piece.kind is What.VALUE:
                    self.strays.append(piece.cell)
            else:
                self.atoms[-1].rest.append(piece)
                self.atoms[-1].lines.append(number)


def _pieces(cell: Cell) -> list[Piece]:
    """A plain line's texts, units and values; pieces of a text with spaces in it are one."""
    text = cell.text
    found: list[Piece] = []
    for match in _PIECE.finditer(fold(text)):
        start, end = match.span()
        printed = text[start:end]
        kind = (
            What.UNIT
            if is_unit(printed)
            else What.VALUE
            if looks_like_value(printed)
            else What.TEXT
        )
        last = found[-1] if found else None
        numbered = kind is What.TEXT and len(found) == 1 and bool(_MARK.match(match[0]))
        if last is not None and (
            (kind is What.TEXT and last.kind is What.TEXT) or (numbered and last.kind is What.VALUE)
        ):
            start = last.cell.start - cell.start
            found.pop()
        found.append(
            Piece(kind, Cell(text[start:end], cell.part, cell.start + start, cell.start + end))
        )
    return found


def _entries(form_id: str, table: str, atoms: list[Atom]) -> list[Entry]:
    found: list[Entry] = []
    at = 0
    while at < len(atoms):
        entry = _whole(form_id, table, atoms, at)
        if entry is None:
            match = named(form_id, table, atoms[at].label.text)
            entry = Entry([atoms[at]], match.rows if match else (), match.how if match else "")
        found.append(entry)
        at += len(entry.atoms)
    return found


def _whole(form_id: str, table: str, atoms: list[Atom], at: int) -> Entry | None:
    """The entry whose label begins here and is a row's, with the pieces of its note after it."""
    text, used = "", 0
    rows: tuple[int, ...] = ()
    for count, atom in enumerate(atoms[at : at + _MOST_PIECES], start=1):
        taken = atoms[at : at + count]
        if sum(a.printed for a in taken) > 1:
            break
        if count > 1 and exactly(form_id, table, atom.label.text):
            break
        text += atom.label.text
        now = exactly(form_id, table, text)
        if now and (not rows or now == rows):
            rows, used = now, count
    return Entry(atoms[at : at + used], rows, "exact") if rows else None


def label_rows(form_id: str, table: str, line: Line) -> list[int]:
    """The rows with a number of their own that a line names, each in a piece by itself."""
    if line.layout is None:
        if len(line.cells[0].text) > MAX_TABLE_LINE:
            return []
        texts = [p.cell.text for p in _pieces(line.cells[0]) if p.kind is What.TEXT]
    else:
        texts = [c.text for c in line.cells if c.text]
    words = list_words(form_id, table)
    return [
        place
        for text in texts
        for place in exactly(form_id, table, text)
        if words.rows[place].kind != "group" and row_key(text)
    ]
