from __future__ import annotations

import pytest

from govreport_core.extract import extract
from govreport_core.model import Claim, Report
from govreport_core.sources import read_bytes

TABLES = (
    "二、主动公开政府信息情况\n第二十条第（一）项\n"
    "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n"
    "规章\t0\t0\t0\n行政规范性文件\t0\t0\t0\n"
    "三、收到和处理政府信息公开申请情况\n"
    "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n"
    "一、本年新收政府信息公开申请数量 {row}\n"
)
TITLE = "云川市财政局2023年政府信息公开工作年度报告\n"


def report(text: str) -> Report:
    return extract(read_bytes(text.encode()))


def claims(sentence: str, received: int = 12, title: str = TITLE) -> list[Claim]:
    row = f"{received} 0 0 0 0 0 {received}"
    return list(report(f"{title}一、总体情况\n{sentence}\n{TABLES.format(row=row)}").claims)


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("2023年我局共收到政府信息公开申请12件。", 12),
        ("全年收到依申请公开 12 件，均按期答复。", 12),
        ("新收政府信息公开申请共计12宗。", 12),
    ],
)
def test_a_figure_of_requests_received_is_held_against_its_cell(
    sentence: str, number: float
) -> None:
    (claim,) = claims(sentence)
    assert (claim.claim, claim.number, claim.scope, claim.agrees) == (
        "received",
        number,
        None,
        True,
    )


def test_a_figure_that_differs_does_not_agree() -> None:
    (claim,) = claims("2023年我局共收到政府信息公开申请11件。")
    assert (claim.number, claim.scope, claim.agrees) == (11, None, False)


def test_a_figure_whose_year_or_agency_goes_unsaid_is_the_reports_own_by_implication() -> None:
    for sentence in ("全年共收到政府信息公开申请11件。", "我局收到政府信息公开申请11件。"):
        (claim,) = claims(sentence)
        assert (claim.number, claim.scope, claim.agrees) == (11, "implied", False)


@pytest.mark.parametrize(
    ("sentence", "scope"),
    [
        ("其中，收到政府信息公开申请5件。", "part"),
        ("其中，通过网络收到政府信息公开申请5件。", "part"),
        ("去年收到政府信息公开申请9件。", "other_year"),
        ("2022年收到政府信息公开申请9件。", "other_year"),
        ("2022年，我局规范办理。全年收到政府信息公开申请9件。", "other_year"),
        ("全市共收到政府信息公开申请90件。", "not_understood"),
        ("区政府办代表区政府受理政府信息公开申请7件。", "not_understood"),
        ("受理政府信息公开申请7件。", "accepted"),
        ("累计收到政府信息公开申请70件。", "cumulative"),
        ("收到政府信息公开申请90余件。", "rounded"),
        ("收到政府信息公开申请约90件。", "rounded"),
    ],
)
def test_a_figure_that_may_count_something_else_says_so(sentence: str, scope: str) -> None:
    (claim,) = claims(sentence)
    assert claim.scope == scope


def test_those_carried_over_may_be_among_those_received() -> None:
    row = "12 0 0 0 0 0 12\n二、上年结转政府信息公开申请数量 1 0 0 0 0 0 1"
    text = f"{TITLE}一、总体情况\n2023年我局收到政府信息公开申请13件。\n{TABLES.format(row=row)}"
    (claim,) = report(text).claims
    assert (claim.number, claim.scope) == (13, "with_carried_over")


@pytest.mark.parametrize(
    "sentence",
    [
        "上半年收到政府信息公开申请5件。",
        "第三季度收到政府信息公开申请2件。",
        "3月收到政府信息公开申请2件。",
        "一是邮箱收到公开申请4件；二是窗口收到公开申请8件。",
        "收到涉及征收补偿的政府信息公开申请3件。",
        "收到企业提出的政府信息公开申请3件。",
        "共收到政府信息公开申请14件（含重复2件）。",
        "收到省厅转来的公开申请3件。",
        "收到其他部门征求意见的公开申请3件。",
        "演练中收到模拟公开申请3件。",
        # together they are all
        "我局收到公开申请5件，分局收到公开申请7件。",
        # none of one kind is not none at all
        "未收到涉及商业秘密的公开申请。",
        "没有收到要求提供年鉴的申请。",
        "未收到补正申请。",
        "11月前未收到申请。",
    ],
)
def test_a_part_of_the_requests_is_not_all_of_them(sentence: str) -> None:
    found = claims(sentence)
    assert found
    assert {c.scope for c in found} <= {"part", "not_understood"}


@pytest.mark.parametrize(
    "sentence",
    [
        "2023年1月1日至12月31日，共收到政府信息公开申请1件。",
        "截至2023年12月31日，共收到政府信息公开申请1件。",
        "2023年1-12月，收到政府信息公开申请1件。",
        "收到公民、法人和其他组织政府信息公开申请1件。",
        "我局认真落实有关规定，全年收到政府信息公开申请1件。",
        "我局未收到公民、法人或者其他组织提出的政府信息公开申请。",
        "全年没有收到任何依申请公开申请。",
        "2023年1月1日至2023年12月31日，我局未收到申请。",
    ],
)
def test_the_whole_year_and_all_applicants_are_no_part(sentence: str) -> None:
    (claim,) = claims(sentence)
    assert claim.scope in (None, "implied")
    assert claim.agrees is False


def test_the_whole_area_is_a_governments_own_scope() -> None:
    title = "云川市人民政府2023年政府信息公开工作年度报告\n"
    (claim,) = claims("全市共收到政府信息公开申请12件。", title=title)
    assert (claim.scope, claim.agrees) == (None, True)


