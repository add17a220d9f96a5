"""A circular: each number is that of the cards, counted another way, and none ranks a few."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pytest
from docx.oxml.ns import qn
from streamlit.testing.v1 import AppTest

from dashboard import circular_docx, labels, printed, views
from dashboard.data import Data, open_dataset
from dashboard.labels import t
from dashboard.site import circulars
from dashboard.views.circular import LEAST
from dashboard.views.filters import Filters
from dashboard.views.records.circular import Circular, Listing, Said
from govreport_core import checks, worklist
from govreport_core.checks.kinds import OF_ONE
from govreport_core.schemas import TABLES, frame
from govreport_core.sources import read_bytes

Card = dict[str, Any]
YEARS = (2019, 2021, 2022, 2024)
REGIONS = ("", "990122", "990121")


@pytest.fixture(scope="module")
def demo(demo_dataset: Path) -> Data:
    return open_dataset(demo_dataset)


def made(cards: list[Card], coverage: list[Card] | None = None) -> Data:
    """A dataset of some cards; what isn't said of one is as in a clean report."""
    whole = [
        {
            "agency_id": f"990101-{at}",
            "agency_name": f"浮岚县第{'一二三四五六七八九'[at % 9]}局",
            "region_code": "990101",
            "county": "浮岚县",
            "year": 2024,
            "document_id": f"d{at}-{card.get('year', 2024)}",
            "form": "form_2021",
            "status": "on_time",
            "required": True,
            **dict.fromkeys(("cells", "cells_read"), 200),
            **dict.fromkeys(("doubts", "fail_error", "fail_warning", "fail_info"), 0),
            "agree_judged": 40,
            "failed_rules": [],
            "failed_severities": [],
            **card,
        }
        for at, card in enumerate(cards)
    ]
    known = {"cards": whole, "coverage": coverage or []}
    tables = {name: frame(name, known.get(name, [])).lazy() for name in TABLES}
    return Data(Path("made"), {}, tables, Path("made"), held=frozenset(tables))


def failing(*codes: str, severity: str = "error") -> Card:
    return {
        "failed_rules": list(codes),
        "failed_severities": [severity] * len(codes),
        "fail_error": len(codes) if severity == "error" else 0,
    }


def said(page: Circular) -> dict[str, Said]:
    return {one.code: one for part in page.parts for one in part.said}


def tables(page: Circular) -> dict[str, Listing]:
    return {table.code: table for part in page.parts for table in part.tables}


def whole(card: Card) -> bool:
    read = card["form"] is not None and card["cells"] > 0
    return bool(read and card["cells_read"] == card["cells"] and card["doubts"] == 0)


def grave(card: Card, *, late: bool = True) -> set[str]:
    both = zip(card["failed_rules"], card["failed_severities"], strict=True)
    found = {code for code, severity in both if severity == "error"}
    return found if late else found - set(worklist.lateness())


def comparable(code: str, now: Card, before: Card) -> bool:
    rule = checks.catalogue()[code]
    return type(rule.test) in OF_ONE and {now["form"], before["form"]} <= set(rule.forms)


