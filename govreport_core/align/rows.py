"""The lines of tables 2 and 3 in, each form row's printed cells out.

Rows that know their blanks carry label and values together. In plain lines
labels and values come apart: values on the label's own line are an anchor, and
between two anchors (or headers) values without a label are given to labels
without values only where there are as many of one as of the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from govreport_core.align.draft import Draft, first_cell
from govreport_core.align.headers import (
    by_positions_certain,
    columns_in_order,
    header_positions,
    read_header,
)
from govreport_core.align.lines import VERTICAL, Line, is_page_mark, split_plain
from govreport_core.align.placing import Candidates, place, place_plain, spread
from govreport_core.align.vocabulary import Match, key, match_row, vocabulary
from govreport_core.folding import squash
from govreport_core.forms import FormTable
from govreport_core.model import Cell, Layout
from govreport_core.numerals import looks_like_value

_SURE = ("exact", "alias", "suffix", "close")
_SHORT = 5


@dataclass
class Label:
    """A row's label as printed, perhaps over several lines; `values` if on its own line."""

    match: Match
    text: str
    at: Cell
    values: tuple[Cell, ...] | None = None
    layout: Layout | None = None
    width: int = 0
    before: int = 0


@dataclass
class Values:
    """Values of a plain line, or of consecutive lines of one value each."""

    cells: tuple[Cell, ...]
    run: bool


@dataclass
class Stretch:
    """Header and rows from one caption (or header) to the next."""

    table: str | None
    header: list[str] = field(default_factory=list)
    header_rows: list[tuple[Cell, ...]] = field(default_factory=list)
    items: list[Label | Values] = field(default_factory=list)

    @property
    def label(self) -> Label | None:
        """The last label."""
        return next((i for i in reversed(self.items) if isinstance(i, Label)), None)


def align_rows(lines: list[Line], first: int, tables: tuple[str, ...], draft: Draft) -> None:
    """Align one region's lines with the rows of these tables.

    Args:
        lines: The region's lines.
        first: The number of the first of them in the document.
        tables: The tables whose rows may stand here.
        draft: Takes the cells and what was odd.
    """
    walk = _Walk(tables, draft)
    for number, line in enumerate(lines, start=first):
        if not walk.take(line):
            break
        draft.consumed.add(number)
    walk.close()
    for stretch in walk.stretches:
        _settle(stretch, tables, draft)