@pytest.mark.parametrize(
    "sentence",
    ["我局未收到政府信息公开申请。", "2023年没有收到任何公开申请。", "共收到政府信息公开申请0件。"],
)
def test_none_received_is_a_claim_of_its_own(sentence: str) -> None:
    found = claims(sentence, received=0)
    assert [(c.number, c.agrees) for c in found if c.claim == "none_received"] == [(0, True)]


def test_ten_requests_are_not_none() -> None:
    assert {c.claim for c in claims("共收到政府信息公开申请10件。", received=10)} == {"received"}


@pytest.mark.parametrize(
    "sentence",
    ["受理信访举报12件。", "收到市民来信12件。", "因政府信息公开申请引发的行政复议12件。"],
)
def test_other_matters_are_no_claims_about_requests(sentence: str) -> None:
    found = [c for c in claims(sentence) if c.claim in ("received", "none_received")]
    assert [c for c in found if c.scope is None] == []


def test_lines_broken_by_their_width_are_joined_and_others_are_not() -> None:
    found = report(
        TITLE
        + "一、总体情况\n2023年，我局按照有关要求扎实开展政府信息公开工作，不断完善公开制度，\n"
        "依法保障公众的知情权。\n（一）主动公开情况。\n按时发布。\n二、主动公开政府信息情况\n"
    )
    assert found.sections[0].text == (
        "2023年，我局按照有关要求扎实开展政府信息公开工作，不断完善公开制度，依法保障公众的知情权。\n"
        "（一）主动公开情况。\n按时发布。"
    )


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("3、收到和处理政府信息公开申请情况", "section_number_odd"),
        ("收到和处理政府信息公开申请情况", "heading_unnumbered"),
        ("四、收到和处理政府信息公开申请情况", "section_number_odd"),
    ],
)
def test_a_heading_with_another_number_or_none_is_found_and_noted(heading: str, code: str) -> None:
    row = "0 0 0 0 0 0 0"
    text = TITLE + "一、总体情况\n无\n" + TABLES.format(row=row)
    found = report(text.replace("三、收到和处理政府信息公开申请情况", heading))
    assert "s3_requests" in {s.section for s in found.sections}
    assert code in {d.code for d in found.diagnostics}


def test_a_table_of_contents_does_not_cut_the_sections() -> None:
    contents = "一、总体情况\n二、主动公开政府信息情况\n五、存在的主要问题及改进情况\n"
    text = TITLE + contents + "一、总体情况\n工作有序。\n五、存在的主要问题及改进情况\n人手不足。\n"
    found = {s.section: s.text for s in report(text + TABLES.format(row="0 0 0 0 0 0 0")).sections}
    assert found["s1_overview"] == "工作有序。"


FIVE = TITLE + "{tables}五、存在的主要问题及改进情况\n{text}\n六、其他需要报告的事项\n无\n"


@pytest.mark.parametrize(
    ("text", "problems", "improvements"),
    [
        (
            "（一）主要问题\n一是人手不足。\n二是更新不及时。\n（二）改进情况\n一是充实人员。",
            ["一是人手不足。", "二是更新不及时。"],
            ["一是充实人员。"],
        ),
        (
            "存在以下不足：一是人手不足；二是更新不及时。下一步，我局将采取以下措施：一是充实人员。",
            ["一是人手不足；", "二是更新不及时。"],
            ["一是充实人员。"],
        ),
        (
            "工作中更新还不够及时。针对存在问题，我局安排了专人负责此项工作。",
            ["工作中更新还不够及时。"],
            ["针对存在问题，我局安排了专人负责此项工作。"],
        ),
    ],
)
def test_problems_and_improvements_are_told_apart(
    text: str, problems: list[str], improvements: list[str]
) -> None:
    tables = TABLES.format(row="0 0 0 0 0 0 0")
    points = report(FIVE.format(tables=tables, text=text)).points
    assert [p.text for p in points if p.kind == "problem"] == problems
    assert [p.text for p in points if p.kind == "improvement"] == improvements


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("一、总体工作情况", "s1_overview"),
        ("五、存在的主要问题及下步改进措施", "s5_problems"),
        ("四、政府信息公开行政复议、行政诉讼的情况", "s4_review_litigation"),
        ("六、其他需要报告事项", "s6_other"),
        ("六、其他需要报告的事项：无", "s6_other"),
    ],
)
def test_a_heading_in_other_words_is_known_by_its_number_and_likeness(
    heading: str, section: str
) -> None:
    text = f"{TITLE}{TABLES.format(row='0 0 0 0 0 0 0')}{heading}\n内容如下。\n"
    assert section in {s.section for s in report(text).sections}


def test_a_row_of_table_three_is_never_a_heading() -> None:
    text = TITLE + TABLES.format(row="0 0 0 0 0 0 0") + "四、结转下年度继续办理 0 0 0 0 0 0 0\n"
    assert "s4_review_litigation" not in {s.section for s in report(text).sections}


def test_a_heading_broken_off_after_its_number_keeps_it() -> None:
    row = "0 0 0 0 0 0 0"
    text = TITLE + "一、总体情况\n工作有序。\n" + TABLES.format(row=row)
    found = report(text.replace("二、主动", "二、\n主动").replace("三、收到", "三、\n收到"))
    assert {s.section: s.text for s in found.sections}["s1_overview"] == "工作有序。"
    codes = {d.code for d in found.diagnostics}
    assert not codes & {"heading_unnumbered", "section_number_odd"}
