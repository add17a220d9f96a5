"""The text printed above a table's rows in, whether its columns are the form's out."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

import msgspec
from rapidfuzz import fuzz

from govreport_core.align.tables.added import ALIASES, added_columns
from govreport_core.align.vocabulary import key, vocabulary, without_year
from govreport_core.folding import squash
from govreport_core.forms import FormTable
from govreport_core.model import Cell

_UNIT = re.compile(r"(?:单位[:：]?|\()(亿元|万元|元)")
_DAMAGED = 80.0
# Characters by which a piece of a label is known as its beginning.
_BEGINS = 3


class Header(msgspec.Struct, frozen=True):
    """What a header says.

    Attributes:
        certain: Whether the columns are the form's, in the form's order.
        code: A diagnostic for what was odd: `header_missing`, `header_damaged`,
            `columns_mismatch`; None where all is as official.
        units: Money units printed, by column code.
        added: Places of columns that hold sums the form doesn't have, among those
            that hold values.
    """

    certain: bool
    code: str | None
    units: dict[str, str]
    added: tuple[int, ...] = ()


@lru_cache(maxsize=4096)
def read_header(form_id: str, table: str, printed: str) -> Header:
    """Compare what is printed above a table's rows with the official header.

    Args:
        form_id: The form.
        table: The table's code.
        printed: All header text in reading order, squashed.
    """
    form_table = vocabulary(form_id).form.table(table)
    printed = without_year(printed)
    for ignored in form_table.ignored:
        printed = _without(printed, squash(ignored))
    if not printed:
        return Header(True, "header_missing", {})
    if len(form_table.value_columns) <= 3:
        return _simple(form_table, printed)
    header = _nested(form_table, printed)
    if not header.certain and (added := added_columns(form_id, table, printed)):
        without = _nested(form_table, added.printed)
        if without.certain:
            return Header(True, "subtotal_column", {}, added.places)
    return header


def _simple(table: FormTable, printed: str) -> Header:
    """A header of one line: the labels one after another."""
    rest, units = printed, {}
    for column in table.columns:
        labels = sorted((squash(x) for x in (column.label, *column.aliases)), key=len)
        for label in reversed(labels):
            if rest.startswith(label):
                unit = _UNIT.match(rest, len(label)) or _UNIT.search(label)
                rest = rest[len(label) :]
                if tail := re.match(r"\([^()]*\)", rest):
                    unit = _UNIT.search(tail[0]) or unit
                    rest = rest[tail.end() :]
                if unit and column.value == "money":
                    units[column.code] = unit[1]
                break
        else:
            return _damaged(table, printed)
    if rest:
        return _damaged(table, printed)
    return Header(True, None, units)


def _damaged(table: FormTable, printed: str) -> Header:
    official = "".join(squash(c.label) for c in table.columns)
    if fuzz.ratio(printed, official) >= _DAMAGED:
        return Header(True, "header_damaged", {})
    return Header(False, "columns_mismatch", {})


def _nested(table: FormTable, printed: str) -> Header:
    """A header of several lines, read in any order: the same characters, none added."""
    if not _siblings_in_order(table, printed):
        return Header(False, "columns_mismatch", {})
    official = Counter("".join(squash(c.label) for c in table.columns if c.kind != "label"))
    found = Counter(printed.replace("合计", "总计"))
    if found == official:
        return Header(True, None, {})
    if printed == "".join(squash(c.label) for c in table.value_columns):
        # All columns in order, only the names of their groups lost.
        return Header(True, "header_damaged", {})
    added = sum((found - official).values())
    gone = official - found
    lost = sum(gone.values())
    if any(Counter(squash(c.label)) <= gone for c in table.value_columns):
        # A whole column's name is lost, and with it perhaps the column.
        return Header(False, "columns_mismatch", {})
    if not (found - official).keys() & set("小计合") and added + lost <= official.total() // 5:
        return Header(True, "header_damaged", {})
    return Header(False, "columns_mismatch", {})


def _siblings_in_order(table: FormTable, printed: str) -> bool:
    """Whether columns of one group that are printed whole, and once, keep the form's order.

    A total's cell often reaches up to the first line, before the columns it sums.
    """
    labels = [squash(c.label) for c in table.value_columns]
    if len(set(labels)) < len(labels):
        return _groups_in_order(table, printed) and _sequence_agrees(labels, printed)
    for column in table.columns:
        if column.kind == "group":
            printed = printed.replace(squash(column.label), "", 1)
    last: dict[str | None, int] = {}
    for column, label in zip(table.value_columns, labels, strict=True):
        if column.kind == "total" or printed.count(label) != 1:
            continue
        at = printed.index(label)
        if at < last.get(column.parent, -1):
            return False
        last[column.parent] = at
    return True


def _groups_in_order(table: FormTable, printed: str) -> bool:
    places = [
        printed.index(label)
        for c in table.columns
        if c.kind == "group" and printed.count(label := squash(c.label)) == 1
    ]
    return places == sorted(places)


def _sequence_agrees(labels: list[str], printed: str) -> bool:
    """Whether columns whose names recur stand in the form's order, where all can be told."""
    found = re.findall("|".join(map(re.escape, sorted(set(labels), key=len))), printed)
    return len(found) != len(labels) or found == labels


