"""The lines of a list of indicators in, the printed cell of each of its rows out.

Such a list (统计表 of 2014-2018) has one number a row and a unit beside it. A number
on its label's own line or row is the label's. One that stands on a line of its own
is only where nothing else can be: its unit stands before it or each row has one
number, none stands before the first label, and the rows above and below are there.
"""

from __future__ import annotations

from itertools import pairwise

from govreport_core.align.gathering import Gathering
from govreport_core.align.lines import Line
from govreport_core.align.lists.entries import Entry, Taking, What, label_rows
from govreport_core.align.lists.labels import (
    ListWords,
    ends_another,
    exactly,
    is_header,
    is_unit,
    list_words,
)
from govreport_core.folding import squash
from govreport_core.forms import Row
from govreport_core.model import Cell, Layout
from govreport_core.numerals import COUNT_UNITS, is_plain_number

# Between two lines that name rows: broken labels, units and numbers a line each, a page's end.
_WIDEST_GAP = 40
_LONGEST = 60
_FEWEST = 5
_LOOK_BACK = 10
_LOOK_ON = 2


def align_listing(lines: list[Line], table: str, gathered: Gathering) -> None:
    """Align the document's lines with the rows of a list.

    Args:
        lines: All lines of the document.
        table: The list's code.
        gathered: Takes the cells, the units and what was odd.
    """
    words = list_words(gathered.form_id, table)
    taking = Taking(gathered.form_id, table)
    for start, end in _stretches(lines, table, gathered.form_id, words):
        gathered.starts.setdefault(table, start)
        for line in lines[max(0, start - _LOOK_BACK) : start]:
            taking.look(line)
        for number in range(start, end):
            taking.take(number, lines[number])
            gathered.consumed.add(number)
    entries = taking.entries()
    placed = _places(entries, words)
    gathered.seen.add(table)
    for cell in taking.strays:
        _leave(cell, cell.text, table, gathered)
    loose = _Loose(entries, placed, taking.strays, words, (gathered.form_id, table))
    for entry, place in zip(entries, placed, strict=True):
        if place is None or words.rows[place].kind == "group":
            if any(is_plain_number(c.text) for c in entry.values):
                _leave(entry.atoms[0].label, entry.text, table, gathered)
        else:
            _put(entry, words.rows[place], loose.certain(entry, place), table, gathered)


def _stretches(
    lines: list[Line], table: str, form_id: str, words: ListWords
) -> list[tuple[int, int]]:
    """Where the list stands: lines that name its rows, not far from each other."""
    naming = [n for n, line in enumerate(lines) if label_rows(form_id, table, line)]
    runs: list[list[int]] = []
    for number in naming:
        if runs and _goes_on(lines, runs[-1][-1], number):
            runs[-1].append(number)
        else:
            runs.append([number])
    found: list[tuple[int, int]] = []
    for run in runs:
        if len(run) >= _FEWEST:
            floor = max(found[-1][1] if found else 0, run[0] - _LOOK_BACK)
            first = label_rows(form_id, table, lines[run[0]])[0]
            start = _start(lines, run[0], floor, words, _above(words.rows, first))
            found.append((start, _end(lines, run[-1])))
    return found


def _goes_on(lines: list[Line], last: int, number: int) -> bool:
    """Whether the list goes on from one of its lines to another: not far, and no prose between."""
    return number - last <= _WIDEST_GAP and not any(
        line.layout is None and len(line.cells[0].text) > _LONGEST for line in lines[last:number]
    )


def _above(rows: tuple[Row, ...], place: int) -> frozenset[str]:
    """The labels of the groups that a row stands in."""
    parents = {r.code: r for r in rows}
    found: set[str] = set()
    row = rows[place]
    while row.parent is not None:
        row = parents[row.parent]
        found.add(squash(row.label))
    return frozenset(found)


def _start(
    lines: list[Line], first: int, floor: int, words: ListWords, groups: frozenset[str]
) -> int:
    """The list's header above its first row, else the row's groups, else the row."""
    above = range(floor, first)
    headers = [n for n in above if _heads(lines[n], words)]
    opens = [n for n in above if squash(lines[n].text) in groups]
    return min(headers or opens, default=first)


def _heads(line: Line, words: ListWords) -> bool:
    texts = line.text.split() if line.layout is None else [c.text for c in line.cells if c.text]
    return is_header(words, texts)


def _end(lines: list[Line], last: int) -> int:
    """After the last row, with its unit and number where they stand below it."""
    end = last + 1
    while end < min(len(lines), last + 1 + _LOOK_ON):
        line = lines[end]
        if line.layout is not None or not _bare(line.text):
            break
        end += 1
    return end


def _bare(text: str) -> bool:
    return all(is_unit(piece) or is_plain_number(piece) for piece in text.split())