class _Walk:
    """Cuts the lines into stretches of header, labels and values."""

    def __init__(self, tables: tuple[str, ...], draft: Draft) -> None:
        self.tables = tables
        self.draft = draft
        words = vocabulary(draft.form_id)
        self.words = [words.tables[t] for t in tables]
        self.captions = {k: t for k, t in words.captions.items() if t in tables}
        self.item = words.item
        self.columns = {k for w in self.words for k in w.columns}
        self.last_row = self.words[-1].table.value_rows[-1].code
        self.first_row = self.words[0].table.value_rows[0].code
        self.single = len(tables) == 1
        self.stretches: list[Stretch] = []
        self.now = Stretch(tables[0] if self.single else None)
        self.pending: list[Cell] = []
        self.ended = False

    def take(self, line: Line) -> bool:
        """Take one line; False when the table has ended before it."""
        if line.layout is None:
            return self._plain(line.cells[0])
        return self._row(line)

    def close(self) -> None:
        self._leave_pending()
        self.stretches.append(self.now)

    def _open(self, table: str | None) -> None:
        self.close()
        self.now = Stretch(table)

    # Rows that know their blanks.

    def _row(self, line: Line) -> bool:
        head = first_cell(line)
        if head is None:
            return True
        if (caption := self.captions.get(key(head.text))) is not None:
            self._open(caption)
            return True
        if self._is_header(line):
            self._header_row(line)
            return True
        match, text, label_end = self._label_of(line.cells)
        values = line.cells[label_end:]
        filled = any(c.text for c in values)
        if match is None:
            return self._row_without_label(line, head, text, filled)
        if not filled and self._continues(match):
            self._extend(text, head)
            return True
        if self._begins_again(match):
            return False
        if match.code in self._groups(match.table) and not filled:
            return True
        self._leave_pending()
        before = sum(1 for c in line.cells[:label_end] if not c.text)
        self.now.items.append(
            Label(match, text, head, values, line.layout, len(line.cells), before)
        )
        return True

    def _is_header(self, line: Line) -> bool:
        printed = [key(c.text) for c in line.cells if c.text]
        if printed[0] in self.item:
            return True
        return all(p in self.columns or self._ignored(p) for p in printed) and (
            self.single and (not self.now.items or len(printed) > 1)
        )

    def _header_row(self, line: Line) -> None:
        if not self.single and self.now.items:
            self._open(None)
        if self.single and self.now.items:
            return
        self.now.header_rows.append(line.cells)
        self.now.header.extend(squash(c.text) for c in line.cells if c.text)

    def _ignored(self, printed: str) -> bool:
        return any(key(i) == printed for w in self.words for i in w.table.ignored)

    def _label_of(self, cells: tuple[Cell, ...]) -> tuple[Match | None, str, int]:
        """The row a table row is labelled with, its text, and where its values begin."""
        found: Match | None = None
        text = ""
        end = 0
        for at, cell in enumerate(cells):
            if not cell.text:
                continue
            if looks_like_value(cell.text) and (found or at):
                break
            match = self._match(cell.text)
            if match is None and key(cell.text) and found is not None:
                break
            if match is not None or key(cell.text) == "" or not found:
                found = match or found
                text = cell.text if match is not None else text or cell.text
                end = at + 1
            if match is not None and match.code not in self._groups(match.table):
                break
        return found, text, end

    def _row_without_label(self, line: Line, head: Cell, text: str, filled: bool) -> bool:
        label = self.now.label
        if not filled and label is not None and self._joined(label, text):
            self._extend(text, head)
            return True
        if self.single and not self.now.items:
            self.now.header_rows.append(line.cells)
            self.now.header.extend(squash(c.text) for c in line.cells if c.text)
            return True
        if not self.single and not self.now.items and not filled:
            self.now.header.extend(squash(c.text) for c in line.cells if c.text)
            return True
        if self.ended_with(self.last_row) and not filled:
            return False
        table = self.tables[0] if self.single else self.now.table
        self.draft.unplaced.update([table] if table else self.tables)
        self.draft.doubt("row_unplaced", head, table=table, text=line.text[:80])
        return True

    # Plain lines.

    def _plain(self, cell: Cell) -> bool:
        if is_page_mark(cell.text):
            return True
        pieces, values = split_plain(cell)
        if not pieces:
            self._values(values)
            return True
        text = " ".join(c.text for c in pieces)
        squashed = squash(text)
        if (caption := self.captions.get(key(text))) is not None:
            self._open(caption)
            return True
        if len(pieces) > 1 and len(squash(pieces[0].text)) == 1 and pieces[0].text in VERTICAL:
            pieces = pieces[1:] if pieces[1].text not in VERTICAL else pieces[2:] or pieces
            text = " ".join(c.text for c in pieces)
        if not values and set(squashed) <= VERTICAL and len(squashed) <= 2:
            return True
        if key(pieces[0].text) in self.item:
            self._plain_header(squashed)
            return True
        return self._plain_label(text, pieces[0], values)

    def _plain_header(self, squashed: str) -> None:
        if self.now.items:
            self._open(None)
        self.now.header.append(squashed)

    def _plain_label(self, text: str, at: Cell, values: tuple[Cell, ...]) -> bool:
        match = self._match(text)
        label = self.now.label
        sure = match is not None and match.how in ("exact", "alias")
        if not self.now.items and (
            match is None or not self._opens_rows(match, text) or key(text) in self.columns
        ):
            self.now.header.append(squash(text))
            return True
        if not sure and label is not None and not values and self._joined(label, text):
            self._extend(text, at)
            return True
        if match is not None and not sure and not values and len(key(text)) < _SHORT:
            match = None
        if match is None and self.pending:
            match = self._match("".join(c.text for c in self.pending) + text)
            if match is not None:
                at, self.pending = self.pending[0], []
        if match is None:
            if self.ended_with(self.last_row):
                return False
            self.pending.append(at if values else Cell(text, at.part, at.start, at.end))
            return True
        if label is not None and match == label.match and label.values is None and not values:
            self._extend(text, at)
            return True
        if self._begins_again(match):
            return False
        self._leave_pending()
        self.now.items.append(Label(match, text, at, values or None))
        return True

    def _values(self, values: tuple[Cell, ...]) -> None:
        last = self.now.items[-1] if self.now.items else None
        if len(values) == 1 and isinstance(last, Values) and last.run:
            last.cells += values
        else:
            self.now.items.append(Values(values, len(values) == 1))

    # Shared.

    def _match(self, text: str) -> Match | None:
        return match_row(self.draft.form_id, self.tables, text)

    def _groups(self, table: str) -> frozenset[str]:
        return next(w.groups for w in self.words if w.table.code == table)

    def _opens_rows(self, match: Match, text: str) -> bool:
        if match.code in self._groups(match.table) and self.single:
            return False
        return match.how in _SURE or len(key(text)) >= _SHORT

    def _begins_again(self, match: Match) -> bool:
        if not self.single or match.code != self.first_row:
            return False
        return any(isinstance(i, Label) and i.match.code == match.code for i in self.now.items)

    def ended_with(self, row: str) -> bool:
        """Whether the table's last row has been met."""
        label = self.now.label
        return label is not None and label.match.code == row

    def _continues(self, match: Match) -> bool:
        label = self.now.label
        return (
            label is not None
            and match.how == "part"
            and match == Match(label.match.table, label.match.code, "part")
        )

    def _joined(self, label: Label, text: str) -> bool:
        """Whether this text is the rest of the label above."""
        whole = self._match(label.text + text)
        if whole is None or (whole.table, whole.code) != (label.match.table, label.match.code):
            return False
        return whole.how in ("exact", "alias") or (
            whole.how == "part" and label.match.how == "part"
        )

    def _extend(self, text: str, at: Cell) -> None:
        label = self.now.label
        if label is None:
            return
        label.text += text
        label.match = self._match(label.text) or label.match
        self.draft.note(
            "label_joined", at, table=label.match.table, row=label.match.code, printed=label.text
        )

    def _leave_pending(self) -> None:
        for cell in self.pending:
            table = self.tables[0] if self.single else self.now.table
            self.draft.unplaced.update([table] if table else self.tables)
            self.draft.doubt("cell_leftover", cell, table=table, text=cell.text[:80])
        self.pending = []


