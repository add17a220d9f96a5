"""Cards of a choice in, a work list to hand on out: each finding with its place and its remedy.

The cards say which rules a report fails, so that a page of the list reads the results of
its own reports alone. An *item* is a rule that a report fails at a severity, or a report
that is late or wasn't found; it has a row for each place.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from govreport_core.dataset import store
from govreport_core.dataset.export import Choice, narrowed_cards
from govreport_core.schemas import TABLES
from govreport_core.worklist.items import (
    COLUMNS,
    GRAVE,
    ORDERS,
    Asked,
    Order,
    items,
    lateness,
    severities,
)
from govreport_core.worklist.rows import Item, Row, rows, words

__all__ = [
    "COLUMNS",
    "GRAVE",
    "ORDERS",
    "Asked",
    "Item",
    "Order",
    "Row",
    "items",
    "lateness",
    "listed",
    "rows",
    "severities",
    "table",
    "widths",
    "words",
]


def listed(folder: Path, choice: Choice, asked: Asked, lang: str) -> pl.DataFrame:
    """A choice's whole list, as `table` gives it.

    Args:
        folder: The dataset.
        choice: Which agencies and years.
        asked: What the list is to hold.
        lang: Language of the words.

    Raises:
        DatasetError: No dataset there, or nothing of what was chosen.
    """
    version = store.opened(folder)
    tables = {name: store.scan(version, name) for name in TABLES}
    cards = narrowed_cards(tables["cards"], choice)
    return table(rows(items(cards, asked), version, tables, lang), lang)


def table(found: tuple[Row, ...], lang: str) -> pl.DataFrame:
    """A list as a frame to take away.

    Args:
        found: What `rows` gave.
        lang: Language of the columns' names.

    Returns:
        A column a field of `Item`, named in words; the year as a number, all else text.
    """
    heads = words(lang).columns
    columns = {
        heads[name]: [getattr(one.item, name) for one in found] for name in Item.__struct_fields__
    }
    kinds = {heads[name]: pl.String for name in Item.__struct_fields__} | {heads["year"]: pl.Int32}
    return pl.DataFrame(columns, schema=kinds)


def widths(lang: str) -> dict[str, int]:
    """How wide the columns of `table` are in a workbook, in characters; texts wrap within."""
    return {words(lang).columns[name]: wide for name, wide in _WIDTHS.items()}


_WIDTHS = {
    "agency": 26, "year": 8, "problem": 60, "position": 30, "basis": 34, "advice": 40, "link": 30,
    "severity": 9, "rule": 24, "report": 28, "code": 22,
}  # fmt: skip
