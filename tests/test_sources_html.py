"""Web pages: the report is found among what a site puts around it, its cells in their grid."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from four_formats import html, report
from spent import spent

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.model import Document, Layout, Level, Paragraph, Table
from govreport_core.sources import read_bytes
from govreport_core.sources.html import read_html

TITLE = "青禾县水务局2023年政府信息公开工作年度报告"
BODY = (
    "<p>本报告按要求编制，所列数据的统计期限为2023年1月1日至2023年12月31日。</p>"
    "<p>一、总体情况</p><p>全年主动公开信息120条。</p>"
    "<p>二、主动公开政府信息情况</p>"
    "<table><tr><td colspan=4>第二十条第（一）项</td></tr>"
    "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
    "<tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr>"
    "<tr><td>行政规范性文件</td><td>3</td><td>1</td><td>8</td></tr></table>"
    "<p>五、存在的主要问题及改进情况</p><p>解读形式不够多样。</p>"
    "<p>六、其他需要报告的事项</p><p>无其他需要报告的事项。</p>"
)


def read(page: str | bytes) -> Document:
    return read_html(page.encode() if isinstance(page, str) else page, "0")


def texts(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


def tables(document: Document) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row] for row in b.rows]
        for b in document.blocks
        if isinstance(b, Table)
    ]


def cell(inside: str) -> str:
    """What is read in a cell of a page with that in it."""
    return tables(read(f"<table><tr><td>规章</td><td>{inside}</td></tr></table>"))[0][0][1]


def grid(rows: str) -> list[tuple[str, int, int, int, int]]:
    """The cells of a table: text, row, column, rowspan, colspan."""
    document = read(f"<table>{rows}</table>")
    return [(p.text, p.row, p.col, p.rowspan, p.colspan) for p in document.parts]


def test_paragraphs_and_cells_have_names_and_stand_in_their_order() -> None:
    found = read(f"<h1>{TITLE}</h1>{BODY}")
    assert [(p.part, p.kind) for p in found.parts][:8] == [
        ("block:1", "paragraph"),
        ("block:2", "paragraph"),
        ("block:3", "paragraph"),
        ("block:4", "paragraph"),
        ("block:5", "paragraph"),
        ("table:1/r1/c1", "cell"),
        ("table:1/r2/c1", "cell"),
        ("table:1/r2/c2", "cell"),
    ]
    assert found.parts[-1].part == "block:10"
    assert found.media_type == "text/html"
    [table] = [b for b in found.blocks if isinstance(b, Table)]
    assert table.layout is Layout.GRID
    assert [(c.text, c.col, c.colspan) for c in table.rows[0]] == [("第二十条第（一）项", 0, 4)]
    assert [(c.text, c.col) for c in table.rows[3]] == [
        ("行政规范性文件", 0), ("3", 1), ("1", 2), ("8", 3),
    ]  # fmt: skip


def test_every_place_holds_the_text_it_names() -> None:
    spaced = BODY.replace("<td>8</td>", "<td> <p>&nbsp;8 </p>\n</td>")
    found = read(f"<h1>{TITLE}</h1>{spaced}<p>来源：青禾县水务局</p>")
    parts = {p.part: p.text for p in found.parts}
    for block in found.blocks:
        if isinstance(block, Paragraph):
            assert parts[block.part][block.start :] == block.text
        else:
            for c in (c for row in block.rows for c in row):
                assert parts[c.part][c.start : c.end] == c.text


# Cells.


@pytest.mark.parametrize(
    ("inside", "read_as"),
    [
        ("", ""),
        ("&nbsp;&nbsp;", ""),
        ("<p>&#8203;\ufeff</p>", ""),
        ("<p><span>1</span><span>2</span></p>", "12"),
        ("<p>自然</p><p>人</p>", "自然人"),
        ("结果<br>维持", "结果维持"),
        ("\n   <p>\n  行政\n  </p>  <p>强制</p>\n", "行政强制"),
        ("1\n    2", "1 2"),
        ("<!-- 9 --><p>7<style>td{}</style></p>", "7"),
        ("<script>write(3)</script>5", "5"),
        ("<p>5</p><p style='display: none'>6</p>", "5"),
        ("<span hidden>6</span>5", "5"),
        ("<span style='font-size: 0px'>6</span>5", "5"),
        ("<span style='font-size:0.0px'>6</span>5", "5"),
        ("<span style='color:red;opacity:0'>6</span>5", "5"),
        ("<span style='opacity:0.8'>6</span>5", "65"),
        ("<p style='font-size:0'><span style='font-size:14px'>5</span></p>", "5"),
        ("<ruby>规<rt>guī</rt>章<rt>zhāng</rt></ruby>", "规章"),
    ],
)
def test_a_cell_is_what_is_printed_in_it(inside: str, read_as: str) -> None:
    assert cell(inside) == read_as


@pytest.mark.parametrize(
    "inside",
    [
        "<p>12</p><p>34</p>",
        "12<br>34",
        "12<sup>3</sup>",
        "<del>12</del>34",
        "<span style='text-decoration:line-through'>12</span>34",
        "<table><tr><td>12</td><td>34</td></tr></table>",
        "<div>1</div>2<div>3</div>",
        "<select><option>1<option>2</select>",
        "12<img src=digit.png>",
        "<img src=0.gif width=20 height=20>",
        "<pre>1\n2</pre>",
    ],
)
def test_what_may_be_several_numbers_or_none_is_never_one(inside: str) -> None:
    page = f"<h1>{TITLE}</h1>{BODY}".replace("<td>8</td>", f"<td>{inside}</td>")
    report = extract(read(page))
    [value] = [
        v
        for v in report.values
        if (v.table, v.row, v.column) == ("t2_art20_1", "normative_documents", "in_force")
    ]
    assert value.number is None
    assert value.state not in ("blank", "absent")
    others = [v.number for v in report.values if v.row == "normative_documents"]
    assert others[:2] == [3, 1]


def test_a_field_prints_what_is_typed_into_it() -> None:
    assert cell('<input type="text" value="15">') == "15"
    assert cell('<input type="hidden" value="15">') == ""


@pytest.mark.parametrize(
    ("rowspan", "colspan", "spans"),
    [
        ('"2 "', '"2 "', (2, 2)),
        ('" 2"', "2px", (2, 2)),
        ("0", "0", (3, 1)),
        ("x", "x", (1, 1)),
        ("-1", "''", (1, 1)),
        ("99", "1", (3, 1)),
        ("2.5", "+2", (2, 2)),
    ],
)
def test_spans_are_read_as_browsers_read_them(
    rowspan: str, colspan: str, spans: tuple[int, int]
) -> None:
    rows = f"<tr><td rowspan={rowspan} colspan={colspan}>甲</td><td>乙</td></tr>"
    rows += "<tr><td>丙</td></tr><tr><td>丁</td></tr>"
    found = grid(rows)
    assert found[0] == ("甲", 0, 0, *spans)
    under = spans[1] if spans[0] > 1 else 0
    assert found[2][:3] == ("丙", 1, under)
    assert found[3][:3] == ("丁", 2, under if spans[0] > 2 else 0)


def test_a_span_ends_with_its_group_of_rows() -> None:
    found = grid(
        "<thead><tr><td rowspan=9>甲</td><td>乙</td></tr></thead>"
        "<tbody><tr><td>丙</td></tr></tbody>"
    )
    assert found == [("甲", 0, 0, 1, 1), ("乙", 0, 1, 1, 1), ("丙", 1, 0, 1, 1)]


def test_cells_that_are_not_shown_take_no_place_in_the_grid() -> None:
    found = grid(
        "<tr><td>规章</td><td style='display:none'>9</td><td>1</td></tr>"
        "<tr hidden><td>规章</td><td>2</td></tr><tr><td>其他</td><td>3</td></tr>"
    )
    assert [(text, row, col) for text, row, col, _, _ in found] == [
        ("规章", 0, 0), ("1", 0, 1), ("其他", 1, 0), ("3", 1, 1),
    ]  # fmt: skip


def test_a_table_within_a_cell_follows_the_table_it_is_in() -> None:
    inner = "<table><tr><td>件数</td><td>金额</td></tr><tr><td>6</td><td>2</td></tr></table>"
    found = read(
        "<table><tr><td>信息内容</td><td>采购</td></tr>"
        f"<tr><td>政府集中采购</td><td>见下{inner}</td></tr>"
        "<tr><td>行政许可</td><td>1</td></tr><tr><td>行政处罚</td><td>2</td></tr></table>"
    )
    assert tables(found) == [
        [["信息内容", "采购"], ["政府集中采购", "见下"], ["行政许可", "1"], ["行政处罚", "2"]],
        [["件数", "金额"], ["6", "2"]],
    ]
    assert [p.part for p in found.parts][-4:] == [
        "table:2/r1/c1", "table:2/r1/c2", "table:2/r2/c1", "table:2/r2/c2",
    ]  # fmt: skip


@pytest.mark.parametrize("depth", [1, 3])
def test_a_table_that_lays_out_the_page_is_taken_apart(depth: int) -> None:
    page = f"<h1>{TITLE}</h1>{BODY}"
    for _ in range(depth):
        page = (
            "<table><tr><td><a href=/>首页</a></td><td><a href=/x>政务公开</a></td></tr>"
            f"<tr><td colspan=2>{page}</td></tr></table>"
        )
    found = read(page)
    assert texts(found) == texts(read(f"<h1>{TITLE}</h1>{BODY}"))
    assert tables(found) == tables(read(BODY))


def test_a_table_drawn_with_boxes_is_text() -> None:
    found = read("<div><div>规章</div><div>3</div></div><div><span>行政许可</span><i>4</i></div>")
    assert texts(found) == ["规章", "3", "行政许可4"]


def test_text_set_as_typed_keeps_its_lines() -> None:
    found = read(f"<pre>{TITLE}\n一、总体情况\n  全年公开120条。\n</pre>")
    assert texts(found) == [TITLE, "一、总体情况", "全年公开120条。"]


# The report among the rest of the page.

CHROME = f"""<!doctype html><html><head><meta charset="utf-8">
<title>{TITLE}_政府信息公开年报_青禾县人民政府</title>
<style>p {{ margin: 0 }}</style><script>var s = "<p>一、总体情况</p>";</script></head><body>
<div class="top-bar"><a href="/">长者模式</a> <a href="/">登录</a></div>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li></ul></div>
<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/nb">政府信息公开年报</a></div>
<div class="side"><ul><li><a href="/2022">青禾县水务局2022年政府信息公开工作年度报告</a></li>
<li><a href="/2021">青禾县水务局2021年政府信息公开工作年度报告</a></li></ul></div>
<div class="wrap"><h1>{TITLE}</h1>
<div class="info"><span>来源：青禾县水务局</span> <span>发布时间：2024-01-18 09:30</span>
<span>浏览次数：<b>35</b>次</span>
<span>【字体：<a href="#">大</a> <a href="#">中</a>】</span></div>
<div class="bdsharebuttonbox"><a href="#">分享到微信</a></div>
<div id="zoom">{BODY}</div>
<p>青禾县水务局</p><p>2024年1月15日</p>
<div class="ewm">扫一扫在手机打开当前页</div>
<div class="print"><a href="#">【打印】</a><a href="#">【关闭】</a></div>
<div class="xglj"><p>相关链接：</p>
<ul><li><a href="/a">图解：青禾县水务局年度报告</a></li></ul></div></div>
<div class="footer"><p>主办：青禾县人民政府办公室</p><p>备案号 00000000</p>
<p>地址：青禾县府前路1号</p></div>
</body></html>"""


def test_what_a_site_puts_around_a_report_is_dropped() -> None:
    assert texts(read(CHROME)) == [
        TITLE,
        "来源：青禾县水务局 发布时间：2024-01-18 09:30 浏览次数：35次 【字体：大 中】",
        *texts(read(BODY)),
        "青禾县水务局",
        "2024年1月15日",
    ]


def test_the_page_as_a_whole_is_read_as_the_report_it_holds() -> None:
    report = extract(read(CHROME))
    assert (report.title, report.agency_name, report.year) == (TITLE, "青禾县水务局", 2023)
    assert report.published_on == "2024-01-18"
    assert [s.section for s in report.sections][-1] == "s6_other"
    assert report.sections[-1].text == "无其他需要报告的事项。"


def test_a_page_on_one_line_is_read_the_same() -> None:
    one = " ".join(CHROME.split())
    assert texts(read(one)) == texts(read(CHROME))
    assert tables(read(one)) == tables(read(CHROME))


def test_text_without_any_tag_is_read_as_text() -> None:
    plain = f"{TITLE}\n一、总体情况\n全年公开120条。\n"
    assert read(plain).blocks == read_bytes(plain.encode(), ".txt").blocks


@pytest.mark.parametrize("names", ['class="nav"', 'class="share-content footer"', 'id="related"'])
def test_a_report_is_never_dropped_for_the_name_of_its_box(names: str) -> None:
    page = f"<div {names}><h1>{TITLE}</h1>{BODY}</div>"
    assert texts(read(page)) == texts(read(f"<h1>{TITLE}</h1>{BODY}"))


def test_a_tab_that_isnt_open_is_read_only_when_the_report_is_in_it() -> None:
    hidden = f'<div style="display:none">{BODY.replace("120条", "999条")}</div>'
    shown = read(f"<h1>{TITLE}</h1><div>{BODY}</div>{hidden}")
    assert not any("999" in text for text in texts(shown))
    assert len(tables(shown)) == 1
    only = read(f"<h1>{TITLE}</h1><p>全文</p>{hidden}")
    assert any("999" in text for text in texts(only))
    assert len(tables(only)) == 1


def test_a_title_over_several_lines_is_kept_whole() -> None:
    page = (
        "<div class=logo><p>河原市人民政府</p></div><div class=t><p>青禾县水务局</p>"
        f"<p>2023年政府信息公开工作年度报告</p></div><div>{BODY}</div>"
    )
    report = extract(read(page))
    assert (report.agency_name, report.year) == ("青禾县水务局", 2023)


def test_a_sites_banner_is_no_part_of_the_title() -> None:
    page = (
        "<div class=logo><p>河原市人民政府</p></div>"
        f"<div><h1>2023年政府信息公开工作年度报告</h1></div><div>{BODY}</div>"
        "<p>青禾县水务局</p><p>2024年1月15日</p>"
    )
    assert extract(read(page)).agency_name == "青禾县水务局"


def test_a_free_report_without_the_forms_words_is_kept_from_its_title_on() -> None:
    page = (
        "<div class=menu><a href=/>首页</a></div>"
        f"<h1>{TITLE}</h1><p>{'本局高度重视政府信息公开工作。' * 30}</p>"
        "<p>上一篇：<a href=/1>通知</a></p><p>版权所有</p>"
    )
    assert texts(read(page)) == [TITLE, "本局高度重视政府信息公开工作。" * 30]


# What a page says of itself.


def page_with(head: str, under: str = "") -> Document:
    return read(f"<html><head>{head}</head><body><h1>年度报告</h1>{under}{BODY}</body></html>")


def test_meta_tags_give_title_agency_day_and_address() -> None:
    found = page_with(
        f'<META NAME="ArticleTitle" CONTENT="{TITLE}">'
        '<meta name="PubDate" content="2024-01-18 09:30">'
        '<meta name="ContentSource" content="青禾县水务局">'
        '<meta name="Url" content="http://www.example.gov.cn/nb/2023.html">'
    ).metadata
    assert {key: cell.text for key, cell in found.items()} == {
        "title": TITLE,
        "agency": "青禾县水务局",
        "published_on": "2024-01-18 09:30",
        "source_url": "http://www.example.gov.cn/nb/2023.html",
    }
    assert found["title"].part == "meta:articletitle"


@pytest.mark.parametrize(
    ("under", "attached"),
    [
        ('<a href="/a/2023.docx">文字版</a>', "2023.docx"),
        ("<a href=/1>首页</a><a href=/2>政务</a><a href=/3>年报</a>", ""),
        (
            "<a href=/1>首页</a><a href=/2>政务</a><a href=/3>年报</a><a onclick=x()>附件下载</a>",
            None,
        ),
        ("<a href=/1>首页</a><a href=/2>政务</a><a href=/download.do?id=7>版本</a>", None),
        ("", None),
    ],
)
def test_a_page_tells_of_a_file_only_where_it_is_certain(under: str, attached: str | None) -> None:
    cell = page_with("", under).metadata.get("attachment")
    assert (cell.text if cell else None) == attached


def test_each_fact_of_a_meta_tag_has_a_part_of_its_own() -> None:
    found = page_with(f'<meta name="ArticleTitle" content="{TITLE}">')
    assert (found.parts[0].part, found.parts[0].text) == ("meta:articletitle", TITLE)
    report = extract(found)
    assert (report.title, report.agency_name, report.year) == (TITLE, "青禾县水务局", 2023)


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="ContentSource" content="本网">',
        '<meta name="ContentSource" content="青禾新闻网"><meta name="PubDate" content="">',
        '<meta name="ContentSource" content="青禾日报社"><meta name="Url" content="javascript:x">',
        '<meta name="ArticleTitle" content="政务公开"><meta name="PubDate" content="昨天">',
    ],
)
def test_a_templates_filler_is_no_fact(head: str) -> None:
    assert page_with(head).metadata == {}


def test_the_tabs_title_counts_without_the_sites_name() -> None:
    found = page_with(f"<title>政务公开 - {TITLE} - 青禾县人民政府</title>")
    assert found.metadata["title"].text == TITLE
    assert extract(found).title == TITLE


BOX = (
    "<table><tr><td>索引号</td><td>A1</td><td>发布机构：</td><td>青禾县水务局</td></tr>"
    "<tr><td>名称</td><td>年度报告</td><td>发布日期</td><td>2024-01-18</td></tr></table>"
)


@pytest.mark.parametrize(
    "under",
    [
        "<div>来源：青禾县水务局　发布时间：2024-01-18 09:30　点击数：3</div>",
        "<p>【来源：青禾县水务局】</p><p>日期：2024年1月18日</p>",
        BOX,
    ],
)
def test_what_is_printed_under_the_title_gives_agency_and_day(under: str) -> None:
    found = page_with("", under)
    assert found.metadata["agency"].text == "青禾县水务局"
    assert extract(found).published_on == "2024-01-18"


def test_the_address_a_browser_saved_the_page_from() -> None:
    page = f"<!-- saved from url=(0034)https://www.example.gov.cn/a.html --><h1>{TITLE}</h1>{BODY}"
    assert read(page).metadata["source_url"].text == "https://www.example.gov.cn/a.html"


# Encodings.


def test_a_page_in_gbk_that_declares_gb2312() -> None:
    page = f"<meta charset=gb2312><h1>{TITLE}</h1><p>镕堃赟</p>{BODY}"
    found = read(page.encode("gb18030"))
    assert "镕堃赟" in texts(found)
    assert found.diagnostics == ()


def test_what_a_page_declares_doesnt_change_what_it_is_in() -> None:
    page = f"<meta charset=gbk><h1>{TITLE}</h1>{BODY}"
    assert texts(read(page.encode()))[0] == TITLE
    assert texts(read(b"\xef\xbb\xbf" + page.encode()))[0] == TITLE
    assert texts(read(page.encode("utf-16")))[0] == TITLE


def test_a_damaged_page_keeps_the_encoding_it_declares() -> None:
    page = f"<meta charset='utf-8'><h1>{TITLE}</h1>{BODY}<p>完".encode()[:-1]
    found = read(page)
    assert texts(found)[0] == TITLE
    assert [(d.level, d.code) for d in found.diagnostics] == [(Level.DOUBT, "undecodable")]


def test_big5_counts_where_it_is_declared() -> None:
    page = "<meta charset=big5><p>政府資訊公開工作年度報告</p>"
    assert texts(read(page.encode("big5"))) == ["政府資訊公開工作年度報告"]


# Pages without a report.


PICTURE = "<img src='data:image/png;base64,AA'>"
WITHOUT = {
    "<p><img src=/2023/p1.jpg width=800></p><p><img src=p2.jpg></p>": "image_only",
    f"<table><tr><td>{PICTURE}</td></tr></table>": "image_only",
    f"<p><a href='/P0.pdf'>{TITLE}.pdf</a></p><img src=a.jpg>": "not_a_report",
    "<iframe src='/viewer?file=/x.pdf'></iframe>": "not_a_report",
    "<div id=app></div><script>load()</script>": "empty",
    "<nav><a href=/>首页</a></nav><img src=/images/logo.png>": "empty",
}


@pytest.mark.parametrize(("page", "code"), WITHOUT.items())
def test_a_page_without_the_reports_text_says_what_it_is(page: str, code: str) -> None:
    title = "" if code == "empty" else f"<h1>{TITLE}</h1>"
    with pytest.raises(SourceError) as caught:
        read(f"<html><body>{title}{page}</body></html>")
    assert caught.value.code == code
    assert "\n" not in str(caught.value)


def test_binary_content_is_no_page() -> None:
    with pytest.raises(SourceError) as caught:
        read(b"<html>" + bytes(range(32)) * 50)
    assert caught.value.code == "not_text"


# Hostile input.

N = 100_000
MANY_ROWS = f"<tr>{'<td rowspan=10000 colspan=10000>1</td>' * 100}</tr>" * 20
MADE_AGAIN = "".join(f"<i id={i}>" for i in range(3000))
QUOTED = " ".join(f"a{i}='>'" for i in range(N))
BOMBS = {
    "nested": "<div>" * N,
    "nested lists": "<ul><li>" * N,
    "nested tables": "<table><tr><td>1" * N,
    "tables in tables": "<table><tr><td>1" * 100,
    "formatting left open": "".join(f"<b id={i}>" for i in range(N)),
    "formatting made again": f"<p>{MADE_AGAIN}</p>{'<p>x</p>' * 3000}",
    "attributes": f"<div {' '.join(f'a{i}=1' for i in range(N))}>",
    "attributes in quotes": f"<div {QUOTED}>",
    "spans": f"<table>{MANY_ROWS}</table>",
    "cells": f"<table><tr>{'<td>1' * 150_000}<tr><td>1</table>",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_page_that_would_bring_the_reader_down_is_refused(bomb: str) -> None:
    started = time.process_time()
    with pytest.raises(SourceError) as caught:
        read(f"<h1>{TITLE}</h1>{BODY}{BOMBS[bomb]}")
    assert caught.value.code == "too_large"
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "tail",
    [
        "<td rowspan=10000 colspan=10000>1",
        "<table><tr><td rowspan=10000 colspan=10000>1</table>",
        "<p>x" * N,
        "<b>" * 3000 + "<p>x" * 3000,
        "</div>" * N,
        "<!--" * N,
        "<script>" * N,
        "<" * N,
        "&" * N,
        "<a b='" * 500,
    ],
)
def test_odd_markup_behind_a_report_doesnt_hide_it(tail: str) -> None:
    started = time.process_time()
    found = read(f"<h1>{TITLE}</h1>{BODY}{tail}")
    assert texts(found)[: len(texts(read(BODY))) + 1] == [TITLE, *texts(read(BODY))]
    assert time.process_time() - started < 10


def test_a_cell_that_spans_ten_thousand_by_ten_thousand_is_cut_to_its_table() -> None:
    found = grid("<tr><td rowspan=10000 colspan=10000>甲</td><td>乙</td></tr><tr><td>丙</td></tr>")
    assert found[0] == ("甲", 0, 0, 2, 1000)
    assert [c[1:3] for c in found[1:]] == [(0, 1000), (1, 1000)]


def test_parts_are_named_once() -> None:
    found = read(CHROME)
    names = [p.part for p in found.parts]
    assert len(names) == len(set(names))
    numbers = [int(n.partition(":")[2]) for n in names if n.startswith("block:")]
    assert all(a < b for a, b in pairwise(numbers))


# What is on the page, but not shown, or shown twice.


HIDDEN = [
    ("<style>.x{display:none}</style>", "<span class=x>9</span>5", "5"),
    ("<style>/* .y{} */ .y , #x { color:red; display : none }</style>", "<b id=x>9</b>5", "5"),
    ("<style>.x{visibility:hidden}</style>", "<span class='a x'>9</span>5", "5"),
    ("<style>span.x{display:none}</style>", "<i class=x>9</i>5", "95"),
    ("<style>.x{display:none}.x{display:inline}</style>", "<span class=x>9</span>5", "95"),
    ("<style>.x{display:none}</style>", "<b class=x style='display:inline'>9</b>5", "95"),
    ("<style>@media print{.x{display:none}}</style>", "<span class=x>9</span>5", "95"),
    ("<style>td .x{display:none}</style>", "<span class=x>9</span>5", "5"),
    ("<style>table  b.x{display:none !important}</style>", "<b class=x>9</b>5", "5"),
    ("<style>TABLE tr  td .x{display:none}</style>", "<b class=x>9</b>5", "5"),
    ("<style>td tr .x{display:none}</style>", "<b class=x>9</b>5", "95"),
    ("<style>td .y#z .x{display:none}</style>", "<i id=z class='w y'><b class=x>9</b></i>5", "5"),
    ("<style>th .x, td>.x, .x:hover{display:none}</style>", "<b class=x>9</b>5", "95"),
    ("<style>.x{display:none}.x.y{display:block}</style>", "<b class='x y'>9</b>5", "95"),
    ("<style>.x{display:none}.y>.x:first-child{display:block}</style>", "<b class=x>9</b>5", "95"),
    (
        "<style>.x{display:none}@media (min-width:9px){.z{color:red}.x{display:block}}</style>",
        "<b class=x>9</b>5",
        "95",
    ),
    (
        "<style>.x{display:none}@media print{.x{display:block}}</style>",
        "<b class=x>9</b>5",
        "5",
    ),
    (
        "<style>@media screen{.z{color:red}}td .x{display:none}td b{display:inline}</style>",
        "<b class=x>9</b>5",
        "5",
    ),
    ("<style>.x{text-decoration:line-through}</style>", "<b class=x>9</b>5", "9 5"),
    ("<style>td b.x{text-decoration: red line-through}</style>", "<b class=x>9</b>5", "9 5"),
    ("<style>.x:hover{text-decoration:line-through}</style>", "<b class=x>9</b>5", "95"),
    ("", "<span style='visibility: hidden'>9</span>5", "5"),
    ("", "<span hidden>9</span>5", "5"),
]


@pytest.mark.parametrize(("style", "inside", "read_as"), HIDDEN)
def test_what_a_plain_style_hides_isnt_read(style: str, inside: str, read_as: str) -> None:
    page = f"{style}<table><tr><td>规章</td><td>{inside}</td></tr></table>"
    assert tables(read(page))[0][0][1] == read_as


@pytest.mark.parametrize(
    "inside",
    [
        "<p>五、存在的主要问题及改进情况</p><p>更新不够及时。</p>",
        "<table><tr><td>一、本年新收政府信息公开申请数量</td><td>7</td></tr></table>",
    ],
)
@pytest.mark.parametrize("how", ["class=tab", "style='opacity:0'"])
def test_a_section_is_never_dropped_for_a_style(inside: str, how: str) -> None:
    page = f"<style>.tab{{display:none}}</style><h1>{TITLE}</h1><p>一、总体情况</p><div {how}>"
    shown = f"<h1>{TITLE}</h1><p>一、总体情况</p><div>"
    assert texts(read(page + inside)) == texts(read(shown + inside))
    assert tables(read(page + inside)) == tables(read(shown + inside))


def test_a_copy_that_a_style_hides_isnt_read() -> None:
    row = "<table><tr><td>一、本年新收政府信息公开申请数量</td><td>{}</td></tr></table>"
    page = f"<style>.old{{display:none}}</style><h1>{TITLE}</h1>{BODY}{row.format(7)}"
    only = read(page)
    assert tables(read(f"{page}<div class=old>{row.format(8)}</div>")) == tables(only)


def test_styles_on_deep_pages_cost_little() -> None:
    style = "".join(f"i div div.n{i % 3}.n{i}{{display:none}}" for i in range(60))
    names = " ".join(f"n{i}" for i in range(60))
    started = spent()
    read(f"<style>{style}</style><h1>{TITLE}</h1>{BODY}" + f"<div class='{names}'>" * 2_000)
    assert spent() - started < 5


def test_a_style_that_never_ends_costs_nothing() -> None:
    started = spent()
    page = "<style>" + "@media{.x{" * 50_000 + "display:none"
    read(f"<h1>{TITLE}</h1>{BODY}{page}")
    assert spent() - started < 2


def test_lists_print_their_numbers() -> None:
    page = (
        f"<h1>{TITLE}</h1>{BODY}<p>主要问题：</p><ol><li>更新不够及时。</li><li>二、栏目不全。</li>"
        "<li>形式单一。</li></ol><ol start=5><li>其他。</li></ol><ol style='list-style:none'>"
        "<li>没有编号。</li></ol><ul><li>一点。</li></ul><ol type=a><li>字母。</li></ol>"
    )
    assert texts(read(page))[-8:] == [
        *("主要问题：", "1. 更新不够及时。", "二、栏目不全。", "3. 形式单一。"),
        *("5. 其他。", "没有编号。", "一点。", "字母。"),
    ]


def test_reading_aids_above_characters_are_left_out() -> None:
    assert cell("<ruby>规<rp>(</rp><rt>guī</rt><rp>)</rp></ruby>章") == "规章"


def test_a_report_printed_twice_is_read_once() -> None:
    printed = f"<h1>{TITLE}</h1>{BODY}"
    once = read(f"<div class=pc>{printed}</div>")
    twice = read(f"<div class=pc>{printed}</div><p>手机版</p><div class=mobile>{printed}</div>")
    assert tables(twice) == tables(once)
    assert [t for t in texts(twice) if t != "手机版"] == texts(once)
    assert [d.code for d in twice.diagnostics] == ["printed_twice"]


def test_two_printings_that_differ_are_both_read() -> None:
    once = html(report()).decode()
    row = re.search("行政规范性文件</td>.*?</tr>", once)
    assert row is not None
    other = once.replace(row[0], re.sub(r">\d+<", ">987<", row[0]))
    found = read(f"<div>{once}</div><div>{other}</div>")
    assert len(tables(found)) == 2 * len(tables(read(once)))
    values = {(v.row, v.column): v.state.value for v in extract(found).values}
    assert values["normative_documents", "in_force"] == "unreadable"


def test_two_tables_that_are_alike_are_both_read() -> None:
    rows = "<tr><td>第二十条第（一）项</td><td>1</td></tr><tr><td>规章</td><td>0</td></tr>"
    table = f"<table>{rows}</table>"
    assert len(tables(read(f"<p>二、主动公开政府信息情况</p>{table}<p>又</p>{table}"))) == 2


LINKS = '<p><a href="/">首页</a><a href="/a.html">公开</a><a href="/b.html">年报</a>{}</p>'


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('<a href="/2023/report.docx?v=2">附件</a>', "report.docx?v=2"),
        ("", ""),
        # it may be a file that the server names later
        ('<a href="/download.jsp?id=7">附件</a>', None),
    ],
)
def test_a_page_tells_whether_it_links_to_a_file(more: str, told: str | None) -> None:
    found = page_with("", LINKS.format(more)).metadata.get("attachment")
    assert (found.text if found else None) == told


def test_a_page_saved_without_its_links_does_not_tell_of_files() -> None:
    assert "attachment" not in page_with("").metadata


def test_a_page_tells_the_column_that_it_stands_in() -> None:
    found = page_with('<meta name="ColumnName" content="政府信息公开年报">')
    column = found.metadata["column"]
    assert column.text == "政府信息公开年报"
    assert column.part in {part.part for part in found.parts}
    told = {e.field: e.candidate for e in extract(found).evidence}
    assert (told["column"], "attachment" in told) == ("政府信息公开年报", False)
