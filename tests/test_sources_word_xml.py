"""Word files that are one XML file: that of 2003, and a package's parts in one."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from four_formats import report, word
from office_files import docx, p, r, tbl, tc
from spent import spent
from test_sources_webarchive import small

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.model import Document, Table
from govreport_core.samples.package import HEAD, RELATIONS
from govreport_core.sources import read_bytes

W2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
NAMES = (
    f'xmlns:w="{W2003}" xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"'
    ' xmlns:aml="http://schemas.microsoft.com/aml/2001/core"'
)
PKG = "http://schemas.microsoft.com/office/2006/xmlPackage"


def old(*body: str) -> bytes:
    inside = "".join(body).replace("w:vMerge", "w:vmerge")
    return (
        f'{HEAD}<?mso-application progid="Word.Document"?><w:wordDocument {NAMES}>'
        f"<w:body><wx:sect>{inside}<w:sectPr/></wx:sect></w:body></w:wordDocument>"
    ).encode()


def flat(package: bytes, **files: bytes) -> bytes:
    """A .docx as one XML file; `files` are added as base64."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for name in archive.namelist():
            inner = archive.read(name).decode().partition("?>\n")[2]
            parts.append(
                f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{inner}</pkg:xmlData></pkg:part>'
            )
    for name, data in files.items():
        text = base64.encodebytes(data).decode()
        parts.append(
            f'<pkg:part pkg:name="/word/{name}"><pkg:binaryData>{text}</pkg:binaryData></pkg:part>'
        )
    start = f'{HEAD}<?mso-application progid="Word.Document"?>\n'
    return f'{start}<pkg:package xmlns:pkg="{PKG}">{"".join(parts)}</pkg:package>'.encode()


def texts(document: Document) -> list[object]:
    return [
        [[cell.text for cell in row] for row in block.rows]
        if isinstance(block, Table)
        else block.text
        for block in document.blocks
    ]


def body_of(package: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        text = archive.read("word/document.xml").decode()
    return text.partition("<w:body>")[2].partition("<w:sectPr/>")[0]


@pytest.mark.parametrize("ending", [".xml", ".doc", ".docx", "", ".txt"])
@pytest.mark.parametrize("kind", ["2003", "package"])
def test_a_report_gives_the_same_values(kind: str, ending: str) -> None:
    package = word(report())
    data = old(body_of(package)) if kind == "2003" else flat(package)
    wanted = extract(read_bytes(package, ".docx"))
    found = extract(read_bytes(data, ending))
    assert (found.values, found.title) == (wanted.values, wanted.title)


def test_merged_cells_tracked_changes_and_comments_are_as_in_any_word_file() -> None:
    def annotated(kind: str, inside: str) -> str:
        content = f"<aml:content>{inside}</aml:content>"
        return f'<aml:annotation w:type="Word.{kind}">{content}</aml:annotation>'

    gone = annotated("Deletion", "<w:r><w:delText>旧</w:delText></w:r>")
    row = '<w:tr><w:trPr><aml:annotation w:type="Word.Deletion"/></w:trPr>{}</w:tr>'
    table = tbl([tc("甲", merge="begin"), "1"], [tc("", merge="on"), "2"])
    found = read_bytes(
        old(
            p(r("收到"), gone, annotated("Insertion", r("12件"))),
            p(r("三"), f"<w:r>{annotated('Comment', p('批注'))}</w:r>", r("四")),
            table.replace("</w:tbl>", row.format(tc("5")) + "</w:tbl>"),
        )
    )
    assert texts(found) == ["收到12件", "三四", [["甲", "1"], ["2"]]]


def test_a_lists_numbers_stand_before_its_paragraphs() -> None:
    def listed(number: str, font: str = "Times New Roman") -> str:
        return f'<w:listPr><wx:t wx:val="{number}"/><wx:font wx:val="{font}"/></w:listPr>'

    found = read_bytes(
        old(
            p("总体情况", properties=listed("一、")),
            p("甲", properties=listed("l", "Wingdings")),
            p("乙", properties=listed("·", "Symbol")),
            p("丙", properties="<w:listPr/>"),
        )
    )
    assert texts(found) == ["一、 总体情况", "甲", "乙", "丙"]


def test_notes_are_no_part_of_the_figure_they_stand_at() -> None:
    note = f"<w:r><w:footnote>{p('含上年结转')}</w:footnote></w:r>"
    found = read_bytes(old(p(r("收到12"), note, r("件"))))
    assert texts(found) == ["收到12件"]
    assert [(x.part, x.text) for x in found.parts][1:] == [("footnote:1", "含上年结转")]


def test_a_package_may_hold_the_pages_it_embeds() -> None:
    schema = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = (
        f'{HEAD}<Relationships xmlns="{schema}"><Relationship Id="c1"'
        f' Type="{RELATIONS}/aFChunk" Target="a.htm"/></Relationships>'
    )
    whole = docx(
        f'<w:altChunk xmlns:r="{RELATIONS}" r:id="c1"/>',
        parts={"word/_rels/document.xml.rels": rels},
    )
    assert texts(read_bytes(flat(whole, **{"a.htm": small("一、总体情况")}))) == ["一、总体情况"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (f'<w:wordDocument xmlns:w="{W2003}"/>'.encode(), "unreadable"),
        (f'<pkg:package xmlns:pkg="{PKG}"/>'.encode(), "unreadable"),
        (old(p()), "empty"),
        (old(p("甲"))[:-40], "unreadable"),
        (old(p("<w:r>" * 300 + "</w:r>" * 300)), "too_large"),
        (old(p('<w:r><w:pict><v:imagedata xmlns:v="v"/></w:pict></w:r>')), "image_only"),
        (b'<!DOCTYPE d [<!ENTITY x "boom">]>' + old(p("&x;")).partition(b"?>")[2], "unreadable"),
    ],
)
def test_what_cant_be_read_is_told(data: bytes, code: str) -> None:
    started = spent()
    with pytest.raises(SourceError) as caught:
        read_bytes(data, ".doc")
    assert (caught.value.code, "\n" in str(caught.value)) == (code, False)
    assert spent() - started < 15
