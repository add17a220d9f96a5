from __future__ import annotations

import io
import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from printed_pdf import FONT, RULES, Noise, Printer, plain_table
from reportlab.lib import pdfencrypt
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.model import Document, Layout, Paragraph, State, Table
from govreport_core.samples import FORMS, agencies, draw_report, random_numbers
from govreport_core.samples.chance import chance
from govreport_core.samples.sheet import Grid, GridCell, blocks
from govreport_core.samples.style import PLAIN
from govreport_core.samples.trials.roundtrip import with_figures
from govreport_core.sources.pdf import MAX_PAGES, read_pdf
from govreport_core.sources.pdf.characters import SLANTED, _quarters

YEARS = {form: forms()[form].years_to or 2023 for form in FORMS}


def drawn(draw: Callable[[Canvas], None], **options: object) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), **options)
    canvas.setFont(FONT, 12)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def read(data: bytes) -> Document:
    document = read_pdf(data, "id")
    parts = {p.part: p.text for p in document.parts}
    assert len(parts) == len(document.parts)
    for block in document.blocks:
        cells = [c for row in block.rows for c in row] if isinstance(block, Table) else []
        for cell in cells:
            assert cell.start >= 0
            assert cell.end <= len(parts[cell.end_part or cell.part])
        if isinstance(block, Paragraph):
            assert parts[block.part][block.start :].startswith(block.text)
    return document


def texts(document: Document) -> list[object]:
    """Paragraphs as text, tables as rows of text."""
    return [
        block.text
        if isinstance(block, Paragraph)
        else [[c.text for c in row] for row in block.rows]
        for block in document.blocks
    ]


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def failure(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as raised:
        read_pdf(data, "id")
    assert "\n" not in str(raised.value)
    return raised.value


# Text.


def test_lines_come_from_top_to_bottom_whatever_their_order_in_the_file() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 600, "第三行")
        canvas.drawString(200, 640, "二")
        canvas.drawString(72, 680, "第一行")
        canvas.drawString(72, 640, "第")

    document = read(drawn(draw))
    assert texts(document) == ["第一行", "第 二", "第三行"]
    assert [p.part for p in document.parts] == ["page:1/line:1", "page:1/line:2", "page:1/line:3"]


def test_figures_with_a_gap_between_them_stay_apart_and_loose_chinese_stays_together() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "12 34")
        for i, char in enumerate("总体情况"):
            canvas.drawString(72 + i * 16, 650, char)
        canvas.drawString(72, 600, "本年")
        canvas.drawString(99, 600, "2024")

    assert texts(read(drawn(draw))) == ["12 34", "总体情况", "本年2024"]


def test_text_printed_twice_to_look_bold_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        for offset in (0, 0.4):
            canvas.drawString(72 + offset, 700, "行政许可1100件")

    assert texts(read(drawn(draw))) == ["行政许可1100件"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_read_as_upright_ones(turn: int) -> None:
    rows = [["信息内容", "本年制发件数"], ["规章", "3"], ["行政规范性文件", "0"]]

    def printed(noise: Noise) -> list[object]:
        printer = Printer(noise)
        printer.words("二、主动公开政府信息情况")
        printer.table(plain_table(rows))
        return texts(read(printer.close()))

    assert printed(Noise(turn=turn)) == printed(Noise()) == ["二、主动公开政府信息情况", rows]


def test_a_watermark_is_no_part_of_what_it_lies_across() -> None:
    printer = Printer(Noise(watermark="内部资料"))
    printer.table(plain_table([["名称", "数量"], *[[f"第{i}项", str(i)] for i in range(30)]]))
    document = read(printer.close())
    assert texts(document) == [[["名称", "数量"], *[[f"第{i}项", str(i)] for i in range(30)]]]
    assert document.parts[-1].text == "内部资料"


def test_page_numbers_and_repeated_headers_are_parts_but_no_blocks() -> None:
    printer = Printer(Noise(number="- {} -", header="云川市财政局文件"))
    for i in range(120):
        printer.words(f"第{i}段。")
    document = read(printer.close())
    assert texts(document) == [f"第{i}段。" for i in range(120)]
    kept = [p.text for p in document.parts]
    assert kept.count("云川市财政局文件") == 3
    assert "- 2 -" in kept


@pytest.mark.parametrize("number", ["{}", "— {} —", "第{}页", "{}/4", "第{}页共4页"])
def test_page_numbers_of_many_styles(number: str) -> None:
    printer = Printer(Noise(number=number))
    for i in range(120):
        printer.words(f"第{i}段。")
    assert texts(read(printer.close())) == [f"第{i}段。" for i in range(120)]


def test_a_figure_at_the_end_of_a_page_is_no_page_number() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "本年新收政府信息公开申请数量")
        canvas.drawString(72, 600, "17")

    assert texts(read(drawn(draw)))[-1] == "17"


