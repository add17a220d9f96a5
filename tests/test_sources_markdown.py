"""Markdown: what a converter made of a report's tables is read as far as it is certain."""

from __future__ import annotations

import contextlib
import time

import pytest
from spent import spent

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.model import Document, Layout, Paragraph, Report, Table
from govreport_core.sources.markdown import read_markdown

T3 = forms()["form_2021"].table("t3_requests")
HEAD = (
    "第二十条第（一）项\n\n| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n"
    "|---|---|---|---|\n\n"
    "三、收到和处理政府信息公开申请情况\n\n申请人情况\n法人或其他组织\n\n"
    "| 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |\n"
    "|---|---|---|---|---|---|---|\n"
)


def read(text: str | bytes) -> Document:
    return read_markdown(text.encode() if isinstance(text, str) else text, "0")


def texts(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


def tables(document: Document) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row] for row in b.rows]
        for b in document.blocks
        if isinstance(b, Table)
    ]


def numbers(report: Report, row: str) -> list[float | None]:
    return [v.number for v in report.values if (v.table, v.row) == (T3.code, row)]


def pieces(**changed: str) -> str:
    """A table 3 as a converter leaves it: each row a table of its own, each with its own figures.

    `changed` gives what stands for a row instead, by the row's code.
    """
    printed = [HEAD]
    for number, row in enumerate(T3.rows, start=1):
        figures = " | ".join(str(10 * number + at) for at in range(7))
        line = f"| {row.label} | {figures} |" if row.kind != "group" else ""
        text = changed.get(row.code, line).replace("FIGURES", figures)
        printed.append(f"{text}\n|{'---|' * 8}\n" if text.startswith("|") else f"{text}\n")
    return "\n".join(printed)


def figures(code: str) -> list[float]:
    number = next(i for i, row in enumerate(T3.rows, start=1) if row.code == code)
    return [float(10 * number + at) for at in range(7)]


def test_rows_whose_outer_pipes_are_left_out() -> None:
    found = read(
        "第（五）项  \n---\n信息内容| 决定数量  \n行政许可| 4529  \n  \n大 | 中 | 小\n\n完\n"
    )
    assert tables(found) == [[["信息内容", "决定数量"], ["行政许可", "4529"]]]
    assert texts(found)[-2:] == ["大 | 中 | 小", "完"]


def test_paragraphs_and_cells_have_names_and_stand_in_their_order() -> None:
    found = read("# 年度报告\n\n正文。\n\n| 规章 | 3 |\n|---|---|\n| 其他 | |\n\n完。\n")
    assert [(p.part, p.kind, p.text) for p in found.parts] == [
        ("block:1", "paragraph", "年度报告"),
        ("block:2", "paragraph", "正文。"),
        ("table:1/r1/c1", "cell", "规章"),
        ("table:1/r1/c2", "cell", "3"),
        ("table:1/r2/c1", "cell", "其他"),
        ("table:1/r2/c2", "cell", ""),
        ("block:4", "paragraph", "完。"),
    ]
    assert found.media_type == "text/markdown"
    [table] = [b for b in found.blocks if isinstance(b, Table)]
    assert table.layout is Layout.PADDED


def test_the_row_a_converter_took_for_a_header_is_a_row() -> None:
    assert tables(read("| 规章 | 22 | 235 |\n|---|---|---|\n")) == [[["规章", "22", "235"]]]


def test_each_delimiter_begins_a_table_with_the_row_above_it() -> None:
    found = read("| 甲 | 1 |\n|---|---|\n| 乙 | 2 |\n| 丙 | 3 | |\n|:-:|---:|---|\n| 丁 | 4 | |\n")
    assert tables(found) == [
        [["甲", "1"], ["乙", "2"]],
        [["丙", "3", ""], ["丁", "4", ""]],
    ]


