"""The stream of an old Excel file in, what its cells show beside their values out.

The library that reads the values shows errors as blanks and knows no formats but
dates. Source: [MS-XLS], the records of a workbook stream.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from govreport_core.sources.sheets.formats import GENERAL, Format, format_of

_BOF, _EOF, _FORMAT, _XF, _BOUNDSHEET = 0x809, 0x0A, 0x41E, 0xE0, 0x85
_NUMBER, _RK, _MULRK, _BOOLERR, _FORMULA = 0x203, 0x27E, 0xBD, 0x205, 0x06
_BIFF8 = 0x0600
_ERROR = 2
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip

Beside = dict[tuple[int, int], str | Format]
"""By row and column: an error's text, or the format of a figure."""


def shown_beside(workbook: bytes) -> list[Beside]:
    """For each sheet, in order, what the values alone don't say; a cut stream gives what it has."""
    try:
        return _read(workbook)
    except struct.error:
        return []


def _read(workbook: bytes) -> list[Beside]:
    starts: list[int] = []
    codes: dict[int, str] = {}
    shapes: list[int] = []
    for kind, body in _records(workbook, 0):
        if kind == _BOF and struct.unpack_from("<H", body)[0] != _BIFF8:
            return []
        if kind == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == _FORMAT:
            number, length, wide = struct.unpack_from("<HHB", body)
            text = body[5 : 5 + length * (2 if wide & 1 else 1)]
            codes[number] = text.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
        elif kind == _XF:
            shapes.append(struct.unpack_from("<H", body, 2)[0])
    formats = [format_of(number, codes.get(number)) for number in shapes]
    return [_sheet(workbook, start, formats) for start in starts]


def _sheet(workbook: bytes, start: int, formats: list[Format]) -> Beside:
    found: Beside = {}
    for kind, body in _records(workbook, start):
        if kind in (_NUMBER, _RK, _FORMULA, _BOOLERR):
            row, col, shape = struct.unpack_from("<HHH", body)
            if (error := _error(kind, body)) is not None:
                found[row, col] = error
            elif shape < len(formats) and formats[shape] != GENERAL:
                found[row, col] = formats[shape]
        elif kind == _MULRK:
            row, first = struct.unpack_from("<HH", body)
            for i, at in enumerate(range(4, len(body) - 7, 6)):
                (shape,) = struct.unpack_from("<H", body, at)
                if shape < len(formats) and formats[shape] != GENERAL:
                    found[row, first + i] = formats[shape]
    return found


def _error(kind: int, body: bytes) -> str | None:
    if kind == _BOOLERR:
        value, is_error = struct.unpack_from("<BB", body, 6)
    elif kind == _FORMULA and body[12:14] == b"\xff\xff":
        value, is_error = body[8], body[6] == _ERROR
    else:
        return None
    return _ERRORS.get(value, "#") if is_error else None


def _records(workbook: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from there to the end of their part."""
    while at + 4 <= len(workbook):
        kind, length = struct.unpack_from("<HH", workbook, at)
        yield kind, workbook[at + 4 : at + 4 + length]
        if kind == _EOF:
            return
        at += 4 + length
