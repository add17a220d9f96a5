"""Section fives in, what they name out: the written cases are scored, the rest read as examples."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from itertools import product
from pathlib import Path

import msgspec
import pytest

from govreport_core.extract import extract
from govreport_core.model import Cell, Point, Report
from govreport_core.narrative.point_words import MarkStyle, point_words
from govreport_core.narrative.points import find_points
from govreport_core.narrative.sections import Passage, Prose
from govreport_core.samples.pools import prose as sample_prose
from govreport_core.sources import read_bytes

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "points.jsonl").read_text("utf-8").splitlines()
]
PAGE = (
    "<html><body><h1>云川市财政局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>工作有序。</p>"
    "<p>五、存在的主要问题及改进情况</p>{text}<p>六、其他需要报告的事项</p><p>无</p></body></html>"
)
# What these cases reach; they fall only by an explicit change here.
RIGHT, EXACT = 0.98, 0.96


def paragraphs(text: str) -> str:
    return "<p>" + text.replace("\n", "</p><p>") + "</p>"


def page(text: str) -> Report:
    return extract(read_bytes(PAGE.format(text=paragraphs(text)).encode(), ".html"))


def points(text: str) -> list[tuple[str, str]]:
    passage = Passage(text, [0], [Cell(text, "line:1", 0, len(text))])
    return [(p.kind, p.text) for p in find_points(Prose((), {"s5_problems": passage}))]


def problems(text: str) -> list[str]:
    return [said for kind, said in points(text) if kind == "problem"]


def improvements(text: str) -> list[str]:
    return [said for kind, said in points(text) if kind == "improvement"]


def score(case: dict, found: tuple[Point, ...]) -> Counter[str]:
    """What became of each point that the case names, and of what it doesn't."""
    wanted = [("problem", k) for k in case["problems"]]
    wanted += [("improvement", k) for k in case["improvements"]]
    counts: Counter[str] = Counter()
    for kind, words in wanted:
        holds = next((p for p in found if words in p.text), None)
        if holds is None:
            counts["lost"] += 1
        elif holds.kind != kind:
            counts["kind"] += 1
        else:
            alone = sum(w in holds.text for _, w in wanted) == 1
            counts["right" if alone else "merged"] += 1
    counts["spurious"] += sum(not any(w in p.text for _, w in wanted) for p in found)
    return counts


def test_the_written_cases_are_read_as_well_as_ever() -> None:
    scores = [score(case, page(case["text"]).points) for case in CASES]
    total = sum(scores, Counter[str]())
    exact = sum(set(+s) <= {"right"} for s in scores)
    assert total["right"] >= RIGHT * total.total(), total
    assert exact >= EXACT * len(CASES), exact


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_place_of_a_point_holds_its_words(case: dict) -> None:
    document = read_bytes(PAGE.format(text=paragraphs(case["text"])).encode(), ".html")
    parts = {p.part: p.text for p in document.parts}
    for point in extract(document).points:
        assert parts[point.part][point.start :].startswith(point.text[:2])
        assert parts[point.end_part or point.part][: point.end].endswith(point.text[-1])


def test_measures_may_come_before_problems() -> None:
    text = "针对去年的短板，我局开通了热线。\n但仍存在以下不足：一是答复偏慢；二是栏目陈旧。"
    assert improvements(text) == ["针对去年的短板，我局开通了热线。"]
    assert problems(text) == ["一是答复偏慢；", "二是栏目陈旧。"]


def test_an_item_may_be_a_pair() -> None:
    text = "一是目录不全，下一步将逐项补齐；二是人手不足，拟增配专人。"
    assert problems(text) == ["一是目录不全", "二是人手不足"]
    assert improvements(text) == ["下一步将逐项补齐；", "拟增配专人。"]


def test_a_second_list_says_of_itself_what_it_is() -> None:
    text = "一是目录不全。二是人手不足。一是补齐目录。二是增配人手。"
    assert problems(text) == ["一是目录不全。", "二是人手不足。"]
    assert improvements(text) == ["一是补齐目录。", "二是增配人手。"]