def _places(entries: list[Entry], words: ListWords) -> list[int | None]:
    """Each entry's row, where one is certain.

    A label that one row alone has is that row's. One that several have, or that is
    damaged, stands between those, in the form's order; where it could be more than
    one row then, it is none.
    """
    placed: list[int | None] = [
        e.rows[0] if e.how == "exact" and len(e.rows) == 1 else None for e in entries
    ]
    taken = {p for p in placed if p is not None}
    anchors = [-1, *(i for i, p in enumerate(placed) if p is not None), len(entries)]
    for before, after in pairwise(anchors):
        low = -1 if before < 0 else placed[before]
        high = len(words.rows) if after == len(entries) else placed[after]
        between = [i for i in range(before + 1, after) if entries[i].rows]
        if low is None or high is None or not between:
            continue
        options = [
            [r for r in entries[i].rows if low < r < high and r not in taken] for i in between
        ]
        for i, row in zip(between, _only(options), strict=True):
            placed[i] = row
    return placed


def _only(options: list[list[int]]) -> list[int | None]:
    """The one row each has in every increasing choice; None where it has several, or none."""
    first: list[int | None] = []
    low = -1
    for rows in options:
        pick = next((r for r in rows if r > low), None)
        first.append(pick)
        low = pick if pick is not None else low
    last: list[int | None] = []
    high: float = float("inf")
    for rows in reversed(options):
        pick = next((r for r in reversed(rows) if r < high), None)
        last.append(pick)
        high = pick if pick is not None else high
    return [a if a == b else None for a, b in zip(first, reversed(last), strict=True)]


class _Loose:
    """What a number on a line of its own needs to be certain."""

    def __init__(
        self,
        entries: list[Entry],
        placed: list[int | None],
        strays: list[Cell],
        words: ListWords,
        names: tuple[str, str],
    ) -> None:
        self.words = words
        self.names = names
        self.there = {p for p in placed if p is not None}
        self.valued = [i for i, r in enumerate(words.rows) if r.kind != "group"]
        rows = [
            e
            for e, p in zip(entries, placed, strict=True)
            if p is None or words.rows[p].kind != "group"
        ]
        self.entries = entries
        self.whole = [
            p is not None and (words.rows[p].kind == "group" or bool(e.values))
            for e, p in zip(entries, placed, strict=True)
        ]
        plain = [e for e in rows if e.layout is None and e.rows]
        self.in_step = not strays and bool(plain) and bool(plain[-1].values)
        # Beside numbers on their labels' lines one alone may be a page's.
        self.alone = all(e.loose for e in plain if e.values)
        self.one_each = all(len(e.values) == 1 and e.unit is None for e in plain)

    def certain(self, entry: Entry, place: int) -> bool:
        """Whether the entry's number can be no other row's."""
        if entry.layout is Layout.EXACT:
            return self._between_neighbours(place)
        if entry.layout is not None:
            return True
        if not entry.loose:
            return not self._pieced(entry) or self._stands_whole(entry, place)
        if not (self.alone and self.in_step and self._between_neighbours(place)):
            return False
        if entry.unit is None:
            return self.one_each
        kinds = [p.kind for a in entry.atoms for p in a.rest]
        return kinds[:2] == [What.UNIT, What.VALUE] and _fits(entry.unit, self.words.rows[place])

    def _pieced(self, entry: Entry) -> bool:
        """Whether it is in pieces, or may be one: another row's may begin or end alike."""
        first = entry.atoms[0].label.text
        if len(entry.atoms) > 1 and not exactly(*self.names, first):
            return True
        return entry.how == "exact" and ends_another(*self.names, entry.text)

    def _stands_whole(self, entry: Entry, place: int) -> bool:
        """Whether what is printed above and below it has its own number, and is the form's."""
        at = self.entries.index(entry)
        beside = self.whole[max(0, at - 1) : at + 2]
        return all(beside) and self._between_neighbours(place)

    def _between_neighbours(self, place: int) -> bool:
        """Whether the rows above and below it in the form are there too."""
        at = self.valued.index(place)
        return self.there.issuperset(self.valued[max(0, at - 1) : at + 2])


def _fits(unit: Cell, row: Row) -> bool:
    """Whether a printed unit is one of the row's kind."""
    printed = squash(unit.text).strip("()")
    return (printed in COUNT_UNITS) == (row.value == "count")


def _put(entry: Entry, row: Row, certain: bool, table: str, gathered: Gathering) -> None:
    at = entry.atoms[0].label
    where = {"table": table, "row": row.code}
    unit = entry.unit
    if unit is not None:
        gathered.row_units[table, row.code] = squash(unit.text).strip("()")
    fits = unit is None or _fits(unit, row)
    if not certain or not fits or any(a.unsure for a in entry.atoms):
        gathered.doubt("values_uncertain", at, **where)
        gathered.put(table, row.code, [(None,)], at)
        return
    if entry.how in ("part", "close"):
        gathered.note("label_damaged", at, **where, printed=entry.text)
    elif len(entry.atoms) > 1:
        gathered.note("label_joined", at, **where, printed=entry.text)
    if entry.values:
        gathered.put(table, row.code, [tuple(entry.values)], at)
    elif entry.blank is not None:
        gathered.put(table, row.code, [(entry.blank,)], at)
    else:
        gathered.doubt("cells_fewer", at, **where, printed=0, expected=1)
        gathered.put(table, row.code, [(None,)], at)


def _leave(cell: Cell, text: str, table: str, gathered: Gathering) -> None:
    """A number that is no row's for certain: a row not found may be it."""
    gathered.unplaced.add(table)
    gathered.doubt("row_unplaced", cell, table=table, text=text[:80])
