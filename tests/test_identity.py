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
    ],
)
def test_agency_and_year_as_printed_in_the_title(head: str, agency: str | None, year: int) -> None:
    found = report(f"{head}\n一、总体情况\n我局认真开展工作。\n")
    assert (found.agency_name, found.year) == (agency, year)
    assert found.title is not None


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
