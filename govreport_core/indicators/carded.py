"""Cards in, their indicators as `evaluate` and `aggregate` give them out, without a look at cells.

A card has of each indicator `_numerator`, for a rate `_base`, both null where it isn't
known, and `_state`: `known`, `assumed` (a blank counted as 0), why it isn't known, or
null where its form lacks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np
import polars as pl

from govreport_core.indicators.definitions import Indicator, catalogue

KNOWN, ASSUMED = "known", "assumed"
_TOLD = (KNOWN, ASSUMED)


def columns() -> tuple[str, ...]:
    """The columns of cards that indicators have."""
    codes = catalogue().values()
    rates = [f"{one.code}_base" for one in codes if one.denominator]
    parts = ("numerator", "state")
    return (*(f"{one.code}_{part}" for one in codes for part in parts), *rates)


def of_card(card: Mapping[str, Any], indicator: Indicator) -> dict[str, Any] | None:
    """One indicator of a report: the row that `evaluate` has of it; None where it has none."""
    state = card[f"{indicator.code}_state"]
    if state is None:
        return None
    numerator = card[f"{indicator.code}_numerator"]
    denominator = card[f"{indicator.code}_base"] if indicator.denominator else None
    n = int(state in _TOLD)
    return {
        "value": _value(indicator, numerator, denominator) if n else None,
        "numerator": numerator,
        "denominator": denominator,
        "n": n,
        "reason": ("base_zero" if denominator == 0 else None) if n else state,
        "assumed_zero": state == ASSUMED,
    }


def cards_by_year(cards: pl.DataFrame) -> dict[int, dict[str, dict[str, Any]]]:
    """Each indicator of the reports of each year taken together: sums over sums.

    Args:
        cards: Those of reports, with `year` and, of each indicator, `_numerator`, `_base` and
            `_state`; without a year they are left out.

    Returns:
        year -> code -> what `aggregate` gives (rates as fractions), `n` and `left_out` 0 where
        no report's form has it, with `reasons`: why reports are left out, with their number,
        most first. Years ascend; codes are in the catalogue's order.
    """
    cards = _in_years(cards)
    states = _states(cards)
    found: dict[int, dict[str, dict[str, Any]]] = {}
    first = 0
    for year, rows in by_year(cards):
        last = first + rows.height
        if year is not None:
            found[year] = {
                code: _together(indicator, rows, states[code].count(first, last))
                for code, indicator in catalogue().items()
            }
        first = last
    return found


def by_year(cards: pl.DataFrame) -> Iterator[tuple[int | None, pl.DataFrame]]:
    """Cards cut into years: where a year's rows stand together already, nothing is copied.

    Args:
        cards: Any columns of `cards`, `year` among them.

    Yields:
        The year and its rows in their order; years ascend, those of no year come last.
    """
    cards = _in_years(cards)
    first = 0
    for run in cards["year"].rle():
        yield run["value"], cards.slice(first, run["len"])
        first += run["len"]


def _in_years(cards: pl.DataFrame) -> pl.DataFrame:
    if cards["year"].is_sorted(nulls_last=True):
        return cards
    return cards.sort("year", nulls_last=True, maintain_order=True)


class _States(msgspec.Struct, frozen=True):
    """An indicator's state in each of some cards: its place among `words`, or none of them."""

    words: tuple[str, ...]
    codes: np.ndarray[Any, Any]

    def count(self, first: int, last: int) -> dict[str, int]:
        """How many of the cards from `first` on, to before `last`, are in each state."""
        mine = self.codes[first:last]
        return {word: int(np.count_nonzero(mine == nth)) for nth, word in enumerate(self.words)}


def _states(cards: pl.DataFrame) -> dict[str, _States]:
    """Each indicator's states, as numbers: to group by each column costs ten times as much."""
    kinds = {code: _kind(cards[f"{code}_state"]) for code in catalogue()}
    words = {code: tuple(kind.categories) for code, kind in kinds.items()}
    numbered = cards.select(
        pl.col(f"{code}_state").cast(kind).to_physical().fill_null(len(words[code])).alias(code)
        for code, kind in kinds.items()
    )
    return {code: _States(words[code], numbered[code].to_numpy()) for code in kinds}


def _kind(states: pl.Series) -> pl.Enum:
    kind = states.dtype
    return kind if isinstance(kind, pl.Enum) else pl.Enum(states.drop_nulls().unique().sort())


def _together(
    indicator: Indicator, cards: pl.DataFrame, states: Mapping[str, int]
) -> dict[str, Any]:
    code = indicator.code
    n = sum(states.get(word, 0) for word in _TOLD)
    numerator = float(cards[f"{code}_numerator"].sum()) if n else None
    denominator = float(cards[f"{code}_base"].sum()) if n and indicator.denominator else None
    reasons = [(why, count) for why, count in states.items() if count and why not in _TOLD]
    return {
        "value": _value(indicator, numerator, denominator),
        "numerator": numerator,
        "denominator": denominator,
        "n": n,
        "left_out": sum(count for _, count in reasons),
        "reason": "none_known" if not n else "base_zero" if denominator == 0 else None,
        "assumed_zero": states.get(ASSUMED, 0) > 0,
        "reasons": sorted(reasons, key=lambda one: (-one[1], one[0])),
    }


def _value(
    indicator: Indicator, numerator: float | None, denominator: float | None
) -> float | None:
    if not indicator.denominator or numerator is None:
        return numerator
    return numerator / denominator if denominator else None
