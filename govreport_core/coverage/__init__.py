"""Roster, reports and their dates in, the table `coverage` out: an agency and year a row.

A report that isn't here isn't called unpublished: `not_found` says that the
collector looked (the roster's column `searched`), `not_collected` that nobody
knows. What `timing` has in doubt is `published`, with the reason. A date the
roster sets counts where it is earlier than the law's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from govreport_core.coverage.definitions import (
    Status,
    deadlines,
    due_words,
    reason_words,
    status_words,
    statuses,
)
from govreport_core.coverage.timing import (
    PLACE,
    binds,
    dated,
    day_due,
    doubt,
    in_grace,
    late,
    of_township,
)
from govreport_core.regions.divisions import table as divisions
from govreport_core.schemas import columns_of

__all__ = [
    "Status",
    "Unread",
    "Years",
    "coverage",
    "due_words",
    "reason_words",
    "status_words",
    "statuses",
    "years_of",
]

Unread = tuple[str, int]
"""Agency and year of a file that couldn't be read."""

_KEYS = ["agency_id", "year"]
_AGENCY = ["agency_kind", "agency_level", "agency_name"]
_DATES = ["date_rule", *PLACE, "signed", "unlike", "earliest"]


class Years(NamedTuple):
    """What the whole says of years, which each agency is judged by.

    Attributes:
        known: The first to the last year that any report is for or any was looked for.
        unplaced: Those with a report of an unknown agency, which may be anyone's.
    """

    known: tuple[int, ...]
    unplaced: tuple[int, ...]


def years_of(agencies: pl.DataFrame, reports: pl.DataFrame) -> Years:
    """What the whole says of years.

    Args:
        agencies: As `coverage` takes them, all.
        reports: Likewise.
    """
    current = reports.filter("current").select("agency_id", "year").drop_nulls("year")
    looked = agencies["searched"].explode(empty_as_null=False).drop_nulls()
    years = pl.concat([current["year"], looked.cast(pl.Int32)]).unique().sort()
    unknown = current.filter(pl.col("agency_id").str.starts_with("doc-"))["year"].unique().sort()
    known = range(years[0], years[-1] + 1) if len(years) else ()
    return Years(tuple(known), tuple(unknown))


def coverage(
    agencies: pl.DataFrame,
    reports: pl.DataFrame,
    evidence: pl.DataFrame,
    *,
    diagnostics: pl.DataFrame,
    unread: Iterable[Unread] = (),
    years: Years | None = None,
) -> pl.DataFrame:
    """Say of every agency and year whether its report is there, and in time.

    Args:
        agencies: The dataset's table: who is in the roster, since when, of what kind.
        reports: Its `reports`; the current ones count.
        evidence: Its `evidence`, for where the dates come from.
        diagnostics: Its `diagnostics`, for the reports that name two agencies or years.
        unread: Agency and year of files that the manifest names and that couldn't
            be read.
        years: What `years_of` gave of the whole, where these are some agencies and all their
            reports.

    Returns:
        The table `coverage`. An agency of the roster has a row for each year from
        the first to the last that any report is for or any was looked for; another
        agency for the years of its reports, with `required` null. In the order of
        `agencies`, then of the years. `days_late` counts days after `due`.

    Source: 《政府信息公开条例》（2007 年）第三十一条, （2019 年）第四十九条; holidays by the
        State Council's notices (国办发明电): `statuses.toml` has each.
    """
    years = years or years_of(agencies, reports)
    current = reports.lazy().filter(pl.col("current"))
    known = current.filter(~pl.col("agency_id").str.starts_with("doc-"))
    listed = agencies.lazy().with_row_index("rank")
    rows = (
        pl.concat([_grid(listed, years.known), known.select(_KEYS).drop_nulls()])
        .unique(_KEYS)
        .join(listed, on="agency_id")
        .join(
            _dated(known, reports.lazy(), evidence.lazy(), diagnostics.lazy()), on=_KEYS, how="left"
        )
        .join(_division_ends(agencies), on="region_code", how="left")
        .join(_unplaced(years.unplaced), on="year", how="left")
        .join(_yearless(known), on="agency_id", how="left")
        .join(_files(unread), on=_KEYS, how="left")
    )
    columns = columns_of("coverage")
    return (
        rows.with_columns(kind=pl.coalesce("agency_kind", "kind"))
        .with_columns(kind=pl.when(~_of_township()).then("kind"))
        .with_columns(law=_law("date"), law_by=_law("code"))
        .with_columns(**_due())
        .with_columns(**_required())
        .with_columns(**_timeliness())
        .with_columns(**_status())
        .sort("rank", "year")
        .select(columns)
        .collect()
    )


def _grid(listed: pl.LazyFrame, years: Iterable[int]) -> pl.LazyFrame:
    """The roster's agencies in every year that anything is known of."""
    every = pl.LazyFrame({"year": years}, schema={"year": pl.Int32})
    return listed.filter(pl.col("source") != "reports").join(every, how="cross").select(_KEYS)


def _division_ends(agencies: pl.DataFrame) -> pl.LazyFrame:
    """The last year of each region that went into another."""
    codes = agencies["region_code"].drop_nulls().unique()
    ends = [_last_year(code) for code in codes]
    schema = {"region_code": pl.String, "division_until": pl.Int32}
    return pl.LazyFrame({"region_code": codes, "division_until": ends}, schema=schema)


