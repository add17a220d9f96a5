"""Tables drawn with `+---+` and `|`, as pandoc writes them, in text and Markdown."""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Callable

import pytest
from four_formats import report
from spent import spent

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.model import Document, Layout, Table
from govreport_core.samples import agencies, draw_report
from govreport_core.samples.sheet import Grid, Passage, expanded
from govreport_core.sources import read_bytes
from govreport_core.sources.drawn import MAX_LENGTH

SAMPLE = draw_report(agencies(1)[0], 2023, seed=3)


def wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def drawn(rows: list[list[str]], measure: Callable[[str], int], most: int = 999) -> list[str]:
    """Rows as pandoc draws them, their texts broken after so many characters."""
    split = [[[c[i : i + most] for i in range(0, len(c) or 1, most)] for c in row] for row in rows]
    widths = [max(measure(t) for row in split for t in row[col]) + 2 for col in range(len(rows[0]))]
    border = "+" + "+".join("-" * w for w in widths) + "+"
    lines = [border]
    for row in split:
        for at in range(max(map(len, row))):
            shown = [(texts[at : at + 1] or [""])[0] for texts in row]
            cells = (
                f" {t}{' ' * (w - 1 - measure(t))}" for t, w in zip(shown, widths, strict=True)
            )
            lines.append(f"|{'|'.join(cells)}|")
        lines.append(border)
    return lines


def flattened(grid: Grid) -> list[list[str]]:
    """A table's rows with merged cells once and blanks for the rest."""
    rows = []
    for row in expanded(grid):
        rows.append([])
        for cell in row:
            rows[-1] += ["" if cell.continued else cell.text, *[""] * (cell.colspan - 1)]
    return rows


def read(*lines: str, ending: str = ".txt") -> Document:
    return read_bytes("\n".join(lines).encode(), ending)


def tables(document: Document) -> list[tuple[Layout, list[list[str]]]]:
    return [
        (block.layout, [[c.text for c in row] for row in block.rows])
        for block in document.blocks
        if isinstance(block, Table)
    ]


@pytest.mark.parametrize("ending", [".txt", ".md"])
@pytest.mark.parametrize("measure", [len, wide])
@pytest.mark.parametrize("most", [999, 6])
def test_a_report_gives_its_values(measure: Callable[[str], int], most: int, ending: str) -> None:
    lines: list[str] = []
    for block in report():
        assert block is not None
        if isinstance(block, Passage):
            lines += [block.text, ""]
        else:
            lines += [*drawn(flattened(block), measure, most), ""]
    found = extract(read(*lines, ending=ending))
    numbers = {(v.table, v.row, v.column): v.number for v in found.values}
    assert numbers == SAMPLE.numbers


@pytest.mark.parametrize("ending", [".txt", ".md"])
def test_merged_cells_stand_once_with_their_columns(ending: str) -> None:
    document = read(
        "+----+---------+",
        "| 甲  | 乙       |",
        "|    +----+----+",
        "|    | 丙  | 丁  |",
        "+====+====+====+",
        "| 1  | 2  |    |",
        "+----+----+----+",
        ending=ending,
    )
    (table,) = [b for b in document.blocks if isinstance(b, Table)]
    assert table.layout is Layout.GRID
    assert [[(c.text, c.col, c.colspan) for c in row] for row in table.rows] == [
        [("甲", 0, 1), ("乙", 1, 2)],
        [("丙", 1, 1), ("丁", 2, 1)],
        [("1", 0, 1), ("2", 1, 1), ("", 2, 1)],
    ]


def test_places_lie_in_the_lines_they_name() -> None:
    document = read(*drawn([["（一）予以公开", "12"], ["x", ""]], wide, 3))
    parts = {p.part: p.text for p in document.parts}
    (table,) = [b for b in document.blocks if isinstance(b, Table)]
    first, number = table.rows[0]
    assert (first.text, first.part, first.end_part) == ("（一）予以公开", "line:2", "line:4")
    assert parts[first.part][first.start :].startswith("（一）")
    assert parts["line:4"][: first.end].endswith("开")
    assert parts[number.part][number.start : number.end] == "12"
    assert table.rows[1][1].text == ""


@pytest.mark.parametrize("ending", [".txt", ".md"])
def test_rows_without_a_line_between_them_are_no_rows_of_one_cell(ending: str) -> None:
    border = "+----+---+"
    found = read(
        border, "| 项目 | 数 |", border, "| 甲  | 1 |", "| 乙  | 2 |", border, ending=ending
    )
    assert tables(found) == [(Layout.PADDED, [["项目", "数"], ["甲", "1"], ["乙", "2"]])]


@pytest.mark.parametrize("ending", [".txt", ".md"])
def test_columns_that_cant_be_told_arent_guessed(ending: str) -> None:
    border = "+----+----+"
    found = read(border, "| 甲|乙 | 1 |", border, "| 丙 | 2 |", border, ending=ending)
    assert [layout for layout, _ in tables(found)] == [Layout.PADDED]


@pytest.mark.parametrize(
    "line", ["+---+" * 300, "+" * 1900, "+-" * 60 + "+", "+-" * 900 + "+", "|+" * 900, "| |"]
)
def test_a_file_of_borders_costs_little(line: str) -> None:
    started = spent()
    for lines in ([line[:MAX_LENGTH]] * 3000, [line[:MAX_LENGTH], "| 1"] * 1500):
        with contextlib.suppress(SourceError):
            read(*lines, "一、总体情况")
    read("一" + "+" * 900_000 + "\n" + "+-" * 400_000)
    assert spent() - started < 10