@pytest.mark.parametrize(
    ("source", "read_as"),
    [
        ("**总计**", "总计"),
        ("3\\.危及", "3.危及"),
        ("a\\|b", "a|b"),
        ("&nbsp;", ""),
        ("自然<br>人", "自然人"),
        ("12<br/>34", "12 34"),
        ("<span>7</span>", "7"),
        ("[附件](http://example.cn/a.pdf)", "附件"),
        ("![](p1.png)", "\ufffc"),
        ("![](p1.png)5", "5\ufffc"),
        ("规章![](p1.png)", "规章"),
        ("*", "*"),
        ("3_4_5", "3_4_5"),
        ("22（其中修订16件）", "22（其中修订16件）"),
    ],
)
def test_a_cell_is_what_a_reader_sees(source: str, read_as: str) -> None:
    assert tables(read(f"| 规章 | {source} |\n|---|---|\n"))[0][0][1] == read_as


def test_lines_are_what_a_reader_sees() -> None:
    found = read("## 一、总体情况 ##\n> 引文\n---\n```\n**（一）主动公开。**正文[1](#a)。\n- 3 -\n")
    assert texts(found) == ["一、总体情况", "引文", "（一）主动公开。正文1。", "- 3 -"]


def test_a_converters_captions_are_left_out() -> None:
    found = read("## 表二：主动公开政府信息情况\n\n表二：见附件\n")
    assert texts(found) == ["表二：见附件"]


def test_every_place_holds_the_text_it_names() -> None:
    found = read("## **标题**\n\n|  规章 | **3** |\n|---|---|\n\n　　正文。\n")
    parts = {p.part: p.text for p in found.parts}
    for block in found.blocks:
        if isinstance(block, Paragraph):
            assert parts[block.part][block.start :] == block.text
        else:
            for c in (c for row in block.rows for c in row):
                assert parts[c.part][c.start : c.end] == c.text


def test_an_html_table_is_read_as_a_grid() -> None:
    found = read(
        "正文。\n\n<table><tr><td rowspan=2>甲</td>\n<td>1</td></tr>\n\n"
        "<tr><td>2</td></tr></table>\n| 规章 | 3 |\n|---|---|\n"
    )
    assert tables(found) == [[["甲", "1"], ["2"]], [["规章", "3"]]]
    assert [p.part for p in found.parts][1:4] == ["table:1/r1/c1", "table:1/r1/c2", "table:1/r2/c2"]
    assert found.parts[4].part == "table:2/r1/c1"


def test_what_stands_above_the_text_says_where_it_is_from() -> None:
    found = read(
        "---\ntitle: 青禾县水务局2023年政府信息公开工作年度报告\nurl: 'http://a.cn/1'\n---\n正文。"
    )
    assert {key: cell.text for key, cell in found.metadata.items()} == {
        "title": "青禾县水务局2023年政府信息公开工作年度报告",
        "source_url": "http://a.cn/1",
    }
    assert texts(found) == ["正文。"]


def test_a_file_of_pictures_says_so() -> None:
    with pytest.raises(SourceError) as caught:
        read("# 年度报告\n\n![](p1.png)\n\n![](p2.png)\n")
    assert caught.value.code == "image_only"


@pytest.mark.parametrize(
    "text",
    [
        "|" * 2_000_000,
        "| 1 " * 90_000 + "\n|---|\n",
        "<table><tr><td>" * 20_000,
        "[" * 500_000,
        "**a" * 300_000,
        "\\" * 1_000_000,
        "<table>\n" * 3_000,
        "<!--" * 300_000,
    ],
)
def test_hostile_input_ends_soon(text: str) -> None:
    started = time.process_time()
    with contextlib.suppress(SourceError):
        read(f"正文。\n\n{text}\n")
    assert time.process_time() - started < 10


# What becomes of a converter's tables.


def test_every_row_is_read_where_each_became_a_table_of_its_own() -> None:
    report = extract(read(pieces()))
    for row in T3.value_rows:
        assert numbers(report, row.code) == figures(row.code)


def test_figures_apart_from_their_label_are_its_where_they_can_be_no_other_rows() -> None:
    text = pieces(
        granted_partial="（二）部分公开（区分处理的，只计这一情\n形，不计其他情形）\n| FIGURES |"
    )
    text = text.replace("其他情形）\n| ", "其他情形）\n\n| ")
    assert numbers(extract(read(text)), "granted_partial") == figures("granted_partial")


