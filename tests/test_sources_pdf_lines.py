"""Lines of text from characters: many groups of them at once, and each by itself."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest

from govreport_core.sources.pdf.glyphs import Glyph, glyphs_of
from govreport_core.sources.pdf.joined import CutCell, JoinedTable
from govreport_core.sources.pdf.lines import Lines, TextLine, text_lines

SIZE = 10.0


def row(text: str, left: float = 0.0, foot: float = 20.0, wide: float = SIZE) -> list[Glyph]:
    return [
        (left + n * wide, foot - SIZE, left + (n + 1) * wide, foot, char)
        for n, char in enumerate(text)
        if char != " "
    ]


def lines(glyphs: list[Glyph]) -> list[TextLine]:
    return text_lines(glyphs_of(glyphs))


def test_no_characters_are_no_lines() -> None:
    assert lines([]) == []
    several = Lines(glyphs_of(()), np.empty(0, np.intp), 2)
    assert several.texts(1) == []
    assert several.lines(0) == []


def test_a_line_is_read_from_left_to_right_whatever_the_files_order() -> None:
    (line,) = lines(row("政府信息公开")[::-1])
    assert line.text == "政府信息公开"
    assert (line.left, line.top, line.right, line.bottom) == (0, 10, 60, 20)


def test_a_line_ends_where_a_foot_stands_lower() -> None:
    texts = [line.text for line in lines([*row("下", foot=32), *row("上"), *row("高", 10, 21)])]
    assert texts == ["上高", "下"]


def test_bold_made_by_printing_twice_is_printed_once() -> None:
    printed = [*row("2024年"), *row("2024年", 0.5)]
    assert [line.text for line in lines(printed)] == ["2024年"]
    assert [line.text for line in lines(row("二二22", wide=4))] == ["二二22"]


def test_a_gap_is_counted_from_the_widest_character_before_it() -> None:
    wide = [(0.0, 10.0, 40.0, 20.0, "—"), *row("1", 5), *row("2", 41)]
    assert lines(wide)[0].text == "—12"


def test_wide_gaps_part_a_line_into_segments() -> None:
    (line,) = lines([*row("收到 申请"), *row("12", 80, wide=5), *row("7", 96, wide=5)])
    assert line.text == "收到 申请 12 7"
    assert [(line.text[s.start : s.end], s.left, s.right) for s in line.segments] == [
        ("收到 申请", 0, 50),
        ("12", 80, 90),
        ("7", 96, 101),
    ]


@pytest.mark.parametrize("seed", range(40))
def test_many_groups_at_once_have_the_lines_of_each_by_itself(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same each time
    glyphs: list[Glyph] = []
    for _ in range(60):
        x, foot = chance.uniform(0, 60), chance.choice([10.0, 11.0, 22.0, 36.0])
        width, high = chance.choice([(10.0, 10.0), (5.0, 9.0), (30.0, 12.0)])
        glyphs.append((x, foot - high, x + width, foot, chance.choice("一二12a")))
    groups = [chance.randrange(7) for _ in glyphs]
    several = Lines(glyphs_of(glyphs), np.array(groups, np.intp), 7)
    for group in range(7):
        alone = lines([glyph for glyph, its in zip(glyphs, groups, strict=True) if its == group])
        assert several.lines(group) == alone
        assert several.texts(group) == [line.text for line in alone]


def test_a_column_that_a_damaged_line_makes_endless_is_one() -> None:
    xs = [0.0, 50.0, float("inf")]
    cells = [CutCell(left, right, 1, "", "r1", 0, 0) for left, right in pairwise(xs)]
    (row,) = JoinedTable(xs, [cells], []).finished().rows
    assert [(cell.col, cell.colspan) for cell in row] == [(0, 1), (1, 1)]