def test_a_title_broken_by_its_width_is_one_line_again() -> None:
    printer = Printer(Noise(number=None))
    printer.words("云川高新技术产业开发区管理委员会2023年政府信息公开工作年度报告", 18)
    for i in range(8):
        printer.words(f"第{i}段。")
    assert texts(read(printer.close()))[0] == (
        "云川高新技术产业开发区管理委员会2023年政府信息公开工作年度报告"
    )


# Ruled tables.


@pytest.mark.parametrize("rules", [r for r in RULES if r != "none"])
def test_ruling_lines_of_every_make_enclose_the_same_cells(rules: str) -> None:
    grid = Grid(
        "g",
        3,
        (
            (GridCell("合并两行", rowspan=2), GridCell("合并两列", colspan=2)),
            (GridCell("甲"), GridCell("乙")),
            (GridCell("规章"), GridCell("3", value=True), GridCell("", value=True)),
        ),
    )
    printer = Printer(Noise(rules=rules))
    printer.table(grid)
    (table,) = tables(read(printer.close()))
    assert table.layout is Layout.GRID
    assert [[(c.text, c.col, c.colspan) for c in row] for row in table.rows] == [
        [("合并两行", 0, 1), ("合并两列", 1, 2)],
        [("甲", 1, 1), ("乙", 2, 1)],
        [("规章", 0, 1), ("3", 1, 1), ("", 2, 1)],
    ]


def test_cells_know_their_place_on_the_page() -> None:
    printer = Printer()
    printer.table(plain_table([["名称", "数量"], ["规章", "3"]]))
    document = read(printer.close())
    part = next(p for p in document.parts if p.text == "3")
    assert part.part == "page:1/table:1/r2/c2"
    assert (part.kind, part.row, part.col, part.rowspan, part.colspan) == ("cell", 1, 1, 1, 1)


def test_a_label_over_several_lines_is_joined_and_a_broken_figure_is_not() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([72, 172, 222], [600, 660, 720])
        canvas.drawString(80, 700, "行政规范")
        canvas.drawString(80, 684, "性文件")
        canvas.drawString(180, 700, "123")
        canvas.drawString(180, 684, "45")
        canvas.drawString(80, 630, "规章")
        canvas.drawString(180, 630, "0")

    document = read(drawn(draw))
    assert texts(document) == [[["行政规范性文件", "123 45"], ["规章", "0"]]]
    assert "行政规范\n性文件" in {p.text for p in document.parts}


def test_a_figure_that_runs_over_a_line_is_left_unreadable() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([72, 100, 128], [600, 630, 660])
        canvas.drawString(75, 640, "1234567")
        canvas.drawString(75, 610, "8")

    document = read(drawn(draw))
    ((first, second), (whole, blank)) = tables(document)[0].rows
    assert "\ufffd" in first.text
    assert "\ufffd" in second.text
    assert (whole.text, blank.text) == ("8", "")
    assert [d.code for d in document.diagnostics] == ["figures_over_lines"]


def test_a_frame_and_underlines_make_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(40, 40, 515, 760)
        canvas.drawString(72, 700, "云川市财政局")
        canvas.line(72, 696, 150, 696)
        canvas.drawString(72, 650, "一、总体情况")

    assert texts(read(drawn(draw))) == ["云川市财政局", "一、总体情况"]


def test_a_table_in_a_page_frame_is_found() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(40, 40, 515, 760)
        canvas.drawString(72, 700, "前文")
        canvas.grid([72, 172, 272], [600, 630, 660])
        for x, y, text in ((80, 640, "甲"), (180, 640, "1"), (80, 610, "乙"), (180, 610, "2")):
            canvas.drawString(x, y, text)
        canvas.drawString(72, 500, "后文")

    assert texts(read(drawn(draw))) == ["前文", [["甲", "1"], ["乙", "2"]], "后文"]


