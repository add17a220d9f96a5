"""Spreadsheets: each cell's text as it is shown, tables and paragraphs told apart."""

from __future__ import annotations

import io
import re
import struct
import zipfile

import pytest
from damage import member, rezipped
from office_files import ods, xls
from spent import spent

from govreport_core.errors import SourceError
from govreport_core.model import Document, Layout, Paragraph, Table
from govreport_core.samples.package import HEAD, RELATIONS, relations, zipped
from govreport_core.sources.sheets import read_ods, read_xls, read_xlsx
from govreport_core.sources.sheets.formats import plain, read_format, show

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(
    *sheets: str,
    styles: str = "",
    strings: str = "",
    merged: str = "",
    hidden: int = 0,
    columns: str = "",
) -> bytes:
    """An Excel file of these sheets' rows; the last `hidden` of them aren't shown."""
    entries, files, targets = "", {}, {}
    for i, rows in enumerate(sheets, 1):
        state = ' state="hidden"' if i > len(sheets) - hidden else ""
        entries += f'<sheet name="S{i}" sheetId="{i}"{state} r:id="rId{i}"/>'
        targets[f"worksheets/sheet{i}.xml"] = "worksheet"
        merges = f"<mergeCells>{merged}</mergeCells>" if merged else ""
        cols = f"<cols>{columns}</cols>" if columns else ""
        files[f"xl/worksheets/sheet{i}.xml"] = (
            f'{HEAD}<worksheet xmlns="{MAIN}">{cols}<sheetData>{rows}</sheetData>{merges}'
            "</worksheet>"
        )
    files["xl/workbook.xml"] = (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f"<sheets>{entries}</sheets></workbook>"
    )
    files["xl/_rels/workbook.xml.rels"] = relations(targets)
    if styles:
        files["xl/styles.xml"] = f'{HEAD}<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    if strings:
        files["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{strings}</sst>'
    return zipped(files)


def cell(name: str, value: str | float = "", **about: str) -> str:
    """A cell: a text in it, or a number."""
    attributes = "".join(f' {k}="{v}"' for k, v in about.items())
    if isinstance(value, str) and "t" not in about:
        inner = f"<is><t>{value}</t></is>" if value else ""
        return f'<c r="{name}" t="inlineStr"{attributes}>{inner}</c>'
    return f'<c r="{name}"{attributes}><v>{value}</v></c>'


def row(number: int, *values: str | float) -> str:
    cells = "".join(cell(f"{chr(65 + i)}{number}", v) for i, v in enumerate(values) if v != "")
    return f'<row r="{number}">{cells}</row>'


def rows(document: Document, number: int = 0) -> list[list[str]]:
    table = [b for b in document.blocks if isinstance(b, Table)][number]
    assert table.layout is Layout.GRID
    return [[c.text for c in line] for line in table.rows]


def paragraphs(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


def test_rows_of_one_text_are_paragraphs_and_others_a_table() -> None:
    found = read_xlsx(
        xlsx(
            row(1, "某县2024年政府信息公开工作年度报告")
            + row(2, "一、总体情况")
            + row(3, "2024年，本县认真落实各项要求，主动公开信息100条。")
            + row(4, "第二十条第（一）项")
            + row(5, "信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
            + row(6, "规章")
            + row(7, "规范性文件", 3.0, "", 12.5)
            + row(8, "某县人民政府")
            + row(9, "2025年1月20日"),
        ),
        "0",
    )
    assert paragraphs(found)[:3] == [
        "某县2024年政府信息公开工作年度报告",
        "一、总体情况",
        "2024年，本县认真落实各项要求，主动公开信息100条。",
    ]
    assert rows(found)[1:3] == [["规章", "", "", ""], ["规范性文件", "3", "", "12.5"]]
    assert paragraphs(found)[-1] == "2025年1月20日"
    part = next(x for x in found.parts if x.text == "12.5")
    assert (part.part, part.kind, part.row, part.col) == ("sheet:1/r7/c4", "cell", 6, 3)


def test_a_table_goes_on_below_an_empty_row_as_wide() -> None:
    found = read_xlsx(
        xlsx(
            row(1, "信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
            + row(2, "规章", 1.0, 2.0, 3.0)
            + row(4, "规范性文件", "", 4.0)
            + row(6, "四、行政复议", "1.0")
            + row(7, "以下没有表格，只有一段说明，它比表格里的任何一个名称都长得多，也不是名称。")
            + row(9, "行政许可", 5.0)
        ),
        "0",
    )
    assert rows(found, 1) == [["规范性文件", "", "4", ""]]
    assert rows(found, 3) == [["行政许可", "5"]]


def test_merged_cells_stand_once_and_hide_what_they_cover() -> None:
    merged = '<mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/><mergeCell ref="B3:C3"/>'
    found = read_xlsx(
        xlsx(row(1, "甲", "乙", "9") + row(2, "8", 1.0, 2.0) + row(3, "丙", 3.0), merged=merged),
        "0",
    )
    table = found.blocks[0]
    assert isinstance(table, Table)
    assert [[(c.text, c.col, c.colspan) for c in line] for line in table.rows] == [
        [("甲", 0, 1), ("乙", 1, 2)],
        [("1", 1, 1), ("2", 2, 1)],
        [("丙", 0, 1), ("3", 1, 2)],
    ]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (3.0, "3"),
        (0.0, "0"),
        (-0.0, "0"),
        (-5.0, "-5"),
        (549.80899999999997, "549.809"),
        (0.1 + 0.2, "0.3"),
        (1e-6, "0.000001"),
        (12345678901234.0, "12345678901234"),
        (1e20, "100000000000000000000"),
    ],
)
def test_numbers_have_no_needless_zeros_and_no_exponent(number: float, shown: str) -> None:
    assert plain(number) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", "12.5"),
        ("0.00", "12.5"),
        ("#,##0.00_);[Red]\\(#,##0.00\\)", "12.5"),
        ('0.0"万元"', "12.5万元"),
        ("0.0\\元", "12.5元"),
        ('"共"0"件"', "共12.5件"),
        ("[$¥-804]#,##0.00", "¥12.5"),
        ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "12.5"),
        ('"@"', "12.5"),
        ("yyyy/m/d", "1900-01-11 12:00"),
        ('yyyy"年"m"月"d"日"', "1900-01-11 12:00"),
        ("[h]:mm", "1900-01-11 12:00"),
        ("0%", "12.5 [0%]"),
        ("0!.0,", "12.5 [0!.0,]"),
        ('0"."0', '12.5 [0"."0]'),
        ("#,##0,", "12.5 [#,##0,]"),
    ],
)
def test_a_format_may_add_words_but_never_another_figure(code: str, shown: str) -> None:
    assert show("12.5", read_format(code)) == shown