def counted(now: list[Card], before: list[Card]) -> dict[tuple[str, str], float]:
    """All numbers of the sentences, by sentence and name: loops over cards, nothing shared."""
    status = Counter(card["status"] for card in now)
    reports = [card for card in now if card["document_id"]]
    due = [c for c in now if c["status"] is not None and c["status"] != "not_required"]
    judged = status["on_time"] + status["late"] + status["not_found"]
    wrong = [card for card in reports if card["fail_error"] > 0]
    known = ("on_time", "late", "not_found")
    last = {card["agency_id"]: card for card in before}
    pairs = [(c, last[c["agency_id"]]) for c in now if c["agency_id"] in last]
    timely = [(c, b) for c, b in pairs if c["status"] in known and b["status"] in known]
    same = [(c, b) for c, b in pairs if c["document_id"] and b["document_id"]]
    same = [(c, b) for c, b in same if whole(c) and whole(b)]
    same = [pair for pair in same if any(comparable(code, *pair) for code in checks.catalogue())]
    wrongs = [
        sum(any(comparable(code, *pair) for code in grave(pair[at])) for pair in same)
        for at in (0, 1)
    ]
    worst = Counter(code for card in reports for code in grave(card)).most_common(1)
    good = [
        c
        for c in reports
        if c["status"] == "on_time" and whole(c) and not c["fail_error"] and c["agree_judged"]
    ]
    found: dict[tuple[str, str], float] = {
        ("due", "due"): len(due),
        ("no_roster", "due"): len(due),
        ("unlisted", "unlisted"): sum(c["required"] is None for c in due),
        ("unplaced", "unplaced"): sum(c["status"] is None for c in reports),
        ("not_collected", "not_collected"): status["not_collected"],
        ("reports", "reports"): len(reports),
        ("reports", "whole"): sum(map(whole, reports)),
        ("reports", "unread"): sum(c["form"] is None or not c["cells"] for c in reports),
        ("wrong", "wrong"): len(wrong),
        ("wrong_few", "wrong"): len(wrong),
        ("share_unread", "unread"): sum(c["form"] is None or not c["cells"] for c in reports),
        ("only_late", "only_late"): sum(not grave(c, late=False) for c in wrong),
        ("timely_same", "same"): len(timely),
        ("timely_same", "now"): sum(c["status"] == "on_time" for c, _ in timely),
        ("timely_same", "before"): sum(b["status"] == "on_time" for _, b in timely),
        ("errors_same", "same"): len(same),
        ("errors_same", "now"): wrongs[0],
        ("errors_same", "before"): wrongs[1],
        ("commended", "commended"): len(good),
        ("correcting", "correcting"): sum(bool(grave(c, late=False)) for c in reports),
        ("few_rules", "least"): LEAST,
    }
    found["reports", "doubts"] = (
        len(reports) - found["reports", "whole"] - found["reports", "unread"]
    )
    for code in ("share", "few_judged"):
        found[code, "judged"] = judged
    if judged:
        found["share", "share"] = status["on_time"] / judged
    if reports:
        found["wrong", "share"] = len(wrong) / len(reports)
    for code in ("most", "most_one"):
        found[code, "n"] = worst[0][1] if worst else 0
    found |= {(code, one): n for code in ("due", "no_roster") for one, n in status.items() if one}
    reasons = Counter(c["reason"] for c in now if c["status"] == "published" and c["reason"])
    found |= {("reasons", one): n for one, n in reasons.items()}
    years = {c["year"] for c in now}
    found |= {(code, "year"): max(years) for code in ("due", "no_roster", "none_due") if years}
    return found


def of(data: Data, year: int, region: str) -> tuple[list[Card], list[Card]]:
    cards = data.tables["cards"].collect().to_dicts()
    there = [c for c in cards if (c["region_code"] or "").startswith(region.rstrip("0"))]
    now, before = ([c for c in there if c["year"] == one] for one in (year, year - 1))
    return now, before


def numerals(text: str) -> set[str]:
    return {one.strip(",.") for one in re.findall(r"\d[\d,.]*%?", text)}