def test_long_prose_in_a_table_that_lays_out_the_page_is_taken_out_of_it() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([40, 555], [60, 600, 640, 680])
        canvas.drawString(60, 655, "标题")
        canvas.drawString(60, 615, "说明")
        for i in range(15):
            canvas.drawString(60, 580 - i * 20, f"第{i:02}行" + "文" * 35)

    found = texts(read(drawn(draw)))
    assert found[0] == [["标题"], ["说明"]]
    assert found[1:] == [f"第{i:02}行" + "文" * 35 for i in range(15)]


def test_cells_without_lines_between_them_are_read_as_lines() -> None:
    def draw(canvas: Canvas) -> None:
        # The line between the second and third cell is missing in one row only.
        canvas.lines([(72, 660, 372, 660), (72, 600, 372, 600), (72, 630, 172, 630)])
        canvas.lines([(72, 600, 72, 660), (372, 600, 372, 660), (172, 600, 172, 660)])
        canvas.lines([(272, 630, 272, 660), (272, 630, 372, 630)])
        for x, text in ((80, "甲"), (180, "1"), (280, "2")):
            canvas.drawString(x, 640, text)
        canvas.drawString(80, 610, "乙")

    document = read(drawn(draw))
    assert tables(document) == []
    assert texts(document) == ["甲 1 2", "乙"]


# Page breaks.

LONG = [["名称", "数量", "备注"], *[[f"（{i}）事项", str(i), ""] for i in range(60)]]


@pytest.mark.parametrize("repeat", [False, True])
@pytest.mark.parametrize("shift", [0.0, 14.0])
def test_a_table_over_page_breaks_is_one_table_with_its_header_once(
    repeat: bool, shift: float
) -> None:
    printer = Printer(Noise(repeat=repeat, shift=shift))
    printer.words("前文")
    printer.table(plain_table(LONG))
    printer.words("后文")
    document = read(printer.close())
    assert texts(document) == ["前文", LONG, "后文"]
    last = tables(document)[0].rows[-1][0]
    assert last.part.startswith("page:2/table:1/")


def test_a_row_cut_by_the_page_end_is_one_row() -> None:
    label = "（一）部分公开（区分处理的，只计这一情形，不计其他情形）" * 3
    rows = [["名称", "数量"], *[[f"（{i}）事项", str(i)] for i in range(28)], [label, "77"]]
    printer = Printer(Noise(split_rows=True, size=12))
    printer.table(plain_table(rows))
    document = read(printer.close())
    assert texts(document) == [rows]
    label_cell = tables(document)[0].rows[-1][0]
    assert label_cell.part.startswith("page:1/")
    assert label_cell.end_part is not None
    assert label_cell.end_part.startswith("page:2/")


def test_half_a_figure_on_the_next_page_never_makes_a_smaller_one() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([72, 272, 322], [60, 100, 140])
        canvas.drawString(80, 115, "行政许可")
        canvas.drawString(280, 115, "5")
        canvas.drawString(80, 75, "行政处罚")
        canvas.drawString(280, 75, "924")
        canvas.showPage()
        canvas.setFont(FONT, 12)
        canvas.grid([72, 272, 322], [700, 740, 780])
        canvas.drawString(280, 755, "10")
        canvas.drawString(80, 715, "行政强制")
        canvas.drawString(280, 715, "6")

    assert texts(read(drawn(draw))) == [
        [["行政许可", "5"], ["行政处罚", "924 10"], ["行政强制", "6"]]
    ]


def test_a_row_that_begins_the_next_page_without_its_number_stays_a_row_of_its_own() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([72, 272, 322, 372], [60, 100])
        for x, text in ((80, "2、行政许可"), (280, "6"), (330, "12")):
            canvas.drawString(x, 75, text)
        canvas.showPage()
        canvas.setFont(FONT, 12)
        canvas.grid([72, 272, 322, 372], [740, 780])
        for x, text in ((80, "行政处罚"), (280, "169")):
            canvas.drawString(x, 755, text)

    assert texts(read(drawn(draw))) == [[["2、行政许可", "6", "12"], ["行政处罚", "169", ""]]]


