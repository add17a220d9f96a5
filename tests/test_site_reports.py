"""The site's room of reports: its script lists what the views count; what a click does."""

import csv
import io
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from app_browsed import soon
from playwright.sync_api import expect
from view_data import HOSTILE, A, B, C, D, write_small

from dashboard import views
from dashboard.data import Data, open_dataset
from dashboard.serve import address, site_server
from dashboard.site import Options, addresses, build_site, reports
from dashboard.views.lists import chosen

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    build_site(write_small(folder / "dataset"), folder / "under" / "site", Options(("zh",)))
    return folder


@pytest.fixture(scope="module")
def small(folder: Path) -> Data:
    return open_dataset(folder / "dataset")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    # Served from the folder above it, so that all addresses stand below a sub-path.
    server = site_server(folder / "under")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address(server) + "site/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def shown(tab: Any, site: str, query: str) -> list[str]:
    """The addresses of the rows that a query draws."""
    tab.goto(f"{site}{addresses.REPORTS}?{query}")
    tab.wait_for_selector("select[name=year] option:nth-child(2)", state="attached")
    links = tab.locator("#reports tbody th a")
    return [link.get_attribute("href").removeprefix(site) for link in links.all()]


def test_the_files_hold_every_report_once_as_its_card_says(folder: Path, small: Data) -> None:
    lists = folder / "under" / "site" / reports.FOLDER
    about = json.loads((lists / "about.json").read_text("utf-8"))
    found = {}
    for year, count, absent in about["shards"]:
        rows = json.loads((lists / f"{year}.json").read_text("utf-8"))
        assert len(rows) == count + absent
        for row in rows:
            one = dict(zip(about["fields"], row, strict=True))
            if one["report"] is not None:
                found[one["report"]] = one
    cards = {
        addresses.slug(card["report_id"]): card
        for card in small.reports.collect().iter_rows(named=True)
    }
    assert found.keys() == cards.keys()
    for slug, card in cards.items():
        one = found[slug]
        assert about["agencies"][one["agency"]][2] == card["agency_name"]
        # Of what wasn't read a 0 would say that all is well.
        read = card["form"] is not None
        assert [one[name] for name in ("error", "warning", "info")] == [
            card[f"fail_{name}"] if read else None for name in ("error", "warning", "info")
        ]
        assert [about["rule"][at][0] for at in one["rules"]] == card["failed_rules"]
        assert [one[name] for name in reports.FIGURES] == [card[name] for name in reports.FIGURES]


def test_of_what_was_not_read_no_row_says_that_nothing_fails(tab: Any, site: str) -> None:
    mine = addresses.report(f"{C}-null")
    for query in ("sort=error", "sort=-error"):
        assert shown(tab, site, query)[-1] == mine
        row = tab.locator("#reports tbody tr").last
        assert row.locator("td.num").all_text_contents()[-3:] == ["未知"] * 3
    with tab.expect_download() as begun:
        tab.click("#save")
    rows = list(csv.DictReader(io.StringIO(begun.value.path().read_text("utf-8-sig"))))
    assert [rows[-1][name] for name in ("错误", "提醒", "提示")] == [""] * 3
    assert {row["错误"] for row in rows[:-1]} == {"5", "7", "9"}


def test_without_scripts_it_is_not_told_either(chromium: Any, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + addresses.REPORTS)
    row = page.locator("#reports tbody tr", has_text="没有读到表格")
    assert row.locator("td.num").all_inner_texts()[-3:] == ["未知"] * 3
    context.close()


@pytest.mark.parametrize(
    "query",
    [
        "year=2022",
        "year=2021,none",
        "region=370000",
        "region=370199&year=2021",
        "region=none",
        "kind=department",
        "level=none",
        "reading=doubts,unread",
        "severity=error",
        "severity=error,info&year=2022",
        "outcome=fail",
        "outcome=skip",
        "status=late,on_time",
    ],
)
def test_a_filter_lists_what_the_views_choose(tab: Any, site: str, small: Data, query: str) -> None:
    filters = views.decode({name: value[0] for name, value in parse_qs(query).items()})
    wanted = chosen(small, filters).collect()["report_id"].to_list()
    assert wanted
    assert sorted(shown(tab, site, query)) == sorted(addresses.report(one) for one in wanted)
    expect(tab.locator("#status")).to_contain_text(f"{len(wanted)} 份年报符合，全部 6 份")


def test_a_rule_lists_the_reports_that_fail_it(tab: Any, site: str) -> None:
    assert shown(tab, site, "rule=t3_balance&outcome=fail") == [addresses.report(f"{A}-2022")]
    expect(tab.locator("#rule")).to_have_attribute("href", site + addresses.rule("t3_balance"))


