"""Roster, reports and their dates in, the table `coverage` out: an agency and year a row.

A report that isn't here isn't called unpublished: `not_found` says that the
collector looked (the roster's column `searched`), `not_collected` that nobody
knows. `late` and `on_time` follow the rules p_deadline_*: what they skip is
`published` here, with the reason. A date the roster sets counts where it is
earlier than the law's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from govreport_core.build.companions import Agency
from govreport_core.checks.publication import CONFLICTS, of_township
from govreport_core.coverage.definitions import (
    Deadline,
    Status,
    definitions,
    due_words,
    reason_words,
    statuses,
)
from govreport_core.regions.divisions import table as divisions
from govreport_core.schemas import TABLES

__all__ = ["Status", "coverage", "due_words", "reason_words", "statuses"]

Unread = tuple[str, int]
_KEYS = ["agency_id", "year"]
_AGENCY = ["agency_kind", "agency_level", "agency_name"]


def coverage(
    agencies: pl.DataFrame,
    reports: pl.DataFrame,
    evidence: pl.DataFrame,
    *,
    diagnostics: pl.DataFrame | None = None,
    roster: Sequence[Agency] = (),
    unread: Iterable[Unread] = (),
) -> pl.DataFrame:
    """Say of every agency and year whether its report is there, and in time.

    Args:
        agencies: The dataset's table: who is in the roster, since when, of what kind.
        reports: Its `reports`; the current ones count.
        evidence: Its `evidence`, for where the dates come from.
        diagnostics: Its `diagnostics`, for the reports that name two agencies or years.
        roster: The roster's rows, for what the table lacks: local dates due, and
            the years in which the collector looked.
        unread: Agency and year of files that the manifest names and that couldn't
            be read.

    Returns:
        The table `coverage`. An agency of the roster has a row for each year from
        the first to the last that any report is for or any was looked for; another
        agency for the years of its reports, with `required` null. In the order of
        `agencies`, then of the years.
    """
    current = reports.lazy().filter(pl.col("current"))
    known = current.filter(~pl.col("agency_id").str.starts_with("doc-"))
    listed = agencies.lazy().with_row_index("rank")
    extra = _extras(roster)
    rows = (
        pl.concat([_grid(listed, current, extra), known.select(_KEYS).drop_nulls()])
        .unique(_KEYS)
        .join(listed, on="agency_id")
        .join(_dated(known, evidence.lazy()), on=_KEYS, how="left")
        .join(_earliest(reports.lazy()), on=_KEYS, how="left")
        .join(extra, on="agency_id", how="left")
        .join(_unplaced(current), on="year", how="left")
        .join(_yearless(known), on="agency_id", how="left")
        .join(_files(unread), on=_KEYS, how="left")
        .join(_unlike(diagnostics), on="document_id", how="left")
    )
    columns = TABLES["coverage"].create_empty().columns
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


def _grid(listed: pl.LazyFrame, current: pl.LazyFrame, extra: pl.LazyFrame) -> pl.LazyFrame:
    """The roster's agencies in every year that anything is known of."""
    years = pl.concat(
        [
            current.select("year"),
            extra.select(pl.col("searched").list.explode()).rename({"searched": "year"}),
        ]
    ).drop_nulls()
    span = years.select(first=pl.col("year").min(), last=pl.col("year").max()).drop_nulls()
    every = span.select(year=pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32)).explode(
        "year"
    )
    return listed.filter(pl.col("source") != "reports").join(every, how="cross").select(_KEYS)


def _extras(roster: Sequence[Agency]) -> pl.LazyFrame:
    """Of each agency of the roster: its own date due, the years looked for, its division's end."""
    return pl.LazyFrame(
        [(a.agency_id, a.deadline, list(a.searched), _last_year(a.region_code)) for a in roster],
        schema={
            "agency_id": pl.String,
            "deadline": pl.String,
            "searched": pl.List(pl.Int32),
            "division_until": pl.Int32,
        },
        orient="row",
    )


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


def _earliest(reports: pl.LazyFrame) -> pl.LazyFrame:
    """The first day that any reading of an agency's report of a year is dated."""
    return (
        reports.filter(pl.col("year").is_not_null())
        .group_by(_KEYS)
        .agg(earliest=pl.col("published_on").min())
    )


