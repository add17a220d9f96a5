"""The structure rules: what they find, where, and how they say it."""

from __future__ import annotations

import polars as pl
import pytest
from filled import T3, T4, Filled

from govreport_core.checks import run, sentence

pytestmark = pytest.mark.slow


def failures(report: Filled, check: str) -> list[dict]:
    rows = run(report.frames(), only={check}).filter(
        (pl.col("check") == check) & (pl.col("outcome") == "fail")
    )
    return rows.to_dicts()


def only(report: Filled, check: str) -> dict:
    rows = run(report.frames(), only={check}).filter(pl.col("check") == check)
    assert rows.height == 1
    return rows.row(0, named=True)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "没有写明机关名称，也没有写明年度"),
        (["year"], "没有写明机关名称。"),
        (["agency_name"], "没有写明年度。"),
    ],
)
def test_a_title_says_which_of_its_parts_it_lacks(found, said):
    report = Filled(title="政府信息公开工作年度报告")
    report.evidence = [e for e in report.evidence if e["field"] in ("title", *found)]
    got = only(report, "s_title_missing")
    assert said in sentence("s_title_missing", got, "zh")
    assert got["part"] == "line:1"


def test_an_agency_from_the_signature_does_not_stand_in_the_title():
    report = Filled()
    report.evidence = [
        {**e, "rule": "signature"} if e["field"] == "agency_name" else e for e in report.evidence
    ]
    assert only(report, "s_title_missing")["outcome"] == "fail"


def test_the_right_form_is_named():
    got = only(Filled("form_2019", 2021), "s_form_year_mismatch")
    assert sentence("s_form_year_mismatch", got, "zh") == (
        "2021 年度报告应使用国办公开办函〔2021〕30号的格式，"
        "所用的却是国办公开办函〔2019〕60号的格式。"
    )


def test_a_year_before_the_known_forms_is_not_judged():
    got = only(Filled("form_2019", 2009), "s_form_year_mismatch")
    assert (got["outcome"], got["reason"]) == ("skip", "year_outside_forms")


def test_each_missing_section_is_a_result():
    report = Filled()
    report.sections = ["s1_overview", "s3_requests", "s5_problems", "s6_other"]
    found = failures(report, "s_section_missing")
    assert [row["subject"] for row in found] == ["s2_proactive", "s4_review_litigation"]
    assert sentence("s_section_missing", found[0], "en") == (
        "Section 2, “Proactive disclosure of government information” is missing."
    )


def test_odd_headings_are_findings_with_their_place():
    report = Filled()
    report.note("section_number_odd", section="s3_requests", printed="3、")
    report.note("heading_unnumbered", section="s1_overview")
    report.note("label_alias", table=T3, row="denied")
    found = failures(report, "s_section_order")
    assert {row["subject"] for row in found} == {"s1_overview", "s3_requests"}
    odd = next(row for row in found if row["subject"] == "s3_requests")
    assert (odd["part"], odd["start"], odd["end"]) == ("line:7", 1, 3)
    assert "印作“3、”" in sentence("s_section_order", odd, "zh")


def test_a_missing_table_is_not_also_missing_its_rows():
    report = Filled()
    report.every("absent", table=T3)
    assert [row["subject"] for row in failures(report, "s_table_missing")] == [T3]
    assert failures(report, "s_row_missing") == []


def test_an_unreadable_table_is_not_missing():
    report = Filled()
    report.every("unreadable", table=T3)
    assert failures(report, "s_table_missing") == []
    assert failures(report, "s_row_missing") == []


def test_rows_printed_as_one_are_a_warning_of_their_own():
    report = Filled()
    for leaf in ("other_uncorrected_overdue", "other_fee_unpaid", "other_misc"):
        report.every("absent", row=leaf)
    report.row(T3, "other_disposition", *[0] * 7)
    (got,) = failures(report, "s_row_missing")
    assert (got["subject"], got["severity"]) == (f"{T3}.other_disposition.*", "warning")
    assert got["part"] == f"{T3}/other_disposition"
    assert sentence("s_row_missing", got, "zh") == (
        "表三“（六）其他处理”行印作一行，格式要求分列其下各行。"
    )


def test_a_lost_row_is_an_error():
    report = Filled()
    report.every("absent", row="other_misc")
    (got,) = failures(report, "s_row_missing")
    assert (got["subject"], got["severity"]) == (f"{T3}.other_misc.*", "error")


