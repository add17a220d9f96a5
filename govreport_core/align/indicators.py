"""A printed text in, which indicators of a form's list it may name out.

A list (2014-2018: 政府信息公开情况统计表) has one number a row, so that its labels
alone say which is which. Enumerators, 其中：and notes in brackets never matter.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
from rapidfuzz import fuzz

from govreport_core.align.vocabulary import CLOSE, MARGIN, MAX_LABEL, without_enumerator
from govreport_core.folding import squash
from govreport_core.forms import Row, forms
from govreport_core.numerals import COUNT_UNITS, MONEY_UNITS

_OF_WHICH = re.compile(r"其中[:,]?")
_NOTE = re.compile(r"(?<=.)\([^()]*\)$")
_OPEN_NOTE = re.compile(r"(.+)\(([^()]*)$")
_LEAST = 4


class Indicators(msgspec.Struct, frozen=True):
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
def indicators(form_id: str, table: str) -> Indicators:
    """The words of one list."""
    form_table = forms()[form_id].table(table)
    named: dict[str, list[int]] = {}
    notes: dict[str, str] = {}
    for place, row in enumerate(form_table.rows):
        for label in {indicator_key(x) for x in (row.label, *row.aliases)}:
            named.setdefault(label, []).append(place)
        if note := _NOTE.search(squash(row.label)):
            notes[indicator_key(row.label)] = note[0][1:-1]
    words = {
        c.code: frozenset(squash(x) for x in (c.label, *c.aliases)) for c in form_table.columns
    }
    first = next(c.code for c in form_table.columns if c.kind == "label")
    value = form_table.value_columns[0].code
    return Indicators(
        form_table.rows,
        {label: tuple(places) for label, places in named.items()},
        notes,
        words[first],
        words[value],
        frozenset().union(*words.values()),
    )


@lru_cache(maxsize=8192)
def indicator_key(text: str) -> str:
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
    words = indicators(form_id, table)
    printed = indicator_key(text)
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
    printed = indicator_key(text)
    return squash(text).startswith(printed) and any(
        x != printed and x.endswith(printed) for x in indicators(form_id, table).named
    )


@lru_cache(maxsize=8192)
def named(form_id: str, table: str, text: str) -> Named | None:
    """The rows a text may name: exactly, else with something more, cut short, or closely."""
    if rows := exactly(form_id, table, text):
        return Named(rows, "exact")
    printed = indicator_key(text)
    if not _LEAST <= len(printed) <= MAX_LABEL:
        return None
    words = indicators(form_id, table).named
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
