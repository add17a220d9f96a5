"""Indicators: figures and rates with their base, null where a number isn't certain."""

from __future__ import annotations

import polars as pl
import pytest
from filled import T3, T4, Filled

from govreport_core.errors import RuleError
from govreport_core.indicators import aggregate, catalogue, evaluate, reason_words
from govreport_core.indicators.definitions import parse_indicators

pytestmark = pytest.mark.slow

ALL = "applicant_total"
FOUND = ("value", "numerator", "denominator", "n", "reason", "assumed_zero")


def frames(*reports: Filled) -> tuple[pl.DataFrame, pl.DataFrame]:
    every = [report.frames() for report in reports]
    return (
        pl.concat(frame["values"] for frame in every),
        pl.concat(frame["reports"] for frame in every),
    )


def told(indicator: str, *reports: Filled) -> list[tuple]:
    found = evaluate(*frames(*reports)).filter(pl.col("indicator") == indicator)
    return found.select(FOUND).rows()


def handled(full: int, partial: int, total: int, **names) -> Filled:
    report = Filled(**names)
    report.put(T3, "granted_full", ALL, full)
    report.put(T3, "granted_partial", ALL, partial)
    report.put(T3, "disposed_total", ALL, total)
    return report


def test_a_figure_is_the_cell():
    report = Filled()
    report.put(T3, "requests_received", ALL, 95)
    assert told("requests_received", report) == [(95, 95, None, 1, None, False)]


def test_a_rate_has_its_base():
    assert told("grant_rate", handled(6, 2, 10)) == [(0.8, 8, 10, 1, None, False)]


def test_a_rate_of_nothing_is_no_rate():
    assert told("grant_rate", handled(0, 0, 0)) == [(None, 0, 0, 1, "base_zero", False)]


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("unreadable", "unreadable"),
        ("absent", "absent"),
        ("text", "not_a_number"),
        ("blank", "blank"),
        ("placeholder", "blank"),
    ],
)
def test_a_cell_without_a_certain_number_leaves_no_value(state, reason):
    report = handled(6, 2, 10)
    report.leave(T3, "granted_partial", ALL, state, "?")
    assert told("grant_rate", report) == [(None, None, 10, 0, reason, False)]


def test_a_blank_is_zero_where_the_printed_total_proves_it():
    report = handled(6, 0, 6)
    report.leave(T3, "granted_partial", ALL, "blank", "")
    assert told("grant_rate", report) == [(1, 6, 6, 1, None, True)]


def test_remedies_are_taken_together_without_pending_cases():
    report = Filled()
    report.row(T4, "cases", 3, 1, 0, 5, 9, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1)
    assert told("remedy_correction_rate", report) == [(0.4, 2, 5, 1, None, False)]


def test_blanks_of_table_four_need_their_groups_total():
    report = Filled()
    report.row(T4, "cases", 3, 1, None, None, 4, *[None] * 4, 0, *[None] * 4, 0)
    assert told("remedy_correction_rate", report) == [(0.25, 1, 4, 1, None, True)]
    report.leave(T4, "cases", "litigation_after_review_total", "blank", "")
    assert told("remedy_correction_rate", report)[0][4] == "blank"


def test_a_report_without_form_has_no_value_and_says_why():
    found = evaluate(*frames(Filled(form=None)))
    assert found["indicator"].to_list() == list(catalogue())
    assert set(found["reason"]) == {"form_unknown"}
    assert found["value"].null_count() == found.height


def three() -> tuple[pl.DataFrame, pl.DataFrame]:
    unread = handled(1, 1, 50, document_id="d3", year=2022)
    unread.leave(T3, "granted_full", ALL, "unreadable", "1 1")
    return frames(handled(6, 2, 10, document_id="d1"), handled(1, 0, 90, document_id="d2"), unread)


def test_groups_are_sums_over_sums_and_say_who_is_left_out():
    values, reports = three()
    found = aggregate(evaluate(values, reports), reports)
    rate = found.filter(pl.col("indicator") == "grant_rate")
    assert rate.select("value", "numerator", "denominator", "n", "left_out").rows() == [
        (0.09, 9, 100, 2, 1)
    ]


def test_groups_by_year_are_null_without_a_known_report():
    values, reports = three()
    found = aggregate(evaluate(values, reports), reports, by=["year"])
    rate = found.filter(pl.col("indicator") == "grant_rate")
    assert rate.select("year", "value", "numerator", "n", "left_out", "reason").rows() == [
        (2022, None, None, 0, 1, "none_known"),
        (2023, 0.09, 9, 2, 0, None),
    ]