def test_what_is_not_here_is_listed_where_a_status_is_asked_for(tab: Any, site: str) -> None:
    assert shown(tab, site, "status=not_found,not_collected") == [addresses.agency(D)] * 2
    expect(tab.locator("#status")).to_contain_text("没有年报的 2 项")
    # On a phone no label stands there without a word beside it.
    assert tab.locator("#reports td[data-label]").count() > 2
    expect(tab.locator("#reports td[data-label]").filter(visible=True)).to_have_count(0)
    assert shown(tab, site, "status=not_found&severity=warning") == []
    expect(tab.locator("#status")).to_contain_text("没有符合的年报")


def test_the_numbers_of_the_first_page_lead_to_so_many_rows(
    tab: Any, site: str, small: Data
) -> None:
    answer = views.answer(small, views.Filters(), "zh")
    tab.goto(site)
    tiles = tab.locator(".gr-tiles a, .gr-says a, td.num a[href*='?']")
    asked = [(link.get_attribute("href"), link.inner_text()) for link in tiles.all()]
    assert len(asked) > len([tile for tile in answer.tiles if tile.number])
    for href, text in asked:
        number = next((word for word in text.split() if word.isdigit()), None)
        if number is None:
            continue
        rows = shown(tab, site, urlsplit(href).query)
        assert len(rows) == int(number), (href, text)


def test_columns_sort_and_the_address_brings_it_back(tab: Any, site: str) -> None:
    shown(tab, site, "year=2019,2020,2021,2022")
    tab.locator("th[data-sort=received] button").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector("[aria-sort=descending]")
    cells = ["12", "10", "9", "5", "未知"]
    expect(tab.locator("#reports tbody td:nth-child(6)")).to_have_text(cells)
    assert urlsplit(tab.url).query == "year=2019,2020,2021,2022&sort=-received"
    tab.reload()
    tab.wait_for_selector("[aria-sort=descending]")
    expect(tab.locator("#reports tbody td:nth-child(6)")).to_have_text(cells)


@pytest.mark.parametrize(
    ("query", "least", "most"),
    [
        ("min.received=9&max.received=10", 9, 10),
        ("min.received=10", 10, 999),
        ("max.received=5", 0, 5),
    ],
)
def test_a_range_lists_what_is_known_to_be_in_it(
    tab: Any, site: str, small: Data, query: str, least: int, most: int
) -> None:
    cards = small.reports.filter(pl.col("received").is_between(least, most)).collect()
    assert 0 < cards.height < small.reports.collect().height
    wanted = sorted(addresses.report(one) for one in cards["report_id"])
    assert sorted(shown(tab, site, query)) == wanted
    tab.locator(".filters summary").click()
    form = tab.get_by_label("新收申请 不少于"), tab.get_by_label("新收申请 不多于")
    typed = zip(("min", "max"), (one.input_value() for one in form), strict=True)
    assert "&".join(f"{end}.received={word}" for end, word in typed if word) == query
    # As typed, and away again.
    tab.locator("#clear").click()
    tab.get_by_text("6 份年报符合").wait_for()
    form[0].fill(str(least))
    form[1].fill(str(most))
    form[1].press("Tab")
    tab.get_by_text(f"{len(wanted)} 份年报符合").wait_for()
    assert urlsplit(tab.url).query == f"min.received={least}&max.received={most}"


def test_who_sorts_before_all_is_loaded_keeps_what_the_address_chose(tab: Any, site: str) -> None:
    held: list[Any] = []
    tab.route("**/list/about.json", lambda route: held.extend([route]))
    tab.goto(f"{site}{addresses.REPORTS}?year=2021")
    tab.locator("th[data-sort=received] button").click()
    soon(tab, lambda: len(held) > 0)
    held[0].continue_()
    tab.wait_for_selector("[aria-sort=descending]")
    expect(tab.locator("#reports tbody tr")).to_have_count(2)
    assert urlsplit(tab.url).query == "year=2021&sort=-received"


def test_what_is_typed_while_rows_are_fetched_stays(tab: Any, site: str) -> None:
    held: list[Any] = []
    tab.route(re.compile(r"/list/(\d{4}|none)\.json"), lambda route: held.extend([route]))
    tab.goto(f"{site}{addresses.REPORTS}")
    tab.wait_for_selector("select[name=year] option:nth-child(2)", state="attached")
    tab.locator(".filters summary").click()
    least, most = tab.get_by_label("新收申请 不少于"), tab.get_by_label("新收申请 不多于")
    least.press_sequentially("9")
    most.press_sequentially("1")
    soon(tab, lambda: len(held) == 5)
    for route in held:
        route.continue_()
    tab.get_by_text("3 份年报符合").wait_for()
    most.press_sequentially("0")
    most.press("Tab")
    tab.get_by_text("2 份年报符合").wait_for()
    assert urlsplit(tab.url).query == "min.received=9&max.received=10"


