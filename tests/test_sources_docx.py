"""Word files: what Word prints is read, once, and each cell stands in its grid column."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib

import pytest
from office_files import docx, p, r, tbl, tc
from spent import spent

from govreport_core.errors import SourceError
from govreport_core.model import Document, Layout, Paragraph, Table
from govreport_core.samples.package import HEAD, zipped
from govreport_core.sources.docx import read_docx
from govreport_core.sources.docx.counting import printed_number
from govreport_core.sources.docx.looks import without_looks

LISTS = """
<w:abstractNum w:abstractNumId="0">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
  <w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
  <w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>
 <w:lvlText w:val=""/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">
 <w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>
"""


def read(*body: str, **parts: str) -> Document:
    return read_docx(docx(*body, parts={f"word/{k}.xml": v for k, v in parts.items()}), "0")


def texts(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


def rows(document: Document, number: int = 0) -> list[list[str]]:
    table = [b for b in document.blocks if isinstance(b, Table)][number]
    return [[cell.text for cell in row] for row in table.rows]


def listed(number: str, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def test_paragraphs_and_cells_have_names_and_raw_texts() -> None:
    found = read(p("一、总体情况"), p(), tbl(["规章", " 3 "]), p("  完  "))
    assert [(x.part, x.kind, x.text) for x in found.parts] == [
        ("block:1", "paragraph", "一、总体情况"),
        ("table:1/r1/c1", "cell", "规章"),
        ("table:1/r1/c2", "cell", " 3 "),
        ("block:3", "paragraph", "  完  "),
    ]
    table = found.blocks[1]
    assert isinstance(table, Table)
    assert table.layout is Layout.GRID
    cell = table.rows[0][1]
    assert (cell.text, cell.start, cell.end, cell.col) == ("3", 1, 2, 1)


def test_merged_cells_stand_once_where_they_begin() -> None:
    found = read(
        tbl(
            [tc("标签", span=2, merge="begin"), tc("甲", span=2), "总计"],
            [tc(span=2, merge="on"), "1", "2", "3"],
            [tc("x", span=2), "4", "", "6"],
        )
    )
    table = found.blocks[0]
    assert isinstance(table, Table)
    places = [[(c.text, c.col, c.colspan) for c in row] for row in table.rows]
    assert places == [
        [("标签", 0, 2), ("甲", 2, 2), ("总计", 4, 1)],
        [("1", 2, 1), ("2", 3, 1), ("3", 4, 1)],
        [("x", 0, 2), ("4", 2, 1), ("", 3, 1), ("6", 4, 1)],
    ]
    spans = {x.part: (x.rowspan, x.colspan) for x in found.parts}
    assert spans["table:1/r1/c1"] == (2, 2)


def test_a_merge_without_a_beginning_is_a_cell_of_its_own() -> None:
    assert rows(read(tbl([tc("5", merge="on"), "6"]))) == [["5", "6"]]


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "99999999999", "100000"])
def test_a_wrong_span_is_one_column_or_as_many_as_word_has(span: str) -> None:
    wrong = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{p("a")}</w:tc>'
    table = read(f"<w:tbl><w:tr>{wrong}{tc('b')}</w:tr></w:tbl>{tbl(['c', 'd'])}").blocks[0]
    assert isinstance(table, Table)
    assert [c.text for c in table.rows[0]] == ["a", "b"]
    assert table.rows[0][1].col in (1, 63)


def test_rows_that_begin_later_keep_their_column() -> None:
    begins = "<w:tr><w:trPr><w:gridBefore w:val='2'/></w:trPr>" + tc("7") + tc("8") + "</w:tr>"
    table = read(f"<w:tbl>{begins}</w:tbl>").blocks[0]
    assert isinstance(table, Table)
    assert [c.col for c in table.rows[0]] == [2, 3]


def test_a_broken_label_is_joined_and_two_figures_are_not() -> None:
    found = read(tbl([tc("自", "然", "人"), tc("12", "34"), tc("十", "二"), tc("22", "（件）")]))
    assert rows(found) == [["自然人", "12 34", "十 二", "22（件）"]]
    assert found.parts[0].text == "自\n然\n人"


def test_tracked_insertions_stay_and_deletions_go() -> None:
    found = read(
        p(
            "收到",
            f'<w:del w:id="1">{"<w:r><w:delText>17</w:delText></w:r>"}</w:del>',
            f'<w:ins w:id="2">{r("18")}</w:ins>',
            f'<w:moveFrom w:id="3">{r("99")}</w:moveFrom>',
            f'<w:moveTo w:id="4">{r("件")}</w:moveTo>',
        ),
        p("前半", properties="<w:rPr><w:del w:id='5'/></w:rPr>"),
        p("后半"),
        "<w:tbl><w:tr><w:trPr><w:del w:id='6'/></w:trPr>" + tc("旧") + tc("1") + "</w:tr>"
        "<w:tr>" + tc("新") + tc("2") + "</w:tr></w:tbl>",
    )
    assert texts(found) == ["收到18件", "前半后半"]
    assert rows(found) == [["新", "2"]]


def test_content_controls_of_every_kind_are_looked_into() -> None:
    def control(inner: str) -> str:
        return f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    cells = control(tc("规章")) + tc(control(p("3")))
    row = control(f"<w:tr>{cells}</w:tr>")
    found = read(control(p("甲", control(r("乙")))), f"<w:tbl>{row}</w:tbl>")
    assert texts(found) == ["甲乙"]
    assert rows(found) == [["规章", "3"]]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('标题')}</w:txbxContent>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent>"
    )
    assert texts(read(p(f"<w:r>{both}</w:r>", "锚"))) == ["锚", "标题"]
    old = f"<w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r>"
    assert texts(read(p(old))) == ["标题"]


def test_the_fallback_is_read_where_the_choice_prints_nothing() -> None:
    art = '<w:pict><v:shape><v:textpath string="艺术字"/></v:shape></w:pict>'
    both = (
        "<mc:AlternateContent><mc:Choice Requires='x'><w:drawing/></mc:Choice>"
        f"<mc:Fallback>{art}</mc:Fallback></mc:AlternateContent>"
    )
    assert texts(read(p(f"<w:r>{both}</w:r>"))) == ["艺术字"]


def test_fields_print_their_result_only() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = "<w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r>"
    nested = mark("begin") + mark("separate") + r("里") + mark("end")
    whole = mark("begin") + code + nested + mark("separate") + r("12") + mark("end")
    simple = f'<w:fldSimple w:instr="DATE">{r("2025年")}</w:fldSimple>'
    assert texts(read(p("共", whole, "件"), p(simple))) == ["共12件", "2025年"]


def test_a_field_whose_end_was_deleted_swallows_nothing() -> None:
    begins = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    assert texts(read(p("甲", begins), p("乙"))) == ["甲", "乙"]


def test_numbers_of_lists_are_part_of_the_text() -> None:
    found = read(
        p("总体情况", properties=listed("1")),
        p("主要工作", properties=listed("1", 1)),
        p("第一项", properties=listed("1", 2)),
        p("第二项", properties=listed("1", 2)),
        p("其他工作", properties=listed("1", 1)),
        p("细项", properties=listed("1", 2)),
        p("主动公开", properties=listed("1")),
        p("另起", properties=listed("2")),
        p("圆点", properties=listed("3")),
        p("没有", properties=listed("0")),
        numbering=LISTS,
    )
    assert texts(found) == [
        "一、总体情况",
        "（一）主要工作",
        "1. 第一项",
        "2. 第二项",
        "（二）其他工作",
        "1. 细项",
        "二、主动公开",
        "一、另起",
        "圆点",
        "没有",
    ]


def test_numbers_of_lists_that_are_nowhere_or_half_defined_are_none() -> None:
    nameless = '<w:abstractNum><w:lvl><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    body = [p("甲", properties=listed(name, level)) for name in ("7", "", "8") for level in (0, 8)]
    found = read(*body, numbering=nameless + '<w:num w:numId="8"/><w:num/>')
    assert {str(text)[-1] for text in texts(found)} == {"甲"}
    assert texts(found)[:2] == ["甲", "甲"]


def test_half_a_character_is_no_text() -> None:
    found = read(p('<w:r><w:sym w:char="D83D"/><w:t>甲</w:t></w:r>'))
    assert texts(found) == ["\ufffd甲"]


def test_a_style_may_number_and_a_paragraph_may_decline() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1">'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:basedOn w:val="1"/></w:style>'
    )
    found = read(
        p("甲", properties='<w:pStyle w:val="1"/>'),
        p("乙", properties='<w:pStyle w:val="2"/>'),
        p("丙", properties='<w:pStyle w:val="2"/><w:numPr><w:numId w:val="0"/></w:numPr>'),
        p("丁"),
        numbering=LISTS,
        styles=styles,
    )
    assert texts(found) == ["一、甲", "二、乙", "丙", "丁"]


@pytest.mark.parametrize(
    ("number", "style", "printed"),
    [
        (10, "chineseCounting", "十"),
        (12, "chineseCountingThousand", "十二"),
        (20, "chineseCounting", "二十"),
        (105, "chineseCountingThousand", "一百零五"),
        (110, "japaneseCounting", "一百一十"),
        (2005, "chineseCountingThousand", "二千零五"),
        (12, "ideographDigital", "一二"),
        (3, "chineseLegalSimplified", "叁"),
        (21, "decimalEnclosedCircle", "㉑"),
        (3, "decimalFullWidth", "３"),
        (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"),
        (7, "decimalZero", "07"),
        (2, "ideographTraditional", "乙"),
        (5, "neverHeardOf", "5"),
        (0, "chineseCounting", "0"),
        (3, "bullet", ""),
    ],
)
def test_numbers_are_printed_in_their_style(number: int, style: str, printed: str) -> None:
    assert printed_number(number, style) == printed


def test_breaks_part_lines_and_tabs_stay() -> None:
    page = '<w:r><w:br w:type="page"/></w:r>'
    found = read(
        p(page, "三、收到和处理"),
        p("前", "<w:r><w:br/></w:r>", "后"),
        p("甲", "<w:r><w:tab/></w:r>", "乙"),
    )
    assert texts(found) == ["三、收到和处理", "前", "后", "甲\t乙"]
    heading, _, after, _ = (b for b in found.blocks if isinstance(b, Paragraph))
    assert (heading.part, heading.start) == ("block:1", 1)
    assert (after.part, after.start) == ("block:2", 2)


def test_marks_on_a_figure_are_not_part_of_it() -> None:
    raised = r("2", '<w:vertAlign w:val="superscript"/>')
    struck = r("17", "<w:strike/>")
    hidden = r("9", "<w:vanish/>")
    not_struck = r("8", '<w:strike w:val="0"/>')
    cells = [tc(p("12", raised)), tc(p(struck, "18")), tc(p(hidden, "5")), tc(p(not_struck))]
    printed = rows(read(tbl(cells)))[0]
    assert printed[0] == "12²"
    assert printed[1] != "1718"
    assert printed[2:] == ["5", "8"]


def test_a_picture_in_a_cell_is_no_blank() -> None:
    picture = '<w:r><w:drawing><a:blip r="1"/></w:drawing></w:r>'
    found = read(p("文", picture), tbl(["规章", tc(p(picture))]))
    assert texts(found) == ["文"]
    assert rows(found) == [["规章", "\ufffc"]]


def test_a_table_that_frames_the_page_is_taken_apart() -> None:
    inner = tbl(["信息内容", "件数"], ["规章", "3"])
    prose = [p(f"第{i}段" + "文" * 60) for i in range(5)]
    for frame in ([[tc(p("题"), *prose, inner)]], [["左栏", tc(p("题"), *prose, inner)]]):
        found = read(tbl(*frame))
        assert "题" in texts(found)
        assert rows(found) == [["信息内容", "件数"], ["规章", "3"]]


def test_a_table_in_a_cell_follows_its_own() -> None:
    inner = tbl(["甲", "乙"], ["丙", "丁"])
    found = read(
        tbl(["信息内容一", "信息内容二", "信息内容三"], ["规章", tc(p("说明"), inner), "3"]),
        p("完"),
    )
    assert rows(found, 0)[1] == ["规章", "说明", "3"]
    assert rows(found, 1) == [["甲", "乙"], ["丙", "丁"]]
    assert [x.part for x in found.parts if x.text == "甲"] == ["table:2/r1/c1"]
    assert isinstance(found.blocks[-1], Paragraph)


def test_figures_of_a_table_in_a_cell_stay_apart_in_it() -> None:
    found = read(tbl(["规章", tc(tbl(["1", "2"])), tc(tbl(["3"]))]))
    assert rows(found) == [["规章", "1 2", "3"]]


def test_reading_aids_comments_and_symbols() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{r('pin')}</w:rt><w:rubyBase>{r('拼')}</w:rubyBase></w:ruby></w:r>"
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="00D7"/></w:r>'
    hyphen = "<w:r><w:noBreakHyphen/></w:r>"
    found = read(p(ruby, "<!-- 9 -->", symbol, hyphen, "<?x y?>", "3"))
    assert texts(found) == ["拼×-3"]


def test_strict_files_and_unusual_names_are_read() -> None:
    usual = docx(p("一", properties=listed("1")), parts={"word/numbering.xml": LISTS})
    with zipfile.ZipFile(io.BytesIO(usual)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    old = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    new = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    relation = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    schema = "http://schemas.openxmlformats.org/package/2006/relationships"

    def related(kind: str, target: str) -> str:
        entry = f'<Relationship Id="a" Type="{relation}/{kind}" Target="{target}"/>'
        return f'{HEAD}<Relationships xmlns="{schema}">{entry}</Relationships>'

    strict = {
        "_rels/.rels": related("officeDocument", "/word/document2.xml"),
        "word/_rels/document2.xml.rels": related("numbering", "lists.xml"),
        "word/document2.xml": files["word/document.xml"].replace(old, new),
        "word/lists.xml": files["word/numbering.xml"].replace(old, new),
    }
    assert texts(read_docx(zipped(strict), "0")) == ["一、一"]


def core(title: str) -> str:
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title></cp:coreProperties>"
    )


@pytest.mark.parametrize(
    ("title", "taken"),
    [
        ("某县2024年政府信息公开工作年度报告", True),
        ("某县2019年政府信息公开工作年度报告", False),
        ("某县政府信息公开工作年度报告", False),
        ("文档1 2024", False),
    ],
)
def test_the_properties_title_counts_only_where_the_text_has_its_year(
    title: str, taken: bool
) -> None:
    data = docx(p("2024年,本县……"), parts={"docProps/core.xml": core(title)})
    found = read_docx(data, "0")
    assert ("title" in found.metadata) is taken
    if taken:
        cell = found.metadata["title"]
        part = next(x for x in found.parts if x.part == cell.part)
        assert part.text[cell.start : cell.end] == title


# Files that can't be read, or must not be.


def refused(data: bytes) -> str:
    started = spent()
    with pytest.raises(SourceError) as caught:
        read_docx(data, "0")
    assert spent() - started < 10
    assert "\n" not in str(caught.value)
    return caught.value.code


def test_a_file_of_pictures_or_of_nothing_says_so() -> None:
    picture = '<w:r><w:drawing><a:blip r="1"/></w:drawing></w:r>'
    assert refused(docx(p(picture), p())) == "image_only"
    assert refused(docx(tbl([tc(p(picture)), tc(p(picture))]))) == "image_only"
    assert refused(docx(p())) == "empty"


def test_a_cut_file_is_unreadable_wherever_it_is_cut() -> None:
    whole = docx(*[p(f"段落{i}") for i in range(200)])
    assert {refused(whole[:at]) for at in range(30, len(whole) - 1, 97)} == {"unreadable"}


def test_entities_are_never_resolved() -> None:
    body = "<w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    for entity in ('"boom"', 'SYSTEM "file:///etc/hostname"', 'SYSTEM "http://192.0.2.1/x"'):
        xml = f"<!DOCTYPE d [<!ENTITY x {entity}>]><w:document {space}>{body}"
        assert refused(zipped({"word/document.xml": xml})) == "unreadable"
    laughs = "".join(f"<!ENTITY l{i} '{f'&l{i - 1};' * 10}'>" for i in range(1, 12))
    xml = f"<!DOCTYPE d [<!ENTITY l0 'ha'>{laughs}]><w:document {space} a='&l11;'>{body}"
    assert refused(zipped({"word/document.xml": xml})) == "unreadable"


def test_nesting_beyond_any_report_is_refused() -> None:
    for depth in (200, 100_000):
        deep = "<w:sdt><w:sdtContent>" * depth + p("文") + "</w:sdtContent></w:sdt>" * depth
        assert refused(docx(deep)) == "too_large"


def test_tables_in_tables_are_read_as_deep_as_xml_may_nest() -> None:
    begin, end = f"<w:tbl><w:tr>{tc('甲')}<w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    found = read(begin * 80 + p("文") + end * 80)
    assert texts(found) == ["甲"] * 79
    assert rows(found) == [["甲", "文"]]


def test_fields_without_end_and_long_numbers_cost_no_more_than_their_length() -> None:
    opens = "".join(
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate")
    )
    endless = '<w:lvl w:ilvl="0"><w:lvlText w:val="' + "%1" * 5_000 + '"/></w:lvl>'
    lists = (
        f'<w:abstractNum w:abstractNumId="0">{endless}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    started = spent()
    found = read(*[p(opens, "文", properties=listed("1"))] * 20_000, numbering=lists)
    assert len(found.parts) == 20_000
    assert spent() - started < 10


def test_more_cells_than_any_report_has_are_refused() -> None:
    cell = "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>"
    row = f"<w:tr>{cell * 50}</w:tr>"
    assert refused(docx(f"<w:tbl>{row * 2_400}</w:tbl>")) == "too_large"


def bomb(size: int) -> bytes:
    """A zip whose only member, of that many zero bytes, is a thousandth of it."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(1024 * 1024)
    crc, body = 0, b""
    for _ in range(size // len(piece)):
        body += deflate.compress(piece)
        crc = zlib.crc32(piece, crc)
    body += deflate.flush()
    return _archive([("word/document.xml", body, crc, size)])


def _archive(members: list[tuple[str, bytes, int, int]]) -> bytes:
    out, directory = b"", b""
    for name, body, crc, size in members:
        about = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(body), size, len(name), 0)
        place = struct.pack("<HHHII", 0, 0, 0, 0, len(out))
        directory += b"PK\x01\x02\x14\x00" + about + place + name.encode()
        out += b"PK\x03\x04" + about + name.encode() + body
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(out), 0)
    return out + directory + b"PK\x05\x06" + end


