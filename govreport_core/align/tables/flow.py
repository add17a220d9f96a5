"""Labels and values of plain lines in, the values that are proven to be each label's out.

Where cells come as lines of their own, a row is known by what stands around it. Its
values are certain where they fill it and nothing could have moved them: no row near
it holds too many while another lacks some, no word between is unknown, and its
neighbours are full. Blanks leave no trace: where several rows lack values, a full row
may hold what is another's in the place of its own blank, however far they are apart.
Lines of a whole row each may also follow several labels, where labels and lines are as
many, and none of the form's rows between is missing.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from govreport_core.align.tables.items import Label, Values, Words
from govreport_core.folding import squash
from govreport_core.model import Cell

_SURE = ("exact", "alias", "suffix")
# A line stands no further above its label than over so many full rows; below it over none:
# a line taken out of its row and put in elsewhere looks the same.
_BETWEEN = 2
# Where one row has what another lacks, and more rows than so many are they and those between,
# single values have come from afar, and may have come to any row of single values.
_NEAR = 4
# So many digits may be too many for a narrow cell.
_TEARS = 3
# Only narrower tables are doubted so: in wider ones no line was ever seen out of its order.
_WIDE = 5

Item = Label | Values | Words


@dataclass(eq=False, slots=True)
class Slot:
    """A label with what is printed up to the next one; the first slot has no label.

    Attributes:
        lines: The values in order, those of the label's own line first.
        place: The label's place among the rows that are expected, None for a sum added.
        words: Whether words stand beside the values that are no label's.
        split: Whether a group's label stands between the label and its values.
        row: The values that are the label's: None where that can't be told.
        shared: Whether they were told by counting lines, not by where they stand.
    """

    label: Label | None
    lines: list[Values] = field(default_factory=list)
    place: int | None = None
    words: bool = False
    split: bool = False
    row: tuple[Cell, ...] | None = None
    shared: bool = False

    @property
    def count(self) -> int:
        """How many values are printed."""
        return sum([len(v.cells) for v in self.lines])

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All values in order."""
        return tuple([c for v in self.lines for c in v.cells])


def settle(
    items: Sequence[Item], columns: int, chain: list[str], beside: Container[str]
) -> list[Slot]:
    """Give values to labels.

    Args:
        items: Labels, values and unknown words in the order they are printed.
        columns: How many values a full row has.
        chain: The codes of the rows that are expected here, in the form's order.
        beside: Those next to a row that has no label.

    Returns:
        A slot for each label; `row` holds what is the label's. Where a row has some
        values on its line and some below, lines come as they stand on the page, and
        those of a row on several lines may not be in their order.
    """
    slots = _slots(items, chain)
    sure = _sure(slots, len(chain), beside)
    by_height = 1 < columns < _WIDE and any(_goes_on(s, columns) for s in slots)
    if not by_height and _alternates(slots, sure, columns):
        for slot in slots[1:]:
            slot.row = slot.cells
        return slots[1:]
    over = [s.count - _room(s, columns) for s in slots]
    shared = _shared(slots, over, sure, columns, len(chain))
    resolved = {i for first, last in shared for i in range(first, last + 1)}
    if not any(n > 0 for i, n in enumerate(over) if i not in resolved):
        for first, last in shared:
            _pair(slots[first : last + 1])
            over[first : last + 1] = [0] * (last + 1 - first)
    if _untold(slots, columns):
        return slots[1:]
    moved = _moved(over)
    far = sum(moved) > _NEAR
    for i, slot in enumerate(slots[1:], start=1):
        if not moved[i] and not slot.shared and not ((far or by_height) and _is_run(slot)):
            slot.row = _row(slots, i, columns, sure=sure[i])
    return slots[1:]


def _untold(slots: list[Slot], columns: int) -> bool:
    """Whether any full row may hold what another lacks: a blank of its own would leave no trace.

    One row that lacks values may have blanks. Of several, or of one and another whose
    line is short and goes on below, one may have lost values to any other row.
    """
    alone = [s for s in slots if s.label is not None and not s.shared]
    lacking = sum(0 < s.count < columns for s in alone)
    below = sum(_goes_on(s, columns) for s in alone)
    return lacking > 0 and lacking + below > 1


def _goes_on(slot: Slot, columns: int) -> bool:
    """Whether a full row is short on its label's line and has the rest below."""
    own = slot.label.values if slot.label is not None else None
    return own is not None and len(own) < columns <= slot.count


