"""Dates, copies and coverage: a date is as good as its source, and what isn't here isn't judged."""

from __future__ import annotations

import polars as pl
import pytest
from filled import T3, Filled

from govreport_core.checks import run, sentence
from govreport_core.schemas import frame

pytestmark = pytest.mark.slow


def told(report: Filled, check: str) -> list[dict]:
    return run(report.frames(), only={check}).filter(pl.col("check") == check).to_dicts()


@pytest.mark.parametrize(
    ("day", "rule", "outcome", "severity"),
    [
        ("2024-02-06", "manifest", "fail", "error"),
        ("2024-02-06", "metadata", "fail", "warning"),
        ("2024-02-06", "signature", "fail", "error"),
        ("2024-01-20", "manifest", "pass", "error"),
        ("2024-01-20", "metadata", "pass", "warning"),
        ("2024-01-20", "signature", "skip", "error"),
        ("2023-06-01", "metadata", "skip", "warning"),
    ],
)
def test_a_date_counts_by_its_source(day, rule, outcome, severity):
    report = Filled()
    report.published(day, rule)
    (row,) = told(report, "p_deadline_department")
    assert (row["outcome"], row["severity"]) == (outcome, severity)


def test_a_late_page_of_a_report_signed_in_time_is_no_failure():
    report = Filled()
    report.published("2024-06-01", "metadata")
    report.published("2024-01-12", "signature", chosen=False)
    (row,) = told(report, "p_deadline_department")
    assert (row["outcome"], row["reason"]) == ("skip", "date_unsure")


def test_how_late_is_told():
    report = Filled()
    report.published("2024-02-06")
    (row,) = told(report, "p_deadline_department")
    assert sentence("p_deadline_department", row, "zh") == (
        "本报告的日期为 2024-02-06，期限为 2024-01-31，逾期 6 天。"
    )
    assert row["part"] == "line:9"


@pytest.mark.parametrize(
    ("level", "name", "outcome"),
    [
        ("county", "青禾县水务局", "fail"),
        ("township", "青禾县蒋坝镇综合执法局", "skip"),
        (None, "青禾县蒋坝镇综合执法局", "skip"),
        (None, "青禾县某某街道财政办公室", "skip"),
        (None, "青禾县住房和城乡建设局", "fail"),
        (None, "青禾县乡村振兴局", "fail"),
        (None, "新乡市财政局", "fail"),
        (None, "镇江市财政局", "fail"),
        (None, None, "fail"),
    ],
)
def test_a_townships_offices_have_no_date_due(level, name, outcome):
    report = Filled(agency_level=level)
    report.published("2024-02-06")
    frames = report.frames()
    named = pl.lit(name, pl.String).alias("agency_name")
    frames["reports"] = frames["reports"].with_columns(named)
    (row,) = run(frames).filter(pl.col("check") == "p_deadline_department").to_dicts()
    assert row["outcome"] == outcome
    assert row["reason"] == ("kind_unknown" if outcome == "skip" else None)


@pytest.mark.parametrize("code", ["agency_conflict", "year_conflict"])
def test_a_report_that_names_two_agencies_or_years_isnt_late(code):
    report = Filled()
    report.published("2024-02-06")
    report.note(code)
    (row,) = told(report, "p_deadline_department")
    assert (row["outcome"], row["reason"]) == ("skip", "identity_unsure")


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        ("not_found", None, [("fail", None)]),
        ("not_collected", None, [("skip", "not_searched")]),
        ("unread", None, [("skip", "not_read")]),
        ("unclear", "year_unknown", [("skip", "year_unknown")]),
        ("unclear", "agencies_unknown", [("skip", "agencies_unknown")]),
        ("not_required", "outside_its_time", []),
    ],
)
def test_coverage_says_what_its_table_says(status, reason, expected):
    report = Filled()
    report.given["agencies"] = frame("agencies", [{"agency_id": "a2", "source": "roster"}])
    said = {"agency_id": "a2", "year": 2023, "status": status, "reason": reason}
    report.given["coverage"] = frame("coverage", [said])
    found = [(row["outcome"], row["reason"]) for row in told(report, "h_coverage")]
    assert found == expected


def test_a_report_that_coverage_has_passes_with_its_document():
    report = Filled()
    report.given["agencies"] = frame("agencies", [{"agency_id": "a1", "source": "roster"}])
    said = {"agency_id": "a1", "year": 2023, "status": "published", "document_id": "d1"}
    report.given["coverage"] = frame("coverage", [said])
    (row,) = told(report, "h_coverage")
    assert (row["outcome"], row["document_id"]) == ("pass", "d1")


