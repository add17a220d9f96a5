"""The site in a browser: a number's source, without scripts, accessible, and narrow."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pypdfium2
import pytest
from app_browsed import box, soon
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from view_data import A, B, write_small

from dashboard.serve import address, site_server
from dashboard.site import Options, addresses, build_site
from dashboard.views.sentences import check_label

pytestmark = pytest.mark.browser

CODES = "t3_requests.requests_received.applicant_total"
CELL = addresses.cell(f"c-{CODES}")
REPORT = addresses.report(f"{A}-2022")
PAGES = (
    "index.html",
    addresses.COVERAGE,
    addresses.REGIONS,
    addresses.region("370100"),
    addresses.INDICATORS,
    addresses.AGENCIES,
    addresses.agency(A),
    REPORT,
    addresses.report(f"{A}-2020"),
    addresses.RULES,
    addresses.rule("t3_balance"),
    addresses.REPORTS,
    addresses.WORDS,
    addresses.words("year", "2022"),
    addresses.COMPARE,
    addresses.compare(f"{A}-2021"),
    addresses.DATA,
    addresses.ABOUT,
    addresses.CORRECTIONS,
    addresses.GLOSSARY,
    addresses.PUBLISHER,
    addresses.LOST,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    build_site(write_small(folder / "dataset"), folder / "site", Options(("zh",)))
    with serving(folder / "site") as found:
        yield found


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    server = site_server(folder)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address(server)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(chromium: Any, site: str) -> Iterator[Any]:
    context = chromium.new_context(
        java_script_enabled=False, base_url=site, viewport={"width": 1280, "height": 900}
    )
    yield context.new_page()
    context.close()


def test_a_click_on_a_number_shows_its_place_beside_the_table(page: Any) -> None:
    page.goto(REPORT)
    cell = page.locator(f"a#{CELL}")
    cell.scroll_into_view_if_needed()
    cell.click()
    mark = page.locator(".listing a:target")
    expect(mark).to_have_text("12")
    assert f"#{mark.get_attribute('id')}" == cell.get_attribute("href")
    is_shown(page, mark)
    is_shown(page, cell)


def test_a_click_on_the_mark_leads_back_to_the_cell(page: Any) -> None:
    page.goto(f"{REPORT}#{mark_of(page)}")
    page.locator(".listing a:target").click()
    cell = page.locator("td:has(> :target)")
    assert cell.locator("a").get_attribute("id") == CELL
    is_shown(page, cell)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_cell_that_was_clicked_is_marked_and_the_way_back_is_in_sight(
    chromium: Any, site: str, width: int
) -> None:
    context = chromium.new_context(base_url=site, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(REPORT)
    cell = page.locator(f"td:has(> #{CELL})")
    cell.locator("a").click()
    asked = page.locator("td[data-asked]")
    expect(asked.locator("a")).to_have_id(CELL)
    expect(asked).to_have_css("outline-style", "solid")
    back = page.locator(".source .back")
    expect(back).to_have_text(re.compile("^↩ 回到表格"))
    is_shown(page, back)
    back.click()
    soon(page, lambda: page.url.endswith(f"#{CELL}"))
    is_shown(page, cell)
    expect(page.locator("td[data-asked]")).to_have_count(0)
    expect(back).not_to_be_visible()
    context.close()


def test_the_keyboard_goes_to_the_source_and_back(chromium: Any, site: str) -> None:
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(REPORT)
    page.locator(f"a#{CELL}").focus()
    page.keyboard.press("Enter")
    mark = page.locator(".listing a:target").get_attribute("id")
    expect(page.locator("td[data-asked] a")).to_have_id(CELL)
    # The mark has the focus, and is itself the way back.
    focused = "hash => document.activeElement.getAttribute('href') === hash"
    page.wait_for_function(focused, arg=f"#{CELL}")
    page.keyboard.press("Escape")
    soon(page, lambda: page.url.endswith(f"#{CELL}"))
    expect(page.locator("td:has(> :target) a")).to_have_id(CELL)
    page.wait_for_function(focused, arg=f"#{mark}")
    context.close()


def test_without_scripts_the_marked_number_says_that_it_leads_back(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{REPORT}#{mark_of(page)}")
    link = page.locator(".listing a:target")
    said = link.evaluate("a => getComputedStyle(a, '::after').content")
    assert "回表格" in said
    back = (link.get_attribute("href") or "")[1:]
    assert back == page.locator(f"td > a#{CELL}").get_attribute("id")


def test_a_card_is_printed_on_four_sheets_and_says_what_is_left_out(page: Any) -> None:
    page.goto(addresses.report(f"{A}-2021"))
    sheets = pypdfium2.PdfDocument(page.pdf(format="A4"))
    assert len(sheets) <= 4
    words = "".join(sheet.get_textpage().get_text_range() for sheet in sheets)
    assert "见网页" in words
    assert "收到和处理政府信息公开申请情况" in words


def test_on_paper_narrow_tables_stand_side_by_side_and_labels_keep_their_room(page: Any) -> None:
    page.set_viewport_size({"width": 733, "height": 1000})
    page.emulate_media(media="print")
    page.goto(addresses.report(f"{A}-2021"))
    tops = "all => new Set(all.map(e => e.getBoundingClientRect().top)).size"
    assert page.locator(".gr-badge").evaluate_all(tops) == 1
    boxes = page.locator(".gr-forms:not(:has(> .gr-wide))").first.locator("> .gr-box")
    assert boxes.count() == 4
    assert boxes.evaluate_all(tops) == 2
    page.locator(".stub-3 td > a").evaluate_all(
        "all => all.forEach(a => { a.innerHTML = '<small class=\"state absent\">未列</small> △' })"
    )
    label = page.locator(".stub-3 th:not(.upright)", has_text="按收费通知")
    assert box(label)["width"] >= 180
    assert len(pypdfium2.PdfDocument(page.pdf(format="A4"))) <= 4


def test_a_part_that_a_search_leads_to_is_found_without_an_id_of_its_own(
    chromium: Any, site: str
) -> None:
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(REPORT)
    parts = page.locator(".listing :is(li, td, i)")
    number = parts.evaluate_all("all => all.findIndex(e => !e.id && e.textContent.trim())")
    assert number >= 0
    page.goto(f"{REPORT}#p-{number}")
    part = parts.nth(number)
    expect(part).to_have_attribute("data-asked", "")
    is_shown(page, part)
    context.close()


def mark_of(page: Any) -> str:
    """The mark in the source of the cell's number."""
    page.goto(REPORT)
    return str(page.locator(f"a#{CELL}").get_attribute("href"))[1:]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_cited_number_opens_with_its_cell_and_its_source_in_view(
    chromium: Any, site: str, width: int
) -> None:
    context = chromium.new_context(base_url=site, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{REPORT}#{CELL}")
    is_shown(page, page.locator(f"a#{CELL}"))
    bar = page.locator(".source .asked")
    expect(bar.locator("a.cite")).to_have_attribute("href", re.compile(f"#{CELL}$"))
    # Beside each other where there is room, else quoted below.
    source = page.locator(".listing a[data-asked]") if width > 1100 else bar.locator(".quote")
    is_shown(page, source)
    expect(source).to_contain_text("12")
    page.goto(f"{REPORT}#%E0%A4%A")
    expect(bar).not_to_be_visible()
    context.close()


def test_an_address_by_a_cells_codes_leads_to_the_number_too(chromium: Any, site: str) -> None:
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{REPORT}#c-{CODES}")
    soon(page, lambda: page.url.endswith(f"#{CELL}"))
    page.wait_for_selector("td[data-asked]")
    is_shown(page, page.locator(f"a#{CELL}"))
    cited = page.locator(".source .asked a.cite").evaluate("a => a.dataset.text").split("\n")
    assert cited[1] == "一、本年新收政府信息公开申请数量 申请人情况 总计: 12"
    assert cited[2].endswith(f"{REPORT}#{CELL}")
    page.goto(f"{REPORT}#c-t9.no.cell")
    expect(page.locator(".source .asked")).not_to_be_visible()
    context.close()


def is_shown(page: Any, element: Any) -> None:
    """Hold that an element begins within the window, once the page has gone there."""
    size = page.viewport_size
    soon(
        page,
        lambda: 0 <= box(element)["y"] < size["height"] and 0 <= box(element)["x"] < size["width"],
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_the_screen(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for where in PAGES:
        page.goto(where)
        expect(page.locator("h1"), where).to_have_count(1)
        soon(page, lambda: page.evaluate("document.documentElement.scrollWidth") == width, where)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_have_no_accessibility_violations(
    chromium: Any, site: str, scheme: str, width: int
) -> None:
    context = chromium.new_context(
        base_url=site,
        color_scheme=scheme,
        bypass_csp=True,
        viewport={"width": width, "height": 900},
    )
    tab = context.new_page()
    # What is narrow is tapped: there each link has its room.
    rules = {"rules": {"target-size": {"enabled": width < 640}}}
    for where in (*PAGES, f"{addresses.COMPARE}?compare={A},{B}"):
        tab.goto(where)
        if "?" in where:
            tab.locator("#compared table").first.wait_for()
        found = Axe().run(tab, options=rules).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], where
    context.close()


def test_the_first_page_finds_agencies_regions_rules_and_leads_to_the_texts(
    chromium: Any, site: str
) -> None:
    page = chromium.new_context(base_url=site, viewport={"width": 390, "height": 800}).new_page()
    page.goto("index.html")

    def found(typed: str) -> list[str]:
        page.fill("#q", typed)
        page.locator(f'#found a[href$="q={quote_plus(typed.strip())}"]').wait_for()
        return [a.get_attribute("href") for a in page.locator("#found li a").all()]

    assert found("財政") == [f"{site}{addresses.agency(A)}"]
    assert found("　海棠县　财政局 ") == [f"{site}{addresses.agency(A)}"]
    assert f"{site}{addresses.region('370199')}" in found("海棠")
    assert f"{site}{addresses.rule('t3_balance')}" in found(check_label("t3_balance", "zh"))
    assert found("<b>没有") == []
    expect(page.locator("#found")).to_contain_text("没有名叫“<b>没有”的")
    page.press("#q", "Enter")
    page.wait_for_url("**/words/index.html?q=*")
    expect(page.locator("#q")).to_have_value("<b>没有")
    page.context.close()


def test_a_reader_chooses_light_or_dark_and_it_stays(chromium: Any, site: str) -> None:
    page = chromium.new_context(base_url=site, color_scheme="light").new_page()

    def ground() -> str:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.goto("index.html")
    light = ground()
    page.get_by_label("明暗").select_option(label="深色")
    soon(page, lambda: ground() != light)
    dark = ground()
    page.goto(REPORT)
    soon(page, lambda: (ground(), page.get_by_label("明暗").input_value()) == (dark, "dark"))
    page.emulate_media(media="print")
    soon(page, lambda: ground() == "rgb(255, 255, 255)")
    page.emulate_media(media="screen")
    page.get_by_label("明暗").select_option(label="跟随系统")
    soon(page, lambda: ground() == light)
    page.context.close()


def test_the_way_to_the_other_language_takes_along_what_is_asked(
    chromium: Any, demo_site: Path
) -> None:
    with serving(demo_site) as served:
        context = chromium.new_context(base_url=served)
        tab = context.new_page()
        tab.goto(f"{addresses.REPORTS}?year=2023")
        tab.locator("#status", has_text="20 份年报符合").wait_for()
        tab.select_option("select[name=severity]", "error")
        tab.locator("#status", has_text="2 份年报符合").wait_for()
        tab.get_by_role("link", name="English").click()
        tab.locator("#status", has_text="2 of 117 reports match").wait_for()
        assert tab.url == f"{served}en/{addresses.REPORTS}?year=2023&severity=error"
        tab.get_by_role("link", name="中文").click()
        tab.locator("#status", has_text="2 份年报符合").wait_for()
        assert tab.url == f"{served}{addresses.REPORTS}?year=2023&severity=error"
        report = addresses.report("990100-education-2024")
        tab.goto(f"{report}#{CELL}")
        # By the keyboard, too.
        tab.get_by_role("link", name="English").focus()
        tab.keyboard.press("Enter")
        tab.wait_for_url(f"{served}en/{report}#{CELL}")
        context.close()


def test_a_site_opened_as_files_keeps_no_room_for_what_cannot_run(
    chromium: Any, demo_site: Path
) -> None:
    tab = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    tab.goto((demo_site / addresses.HOME).as_uri())
    expect(tab.locator("form.search")).to_be_hidden()
    assert box(tab.locator("main .lead"))["y"] - box(tab.locator("h1"))["y"] < 90
    tab.goto((demo_site / addresses.REPORTS).as_uri())
    expect(tab.locator("#without-script")).to_be_visible()
    expect(tab.locator("#tools")).to_be_hidden()
    tab.context.close()


def test_scripts_add_a_filter_and_nothing_else_is_asked_for(chromium: Any, site: str) -> None:
    context = chromium.new_context(base_url=site)
    tab = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    for where in PAGES:
        tab.goto(where)
    tab.goto(addresses.AGENCIES)
    box = tab.get_by_role("searchbox")
    box.fill("档案")
    expect(tab.locator("#agencies tbody tr:visible")).to_have_count(1)
    expect(tab.get_by_role("status")).to_have_text("显示 1 个")
    tab.goto(addresses.COVERAGE)
    tab.get_by_role("searchbox").fill("逾期 6 天")
    expect(tab.locator("#timely tbody tr:visible")).to_have_count(1)
    assert [url for url in asked if not url.startswith(site)] == []
    assert complaints == []
    context.close()


def test_agencies_are_compared_as_the_address_says(chromium: Any, site: str) -> None:
    context = chromium.new_context(base_url=site)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(f"{addresses.COMPARE}?compare={A},nobody&year=2021&other=1")
    received = tab.locator("#of-figures ~ div tbody tr").first
    received.wait_for()
    # Of A's report of 2021 the number can't be read: it is no 0, and has no difference.
    expect(received.locator("td")).to_have_text(["未知"])
    expect(tab.locator("#bad")).to_contain_text("“nobody”")
    expect(tab.locator("#bad")).to_contain_text("“other”")
    tab.get_by_role("searchbox").fill("海棠县<script>")
    tab.locator("#found a").click()
    tab.wait_for_url(f"**compare={A},{B}&year=2021")
    rows = tab.locator("#of-figures ~ div tbody tr")
    rows.first.wait_for()
    expect(rows.first.locator("td")).to_have_count(2)
    told = [" ".join(text.split()) for text in rows.first.locator("td").all_inner_texts()]
    assert told == ["未知", "5 一方未知"]
    disposed = rows.filter(has_text="办结").first
    told = [" ".join(text.split()) for text in disposed.locator("td").all_inner_texts()]
    assert told == ["10", "5 −5"]
    rate = tab.locator("#of-rates ~ div tbody tr").first.locator("td")
    told = [" ".join(text.split()) for text in rate.all_inner_texts()]
    # What rests on a cell left blank is marked.
    assert told == ["100.0% 10 ÷ 10", "100.0%* 5 ÷ 5 相同"]
    assert complaints == []
    context.close()


def test_a_negative_number_has_the_sign_of_a_difference(chromium: Any, site: str) -> None:
    context = chromium.new_context(base_url=site)
    tab = context.new_page()

    def negative(route: Any) -> None:
        years = route.fetch().json()
        years["2021"][2][0] = -1234.5
        years["2021"][3][0] = [-1, 20]
        route.fulfill(json=years)

    tab.route(f"**/{addresses.compare_file(B)}", negative)
    tab.goto(f"{addresses.COMPARE}?compare={B}&year=2021")
    received = tab.locator("#of-figures ~ div tbody tr").first.locator("td")
    expect(received).to_have_text(["\N{MINUS SIGN}1,234.5"])
    rate = tab.locator("#of-rates ~ div tbody tr").first.locator("td")
    expect(rate).to_contain_text("\N{MINUS SIGN}5.0%")
    expect(rate).to_contain_text("\N{MINUS SIGN}1 ÷ 20")
    context.close()


def test_who_has_no_name_is_told_apart_where_agencies_are_compared(
    chromium: Any, site: str
) -> None:
    context = chromium.new_context(base_url=site)
    tab = context.new_page()

    def unnamed(route: Any) -> None:
        about = route.fetch().json()
        for agency in about["agencies"]:
            agency[2] = None
        route.fulfill(json=about)

    tab.route("**/list/about.json", unnamed)
    tab.goto(f"{addresses.COMPARE}?compare={A},{B}&year=2021")
    heads = tab.locator("#compared table").first.locator("thead th")
    expect(heads.nth(1)).to_contain_text(f"机关名称未知（文件 {A}）")
    expect(heads.nth(2)).to_contain_text(f"机关名称未知（文件 {B}）")
    context.close()


def test_a_file_that_isnt_had_now_is_no_missing_report(chromium: Any, site: str) -> None:
    context = chromium.new_context(base_url=site)
    tab = context.new_page()
    tab.route(f"**/{addresses.compare_file(B)}", lambda route: route.fulfill(status=503))
    tab.goto(f"{addresses.COMPARE}?compare={A},{B}&year=2021")
    row = tab.locator("#of-figures ~ div tbody tr").first
    row.wait_for()
    expect(row.locator("td")).to_have_text(["未知", "没有取到"])
    expect(tab.locator("#status")).to_contain_text("数据没有取到")
    tab.unroute_all()
    tab.route(f"**/{addresses.compare_file(B)}", lambda route: route.fulfill(status=404))
    tab.reload()
    expect(row.locator("td")).to_have_text(["未知", "数据中没有"])
    context.close()


@pytest.mark.parametrize("lost", [True, False])
def test_a_list_without_all_its_pages_has_no_total(chromium: Any, site: str, lost: bool) -> None:
    context = chromium.new_context(base_url=site, bypass_csp=True)
    tab = context.new_page()
    asked: list[str] = []

    def further(route: Any) -> None:
        asked.append(route.request.url)
        if lost and route.request.url.endswith("p7.html"):
            route.fulfill(status=503)
        else:
            row = "<tr><th>海棠县更多</th></tr>"
            route.fulfill(body=f'<table id="timely"><tbody>{row}</tbody></table>')

    def first(route: Any) -> None:
        text = route.fetch().text()
        pages = " ".join(f"p{n}.html" for n in range(1, 9))
        route.fulfill(body=text.replace('data-pages=""', f'data-pages="{pages}"'))

    tab.route(f"**/{addresses.COVERAGE}", first)
    tab.route(re.compile(r"/p\d\.html$"), further)
    tab.goto(addresses.COVERAGE)
    tab.get_by_role("searchbox").fill("海棠县更多")
    found = tab.locator("output[data-found]")
    found.filter(has_text="没有取到" if lost else "显示 8 个").wait_for()
    assert len(asked) == 8
    expect(tab.locator("#timely tbody tr:visible")).to_have_count(7 if lost else 8)
    # What wasn't had is asked for again, and nothing else.
    tab.get_by_role("searchbox").fill("海棠县更")
    soon(tab, lambda: len(asked) >= (9 if lost else 8))
    found.filter(has_text="没有取到" if lost else "显示 8 个").wait_for()
    assert [url.rpartition("/")[2] for url in asked[8:]] == (["p7.html"] if lost else [])
    tab.unroute_all(behavior="wait")
    context.close()
