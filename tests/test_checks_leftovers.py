"""Stale years, plans, forwarded documents, placeholders and rates: what is told, what is let pass.

All reports of a list are judged at once; the sentences are made up.
"""

from __future__ import annotations

import pytest
from filled import T3, Filled

from govreport_core.checks import run

pytestmark = pytest.mark.slow

RECEIVED = (T3, "requests_received", "applicant_total")


def told(
    texts: list[str], check: str, section: str = "s1_overview", **about: str
) -> dict[str, tuple[str, str]]:
    """What a rule says of reports for 2023 that each hold one of these texts."""
    reports = []
    for n, text in enumerate(texts):
        report = Filled(document_id=f"d{n}", agency_id=f"a{n}", **about)
        report.text[section] = f"2023年，各项工作有序。\n{text}"
        report.prior(document_id=f"before-{n}").put(*RECEIVED, 24)
        report.put(*RECEIVED, 30)
        reports.append(report)
    first, *others = reports
    first.others.extend(others)
    rows = (
        run(first.frames(), only={check})
        .filter(check=check)
        .select("document_id", "outcome", "severity")
    )
    found = {doc: (outcome, severity) for doc, outcome, severity in rows.iter_rows()}
    return {text: found[f"d{n}"] for n, text in enumerate(texts)}


def outcomes(texts: list[str], check: str, **about: str) -> dict[str, list[str]]:
    """The texts by outcome."""
    found: dict[str, list[str]] = {}
    for text, (outcome, _) in told(texts, check, **about).items():
        found.setdefault(outcome, []).append(text)
    return found


def test_a_paragraph_of_an_earlier_year_is_told_and_background_isnt() -> None:
    stale = [
        "2022年，我局主动公开信息120条。",
        "（一）主动公开。2021年度，本机关共发布信息30条。",
        "20２2年，我局主动公开信息120条。",
    ]
    background = [
        "2022年，我局被评为先进集体。",
        "2022年，我局收到申请3件，比上年增加1件。",
        "2022年以来，我局主动公开信息120条。",
        "2022年，国务院办公厅印发新的格式。",
        "2022年，我局启动改版，2023年完成。",
        "根据2022年工作要点，我局主动公开信息。",
        "2022年，我局收到的申请结转2件，均已答复。",
        "2022年，我局主动公开信息120条，２０２３年130条。",
    ]
    assert outcomes([*stale, *background], "n_stale_year") == {"fail": stale, "pass": background}


def test_a_plan_for_the_own_year_is_told_and_the_word_jiang_alone_isnt() -> None:
    plans = [
        "2023年将进一步加强培训。",
        "针对上述问题，2023年，我局将重点做好以下工作：",
        "下一步，2023年我局要加快更新。",
        "三、2023年工作打算",
    ]
    none = [
        "2024年将进一步加强培训。",
        "2023年，我局将政务公开纳入考核。",
        "2023年，我局将重点领域信息公开作为主线。",
        "上年度报告提出，2023年将进一步加强培训，已完成。",
        "制定2023年工作打算，逐项落实。",
        "2023年，我局不断加强培训，下一步将进一步完善。",
    ]
    found = outcomes([*plans, *none], "n_plan_own_year", section="s5_problems")
    assert found == {"fail": plans, "pass": none}


def test_another_provinces_document_is_told_and_a_lesson_isnt() -> None:
    copied = ["及时转发《浙江省人民政府办公厅通知》。", "转发了广东省政务公开要点。"]
    fine = [
        "及时转发《江苏省人民政府办公厅通知》。",
        "转发浙江省经验做法，组织学习。",
        "转发《国务院办公厅通知》。",
        "赴浙江省调研。",
    ]
    found = outcomes([*copied, *fine], "n_forwarded", region_code="320813")
    assert found == {"fail": copied, "pass": fine}


def test_a_national_body_may_forward_any_provinces_document() -> None:
    report = Filled(region_code="110000", agency_level="national")
    report.text["s1_overview"] = "转发《浙江省人民政府办公厅通知》。"
    assert run(report.frames(), only={"n_forwarded"}).filter(check="n_forwarded").is_empty()


def test_what_was_to_be_filled_in_is_told_and_a_lost_number_is_a_remark() -> None:
    left = ["20XX年，工作有序。", "发布信息××条。", "由XX局负责。", "202X年完成。"]
    alone = ["收到政府信息公开申请  件，均已答复。", "主动公开信息____条。"]
    fine = [
        "学习《XX市政务公开办法》。",
        "张某诉XX局案已审结。",
        "网址为gkml.xxgk年度栏目。",
        "收到的申请件，均已登记。",
        "公开信息 30 条。",
        "实行5×8小时值守。",
    ]
    found = told([*left, *alone, *fine], "n_leftovers")
    assert {text: found[text] for text in left} == dict.fromkeys(left, ("fail", "warning"))
    assert {text: found[text] for text in alone} == dict.fromkeys(alone, ("fail", "info"))
    assert {found[text][0] for text in fine} == {"pass"}


def test_a_rate_is_recomputed_only_where_all_of_its_sentence_is_understood() -> None:
    """Thirty requests, twenty-four the year before."""
    wrong = [
        "全年收到政府信息公开申请30件，同比增长20%。",
        "2023年，我局共收到申请30件，比2022年下降25%，均已答复。",
        "全年收到政府信息公开申请3０件，同比增长２0%。",
    ]
    right = [
        "全年收到政府信息公开申请30件，同比增长25%。",
        "本年度收到申请30件（比上年增加25.0%）。",
    ]
    other = [
        "全年收到政府信息公开申请30件，同比增长约20%。",
        "全年收到政府信息公开申请28件，同比增长20%。",
        "全县收到政府信息公开申请30件，同比增长20%。",
        "2022年，我局共收到申请30件，同比增长20%。",
        "全年收到政府信息公开申请30件，比2021年增长20%。",
        "全年收到网络申请30件，同比增长20%。",
        "全年主动公开信息30条，同比增长20%。",
        "全年收到政府信息公开申请3٠件，同比增长2٠%。",
    ]
    found = outcomes([*wrong, *right, *other], "x_growth")
    assert found == {"fail": wrong, "pass": right, "skip": other}
