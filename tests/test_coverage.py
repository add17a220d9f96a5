"""Who is to publish, who did, and in time: an agency and year a row, and no blame without proof."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from govreport_core.build import pipeline
from govreport_core.build.companions import Agency, read_companions
from govreport_core.coverage import coverage, due_words, reason_words, statuses
from govreport_core.coverage.definitions import definitions, parse_definitions
from govreport_core.errors import RuleError
from govreport_core.schemas import TABLES, frame

BUREAU = Agency("a", "墨岫县财政局", "990121", "county", "bureau")


def report(agency: str = "a", year: int | None = 2021, **more: Any) -> dict[str, Any]:
    return {
        "document_id": f"{agency}-{year}",
        "report_id": f"{agency}-{year}",
        "current": True,
        "agency_id": agency,
        "year": year,
        "agency_kind": "bureau",
        "published_on": None,
    } | more


def dated(day: str, rule: str = "manifest", **more: Any) -> dict[str, Any]:
    """A report of 2021 published on that day, as that rule has it."""
    return report(published_on=dt.date.fromisoformat(day), **more) | {"rule": rule}


def covered(
    *reports: dict[str, Any],
    roster: tuple[Agency, ...] = (BUREAU,),
    signed: str | None = None,
    unread: tuple[tuple[str, int], ...] = (),
    odd: tuple[str, ...] = (),
) -> pl.DataFrame:
    rows = [{"agency_id": a.agency_id, "source": "roster"} for a in roster]
    for row, agency in zip(rows, roster, strict=True):
        row |= {c: getattr(agency, c) for c in ("name", "region_code", "kind")}
        row |= {c: getattr(agency, c) for c in ("valid_from", "valid_to", "deadline")}
        row |= {"searched": list(agency.searched)}
    listed = {a.agency_id for a in roster}
    seen = {r["agency_id"]: r for r in reports if r["agency_id"] not in listed}
    rows += [{"agency_id": a, "source": "reports", "kind": "bureau"} for a in seen]
    evidence = [
        {
            "document_id": r["document_id"],
            "field": "published_on",
            "chosen": True,
            "rule": r["rule"],
        }
        | {"candidate": str(r["published_on"]), "part": "line:9", "start": 0, "end": 4}
        for r in reports
        if "rule" in r
    ]
    evidence += [
        {"document_id": r["document_id"], "field": "published_on", "chosen": False}
        | {"candidate": signed, "rule": "signature"}
        for r in reports
        if signed
    ]
    found = coverage(
        frame("agencies", rows),
        frame("reports", [{k: v for k, v in r.items() if k != "rule"} for r in reports]),
        frame("evidence", evidence),
        diagnostics=frame(
            "diagnostics",
            [
                {"document_id": r["document_id"], "level": "doubt", "code": code, "params": "{}"}
                for r in reports
                for code in odd
            ],
        ),
        unread=unread,
    )
    return TABLES["coverage"].validate(found)


def one(*reports: dict[str, Any], year: int = 2021, **more: Any) -> dict[str, Any]:
    found = covered(*reports, **more).filter(agency_id="a", year=year)
    assert found.height == 1
    return found.row(0, named=True)


@pytest.mark.parametrize(
    ("day", "status", "days"),
    [("2022-01-31", "on_time", None), ("2022-02-08", "late", 8), ("2022-03-31", "late", 59)],
)
def test_a_department_is_due_on_31_january(day: str, status: str, days: int | None) -> None:
    found = one(dated(day))
    assert (found["status"], found["days_late"]) == (status, days)
    assert (found["due"], found["due_by"]) == (dt.date(2022, 1, 31), "law_department")
    assert (found["date_rule"], found["part"], found["document_id"]) == (
        "manifest",
        "line:9",
        "a-2021",
    )


def test_a_government_is_due_on_31_march() -> None:
    found = one(dated("2022-03-31", agency_kind="government"))
    assert (found["status"], found["due_by"]) == ("on_time", "law_government")
    assert one(dated("2022-04-01", agency_kind="government"))["status"] == "late"


def test_before_2019_all_were_due_on_31_march() -> None:
    early = report(year=2018, published_on=dt.date(2019, 3, 31)) | {"rule": "manifest"}
    found = one(early, year=2018)
    assert (found["status"], found["due_by"]) == ("on_time", "law_2007")
    township = early | {"agency_kind": "township", "published_on": dt.date(2019, 4, 2)}
    assert one(township, year=2018)["status"] == "late"


@pytest.mark.parametrize(
    ("year", "day", "status"),
    [
        # 31 March 2024 was a Sunday, 31 January 2022 the first day of the holidays
        (2023, "2024-04-01", "published"),
        (2023, "2024-04-02", "late"),
        (2021, "2022-02-07", "published"),
        (2021, "2022-02-08", "late"),
        (2022, "2023-02-01", "late"),
    ],
)
def test_by_the_working_day_after_a_day_of_rest_nothing_is_called_late(
    year: int, day: str, status: str
) -> None:
    kind = "government" if year == 2023 else "bureau"
    found = one(dated(day, year=year, agency_kind=kind), year=year)
    assert (found["status"], found["reason"]) == (
        status,
        "rest_day" if status == "published" else None,
    )


def test_a_local_date_counts_where_it_is_earlier() -> None:
    def due(deadline: str, kind: str) -> dict[str, Any]:
        local = Agency("a", "某局", "990121", "county", kind, deadline=deadline)
        return one(dated("2022-01-25", agency_kind=kind), roster=(local,))

    assert (due("01-20", "bureau")["status"], due("01-20", "bureau")["due_by"]) == (
        "late",
        "roster",
    )
    later = due("06-30", "bureau")
    assert (later["status"], later["due"]) == ("on_time", dt.date(2022, 1, 31))
    # The law sets townships no date: the roster may.
    assert due("01-31", "township")["status"] == "on_time"


@pytest.mark.parametrize(
    ("found", "signed", "reason"),
    [
        (report(), None, "date_unknown"),
        (dated("2022-01-20", "signature"), None, "date_unsure"),
        (dated("2021-12-20"), None, "date_unsure"),
        (dated("2022-05-20", "metadata"), "2022-01-20", "date_unsure"),
        (dated("2022-01-20", agency_kind="vertical"), None, "no_deadline"),
    ],
)
def test_what_cant_be_told_is_neither_in_time_nor_late(
    found: dict[str, Any], signed: str | None, reason: str
) -> None:
    row = one(found, signed=signed)
    assert (row["status"], row["reason"], row["days_late"]) == ("published", reason, None)


def test_a_kind_nobody_tells_has_no_date_due() -> None:
    nameless = Agency("a", "某单位")
    found = one(dated("2022-01-20", agency_kind=None), roster=(nameless,))
    assert (found["status"], found["reason"], found["due"]) == ("published", "kind_unknown", None)


def test_a_townships_bureau_has_no_date_due() -> None:
    small = Agency("a", "墨岫县蒋坝镇综合执法局", "990121", kind="bureau")
    for level in (None, "township"):
        found = one(dated("2022-02-20", agency_level=level), roster=(small,))
        assert (found["status"], found["reason"]) == ("published", "kind_unknown")
        assert found["due"] is None
    local = Agency("a", "墨岫县蒋坝镇综合执法局", kind="bureau", deadline="01-31")
    assert one(dated("2022-02-20"), roster=(local,))["status"] == "late"


@pytest.mark.parametrize("code", ["agency_conflict", "year_conflict"])
def test_a_report_that_names_two_agencies_or_years_is_neither(code: str) -> None:
    for day in ("2022-01-20", "2022-02-20"):
        found = one(dated(day), odd=(code, code))
        assert (found["status"], found["reason"]) == ("published", "identity_unsure")


def test_not_found_needs_a_collector_who_looked() -> None:
    looked = Agency("a", "某局", kind="bureau", searched=(2021,))
    other = report("b", 2020), report("b", 2021)
    found = covered(*other, roster=(looked,)).filter(agency_id="a").sort("year")
    assert found["status"].to_list() == ["not_collected", "not_found"]
    assert found["published_on"].null_count() == 2


def test_years_that_were_only_looked_for_count_too() -> None:
    looked = Agency("a", "某局", kind="bureau", searched=(2022,))
    found = covered(report("b", 2021), roster=(looked,)).filter(agency_id="a")
    assert dict(found.select("year", "status").rows()) == {2021: "not_collected", 2022: "not_found"}


def test_a_file_that_couldnt_be_read_is_no_lack() -> None:
    found = one(report("b", 2021), unread=(("a", 2021),))
    assert found["status"] == "unread"


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "required"),
    [
        (None, None, [True, True, True]),
        ("2021-03-01", None, [False, True, True]),
        (None, "2021-06-30", [True, False, False]),
        ("2021", "2022-01", [False, True, False]),
    ],
)
def test_the_rosters_dates_say_when_a_report_is_due(
    valid_from: str | None, valid_to: str | None, required: list[bool]
) -> None:
    agency = Agency("a", "某局", kind="bureau", valid_from=valid_from, valid_to=valid_to)
    found = covered(report("b", 2020), report("b", 2022), roster=(agency,)).filter(agency_id="a")
    assert found["required"].to_list() == required
    needless = found.filter(~pl.col("required"))
    assert set(needless["status"]) <= {"not_required"}
    assert set(needless["reason"]) <= {"outside_its_time"}


def test_nothing_is_due_from_a_district_that_was_merged_but_from_a_renamed_one() -> None:
    roster = (
        Agency("a", "下城区教育局", "330103", kind="bureau"),
        Agency("b", "海门市教育局", "320684", kind="bureau"),
    )
    found = covered(report("c", 2020), report("c", 2022), roster=roster)
    merged = found.filter(agency_id="a").sort("year")
    assert merged["required"].to_list() == [True, False, False]
    assert merged["reason"].to_list() == [None, "division_merged", "division_merged"]
    assert found.filter(agency_id="b")["required"].to_list() == [True, True, True]


def test_a_report_by_an_unknown_agency_or_of_an_unknown_year_may_be_the_missing_one() -> None:
    looked = Agency("a", "某局", kind="bureau", searched=(2021,))
    found = one(report("doc-1", 2021), roster=(looked,))
    assert (found["status"], found["reason"]) == ("unclear", "agencies_unknown")
    found = one(report("a", None), report("b", 2021), roster=(looked,))
    assert (found["status"], found["reason"]) == ("unclear", "year_unknown")


def test_an_agency_outside_the_roster_has_the_years_of_its_reports_alone() -> None:
    found = covered(report("b", 2019), report("b", 2021)).filter(agency_id="b")
    assert found["year"].to_list() == [2019, 2021]
    assert found["required"].null_count() == 2


def test_a_later_copy_of_a_report_that_was_dated_in_time_isnt_late() -> None:
    later = dated("2022-03-02")
    first = dated("2022-01-20", document_id="first", current=False)
    assert covered(later)["status"].to_list() == ["late"]
    found = covered(later, first)
    assert found.select("status", "reason").rows() == [("published", "date_unsure")]


def test_only_the_current_reading_counts() -> None:
    old = dated("2022-02-20", current=False, document_id="old")
    assert one(dated("2022-01-20"), old)["status"] == "on_time"


def test_without_reports_and_roster_there_is_nothing() -> None:
    assert covered(roster=()).is_empty()
    assert covered().is_empty()


def test_what_the_rules_on_deadlines_say_is_what_the_table_says(demo_dataset: Path) -> None:
    read = {
        name: pl.read_parquet(f"{demo_dataset}/{name}/**/*.parquet")
        for name in ("coverage", "checks")
    }
    judged = read["checks"].filter(
        pl.col("check").is_in(["p_deadline_department", "p_deadline_government"])
    )
    both = judged.join(read["coverage"], on="document_id", suffix="_coverage")
    assert both.height == judged.height > 50
    graced = both["reason_coverage"].fill_null("") == "rest_day"
    meant = {"pass": "on_time", "fail": "late", "skip": "published"}
    plain = both.filter(~graced)
    assert [meant[o] for o in plain["outcome"]] == plain["status"].to_list()
    assert plain["reason"].to_list() == plain["reason_coverage"].to_list()
    rested = both.filter(graced)
    assert set(rested["outcome"]) <= {"fail"}
    assert set(rested["severity"]) <= {"warning"}


def test_every_status_and_reason_has_its_words() -> None:
    assert set(statuses()) == {
        *("on_time", "late", "published", "unread"),
        *("not_found", "not_collected", "unclear", "not_required"),
    }
    assert {s.expected for s in statuses().values()} == {"met", "missed", "unknown", "no"}
    assert reason_words("zh").keys() == reason_words("en").keys()
    for lang in ("zh", "en"):
        assert all(due_words(d.code, lang) for d in definitions().deadlines)
        assert due_words("roster", lang)


DEFINITIONS = """
[[deadlines]]
code = "law"
month = 1
day = 31
source = "条例"
zh = "一月底"
en = "end of January"

