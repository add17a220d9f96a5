"""Files of every kind under every wrong name: what they are decides, and what is none says so."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import pytest
from four_formats import html, markdown, pdf, report, word
from office_files import ole, xls
from test_sources_sheets import row, xlsx

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.samples.package import zipped
from govreport_core.sources import READERS, read_bytes
from govreport_core.sources.recognise import ENDINGS, Format, recognise

PAGE = html(report())
WRONG = ("", ".txt", ".doc", ".docx", ".pdf", ".xls", ".aspx", ".do", ".jsp", ".php", ".csv")
WRITERS: dict[str, tuple[Format, Callable[[], bytes]]] = {
    "page": (Format.PAGE, lambda: PAGE),
    "word": (Format.ZIP, lambda: word(report())),
    "pdf": (Format.PDF, lambda: pdf(report())),
}


def refused(data: bytes, ending: str = "") -> tuple[str, str]:
    with pytest.raises(SourceError) as caught:
        read_bytes(data, ending)
    assert "\n" not in str(caught.value)
    return caught.value.code, str(caught.value)


def test_every_kind_has_its_reader() -> None:
    assert set(READERS) == set(Format)


@pytest.mark.parametrize("name", WRITERS)
def test_a_report_under_any_name_gives_the_same_values(name: str) -> None:
    kind, write = WRITERS[name]
    data = write()
    wanted = extract(read_bytes(data, f".{'html' if name == 'page' else name}"))
    assert wanted.agency_name is not None
    for ending in (*WRONG, ".关于公开的报告", ".html?id=3", ".12月"):
        assert recognise(data, ending) is kind
        assert extract(read_bytes(data, ending)) == wanted


@pytest.mark.parametrize(
    "start",
    [
        b"<html>",
        b"\xef\xbb\xbf\xef\xbb\xbf\r\n<!DOCTYPE html>\r\n<html>",
        b"\r\n" * 20_000 + b"<HTML lang=zh>",
        b"<!-- saved from url=(0023)http://www.example.cn/a -->\r\n<html>",
        b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">',
        b"<script>var a = 1;</script>\n<!doctype html>",
        b"<meta charset=utf-8>",
        b'<div class="article">',
        b"<table border=1><tr><td>",
        "提示：请登录<br>\n<!DOCTYPE html><html>".encode(),
    ],
)
def test_pages_begin_in_many_ways(start: bytes) -> None:
    data = start + "<p>汀澜市教育局</p>".encode()
    assert {recognise(data, ending) for ending in ("", ".txt", ".doc", ".xls", ".do")} == {
        Format.PAGE
    }


def test_a_page_in_sixteen_bits_is_a_page() -> None:
    text = "<html><body><p>一、总体情况</p></body></html>"
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        data = mark + text.encode(encoding)
        assert [p.text for p in read_bytes(data, ".txt").parts] == ["一、总体情况"]


def test_words_own_markup_in_a_page_makes_it_no_word_file() -> None:
    head = b'<html xmlns:w="urn:schemas-microsoft-com:office:word"><head><!--[if gte mso 9]><xml>'
    assert recognise(head + b"<w:WordDocument></w:WordDocument></xml><![endif]-->") is Format.PAGE


def test_among_kinds_of_text_the_name_decides_and_tables_tell() -> None:
    plain = "一、总体情况\n收到申请1件\n".encode()
    assert recognise(plain, ".txt") is Format.TEXT
    assert recognise(plain, ".md") is Format.MARKDOWN
    assert recognise(plain, ".aspx") is Format.PAGE
    assert recognise(plain, "") is Format.TEXT
    assert recognise(plain, ".doc") is Format.TEXT
    assert recognise(plain + b"<table>\n<tr><td>1</td></tr></table>", ".txt") is Format.MARKDOWN
    assert recognise(markdown(report()), ".md") is Format.MARKDOWN
    assert recognise(b"<table><tr><td>1</td></tr></table>", ".md") is Format.MARKDOWN


def test_a_text_that_begins_as_a_crawler_notes_it_is_no_web_archive() -> None:
    text = "Title: 年报\nDate: 2024-01-05\nSubject: 汀澜市\n\n一、总体情况".encode()
    assert recognise(text, ".txt") is Format.TEXT
    assert recognise(b"MIME-Version: 1.0\n" + text, ".txt") is Format.WEB_ARCHIVE


@pytest.mark.parametrize(
    ("data", "ending", "code", "told"),
    [
        (b"Rar!\x1a\x07\x00" + bytes(50), ".zip", "unsupported", "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "", "unsupported", "7z"),
        (b"\x1f\x8b\x08" + bytes(50), ".html", "unsupported", "gzip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), ".pdf", "unsupported", "picture"),
        (zipped({"OFD.xml": "x"}), ".pdf", "unsupported", "OFD"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', ".xls", "unsupported", "Excel"),
        (bytes(range(256)) * 9, "", "unreadable", "no report's kind of file"),
        (bytes(range(256)) * 9, ".doc", "unreadable", "no .doc file"),
        (bytes(range(256)) * 9, ".mht", "unreadable", "no .mht file"),
        (b"{\\broken rtf 12 34}", ".rtf", "unreadable", "no .rtf file"),
        (bytes(range(256)) * 9, ".pdf", "unreadable", "no .pdf file"),
        (bytes(range(256)) * 9, ".txt", "not_text", "binary"),
        ("甲,1,2\n".encode(), ".csv", "unsupported", "'.csv'"),
        ('{"标题": "年报"}'.encode(), ".json", "unsupported", "'.json'"),
        ("<rss><title>年报</title></rss>".encode(), ".xml", "unreadable", "no .xml file"),
    ],
)
def test_what_is_none_says_so_in_one_line(data: bytes, ending: str, code: str, told: str) -> None:
    found, message = refused(data, ending)
    assert (found, told in message) == (code, True), message


@pytest.mark.parametrize("ending", ENDINGS)
def test_sheets_and_old_files_are_known_under_any_name(ending: str) -> None:
    assert recognise(xlsx(row(1, "甲", 1.0)), ending) is Format.ZIP
    assert recognise(xls(({(0, 0): "甲"}, [])), ending) is Format.OLE
    assert recognise(ole({"WordDocument": bytes(5000)}), ending) is Format.OLE
    assert recognise(b"\n{\\rtf1 x}", ending) is Format.RTF


@pytest.mark.parametrize("piece", [b" ", b"\n", b"\t", b"<", b"<!--", b"<?", b"a:\n", b"A-b: c\n "])
def test_a_head_of_one_thing_only_is_told_at_once(piece: bytes) -> None:
    data = b"x" * (piece in b" \n\t") + piece * (4_000_000 // len(piece))
    assert recognise(data, ".txt") in set(Format)