def test_texts_dates_errors_and_formulas_are_shown_as_excel_shows_them() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="0&quot;万元&quot;"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="31"/><xf numFmtId="164"/></cellXfs>'
    )
    strings = (
        "<si><t>普通</t></si><si><r><t>富</t></r><r><t>文</t></r><rPh><t>ふ</t></rPh></si>"
        "<si><t>上_x000D_\n下</t></si>"
    )
    line = (
        cell("A1", "0", t="s")
        + cell("B1", "1", t="s")
        + cell("C1", "2", t="s")
        + cell("D1", "45677", t="n", s="1")
        + cell("E1", "3", t="n", s="2")
        + cell("F1", "#DIV/0!", t="e")
        + '<c r="G1"><f>SUM(A1:A2)</f></c>'
        + '<c r="H1"><f>A1</f><v>7</v></c>'
        + cell("I1", "1", t="b")
        + '<c r="J1" t="str"><f>1</f><v></v></c>'
        + cell("K1", "99", t="s")
        + "<c><v>8</v></c>"
    )
    found = read_xlsx(xlsx(f"<row>{line}</row>", styles=styles, strings=strings), "0")
    assert rows(found) == [
        [
            "普通", "富文", "上下", "2025-01-20", "3万元", "#DIV/0!", "=SUM(A1:A2)",
            "7", "TRUE", "", "99", "8",
        ]
    ]  # fmt: skip


def test_hidden_sheets_are_left_out_and_told() -> None:
    data = xlsx(row(1, "甲", 1.0), row(1, "旧", 2.0), hidden=1)
    found = read_xlsx(data, "0")
    assert [x.text for x in found.parts] == ["甲", "1"]
    assert [(d.code, d.params["count"]) for d in found.diagnostics] == [("sheets_hidden", 1)]


def test_old_excel_files_show_the_same() -> None:
    texts: dict[tuple[int, int], str | float] = {
        (0, 0): "标签", (0, 1): 3.0, (0, 2): "#DIV/0!", (1, 1): 12.5, (1, 2): "无",
    }  # fmt: skip
    found = read_xls(xls((texts, [(0, 0, 1, 0)])), "0")
    assert rows(found) == [["标签", "3", "#DIV/0!"], ["12.5", "无"]]
    assert rows(read_xls(xls((texts, []), formats=['0"万元"']), "0"))[1] == ["", "12.5万元", "无"]
    two = read_xls(xls((texts, []), ({(0, 0): 2.0, (0, 1): 2.0}, []), hidden=1), "0")
    assert len(two.blocks) == 1
    assert [d.code for d in two.diagnostics] == ["sheets_hidden"]


