"""A spreadsheet (.xlsx, .xls, .ods) in, a Document out: its shown sheets one after another."""

from __future__ import annotations

from govreport_core.errors import SourceError
from govreport_core.model import Diagnostic, Document, Level
from govreport_core.sources.container import Container
from govreport_core.sources.sheets import ods, xls, xlsx
from govreport_core.sources.sheets.layout import RawSheet, printed_sheets

WORKBOOK = xlsx.WORKBOOK
CONTENT = ods.CONTENT

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def read_xlsx(data: bytes, document_id: str) -> Document:
    """Read an Excel file's bytes; parts are named `sheet:1/r7/c2`.

    Raises:
        SourceError: `unreadable`, `too_large`, `encrypted` or `empty`.
    """
    return _document(document_id, XLSX, *xlsx.read_sheets(Container(data)))


def read_xls(data: bytes, document_id: str) -> Document:
    """Read an Excel file's bytes as they were before 2007; as `read_xlsx`."""
    return _document(document_id, XLS, *xls.read_sheets(data))


def read_ods(data: bytes, document_id: str) -> Document:
    """Read an OpenDocument sheet's bytes; as `read_xlsx`."""
    return _document(document_id, ODS, *ods.read_sheets(Container(data)))


def _document(
    document_id: str, media_type: str, sheets: list[RawSheet], hidden: int, cells_hidden: int = 0
) -> Document:
    parts, blocks = printed_sheets(sheets)
    if not parts:
        raise SourceError("empty", "nothing on its sheets: fetch it again")
    counts = {"sheets_hidden": hidden, "cells_hidden": cells_hidden}
    signs = [Diagnostic(Level.NOTE, code, {"count": n}) for code, n in counts.items() if n]
    return Document(document_id, media_type, parts, blocks, {}, tuple(signs))
