"""A row with blank cells, some perhaps spare or lost, in; which cell is which column's out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from govreport_core.align.gathering import Gathering
from govreport_core.align.placing import Candidates, place, spread
from govreport_core.align.tables.headers import by_positions_certain
from govreport_core.align.tables.items import Label, Stretch
from govreport_core.align.vocabulary import vocabulary
from govreport_core.model import Cell, Layout

# Of so many columns first and last tell where the others are.
_ENOUGH = 5
# A group of so many rows tells how wide they are where one doesn't itself.
_MANY = 4
# Where one row of so many is as long, it is its length and no cell printed twice; with
# blanks at its end only, where so many are.
_SOME = 3


def place_padded(
    label: Label,
    stretch: Stretch,
    positions: tuple[int, tuple[int, ...]] | None,
    columns: int,
) -> list[Candidates]:
    """Place a padded row's cells.

    Args:
        label: The row's, with its cells.
        stretch: Of the row; `note_starts` has been called for it.
        positions: Where the header's one row has the columns, and how wide it is.
        columns: How many there are.
    """
    values = label.values or ()
    if _may_be_twice(label, stretch):
        return [(None, *(c for c in values if c.text))] * columns
    placed = _placed(label, stretch, positions, columns)
    return _perhaps_twice(placed) if stretch.short else placed


def _placed(
    label: Label,
    stretch: Stretch,
    positions: tuple[int, tuple[int, ...]] | None,
    columns: int,
) -> list[Candidates]:
    if (ends := _placed_by_ends(label, stretch, columns)) is not None:
        return ends
    values = label.values or ()
    printed = sum([1 for c in values if c.text])
    header = _placed_by_header(label, stretch, positions, printed)
    known = header or place(values, columns, padded=True)
    if len(values) == columns and 0 < printed < columns:
        return _unless_shifted(label, stretch, values, columns, known)
    return known


def _placed_by_ends(label: Label, stretch: Stretch, columns: int) -> list[Candidates] | None:
    """By the first and last printed cell, where they are as far apart as first and last column.

    A blank lost between them would bring them nearer, a spare one take them further
    apart; but it could also stand for an end that is blank, so a row with more cells
    than columns, or an end blank, must be as wide as most of its group, of which two
    have both ends and begin where it does.
    """
    cells = label.values or ()
    if len(cells) < columns or _may_be_shifted(label, stretch):
        return None
    reaches = _reaches(cells, columns)
    if len(cells) == columns and reaches:
        return [(c,) for c in cells]
    if not reaches and stretch.widths[label.under].total() < _MANY:
        return None
    starts: Mapping[int, int] = stretch.starts.get((label.under, label.width), {})
    if not _is_usual(label, stretch) or len(starts) != 1:
        return None
    ((first, count),) = starts.items()
    outside = (*cells[:first], *cells[first + columns :])
    if count < 2 or first + columns > len(cells) or any(c.text for c in outside):
        return None
    return [(c,) for c in cells[first : first + columns]]


def _may_be_shifted(label: Label, stretch: Stretch) -> bool:
    """Whether a row may have a spare blank within it, and have lost one at its end.

    Its first and last printed cell are then as far apart as first and last column, but
    aren't theirs: so where the row is shorter than others, or some row reaches further.
    """
    cells = label.values or ()
    shorter = len(cells) < stretch.longest[label.under]
    return (shorter or stretch.spare) and any(not c.text for c in cells)


def _may_be_twice(label: Label, stretch: Stretch) -> bool:
    """Whether a cell may be printed twice where another is blank: the row is longer than others.

    Two neighbours are the same and a blank stands in the row: which of them is the
    spare cell can't be told, unless many rows have one too.
    """
    values = label.values or ()
    texts = [c.text for c in values]
    if all(texts):
        return False
    # Of few rows two with a cell twice are most.
    printed = [i for i, text in enumerate(texts) if text]
    within = len(printed) > 1 and printed[-1] - printed[0] >= len(printed)
    few = within and stretch.widths[label.under].total() < _MANY
    if not few and _is_usual(label, stretch):
        return False
    alike = sum(widths[label.width] for widths in stretch.widths.values())
    if alike * _SOME >= sum(widths.total() for widths in stretch.widths.values()):
        return False
    if not within and texts[0] and stretch.lengths[len(values)] >= _SOME:
        return False
    return any(a.text and a.text == b.text for a, b in pairwise(values))


def _perhaps_twice(placed: list[Candidates]) -> list[Candidates]:
    """A row of a table whose rows lose blanks: one of two equal neighbours may be spare.

    All after it are then a column further to the left, and the last one is blank.
    """
    cells = [c[0] for c in placed if len(c) == 1 and c[0] is not None]
    if len(cells) < len(placed) or not cells[-1].text:
        return placed
    twice = next((i for i, (a, b) in enumerate(pairwise(cells)) if a.text and a.text == b.text), -1)
    if twice < 0:
        return placed
    after: list[Cell | None] = [*cells[twice + 2 :], None]
    return [*placed[: twice + 1], *zip(cells[twice + 1 :], after, strict=True)]


def _is_usual(label: Label, stretch: Stretch) -> bool:
    """Whether a row is as wide as two of three rows of its group."""
    widths = stretch.widths[label.under]
    return widths[label.width] * 3 >= widths.total() * 2


def note_starts(stretch: Stretch, table: str, gathered: Gathering) -> None:
    """Note how wide each group's rows are, and where those with both ends begin."""
    labels = [i for i in stretch.items if isinstance(i, Label) and i.layout is Layout.PADDED]
    if not labels:
        return
    words = vocabulary(gathered.form_id).tables[table]
    columns = words.width + len(stretch.added)
    for label in labels:
        row, cells = words.by_code.get(label.match.code), label.values or ()
        under = None if row is None else row.parent
        label.under = under
        stretch.widths[under][label.width] += 1
        stretch.lengths[len(cells)] += 1
        stretch.longest[under] = max(len(cells), stretch.longest.get(under, 0))
        printed = [i for i, c in enumerate(cells) if c.text]
        if not printed:
            continue
        apart = printed[-1] - printed[0]
        stretch.spare |= len(printed) <= columns <= apart
        stretch.short |= len(cells) < columns
        if columns >= _ENOUGH and apart + 1 == columns:
            stretch.starts[under, label.width][printed[0]] += 1


