"""The lines of tables 2 and 3 in, each form row's printed cells out.

Rows that know their blanks carry label and values together. In plain lines
labels and values come apart; `flow` says which belong together.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from govreport_core.align.gathering import Gathering
from govreport_core.align.lines import Line, header_runs
from govreport_core.align.placing import (
    UNSEEN,
    Candidates,
    place,
    place_grid,
    place_plain,
    without,
)
from govreport_core.align.tables.flow import Item, Slot, settle
from govreport_core.align.tables.headers import (
    columns_in_order,
    in_columns,
    order_contradicted,
    read_header,
)
from govreport_core.align.tables.items import Label, Stretch, Values
from govreport_core.align.tables.padded import note_starts, place_padded
from govreport_core.align.tables.subtotals import find_added, leave_out_spans, note_added
from govreport_core.align.tables.torn import doubt_torn
from govreport_core.align.tables.walk import Walk
from govreport_core.align.vocabulary import TableWords, vocabulary
from govreport_core.model import Layout

_SURE = ("exact", "alias", "suffix")


def align_rows(lines: list[Line], first: int, tables: tuple[str, ...], gathered: Gathering) -> None:
    """Align one region's lines with the rows of these tables.

    Args:
        lines: The region's lines.
        first: The number of the first of them in the document.
        tables: The tables whose rows may stand here.
        gathered: Takes the cells and what was odd.
    """
    walk = Walk(tables, gathered)
    again: frozenset[int] | None = None
    for number, line in enumerate(lines, start=first):
        if walk.may_repeat_header(line):
            again = header_runs(lines, gathered.form_id, tables) if again is None else again
            if number - first in again:
                gathered.consumed.add(number)
                continue
        if not walk.take(line):
            break
        gathered.consumed.add(number)
    walk.close()
    walk.look_on(lines[len(gathered.consumed.intersection(range(first, first + len(lines)))) :])
    for stretch in walk.stretches:
        labels = [i for i in stretch.items if isinstance(i, Label)]
        if labels:
            find_added(labels, gathered.form_id, labels[0].match.table)
    doubt_torn(walk.stretches, lines, gathered)
    beside = _beside_a_gap(walk.stretches, tables, gathered)
    for stretch in walk.stretches:
        _settle(stretch, beside, gathered)


def _settle(stretch: Stretch, beside: set[tuple[str, str]], gathered: Gathering) -> None:
    """Give a stretch's values to its labels."""
    labels = [i for i in stretch.items if isinstance(i, Label)]
    table = labels[0].match.table if labels else stretch.table
    if table is None:
        return
    gathered.seen.add(table)
    leave_out_spans(stretch, table, gathered)
    _trust_header(stretch, table, gathered)
    words = vocabulary(gathered.form_id).tables[table]
    printed = {label.match.code for label in labels}
    headed = words.groups & printed
    alone = {
        g for g in headed if words.by_code[g].parent is not None and not words.leaves[g] & printed
    }
    for label in labels if alone else ():
        if label.match.code in alone and label.values is None:
            gathered.note("combined_row", label.at, table=table, row=label.match.code)
    # A label that lost its values may have lost them to its group's.
    sure = {i.match.code for i in labels if i.match.how in _SURE and i.values is not None}
    split = {g for g in headed if _some_but_not_all(words.leaves[g], printed, sure)}
    only_heads = headed - alone
    positions = _positions(stretch, table, gathered)
    note_starts(stretch, table, gathered)
    segment: list[Item] = []
    for item in stretch.items:
        if isinstance(item, Label):
            item.group = item.match.code in only_heads and item.values is None
        if not isinstance(item, Label) or item.layout is None:
            segment.append(item)
            continue
        if segment:
            _settle_segment(segment, beside, split, stretch, gathered)
            segment = []
        unsure = item.layout is Layout.EXACT and (table, item.match.code) in beside
        here = positions if item.match.table == table else None
        _settle_anchor(item, stretch, here, gathered, split=split, unsure=unsure)
    if segment:
        _settle_segment(segment, beside, split, stretch, gathered)


def _settle_anchor(
    label: Label,
    stretch: Stretch,
    positions: tuple[int, tuple[int, ...]] | None,
    gathered: Gathering,
    *,
    split: set[str],
    unsure: bool,
) -> None:
    """A row whose values stand on its own line, or beside a row that is lost."""
    if label.added is not None:
        note_added(label, gathered)
    elif label.match.code in split:
        _leave_out(label, gathered)
    elif label.doubtful or unsure:
        _unread(label, gathered)
    else:
        _settle_label(label, stretch, positions, gathered)


