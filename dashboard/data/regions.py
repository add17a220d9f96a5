"""Rows with the code of a division in, the names of this division and those above it out.

Where a report doesn't tell the name of a division, the roster's one government of it
lends its own; else it has the one that the table of divisions gives its code.
"""

from __future__ import annotations

import polars as pl

from govreport_core.regions import names_of

_GOVERNMENT = "人民政府"
# How many digits of a division's code name it and all above it.
_DIGITS = {"province": 2, "prefecture": 4, "county": 6}
PLACES = tuple(_DIGITS)
_TOLD = ("region_code", *PLACES)


def place_names(cards: pl.DataFrame) -> dict[str, str]:
    """The names of divisions by the digits of their codes that all below them share.

    Args:
        cards: With `region_code`, `province`, `prefecture` and `county`; the first that names a
            division does.
    """
    names: dict[str, str] = {}
    for place, digits in _DIGITS.items():
        within = pl.col("region_code").str.slice(0, digits)
        told = cards.select(code=within, name=place).drop_nulls()
        own = told.filter(pl.col("code").str.len_chars() == digits)
        names |= own.unique("code", keep="first", maintain_order=True).iter_rows()
    return names


def located(rows: pl.DataFrame, agencies: pl.LazyFrame) -> pl.DataFrame:
    """Rows with the names of their divisions, and `region`, all names in one.

    Each place is looked up once, however many rows are of it.

    Args:
        rows: With `region_code`, `province`, `prefecture` and `county`.
        agencies: The table `agencies`: `region_code`, `kind`, `name`.

    Returns:
        `rows` in their order, the names filled and `region` added, null where none is known.
    """
    told = rows.select(_TOLD)
    known = told.unique().with_row_index("at")
    names = _joined(_of_table(_named(known.lazy(), agencies).sort("at").collect()))
    at = told.join(known, on=_TOLD, how="left", nulls_equal=True, maintain_order="left")["at"]
    return rows.with_columns(names[at])


def _named(rows: pl.LazyFrame, agencies: pl.LazyFrame) -> pl.LazyFrame:
    lending = (
        agencies.filter(
            (pl.col("kind") == "government") & pl.col("name").str.ends_with(_GOVERNMENT)
        )
        .group_by("region_code")
        .agg(pl.col("name").unique())
        .filter(pl.col("name").list.len() == 1)
        .select("region_code", name=pl.col("name").list.first().str.strip_suffix(_GOVERNMENT))
    )
    code = pl.col("region_code")
    found = rows
    for place, digits in _DIGITS.items():
        above = code.str.slice(0, digits).str.pad_end(6, "0")
        # A prefecture's own code, padded, is no county's.
        own = above if digits == 2 else pl.when(code.str.slice(digits - 2, 2) != "00").then(above)
        lent = lending.select("region_code", pl.col("name").alias(f"{place}_lent"))
        found = (
            found.with_columns(own.alias("above"))
            .join(lent, left_on="above", right_on="region_code", how="left", maintain_order="left")
            .with_columns(pl.coalesce(place, f"{place}_lent").alias(place))
            .drop("above", f"{place}_lent")
        )
    return found


def _of_table(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows, those that name no division with the names that the table of divisions has."""
    nameless = pl.all_horizontal(pl.col(*PLACES).is_null())
    codes = rows.filter(nameless)["region_code"].drop_nulls().unique()
    told = [(code, *names_of(code)) for code in codes]
    names = pl.DataFrame(told, dict.fromkeys(_TOLD, pl.String), orient="row")
    found = rows.join(names, on="region_code", how="left", maintain_order="left", suffix="_table")
    # All names are of one source: those of a code that changed hands don't mix.
    return found.select(
        pl.when(nameless).then(f"{place}_table").otherwise(place).alias(place) for place in PLACES
    )


def _joined(names: pl.DataFrame) -> pl.DataFrame:
    region = pl.concat_str(*PLACES, ignore_nulls=True)
    return names.with_columns(region=pl.when(region != "").then(region))
