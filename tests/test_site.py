"""The static site: what is written, what is escaped, and what is refused."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from selectolax.lexbor import LexborHTMLParser
from view_data import HOSTILE, A, B, C, D, document, write_small

from dashboard import labels
from dashboard.data import open_dataset
from dashboard.labels import t
from dashboard.site import Options, SiteError, addresses, blocks, build_site, pages
from dashboard.site.listing import listing
from dashboard.views.sentences import check_label, check_sentence
from govreport_core.errors import DatasetError
from govreport_core.indicators import catalogue

pytestmark = pytest.mark.slow

ZH = Options(("zh",))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(tmp_path_factory.mktemp("small") / "dataset")


@pytest.fixture(scope="module")
def site(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "site"
    build_site(dataset, out, ZH)
    return out


def text(site: Path, address: str) -> str:
    return (site / address).read_text(encoding="utf-8")


def links(page: str) -> set[str]:
    """Where the links of a page lead."""
    return {*re.findall(r'<a [^>]*?href="?([^" >]+)', page)}


def test_there_is_a_page_for_every_agency_report_and_rule(site: Path) -> None:
    for address in (
        "index.html",
        "agencies/index.html",
        "rules/index.html",
        "data/index.html",
        "about.html",
        addresses.agency(A),
        addresses.agency(D),
        addresses.report(f"{A}-2022"),
        addresses.report(f"{C}-null"),
        addresses.rule("t3_balance"),
        addresses.LOST,
    ):
        assert "<h1" in text(site, address), address


def test_every_link_leads_somewhere(dataset: Path, tmp_path: Path) -> None:
    found = build_site(dataset, tmp_path / "site", ZH)
    assert found.warnings == ("bad/empty.txt 没有读成：文件为空",)


def test_a_number_links_to_its_mark_in_the_source_and_back(site: Path) -> None:
    page = text(site, addresses.report(f"{A}-2022"))
    cell = "t3_requests.requests_received.natural_person"
    here = addresses.cell(f"c-{cell}")
    mark = re.search(rf"<td[^>]*><a id={here} href=#(v\d+)>12<", page)
    assert mark is not None
    assert f"<a id={mark[1]} href=#{here}>12</a>" in page


def test_what_passed_is_told_by_rule_and_what_could_not_be_judged_with_each_reason(
    dataset: Path, site: Path
) -> None:
    page = text(site, addresses.report(f"{A}-2021"))
    checks = page[page.index("id=checks") : page.index("id=reading")]
    failed, skipped, passed = re.split(r'<details(?: open)?><summary><span class="gr-tag', checks)[
        1:
    ]
    assert "class=results" in failed
    found = open_dataset(dataset).tables["checks"].filter(pl.col("outcome") != "fail").collect()
    mine = found.filter(pl.col("document_id") == document(A, 2021))
    for row in mine.filter(pl.col("outcome") == "skip").iter_rows(named=True):
        assert blocks.escaped(check_sentence(row, "zh")) in skipped
    told = re.findall(r"<li><a href=\.\./rules/(\w+)\.html>([^<]*)</a>([^<]*)(<a href=#)?", passed)
    well = mine.filter(pl.col("outcome") == "pass")
    rules = dict(well["check"].value_counts().iter_rows())
    assert sorted(rules) == sorted(check for check, *_ in told)
    # Each by its title once, below the words that none was found; of several how many.
    assert t("site.report.pass_lead", "zh") in passed
    alone = {row["check"]: row["part"] for row in well.iter_rows(named=True)}
    for check, name, rest, place in told:
        assert name == blocks.escaped(check_label(check, "zh"))
        assert rest.strip() == ("" if rules[check] == 1 else str(rules[check]))
        if rules[check] == 1 and alone[check]:
            assert place
    # What nothing leads to isn't marked in the source.
    assert set(re.findall(r"<mark id=(k-\d+)", page)) <= set(re.findall(r"#(k-\d+)", page))


def test_states_of_cells_are_words_not_only_colours(site: Path) -> None:
    page = text(site, addresses.report(f"{A}-2022"))
    assert re.search(r'/ <small class="state placeholder">占位符</small>', page)
    assert '<small class="read">=25.1 万元</small>' in page
    blank = r"<td class=blank><(a|span) id=c\d+[^>]*>空白</\1>"
    assert re.search(blank, text(site, addresses.report(f"{B}-2021")))
    assert '012 <small class="state unreadable">读不准</small>' in text(
        site, addresses.report(f"{A}-2021")
    )


def test_an_unread_cell_leads_to_its_doubt_which_is_told_once(site: Path) -> None:
    page = LexborHTMLParser(text(site, addresses.report(f"{A}-2021")))
    cells = page.css("td.unreadable")
    assert cells
    for cell in cells:
        link = cell.css_first("a[aria-describedby]")
        doubts = str(link.attributes["aria-describedby"]).split()
        assert link.attributes["href"] == f"#{doubts[0]}"
        for doubt in doubts:
            (said,) = page.css(f"#{doubt}")
            assert said.tag == "li"
            assert page.body.text().count(said.css_first("span").text()) == 1


def test_a_column_in_which_no_cell_begins_is_none() -> None:
    spans = [(0, 0, 4, 1), (1, 0, 1, 2), (1, 1, 1, 1), (1, 2, 2, 1), (3, 1, 3, 1)]
    parts = [
        {
            "ordinal": n, "part": f"table:1/r{row}/c{col}", "kind": "cell", "text": str(n),
            "row": row, "col": col, "colspan": columns, "rowspan": rows,
        }
        for n, (row, col, columns, rows) in enumerate(spans)
    ]  # fmt: skip
    drawn = listing(parts, (), frozenset(), frozenset())
    # Columns 0, 1 and 2; the second row of the first cell below is one in which none begins.
    assert "<tr><td colspan=3>0<tr><td>1<td>2<td>3<tr><td colspan=2>4</table>" in drawn


def test_indicators_stand_with_their_base_on_overview_agency_and_report(site: Path) -> None:
    for address in (addresses.INDICATORS, addresses.agency(A), addresses.report(f"{A}-2022")):
        page = text(site, address)
        assert "11 ÷ 11" in page, address
        for indicator in catalogue().values():
            # Counts stand among the key figures of the same page, once.
            if indicator.denominator or address == addresses.INDICATORS:
                assert indicator.zh.title in page, address
        assert "新收申请" in page or address == addresses.INDICATORS
    # The first page has the main ones, and the way to all.
    home = text(site, "index.html")
    assert "11 ÷ 11" in home
    assert "1 份，缺 1 份" in home
    assert f"href={addresses.INDICATORS}>全部 {len(catalogue())} 项指标</a>" in home


def test_each_region_has_a_page_that_leads_down_to_its_reports(site: Path) -> None:
    assert {path.stem for path in (site / "regions").glob("*.html")} == {
        "370000",
        "370100",
        "370199",
    }
    top = text(site, addresses.REGIONS)
    for code in ("370000", "370100", "370199"):
        assert addresses.region(code) in links(top)
        assert f"../{addresses.circular(code)}" in links(text(site, addresses.region(code)))
    county = links(text(site, addresses.region("370199")))
    assert {"../regions/370000.html", "../regions/370100.html"} <= county
    assert f"../{addresses.report(f'{A}-2022')}" in county
    rows = list(csv.DictReader(io.StringIO((site / "regions/370000.csv").read_text("utf-8-sig"))))
    assert [row["年度"] for row in rows] == ["2019", "2020", "2021", "2022"]


def test_an_agencys_page_leads_to_its_regions(site: Path) -> None:
    assert "../regions/370199.html" in links(text(site, addresses.agency(A)))


def test_a_page_of_many_rows_tells_some_and_leads_to_all(
    demo_dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_PARTS", 1)
    monkeypatch.setattr(import_module("dashboard.site.gather"), "FINDINGS", 1)
    out = tmp_path / "site"
    build_site(demo_dataset, out, ZH)
    region = text(out, addresses.region("990000"))
    parts = region[region.index("class=tilemap") :].partition("</section>")[0]
    assert "<table" not in parts
    assert f"../{addresses.region_file('990000')}" in links(parts)
    counted = {path.stem: pl.read_csv(path).height for path in (out / "rules").glob("*.csv")}
    assert max(counted.values()) > 1
    for code, rows in counted.items():
        rule = text(out, addresses.rule(code))
        failures = rule[rule.index("id=failures") : rule.index("id=skips")]
        assert failures.count("<li>") == 1
        assert (t("site.rule.cut", "zh", found=rows, shown=1) in failures) == (rows > 1)


def test_every_page_has_the_same_rooms_and_one_says_its_time_by_the_clocks_of_china(
    site: Path,
) -> None:
    for page in site.rglob("*.html"):
        content = page.read_text(encoding="utf-8")
        for name in ("总览", "年报", "公布情况", "机关", "地区", "检查", "数据", "方法说明"):
            assert f">{name}</a>" in content, (page, name)
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d（北京时间）", text(site, addresses.ABOUT))


def test_a_page_says_in_which_room_it_stands(site: Path) -> None:
    for address, room in (
        (addresses.report(f"{A}-2022"), addresses.REPORTS),
        (addresses.agency(A), addresses.AGENCIES),
        (addresses.region("370199"), addresses.REGIONS),
        (addresses.circular("370199"), addresses.REGIONS),
        (addresses.rule("t3_balance"), addresses.RULES),
        (addresses.COVERAGE, addresses.COVERAGE),
    ):
        found = re.findall(r"href=([^ ]*) aria-current=(\w+)", text(site, address))
        told = [(href, how) for href, how in found if href.endswith(room)]
        assert [how for _, how in told] == ["page" if address == room else "true"], address
        rooms = [href.rsplit("../", 1)[-1] for href, _ in found]
        assert [one for one in rooms if one in addresses.ROOMS.values()] == [room], address


def test_an_agency_is_a_table_of_years_the_newest_first_and_then_what_fails(site: Path) -> None:
    page = LexborHTMLParser(text(site, addresses.agency(A)))
    table = page.css_first("table.yearly")
    years = [row.css_first("th").text() for row in table.css("tbody tr")]
    assert years == sorted(years, reverse=True)
    assert {"2022 年", "2019 年"} <= set(years)
    ids = [one.attributes["id"] for one in page.css("main h2")]
    assert ids[:2] == ["reports", "findings"]
    # A year whose report isn't here has a status, and no figure.
    gone = LexborHTMLParser(text(site, addresses.agency(D))).css_first("table.yearly")
    assert "未找到" in gone.text()
    assert not gone.css("tbody a")


def test_a_card_points_below_to_section_five_only_where_its_text_stands(site: Path) -> None:
    said = {True: 0, False: 0}
    for path in sorted((site / "reports").glob("*-*.html")):
        page = path.read_text("utf-8")
        there = "存在的主要问题及改进情况</summary>" in page
        if not re.search('<ol class="?points', page):
            assert ("全文见下" in page) == there, path.name
            assert ("没有读到标明为第五部分的文字" in page) == (not there), path.name
            said[there] += 1
    assert said[False]


def test_coverage_is_a_page_a_file_and_a_part_of_agency_and_report(site: Path) -> None:
    page = text(site, addresses.COVERAGE)
    assert "逾期 6 天" in page
    assert [to for to in links(page) if re.fullmatch(rf"reports/{A}-2022.html#e-\d+", to)]
    rows = list(
        csv.DictReader((site / addresses.COVERAGE_FILE).read_text("utf-8-sig").splitlines())
    )
    code = "公布情况代码"
    assert list(rows[0])[:6] == ["机关", "地区", "类别", "层级", "年度", "公布情况"]
    assert not [head for head in rows[0] if head.isascii()]
    assert {row[code] for row in rows} >= {"on_time", "late", "not_found", "not_collected"}
    assert [row["逾期天数"] for row in rows if row[code] != "late"] == [""] * (len(rows) - 1)
    for address in (addresses.agency(A), addresses.report(f"{A}-2022")):
        # How late it was, which says that it was late: once.
        assert "逾期 6 天" in text(site, address)
        assert "逾期公布" not in text(site, address)


def test_that_the_data_are_made_up_is_said_in_a_part_of_the_page_with_a_role(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.data.SAMPLE", "roster")
    build_site(dataset, tmp_path / "site", ZH)
    page = LexborHTMLParser(text(tmp_path / "site", "index.html"))
    said = page.css("body > :is(header, main, footer, aside).notice")
    assert [one.text() for one in said] == [t("site.fictional", "zh")]


def test_both_badges_stand_on_report_agency_and_region(site: Path) -> None:
    for address in (
        addresses.report(f"{A}-2022"),
        addresses.agency(A),
        addresses.region("370199"),
    ):
        page = text(site, address)
        assert re.search(r'class="gr-(badge|tag) (good|doubts)"', page), address
        assert re.search(r'class="gr-(badge|tag) inconsistent"', page), address
        assert "未能判断的原因" in page, address
    # Of each region its own page says why; of a whole province a badge says nothing.
    assert "未能判断的原因" not in text(site, addresses.REGIONS)


def test_a_cards_list_says_that_it_has_more_checks_than_the_badge_counts(
    site: Path, dataset: Path
) -> None:
    card = open_dataset(dataset).cards.row(
        by_predicate=(pl.col("agency_id") == A) & (pl.col("year") == 2022), named=True
    )
    page = LexborHTMLParser(text(site, addresses.report(f"{A}-2022")))
    badge = page.css_first(".gr-badge.inconsistent").text()
    assert f"通过 {card['agree_passed']}，" in badge
    section = page.css_first("section[aria-labelledby=checks]").text()
    assert card["passed"] > card["agree_passed"]
    assert f"通过 {card['passed']}" in section
    assert page.css_first("#checks").text() == "全部检查"


def test_what_stands_beside_a_regions_badge_counts_what_the_badge_rests_on(
    site: Path, dataset: Path
) -> None:
    cards = open_dataset(dataset).cards.filter(pl.col("region_code") == "370199")
    passed, failed, skipped = (
        int(cards[f"agree_{name}"].sum()) for name in ("passed", "failed", "skipped")
    )
    said = LexborHTMLParser(text(site, addresses.region("370199"))).css_first("p.said").text()
    assert f"可判断的一致性检查 {passed + failed} 项：通过 {passed}，不通过 {failed}" in said
    assert f"另有 {skipped} 项未能判断" in said


def test_a_second_version_is_shown_cell_by_cell(site: Path) -> None:
    page = text(site, addresses.report(f"{A}-2020"))
    assert "同一年报的不同版本（2）" in page
    assert "<del>12</del>" in page
    assert "<ins>10</ins>" in page
    assert "数字不同" in page
    assert "<del>" not in text(site, addresses.report(f"{A}-2021"))


def test_a_rule_has_its_formula_in_words_and_in_codes(site: Path) -> None:
    page = text(site, addresses.rule("t3_balance"))
    assert "每一列：一、本年新收政府信息公开申请数量 + " in page
    assert "<summary>供程序员：公式代码</summary><code>for each column: requests_received" in page


def test_sums_over_reports_say_that_some_may_count_twice(site: Path) -> None:
    for address in ("index.html", addresses.ABOUT):
        assert "政府年报可能已含所属部门的数字" in text(site, address)


def test_a_blank_is_never_shown_as_0(site: Path) -> None:
    page = text(site, addresses.report(f"{B}-2021"))
    cell = addresses.cell("c-t3_requests.denied_state_secret.org_other")
    blank = re.search(rf"<td[^>]*><\w+ id={cell}\b(?:(?!<td).)*", page)
    assert blank is not None
    assert not re.search(r">\s*0\s*<", blank[0])


def test_a_report_stands_beside_the_agencys_last(site: Path) -> None:
    page = text(site, addresses.beside(f"{A}-2022"))
    assert labels.t("sides.title", "zh") in page
    assert not (site / addresses.beside(f"{A}-2019")).exists()
    assert addresses.beside(f"{A}-2022") in text(site, addresses.report(f"{A}-2022"))


def test_hostile_text_is_only_text(site: Path) -> None:
    assert "<script>alert" in HOSTILE
    for path in site.rglob("*.html"):
        assert "<script>alert" not in path.read_text(encoding="utf-8")
    page = text(site, addresses.report(f"{B}-2021"))
    assert "&lt;script&gt;" in page
    assert not re.search(r'href=["\']?javascript:', page)


class Attributes(HTMLParser):
    """Collects what a page loads, and attributes that a strict policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.blocked: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "src" or (name == "href" and tag == "link"):
                self.loads.append(value or "")
            if name == "style" or name.startswith("on"):
                self.blocked.append(f"{tag} {name}")
            if name == "id":
                self.ids.append(value or "")