def order_contradicted(
    form_id: str, table: str, rows: list[tuple[Cell, ...]], added: tuple[int, ...] = ()
) -> bool:
    """Whether the places of the header's labels contradict the form's order.

    By grid columns, or by position where all rows are equally wide; without
    either nothing is contradicted. Beside `added` columns 合计 isn't 总计.
    """
    if not rows:
        return False
    names, known = _column_names(form_id, table, bool(added))
    even = len({len(row) for row in rows}) == 1
    found: list[tuple[int, str]] = []
    for row in rows:
        for at, cell in enumerate(row):
            name = known.get(key(cell.text)) if cell.text else None
            place = cell.col if cell.col is not None else at if even else None
            if name is not None and place is not None:
                found.append((place, name))
    if len({place for place, _ in found}) < len(found):
        return False
    order = [name for _, name in sorted(found)]
    if len(set(names)) < len(names):
        return len(order) == len(names) and order != names
    return order != [name for name in names if name in order]


@lru_cache(maxsize=64)
def _column_names(form_id: str, table: str, added: bool) -> tuple[list[str], dict[str, str]]:
    """The columns' names in their order, and the name each printed label stands for."""
    columns = vocabulary(form_id).tables[table].table.value_columns
    known = {
        key(label): key(c.label)
        for c in columns
        for label in ((c.label,) if added else (c.label, *c.aliases))
    }
    return [key(c.label) for c in columns], known


def _without(printed: str, ignored: str) -> str:
    """`printed` without a note that may be broken up: by text, else by its characters."""
    if ignored in printed:
        return printed.replace(ignored, "")
    if ignored[1:9] not in printed:
        return printed
    at = printed.index(ignored[1:9]) - 1
    rest, kept = list(ignored), []
    for char in printed[max(at, 0) :]:
        if char in rest:
            rest.remove(char)
        else:
            kept.append(char)
    if len(rest) > len(ignored) // 5:
        return printed
    return printed[: max(at, 0)] + "".join(kept)


def columns_in_order(
    form_id: str, table: str, rows: list[tuple[Cell, ...]], added: tuple[int, ...] = ()
) -> bool:
    """Whether each header row names the form's columns in the form's order, each once."""
    if not rows or _recur(form_id, table):
        return True
    order = _order(form_id, table)
    for row in rows:
        own = [key(c.text) for c in row if not (added and key(c.text) in ALIASES)]
        places = [order[printed] for printed in own if printed in order]
        if places != sorted(places) or len(set(places)) < len(places):
            return False
    return True


@lru_cache(maxsize=64)
def _recur(form_id: str, table: str) -> bool:
    """Whether several columns have one name."""
    columns = vocabulary(form_id).tables[table].table.columns
    return len({key(c.label) for c in columns}) < len(columns)


@lru_cache(maxsize=64)
def _order(form_id: str, table: str) -> dict[str, int]:
    """The place of the column that each printed label stands for."""
    words = vocabulary(form_id).tables[table]
    places = {c.code: i for i, c in enumerate(words.table.columns)}
    return {printed: places[code] for printed, code in words.columns.items()}


def by_positions_certain(cells: tuple[Cell, ...], width: int, positions: tuple[int, ...]) -> bool:
    """Whether a padded row's cells stand where the header's labels do.

    They don't for certain where the row is of another width, or where the header
    has a spare cell at its end and the row's last column is blank: a lost cell
    would look the same.
    """
    if len(cells) != width:
        return False
    spare = positions[-1] < width - 1
    return not (spare and not cells[positions[-1]].text and any(c.text for c in cells))


def header_positions(
    form_id: str, table: str, rows: list[tuple[Cell, ...]]
) -> tuple[int, tuple[int, ...]] | None:
    """Where the value columns' labels stand in the header's rows.

    Returns:
        The rows' common width and one position a column, or None when the rows
        differ in width or don't name each column exactly once.
    """
    aliases, known = _names(form_id, table)
    widths = {len(row) for row in rows}
    if len(widths) != 1:
        return None
    places: dict[int, str] = {}
    for row in rows:
        for at, cell in enumerate(row):
            if cell.text and (printed := key(cell.text)) in known:
                if at in places:
                    return None
                places[at] = printed
    if not _in_order(places, aliases):
        return None
    return widths.pop(), tuple(sorted(places))


