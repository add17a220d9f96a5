"""What stands in a table's stretch: labels, values, words; not yet whose they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from govreport_core.align.tables.places import Places, places
from govreport_core.align.vocabulary import Match
from govreport_core.model import Cell, Layout


@dataclass(eq=False, slots=True)
class Label:
    """A row's label as printed, perhaps over several lines; `values` if on its own line.

    Attributes:
        width: How many cells its row has.
        before: How many blank cells stand before the label's end.
        doubtful: Whether its values may be another row's: figures stand within the label,
            or it may be a group's sum instead.
        added: The form's row or group whose sum it is, where the form has none there;
            its cells are nobody's.
        group: Whether it only heads the rows below it.
        under: The group it is in.
    """

    match: Match
    text: str
    at: Cell
    values: tuple[Cell, ...] | None = None
    layout: Layout | None = None
    width: int = 0
    before: int = 0
    doubtful: bool = False
    added: str | None = None
    group: bool = False
    under: str | None = None


@dataclass(eq=False, slots=True)
class Values:
    """Values of a plain line, or of consecutive lines of one value each.

    Attributes:
        stray: Whether words stand before them that are no row's label: they are a
            row's, but nobody's to be given.
    """

    cells: tuple[Cell, ...]
    run: bool
    stray: bool = False


@dataclass(eq=False, slots=True)
class Words:
    """Words of a plain line that are no label's, nor a piece of one.

    Attributes:
        group: The group whose label they are a piece of, while the rest isn't there.
    """

    cell: Cell
    group: str | None = None


def _counters() -> defaultdict[Any, Counter[int]]:
    return defaultdict(Counter)


@dataclass(slots=True)
class Stretch:
    """Header and rows from one caption (or header) to the next.

    Attributes:
        added: Places of columns that hold sums the form doesn't have.
        spanned: Whether such columns of a grid were taken out: then only the
            header's own grid columns tell which cell is whose.
        widths: How many padded rows of each group have so many cells.
        lengths: How many padded rows have so many cells after their label.
        longest: How many cells after their label the longest padded rows have, by group.
        spare: Whether blanks put a padded row's first and last figure further apart than
            columns are.
        short: Whether a padded row has fewer cells than columns: it lost blanks.
        starts: How many have their first column at which of the cells after the label,
            by group and width, where both ends are printed.
        places: Where the header has what, by the table that was asked about.
    """

    table: str | None
    header: list[str] = field(default_factory=list)
    header_rows: list[tuple[Cell, ...]] = field(default_factory=list)
    items: list[Label | Values | Words] = field(default_factory=list)
    label: Label | None = None
    added: tuple[int, ...] = ()
    spanned: bool = False
    widths: defaultdict[str | None, Counter[int]] = field(default_factory=_counters)
    lengths: Counter[int] = field(default_factory=Counter)
    longest: dict[str | None, int] = field(default_factory=dict)
    spare: bool = False
    short: bool = False
    starts: defaultdict[tuple[str | None, int], Counter[int]] = field(default_factory=_counters)
    places: dict[str, Places] = field(default_factory=dict)

    def add(self, label: Label) -> None:
        """Take in a label; it is then the last one."""
        self.items.append(label)
        self.label = label

    def places_in(self, form_id: str, table: str) -> Places:
        """Where the header has what, taken as a table's."""
        if table not in self.places:
            self.places[table] = places(form_id, table, self.header_rows)
        return self.places[table]

    def put_header(self, rows: list[tuple[Cell, ...]]) -> None:
        """Take other rows for the header's."""
        self.header_rows = rows
        self.places = {}
