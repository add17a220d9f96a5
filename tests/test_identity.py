from __future__ import annotations

import pytest

from govreport_core.extract import extract
from govreport_core.model import Report
from govreport_core.sources import read_bytes


def report(text: str) -> Report:
    return extract(read_bytes(text.encode()))


@pytest.mark.parametrize(
    ("head", "agency", "year"),
    [
        ("云川市财政局2023年政府信息公开工作年度报告", "云川市财政局", 2023),
        ("云川市财政局\n2023 年政府信息公开工作年度报告", "云川市财政局", 2023),
        ("云川市财政局\n\n政府信息公开工作2023年度报告", "云川市财政局", 2023),
        ("云川市人民政府办公室关于2023年度政府信息公开工作年度报告", "云川市人民政府办公室", 2023),
        ("2023年云川市财政局政府信息公开工作年度报告", "云川市财政局", 2023),
        ("云川市财政局2023年\n政府信息公开工作年度报告", "云川市财政局", 2023),
        ("云川市财政局\n2023年度\n政府信息公开年度报告", "云川市财政局", 2023),
        ("云川市财政局政府信息公开工作年度报告（2023年度）", "云川市财政局", 2023),
        ("2023年政府信息公开工作年度报告", None, 2023),
        ("财政局2023年政府信息公开工作年度报告", "财政局", 2023),
        ("云川市东河区\n人民政府2023年政府信息公开工作年度报告", "云川市东河区人民政府", 2023),
        ("云川市东河区\n人民政府\n2023年政府信息公开工作年度报告", "云川市东河区人民政府", 2023),
        ("云川市财政局2023年政府信息公开\n工作年度报告", "云川市财政局", 2023),
        ("云川市财政局\n政府信息公开工作年度报告\n（2023年度）", "云川市财政局", 2023),
        (
            "云川市公安局（交警支队）2023年政府信息公开工作年度报告",
            "云川市公安局（交警支队）",
            2023,
        ),
        ("云川市财政局2023年政府信息公开年报", "云川市财政局", 2023),
        ("云川市财政局2023年度信息公开年度报告", "云川市财政局", 2023),
        ("关于云川市财政局2023年政府信息公开工作年度报告的公示", "云川市财政局", 2023),
        ("云川市财政局2023年政府信息公开工作年度报告（含附表）", "云川市财政局", 2023),
        ("政府信息公开\n云川市财政局2023年政府信息公开工作年度报告", "云川市财政局", 2023),
        ("云川市财政局二〇二三年度政府信息公开工作年度报告", "云川市财政局", 2023),
        ("云川市财政\u200b局2023年政府\u200b信息公开工作年度报告", "云川市财政局", 2023),
        ("云川市财政局2O23年政府信息公开工作年度报告", "云川市财政局", 2023),
        ("关于公布云川市财政局2023年政府信息公开工作年度报告的公告", "云川市财政局", 2023),
        ("云川市财政局2024年发布的政府信息公开工作年度报告（2023年度）", "云川市财政局", 2023),
        ("云川市财政局2024年1月发布2023年政府信息公开工作年度报告", None, 2023),
        ("1\n云川市財政局\n2023 年政府信息公開(kāi)工作年度報(bào)告", "云川市财政局", 2023),
    ],
)
def test_agency_and_year_as_printed_in_the_title(head: str, agency: str | None, year: int) -> None:
    found = report(f"{head}\n一、总体情况\n我局认真开展工作。\n")
    assert (found.agency_name, found.year) == (agency, year)
    assert found.title is not None


