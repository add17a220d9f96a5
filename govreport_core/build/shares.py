"""Agencies in, which of them are looked at together out: the same ones in every build.

What is found of some agencies is kept for the next build. So an agency's share goes by its id
alone, and stays the same until there are twice as many.
"""

from __future__ import annotations

import zlib

import polars as pl


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