def _is_run(slot: Slot) -> bool:
    """Whether a row's values stand on several lines, where a single one may have come to it."""
    return len(slot.lines) > 1 or any(v.run for v in slot.lines)


def _room(slot: Slot, columns: int) -> int:
    """How many values a slot's row has: none where a group heads other rows, unless it is full."""
    if slot.label is None:
        return 0
    rows = slot.place is not None or slot.label.added is not None
    return columns if rows or slot.count == columns else 0


def _row(slots: list[Slot], i: int, columns: int, *, sure: bool) -> tuple[Cell, ...] | None:
    """The values that are a label's, where none has moved; a full row only if they surely are."""
    slot = slots[i]
    if slot.label is None or slot.label.doubtful:
        return None
    own = slot.label.values
    if _may_be_torn(slot) or _ends_above(slots[i - 1], slot):
        return None
    if own is not None and len(own) == columns:
        return own
    if own is not None and len(slot.lines) == 1:
        return own
    if not sure or slot.words or slot.split:
        return None
    short = 0 < slot.count < columns
    long = len(slot.lines) == 1 and not slot.lines[0].run and slot.count > columns
    if short or long or _stands_among_full(slots, i, columns):
        return slot.cells
    return None


def _may_be_torn(slot: Slot) -> bool:
    """Whether figures below a row's line may be the ends of those on it, too long for their cells.

    A blank beside one such makes the row look full.
    """
    if slot.label is None or slot.label.values is None or len(slot.lines) < 2:
        return False
    first, *below = slot.lines
    ends = [squash(c.text) for v in below for c in v.cells]
    longest = max((len(squash(c.text)) for c in first.cells), default=0)
    return longest >= _TEARS and all(e.isdigit() and len(e) <= longest for e in ends)


def _ends_above(before: Slot, slot: Slot) -> bool:
    """Whether a row's figures may be the ends of those of the line above, which are no label's.

    Where each figure has an end below, each was too long for its cell: a single digit never is.
    """
    own = slot.label.values if slot.label is not None else None
    if own is None or not before.lines:
        return False
    above = before.lines[-1].cells
    if len(above) != len(own) or (before.label is not None and above is before.label.values):
        return False
    lengths = [(len(squash(a.text)), len(squash(b.text))) for a, b in zip(above, own, strict=True)]
    return max(lengths)[0] >= _TEARS and all(a > 1 and a >= b for a, b in lengths)


def _slots(items: Sequence[Item], chain: list[str]) -> list[Slot]:
    places = {code: at for at, code in enumerate(chain)}
    slots = [Slot(None)]
    headed: Slot | None = None
    for item in items:
        last = slots[-1]
        if isinstance(item, Words):
            last.words = True
        elif isinstance(item, Values):
            last.split |= last is headed and not last.lines
            last.lines.append(item)
            last.words |= item.stray
        elif item.group:
            headed = last if last.label is not None else None
        else:
            own = [] if item.values is None else [Values(item.values, False)]
            if last.label is not None and last.label.match.code == item.match.code != "":
                # Pieces of one label; figures beside both are more than a row has.
                last.lines += own
            else:
                slots.append(Slot(item, own, places.get(item.match.code)))
    return slots


def _sure(slots: list[Slot], rows: int, beside: Container[str]) -> list[bool]:
    """Which labels are known for certain, by text and order, or by both their neighbours' too."""
    placed = [i for i, s in enumerate(slots) if s.place is not None]
    places = [s.place for s in slots if s.place is not None]
    ordered = all(a < b for a, b in pairwise(places))
    sure = [s.label is not None and s.label.added is not None for s in slots]
    for before, i, after in zip([-1, *placed], placed, [*placed[1:], -1], strict=False):
        slot = slots[i]
        left = -1 if before < 0 else slots[before].place
        right = rows if after < 0 else slots[after].place
        if slot.label is None or slot.place is None or left is None or right is None:
            continue
        near = left < slot.place < right
        if slot.label.match.how not in _SURE or not ordered:
            near = left + 1 == slot.place == right - 1
        sure[i] = near and not slot.label.doubtful and slot.label.match.code not in beside
    return sure


def _alternates(slots: list[Slot], sure: list[bool], columns: int) -> bool:
    """Whether each label is followed by a full row and nothing else, all along."""
    return (
        not slots[0].lines
        and not slots[0].words
        and all(sure[1:])
        and all(s.count == columns and not s.words for s in slots[1:])
        and not any(map(_may_be_torn, slots[1:]))
    )


