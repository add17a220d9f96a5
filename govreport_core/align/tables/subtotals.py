"""A table's stretch in, the same without the sums that were added to it out; see `align.added`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import zip_longest

from govreport_core.align.gathering import Gathering
from govreport_core.align.tables.added import has_total, without_spans
from govreport_core.align.tables.items import Label, Stretch
from govreport_core.align.vocabulary import Match, key, vocabulary
from govreport_core.folding import squash
from govreport_core.forms import Row


def leave_out_spans(stretch: Stretch, table: str, gathered: Gathering) -> None:
    """Take the grid columns of sums the form doesn't have out of header and rows."""
    spans = stretch.places_in(gathered.form_id, table).added
    if not spans:
        return
    gathered.note("subtotal_column", table=table)
    stretch.spanned = True
    before = [c for row in stretch.header_rows for c in row]
    stretch.put_header([without_spans(row, spans) for row in stretch.header_rows])
    kept = {(c.part, c.start, c.col) for row in stretch.header_rows for c in row}
    for cell in before:
        if cell.text and (cell.part, cell.start, cell.col) not in kept:
            stretch.header.remove(squash(cell.text))
    for label in stretch.items:
        if isinstance(label, Label) and label.values is not None:
            label.values = without_spans(label.values, spans)


def find_added(labels: list[Label], form_id: str, table: str) -> None:
    """Know the sums of groups that are called as the form's own total is.

    One that stands below a group's rows, with rows of the form between it and
    the next of its name. The last of its name may be either where none is above
    it, and where one above it was a group's.
    """
    rows, official = _rows(form_id, table)
    totals = [i for i, x in enumerate(labels) if x.match.code in official]
    words = vocabulary(form_id).tables[table]
    for here, follows in zip_longest(totals, totals[1:]):
        total = labels[here]
        group = _group_above(labels[here - 1], rows) if here else None
        if group is None or has_total(words.table, group):
            continue
        last = rows[total.match.code][0]
        between = [
            rows[x.match.code][0] for x in labels[here + 1 : follows] if x.match.code in rows
        ]
        if follows is not None and between and max(between) < last:
            total.match = Match(total.match.table, "", "added")
            total.added = group
        elif follows is None and key(total.text) == squash(total.text):
            sums = any(labels[i].match.how == "added" for i in totals)
            total.doubtful = sums or words.table.rows[last - 1].parent != group


def _group_above(label: Label, rows: Mapping[str, tuple[int, Row]]) -> str | None:
    """The group of the row above a total, or the row itself where it only heads a group."""
    if label.match.code not in rows:
        return label.added
    row = rows[label.match.code][1]
    return row.code if row.kind == "group" and label.values is None else row.parent


@lru_cache(maxsize=64)
def _rows(form_id: str, table: str) -> tuple[Mapping[str, tuple[int, Row]], frozenset[str]]:
    """A table's rows with their places, by code, and the codes of its totals."""
    rows = vocabulary(form_id).tables[table].table.rows
    totals = frozenset(r.code for r in rows if r.kind == "total")
    return {r.code: (at, r) for at, r in enumerate(rows)}, totals


def note_added(label: Label, gathered: Gathering) -> None:
    """Say that a row is a sum the form doesn't have."""
    gathered.note("subtotal_row", label.at, table=label.match.table, row=label.added)