def test_open_document_sheets_show_the_same() -> None:
    texts: dict[tuple[int, int], str | float] = {
        (2, 1): "标签", (2, 2): 3.0, (3, 2): "上\n下", (3, 3): "无",
    }  # fmt: skip
    found = read_ods(ods(texts, [(2, 1, 3, 1)]), "0")
    assert rows(found) == [["标签", "3", ""], ["上下", "无"]]
    assert found.parts[0].part == "sheet:1/r3/c2"


# Files that can't be read, or must not be.


def refused(data: bytes, read: object = read_xlsx) -> str:
    assert callable(read)
    started = spent()
    with pytest.raises(SourceError) as caught:
        read(data, "0")
    assert spent() - started < 10
    assert "\n" not in str(caught.value)
    return caught.value.code


LONG = "9" * 5_000


def test_places_and_styles_of_thousands_of_figures_are_none() -> None:
    """Python refuses to read such a number."""
    style = f'<cellXfs><xf numFmtId="{LONG}"/></cellXfs>'
    cells = [cell("A1", LONG, t="s"), cell("A2", 3, s=LONG), cell("A3", 4, s="0")]
    lines = "".join(f'<row r="{n}">{one}</row>' for n, one in enumerate(cells, 1))
    assert paragraphs(read_xlsx(xlsx(lines, styles=style), "0")) == [LONG, "3", "4"]


def test_spaces_and_repeats_of_thousands_of_figures_are_one() -> None:
    data = ods({(0, 0): "甲乙"})
    content = member(data, "content.xml").decode()
    content = content.replace("甲乙", f'甲<text:s text:c="{LONG}"/>乙')
    repeated = f'number-rows-repeated="{LONG}"'
    content = re.sub(r'number-rows-repeated="\d+"', repeated, content)
    assert "甲<" in content
    assert repeated in content
    changed = rezipped(data, "content.xml", content.encode())
    assert paragraphs(read_ods(changed, "0")) == ["甲 乙"]


def test_empty_sheets_are_empty() -> None:
    assert refused(xlsx("")) == "empty"
    assert refused(ods({}), read_ods) == "empty"
    assert refused(xls(({}, [])), read_xls) == "empty"


def test_cells_far_apart_cost_nothing() -> None:
    far = f'<row r="1">{cell("A1", "甲")}</row><row r="1048576">{cell("XFD1048576", "乙")}</row>'
    assert paragraphs(read_xlsx(xlsx(far), "0")) == ["甲", "乙"]
    wide = f'<row r="1">{cell("A1", "甲")}{cell("XFD1", "乙")}</row>'
    assert len(rows(read_xlsx(xlsx(wide), "0"))[0]) == 16_384


def test_old_sheets_with_cells_far_apart_are_refused() -> None:
    texts: dict[tuple[int, int], str | float] = {(0, 0): "甲", (65535, 255): "乙"}
    assert refused(xls((texts, [])), read_xls) == "too_large"


def test_more_cells_than_any_report_has_are_refused() -> None:
    line = f"<row>{'<c><v>1</v></c>' * 1000}</row>"
    assert refused(xlsx(line * 300)) == "too_large"
    wide = f'<row r="1">{cell("A1", "甲")}{cell("XFD1", "乙")}</row>'
    tall = "".join(wide.replace('1"', f'{i}"') for i in range(1, 20))
    assert refused(xlsx(tall)) == "too_large"


def test_merged_ranges_over_everything_are_refused() -> None:
    cells = "".join(row(i, "甲", "乙") for i in range(1, 2000))
    merged = '<mergeCell ref="A1:XFD1048576"/>' * 5_000
    assert refused(xlsx(cells, merged=merged)) == "too_large"


def test_repeated_cells_are_counted_before_they_are_made() -> None:
    few: dict[tuple[int, int], str | float] = {(0, 0): "甲", (0, 1): "乙"}
    repeated = 'table:number-columns-repeated="1000000"><text:p>甲'
    data = ods(few)
    with_many = _changed(data, "><text:p>甲", f" {repeated}")
    assert refused(with_many, read_ods) == "too_large"
    rows_too = _changed(
        data, "<table:table-row><", '<table:table-row table:number-rows-repeated="999999"><'
    )
    assert refused(rows_too, read_ods) == "too_large"


