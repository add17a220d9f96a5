"""A web archive (.mht, also called .doc or .xls) in, the Document of the page in it out.

Browsers save a page with all it needs as one message of several parts; Word and Excel
do too. What stands in a page's frames is put where the frame is.
"""

from __future__ import annotations

import base64
import email
import email.policy
import re
from email.message import Message

import msgspec

from govreport_core.errors import SourceError
from govreport_core.model import Diagnostic, Document
from govreport_core.sources.container import damaged
from govreport_core.sources.encoding import decode
from govreport_core.sources.html import read_markup

MEDIA_TYPE = "multipart/related"
# A page, its frames, an Excel file's sheets.
MAX_PAGES = 200

Page = tuple[str, tuple[Diagnostic, ...]]
"""A page's text, and what was odd in its bytes."""

_BLANK = b"\xef\xbb\xbf \t\r\n"
_PAGES = frozenset(("text/html", "application/xhtml+xml"))
# Excel names its sheets in links, of which the frame shows only the first.
_FRAME = re.compile(r"<(?:i?frame\b|link\s+id=[\"']?shLink)[^<>]{0,2000}>", re.IGNORECASE)
_SOURCE = re.compile(r"\b(?:src|href)\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_FRAMESET = re.compile(r"</?(?:frameset|noframes)\b[^<>]{0,2000}>", re.IGNORECASE)


def read_web_archive(data: bytes, document_id: str) -> Document:
    """Read a web archive.

    Raises:
        SourceError: `unreadable` where no page is in it; else as for a web page.
    """
    content, signs = page_in(data)
    if not content.strip():
        raise SourceError("empty", "the page in it is empty: save it again from a browser")
    document = read_markup(content, document_id, signs)
    return msgspec.structs.replace(document, media_type=MEDIA_TYPE)


def page_in(data: bytes) -> Page:
    """The page in a web archive as text, with those in its frames.

    Raises:
        SourceError: `unreadable` where there is none.
    """
    message = email.message_from_bytes(data.lstrip(_BLANK), policy=email.policy.compat32)
    pages = [part for part in message.walk() if part.get_content_type() in _PAGES]
    if not pages:
        raise SourceError("unreadable", "a saved web page without a page in it: fetch it again")
    if len(pages) > MAX_PAGES:
        raise SourceError("too_large", f"more than {MAX_PAGES} pages in one: split it")
    start = message.get_param("start")
    root = next((p for p in pages if start and p.get("Content-ID") == start), pages[0])
    frames = {place: page for page in pages if page is not root for place in _places(page)}
    return _with_frames(_page(root), frames)


def _places(page: Message) -> list[str]:
    """What frames call a page: its address, or the number it has in the archive."""
    number = str(page.get("Content-ID", "")).strip("<> ")
    places = (str(page.get("Content-Location", "")), number)
    return [_name(place) for place in places if place]


def _name(place: str) -> str:
    return place.removeprefix("cid:").replace("\\", "/").rsplit("/", 1)[-1]


def _with_frames(root: Page, frames: dict[str, Message]) -> Page:
    content, signs = root

    def shown(frame: re.Match[str]) -> str:
        nonlocal signs
        source = _SOURCE.search(frame[0])
        page = frames.pop(_name(source[1]), None) if source else None
        inside, more = _page(page) if page is not None else ("", ())
        signs += more
        return inside or frame[0]

    with_frames = _FRAME.sub(shown, content) if frames else content
    return (content if with_frames == content else _FRAMESET.sub("", with_frames)), signs


def _page(message: Message) -> Page:
    raw = _content(message)
    if not raw.strip():
        return "", ()
    charset = message.get_content_charset("")
    return decode(raw, declares=True, charset=charset)


def _content(message: Message) -> bytes:
    """A part's bytes; those that a cut left half are none, and damage isn't passed over."""
    if str(message.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        packed = "".join(str(message.get_payload()).split())
        try:
            return base64.b64decode(packed[: len(packed) // 4 * 4], validate=True)
        except ValueError as error:
            raise damaged() from error
    raw = message.get_payload(decode=True)
    return raw if isinstance(raw, bytes) else b""
