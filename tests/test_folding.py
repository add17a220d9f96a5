from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreport_core.folding import Squashed, characters, fold, squash


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_width_brackets_quotes_spaces_and_radicals_are_made_uniform() -> None:
    assert fold("（１２）") == "(12)"
    assert fold("“三安全”") == '"三安全"'
    assert fold("总\u3000计\xa0") == "总 计 "
    assert fold("⾏政") == "行政"  # a Kangxi radical, as some PDF fonts print it
    assert fold("政府信息公開 報告") == "政府信息公开 报告"
    assert squash(" 三、 本年 度办 理结 果\n") == "三、本年度办理结果"


@pytest.mark.parametrize(
    "printed",
    [
        "公(gōng)开",
        "公（gōng）开",
        "公gōng开",
        "公 gōng 开",
        "公(gong)开",
        "公开(kāi)",
        "公(gōng)开(kāi)",
    ],
)
def test_pinyin_beside_its_character_is_left_out(printed: str) -> None:
    assert squash(printed) == "公开"
    assert len(fold(printed)) == len(printed)


@pytest.mark.parametrize(
    "printed", ["附件(pdf)", "A4纸", "公开(a)项", "见www.example.cn", "公开(N)"]
)
def test_other_letters_stay(printed: str) -> None:
    assert squash(printed) == printed


def test_a_label_is_found_through_its_spaces() -> None:
    text = Squashed("二、主动 公开 政府信息")
    assert text.find("主动公开") == (2, 7)
    assert text.find("主动公开", 3) is None
    assert text.find("公开", end=4) is None
    assert Squashed("总计 其他 总 计").find("总计", last=True) == (6, 9)


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("⼈⺠⼯作", "人民工作"),
        ("⻄⻋⻓⻔⻅⻚", "西车长门见页"),
        ("⾧⾨⾒", "长门见"),
        ("⻰⻬⻨", "龙齐麦"),
    ],
)
def test_radicals_stand_for_the_simplified_characters(printed: str, plain: str) -> None:
    assert fold(printed) == plain


def test_each_character_is_folded_by_itself_whatever_stands_beside_it() -> None:
    # 薴 becomes 苧, which where it stands itself becomes 苎
    changed = characters()
    text = "".join(changed)
    alone = "".join(changed.values())
    assert fold(text) == alone
    assert [fold(a + b) for a, b in pairwise(text)] == list(map("".join, pairwise(alone)))
    assert fold("薴苧薴") == "苧苎苧"
    assert fold(text * 10) == alone * 10