def _moved(over: list[int]) -> list[bool]:
    """Which slots stand between one with too many values and the nearest that lack them."""
    moved = [False] * len(over)
    for steps in (range(len(over)), range(len(over) - 1, -1, -1)):
        _mark(over, list(steps), moved)
    return moved


def _mark(over: list[int], steps: list[int], moved: list[bool]) -> None:
    """Mark from each surplus on to the slots that may be missing it, in one direction."""
    open_: list[int] = []
    left = 0
    for at, i in enumerate(steps):
        if over[i] > 0:
            open_ = open_ or [at]
            left += over[i]
        elif over[i] < 0 and left:
            left = max(0, left + over[i])
            for j in steps[open_[0] : at + 1]:
                moved[j] = True
            open_ = [at] if left else []


def _stands_among_full(slots: list[Slot], i: int, columns: int) -> bool:
    """Whether a full row has full neighbours, and no unknown words are beside it.

    A row on one line needs only some values on both sides.
    """
    if slots[i].count != columns or slots[i - 1].words:
        return False
    if i == 1 and slots[0].lines and not slots[0].shared:
        return False
    beside = _beside(slots, i)
    if len(slots[i].lines) == 1 and (columns == 1 or not slots[i].lines[0].run):
        return all(s.count or s.shared for s in beside)
    return all(s.count == columns or s.shared for s in beside)


def _beside(slots: list[Slot], i: int) -> tuple[Slot, ...]:
    """The rows above and below."""
    return (*slots[max(1, i - 1) : i], *slots[i + 1 : i + 2])


def _shared(
    slots: list[Slot], over: list[int], sure: list[bool], columns: int, rows: int
) -> list[tuple[int, int]]:
    """Slots near each other that have as many lines of a whole row as labels, not each its own.

    No row of the form may be missing within, or right beside. All of a table's rows
    may have their line above their label.
    """
    if len(slots) == rows + 1 and over[0] > 0 and not sum(over):
        whole = _is_whole(slots, sure, 0, rows, columns, rows)
        return [(0, rows)] if whole else []
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(slots):
        last = _balanced_at(over, first) if over[first] else None
        above = first - 1 if not found or found[-1][1] < first - 1 else -1
        # A label beside them without a line would have as good a right to one of theirs.
        beside = [i for i in (above, -1 if last is None else last + 1) if 0 < i < len(over)]
        free = last is not None and not any(over[i] == -columns for i in beside)
        if last is not None and free and _is_whole(slots, sure, first, last, columns, rows):
            found.append((first, last))
            first = last
        first += 1
    return found


def _balanced_at(over: list[int], first: int) -> int | None:
    """The slot with which what one has too much or lacks is made up for, few full rows between."""
    balance, between = over[first], 0
    most = _BETWEEN if balance > 0 else 0
    for last in range(first + 1, len(over)):
        between += not over[last]
        if between > most:
            return None
        balance += over[last]
        if not balance:
            return last
    return None


def _is_whole(
    slots: list[Slot], sure: list[bool], first: int, last: int, columns: int, rows: int
) -> bool:
    here = slots[first : last + 1]
    labels = [s.label for s in here if s.label is not None]
    whole_table = len(labels) == rows and first <= 1
    if any(s.words or (s.split and not whole_table) for s in here):
        return False
    if (first and slots[first - 1].words) or not all(sure[max(first, 1) : last + 1]):
        return False
    near = [s.place for s in slots[max(1, first - 1) : last + 2] if s.place is not None]
    if any(b != a + 1 for a, b in pairwise(near)):
        return False
    lines = [v for s in here for v in s.lines]
    if all(len(v.cells) == columns for v in lines):
        own = [x.values for x in labels]
        return all(o is None or o is v.cells for o, v in zip(own, lines, strict=True))
    # Of several columns, nothing tells whether the figures go along the rows or down the columns.
    return columns == 1 and whole_table and all(v.run for v in lines)


def _pair(slots: list[Slot]) -> None:
    """Give each label the next row's values, in order."""
    cells = tuple(c for s in slots for c in s.cells)
    labelled = [s for s in slots if s.label is not None]
    width = len(cells) // len(labelled)
    for at, slot in enumerate(labelled):
        slot.row = cells[at * width : (at + 1) * width]
    for slot in slots:
        slot.shared = True