@pytest.mark.parametrize(
    ("head", "agency"),
    [
        # broken within the name, within the document's name, around the year
        ("云川市东河区人\n民政府2023年政府信息公开工作年度报告", "云川市东河区人民政府"),
        ("云川市东河区人民政\n府2023年政府信息公开工作年度报告", "云川市东河区人民政府"),
        ("云川市市场监督管\n理局2023年政府信息公开工作年度报告", "云川市市场监督管理局"),
        ("云川市\n财政局2023年政府信息公开工作年度报告", "云川市财政局"),
        ("云川市\n长溪镇人民政府\n2023年政府信息\n公开工作\n年度报告", "云川市长溪镇人民政府"),
        ("年云川市财政局政府信息公开工作年度报告\n2023", "云川市财政局"),
        ("2023\n年云川市财政局政府信息公开工作年度报告", "云川市财政局"),
        ("云川市财政局   年政府信息公开工作年度报告\n2023", "云川市财政局"),
        ("云川市财政局2023\n年政府信息公开工作年度报告", "云川市财政局"),
        ("云川市\n2023年报告", "云川市"),
        ("云川市财政局\n2023 年年度报告", "云川市财政局"),
        ("云川市住房和城乡\n建设局2023年政府信息公开工作年度报告", "云川市住房和城乡建设局"),
        ("云川市财政局关于\n2023年政府信息公开工作年度报告", "云川市财政局"),
        # twice on one line
        ("云川市财政局 云川市财政局2023年政府信息公开工作年度报告", "云川市财政局"),
        (
            "云川市财政局2023年政府信息公开工作年度报告 云川市财政局2023年政府信息公开工作年度报告",
            "云川市财政局",
        ),
        (
            "2023年政府信息公开工作年度报告云川市财政局2023年政府信息公开工作年度报告",
            "云川市财政局",
        ),
        # what a box, a heading or an announcement sets around it
        ("名称 云川市财政局2023年政府信息公开工作年度报告", "云川市财政局"),
        ("名 称： 云川市财政局2023年政府信息公开工作年度报告", "云川市财政局"),
        ("信息名称：云川市财政局2023年政府信息公开工作年度报告", "云川市财政局"),
        ("标题\t云川市财政局2023年政府信息公开工作年度报告", "云川市财政局"),
        ("#云川市财政局2023年政府信息公开工作年度报告", "云川市财政局"),
        ("## 云川市财政局\n## 2023年政府信息公开工作年度报告", "云川市财政局"),
        ("**云川市财政局2023年政府信息公开工作年度报告**", "云川市财政局"),
        ("《云川市财政局2023年政府信息公开工作年度报告》", "云川市财政局"),
        ("云川市财政局2023年政府信息公开工作年度报告|统计期限自2023年1月1日起。", "云川市财政局"),
        ("附件1：云川市财政局2023年政府信息公开工作年度报告", "云川市财政局"),
        ("1.云川市财政局2023年政府信息公开工作年度报告", "云川市财政局"),
        ("【年报】云川市财政局2023年政府信息公开工作年度报告", "云川市财政局"),
        # characters of fonts and of traditional script; 乾 and 於 are in use
        ("云川市⻄河区⼈⺠政府2023年政府信息公开⼯作年度报告", "云川市西河区人民政府"),
        ("云川市⾧溪镇2023年政府信息公开工作年度报告", "云川市长溪镇"),
        ("雲川市東河區人民政府2023年政府信息公開工作年度報告", "云川市东河区人民政府"),
        ("乾川县於溪镇人民政府2023年政府信息公开工作年度报告", "乾川县於溪镇人民政府"),
    ],
)
def test_a_name_is_whole_and_nothing_else_stands_in_it(head: str, agency: str) -> None:
    found = report(f"{head}\n一、总体情况\n我局认真开展工作。\n")
    assert (found.agency_name, found.year) == (agency, 2023)


@pytest.mark.parametrize(
    "head",
    [
        "民政府2023年政府信息公开工作年度报告",
        "政务公开\n理局2023年政府信息公开工作年度报告",
        "云川市财政局2023年政府信息公开工作年度报告云川市水利局2023年政府信息公开工作年度报告",
    ],
)
def test_the_end_of_a_broken_name_and_two_names_are_none(head: str) -> None:
    found = report(f"{head}\n一、总体情况\n我局认真开展工作。\n")
    assert found.agency_name is None
    assert "agency_unknown" in {d.code for d in found.diagnostics}


def test_a_long_line_of_prose_is_never_cut_to_a_title() -> None:
    prose = "，".join(["现将云川市水利局2022年政府信息公开工作年度报告一并公布"] * 5)
    for end in range(70, 100):
        head = f"{prose[:end]}》{prose[end:]}\n2023年政府信息公开工作年度报告"
        found = report(f"{head}\n一、总体情况\n我局认真开展工作。\n")
        assert (found.agency_name, found.year) == (None, 2023)


@pytest.mark.parametrize("menu", ["部门文件", "公开专区", "各县区", "首页"])
def test_an_item_of_a_menu_is_no_part_of_the_name_below(menu: str) -> None:
    found = report(f"{menu}\n财政局2023年政府信息公开工作年度报告\n一、总体情况\n有序。\n")
    assert found.agency_name == "财政局"


LAW = "根据《中华人民共和国政府信息公开条例》的要求，"