@lru_cache(maxsize=4096)
def begun_by(form_id: str, piece: str) -> frozenset[tuple[str, int]]:
    """The columns, by table and number, whose label begins so; none for a piece too short."""
    printed = key(piece)
    if len(printed) < _BEGINS:
        return frozenset()
    return frozenset(
        (table, column)
        for table in vocabulary(form_id).tables
        for column, names in enumerate(_names(form_id, table)[0])
        if any(name.startswith(printed) for name in names)
    )


def columns_collide(form_id: str, table: str, rows: list[tuple[Cell, ...]]) -> bool:
    """Whether header rows of one width name each column once, in order, but two at one place.

    Rows that lost the cells above or beside them stand out of order instead.
    """
    aliases, known = _names(form_id, table)
    if len({len(row) for row in rows}) != 1 or len(known) < sum(map(len, aliases)):
        return False
    found = sorted(
        (at, column)
        for row in rows
        for at, cell in enumerate(row)
        if cell.text and key(cell.text) in known
        for column, names in enumerate(aliases)
        if key(cell.text) in names
    )
    in_order = [column for _, column in found] == list(range(len(aliases)))
    return in_order and len({at for at, _ in found}) < len(found)


class GridColumns(msgspec.Struct, frozen=True):
    """Where a header's labels stand in a grid.

    Attributes:
        spans: By value column, in order: its first grid column, and the one after its last.
        apart: Whether no grid column is two columns'.
        end: The grid column after the header's last.
    """

    spans: tuple[tuple[int, int], ...]
    apart: bool
    end: int


def grid_columns(form_id: str, table: str, header: list[tuple[Cell, ...]]) -> GridColumns | None:
    """The grid columns that the header's labels stand in.

    Args:
        form_id: The form.
        table: The table's code.
        header: The header's rows, with grid columns.

    Returns:
        None where a label stands in no column or in two.
    """
    aliases, known = _names(form_id, table)
    found: dict[int, Cell] = {}
    for cell in (c for row in header for c in row if c.text and key(c.text) in known):
        if cell.col is None or key(found.setdefault(cell.col, cell).text) != key(cell.text):
            return None
    if not _in_order({col: key(cell.text) for col, cell in found.items()}, aliases):
        return None
    spans = tuple((col, col + found[col].colspan) for col in sorted(found))
    apart = all(col < end for col, end in spans) and all(a[1] <= b[0] for a, b in pairwise(spans))
    return GridColumns(spans, apart, max(map(_end, header)))


def place_by_grid(
    form_id: str, table: str, header: list[tuple[Cell, ...]], cells: tuple[Cell, ...]
) -> list[Cell] | None:
    """One cell a value column, by the grid columns that the header's labels stand in.

    Args:
        form_id: The form.
        table: The table's code.
        header: The header's rows, with grid columns.
        cells: The cells after a row's label, likewise.

    Returns:
        None where `grid_columns` or `in_columns` is.
    """
    columns = grid_columns(form_id, table, header)
    return None if columns is None else in_columns(columns, cells)


def in_columns(columns: GridColumns, cells: tuple[Cell, ...]) -> list[Cell] | None:
    """One cell a value column.

    Args:
        columns: The header's.
        cells: The cells after a row's label, with grid columns.

    Returns:
        None where a column has no cell of its own, where anything is printed beside
        them, or where the row is wider than the header: a cell too many has shifted
        the others.
    """
    if columns.apart and tuple([(c.col, (c.col or 0) + c.colspan) for c in cells]) == columns.spans:
        return list(cells)
    if _end(cells) > columns.end:
        return None
    found: list[Cell] = []
    for col, end in columns.spans:
        below = [c for c in cells if c.col is not None and c.col < end and c.col + c.colspan > col]
        if len(below) != 1 or (found and found[-1] is below[0]):
            return None
        found.append(below[0])
    printed = sum(1 for c in cells if c.text)
    return found if printed == sum(1 for c in found if c.text) else None


def _end(cells: tuple[Cell, ...]) -> int:
    """The grid column after the last cell's."""
    return max(((c.col or 0) + c.colspan for c in cells), default=0)


Names = tuple[frozenset[str], ...]


@lru_cache(maxsize=64)
def _names(form_id: str, table: str) -> tuple[Names, frozenset[str]]:
    """What each value column may be called, and all of that together."""
    columns = vocabulary(form_id).tables[table].table.value_columns
    names = tuple(frozenset(key(x) for x in (c.label, *c.aliases)) for c in columns)
    return names, frozenset().union(*names)


def _in_order(places: dict[int, str], aliases: Names) -> bool:
    """Whether the labels at these places name each column once, in the form's order."""
    if len(places) != len(aliases):
        return False
    return all(places[at] in alias for at, alias in zip(sorted(places), aliases, strict=True))
