"""The app without a browser: what each screen draws, and that its state is the address."""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import msgspec
import polars as pl
import pytest
from app_screens import Open, drawn, opener, text_of
from streamlit.testing.v1 import AppTest
from view_data import HOSTILE, A, D, write_small

from dashboard import views
from dashboard.data import open_dataset
from dashboard.labels import moment, t
from dashboard.screens import markup, overview, taking
from dashboard.screens.address import Shown
from dashboard.views.records import PointView as ReportPoint
from govreport_core.dataset import publishing
from govreport_core.indicators import catalogue, groups

pytestmark = pytest.mark.slow

APP = Path(__file__).parent.parent / "dashboard" / "app.py"
RECEIVED = "c-t3_requests.requests_received.natural_person"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(tmp_path_factory.mktemp("app") / "dataset")


@pytest.fixture
def opened(small: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(small, monkeypatch)


def words(app: AppTest) -> str:
    return text_of(drawn(app))


def links(app: AppTest) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'href="([^"]*)"', drawn(app))]


def test_the_entry_point_draws_the_overview(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVREPORT_DATASET", str(small))
    app = AppTest.from_file(APP, default_timeout=180).run()
    assert not app.exception
    assert "总览" in words(app)


def test_the_overview_shows_the_sums_of_the_frames(opened: Open, demo_dataset: Path) -> None:
    values = pl.read_parquet(f"{demo_dataset}/values/**/*.parquet")
    received = values.filter(
        table="t3_requests", row="requests_received", column="applicant_total"
    )["number"].sum()
    reports = pl.read_parquet(f"{demo_dataset}/reports/**/*.parquet").filter("current")
    shown = words(opened(dataset=demo_dataset))
    assert f"新收申请 {received:,.0f} " in shown
    assert f"年报 {reports.height} " in shown
    assert f"行政机关 {reports['agency_id'].n_unique()} " in shown


def test_an_unknown_number_is_never_drawn_as_zero(opened: Open) -> None:
    shown = words(opened(year="2021", level="county", region="370199", kind="department"))
    # Two reports of 2021; the received total of one of them can't be read.
    assert "新收申请 5 合计自 1 份年报；1 份未知，未计入" in shown


def test_indicators_stand_with_their_base_on_overview_and_card(opened: Open) -> None:
    for app in (opened(), opened("report", report=f"{A}-2022", tab="indicators")):
        assert "11 ÷ 11" in words(app)
        assert all(indicator.zh.title in words(app) for indicator in catalogue().values())
    assert "1 份，缺 1 份" in words(opened())


def test_a_chart_is_a_plain_drawing_until_it_is_explored(opened: Open, demo_dataset: Path) -> None:
    view = views.overview(open_dataset(demo_dataset), views.Filters(), "zh")
    plain = opened(dataset=demo_dataset)
    assert not plain.get("plotly_chart")
    drawings = [block for block in plain.get("bidi_component") if "<svg" in block.proto.json]
    for chart, block in zip((view.trend, view.outcomes), drawings, strict=True):
        drawn = json.loads(block.proto.json)["html"]
        for line in chart.series:
            marks = sum(bool(mark.y) for mark in line.marks)
            assert drawn.count(f" {line.name} ") >= marks > 0
    way = "./?year=2021%2C2022&explore=outcomes"
    assert way in links(opened(dataset=demo_dataset, year="2021,2022"))
    explored = opened(dataset=demo_dataset, year="2021,2022", explore="outcomes")
    assert len(explored.get("plotly_chart")) == 1
    assert "./?year=2021%2C2022" in links(explored)


def test_an_empty_filter_is_no_news_to_the_browser(opened: Open) -> None:
    app = opened(year="2021")
    assert app.multiselect("filter_year").proto.set_value
    assert not app.multiselect("filter_kind").proto.set_value


def test_filters_come_from_the_address_and_go_back_to_it(opened: Open) -> None:
    app = opened(year="2019,2020")
    assert app.multiselect("filter_year").value == ["2019", "2020"]
    assert "年报 2 " in words(app)
    app.multiselect("filter_year").set_value(["2022"]).run()
    assert app.query_params == {"year": "2022"}
    assert "年报 1 " in words(app)
    app.multiselect("filter_year").set_value([]).run()
    assert app.query_params == {}


def test_clearing_the_filters_clears_the_address_but_keeps_the_language(opened: Open) -> None:
    app = opened(year="2021", outcome="fail", lang="en")
    next(b for b in app.button if b.label == "Clear filters").click().run()
    assert app.query_params == {"lang": "en"}


def test_every_link_keeps_filters_and_language(opened: Open) -> None:
    for screen in ("", "coverage", "report", "checks"):
        own = [link for link in links(opened(screen, year="2021", lang="en")) if link[0] == "."]
        assert own
        # All but the one that takes the year out.
        assert sum("year=2021" not in link for link in own) == 1
        assert sum("lang=en" not in link for link in own) == 1  # the one to the other language


@pytest.mark.parametrize("screen", ["", "coverage", "report", "checks", "words", "data"])
def test_each_screen_speaks_both_languages(opened: Open, screen: str) -> None:
    assert "检查" in words(opened(screen))
    app = opened(screen, lang="en")
    assert "Overview" in words(app)
    assert app.multiselect("filter_year").label == "Year"


@pytest.mark.parametrize("screen", ["", "coverage", "report", "checks", "words", "data"])
def test_no_match_is_said_in_words(opened: Open, screen: str) -> None:
    app = opened(screen, year="1999", region="999999")
    said = words(app) + "".join(block.value for block in app.info)
    assert re.search("没有符合", said)


@pytest.mark.parametrize(
    "parameters",
    [
        {
            "lang": "xx",
            "year": "'; drop",
            "report": "<script>",
            "cell": '"]{}</style>',
            "table": "?",
        },
        {"rule": "../../etc/passwd", "place": "<img src=x onerror=alert(1)>", "outcome": "maybe"},
    ],
)
@pytest.mark.parametrize("screen", ["", "coverage", "report", "checks", "data", "method"])
def test_a_hostile_address_changes_nothing(
    opened: Open, screen: str, parameters: dict[str, str]
) -> None:
    app = opened(screen, **parameters)
    assert "<script" not in drawn(app)
    assert "<img" not in drawn(app)
    assert "检查" in words(app)


@pytest.mark.parametrize(
    ("screen", "parameters", "sentence", "way"),
    [
        ("", {"year": "abc,2021"}, "“年度”写作“abc”，看不懂", "./?year=2021"),
        ("", {"year": "1999"}, "年度“1999”，这个数据集里没有", "./"),
        ("", {"region": "990000", "kind": "police"}, "地区“990000”", "./?kind=police"),
        ("", {"lang": "xx"}, "“语言”写作“xx”", "./"),
        ("", {"yaer": "2021"}, "参数“yaer”这里不用", "./"),
        ("checks", {"rule": "nope"}, "检查规则“nope”", "./checks"),
        ("coverage", {"agency": "nobody"}, "机关“nobody”", "./coverage"),
        ("data", {"table": "nope"}, "数据表“nope”", "./data"),
        ("", {"explore": "nope", "year": "2021"}, "图“nope”", "./?year=2021"),
        ("coverage", {"agency": A, "explore": "trend"}, "图“trend”", f"./coverage?agency={A}"),
        ("report", {"report": f"{A}-2022", "cell": "no"}, "格“no”", f"./report?report={A}-2022"),
        ("report", {"report": f"{A}-2022", "place": "x"}, "位置“x”", f"./report?report={A}-2022"),
        ("report", {"report": "<b>" * 99, "year": "2021"}, "年报“<b><b>", "./report?year=2021"),
    ],
)
def test_what_an_address_asks_in_vain_is_named_with_the_way_on(
    opened: Open, screen: str, parameters: dict[str, str], sentence: str, way: str
) -> None:
    app = opened(screen, **parameters)
    told = next(block.proto.body for block in app.html if "gr-amiss" in block.proto.body)
    assert sentence in html.unescape(told)
    assert way in [html.unescape(link) for link in re.findall(r'href="([^"]*)"', told)]
    assert len(told) < 2000


def test_nothing_is_said_of_an_address_that_can_be_followed(opened: Open) -> None:
    for screen, parameters in (
        ("", {"year": "2021,none", "region": "370000", "kind": "department", "lang": "zh"}),
        ("checks", {"rule": "t3_balance", "severity": "error", "embed": "true"}),
        ("coverage", {"agency": D, "status": "late"}),
        ("report", {"report": f"{A}-2022", "cell": RECEIVED}),
        ("words", {"q": "公开", "page": "2"}),
        ("", {"explore": "outcomes"}),
    ):
        assert "gr-amiss" not in drawn(opened(screen, **parameters))


def test_names_from_reports_are_shown_as_text(opened: Open) -> None:
    app = opened()
    assert HOSTILE in words(app)
    assert html.escape(HOSTILE, quote=False)[:12] in drawn(app).replace("&#34;", '"')
    assert "<script" not in drawn(app)


def test_a_report_is_shown_with_two_badges_kept_apart(opened: Open) -> None:
    shown = words(opened("report", report=f"{A}-2022"))
    assert "海棠县财政局" in shown
    assert shown.index("读取情况") < shown.index("一致性")
    assert "读取可靠" in shown  # we read all of it
    assert "有错误" in shown  # 12 + 3 received isn't 11 + 1 disposed


def test_every_number_of_a_card_links_to_its_source(opened: Open, small: Path) -> None:
    app = opened("report", report=f"{A}-2022")
    values = pl.read_parquet(f"{small}/values/**/*.parquet").filter(
        pl.col("year") == 2022, pl.col("part").is_not_null()
    )
    cells = {f"c-{t}.{r}.{c}" for t, r, c in values.select("table", "row", "column").iter_rows()}
    asked = {cell for link in links(app) for cell in re.findall(r"[?&]cell=([^&]+)", link)}
    assert cells
    assert cells <= asked


def test_a_cell_in_the_address_opens_its_source_marked(opened: Open) -> None:
    app = opened("report", report=f"{A}-2022", cell=RECEIVED)
    panel = next(block.proto.body for block in app.html if "gr-source" in block.proto.body)
    assert panel.count("<mark>") == 1
    assert "<mark>12</mark>" in panel
    assert "自然人" in panel
    style = [block.proto.body for block in app.html if RECEIVED in block.proto.body]
    assert any("outline" in body for body in style)


def test_the_source_panel_says_which_checks_fail_there(opened: Open) -> None:
    total = "c-t3_requests.requests_carried_over.applicant_total"
    app = opened("report", report=f"{A}-2022", cell=total)
    panel = next(block.proto.body for block in app.html if "gr-source" in block.proto.body)
    assert "相差" in panel


def test_an_unreadable_number_is_said_to_be_one(opened: Open) -> None:
    cell = "c-t3_requests.requests_received.applicant_total"
    app = opened("report", report=f"{A}-2021", cell=cell)
    panel = next(block.proto.body for block in app.html if "gr-source" in block.proto.body)
    assert "读不准" in panel
    assert "012" in panel


TOTAL = "c-t3_requests.requests_carried_over.applicant_total"
DISPOSED = "c-t3_requests.disposed_total.applicant_total"


def test_a_finding_leads_to_the_total_with_its_parts_marked(opened: Open) -> None:
    found = links(opened("checks", rule="t3_balance"))
    assert f"./report?report={A}-2022&cell={DISPOSED}" in found
    app = opened("report", report=f"{A}-2022", cell=DISPOSED)
    style = next(
        block.proto.body
        for block in app.html
        if "dashed var" in block.proto.body and "[id=" in block.proto.body[:14]
    )
    marked = set(re.findall(r'id="([^"]+)"', style))
    assert {TOTAL, DISPOSED} < marked
    assert all("applicant_total" in one for one in marked)
    assert "c-t3_requests.granted_full.applicant_total" not in marked


def test_each_severity_has_its_own_look_in_the_form(opened: Open) -> None:
    shown = drawn(opened("report", report=f"{A}-2022"))
    assert re.search(r'class="v reported failing error"', shown)
    assert not re.search(r'failing"', shown)


def test_what_is_unfolded_stands_in_the_address(opened: Open) -> None:
    app = opened("report", report=f"{A}-2022", tab="years")
    assert app.session_state["fold_years"]
    assert not app.session_state["fold_source"]
    assert "较上年" in words(app)
    assert f"./report?tab=years&report={A}-2021" in links(app)
    assert f"./report?tab=years&report={A}-2022&cell={RECEIVED}" in links(app)
    assert "较上年" not in words(opened("report", report=f"{A}-2022"))
    assert "标签页“nope”" in words(opened("report", report=f"{A}-2022", tab="nope"))


def test_a_card_opens_with_verdicts_figures_and_failures(opened: Open) -> None:
    shown = words(opened("report", report=f"{A}-2022"))
    order = (
        "读取情况",
        "一致性",
        "公布情况 ▲",
        "新收申请",
        "不通过的检查",
        "问题与改进 ",
        "表格（按原样）",
    )
    places = [shown.index(word, shown.index("海棠县财政局")) for word in order]
    assert places == sorted(places)
    assert re.search(r"办结 11 ", shown)
    assert "怎么改" in shown


def test_a_cards_figures_stand_beside_those_of_last_year(opened: Open, small: Path) -> None:
    cards = pl.read_parquet(f"{small}/cards/**/*.parquet").filter(agency_id=A, year=2019)
    last = cards["received"][0]
    assert f"上年 {last:.0f}" in words(opened("report", report=f"{A}-2020"))
    # What can't be read for certain in 2021 is no figure to be set beside.
    shown = words(opened("report", report=f"{A}-2021"))
    assert re.search("新收申请 未知", shown)


def test_the_heading_says_how_many_failures_are_on_consistency(
    opened: Open, demo_dataset: Path
) -> None:
    cards = pl.read_parquet(f"{demo_dataset}/cards/**/*.parquet")
    failed = pl.sum_horizontal("fail_error", "fail_warning", "fail_info")
    more = cards.drop_nulls("document_id").filter(failed > pl.col("agree_failed"))
    card = more.with_columns(failed=failed).row(0, named=True)
    shown = words(opened("report", dataset=demo_dataset, report=card["report_id"]))
    said = f"不通过的检查（{card['failed']}） 其中一致性 {card['agree_failed']}"
    assert said in shown


def test_a_report_is_handed_out_as_a_table_and_as_data(small: Path) -> None:
    shared = views.context(open_dataset(small))
    card = views.report_card(shared.data, f"{A}-2022", "zh", shared)
    cells = [cell for table in card.tables for row in table.rows for cell in row.cells]
    taken = views.card_frame(card, "zh")
    assert taken.columns[:5] == ["机关", "年度", "表", "行", "列"]
    assert taken.columns[-2] == "格的代码"
    there = pl.Series([cell.number for cell in cells if cell.state != "absent"])
    assert taken["数值"].drop_nulls().sum() == there.drop_nulls().sum()
    made = json.loads(views.card_json(shared, f"{A}-2022"))
    assert made["report"]["report_id"] == f"{A}-2022"
    assert len(made["checks"]) == card.counts.passed + card.counts.failed + card.counts.skipped


def test_points_that_find_no_room_on_paper_are_counted() -> None:
    of = ReportPoint("problem", "", 1, "字" * 900, None, "x")
    assert views.fitting([of] * 2) == 2
    assert views.fitting([of] * 9) == 2


def test_no_link_leads_to_a_script(opened: Open) -> None:
    app = opened("report", report="370199-b-2021")
    assert "海棠县" in words(app)
    assert not [link for link in links(app) if not re.match(r"\./|https?://", link)]


def test_a_report_that_is_not_there_is_said_and_the_list_offered(opened: Open) -> None:
    app = opened("report", report="nobody-1900")
    assert "年报“nobody-1900”，这个数据集里没有" in words(app)
    assert f"./report?report={A}-2022" in links(app)


def test_a_report_without_form_shows_what_there_is(opened: Open) -> None:
    app = opened("report", report="doc-c-null")
    assert "机关名称未知" in words(app)
    assert "没有认出" in app.info[0].value


def test_the_checks_screen_counts_as_the_frames_do(opened: Open, demo_dataset: Path) -> None:
    checks = pl.read_parquet(f"{demo_dataset}/checks/**/*.parquet")
    failed = checks.filter(outcome="fail")
    app = opened("checks", dataset=demo_dataset)
    assert f"检查结果（{failed.height}）" in words(app)
    assert "./checks?rule=t3_balance" in links(app)
    mine = failed.filter(check="t3_balance").height
    assert f"检查结果（{mine}）" in words(opened("checks", dataset=demo_dataset, rule="t3_balance"))


def test_the_outcome_filter_lists_other_results(opened: Open, small: Path) -> None:
    checks = pl.read_parquet(f"{small}/checks/**/*.parquet")
    current = pl.read_parquet(f"{small}/reports/**/*.parquet").filter("current")["document_id"]
    shown = pl.col("document_id").is_null() | pl.col("document_id").is_in(current.implode())
    skipped = checks.filter(shown, outcome="skip").height
    assert skipped
    assert f"检查结果（{skipped:,}）" in words(opened("checks", outcome="skip"))


def test_the_data_screen_previews_a_table_and_counts_its_rows(opened: Open, small: Path) -> None:
    values = pl.read_parquet(f"{small}/values/**/*.parquet").filter(year=2021)
    app = opened("data", table="values", year="2021")
    assert app.selectbox("choose_table").value == "values"
    assert f"共 {values.height} 行" in app.main.caption[1].value
    shown = words(app)
    assert all(name in shown for name in ("文件标识", "行", "列"))
    assert drawn(app).count("<tr>") == 101  # the headings and the first hundred
    app.selectbox("choose_table").set_value("reports").run()
    assert app.query_params["table"] == "reports"


def test_the_data_screen_opens_with_a_row_a_report_under_labels(opened: Open) -> None:
    app = opened("data", year="2021")
    assert app.selectbox("choose_table").value == "wide"
    shown = words(app)
    assert "海棠县财政局" in shown
    assert "机关类别" in shown
    assert shown.rindex("文件标识") > shown.index("自然人")
    assert "<code>" not in drawn(app)


def test_the_roster_is_narrowed_like_the_rest(opened: Open) -> None:
    assert "共 3 行" in opened("data", table="agencies", kind="department").main.caption[1].value
    app = opened("data", table="agencies", region="990000")
    assert "没有符合筛选条件" in app.info[0].value


@pytest.mark.parametrize(("rows", "size", "said"), [(10, 0, ""), (2_000_000, 0, "装不下")])
def test_what_no_sheet_holds_is_said_and_not_offered(rows: int, size: int, said: str) -> None:
    app = AppTest.from_function(_offering, kwargs={"rows": rows, "size": size}).run()
    told = "".join(block.value for block in app.caption)
    assert said in told
    assert len(app.get("download_button")) == (1 if said else 2)


def test_a_large_table_is_taken_year_by_year_and_its_size_told_before() -> None:
    app = AppTest.from_function(_offering, kwargs={"rows": 10, "size": 366_000_000}).run()
    assert "366 MB" in app.caption[0].value
    assert [one.proto.label for one in app.get("download_button")] == ["下载 CSV（2024）"]


def test_what_is_sent_as_it_is_read_is_taken_at_once_whatever_its_size() -> None:
    given = {"rows": 10, "size": 366_000_000, "sent": "./rows.csv?table=values"}
    app = AppTest.from_function(_offering, kwargs=given).run()
    assert "366 MB" in app.caption[0].value
    assert not app.get("download_button")
    assert "./rows.csv?table=values" in links(app)


def _offering(rows: int, size: int, sent: str = "") -> None:
    # Run as an app of its own, which sees nothing of this file.
    import polars  # noqa: PLC0415

    from dashboard.screens import taking  # noqa: PLC0415
    from dashboard.screens.address import Shown  # noqa: PLC0415
    from dashboard.views import Filters  # noqa: PLC0415

    def frame() -> polars.DataFrame:
        raise AssertionError

    shown = Shown(data=None, stamp="", lang="zh", filters=Filters(), parameters={})  # type: ignore[arg-type]
    years = [("2024", frame)]
    taking.downloads("x", str(rows), shown, frame, rows=rows, size=size, years=years, sent=sent)


def test_a_files_name_says_what_was_chosen(small: Path) -> None:
    data = open_dataset(small)
    filters = views.Filters(regions=("370199",), years=("2021",), kinds=("department",))
    shown = Shown(data=data, stamp="", lang="zh", filters=filters, parameters={})
    assert taking.named("年报", shown) == "年报-海棠县-2021-部门"


def test_no_dataset_is_one_clear_line(opened: Open, tmp_path: Path) -> None:
    app = opened(dataset=tmp_path / "nothing")
    assert "no dataset here" in app.error[0].value
    assert app.code[0].value == "govreport demo"


@pytest.mark.parametrize("screen", ["", "coverage", "report", "checks", "data"])
def test_a_dataset_without_reports_is_drawn_without_numbers(
    opened: Open, tmp_path: Path, screen: str
) -> None:
    publishing.write(tmp_path / "empty", {}, versions={})
    app = opened(screen, dataset=tmp_path / "empty")
    said = words(app) + "".join(block.value for block in app.info)
    assert "没有" in said


def test_links_hold_wherever_the_app_is_served() -> None:
    shown: Any = Shown(
        data=None,  # type: ignore[arg-type]  # links need no data
        stamp="",
        lang="en",
        filters=views.Filters(years=("2021",), rules=("t3_balance",)),
        parameters={},
    )
    assert (
        shown.link("report", report="a b&c", cell=None)
        == "./report?lang=en&year=2021&report=a+b%26c"
    )
    assert shown.link("", year=None, lang=None) == "./"


def test_a_fault_of_the_program_is_one_line_with_the_way_on(
    small: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setenv("GOVREPORT_DATASET", str(small))
    monkeypatch.setattr(overview, "render", broken)
    app = AppTest.from_string("from dashboard.app import draw\ndraw('')\n", default_timeout=180)
    app.run()
    assert not app.exception
    assert [error.value for error in app.error] == [t("app.broke", "zh")]
    assert "./report" in links(app)
    assert "ZeroDivisionError" in caplog.text


def test_a_draft_is_judged_on_the_screen_and_not_kept(
    opened: Open, small: Path, samples: Path
) -> None:
    before = sorted(small.rglob("*"))
    app = opened("draft")
    assert not app.sidebar.multiselect
    faulty = next(
        samples / report["file"]
        for report in json.loads((samples / "answers.json").read_text("utf-8"))["reports"]
        if [fault["check"] for fault in report.get("faults", [])][:1] == ["t3_balance"]
    )
    app.file_uploader("draft").set_value(("draft.txt", faulty.read_bytes(), "text/plain")).run()
    assert not app.exception
    shown = words(app)
    assert "处错误" in shown
    assert "怎么办" in shown
    assert "<mark>" in drawn(app)
    assert sorted(small.rglob("*")) == before
    # Who looks elsewhere finds it again; who has done with it forgets it.
    app.file_uploader("draft").set_value(None).run()
    assert "处错误" in words(app)
    next(one for one in app.button if one.label == t("app.draft_forget", "zh")).click().run()
    assert "处错误" not in words(app)


def test_a_file_that_is_no_report_is_said_to_be_none(opened: Open) -> None:
    app = opened("draft")
    app.file_uploader("draft").set_value(("a_b.txt", "别的东西".encode(), "text/plain")).run()
    assert "不是年度报告" in app.error[0].value


def test_coverage_shows_who_is_late_and_where_the_date_stands(opened: Open) -> None:
    app = opened("coverage")
    assert "按期公布 1 份，逾期 1 份" in words(app)
    assert "▲ 6" in words(app)
    assert any(re.search(rf"report={A}-2022&place=e-\d+", link) for link in links(app))
    assert f"./coverage?agency={A}" in links(app)
    assert all(one.zh.title in words(app) for one in groups().values())


def test_an_agency_has_its_badges_its_years_and_what_fails(opened: Open) -> None:
    shown = words(opened("coverage", agency=A))
    assert "海棠县财政局" in shown
    assert shown.index("读取情况") < shown.index("一致性")
    assert "未能判断的原因" in shown
    assert "逾期 6 天" in shown
    assert "相差" in shown
    assert "公布情况" in words(opened("coverage", agency="nobody"))


def test_results_stand_before_the_catalogue(opened: Open) -> None:
    app = opened("checks")
    shown = words(app)
    assert shown.index("不通过的规则") < shown.index("不通过的机关") < shown.index("按地区")
    assert shown.index("按地区") < shown.index("检查结果（")
    assert app.expander[0].label.startswith("全部检查规则")
    assert "有疑点" in shown  # how well a region was read stands beside whether it agrees


def test_codes_stand_beside_their_words_in_the_data(opened: Open) -> None:
    shown = words(opened("data", table="values", year="2021"))
    assert "2021 年格式（form_2021）" in shown
    assert "规章（regulations）" in shown
    shown = words(opened("data", table="coverage"))
    assert "逾期公布（late）" in shown
    assert "未找到（not_found）" in shown


def test_a_card_says_that_there_are_two_versions_and_how_they_differ(opened: Open) -> None:
    app = opened("report", report=f"{A}-2020")
    assert "同一年报的不同版本（2）" in words(app)
    assert "<del>12</del>" in drawn(app)
    assert "<ins>10</ins>" in drawn(app)


def test_the_method_explains_itself_without_filters(opened: Open) -> None:
    app = opened("method")
    assert not app.sidebar.multiselect
    shown = words(app)
    for term in ("怎样算读准", "多数未能判断", "未收集", "读得怎样：真实年报", "北京时间"):
        assert term in shown


def test_a_search_stands_in_the_address_and_marks_its_words(
    opened: Open, demo_dataset: Path
) -> None:
    app = opened("words", dataset=demo_dataset, page="2")
    assert "主题与历年变化" in words(app)
    app.text_input("words_query").set_value("兼職").run()
    assert app.query_params == {"q": "兼職"}
    assert "<mark>兼职</mark>" in drawn(app)
    assert any("section=all" in link for link in links(app))
    point = next(link for link in links(app) if "point=" in link)
    assert point.startswith("./words?point=")


@pytest.mark.parametrize("typed", [" ", "字" * 201, "-公开", "<script>alert(1)</script>"])
def test_an_odd_query_is_answered(opened: Open, demo_dataset: Path, typed: str) -> None:
    app = opened("words", dataset=demo_dataset, q=typed)
    assert app.warning or "没有找到" in words(app)
    assert "<script>alert" not in drawn(app)


def test_a_card_shows_what_was_said_before_and_two_texts_side_by_side(
    opened: Open, demo_dataset: Path
) -> None:
    said = pl.read_parquet(f"{demo_dataset}/promises/**/*.parquet")
    row = said.filter(link="repeated").sort("likeness").row(-1, named=True)
    report, before = (f"{row['agency_id']}-{row['year'] - back}" for back in (0, 1))
    page = drawn(opened("report", dataset=demo_dataset, report=report, other=before))
    assert t("echoes.links.repeated", "zh") in page
    assert '<em class="gr-term">' in page
    for tag in ("<ins>", "<del>", 'class="kept"', f"other={before}"):
        assert tag in page


@pytest.mark.parametrize("other", ["none-2020", "<script>alert(1)</script>", "字" * 300])
def test_another_report_that_is_not_there_is_named(opened: Open, other: str) -> None:
    app = opened("report", report=f"{A}-2022", other=other)
    assert t("sides.no_other", "zh") in [warning.value for warning in app.warning]
    assert "<script>alert" not in drawn(app)


def test_names_beside_a_text_are_text(opened: Open) -> None:
    page = drawn(opened("report", report=f"{A}-2021", other="370199-b-2021"))
    assert HOSTILE not in page
    assert html.escape(HOSTILE).replace("&quot;", "&#34;") in page


def test_what_cannot_be_asked_is_not_offered_in_other_sections(opened: Open) -> None:
    assert t("words.also_elsewhere", "zh") in drawn(opened("words", q="绝无此词语"))
    app = opened("words", q="-公开")
    assert t("words.unasked.without_only", "zh") in [warning.value for warning in app.warning]
    assert t("words.also_elsewhere", "zh") not in drawn(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_room_lists_what_is_said_for_years_and_what_several_share(
    opened: Open, demo_dataset: Path, lang: str
) -> None:
    app = opened("words", dataset=demo_dataset, lang=lang)
    for name in ("running", "shared"):
        assert t(f"echoes.lists.{name}", lang) in drawn(app)
    heads = re.findall(r'<h2 class="gr-h">(.*?)</h2>', drawn(app))
    names = ("words.themes", "words.list", "echoes.lists.running", "echoes.lists.shared")
    assert heads == [t(name, lang) for name in names]
    # A search shows what was found alone.
    assert t("echoes.lists.running", lang) not in drawn(
        opened("words", dataset=demo_dataset, lang=lang, q="公开")
    )


def test_one_box_finds_agencies_regions_and_rules(opened: Open) -> None:
    app = opened("method")
    app.text_input("find").set_value("海棠　縣").run()
    assert app.query_params == {"find": "海棠　縣"}
    found = links(app)
    assert f"./coverage?agency={A}" in found
    assert "./?region=370199" in found
    assert f"./report?report={A}-2022" in links(opened(find="财政局 2022年度"))
    # A year goes along to the region, where there is one such.
    assert "./?region=370199&year=2021" in links(opened(find="海棠县 2021"))
    assert "./?region=370199" in links(opened(find="海棠县 2098"))
    assert "./checks?rule=t3_balance" in links(opened(find="t3_balance"))
    assert "./words?q=t3_balance" in links(opened(find="t3_balance"))


@pytest.mark.parametrize("typed", ["<b>alert(1)</b>", "字" * 10_000, "](", "%", "  "])
def test_whatever_is_typed_into_the_box_is_answered(opened: Open, typed: str) -> None:
    app = opened("report", find=typed)
    assert "<b>alert" not in drawn(app)
    assert len(drawn(app)) < 60_000
    assert ("没有名叫" in words(app)) == bool(typed.strip())
    assert ("只按前 100 个字" in words(app)) == (len(typed) > 100)


@pytest.mark.parametrize(
    ("chosen", "told"),
    [({}, False), ({"year": "2021", "level": "county"}, False), ({"status": "late"}, True)],
)
def test_an_answer_that_a_filter_does_not_narrow_says_so(
    opened: Open, demo_dataset: Path, chosen: dict[str, str], *, told: bool
) -> None:
    app = opened("", dataset=demo_dataset, **chosen)
    said = [caption.value for caption in app.caption]
    assert (t("answer.not_narrowed", "zh") in said) == told


def test_the_list_is_sorted_by_its_heads_and_shows_exactly_what_is_taken(
    opened: Open, demo_dataset: Path
) -> None:
    data = open_dataset(demo_dataset)
    filters = views.Filters(years=("2024", "2023"), regions=("990100",))
    app = opened(
        "report", dataset=demo_dataset, year="2024,2023", region="990100", sort="-received"
    )
    shown = drawn(app)
    assert 'aria-sort="descending"' in shown
    view = views.listing(data, filters, "zh", sort="-received")
    numbers = [
        int(row.figures[0].replace(",", "")) for row in view.rows if row.figures[0][0].isdigit()
    ]
    assert numbers == sorted(numbers, reverse=True)
    assert f"共 {view.found} 份年报" in words(app)
    assert any("sort=received" in link and "year=2024" in link for link in links(app))
    taken = views.listing_frame(data, filters, "zh", "./report?report={}".format, sort="-received")
    rows = taken.collect()
    assert rows.height == view.found
    assert rows["年报代码"].to_list()[: len(view.rows)] == [row.report_id for row in view.rows]
    assert rows["链接"][0] == f"./report?report={view.rows[0].report_id}"
    assert rows.columns[-4:] == ["机关代码", "地区代码", "年报代码", "规则代码"]


def test_pages_of_the_list_follow_one_another(demo_dataset: Path) -> None:
    data = open_dataset(demo_dataset)
    first, second = (views.listing(data, views.Filters(), "zh", page=page) for page in (1, 2))
    assert (first.first, second.first, len(first.rows)) == (1, 51, 50)
    assert first.found == data.reports.collect().height
    ids = [row.report_id for row in (*first.rows, *second.rows)]
    assert len(set(ids)) == len(ids)
    assert views.listing(data, views.Filters(), "zh", page=99).page == first.pages
    by_agency = views.agency_years(data, views.Filters(), "zh")
    assert sum(one is not None for row in by_agency.agencies for one in row.years) == first.found
    assert by_agency.years == tuple(sorted(by_agency.years, reverse=True))


def test_a_status_lists_what_is_not_here_and_a_rule_what_fails_it(small: Path) -> None:
    data = open_dataset(small)
    missing = views.listing(data, views.Filters(statuses=("not_found",)), "zh")
    assert {row.failures for row in missing.rows} == {(None, None, None)}
    assert missing.found
    assert missing.reports == 0
    assert missing.rows[0].report_id is None
    failing = views.listing(data, views.Filters(rules=("t3_balance",)), "zh")
    assert {row.report_id for row in failing.rows} == {
        row["report_id"]
        for row in data.reports.collect().iter_rows(named=True)
        if "t3_balance" in row["failed_rules"]
    }


def test_what_is_chosen_stands_on_chips_that_take_it_out(opened: Open) -> None:
    app = opened("report", year="2021,2022", region="370199", rule="t3_balance")
    assert "地区: 海棠县" in words(app)
    found = links(app)
    assert "./report?region=370199&year=2022&rule=t3_balance" in found or any(
        link.startswith("./report?") and "year=2022" in link and "2021" not in link
        for link in found
    )
    assert any("rule=" not in link and "region=370199" in link for link in found)
    assert "已选" not in words(opened("report"))
    assert "已选" not in words(opened("report", report=f"{A}-2022", year="2021"))


def test_regions_are_chosen_from_the_top_down(opened: Open) -> None:
    app = opened()
    assert [one.key for one in app.sidebar.selectbox] == ["filter_region_0"]
    app.selectbox("filter_region_0").set_value("370000").run()
    assert app.query_params["region"] == "370000"
    app.selectbox("filter_region_1").set_value("370100").run()
    app.selectbox("filter_region_2").set_value("370199").run()
    assert app.query_params["region"] == "370199"
    app.selectbox("filter_region_2").set_value(None).run()
    assert app.query_params["region"] == "370100"


def test_a_choice_says_how_many_it_brings_beside_what_is_chosen(small: Path) -> None:
    data = open_dataset(small)
    options = views.filter_options(data, "zh")
    for filters in (
        views.Filters(years=("2021",)),
        views.Filters(regions=("370199",), outcomes=("fail",)),
    ):
        counted = views.facets(data, filters, options)
        for name in ("years", "kinds", "regions", "readings", "severities", "outcomes"):
            assert getattr(counted, name), name
            for option in getattr(counted, name):
                both = msgspec.structs.replace(filters, **{name: (option.value,)})
                assert option.count == views.listing(data, both, "zh").found, (name, option)
    assert views.facets(data, views.Filters(), options) == options


def test_regions_are_counted_level_by_level_down_to_the_one_chosen(small: Path) -> None:
    data = open_dataset(small)
    options = views.filter_options(data, "zh")

    def offered(*regions: str) -> set[str]:
        counted = views.facets(data, views.Filters(("2021",), regions), options).regions
        return {option.value for option in counted}

    provinces = {one.value for one in views.regions_in(options.regions, "")}
    assert offered() == offered("370199", "370000") == provinces
    below = {"370100"} | {one.value for one in views.regions_in(options.regions, "370100")}
    assert offered("370199") == provinces | below > offered("370000") > provinces


def test_seldom_used_filters_are_drawn_on_wish_and_hold_closed(opened: Open) -> None:
    app = opened("report", reading="whole", outcome="fail")
    drawn_first = ["filter_year", "filter_kind", "filter_severity"]
    assert [one.key for one in app.sidebar.multiselect] == drawn_first
    found = words(app)
    assert app.query_params == {"reading": "whole", "outcome": "fail"}
    app.session_state["more_filters"] = True
    app.run()
    assert app.multiselect("filter_reading").value == ["whole"]
    assert app.multiselect("filter_outcome").value == ["fail"]
    assert words(app) == found
    app.multiselect("filter_level").set_value(["county"]).run()
    assert app.query_params["level"] == "county"
    app.session_state["more_filters"] = False
    app.run()
    assert app.query_params == {"reading": "whole", "outcome": "fail", "level": "county"}


def test_of_many_agencies_the_overview_lists_few_and_leads_to_all(demo_dataset: Path) -> None:
    data = open_dataset(demo_dataset)
    view = views.overview(data, views.Filters(), "zh", limit=20)
    shown = Shown(data, "", "zh", views.Filters(), {})
    every = msgspec.structs.replace(view.coverage, found=len(view.coverage.rows))
    drawn_rows = []
    for coverage in (every, msgspec.structs.replace(every, found=21)):
        page = overview.listed(coverage)
        html_ = markup.render("coverage", shown, coverage=coverage, rows=page, verdicts=[])
        drawn_rows.append(len(page))
        assert ("./report?tab=agencies" in html_) == (coverage.found == 21)
    assert drawn_rows == [20, 10]


def test_a_link_is_the_address_that_its_parameters_make(small: Path) -> None:
    filters = views.Filters(("2021", "2022"), ("370000",), outcomes=("fail",), rules=("x",))
    shown = Shown(open_dataset(small), "", "en", filters, {"tab": "tables"})
    carried = {"lang": "en", "year": "2021,2022", "region": "370000", "outcome": "fail"}
    odd = {"year": "20 & 22", "q": "信息公开=“a”", "a&b": "c", "region": None, "page": ""}
    wanted = {k: v for k, v in (carried | odd).items() if v}
    assert shown.link("words", **odd) == f"./words?{urlencode(wanted)}"
    wanted = {"lang": "en", "tab": "tables"} | carried | {"report": "r"}
    assert shown.link("report", report="r") == f"./report?{urlencode(wanted)}"
    none = Shown(shown.data, "", "zh", views.Filters(), {})
    assert (none.link(""), none.link("", year="2021")) == ("./", "./?year=2021")


@pytest.mark.parametrize(("sort", "page"), [("nope", "x"), ("-", "0"), ("-year", "99999999999")])
def test_an_odd_sort_or_page_is_the_lists_own(opened: Open, sort: str, page: str) -> None:
    app = opened("report", sort=sort, page=page)
    assert "共 6 份年报，这里是第 1–6 份" in words(app)
    assert ("排序“nope”" in words(app)) == (sort == "nope")


def test_all_rows_are_a_table_of_streamlits_own_on_wish(opened: Open) -> None:
    assert not opened("report").dataframe
    app = opened("report", tab="grid", year="2021")
    assert app.dataframe[0].value.shape[0] == 2


def test_a_reply_stands_once_beside_what_it_answers(opened: Open, demo_dataset: Path) -> None:
    report = "990102-dengqiao-subdistrict-2021"
    shown = words(opened("report", dataset=demo_dataset, report=report))
    assert shown.count("经核对登记簿") == 1
    assert shown.index("不通过的检查（2）") < shown.index("经核对登记簿")


def test_nothing_failing_is_told_with_what_could_not_be_assessed(
    opened: Open, demo_dataset: Path
) -> None:
    cards = pl.read_parquet(f"{demo_dataset}/cards/**/*.parquet")
    card = cards.filter(pl.col("failed_rules").list.len() == 0, pl.col("skipped") > 0).row(
        0, named=True
    )
    shown = words(opened("report", dataset=demo_dataset, report=card["report_id"]))
    said = f"能判断的 {card['passed']} 项都通过；另有 {card['skipped']} 项未能判断，不算通过。"
    assert f"不通过的检查（0） {said}" in shown


@pytest.mark.parametrize(
    ("paragraphs", "said"),
    [(None, "card.no_section_five"), ((), "card.no_section_five"), (("无。",), "card.no_points")],
)
def test_a_section_five_that_was_not_read_is_not_said_to_stand_below(
    small: Path, paragraphs: tuple[str, ...] | None, said: str
) -> None:
    section = SimpleNamespace(
        code="s5_problems", label="问题", heading=None, place=None, paragraphs=paragraphs
    )
    card = SimpleNamespace(points=(), sections=(section,), alike=(), shared=())
    shown = Shown(open_dataset(small), "", "zh", views.Filters(), {})
    html_of = markup.render("card_prose", shown, card=card)
    assert t(said, "zh") in text_of(html_of)
    assert ('<details class="gr-noprint" open>' in html_of) == bool(paragraphs)


@pytest.mark.parametrize("screen", ["", "report", "coverage", "compare", "draft", "method"])
def test_each_screen_says_which_data_and_rules_it_shows(
    opened: Open, demo_dataset: Path, screen: str
) -> None:
    about = json.loads((demo_dataset / "dataset.json").read_text(encoding="utf-8"))
    shown = words(opened(screen, dataset=demo_dataset))
    built = moment(about["built_at"], "zh")
    assert shown.endswith(
        f"数据集 {demo_dataset.name} · 生成于 {built} · "
        f"程序 {about['parser']} · 规则 {about['rules'][:8]}"
    )


def test_every_sign_of_the_overview_stands_in_its_legend(
    opened: Open, demo_dataset: Path, tmp_path: Path
) -> None:
    # One report's cells are mostly unread: its sign is none of those with counts.
    mine = shutil.copytree(demo_dataset.resolve(), tmp_path / "mine")
    for file in (mine / "cards").rglob("*.parquet"):
        cards = pl.read_parquet(file)
        first = pl.int_range(pl.len()) == 0
        read = (
            pl.when(first).then(3).otherwise(pl.col("cells_read")).cast(cards.schema["cells_read"])
        )
        cards.with_columns(cells_read=read).write_parquet(file)
    shown = drawn(opened(dataset=mine))
    legends = "".join(re.findall(r'<ul class="gr-legend">.*?</ul>', shown, re.DOTALL))
    signs = set(re.findall(r'<td><a[^>]*><span class="gr-tag \w+" aria-hidden="true">(.)', shown))
    assert "◔" in signs
    assert all(sign in legends for sign in signs)


def test_of_an_agency_without_a_name_nobody_knows_whether_it_was_in_time(opened: Open) -> None:
    shown = drawn(opened("coverage", agency="doc-c"))
    (table,) = re.findall(r'aria-label="年报一览">(<table.*?</table>)', shown, re.DOTALL)
    assert re.findall(r"<tr>.*?</th>\s*<td>(.*?)</td>", table.partition("<tbody>")[2]) == ["未知"]


def test_an_agencys_years_stand_in_one_table_with_their_key_figures(
    opened: Open, demo_dataset: Path
) -> None:
    agency = "990100-development-reform"
    cards = pl.read_parquet(f"{demo_dataset}/cards/**/*.parquet").filter(
        pl.col("agency_id") == agency
    )
    shown = drawn(opened("coverage", dataset=demo_dataset, agency=agency))
    (table,) = re.findall(r'aria-label="年报一览">(<table.*?</table>)', shown, re.DOTALL)
    rows = [text_of(row) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)]
    assert [row[:4] for row in rows[1:]] == [str(year) for year in range(2024, 2018, -1)]
    for card in cards.iter_rows(named=True):
        row = next(row for row in rows if row.startswith(str(card["year"])))
        if card["document_id"] is None:
            assert "未找到" in row
            assert row.endswith(" – – – – – –")
        else:
            assert f" {card['received']:,.0f} {card['disposed']:,.0f} " in row
    # What fails comes before the years' other figures.
    whole = text_of(shown)
    assert whole.index("检查结果（") < whole.index("历年申请与办结")
