"""The kinds about publication: facts and frames in; results on dates, copies and coverage out.

Time is judged in `coverage`. What isn't collected isn't called unpublished.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from govreport_core.checks.base import RuleKind
from govreport_core.checks.facts import PLACE, Facts, Reason, findings
from govreport_core.coverage.definitions import deadlines
from govreport_core.coverage.timing import dated, day_due, doubt, in_grace, late, of_township
from govreport_core.model import Severity
from govreport_core.schemas import frame

REPORT = pl.lit("report")
NAME_LENGTH = 120  # characters of a path or name that a sentence quotes
# Why a document failed, where whether it has text isn't known.
_UNREAD = ("encrypted", "unreadable", "too_large")


class Deadline(RuleKind, frozen=True, tag="deadline"):
    """Reports come by the day that `due`, one of the deadlines of `coverage`, sets.

    A page's own date weighs `by_page` only: the page may have been moved. So does
    a day due that was a day of rest, where the report came by the next working day.
    """

    due: str
    by_page: Severity

    fail_words = frozenset({"date", "due", "days"})
    cases = frozenset({"plain", "rest_day"})


def deadline(test: Deadline, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report that the date is for, or of an unknown kind: in time or not.

    Args:
        test: The rule.
        facts: Looks at `published_on`, `year`, `agency_kind`, `agency_level` and `agency_name` of
            `reports`, the dates in `evidence`, and `diagnostics`.

    Yields:
        Results as `findings` makes them, one a report: `subject` is `report`, without `expected`
        and `actual`; a failure of the case `plain` or `rest_day` holds `date`, `due` (both as
        YYYY-MM-DD) and `days`, by how many it is late.

    Source:
        《政府信息公开条例》第四十九条；各地规定（乡镇、街道）；
        《政府信息公开条例》（2007年国务院令第492号）第三十一条
    """
    set_by = deadlines()[test.due]
    due, kind, year = day_due(set_by), pl.col("agency_kind"), pl.col("year")
    office = of_township(pl.col("agency_level"), pl.col("agency_name"), kind)
    untold = (kind.is_null() | office) & bool(set_by.kinds)
    about = (kind.is_null() | kind.is_in(set_by.kinds)) if set_by.kinds else pl.lit(value=True)
    span = year.is_between(set_by.years_from, set_by.years_to)
    grace = in_grace(due)
    yield findings(
        dated(
            facts.reports.filter(about & (year.is_null() | span)),
            facts.every.lazy(),
            facts.evidence,
            facts.diagnostics,
        ),
        facts.form,
        reason=pl.when(untold)
        .then(pl.lit(Reason.KIND_UNKNOWN))
        .when(year.is_null())
        .then(pl.lit(Reason.YEAR_UNKNOWN))
        .otherwise(doubt(due)),
        fails=late(due),
        said={
            "case": pl.when(grace).then(pl.lit("rest_day")).otherwise(pl.lit("plain")),
            "date": pl.col("published_on").cast(pl.String),
            "due": due.cast(pl.String),
            "days": (pl.col("published_on") - due).dt.total_days(),
        },
        subject=REPORT,
        severity=pl.when((pl.col("date_rule") == "metadata") | grace).then(pl.lit(test.by_page)),
        placed=True,
    )


class InColumn(RuleKind, frozen=True, tag="in_column"):
    """The report stands in the column of annual reports.

    Its column, where page or collector name it, has one of the words `right`, or
    one of the `addresses` in the path of its address says so. One of the words
    `other` says that it doesn't; any other name tells nothing.
    """

    right: tuple[str, ...]
    other: tuple[str, ...]
    addresses: tuple[str, ...]

    fail_words = frozenset({"column"})