@pytest.mark.parametrize("day", ["二○一二年二月二十日", "2012年2月20日"])
def test_what_is_annexed_behind_the_day_is_no_point(day: str) -> None:
    text = "一是目录不全。\n下一步：1.补齐目录。2.增配人手。"
    annex = f" {day} 附件1：信息公开统计表 1.网站公开 条 418 2.政府公报公开 条 7"
    assert points(text + annex) == points(text)
    # A day in a sentence ends nothing.
    for said in (f"3.将于{day}前补发附件。", f"3.已于{day}附件说明中补齐。"):
        assert improvements(text + said)[-1] == said


def test_what_cannot_be_split_stays_one_point() -> None:
    text = "目录不全、答复偏慢、人手不足，都有待改进。"
    assert points(text) == [("problem", text)]


def test_a_plan_for_next_year_is_no_problem() -> None:
    text = "更新还不及时。下一年度，我区要健全机制，加强培训。"
    assert points(text) == [
        ("problem", "更新还不及时。"),
        ("improvement", "下一年度，我区要健全机制，加强培训。"),
    ]


@pytest.mark.parametrize("text", ["无。", "暂无", "未发现明显问题。", "不存在突出问题。", "略"])
def test_no_problem_is_no_point(text: str) -> None:
    assert points(text) == []


def test_a_problem_that_a_measure_is_aimed_at_is_no_second_one() -> None:
    text = (
        "（一）主要问题\n答复偏慢。\n（二）改进措施\n一是解决更新不及时的问题。二是避免答复不规范。"
    )
    assert problems(text) == ["答复偏慢。"]
    assert len(improvements(text)) == 2


def test_a_ba_with_jiang_is_no_future() -> None:
    text = "个别科室认识不到位，将信息公开视为额外负担。"
    assert points(text) == [("problem", text)]


def test_a_need_of_improvement_is_a_problem() -> None:
    text = "公开内容还不够具体，需进一步细化。"
    assert points(text) == [("problem", text)]


def test_a_table_is_read_by_what_heads_its_columns() -> None:
    table = (
        "<table><tr><td>序号</td><td>存在问题</td><td>责任单位</td><td>整改措施</td></tr>"
        "<tr><td rowspan=2>1</td><td>目录不全</td><td>办公室</td><td>逐项补齐</td></tr>"
        "<tr><td>栏目陈旧</td><td>信息科</td><td>更换栏目</td></tr></table>"
    )
    found = extract(read_bytes(PAGE.format(text=table).encode(), ".html"))
    assert [(p.kind, p.text) for p in found.points] == [
        ("problem", "目录不全"),
        ("problem", "栏目陈旧"),
        ("improvement", "逐项补齐"),
        ("improvement", "更换栏目"),
    ]
    assert found.points[1].part == "table:1/r3/c2"


def test_traditional_characters_are_read_and_kept() -> None:
    text = "存在的主要問題：公開的時效還不夠。改進措施：加強培訓。"
    assert points(text) == [("problem", "公開的時效還不夠。"), ("improvement", "加強培訓。")]


REPEATED = [
    "我局更新不及时，下一步将加强培训。",
    "一是不够；",
    "（一）一是1.①",
    "问题：",
    "我局将",
    "解决对",
    "公开不够。还行。\n",
    "存在问题\t措施\n",
    "（",
    " ",
    "\n",
]


