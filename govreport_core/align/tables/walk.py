"""Lines in, stretches of header, labels and values out: what stands where, not yet whose it is."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from govreport_core.align.gathering import Gathering, first_cell
from govreport_core.align.lines import VERTICAL, Line, is_page_mark, split_plain
from govreport_core.align.tables.added import SUM_ENDS, SUMS, added_row
from govreport_core.align.tables.heads import Heads
from govreport_core.align.tables.items import Label, Stretch, Values, Words
from govreport_core.align.tables.naming import SHORT, Naming, Said
from govreport_core.align.vocabulary import Match, TableWords, key, vocabulary
from govreport_core.folding import fold, squash
from govreport_core.model import Cell, Layout
from govreport_core.numerals import looks_like_value

_SURE = ("exact", "alias", "suffix", "close")
_MOST_PIECES = 6
# Among so many items before it a label's first pieces are looked for.
_NEAR = 24
# And among so many a group's.
_FAR = 400
# An enumerator or a spare cell, a group's label, the row's own.
_LABEL_CELLS = 4
_SUM_ENDS = tuple(SUM_ENDS)
# Figures, or a piece of one that a space has torn.
_FIGURE = re.compile(r"[\d,]*(?:\d\d|\d,|,\d)[\d,]*\.?")


def _is_figure(text: str) -> bool:
    return looks_like_value(text) or _FIGURE.fullmatch(fold(text)) is not None


def _may_go_on(above: Cell, head: Cell, cells: tuple[Cell, ...]) -> bool:
    """Whether a row with blanks opens another table than the row above: a page's next part."""
    table, _, _ = head.part.rpartition("/r")
    blank = any(not c.text for c in cells)
    return bool(table) and blank and above.part.rpartition("/r")[0] != table


class _Known(msgspec.Struct, frozen=True):
    """The words of some tables of a form.

    Attributes:
        captions, item: As in `Vocabulary`, of these tables.
        groups: The codes of groups by table.
        labels: The groups' squashed labels by code.
        ignored, columns: Keys of notes and of columns' labels; the latter again as `heads`.
    """

    words: tuple[TableWords, ...]
    captions: dict[str, str]
    item: frozenset[str]
    groups: dict[str, frozenset[str]]
    labels: dict[str, str]
    ignored: frozenset[str]
    columns: frozenset[str]
    heads: tuple[str, ...]


@lru_cache(maxsize=64)
def _known(form_id: str, tables: tuple[str, ...]) -> _Known:
    words = vocabulary(form_id)
    mine = tuple(words.tables[t] for t in tables)
    columns = frozenset(k for w in mine for k in w.columns)
    return _Known(
        mine,
        {k: t for k, t in words.captions.items() if t in tables},
        words.item,
        {w.table.code: w.groups for w in mine},
        {r.code: squash(r.label) for w in mine for r in w.table.rows if r.code in w.groups},
        frozenset(key(i) for w in mine for i in w.table.ignored),
        columns,
        tuple(columns),
    )


