"""Two texts side by side: every character is in one line, and a line says what became of it."""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreport_core.narrative.likeness.aligning import Line, aligned
from govreport_core.samples.chance import chance


def kinds(first: str, second: str) -> list[str]:
    return [line.kind for line in aligned(first, second)]


def words(first: str, second: str, line: Line) -> list[tuple[str, str]]:
    """What a changed sentence said and says, where the two differ."""
    return [
        (first[slice(*piece.first)], second[slice(*piece.second)])
        for piece in line.pieces
        if not piece.same
    ]


def test_kept_changed_new_and_dropped() -> None:
    first = "窗口多开一个。一是全年培训3次，覆盖各股室；二是指南改写成家常话。"
    second = "窗口多开一个。一是全年培训12次，覆盖各股室；二是热线夜里也有人接。"
    lines = aligned(first, second)
    assert [line.kind for line in lines] == ["kept", "changed", "dropped", "new"]
    assert words(first, second, lines[1]) == [("3", "12")]
    assert first[slice(*lines[2].first)] == "二是指南改写成家常话。"
    assert second[slice(*lines[3].second)] == "二是热线夜里也有人接。"


def test_width_spaces_and_enumerators_do_not_count() -> None:
    assert kinds("一是窗口多开 1 个；", "（二）窗口多开１个。") == ["kept"]


def test_a_sentence_at_another_place_is_dropped_and_new_and_says_so() -> None:
    one, two, three = "热线夜里也有人接。", "窗口多开一个，少排队。", "指南改写成家常话，贴在大厅。"
    lines = aligned(one + two + three, two + three + one)
    assert [(line.kind, line.moved) for line in lines] == [
        ("dropped", True),
        ("kept", False),
        ("kept", False),
        ("new", True),
    ]


def test_single_words_in_common_within_a_change_belong_to_it() -> None:
    first, second = (
        "这一年的工作有了新的进展和成果，群众满意。",
        "这一年的工作取得一定的成绩，群众满意。",
    )
    (line,) = aligned(first, second)
    assert line.kind == "changed"
    assert len(words(first, second, line)) == 1


@pytest.mark.parametrize(
    ("first", "second"), [("", ""), ("", "只有后一份。"), ("只有前一份。", "")]
)
def test_an_empty_text(first: str, second: str) -> None:
    assert kinds(first, second) == ["dropped"] * bool(first) + ["new"] * bool(second)


SENTENCE = st.text(alphabet="甲乙丙丁戊12，； ", min_size=1, max_size=12).map(lambda s: s + "。")
TEXT = st.lists(SENTENCE, max_size=12).map("".join)


@given(TEXT, TEXT)
def test_every_sentence_is_in_one_line_and_in_its_order(first: str, second: str) -> None:
    lines = aligned(first, second)
    for text, spans in (
        (first, [line.first for line in lines if line.first]),
        (second, [line.second for line in lines if line.second]),
    ):
        assert spans == sorted(spans)
        ends = [0, *(end for _, end in spans)]
        starts = [*(start for start, _ in spans), len(text)]
        left = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
        # What is in no line says nothing.
        assert not set("甲乙丙丁戊") & set(left)
    for line in lines:
        for whole, side in ((line.first, "first"), (line.second, "second")):
            spans = [getattr(piece, side) for piece in line.pieces]
            if spans:
                assert (spans[0][0], spans[-1][1]) == whole
                assert all(a[1] == b[0] for a, b in pairwise(spans))
        for piece in line.pieces:
            if piece.same:
                assert first[slice(*piece.first)] == second[slice(*piece.second)]


@given(TEXT)
def test_a_text_beside_itself_is_kept(text: str) -> None:
    assert set(kinds(text, text)) <= {"kept"}


def long(rng: Random, sentences: int) -> list[str]:
    words = [chr(0x4E00 + rng.randrange(2000)) for _ in range(3000)]
    return ["".join(rng.choices(words, k=25)) + "。" for _ in range(sentences)]


@pytest.mark.slow
@pytest.mark.parametrize("case", ["unlike", "changed", "equal", "repeated", "no mark"])
def test_a_megabyte_takes_seconds(case: str) -> None:
    rng = chance(1)
    own = long(rng, 13_000)
    first, second = {
        "unlike": (own, long(rng, 13_000)),
        "changed": (own, [one[:5] + "改" + one[6:] for one in own]),
        "equal": (own, own),
        "repeated": (
            ["各项工作按期完成。"] * 38_000,
            ["先说。", *["各项工作按期完成。"] * 38_000, "完。"],
        ),
        "no mark": (["甲" * 340_000], ["乙" * 340_000]),
    }[case]
    began = time.process_time()
    lines = aligned("".join(first), "".join(second))
    assert time.process_time() - began < 30
    counted = Counter(line.kind for line in lines)
    if case == "changed":
        assert counted["changed"] > 12_900
    if case in ("equal", "repeated"):
        assert counted["kept"] >= len(first) - 1