def test_a_zip_bomb_is_refused_before_it_grows() -> None:
    small = bomb(64 * 1024 * 1024)
    assert refused(small) == "too_large"
    # The same, said to be 2 GB, and said to be small.
    size = struct.pack("<I", 64 * 1024 * 1024)
    assert refused(small.replace(size, struct.pack("<I", 2**31 - 1))) == "too_large"
    assert refused(small.replace(size, struct.pack("<I", 1000))) == "unreadable"
    assert refused(bomb(8 * 1024 * 1024)) == "too_large"


def test_a_zip_of_too_many_files_is_refused() -> None:
    data = _archive([(f"a{i}", b"\x03\x00", 0, 0) for i in range(20_000)])
    assert refused(data) == "too_large"


def test_a_member_behind_a_password_is_said_to_be_encrypted() -> None:
    data = bytearray(docx(p("题")))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = data.index(mark) + (6 if mark.endswith(b"\x04") else 8)
        data[at] |= 1
    assert refused(bytes(data)) == "encrypted"


def test_notes_at_the_foot_are_readable_but_no_part_of_the_text() -> None:
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    rule = '<w:footnote w:type="separator"/>'
    note = f"<w:footnote>{p('含上年结转', '<w:del><w:r><w:t>9</w:t></w:r></w:del>')}</w:footnote>"
    found = read(p("收到申请12", mark, "件"), footnotes=rule + note)
    assert texts(found) == ["收到申请12件"]
    assert [(p.part, p.text) for p in found.parts] == [
        ("block:1", "收到申请12件"),
        ("footnote:1", "含上年结转"),
    ]


