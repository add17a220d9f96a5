"""An office file's bytes in, a Document out.

Files called .doc are Word files of several kinds, RTF, or web pages; .xls likewise:
`recognise` has told which. Zips and old Excel files are read in a worker; old Word
files, WPS and RTF are first made into .docx by LibreOffice.
"""

from __future__ import annotations

import msgspec

from govreport_core.errors import SourceError
from govreport_core.model import Document
from govreport_core.sources import docx, ole, sheets
from govreport_core.sources.container import Container, encrypted
from govreport_core.sources.convert import to_docx
from govreport_core.sources.docx.flat import FlatPackage
from govreport_core.sources.docx.xml2003 import read_xml2003
from govreport_core.sources.guarded import read_guarded

_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_MIMETYPE_WITHIN = 128
_TYPES = {".doc": "application/msword", ".rtf": "application/rtf"}


def read_zip(data: bytes, document_id: str) -> Document:
    """Read a .docx, .xlsx, .ods or .odt.

    Raises:
        SourceError: What the format's reader raises; `unsupported` where LibreOffice
            is needed and missing, or for formats that aren't read at all.
    """
    if _ODT in data[:_MIMETYPE_WITHIN]:
        return _converted(data, document_id, ".odt")
    return read_guarded(read_package, data, document_id)


def read_package(data: bytes, document_id: str) -> Document:
    """Read a zip that is a .docx, .xlsx or .ods by what is in it.

    Raises:
        SourceError: As for `read_zip`.
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
    if "OFD.xml" in names:
        raise SourceError("unsupported", "an OFD file: save it as PDF, or get the web page")
    return docx.read_docx(data, document_id)


def read_ole(data: bytes, document_id: str) -> Document:
    """Read an Excel, Word or WPS file as they were before 2007.

    Raises:
        SourceError: As for `read_zip`; `encrypted`.
    """
    directory = ole.open_ole(data)
    streams = directory.streams
    if "EncryptedPackage" in streams or ole.protected_word(data, directory):
        raise encrypted()
    if "Workbook" in streams or "Book" in streams:
        return read_guarded(sheets.read_xls, data, document_id)
    return _converted(data, document_id, ".doc" if "WordDocument" in streams else ".wps")


def read_rtf(data: bytes, document_id: str) -> Document:
    """Read an RTF file.

    Raises:
        SourceError: As for `read_zip`.
    """
    return _converted(data, document_id, ".rtf")


def read_word_xml(data: bytes, document_id: str) -> Document:
    """Read a Word file in the XML of 2003.

    Raises:
        SourceError: What the reader raises.
    """
    return read_xml2003(data, document_id)


def read_word_package_xml(data: bytes, document_id: str) -> Document:
    """Read a Word file whose parts are one XML file instead of a zip.

    Raises:
        SourceError: What the reader raises.
    """
    return docx.read_word(FlatPackage(data), document_id)


def _converted(data: bytes, document_id: str, ending: str) -> Document:
    """Read a file that LibreOffice makes into a .docx first; places are those of that."""
    document = read_guarded(docx.read_docx, to_docx(data, ending), document_id)
    media_type = _TYPES.get(ending, "application/octet-stream")
    return msgspec.structs.replace(document, media_type=media_type)