[[statuses]]
code = "late"
expected = "missed"
zh = { title = "逾期", note = "。" }
en = { title = "late", note = "." }
"""


@pytest.mark.parametrize(
    ("text", "instead", "named"),
    [
        ("day = 31", "day = 32", "day"),
        ('expected = "missed"', 'expected = "lost"', "expected"),
        ('code = "law"', 'code = "law"\ncolour = "red"', "colour"),
        ('en = "end of January"', "", "en"),
    ],
)
def test_wrong_definitions_are_refused(text: str, instead: str, named: str) -> None:
    assert len(parse_definitions(DEFINITIONS).statuses) == 1
    with pytest.raises(RuleError, match=named):
        parse_definitions(DEFINITIONS.replace(text, instead))


@pytest.mark.parametrize(
    ("column", "cell", "told", "kept"),
    [
        ("valid_from", "2019", None, "2019"),
        ("valid_from", "2019-02-31", "valid_from '2019-02-31' isn't YYYY-MM-DD", None),
        ("valid_to", "长期", "valid_to '长期' isn't YYYY-MM-DD", None),
        ("deadline", "01-20", None, "01-20"),
        ("deadline", "1月20日", "deadline '1月20日' isn't MM-DD", None),
        ("deadline", "02-29", "deadline '02-29' isn't MM-DD", None),
        ("searched", "2019-2021, 2023", None, (2019, 2020, 2021, 2023)),
        ("searched", "all", "searched 'all' is no year", ()),
        ("searched", "0001-9999", "searched '0001-9999' has years without a report", ()),
    ],
)
def test_a_bad_cell_of_the_roster_is_one_line_and_left_out(
    tmp_path: Path, column: str, cell: str, told: str | None, kept: object
) -> None:
    (tmp_path / "agencies.csv").write_text(
        f'agency_id,name,{column}\na,某局,"{cell}"\n', encoding="utf-8"
    )
    found = read_companions([tmp_path])
    assert getattr(found.roster.agencies[0], column) == kept
    assert len(found.problems) == (told is not None)
    assert all(told in line and "agencies.csv:2" in line for line in found.problems if told)


def test_a_span_that_ends_before_it_begins_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "agencies.csv").write_text(
        "agency_id,name,valid_from,valid_to\na,某局,2021-01-01,2019-01-01\n", encoding="utf-8"
    )
    found = read_companions([tmp_path])
    assert (found.roster.agencies[0].valid_from, found.roster.agencies[0].valid_to) == (None, None)
    assert len(found.problems) == 1


def test_a_manifests_file_that_cant_be_read_is_collected(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    text = "墨岫县财政局2021年政府信息公开工作年度报告\n一、总体情况\n已公开。\n"
    (sources / "a.txt").write_text(text, encoding="utf-8")
    (sources / "b.txt").write_bytes(b"")
    (sources / "agencies.csv").write_text(
        "agency_id,name,region_code,kind,searched\n"
        "a,墨岫县财政局,990121,bureau,\nb,墨岫县教育局,990121,bureau,2021\n",
        encoding="utf-8",
    )
    (sources / "manifest.csv").write_text(
        "file,agency,region_code,year,published_on\n"
        "a.txt,墨岫县财政局,990121,2021,2022-01-05\nb.txt,墨岫县教育局,990121,2021,\n",
        encoding="utf-8",
    )
    pipeline.build([sources], tmp_path / "dataset")
    found = pl.read_parquet(f"{tmp_path}/dataset/coverage/**/*.parquet")
    assert dict(found.select("agency_id", "status").rows()) == {"a": "on_time", "b": "unread"}


def test_a_day_that_manifest_and_signature_agree_on_is_the_manifests(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    text = (
        "墨岫县财政局2021年政府信息公开工作年度报告\n一、总体情况\n已公开。\n六、其他需要报告的事项\n无\n"
        "墨岫县财政局\n2022年1月5日\n"
    )
    (sources / "a.txt").write_text(text, encoding="utf-8")
    (sources / "agencies.csv").write_text(
        "agency_id,name,region_code,kind\na,墨岫县财政局,990121,bureau\n", encoding="utf-8"
    )
    for day, status in (("2022-01-05", "on_time"), ("", "published")):
        (sources / "manifest.csv").write_text(
            f"file,agency,region_code,year,published_on\na.txt,墨岫县财政局,990121,2021,{day}\n",
            encoding="utf-8",
        )
        pipeline.build([sources], tmp_path / "dataset")
        found = pl.read_parquet(f"{tmp_path}/dataset/coverage/**/*.parquet")
        assert found["status"].to_list() == [status]
