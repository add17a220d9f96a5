"""Sums: what a blank, a placeholder, an unreadable or an absent cell does to them."""

from __future__ import annotations

import json

import polars as pl
import pytest
from filled import T3, T4, Filled

from govreport_core.checks import run, sentence

pytestmark = pytest.mark.slow

ALL = "applicant_total"


def found(report: Filled, check: str, subject: str) -> dict:
    rows = run(report.frames(), only={check}).filter(
        (pl.col("check") == check) & (pl.col("subject") == subject)
    )
    assert rows.height == 1
    return rows.row(0, named=True)


def row_of(*numbers) -> dict:
    report = Filled()
    report.row(T3, "requests_received", *numbers)
    return found(report, "t3_row_total", f"{T3}.requests_received.*")


@pytest.mark.parametrize(
    ("numbers", "outcome", "reason", "assumed_zero"),
    [
        ((1, 2, 0, 0, 0, 0, 3), "pass", None, False),
        ((1, 2, 0, 0, 0, 0, 4), "fail", None, False),
        ((1, 2, None, None, None, None, 3), "pass", None, True),
        ((1, 2, None, None, None, None, 4), "fail", None, True),
        ((None, None, None, None, None, None, 0), "pass", None, True),
        ((None, None, None, None, None, None, 4), "skip", "parts_blank", False),
        ((1, 2, 0, 0, 0, 0, None), "skip", "total_blank", False),
        ((None, None, None, None, None, None, None), "skip", "all_blank", False),
        ((0.1, 0.2, 0, 0, 0, 0, 0.3), "pass", None, False),
    ],
)
def test_blanks_in_a_row(numbers, outcome, reason, assumed_zero):
    got = row_of(*numbers)
    assert (got["outcome"], got["reason"], got["assumed_zero"]) == (outcome, reason, assumed_zero)


def test_a_skip_has_no_numbers_to_compare():
    got = row_of(None, None, None, None, None, None, 4)
    assert got["expected"] is None
    assert got["actual"] is None


@pytest.mark.parametrize(
    ("state", "reason"),
    [("unreadable", "unreadable"), ("text", "not_a_number"), ("absent", "absent")],
)
def test_a_part_that_cannot_be_told_skips_the_sum(state, reason):
    report = Filled()
    report.leave(T3, "requests_received", "org_other", state, "3?")
    got = found(report, "t3_row_total", f"{T3}.requests_received.*")
    assert (got["outcome"], got["reason"]) == ("skip", reason)


def test_the_place_of_a_skip_is_the_cell_in_doubt():
    report = Filled()
    report.leave(T3, "granted_partial", ALL, "unreadable", "12 3")
    got = found(report, "t3_disposed_total", f"{T3}.*.{ALL}")
    assert got["part"] == f"{T3}/granted_partial"


def test_words_with_one_certain_number_count():
    report = Filled()
    report.leave(T3, "requests_received", "natural_person", "text", "2（含补正1件）", number=2.0)
    report.put(T3, "requests_received", ALL, 2)
    assert found(report, "t3_row_total", f"{T3}.requests_received.*")["outcome"] == "pass"


def test_a_placeholder_counts_as_a_blank():
    report = Filled()
    report.leave(T3, "requests_received", "org_other", "placeholder", "/")
    got = found(report, "t3_row_total", f"{T3}.requests_received.*")
    assert (got["outcome"], got["assumed_zero"]) == ("pass", True)


def one_column(*, received=None, over=None, disposed=None, forward=None) -> dict:
    report = Filled()
    cells = {
        "requests_received": received,
        "requests_carried_over": over,
        "disposed_total": disposed,
        "requests_carried_forward": forward,
    }
    for row, number in cells.items():
        if number is None:
            report.leave(T3, row, ALL, "blank", "")
        else:
            report.put(T3, row, ALL, number)
    return found(report, "t3_balance", f"{T3}.*.{ALL}")


@pytest.mark.parametrize(
    ("cells", "outcome", "reason", "assumed_zero"),
    [
        ({"received": 95, "over": 0, "disposed": 94, "forward": 1}, "pass", None, False),
        ({"received": 95, "over": 0, "disposed": 94, "forward": 0}, "fail", None, False),
        ({"received": 95, "disposed": 95}, "pass", None, True),
        ({"received": 95, "disposed": 94}, "fail", None, True),
        ({"received": 95, "over": 0, "forward": 1}, "skip", "total_blank", False),
        ({"disposed": 0, "forward": 0}, "pass", None, True),
        ({"disposed": 3, "forward": 0}, "skip", "parts_blank", False),
        ({}, "skip", "all_blank", False),
    ],
)
def test_blanks_in_the_balance(cells, outcome, reason, assumed_zero):
    got = one_column(**cells)
    assert (got["outcome"], got["reason"], got["assumed_zero"]) == (outcome, reason, assumed_zero)