@pytest.mark.parametrize("word", ["-", "-5", "1-2", "a", "1.5", "9999999999"])
def test_a_range_that_is_none_is_told_and_does_not_narrow(tab: Any, site: str, word: str) -> None:
    tab.goto(f"{site}{addresses.REPORTS}?min.disposed={word}")
    tab.get_by_text(f"min.disposed={word}").wait_for()
    tab.wait_for_selector("select[name=year] option:nth-child(2)", state="attached")
    expect(tab.locator("#reports tbody tr")).to_have_count(6)


def test_choices_tell_how_many_and_the_way_back_works(tab: Any, site: str) -> None:
    shown(tab, site, "year=2021")
    tab.locator(".filters summary").click()
    assert "370199" in tab.locator("select[name=region]").inner_html()
    tab.select_option("select[name=reading]", "doubts")
    tab.locator("#status", has_text="1 份年报符合").wait_for()
    tab.go_back()
    tab.locator("#status", has_text="2 份年报符合").wait_for()
    expect(tab.locator("select[name=reading]")).to_have_value("")


def test_on_a_phone_the_folded_choices_say_what_is_chosen(tab: Any, site: str) -> None:
    summary = tab.locator(".filters > summary")
    shown(tab, site, "year=2021,2022&region=370199&min.received=5")
    told = ["2021 年", "2022 年", "海棠县", "新收申请 ≥ 5"]
    expect(summary.locator(".chip")).to_have_text(told)
    tab.locator("#clear").click()
    expect(summary.locator(".chip")).to_have_count(0)
    expect(summary).to_be_visible()


def test_a_word_that_is_not_known_is_named(tab: Any, site: str) -> None:
    assert len(shown(tab, site, "year=20x2&colour=red&sort=size&status=late")) == 1
    told = tab.locator("#bad").inner_text()
    assert all(word in told for word in ("year=20x2", "colour=red", "sort=size"))


def test_the_csv_has_exactly_these_rows_and_nothing_to_run(tab: Any, site: str) -> None:
    shown(tab, site, "year=2021&sort=agency")
    with tab.expect_download() as caught:
        tab.locator("#save").click()
    assert caught.value.suggested_filename == "年报-year=2021-sort=agency.csv"
    content = Path(caught.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {row["机关"] for row in rows} == {"海棠县财政局", HOSTILE}
    received = {row["机关"]: row["新收申请"] for row in rows}
    assert received == {"海棠县财政局": "", HOSTILE: "5"}
    assert {row["链接"] for row in rows} == {
        site + addresses.report(f"{one}-2021") for one in (A, B)
    }


def test_without_scripts_all_reports_stand_on_pages(folder: Path) -> None:
    page = (folder / "under" / "site" / addresses.REPORTS).read_text("utf-8")
    for one in (f"{A}-2019", f"{A}-2022", f"{B}-2021", f"{C}-null"):
        assert re.search(rf'href="?../{addresses.report(one)}[" >]', page)
    assert "connect-src 'self'" in page
    assert "共 6 份年报，这里是第 1–6 份。" in page


def test_a_long_list_is_cut_into_pages_that_lead_on(small: Data) -> None:
    every = reports.Rows(small)
    every.__dict__["frame"] = pl.concat([every.frame] * 20)
    pages = list(reports.pages(reports.listed(small, "zh", every=every)))
    assert [len(page.rows) for page in pages] == [50, 50, 20]
    assert [page.after for page in pages] == ["reports/index.2.html", "reports/index.3.html", None]
    assert pages[2].first == 101


def test_an_agency_without_a_name_is_told_apart_with_and_without_the_script(
    folder: Path, site: str, tab: Any
) -> None:
    unnamed = "机关名称未知（文件 c）"
    where = f'a[href$="{addresses.report(f"{C}-null")}"]'
    page = (folder / "under" / "site" / addresses.REPORTS).read_text(encoding="utf-8")
    assert f"<span>{unnamed}</span>" in page
    # Whether its report was in time isn't known: nobody knows who had to publish it.
    own = (folder / "under" / "site" / addresses.agency(C)).read_text(encoding="utf-8")
    assert "<td class=short>未知<td" in own
    tab.goto(f"{site}{addresses.REPORTS}?year=none")
    expect(tab.locator(where)).to_have_text(unnamed)
    expect(tab.locator("#reports tbody tr")).to_have_count(1)