def _reaches(cells: tuple[Cell, ...], columns: int) -> bool:
    """Whether the first and the last printed cell are those of first and last column."""
    printed = [i for i, c in enumerate(cells) if c.text]
    return bool(printed) and printed[-1] - printed[0] + 1 == columns


def _placed_by_header(
    label: Label,
    stretch: Stretch,
    positions: tuple[int, tuple[int, ...]] | None,
    printed: int,
) -> list[Candidates] | None:
    """By the header's positions, where its row is as wide and has one column of labels.

    Where rows are wider it isn't: it lacks a spare column that the row may have.
    """
    if positions is None or label.before or positions[0] != label.width:
        return None
    if stretch.spare and max(map(max, stretch.widths.values())) > positions[0]:
        return None
    cells = label.values or ()
    offset = label.width - len(cells)
    inside = tuple([at - offset for at in positions[1]])
    if inside[0] < 0 or not by_positions_certain(cells, len(cells), inside):
        return None
    placed = [cells[i] for i in inside]
    if sum([1 for c in placed if c.text]) < printed:
        return None
    return [(c,) for c in placed]


def _unless_shifted(
    label: Label,
    stretch: Stretch,
    values: tuple[Cell, ...],
    columns: int,
    placed: list[Candidates],
) -> list[Candidates]:
    """A padded row narrower than the widest may have lost blanks: then none is certain."""
    widest = max(
        *(i.width for i in stretch.items if isinstance(i, Label)),
        *map(len, stretch.header_rows),
        label.width,
    )
    if label.width >= widest:
        return placed
    return spread(tuple(c for c in values if c.text), columns)
