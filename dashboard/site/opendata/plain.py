"""Numbers, heads and records in, how the files of a report or an agency write them out."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from dashboard import labels
from dashboard.labels import t
from dashboard.site.opendata.worded import LANG, OTHER
from dashboard.views.datatables import column_label
from govreport_core.dataset.export import FORMULA

_FORMULA = re.compile(FORMULA)
_QUOTED = re.compile(r'[",\n\r]')


def plain(number: float | None) -> float | int | None:
    """A number as JSON has it: whole ones without decimals; null stays null."""
    return int(number) if number is not None and number == int(number) else number


def text(number: float | None) -> str | None:
    """The same as text."""
    return None if number is None else str(plain(number))


def csv_cell(value: float | str | None) -> str:
    """A value as a cell of a CSV, as `govreport_core.dataset.export` writes it."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return text(value) or ""
    safe = f"'{value}" if _FORMULA.match(value) else value
    return '"' + safe.replace('"', '""') + '"' if _QUOTED.search(safe) else safe


def heads(names: Sequence[str]) -> list[str]:
    """Columns' heads, Chinese and English beside each other, as one file is for both.

    None is there twice.
    """
    seen: dict[str, int] = {}
    found = []
    for name in names:
        head = f"{title(name, LANG)} {title(name, OTHER)}"
        seen[head] = seen.get(head, 0) + 1
        found.append(head if seen[head] == 1 else f"{head} {seen[head]}")
    return found


def title(name: str, lang: str) -> str:
    """A column's head in a language."""
    key = f"opendata.heads.{name}"
    return t(key, lang) if key in labels.words(LANG) else column_label(name, lang)


def json_line(found: object) -> bytes:
    """Compact JSON; dates as YYYY-MM-DD."""
    return msgspec.json.encode(found) + b"\n"