def test_a_cell_over_several_rows_goes_on_after_the_page_end() -> None:
    rows = [(GridCell("组别"), GridCell("名称"), GridCell("数量"))]
    rows += [(GridCell("前"), GridCell(f"（{i}）前"), GridCell("1", value=True)) for i in range(30)]
    group = GridCell("三\n、\n本\n年\n度\n办\n理\n结\n果", rowspan=12)
    rows += [(group, GridCell("（0）后"), GridCell("2", value=True))]
    rows += [(GridCell(f"（{i}）后"), GridCell("2", value=True)) for i in range(1, 12)]
    printer = Printer()
    printer.table(Grid("g", 3, tuple(rows)))
    (table,) = tables(read(printer.close()))
    found = [[c.text for c in row] for row in table.rows[31:]]
    assert found == [["三、本年度办理结果", "（0）后", "2"]] + [
        [f"（{i}）后", "2"] for i in range(1, 12)
    ]
    assert {c.part.split("/")[0] for row in table.rows for c in row} == {"page:1", "page:2"}


def test_two_tables_with_other_columns_stay_two() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([72, 272, 322], [60, 100, 140])
        canvas.drawString(80, 115, "甲")
        canvas.showPage()
        canvas.setFont(FONT, 12)
        canvas.grid([72, 122, 172, 222, 322], [700, 740, 780])
        canvas.drawString(80, 755, "乙")

    assert len(tables(read(drawn(draw)))) == 2


# Tables without ruling lines.


def test_columns_without_lines_are_found_by_where_their_figures_stand() -> None:
    rows = [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "1", "", "3"],
        ["行政规范性文件", "12", "0", "345"],
        ["其他文件", "7", "8", "9"],
    ]
    printer = Printer(Noise(rules="none"))
    printer.table(plain_table(rows))
    document = read(printer.close())
    assert texts(document)[1:] == [rows[1:]]
    blank = tables(document)[0].rows[0][2]
    assert (blank.text, blank.col) == ("", 2)


def test_a_figure_between_two_columns_is_not_given_to_either() -> None:
    def draw(canvas: Canvas) -> None:
        for y, cells in (
            (700, ((72, "规章"), (200, "11"), (260, "22"))),
            (680, ((72, "文件"), (200, "33"), (260, "44"))),
            (660, ((72, "其他"), (232, "5"))),
        ):
            for x, text in cells:
                canvas.drawString(x, y, text)

    document = read(drawn(draw))
    assert texts(document) == [[["规章", "11", "22"], ["文件", "33", "44"]], "其他 5"]


def test_a_label_of_two_lines_around_its_figures_is_one_row() -> None:
    def draw(canvas: Canvas) -> None:
        for y, text in ((700, "规章"), (667, "行政规范"), (653, "性文件")):
            canvas.drawString(72, y, text)
        for y, figures in ((700, "12"), (660, "34")):
            for i, figure in enumerate(figures):
                canvas.drawString(200 + 60 * i, y, figure)

    assert texts(read(drawn(draw))) == [[["规章", "1", "2"], ["行政规范性文件", "3", "4"]]]


def test_blank_rows_on_both_sides_of_a_page_end_stay_two_rows() -> None:
    def group(name: str, count: int) -> list[tuple[GridCell, ...]]:
        rows = [(GridCell(f"{i}、事项"), GridCell("", value=True)) for i in range(1, count + 1)]
        return [(GridCell(name, rowspan=count), *rows[0]), *rows[1:]]

    # The page ends right before the second group.
    head = (GridCell("类别"), GridCell("名称"), GridCell("数量"))
    printer = Printer()
    printer.table(Grid("blank", 3, (head, *group("（一）甲类", 33), *group("（二）乙类", 3))))
    (found,) = texts(read(printer.close()))
    assert isinstance(found, list)
    assert found[-4:] == [
        ["33、事项", ""],
        ["（二）乙类", "1、事项", ""],
        *(["2、事项", ""], ["3、事项", ""]),
    ]


# Whole reports.