def test_the_balance_in_words():
    got = one_column(received=95, over=0, disposed=94, forward=0)
    assert sentence("t3_balance", got, "zh") == (
        "表三“总计”列：本年新收 95 + 上年结转 0 = 95，"
        "但办理结果总计 94 + 结转下年度 0 = 94，相差 1。"
    )
    assert sentence("t3_balance", got, "en") == (
        "Table 3, column “Total”: 95 received + 0 carried over = 95, "
        "but 94 disposed of + 0 carried forward = 94; 1 apart."
    )


def test_a_blank_is_said_as_one():
    got = one_column(received=95, disposed=94)
    said = sentence("t3_balance", got, "zh")
    assert "上年结转 空白" in said
    assert said.endswith("（空白格按 0 计）")


def disposed(report: Filled) -> dict:
    return found(report, "t3_disposed_total", f"{T3}.*.{ALL}")


def other_as_one_row(number: int) -> Filled:
    report = Filled()
    for leaf in ("other_uncorrected_overdue", "other_fee_unpaid", "other_misc"):
        report.every("absent", row=leaf)
    report.row(T3, "other_disposition", *[0] * 6, number)
    return report


def test_other_disposition_printed_as_one_row_is_a_part():
    report = other_as_one_row(4)
    report.put(T3, "disposed_total", ALL, 4)
    assert disposed(report)["outcome"] == "pass"
    report.put(T3, "disposed_total", ALL, 3)
    assert disposed(report)["outcome"] == "fail"


def test_the_combined_row_has_a_row_total_of_its_own():
    got = found(other_as_one_row(4), "t3_row_total", f"{T3}.other_disposition.*")
    assert got["outcome"] == "fail"


def test_a_subtotal_row_is_not_added_to_its_leaves():
    report = Filled()
    report.put(T3, "denied_state_secret", ALL, 2)
    report.put(T3, "denied", ALL, 2)
    report.put(T3, "disposed_total", ALL, 2)
    assert disposed(report)["outcome"] == "pass"


def test_a_subtotal_row_speaks_for_leaves_left_blank():
    report = Filled()
    for leaf in ("unable_not_held", "unable_creation_required", "unable_unclear_after_correction"):
        report.leave(T3, leaf, ALL, "blank", "")
    report.put(T3, "unable_to_provide", ALL, 5)
    report.put(T3, "disposed_total", ALL, 5)
    assert disposed(report)["outcome"] == "pass"


def test_lost_leaves_without_a_group_row_skip_the_sum():
    report = Filled()
    report.every("absent", row="other_misc")
    assert (disposed(report)["outcome"], disposed(report)["reason"]) == ("skip", "absent")


def test_groups_of_table_four_are_told_apart():
    report = Filled()
    report.put(T4, "cases", "litigation_direct_upheld", 1)
    failed = run(report.frames()).filter(pl.col("outcome") == "fail")
    assert failed["subject"].to_list() == [f"{T4}.cases.litigation_direct"]
    assert sentence("t4_group_total", failed.row(0, named=True), "zh") == (
        "表四“未经复议直接起诉”列：维持、纠正、其他、未审结依次为 1 + 0 + 0 + 0 = 1，"
        "但总计为 0，相差 1。"
    )


def shifts(report: Filled) -> list[tuple]:
    rows = run(report.frames(), only={"t3_row_shift"}).filter(pl.col("check") == "t3_row_shift")
    return [
        (row["outcome"], row["subject"], json.loads(row["params"]).get("case"))
        for row in rows.to_dicts()
    ]


def moved(rows: dict[str, dict[str, int]]) -> Filled:
    report = Filled()
    for row, cells in rows.items():
        for column, number in cells.items():
            report.put(T3, row, column, number)
    return report


def test_a_row_in_the_wrong_column_is_suspected_where_one_move_mends_all():
    five = {"applicant_total": 5}
    report = moved(
        {
            "requests_received": {"org_business": 5, **five},
            "granted_full": {"natural_person": 5, **five},
            "disposed_total": {"natural_person": 5, **five},
        }
    )
    assert shifts(report) == [("fail", f"{T3}.requests_received.*", "left")]


def test_a_column_in_the_wrong_row_is_suspected():
    report = moved(
        {
            # carried over, granted and disposed of, each a row too high
            "requests_received": {"natural_person": 5},
            "requests_carried_over": {"natural_person": 5, "applicant_total": 5},
            "other_misc": {"natural_person": 5},
            "granted_full": {"applicant_total": 5},
            "disposed_total": {"applicant_total": 5},
        }
    )
    assert shifts(report) == [("fail", f"{T3}.*.natural_person", "down")]


def test_a_wrong_sum_that_no_single_move_mends_is_no_shift():
    report = moved({"requests_received": {"natural_person": 5, "applicant_total": 5}})
    assert shifts(report) == [("pass", "report", None)]


def test_where_several_moves_would_do_none_is_told():
    # whether the request or the outcome stands in the wrong column can't be told
    report = moved(
        {
            "requests_received": {"org_business": 5, "applicant_total": 5},
            "requests_carried_forward": {"natural_person": 5, "applicant_total": 5},
        }
    )
    assert shifts(report) == [("pass", "report", None)]