def test_pages_load_only_their_own_files_and_run_nothing_inline(site: Path) -> None:
    for page in site.rglob("*.html"):
        found = Attributes()
        found.feed(page.read_text(encoding="utf-8"))
        assert found.blocked == [], page
        assert all(
            ("static/" in load or load.endswith("feed.xml")) and "//" not in load
            for load in found.loads
        ), page
        assert len(found.ids) == len(set(found.ids)), page


def test_every_page_has_a_strict_policy_a_language_and_a_skip_link(site: Path) -> None:
    for page in site.rglob("*.html"):
        content = page.read_text(encoding="utf-8")
        assert "default-src 'none'" in content
        assert "<html lang=zh-CN>" in content
        assert "href=#main" in content


def test_headings_go_down_one_level_at_a_time(site: Path) -> None:
    for path in site.rglob("*.html"):
        levels = [int(n) for n in re.findall(r"<h([1-6])\b", path.read_text(encoding="utf-8"))]
        assert levels[0] == 1, path
        assert all(below <= above + 1 for above, below in pairwise(levels)), path


def test_csv_files_open_in_a_spreadsheet_and_keep_unknown_empty(site: Path) -> None:
    found = []
    for path in (site / "data/latest/csv/year").glob("values-*.zip"):
        with zipfile.ZipFile(path) as archive:
            content = archive.read(f"{path.stem}.csv")
        assert content.startswith(b"\xef\xbb\xbf")
        found += csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert {row["number"] for row in found if row["state"] in ("blank", "unreadable")} == {""}
    assert "0" in {row["number"] for row in found if row["state"] == "reported"}


