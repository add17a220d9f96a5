"""Rows of real grids: cells are placed by counting and by the header's grid columns."""

from __future__ import annotations

from govreport_core.align.placing import place, place_grid
from govreport_core.align.tables.headers import place_by_grid
from govreport_core.model import Cell

FORM, TABLE = "form_2021", "t2_art20_1"
LABELS = ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")


def line(*texts: str, first: int = 0, spans: tuple[int, ...] = ()) -> tuple[Cell, ...]:
    """Cells side by side, each a part of its own as in real grids."""
    cells = []
    col = first
    for i, text in enumerate(texts):
        span = spans[i] if i < len(spans) else 1
        cells.append(Cell(text, f"table:1/r2/c{col + 1}", 0, len(text), None, col, span))
        col += span
    return tuple(cells)


def texts(placed: list[tuple[Cell | None, ...]]) -> list[list[str]]:
    return [[c.text for c in column if c is not None] for column in placed]


def test_cells_of_parts_of_their_own_are_told_apart() -> None:
    placed = place(line("1", "", "2", ""), 3, padded=False)
    assert [sorted(column) for column in texts(placed)] == [["1"], ["", "2"], ["", "2"]]


def test_the_header_tells_which_of_the_blanks_is_spare() -> None:
    header = [line(*LABELS, "", "")]
    row = line("1", "", "2", "", "", first=1)
    grid = place_by_grid(FORM, TABLE, header, row)
    assert grid == list(row[:3])
    assert texts(place_grid(row, 3, grid)) == [["1"], [""], ["2"]]


def test_where_counting_and_grid_differ_a_cell_is_one_of_two() -> None:
    header = [line(*LABELS, spans=(1, 1, 1, 1))]
    row = line("", "5", "", first=0)
    grid = place_by_grid(FORM, TABLE, header, (*row, Cell("", "x", 0, 0, None, 3)))
    assert grid is not None
    placed = place_grid(row, 3, grid)
    assert [set(column) for column in texts(placed)] == [{"", "5"}, {"5", ""}, {""}]


def test_a_grid_that_fits_badly_says_nothing() -> None:
    header = [line(*LABELS)]
    too_far = line("1", "2", "3", "4", first=1)
    assert place_by_grid(FORM, TABLE, header, too_far) is None
    over_two = line("1", "2", first=1, spans=(2, 1))
    assert place_by_grid(FORM, TABLE, header, over_two) is None
    assert place_by_grid(FORM, TABLE, [line(*LABELS[:3])], line("1", "2", "3", first=1)) is None
    swapped = [line(LABELS[0], LABELS[2], LABELS[1], LABELS[3])]
    assert place_by_grid(FORM, TABLE, swapped, line("1", "2", "3", first=1)) is None


def test_of_too_many_cells_any_may_be_the_spare_one() -> None:
    row = line("1", "1", "2", "", first=1)
    assert place_by_grid(FORM, TABLE, [line(*LABELS)], row) is None
    placed = place_grid(row, 3, None)
    assert [set(column) for column in texts(placed)] == [{"1"}, {"1", "2"}, {"2", ""}]


def test_a_header_printed_twice_is_one_header() -> None:
    row = line("1", "2", "3", first=1)
    assert place_by_grid(FORM, TABLE, [line(*LABELS), line(*LABELS)], row) == list(row)
