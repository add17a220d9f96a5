"""The app in a real browser: a click on a number shows its source, and every state is a link."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from app_browsed import Open, box, opening, settled, soon, still
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

pytestmark = pytest.mark.browser

CELL = "c-t3_requests.requests_received.applicant_total"
SCREENS = (
    *("", "coverage", "region", "report", "checks", "words"),
    *("compare", "data", "draft", "method"),
)


@pytest.fixture(scope="module")
def report_id(demo_dataset: Path) -> str:
    """A report that fails a check."""
    checks = pl.read_parquet(f"{demo_dataset}/checks/**/*.parquet")
    reports = pl.read_parquet(f"{demo_dataset}/reports/**/*.parquet").filter("current")
    failing = checks.filter(outcome="fail", check="t3_balance")["document_id"].implode()
    return str(reports.filter(pl.col("document_id").is_in(failing))["report_id"].sort()[0])


@pytest.fixture
def opened(app: str, chromium: Any) -> Iterator[Open]:
    """Opens a screen at an address; afterwards nothing may have gone wrong or left this machine."""
    with opening(chromium, app) as opens:
        yield opens


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(("width", "lang"), [(1280, "zh"), (390, "zh"), (390, "en")])
def test_each_screen_fits_the_window(opened: Open, screen: str, width: int, lang: str) -> None:
    page = opened(screen, width=width, lang=lang)
    expect(page.locator("h1")).to_have_count(1)
    # Charts take the window's width a moment after they are drawn.
    main = page.locator('[data-testid="stMain"]')
    soon(page, lambda: main.evaluate("main => main.scrollWidth === main.clientWidth"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_no_row_of_the_list_is_cut(opened: Open, lang: str) -> None:
    page = opened("report", width=390, lang=lang)
    rows = page.locator(".gr-scroll:has(.gr-stack)")
    soon(page, lambda: rows.evaluate("all => all.scrollWidth <= all.clientWidth"))


def test_a_tile_draws_its_years(opened: Open) -> None:
    page = opened("")
    bars = page.locator(".gr-tiles li").first.locator(".gr-course i")
    bars.nth(1).wait_for()
    high = bars.evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert len(high) > 1
    assert max(high) == 20


@pytest.mark.parametrize("width", [1280, 390])
def test_a_chart_is_drawn_at_once_and_explored_when_asked(opened: Open, width: int) -> None:
    page = opened(width=width)
    drawings = page.locator(".gr-chart svg.drawing:visible")
    expect(drawings).to_have_count(2)
    assert drawings.first.locator(".dot :is(circle, rect, path)").count() > 2
    # What a mouse shows of a value; a phone has none.
    assert (drawings.first.locator("title").count() > 2) == (width > 640)
    assert page.locator(".js-plotly-plot").count() == 0
    page.locator('a[href*="explore=trend"]').click()
    page.locator(".js-plotly-plot").wait_for()
    settled(page)
    expect(drawings).to_have_count(1)
    page.go_back()
    page.locator(".js-plotly-plot").wait_for(state="detached")


def test_a_click_on_a_point_of_an_explored_chart_narrows_to_its_year(opened: Open) -> None:
    page = opened(explore="trend")
    point = page.locator(".js-plotly-plot .scatterlayer .point").first
    point.wait_for()
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**year=2019**")
    expect(page.locator(".gr-chip")).to_have_count(1)
    assert "2019" in page.locator(".gr-chip").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_click_on_a_year_of_a_drawing_narrows_to_it(opened: Open, width: int) -> None:
    page = opened(width=width, level="county")
    drawn = page.locator(".gr-chart svg.drawing:visible").first
    strip = drawn.locator('.slot[data-way*="year=2021"]')
    strip.wait_for(state="attached")
    drawn.scroll_into_view_if_needed()
    box = strip.bounding_box()
    # Whatever is drawn in the strip: the very foot of it has a bar, a line or nothing.
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8)
    page.wait_for_url("**year=2021**")
    assert "level=county" in page.url
    page.locator(".gr-chip", has_text="2021").wait_for()
    page.go_back()
    page.locator(".gr-chip", has_text="2021").wait_for(state="detached")
    # The same way stands in the table behind the drawing, for who has no mouse.
    # What is shown last is of all years again: no link of it keeps this one.
    page.wait_for_function(
        """() => ![...document.querySelectorAll("th a[href*='year=2021']")]
            .some(one => one.checkVisibility())"""
    )
    table = page.locator("details:has(table)", has_text="2021").first
    table.locator("summary").click()
    table.locator("th a[href*='year=2021']").click()
    page.locator(".gr-chip", has_text="2021").wait_for()


# What a scheme changes is colours alone: the other rules aren't asked twice.
@pytest.mark.parametrize(
    ("dark", "rules"), [(False, {}), (True, {"runOnly": ["color-contrast", "link-in-text-block"]})]
)
def test_screens_are_accessible(
    opened: Open, report_id: str, *, dark: bool, rules: dict[str, Any]
) -> None:
    for screen, parameters in (
        ("", {}),
        ("coverage", {}),
        ("region", {"sort": "-wrong"}),
        ("coverage", {"agency": report_id.rpartition("-")[0]}),
        ("method", {}),
        ("data", {"table": "coverage"}),
        ("report", {}),
        ("report", {"report": report_id, "cell": CELL}),
        ("checks", {}),
        ("checks", {"rule": "t3_balance"}),
    ):
        page = opened(screen, dark=dark, **parameters)
        still(page)
        here = {"include": [['[data-testid="stHtml"]']]}
        found = Axe().run(page, context=here, options={"resultTypes": ["violations"], **rules})
        serious = [
            (rule["id"], rule["nodes"][0]["html"][:200])
            for rule in found.response["violations"]
            if rule["impact"] in ("serious", "critical")
        ]
        assert serious == []
        page.close()


def test_a_click_on_a_number_shows_its_source(opened: Open, report_id: str) -> None:
    page = opened("report", report=report_id)
    page.evaluate("window.sameSession = true")
    number = page.locator(f'[id="{CELL}"]')
    printed = re.sub(r"[^\d.]", "", number.inner_text())
    number.click()
    panel = page.locator(".gr-source[data-for]")
    panel.wait_for()
    settled(page)
    mark = panel.locator("mark")
    expect(mark).to_be_visible()
    assert mark.inner_text().strip() == printed
    hint = panel.get_by_text("标出的就是出处")
    soon(page, lambda: _overlap(box(hint), box(panel.locator("header"))))
    assert f"cell={CELL}" in page.url
    # The panel covers neither the number nor takes the reader elsewhere.
    still(page)
    soon(page, lambda: _apart(panel, number))
    assert page.evaluate("window.sameSession")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_panel_never_covers_the_number(opened: Open, report_id: str, width: int) -> None:
    page = opened("report", report=report_id, width=width)
    for row in ("requests_received", "denied_state_secret", "requests_carried_forward"):
        number = page.locator(f'[id="c-t3_requests.{row}.natural_person"]')
        number.click()
        panel = page.locator(f'.gr-source[data-for="c-t3_requests.{row}.natural_person"]')
        panel.wait_for()
        settled(page)
        still(page)
        soon(page, lambda panel=panel, number=number: _apart(panel, number))
        page.keyboard.press("Escape")
        panel.wait_for(state="detached")
        settled(page)


def _apart(one: Any, other: Any) -> bool:
    """Whether two elements are shown and neither covers the other."""
    shown = one.is_visible() and other.is_visible()
    return shown and not _overlap(box(one), box(other))


def _overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


def test_the_keyboard_opens_and_closes_the_source(opened: Open, report_id: str) -> None:
    page = opened("report", report=report_id)
    page.locator(f'[id="{CELL}"]').focus()
    page.keyboard.press("Enter")
    panel = page.locator(".gr-source[data-for]")
    panel.wait_for()
    page.wait_for_function("document.activeElement?.classList.contains('gr-source')")
    settled(page)
    page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    settled(page)
    page.wait_for_function("cell => document.activeElement?.id === cell", arg=CELL)
    assert "cell=" not in page.url


def test_back_and_forward_walk_through_what_was_seen(opened: Open, report_id: str) -> None:
    page = opened("report", report=report_id)
    page.locator(f'[id="{CELL}"]').click()
    page.locator(".gr-source[data-for]").wait_for()
    settled(page)
    assert f"cell={CELL}" in page.url
    page.go_back()
    page.locator(".gr-source[data-for]").wait_for(state="detached")
    settled(page)
    assert "cell=" not in page.url
    page.get_by_role("link", name="总览").click()
    page.locator(".gr-stats").wait_for()
    assert "report=" not in page.url
    page.locator(".gr-badges").wait_for(state="detached")
    settled(page)
    page.go_back()
    page.locator(".gr-badges").wait_for()
    assert f"report={report_id}" in page.url
    page.locator(".gr-stats").wait_for(state="detached")


def test_a_link_to_a_cell_opens_with_that_cell_in_sight(opened: Open, report_id: str) -> None:
    cell = "c-t4_review_litigation.cases.review_total"
    page = opened("report", report=report_id, cell=cell)
    mark = page.locator(".gr-source[data-for] mark")
    mark.wait_for()
    number = page.locator(f'[id="{cell}"]')
    soon(page, lambda: 0 < box(number)["y"] < 900 - box(number)["height"])
    assert mark.inner_text().strip() == re.sub(r"[^\d.]", "", number.inner_text())


@pytest.mark.slow
def test_a_cell_comes_into_sight_however_long_the_app_takes(opened: Open) -> None:
    page = opened("checks", rule="t3_disposed_total")
    held: list[tuple[Any, Any]] = []
    slow = threading.Event()

    def late(here: Any) -> None:
        there = here.connect_to_server()
        there.on_message(
            lambda told: held.append((here, told)) if slow.is_set() else here.send(told)
        )

    page.route_web_socket("**/_stcore/stream", late)
    page.reload()
    settled(page)
    slow.set()
    link = page.locator(".gr-table a[href*='cell=']").first
    asked = parse_qs(urlsplit(link.get_attribute("href")).query)["cell"][0]
    link.click()
    page.wait_for_timeout(12_000)
    slow.clear()
    for here, told in held:
        here.send(told)
    panel = page.locator(f'.gr-source[data-for="{asked}"]')
    panel.wait_for()
    total = page.locator(f'[id="{asked}"]')
    soon(page, lambda: 0 < box(total)["y"] < 900 - box(total)["height"])
    soon(page, lambda: _apart(panel, total))


@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_finding_the_total_comes_into_sight(opened: Open, width: int) -> None:
    page = opened("checks", width=width, rule="t3_disposed_total")
    page.locator(".gr-table a[href*='cell=']").first.click()
    panel = page.locator(".gr-source[data-for]")
    panel.wait_for()
    asked = panel.get_attribute("data-for")
    assert asked.startswith("c-t3_requests.disposed_total.")
    settled(page)
    total = page.locator(f'[id="{asked}"]')
    soon(page, lambda: 0 < box(total)["y"] < 900 - box(total)["height"])
    soon(page, lambda: 0 < box(total)["x"] < width)
    soon(page, lambda: _apart(panel, total))
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("main => main.scrollLeft") == 0


def test_what_is_unfolded_is_in_the_address_and_back_folds_it(opened: Open, report_id: str) -> None:
    page = opened("report", report=report_id)
    fold = page.locator(".st-key-fold_years")
    fold.locator("summary").click()
    page.wait_for_url("**tab=years**")
    fold.locator(".gr-table").wait_for()
    settled(page)
    page.go_back()
    page.wait_for_function("!location.search.includes('tab=')")
    fold.locator(".gr-table").wait_for(state="hidden")
    settled(page)
    page.goto(page.url + "&tab=source")
    settled(page)
    page.locator(".st-key-fold_source .gr-facts").wait_for()
    expect(fold.locator(".gr-table")).not_to_be_visible()


def test_nothing_is_left_of_the_sidebar_where_there_are_no_filters(opened: Open) -> None:
    page = opened()
    page.get_by_role("link", name="草稿自查").click()
    page.locator('[data-testid="stFileUploaderDropzone"]').wait_for()
    sidebar = page.locator('[data-testid="stSidebar"]')
    sidebar.wait_for(state="hidden")
    main = page.locator('[data-testid="stMain"]')
    soon(page, lambda: box(main)["x"] == 0)
    settled(page)
    page.get_by_role("link", name="检查", exact=True).click()
    sidebar.wait_for(state="visible")
    expect(sidebar.locator(".st-key-filter_year")).to_be_visible()


def test_a_filter_chosen_by_hand_makes_an_address_that_shows_the_same(opened: Open) -> None:
    page = opened()
    everything = page.locator(".gr-stats").inner_text()
    page.locator(".st-key-filter_year input").click()
    page.get_by_role("option", name="2021").click()
    page.wait_for_url("**year=2021**")
    page.wait_for_function(
        "before => (document.querySelector('.gr-stats')?.innerText ?? before) !== before",
        arg=everything,
    )
    settled(page)
    chosen = page.locator(".gr-stats").inner_text()
    assert opened(year="2021").locator(".gr-stats").inner_text() == chosen


def test_from_the_overview_to_a_report_to_its_checks(opened: Open) -> None:
    page = opened(lang="en", year="2021")
    page.locator(".gr-coverage td a").first.click()
    page.locator(".gr-badges").wait_for()
    assert "year=2021" in page.url
    settled(page)
    page.locator(".st-key-fold_checks summary").first.click()
    rule = page.locator(".st-key-fold_checks li a[href*='rule=']").first
    rule.wait_for()
    settled(page)
    rule.click()
    expect(page).to_have_url(re.compile(r"/checks\?"))
    page.locator(".gr-badges").wait_for(state="detached")
    settled(page)
    page.locator(".gr-facts").first.wait_for()
    assert "lang=en" in page.url


def test_the_page_says_its_language(opened: Open) -> None:
    page = opened()
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    expect(page.locator(".gr-top nav a").first).to_have_text("总览")
    page.get_by_role("link", name="English").click()
    page.wait_for_function("document.documentElement.lang === 'en'")
    page.get_by_role("link", name="Overview").wait_for()
    expect(page.locator(".gr-top nav a").first).to_have_text("Overview")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_from_coverage_to_an_agency_to_the_date_it_rests_on(
    opened: Open, demo_dataset: Path
) -> None:
    signed = pl.read_parquet(f"{demo_dataset}/coverage/**/*.parquet").filter(
        pl.col("date_rule") == "signature"
    )
    agencies = pl.read_parquet(f"{demo_dataset}/agencies/**/*.parquet")
    name = signed.join(agencies, on="agency_id")["name"][0]
    page = opened("coverage")
    rows = page.locator(".gr-coverage tbody tr")
    expect(rows).to_have_count(20)
    rows.locator("th a", has_text=name).first.click()
    page.locator(".gr-head h2").wait_for()
    settled(page)
    expect(page.locator(".gr-head h2")).to_have_text(name)
    expect(page.locator(".gr-badge")).to_have_count(2)
    page.get_by_text("期限、公布日期和日期出处").first.click()
    page.locator("td a", has_text="落款").first.click()
    mark = page.locator(".gr-source[data-for] mark")
    mark.wait_for()
    expect(mark).to_have_text(re.compile(r"年.*月.*日"))


def test_coverage_can_be_taken_as_a_workbook(opened: Open, tmp_path: Path) -> None:
    page = opened("coverage", year="2021")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Excel").click()
    file = tmp_path / "coverage.xlsx"
    waiting.value.save_as(file)
    taken = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert taken[0][:2] == ["机关", "地区"]
    assert {row[taken[0].index("年度")] for row in taken[1:]} == {2021.0}


def test_two_years_and_four_agencies_are_compared(opened: Open, report_id: str) -> None:
    page = opened("report", report=report_id)
    page.get_by_role("link", name="逐格对照").click()
    page.locator(".gr-pair td.changed").first.wait_for()
    settled(page)
    page.get_by_role("tab", name="数字").click()
    heads = page.locator(".gr-compare").first.locator("thead th")
    heads.nth(2).wait_for()
    expect(heads).to_have_count(3)
    settled(page)
    page.locator(".st-key-compare_years button", has_text=report_id[-4:]).click()
    page.wait_for_function("!location.search.includes('%2C')")
    year = int(report_id[-4:])
    page = opened("compare", compare=report_id.rpartition("-")[0], year=str(year))
    for number in (2, 3, 4):
        # The next one is chosen among what is offered beside these, not beside those before.
        page.locator(".gr-chips a").first.click()
        page.locator(".st-key-compare_agencies button").nth(number - 1).wait_for()
        settled(page)
    heads = page.locator(".gr-compare").first.locator("thead th")
    heads.nth(4).wait_for()
    expect(heads).to_have_count(5)
    still(page)
    assert len(page.url.partition("compare=")[2].partition("&")[0].split("%2C")) == 4
    found = Axe().run(page, context={"include": [['[data-testid="stHtml"]']]})
    assert [one["id"] for one in found.response["violations"]
            if one["impact"] in ("serious", "critical")] == []  # fmt: skip


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_a_county_is_handed_its_work_list_and_its_circular(
    opened: Open, tmp_path: Path, width: int, dark: bool
) -> None:
    page = opened("checks", width=width, dark=dark, tab="worklist", region="990121", year="2021")
    rows = page.locator(".gr-worklist tbody tr")
    rows.first.wait_for()
    still(page)
    assert not Axe().run(page).response["violations"]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Excel").click()
    assert waiting.value.suggested_filename == "工作清单-墨岫县-2021.xlsx"
    file = tmp_path / "list.xlsx"
    waiting.value.save_as(file)
    taken = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert [row[0] for row in taken[1:]] == rows.locator("th").all_inner_texts()
    settled(page)
    page.locator(".gr-tabs a", has_text="通报").click()
    page.locator(".gr-circular h2").first.wait_for()
    assert "tab=circular" in page.url
    settled(page)
    still(page)
    assert not Axe().run(page).response["violations"]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Word").click()
    assert waiting.value.suggested_filename == "通报-墨岫县-2021.docx"


def test_a_table_can_be_taken_as_csv(opened: Open, demo_dataset: Path, tmp_path: Path) -> None:
    page = opened("data", table="reports", year="2021")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    assert waiting.value.suggested_filename == "年报-2021.csv"
    file = tmp_path / "reports.csv"
    waiting.value.save_as(file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    taken = pl.read_csv(file, infer_schema=False)
    reports = pl.read_parquet(f"{demo_dataset}/reports/**/*.parquet").filter("current", year=2021)
    assert sorted(taken["report_id"]) == sorted(reports["report_id"])
