"""A file's bytes in, what kind of file they are out, whatever its name says.

Most kinds show by their first bytes or their first tag. Text has no such sign: among
kinds of text the name's ending decides, and without one the tags in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

import msgspec

from govreport_core.errors import SourceError
from govreport_core.sources.encoding import decode


class Format(StrEnum):
    """What a file can be read as."""

    PDF = "pdf"
    ZIP = "zip"
    OLE = "ole"
    RTF = "rtf"
    WEB_ARCHIVE = "web_archive"
    WORD_XML = "word_xml"
    WORD_PACKAGE_XML = "word_package_xml"
    PAGE = "page"
    MARKDOWN = "markdown"
    TEXT = "text"


class Head(msgspec.Struct, frozen=True):
    """How a file begins.

    Attributes:
        data: Its first bytes as they are.
        text: The same as UTF-8, without marks of the encoding and blank space before it.
        tag: The name of the first element, if it begins with one.
    """

    data: bytes
    text: bytes
    tag: bytes


_HEAD = 16 * 1024
# A page may stand behind so much blank space, as templates leave it.
_BLANK = 256 * 1024
_PDF_WITHIN = 1024
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_PROLOGUE = re.compile(rb"\s*(?:<\?[^>]*\?>|<!--(?:(?!-->).)*-->|<!doctype\b[^>]*>)", re.I | re.S)
_FIRST_TAG = re.compile(rb"\s*<([a-z][a-z0-9:]{0,30})(?=[\s/>])", re.IGNORECASE)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_HEADER = re.compile(rb"[A-Za-z][A-Za-z-]{2,40}:[^\n]*(?:\n[ \t][^\n]*)*\n")
_MIME = re.compile(rb"^(?:MIME-Version:|Content-Type:\s*(?:multipart/|text/html))", re.I | re.M)
_WHOLE_PAGE = frozenset((b"html", b"head", b"body"))
_ELEMENTS = _WHOLE_PAGE | frozenset(
    b"a article b base basefont br center col colgroup dd div dl dt em font footer form h1 h2 h3 h4"
    b" h5 h6 header hr i iframe img input li link main meta nav noscript object ol p pre script"
    b" section span strong style table tbody td th thead title tr u ul".split()
)


def _is_web_archive(head: Head) -> bool:
    """Whether it begins as a message does: named lines, one of them of a message's kind."""
    at = 0
    while match := _HEADER.match(head.text, at):
        at = match.end()
    return bool(_MIME.search(head.text[:at]))


SIGNS: dict[Format, Callable[[Head], bool]] = {
    Format.PDF: lambda head: b"%PDF-" in head.data[:_PDF_WITHIN],
    Format.ZIP: lambda head: head.data.startswith((b"PK\x03\x04", b"PK\x05\x06")),
    Format.OLE: lambda head: head.data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    Format.RTF: lambda head: head.text.startswith(b"{\\rtf"),
    Format.WEB_ARCHIVE: _is_web_archive,
    Format.WORD_XML: lambda head: head.tag.endswith(b":wordDocument"),
    Format.WORD_PACKAGE_XML: lambda head: head.tag == b"pkg:package",
    Format.PAGE: lambda head: head.tag.lower() in _WHOLE_PAGE or bool(_PAGE.search(head.text)),
}
"""Tried in this order; what none of them knows is text, or no report."""

_OTHERS = {
    b"Rar!\x1a\x07": "a RAR archive: unpack it first",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive: unpack it first",
    b"\x1f\x8b": "compressed with gzip: unpack it first",
    b"\x89PNG": "a picture: get the report's text version",
    b"\xff\xd8\xff": "a picture: get the report's text version",
    b"GIF8": "a picture: get the report's text version",
    b"II*\x00": "a picture: get the report's text version",
    b"MM\x00*": "a picture: get the report's text version",
}
_OTHER_TAGS = {b"Workbook": "an Excel file in XML: save it as .xlsx"}