def test_spare_cells_are_counted():
    report = Filled()
    report.note("extra_cells", table=T4, row="cases", printed=16, expected=15)
    (got,) = failures(report, "s_extra_cells")
    assert sentence("s_extra_cells", got, "zh") == "表四印了 16 格，应为 15 格，多 1 格。"
    assert got["subject"] == f"{T4}.cases.*"


def test_blanks_are_counted_by_table_with_the_first():
    report = Filled()
    report.row(T3, "granted_full", 0, 0, None, None, 0, 0, 0)
    report.leave(T3, "granted_partial", "natural_person", "blank", "")
    (got,) = failures(report, "s_blank_cells")
    assert got["subject"] == T3
    assert sentence("s_blank_cells", got, "zh") == (
        "表三有 3 格空白，第一处是表三“（一）予以公开”行“科研机构”列。"
    )
    assert got["part"] == f"{T3}/granted_full"


def test_blanks_of_a_combined_row_count_those_of_a_subtotal_row_do_not():
    report = Filled()
    report.leave(T3, "denied", "natural_person", "blank", "")
    assert failures(report, "s_blank_cells") == []
    for leaf in ("other_uncorrected_overdue", "other_fee_unpaid", "other_misc"):
        report.every("absent", row=leaf)
    report.row(T3, "other_disposition", None, *[0] * 6)
    assert len(failures(report, "s_blank_cells")) == 1


def test_a_cell_that_shows_something_unreadable_is_not_blank():
    report = Filled()
    report.leave(T3, "granted_full", "natural_person", "unreadable", "012")
    rows = run(report.frames()).filter(
        (pl.col("check") == "s_blank_cells") & (pl.col("subject") == T3)
    )
    assert rows["outcome"].to_list() == ["pass"]


def test_placeholders_in_the_rules_row_are_a_hint():
    report = Filled()
    for column in ("issued", "repealed", "in_force"):
        report.leave("t2_art20_1", "regulations", column, "placeholder", "/")
    (got,) = failures(report, "s_placeholder_value")
    assert got["severity"] == "info"
    assert sentence("s_placeholder_value", got, "en") == (
        "Table 2, Article 20(1): 3 with a placeholder, the first at "
        "Table 2, Article 20(1), row “Administrative rules (guizhang)”, "
        "column “Issued this year”."
    )


def test_words_in_a_cell_are_quoted_not_interpreted():
    report = Filled()
    report.leave(T3, "granted_full", "natural_person", "text", '{0}"\\<b>见附件</b>')
    (got,) = failures(report, "s_non_numeric")
    assert '填的是“{0}"\\<b>见附件</b>”' in sentence("s_non_numeric", got, "zh")


def test_a_long_text_is_cut():
    report = Filled()
    report.leave(T3, "granted_full", "natural_person", "text", "长" * 5000)
    (got,) = failures(report, "s_non_numeric")
    assert len(sentence("s_non_numeric", got, "zh")) < 120


def test_a_change_in_items_may_be_negative():
    report = Filled("form_2019", 2020)
    report.put("t2_art20_5", "administrative_licensing", "items_change", -3)
    assert failures(report, "s_negative") == []
    report.put("t2_art20_5", "administrative_licensing", "decisions", -3)
    (got,) = failures(report, "s_negative")
    assert got["actual"] == -3


def test_amounts_may_have_decimals_counts_may_not():
    report = Filled()
    report.put("t2_art20_8", "administrative_fees", "fee_amount", 25.1)
    assert failures(report, "s_non_integer") == []
    report.put("t2_art20_6", "administrative_penalty", "decisions", 2.5)
    (got,) = failures(report, "s_non_integer")
    assert got["subject"] == "t2_art20_6.administrative_penalty.decisions"


def test_an_amount_without_unit_is_quoted():
    report = Filled("form_2019", 2020)
    cell = ("t2_art20_9", "government_procurement", "procurement_amount")
    report.leave(*cell, "unreadable", "251000")
    names = dict(zip(("table", "row", "column"), cell, strict=True))
    report.note("unit_missing", "doubt", **names)
    got = only(report, "s_unit_missing")
    assert got["outcome"] == "fail"
    assert "“251000”" in sentence("s_unit_missing", got, "zh")


def test_an_amount_unreadable_for_another_reason_is_not_judged():
    report = Filled("form_2019", 2020)
    report.leave("t2_art20_9", "government_procurement", "procurement_amount", "unreadable", "0 8")
    got = only(report, "s_unit_missing")
    assert (got["outcome"], got["reason"]) == ("skip", "unreadable")
