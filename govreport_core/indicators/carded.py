"""Cards in, their indicators as `evaluate` and `aggregate` give them out, without a look at cells.

A card has of each indicator `_numerator`, for a rate `_base`, both null where it isn't
known, and `_state`: `known`, `assumed` (a blank counted as 0), why it isn't known, or
null where its form lacks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    sums = [part for indicator in catalogue().values() for part in _sums(indicator)]
    found = cards.group_by("year").agg(sums).drop_nulls("year").sort("year")
    reasons = _reasons(cards)
    return {
        row["year"]: {
            code: _together(indicator, row) | {"reasons": reasons.get((code, row["year"]), [])}
            for code, indicator in catalogue().items()
        }
        for row in found.iter_rows(named=True)
    }


def _sums(indicator: Indicator) -> list[pl.Expr]:
    code = indicator.code
    numerator, state = pl.col(f"{code}_numerator"), pl.col(f"{code}_state")
    found = [
        numerator.sum(),
        numerator.count().alias(f"{code}_n"),
        state.count().alias(f"{code}_told"),
        (state == ASSUMED).any().alias(f"{code}_assumed"),
    ]
    if indicator.denominator:
        found.append(pl.col(f"{code}_base").sum())
    return found


def _together(indicator: Indicator, row: Mapping[str, Any]) -> dict[str, Any]:
    code = indicator.code
    n = row[f"{code}_n"]
    numerator = row[f"{code}_numerator"] if n else None
    denominator = row[f"{code}_base"] if n and indicator.denominator else None
    return {
        "value": _value(indicator, numerator, denominator),
        "numerator": numerator,
        "denominator": denominator,
        "n": n,
        "left_out": row[f"{code}_told"] - n,
        "reason": "none_known" if not n else "base_zero" if denominator == 0 else None,
        "assumed_zero": row[f"{code}_assumed"] or False,
    }


def _value(
    indicator: Indicator, numerator: float | None, denominator: float | None
) -> float | None:
    if not indicator.denominator or numerator is None:
        return numerator
    return numerator / denominator if denominator else None


def _reasons(cards: pl.DataFrame) -> dict[tuple[str, int], list[tuple[str, int]]]:
    """Why reports are left out, by indicator and year."""
    found: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for code in catalogue():
        lacking = cards.select("year", f"{code}_numerator", f"{code}_state").filter(
            pl.col(f"{code}_numerator").is_null() & pl.col(f"{code}_state").is_not_null()
        )
        if lacking.is_empty():
            continue
        counted = lacking.group_by("year", reason=pl.col(f"{code}_state").cast(pl.String)).len()
        for year, reason, count in counted.sort(
            "len", "reason", descending=[True, False]
        ).iter_rows():
            found.setdefault((code, year), []).append((reason, count))
    return found
