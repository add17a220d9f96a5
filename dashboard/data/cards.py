"""The table `cards` in, the cards as memory holds them out: codes as numbers, reports first."""

from __future__ import annotations

import polars as pl

from dashboard.data.regions import PLACES, located

# Columns of cards and counts with few words, whose rows hold a number each in memory.
_CODES = (
    *("agency_kind", "agency_level", "form", "status", "reason", "check"),
    *("kind", "level", "severity", "outcome"),
)
_OF_AGENCY = ("agency_name", "agency_kind", "agency_level", "region_code")
# In the order of lists.
_ORDER = ("region_code", "agency_level", "agency_name", "agency_id")


def in_memory(cards: pl.LazyFrame, agencies: pl.LazyFrame) -> pl.DataFrame:
    """The table `cards`, its codes as Enums, with `region`: the names of its divisions.

    Args:
        cards: The table `cards`.
        agencies: The table `agencies`.

    Returns:
        The columns of `cards` and `region`, null if unknown. Reports first, then what has
        none; by `year`, nulls last, so that a year's rows stand together, and in a year as
        given.
    """
    there = pl.col("document_id").is_not_null()
    parts = [_by_year(cards.filter(some).collect()) for some in (there, ~there)]
    return located(as_codes(pl.concat(parts)), agencies)


def _by_year(rows: pl.DataFrame) -> pl.DataFrame:
    # As the dataset's files are, one a year, so that nothing is to be sorted.
    if rows["year"].is_sorted(nulls_last=True):
        return rows
    return rows.sort("year", nulls_last=True, maintain_order=True)


def as_codes(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with an Enum of the words that are there in each column of codes.

    Args:
        rows: Of `cards` or `counts`.

    Returns:
        The same rows and columns, each in one piece.
    """
    return pl.DataFrame([_coded(rows.drop_in_place(name)) for name in rows.columns])


def told_once(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of `offsets` in less memory: a document and a file are named in very many.

    Args:
        rows: As written.

    Returns:
        The same rows and columns; words as Enums in their order, numbers of four bytes.
    """
    return pl.DataFrame([_short(rows.drop_in_place(name)) for name in rows.columns])


def _short(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String:
        return column.cast(pl.Enum(column.drop_nulls().unique().sort())).rechunk()
    return column.cast(pl.UInt32).rechunk()


def _coded(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String and (column.name in _CODES or column.name.endswith("_state")):
        return column.cast(pl.Enum(column.drop_nulls().unique().sort())).rechunk()
    return column.rechunk()


def agencies(cards: pl.DataFrame, roster: pl.LazyFrame) -> pl.DataFrame:
    """One row an agency, with columns of cards: as its latest report says, else the roster.

    Args:
        cards: The cards of reports, by year.
        roster: The table `agencies`.

    Returns:
        `agency_id`, `agency_name`, `agency_kind`, `agency_level`, `region_code`, `province`,
        `prefecture`, `county` and `region`, in the order of lists: by `region_code`,
        `agency_level`, `agency_name` and `agency_id`, nulls last.
    """
    latest = (
        cards.lazy()
        .select("agency_id", "year", *_OF_AGENCY, *PLACES)
        .with_columns(pl.col("agency_kind", "agency_level").cast(pl.String))
        .sort("year", nulls_last=False, maintain_order=True)
        .unique("agency_id", keep="last", maintain_order=True)
        .drop("year")
    )
    named = roster.select(
        "agency_id",
        "region_code",
        agency_name="name",
        agency_kind="kind",
        agency_level="level",
    )
    joined = latest.join(named, on="agency_id", how="full", coalesce=True, suffix="_roster")
    rows = joined.select(
        "agency_id",
        *(pl.coalesce(name, f"{name}_roster").alias(name) for name in _OF_AGENCY),
        *PLACES,
    )
    return located(rows.sort(_ORDER, nulls_last=True).collect(), roster)