@pytest.mark.parametrize("kind", ["zone", "vertical", "law_authorised"])
def test_agencies_the_regulations_set_no_date_for_have_no_result(kind):
    report = Filled(agency_kind=kind)
    report.published("2024-06-01")
    checks = {row["check"] for row in run(report.frames()).to_dicts()}
    assert not any(check.startswith("p_deadline") for check in checks)


def test_differing_copies_are_told_cell_by_cell_on_the_one_that_is_shown():
    report = Filled()
    other = report.prior(year=2023, document_id="d2", current=False)
    other.put(T3, "requests_received", "natural_person", 2)
    other.put(T3, "requests_received", "applicant_total", 2)
    rows = told(report, "p_versions_conflict")
    assert {row["document_id"] for row in rows} == {"d1"}
    assert [row["subject"] for row in rows] == [
        f"{T3}.requests_received.applicant_total",
        f"{T3}.requests_received.natural_person",
    ]
    assert {(row["expected"], row["actual"]) for row in rows} == {(2, 0)}
    assert told(report, "p_changed_after") == []


def test_a_missing_report_belongs_to_its_agency_and_year_not_to_a_document():
    report = Filled()
    report.prior()
    named = {"agency_id": "a2", "name": "青禾县林业局", "source": "roster"}
    listed = [
        {**named, "valid_from": "2023-03-01", "searched": [2023]},
        {**named, "agency_id": "a3", "source": "reports"},
    ]
    report.given["agencies"] = frame("agencies", listed)
    (row,) = told(report, "h_coverage")
    assert (row["document_id"], row["agency_id"], row["year"]) == (None, "a2", 2023)
    assert sentence("h_coverage", row, "zh") == (
        "按名录找过青禾县林业局 2023 年度的报告，没有找到。"
    )


def test_without_the_table_a_rule_needs_it_has_no_result():
    checks = set(run(Filled().frames())["check"])
    assert not checks & {"h_coverage", "p_image_only"}


@pytest.mark.parametrize(
    ("column", "url", "outcome"),
    [
        ("政府信息公开年报", None, "pass"),
        ("工作动态", None, "fail"),
        ("政务公开", None, "skip"),
        (None, "https://a.example/zfxxgk/xxgknb/2023.html", "pass"),
        # an address in which nothing tells is no finding, whatever else it says
        (None, "https://a.example/xwzx/2023.html", "skip"),
        (None, None, "skip"),
        ("工作动态", "https://a.example/gknb/2023.html", "pass"),
    ],
)
def test_a_column_is_what_page_collector_or_address_say(column, url, outcome):
    report = Filled(source_url=url)
    if column:
        report.page("column", column)
    assert [row["outcome"] for row in told(report, "p_place")] == [outcome]


@pytest.mark.parametrize(
    ("attachment", "url", "outcome"),
    [
        ("2023.pdf", None, "pass"),
        ("", None, "fail"),
        ("", "https://a.example/2023.PDF?v=1", "pass"),
        (None, "https://a.example/2023.docx", "pass"),
        (None, "https://a.example/2023.html", "skip"),
    ],
)
def test_a_file_to_download_is_the_report_itself_or_one_its_page_links_to(attachment, url, outcome):
    report = Filled(source_url=url)
    if attachment is not None:
        report.page("attachment", attachment)
    assert [row["outcome"] for row in told(report, "p_download")] == [outcome]


def test_the_old_date_is_for_reports_up_to_2018_and_all_kinds_of_agencies():
    for year, kind, expected in ((2018, None, ["fail"]), (2019, "bureau", [])):
        report = Filled("form_2014", year, agency_kind=kind)
        report.published(f"{year + 1}-06-01")
        assert [row["outcome"] for row in told(report, "p_deadline_old")] == expected


def test_a_file_that_could_not_be_read_may_have_text_or_not():
    report = Filled()
    failed = [
        {"path": f"{code}.pdf", "status": "failed", "error": code}
        for code in ("image_only", "encrypted", "not_a_report", "missing")
    ]
    report.given["documents"] = frame("documents", failed)
    found = [(row["outcome"], row["reason"]) for row in told(report, "p_image_only")]
    assert sorted(found, key=str) == [("fail", None), ("pass", None), ("skip", "not_read")]
