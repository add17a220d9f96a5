"""The prose against table 3: which claim decides, and when none can."""

from __future__ import annotations

import polars as pl
import pytest
from filled import T3, Filled

from govreport_core.checks import run, sentence

pytestmark = pytest.mark.slow

ALL = "applicant_total"


def outcome(report: Filled, check: str) -> tuple:
    rows = run(report.frames(), only={check}).filter(pl.col("check") == check)
    assert rows.height == 1
    return rows.select("outcome", "reason", "expected", "actual").row(0)


def received(number: int | None, state: str = "blank") -> Filled:
    report = Filled()
    report.claims = []
    if number is None:
        report.leave(T3, "requests_received", ALL, state, "")
    else:
        report.put(T3, "requests_received", ALL, number)
    return report


def test_one_claim_that_disagrees_outweighs_those_that_agree():
    report = received(24)
    report.claim(24, agrees=True)
    report.claim(25, agrees=False)
    assert outcome(report, "n_received") == ("fail", None, 24, 25)


def test_figures_of_another_scope_do_not_contradict():
    report = received(24)
    report.claim(15, agrees=False, scope="part")
    assert outcome(report, "n_received")[:2] == ("skip", "scope")
    report.claim(24, agrees=True)
    assert outcome(report, "n_received") == ("pass", None, 24, 24)


def test_no_claim_is_no_pass():
    assert outcome(received(24), "n_received")[:2] == ("skip", "no_claim")
    assert outcome(received(0), "n_none_vs_positive")[:2] == ("skip", "no_claim")


@pytest.mark.parametrize(
    ("state", "reason"),
    [("blank", "cell_blank"), ("unreadable", "unreadable"), ("absent", "absent")],
)
@pytest.mark.parametrize("check", ["n_received", "n_none_vs_positive"])
def test_without_the_tables_number_nothing_is_said(check, state, reason):
    report = received(None, state)
    report.claim(3, agrees=None)
    assert outcome(report, check)[:2] == ("skip", reason)


def test_one_in_the_prose_against_none_in_the_table_is_told_once():
    report = received(0)
    report.claim(1, agrees=False, text="全年收到申请1件，已按时答复。")
    assert outcome(report, "n_received")[:2] == ("skip", "told")
    assert outcome(report, "n_none_vs_positive")[0] == "fail"
    rows = run(report.frames(), only={"n_none_vs_positive"}).filter(
        pl.col("check") == "n_none_vs_positive"
    )
    assert sentence("n_none_vs_positive", rows.row(0, named=True), "zh") == (
        "正文称收到 1 件申请，表三本年新收总计却为 0。原文：“全年收到申请1件，已按时答复。”"
    )
    assert rows.select("part", "start", "end").row(0) == ("line:5", 2, 8)


def test_a_figure_that_is_the_reports_own_by_implication_is_a_warning_at_most():
    report = received(24)
    report.claim(25, agrees=False, scope="implied")
    rows = run(report.frames(), only={"n_received"}).filter(pl.col("check") == "n_received")
    assert rows.select("outcome", "severity").row(0) == ("fail", "warning")
    report.claim(26, agrees=False)
    rows = run(report.frames(), only={"n_received"}).filter(pl.col("check") == "n_received")
    assert rows.select("outcome", "severity").row(0) == ("fail", "error")


def test_another_number_accepted_is_a_remark_where_nothing_agrees():
    report = received(24)
    report.claim(23, agrees=False, scope="accepted")
    rows = run(report.frames(), only={"n_received"}).filter(pl.col("check") == "n_received")
    assert rows.select("outcome", "severity").row(0) == ("fail", "info")
    report.claim(24, agrees=True)
    assert outcome(report, "n_received") == ("pass", None, 24, 24)


def test_a_finding_lists_every_figure_that_differs_with_the_tables_and_how_far_apart():
    report = received(24)
    for row, said, made in (("granted_full", 12, 10), ("granted_partial", 5, 4)):
        report.put(T3, row, ALL, made)
        report.state(row, said, row, agrees=False)
    rows = run(report.frames(), only={"n_outcome_mix"}).filter(pl.col("check") == "n_outcome_mix")
    said = sentence("n_outcome_mix", rows.row(0, named=True), "zh")
    assert said == (
        "正文称予以公开 12 件，表三为 10 件，相差 2 件；"
        "正文称部分公开 5 件，表三为 4 件，相差 1 件。"
        "原文：“正文有一句说到件数的话。”"
    )
    assert sentence("n_outcome_mix", rows.row(0, named=True), "en").startswith(
        "12 granted in the prose, 10 in Table 3, 2 apart; 5 granted in part in the prose, 4 in"
    )


def test_what_several_cells_make_is_told_as_their_sum():
    report = received(24)
    report.put(T3, "denied_state_secret", ALL, 2)
    report.put(T3, "denied_internal_affairs", ALL, 3)
    report.state("denied", 9, "denied_state_secret", agrees=False)
    rows = run(report.frames(), only={"n_outcome_mix"}).filter(pl.col("check") == "n_outcome_mix")
    said = sentence("n_outcome_mix", rows.row(0, named=True), "zh")
    assert said.startswith("正文称不予公开 9 件，表三为 5 件，相差 4 件")


def test_none_in_the_prose_against_some_in_the_table():
    report = received(3)
    report.claim(0, agrees=False)
    assert outcome(report, "n_none_vs_positive") == ("fail", None, 3, 0)


def test_other_numbers_are_no_contradiction_of_presence():
    report = received(3)
    report.claim(4, agrees=False)
    assert outcome(report, "n_none_vs_positive")[0] == "pass"
    assert outcome(report, "n_received")[0] == "fail"
