"""What a sentence says is found where a plain dump breaks it over lines."""

from __future__ import annotations

import polars as pl
import pytest
from filled import Filled

from govreport_core.checks import run
from govreport_core.checks.running import begins_here, running


def judged(check: str, *lines: str) -> dict[str, object]:
    report = Filled(lines=list(lines))
    found = run(report.frames(), only={check}).filter(pl.col("check") == check)
    assert found.height == 1
    return found.row(0, named=True)


@pytest.mark.parametrize(
    ("year", "outcome"),
    [("2023", "pass"), ("2022", "fail")],
)
def test_a_period_broken_over_lines_is_read(year: str, outcome: str) -> None:
    found = judged(
        "n_period", "统计", f"期限为{year}年1月1日至{year[:3]}", f"{year[3]}年12月31日。"
    )
    assert found["outcome"] == outcome
    assert found["part"] == "line:0"


@pytest.mark.parametrize(
    ("year", "outcome"),
    [
        ("２０２３", "pass"),
        ("20２3", "pass"),
        ("２０２２", "fail"),
        # figures of another script are none
        ("202٣", "skip"),
    ],
)
def test_a_period_in_wide_figures_is_read(year: str, outcome: str) -> None:
    found = judged("n_period", f"统计期限为{year}年１月１日至{year}年１2月３１日。")
    assert found["outcome"] == outcome


def test_a_sentence_that_ends_doesnt_run_on() -> None:
    found = judged("n_period", "本报告写明统计期限。", "2022年1月1日至2022年12月31日，另有他事。")
    assert found["outcome"] == "skip"


def test_parts_listed_over_lines_are_counted() -> None:
    found = judged(
        "s_intro_parts_mismatch",
        "本报告由六个部分组成：总体情况、主动公开政府信息情况、",
        "收到和处理政府信息公开申请情况、政府信息公开行政复议和行政",
        "诉讼情况、存在的主要问题及改进情况。",
    )
    assert (found["outcome"], found["expected"], found["actual"]) == ("fail", 6.0, 5.0)


def test_a_statement_belongs_to_the_line_in_which_it_begins() -> None:
    lines = ["甲乙", "丙丁戊", "己"]
    parts = pl.LazyFrame(
        {
            "doc": [0, 0, 0],
            "ordinal": [0, 1, 2],
            "kind": ["paragraph"] * 3,
            "text": lines,
        },
        schema_overrides={"ordinal": pl.Int32},
    )
    found = running(parts, ["甲", "丁"]).with_columns(here=begins_here("丁戊己")).collect()
    assert found.select("bare", "run", "here").rows() == [
        ("甲乙", "甲乙丙丁戊己", False),
        ("丙丁戊", "丙丁戊己", True),
    ]