def _changed(data: bytes, old: str, new: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert old in files["content.xml"]
    return zipped({n: t.replace(old, new, 1) for n, t in files.items()})


def test_a_text_used_by_every_cell_is_counted_each_time() -> None:
    strings = f"<si><t>{'文' * 30_000}</t></si>"
    cells = '<row><c t="s"><v>0</v></c></row>' * 500
    assert refused(xlsx(cells, strings=strings)) == "too_large"


def test_cut_files_are_unreadable() -> None:
    cases = [
        (xlsx("".join(row(i, "甲", float(i)) for i in range(1, 200))), read_xlsx),
        (ods({(i, 0): f"文{i}" for i in range(200)}), read_ods),
    ]
    for whole, read in cases:
        cuts = range(30, len(whole) - 1, 61)
        assert {refused(whole[:at], read) for at in cuts} == {"unreadable"}
    whole = xls(({(i, 0): f"文{i}" for i in range(200)}, []))
    assert {refused(whole[:at], read_xls) for at in range(40, len(whole), 97)} == {"unreadable"}


def test_entities_are_never_resolved() -> None:
    evil = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    data = _sheet_with(evil)
    assert refused(data) == "unreadable"


def test_entities_in_sixteen_bits_arent_either() -> None:
    with zipfile.ZipFile(io.BytesIO(_sheet_with('<!DOCTYPE d [<!ENTITY x "1">]>'))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    files[name] = files[name].decode().replace("UTF-8", "UTF-16").encode("utf-16")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        for member, data in files.items():
            written.writestr(member, data)
    assert refused(out.getvalue()) == "unreadable"


def test_cells_in_cells_and_text_between_them_do_no_harm() -> None:
    inner = cell("B1", "乙")
    rows = f'<row><c r="A1" t="inlineStr"><is><t>甲</t></is>{inner}</c>{"x" * 90_000}</row>'
    assert [part.text for part in read_xlsx(xlsx(rows * 3), "0").parts] == ["甲", "乙"]
    assert refused(xlsx(rows[:-20] * 3)) == "unreadable"


def test_escaped_characters_are_put_together_and_halves_are_no_text() -> None:
    found = read_xlsx(xlsx(row(1, "a_xD83D__xDE00_", "_xD800_甲")), "0")
    assert [part.text for part in found.parts] == ["a\U0001f600", "\ufffd甲"]


def test_an_old_file_that_breaks_the_library_is_damaged() -> None:
    whole = xls(({(0, 0): "甲"}, []))
    merged = struct.pack("<HHH", 0xE5, 2, 0)
    assert merged in whole
    assert refused(whole.replace(merged, struct.pack("<HHH", 0xE5, 0, 0)), read_xls) == "unreadable"


def _sheet_with(doctype: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx(row(1, "甲")))) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    files[name] = files[name].replace("<worksheet", doctype + "<worksheet").replace("甲", "&x;")
    return zipped(files)


def test_hidden_rows_and_columns_arent_read() -> None:
    shown = row(1, "规章", 3, 4) + row(2, "上年", 1, 2).replace("<row", '<row hidden="1"')
    data = xlsx(shown + row(3, "行政规范性文件", 5, 6), columns='<col min="2" max="2" hidden="1"/>')
    found = read_xlsx(data, "0")
    assert [rows(found, 0), rows(found, 1)] == [[["规章", "", "4"]], [["行政规范性文件", "", "6"]]]
    (note,) = found.diagnostics
    assert (note.code, note.params) == ("cells_hidden", {"count": 5})


def test_a_merged_cell_that_begins_in_a_hidden_column_is_still_seen() -> None:
    data = xlsx(
        row(1, "题", "", "规章") + row(2, "", "", "3"),
        merged='<mergeCell ref="A1:B1"/>',
        columns='<col min="1" max="1" hidden="true"/><col min="9" max="99999" hidden="1"/>',
    )
    assert any("题" in p.text for p in read_xlsx(data, "0").parts)


def test_a_large_sheet_is_read_cell_by_cell_as_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    data = xlsx(
        row(1, "事项", "数量") + row(2, "收到", 12) + '<row r="3" hidden="1"><c r="A3"/></row>',
        row(1, "", "甲") + "<row><c><v>3</v></c><c t='b'><v>1</v></c></row>",
        merged='<mergeCell ref="A1:A2"/>',
        columns='<col min="3" max="3" hidden="1"/>',
    )
    small = read_xlsx(data, "id")
    monkeypatch.setattr("govreport_core.sources.sheets.xlsx._AT_ONCE", 0)
    assert read_xlsx(data, "id") == small
    with pytest.raises(SourceError, match="its XML is broken"):
        read_xlsx(xlsx("<row>"), "id")