class Walk:
    """Cuts the lines into stretches of header, labels and values."""

    def __init__(self, tables: tuple[str, ...], gathered: Gathering) -> None:
        self.tables = tables
        self.gathered = gathered
        known = _known(gathered.form_id, tables)
        self.words = known.words
        self.captions = known.captions
        self.item = known.item
        self.naming = Naming(gathered.form_id, tables)
        self.groups = known.groups
        self.ignored = known.ignored
        self.columns = known.columns
        self.heads = known.heads
        self.last_row = self.words[-1].value_rows[-1].code
        self.first_row = self.words[0].value_rows[0].code
        self.single = len(tables) == 1
        self.stretches: list[Stretch] = []
        self.now = Stretch(tables[0] if self.single else None)
        self.pending: list[Words] = []
        self.group_heads = Heads(known.labels)
        self.ended = False
        self.nameless: Cell | None = None

    def take(self, line: Line) -> bool:
        """Take one line; False when the table has ended before it."""
        if line.layout is None:
            return self._plain(line.cells[0])
        return self._row(line)

    def may_repeat_header(self, line: Line) -> bool:
        """Whether a plain line below the first row begins as the header does."""
        if line.layout is not None or not self.single or not self.now.items:
            return False
        text = line.cells[0].text
        return not text.isdigit() and key(text).startswith(self.heads)

    def close(self) -> None:
        """Take it that no more lines come."""
        self._leave_pending()
        self.stretches.append(self.now)

    def _open(self, table: str | None) -> None:
        self.close()
        self.now = Stretch(table)
        self.nameless = None

    # Rows that know their blanks.

    def _row(self, line: Line) -> bool:
        head = first_cell(line)
        if head is None:
            return True
        first = key(head.text)
        if first in self.captions:
            self._open(self.captions[first])
            return True
        if self._is_header(line, first) or self._is_damaged_header(line):
            self._header_row(line)
            return True
        return self._added_row(line) or self._labelled(line, head)

    def _labelled(self, line: Line, head: Cell) -> bool:
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
        if not filled and match.code in self.groups[match.table]:
            return True
        if self.pending:
            self._leave_pending()
        before = label_end - sum([1 for c in line.cells[:label_end] if c.text])
        self._drop_piece(match)
        label = Label(match, text, head, values, line.layout, len(line.cells), before)
        label.doubtful = self.nameless is not None and _may_go_on(self.nameless, head, values)
        self.nameless = None
        self.now.add(label)
        return True

    def _added_row(self, line: Line) -> bool:
        """Take in a row that sums what the form doesn't sum, where its label says so."""
        for cell in line.cells[:_LABEL_CELLS]:
            if cell.text.endswith(_SUM_ENDS):
                break
        else:
            return False
        printed = [i for i, c in enumerate(line.cells) if c.text][:2]
        head = line.cells[printed[0]]
        at, group = printed[0], None
        match = self.naming.match(head.text) if len(printed) > 1 else None
        sums = len(printed) > 1 and key(line.cells[printed[1]].text) in SUMS
        if sums and match is not None and match.code in self.groups[match.table]:
            at, group = printed[1], match.code
        return self._take_added(
            line.cells[at].text, head, line.cells[at + 1 :], line.layout, group, len(line.cells)
        )

    def _take_added(
        self,
        text: str,
        at: Cell,
        values: tuple[Cell, ...] | None,
        layout: Layout | None,
        group: str | None = None,
        width: int = 0,
    ) -> bool:
        last = self.now.label
        if key(text)[-2:] not in SUMS or last is None:
            return False
        table = last.match.table
        if not added_row(self.gathered.form_id, table, text, group):
            return False
        row = group or self._group_of(last.match)
        nobody = Match(table, "", "added")
        self.now.items.append(Label(nobody, text, at, values, layout, width, added=row))
        return True

    def _group_of(self, match: Match) -> str:
        """The group of a row that is below one, else the row itself."""
        row = self.naming.row_of(match)
        return row.code if row.kind == "group" or row.parent is None else row.parent

    def _drop_piece(self, match: Match) -> None:
        """A label without values is the first piece of the same row's right below it."""
        if match.how != "part":
            return
        last = next((i for i in reversed(self.now.items) if not isinstance(i, Words)), None)
        if not isinstance(last, Label) or last.values is not None:
            return
        if (last.match.table, last.match.code) == (match.table, match.code):
            self.now.items.remove(last)

    def _is_header(self, line: Line, first: str) -> bool:
        if first in self.item:
            return True
        if first not in self.columns and not self._ignored(first):
            return False
        printed = [key(c.text) for c in line.cells if c.text]
        return all(p in self.columns or self._ignored(p) for p in printed) and (
            self.single and (not self.now.items or len(printed) > 1)
        )

    def _is_damaged_header(self, line: Line) -> bool:
        """Words alone in several cells, above the first label: whether they fit is asked later."""
        if not self.single or self.now.items:
            return False
        printed = [c.text for c in line.cells if c.text]
        return len(printed) > 2 and not any(map(looks_like_value, printed))

    def _header_row(self, line: Line) -> None:
        if not self.single and self.now.items:
            self._open(None)
        if self.single and self.now.items:
            return
        self.now.header_rows.append(line.cells)
        self.now.header.extend(squash(c.text) for c in line.cells if c.text)

    def _ignored(self, printed: str) -> bool:
        return printed in self.ignored

    def _label_of(self, cells: tuple[Cell, ...]) -> tuple[Match | None, str, int]:
        """The row a table row is labelled with, its text, and where its values begin."""
        found: Match | None = None
        text = ""
        end = 0
        for at, cell in enumerate(cells):
            if not cell.text:
                continue
            if (found or at) and looks_like_value(cell.text):
                break
            if found is not None and found.code not in self.groups[found.table]:
                if at > end or not self._goes_on(found, cell.text):
                    break
                end = at + 1
                continue
            said = self.naming.said(cell.text)
            match = said.match
            if match is None and said.key and found is not None:
                break
            if match is not None or said.key == "" or not found:
                found = match or found
                text = cell.text if match is not None else text or cell.text
                end = at + 1
        return found, text, end

    def _goes_on(self, found: Match, text: str) -> bool:
        """Whether a cell holds a further piece of the label found in the one before it."""
        if found.how != "part" or len(key(text)) < SHORT:
            return False
        return squash(text) in squash(self.naming.row_of(found).label)

    def _row_without_label(self, line: Line, head: Cell, text: str, filled: bool) -> bool:
        label = self.now.label
        if not filled and label is not None and self.naming.joined(label, text):
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
        if line.layout is Layout.PADDED and filled:
            # A converter took the row's label, or some of it, elsewhere.
            printed = tuple(c for c in line.cells if c.text)
            stray = not all(looks_like_value(c.text) for c in printed)
            self.now.items.append(Values(printed, False, stray))
            if not stray:
                return True
        self._cut(head, line)
        table = self.tables[0] if self.single else self.now.table
        self.gathered.unplaced.update([table] if table else self.tables)
        self.gathered.doubt("row_unplaced", head, table=table, text=line.text[:80])
        return True

    def _cut(self, head: Cell, line: Line) -> None:
        """A row without a known label is part of one that a page's end cuts, or may be."""
        self.nameless = head
        last = self.now.items[-1] if self.now.items else None
        values = line.cells[line.cells.index(head) + 1 :]
        if isinstance(last, Label) and _may_go_on(last.at, head, values):
            last.doubtful = True

    # Plain lines.

    def _plain(self, cell: Cell) -> bool:
        if cell.text.isdigit():
            self._values((cell,))
            return True
        if is_page_mark(cell.text):
            return True
        pieces, values = split_plain(cell)
        if pieces:
            return self._worded(pieces, values)
        if values:
            self._values(values)
        return True

    def _worded(self, pieces: tuple[Cell, ...], values: tuple[Cell, ...]) -> bool:
        """Take in words, and the values after them on their line."""
        text = " ".join([c.text for c in pieces])
        said = self.naming.said(text)
        squashed = said.squashed
        if (caption := self.captions.get(said.key)) is not None:
            self._open(caption)
            return True
        if not values and len(squashed) <= 2 and VERTICAL.issuperset(squashed):
            return True
        if len(pieces) > 1 and pieces[0].text in VERTICAL:
            pieces = pieces[1:] if pieces[1].text not in VERTICAL else pieces[2:] or pieces
            text = " ".join([c.text for c in pieces])
            said = self.naming.said(text)
        if (key(pieces[0].text) if len(pieces) > 1 else said.key) in self.item:
            self._plain_header(squashed)
            return True
        if len(pieces) > 1 or values or said.match is None or self._in_head():
            rest = self._without_heads(pieces, text, values)
            if not rest:
                return True
            if rest is not pieces:
                pieces, text = rest, " ".join([c.text for c in rest])
                said = self.naming.said(text)
        at = pieces[0]
        if self.now.items and said.key[-2:] in SUMS:
            return self._take_added(text, at, values or None, None) or self._plain_label(
                text, said, at, values
            )
        return self._plain_label(text, said, at, values)

    def _in_head(self) -> bool:
        """Whether the line above is a piece of a group's label."""
        last = self.now.items[-1] if self.now.items else None
        return isinstance(last, Words) and last.group is not None

    def _without_heads(
        self, pieces: tuple[Cell, ...], text: str, values: tuple[Cell, ...]
    ) -> tuple[Cell, ...]:
        """A line's label without the pieces of groups' labels before it; none: they were all."""
        if self._is_rest(text):
            return pieces
        code: str | None = None
        while pieces and (code := self.group_heads.take(pieces[0].text)) is not None:
            self._head(code, pieces[0], alone=len(pieces) == 1 and not values)
            pieces = pieces[1:]
        if not pieces and values:
            self._values(values)
        return pieces

    def _is_rest(self, text: str) -> bool:
        """Whether a line goes on with the label above it."""
        label = self.now.label
        return label is not None and label.match.how == "part" and self.naming.joined(label, text)

    def _head(self, code: str, at: Cell, *, alone: bool) -> None:
        """Take in a piece of a group's label; with the last one the others are words no more."""
        items = self.now.items
        near = max(0, len(items) - _FAR)
        mine = [i for i in items[near:] if isinstance(i, Words) and i.group == code]
        if not self.group_heads.is_whole(code):
            if items:
                items.append(Words(at, code))
            return
        together = not mine or items[len(items) - len(mine) :] == mine
        items[near:] = [i for i in items[near:] if i not in mine]
        here = all(w.cell.part == at.part for w in mine)
        if together and (alone or here) and items:
            table = next(w.table.code for w in self.words if code in w.groups)
            self._leave_pending()
            label = Label(Match(table, code, "exact"), at.text, at)
            self.now.items.append(label)

    def _plain_header(self, squashed: str) -> None:
        if self.now.items:
            self._open(None)
        self.now.header.append(squashed)

    def _plain_label(self, text: str, said: Said, at: Cell, values: tuple[Cell, ...]) -> bool:
        match, label = said.match, self.now.label
        sure = match is not None and match.how in ("exact", "alias")
        if not self.now.items and (
            match is None or not self._opens_rows(match, text) or said.key in self.columns
        ):
            self.now.header.append(said.squashed)
            return True
        if self._goes_on_below(text, at, match, values):
            return True
        if not sure and label is not None and not values and self.naming.joined(label, text):
            self._extend(text, at)
            return True
        above = self.pending[-1].cell.text if self.pending else ""
        # A long one beside values is none.
        if (
            match is not None
            and (not values or len(said.key) < SHORT)
            and self.naming.is_piece(match, text, above, alone=not values)
        ):
            match = None
        if not sure and self.pending:
            match, text, at = self._with_pending(text, at, match)
        if match is None:
            if self.ended_with(self.last_row):
                return False
            self._unknown(text, at, values)
            return True
        if label is not None and match == label.match and label.values is None and not values:
            self._extend(text, at)
            return True
        if self._begins_again(match):
            return False
        self._leave_pending()
        doubtful = bool(values) and any(map(_is_figure, text.split(" ")[1:]))
        self.now.add(Label(match, text, at, values or None, doubtful=doubtful))
        return True

    def _goes_on_below(
        self, text: str, at: Cell, match: Match | None, values: tuple[Cell, ...]
    ) -> bool:
        """Take in the last piece of the label right above, with the row's values if any."""
        label = self.now.items[-1] if self.now.items else None
        if not isinstance(label, Label) or label.values is not None or label.layout is not None:
            return False
        whole = self.naming.match(label.text + text)
        if whole is None or not self.naming.is_begun(whole, label.text + text):
            return False
        if whole.how == "part" and whole.code != label.match.code:
            return False
        if (
            match is not None
            and match.how in ("exact", "alias", "suffix")
            and match.code != whole.code
        ):
            return False
        if label.match.how in ("exact", "alias") and not self.naming.numbered_as(label.text, whole):
            return False
        label.text, label.match, label.values = label.text + text, whole, values or None
        self.gathered.note(
            "label_joined", at, table=whole.table, row=whole.code, printed=label.text
        )
        return True

    def _with_pending(
        self, text: str, at: Cell, alone: Match | None
    ) -> tuple[Match | None, str, Cell]:
        """The row of a label whose first pieces are the unknown words above; its text and place."""
        most = min(len(self.pending), _MOST_PIECES)
        for count in range(most, 0, -1):
            above = self.pending[-count:]
            whole = "".join(w.cell.text for w in above) + text
            match = self.naming.match(whole)
            if match is None or not (
                self.naming.is_begun(match, whole) or (alone is None and count == most)
            ):
                continue
            del self.pending[-count:]
            near = max(0, len(self.now.items) - _NEAR)
            self.now.items[near:] = [i for i in self.now.items[near:] if i not in above]
            return match, whole, above[0].cell
        return alone, text, at

    def _unknown(self, text: str, at: Cell, values: tuple[Cell, ...]) -> None:
        """Keep words that are no label, perhaps a piece of one; values beside them are nobody's."""
        words = Words(at if values else Cell(text, at.part, at.start, at.end))
        self.pending.append(words)
        self.now.items.append(words)
        if values:
            self.now.items.append(Values(values, False, True))

    def _values(self, values: tuple[Cell, ...]) -> None:
        last = self.now.items[-1] if self.now.items else None
        if len(values) == 1 and isinstance(last, Values) and last.run:
            last.cells += values
        else:
            self.now.items.append(Values(values, len(values) == 1))

    # Shared.

    def _opens_rows(self, match: Match, text: str) -> bool:
        if match.code in self.groups[match.table] and self.single:
            return False
        return match.how in _SURE or len(key(text)) >= SHORT

    def _begins_again(self, match: Match) -> bool:
        if not self.single or match.code != self.first_row:
            return False
        again = any(isinstance(i, Label) and i.match.code == match.code for i in self.now.items)
        if again:
            # Which of two tables is this year's can't be told.
            self.gathered.distrusted.add(match.table)
            self.gathered.doubt("rows_repeated", table=match.table, row=match.code)
        return again

    def look_on(self, lines: list[Line]) -> None:
        """Look through the lines after the table's end for a second one of its kind."""
        if not self.single or self.now.label is None:
            return
        for line in lines:
            texts = [c.text for c in line.cells if c.text][:2]
            if line.layout is None:
                texts = [" ".join(c.text for c in split_plain(line.cells[0])[0])]
            found = (self.naming.match(text) for text in texts)
            if any(m and m.how == "exact" and self._begins_again(m) for m in found):
                return

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

    def _extend(self, text: str, at: Cell) -> None:
        label = self.now.label
        if label is None:
            return
        label.text += text
        label.match = self.naming.match(label.text) or label.match
        self.gathered.note(
            "label_joined", at, table=label.match.table, row=label.match.code, printed=label.text
        )

    def _leave_pending(self) -> None:
        if not self.pending:
            return
        for words in self.pending:
            table = self.tables[0] if self.single else self.now.table
            self.gathered.unplaced.update([table] if table else self.tables)
            text = words.cell.text[:80]
            self.gathered.doubt("cell_leftover", words.cell, table=table, text=text)
        self.pending = []