def printed_report(form: str, seed: int, noise: Noise) -> tuple[bytes, dict]:
    numbers = random_numbers(form, chance(form, seed))
    drawn_report = draw_report(agencies(20)[seed % 20], YEARS[form], seed=seed)
    sample = with_figures(drawn_report, numbers)
    return Printer(noise).document(blocks(sample, PLAIN)), numbers


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("form", FORMS)
def test_no_figure_of_a_printed_report_comes_back_as_another(form: str, rules: str) -> None:
    right = read_not = 0
    for seed in range(4):
        noise = Noise(
            rules=rules,
            split_rows=seed % 2 == 0,
            repeat=seed % 3 == 0,
            header="青禾县水务局文件" if seed % 2 else None,
            turn=(0, 90, 0, 270)[seed],
            watermark="内部资料" if seed == 1 else None,
            bold=seed == 2,
            shift=14 if seed == 3 else 0,
            lead=(1.4, 1.8, 1.2, 1.4)[seed],
            size=9,
            start=140.0 * seed,
            values=("centre", "left", "right", "centre")[seed],
        )
        data, numbers = printed_report(form, seed, noise)
        report = extract(read(data))
        assert (report.form, report.year) == (form, YEARS[form])
        assert report.agency_name == agencies(20)[seed].name
        for value in report.values:
            if value.number is not None:
                expected = numbers[value.table, value.row, value.column]
                assert value.number == pytest.approx(expected, rel=1e-12), value
                right += 1
            elif value.state is not State.ABSENT:
                read_not += 1
    assert right >= (0.99 if rules != "none" else 0.5) * 4 * len(numbers)


def test_a_figure_broken_in_a_narrow_cell_costs_only_itself() -> None:
    numbers = dict.fromkeys(printed_report("form_2021", 0, Noise())[1], 0.0)
    table, row, column = "t4_review_litigation", "cases", "review_corrected"
    numbers[table, row, column] = 12345678.0
    sample = draw_report(agencies(1)[0], 2023, seed=0)
    sample = msgspec.structs.replace(sample, numbers=numbers, printed={})
    report = extract(read(Printer().document(blocks(sample, PLAIN))))
    lost = {(v.table, v.row, v.column): v.state for v in report.values if v.number is None}
    assert lost == {(table, row, column): State.UNREADABLE}


# Files that can't be used.


def test_pages_of_images_only_say_so() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(72, 72, 400, 600, fill=1)

    assert failure(drawn(draw)).code == "image_only"


def test_a_page_number_over_a_scan_makes_no_text() -> None:
    pixel = scan()

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(pixel, 0, 0, 595, 842)
        canvas.drawString(290, 40, "- 1 -")

    assert failure(drawn(draw)).code == "image_only"


def test_one_scanned_page_among_others_is_a_doubt() -> None:
    pixel = scan()

    def draw(canvas: Canvas) -> None:
        for i in range(10):
            canvas.drawString(72, 700 - 20 * i, "二、主动公开政府信息情况")
        canvas.showPage()
        canvas.drawImage(pixel, 0, 0, 595, 842)

    (sign,) = read(drawn(draw)).diagnostics
    assert (sign.code, sign.params) == ("pages_without_text", {"pages": "2"})


def test_text_hidden_under_a_scan_is_a_doubt() -> None:
    pixel = scan()

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(pixel, 0, 0, 595, 842)
        for i in range(10):
            line = canvas.beginText(72, 700 - 20 * i)
            line.setTextRenderMode(3)
            line.textOut("二、主动公开政府信息情况")
            canvas.drawText(line)

    (sign,) = read(drawn(draw)).diagnostics
    assert (sign.code, sign.params) == ("pages_recognised", {"pages": "1"})


def scan() -> ImageReader:
    return ImageReader(Image.new("L", (8, 8), 200))


def hello(canvas: Canvas) -> None:
    canvas.drawString(72, 700, "一、总体情况")


def test_a_password_is_asked_for_in_one_line() -> None:
    locked = drawn(hello, encrypt=pdfencrypt.StandardEncryption("secret"))
    error = failure(locked)
    assert error.code == "encrypted"
    assert "password" in str(error)


def test_a_file_locked_only_against_changes_is_read() -> None:
    lock = pdfencrypt.StandardEncryption("", ownerPassword="owner", canModify=0)
    assert texts(read(drawn(hello, encrypt=lock))) == ["一、总体情况"]


def test_a_cut_file_is_unreadable_wherever_it_is_cut() -> None:
    data = drawn(hello)
    for size in range(1, len(data) - 10, 97):
        assert failure(data[:size]).code == "unreadable"


