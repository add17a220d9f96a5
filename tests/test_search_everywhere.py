"""App, postings and the site's script find exactly what a plain scan of the same texts finds."""

import csv
import json
import re
import threading
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from app_browsed import soon
from playwright.sync_api import expect
from searched import plainly, queries

from dashboard.data import open_dataset
from dashboard.labels import section_label
from dashboard.serve import address, site_server
from dashboard.site import Options, build_site
from dashboard.texts import FIVE, Texts
from dashboard.views import Filters
from dashboard.views.words_found import EVERYWHERE, Asked, found
from govreport_core.search import Query, parse, plain
from govreport_core.search.postings import MOST_SHARDS, Candidates, candidates

pytestmark = pytest.mark.slow

Answer = tuple[list[str], list[str]]


@pytest.fixture(scope="module")
def texts(demo_dataset: Path) -> Texts:
    return Texts(open_dataset(demo_dataset))


@pytest.fixture(scope="module")
def fives(texts: Texts) -> dict[str, str]:
    """Section five of each report."""
    rows = texts.data.current("sections").collect().filter(section=FIVE)
    reports = dict(texts.reports.select("document_id", "report_id").iter_rows())
    return {reports[row["document_id"]]: row["text"] for row in rows.iter_rows(named=True)}


@pytest.fixture(scope="module")
def asked(fives: dict[str, str]) -> list[str]:
    return queries(list(fives.values()))


@pytest.fixture(scope="module")
def right(texts: Texts, fives: dict[str, str], asked: list[str]) -> dict[str, Answer]:
    """What a plain scan finds: reports by section five, and the points in them."""
    points = texts.data.current("points").collect()
    reports = dict(texts.reports.select("document_id", "report_id").iter_rows())
    answers = {}
    for typed in asked:
        query = parse(typed)
        assert not query.problem, typed
        mine = [r for r, text in fives.items() if plainly(text, query.words, query.without)]
        some = [
            row["point_id"]
            for row in points.iter_rows(named=True)
            if reports[row["document_id"]] in mine
            and plainly(row["text"], query.words, query.without)
        ]
        answers[typed] = sorted(mine), sorted(some)
    return answers


def test_the_queries_are_common_rare_and_absent(right: dict[str, Answer]) -> None:
    counts = [len(reports) for reports, _ in right.values()]
    assert len(counts) == len(right) >= 95
    assert min(counts) == 0
    assert max(counts) == 117
    assert sum(0 < count < 12 for count in counts) > 15


def test_the_app_finds_what_a_plain_scan_finds(texts: Texts, right: dict[str, Answer]) -> None:
    for typed, answer in right.items():
        got = found(texts, Filters(), Asked(parse(typed)))
        points = texts.points["point_id"].gather(got.points["row"])
        told = sorted(got.reports["report_id"]), sorted(points)
        assert told == answer, typed


def test_all_sections_are_found_as_a_plain_scan_finds_them(texts: Texts, asked: list[str]) -> None:
    rows = texts.data.current("sections").collect()
    for typed in asked:
        query = parse(typed)
        mine = {
            row["document_id"]
            for row in rows.iter_rows(named=True)
            if row["text"] and plainly(row["text"], query.words, query.without)
        }
        got = found(texts, Filters(), Asked(query, sections=(EVERYWHERE,)))
        assert set(got.reports["document_id"]) == mine, typed


def test_filters_narrow_what_is_found(texts: Texts, fives: dict[str, str]) -> None:
    query = parse("公开")
    filters = Filters(years=("2023",), regions=("990121",))
    got = found(texts, filters, Asked(query))
    mine = texts.reports.filter(year=2023, region_code="990121")["report_id"]
    assert sorted(got.reports["report_id"]) == sorted(r for r in mine if "公开" in plain(fives[r]))
    one = mine[0].rsplit("-", 1)[0]
    only = found(texts, Filters(), Asked(query, agency=one))
    assert set(only.reports["agency_id"]) <= {one}


