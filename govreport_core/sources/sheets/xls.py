"""An Excel file's bytes as they were before 2007 (.xls) in, the texts its sheets show out."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import python_calamine as calamine

from govreport_core.errors import SourceError
from govreport_core.sources.container import damaged, encrypted
from govreport_core.sources.ole import open_ole, stream
from govreport_core.sources.sheets.biff import Beside, shown_beside
from govreport_core.sources.sheets.formats import Format, clock, day, plain, show
from govreport_core.sources.sheets.layout import RawSheet
from govreport_core.sources.sheets.xlsx import MAX_CELLS, MAX_SHEETS, MAX_TEXT

# A sheet comes as one rectangle: its rows times its columns.
MAX_AREA = 2_000_000


def read_sheets(data: bytes) -> tuple[list[RawSheet], int]:
    """The sheets that are shown, and how many are hidden.

    Raises:
        SourceError: `unreadable`, `encrypted` or `too_large`.
    """
    ole = open_ole(data)
    name = next((n for n in ("Workbook", "Book") if n in ole.streams), "")
    beside = shown_beside(stream(data, ole, name))
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            return _shown(workbook, beside)
    except calamine.PasswordError as error:
        raise encrypted() from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise damaged() from error
    except BaseException as error:
        # The library's own defects are no `Exception`, and can't be named otherwise.
        if type(error).__name__ == "PanicException":
            raise damaged() from error
        raise


def _shown(workbook: calamine.CalamineWorkbook, beside: list[Beside]) -> tuple[list[RawSheet], int]:
    sheets: list[RawSheet] = []
    hidden = cells = characters = 0
    for number, about in enumerate(workbook.sheets_metadata):
        if about.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        if about.visible is not calamine.SheetVisibleEnum.Visible:
            hidden += 1
            continue
        sheet = _sheet(
            workbook.get_sheet_by_index(number), beside[number] if number < len(beside) else {}
        )
        sheets.append(sheet)
        cells += len(sheet.texts)
        characters += sum(map(len, sheet.texts.values()))
        if len(sheets) > MAX_SHEETS or cells > MAX_CELLS or characters > MAX_TEXT:
            raise SourceError("too_large", "too many sheets or cells: split the file")
    return sheets, hidden


def _sheet(sheet: calamine.CalamineSheet, beside: Beside) -> RawSheet:
    if sheet.total_height * sheet.total_width > MAX_AREA:
        raise SourceError("too_large", f"cells further apart than {MAX_AREA:,}: split the file")
    texts: dict[tuple[int, int], str] = {}
    for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
        for col, value in enumerate(values):
            shown = beside.get((row, col))
            text = shown if isinstance(shown, str) else _text(value, shown)
            if text:
                texts[row, col] = text
    merged = [(*start, *end) for start, end in sheet.merged_cell_ranges or []]
    return RawSheet(texts, merged)


def _text(value: Any, shape: Format | None) -> str:
    """What a value is shown as."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return show(repr(value), shape) if shape is not None else plain(float(value))
    if isinstance(value, dt.datetime):
        return day(value)
    if isinstance(value, dt.time):
        return clock(value)
    return str(value)