def test_figures_apart_from_their_label_stay_unread_where_they_may_be_another_rows() -> None:
    report = extract(
        read(
            pieces(
                unprocessed_confirm_or_reissue="5.要求行政机关确认或重新出具\n已获取信息",
                other_uncorrected_overdue="| FIGURES |",
                other_fee_unpaid="2.申请人逾期未按收费通知要求",
            )
        )
    )
    for code in ("unprocessed_confirm_or_reissue", "other_uncorrected_overdue", "other_fee_unpaid"):
        assert numbers(report, code) == [None] * 7
    assert numbers(report, "other_misc") == figures("other_misc")


def test_words_before_figures_that_are_no_label_keep_their_neighbours_unread() -> None:
    text = pieces(
        other_uncorrected_overdue="| 行政机关不再处理其政府信息公 | FIGURES |",
        other_fee_unpaid="2.申请人逾期未按收费通知要求",
    )
    report = extract(read(text))
    assert numbers(report, "other_uncorrected_overdue") == [None] * 7
    assert numbers(report, "other_fee_unpaid") == [None] * 7


def test_a_label_in_pieces_is_one_row() -> None:
    row = "2.申请人逾期未按收费通知要求\n\n| 缴纳费用、 | 行政机关不再处理其政 | FIGURES |"
    text = pieces(other_fee_unpaid=row)
    assert numbers(extract(read(text)), "other_fee_unpaid") == figures("other_fee_unpaid")


def test_a_header_in_pieces_counts_where_all_its_words_are_there() -> None:
    head = (
        "三、收到和处理政府信息公开申请情况\n申请人情况\n法人或其他组织\n"
        "（本列数据的勾稽关系为：第一项加第二项之和，\n社会法律\n公益服务其他\n企业机构\n组织机构\n\n"
        "| 等于第三项加第四项之和） | 自然人 | 商业 | 科研 | 总计 |\n|---|---|---|---|---|\n"
    )
    whole = extract(read(pieces().replace(HEAD, head)))
    assert numbers(whole, "granted_full") == figures("granted_full")
    less = extract(read(pieces().replace(HEAD, head.replace("社会法律\n公益服务其他\n", ""))))
    assert numbers(less, "granted_full") == [None] * 7


def test_fewer_figures_than_columns_tell_no_column() -> None:
    text = f"{HEAD.partition('三、')[0]}| 规章 | 22 | 235 |\n|---|---|---|\n"
    values = [v for v in extract(read(text)).values if v.row == "regulations"]
    assert [v.number for v in values] == [None] * 3
    assert {v.state.value for v in values} == {"unreadable"}


def test_a_file_cut_short_within_a_figure_doesnt_print_a_smaller_one() -> None:
    text = pieces()
    cut = text[: text.rindex("| 25")] + "| 2"
    assert cut.splitlines()[-1].startswith("|")
    values = numbers(extract(read(cut)), "requests_carried_forward")
    assert 2.0 not in values


def test_a_tag_over_several_lines_is_a_tag() -> None:
    found = read(
        '<p\nstyle="x">一、总体情况</p>\n收到<span\nclass="mark"\n>12</span>件<a\nhref="x">。</a>\n'
        "3 < 5，还有 <b\n没有结束\n<table\nwidth=1>\n<tr><td\na=b>甲</td><td>1</td></tr>\n"
        "<tr><td>乙</td><td>2</td></tr></table\n>\n末"
    )
    assert texts(found) == ["一、总体情况", "收到12件。", "3 < 5，还有 <b", "没有结束", "末"]
    assert tables(found) == [[["甲", "1"], ["乙", "2"]]]


@pytest.mark.parametrize("line", ["<a", "<a>x<b", "<a\n>", "<table", "</table"])
def test_tags_that_never_end_cost_little(line: str) -> None:
    started = spent()
    with contextlib.suppress(SourceError):
        read(f"{line}\n" * 60_000)
    assert spent() - started < 10