def _some_but_not_all(leaves: frozenset[str], printed: set[str], sure: set[str]) -> bool:
    """Whether some of a group's rows are printed and some not, or not for certain.

    Values beside the group's label may then be its own or the lost row's.
    """
    return bool(leaves & printed) and not leaves <= sure


def _leave_out(label: Label, gathered: Gathering) -> None:
    table = label.match.table
    gathered.unplaced.add(table)
    gathered.doubt("row_unplaced", label.at, table=table, text=label.text[:80])


def _trust_header(stretch: Stretch, table: str, gathered: Gathering) -> None:
    header = read_header(gathered.form_id, table, "".join(stretch.header))
    if not (header.certain and _in_order(stretch, table, header.added, gathered)):
        gathered.distrusted.add(table)
        gathered.doubt("columns_mismatch", table=table, printed="".join(stretch.header)[:120])
    elif header.code:
        gathered.note(header.code, table=table)
        if header.code == "header_missing" and _wider(stretch, table, gathered):
            gathered.distrusted.add(table)
    stretch.added = header.added
    for column, unit in header.units.items():
        gathered.units[table, column] = unit


def _in_order(stretch: Stretch, table: str, added: tuple[int, ...], gathered: Gathering) -> bool:
    """Whether the header's rows name the form's columns in the form's order."""
    if not added:
        return stretch.places_in(gathered.form_id, table).in_order
    form_id, rows = gathered.form_id, stretch.header_rows
    return columns_in_order(form_id, table, rows, added) and not order_contradicted(
        form_id, table, rows, added
    )


def _wider(stretch: Stretch, table: str, gathered: Gathering) -> bool:
    """Whether several rows print more than the form has columns: it isn't the form's table."""
    width = vocabulary(gathered.form_id).tables[table].width
    rows = [
        i.cells if isinstance(i, Values) else i.values or ()
        for i in stretch.items
        if isinstance(i, Label) or (isinstance(i, Values) and (not i.run or len(i.cells) % width))
    ]
    return sum(sum(1 for c in row if c.text) > width for row in rows) > 1


def _positions(
    stretch: Stretch, table: str, gathered: Gathering
) -> tuple[int, tuple[int, ...]] | None:
    """Where the header's one row has the columns; None for a header of several rows."""
    if len(stretch.header_rows) != 1:
        return None
    return stretch.places_in(gathered.form_id, table).positions


def _settle_label(
    label: Label,
    stretch: Stretch,
    positions: tuple[int, tuple[int, ...]] | None,
    gathered: Gathering,
) -> None:
    """A row whose values stand on its own line."""
    match = label.match
    words = vocabulary(gathered.form_id).tables[match.table]
    columns = words.width + len(stretch.added)
    values = label.values or ()
    printed = sum([1 for c in values if c.text])
    if match.code in words.groups:
        if words.by_code[match.code].parent is None:
            _leave_out(label, gathered)
            return
        gathered.note("combined_row", label.at, table=match.table, row=match.code)
    if label.layout is None:
        placed = place_plain(values, columns)
    elif label.layout is Layout.PADDED:
        placed = place_padded(label, stretch, positions, columns)
    elif label.layout is Layout.GRID:
        header = stretch.places_in(gathered.form_id, match.table).grid
        grid = None if header is None else in_columns(header, values)
        placed = place_grid(values, columns, grid)
        if stretch.spanned and grid is None:
            placed = [UNSEEN] * words.width
    else:
        placed = place(values, columns, padded=False)
    placed = without(placed, stretch.added, words.width)
    _put(label, placed, printed, columns, gathered)


def _put(
    label: Label, placed: list[Candidates], printed: int, columns: int, gathered: Gathering
) -> None:
    match = label.match
    where = {"table": match.table, "row": match.code}
    if match.how == "alias":
        gathered.note("label_alias", label.at, **where, printed=label.text)
    elif match.how in ("part", "close"):
        gathered.note("label_damaged", label.at, **where, printed=label.text)
    if printed > columns:
        gathered.note("extra_cells", label.at, **where, printed=printed, expected=columns)
    gathered.put(match.table, match.code, placed, label.at)


