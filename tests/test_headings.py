"""Headings in other words in, the sections cut by them out; what is missing, and what only odd."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from govreport_core import checks
from govreport_core.build.frames import FiledReport, Identity, frames_of
from govreport_core.checks import sentence
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.model import Document, Report
from govreport_core.sources import read_bytes

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "headings.jsonl").read_text("utf-8").splitlines()
]
FORM = forms()["form_2021"]
SECTIONS = [s.code for s in FORM.sections]
LABELS = [f"{'一二三四五六'[s.number - 1]}、{s.label}" for s in FORM.sections]
TITLE = "云川市财政局2023年政府信息公开工作年度报告"
BODY = {
    "s1_overview": "全年主动公开信息40条，依申请公开按期答复。",
    "s2_proactive": "表如下。",
    "s3_requests": "没有积压。",
    "s4_review_litigation": "没有案件。",
    "s5_problems": "目录还不全，将逐项补齐。",
    "s6_other": "本年度没有收取信息处理费。",
}
T4 = (
    "<tr>" + "<td>结果维持</td><td>结果纠正</td><td>其他结果</td><td>尚未审结</td><td>总计</td>" * 3
) + ("</tr><tr>" + "<td>0</td>" * 15 + "</tr>")


def table(code: str) -> str:
    """A table of the form with zeros."""
    if code == "t4_review_litigation":
        return (
            f"<table><tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr>{T4}</table>"
        )
    printed = FORM.table(code)
    columns = printed.value_columns
    head = "".join(f"<td>{c.label}{'（单位：万元）' * (c.value == 'money')}</td>" for c in columns)
    rows = "".join(
        f"<tr><td>{r.label}</td>{'<td>0</td>' * len(columns)}</tr>" for r in printed.value_rows
    )
    return f"<p>{printed.label}</p><table><tr><td>信息内容</td>{head}</tr>{rows}</table>"


def page(
    headings: dict[int, str | None] | None = None, *, tables: bool = True, **bodies: str
) -> Document:
    """A report of the form's sections; a heading that is None isn't printed."""
    lines = [f"<h1>{TITLE}</h1>"]
    for section, label in zip(FORM.sections, LABELS, strict=True):
        heading = (headings or {}).get(section.number, label)
        text = bodies.get(section.code, BODY[section.code])
        lines += [f"<p>{line}</p>" for line in (heading or "").split("\n") if line]
        lines += [f"<p>{line}</p>" for line in text.split("\n") if line]
        lines += [table(t.code) for t in FORM.tables if tables and t.section == section.code]
    return read_bytes(f"<html><body>{''.join(lines)}</body></html>".encode(), ".html")


def texts(report: Report) -> dict[str, str]:
    return {s.section: s.text for s in report.sections}


def judged(documents: list[Document]) -> pl.DataFrame:
    """What the checks say of each, by its document's id."""
    filed = [
        FiledReport(
            document,
            extract(document),
            Identity(
                document.document_id, document.document_id, agency_name="云川市财政局", year=2023
            ),
        )
        for document in documents
    ]
    return checks.run(frames_of(filed))


def results(document: Document, check: str = "s_section_missing") -> list[dict]:
    return judged([document]).filter(pl.col("check") == check).to_dicts()


# Cases that are known by their number alone; they are told as warnings.
BY_NUMBER = 6
WHOLE = texts(extract(page()))


def test_the_pages_of_these_tests_read_well() -> None:
    assert [WHOLE[code] for code in SECTIONS if code.startswith(("s1", "s5", "s6"))] == [
        BODY[code] for code in SECTIONS if code.startswith(("s1", "s5", "s6"))
    ]
    (got,) = results(page())
    assert got["outcome"] == "pass"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["heading"])
def test_a_heading_in_other_words_cuts_the_sections_where_the_forms_would(case: dict) -> None:
    assert texts(extract(page({case["number"]: case["heading"]}))) == WHOLE


def test_no_section_is_called_missing_for_its_wording() -> None:
    documents = {
        d.document_id: d for d in (page({case["number"]: case["heading"]}) for case in CASES)
    }
    found = judged(list(documents.values())).filter(
        (pl.col("check") == "s_section_missing") & (pl.col("outcome") == "fail")
    )
    assert found.filter(pl.col("severity") == "error").to_dicts() == []
    assert found.height <= BY_NUMBER


