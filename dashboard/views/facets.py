"""The choices of the filters in, the same with counts under the other filters out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
import polars as pl

from dashboard.data import Data
from dashboard.views.filters import READINGS, UNKNOWN, Filters, of_place_and_time
from dashboard.views.lists import COUNTED, SEVERE, WITH_OUTCOME, of_results
from dashboard.views.records import FilterOptions

# By which column of cards a filter's choices are told apart; of the others, by which tests.
_COLUMNS = {
    "years": "year",
    "regions": "region_code",
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


def facets(data: Data, filters: Filters, options: FilterOptions) -> FilterOptions:
    """How many reports each choice brings, together with what the other filters let through.

    Args:
        data: The dataset.
        filters: What is chosen.
        options: All choices there are: those of `filter_options`.

    Returns:
        The same choices in their order; of statuses, agencies without a report count too.
    """
    tests = of_place_and_time(filters) | of_results(filters)
    if not tests:
        return options
    # Each test is made once, not once a filter.
    passed = data.cards.select(there=_THERE, **tests)
    counted = {}
    for name in (*_COLUMNS, *_TESTS):
        others = [other for other in tests if other != name]
        others += [] if name == "statuses" else ["there"]
        kept = passed.select(pl.all_horizontal(others)).to_series() if others else None
        counted[name] = _counts(name, data.cards, kept)
    return FilterOptions(
        **{
            name: tuple(
                msgspec.structs.replace(option, count=counts[option.value])
                for option in getattr(options, name)
            )
            for name, counts in counted.items()
        }
    )


def _counts(name: str, cards: pl.DataFrame, kept: pl.Series | None) -> Counter[str]:
    """How many of the cards that are kept each choice of a filter would bring."""
    needed = _NEEDED if name in _TESTS else (_COLUMNS[name],)
    rows = cards.select(needed) if kept is None else cards.select(needed).filter(kept)
    if name in _TESTS:
        tests = {str(code): test.sum() for code, test in _TESTS[name].items()}
        return Counter(rows.select(**tests).row(0, named=True))
    found: Counter[str] = Counter()
    for value, count in rows[_COLUMNS[name]].value_counts().iter_rows():
        code = UNKNOWN if value is None else str(value)
        whole = {code}
        if name == "regions" and code != UNKNOWN:
            whole = {f"{code[:2]}0000", f"{code[:4]}00", code}
        for one in whole:
            found[one] += count
    return found
