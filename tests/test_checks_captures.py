"""Readings of one report that differ: cell by cell, or one note where a correction is announced."""

from __future__ import annotations

import polars as pl
import pytest
from filled import T3, Filled

from govreport_core.checks import run, sentence

ROW = "requests_received"
NOTICE = "更正说明：因统计时漏报2件，原报告表三数据有误，现予更正。"


def twice(said: str = "", *, by_the_other: bool = False, state: str = "reported") -> Filled:
    """A report and another capture of it with two other figures; one of them says something."""
    report = Filled(source_url="https://www.example.com/1.html")
    other = report.prior(
        year=2023, document_id="d2", current=False, source_url="https://www.example.com/1.html"
    )
    for column in ("natural_person", "applicant_total"):
        if state == "reported":
            other.put(T3, ROW, column, 2)
        else:
            other.leave(T3, ROW, column, state)
    (other if by_the_other else report).text["s6_other"] += said
    return report


def told(report: Filled) -> list[dict]:
    found = run(report.frames(), only={"p_changed_after", "p_versions_conflict"})
    return found.filter(pl.col("check") == "p_changed_after").to_dicts()


def test_each_cell_is_told_with_both_figures() -> None:
    rows = told(twice())
    assert {(row["severity"], row["expected"], row["actual"]) for row in rows} == {
        ("warning", 2, 0)
    }
    assert [row["subject"].rpartition(".")[2] for row in rows] == [
        "applicant_total",
        "natural_person",
    ]
    assert "相差 2" in sentence("p_changed_after", rows[0], "zh")


@pytest.mark.parametrize("by_the_other", [False, True])
def test_a_correction_announced_with_its_reason_is_one_note(by_the_other: bool) -> None:
    (row,) = told(twice(NOTICE, by_the_other=by_the_other))
    assert (row["outcome"], row["severity"], row["subject"]) == ("fail", "info", "report")
    for lang in ("zh", "en"):
        said = sentence("p_changed_after", row, lang)
        assert "漏报2件" in said
        assert "2" in said.replace("漏报2件", "")


def test_a_notice_above_the_text_counts_too() -> None:
    report = twice()
    report.lines = ["更正说明：因录入错误，原发布的年度报告表三数据", "有误，现更正为下表。"]
    assert [row["subject"] for row in told(report)] == ["report"]


@pytest.mark.parametrize(
    "said",
    [
        # no reason, not of the report, a procedure
        "本报告重新发布。",
        "更正说明：因字形错误，门户网站首页标题现予更正。",
        "对发布有误的数据及时更正。",
        "因申请人提出异议，政府信息2条已更正。",
    ],
)
def test_another_correction_leaves_the_cells_told(said: str) -> None:
    assert len(told(twice(said))) == 2


@pytest.mark.parametrize("state", ["unreadable", "blank", "absent", "placeholder"])
def test_what_one_reading_has_no_number_for_is_no_difference(state: str) -> None:
    (row,) = told(twice(state=state))
    assert row["subject"] == "report"
    assert row["outcome"] == ("skip" if state == "unreadable" else "pass")