def _last_year(region: str | None) -> int | None:
    """The last year of a division that went into another; None while it, or its heir, is there."""
    rows = divisions().by_code.get(region or "", ())
    seen: set[str] = set()
    while rows and rows[-1].valid_to is not None and rows[-1].code not in seen:
        last = rows[-1]
        if last.fate != "renamed" or last.successor is None:
            return last.valid_to
        seen.add(last.code)
        rows = divisions().by_code[last.successor]
    return None


def _dated(
    known: pl.LazyFrame, every: pl.LazyFrame, evidence: pl.LazyFrame, diagnostics: pl.LazyFrame
) -> pl.LazyFrame:
    """Each known agency's report of a year with its date, and where the date comes from."""
    one_a_year = known.filter(pl.col("year").is_not_null()).unique(
        _KEYS, keep="first", maintain_order=True
    )
    found = dated(one_a_year, every, evidence, diagnostics)
    return found.select(*_KEYS, "document_id", "published_on", *_AGENCY, *_DATES)


def _unplaced(years: Iterable[int]) -> pl.LazyFrame:
    """The years with reports of unknown agencies."""
    found = pl.LazyFrame({"year": years}, schema={"year": pl.Int32})
    return found.with_columns(unplaced=pl.lit(value=True))


def _yearless(known: pl.LazyFrame) -> pl.LazyFrame:
    """The agencies with a report whose year isn't known."""
    found = known.filter(pl.col("year").is_null()).select("agency_id").unique()
    return found.with_columns(yearless=pl.lit(value=True))


def _files(unread: Iterable[Unread]) -> pl.LazyFrame:
    schema = {"agency_id": pl.String, "year": pl.Int32}
    found = pl.LazyFrame(sorted(set(unread)), schema=schema, orient="row")
    return found.with_columns(file=pl.lit(value=True))


def _of_township() -> pl.Expr:
    """Whether a department is a township's, or may be: no date of the law's is for its kind."""
    departments = {kind for d in deadlines().values() if not d.usual for kind in d.kinds}
    level = pl.coalesce("agency_level", "level")
    found = of_township(level, pl.coalesce("agency_name", "name"), pl.col("kind"))
    return pl.col("kind").is_in(departments).fill_null(value=False) & found


def _law(what: str) -> pl.Expr:
    """The law's date due for a row, or the code of the one that set it; null where none does."""
    found = pl.lit(None, pl.Date if what == "date" else pl.String)
    for deadline in reversed(deadlines().values()):
        if not deadline.usual:
            told = day_due(deadline) if what == "date" else pl.lit(deadline.code)
            found = pl.when(binds(deadline)).then(told).otherwise(found)
    return found


def _due() -> dict[str, pl.Expr]:
    own = pl.format("{}-{}", pl.col("year") + 1, "deadline").str.to_date(strict=False)
    earlier = (own < pl.col("law")) | (pl.col("law").is_null() & own.is_not_null())
    return {
        "due": pl.when(earlier).then(own).otherwise("law"),
        "due_by": pl.when(earlier).then(pl.lit("roster")).otherwise("law_by"),
    }


def _required() -> dict[str, pl.Expr]:
    """Whether a report was due: as the roster's dates say, and while the division was there.

    An agency that ends in a year has no report for it: it would be due in the next.
    """
    since = pl.col("valid_from").str.slice(0, 4).cast(pl.Int32, strict=False)
    until = pl.col("valid_to").str.slice(0, 4).cast(pl.Int32, strict=False)
    year = pl.col("year")
    outside = (year < since).fill_null(value=False) | (year >= until).fill_null(value=False)
    merged = (year > pl.col("division_until")).fill_null(value=False)
    return {
        "required": pl.when(pl.col("source") != "reports").then(~(outside | merged)),
        "ended": pl.when(outside)
        .then(pl.lit("outside_its_time"))
        .when(merged)
        .then(pl.lit("division_merged")),
    }


def _timeliness() -> dict[str, pl.Expr]:
    due = pl.col("due")
    undated = pl.col("published_on").is_null()
    return {
        "late": late(due),
        "doubt": pl.when(due.is_null() & ~undated & pl.col("kind").is_null())
        .then(pl.lit("kind_unknown"))
        .when(due.is_null() & ~undated)
        .then(pl.lit("no_deadline"))
        .when(doubt(due).is_null() & in_grace(due))
        .then(pl.lit("rest_day"))
        .otherwise(doubt(due)),
    }


def _status() -> dict[str, pl.Expr]:
    there, doubt, late = pl.col("document_id").is_not_null(), pl.col("doubt"), pl.col("late")
    needless = ~pl.col("required")
    unplaced, yearless = pl.col("unplaced").is_not_null(), pl.col("yearless").is_not_null()
    searched = pl.col("searched").list.contains(pl.col("year")).fill_null(value=False)
    file = pl.col("file").is_not_null()
    return {
        "status": pl.when(there & doubt.is_not_null())
        .then(pl.lit("published"))
        .when(there & late)
        .then(pl.lit("late"))
        .when(there)
        .then(pl.lit("on_time"))
        .when(file)
        .then(pl.lit("unread"))
        .when(needless)
        .then(pl.lit("not_required"))
        .when(unplaced | yearless)
        .then(pl.lit("unclear"))
        .when(searched)
        .then(pl.lit("not_found"))
        .otherwise(pl.lit("not_collected")),
        "reason": pl.when(there)
        .then(doubt)
        .when(~file & needless)
        .then("ended")
        .when(~file & yearless)
        .then(pl.lit("year_unknown"))
        .when(~file & unplaced)
        .then(pl.lit("agencies_unknown")),
        "days_late": pl.when(there & doubt.is_null() & late).then(
            (pl.col("published_on") - pl.col("due")).dt.total_days().cast(pl.Int32)
        ),
    }