def test_a_page_draws_its_charts_without_scripts(site: Path) -> None:
    page = text(site, "index.html")
    # Wide and narrow; the trend has too few agencies in common, and says so.
    assert page.count("role=img") == 2
    assert "不画历年变化" in page
    assert "<table" in page.split("以表格查看")[1]


def test_a_folder_that_is_not_a_site_is_left_alone(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(SiteError, match="not a site"):
        build_site(dataset, tmp_path, ZH)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_in_the_way_is_left_alone(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine")
    with pytest.raises(SiteError, match="not a site"):
        build_site(dataset, tmp_path / "site", ZH)


def test_a_site_is_replaced_whole(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build_site(dataset, out, ZH)
    (out / "reports/old.html").write_text("of an earlier build")
    build_site(dataset, out, ZH)
    assert not (out / "reports/old.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_strict_build_with_warnings_fails_and_keeps_what_was_there(
    dataset: Path, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    build_site(dataset, out, ZH)
    before = (out / "site.json").stat().st_mtime_ns
    with pytest.raises(SiteError, match="1 warning: "):
        build_site(dataset, out, ZH, strict=True)
    assert (out / "site.json").stat().st_mtime_ns == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_without_a_dataset_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        build_site(tmp_path / "none", tmp_path / "site", ZH)
    assert list(tmp_path.iterdir()) == []


def test_the_samples_make_a_site_without_a_warning_in_english(
    demo_dataset: Path, tmp_path: Path
) -> None:
    found = build_site(demo_dataset, tmp_path / "site", Options(("en",)), strict=True)
    assert found.pages > 100
    page = text(tmp_path / "site", "index.html")
    assert "<html lang=en>" in page
    assert "Requests received" in page
    room = text(tmp_path / "site", addresses.WORDS)
    for name in ("running", "shared"):
        assert labels.t(f"echoes.lists.{name}", "en") in room
    parts = re.findall(r"<h2 id=(\w+)", room)
    assert parts == ["themes", "newest", "lists", "running", "shared"]
    years = re.findall(r"\d{4}", room[room.index("<thead>") : room.index("<tbody>")])
    assert years == sorted(years, reverse=True)
    for address in (addresses.RUNNING_FILE, addresses.SHARED_FILE):
        frame = pl.read_csv(tmp_path / "site" / address)
        assert frame.height
        assert frame.columns[0] in ("agency", "section")
        for link in frame["link"]:
            file, _, point = link.partition("#")
            assert not point or f"id={point}>" in text(tmp_path / "site", file)
    beside = [page.read_text(encoding="utf-8") for page in (tmp_path / "site/beside").iterdir()]
    assert any("<ins>" in page and "<del>" in page for page in beside)
    # A page of two texts stays small.
    assert max(map(len, beside)) < 60_000


@pytest.mark.parametrize(
    "hostile",
    [
        "../../etc/passwd",
        "a/b",
        "",
        "index",
        "\N{FULLWIDTH LATIN CAPITAL LETTER A}",
        "x-1",
        "con?",
        "a" * 200,
    ],
)
def test_an_id_can_only_name_a_file_of_its_own_folder(hostile: str) -> None:
    address = addresses.report(hostile)
    assert re.fullmatch(r"reports/x-[0-9a-f]{20}\.html", address)


def test_plain_ids_are_their_own_addresses() -> None:
    assert addresses.report("370199-a-2020") == "reports/370199-a-2020.html"
    assert addresses.to_root("reports/a.html") == "../"
