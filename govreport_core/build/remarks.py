"""Folders of sources in, what others say of the reports out: `corrections.csv`, `replies.csv`.

A correction stands beside the printed number, never in its place; a reply stands
beside the finding it answers. A row that can't be used is told in one line.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from govreport_core import checks
from govreport_core.build.companions import At, as_is, gathered, rows_of
from govreport_core.forms import forms
from govreport_core.schemas import frame

CORRECTIONS = "corrections.csv"
REPLIES = "replies.csv"
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?", re.ASCII)
_YEAR = re.compile(r"20\d\d", re.ASCII)
_ADDRESS = re.compile(r"https?://\S+")
_LONGEST = 10_000  # characters of a reply or a reason


def read_remarks(
    folders: list[Path], at: At = as_is
) -> tuple[dict[str, pl.DataFrame], tuple[str, ...]]:
    """Read these folders' corrections and replies.

    Args:
        folders: Where `corrections.csv` and `replies.csv` may lie.
        at: Where on this machine their files stand.

    Returns:
        The tables `corrections` (`printed` and `corrected` in 万元 where they are amounts)
        and `replies`, a row a line that can be used, as the folders and lines come; and one
        line of text for each that can't.
    """
    problems: list[str] = []
    corrections: list[dict[str, Any]] = []
    replies: list[dict[str, Any]] = []
    for folder in folders:
        for row, where in rows_of(folder / CORRECTIONS, ("corrected",), problems, at):
            wrong = _wrong_correction(row)
            if wrong:
                problems.append(f"{where}: {wrong}; the row isn't used")
            else:
                corrections.append(_correction(row))
        for row, where in rows_of(folder / REPLIES, ("report_id", "text"), problems, at):
            wrong = _wrong_reply(row)
            if wrong:
                problems.append(f"{where}: {wrong}; the row isn't used")
            else:
                replies.append({**row, "date": _day(row)})
    names = {"corrections": corrections, "replies": replies}
    tables = {name: frame(name, _only(name, rows)) for name, rows in names.items()}
    return tables, gathered(problems)


def _only(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    columns = frame(name, []).columns
    return [{column: row.get(column) or None for column in columns} for row in rows]


def _wrong_correction(row: dict[str, str]) -> str | None:
    """Why a correction can't be used."""
    cell = tuple(row.get(name, "") for name in ("table", "row", "column"))
    if not row.get("document_id") and not (row.get("agency_id") and row.get("year")):
        return "neither document_id nor agency_id and year"
    if row.get("year") and not _YEAR.fullmatch(row["year"]):
        return f"year {row['year'][:20]!r} isn't one"
    if cell not in _cells():
        return f"no form has a cell {'.'.join(cell)[:80]!r}"
    for name in ("printed", "corrected"):
        if row.get(name) and not _NUMBER.fullmatch(row[name]):
            return f"{name} {row[name][:20]!r} isn't a number"
    if not row.get("corrected"):
        return "no corrected number"
    return _wrong_day(row) or _too_long(row, "reason")


def _wrong_reply(row: dict[str, str]) -> str | None:
    """Why a reply can't be used."""
    if not row.get("report_id") or not row.get("text"):
        return "no report_id or no text"
    if row.get("check") and row["check"] not in checks.catalogue():
        return f"no check {row['check'][:40]!r}"
    if row.get("url") and not _ADDRESS.fullmatch(row["url"]):
        return "url isn't http or https"
    return _wrong_day(row) or _too_long(row, "text")


def _wrong_day(row: dict[str, str]) -> str | None:
    try:
        _day(row)
    except ValueError:
        return f"date {row['date'][:20]!r} isn't YYYY-MM-DD"
    return None


def _too_long(row: dict[str, str], name: str) -> str | None:
    long = len(row.get(name, "")) > _LONGEST
    return f"{name} is longer than {_LONGEST:,} characters" if long else None


def _day(row: dict[str, str]) -> dt.date | None:
    return dt.date.fromisoformat(row["date"]) if row.get("date") else None


def _correction(row: dict[str, str]) -> dict[str, Any]:
    numbers = {n: float(row[n]) if row.get(n) else None for n in ("printed", "corrected")}
    year = int(row["year"]) if row.get("year") else None
    return {**row, **numbers, "year": year, "date": _day(row)}


@cache
def _cells() -> frozenset[tuple[str, ...]]:
    return frozenset(
        (table.code, row.code, column.code)
        for form in forms().values()
        for table in form.tables
        for row in table.rows
        for column in table.value_columns
    )
