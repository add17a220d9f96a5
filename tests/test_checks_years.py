"""A report against last year's: which reports are joined, and what an explanation changes."""

from __future__ import annotations

import polars as pl
import pytest
from filled import T3, Filled

from govreport_core.checks import run, sentence
from govreport_core.schemas import frame

pytestmark = pytest.mark.slow


def told(report: Filled, check: str) -> pl.DataFrame:
    found = run(report.frames(), only={check})
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


def beside_coverage(report: Filled, *covered: tuple[int, str, str | None]) -> list[dict]:
    """What is said of missing years, with the table `coverage` of these years and statuses."""
    said = [
        {"agency_id": "a1", "year": year, "status": status, "reason": reason}
        for year, status, reason in covered
    ]
    report.given["coverage"] = frame("coverage", said)
    rows = told(report, "x_year_gap").filter(document_id="d1")
    return rows.to_dicts()


@pytest.mark.parametrize(
    ("covered", "outcome", "reason"),
    [
        # Without a roster, or where nobody looked, what isn't here may well be published.
        ([], "skip", "years_not_searched"),
        ([(2022, "not_collected", None)], "skip", "years_not_searched"),
        ([(2022, "unread", None)], "skip", "not_read"),
        ([(2022, "unclear", "agencies_unknown")], "skip", "agencies_unknown"),
        ([(2022, "not_required", "outside_its_time")], "pass", None),
        ([(2022, "not_found", None)], "fail", None),
    ],
)
def test_only_a_year_that_was_looked_for_is_missing(covered, outcome, reason):
    report = Filled()
    report.prior(year=2021)
    (row,) = beside_coverage(report, *covered)
    assert (row["outcome"], row["reason"]) == (outcome, reason)
    assert (row["expected"], row["actual"]) == (2022, 2021)


def test_a_missing_year_is_named():
    report = Filled()
    report.prior(year=2019, document_id="d2019")
    looked = [(2020, "not_found", None), (2022, "not_found", None)]
    (row,) = beside_coverage(report, *looked, (2021, "not_collected", None))
    assert sentence("x_year_gap", row, "zh") == (
        "本报告的前一份是 2019 年度的；按名录找过 2020、2022 年度的，没有找到。"
    )
    assert sentence("x_year_gap", row, "en") == (
        "This report follows on one for 2019; by the roster looked for and not found: 2020, 2022."
    )


def test_what_nobody_looked_for_is_said_to_be_unknown():
    report = Filled()
    report.prior(year=2021)
    (row,) = beside_coverage(report)
    assert sentence("x_year_gap", row, "zh") == (
        "本报告：未能判断，此前有年度没有收集到，也没有说明是否找过。"
    )


def test_reviews_of_this_year_suffice_without_the_year_before():
    report = Filled()
    report.put("t4_review_litigation", "cases", "litigation_after_review_total", 2)
    report.put("t4_review_litigation", "cases", "review_total", 2)
    assert told(report, "t4_after_review_gt_review")["outcome"].to_list() == ["pass"]


def in_force(report: Filled) -> None:
    report.prior().put("t2_art20_1", "normative_documents", "in_force", 40)
    report.put("t2_art20_1", "normative_documents", "in_force", 30)


def items(report: Filled) -> None:
    report.__init__("form_2019", 2020)
    report.prior().row("t2_art20_5", "administrative_licensing", 20, 2, 0)
    report.row("t2_art20_5", "administrative_licensing", 25, 0, 0)


def disclosed(report: Filled) -> None:
    report.__init__("form_2019", 2020)
    report.prior().row("t2_art20_1", "normative_documents", 0, 0, 30)
    report.row("t2_art20_1", "normative_documents", 4, 4, 20)


def jumping(report: Filled) -> None:
    report.prior().put(T3, "requests_received", "applicant_total", 12)
    report.put(T3, "requests_received", "applicant_total", 90)


def in_yuan(report: Filled) -> None:
    report.prior().put("t2_art20_8", "administrative_fees", "fee_amount", 25.1)
    report.put("t2_art20_8", "administrative_fees", "fee_amount", 249_800)


def copied(report: Filled) -> None:
    for one in (report, report.prior()):
        one.row("t2_art20_1", "normative_documents", 5, 2, 40)


def carried_on(report: Filled) -> None:
    report.prior("form_2019").put("t2_art20_1", "normative_documents", "disclosed_total", 40)
    report.row("t2_art20_1", "normative_documents", 5, 2, 43)


@pytest.mark.parametrize(
    ("change", "check", "severity", "text"),
    [
        (in_force, "x_in_force", "warning", "本年开展文件清理，数量有所减少。"),
        (items, "x_19_items", "warning", "项目数随权责清单作了调整。"),
        (disclosed, "x_19_total", "info", "到期文件已经清理。"),
        (jumping, "x_jump", "info", "同一申请人多次提出申请。"),
        (in_yuan, "s_unit_suspect", "warning", "本年度收费的统计口径有变。"),
        (copied, "x_tables_identical", "warning", "各项数字与上年持平。"),
        (carried_on, "x_form_break", "info", "现行有效件数经文件清理后确认。"),
    ],
)
def test_each_rule_over_years_takes_an_explanation(change, check, severity, text):
    report = Filled()
    change(report)
    plain = told(report, check).row(by_predicate=pl.col("outcome") == "fail", named=True)
    assert plain["severity"] == severity
    assert "说明" not in sentence(check, plain, "zh")
    report.text["s6_other"] = f"无其他事项。{text}"
    noted = told(report, check).row(by_predicate=pl.col("outcome") == "fail", named=True)
    assert (noted["subject"], noted["severity"]) == (plain["subject"], "info")
    assert f"“{text.rstrip('。')}”" in sentence(check, noted, "zh")
    assert f"“{text.rstrip('。')}”" in sentence(check, noted, "en")


def test_figures_that_only_make_the_same_in_all_are_not_identical():
    report = Filled()
    report.prior().row("t2_art20_1", "normative_documents", 5, 2, 40)
    report.row("t2_art20_1", "normative_documents", 2, 5, 40)
    assert told(report, "x_tables_identical")["outcome"].to_list() == ["pass"]


def test_the_old_forms_total_may_be_small_and_the_same_by_chance():
    report = Filled()
    report.prior("form_2019").put("t2_art20_1", "normative_documents", "disclosed_total", 3)
    report.row("t2_art20_1", "normative_documents", 0, 0, 3)
    assert set(told(report, "x_form_break")["outcome"]) == {"pass"}


def test_on_the_same_form_there_is_no_break():
    report = Filled()
    report.prior()
    assert told(report, "x_form_break").is_empty()
