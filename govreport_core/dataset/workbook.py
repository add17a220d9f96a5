"""A frame in, a workbook of one sheet out: numbers as numbers, texts as texts, null as no cell."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import polars as pl

from govreport_core.errors import DatasetError

# What a sheet holds: rows, and characters of a cell.
ROWS, CHARACTERS = 1_048_576, 32_767
# Without these a text that looks like a formula, a link or a number would become one.
_A4 = 9
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def xlsx_bytes(
    frame: pl.DataFrame, name: str = "data", *, widths: Mapping[str, int] | None = None
) -> bytes:
    """A frame as a workbook, its columns' names in the first row; lists are joined by `;`.

    Args:
        frame: Any columns. Dates become dates; null stays empty; no unit is changed.
        name: The sheet's name; its first 31 characters are used.
        widths: How wide columns are, in characters, by their names: a sheet to be read and
            printed, its texts wrapped and its head on every page.

    Returns:
        The file, rows and columns in the frame's order.

    Raises:
        DatasetError: More rows, or a longer text, than a sheet holds.
    """
    if frame.height >= ROWS:
        msg = f"{frame.height:,} rows; a sheet holds {ROWS:,}: narrow the choice, or use .csv"
        raise DatasetError(msg)
    # Most who load this module write no workbook, and it takes a tenth of a second.
    import xlsxwriter  # noqa: PLC0415

    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True, **_PLAIN}) as book:
        sheet = book.add_worksheet(name[:31])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        if widths is not None:
            _laid_out(book, sheet, frame, widths)
        for column, title in enumerate(frame.columns):
            sheet.write_string(0, column, title)
            for row, value in enumerate(frame[title], 1):
                _write(sheet, row, column, value, day, title)
        sheet.freeze_panes(1, 0)
        if frame.width:
            sheet.autofilter(0, 0, frame.height, frame.width - 1)
    return memory.getvalue()


def _laid_out(book: Any, sheet: Any, frame: pl.DataFrame, widths: Mapping[str, int]) -> None:
    """Columns as wide as asked for, and a sheet that prints on paper across."""
    text = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    number = book.add_format({"valign": "top"})
    for column, (title, kind) in enumerate(frame.schema.items()):
        sheet.set_column(column, column, widths.get(title), text if kind == pl.String else number)
    sheet.set_row(0, None, book.add_format({"bold": True, "text_wrap": True, "valign": "top"}))
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write(sheet: Any, row: int, column: int, value: Any, day: Any, title: str) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float():
            sheet.write_number(row, column, value)
        case dt.date():
            sheet.write_datetime(row, column, value, day)
        case pl.Series() | str():
            text = value if isinstance(value, str) else ";".join(value)
            if len(text) > CHARACTERS:
                msg = f"{title}: {len(text):,} characters in one cell; a sheet's holds "
                msg += f"{CHARACTERS:,}: use .csv or .parquet"
                raise DatasetError(msg)
            sheet.write_string(row, column, text)
        case _:
            raise TypeError(type(value))