@pytest.fixture(scope="module")
def site(demo_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("search") / "below" / "site"
    build_site(demo_dataset, out, Options(("zh",)), strict=True)
    return out


def by_postings(site: Path, query: Query) -> Candidates:
    """What the core reads from the files of the site."""
    folder = site / "search/five"
    about = json.loads((folder / "postings.json").read_bytes())
    first = [tuple(key) for key in about["first"]]
    return candidates(query, about["texts"], first, lambda n: (folder / f"p{n}.bin").read_bytes())


def test_the_postings_find_what_a_plain_scan_finds(site: Path, right: dict[str, Answer]) -> None:
    folder = site / "search/five"
    about = json.loads((folder / "postings.json").read_bytes())
    told = {}
    for path in folder.glob("t*[0-9].json"):
        told |= {row[0]: row for row in json.loads(path.read_bytes())}
    assert sorted(told) == list(range(about["texts"]))
    for typed, (reports, _) in right.items():
        query = parse(typed)
        some = by_postings(site, query)
        real = [
            number
            for number in some.texts
            if any(plainly(text, query.words, query.without) for _, text, _ in told[number][5])
        ]
        assert sorted(told[n][1] for n in real) == sorted(f"reports/{r}.html" for r in reports)
        assert not some.exact or list(some.texts) == real, typed
        assert len(some.shards) <= MOST_SHARDS


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The site below a path, as on a host that others share."""
    server = site_server(site.parent.parent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"{address(server)}below/site/"
    server.shutdown()
    server.server_close()
    thread.join()


_ALL = """async ([script, asked, name]) => {
  const index = await import(script);
  await index.ready();
  const answers = [];
  for (const typed of asked) {
    const query = index.parse(typed);
    const some = await index.candidates(name, query);
    const checker = index.checker(name, some.numbers, query, "");
    const hits = [];
    while (!checker.done) hits.push(...(await checker.next(50)));
    answers.push({
      query,
      exact: some.exact ? some.numbers.length : null,
      numbers: some.numbers,
      shards: some.shards,
      reports: hits.map((hit) => hit.address),
      points: hits.flatMap((hit) => hit.points.map((point) => point[2])),
    });
  }
  return answers;
}"""


@pytest.mark.browser
def test_odd_queries_are_answered_as_in_the_core(chromium: Any, served: str, site: Path) -> None:
    odd = [
        "公\0",
        "公 -公\0",
        "\0",
        "-",
        "——",
        "，。",
        "<b>公开</b>",
        "%_\\",
        "a.*b",
        "的" * 200,
    ]
    page = chromium.new_page()
    page.goto(f"{served}words/index.html")
    for typed, answer in zip(
        odd, page.evaluate(_ALL, [f"{served}static/search.js", odd, "five"]), strict=True
    ):
        query = parse(typed)
        some = by_postings(site, query)
        assert answer["query"]["words"] == list(query.words), typed
        assert answer["numbers"] == list(some.texts), typed
        assert answer["exact"] == (len(some.texts) if some.exact else None), typed
    page.close()


@pytest.mark.browser
def test_the_script_finds_what_a_plain_scan_finds(
    chromium: Any, served: str, site: Path, right: dict[str, Answer]
) -> None:
    page = chromium.new_page()
    page.goto(f"{served}words/index.html")
    typed = list(right)
    answers = page.evaluate(_ALL, [f"{served}static/search.js", typed, "five"])
    for asked, answer in zip(typed, answers, strict=True):
        reports, points = right[asked]
        query = parse(asked)
        some = by_postings(site, query)
        assert answer["numbers"] == list(some.texts), asked
        assert answer["shards"] == len(some.shards), asked
        assert answer["query"]["words"] == list(query.words), asked
        assert answer["query"]["without"] == list(query.without), asked
        assert sorted(answer["reports"]) == sorted(f"reports/{r}.html" for r in reports), asked
        assert sorted(answer["points"]) == points, asked
        assert answer["exact"] in (None, len(reports)), asked
    page.close()


@pytest.mark.browser
def test_the_script_finds_in_the_other_sections_what_a_plain_scan_finds(
    chromium: Any, served: str, texts: Texts, asked: list[str]
) -> None:
    rows = texts.data.current("sections").collect().filter(pl.col("section") != FIVE)
    reports = dict(texts.reports.select("document_id", "report_id").iter_rows())
    # One word in one section and another in another, or one that another section does without.
    apart = ["概述 复议", "公开 收费", "复议 -公开", "收费"]
    page = chromium.new_page()
    page.goto(f"{served}words/index.html")
    answers = page.evaluate(_ALL, [f"{served}static/search.js", [*asked, *apart], "other"])
    for typed, answer in zip([*asked, *apart], answers, strict=True):
        query = parse(typed)
        mine = {
            f"reports/{reports[row['document_id']]}.html"
            for row in rows.iter_rows(named=True)
            if row["text"] and plainly(row["text"], query.words, query.without)
        }
        assert sorted(answer["reports"]) == sorted(mine), typed
        assert answer["exact"] in (None, len(mine)), typed
    page.close()


_FIRST = """async ([script, typed, most]) => {
  const index = await import(script);
  await index.ready();
  const some = await index.candidates("five", index.parse(typed));
  await index.checker("five", some.numbers, index.parse(typed), "").next(most);
  return [some.numbers, index.read.files, await index.about()];
}"""


@pytest.mark.browser
def test_no_text_is_loaded_that_need_not_be_looked_at(
    chromium: Any, served: str, site: Path, texts: Texts
) -> None:
    page = chromium.new_page()
    page.goto(f"{served}words/index.html")
    numbers, files, about = page.evaluate(_FIRST, [f"{served}static/search.js", "一是", 40])
    assert len(numbers) > 80
    first = json.loads((site / "search/five/texts.json").read_bytes())["first"]
    wanted = {bisect_right(first, n) - 1 for n in numbers[:40]}
    loaded = [name for name in files if name.startswith("five/t") and name != "five/texts.json"]
    assert len(wanted) > 2
    assert sorted(loaded) == sorted(f"five/t{shard}.json" for shard in wanted)
    told = texts.reports.select("year", "region_code", "agency_kind").rows()
    there = zip(about["year"], about["region"], about["kind"], strict=True)
    assert list(there) == [tuple("none" if v is None else str(v) for v in row) for row in told]
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    "typed",
    [
        "",
        " 　",
        "字" * 201,
        " ".join("甲乙丙丁戊己庚辛壬癸子"),
        "-公开",
        '""',
        "字" * 200,
    ],
)
def test_the_script_refuses_what_the_core_refuses(chromium: Any, served: str, typed: str) -> None:
    page = chromium.new_page()
    page.goto(f"{served}words/index.html")
    script = "async ([s, q]) => { const i = await import(s); await i.ready(); return i.parse(q) }"
    found = page.evaluate(script, [f"{served}static/search.js", typed])
    assert found["problem"] == parse(typed).problem
    page.close()


@pytest.mark.browser
def test_a_search_on_the_site_shows_its_hits_and_its_address(chromium: Any, served: str) -> None:
    errors: list[str] = []
    page = chromium.new_page()
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    page.goto(f"{served}words/index.html?q=兼職&year=2023")
    page.locator("#found .words").first.wait_for()
    assert set(page.locator("#found mark").all_text_contents()) == {"兼职"}
    assert all("2023" in head for head in page.locator("#found h2").all_text_contents())
    page.locator("#found .points a").first.click()
    expect(page.locator("li:target")).to_contain_text("兼职")
    page.go_back()
    page.locator("#found .words").first.wait_for()
    page.locator("#q").fill("绝无此词语")
    page.keyboard.press("Enter")
    page.get_by_text("没有找到。").wait_for()
    assert "year=2023" in page.url
    page.locator("#q").fill("-公开")
    page.keyboard.press("Enter")
    page.get_by_text("请再加一个要查的词").wait_for()
    assert errors == []
    page.close()


@pytest.mark.browser
def test_agencies_without_a_name_are_told_apart(chromium: Any, served: str) -> None:
    page = chromium.new_page()

    def unnamed(route: Any) -> None:
        texts = route.fetch().json()
        for row in texts:
            row[1:3] = f"reports/doc-{row[0]:08x}ef56-2023.html", None
        route.fulfill(json=texts)

    page.route(re.compile(r"/search/five/t\d+\.json"), unnamed)
    page.goto(f"{served}words/index.html?q=公开")
    page.locator("#found .words").first.wait_for()
    names = page.locator("#found h2 a").all_text_contents()
    assert len(set(names)) > 1
    assert all(re.fullmatch("机关名称未知（文件 [0-9a-f]{8}）", name) for name in names)
    page.close()


@pytest.mark.browser
def test_who_asks_before_all_is_loaded_keeps_what_the_address_chose(
    chromium: Any, served: str
) -> None:
    page = chromium.new_page()
    held: list[Any] = []
    page.route("**/search/reports.json", lambda route: held.extend([route]))
    page.goto(f"{served}words/index.html?year=2023")
    page.locator("#q").fill("公开")
    page.keyboard.press("Enter")
    soon(page, lambda: len(held) > 0)
    assert page.locator("#found .words").count() == 0
    for route in held:
        route.continue_()
    page.locator("#found .words").first.wait_for()
    assert all("2023" in head for head in page.locator("#found h2").all_text_contents())
    page.wait_for_url("**year=2023**")
    assert "q=" in page.url
    page.close()


@pytest.mark.browser
def test_a_point_of_a_theme_is_found_though_its_section_has_what_is_left_out(
    chromium: Any, served: str, texts: Texts
) -> None:
    query = parse("不 -人")
    right = found(texts, Filters(), Asked(query, themes=("awareness",)))
    assert 0 < len(right.orders) <= 20
    assert not {*right.orders} & {*found(texts, Filters(), Asked(query)).orders}
    page = chromium.new_page()
    page.goto(f"{served}words/index.html?q=不+-人&theme=awareness")
    page.locator("#found .words").first.wait_for()
    expect(page.locator("#found .words")).to_have_count(len(right.orders))
    expect(page.locator("#found .points li")).to_have_count(right.points.height)
    page.close()


@pytest.mark.browser
def test_what_a_search_lists_can_be_taken(chromium: Any, served: str) -> None:
    page = chromium.new_page()
    page.goto(f"{served}words/index.html?q=公开&section=all")
    page.locator("#save").wait_for()
    with page.expect_download() as taken:
        page.locator("#save").click()
    content = Path(taken.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0] == "机关,地区,年度,问题或改进,原文,主题,链接,编号"
    assert len(lines) > page.locator("#found .words").count()
    rows = list(csv.DictReader(lines))
    assert {row["问题或改进"] for row in rows} == {"问题", "改进"}
    shown = page.locator("#found .points small").all_text_contents()
    assert [name for row in rows if row["主题"] for name in row["主题"].split("、")] == shown
    page.close()


@pytest.mark.browser
def test_what_is_taken_of_a_section_leads_to_the_line_it_stands_in(
    chromium: Any, served: str
) -> None:
    page = chromium.new_page()
    page.goto(f"{served}words/index.html?q=复议&section=s1_overview")
    page.locator("#save").wait_for()
    shown = page.locator("#found .words > p .src-link").evaluate_all(
        "all => all.map((a) => a.href)"
    )
    with page.expect_download() as taken:
        page.locator("#save").click()
    rows = list(csv.DictReader(Path(taken.value.path()).read_text("utf-8-sig").splitlines()))
    assert {row["问题或改进"] for row in rows} == {"总体情况"}
    assert [row["链接"] for row in rows] == shown
    for row in rows[:3]:
        assert "复议" in row["原文"]
        page.goto(row["链接"])
        line = page.locator(f".pages :is([data-asked], #{row['链接'].partition('#')[2]})")
        # A line may break within the word.
        expect(line).to_contain_text("复")
    page.close()


@pytest.mark.browser
def test_a_search_in_one_section_finds_what_the_app_finds_there(
    chromium: Any, served: str, texts: Texts
) -> None:
    page = chromium.new_page()
    for typed, section in (("複議", "s1_overview"), ("公开", "s6_other")):
        right = found(texts, Filters(), Asked(parse(typed), sections=(section,)))
        assert len(right.orders) > 0
        page.goto(f"{served}words/index.html?q={typed}&section={section}")
        page.locator("#found .words").first.wait_for()
        expect(page.locator("select[name=section]")).to_have_value(section)
        page.set_viewport_size({"width": 240, "height": 600})
        soon(page, lambda: page.evaluate("document.documentElement.scrollWidth") <= 240)
        while page.locator("#more").is_visible():
            page.locator("#more").click()
            page.locator("#more:not([disabled])").wait_for(state="attached")
        links = page.locator("#found h2 a").evaluate_all("all => all.map((a) => a.pathname)")
        names = [link.rsplit("/", 1)[1].removesuffix(".html") for link in links]
        assert sorted(names) == sorted(right.reports["report_id"])
        names = page.locator("#found .words > p > small").all_text_contents()
        assert set(names) == {section_label(None, section, "zh")}
    page.close()


@pytest.mark.browser
def test_one_agencys_reports_are_searched_from_its_page(
    chromium: Any, served: str, texts: Texts
) -> None:
    agency, name = texts.reports.select("agency_id", "agency_name").row(0)
    right = found(texts, Filters(), Asked(parse("公开"), agency=agency))
    assert 1 < len(right.orders) < len(found(texts, Filters(), Asked(parse("公开"))).orders)
    page = chromium.new_page()
    page.goto(f"{served}agencies/{agency}.html")
    page.get_by_role("link", name="在这个机关的年报里查找").click()
    page.get_by_text(f"只查{name}的年报。").wait_for()
    # A Chinese name, on an English page, too.
    assert page.locator("#whose [lang=zh-CN]").inner_text() == name
    page.locator("#q").fill("公开")
    page.keyboard.press("Enter")
    page.locator("#found .words").first.wait_for()
    expect(page.locator("#found h2 a")).to_have_count(right.reports.height)
    links = page.locator("#found h2 a").evaluate_all("all => all.map((a) => a.pathname)")
    names = [link.rsplit("/", 1)[1].removesuffix(".html") for link in links]
    assert sorted(names) == sorted(right.reports["report_id"])
    assert f"agency={agency}" in page.evaluate("location.search")
    page.get_by_role("link", name="查全部机关").click()
    page.wait_for_function(
        "n => document.querySelectorAll('#found .words').length > n", arg=len(names)
    )
    assert "agency" not in page.evaluate("location.search")
    page.goto(f"{served}words/index.html?q=公开&agency=nobody")
    page.get_by_text("地址里的“nobody”不是这里有的").wait_for()
    page.locator("#found .words").first.wait_for()
    page.close()


@pytest.mark.browser
def test_what_the_address_asks_for_and_is_not_here_is_named(chromium: Any, served: str) -> None:
    page = chromium.new_page()
    page.goto(f"{served}words/index.html?q=公开&theme=nix&year=1066&colour=red&lang=zh")
    page.locator("#found .words").first.wait_for()
    told = page.locator("#bad")
    for word in ("theme=nix", "year=1066", "colour=red"):
        expect(told).to_contain_text(f"地址里的“{word}”不是这里有的")
    expect(told).not_to_contain_text("lang")
    for name in ("theme", "year"):
        expect(page.locator(f"select[name={name}] option:checked")).to_contain_text("全部")
    page.locator("select[name=year]").select_option("2022")
    expect(told).to_be_empty()
    page.close()


@pytest.mark.browser
def test_who_chooses_before_any_word_is_told_to_type_one(chromium: Any, served: str) -> None:
    page = chromium.new_page()
    page.goto(f"{served}words/index.html")
    page.locator("select[name=year] option").nth(1).wait_for(state="attached")
    expect(page.locator("#status")).to_be_empty()
    page.locator("select[name=year]").select_option("2022")
    expect(page.locator("#status")).to_have_text("请输入要查的字词。")
    page.close()


@pytest.mark.browser
def test_without_scripts_all_points_are_in_lists(chromium: Any, served: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}words/index.html")
    expect(page.locator("form.search")).to_be_hidden()
    expect(page.locator("#without-script")).to_contain_text("查找需要脚本")
    # By key: on a busy machine a click may fall where the link stood before the page was laid out.
    page.get_by_role("link", name="2024 年", exact=True).first.press("Enter")
    expect(page.locator(".words")).to_have_count(20)
    page.locator(".words .points a").first.click()
    page.locator("li:target").wait_for()
    context.close()
