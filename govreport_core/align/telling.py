"""The forms in, the labels that tell one from another out."""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations

import msgspec

from govreport_core.align.vocabulary import key
from govreport_core.folding import squash
from govreport_core.forms import Form, forms

# From so many characters on a label is found within other text; a shorter one must be a
# cell of its own, and as an alias it tells nothing.
_LONG = 5


class Labels(msgspec.Struct, frozen=True):
    """Labels of columns and of rows: squashed, rows without their enumerators."""

    columns: frozenset[str]
    rows: frozenset[str]


class Wanted(msgspec.Struct, frozen=True):
    """The labels of one axis that tell forms apart.

    Attributes:
        long: Those to be found within other text, each with the longer labels of
            other lines that it is a piece of.
        short: Those that must stand alone.
        known: All labels of the forms on this axis, the telling ones too.
    """

    long: tuple[tuple[str, tuple[str, ...]], ...]
    short: frozenset[str]
    known: frozenset[str]


class Telling(msgspec.Struct, frozen=True):
    """What tells the forms with tables from one another.

    Attributes:
        order: Their ids, oldest first.
        apart: What the first of two forms prints and the second doesn't.
        alone: How many lines the first has of which the second has no label.
        columns, rows: The labels to look for.
    """

    order: tuple[str, ...]
    apart: dict[tuple[str, str], Labels]
    alone: dict[tuple[str, str], int]
    columns: Wanted
    rows: Wanted


@lru_cache
def telling() -> Telling:
    """What tells the shipped forms apart; lists of indicators are told by their rows alone."""
    tabled = [form for form in forms().values() if not form.listed]
    # What a list prints as well is no sign of a form with tables.
    lists = " ".join(
        sorted(squash(x) for form in forms().values() if form.listed for x in _printed(form))
    )
    pairs = list(permutations(tabled, 2))
    apart = {(a.id, b.id): _apart(a, b, lists) for a, b in pairs}
    return Telling(
        order=tuple(form.id for form in tabled),
        apart=apart,
        alone={(a.id, b.id): _alone(a, b) for a, b in pairs},
        columns=_wanted(tabled, frozenset().union(*(x.columns for x in apart.values())), 0),
        rows=_wanted(tabled, frozenset().union(*(x.rows for x in apart.values())), 1),
    )


def _lines(form: Form) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The labels of each column with figures and of each row, the official one first."""
    columns = [
        tuple(squash(x) for x in (column.label, *column.aliases))
        for table in form.tables
        for column in table.columns
        if column.kind != "label"
    ]
    rows = [
        tuple(key(x) for x in (row.label, *row.aliases))
        for table in form.tables
        for row in table.rows
        if row.label
    ]
    return columns, rows


def _printed(form: Form) -> frozenset[str]:
    """Every label of a form."""
    return frozenset(label for lines in _lines(form) for line in lines for label in line)


def _apart(form: Form, other: Form, lists: str) -> Labels:
    theirs = _printed(other)
    columns, rows = (
        frozenset(
            label
            for line in lines
            for at, label in enumerate(line)
            if label not in theirs and label not in lists and (at == 0 or len(label) >= _LONG)
        )
        for lines in _lines(form)
    )
    return Labels(columns, rows)


def _alone(form: Form, other: Form) -> int:
    theirs = _printed(other)
    return sum(
        len({frozenset(line) for line in lines if theirs.isdisjoint(line)})
        for lines in _lines(form)
    )


def _wanted(tabled: list[Form], labels: frozenset[str], axis: int) -> Wanted:
    every = [line for form in tabled for lines in _lines(form) for line in lines]
    heads = (
        squash(column.label)
        for form in tabled
        for table in form.tables
        for column in table.columns
        if column.kind == "label" and axis == 0
    )
    known = (label for form in tabled for line in _lines(form)[axis] for label in line)
    return Wanted(
        long=tuple((x, _longer(x, every)) for x in sorted(labels) if len(x) >= _LONG),
        short=frozenset(x for x in labels if len(x) < _LONG),
        known=frozenset((*known, *heads)),
    )


def _longer(label: str, every: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The labels of other lines in which it stands, longest first."""
    found = {x for line in every if label not in line for x in line if label in x}
    return tuple(sorted(found, key=len, reverse=True))
