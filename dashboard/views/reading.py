"""A report's rows in, what is of no language in its card out: its cells, and where marks stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from dashboard.data import Row
from dashboard.views import source
from dashboard.views.findings import SEVERITIES
from dashboard.views.remarks import anchors
from dashboard.views.subjects import CellKey, subject_cells
from dashboard.views.tables import cell_id, cell_numbers
from govreport_core.model import State

_Listed = tuple[Row, str, str, int]


class Read:
    """A report's rows as its card needs them in every language.

    Attributes:
        index: The parts of its source.
        values: Its cells by table, row and column.
        cells: Those that are drawn. A table that isn't in the document isn't, so no link may
            lead to its cells.
        doubted: The id of each diagnostic's mark in the source.
        checked: The same of each result.
        anchors: The id of each result itself.
        failing: The codes of the failed checks of each cell, and the gravest severity.
        places: Where its cells stand: see `source.place_of`.
    """

    def __init__(self, form: str | None, rows: Mapping[str, Sequence[Row]]) -> None:
        """Read the rows about a report on a form."""
        self.index = source.part_index(rows["parts"])
        self._checks = rows["checks"]
        self._listed: tuple[Collection[str], Sequence[_Listed]] | None = None
        self.values: dict[CellKey, Row] = {}
        self.places: dict[CellKey, tuple[str, int, int, str]] = {}
        marked = _Marked()
        for row in rows["values"]:
            key, place = _key(row), _place(row)
            mark = marked.anchors[place] = mark_of(key)
            self.values[key] = row
            if stood := source.stands(place, mark, self.index):
                self.places[key] = stood
        present = {key[0] for key, row in self.values.items() if row["state"] != State.ABSENT}
        self.cells = tuple(key for key in self.values if key[0] in present)
        self.doubted = [marked.at(row, f"d-{n}") for n, row in enumerate(rows["diagnostics"], 1)]
        self.checked = [marked.at(row, f"k-{n}") for n, row in enumerate(rows["checks"], 1)]
        self.anchors = anchors(rows["checks"])
        self.failing: dict[CellKey, tuple[list[str], str]] = {}
        failed = [row for row in rows["checks"] if row["outcome"] == "fail"]
        # The gravest first, so that a cell shows what weighs most there.
        for row in sorted(failed, key=lambda row: SEVERITIES.index(row["severity"])):
            for key in subject_cells(row["subject"], form, self.values, row["check"]):
                self.failing.setdefault(key, ([], row["severity"]))[0].append(row["check"])

    def listed(self, said: Collection[str]) -> Sequence[_Listed]:
        """The results that a card lists, with the ids of their marks and of themselves.

        Args:
            said: The outcomes of which each is told; of a rule's others the first stands for all,
                and how many that are stands beside it.
        """
        if self._listed is None or self._listed[0] != said:
            self._listed = said, list(self._each_once(said))
        return self._listed[1]

    def _each_once(self, said: Collection[str]) -> Iterator[_Listed]:
        others = Counter(
            (row["check"], row["outcome"]) for row in self._checks if row["outcome"] not in said
        )
        for row, mark, anchor in zip(self._checks, self.checked, self.anchors, strict=True):
            if row["outcome"] in said:
                yield row, mark, anchor, 1
            elif times := others.pop((row["check"], row["outcome"]), 0):
                yield row, mark, anchor, times

    def spans(self) -> Iterator[source.Span]:
        """What is to be marked of its cells."""
        for key, (part, start, end, anchor) in self.places.items():
            if not anchor.startswith("p-"):
                yield source.Span(part, start, end, anchor, cell_id(*key))


class _Marked:
    """The places of cells, doubts and results: one mark each, whatever names it."""

    def __init__(self) -> None:
        self.anchors: dict[source.Place, str] = {}

    def at(self, row: Row, anchor: str) -> str:
        """The id of a place's mark: the one that it has already, else `anchor` from now on."""
        return self.anchors.setdefault(_place(row), anchor)


@lru_cache(maxsize=1024)
def mark_of(key: CellKey) -> str:
    """The id of the mark of a cell's number."""
    return f"v{cell_numbers().get(key) or '.'.join(key)}"


_place: Callable[[Row], source.Place] = itemgetter("part", "start", "end_part", "end")
_key: Callable[[Row], CellKey] = itemgetter("table", "row", "column")
