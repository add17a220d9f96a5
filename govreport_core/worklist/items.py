"""Cards and what is asked for in, a list's items in their order out: no result is read."""

from __future__ import annotations

from typing import Literal

import msgspec
import polars as pl

from govreport_core import checks
from govreport_core.checks.publication import Collected, Deadline
from govreport_core.model import Severity

Order = Literal["rule", "agency"]
ORDERS: tuple[Order, ...] = ("rule", "agency")
GRAVE = (str(Severity.ERROR), str(Severity.WARNING))
"""The severities that stand in a list that isn't asked for remarks."""
MISSED = ("late", "not_found")
"""The statuses that are items even where no rule says them."""

COLUMNS = (
    *("agency_id", "agency_name", "agency_level", "region_code", "year", "document_id"),
    *("report_id", "title", "source_url", "status", "failed_rules", "failed_severities"),
)
"""What is needed of `cards`."""


class Asked(msgspec.Struct, frozen=True):
    """What a list is to hold, and in which order.

    Attributes:
        severities: Of the findings; remarks only where they are named.
        rules: Codes; empty for all. Late and not found without a rule are of none.
    """

    order: Order = "rule"
    severities: tuple[str, ...] = GRAVE
    rules: tuple[str, ...] = ()


def items(cards: pl.LazyFrame, asked: Asked) -> pl.DataFrame:
    """The items of a list, in its order.

    Args:
        cards: Of the choice, with `COLUMNS`.
        asked: What the list is to hold.

    Returns:
        `COLUMNS` without the last two, and `check` and `severity`: a rule's code, or a status
        of `MISSED` that no rule says. By severity, rule and agency, or by agency, newest year
        first, and then so.
    """
    known = cards.select(COLUMNS).with_columns(pl.col(pl.Enum, pl.Categorical).cast(pl.String))
    failed = (
        known.explode("failed_rules", "failed_severities", empty_as_null=True)
        .rename({"failed_rules": "check", "failed_severities": "severity"})
        .drop_nulls("check")
    )
    untold = known.filter(pl.col("status").is_in(MISSED) & ~_told()).with_columns(
        check=pl.col("status"), severity=pl.lit(str(Severity.WARNING))
    )
    found = pl.concat([failed, untold.select(failed.collect_schema().names())])
    found = found.filter(pl.col("severity").is_in(asked.severities))
    if asked.rules:
        found = found.filter(pl.col("check").is_in(asked.rules))
    return _ordered(found, asked.order).collect()


def severities(*, remarks: bool = False) -> tuple[str, ...]:
    """The severities of a list's findings."""
    return tuple(map(str, Severity)) if remarks else GRAVE


def lateness() -> tuple[str, ...]:
    """The rules that say that a report is late, by their codes."""
    return tuple(
        code for code, rule in checks.catalogue().items() if isinstance(rule.test, Deadline)
    )


def _told() -> pl.Expr:
    """Whether a rule says what the status says."""
    saying = [
        code
        for code, rule in checks.catalogue().items()
        if isinstance(rule.test, (Deadline, Collected))
    ]
    return pl.col("failed_rules").list.eval(pl.element().is_in(saying)).list.any()


def _ordered(found: pl.LazyFrame, order: Order) -> pl.LazyFrame:
    ranks = {code: place for place, code in enumerate(checks.catalogue())}
    weight = {str(severity): place for place, severity in enumerate(Severity)}
    by_rule = ["weight", "rank", "check"]
    where = ["region_code", "agency_level", "agency_name", "agency_id"]
    ranked = found.with_columns(
        weight=pl.col("severity").replace_strict(weight, return_dtype=pl.Int8),
        rank=pl.col("check").replace_strict(ranks, default=len(ranks), return_dtype=pl.Int32),
        back=-pl.col("year"),
    )
    by = [*by_rule, *where, "back"] if order == "rule" else [*where, "back", *by_rule]
    ordered = ranked.sort([*by, "document_id"], nulls_last=True)
    kept = [name for name in COLUMNS if not name.startswith("failed_")]
    return ordered.select(*kept, "check", "severity")
