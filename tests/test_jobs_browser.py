"""Each job a person comes for, from the first screen, by clicks and typing: four clicks at most.

What a job took is told at the end of the run.
"""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2
import pytest
from app_browsed import opening, settled
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from dashboard.labels import t
from govreport_core.checks import catalogue

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST = 4
COUNTY, CODE, YEAR = "墨岫县", "990121", 2021


class Person:
    """Who sits before the first screen: each press of the mouse counts."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.clicks = 0

    def click(self, what: Any) -> None:
        """Press what is on the screen that the address names, not on the one before it."""
        settled(self.page)
        what.click()
        self.clicks += 1

    def link(self, name: str | re.Pattern[str], within: str = "body") -> None:
        links = self.page.locator(within).get_by_role("link", name=name, exact=True)
        self.click(links.first)

    def room(self, name: str) -> None:
        self.link(name, within=".gr-top nav")

    def ask(self, box: str, text: str) -> None:
        """Type into a box, and Enter, which makes an address of it."""
        asked = self.page.get_by_label(box, exact=True).and_(self.page.locator("input"))
        self.click(asked)
        self.page.keyboard.type(text)
        expect(asked).to_have_value(text)
        before = self.page.url
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: url != before)

    def county(self) -> None:
        """Come to a county and year by the search box."""
        self.ask("搜索", f"{COUNTY} {YEAR}")
        self.link(COUNTY, within=".gr-find")
        self.page.locator(".gr-chosen", has_text=COUNTY).wait_for()

    def take(self, button: str, folder: Path) -> Path:
        """Press what hands out a file."""
        with self.page.expect_download() as waiting:
            self.click(self.page.get_by_role("button", name=button))
        file = folder / waiting.value.suggested_filename
        waiting.value.save_as(file)
        return file


Sit = Callable[[], Person]


@pytest.fixture
def sit(
    app: str, chromium: Any, request: pytest.FixtureRequest, record_property: Any
) -> Iterator[Sit]:
    """A person before the first screen; what the job took is told, and how many clicks held to."""
    people = []
    with opening(chromium, app) as opened:

        def down() -> Person:
            people.append((Person(opened()), time.monotonic()))
            return people[-1][0]

        yield down
        job = request.node.name.removeprefix("test_").replace("_", " ")
        for person, began in people:
            took = time.monotonic() - began
            record_property("job", f"{job}: {person.clicks} clicks, {took:.0f} s")
            assert person.clicks <= MOST


def table(dataset: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(f"{dataset}/{name}/**/*.parquet")


def texts(page: Any, selector: str) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(selector).all_inner_texts()]


def test_a_sum_that_fails_at_its_cell_in_its_source(sit: Sit) -> None:
    person = sit()
    person.link(catalogue()["t4_group_total"].zh.title)
    person.link("汀澜市公安局", within=".gr-table")
    panel = person.page.locator(".gr-source[data-for]")
    panel.wait_for()
    settled(person.page)
    cell = person.page.locator(f'[id="{panel.get_attribute("data-for")}"]')
    assert "相差" in panel.locator(".gr-said.error").inner_text()
    assert panel.locator("mark").inner_text().strip() == re.sub(r"\D", "", cell.inner_text()) == "4"
    # Who finds that it was misread says so, with the cell filled in.
    wrong = panel.get_by_role("link", name="报告这里的错误").get_attribute("href")
    assert wrong.startswith("mailto:mail@example.org?subject=")
    assert "cell%3Dc-t4_review_litigation" in wrong


def test_two_years_compared(sit: Sit) -> None:
    person = sit()
    person.click(person.page.locator(".gr-coverage td a[href*='990100-education-2024']"))
    person.link("与 2023 年逐格对照")
    changed = person.page.locator(".gr-pair td.changed")
    changed.first.wait_for()
    assert "compare=2024%2C2023" in person.page.url


def test_four_agencies_compared(sit: Sit) -> None:
    person = sit()
    person.room("对比")
    person.ask("找一个机关", COUNTY)
    person.link("这 4 个一起对比")
    figures = person.page.locator(".gr-compare").first
    figures.wait_for()
    settled(person.page)
    heads = figures.locator("thead th").all_inner_texts()
    assert sum(COUNTY in head for head in heads) == len(heads) - 1 == 4


def test_a_phrase_found_and_its_report_opened(sit: Sit, demo_dataset: Path) -> None:
    point = table(demo_dataset, "points").filter(year=2023).sort("point_id").row(0, named=True)
    phrase = re.split(r"[，。；、：]", point["text"])[1][:12]
    person = sit()
    person.ask("搜索", f'"{phrase}"')
    person.page.locator(".gr-find").get_by_role("link", name=re.compile("里搜索")).wait_for()
    person.link(re.compile("里搜索"), within=".gr-find")
    person.page.locator(".gr-words mark", has_text=phrase).first.wait_for()
    person.link("看原文", within=".gr-words")
    source = person.page.locator(".gr-source[data-for]")
    source.locator("mark").wait_for()
    settled(person.page)
    # A point may run over lines, which have their numbers beside them.
    assert phrase in re.sub(r"[\s\d]", "", source.inner_text())
    assert person.page.locator(".gr-badges").count() == 1


def test_a_csv_of_one_county_and_year(sit: Sit, tmp_path: Path) -> None:
    person = sit()
    person.county()
    person.room("年报")
    person.page.get_by_role("link", name=t("listing.by_agency", "zh")).wait_for()
    settled(person.page)
    rows = person.page.locator(".gr-table tbody tr")
    shown = [[c.strip() for c in row.locator("th, td").all_inner_texts()] for row in rows.all()]
    file = person.take("下载 CSV", tmp_path)
    assert file.name == f"年报-{COUNTY}-{YEAR}.csv"
    taken = pl.read_csv(file, infer_schema=False).select(texts(person.page, ".gr-table thead th"))
    assert taken.height == len(shown) == 4
    for told, row in zip(taken.iter_rows(), shown, strict=True):
        # As they stand, but for the marks and links beside them.
        assert told[:2] == tuple(row[:2])
        assert told[2] == row[2].split()[0]
        assert list(told[5:]) == [cell.split()[-1] for cell in row[5:]]


def test_a_draft_with_a_seeded_fault(sit: Sit, samples: Path) -> None:
    draft = samples / "reports" / "2024" / "990100-public-security.txt"
    person = sit()
    person.room("草稿自查")
    button = person.page.locator('[data-testid="stFileUploaderDropzone"] button')
    with person.page.expect_file_chooser() as waiting:
        person.click(button)
    waiting.value.set_files(draft)
    found = person.page.locator(".gr-failures > li").first
    found.wait_for()
    settled(person.page)
    assert "2 + 0 + 0 + 1 = 3，但总计为 4，相差 1" in found.inner_text()
    assert found.locator(".gr-here, mark").count()


def test_who_is_late(sit: Sit, demo_dataset: Path) -> None:
    due = table(demo_dataset, "coverage").filter(pl.col("status").is_in(["late", "not_found"]))
    named = due.join(table(demo_dataset, "agencies"), on="agency_id").sort("year", descending=True)
    person = sit()
    person.room("公布情况")
    person.page.get_by_role("heading", name="逾期或未找到").wait_for()
    settled(person.page)
    late = person.page.locator(".gr-table:not(.gr-coverage)").first.locator("tbody tr")
    rows = [" ".join(text.split()) for text in late.all_inner_texts()]
    told = [(row.split()[0], int(row.split()[1])) for row in rows]
    assert sorted(told) == sorted(named.select("name", "year").iter_rows())
    assert [row for row in rows if "逾期 44 天" in row and "2022-03-16" in row]
    # It stands before the table of all agencies.
    first = person.page.locator(".gr-table").first
    assert "gr-coverage" not in first.get_attribute("class")


def test_who_copied(sit: Sit, demo_dataset: Path) -> None:
    copied = table(demo_dataset, "groups").join(table(demo_dataset, "reports"), on="document_id")
    person = sit()
    person.room("问题与改进")
    person.page.get_by_role("heading", name="几个机关文字相同").wait_for()
    settled(person.page)
    shown = person.page.locator(".gr-running").last.inner_text()
    assert copied.height >= 2
    assert [name for name in copied["agency_name"].unique() if name not in shown] == []


def test_the_work_list_of_a_county_as_xlsx(sit: Sit, tmp_path: Path) -> None:
    person = sit()
    person.county()
    person.link("这一年度的工作清单")
    rows = person.page.locator(".gr-worklist tbody tr")
    rows.first.wait_for()
    settled(person.page)
    shown = [[_line(c) for c in row.locator("th, td").all_inner_texts()] for row in rows.all()]
    file = person.take("下载 Excel", tmp_path)
    assert file.name == f"工作清单-{COUNTY}-{YEAR}.xlsx"
    heads, *taken = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    place = {head: heads.index(head) for head in texts(person.page, ".gr-worklist thead th")}
    assert len(taken) == len(shown) >= 2
    for told, row in zip(taken, shown, strict=True):
        assert f"{told[place['年度']]:.0f} 年" == row[1]
        assert _line(told[place["问题"]]) in row[2]
        for n, head in ((0, "单位"), (3, "位置"), (4, "依据"), (5, "建议")):
            assert _line(told[place[head]]) == row[n]
    sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml")
    assert b"<autoFilter" in sheet
    assert b'state="frozen"' in sheet


def _line(text: object) -> str:
    return " ".join(str(text).split())


def test_a_card_printed(sit: Sit, demo_dataset: Path) -> None:
    cards = table(demo_dataset, "cards").drop_nulls("document_id")
    longest = cards.sort(pl.col("problems") + pl.col("improvements") + pl.col("fail_error"))[-1]
    person = sit()
    person.page.evaluate("window.print = () => { window.printed = true; }")
    report = longest["report_id"][0]
    person.click(person.page.locator(f".gr-coverage td a[href*='{report}']"))
    # All of the card is there, and nothing of the first screen.
    person.page.locator(".gr-onprint").wait_for(state="attached")
    person.page.locator(".gr-stats").wait_for(state="detached")
    settled(person.page)
    person.link("打印")
    person.page.wait_for_function("window.printed")
    sheet = pypdfium2.PdfDocument(person.page.pdf(format="A4"))
    assert len(sheet) <= 4
    text = "".join(one.get_textpage().get_text_range() for one in sheet)
    for said in ("一致性", "新收申请", "不通过的检查", "问题与改进", f"report={report}", "打印于"):
        assert said in text
    # The form itself stays on the screen.
    assert "申请人无正当理由逾期不补正" not in text
