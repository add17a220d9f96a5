"""Cards and results in, the table `counts` out: how often each rule had which outcome."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from govreport_core.schemas import frame

_DIGITS = (2, 4, 6)
_OF_CARD = ("form", "year", "region_code", "kind", "level")
_SUMS = ("results", "reports")
# A division's rows stand together, so that they are read without the others.
_ORDER = ("region_code", "check", "year", "form", "kind", "level", "severity", "outcome", "reason")
_OF_RESULT = ("check", "severity", "outcome", "reason")


def counts(cards: pl.DataFrame, checks: Iterable[pl.LazyFrame]) -> pl.DataFrame:
    """The table `counts`.

    Args:
        cards: The table `cards`, or of it the columns about who and when.
        checks: The dataset's `checks`, in parts: those of one rule on one report in one.

    Returns:
        A row a rule (`check`), `form`, `year`, division (`region_code`, once for each above
        the report's), `kind`, `level`, `severity`, `outcome` and `reason`: how many `results`,
        of how many `reports`. By division, rule, year and the rest, nulls last.
    """
    keys = cards.lazy().select(
        "document_id", "agency_id", "form", "year", "region_code",
        kind="agency_kind", level="agency_level",
    )  # fmt: skip
    there = keys.drop_nulls("document_id").drop("agency_id").collect().lazy()
    none = keys.filter(pl.col("document_id").is_null()).drop("document_id").collect().lazy()
    parts = [_counted(some, there, none) for some in checks]
    summed = pl.concat([_counted(frame("checks", []).lazy(), there, none), *parts]).lazy()
    by = [*_OF_CARD, *_OF_RESULT]
    columns = frame("counts", []).schema
    return (
        summed.with_columns(region_code=above())
        .explode("region_code")
        .group_by(by)
        .agg(pl.col(_SUMS).sum())
        .select(pl.col(name).cast(kind) for name, kind in columns.items())
        .sort(_ORDER, nulls_last=True)
        .collect()
    )


def _counted(checks: pl.LazyFrame, there: pl.LazyFrame, none: pl.LazyFrame) -> pl.DataFrame:
    """How often, by the reports' own divisions."""
    rows = checks.select("document_id", "agency_id", "year", *_OF_RESULT)
    of_none = rows.filter(pl.col("document_id").is_null())
    said = [
        rows.drop("agency_id", "year").join(there, on="document_id"),
        of_none.join(none, on=["agency_id", "year"], how="left").drop("agency_id"),
    ]
    return (
        pl.concat(said, how="diagonal_relaxed")
        .group_by(*_OF_CARD, *_OF_RESULT)
        .agg(results=pl.len(), reports=pl.col("document_id").drop_nulls().n_unique())
        .collect()
    )


def above() -> pl.Expr:
    """A division's code and those of the divisions above it.

    Returns:
        A list over `region_code` (six digits): province, prefecture and county, each once, in
        no order; of null a list of null.
    """
    code = pl.col("region_code")
    codes = [code.str.slice(0, digits).str.pad_end(6, "0") for digits in _DIGITS]
    return pl.concat_list(codes).list.unique()