@pytest.mark.parametrize(
    ("head", "agency", "rule"),
    [
        (f"云川市财政局\n{LAW}现公布2023年政府信息公开工作年度报告。", "云川市财政局", "name_line"),
        (f"云川市财政局\n{LAW}现公布市财政局2023年工作年度报告。", "云川市财政局", "name_line"),
        (f"{LAW}云川市财政局特编制2023年政府信息公开年度报告。", "云川市财政局", "self_reference"),
        (f"{LAW}云川市东河区河东街道编制了本报告。", "云川市东河区河东街道", "self_reference"),
        # the site's name, another body, a menu between, no name of its own
        (f"云川市人民政府\n{LAW}现公布市财政局2023年政府信息公开年度报告。", None, None),
        (f"云川市财政局网站\n{LAW}现公布2023年政府信息公开工作年度报告。", None, None),
        (f"云川市财政局\n首页\n{LAW}现公布2023年政府信息公开工作年度报告。", None, None),
        (f"{LAW}我局特编制2023年政府信息公开年度报告。", None, None),
        (f"{LAW}市财政局特编制2023年政府信息公开年度报告。", None, None),
        (
            f"{LAW}云川市财政局编制了本报告。云川市水利局编制了本报告。",
            None,
            None,
        ),
    ],
)
def test_without_a_title_the_line_above_the_text_or_its_own_word_names_the_agency(
    head: str, agency: str | None, rule: str | None
) -> None:
    found = report(f"{head}\n一、总体情况\n2023年工作有序。\n二、主动公开政府信息情况\n")
    assert found.agency_name == agency
    assert found.year == 2023
    chosen = [e.rule for e in found.evidence if e.field == "agency_name" and e.chosen]
    assert chosen == ([rule] if rule else [])


@pytest.mark.parametrize(
    "line",
    [
        "来源：云川市财政局 时间：2024-01-18 15:35",
        "发布日期: 2024-01-18  来源:云川市财政局 字体:  打印",
        "索引号 | 0144/2024 | 发布机构 | 云川市财政局\n发布日期 | 2024年1月18日 | 文号 | 无",
    ],
)
def test_the_line_or_box_near_the_title_of_a_text_tells_the_day_and_the_publisher(
    line: str,
) -> None:
    found = report(f"2023年政府信息公开工作年度报告\n{line}\n一、总体情况\n我局工作有序。\n")
    assert (found.agency_name, found.published_on) == ("云川市财政局", "2024-01-18")
    assert {e.rule for e in found.evidence if e.field == "published_on"} == {"metadata"}


def test_a_menu_above_the_title_that_names_the_document_is_no_title() -> None:
    found = report(
        "当前位置：\n  * 首页\n  * 政府信息公开\n  * 政府信息公开年报\n首页 > 政务公开"
        " > 政府信息公开年报\n政府信息公开年报\n云川市财政局2023年政府信息公开工作年度报告\n"
        "一、总体情况\n我局工作有序。\n"
    )
    assert (found.agency_name, found.year) == ("云川市财政局", 2023)
    assert found.title == "云川市财政局2023年政府信息公开工作年度报告"


def test_another_reports_title_in_a_link_above_is_not_this_ones() -> None:
    found = report(
        "平川县教育局2022年政府信息公开工作年度报告\n2023年政府信息公开工作年度报告\n"
        "本报告统计期限为2023年1月1日至2023年12月31日。\n一、总体情况\n我局工作有序。\n"
        "六、其他需要报告的事项\n无\n云川市财政局\n2024年1月15日\n"
    )
    assert (found.agency_name, found.year) == ("云川市财政局", 2023)


@pytest.mark.parametrize(
    ("overview", "year"),
    [
        ("根据2019年修订的条例，2019年机构改革后，2023年共收到申请3件。", 2023),
        ("2021年国办印发格式以来，工作有序。", None),
        ("2023年我局工作有序，2024年工作提前谋划。", 2023),
        ("2022年有序，2023年也有序。", None),
    ],
)
def test_a_year_of_a_law_a_reform_or_a_plan_is_not_the_reports(
    overview: str, year: int | None
) -> None:
    found = report(
        f"云川市财政局政府信息公开工作年度报告\n一、总体情况\n{overview}\n二、主动公开\n"
    )
    assert found.year == year


