"""Cards and results in, the table `counts` out: how often each rule had which outcome."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from govreport_core.schemas import frame

WIDE = 1_000
"""How many reports a division below the province has at least that has rows of its own.

So the table has a few rows in a hundred of `checks`: where a division has fewer reports,
its rows by year, kind and outcome would be nearly as many as its results.
"""

_HELD = 400_000  # rows of parts that wait to be summed
_DIGITS = (2, 4, 6)
_OF_CARD = ("form", "year", "region_code", "kind", "level")
_SUMS = ("results", "reports")
_KEYS = (
    *("document_id", "agency_id", "form", "year", "region_code"),
    *(pl.col("agency_kind").alias("kind"), pl.col("agency_level").alias("level")),
)
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
        the report's that is a province or has `WIDE` reports), `kind`, `level`, `severity`,
        `outcome` and `reason`: how many `results`, of how many `reports`. By division, rule,
        year and the rest, nulls last.
    """
    wide = divisions(cards)
    rows = within(cards, wide)
    return joined((counted(rows, some) for some in checks), wide)


def joined(parts: Iterable[pl.DataFrame], wide: pl.DataFrame) -> pl.DataFrame:
    """The table `counts`, of its parts.

    Args:
        parts: What `counted` gave of all results.
        wide: What `divisions` gave.

    Returns:
        As `counts`.
    """
    return (
        summed(parts)
        .lazy()
        .with_columns(region_code=above())
        .explode("region_code")
        .join(wide.lazy(), on="region_code", how="semi", nulls_equal=True)
        .group_by(*_OF_CARD, *_OF_RESULT)
        .agg(pl.col(_SUMS).sum())
        .select(_typed())
        .sort(_ORDER, nulls_last=True)
        .collect()
    )


def of_results(cards: pl.DataFrame, checks: Iterable[pl.LazyFrame]) -> pl.DataFrame:
    """The same of some results, in whatever division: what `counts` has no row for.

    Args:
        cards: The cards of the reports, and of the agencies and years, that count.
        checks: Results, as `counts` takes them; those of other reports are left out, those
            of none stand without a division where their agency and year has no card.

    Returns:
        The columns of `counts` in no order, `region_code` being the report's own alone.
    """
    rows = cards.select(_KEYS)
    return summed(counted(rows, some) for some in checks).select(_typed())


def summed(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Parts as one, each looked at as it comes: of very many they aren't all held.

    Args:
        parts: What `counted` or this gave, of different results.

    Returns:
        The same of all of them.
    """
    found = [frame("counts", []).select(*_OF_CARD, *_OF_RESULT, pl.col(_SUMS).cast(pl.UInt32))]
    for part in parts:
        found.append(part)
        if sum(one.height for one in found[1:]) > _HELD:
            found = [_added(found)]
    return _added(found)


def replaced(
    total: pl.DataFrame, gone: Iterable[pl.DataFrame], come: Iterable[pl.DataFrame]
) -> pl.DataFrame:
    """The sum of parts of which some are others now.

    Args:
        total: What `summed` gave of all parts there were.
        gone: Those of them that aren't there any more.
        come: Those that are there in addition.

    Returns:
        What `summed` gives of the parts there are.
    """
    signed = [(total, 1), *((part, -1) for part in gone), *((part, 1) for part in come)]
    rows = _added([some.with_columns(pl.col(_SUMS).cast(pl.Int64) * sign) for some, sign in signed])
    return rows.filter(pl.col("results") != 0).with_columns(pl.col(_SUMS).cast(pl.UInt32))


def _added(parts: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts).group_by(*_OF_CARD, *_OF_RESULT).agg(pl.col(_SUMS).sum())


def _typed() -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in frame("counts", []).schema.items()]


def divisions(cards: pl.DataFrame) -> pl.DataFrame:
    """The divisions that have rows, and null: of few reports the results are counted as fast.

    Args:
        cards: As `counts` takes them.

    Returns:
        Their `region_code`, each once, and how many `reports` they have.
    """
    code = pl.col("region_code")
    return (
        cards.lazy()
        .group_by("region_code")
        .agg(reports=pl.col("document_id").count())
        .with_columns(region_code=above())
        .explode("region_code")
        .group_by("region_code")
        .agg(pl.col("reports").sum())
        .filter(code.is_null() | code.str.ends_with("0000") | (pl.col("reports") >= WIDE))
        .collect()
    )


def within(cards: pl.DataFrame, wide: pl.DataFrame) -> pl.DataFrame:
    """The cards with the lowest division that has rows instead of their own.

    All above that one have rows too, and of one's own there are nearly as many as results.

    Args:
        cards: As `counts` takes them.
        wide: What `divisions` gave of them.

    Returns:
        A row a card: `document_id`, `agency_id`, and what results are counted by.
    """
    lowest = (
        cards.select(pl.col("region_code").unique())
        .with_columns(above=above())
        .explode("above")
        .join(wide.select(above="region_code"), on="above", how="semi", nulls_equal=True)
        .group_by("region_code")
        .agg(pl.col("above").max())
    )
    found = cards.join(lowest, on="region_code", how="left", nulls_equal=True)
    return found.with_columns(region_code="above").select(_KEYS)


def counted(cards: pl.DataFrame, checks: pl.LazyFrame) -> pl.DataFrame:
    """How often some rules had which outcome.

    Args:
        cards: What `within` gave, of all reports that count and have results here.
        checks: The results, as `counts` takes them.

    Returns:
        What `joined` takes: a row a combination of the columns by which results are counted,
        the division being the report's own alone; in no order.
    """
    there = cards.lazy().drop_nulls("document_id").drop("agency_id")
    none = cards.lazy().filter(pl.col("document_id").is_null()).drop("document_id")
    rows = checks.select("document_id", "agency_id", "year", *_OF_RESULT).collect().lazy()
    of_none = rows.filter(pl.col("document_id").is_null())
    # of very many reports few are in one part
    mine = there.join(rows.select("document_id").unique(), on="document_id", how="semi").collect()
    alike = mine.select(_OF_CARD).unique().with_row_index("alike")  # one number, not five words
    numbers = mine.join(alike, on=_OF_CARD, nulls_equal=True).with_row_index("doc")
    said = [
        rows.join(numbers.lazy().select("document_id", "doc", "alike"), on="document_id")
        .group_by("alike", *_OF_RESULT)
        .agg(results=pl.len(), reports=pl.col("doc").n_unique())
        .join(alike.lazy(), on="alike"),
        of_none.join(none, on=["agency_id", "year"], how="left")
        .group_by(*_OF_CARD, *_OF_RESULT)
        .agg(results=pl.len(), reports=pl.lit(0, pl.UInt32)),
    ]
    return pl.concat(one.select(*_OF_CARD, *_OF_RESULT, *_SUMS) for one in said).collect()


def above() -> pl.Expr:
    """A division's code and those of the divisions above it.

    Returns:
        A list over `region_code` (six digits): province, prefecture and county, each once, in
        no order; of null a list of null.
    """
    code = pl.col("region_code")
    codes = [code.str.slice(0, digits).str.pad_end(6, "0") for digits in _DIGITS]
    return pl.concat_list(codes).list.unique()
