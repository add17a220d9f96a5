"""Each rule passes, fails and skips where it should; what comes out is the dataset's table."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest
from filled import T3, T4, Filled, stacked

from govreport_core.checks import catalogue, run, sentence
from govreport_core.schemas import TABLES

ALL = "applicant_total"


def unbalanced(r: Filled) -> None:
    for row, number in (("requests_received", 95), ("granted_full", 94), ("disposed_total", 94)):
        r.put(T3, row, "natural_person", number)
        r.put(T3, row, ALL, number)


def unreadable_total(r: Filled) -> None:
    r.leave(T3, "disposed_total", ALL, "unreadable", "0 0")


def unreadable_review(r: Filled) -> None:
    r.leave(T4, "cases", "review_pending", "unreadable", "012")


def unreadable_everything(r: Filled) -> None:
    r.every("unreadable")


def no_title(r: Filled) -> None:
    r.title = None
    r.evidence = []


def no_form(r: Filled) -> None:
    r.form, r.cells = None, {}


def form_of_2019(r: Filled) -> None:
    r.__init__("form_2019", 2020)


def form_of_2019_in_2023(r: Filled) -> None:
    r.__init__("form_2019", 2023)


def no_year(r: Filled) -> None:
    r.year = None


def no_section_five(r: Filled) -> None:
    r.sections.remove("s5_problems")


def late_heading(r: Filled) -> None:
    r.note("heading_after_table", section="s4_review_litigation")


def no_headings(r: Filled) -> None:
    r.sections = []


def no_table_four(r: Filled) -> None:
    r.every("absent", table=T4)


def no_tables(r: Filled) -> None:
    r.every("absent")


def row_lost(r: Filled) -> None:
    r.every("absent", row="granted_partial")


def spare_cell(r: Filled) -> None:
    r.note("extra_cells", table=T4, row="cases", printed=16, expected=15)


def a_blank(r: Filled) -> None:
    r.leave(T3, "granted_full", ALL, "blank", "")


def unseen(r: Filled) -> None:
    r.leave(T3, "granted_full", ALL, "unreadable")


def a_slash(r: Filled) -> None:
    r.leave("t2_art20_1", "regulations", "issued", "placeholder", "/")


def words(r: Filled) -> None:
    r.leave(T3, "granted_full", "natural_person", "text", "见附件")


def below_zero(r: Filled) -> None:
    r.put(T3, "granted_full", "natural_person", -2)


def a_half(r: Filled) -> None:
    r.put(T3, "granted_full", "natural_person", 1.5)


def no_unit(r: Filled) -> None:
    form_of_2019(r)
    cell = ("t2_art20_9", "government_procurement", "procurement_amount")
    r.leave(*cell, "unreadable", "251000")
    r.note("unit_missing", "doubt", **dict(zip(("table", "row", "column"), cell, strict=True)))


def no_amount(r: Filled) -> None:
    form_of_2019(r)
    r.leave("t2_art20_9", "government_procurement", "procurement_amount", "blank", "")


def says_one(r: Filled) -> None:
    r.claims = []
    r.claim(1, agrees=False)


def says_nothing(r: Filled) -> None:
    r.claims = []


def as_filled(r: Filled) -> None:
    """Nothing is changed."""


CASES = {
    "t3_balance": (as_filled, unbalanced, unreadable_total),
    "t3_row_total": (
        as_filled,
        lambda r: r.put(T3, "granted_full", ALL, 3),
        unreadable_total,
    ),
    "t3_disposed_total": (
        as_filled,
        lambda r: r.put(T3, "granted_full", ALL, 3),
        unreadable_total,
    ),
    "t4_group_total": (
        as_filled,
        lambda r: r.put(T4, "cases", "review_total", 2),
        unreadable_review,
    ),
    "s_title_missing": (as_filled, no_title, no_form),
    "s_form_year_mismatch": (as_filled, form_of_2019_in_2023, no_year),
    "s_section_missing": (as_filled, no_section_five, no_form),
    "s_section_order": (as_filled, late_heading, no_headings),
    "s_table_missing": (as_filled, no_table_four, no_form),
    "s_row_missing": (as_filled, row_lost, no_tables),
    "s_extra_cells": (as_filled, spare_cell, unreadable_review),
    "s_blank_cells": (as_filled, a_blank, unseen),
    "s_placeholder_value": (as_filled, a_slash, unseen),
    "s_non_numeric": (as_filled, words, unreadable_everything),
    "s_negative": (as_filled, below_zero, unreadable_everything),
    "s_non_integer": (as_filled, a_half, unreadable_everything),
    "s_unit_missing": (form_of_2019, no_unit, no_amount),
    "n_received": (as_filled, says_one, says_nothing),
    "n_none_vs_positive": (as_filled, says_one, says_nothing),
}


@cache
def all_judged(change) -> pl.DataFrame:
    report = Filled()
    change(report)
    found = TABLES["checks"].validate(run(report.frames()))
    assert not found.select(pl.struct("check", "subject").is_duplicated().any()).item()
    return found


def judged(change, check: str) -> pl.DataFrame:
    return all_judged(change).filter(pl.col("check") == check)


def test_every_rule_has_its_three_cases():
    assert set(CASES) == set(catalogue())


@pytest.mark.parametrize("check", CASES)
def test_a_rule_passes(check):
    assert set(judged(CASES[check][0], check)["outcome"]) == {"pass"}


@pytest.mark.parametrize("check", CASES)
def test_a_rule_fails(check):
    failed = judged(CASES[check][1], check).filter(pl.col("outcome") == "fail")
    assert failed.height == (2 if CASES[check][1] is unbalanced else 1)


@pytest.mark.parametrize("check", CASES)
def test_a_rule_skips(check):
    found = judged(CASES[check][2], check)
    assert "skip" in set(found["outcome"])
    assert "fail" not in set(found["outcome"])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("check", CASES)
def test_every_result_can_be_said(check, language):
    for change in CASES[check]:
        for row in judged(change, check).to_dicts():
            said = sentence(check, row, language)
            assert not set("{}") & set(said)
            assert "None" not in said
            assert said.endswith(("。", "”", "）") if language == "zh" else (".", "”", ")"))


def test_a_filled_form_passes_every_rule_that_is_for_it():
    found = run(Filled().frames())
    assert set(found["outcome"]) == {"pass"}
    assert set(found["check"]) == set(catalogue()) - {"s_unit_missing"}


def test_a_report_without_form_skips_every_rule_and_says_why():
    found = run(Filled(form=None).frames())
    assert sorted(found["check"]) == sorted(catalogue())
    assert found.select("outcome", "reason", "subject").unique().rows() == [
        ("skip", "form_unknown", "report")
    ]


def test_results_carry_their_report_and_a_place():
    report = Filled()
    unbalanced(report)
    row = run(report.frames()).filter(
        (pl.col("check") == "t3_balance") & (pl.col("subject") == f"{T3}.*.{ALL}")
    )
    assert row.select("document_id", "agency_id", "year").row(0) == ("d1", "a1", 2023)
    assert row.select("part", "start", "end").row(0) == (f"{T3}/disposed_total", 0, 2)


def test_ten_thousand_reports_at_once_are_judged_as_one_alone():
    report = Filled()
    unbalanced(report)
    a_blank(report)
    frames = report.frames()
    one, many = run(frames), run(stacked(frames, 10_000))
    assert many.height == one.height * 10_000
    counts = many.group_by("check", "subject", "outcome").len()
    assert set(counts["len"]) == {10_000}
    last = many.filter(pl.col("document_id") == f"{9_999:064x}")
    assert last.drop("document_id").equals(one.drop("document_id"))


def test_two_forms_in_one_run_keep_to_their_own_rules():
    new, old = Filled(document_id="d1"), Filled("form_2019", 2020, document_id="d2")
    both = {name: pl.concat([table, old.frames()[name]]) for name, table in new.frames().items()}
    found = run(both)
    assert set(found["outcome"]) == {"pass"}
    assert found.filter(pl.col("check") == "s_unit_missing")["document_id"].to_list() == ["d2"]


def test_nothing_in_nothing_out():
    empty = {name: table.clear() for name, table in Filled().frames().items()}
    assert TABLES["checks"].validate(run(empty)).is_empty()
