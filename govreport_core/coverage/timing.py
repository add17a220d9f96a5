"""Reports with their dates in; when each was due, whether it is late and what is in doubt out.

The one judgement of time: the table `coverage` and the rules p_deadline_* read it.
A date is only as good as its source: a page's date may be that of a migration, a
signature says when a report was signed.
"""

from __future__ import annotations

import polars as pl

from govreport_core.coverage.definitions import Deadline, definitions

PLACE = ("part", "start", "end_part", "end")
# What the document says of itself in two ways.
CONFLICTS = ("agency_conflict", "year_conflict")
# 镇 and 乡 in other words and in greater places' names tell of no township.
_NO_TOWNSHIP = r"[城村侨下返]乡|乡[村镇]|[城村古小]镇|[镇乡].?[市县区]"
_TOWNSHIPS = ("township", "subdistrict")
_FRIDAY = 5


def dated(
    reports: pl.LazyFrame, every: pl.LazyFrame, evidence: pl.LazyFrame, diagnostics: pl.LazyFrame
) -> pl.LazyFrame:
    """Reports with what is known of their dates.

    Args:
        reports: Those to date: `document_id` and `report_id` among their columns.
        every: All readings, current or not: `report_id`, `published_on`.
        evidence: That table, in the order in which it was found: `document_id`, `field`,
            `candidate`, `chosen`, `rule` and the place.
        diagnostics: That table: `document_id`, `code`.

    Returns:
        `reports` with `date_rule` and the place of the chosen date; `signed`, the
        first day of a signature; `earliest`, that of any reading of the report;
        `unlike`, true where the document names two agencies or years as its own.
    """
    dates = evidence.filter(pl.col("field") == "published_on")
    day = pl.col("candidate").str.to_date(strict=False)
    chosen = (
        dates.filter("chosen")
        .unique("document_id", keep="first", maintain_order=True)
        .select("document_id", *PLACE, date_rule="rule")
    )
    signed = (
        dates.filter(pl.col("rule") == "signature")
        .group_by("document_id")
        .agg(signed=day.drop_nulls().min())
    )
    unlike = diagnostics.filter(pl.col("code").is_in(CONFLICTS)).select("document_id").unique()
    earliest = every.group_by("report_id").agg(earliest=pl.col("published_on").min())
    return (
        reports.join(chosen, on="document_id", how="left")
        .join(signed, on="document_id", how="left")
        .join(unlike.with_columns(unlike=True), on="document_id", how="left")
        .join(earliest, on="report_id", how="left")
    )


def day_due(deadline: Deadline) -> pl.Expr:
    """The day of the next year by which reports of `year` are due.

    Args:
        deadline: One of `definitions().deadlines`.

    Returns:
        A date over `year`, the year that is reported on; null where it is.

    Source: the deadline's own `source` in `statuses.toml`.
    """
    return pl.date(pl.col("year") + 1, deadline.month, deadline.day)


def binds(deadline: Deadline) -> pl.Expr:
    """Whether a deadline is for an agency of `kind` and its report of `year`.

    Args:
        deadline: One of `definitions().deadlines`.

    Returns:
        A boolean over `year` and, for a deadline of some kinds alone, `kind`; may be null
        where one of them is.

    Source: the deadline's own `source` in `statuses.toml`.
    """
    span = pl.col("year").is_between(deadline.years_from, deadline.years_to)
    return span & pl.col("kind").is_in(deadline.kinds) if deadline.kinds else span


def late(due: pl.Expr) -> pl.Expr:
    """Whether `published_on` is after the day due; null where one of them isn't known.

    Args:
        due: A date, as `day_due` gives it.

    Returns:
        A boolean over `published_on`; the day due itself is in time.
    """
    return pl.col("published_on") > due


def doubt(due: pl.Expr) -> pl.Expr:
    """Why it can't be said whether `dated` reports are late: a code, or null.

    Args:
        due: A date, as `day_due` gives it.

    Returns:
        `date_unknown`, `identity_unsure`, `date_unsure` or null, over `year`, `published_on`,
        and `date_rule`, `signed`, `earliest` and `unlike` of `dated`.
    """
    date, rule = pl.col("published_on"), pl.col("date_rule")
    unsure = (
        (date < pl.date(pl.col("year") + 1, 1, 1))
        # signed in time, but when it was published isn't known
        | ((rule == "signature") & ~late(due))
        # a page may have been moved since
        | ((rule == "metadata") & late(due) & (pl.col("signed") <= due))
        # another reading of it is dated in time: this one may be a correction or a copy
        | (late(due) & (pl.col("earliest") <= due))
    )
    return (
        pl.when(date.is_null())
        .then(pl.lit("date_unknown"))
        .when("unlike")
        .then(pl.lit("identity_unsure"))
        .when(unsure.fill_null(value=False))
        .then(pl.lit("date_unsure"))
    )


def in_grace(due: pl.Expr) -> pl.Expr:
    """Whether a report came late, yet by the first working day after a day due that was none.

    Args:
        due: A date, as `day_due` gives it.

    Returns:
        A boolean over `published_on`, false where a date isn't known: `due` is a day of a
        weekend or of `rest` in `statuses.toml`, and it is after it, yet not after the
        working day that follows.

    Source: the State Council's notices of holidays (国办发明电) of each year.
    """
    weekday = due.dt.weekday()
    working = pl.when(weekday > _FRIDAY).then(due + pl.duration(days=8 - weekday)).otherwise(due)
    for rest in definitions().rest:
        inside = due.is_between(rest.first, rest.last)
        working = pl.when(inside).then(pl.lit(rest.last) + pl.duration(days=1)).otherwise(working)
    return (late(due) & (pl.col("published_on") <= working)).fill_null(value=False)


def of_township(level: pl.Expr, name: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """Whether a department is a township's, or may be, which the dates for kinds aren't for.

    Args:
        level: Its level, one of the roster's codes.
        name: Its name, which counts where the level isn't known.
        kind: Its kind; townships themselves are no departments.

    Returns:
        A boolean, false where nothing is known.

    Source: 《政府信息公开条例》（2019 年）第四十九条 names departments from county level up alone.
    """
    bare = name.str.replace_all(_NO_TOWNSHIP, "")
    maybe = level.is_null() & bare.str.contains(r".(?:[镇乡]|街道).")
    found = ((level == "township").fill_null(value=False) | maybe).fill_null(value=False)
    return (found & ~kind.is_in(_TOWNSHIPS)).fill_null(value=False)