def _dated(known: pl.LazyFrame, evidence: pl.LazyFrame) -> pl.LazyFrame:
    """Each agency's report of a year with its date, and where the date comes from."""
    dates = evidence.filter(pl.col("field") == "published_on")
    chosen = (
        dates.filter("chosen")
        .unique("document_id", keep="first", maintain_order=True)
        .select("document_id", "part", "start", "end", date_rule="rule")
    )
    day = pl.col("candidate").str.to_date(strict=False)
    signed = (
        dates.filter(pl.col("rule") == "signature")
        .group_by("document_id")
        .agg(signed=day.drop_nulls().min())
    )
    return (
        known.select(*_KEYS, "document_id", "published_on", *_AGENCY)
        .filter(pl.col("year").is_not_null())
        .unique(_KEYS, keep="first", maintain_order=True)
        .join(chosen, on="document_id", how="left")
        .join(signed, on="document_id", how="left")
    )


def _unplaced(current: pl.LazyFrame) -> pl.LazyFrame:
    """The years with reports of unknown agencies."""
    unknown = current.filter(pl.col("agency_id").str.starts_with("doc-"))
    return unknown.select("year").drop_nulls().unique().with_columns(unplaced=pl.lit(value=True))


def _yearless(known: pl.LazyFrame) -> pl.LazyFrame:
    """The agencies with a report whose year isn't known."""
    found = known.filter(pl.col("year").is_null()).select("agency_id").unique()
    return found.with_columns(yearless=pl.lit(value=True))


def _files(unread: Iterable[Unread]) -> pl.LazyFrame:
    schema = {"agency_id": pl.String, "year": pl.Int32}
    found = pl.LazyFrame(sorted(set(unread)), schema=schema, orient="row")
    return found.with_columns(file=pl.lit(value=True))


def _unlike(diagnostics: pl.DataFrame | None) -> pl.LazyFrame:
    """The documents that name two agencies or two years as their own."""
    none = pl.LazyFrame(schema={"document_id": pl.String, "code": pl.String})
    found = none if diagnostics is None else diagnostics.lazy()
    unlike = found.filter(pl.col("code").is_in(CONFLICTS)).select("document_id").unique()
    return unlike.with_columns(unlike=pl.lit(value=True))


def _of_township() -> pl.Expr:
    """Whether a department is a township's, or may be: no date of the law's is for its kind."""
    departments = {kind for d in definitions().deadlines for kind in d.kinds}
    found = of_township(pl.coalesce("agency_level", "level"), pl.coalesce("agency_name", "name"))
    return pl.col("kind").is_in(departments).fill_null(value=False) & found


def _law(what: str) -> pl.Expr:
    """The law's date due for a row, or the code of the one that set it; null where none does."""
    found = pl.lit(None, pl.Date if what == "date" else pl.String)
    for deadline in reversed(definitions().deadlines):
        told = _day(deadline) if what == "date" else pl.lit(deadline.code)
        found = pl.when(_holds(deadline)).then(told).otherwise(found)
    return found


def _holds(deadline: Deadline) -> pl.Expr:
    span = pl.col("year").is_between(deadline.years_from, deadline.years_to)
    return span & pl.col("kind").is_in(deadline.kinds) if deadline.kinds else span


def _day(deadline: Deadline) -> pl.Expr:
    return pl.date(pl.col("year") + 1, deadline.month, deadline.day)


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
    date, due, rule = pl.col("published_on"), pl.col("due"), pl.col("date_rule")
    late = date > due
    unsure = (
        (date < pl.date(pl.col("year") + 1, 1, 1))
        # signed in time, but when it was published isn't known
        | ((rule == "signature") & ~late)
        # a page may have been moved since
        | ((rule == "metadata") & late & (pl.col("signed") <= due))
        # another reading of it is dated in time: this one may be a correction or a copy
        | (late & (pl.col("earliest") <= due))
    ).fill_null(value=False)
    return {
        "late": late,
        "doubt": pl.when(date.is_null())
        .then(pl.lit("date_unknown"))
        .when(due.is_null() & pl.col("kind").is_null())
        .then(pl.lit("kind_unknown"))
        .when(due.is_null())
        .then(pl.lit("no_deadline"))
        .when("unlike")
        .then(pl.lit("identity_unsure"))
        .when(unsure)
        .then(pl.lit("date_unsure")),
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