def _settle(stretch: Stretch, tables: tuple[str, ...], draft: Draft) -> None:
    """Give a stretch's values to its labels."""
    labels = [i for i in stretch.items if isinstance(i, Label)]
    table = labels[0].match.table if labels else stretch.table
    if table is None:
        return
    draft.seen.add(table)
    _trust_header(stretch, table, draft)
    groups = vocabulary(draft.form_id).tables[table].groups
    printed = {label.match.code for label in labels}
    form_table = vocabulary(draft.form_id).form.table(table)
    alone = {
        g
        for g in groups & printed
        if not {r.code for r in form_table.leaves(g)} & printed
        and next(r.parent for r in form_table.rows if r.code == g) is not None
    }
    for label in labels:
        if label.match.code in alone and label.values is None:
            draft.note("combined_row", label.at, table=table, row=label.match.code)
    split = {g for g in groups & printed if _some_but_not_all(form_table, g, printed)}
    segment: list[Label | Values] = []
    for item in [*stretch.items, None]:
        if item is None or (isinstance(item, Label) and item.values is not None):
            _settle_segment(segment, draft, tables)
            segment = []
            if item is not None:
                if item.match.code in split:
                    _leave_out(item, draft)
                else:
                    _settle_label(item, stretch, draft, group=item.match.code in groups)
        elif isinstance(item, Values) or item.match.code not in groups - alone:
            segment.append(item)


def _some_but_not_all(table: FormTable, group: str, printed: set[str]) -> bool:
    """Whether some of a group's rows are printed and some not.

    Values beside the group's label may then be its own or the lost row's.
    """
    leaves = {r.code for r in table.leaves(group)}
    return bool(leaves & printed) and not leaves <= printed


def _leave_out(label: Label, draft: Draft) -> None:
    table = label.match.table
    draft.unplaced.add(table)
    draft.doubt("row_unplaced", label.at, table=table, text=label.text[:80])


def _trust_header(stretch: Stretch, table: str, draft: Draft) -> None:
    header = read_header(draft.form_id, table, "".join(stretch.header))
    certain = header.certain and columns_in_order(draft.form_id, table, stretch.header_rows)
    if not certain:
        draft.distrusted.add(table)
        draft.doubt("columns_mismatch", table=table, printed="".join(stretch.header)[:120])
    elif header.code:
        draft.note(header.code, table=table)
    for column, unit in header.units.items():
        draft.units[table, column] = unit


