"""Bytes in, text out: whichever encoding they are really in, whatever they declare."""

from __future__ import annotations

import codecs
import re

from govreport_core.errors import SourceError
from govreport_core.model import Diagnostic, Level

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Word calls it `unicode`.
_SIXTEEN_BITS = frozenset(("unicode", "utf-16", "utf-16le"))
_CONTROLS = bytes([*range(9), *range(14, 27)])
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a]")
# A page declares its encoding near its top, in a meta tag or an XML declaration.
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_-]{3,20})""")
_HEAD = 4096
# Binary content shows within so many bytes.
_SAMPLE = 8192
# A declared UTF-8 page may have lost this share of its characters and still be UTF-8:
# a page of another encoding loses nearly all of them.
_DAMAGED = 100


def decode(
    data: bytes, *, declares: bool = False, charset: str = ""
) -> tuple[str, tuple[Diagnostic, ...]]:
    """Bytes to text: BOM, strict UTF-8, strict GB18030, then whichever loses least.

    Args:
        data: The file's bytes.
        declares: Whether files of this kind name their encoding near the top; it
            is a hint only, for bytes that are no flawless UTF-8.
        charset: The encoding named beside the content, if any: the same hint; or
            that of 16 bits, which is believed.

    Raises:
        SourceError: `not_text`, where control characters show a binary file;
            `empty` where there is nothing but space.
    """
    content, diagnostics, _ = decode_utf8(data, declares=declares, charset=charset)
    return content, diagnostics


def decode_utf8(
    data: bytes, *, declares: bool = False, charset: str = ""
) -> tuple[str, tuple[Diagnostic, ...], bytes | None]:
    """As `decode`, with the bytes themselves where they are flawless UTF-8 without a mark.

    Raises:
        SourceError: As for `decode`.
    """
    plain: bytes | None = None
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            content = data[len(bom) :].decode(encoding, errors="replace")
            break
    else:
        if charset.lower() in _SIXTEEN_BITS:
            content = data.decode("utf-16-le", errors="replace")
        else:
            content, plain = _decode_bytes(data, declares=declares, charset=charset)
    sample = data[:_SAMPLE]
    suspect = b"\x00" in data or len(sample.translate(None, _CONTROLS)) < len(sample)
    if suspect and len(_CONTROL.findall(content)) > len(content) // 200:
        raise SourceError("not_text", "binary content in a text file: convert it or rename it")
    if not content.strip():
        raise SourceError("empty", "the file is empty: fetch it again")
    if "\ufffd" not in content:
        return content, (), plain
    lost = content.count("\ufffd")
    return content, (Diagnostic(Level.DOUBT, "undecodable", {"count": lost}),), plain


def whole_characters(text: str) -> str:
    """Halves of characters put together; a half alone is no text."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decode_bytes(data: bytes, *, declares: bool, charset: str) -> tuple[str, bytes | None]:
    try:
        return data.decode("utf-8"), data
    except UnicodeDecodeError:
        declared = _known(charset) or (_declared_encoding(data) if declares else None)
        return _decode_unmarked(data, declared), None


def _decode_unmarked(data: bytes, declared: str | None) -> str:
    if declared == "utf-8":
        damaged = data.decode("utf-8", errors="replace")
        if damaged.count("\ufffd") * _DAMAGED < len(damaged):
            return damaged
    for encoding in ("big5", "gb18030") if declared == "big5" else ("gb18030",):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    either = (data.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030"))
    return min(either, key=lambda text: text.count("\ufffd"))


def _declared_encoding(data: bytes) -> str | None:
    """The encoding a page names for itself: `utf-8`, `gb18030`, `big5`, else None."""
    match = _DECLARED.search(data[:_HEAD])
    return None if match is None else _known(match[1].decode("ascii"))


def _known(name: str) -> str | None:
    """An encoding by one of its names.

    gb2312 and gbk are subsets of gb18030, and pages that declare them use all of it.
    """
    name = name.lower().replace("_", "-")
    if name in ("gb2312", "gbk", "gb18030", "gb-2312", "x-gbk", "cp936"):
        return "gb18030"
    if name in ("utf-8", "utf8"):
        return "utf-8"
    return "big5" if name in ("big5", "big5-hkscs") else None
