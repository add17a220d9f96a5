"""A dataset in, the circular of each region's latest year out: a page of the site each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from dashboard.data import Data
from dashboard.views.circular import circular
from dashboard.views.filters import Filters, stem
from dashboard.views.records import Circular
from dashboard.views.region import named

MANY = 1_000
"""Of more regions, counties have no page: the app makes theirs."""


def circulars(data: Data, codes: Iterable[str], lang: str) -> Iterator[tuple[str, Circular]]:
    """The circulars of some regions, each with its region's code.

    Args:
        data: The dataset.
        codes: Divisions' codes: see `regions`.
        lang: Language of the words.
    """
    for code in codes:
        view = circular(data, Filters(regions=(code,)), lang, site=True)
        if view.year is not None:
            yield code, view


def regions(data: Data) -> tuple[str, ...]:
    """The divisions that have a page and a name, in the order of their codes."""
    dated = data.cards.filter(pl.col("year").is_not_null())
    codes = dated["region_code"].drop_nulls().unique()
    above: set[str] = {code[:digits].ljust(6, "0") for code in codes for digits in (2, 4, 6)}
    if len(above) > MANY:
        above = {code for code in above if len(stem(code)) < 6}
    return tuple(code for code in sorted(above) if named(data, code))