def _settle_segment(
    segment: list[Item],
    beside: set[tuple[str, str]],
    split: set[str],
    stretch: Stretch,
    gathered: Gathering,
) -> None:
    """Plain lines between rows that know their cells: values go where `flow` proves them."""
    labels = [i for i in segment if isinstance(i, Label) and not i.group]
    if not labels:
        _leave_values(segment, stretch, gathered)
        return
    table = labels[0].match.table
    words = vocabulary(gathered.form_id).tables[table]
    columns = words.width + len(stretch.added)
    printed = {(i.match.table, i.match.code) for i in stretch.items if isinstance(i, Label)}
    chain = _expected(words, printed)
    near = {row for code, row in beside if code == table}
    for slot in settle(segment, columns, chain, near):
        label = slot.label
        if label is None:
            continue
        if label.added is not None:
            note_added(label, gathered)
        elif label.match.code in split and label.values is not None:
            _leave_out(label, gathered)
        elif slot.row is None or label.match.table != table:
            _unread(label, gathered)
        elif label.values is not None and slot.row is label.values:
            _settle_label(label, stretch, None, gathered)
        else:
            _give(slot, columns, stretch.added, gathered)


def _leave_values(segment: list[Item], stretch: Stretch, gathered: Gathering) -> None:
    """Values beside no label: a row that isn't found may be theirs."""
    for item in segment:
        if isinstance(item, Values) and not item.stray:
            table = stretch.table or next(
                i.match.table for i in stretch.items if isinstance(i, Label)
            )
            gathered.unplaced.add(table)
            text = " ".join(c.text for c in item.cells)[:80]
            gathered.doubt("row_unplaced", item.cells[0], table=table, text=text)


def _unread(label: Label, gathered: Gathering) -> None:
    """A row whose values may be another's."""
    match = label.match
    if label.added is not None:
        note_added(label, gathered)
        return
    width = vocabulary(gathered.form_id).tables[match.table].width
    gathered.doubt("values_uncertain", label.at, table=match.table, row=match.code)
    gathered.put(match.table, match.code, [(None,)] * width, label.at)


def _beside_a_gap(
    stretches: list[Stretch], tables: tuple[str, ...], gathered: Gathering
) -> set[tuple[str, str]]:
    """Rows whose neighbour in the form has no label, where values stand on lines of their own.

    What breaks out of such a dump takes a row's values and the next one's label
    with it, and what is left looks like one row.
    """
    items = [i for s in stretches for i in s.items]
    printed = {
        (i.match.table, i.match.code) for i in items if isinstance(i, Label) and not i.doubtful
    }
    if printed.issuperset(_all_rows(gathered.form_id, tables)):
        return set()
    if not any(
        isinstance(i, Values) or (isinstance(i, Label) and i.layout is Layout.EXACT) for i in items
    ):
        return set()
    chain = [
        (code, row)
        for code in tables
        for row in _expected(vocabulary(gathered.form_id).tables[code], printed)
    ]
    return {
        row
        for pair in pairwise(chain)
        if (pair[0] in printed) != (pair[1] in printed)
        for row in pair
        if row in printed
    }


@lru_cache(maxsize=64)
def _all_rows(form_id: str, tables: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    found = ((t, r.code) for t in tables for r in vocabulary(form_id).tables[t].table.value_rows)
    return frozenset(found)


def _expected(words: TableWords, printed: set[tuple[str, str]]) -> list[str]:
    """A table's rows, with a group in the place of its own where it is printed as one row."""
    table = words.table
    mine = {row for code, row in printed if code == table.code}
    joined = {g for g in words.groups & mine if not words.leaves[g] & mine}
    spared = {leaf for group in joined for leaf in words.leaves[group]}
    return [
        r.code
        for r in table.rows
        if r.code in joined or (r.kind != "group" and r.code not in spared)
    ]


def _give(slot: Slot, columns: int, added: tuple[int, ...], gathered: Gathering) -> None:
    """A row whose values stand on lines of their own."""
    label, cells = slot.label, slot.row
    if label is None or cells is None:
        return
    match = label.match
    placed = without(place_plain(cells, columns), added, columns - len(added))
    if len(cells) < columns:
        where = {"table": match.table, "row": match.code}
        gathered.doubt("cells_fewer", cells[0], **where, printed=len(cells), expected=columns)
    elif slot.shared:
        gathered.note("values_before_label", label.at, table=match.table, row=match.code)
    _put(label, placed, len(cells), columns, gathered)
