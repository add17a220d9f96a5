"""Views: what they count, what they leave out, and how a report is laid out."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from view_data import HOSTILE, A, B, C, write_small

from dashboard import views
from dashboard.data import Data, open_dataset
from dashboard.views.badges import Counted, consistency_badge, reading_badge
from dashboard.views.context import context
from dashboard.views.figures import unjoined
from dashboard.views.lists import agency_name, agency_names_of
from dashboard.views.overview import held, trend
from dashboard.views.records import (
    Chart,
    FormTableView,
    Fragment,
    IndicatorCell,
    IndicatorRow,
    IndicatorTable,
    ReportCard,
    ValueCell,
)
from dashboard.views.source import Span, fragments, source_parts
from dashboard.views.tables import cell_numbers, form_tables
from govreport_core.errors import DatasetError
from govreport_core.forms import forms
from govreport_core.indicators import catalogue, reason_words
from govreport_core.indicators.figures import definitions

pytestmark = pytest.mark.slow

ALL = views.Filters()
RECEIVED = "t3_requests.requests_received.applicant_total"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return open_dataset(write_small(tmp_path_factory.mktemp("small") / "dataset"))


@pytest.fixture(scope="module")
def card(small: Data) -> ReportCard:
    return views.report_card(small, f"{A}-2022", "zh")


def test_a_folder_without_a_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="govreport build"):
        open_dataset(tmp_path)


# Headline figures and charts


def test_an_unknown_number_is_left_out_of_a_sum_and_counted(small: Data) -> None:
    stats = {stat.code: stat for stat in views.overview(small, ALL, "zh").stats}
    # A: 9, 10, unreadable, 12; B: 5; C has no form.
    assert (stats["received"].number, stats["received"].n) == (36, 4)
    assert stats["received"].left_out == 2
    assert "2 份未知" in stats["received"].note


def test_a_sum_of_nothing_is_unknown_not_0(small: Data) -> None:
    stats = views.overview(small, views.Filters(years=("none",)), "zh").stats
    received = next(stat for stat in stats if stat.code == "received")
    assert (received.number, received.text, received.n) == (None, "未知", 0)


def marks(chart: Chart, code: str) -> dict[str, float | None]:
    return {m.x: m.y for s in chart.series if s.code == code for m in s.marks}


def cards_of(known: dict[int, str]) -> pl.DataFrame:
    """A card a letter and year: a small letter's figure isn't known."""
    rows = [
        (letter.upper(), year, "form_2021", 2.0 if letter.isupper() else None)
        for year, letters in known.items()
        for letter in letters
    ]
    return pl.DataFrame(rows, ["agency_id", "year", "form", "received"], orient="row")


@pytest.mark.parametrize(
    ("known", "drawn"),
    [
        # B is new in 2022, C isn't known in 2021: neither is ever added.
        ({2020: "AD", 2021: "ADc", 2022: "ABDC"}, {"2020": 4, "2021": 4, "2022": 4}),
        # Too few agencies of the last year were there in 2020.
        ({2020: "A", 2021: "ABC", 2022: "ABC"}, {"2021": 6, "2022": 6}),
        ({2020: "AB", 2022: "AB"}, {}),
        ({2021: "AB", 2022: "CD"}, {}),
        ({2022: "AB"}, {}),
        ({}, {}),
    ],
)
def test_a_course_is_of_the_same_agencies_in_every_year_drawn(
    known: dict[int, str], drawn: dict[str, float]
) -> None:
    reports = cards_of(known) if known else cards_of({2022: "A"}).clear()
    chart = trend(reports, ("received",), "zh")
    assert marks(chart, "received") == drawn
    n = {mark.n for mark in chart.series[0].marks}
    assert len(n) == (1 if drawn else 0)
    base = f"（同一批 {n.pop()} 个机关）" if drawn else ""
    assert chart.title == f"历年申请与办结{base}"
    assert ("不画历年变化" in chart.notes[0]) == (not drawn)


def test_a_trend_over_other_agencies_each_year_is_not_drawn(small: Data) -> None:
    chart = views.overview(small, ALL, "zh").trend
    assert (chart.table, marks(chart, "received")) == ((), {})


def test_a_year_without_a_known_number_is_a_gap(small: Data) -> None:
    page = views.agency_page(small, A, "zh")
    assert marks(page.trend, "received") == {"2019": 9, "2020": 10, "2021": None, "2022": 12}
    after = page.trend.series[0].marks[3]
    assert not after.joined
    assert page.trend.table[2][1] == "未知"


def test_a_year_without_a_report_is_a_gap_and_no_row(small: Data) -> None:
    cards = small.tables["cards"].filter(pl.col("year").is_null() | (pl.col("year") != 2021))
    gap = msgspec.structs.replace(small, tables={**small.tables, "cards": cards})
    trend = views.agency_page(gap, A, "zh").trend
    assert marks(trend, "received")["2021"] is None
    assert [row[0] for row in trend.table] == ["2019", "2020", "2022"]


def test_blank_parts_count_as_0_only_where_total_and_a_part_are_printed(small: Data) -> None:
    groups = [group.code for group in definitions().outcomes.groups]
    numbers = {
        (row["document_id"], group): row[group]
        for row in small.cards.iter_rows(named=True)
        for group in groups
    }
    of = {report.report_id: doc for doc, report in documents(small).items()}
    # B prints only its total and one part; its blank parts are then 0.
    assert numbers[of[f"{B}-2021"], "granted_full"] == 5
    assert numbers[of[f"{B}-2021"], "denied"] == 0
    # A's placeholder of 2022 isn't a blank: the group stays unknown.
    assert numbers[of[f"{A}-2022"], "denied"] is None
    assert numbers[of[f"{A}-2022"], "not_processed"] == 0


def documents(data: Data) -> dict[str, ReportCard]:
    refs = views.report_refs(data, ALL, "zh")
    cards = [views.report_card(data, ref.report_id, "zh") for ref in refs]
    return {card.document_id: card for card in cards}


def test_only_reports_with_every_outcome_known_are_in_the_outcomes(small: Data) -> None:
    chart = views.overview(small, ALL, "zh").outcomes
    # A's report of 2022 has a placeholder, and B has one report only.
    assert [mark.x for mark in chart.series[0].marks] == ["2019", "2020", "2021"]
    assert "同一批 1 个机关" in chart.title


def test_every_chart_stands_as_a_table_too(small: Data) -> None:
    shown = views.overview(small, ALL, "zh")
    for chart in (shown.trend, shown.outcomes):
        assert len(chart.table) == len(chart.series[0].marks)
        assert all(len(row) == len(chart.columns) for row in chart.table)


def test_years_are_not_joined_where_the_form_has_no_such_figure() -> None:
    by_code = {figure.code: figure for figure in definitions().figures}
    old, new = (2020, "form_2019"), (2021, "form_2021")
    assert not unjoined(by_code["received"], old, new)
    assert unjoined(by_code["documents_in_force"], old, new)
    assert unjoined(by_code["lawsuits"], (2023, "form_2021"), (2024, "form_2021"))
    assert not unjoined(by_code["lawsuits"], (2022, "form_2021"), (2023, "form_2021"))


def test_a_figure_of_several_cells_is_known_only_if_all_are(small: Data) -> None:
    figure = next(one for one in definitions().figures if one.code == "received")
    has = small.cards.filter(pl.col("form").is_in(list(figure.cells)))
    assert has["received"].null_count() == 1 < has.height


# Indicators


def cells_of(table: IndicatorTable, code: str) -> dict[int, IndicatorCell]:
    return {cell.year: cell for row in table.rows if row.code == code for cell in row.cells}


def test_indicators_of_a_year_are_sums_over_sums_with_their_base_and_n(small: Data) -> None:
    table = views.overview(small, ALL, "zh").indicators
    rate = cells_of(table, "grant_rate")[2021]
    # A grants 10 of 10; B 5 of 5, with blanks that its printed total proves to be 0.
    assert (rate.value, rate.text, rate.parts) == (1, "100.0%", "15 ÷ 15")
    assert (rate.n, rate.left_out, rate.counted) == (2, 0, "2 份")
    assert rate.assumed_zero
    row = next(row for row in table.rows if row.code == "grant_rate")
    assert row.base == catalogue()["grant_rate"].zh.base


def test_a_report_left_out_of_an_indicator_is_counted_and_says_why(small: Data) -> None:
    table = views.overview(small, ALL, "zh").indicators
    received = cells_of(table, "requests_received")[2021]
    assert (received.value, received.n, received.left_out) == (5, 1, 1)
    assert received.counted == "1 份，缺 1 份"
    reason = reason_words("zh")["unreadable"]
    assert ("新收申请", 2021, f"{reason}：1 份") in table.left_out
    assert "1 份年度未知" in table.notes[1]


def test_an_indicator_without_a_value_is_words_never_0(small: Data) -> None:
    page = views.agency_page(small, A, "zh")
    unread = cells_of(page.indicators, "requests_received")[2021]
    assert (unread.value, unread.n, unread.left_out) == (None, 0, 1)
    assert "读出" in unread.text
    no_base = cells_of(page.indicators, "remedy_correction_rate")[2022]
    assert (no_base.value, no_base.parts) == (None, "0 ÷ 0")
    assert "基数为 0" in no_base.text


def test_a_year_of_which_nothing_is_told_has_no_column_and_each_reason_stands_once() -> None:
    def row(code: str, *values: float | None) -> IndicatorRow:
        cells = [IndicatorCell(2020 + n, one, f"why {n % 2}") for n, one in enumerate(values)]
        return IndicatorRow(code, code, "", "", tuple(cells))

    table = IndicatorTable((2020, 2021, 2022), (row("a", None, None, 1.0), row("b", 2.0, None, 0)))
    assert table.told == (2022, 2020)
    assert table.reasons == ("why 0",)
    nothing = IndicatorTable((2020, 2021), (row("a", None, None),))
    assert nothing.told == (2021, 2020)
    assert nothing.reasons == ("why 1", "why 0")


def test_a_mark_is_explained_where_it_is_shown() -> None:
    def row(code: str, *, marked: bool) -> IndicatorRow:
        return IndicatorRow(code, code, "", "", (IndicatorCell(2020, 1, "1", assumed_zero=marked),))

    for at in (0, 9):
        rows = tuple(row(str(n), marked=n == at) for n in range(12))
        table = IndicatorTable((2020,), rows, ("summed", "what * is"), "what * is")
        assert table.notes == ("summed", "what * is")
        assert table.main.notes == (table.notes if at == 0 else ("summed",))


def test_years_without_any_report_have_no_column(small: Data) -> None:
    years = pl.col("year").is_null() | (pl.col("year") != 2020)
    cards = small.tables["cards"].filter(years)
    gap = msgspec.structs.replace(small, tables={**small.tables, "cards": cards})
    assert views.coverage(gap, ALL, "zh").years == (2019, 2021, 2022)
    asked = views.Filters(years=("2020",))
    assert views.coverage(gap, asked, "zh").years == (2020,)


def test_of_one_known_year_there_is_no_course(small: Data) -> None:
    assert views.agency_page(small, A, "zh").trend.runs
    assert not views.agency_page(small, B, "zh").trend.runs


def test_a_card_shows_the_indicators_of_its_year_and_those_before(small: Data) -> None:
    table = views.report_card(small, f"{A}-2020", "en").indicators
    assert table.years == (2019, 2020)
    grant = cells_of(table, "grant_rate")[2020]
    assert (grant.text, grant.parts, grant.report_id) == ("100.0%", "9 ÷ 9", f"{A}-2020")
    assert {row.code for row in table.rows} <= set(catalogue())
    assert views.report_card(small, f"{C}-null", "en").indicators.rows == ()


def test_no_report_has_no_indicators(small: Data) -> None:
    nothing = views.Filters(years=("1999",))
    assert views.overview(small, nothing, "zh").indicators.rows == ()


# Coverage, badges, lists


def test_coverage_tells_read_doubtful_unread_and_missing_apart(small: Data) -> None:
    coverage = views.coverage(small, ALL, "zh")
    rows = {row.agency.agency_id: [cell.state for cell in row.cells] for row in coverage.rows}
    assert coverage.years == (2019, 2020, 2021, 2022)
    assert rows[A] == ["read", "read", "doubts", "read"]
    assert rows[B] == ["missing", "missing", "read", "missing"]
    assert rows["370199-d"] == ["missing"] * 4
    assert [ref.report_id for ref in coverage.undated] == [f"{C}-null"]
    assert [(lost.path, lost.reason) for lost in coverage.lost] == [("bad/empty.txt", "文件为空")]


def test_how_well_we_read_says_nothing_of_the_report() -> None:
    misread = Counted("form_2021", cells=10, unreadable=9, doubts=3, passed=5)
    assert reading_badge(misread, "zh").level == "poor"
    assert consistency_badge(misread, "zh").level == "consistent"
    wrong = Counted("form_2021", cells=10, passed=5, failed=1, errors=1)
    assert reading_badge(wrong, "zh").level == "good"
    assert consistency_badge(wrong, "zh").level == "inconsistent"


def test_cells_that_a_report_does_not_have_are_neither_certain_nor_counted() -> None:
    verdict = Counted("form_2021", cells=10, absent=3, unreadable=1)
    badge = reading_badge(verdict, "zh")
    assert badge.share == 0.9
    assert badge.detail == "10 格中 9 格读准（90.0%），疑点 0 处。另有 3 格报告中未列。"
    assert reading_badge(verdict, "en").detail.endswith(
        "doubts: 0. Another 3 are not in the report."
    )
    assert "未列" not in reading_badge(Counted("form_2021", cells=10), "zh").detail
    nothing = reading_badge(Counted("form_2021", absent=3), "zh")
    assert (nothing.level, nothing.share) == ("none", None)
    assert "没有格式所列的格" in nothing.detail


def test_a_badge_says_no_0_of_what_there_is_none_of() -> None:
    whole = Counted("f", cells=200, passed=9, skipped=2)
    assert reading_badge(whole, "zh").detail == "200 格全部读准。"
    assert consistency_badge(whole, "zh").detail == (
        "可判断的一致性检查 9 项，全部通过；另有 2 项未能判断。"
    )
    doubted = Counted("f", cells=200, doubts=1, passed=8, failed=1, skipped=2)
    assert reading_badge(doubted, "zh").detail == "200 格全部读准，疑点 1 处。"
    assert "不通过 1，其中没有错误" in consistency_badge(doubted, "zh").detail
    assert reading_badge(Counted(None, doubts=1), "en").detail.endswith("no numbers were read.")


def test_an_outcome_counts_reports_not_results_about_missing_ones(small: Data) -> None:
    results = small.current("checks").filter(pl.col("outcome") == "fail").collect()
    assert results["document_id"].null_count()
    offered = {one.value: one.count for one in views.filter_options(small, "zh").outcomes}
    failing = views.report_refs(small, views.Filters(outcomes=("fail",)), "zh")
    assert offered["fail"] == len(failing)


def test_no_failure_among_few_checks_is_not_called_consistent() -> None:
    assert consistency_badge(Counted("f", passed=2, skipped=9), "zh").level == "partial"
    assert consistency_badge(Counted("f", skipped=9), "zh").level == "unassessed"
    assert consistency_badge(Counted("f", passed=9, failed=1), "zh").level == "remarks"


def test_a_report_without_form_has_no_share() -> None:
    badge = reading_badge(Counted(None), "zh")
    assert (badge.level, badge.share) == ("none", None)


def test_badges_of_all_levels_differ_by_sign() -> None:
    reading = [Counted("f", cells=4, unreadable=n) for n in (0, 1, 3)] + [Counted(None)]
    signs = {reading_badge(verdict, "zh").sign for verdict in reading}
    assert len(signs) == 4
    found = [
        Counted("f", passed=1),
        Counted("f", passed=1, skipped=2),
        Counted("f", failed=1),
        Counted("f", failed=1, errors=1),
        Counted("f"),
    ]
    assert len({consistency_badge(verdict, "zh").sign for verdict in found}) == 5


# The report card


def cells(card: ReportCard) -> dict[str, ValueCell]:
    return {
        cell.cell_id.removeprefix("c-"): cell
        for table in card.tables
        for row in table.rows
        for cell in row.cells
    }


def test_every_value_of_the_form_is_on_the_card_once(card: ReportCard) -> None:
    form = forms()["form_2021"]
    wanted = sum(len(table.value_rows) * len(table.value_columns) for table in form.tables)
    shown = [c for table in card.tables for row in table.rows for c in row.cells]
    assert len(shown) == len(cells(card)) == wanted


def test_what_is_printed_is_shown_with_its_number_where_that_differs(card: ReportCard) -> None:
    shown = cells(card)
    fee = shown["t2_art20_8.administrative_fees.fee_amount"]
    assert (fee.text, fee.reading) == ("251000元", "=25.1 万元")
    assert shown[RECEIVED].reading is None
    placeholder = shown["t3_requests.denied_state_secret.applicant_total"]
    assert (placeholder.text, placeholder.state, placeholder.state_label) == (
        "/",
        "placeholder",
        "占位符",
    )


def test_cells_of_all_states_differ_by_words(small: Data) -> None:
    blank = cells(views.report_card(small, f"{B}-2021", "zh"))[
        "t3_requests.disposed_total.org_other"
    ]
    assert (blank.text, blank.number) == ("空白", None)
    unreadable = cells(views.report_card(small, f"{A}-2021", "zh"))[RECEIVED]
    assert (unreadable.text, unreadable.state_label) == ("012", "读不准")
    assert "“012”" in unreadable.doubts[0].sentence


def test_a_cell_knows_the_failed_checks_it_is_part_of(card: ReportCard) -> None:
    shown = cells(card)
    assert shown[RECEIVED].failing == ("t3_balance",)
    assert shown["t3_requests.requests_received.org_other"].failing == ()


def test_table_three_is_laid_out_as_the_form_prints_it(card: ReportCard) -> None:
    table = next(table for table in card.tables if table.code == "t3_requests")
    assert table.stub == 3
    assert [[head.text for head in line] for line in table.header][1:] == [
        ["自然人", "法人或其他组织", "总计"],
        ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"],
    ]
    heads = {row.code: [(h.text, h.colspan, h.rowspan) for h in row.heads] for row in table.rows}
    assert heads["requests_received"] == [("一、本年新收政府信息公开申请数量", 3, 1)]
    assert heads["granted_full"] == [("三、本年度办理结果", 1, 22), ("（一）予以公开", 2, 1)]
    assert heads["denied_state_secret"] == [("（三）不予公开", 1, 8), ("1.属于国家秘密", 1, 1)]
    assert heads["denied_internal_affairs"] == [("5.属于三类内部事务信息", 1, 1)]
    assert heads["requests_carried_forward"] == [("四、结转下年度继续办理", 3, 1)]


def grid(table: FormTableView) -> list[int]:
    """How many columns each printed line fills, counting headings that reach down into it."""
    widths = []
    reaching: list[tuple[int, int]] = []
    for heads, rest in [
        *((line, 0) for line in table.header),
        *((row.heads, len(row.cells)) for row in table.rows),
    ]:
        widths.append(
            sum(head.colspan for head in heads) + rest + sum(span for span, _ in reaching)
        )
        reaching = [(span, left - 1) for span, left in reaching if left > 1]
        reaching += [(head.colspan, head.rowspan - 1) for head in heads if head.rowspan > 1]
    return widths


@pytest.mark.parametrize("form", list(forms()))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_line_of_every_table_is_equally_wide(form: str, lang: str) -> None:
    combined = {
        ("t3_requests", "other_disposition", "applicant_total"): {
            "state": "reported",
            "raw": "1",
            "number": 1.0,
        }
    }
    for values in ({}, combined):
        for table in form_tables(forms()[form], values, {}, lang):
            assert len(set(grid(table))) == 1


def test_a_group_printed_as_one_row_has_that_row() -> None:
    key = ("t3_requests", "other_disposition", "applicant_total")
    value = {"state": "reported", "raw": "7", "number": 7.0}
    tables = form_tables(forms()["form_2021"], {key: value}, {}, "zh")
    table = next(table for table in tables if table.code == "t3_requests")
    row = next(row for row in table.rows if row.code == "other_disposition")
    assert [head.text for head in row.heads] == ["（六）其他处理", "（合并为一行填写）"]
    assert row.cells[-1].text == "7"


def test_the_number_of_a_cell_which_is_its_address_on_the_site_never_changes() -> None:
    numbers = cell_numbers()
    known = {
        ("o14", "o14_proactive", "value"): 1,
        ("t2_art20_1", "regulations", "made_this_year"): 66,
        ("t3_requests", "requests_received", "natural_person"): 88,
        ("t3_requests", "requests_received", "applicant_total"): 94,
        ("t4_review_litigation", "cases", "review_total"): 281,
        ("t3_requests", "other_misc", "applicant_total"): 319,
    }
    assert {key: numbers[key] for key in known} == known
    assert list(numbers.values()) == list(range(1, 320))
    told = "".join(f"{'.'.join(key)}\n" for key in numbers)
    assert hashlib.sha256(told.encode()).hexdigest()[:20] == "8d6aa9a62a2266fcb0de"


def test_identity_shows_its_evidence_or_says_not_found(card: ReportCard) -> None:
    facts = {fact.field: fact for fact in card.facts}
    agency = facts["agency_name"].evidence[0]
    assert (agency.rule, agency.chosen) == ("标题", True)
    assert agency.place is not None
    assert agency.place.label == "第 1 行"
    assert (facts["published_on"].found, facts["published_on"].text) == (False, "未找到")


def test_every_cell_leads_to_its_exact_span_in_the_source(card: ReportCard) -> None:
    marked = {
        anchor: (piece.text, piece.cell_id)
        for part in card.source
        for piece in part.fragments
        for anchor in piece.anchors
    }
    for cell in cells(card).values():
        assert cell.place is not None
        text, back = marked[cell.place.anchor]
        assert back == cell.cell_id
        if cell.state == "reported" and cell.reading is None and RECEIVED in cell.cell_id:
            assert text == cell.text == "12"


def test_a_window_of_the_source_holds_the_place(card: ReportCard) -> None:
    anchor = cells(card)[RECEIVED].place
    assert anchor is not None
    window = views.source_window(card, anchor.anchor, lines=2)
    assert len(window) == 5
    assert window[2].part == anchor.part
    assert views.source_window(card, "v-nothing") == ()


def test_checks_are_grouped_by_outcome_with_their_sentences(card: ReportCard) -> None:
    groups = {group.outcome: group.rows for group in card.checks}
    assert list(groups) == ["fail", "skip", "pass"]
    balance = [row for row in groups["fail"] if row.check == "t3_balance"]
    assert len(balance) == 2
    assert "相差 3" in balance[0].sentence
    assert f"c-{RECEIVED}" in {cell for row in balance for cell in row.cells}


def test_a_check_that_could_not_be_assessed_says_why(small: Data) -> None:
    card = views.report_card(small, f"{A}-2021", "zh")
    skipped = {
        row.check: row.sentence for g in card.checks if g.outcome == "skip" for row in g.rows
    }
    assert "不能确定" in skipped["t3_balance"]


def test_sections_are_all_listed_and_a_missing_one_is_none(card: ReportCard) -> None:
    assert len(card.sections) == 6
    assert card.sections[0].paragraphs == ("本年工作平稳。",)
    assert card.sections[1].paragraphs is None


def test_years_stand_side_by_side_with_the_change(card: ReportCard) -> None:
    rows = {row.code: row for row in card.figures.rows}
    assert [cell.text for cell in rows["received"].cells] == ["9", "10", "未知", "12"]
    assert rows["received"].change == "未知"
    assert rows["disposed"].change == "+1（+10.0%）"
    in_force = rows["documents_in_force"]
    assert in_force.cells[0].text == "无此项"
    assert in_force.breaks == (2021,)
    assert (card.previous, card.following) == (f"{A}-2021", None)


def test_of_a_form_that_is_not_known_nobody_says_what_it_lacks(small: Data) -> None:
    form = pl.when(pl.col("year") != 2019).then("form")
    codes = [figure.code for figure in definitions().figures]
    unknown = [pl.when(form.is_not_null()).then(code).alias(code) for code in codes]
    cards = small.tables["cards"].with_columns(*unknown, form=form)
    old = msgspec.structs.replace(small, tables={**small.tables, "cards": cards})
    rows = {row.code: row for row in views.agency_page(old, A, "zh").figures.rows}
    assert rows["documents_in_force"].cells[0].text == "未知"
    assert rows["documents_in_force"].cells[1].text == "无此项"
    page = views.compared(context(old), views.Asked("years", A, ("2022", "2019")), "zh")
    assert page is not None
    told = {row.code: row.cells for row in page.tables[0].rows}
    assert "documents_in_force" in told
    assert {cells[1].text for cells in told.values()} == {"未知"}


def test_no_rule_stands_beside_a_year_that_has_no_column(small: Data) -> None:
    cards = small.tables["cards"].with_columns(form=pl.when(pl.col("year") > 2020).then("form"))
    old = msgspec.structs.replace(small, tables={**small.tables, "cards": cards})
    table = views.agency_page(old, A, "zh").figures
    assert table.told == (2022, 2021)
    assert {row.breaks for row in table.rows} == {()}
    assert table.notes == ()


def test_change_from_zero_has_no_percentage(small: Data) -> None:
    rows = {row.code: row for row in views.report_card(small, f"{A}-2022", "zh").figures.rows}
    assert rows["carried_over"].change == "+3（上年为 0）"
    assert rows["penalties"].change == "持平"


def test_only_an_address_of_the_web_becomes_a_link(small: Data) -> None:
    assert views.report_card(small, f"{A}-2022", "zh").source_url == "https://example.org/r.html"
    assert views.report_card(small, f"{B}-2021", "zh").source_url is None


def test_a_report_that_is_not_there_is_a_key_error(small: Data) -> None:
    with pytest.raises(KeyError):
        views.report_card(small, "nothing-2020", "zh")
    with pytest.raises(KeyError):
        views.agency_page(small, "nothing", "zh")
    with pytest.raises(KeyError):
        views.rule_view(small, "nothing", ALL, "zh")


def test_a_report_without_form_still_shows_its_source(small: Data) -> None:
    card = views.report_card(small, f"{C}-null", "zh")
    assert card.tables == ()
    assert card.agency.name == "机关名称未知（文件 c）"
    assert [part.text for part in card.source][1] == "一、总体情况"


# The source as marked text


def plain(found: tuple[Fragment, ...]) -> str:
    return "".join(piece.text or plain(piece.inner) for piece in found)


spans = st.lists(
    st.tuples(st.integers(-2, 14), st.integers(-2, 14)).map(lambda p: (min(p), max(p))), max_size=6
)


@given(text=st.text(max_size=12), places=spans)
def test_marking_never_changes_the_text_and_names_each_place_once(
    text: str, places: list[tuple[int, int]]
) -> None:
    marked = [Span("line:1", *place, f"a-{n}") for n, place in enumerate(places)]
    found = fragments(text, marked)

    def anchors(pieces: tuple[Fragment, ...]) -> list[str]:
        return [a for piece in pieces for a in (*piece.anchors, *anchors(piece.inner))]

    assert plain(found) == text
    assert sorted(anchors(found)) == sorted(span.anchor for span in marked)


def test_marks_nest_where_places_do() -> None:
    found = fragments("共12件", [Span("p", 0, 4, "all"), Span("p", 1, 3, "number")])
    assert found == (
        Fragment(
            "",
            ("all",),
            None,
            (Fragment("共"), Fragment("12", ("number",)), Fragment("件")),
        ),
    )


def test_cells_of_a_real_table_are_listed_as_a_table() -> None:
    rows: list[dict[str, Any]] = [
        {"part": "line:1", "kind": "paragraph", "text": "表一", "row": None},
        {"part": "table:1/r0/c0", "kind": "cell", "text": "规章", "row": 0, "rowspan": 2},
        {"part": "table:1/r0/c1", "kind": "cell", "text": "3", "row": 0},
        {"part": "table:1/r1/c1", "kind": "cell", "text": "4", "row": 1},
    ]
    whole: list[dict[str, Any]] = [
        {"col": None, "rowspan": None, "colspan": None, **row, "ordinal": place}
        for place, row in enumerate(rows)
    ]
    parts = source_parts(whole, [Span("table:1/r0/c1", 0, 1, "v-a")], "zh")
    assert [part.grid for part in parts] == [None, "table:1", "table:1", "table:1"]
    assert [part.row for part in parts[1:]] == [0, 0, 1]
    assert (parts[1].rowspan, parts[2].label) == (2, "表 1，第 0 行，第 1 格")
    assert [(grid, len(rows)) for grid, rows in views.blocks(parts)] == [(None, 1), ("table:1", 2)]


def test_a_window_on_a_table_is_whole_rows_and_what_reaches_into_them(card: ReportCard) -> None:
    rows: list[dict[str, Any]] = [
        {"part": "line:1", "kind": "paragraph", "text": "表三", "row": None, "col": None},
        {"part": "table:1/r0/c0", "text": "办理结果", "row": 0, "col": 0, "rowspan": 9},
        *(
            {"part": f"table:1/r{row}/c{col}", "text": f"{row}{col}", "row": row, "col": col}
            for row in range(9)
            for col in (1, 2)
        ),
    ]
    whole: list[dict[str, Any]] = [
        {"kind": "cell", "rowspan": None, "colspan": None, **row, "ordinal": place}
        for place, row in enumerate(rows)
    ]
    parts = source_parts(whole, [Span("table:1/r5/c2", 0, 2, "v-x")], "zh")
    window = views.source_window(msgspec.structs.replace(card, source=parts), "v-x")
    assert [part.text for part in window] == [
        "办理结果",
        *(f"{r}{c}" for r in range(3, 8) for c in (1, 2)),
    ]
    assert (window[0].row, window[0].rowspan) == (3, 6)


# Lists of checks


def test_rules_are_counted_with_what_applies_and_what_does_not(small: Data) -> None:
    view = views.checks_view(small, ALL, "zh")
    balance = next(rule for rule in view.rules if rule.code == "t3_balance")
    assert balance.reports_failed == 1
    assert balance.counts.failed == 2
    assert balance.counts.applicable == balance.counts.passed + balance.counts.failed
    assert balance.counts.skipped >= 2
    assert {finding.outcome for finding in view.findings} == {"fail"}


def test_results_are_narrowed_by_outcome_rule_and_year(small: Data) -> None:
    filters = views.Filters(years=("2021",), outcomes=("skip",), rules=("t3_balance",))
    view = views.checks_view(small, filters, "zh")
    assert view.found == len(view.findings) > 0
    assert {(f.check, f.outcome, f.year_text) for f in view.findings} == {
        ("t3_balance", "skip", "2021 年")
    }


def test_of_what_was_not_read_no_list_says_that_nothing_fails(small: Data) -> None:
    for sort in ("", "error", "-error"):
        rows = views.listing(small, views.Filters(), "zh", sort=sort).rows
        told = {row.report_id: row.failures for row in rows}
        assert rows[-1].report_id == f"{C}-null", "what is unknown stands last"
        assert told.pop(f"{C}-null") == (None, None, None)
        assert all(None not in failures for failures in told.values())
        assert told[f"{A}-2022"][0] > 0
    taken = views.listing_frame(small, views.Filters(), "zh", "{}".format).collect()
    assert taken.filter(pl.col("错误").is_null())["读取"].to_list() == ["没有读到表格"]


def test_a_list_is_cut_but_its_length_is_told(small: Data) -> None:
    view = views.checks_view(small, ALL, "zh", limit=1)
    assert len(view.findings) == 1
    assert view.found > 1


def test_a_rule_shows_its_words_years_and_reasons(small: Data) -> None:
    view = views.rule_view(small, "t3_balance", ALL, "zh")
    assert dict(view.facts)["依据"].startswith("国办公开办函")
    years = dict(view.by_year)
    assert years["2022 年"].failed == 2
    assert list(years) == [f"{year} 年" for year in (2022, 2021, 2020, 2019)] + ["年度未知"]
    assert sum(count for _, count in view.skips) == view.rule.counts.skipped
    assert view.findings[0].report is not None
    assert view.findings[0].anchor is not None


# Filters


words = st.lists(st.sampled_from(["2019", "2024", "none"]), unique=True).map(tuple)


@given(
    years=words,
    regions=st.lists(st.sampled_from(["370100", "none"]), unique=True).map(tuple),
    kinds=st.lists(st.sampled_from(["bureau", "police"]), unique=True).map(tuple),
    outcomes=st.lists(st.sampled_from(["pass", "fail", "skip"]), unique=True).map(tuple),
)
def test_filters_survive_the_address(
    years: tuple[str, ...],
    regions: tuple[str, ...],
    kinds: tuple[str, ...],
    outcomes: tuple[str, ...],
) -> None:
    filters = views.Filters(years=years, regions=regions, kinds=kinds, outcomes=outcomes)
    assert views.decode(views.encode(filters)) == filters
    assert all(views.encode(filters).values())


@given(st.dictionaries(st.sampled_from(["year", "region", "kind", "outcome", "x"]), st.text()))
def test_a_hostile_address_gives_filters_that_match_their_form(given_: dict[str, str]) -> None:
    found = views.decode(given_)
    assert all(year.isdigit() or year == "none" for year in found.years)
    assert set(found.outcomes) <= {"pass", "fail", "skip"}


def test_repeated_and_joined_values_both_count() -> None:
    assert views.decode({"year": ["2019", "2020,2021"]}).years == ("2019", "2020", "2021")


def test_a_prefecture_takes_in_its_counties(small: Data) -> None:
    for region, count in (("370100", 5), ("370000", 5), ("370199", 5), ("370200", 0), ("none", 1)):
        refs = views.report_refs(small, views.Filters(regions=(region,)), "zh")
        assert len(refs) == count, region


def test_unknown_can_be_asked_for(small: Data) -> None:
    refs = views.report_refs(small, views.Filters(years=("none", "2019")), "zh")
    assert {ref.year for ref in refs} == {None, 2019}


def test_reports_can_be_chosen_by_outcome(small: Data) -> None:
    failing = views.report_refs(small, views.Filters(outcomes=("fail",)), "zh")
    assert f"{A}-2022" in {ref.report_id for ref in failing}


def test_options_offer_what_the_data_has(small: Data) -> None:
    options = views.filter_options(small, "zh")
    assert [(o.value, o.count) for o in options.years][-1] == ("none", 1)
    assert [o.value for o in options.regions] == ["370000", "370100", "370199", "none"]
    assert options.regions[1].label == "海州市"
    assert [o.label for o in options.kinds] == ["部门", "未知"]


# Data


def test_a_table_is_shown_with_unknown_as_empty(small: Data) -> None:
    view = views.table_view(small, "values", views.Filters(years=("2021",)), "zh", limit=10_000)
    names = [name for name, _ in view.columns]
    number, state = names.index("number"), names.index("state")
    assert {row[number] for row in view.rows if row[state] == "空白（blank）"} == {""}
    assert view.total == view.shown > 0


def test_every_table_can_be_previewed(small: Data) -> None:
    for table in views.TABLES:
        view = views.table_view(small, table, ALL, "en", limit=3)
        assert view.shown <= 3
        assert all(len(row) == len(view.columns) for row in view.rows)


def test_a_hostile_name_is_data_like_any_other(small: Data) -> None:
    refs = views.report_refs(small, ALL, "zh")
    assert HOSTILE in {ref.agency.name for ref in refs}
    assert views.to_csv(views.table_frame(small, "reports", ALL)).startswith(b"\xef\xbb\xbf")


def test_the_card_of_every_sample_can_be_made_in_both_languages(demo_dataset: Path) -> None:
    data = open_dataset(demo_dataset)
    first = views.report_refs(data, ALL, "zh")[0]
    for lang in ("zh", "en"):
        assert views.report_card(data, first.report_id, lang).tables
        assert views.overview(data, ALL, lang).coverage.rows


def test_agencies_without_a_name_are_told_apart() -> None:
    rows = [
        {"agency_id": "doc-3d23808fa909", "agency_name": None},
        {"agency_id": "doc-bad545e5ebdf", "agency_name": None},
        {"agency_id": "990100-health", "agency_name": "汀澜市卫生健康委员会"},
        {"agency_id": None, "agency_name": None},
    ]
    names = [agency_name(row, "zh") for row in rows]
    assert names == [
        "机关名称未知（文件 3d23808f）",
        "机关名称未知（文件 bad545e5）",
        "汀澜市卫生健康委员会",
        "机关名称未知",
    ]
    schema = {"agency_id": pl.String, "agency_name": pl.String}
    assert pl.DataFrame(rows, schema).select(agency_names_of("zh")).to_series().to_list() == names


def test_a_report_that_is_not_here_has_no_number_of_failures(demo_dataset: Path) -> None:
    def failures(*statuses: str) -> pl.DataFrame:
        filters = views.Filters(statuses=statuses)
        rows = views.listing_frame(open_dataset(demo_dataset), filters, "zh", "{}".format)
        return rows.select("错误", "提示").collect()

    missed, there = failures("not_found"), failures("in_time")
    assert missed.height
    assert missed["提示"].null_count() == missed.height
    assert there.null_count().row(0) == (0, 0)


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ([2019, 2020, None, 2020], "收有 2019–2020 年度的年报。"),
        (
            [2011, 2019, 2021, 2024, 2025],
            "收有 2011–2025 年度的年报。其间 2012–2018 年、2020 年、2022–2023 年度一份也没有。",
        ),
        ([2024], "收有 2024 年度的年报。"),
        ([None], ""),
        ([], ""),
    ],
)
def test_years_without_a_report_are_named(years: list[int | None], said: str) -> None:
    assert held(pl.Series(years, dtype=pl.Int32), "zh") == said
