"""Agencies in, which of them are looked at together out: the same ones in every build.

What is found of some agencies is kept for the next build. So an agency's share goes by its id
alone, and stays the same until there are twice as many.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

import polars as pl

from govreport_core.dataset.keys import key

_ORDER = ("agency_id", "year", "document_id")
_AGENCIES = 5  # times as many as reports may be in a share: there may be few reports of many


class Share(NamedTuple):
    """Some agencies and all their reports.

    Attributes:
        name: Which share it is.
        reports: Their rows of the table, by agency, year and document.
        agencies: Theirs, in the table's order.
        told: What the reports' rows say, but for the chunks they are in.
    """

    name: str
    reports: pl.DataFrame
    agencies: pl.DataFrame
    told: str


def shared(reports: pl.DataFrame, agencies: pl.DataFrame, at_once: int) -> list[Share]:
    """Some agencies at a time.

    Args:
        reports: The table `reports`, with `chunk`; other columns stay.
        agencies: The table `agencies`: all whose reports these are.
        at_once: How many reports a share may hold, about.

    Returns:
        Shares in no order; of some there may be no report.
    """
    parts = max(shares(reports.height, at_once), shares(agencies.height, at_once * _AGENCIES))
    number = numbered(agencies["agency_id"], parts)
    split = reports.join(number, on="agency_id").partition_by(
        "share", as_dict=True, include_key=False
    )
    listed = agencies.join(number, on="agency_id", maintain_order="left").partition_by(
        "share", as_dict=True, include_key=False
    )
    found = []
    for at, some in listed.items():
        mine = split.get(at, reports.clear()).sort(_ORDER)
        found.append(Share(f"{at[0]}of{parts}", mine, some, key("", mine.drop("chunk"))))
    return found


def shares(many: int, at_once: int) -> int:
    """How many shares to make, a power of two, so that each holds about `at_once` or fewer.

    Args:
        many: How many reports, agencies or the like there are.
        at_once: How many of them a share may hold.
    """
    parts = 1
    while many > parts * at_once:
        parts *= 2
    return parts


def numbered(agencies: pl.Series, parts: int) -> pl.DataFrame:
    """Which share each agency is in.

    Args:
        agencies: Ids in any order, repeated or not; null is none.
        parts: What `shares` gave.

    Returns:
        A row an agency: `agency_id`, and its `share`, from 0 to below `parts`.
    """
    ids = agencies.drop_nulls().unique()
    numbers = [zlib.crc32(one.encode()) * parts >> 32 for one in ids]
    return pl.DataFrame({"agency_id": ids, "share": pl.Series(numbers, dtype=pl.UInt32)})
