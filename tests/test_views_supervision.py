"""What supervisors look at: who published when, groups of reports, versions, the method."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from view_data import A, B, D, write_small

from dashboard import labels, views
from dashboard.data import Data, open_dataset
from dashboard.views import accuracy as accuracies
from dashboard.views.formulas import formula_words
from dashboard.views.method import faults_table
from dashboard.views.overview import trend
from dashboard.views.records import GroupRow, TimelyCell
from dashboard.views.sentences import check_label
from dashboard.views.tables import form_tables
from dashboard.views.versions import Other, version_view
from govreport_core import checks
from govreport_core.coverage import statuses
from govreport_core.forms import forms
from govreport_core.measured import Measured, Trial

pytestmark = pytest.mark.slow

ALL = views.Filters()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return open_dataset(write_small(tmp_path_factory.mktemp("supervision") / "dataset"))


@pytest.fixture(scope="module")
def demo(demo_dataset: Path) -> Data:
    return open_dataset(demo_dataset)


def cells(data: Data, filters: views.Filters = ALL) -> dict[tuple[str, int], TimelyCell]:
    return {
        (row.agency.agency_id, cell.year): cell
        for row in views.timeliness(data, filters, "zh").rows
        for cell in row.cells
        if cell is not None
    }


def test_every_agency_and_year_has_its_status_its_dates_and_their_evidence(small: Data) -> None:
    found = cells(small)
    late = found[A, 2022]
    assert (late.status, late.days_late, late.days) == ("late", 6, "逾期 6 天")
    assert late.published == "2023-02-06"
    assert "2023-01-31" in late.due
    assert "1 月 31 日" in late.due
    assert late.evidence == "网页信息，第 3 行"
    assert late.report_id == f"{A}-2022"
    assert found[A, 2021].evidence == "采集清单"
    assert found[A, 2019].reason == "公布日期不明"
    assert found[A, 2019].published == "不明"
    assert found[D, 2021].status_label == "未找到"
    assert found[D, 2021].report_id is None


def test_what_is_not_known_is_neither_in_time_nor_late(small: Data) -> None:
    view = views.timeliness(small, ALL, "zh")
    assert "按期公布 1 份，逾期 1 份，未找到 1 份，其余 4 份不能判断是否按期。" in view.lead
    assert (
        "whether the other 4 were on time can't be told." in views.timeliness(small, ALL, "en").lead
    )
    assert [(agency.agency_id, cell.status) for agency, cell in view.missed] == [
        (D, "not_found"),
        (A, "late"),
    ]
    signs = [status.sign for status in view.statuses]
    assert len(signs) == len(set(signs)) == len(statuses())


def test_reports_of_no_known_agency_are_told_apart(small: Data) -> None:
    said = "另有年报 1 份认不出机关或年度，没有列入。"
    assert views.timeliness(small, ALL, "zh").lead.endswith(said)
    late = views.Filters(statuses=("late",))
    assert said not in views.timeliness(small, late, "zh").lead
    here = views.Filters(regions=("370199",))
    assert said not in views.timeliness(small, here, "zh").lead


def test_a_cut_list_is_the_beginning_of_all_and_its_missed_stay(small: Data) -> None:
    every = views.timeliness(small, ALL, "zh")
    cut = views.timeliness(small, ALL, "zh", limit=1, most=1)
    assert cut.rows == every.rows[:1]
    assert cut.missed == every.missed[:1]
    assert (cut.found, cut.missed_found) == (every.found, every.missed_found)
    # An agency that isn't listed may be among those that missed.
    assert cut.missed[0][0] != cut.rows[0].agency


def test_a_late_date_leads_to_its_mark_in_the_source(small: Data) -> None:
    anchor = cells(small)[A, 2022].anchor
    assert anchor is not None
    card = views.report_card(small, f"{A}-2022", "zh")
    assert views.source_window(card, anchor)
    assert card.timely is not None
    assert card.timely.status == "late"


def test_coverage_is_narrowed_by_year_region_and_kind(small: Data) -> None:
    assert {year for _, year in cells(small, views.Filters(years=("2021",)))} == {2021}
    assert cells(small, views.Filters(regions=("110000",))) == {}
    assert set(cells(small, views.Filters(kinds=("department",)))) == set(cells(small))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_coverage_can_be_taken_away_with_codes_and_words(small: Data, lang: str) -> None:
    frame = views.timeliness_frame(small, ALL, lang)
    assert frame.height == len(cells(small))
    late = frame.row(by_predicate=pl.col("status") == "late", named=True)
    assert late["days_late"] == 6
    assert late["agency"] == "海棠县财政局"
    assert late["status_label"] != "late"
    assert frame.filter(pl.col("status") != "late")["days_late"].null_count() == frame.height - 1
    assert frame.columns[-4:] == ["agency_id", "region_code", "status", "report_id"]
    heads = views.headed(frame, "timeliness", lang).columns
    assert len(set(heads)) == len(heads)
    assert heads[0] == {"zh": "机关", "en": "agency"}[lang]


def test_rates_of_the_whole_stand_with_their_base(small: Data) -> None:
    rows = {row.code: row for row in views.timeliness(small, ALL, "zh").rates.rows}
    rate = rows["on_time_publication_rate"]
    of_2021 = next(cell for cell in rate.cells if cell.year == 2021)
    assert (of_2021.numerator, of_2021.denominator) == (1.0, 2.0)
    assert of_2021.text == "50.0%"


def test_groups_count_what_the_checks_say(demo: Data) -> None:
    groups = views.groups(demo, ALL, "zh")
    written = demo.current("checks").collect()
    reports = demo.reports.collect()
    for row in groups.agencies:
        mine = written.filter(pl.col("agency_id") == row.key)
        assert (row.counts.passed, row.counts.failed, row.counts.skipped) == tuple(
            mine.filter(outcome=outcome).height for outcome in ("pass", "fail", "skip")
        )
        assert row.reports == reports.filter(agency_id=row.key).height
        assert sum(count for _, count in row.skips) == row.counts.skipped
    failing = [row.failing for row in groups.agencies]
    assert failing == sorted(failing, reverse=True)


def test_a_region_takes_in_the_reports_of_all_regions_below_it(demo: Data) -> None:
    regions = {row.key: row for row in views.groups(demo, ALL, "zh").regions}
    assert views.region_groups(demo, ALL, "zh") == tuple(regions.values())
    assert regions["990000"].reports == demo.reports.collect().height
    assert regions["990000"].label == "沧岚省"
    counties = [regions[code] for code in ("990102", "990121", "990122")]
    assert 0 < sum(row.reports for row in counties) < regions["990100"].reports


def test_a_group_adds_up_cells_and_absent_cells_apart(demo: Data) -> None:
    whole = next(row for row in views.groups(demo, ALL, "zh").regions if row.key == "990000")
    cards = demo.reports.select(pl.col("cells", "cells_absent").sum()).collect().row(0)
    assert [f"{number:,}" in whole.reading.detail for number in cards] == [True, cards[1] > 0]


def test_what_is_cut_is_the_first_of_all_and_all_is_counted(demo: Data) -> None:
    every, cut = views.groups(demo, ALL, "zh"), views.groups(demo, ALL, "zh", limit=3)
    assert cut.agencies == every.agencies[:3]
    assert cut.regions == every.regions[:3]
    assert cut.places == every.places == len(every.regions) > 3
    assert cut.failing == sum(row.failing > 0 for row in every.agencies) > 3
    late, few = (
        views.timeliness(demo, ALL, "zh", **some) for some in ({}, {"limit": 3, "most": 1})
    )
    assert (few.rows, few.missed) == (late.rows[:3], late.missed[:1])
    assert (few.found, few.missed_found) == (len(late.rows), len(late.missed))
    assert few.found > 3
    assert few.missed_found > 1


def test_the_two_badges_of_a_group_are_kept_apart(small: Data) -> None:
    groups = views.groups(small, ALL, "zh")
    rows: dict[str, GroupRow] = {row.key: row for row in groups.agencies}
    assert rows[A].reading.level == "doubts"  # a number of 2021 can't be read
    assert rows[A].consistency.level == "inconsistent"  # 2022 doesn't balance
    assert rows[B].reading.level == "good"
    narrowed = views.groups(small, views.Filters(years=("2019",)), "zh")
    assert {row.key: row.reading.level for row in narrowed.agencies}[A] == "good"
    assert next(row for row in groups.regions if row.key == "").label == "地区未知"


def test_not_quite_all_cells_are_never_100_percent(demo: Data) -> None:
    whole = next(row for row in views.groups(demo, ALL, "zh").regions if row.key == "990000")
    assert whole.reading.share is not None
    assert ("100.0%" in whole.reading.detail) == (whole.reading.share == 1)
    assert ("全部读准" in whole.reading.detail) == (whole.reading.share == 1)


def test_an_agency_page_has_badges_counts_and_its_years(small: Data) -> None:
    page = views.agency_page(small, A, "zh")
    assert page.group is not None
    assert page.group.reports == 4
    assert page.group.skips
    assert [cell.year for cell in page.timeliness] == [2022, 2021, 2020, 2019]
    without = views.agency_page(small, D, "zh")
    assert without.reports == ()
    assert [cell.status for cell in without.timeliness] == [
        "not_collected",
        "not_found",
        "not_required",
    ]


def test_a_card_counts_its_checks_and_says_why_some_were_skipped(small: Data) -> None:
    card = views.report_card(small, f"{A}-2022", "zh")
    rows = {group.outcome: len(group.rows) for group in card.checks}
    assert (card.counts.passed, card.counts.failed, card.counts.skipped) == (
        rows["pass"],
        rows["fail"],
        rows["skip"],
    )
    assert sum(count for _, count in card.skips) == card.counts.skipped


def test_two_versions_are_told_cell_by_cell(small: Data) -> None:
    card = views.report_card(small, f"{A}-2020", "zh")
    (version,) = card.versions
    assert "2 格不同" in version.headline
    assert [(row.other, row.shown, row.sign) for row in version.differences] == [
        ("12", "10", "≠"),
        ("12", "10", "≠"),
    ]
    assert all("本年新收" in row.label for row in version.differences)
    assert ("文件", f"{A}/2020b.txt") in version.facts
    assert views.report_card(small, f"{A}-2021", "zh").versions == ()


def test_cells_read_in_one_version_only_do_not_count_as_different() -> None:
    changed = {
        "table": "t3_requests", "row": "requests_received", "column": "legal_person",
        "kind": "changed", "before": 1.0, "after": 2.0, "state_before": "reported",
        "state_after": "reported", "raw_before": "1", "raw_after": "2",
    }  # fmt: skip
    unread = changed | {"kind": "unread", "after": None, "state_after": "unreadable"}
    row = {"same_address": None, "published_on": None, "document_id": "x"}

    def headline(*cells: dict[str, object]) -> str:
        return version_view(Other(row, "form_2021", list(cells)), (), "zh").headline

    assert "有 1 格不同；另有 2 格" in headline(changed, unread, unread)
    assert "两版都读准的各格相同；另有 1 格" in headline(unread)


def test_only_the_version_taken_is_counted(small: Data) -> None:
    assert views.agency_page(small, A, "zh").figures.rows[0].cells[1].number == 10


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_formulas_are_said_in_the_words_of_the_form(lang: str) -> None:
    said = {code: formula_words(rule, lang) for code, rule in checks.catalogue().items()}
    assert said["t3_balance"] is not None
    assert "requests_received" not in said["t3_balance"]
    if lang == "zh":
        assert said["x_in_force"] == (
            "每一行：上年度“现行有效件数” + 本年度“本年制发件数” − 本年度“本年废止件数”"
            " = 本年度“现行有效件数”"
        )
        assert said["t4_group_total"] is not None
        assert said["t4_group_total"].count(" = ") == 3
    assert not [text for text in said.values() if text and "_" in text]
    assert said["n_period"] is None


def test_the_method_shows_the_accuracy_that_the_readmes_show() -> None:
    root = Path(__file__).parent.parent
    assert accuracies.accuracy() == accuracies.tables_of(root), (
        "bring it up with: python -m dashboard.views.accuracy"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_method_explains_every_state_outcome_and_status(small: Data, lang: str) -> None:
    page = views.method(small, lang)
    terms = {term for section in page.sections for _, term, _ in section.terms}
    words = labels.words(lang)
    for group in ("states", "outcomes"):
        assert {text for key, text in words.items() if key.startswith(f"{group}.")} <= terms
    assert all(len(row) == len(table.columns) for table in page.tables for row in table.rows)
    wrong = [row[-1] for table in page.tables if "accuracy" in table.code for row in table.rows]
    assert set(wrong) == {"0"}


def test_a_list_of_indicators_is_shown_line_by_line_with_units() -> None:
    form = forms()["form_2014"]
    table = form.table("o14")
    values = {
        ("o14", row.code, "value"): {"state": "reported", "raw": "7", "number": 7.0, "unit": None}
        for row in table.value_rows
    }
    (view,) = form_tables(form, values, {}, "zh")
    assert [row.label for row in view.rows] == [row.label for row in table.rows]
    assert [head.text for head in view.header[0]] == ["统计指标", "单位", "统计数"]
    heading = view.rows[0]
    assert (heading.cells, heading.heads[0].indent) == ((), 0)
    received = next(row for row in view.rows if row.code == "o14_received")
    assert [head.text for head in received.heads] == ["（一）收到申请数", "件"]
    assert received.heads[0].indent == 1
    assert received.cells[0].number == 7.0


def test_a_line_from_the_old_form_to_the_new_says_that_the_count_changed() -> None:
    reports = pl.DataFrame(
        {
            "year": [2018, 2019],
            "form": ["form_2014", "form_2019"],
            "received": [5.0, 6.0],
            "carried_over": [None, 1.0],
        }
    )
    chart = trend(reports, ("received", "carried_over"), "zh", of_one=True)
    received, carried = chart.series
    assert received.marks[1].joined
    assert not carried.marks[1].joined  # the old form has no such line
    assert "2018 年与 2019 年格式不同，口径有变：新收申请。" in chart.notes


def test_the_trial_is_shown_by_kind_with_what_fails_where_nothing_is_wrong() -> None:
    trial = Trial(
        seed=7,
        clean=5000,
        failures={"info": 12},
        kinds=(
            Measured(
                "prose_received", ("n_received",), prose=True, reports=200, found=199, beyond={}
            ),
            Measured("balance", ("t3_balance",), prose=False, reports=200, found=200, beyond={}),
        ),
    )
    table = faults_table(trial, "zh")
    assert "5,000 份" in table.text
    assert "错误 0" in table.text
    assert "错误 0、提醒 0、提示 12" in table.text
    assert [row[1:] for row in table.rows] == [
        ("200", "200", "100.0%"),
        ("200", "199", "99.5%"),
        ("200", "200", "100.0%"),
        ("200", "199", "99.5%"),
    ]
    assert table.rows[2][0] == "申请的收与办不平"


@pytest.mark.parametrize(("lang", "join"), [("zh", "、"), ("en", "; ")])
def test_a_fault_is_named_by_all_rules_that_find_it_and_kinds_alike_are_one_row(
    lang: str, join: str
) -> None:
    codes = ("t3_balance", "t3_row_shift")
    kinds = tuple(
        Measured(kind, codes, prose=False, reports=100, found=found, beyond={})
        for kind, found in (("one", 100), ("two", 99))
    )
    table = faults_table(Trial(seed=1, clean=1, failures={}, kinds=kinds), lang)
    named = join.join(check_label(code, lang) for code in codes)
    assert table.rows[2:] == ((named, "200", "199", "99.5%"),)


def test_how_a_report_was_published_is_no_matter_of_its_consistency(small: Data) -> None:
    failed = small.current("checks").filter(pl.col("outcome") == "fail").collect()
    groups = {row.key: row for row in views.groups(small, ALL, "zh").agencies}
    mine = failed.filter(agency_id=A)
    changed = mine.filter(check="p_changed_after").height
    assert changed
    assert groups[A].counts.failed == mine.height
    assert f"不通过 {mine.height - changed}（" in groups[A].consistency.detail
    # A report that isn't there fails a check, but has no numbers that could disagree.
    assert set(failed.filter(agency_id=D)["check"]) == {"h_coverage"}
    assert groups[D].counts.failed
    assert groups[D].consistency.level == "unassessed"