def in_column(test: InColumn, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: whether page, collector or address tell of the annual reports' column.

    An address that tells nothing is no finding: many sites number their pages.

    Args:
        test: The rule.
        facts: Looks at `source_url` of `reports` and the chosen `column` in `evidence`.

    Yields:
        Results as `findings` makes them: `subject` is `report`; a failure holds `column`, its
        name. Skipped where nothing tells.

    Source:
        国办公开办函〔2019〕61号：政府信息公开专栏的“政府信息公开年报”栏目
    """
    column = pl.col("column")
    right = column.str.contains_any(list(test.right))
    other = column.str.contains_any(list(test.other))
    path = pl.col("source_url").str.extract(r"^\w+://[^/?#]+(/.*)$").str.to_lowercase()
    addressed = path.str.contains_any(list(test.addresses)).fill_null(value=False)
    told = other | right | addressed
    yield findings(
        facts.reports.select("doc", "source_url").join(
            _evident(facts, "column").rename({"candidate": "column"}), on="doc", how="left"
        ),
        facts.form,
        reason=pl.when(~told.fill_null(value=False)).then(pl.lit(Reason.COLUMN_UNKNOWN)),
        fails=~(right.fill_null(value=False) | addressed),
        said={"column": column.str.slice(0, NAME_LENGTH)},
        subject=REPORT,
        placed=True,
    )


class Download(RuleKind, frozen=True, tag="download"):
    """The report is a file with one of these endings, or its page links to one."""

    endings: tuple[str, ...]


def download(test: Download, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: whether its address, or a link on its page, is that of a file.

    Args:
        test: The rule.
        facts: Looks at `source_url` of `reports` and the chosen `attachment` in `evidence`.

    Yields:
        Results as `findings` makes them: `subject` is `report`, with nothing beside. It fails
        where the page is known to link to no file, and is skipped where its links aren't known.

    Source:
        《政府信息公开条例》第二十四条；各地通行的做法
    """
    endings = "|".join(ending.removeprefix(".") for ending in test.endings)
    file = pl.col("source_url").str.contains(rf"(?i)\.(?:{endings})(?:[?#]|$)")
    file = file.fill_null(value=False)
    yield findings(
        facts.reports.select("doc", "source_url").join(
            _evident(facts, "attachment"), on="doc", how="left"
        ),
        facts.form,
        reason=pl.when(pl.col("candidate").is_null() & ~file).then(pl.lit(Reason.FILE_UNKNOWN)),
        fails=(pl.col("candidate") == "") & ~file,
        subject=REPORT,
    )


def _evident(facts: Facts, field: str) -> pl.LazyFrame:
    """What was chosen for a field, a row a report, with its place."""
    return (
        facts.evidence.filter((pl.col("field") == field) & pl.col("chosen"))
        .sort("order")
        .unique("doc", keep="last", maintain_order=True)
        .select("doc", "candidate", *PLACE)
    )


class ImageOnly(RuleKind, frozen=True, tag="image_only"):
    """A document has text, not just images of it."""

    fail_words = frozenset({"file"})


def image_only(
    _: ImageOnly, frames: Mapping[str, pl.DataFrame], _reports: pl.DataFrame
) -> Iterator[pl.LazyFrame]:
    """One result a document that has no text but images; `with_text` has those that were read.

    A document that can't be read for another reason may hold a report or not.

    Args:
        frames: Looks at `status`, `error` and `path` of `documents`.
        reports: The table `reports` with `doc`.

    Yields:
        Columns of `COLUMNS`: `subject` is `report`, `document_id` stands in place of `doc`, and
        `params` holds `file`, the file's name.

    Source:
        《政府信息公开条例》第二十四条
    """
    images = pl.col("error") == "image_only"
    yield (
        frames["documents"]
        .lazy()
        .filter((pl.col("status") == "failed") & pl.col("error").is_in(["image_only", *_UNREAD]))
        .select(
            "document_id",
            subject=REPORT,
            outcome=pl.when(images).then(pl.lit("fail")).otherwise(pl.lit("skip")),
            reason=pl.when(~images).then(pl.lit(Reason.NOT_READ)),
            params=pl.struct(
                file=pl.col("path").str.split("/").list.last().str.slice(0, NAME_LENGTH)
            ).struct.json_encode(),
        )
    )


def with_text(
    _: ImageOnly, _frames: Mapping[str, pl.DataFrame], reports: pl.DataFrame
) -> Iterator[pl.LazyFrame]:
    """One pass a report that was read: it has text.

    Args:
        frames: Nothing is looked at.
        reports: The table `reports` with `doc`.

    Yields:
        Columns of `COLUMNS`: `subject` is `report`.

    Source:
        《政府信息公开条例》第二十四条
    """
    yield reports.lazy().select("doc", subject=REPORT, outcome=pl.lit("pass"), params=pl.lit("{}"))


class Collected(RuleKind, frozen=True, tag="coverage"):
    """Each agency of the roster has a report for each year of the dataset."""

    fail_words = frozenset({"name", "year"})
    pass_words = frozenset({"name", "year"})


def collected(
    _: Collected, frames: Mapping[str, pl.DataFrame], reports: pl.DataFrame
) -> Iterator[pl.LazyFrame]:
    """One result an agency of the roster and year, as the table `coverage` has it.

    Its report is there, or it was looked for and not found; else nothing is said.

    Args:
        frames: Looks at `status`, `reason`, `year` and `document_id` of `coverage`, and at
            `agency_id`, `name` and `source` of `agencies`.
        reports: The table `reports` with `doc`.

    Yields:
        Columns of `COLUMNS`: `subject` is `report`, `agency_id` and `year` say whose; `doc` where
        the report is there. `params` holds `name` (the agency) and `year`.

    Source:
        《政府信息公开条例》第四十九条；所附机关名录
    """
    listed = frames["agencies"].lazy().filter(pl.col("source") != "reports")
    covered = frames["coverage"].lazy().filter(pl.col("status") != "not_required")
    wanted = (
        listed.select("agency_id", "name")
        .join(covered, on="agency_id", maintain_order="left")
        .join(reports.lazy().select("document_id", "doc"), on="document_id", how="left")
    )
    yield _covered(wanted, _untold(Reason.NOT_SEARCHED))


def _untold(unsought: Reason) -> pl.Expr:
    """Why nobody knows whether a report was published; null where it is there, or not to be found.

    Of an agency that no roster names nothing was looked for: `unsought`.
    """
    status = pl.col("status")
    return (
        pl.when(status == "unread")
        .then(pl.lit(Reason.NOT_READ))
        .when(status == "unclear")
        .then("reason")
        .when(status.is_null() | (status == "not_collected"))
        .then(pl.lit(unsought))
    )


def _covered(wanted: pl.LazyFrame, reason: pl.Expr) -> pl.LazyFrame:
    """The results: `doc` where the report is there; else a failure, or a skip with its reason."""
    why = pl.col("why")
    return wanted.with_columns(why=reason).select(
        "doc",
        "agency_id",
        "year",
        subject=REPORT,
        outcome=pl.when(pl.col("doc").is_not_null())
        .then(pl.lit("pass"))
        .when(why.is_not_null())
        .then(pl.lit("skip"))
        .otherwise(pl.lit("fail")),
        reason=why,
        params=pl.struct(
            name=pl.col("name").fill_null(pl.col("agency_id")).str.slice(0, NAME_LENGTH),
            year=pl.col("year").cast(pl.String),
        ).struct.json_encode(),
    )


class Gap(RuleKind, frozen=True, tag="gap"):
    """Between two reports of an agency none was looked for in vain."""

    fail_words = frozenset({"last", "years"})


def gap(
    _: Gap, frames: Mapping[str, pl.DataFrame], reports: pl.DataFrame
) -> Iterator[pl.LazyFrame]:
    """One result a current report: what is known of the years since the agency's report before.

    Nobody is blamed for what wasn't collected: a year fails where the table `coverage` says that
    its report was due, was looked for and isn't there.

    Args:
        frames: Looks at `status` and `reason` of `coverage`; without it nothing was looked for.
        reports: The table `reports` with `doc`.

    Yields:
        Columns of `COLUMNS`: `subject` is `report`, `expected` the year before, `actual` the latest
        earlier year with a report; a failure's `params` hold that as `last`, and `years`, those
        looked for in vain.

    Source:
        《政府信息公开条例》第四十九条：每年公布上一年度报告
    """
    year, last, years = pl.col("year"), pl.col("last"), pl.col("years")
    unknown = pl.col("agency_id").str.starts_with("doc-")
    current = reports.lazy().filter("current")
    follows = (
        current.filter(~unknown & year.is_not_null())
        .select("agency_id", "year")
        .unique()
        .with_columns(last=year.shift(1).over("agency_id", order_by="year"))
    )
    lacking = (
        pl.when(pl.col("form").is_null())
        .then(pl.lit(Reason.FORM_UNKNOWN))
        .when(year.is_null())
        .then(pl.lit(Reason.YEAR_UNKNOWN))
        .when(unknown)
        .then(pl.lit(Reason.AGENCY_UNKNOWN))
        .when(last.is_null())
        .then(pl.lit(Reason.NO_PRIOR_YEAR))
    )
    fails = years.list.len().fill_null(0) > 0
    why = pl.coalesce(lacking, pl.when(~fails).then("why"))
    said = pl.struct("form", "years", last=last.cast(pl.String))
    yield (
        current.select("doc", "agency_id", "year", "form")
        .join(follows, on=["agency_id", "year"], how="left", maintain_order="left")
        .join(_between(follows, frames.get("coverage")), on=["agency_id", "year"], how="left")
        .select(
            "doc",
            subject=REPORT,
            outcome=pl.when(why.is_not_null())
            .then(pl.lit("skip"))
            .when(fails)
            .then(pl.lit("fail"))
            .otherwise(pl.lit("pass")),
            reason=why,
            expected=(year - 1).cast(pl.Float64),
            actual=last.cast(pl.Float64),
            params=pl.when(why.is_null() & fails)
            .then(said.struct.json_encode())
            .when(pl.col("form").is_not_null())
            .then(pl.struct("form").struct.json_encode())
            .otherwise(pl.lit("{}")),
        )
    )


def _between(follows: pl.LazyFrame, coverage: pl.DataFrame | None) -> pl.LazyFrame:
    """Of the years without a report: `years` looked for in vain, and `why` others aren't known.

    A year in which none was due is none of them.
    """
    status = pl.col("status")
    covered = frame("coverage", []) if coverage is None else coverage
    told = covered.lazy().select("agency_id", "status", "reason", between="year")
    each = pl.int_ranges(pl.col("last") + 1, "year", dtype=pl.Int32)
    return (
        follows.filter(pl.col("last") < pl.col("year") - 1)
        .with_columns(between=each)
        .explode("between")
        .join(told, on=["agency_id", "between"], how="left")
        .filter(status.ne_missing(pl.lit("not_required")))
        .sort("between")
        .group_by("agency_id", "year")
        .agg(
            years=pl.col("between").filter(status == "not_found").cast(pl.String),
            why=_untold(Reason.YEARS_NOT_SEARCHED).drop_nulls().first(),
        )
    )