_TEXTS = (".txt", ".text")
_MARKDOWNS = (".md", ".markdown")
_PAGES = (".html", ".htm", ".shtml", ".xhtml", ".asp", ".aspx", ".jsp", ".jspx", ".do", ".php")
_ARCHIVES = (".mht", ".mhtml")
OFFICE = (
    ".docx", ".docm", ".dotx", ".doc", ".wps", ".rtf", ".odt",
    ".xlsx", ".xlsm", ".xls", ".et", ".ods",
)  # fmt: skip
ENDINGS = (*_TEXTS, *_PAGES, *_ARCHIVES, *_MARKDOWNS, ".pdf", ".xml", *OFFICE)
"""Endings that files of these kinds go by; others are read too where their content shows a kind."""

# What stands behind a name's last dot is an ending only if it looks like one.
_ENDING = re.compile(r"\.[a-z][a-z0-9]{0,7}")
_TABLE = re.compile(rb"(?:\A|[\r\n])[ \t]{0,20}<table\b", re.IGNORECASE)
_CHINESE = re.compile("[\u4e00-\u9fff]{2}")
_SAMPLE = 64 * 1024


def recognise(data: bytes, ending: str = "") -> Format:
    """What a file is to be read as.

    Args:
        data: Its bytes.
        ending: Its name's, in lower case with the dot, or anything else.

    Raises:
        SourceError: `unsupported`, naming what it is where that is known;
            `unreadable` where it isn't what its ending says, nor anything else.
    """
    head = _head(data)
    for kind, shows in SIGNS.items():
        if shows(head):
            return kind
    for magic, told in _OTHERS.items():
        if head.data.startswith(magic):
            raise SourceError("unsupported", told)
    if head.tag in _OTHER_TAGS:
        raise SourceError("unsupported", _OTHER_TAGS[head.tag])
    return _without_sign(data, head, ending)


def _head(data: bytes) -> Head:
    encoding = _UTF16.get(data[:2])
    start = data[:_BLANK]
    if encoding is not None:
        start = start[2:_HEAD].decode(encoding, "replace").encode()
    while (bare := start.lstrip().removeprefix(_UTF8_MARK)) != start:
        start = bare
    text = start[:_HEAD]
    at = 0
    while match := _PROLOGUE.match(text, at):
        at = match.end()
    tag = _FIRST_TAG.match(text, at)
    return Head(data[:_HEAD], text, tag[1] if tag else b"")


def _without_sign(data: bytes, head: Head, ending: str) -> Format:
    if ending in _MARKDOWNS:
        return Format.MARKDOWN
    if ending in _PAGES or head.tag.lower() in _ELEMENTS:
        return Format.PAGE
    if ending not in _TEXTS:
        _refuse_other(data, ending)
    tabled = b"<" in data and b"<table" in data.lower() and _TABLE.search(data)
    return Format.MARKDOWN if tabled else Format.TEXT


def _refuse_other(data: bytes, ending: str) -> None:
    """Pass text under a name that doesn't say so: that of an office file, or without an ending."""
    named = bool(_ENDING.fullmatch(ending))
    if named and ending not in ENDINGS:
        raise SourceError(
            "unsupported",
            f"files ending in {ending!r} aren't read, and this is no other kind by its content; "
            f"known: {' '.join(sorted(ENDINGS))}",
        )
    if ending == ".xml" or not _reads_as_text(data):
        what = f"no {ending} file" if named else "no report's kind of file"
        raise SourceError(
            "unreadable", f"{what} by its content, nor any other that is read: fetch it again"
        )


def _reads_as_text(data: bytes) -> bool:
    """Whether it is Chinese text: what is left of a damaged office file isn't."""
    try:
        text, signs = decode(data)
    except SourceError:
        return False
    return not signs and bool(_CHINESE.search(text[:_SAMPLE]))