def test_a_number_alone_is_a_warning_that_quotes_it() -> None:
    (got,) = results(page({5: "五、工作展望"}))
    assert (got["outcome"], got["severity"], got["subject"]) == ("fail", "warning", "s5_problems")
    assert "印作“五、工作展望”" in sentence("s_section_missing", got, "zh")
    assert "“五、工作展望”" in sentence("s_section_missing", got, "en")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (2, "它的表格在文中"),
        (4, "它的表格在文中"),
        (5, "相应的内容在文中"),
        (6, "相应的内容在文中"),
    ],
)
def test_a_lost_heading_whose_text_is_there_is_a_warning(number: int, said: str) -> None:
    (got,) = results(page({number: None}))
    assert (got["outcome"], got["severity"]) == ("fail", "warning")
    assert said in sentence("s_section_missing", got, "zh")


def test_a_section_of_which_nothing_is_there_is_an_error() -> None:
    (got,) = results(page({6: None}, s6_other=""))
    assert (got["outcome"], got["severity"], got["subject"]) == ("fail", "error", "s6_other")
    assert sentence("s_section_missing", got, "zh") == "缺少第六部分“其他需要报告的事项”。"


def test_where_a_picture_may_show_it_nothing_is_called_missing() -> None:
    picture = "<img src=/scan.png width=900 height=900>"
    (got,) = results(page({6: None}, s6_other="", s5_problems=BODY["s5_problems"] + picture))
    assert (got["outcome"], got["reason"]) == ("skip", "in_picture")


def test_a_heading_broken_over_two_lines_is_one() -> None:
    found = extract(page({5: "五、存在的主要问题及\n改进情况"}))
    assert texts(found) == WHOLE


def test_a_list_within_the_overview_is_no_section() -> None:
    inner = (
        "一、组织领导。有专人负责。\n二、主动公开。按时发布。\n"
        "三、依申请公开。按时答复。\n四、监督保障。"
    )
    found = texts(extract(page({2: "二、政府信息主动公开情况"}, s1_overview=inner)))
    assert found["s1_overview"] == inner
    assert found["s5_problems"] == BODY["s5_problems"]


def test_a_list_within_section_five_is_no_section() -> None:
    inner = "一、存在的主要问题\n目录还不全。\n二、改进情况\n将逐项补齐。"
    found = texts(extract(page({5: "五、不足与打算"}, s5_problems=inner)))
    assert found["s5_problems"] == inner
    assert found["s6_other"] == BODY["s6_other"]


def test_problems_and_measures_under_two_headings_are_one_section() -> None:
    document = page(
        {5: "五、存在的主要问题", 6: "七、其他需要报告的事项"},
        s5_problems="更新慢。\n六、改进措施\n加强巡查。",
    )
    found = extract(document)
    assert [(p.kind, p.text) for p in found.points] == [
        ("problem", "更新慢。"),
        ("improvement", "加强巡查。"),
    ]
    assert texts(found)["s6_other"] == BODY["s6_other"]


def test_a_row_of_table_three_stands_for_no_section() -> None:
    rows = "四、结转下年度继续办理\n0 0 0 0 0 0 0"
    found = extract(page({4: None}, s3_requests=rows))
    assert "s4_review_litigation" not in texts(found)


def test_headings_without_any_table_do_not_pass() -> None:
    (got,) = results(page(tables=False), "s_table_missing")
    assert (got["outcome"], got["severity"]) == ("fail", "error")
    assert sentence("s_table_missing", got, "zh") == "本报告有各部分的标题，却没有一张表格。"


def test_pictures_in_the_place_of_all_tables_are_a_warning() -> None:
    pictures = {f"{s}": BODY[s] + "<img src=/t.png width=900 height=900>" for s in SECTIONS[1:4]}
    (got,) = results(page(tables=False, **pictures), "s_table_missing")
    assert (got["outcome"], got["severity"]) == ("fail", "warning")


def test_labels_of_tables_that_lost_their_columns_are_no_missing_tables() -> None:
    rows = "\n".join(r.label for r in FORM.table("t3_requests").value_rows)
    found = results(page(tables=False, s3_requests=rows), "s_table_missing")
    assert "report" not in {r["subject"] for r in found if r["outcome"] == "fail"}


def test_traditional_headings_and_words_are_known_by_the_rules() -> None:
    five = "主動公開按期，依申請公開有序，政府信息管理、平臺建設、監督保障各有專人。"
    heads = {1: "一、總體情況", 5: "五、存在的主要問題及改進情況"}
    document = page(heads, s1_overview=five, s5_problems="更新不夠及時，將加強培訓。")
    assert results(document, "n_five_aspects")[0]["outcome"] == "pass"
    assert results(document, "n_section5_empty")[0]["outcome"] == "pass"


def test_signs_behind_a_damaged_heading_are_none_of_its_words() -> None:
    damaged = {1: f"大、总体情况{'。' * 60}", 5: f"五、存在的主要问题和改进的情况{'。;' * 30}"}
    found = extract(page(damaged))
    assert [s.section for s in found.sections] == SECTIONS
