"""What the terminal says: places and forms in words, and no raw code where there is a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from govreport_core import checks, wording
from govreport_core.checks.words import place
from govreport_core.forms import forms
from govreport_core.verdict import Verdict, read_draft, verdict_lines, verdict_of


@pytest.mark.parametrize(
    ("part", "zh", "en"),
    [
        ("line:54", "第 54 行", "line 54"),
        ("table:2/r4/c3", "表 2，第 4 行，第 3 格", "table 2, row 4, cell 3"),
        ("page:3/line:7", "第 3 页，第 7 行", "page 3, line 7"),
        ("sheet:7/r4/c1", "工作表 7，第 4 行，第 1 格", "sheet 7, row 4, cell 1"),
        ("something:else", "something:else", "something:else"),
    ],
)
def test_a_place_is_said_in_words(part: str, zh: str, en: str) -> None:
    assert wording.place_label(part, "zh") == zh
    assert wording.place_label(part, "en") == en


def test_a_form_is_named_by_its_year() -> None:
    assert wording.form_label("form_2021", "zh") == "2021 年格式"
    assert wording.form_label("form_2021", "en") == "form of 2021"
    assert wording.form_label(None, "zh") == "格式未能识别"


@pytest.fixture(scope="module")
def verdict(samples: Path) -> Verdict:
    return verdict_of(read_draft(min(samples.glob("reports/2021/*.txt"))))


def test_a_verdict_has_no_raw_codes_but_the_rules_own(verdict: Verdict) -> None:
    lines = verdict_lines(verdict, everything=True)
    assert "2021 年格式" in lines[0]
    for line in lines:
        said = re.sub(r"\[[^\]]*\]$", "", line)
        assert not re.search(r"form_\d|line:\d|_", said), line


def test_every_result_is_told_once_by_reason_or_by_rule(verdict: Verdict) -> None:
    told = verdict_lines(verdict, everything=True)
    codes = [re.findall(r"[a-z0-9_]+", line.rpartition("[")[2]) for line in told[2:]]
    wanted = {finding.check for finding in verdict.findings}
    assert {code for found in codes for code in found} == wanted
    assert sum("本报告：" in line for line in told) == 0
    assert len(told) < len(verdict.findings)


def test_a_rule_that_holds_is_told_by_what_it_asks_not_by_its_violation(verdict: Verdict) -> None:
    told = "\n".join(verdict_lines(verdict, everything=True))
    balance = checks.catalogue()["t3_balance"].zh
    assert balance.asks in told
    assert balance.title not in told


def test_a_lone_file_has_no_year_before_it_to_be_compared_with(verdict: Verdict) -> None:
    carried = next(finding for finding in verdict.findings if finding.check == "x_carry")
    assert carried.sentence == "没有这一机关上一年度的年报。"


def test_a_skip_says_why_and_where_but_not_again_that_it_is_one() -> None:
    row = {
        "check": "t3_total_blank", "subject": "t3_requests.*.applicant_total", "outcome": "skip",
        "reason": "total_blank", "params": '{"form": "form_2021"}',
    }  # fmt: skip
    assert wording.sentence(row, "zh") == "表三“总计”列：总计格空白。"
    assert wording.sentence({**row, "subject": "report"}, "en") == "The total is blank."


def test_what_a_form_does_not_number_is_called_by_its_name() -> None:
    old = next(form for form in forms().values() if form.id == "form_2014")
    row = f"{old.tables[0].code}.{old.tables[0].rows[3].code}"
    assert place(row, old, "zh") == "“政府信息公开情况统计表”“制发规范性文件总数”行"
    assert place("s1_overview", old, "zh") == "“概述”部分"
    assert place("s1_overview", old, "en") == "Section “Overview”"
    for form in forms().values():
        for subject in (*(s.code for s in form.sections), *(t.code for t in form.tables)):
            assert "零" not in place(subject, form, "zh")
            assert " 0" not in place(subject, form, "en")