def _settle_label(label: Label, stretch: Stretch, draft: Draft, *, group: bool) -> None:
    """A row whose values stand on its own line."""
    match = label.match
    words = vocabulary(draft.form_id).tables[match.table]
    columns = words.width
    values = label.values or ()
    printed = sum([1 for c in values if c.text])
    if group:
        other = next(r for r in words.table.rows if r.code == match.code)
        if other.parent is None:
            _leave_out(label, draft)
            return
        draft.note("combined_row", label.at, table=match.table, row=match.code)
    if label.layout is None:
        placed = place_plain(values, columns)
    else:
        padded = label.layout is Layout.PADDED
        by_header = _placed_by_header(label, stretch, draft) if padded else None
        placed = by_header or place(values, columns, padded=padded)
        if label.layout is Layout.PADDED and len(values) == columns and 0 < printed < columns:
            placed = _unless_shifted(label, stretch, values, columns, placed)
    _put(label, placed, printed, columns, draft)


def _placed_by_header(label: Label, stretch: Stretch, draft: Draft) -> list[Candidates] | None:
    """By the header's positions, where its row is as wide and has one column of labels."""
    if not stretch.header_rows or len(stretch.header_rows) != 1 or label.before:
        return None
    found = header_positions(draft.form_id, label.match.table, stretch.header_rows)
    if found is None or found[0] != label.width:
        return None
    cells = label.values or ()
    offset = label.width - len(cells)
    inside = [at - offset for at in found[1]]
    if min(inside) >= 0 and not by_positions_certain(cells, label.width - offset, tuple(inside)):
        return None
    if min(inside) < 0 or sum(1 for c in cells if c.text) > len(inside):
        return None
    if any(c.text for i, c in enumerate(cells) if i not in inside):
        return None
    return [(cells[i],) for i in inside]


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


def _put(label: Label, placed: list[Candidates], printed: int, columns: int, draft: Draft) -> None:
    match = label.match
    where = {"table": match.table, "row": match.code}
    if match.how == "alias":
        draft.note("label_alias", label.at, **where, printed=label.text)
    elif match.how in ("part", "close"):
        draft.note("label_damaged", label.at, **where, printed=label.text)
    if printed > columns:
        draft.note("extra_cells", label.at, **where, printed=printed, expected=columns)
    draft.put(match.table, match.code, placed, label.at)


def _settle_segment(segment: list[Label | Values], draft: Draft, tables: tuple[str, ...]) -> None:
    """Labels and values apart: paired in order where there are as many of each."""
    labels = [i for i in segment if isinstance(i, Label)]
    values = [i for i in segment if isinstance(i, Values)]
    if not labels and not values:
        return
    if not labels:
        for item in values:
            draft.unplaced.update(tables)
            text = " ".join(c.text for c in item.cells)[:80]
            draft.doubt("row_unplaced", item.cells[0], table=tables[0], text=text)
        return
    order = [r.code for r in vocabulary(draft.form_id).form.table(labels[0].match.table).rows]
    places = [order.index(x.match.code) for x in labels if x.match.code in order]
    columns = vocabulary(draft.form_id).tables[labels[0].match.table].width
    values = _cut_runs(values, len(labels), columns)
    if len(labels) == len(values) and places == sorted(set(places)):
        for label, item in zip(labels, values, strict=True):
            _pair(label, item, segment, columns, draft)
        return
    for label in labels:
        draft.doubt(
            "cells_fewer",
            label.at,
            table=label.match.table,
            row=label.match.code,
            printed=len(values),
            expected=len(labels),
        )
        draft.put(label.match.table, label.match.code, [(None,)] * columns, label.at)


def _cut_runs(values: list[Values], labels: int, columns: int) -> list[Values]:
    """Runs of single values that hold several whole rows, cut into them where that fits."""
    whole = all(not v.run or len(v.cells) % columns == 0 for v in values)
    cut = [
        Values(v.cells[i : i + columns], True) if v.run else v
        for v in values
        for i in range(0, len(v.cells) if v.run else 1, columns if v.run else 1)
    ]
    return cut if whole and len(cut) == labels else values


def _pair(
    label: Label,
    item: Values,
    segment: list[Label | Values],
    columns: int,
    draft: Draft,
) -> None:
    match = label.match
    placed = place_plain(item.cells, columns)
    if len(item.cells) < columns:
        draft.doubt(
            "cells_fewer",
            item.cells[0],
            table=match.table,
            row=match.code,
            printed=len(item.cells),
            expected=columns,
        )
    elif segment.index(label) > segment.index(item) if item in segment else False:
        draft.note("values_before_label", label.at, table=match.table, row=match.code)
    _put(label, placed, len(item.cells), columns, draft)
