"""A report against last year's: which reports are joined, and what an explanation changes."""

from __future__ import annotations

import polars as pl
import pytest
from filled import T3, Filled

from govreport_core.checks import run, sentence


def told(report: Filled, check: str) -> pl.DataFrame:
    found = run(report.frames())
    return found.filter((pl.col("check") == check) & (pl.col("document_id") == "d1"))


def two_years(forward: int, over: int, text: str = "", **names) -> Filled:
    report = Filled(**names)
    report.prior().put(T3, "requests_carried_forward", "natural_person", forward)
    report.put(T3, "requests_carried_over", "natural_person", over)
    report.text["s6_other"] = text
    return report


def test_each_column_is_followed_from_the_year_before():
    rows = told(two_years(5, 3), "x_carry")
    assert rows.height == 7
    failed = rows.row(by_predicate=pl.col("outcome") == "fail", named=True)
    assert failed["subject"] == f"{T3}.requests_carried_over.natural_person"
    assert (failed["severity"], failed["expected"], failed["actual"]) == ("error", 5, 3)
    assert sentence("x_carry", failed, "zh").startswith(
        "表三“二、上年结转政府信息公开申请数量”行“自然人”列为 3，上一年度报告的结转下年度却为 5"
    )


def test_an_explanation_in_the_text_makes_a_failure_a_note_that_quotes_it():
    report = two_years(5, 3, "无。因机构改革，部分职能划转至县林业局，数据相应调整。其他无。")
    failed = told(report, "x_carry").row(by_predicate=pl.col("outcome") == "fail", named=True)
    assert failed["severity"] == "info"
    assert "“因机构改革，部分职能划转至县林业局，数据相应调整”" in sentence("x_carry", failed, "zh")


@pytest.mark.parametrize(
    ("names", "reason"),
    [({"agency_id": "doc-d1"}, "agency_unknown"), ({"agency_id": "a2"}, "no_prior_year")],
)
def test_years_of_other_or_unknown_agencies_are_not_joined(names, reason):
    report = two_years(5, 3)
    for name, value in names.items():
        setattr(report, name, value)
        if reason == "agency_unknown":
            setattr(report.others[0], name, value)
    rows = told(report, "x_carry")
    assert rows.select("outcome", "reason").rows() == [("skip", reason)]


def test_a_reading_that_is_not_current_is_no_prior_year():
    report = two_years(5, 3)
    report.others[0].current = False
    assert told(report, "x_carry")["reason"].to_list() == ["no_prior_year"]


def test_requests_are_followed_across_the_change_of_forms():
    report = Filled(year=2021)
    report.prior("form_2019").put(T3, "requests_carried_forward", "natural_person", 2)
    assert set(told(report, "x_carry")["outcome"]) == {"pass", "fail"}
    assert set(told(report, "x_in_force")["reason"]) == {"form_break"}


def test_a_missing_year_is_named():
    report = Filled()
    report.prior(year=2020, document_id="d2020")
    (row,) = told(report, "x_year_gap").to_dicts()
    assert sentence("x_year_gap", row, "zh") == (
        "本报告的前一份是 2020 年度的，2021 至 2022 年度没有收集到。"
    )


def test_reviews_of_this_year_suffice_without_the_year_before():
    report = Filled()
    report.put("t4_review_litigation", "cases", "litigation_after_review_total", 2)
    report.put("t4_review_litigation", "cases", "review_total", 2)
    assert told(report, "t4_after_review_gt_review")["outcome"].to_list() == ["pass"]
