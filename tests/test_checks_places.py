"""Places of others in the prose: the agency's own, those named for a reason, and the rest."""

from __future__ import annotations

import polars as pl
import pytest
from filled import Filled

from govreport_core.checks import run

pytestmark = pytest.mark.slow


def told(text: str, region: str | None = "320813", year: int = 2023) -> list[tuple]:
    """Of a report of 洪泽区 in 淮安市, 江苏省, if not of another place."""
    report = Filled(year=year, region_code=region)
    report.text["s2_proactive"] = text
    rows = run(report.frames(), only={"n_foreign_place"}).filter(
        pl.col("check") == "n_foreign_place"
    )
    return rows.select("outcome", "reason", "subject").rows()


@pytest.mark.parametrize(
    "text",
    [
        "结合盱眙县实际，健全制度。",
        "浙江省人民政府网站设有专栏。",
        "由宿迁市水利局办公室负责。",
        "推进高邮市经济社会发展。",
    ],
)
def test_another_place_as_ones_own_fails(text):
    assert told(text) == [("fail", None, "s2_proactive")]


@pytest.mark.parametrize(
    "text",
    [
        "结合洪泽区实际，健全制度。",
        "向淮安市人民政府、江苏省人民政府报告。",
        # assistance, visits, joint work, cases, companies, titles
        "对口帮扶盱眙县人民政府。",
        "赴宿迁市人民政府办公室考察。",
        "会同盱眙县水务局联合发文。",
        "盱眙县人民法院审理的案件。",
        "参照《浙江省人民政府网站管理办法》执行。",
        # agreements, joint work, reprints, lessons, and the agency's own place beside it
        "与盱眙县人民政府签订备忘录。",
        "配合盱眙县水务局巡查。",
        "协同盱眙县水务局、联动执法。",
        "与盱眙县水务局共同发布。",
        "转载浙江省人民政府网站信息。",
        "设有盱眙县人民政府网站链接。",
        "向盱眙县各部门授课。",
        "收到盱眙县居民的来电。",
        "盱眙县水务局与洪泽区水利局互通信息。",
        # no whole name, or within another word
        "振兴城市经济社会发展。",
        "上海城市管理委员会。",
        "盱眙经济社会发展。",
        # a name without anything that makes it the agency's own
        "盱眙县的龙虾有名。",
    ],
)
def test_what_is_own_or_named_for_a_reason_passes(text):
    assert told(text) == [("pass", None, "report")]


def test_a_city_may_name_what_lies_below_it():
    assert told("结合盱眙县实际，健全制度。", region="320800")[0][0] == "pass"


def test_a_name_that_several_bear_is_own_where_one_of_them_is():
    text = "结合鼓楼区实际，健全制度。"
    assert told(text, region="320106")[0][0] == "pass"  # 南京市鼓楼区
    assert told(text, region="320813")[0][0] == "fail"


def test_only_names_in_force_that_year_count():
    # 洪泽县 became 洪泽区 in 2016
    assert told("结合洪泽县实际，健全制度。", region="110105")[0][0] == "pass"


def test_a_place_unknown_to_the_table_is_held_by_its_code():
    assert told("结合盱眙县实际，健全制度。", region="990121")[0][0] == "fail"


def test_where_the_region_is_in_doubt_nothing_is_said():
    report = Filled(region_code="320813")
    report.text["s2_proactive"] = "结合盱眙县实际，健全制度。"
    report.note("manifest_disagrees", field="region_code", manifest="320813", found="320830")
    rows = run(report.frames(), only={"n_foreign_place"}).filter(
        pl.col("check") == "n_foreign_place"
    )
    assert rows.select("outcome", "reason").rows() == [("skip", "region_unsure")]
