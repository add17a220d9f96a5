"""An office file's bytes in, a Document out, by what the bytes are and not by their ending.

Files called .doc are Word files of three kinds, RTF, or web pages; .xls likewise.
Zips and old Excel files are read in a worker; old Word files, WPS and RTF are first
made into .docx by LibreOffice.
"""

from __future__ import annotations

import email
import email.policy
import re

import msgspec

from govreport_core.errors import SourceError
from govreport_core.model import Document
from govreport_core.sources import docx, html, ole, sheets
from govreport_core.sources.container import Container, encrypted
from govreport_core.sources.convert import to_docx
from govreport_core.sources.guarded import read_guarded

ENDINGS = (
    ".docx", ".docm", ".dotx", ".doc", ".wps", ".rtf", ".odt",
    ".xlsx", ".xlsm", ".xls", ".et", ".ods",
)  # fmt: skip

_ZIP = b"PK\x03\x04"
_RTF = b"{\\rtf"
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_WORD_XML = re.compile(rb"<\?mso-application[^>]*Word\.Document|<w:wordDocument\b|<pkg:package\b")
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|table|div|p)\b", re.IGNORECASE)
_MIME = re.compile(rb"\A\s*(?:MIME-Version|From|Subject|Date):", re.IGNORECASE)
_HEAD = 4096
_TYPES = {".doc": "application/msword", ".rtf": "application/rtf"}


def read_office(data: bytes, document_id: str) -> Document:
    """Read a Word, WPS, RTF, Excel or OpenDocument file.

    Raises:
        SourceError: What the format's reader raises; `unsupported` where LibreOffice
            is needed and missing, or for formats that aren't read at all.
    """
    head = data[:_HEAD]
    if head.startswith(_ZIP):
        if _ODT in head:
            return _converted(data, document_id, ".odt")
        return read_guarded(read_package, data, document_id)
    if head.startswith(ole.MAGIC):
        return _read_ole(data, document_id)
    if head.lstrip().startswith(_RTF):
        return _converted(data, document_id, ".rtf")
    if _WORD_XML.search(head):
        return _converted(data, document_id, ".xml")
    if _MIME.match(head):
        return html.read_html(_page_in(data), document_id)
    if _MARKUP.search(head):
        return html.read_html(data, document_id)
    raise SourceError(
        "unreadable", "not an office file by its content: fetch it again, or correct its ending"
    )


def read_package(data: bytes, document_id: str) -> Document:
    """Read a zip that is a .docx, .xlsx or .ods by what is in it.

    Raises:
        SourceError: As for `read_office`.
    """
    names = Container(data).names
    if "xl/workbook.bin" in names:
        raise SourceError("unsupported", "a binary Excel file (.xlsb): save it as .xlsx")
    if sheets.WORKBOOK in names:
        return sheets.read_xlsx(data, document_id)
    if sheets.CONTENT in names:
        return sheets.read_ods(data, document_id)
    if any(name.startswith("ppt/") for name in names):
        raise SourceError("unsupported", "a presentation: get the report's text version")
    return docx.read_docx(data, document_id)


def _read_ole(data: bytes, document_id: str) -> Document:
    directory = ole.open_ole(data)
    streams = directory.streams
    if "EncryptedPackage" in streams or ole.protected_word(data, directory):
        raise encrypted()
    if "Workbook" in streams or "Book" in streams:
        return read_guarded(sheets.read_xls, data, document_id)
    return _converted(data, document_id, ".doc" if "WordDocument" in streams else ".wps")


def _converted(data: bytes, document_id: str, ending: str) -> Document:
    """Read a file that LibreOffice makes into a .docx first; places are those of that."""
    document = read_guarded(docx.read_docx, to_docx(data, ending), document_id)
    media_type = _TYPES.get(ending, "application/octet-stream")
    return msgspec.structs.replace(document, media_type=media_type)


def _page_in(data: bytes) -> bytes:
    """The web page in a file of several parts (.mht called .doc), as UTF-8."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes) and page:
                return page
    raise SourceError("unreadable", "a saved web page without a page in it: fetch it again")
