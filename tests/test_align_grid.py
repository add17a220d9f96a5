"""Rows of real grids: cells are placed by counting and by the header's grid columns."""

from __future__ import annotations

import pytest

from govreport_core.align.gathering import Gathering
from govreport_core.align.lines import Line
from govreport_core.align.placing import place, place_grid
from govreport_core.align.tables.headers import (
    columns_collide,
    columns_in_order,
    grid_columns,
    header_positions,
    in_columns,
    place_by_grid,
)
from govreport_core.align.tables.items import Label, Stretch
from govreport_core.align.tables.places import _known_places, places
from govreport_core.align.tables.walk import Walk
from govreport_core.model import Cell, Layout

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


def test_cells_that_fit_a_column_each_are_its_own() -> None:
    columns = grid_columns(FORM, TABLE, [line(*LABELS, spans=(1, 2, 1, 2))])
    assert columns is not None
    fitting = line("1", "2", "3", first=1, spans=(2, 1, 2))
    assert in_columns(columns, fitting) == list(fitting)
    narrow = line("1", "2", "3", first=1)
    assert in_columns(columns, narrow) is None  # two cells below the first column
    # Columns that lie over one another are no one's alone.
    over = grid_columns(
        FORM,
        TABLE,
        [line(LABELS[0]), *(line(x, first=1 + i, spans=(2,)) for i, x in enumerate(LABELS[1:]))],
    )
    assert over is not None
    assert in_columns(over, line("1", "2", "3", first=1, spans=(2, 2, 2))) is None


def test_a_headers_places_are_told_once_for_all_that_print_it() -> None:
    _known_places.cache_clear()
    header = [line(*LABELS)]
    elsewhere = [tuple(Cell(c.text, "line:7", 3, 9, None, c.col, c.colspan) for c in header[0])]
    found = places(FORM, TABLE, header)
    assert places(FORM, TABLE, elsewhere) is found
    assert found.grid == grid_columns(FORM, TABLE, header)
    assert found.positions == header_positions(FORM, TABLE, header) == (4, (1, 2, 3))
    assert found.in_order is columns_in_order(FORM, TABLE, header) is True
    assert found.collide is columns_collide(FORM, TABLE, header) is False
    swapped = [line(LABELS[0], LABELS[2], LABELS[1], LABELS[3])]
    assert not places(FORM, TABLE, swapped).in_order
    assert _known_places.cache_info().currsize == 2


@pytest.mark.parametrize("row", [line(*LABELS, "注" * 600), line(*LABELS, *[""] * 600)])
def test_of_a_header_of_any_size_nothing_is_kept(row: tuple[Cell, ...]) -> None:
    _known_places.cache_clear()
    assert places(FORM, TABLE, [row]).grid == grid_columns(FORM, TABLE, [row])
    assert _known_places.cache_info().currsize == 0


def test_a_stretch_asks_again_where_its_header_is_another() -> None:
    stretch = Stretch(TABLE, header_rows=[line(*LABELS)])
    assert stretch.places_in(FORM, TABLE).positions == (4, (1, 2, 3))
    stretch.put_header([line(*LABELS, "")])
    assert stretch.places_in(FORM, TABLE).positions == (5, (1, 2, 3))


# The last row of a page and the first of the next: one row that the page's end cut, or two.
@pytest.mark.parametrize(
    ("end", "begin", "page", "doubtful"),
    [
        (["某项", *"8040792"], ["其他法律行政法规禁止公开", "", "", "1", *[""] * 4], 2, [True]),
        (["2.其他法律行政法规禁止公开", *"8040792"], ["如此", "", "", "1", *[""] * 4], 2, [True]),
        (["某项", *"8040792"], ["3.危及“三安全一稳定”", *"8040792"], 2, [False]),
        (["如此", *"8040792"], ["3.危及“三安全一稳定”", "", "", "1", *[""] * 4], 1, [False]),
        (["1.属于国家秘密", *"80 0792"], ["3.危及“三安全一稳定”", *[""] * 7], 2, [False, False]),
    ],
)
def test_a_row_that_a_page_may_have_cut_is_unread(
    end: list[str], begin: list[str], page: int, doubtful: list[bool]
) -> None:
    def row(page: int, texts: list[str]) -> Line:
        part = f"page:{page}/table:1/r1"
        cells = [Cell(t.strip(), f"{part}/c{i}", 0, len(t)) for i, t in enumerate(["", *texts])]
        return Line(tuple(cells), Layout.GRID)

    walk = Walk(("t3_requests",), Gathering("form_2021"))
    opening = row(1, ["（一）予以公开", *"1234560"])
    for line in (opening, row(1, end), row(page, begin)):
        assert walk.take(line)
    labels = [item for item in walk.now.items if isinstance(item, Label)][1:]
    assert [label.doubtful for label in labels] == doubtful