def written(figures: Iterator[float] | list[float], lang: str) -> set[str]:
    """Numbers as they may be printed, and how far two of them are apart."""
    told = list(figures)
    apart = {labels.number(abs(a - b)) for a in told for b in told if isinstance(a, int)}
    return {
        *(labels.percent(n, lang) for n in told if isinstance(n, float)),
        *(labels.number(n) for n in told if isinstance(n, int)),
        *(str(n) for n in told if isinstance(n, int)),
        *apart,
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("year", YEARS)
def test_each_number_is_that_of_the_cards(demo: Data, year: int, region: str, lang: str) -> None:
    filters = Filters(years=(str(year),), regions=(region,) if region else ())
    page = views.circular(demo, filters, lang)
    assert page.year == year
    wanted = counted(*of(demo, year, region))
    for one in said(page).values():
        for name, number in one.figures:
            assert number == pytest.approx(wanted[one.code, name]), (one.code, name)
        if one.code != "note_made":
            told = numerals(re.sub("|".join(one.names) or "$^", "", one.text))
            assert told <= written([n for _, n in one.figures], lang), one.text


@pytest.mark.parametrize("year", YEARS)
def test_each_number_of_a_table_is_that_of_the_cards(demo: Data, year: int) -> None:
    page = views.circular(demo, Filters(years=(str(year),)), "zh")
    now, before = of(demo, year, "")
    drawn = tables(page)
    status = Counter(c["status"] for c in now if c["status"] not in (None, "not_required"))
    assert sorted(r[1].number or 0 for r in drawn["statuses"].rows) == sorted(status.values())
    assert sum(float(r[2].text.rstrip("%")) for r in drawn["statuses"].rows) == pytest.approx(
        100, abs=0.5
    )
    late = sorted(c["days_late"] for c in now if c["status"] == "late")
    rows = drawn["late"].rows if late else ()
    assert sorted(r[3].number or 0 for r in rows) == late
    fails = Counter(
        (code, severity)
        for c in now
        if c["document_id"]
        for code, severity in zip(c["failed_rules"], c["failed_severities"], strict=True)
        if severity != "info"
    )
    if not fails:
        assert "rules" not in drawn
        return
    last = {c["agency_id"]: c for c in before if c["document_id"] and whole(c)}
    both = [(c, last[c["agency_id"]]) for c in now if c["agency_id"] in last and whole(c)]
    titles = {rule.zh.title: code for code, rule in checks.catalogue().items()}
    severities = {"错误": "error", "提醒": "warning"}
    assert len(drawn["rules"].rows) == len(fails)
    for name, severity, reports, *compared in drawn["rules"].rows:
        key = (titles[name.text], severities[severity.text])
        assert reports.number == fails[key]
        pairs = [pair for pair in both if comparable(key[0], *pair)]
        n = [
            sum(key in zip(c["failed_rules"], c["failed_severities"], strict=True) for c in some)
            for some in ([c for c, _ in pairs], [b for _, b in pairs])
        ]
        if compared and pairs:
            assert [cell.number for cell in compared] == [len(pairs), *n, n[0] - n[1]]
        else:
            assert all(cell.number is None for cell in compared)


def test_regions_stand_by_code_and_add_up(demo: Data) -> None:
    page = views.circular(demo, Filters(years=("2021",), regions=("990100",)), "zh")
    table = tables(page)["regions"]
    assert [row[0].text for row in table.rows] == ["汀澜市本级", "枕霞区", "墨岫县", "霁川县"]
    assert sum(row[1].number or 0 for row in table.rows) == dict(said(page)["due"].figures)["due"]
    assert "不排名次" in said(page)["regions"].text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_none_one_and_five_agencies_read_well(lang: str) -> None:
    none = views.circular(made([]), Filters(), lang)
    assert (none.year, none.parts) == (None, ())
    one = said(views.circular(made([{}]), Filters(), lang))
    five = said(views.circular(made([{}] * 4 + [failing("t3_balance")]), Filters(), lang))
    if lang == "zh":
        assert one["due"].text == "2024 年度，全部地区应公布年报的机关 1 个：按期公布 1 个。"
        assert "share" not in one
        assert five["share"].text == "是否按期能够判断的 5 个中，按期公布的占 100.0%。"
        assert five["wrong"].text == "至少有一项错误的年报 1 份，占 20.0%。"
    else:
        assert "all regions: 1 agency. Of these: 1 on time." in one["due"].text
        assert "5 agencies; of these 100.0%" in five["share"].text
    assert "no_last" in one
    assert {"few_judged", "none_wrong", "commended", "none_correcting"} <= set(one)
    assert {"share", "wrong", "commended", "correcting"} <= set(five)
    assert len(five["commended"].names) == 4


def test_a_year_in_which_nothing_was_due_is_said() -> None:
    data = made([{"status": "not_required", "document_id": None}])
    page = said(views.circular(data, Filters(), "zh"))
    assert page["none_due"].text == "2024 年度，全部地区没有机关应公布年报。"
    assert "none_reports" in page
    assert "none_commended" in page


def test_where_no_roster_tells_what_was_due_it_is_not_said_to_be_nothing() -> None:
    page = said(views.circular(made([{"status": None, "required": None}]), Filters(), "zh"))
    assert page["none_listed"].text == "2024 年度，全部地区没有机关名录，不能说谁应公布。"
    assert "none_due" not in page


def test_without_a_roster_no_region_is_said_to_have_none_not_found() -> None:
    parts = [{"region_code": code, "county": f"县{code}"} for code in ("990101", "990102")]
    unlisted = [{**part, "required": None} for part in parts]
    for cards, heads in (
        (parts, ["地区", "应公布", "按期公布", "逾期", "未找到", "有错误"]),
        (unlisted, ["地区", "年报数", "按期公布", "逾期", "有错误"]),
    ):
        table = tables(views.circular(made(cards), Filters(), "zh"))["regions"]
        assert list(table.heads) == heads
        assert {len(row) for row in table.rows} == {len(heads)}


def test_a_body_of_the_roster_that_owes_no_report_is_on_the_roster() -> None:
    page = said(views.circular(made([{"required": False}]), Filters(), "zh"))
    assert "2024 年度，全部地区应公布年报的机关 1 个" in page["due"].text
    assert not {"unlisted", "no_roster"} & set(page)


def test_nothing_is_ranked_and_no_share_given_under_five() -> None:
    wrong = [failing("t3_row_total", "s_negative") for _ in range(LEAST - 1)]
    few = views.circular(made(wrong), Filters(), "zh")
    assert not {"most", "most_one", "share", "wrong"} & set(said(few))
    assert {"few_judged", "wrong_few", "few_rules"} <= set(said(few))
    order = list(checks.catalogue())
    codes = [rule.zh.title for rule in checks.catalogue().values()]
    listed = [order[codes.index(row[0].text)] for row in tables(few)["rules"].rows]
    assert listed == sorted(listed, key=order.index)
    assert all("%" not in one.text for one in said(few).values())
    enough = said(views.circular(made([*wrong, failing("s_negative")]), Filters(), "zh"))
    assert enough["most_one"].text == "不通过最多的错误一级规则是“出现负数”，涉及年报 5 份。"
    assert "few_rules" not in enough


def test_years_are_compared_over_the_same_agencies_read_in_full_in_both() -> None:
    def pair(at: int, now: Card, before: Card) -> list[Card]:
        same = {"agency_id": f"a{at}"}
        return [{**same, **now}, {**same, "year": 2023, **before}]

    doubtful = {"cells_read": 199}
    cards = [
        *pair(1, failing("t3_balance"), {}),
        *pair(2, {}, failing("t3_balance")),
        *pair(3, failing("t3_balance"), doubtful),
        *pair(4, failing("t3_balance"), {"form": "form_2014", **failing("t3_balance")}),
        *pair(5, failing("p_deadline_department") | {"status": "late"}, {"status": "published"}),
        {**failing("t3_balance"), "agency_id": "new"},
    ]
    page = views.circular(made(cards), Filters(), "zh")
    assert dict(said(page)["errors_same"].figures) == {"same": 3, "now": 1, "before": 1}
    assert dict(said(page)["timely_same"].figures)["same"] == 4
    row = next(r for r in tables(page)["rules"].rows if r[0].text == "申请的收与办不平")
    # Of the form of 2014 there is no such rule, and the doubtful and the new aren't compared.
    assert [cell.number for cell in row[2:]] == [4, 3, 1, 1, 0]
    late = next(r for r in tables(page)["rules"].rows if r[0].text == "部门年报逾期")
    assert [cell.number for cell in late[3:]] == [None] * 4


def test_nobody_is_blamed_for_what_was_not_sought_or_not_read() -> None:
    lost = {"document_id": None, "cells": 0, "form": None}
    cards = [
        {**lost, "status": "not_found"},
        {**lost, "status": "not_collected"},
        {**lost, "status": "unclear"},
        {**lost, "status": "unread"},
        {"cells_read": 150},
        {"agree_judged": 0},
        {"status": "published", "reason": "date_unknown"},
    ]
    page = views.circular(made(cards), Filters(), "zh")
    found = said(page)
    assert found["not_found"].names == ("浮岚县第一局",)
    assert "不等于没有公布" in found["not_collected"].text
    blamed = [*found["not_found"].names, *(r[0].text for r in tables(page)["statuses"].rows)]
    assert "浮岚县第二局" not in blamed
    assert "none_commended" in found
    assert "none_correcting" in found
    assert "late" not in tables(page)


def test_a_late_date_of_a_page_alone_is_said_to_be_one() -> None:
    late = {"status": "late", "days_late": 3}
    cards = [{**late, "agency_id": "a"}, {**late, "agency_id": "b"}]
    dated = [
        {"agency_id": "a", "year": 2024, "status": "late", "date_rule": "metadata"},
        {"agency_id": "b", "year": 2024, "status": "late", "date_rule": "manifest"},
    ]
    page = views.circular(made(cards, dated), Filters(), "zh")
    assert "网站迁移" in tables(page)["late"].note
    page = views.circular(made(cards, dated[1:]), Filters(), "zh")
    assert tables(page)["late"].note == ""


def test_long_lists_say_what_they_leave_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.views.circular_tables.ROWS", 3)
    cards = [failing("t3_balance") for _ in range(7)]
    table = tables(views.circular(made(cards), Filters(), "zh"))["correcting"]
    assert len(table.rows) == 3
    assert table.left_out == "另有 4 行没有列出，见工作清单。"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_site_points_to_no_work_list(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.views.circular_tables.ROWS", 3)
    data = made([failing("t3_balance") for _ in range(7)])
    app, site = (views.circular(data, Filters(), lang, site=one) for one in (False, True))
    name = {"zh": "工作清单", "en": "work list"}[lang]

    def listed(page: Circular) -> list[str]:
        told = [one.text for one in said(page).values()]
        told += [table.left_out for table in tables(page).values()]
        return [text for text in told if name in text]

    assert len(listed(app)) == 2
    assert not listed(site)
    assert {"zh": "各年报页面", "en": "page of each report"}[lang] in said(site)[
        "correcting_site"
    ].text
    assert re.search(r"\b4\b", tables(site)["correcting"].left_out)
    assert dict(said(site)["correcting_site"].figures) == {"correcting": 7}
    assert "note_made" in said(app)
    assert "note_made" not in said(site)


def test_years_on_forms_that_share_no_rule_are_not_compared() -> None:
    def pair(at: int, form: str) -> list[Card]:
        same = {"agency_id": f"a{at}"}
        return [{**same, **failing("t3_balance")}, {**same, "year": 2023, "form": form}]

    apart = [card for at in range(6) for card in pair(at, "form_2014")]
    page = said(views.circular(made(apart), Filters(), "zh"))
    assert dict(page["wrong"].figures)["wrong"] == 6
    assert "errors_same" not in page
    assert "可能没有共同的规则" in page["errors_none"].text
    page = said(views.circular(made([*apart, *pair(7, "form_2021")]), Filters(), "zh"))
    assert dict(page["errors_same"].figures) == {"same": 1, "now": 1, "before": 0}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reports_that_were_not_read_are_not_called_free_of_errors(lang: str) -> None:
    unread: Card = {"form": None, "cells": 0, "cells_read": 0, "agree_judged": 0}
    page = views.circular(made([unread] * 2), Filters(), lang)
    none = {"zh": "没有检查", "en": "weren't assessed"}[lang]
    for code in ("checks", "correcting"):
        (part,) = [part for part in page.parts if part.code == code]
        assert [none in one.text for one in part.said if one.code == "none_tables"] == [True]
    assert not {"none_wrong", "none_correcting"} & set(said(page))
    some = said(views.circular(made([unread, {}]), Filters(), lang))
    judged = {"zh": "能够判断的检查中", "en": "among the checks that could be made"}[lang]
    assert judged in some["none_wrong"].text
    assert judged in some["none_correcting"].text
    cards = [unread, *[{}] * 4, failing("t3_balance")]
    share = said(views.circular(made(cards), Filters(), lang))["share_unread"]
    assert dict(share.figures) == {"unread": 1}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_word_file_has_headings_tables_and_the_same_words(demo: Data, lang: str) -> None:
    page = views.circular(demo, Filters(years=("2021",)), lang)
    content = circular_docx.document(page, lang)
    book = docx.Document(io.BytesIO(content))
    styles = {p.text: p.style.name for p in book.paragraphs if p.style}
    assert styles[page.title] == "Title"
    headings = [p.text for p in book.paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == [part.heading for part in page.parts]
    for one in said(page).values():
        assert styles[one.text] == "Normal"
    wanted = list(tables(page).values())
    assert len(book.tables) == len(wanted)
    for drawn, table in zip(book.tables, wanted, strict=True):
        assert [cell.text for cell in drawn.rows[0].cells] == list(table.heads)
        assert drawn.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        for line, row in zip(drawn.rows[1:], table.rows, strict=True):
            assert [c.text.lstrip("█ ") for c in line.cells] == [c.text for c in row]
    for name, face in (("Normal", "仿宋"), ("Heading 1", "黑体"), ("Title", "黑体")):
        fonts = book.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == face
    texts = {part.text.strip() for part in read_bytes(content, ".docx").parts}
    assert {page.title, *headings, *(one.text for one in said(page).values())} <= texts


def test_names_that_no_document_can_hold_are_written_without_what_it_cannot() -> None:
    hostile = "=局\x00\x0b<script>&\ufffe"
    page = views.circular(made([{"agency_name": hostile}]), Filters(), "zh")
    book = docx.Document(io.BytesIO(circular_docx.document(page, "zh")))
    assert any("=局<script>&" in p.text for p in book.paragraphs)


def test_a_title_of_many_regions_is_cut_where_the_file_keeps_it_and_whole_on_the_page() -> None:
    cards = [{"region_code": f"9901{n:02}", "county": f"浮岚第{n}试验县"} for n in range(1, 61)]
    chosen = Filters(regions=tuple(str(card["region_code"]) for card in cards))
    page = views.circular(made(cards), chosen, "zh")
    assert len(page.title) > 255
    book = docx.Document(io.BytesIO(circular_docx.document(page, "zh")))
    assert book.core_properties.title == page.title[:255]
    assert book.paragraphs[0].text == page.title


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_to_print_stands_alone_and_is_escaped(lang: str) -> None:
    data = made([{"agency_name": '<img src="x">局'}, failing("t3_balance")])
    page = printed.circular_page(data, Filters(), lang).decode()
    assert "<img" not in page
    assert "<script" not in page
    assert "&lt;img" in page
    assert not re.search(r"<[^>]*(src|href)=", page)
    assert "default-src 'none'" in page
    for one in said(views.circular(data, Filters(), lang)).values():
        if not one.names:
            assert one.text in page.replace("&#39;", "'")


def test_the_site_has_a_page_a_region(demo: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = circulars.regions(demo)
    assert set(codes) >= {"990000", "990100", "990121"}
    found = dict(circulars.circulars(demo, codes, "zh"))
    assert list(found) == list(codes)
    assert {page.year for page in found.values()} == {2024}
    assert found["990121"].title.startswith("墨岫县2024年度")
    monkeypatch.setattr(circulars, "MANY", 3)
    assert set(circulars.regions(demo)) == {"990000", "990100"}
    assert circulars.regions(made([{"year": None}])) == ()


def test_a_narrowed_circular_says_to_what(demo: Data) -> None:
    filters = Filters(years=("2022",), regions=("990100",), kinds=("government",))
    page = views.circular(demo, filters, "zh")
    kind = t("kinds.government", "zh")
    assert page.title.startswith(f"汀澜市（{kind}）2022年度")
    assert page.scope == ("汀澜市", "2022 年", kind)
    assert f"汀澜市（{kind}）应公布" in said(page)["due"].text


@pytest.mark.slow
def test_the_screen_leads_to_the_lists_of_what_it_counts(
    demo: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVREPORT_DATASET", str(demo.folder))
    app = AppTest.from_string("from dashboard.app import draw\ndraw('checks')\n")
    app.query_params.update({"tab": "circular", "year": "2021"})
    app.run(timeout=180)
    assert not app.exception
    body = "".join(block.proto.body for block in app.html if "<style" not in block.proto.body)
    page = views.circular(demo, Filters(years=("2021",)), "zh")
    assert all(one.text in body for one in said(page).values())
    assert "./coverage?year=2021" in body
    assert "tab=worklist" in body
    assert len(app.get("download_button")) == 2


def test_late_in_words_is_late_in_the_work_list(demo: Data) -> None:
    page = views.circular(demo, Filters(years=("2021",)), "zh")
    listed = views.worklist_frame(demo, Filters(years=("2021",), statuses=("late",)), "rule", "zh")
    named = {row[0].text for row in tables(page)["late"].rows}
    assert named <= set(listed["单位"])
    errors = Filters(years=("2021",), severities=("error",))
    wrong = views.worklist_frame(demo, errors, "rule", "zh")
    others = wrong.filter(~pl.col("规则代码").is_in(worklist.lateness()))
    assert {row[0].text for row in tables(page)["correcting"].rows} == set(others["单位"])