def test_a_damaged_stream_is_told_by_its_checksum() -> None:
    data = drawn(hello, pageCompression=1)
    start = data.index(b"stream") + 30
    assert failure(data[:start] + bytes([data[start] ^ 1]) + data[start + 1 :]).code == "unreadable"


@pytest.mark.parametrize("data", [b"hello", b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF\n", b"\0" * 5000])
def test_what_is_no_pdf_is_unreadable(data: bytes) -> None:
    assert failure(data).code == "unreadable"


def test_thousands_of_pages_end_quickly_with_the_number() -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(5000):
            canvas.drawString(72, 700, str(i))
            canvas.showPage()

    error = failure(drawn(draw))
    assert error.code == "too_large"
    assert "5,000 pages" in str(error)
    assert str(MAX_PAGES) in str(error)


def test_more_characters_than_a_report_has_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govreport_core.sources.pdf.MAX_CHARACTERS", 100)

    def draw(canvas: Canvas) -> None:
        for i in range(40):
            canvas.drawString(72, 800 - 12 * i, "一二三四五")

    assert failure(drawn(draw)).code == "too_large"


def test_a_table_of_too_many_cells_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govreport_core.sources.pdf.grid.MAX_UNITS", 100)

    def draw(canvas: Canvas) -> None:
        canvas.grid(range(50, 550, 10), range(50, 550, 10))
        hello(canvas)

    assert failure(drawn(draw)).code == "too_large"


def test_forms_within_forms_are_followed_to_their_tables() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("inner")
        canvas.setFont(FONT, 12)
        canvas.grid([0, 100, 150], [0, 40, 80])
        for x, y, text in ((8, 55, "甲"), (108, 55, "1"), (8, 15, "乙"), (108, 15, "2")):
            canvas.drawString(x, y, text)
        canvas.endForm()
        canvas.beginForm("outer")
        canvas.translate(50, 100)
        canvas.doForm("inner")
        canvas.endForm()
        canvas.translate(40, 300)
        canvas.doForm("outer")

    assert texts(read(drawn(draw))) == [[["甲", "1"], ["乙", "2"]]]


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first being its catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)


def glyph_numbers_only(mapped: bytes = b"") -> bytes:
    """Text as numbers of glyphs, and perhaps, before it, text that says what it prints."""
    content = mapped + b"BT /F1 12 Tf 72 700 Td <0031003200330041> Tj ET"
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R/F2 8 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/FontDescriptor 7 0 R/DW 600"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        b"<</Type/FontDescriptor/FontName/X/Flags 4/FontBBox[0 -200 1000 800]/Ascent 800"
        b"/Descent -200/ItalicAngle 0/CapHeight 700/StemV 80>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def drawn_characters(printed: str, size: int = 12) -> bytes:
    """A line of a font whose characters are drawings: 一 and - a stroke, others a box."""
    used = sorted(set(printed))
    names = b"".join(b"/c%d" % n for n in range(len(used)))
    shapes = {"一": b"60 350 900 80", "-": b"60 300 380 60"}
    bodies = [
        b"1000 0 %b d1 %b re f" % (_corners(shape), shape)
        for shape in (shapes.get(char, b"60 -60 880 880") for char in used)
    ]
    meanings = b"".join(b"<%02x> <%04x>\n" % (n + 1, ord(c)) for n, c in enumerate(used))
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"%d beginbfchar\n%bendbfchar endcmap end end" % (len(used), meanings)
    )
    text = bytes(used.index(c) + 1 for c in printed)
    content = b"BT /F1 %d Tf 72 700 Td <%b> Tj ET" % (size, text.hex().encode())
    procs = b"".join(b"/c%d %d 0 R" % (n, n + 7) for n in range(len(used)))
    streams = (content, cmap, *bodies)
    main, meant, *drawings = (
        b"<</Length %d>>\nstream\n%b\nendstream" % (len(stream), stream) for stream in streams
    )
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        main,
        b"<</Type/Font/Subtype/Type3/FontBBox[57 0 978 0]/FontMatrix[0.001 0 0 0.001 0 0]"
        b"/CharProcs<<%b>>/Encoding<</Type/Encoding/Differences[1 %b]>>/FirstChar 1/LastChar %d"
        b"/Widths[%b]/ToUnicode 6 0 R>>"
        % (procs, names, len(used), b" ".join([b"1000"] * len(used))),
        meant,
        *drawings,
    )