@pytest.mark.parametrize("text", REPEATED)
def test_time_grows_with_the_text_and_no_faster(text: str) -> None:
    def seconds(characters: int) -> float:
        start = time.process_time()
        points(text * (characters // len(text)))
        return time.process_time() - start

    points(text * 100)
    least = min(seconds(20_000) for _ in range(2))
    assert seconds(160_000) < 8 * 3 * least + 0.2


def test_an_unknown_key_of_the_words_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.toml.decode(b"style = 'x'\npattern = 'x'\nafter = 'any'\nodd = 1", type=MarkStyle)
    assert {s.style for s in point_words().styles} >= {"is", "bracketed", "digit", "circled"}


MARKS = {
    "is": ("一是甲事不够。", "二是乙事不足。"),
    "must": ("一要补齐甲。", "二要补齐乙。"),
    "its": ("其一，甲事不够。", "其二，乙事不足。"),
    "comes": ("一来甲事不够，", "二来乙事不足。"),
    "letter": ("A.甲事不够；", "B.乙事不足。"),
    "nth": ("第一，甲事不够；", "第二，乙事不足。"),
    "order": ("首先，甲事不够；", "其次，乙事不足。"),
    "side": ("一方面，甲事不够；", "另一方面，乙事不足。"),
    "bracketed": ("（一）甲事不够。", "（二）乙事不足。"),
    "bracketed_digit": ("（1）甲事不够。", "[2]乙事不足。"),
    "chinese": ("一、甲事不够。", "二、乙事不足。"),
    "digit": ("1.甲事不够。", "2.乙事不足。"),
    "circled": ("①甲事不够；", "②乙事不足。"),
    "problem": ("问题一：甲事不够。", "问题二：乙事不足。"),
    "measure": ("措施一：补齐甲。", "措施二：补齐乙。"),
    "bullet": ("●甲事不够，很慢。\n", "●乙事不足，很慢。"),
}


@pytest.mark.parametrize("style", [s.style for s in point_words().styles])
def test_every_style_of_enumerator_parts_its_items(style: str) -> None:
    found = points("".join(MARKS[style]))
    assert [text for _, text in found] == [item.strip("，\n") for item in MARKS[style]]


def test_what_leads_to_a_list_is_no_point_of_its_own_and_is_not_lost() -> None:
    named = "存在问题：\n1.公开内容方面\n（1）目录不全。\n（2）更新慢。"
    assert problems(named) == ["（1）目录不全。", "（2）更新慢。"]
    said = "存在问题：个别科室重业务轻公开的想法由来已久。一是应付了事；二是能拖就拖。"
    assert problems(said) == [
        "个别科室重业务轻公开的想法由来已久。一是应付了事；",
        "二是能拖就拖。",
    ]


@pytest.mark.parametrize(
    "opening",
    [
        "对照群众期待，工作中还有几个问题需要解决。",
        "虽有进步，但也存在一些不足。",
        "主要问题有以下几点。",
        "我们发现以下薄弱环节。",
        "工作中仍面临需要尽快整改的问题：",
    ],
)
def test_what_says_that_there_are_problems_leads_to_them(opening: str) -> None:
    turn = "改进措施主要有以下几个方面。"
    text = f"{opening}一是目录不全。二是答复偏慢。{turn}一是逐项补齐。二是限时答复。"
    assert problems(text) == ["一是目录不全。", "二是答复偏慢。"]
    assert improvements(text) == ["一是逐项补齐。", "二是限时答复。"]


def test_every_problem_and_measure_of_the_samples_is_known_for_what_it_is() -> None:
    pool = sample_prose().problems
    blanks = defaultdict(lambda: "某事", self="我局", next_year=2024, year=2023)
    for opening, turn in product(pool.opening, pool.turn):
        said = [topic.problem[-1].format_map(blanks) for topic in pool.topics[:6]]
        done = [topic.improvement[-1].format_map(blanks) for topic in pool.topics[:6]]
        text = (
            f"{opening.format_map(blanks)}{'；'.join(said)}。\n"
            f"{turn.format_map(blanks)}{'；'.join(done)}。"
        )
        assert [p.strip("；。") for p in problems(text)] == said
        assert [p.strip("；。") for p in improvements(text)] == done
    for topic in pool.topics:
        for problem in topic.problem:
            assert problems(problem.format_map(blanks)), problem
        for problem, whence, so in product(topic.problem, pool.whence, pool.so):
            text = f"一是{whence}{problem}{so}。".format_map(blanks)
            assert points(text) == [("problem", text)], text
        for measure, when, until in product(topic.improvement, pool.when, pool.until):
            text = f"一是{when}{measure}{until}。".format_map(blanks)
            found = points(f"{pool.turn[-1]}{text}")
            assert found == [("improvement", text)], text
