"""Web archives as browsers, Word and Excel save them, under the names they go by."""

from __future__ import annotations

import base64
import codecs
import quopri

import pytest
from four_formats import html, report
from spent import spent

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.model import Level, Table
from govreport_core.sources import read_bytes
from govreport_core.sources.webarchive import MAX_PAGES, MEDIA_TYPE

PAGE = html(report())
BOUNDARY = "----=_NextPart_01"
CHROME = (
    "From: <Saved by Blink>\r\nSubject: =?utf-8?Q?=E5=B9=B4=E6=8A=A5?=\r\nMIME-Version: 1.0\r\n"
)


def part(
    content: bytes, place: str = "file:///C:/a.htm", kind: str = "text/html", more: str = ""
) -> bytes:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
    head += f"Content-Location: {place}\r\n{more}\r\n"
    return head.encode() + base64.encodebytes(content)


def archive(*parts: bytes, head: str = "MIME-Version: 1.0\r\n", more: str = "") -> bytes:
    start = f'{head}Content-Type: multipart/related;\r\n\tboundary="{BOUNDARY}"{more}\r\n\r\n'
    pieces = b"".join(f"\r\n--{BOUNDARY}\r\n".encode() + p for p in parts)
    return (
        start.encode()
        + "这是单个文件网页\r\n".encode()
        + pieces
        + f"\r\n--{BOUNDARY}--\r\n".encode()
    )


def texts(data: bytes) -> list[str]:
    return [p.text for p in read_bytes(data, ".mht").parts]


def small(text: str) -> bytes:
    return f"<html><body><p>{text}</p></body></html>".encode()


@pytest.mark.parametrize("ending", [".mht", ".mhtml", ".doc", ".docx", ".xls", ".txt", "", ".htm"])
@pytest.mark.parametrize("head", ["MIME-Version: 1.0\r\n", CHROME, "\ufeffMIME-Version: 1.0\r\n"])
def test_the_page_in_it_gives_the_same_values(ending: str, head: str) -> None:
    picture = part(b"\x89PNG", "file:///C:/a.png", "image/png")
    found = read_bytes(archive(part(PAGE), picture, head=head), ending)
    assert extract(found).values == extract(read_bytes(PAGE, ".html")).values
    assert found.media_type == MEDIA_TYPE
    assert not [d for d in found.diagnostics if d.level is Level.DOUBT]


@pytest.mark.parametrize(
    ("charset", "encoding", "mark"),
    [
        ("utf-8", "utf-8", b""),
        ("gb2312", "gb18030", b""),
        ("big5", "big5", b""),
        ("unicode", "utf-16-le", codecs.BOM_UTF16_LE),
        ("unicode", "utf-16-le", b""),
        ("", "gb18030", b""),
    ],
)
def test_the_parts_encoding_is_known(charset: str, encoding: str, mark: bytes) -> None:
    page = mark + "<html><body><p>政府文件公布</p></body></html>".encode(encoding)
    kind = f'text/html; charset="{charset}"' if charset else "text/html"
    assert texts(archive(part(page, kind=kind))) == ["政府文件公布"]


def test_quoted_bytes_and_a_message_of_one_part_are_read() -> None:
    page = small("一、总体情况")
    head = (
        b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    )
    assert texts(b"MIME-Version: 1.0\n" + head + quopri.encodestring(page)) == ["一、总体情况"]


def test_the_part_that_is_named_as_the_first_is_the_page() -> None:
    first = part(small("导航"), "http://www.example.cn/n.htm", more="Content-ID: <n>\r\n")
    second = part(small("一、总体情况"), "http://www.example.cn/a.htm", more="Content-ID: <a>\r\n")
    assert texts(archive(first, second)) == ["导航"]
    assert texts(archive(first, second, more=';\r\n\tstart="<a>"')) == ["一、总体情况"]


def test_what_stands_in_frames_stands_where_the_frame_is() -> None:
    page = b"<html><body><p>1</p><iframe src='cid:f-1@x'></iframe><p>3</p></body></html>"
    frame = part(small("2"), "http://www.example.cn/f.htm", more="Content-ID: <f-1@x>\r\n")
    assert texts(archive(part(page), frame)) == ["1", "2", "3"]
    assert texts(archive(part(page), part(small("4")))) == ["1", "3"]
    assert texts(archive(part(page), part(b" ", more="Content-ID: <f-1@x>\r\n"))) == ["1", "3"]


def test_an_excel_files_sheets_are_read_in_their_order() -> None:
    root = (
        b'<html><head><link id="shLink" href="b.files/s1.htm">'
        b'<link id="shLink" href="b.files/s2.htm">'
        b'</head><frameset rows="*,39"><frame src="b.files/s1.htm" name=frSheet>'
        b"<noframes><body><p>no frames</p></body></noframes></frameset></html>"
    )
    sheets = [
        part(
            f"<html><body><table>{row}{row}</table></body></html>".encode(), f"C:/b.files/s{n}.htm"
        )
        for n in (1, 2)
        for row in [f"<tr><td>{n}</td><td>甲</td></tr>"]
    ]
    found = read_bytes(archive(part(root, "C:/b.htm"), *sheets), ".xls")
    tables = [block for block in found.blocks if isinstance(block, Table)]
    assert [table.rows[0][0].text for table in tables] == ["1", "2"]


def refused(data: bytes) -> str:
    started = spent()
    with pytest.raises(SourceError) as caught:
        read_bytes(data, ".doc")
    assert spent() - started < 15
    assert "\n" not in str(caught.value)
    return caught.value.code


def test_what_is_in_doubt_or_lost_is_told() -> None:
    assert b"PGRpd" in archive(part(PAGE))
    damaged = small("一、总体情况" * 20).replace("况".encode(), b"\xff", 1)
    signs = read_bytes(archive(part(damaged, kind="text/html; charset=utf-8")), ".mht").diagnostics
    assert [d.code for d in signs] == ["undecodable"]
    assert refused(archive(part(b"x", kind="text/plain"))) == "unreadable"
    assert refused(archive(part(PAGE)).replace(b"PGRpd", b"PG*pd")) == "unreadable"
    assert refused(archive(part(b"", kind="text/html"))) == "empty"
    assert refused(archive(*[part(small(str(n))) for n in range(MAX_PAGES + 1)])) == "too_large"


def test_a_cut_archive_never_gives_another_figure() -> None:
    whole = archive(part(PAGE))
    wanted = {(v.table, v.row, v.column): v.number for v in extract(read_bytes(PAGE)).values}
    for at in range(len(whole) // 2, len(whole), len(whole) // 40):
        try:
            found = extract(read_bytes(whole[:at], ".mht")).values
        except SourceError:
            continue
        assert all(v.number is None or v.number == wanted[v.table, v.row, v.column] for v in found)


def test_an_archive_made_to_cost_much_costs_one_file() -> None:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000)
    )
    assert refused(b"MIME-Version: 1.0\n" + nested) in ("too_large", "unreadable")
    lines = (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n" + b"--b\n" * 3_000_000
    )
    assert refused(lines) in ("too_large", "unreadable")