def _corners(shape: bytes) -> bytes:
    x, y, width, height = map(int, shape.split())
    return b"%d %d %d %d" % (x, y, x + width, y + height)


@pytest.mark.parametrize("printed", ["一", "（一）予以公开", "一一公开", "公开一", "-5公", "公-一"])
@pytest.mark.parametrize("size", [5, 12, 40])
def test_a_stroke_stands_in_its_line(printed: str, size: int) -> None:
    (line,) = texts(read(drawn_characters(printed, size)))
    assert isinstance(line, str)
    assert line.replace(" ", "") == printed


def test_a_font_that_does_not_say_what_it_prints_is_never_guessed_at() -> None:
    error = failure(glyph_numbers_only())
    assert error.code == "unreadable"
    assert "font" in str(error)


def test_single_characters_without_a_meaning_are_marked_and_counted() -> None:
    lines = b"".join(b"BT /F2 12 Tf 72 %d Td (some text) Tj ET " % y for y in (600, 620, 640))
    document = read(glyph_numbers_only(lines))
    assert texts(document)[0] == "\ufffd" * 4
    assert [(d.code, d.params) for d in document.diagnostics] == [
        ("characters_unmapped", {"count": 4})
    ]


# The real one.


@pytest.mark.corpus
def test_every_cell_of_the_real_report_is_read(corpus: Path) -> None:
    report = extract(read((corpus / "hongze_2024.pdf").read_bytes()))
    expected = json.loads((corpus / "expected/hongze_2024.json").read_text(encoding="utf-8"))
    found = {(v.table, v.row, v.column): v.number for v in report.values}
    assert {(t, r, c): found[t, r, c] for t, r, c, _ in expected["cells"]} == {
        (t, r, c): number for t, r, c, number in expected["cells"]
    }
    assert len(expected["cells"]) == 186
    assert (report.agency_name, report.year, report.form) == (
        expected["agency"],
        expected["year"],
        expected["form"],
    )
    assert sorted(s.section[1] for s in report.sections) == expected["sections"]


def ending(canvas: Canvas, right: float) -> None:
    """A table up to there; where that is the page's edge or beyond it, its last column is cut."""
    xs, ys = (100, 300, 560, right), (700, 730, 760, 790)
    for x in xs:
        canvas.line(x, ys[0], x, ys[-1])
    for y in ys:
        canvas.line(xs[0], y, xs[-1], y)
    for y, *cells in (
        (770, "项目", "上年", "本年"),
        (740, "许可", "12", "4567"),
        (710, "处罚", "3", ""),
    ):
        for x, text in zip((110, 310, 566), cells, strict=True):
            canvas.drawString(x, y, text)


@pytest.mark.parametrize(("right", "cut"), [(660, True), (594, True), (588, False)])
def test_a_figure_that_the_pages_edge_cuts_is_none(right: float, cut: bool) -> None:
    (table,) = texts(read(drawn(partial(ending, right=right))))
    (_, _, head), (_, whole, last), (_, alone, gone) = table
    assert "\ufffd" not in head
    assert (whole, alone) == ("12", "3")
    assert ("\ufffd" in last, "\ufffd" in gone) == (cut, cut)


def test_a_figure_without_a_table_that_the_pages_edge_cuts_is_none() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "收到申请12件")
        canvas.drawString(584, 650, "4567")

    first, cut = texts(read(drawn(draw)))
    assert first == "收到申请12件"
    assert str(cut).startswith("4")
    assert str(cut).endswith("\ufffd")


@pytest.mark.parametrize("angle", [float("nan"), float("inf"), -float("inf")])
def test_a_character_at_no_angle_stands_in_no_direction(angle: float) -> None:
    with np.errstate(invalid="ignore"):
        assert _quarters(np.array([angle, 0.0])).tolist() == [SLANTED, 0]


def test_a_characters_angle_is_told_in_quarters() -> None:
    quarter = math.pi / 2
    angles = [0.0, -0.09, 0.11, quarter, 3 * quarter + 0.05, -quarter, 2 * quarter, quarter / 2]
    assert _quarters(np.array(angles)).tolist() == [0, 0, SLANTED, 1, 3, 3, 2, SLANTED]
