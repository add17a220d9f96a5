"""Word files whose text is embedded as files of other formats, read where they stand."""

from __future__ import annotations

import io
import zipfile

import pytest
from four_formats import html, report, word
from office_files import docx, p, tbl, tc
from spent import spent
from test_sources_webarchive import archive, part, small

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.model import Document, Table
from govreport_core.samples.package import HEAD, RELATIONS
from govreport_core.sources import read_bytes
from govreport_core.sources.docx import MEDIA_TYPE

PAGE = html(report())


def chunk(number: int = 1) -> str:
    return f'<w:altChunk xmlns:r="{RELATIONS}" r:id="c{number}"/>'


def read(*body: str, **files: bytes) -> Document:
    """A Word file with that body, whose chunks refer to the files in their order."""
    entries = "".join(
        f'<Relationship Id="c{n}" Type="{RELATIONS}/aFChunk" Target="/word/{name}"/>'
        for n, name in enumerate(files, 1)
    )
    schema = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = f'{HEAD}<Relationships xmlns="{schema}">{entries}</Relationships>'
    out = io.BytesIO(docx(*body, parts={"word/_rels/document.xml.rels": rels}))
    with zipfile.ZipFile(out, "a") as package:
        for name, data in files.items():
            package.writestr(f"word/{name}", data)
    return read_bytes(out.getvalue(), ".docx")


def texts(document: Document) -> list[object]:
    return [
        [[cell.text for cell in row] for row in block.rows]
        if isinstance(block, Table)
        else block.text
        for block in document.blocks
    ]


@pytest.mark.parametrize(
    "content", [PAGE, PAGE.decode().encode("gb18030"), archive(part(PAGE)), word(report())]
)
def test_an_embedded_report_gives_the_same_values(content: bytes) -> None:
    found = read(chunk(), "<w:sectPr/>", a=content)
    assert extract(found).values == extract(read_bytes(PAGE, ".html")).values
    assert found.media_type == MEDIA_TYPE


def test_the_body_around_it_keeps_its_order_and_its_tables() -> None:
    table = tbl(
        [tc("甲", span=2), tc("乙", merge="begin")], ["1", "2", tc("", merge="on")], ["3", "4", "5"]
    )
    found = read(p("a<b"), chunk(), table, chunk(2), p("末"), a=small("一"), b=small("二"))
    assert texts(found) == [
        "a<b",
        "一",
        [["甲", "乙"], ["1", "2"], ["3", "4", "5"]],
        "二",
        "末",
    ]


def test_plain_text_and_pages_without_a_frame_are_read() -> None:
    found = read(chunk(), chunk(2), a="一<二\n三".encode(), b="<p>四</p>".encode())
    assert texts(found) == ["一<二", "三", "四"]


def refused(data: bytes) -> str:
    started = spent()
    with pytest.raises(SourceError) as caught:
        read_bytes(data, ".docx")
    assert spent() - started < 15
    assert "\n" not in str(caught.value)
    return caught.value.code


def test_what_cant_be_read_is_told() -> None:
    assert refused(docx(p("题"), chunk())) == "unreadable"
    with pytest.raises(SourceError, match="save it anew") as caught:
        read(chunk(), a=b"{\\rtf1 x}")
    assert caught.value.code == "unsupported"
    with pytest.raises(SourceError, match="in a table") as caught:
        read(tbl([f"<w:tc>{chunk()}</w:tc>"]), a=small("一"))
    assert caught.value.code == "unsupported"
    inner = docx(p("题"), chunk())
    with pytest.raises(SourceError, match="embedded files") as caught:
        read(chunk(), a=inner)
    assert caught.value.code == "unsupported"
    assert refused(docx(*[chunk()] * 200)) == "too_large"
