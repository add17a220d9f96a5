"""What was read of a report in, the tables of its form out as text, in one language after another.

A number of which nothing is said, and that is read as it is printed, is of no language: it is drawn
once. They are nearly all of a report's cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from dashboard.site import blocks
from dashboard.views import source
from dashboard.views.reading import Read
from dashboard.views.records import FormTableView, HeadCell, PlaceRef
from dashboard.views.subjects import CellKey
from dashboard.views.tables import (
    NOTHING_SAID,
    About,
    Known,
    cell_id,
    cell_view,
    form_table,
    known_cells,
    layout,
    shows,
)
from govreport_core.forms import Form
from govreport_core.model import State

_Row = tuple[str, tuple[HeadCell, ...], str]


class Cells:
    """The cells of a report: those of no language drawn when the first asks for them.

    Attributes:
        drawn: The tables as they were last asked for, as text.
    """

    def __init__(self, read: Read) -> None:
        self.drawn = ""
        self._read = read
        self._plain: dict[CellKey, str] | None = None
        self._states: dict[str, Mapping[State, int]] = {}
        rows: dict[str, set[str]] = {}
        for table, row, _ in read.values:
            rows.setdefault(table, set()).add(row)
        self._filled = {table: frozenset(some) for table, some in rows.items()}

    def tables(
        self, form: Form, read: Read, said: Mapping[CellKey, About], lang: str
    ) -> tuple[FormTableView, ...]:
        """The tables of a form without their rows: these are in `drawn`.

        Args:
            form: The report's.
            read: What was read of it.
            said: What is said of cells.
            lang: Language of the words.
        """
        if self._plain is None:
            self._plain = {key: text for key in read.values if (text := self._once(key, said))}
        made: dict[str, tuple[list[_Row], int]] = {}
        found = []
        for table in form.tables:
            header, lines, stub = layout(
                form, table, self._filled.get(table.code, frozenset()), lang
            )
            rows: list[_Row] = []
            keys: list[CellKey] = []
            columns = None
            for row, _, heads, has_cells in lines:
                known = known_cells(form.id, table.code, row.code, lang) if has_cells else ()
                cells = [self._plain.get(one[0]) or self._odd(one, said, lang) for one in known]
                keys += [one[0] for one in known]
                columns = len(cells) if columns is None else columns
                rows.append((row.kind, heads, "".join(cells)))
            made[table.code] = rows, columns or 0
            states = self._counted(table.code, keys)
            found.append(form_table(table, header, (), stub, states, lang))

        def one(table: FormTableView, lang: str, *, titled: bool) -> str:
            return blocks.form_table(table, *made[table.code], lang, titled=titled)

        self.drawn = blocks.sections(found, lang, one)
        return tuple(found)

    def _once(self, key: CellKey, said: Mapping[CellKey, About]) -> str:
        """A cell as it is drawn in every language; empty where languages differ."""
        row = self._read.values[key]
        if row["state"] != State.REPORTED or not row["raw"] or key in said:
            return ""
        text = " ".join(row["raw"].split())
        if not text or (row["number"] is not None and not shows(text, row["number"])):
            return ""
        place = self._read.places.get(key)
        return blocks.plain(text, cell_id(*key), place and place[-1])

    def _odd(self, known: Known, said: Mapping[CellKey, About], lang: str) -> str:
        key = known[0]
        one, place = said.get(key, NOTHING_SAID), self._read.places.get(key)
        ref = place and PlaceRef(*place, source.part_label(place[0], lang))
        about = About(one.failing, one.severity, one.doubts, ref)
        return blocks.value(cell_view(known, self._read.values.get(key), about, lang), lang)

    def _counted(self, table: str, keys: Iterable[CellKey]) -> Mapping[State, int]:
        """How many of a table's cells are in each state: the same in every language."""
        if table not in self._states:
            values = self._read.values
            found = Counter(values[key]["state"] if key in values else "absent" for key in keys)
            self._states[table] = {State(state): count for state, count in found.items()}
        return self._states[table]
