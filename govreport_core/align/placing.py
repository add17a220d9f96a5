"""A row's printed cells and a table's columns in, the cells each column may hold out.

Every order-preserving placement is considered. `None` among a column's candidates
stands for a blank that can't be seen. A column with one candidate is certain;
with several, the reading is certain only where all give the same number.
"""

from __future__ import annotations

from itertools import combinations

from govreport_core.model import Cell

Candidates = tuple[Cell | None, ...]
UNSEEN: Candidates = (None,)

_MAX_PLACEMENTS = 4096
_BLANK = ("", -1)


def place(cells: tuple[Cell, ...], columns: int, *, padded: bool) -> list[Candidates]:
    """Place a row whose blank cells are visible.

    Args:
        cells: What is printed after the label, blanks included.
        columns: How many columns the table has.
        padded: Whether rows may carry spare blanks or have lost some.
    """
    if len(cells) == columns:
        return [(cell,) for cell in cells]
    printed = tuple(cell for cell in cells if cell.text)
    if len(printed) == columns:
        return [(cell,) for cell in printed]
    if len(printed) > columns:
        return _windows(printed, columns)
    if len(cells) < columns or not cells:
        return [UNSEEN] * columns if not printed else spread(printed, columns)
    if padded and printed:
        return spread(printed, columns)
    return _without_blanks(cells, columns)


def place_grid(cells: tuple[Cell, ...], columns: int, grid: list[Cell] | None) -> list[Candidates]:
    """Place a row of a real grid.

    Args:
        cells: What is printed after the label, blanks included.
        columns: How many columns the table has.
        grid: One cell a column by the header's grid columns, where they tell.

    Returns:
        Where there are as many cells as columns both ways count: a cell they
        disagree on is one of two. Where there are more and the grid doesn't tell,
        any of them may be the one too many.
    """
    if grid is None:
        if len(cells) > columns:
            return _windows(cells, columns)
        return place(cells, columns, padded=False)
    if len(cells) != columns:
        return [(cell,) for cell in grid]
    return [
        (one,) if one is other else (one, other) for one, other in zip(cells, grid, strict=True)
    ]


def place_plain(cells: tuple[Cell, ...], columns: int) -> list[Candidates]:
    """Place a row of a plain line, where blank cells leave no trace."""
    if len(cells) == columns:
        return [(cell,) for cell in cells]
    if len(cells) > columns:
        # One too many doesn't mean that none is blank.
        return [(None, *window) for window in _windows(cells[: 2 * columns], columns)]
    return spread(cells, columns) if cells else [UNSEEN] * columns


def without(placed: list[Candidates], added: tuple[int, ...], columns: int) -> list[Candidates]:
    """A row placed with columns of added sums, without them; any other as it is."""
    if len(placed) == columns:
        return placed
    return [c for i, c in enumerate(placed) if i not in added]


def spread(printed: tuple[Cell, ...], columns: int) -> list[Candidates]:
    """Fewer printed cells than columns, the blanks anywhere between them."""
    spare = columns - len(printed)
    return [(None, *printed[max(0, column - spare) : column + 1]) for column in range(columns)]


def _windows(printed: tuple[Cell, ...], columns: int) -> list[Candidates]:
    extra = len(printed) - columns
    return [printed[column : column + extra + 1] for column in range(columns)]


def _without_blanks(cells: tuple[Cell, ...], columns: int) -> list[Candidates]:
    blanks = [i for i, cell in enumerate(cells) if not cell.text]
    extra = len(cells) - columns
    found: list[dict[tuple[str, int], Cell]] = [{} for _ in range(columns)]
    for count, dropped in enumerate(combinations(blanks, extra)):
        if count >= _MAX_PLACEMENTS:
            return [UNSEEN] * columns
        kept = [cell for i, cell in enumerate(cells) if i not in dropped]
        for column, cell in enumerate(kept):
            found[column][(cell.part, cell.start) if cell.text else _BLANK] = cell
    return [tuple(column.values()) for column in found]
