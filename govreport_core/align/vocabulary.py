"""A form in, the words of its tables by which printed labels are recognised."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
from rapidfuzz import fuzz

from govreport_core.folding import squash
from govreport_core.forms import Form, FormTable, Row, forms

_ENUMERATOR = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.,]|\([一二三四五六七八九十]{1,3}\)[、.,]?"
    r"|\d{1,2}[.、,)](?!\d)|\(\d{1,2}\)[、.,]?|[①-⑩])+"
)
# A year that tells what 本年 or 上年 is, and what a label's words mean, in brackets.
_YEAR = re.compile(r"\(20\d\d年?度?\)")
_EXPLAINED = re.compile(r"([^()]{2,40})\((?=[^()]*[\u4e00-\u9fff])[^()]*(?:\([^()]*\)[^()]*)*\)")
_MOST_EXPLAINED = 400
# A label is taken as a damaged official one when it is this alike, and the next
# best is clearly less so (rapidfuzz ratio, 0-100).
CLOSE = 84.0
MARGIN = 10.0
MAX_LABEL = 80


class Match(msgspec.Struct, frozen=True):
    """A printed label recognised as a form's row.

    Attributes:
        how: `exact`, `alias`, `suffix` (a group's label stands before it),
            `part` (cut short, unique), `close`.
    """

    table: str
    code: str
    how: str


class TableWords(msgspec.Struct, frozen=True):
    """What is printed in one table: keys are squashed labels without enumerator.

    Attributes:
        width: How many columns hold values.
        leaves: The rows below each group.
        value_rows: The rows that hold numbers, in order.
        by_code: All rows.
    """

    table: FormTable
    rows: dict[str, tuple[str, str]]
    columns: dict[str, str]
    groups: frozenset[str]
    width: int
    leaves: dict[str, frozenset[str]]
    value_rows: tuple[Row, ...]
    by_code: dict[str, Row]


class Vocabulary(msgspec.Struct, frozen=True):
    """The words of one form.

    Attributes:
        tables: By table code.
        captions: Key -> table code, for tables that have a caption of their own.
        item: Keys of the header cell above the row labels.
        listed: The tables that are lists of indicators.
    """

    form: Form
    tables: dict[str, TableWords]
    captions: dict[str, str]
    item: frozenset[str]
    listed: tuple[str, ...]


def without_enumerator(squashed: str) -> str:
    """`（三）不予公开` -> `不予公开`; an enumerator alone gives an empty text."""
    match = _ENUMERATOR.match(squashed)
    return squashed[match.end() :] if match else squashed


def without_year(squashed: str) -> str:
    """`本年(2023)制发件数` -> `本年制发件数`."""
    return _YEAR.sub("", squashed) if "(20" in squashed else squashed


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """What a label is compared by."""
    return without_enumerator(without_year(squash(text)))


@lru_cache
def vocabulary(form_id: str) -> Vocabulary:
    """The words of the form with that id."""
    form = forms()[form_id]
    tables = {t.code: _table_words(t) for t in form.tables}
    section_labels = {key(s.label) for s in form.sections}
    captions = {key(t.label): t.code for t in form.tables if key(t.label) not in section_labels}
    item = frozenset(key(c.label) for t in form.tables for c in t.columns if c.kind == "label")
    listed = tuple(t.code for t in form.tables if t.listed)
    return Vocabulary(form, tables, captions, item, listed)


def _table_words(table: FormTable) -> TableWords:
    rows: dict[str, tuple[str, str]] = {}
    for row in table.rows:
        for number, label in enumerate((row.label, *row.aliases)):
            if label:
                rows.setdefault(key(label), (row.code, "alias" if number else "exact"))
    columns = {
        key(label): c.code
        for c in reversed(table.columns)
        if c.kind != "label"
        for label in (c.label, *c.aliases)
    }
    groups = frozenset(r.code for r in table.rows if r.kind == "group")
    leaves = {g: frozenset(r.code for r in table.leaves(g)) for g in groups}
    return TableWords(
        table,
        rows,
        columns,
        groups,
        len(table.value_columns),
        leaves,
        table.value_rows,
        {r.code: r for r in table.rows},
    )


@lru_cache(maxsize=16384)
def match_row(form_id: str, tables: tuple[str, ...], text: str) -> Match | None:
    """The row of one of these tables that a printed label stands for, if one is certain.

    Exactly first, without an explanation in brackets too, then with something before
    it, then cut short but unique, and only then closely, with a margin to the next best.
    """
    if len(text) > _MOST_EXPLAINED:
        return None
    printed = key(text)
    if not printed:
        return None
    words = vocabulary(form_id)
    entries = [
        (label, table, code, how)
        for table in tables
        for label, (code, how) in words.tables[table].rows.items()
    ]
    if found := _exactly(printed, entries):
        return found
    if explained := _EXPLAINED.fullmatch(printed):
        # What the brackets say may name other rows.
        printed = explained[1]
        if found := _exactly(printed, entries):
            return Match(found.table, found.code, "alias")
    return _nearly(printed, entries) if len(printed) <= MAX_LABEL else None


def _exactly(printed: str, entries: list[Entry]) -> Match | None:
    for label, table, code, how in entries:
        if label == printed:
            return Match(table, code, how)
    return None


def _nearly(printed: str, entries: list[Entry]) -> Match | None:
    tail = [e for e in entries if len(e[0]) >= 3 and printed.endswith(e[0])]
    if found := _single(tail, "suffix"):
        return found
    if len(printed) >= 2:
        part = [e for e in entries if printed in e[0]]
        if found := _single(part, "part"):
            return found
        whole = [e for e in entries if len(e[0]) >= 4 and e[0] in printed]
        if found := _single(whole, "suffix"):
            return found
    return _closest(printed, entries)


Entry = tuple[str, str, str, str]


def _single(found: list[Entry], how: str) -> Match | None:
    codes = {(table, code) for _, table, code, _ in found}
    if len(codes) != 1:
        return None
    ((table, code),) = codes
    return Match(table, code, how)


def _closest(printed: str, entries: list[Entry]) -> Match | None:
    if len(printed) < 4:
        return None
    best: dict[tuple[str, str], float] = {}
    for label, table, code, _ in entries:
        score = fuzz.ratio(printed, label)
        best[table, code] = max(score, best.get((table, code), 0.0))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    (table, code), first = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    if first >= CLOSE and first - second >= MARGIN:
        return Match(table, code, "close")
    return None