def test_what_stands_above_and_below_each_page_is_left_out() -> None:
    section = "<w:sectPr><w:headerReference/></w:sectPr>"
    found = read(p("一、总体情况"), section, header1=p("内部资料"))
    assert texts(found) == ["一、总体情况"]


def test_marks_that_a_converter_lost_around_a_number_are_put_back() -> None:
    lists = LISTS.replace("%1、", "%1?").replace("（%2）", "?%2?")
    found = read(
        p("总体情况", properties=listed("1")), p("机构", properties=listed("1", 1)), numbering=lists
    )
    assert texts(found) == ["一、总体情况", "（一）机构"]


def test_what_only_sets_a_look_is_dropped_and_no_word_of_the_text() -> None:
    look = '<w:rFonts w:ascii="A"/><w:b/><w:sz w:val="21"/>'
    assert texts(read(p(r("甲", look), "<w:r><w:br/><w:t>乙</w:t></w:r>"))) == ["甲", "乙"]
    assert without_looks(b'<w:r><w:br/><w:b w:val="1" /><w:bdo/></w:r>') == (
        b"<w:r><w:br/><w:bdo/></w:r>"
    )
    emptied = b"<w:p><w:pPr><w:jc/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t/></w:r></w:p>"
    assert without_looks(emptied) == b"<w:p><w:r><w:t/></w:r></w:p>"


def test_a_look_that_is_quoted_is_text() -> None:
    quoted = "<w:r><w:t><![CDATA[<w:b/>]]></w:t></w:r>"
    assert texts(read(f"<w:p>{quoted}</w:p>")) == ["<w:b/>"]


def test_a_paragraph_is_walked_where_anything_but_a_run_holds_text() -> None:
    link = f"<w:hyperlink>{r('乙')}</w:hyperlink>"
    moved = f"<w:moveFrom>{r('丙')}</w:moveFrom>"
    unread = "<w:rPr><w:t>丁</w:t></w:rPr>"
    found = read(f"<w:p>{r('甲')}{link}{moved}{unread}</w:p>", f"<w:p>{p(r('戊'))}{r('己')}</w:p>")
    assert texts(found) == ["甲乙", "戊己"]


def test_paragraphs_in_paragraphs_cost_no_more_than_others() -> None:
    deep = "<w:p>" * 80 + "<w:r><w:br/></w:r>" * 60_000 + r("文") + "</w:p>" * 80
    began = time.process_time()
    assert texts(read(deep)) == ["文"]
    assert time.process_time() - began < 4
