"""Some agencies in, a JSON and a CSV file for each out: a row a year, the newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from dashboard.data import Data, Row
from dashboard.labels import term
from dashboard.site import addresses
from dashboard.site.opendata.plain import csv_cell, heads, json_line, plain
from dashboard.site.opendata.worded import LANG
from dashboard.views.datatables import column_label
from dashboard.views.lists import form_label, region_label
from govreport_core.coverage import status_words
from govreport_core.dataset.export import BOM
from govreport_core.indicators.figures import definitions

File = tuple[str, bytes]
_OF_YEAR = (
    *("year", "status", "published_on", "due", "days_late", "form", "title", "cells"),
    *("cells_read", "fail_error", "fail_warning", "fail_info", "passed", "skipped"),
)
_OF_REPORT = ("source_url", "report_id", "document_id")


def agency_files(data: Data, agencies: Iterable[str]) -> Iterator[File]:
    """`agencies/<id>.json` and `.csv` of some agencies: a row a year, the newest first.

    Args:
        data: The dataset.
        agencies: Their ids; those that the roster doesn't have have no file.
    """
    measured = _measured()
    for agency_id in agencies:
        for row in data.agencies.of(agency_id).iter_rows(named=True):
            cards = data.by_agency.of(row["agency_id"])
            years = cards.sort("year", descending=True, nulls_last=True).to_dicts()
            address = addresses.agency(row["agency_id"]).removesuffix(".html")
            yield f"{address}.json", json_line(_agency(row, years, measured, address))
            yield f"{address}.csv", _agency_csv(row, years, measured)


def _measured() -> tuple[str, ...]:
    """The key figures and the dispositions, by their codes."""
    known = definitions()
    groups = (group.code for group in known.outcomes.groups)
    return (*(figure.code for figure in known.figures), *groups)


def _agency(
    agency: Row, years: Sequence[Row], measured: Sequence[str], address: str
) -> dict[str, object]:
    kind, level = agency["agency_kind"], agency["agency_level"]
    return {
        "agency": agency["agency_name"],
        "region": region_label(agency, LANG) if agency["region_code"] else None,
        "kind": term("kinds", kind, LANG) if kind else None,
        "level": term("levels", level, LANG) if level else None,
        "page": f"{address}.html",
        "years": [_year(row, measured) for row in years],
        "units": {name: column_label(name, LANG) for name in measured},
        "ids": {name: agency[name] for name in ("agency_id", "region_code")},
    }


def _year(row: Row, measured: Sequence[str]) -> dict[str, object]:
    there = row["document_id"] is not None
    status = row["status"]
    found = {name: row[name] for name in _OF_YEAR}
    found |= {"status": status_words(LANG)[status].title if status else None}
    found |= {"form": form_label(row["form"], LANG) if row["form"] else None}
    if not there:
        # What isn't here has no counts: a 0 would say that nothing failed.
        found |= dict.fromkeys(_OF_YEAR[7:])
    found["figures"] = {name: plain(row[name]) for name in measured}
    found |= {name: row[name] for name in _OF_REPORT}
    return found | {"status_code": status, "form_code": row["form"]}


def _agency_csv(agency: Row, years: Sequence[Row], measured: Sequence[str]) -> bytes:
    names = ("agency_name", *_OF_YEAR[:7], *measured, *_OF_YEAR[7:], *_OF_REPORT)
    rows = []
    for one in years:
        said = _year(one, measured)
        found = {"agency_name": agency["agency_name"], **said, **{n: one[n] for n in measured}}
        rows.append([_day(found[name]) for name in names])
    head = ",".join(csv_cell(head) for head in _agency_heads())
    lines = [",".join(csv_cell(cell) for cell in row) for row in rows]
    return BOM + "\n".join([head, *lines, ""]).encode()


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


@lru_cache
def _agency_heads() -> tuple[str, ...]:
    return tuple(heads(("agency_name", *_OF_YEAR[:7], *_measured(), *_OF_YEAR[7:], *_OF_REPORT)))
