"""A printed text in, which indicators of a form's list it may name out.

A list (2014-2018: 政府信息公开情况统计表) has one number a row, so that its labels
alone say which is which. Enumerators, 其中：and notes in brackets never matter.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
from rapidfuzz import fuzz

from govreport_core.align.lines import Line
from govreport_core.align.vocabulary import CLOSE, MARGIN, MAX_LABEL, without_enumerator
from govreport_core.folding import squash
from govreport_core.forms import Row, forms
from govreport_core.model import Cell, Layout
from govreport_core.numerals import COUNT_UNITS, MONEY_UNITS, looks_like_value

_OF_WHICH = re.compile(r"其中[:,]?")
_NOTE = re.compile(r"(?<=.)\([^()]*\)$")
_OPEN_NOTE = re.compile(r"(.+)\(([^()]*)$")
_LEAST = 4


class ListWords(msgspec.Struct, frozen=True):
    """A list's words.

    Attributes:
        rows: All its rows in order.
        named: The places in `rows` that each label stands for.
        notes: The official notes in brackets, squashed, by label.
        label, value: Keys of the header cells above the labels and above the numbers.
        header: Keys of all header cells.
    """

    rows: tuple[Row, ...]
    named: dict[str, tuple[int, ...]]
    notes: dict[str, str]
    label: frozenset[str]
    value: frozenset[str]
    header: frozenset[str]


class Named(msgspec.Struct, frozen=True):
    """The rows a label may stand for; `how` as in `vocabulary.Match`."""

    rows: tuple[int, ...]
    how: str


UNITS = COUNT_UNITS | frozenset(MONEY_UNITS)


@lru_cache
def list_words(form_id: str, table: str) -> ListWords:
    """The words of one list."""
    form_table = forms()[form_id].table(table)
    named: dict[str, list[int]] = {}
    notes: dict[str, str] = {}
    for place, row in enumerate(form_table.rows):
        for label in {row_key(x) for x in (row.label, *row.aliases)}:
            named.setdefault(label, []).append(place)
        if note := _NOTE.search(squash(row.label)):
            notes[row_key(row.label)] = note[0][1:-1]
    words = {
        c.code: frozenset(squash(x) for x in (c.label, *c.aliases)) for c in form_table.columns
    }
    first = next(c.code for c in form_table.columns if c.kind == "label")
    value = form_table.value_columns[0].code
    return ListWords(
        form_table.rows,
        {label: tuple(places) for label, places in named.items()},
        notes,
        words[first],
        words[value],
        frozenset().union(*words.values()),
    )


@lru_cache(maxsize=8192)
def row_key(text: str) -> str:
    """What an indicator is compared by: no space, enumerator, 其中 or note in brackets."""
    printed = without_enumerator(squash(text))
    if match := _OF_WHICH.match(printed):
        printed = without_enumerator(printed[match.end() :])
    return _NOTE.sub("", printed.rstrip(":"))


@lru_cache(maxsize=8192)
def is_unit(text: str) -> bool:
    """Whether a cell names a unit and nothing else."""
    return squash(text).strip("()") in UNITS


@lru_cache(maxsize=8192)
def exactly(form_id: str, table: str, text: str) -> tuple[int, ...]:
    """The rows whose label a text is, whole or broken off within its note; none for any other."""
    if len(text) > MAX_LABEL:
        return ()
    words = list_words(form_id, table)
    printed = row_key(text)
    if found := words.named.get(printed):
        return found
    if match := _OPEN_NOTE.fullmatch(printed):
        label, note = match.groups()
        if words.notes.get(label, "").startswith(note):
            return words.named.get(label, ())
    return ()


@lru_cache(maxsize=8192)
def ends_another(form_id: str, table: str, text: str) -> bool:
    """Whether a label without enumerator is also the end of a longer one."""
    printed = row_key(text)
    return squash(text).startswith(printed) and any(
        x != printed and x.endswith(printed) for x in list_words(form_id, table).named
    )


@lru_cache(maxsize=8192)
def named(form_id: str, table: str, text: str) -> Named | None:
    """The rows a text may name: exactly, else with something more, cut short, or closely."""
    if rows := exactly(form_id, table, text):
        return Named(rows, "exact")
    printed = row_key(text)
    if not _LEAST <= len(printed) <= MAX_LABEL:
        return None
    words = list_words(form_id, table).named
    part = [x for x in words if printed in x]
    if len(part) > 1:
        return None
    tail = [x for x in words if len(x) >= _LEAST and printed.endswith(x)]
    for how, labels in (("part", part), ("suffix", [] if part else tail)):
        if len(labels) == 1 and 2 * len(printed) >= len(labels[0]):
            return Named(words[labels[0]], how)
    ranked = sorted(((fuzz.ratio(printed, x), x) for x in words), reverse=True)
    (best, label), (second, _) = ranked[:2]
    if best >= CLOSE and best - second >= MARGIN:
        return Named(words[label], "close")
    return None


def is_header(words: ListWords, printed: list[str]) -> bool:
    """Whether names of the list's columns are printed, and nothing else unless it names both."""
    texts = {squash(text) for text in printed}
    named = bool(texts & words.label and texts & words.value)
    return bool(texts) and (named or texts <= words.header)


def own_cells(
    words: ListWords, header: tuple[Cell, ...], line: Line
) -> tuple[tuple[Cell, ...], bool]:
    """The cells of the form's columns, and whether another column's may be among them."""
    places = [i for i, c in enumerate(header) if squash(c.text) in words.value]
    if len(places) != 1:
        return line.cells, False
    width = _width(header)
    cells = line.cells[: max(width, _width(line.cells))]
    heads: list[Cell | None]
    if line.layout is Layout.GRID and all(c.col is not None for c in (*header, *cells)):
        heads = [_over(header, c) for c in cells]
    elif len(cells) == width:
        heads = list(header[:width])
    else:
        foreign = any(c.text and squash(c.text) not in words.header for c in header)
        return cells, foreign
    own = header[places[0]]
    kept: list[Cell] = []
    beside = False
    for cell, head in zip(cells, heads, strict=True):
        named = squash(head.text) if head is not None else ""
        number = not cell.text or looks_like_value(cell.text)
        if head is own or (not number and (not named or named in words.header)):
            kept.append(cell)
        else:
            beside = beside or (bool(cell.text) and number and not named)
    found = any(c.text and looks_like_value(c.text) for c in kept)
    return tuple(kept), beside and not found


def _width(cells: tuple[Cell, ...]) -> int:
    """How many cells there are without the blanks at the end."""
    return max((i for i, c in enumerate(cells, start=1) if c.text), default=0)


def _over(header: tuple[Cell, ...], cell: Cell) -> Cell | None:
    """The header's cell above a grid's cell."""
    at = cell.col or 0
    return next((h for h in header if (h.col or 0) <= at < (h.col or 0) + h.colspan), None)