def test_both_forms_together_keep_their_order():
    values, reports = frames(
        handled(1, 0, 1, document_id="d2", form="form_2019", year=2020),
        handled(1, 0, 2, document_id="d1"),
    )
    found = evaluate(values, reports).filter(pl.col("indicator") == "grant_rate")
    assert found.select("document_id", "value").rows() == [("d2", 1.0), ("d1", 0.5)]


def test_every_indicator_is_told_in_both_languages():
    for indicator in catalogue().values():
        assert indicator.zh.title
        assert indicator.en.title
    words = {lang: reason_words(lang) for lang in ("zh", "en")}
    assert set(words["zh"]) == set(words["en"])


RATE = """
[[indicators]]
code = "grant_rate"
forms = "form_2021.."
numerator = ["t3_requests.granted_full.applicant_total"]
denominator = ["t3_requests.disposed_total.applicant_total"]
proven_by = [{ table = "t3_requests", sums = "rows", group = "requests_disposed" }]
zh = { title = "公开率", base = "总计" }
en = { title = "Grant rate", base = "all" }
"""


@pytest.mark.parametrize(
    ("text", "instead", "named"),
    [
        ("granted_full.", "granted_fully.", "granted_fully"),
        (".applicant_total", ".applicants", "applicants"),
        ("t3_requests.granted", "t9.granted", "t9"),
        ('"form_2021.."', '"form_1999.."', "form_1999"),
        ('group = "requests_disposed"', 'group = "denied"', "denied"),
        (', base = "all"', "", "base"),
        ("proven_by", "proved_by", "proved_by"),
        ('zh = { title = "公开率",', 'beside = ["x"]\nzh = { title = "公开率",', "'x'"),
    ],
)
def test_a_mistake_in_a_definition_is_refused_and_named(text, instead, named):
    assert parse_indicators(RATE)
    assert text in RATE
    with pytest.raises(RuleError, match=named):
        parse_indicators(RATE.replace(text, instead, 1))


def test_a_group_stands_for_its_leaves():
    wide = RATE.replace("granted_full.applicant_total", "denied.applicant_total")
    assert parse_indicators(wide)[0].numerator == ("t3_requests.denied.applicant_total",)


def test_every_rate_of_a_busy_year_has_its_base():
    report = Filled()
    report.row(T3, "requests_received", 8, 1, 0, 0, 1, 0, 10)
    report.row(T3, "requests_carried_over", 2, 0, 0, 0, 0, 0, 2)
    for row, number in (
        ("granted_full", 4),
        ("granted_partial", 1),
        ("denied_state_secret", 1),
        ("denied_internal_affairs", 1),
        ("unable_not_held", 1),
        ("unprocessed_duplicate", 1),
        ("other_misc", 1),
        ("disposed_total", 10),
        ("requests_carried_forward", 2),
    ):
        report.put(T3, row, ALL, number)
    report.row(T4, "cases", 3, 1, 1, 1, 6, 1, 1, 0, 0, 2, 1, 0, 0, 1, 2)
    found = evaluate(*frames(report))
    fractions = {
        row["indicator"]: (row["numerator"], row["denominator"])
        for row in found.to_dicts()
        if row["denominator"] is not None
    }
    assert (
        fractions
        | {
            "requests_processed_rate": (10, 12),
            "carry_rate": (2, 12),
            "full_grant_rate": (4, 10),
            "grant_rate": (5, 10),
            "grant_rate_substantive": (5, 7),
            "denial_rate": (2, 10),
            "unable_rate": (1, 10),
            "not_held_rate": (1, 10),
            "not_processed_rate": (1, 10),
            "other_rate": (1, 10),
            "denial_reason_share_state_secret": (1, 2),
            "natural_person_share": (8, 10),
            "org_share": (2, 10),
            "review_rate": (6, 10),
            "litigation_rate": (4, 10),
            "review_correction_rate": (1, 5),
            "review_correction_rate_decided": (1, 4),
            "review_correction_rate_all": (1, 6),
            "litigation_correction_rate": (1, 3),
            "remedy_correction_rate": (2, 8),
        }
        == fractions
    )


def test_other_dispositions_of_the_form_of_2019_are_its_one_row():
    report = handled(4, 1, 10, form="form_2019", year=2020)
    report.put(T3, "other_disposition", ALL, 5)
    assert told("other_rate", report) == [(0.5, 5, 10, 1, None, False)]