def test_an_introduction_names_candidates_but_never_chooses_one() -> None:
    text = (
        "本报告由云川市财政局编制，现公布云川市财政局2023年政府信息公开情况。如有疑问，请与云川市\n"
        "财政局办公室联系（地址：云川市）。\n一、总体情况\n我局工作有序。\n"
    )
    found = report(text)
    assert found.agency_name is None
    evidence = [e for e in found.evidence if e.field == "agency_name"]
    assert [(e.candidate, e.rule, e.chosen) for e in evidence] == [
        ("云川市财政局", "introduction", False),
        ("云川市财政局办公室", "contact", False),
    ]
    first = evidence[0]
    assert first.start is not None
    assert text[first.start : first.end] == "云川市财政局"


def test_without_a_title_the_signature_names_the_agency_and_the_period_the_year() -> None:
    found = report(
        "本报告所列数据的统计期限自2022年1月1\n日起至2022年12月31日止。\n一、总体情况\n我局工作有序。\n"
        "六、其他需要报告的事项\n无\n云川市水利局\n2023年1月19日\n"
    )
    assert (found.agency_name, found.year, found.published_on) == (
        "云川市水利局",
        2022,
        "2023-01-19",
    )
    assert found.sections[-1].text == "无"
    rules = {(e.field, e.rule) for e in found.evidence if e.chosen}
    assert rules >= {
        ("agency_name", "signature"),
        ("year", "period"),
        ("published_on", "signature"),
    }


def test_the_year_the_overview_speaks_of_counts_when_nothing_better_is_there() -> None:
    found = report("一、总体情况\n2020年我局按照要求开展工作。\n二、主动公开政府信息情况\n")
    assert found.year == 2020
    assert found.agency_name is None


def test_two_years_spoken_of_alike_tell_none() -> None:
    found = report("一、总体情况\n2020年我局开展工作，2019年也是。\n二、主动公开政府信息情况\n")
    assert found.year is None
    assert "year_unknown" in {d.code for d in found.diagnostics}


def test_a_signature_date_alone_tells_no_year() -> None:
    found = report("一、总体情况\n我局开展工作。\n六、其他需要报告的事项\n无\n2021年1月5日\n")
    assert (found.year, found.published_on) == (None, "2021-01-05")


@pytest.mark.parametrize("date", ["2021年13月5日", "2021年2月30日", "202年1月5日", "2021年月5日"])
def test_a_date_with_lost_or_impossible_digits_is_none(date: str) -> None:
    found = report(f"一、总体情况\n我局开展工作。\n六、其他需要报告的事项\n无\n{date}\n")
    assert found.published_on is None


def test_title_and_period_that_disagree_are_a_doubt() -> None:
    found = report(
        "云川市财政局2023年政府信息公开工作年度报告\n"
        "数据统计期限为2022年1月1日至2022年12月31日。\n一、总体情况\n我局开展工作。\n"
    )
    assert found.year == 2023
    assert "year_conflict" in {d.code for d in found.diagnostics}


def test_metadata_gives_what_the_text_lacks_but_never_outdoes_the_title() -> None:
    found = report(
        "标题: 云川实验区2023年度政府信息公开工作年度报告\n发布时间: 2024-03-10 12:56\n"
        "发布机构: 云川实验区管委会办公室\n一、总体情况\n全区开展工作。\n"
    )
    assert (found.agency_name, found.year, found.published_on) == (
        "云川实验区",
        2023,
        "2024-03-10",
    )
    assert "agency_conflict" not in {d.code for d in found.diagnostics}


def test_each_fact_points_to_where_it_was_found() -> None:
    text = "云川市财政局\n2023年政府信息公开工作年度报告\n一、总体情况\n我局开展工作。\n"
    document = read_bytes(text.encode())
    parts = {p.part: p.text for p in document.parts}
    agency = next(e for e in extract(document).evidence if e.field == "agency_name")
    assert agency.part is not None
    assert parts[agency.part][agency.start : agency.end] == "云川市财政局"


@pytest.mark.parametrize(
    ("signed", "year"),
    [
        ("2023年1月10日", None),  # signed for 2022: last year's requests are all the prose names
        ("2022年1月10日", 2021),
        ("", 2021),
    ],
)
def test_a_year_the_prose_names_isnt_the_reports_where_the_signature_speaks_for_another(
    signed: str, year: int | None
) -> None:
    signature = f"云川市财政局\n{signed}\n" if signed else ""
    text = f"一、总体情况\n2021年结转的4件也继续办理。\n六、其他需要报告的事项\n无。\n{signature}"
    assert report(text).year == year
