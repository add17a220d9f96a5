"""The choices of the filters in, the same with counts under the other filters out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import polars as pl

from dashboard.data import Data
from dashboard.views.filters import READINGS, UNKNOWN, Filters, of_place_and_time, stem
from dashboard.views.lists import (
    COUNTED,
    SEVERE,
    WITH_OUTCOME,
    of_results,
    region_above,
    region_path,
)
from dashboard.views.records import FilterOptions, Option

# By which column of cards a filter's choices are told apart; of the others, by which tests.
_COLUMNS = {
    "years": "year",
    "kinds": "agency_kind",
    "levels": "agency_level",
    "statuses": "status",
}
_TESTS: Mapping[str, Mapping[Any, pl.Expr]] = {
    "readings": READINGS,
    "severities": SEVERE,
    "outcomes": WITH_OUTCOME,
}
_NEEDED = ("form", "cells", "cells_read", "doubts", *COUNTED)
_THERE = pl.col("document_id").is_not_null()


def facets(
    data: Data,
    filters: Filters,
    options: FilterOptions,
    also: Mapping[str, pl.Expr] | None = None,
) -> FilterOptions:
    """How many reports each choice brings, together with what the other filters let through.

    Args:
        data: The dataset.
        filters: What is chosen.
        options: All choices there are: those of `filter_options`.
        also: What else a card must pass, by names that no filter has.

    Returns:
        The same choices in their order, but of regions those alone that lie beside or right below
        the one chosen and those above it; of statuses, agencies without a report count too.
    """
    tests = of_place_and_time(filters) | of_results(filters) | dict(also or {})
    if not tests:
        return options
    # Each test is made once, not once a filter.
    passed = data.cards.select(there=_THERE, **tests)
    counted = {}
    for name in (*_COLUMNS, *_TESTS, "regions"):
        others = [other for other in tests if other != name]
        others += [] if name == "statuses" else ["there"]
        kept = passed.select(pl.all_horizontal(others)).to_series() if others else None
        if name == "regions":
            counted[name] = _in_regions(data, kept, regions_offered(options.regions, filters))
        else:
            counts = _counts(name, data.cards, kept)
            counted[name] = tuple(
                msgspec.structs.replace(option, count=counts[option.value])
                for option in getattr(options, name)
            )
    return FilterOptions(**counted)


def regions_offered(options: tuple[Option, ...], filters: Filters) -> tuple[Option, ...]:
    """Of all choices of regions those that a reader is asked for: level by level, so far.

    Args:
        options: All choices of regions.
        filters: What is chosen; of several regions none leads further down.

    Returns:
        The provinces, and what lies in the region chosen and in those above it; in order.
    """
    chosen = filters.regions
    opened = {"", *(region_path(chosen[0]) if len(chosen) == 1 else ())}
    return tuple(one for one in options if region_above(one.value) in opened)


def _counts(name: str, cards: pl.DataFrame, kept: pl.Series | None) -> Counter[str]:
    """How many of the cards that are kept each choice of a filter would bring."""
    needed = _NEEDED if name in _TESTS else (_COLUMNS[name],)
    rows = cards.select(needed) if kept is None else cards.select(needed).filter(kept)
    if name in _TESTS:
        tests = {str(code): test.sum() for code, test in _TESTS[name].items()}
        return Counter(rows.select(**tests).row(0, named=True))
    counted = rows[_COLUMNS[name]].value_counts().iter_rows()
    return Counter({UNKNOWN if value is None else str(value): n for value, n in counted})


def _in_regions(
    data: Data, kept: pl.Series | None, options: tuple[Option, ...]
) -> tuple[Option, ...]:
    """The same for regions, each with all below it."""
    codes, places = data.places
    rows = places if kept is None else places.filter(kept)
    upto = np.bincount(rows.to_numpy(), minlength=len(codes) + 1).cumsum()

    def count(code: str) -> int:
        if code == UNKNOWN:
            return int(upto[0])
        first, last = bisect_left(codes, stem(code)), bisect_right(codes, f"{stem(code)}9999")
        return int(upto[last] - upto[first])

    return tuple(msgspec.structs.replace(one, count=count(one.value)) for one in options)
