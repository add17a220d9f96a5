"""Cards and filters in, a page of a work list out, or all of it to take away."""

from __future__ import annotations

from functools import cache

import msgspec
import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t
from dashboard.views.filters import READINGS, Filters, narrow, one_of
from dashboard.views.findings import first_cell
from dashboard.views.records.worklist import WorkList, WorkRow
from govreport_core import worklist as core
from govreport_core.model import Severity

PAGE = 50
"""Items on a screen."""
PRINTED = 1_000
"""Items on a page to print; more are said to be left out."""
TAKEN = 100_000
"""Items of a file that the app makes; more are for the command `export`."""


def worklist_view(data: Data, filters: Filters, order: str, page: int, lang: str) -> WorkList:
    """A page of the list of what matches.

    Args:
        data: The dataset.
        filters: What narrows it; of results its rules and severities are looked at, and
            remarks stand in it only where they are asked for.
        order: `rule` or `agency`; any other is taken for the first.
        page: From 1; one that isn't there is the nearest.
        lang: Language of the words.
    """
    return _page(data, filters, order, page, PAGE, lang)


def worklist_printed(data: Data, filters: Filters, order: str, lang: str) -> WorkList:
    """The list as one page to print: the first `PRINTED` items."""
    return _page(data, filters, order, 1, PRINTED, lang)


def worklist_frame(data: Data, filters: Filters, order: str, lang: str) -> pl.DataFrame:
    """The whole list as `govreport export --worklist` writes it.

    Args:
        data: The dataset.
        filters: As `worklist_view` takes them.
        order: Likewise.
        lang: Language of the words.

    Returns:
        The columns and rows of `govreport_core.worklist.table`, the year as a number.
    """
    asked = _asked(filters, order)
    found = core.items(_cards(data, filters), asked)
    return core.table(_rows(data, found, lang), lang)


def worklist_frames(data: Data, lang: str) -> dict[str, pl.DataFrame]:
    """The whole list, remarks too, as a frame a rule that something fails, by its code."""
    every = Filters(severities=tuple(map(str, Severity)))
    found = core.items(_cards(data, every), _asked(every, "rule"))
    rows: dict[str, list[core.Row]] = {}
    for row in _rows(data, found, lang):
        if row.check:
            rows.setdefault(row.check, []).append(row)
    return {check: core.table(tuple(some), lang) for check, some in rows.items()}


def _page(data: Data, filters: Filters, order: str, page: int, length: int, lang: str) -> WorkList:
    asked = _asked(filters, order)
    everything = msgspec.structs.replace(asked, severities=tuple(map(str, Severity)))
    found = core.items(_cards(data, filters), everything)
    mine = found.filter(pl.col("severity").is_in(asked.severities))
    pages = max(1, -(-mine.height // length))
    page = min(max(page, 1), pages)
    some = mine.slice((page - 1) * length, length)
    return WorkList(
        order=asked.order,
        rows=tuple(_row(row, lang) for row in _rows(data, some, lang)),
        items=mine.height,
        agencies=mine["agency_id"].n_unique(),
        page=page,
        pages=pages,
        remarks=str(Severity.INFO) in asked.severities,
        remarks_left=0 if filters.severities else found.height - mine.height,
    )


def _rows(data: Data, some: pl.DataFrame, lang: str) -> tuple[core.Row, ...]:
    # Of `checks` itself only the results of no report are read: they are in memory already; and
    # where all pages are made all that failed is.
    tables = data.tables | {"checks": data.of_nothing.lazy(), "coverage": data.coverage.lazy()}
    failed = data.failed_results if data.whole else None
    return core.rows(some, data.version, tables, lang, failed)


def _row(row: core.Row, lang: str) -> WorkRow:
    return WorkRow(
        item=row.item,
        year_text=labels.year(row.item.year, lang),
        report_id=row.report_id,
        agency_id=row.agency_id,
        anchor=_anchor(row.check, row.subject, row.form),
        severity=row.severity,
        sign=t(f"signs.{row.severity}", lang),
        check=row.check,
    )


def _anchor(check: str | None, subject: str | None, form: str | None) -> str | None:
    return first_cell(subject, check, form) if check and subject else None


def _asked(filters: Filters, order: str) -> core.Asked:
    known = core.ORDERS[1] if order == core.ORDERS[1] else core.ORDERS[0]
    return core.Asked(known, filters.severities or core.GRAVE, filters.rules)


def _cards(data: Data, filters: Filters) -> pl.LazyFrame:
    """The cards that match, those of agencies and years without a report too."""
    cards = narrow(data.cards.lazy().select(_needed()), filters)
    if filters.statuses:
        cards = cards.filter(one_of(pl.col("status"), filters.statuses))
    if filters.readings:
        read = pl.any_horizontal(READINGS[one] for one in filters.readings)
        cards = cards.filter(pl.col("document_id").is_not_null() & read)
    return cards


@cache
def _needed() -> tuple[str, ...]:
    """The columns of cards that the list shows, and those that filters look at."""
    narrowing = ("agency_kind", "form", "cells", "cells_read", "doubts")
    return tuple(dict.fromkeys((*core.COLUMNS, *narrowing)))
