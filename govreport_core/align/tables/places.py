"""A header's rows in, where they have the form's columns out, once for all that print the same."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from govreport_core.align.tables.added import added_spans
from govreport_core.align.tables.headers import (
    GridColumns,
    columns_collide,
    columns_in_order,
    grid_columns,
    header_positions,
    order_contradicted,
)
from govreport_core.model import Cell

# Of a header with more cells and characters nothing is kept: a cache counts entries, not sizes.
_MOST = 600


class Places(msgspec.Struct, frozen=True):
    """Where a header's rows have what.

    Attributes:
        added: See `added_spans`.
        in_order: Whether they name the form's columns in the form's order, see
            `columns_in_order` and `order_contradicted`; without columns of added sums.
        positions: See `header_positions`.
        collide: See `columns_collide`.
        grid: See `grid_columns`.
    """

    added: tuple[tuple[int, int], ...]
    in_order: bool
    positions: tuple[int, tuple[int, ...]] | None
    collide: bool
    grid: GridColumns | None


Shown = tuple[tuple[tuple[str, int | None, int], ...], ...]
"""A header's rows as far as they tell places: each cell's text and grid columns."""


def places(form_id: str, table: str, rows: list[tuple[Cell, ...]]) -> Places:
    """Where a header's rows have what; most reports print the same ones.

    Args:
        form_id: The form.
        table: The table's code.
        rows: The header's rows.
    """
    shown = tuple([tuple([(c.text, c.col, c.colspan) for c in row]) for row in rows])
    if sum([1 + len(cell[0]) for row in shown for cell in row]) > _MOST:
        return _places(form_id, table, shown)
    return _known_places(form_id, table, shown)


def _places(form_id: str, table: str, shown: Shown) -> Places:
    rows = [
        tuple(Cell(text, "", 0, 0, None, col, colspan) for text, col, colspan in row)
        for row in shown
    ]
    return Places(
        added_spans(form_id, table, rows),
        columns_in_order(form_id, table, rows) and not order_contradicted(form_id, table, rows),
        header_positions(form_id, table, rows),
        columns_collide(form_id, table, rows),
        grid_columns(form_id, table, rows),
    )


_known_places = lru_cache(maxsize=1024)(_places)
