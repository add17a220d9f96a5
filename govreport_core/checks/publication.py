"""The kinds about publication: facts and frames in; results on dates, copies and coverage out.

A date is only as good as its source: a page's date may be that of a migration,
a signature says when a report was signed. What isn't collected isn't called
unpublished.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from govreport_core.cells import DECIMALS, key
from govreport_core.checks.base import COMPARED, Kind
from govreport_core.checks.facts import Facts, Reason, findings
from govreport_core.model import Severity

REPORT = pl.lit("report")
NAME_LENGTH = 120  # characters of a path or name that a sentence quotes
# Why a document failed, where whether it has text isn't known.
_UNREAD = ("encrypted", "unreadable", "too_large")
# 镇 and 乡 in other words and in greater places' names tell of no township.
_NO_TOWNSHIP = r"[城村侨下返]乡|乡[村镇]|[城村古小]镇|[镇乡].?[市县区]"
# What the document says of itself in two ways.
_TOWNSHIPS = ("township", "subdistrict")
CONFLICTS = ("agency_conflict", "year_conflict")


class Deadline(Kind, frozen=True, tag="deadline"):
    """Agencies of these kinds publish by that day of the year after the report's.

    Without kinds it is for all; with `until`, for reports up to that year. A
    page's own date weighs `by_page` only: the page may have been moved.
    """

    month: int
    day: int
    by_page: Severity
    kinds: tuple[str, ...] = ()
    until: int | None = None

    fail_words = frozenset({"date", "due", "days"})


def deadline(test: Deadline, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report of those kinds of agencies, or of an unknown one: in time or not."""
    dated = facts.evidence.filter(pl.col("field") == "published_on")
    chosen = (
        dated.filter("chosen")
        .sort("order")
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", "rule", "part", "start", "end")
    )
    day = pl.col("candidate").str.to_date(strict=False)
    signed = (
        dated.filter(pl.col("rule") == "signature")
        .group_by("doc")
        .agg(signed=day.drop_nulls().min())
    )
    unlike = (
        facts.diagnostics.filter(pl.col("code").is_in(CONFLICTS))
        .select("doc", unlike=pl.lit(value=True))
        .unique()
    )
    earliest = facts.every.lazy().group_by("report_id").agg(earliest=pl.col("published_on").min())
    kind, year, date = pl.col("agency_kind"), pl.col("year"), pl.col("published_on")
    # a township's office is no department, though it has a department's kind
    office = of_township(pl.col("agency_level"), pl.col("agency_name")) & ~kind.is_in(_TOWNSHIPS)
    untold = kind.is_null() | office.fill_null(value=False)
    about = pl.lit(value=True)
    if test.kinds:
        about &= kind.is_null() | kind.is_in(test.kinds)
    if test.until is not None:
        about &= year.is_null() | (year <= test.until)
    due = pl.date(year + 1, test.month, test.day)
    late, rule = date > due, pl.col("rule")
    unsure = (
        (date < pl.date(year + 1, 1, 1))
        # signed in time, but when it was published isn't known
        | ((rule == "signature") & ~late)
        # a page may have been moved since
        | ((rule == "metadata") & late & (pl.col("signed") <= due))
        # another reading of it is dated in time: this one may be a correction or a copy
        | (late & (pl.col("earliest") <= due))
    )
    yield findings(
        facts.reports.filter(about)
        .select(
            *("doc", "report_id", "agency_kind", "agency_level", "agency_name"),
            *("year", "published_on"),
        )
        .join(earliest, on="report_id", how="left")
        .join(chosen, on="doc", how="left")
        .join(signed, on="doc", how="left")
        .join(unlike, on="doc", how="left"),
        facts.form,
        reason=pl.when(untold & bool(test.kinds))
        .then(pl.lit(Reason.KIND_UNKNOWN))
        .when(year.is_null())
        .then(pl.lit(Reason.YEAR_UNKNOWN))
        .when(date.is_null())
        .then(pl.lit(Reason.DATE_UNKNOWN))
        .when("unlike")
        .then(pl.lit(Reason.IDENTITY_UNSURE))
        .when(unsure.fill_null(value=False))
        .then(pl.lit(Reason.DATE_UNSURE)),
        fails=late,
        said={
            "date": date.cast(pl.String),
            "due": due.cast(pl.String),
            "days": (date - due).dt.total_days(),
        },
        subject=REPORT,
        severity=pl.when(rule == "metadata").then(pl.lit(test.by_page)),
        part=pl.col("part"),
        start=pl.col("start"),
        end=pl.col("end"),
    )


def of_township(level: pl.Expr, name: pl.Expr) -> pl.Expr:
    """Whether an agency is a township's, or may be, which the dates for kinds aren't for.

    Args:
        level: Its level.
        name: Its name, which counts where the level isn't known.
    """
    bare = name.str.replace_all(_NO_TOWNSHIP, "")
    maybe = level.is_null() & bare.str.contains(r".(?:[镇乡]|街道).")
    return ((level == "township").fill_null(value=False) | maybe).fill_null(value=False)


class InColumn(Kind, frozen=True, tag="in_column"):
    """The report stands in the column of annual reports.

    Its column, where page or collector name it, has one of the words `right`;
    one of the words `maybe` doesn't tell. Else one of the `addresses` in the
    path of its address says so, and nothing says that it isn't.
    """

    right: tuple[str, ...]
    maybe: tuple[str, ...]
    addresses: tuple[str, ...]

    fail_words = frozenset({"column"})


def in_column(test: InColumn, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: whether page, collector or address tell of the annual reports' column.

    An address that tells nothing is no finding: many sites number their pages.
    """
    column = pl.col("column")
    right = column.str.contains_any(list(test.right))
    maybe = column.str.contains_any(list(test.maybe))
    path = pl.col("source_url").str.extract(r"^\w+://[^/?#]+(/.*)$").str.to_lowercase()
    addressed = path.str.contains_any(list(test.addresses)).fill_null(value=False)
    told = (column.is_not_null() & ~maybe) | right | addressed
    yield findings(
        facts.reports.select("doc", "source_url").join(
            _evident(facts, "column").rename({"candidate": "column"}), on="doc", how="left"
        ),
        facts.form,
        reason=pl.when(~told.fill_null(value=False)).then(pl.lit(Reason.COLUMN_UNKNOWN)),
        fails=~(right.fill_null(value=False) | addressed),
        said={"column": column.str.slice(0, NAME_LENGTH)},
        subject=REPORT,
        part=pl.col("part"),
        start=pl.col("start"),
        end=pl.col("end"),
    )


class Download(Kind, frozen=True, tag="download"):
    """The report is a file with one of these endings, or its page links to one."""

    endings: tuple[str, ...]


def download(test: Download, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: whether its address, or a link on its page, is that of a file."""
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
        .select("doc", "candidate", "part", "start", "end")
    )


class Versions(Kind, frozen=True, tag="versions"):
    """Several readings of one report, of the same address or of others, have the same figures."""

    same_address: bool

    fail_words = COMPARED | {"date"}


def versions(test: Versions, facts: Facts) -> Iterator[pl.LazyFrame]:
    """A result for each cell in which a current report differs from another reading of it.

    Where none differs, one for the report; a report with one reading has none.
    """
    keys = ["doc", "report_id", "source_url"]
    copies = facts.every.lazy().filter(pl.col("form") == facts.form.id)
    pairs = (
        copies.filter("current")
        .select(keys)
        .join(
            copies.filter(~pl.col("current")).select(*keys, "published_on"),
            on="report_id",
            suffix="_other",
        )
        .filter(
            (pl.col("source_url") == pl.col("source_url_other")).fill_null(value=False)
            == test.same_address
        )
        .collect()
    )
    if not pairs.height:
        return
    cells = [
        key(table.code, row.code, column.code)
        for table in facts.form.tables
        for row in table.value_rows
        for column in table.value_columns
    ]
    names = [f"{cell}{mark}" for cell in cells for mark in "#!@"]
    this = facts.every.select(names)[pairs["doc"]]
    that = facts.every.select(names)[pairs["doc_other"]]
    differing = pl.concat(
        pairs.select("doc", "published_on")
        .with_columns(
            subject=pl.lit(cell),
            expected=that[f"{cell}#"],
            actual=this[f"{cell}#"],
            at=this[f"{cell}@"],
        )
        .filter(pl.col("expected").round(DECIMALS) != pl.col("actual").round(DECIMALS))
        for cell in cells
    ).unique(["doc", "subject"], keep="first", maintain_order=True)
    unread = pl.max_horizontal(pl.col(f"{cell}!") for cell in cells) >= 4
    doubt = pairs.select(
        "doc", doubt=this.select(unread).to_series() | that.select(unread).to_series()
    )
    yield findings(
        differing.lazy(),
        facts.form,
        fails=pl.lit(value=True),
        said={"date": pl.col("published_on").cast(pl.String).fill_null("—")},
        subject=pl.col("subject"),
        expected=pl.col("expected"),
        actual=pl.col("actual"),
        at=pl.col("at"),
    )
    yield findings(
        doubt.lazy()
        .group_by("doc", maintain_order=True)
        .agg(pl.col("doubt").any())
        .join(differing.lazy().select("doc"), on="doc", how="anti"),
        facts.form,
        reason=pl.when("doubt").then(pl.lit(Reason.UNREADABLE)),
        subject=REPORT,
    )


class ImageOnly(Kind, frozen=True, tag="image_only"):
    """A document has text, not just images of it."""

    fail_words = frozenset({"file"})


def image_only(
    _: ImageOnly, frames: Mapping[str, pl.DataFrame], reports: pl.DataFrame
) -> Iterator[pl.LazyFrame]:
    """One result a document that has no text but images, and a pass for each that was read.

    A document that can't be read for another reason may hold a report or not.
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
    yield reports.lazy().select("doc", subject=REPORT, outcome=pl.lit("pass"), params=pl.lit("{}"))


class Coverage(Kind, frozen=True, tag="coverage"):
    """Each agency of the roster has a report for each year of the dataset."""

    fail_words = frozenset({"name", "year"})
    pass_words = frozenset({"name", "year"})


def coverage(
    _: Coverage, frames: Mapping[str, pl.DataFrame], reports: pl.DataFrame
) -> Iterator[pl.LazyFrame]:
    """One result an agency of the roster and year: its report is there, or none was collected.

    What the table `coverage` says holds. Without it the years are those from the
    first to the last that any current report is for, as far as the roster has the
    agency in them.
    """
    listed = frames["agencies"].lazy().filter(pl.col("source") != "reports")
    if "coverage" in frames:
        yield _as_covered(listed, frames["coverage"].lazy(), reports.lazy())
        return
    current = reports.lazy().filter(pl.col("current") & pl.col("year").is_not_null())
    span = current.select(first=pl.col("year").min(), last=pl.col("year").max())
    years = (
        span.select(year=pl.int_ranges("first", pl.col("last") + 1)).explode("year").drop_nulls()
    )
    since = pl.col("valid_from").str.slice(0, 4).cast(pl.Int32, strict=False)
    until = pl.col("valid_to").str.slice(0, 4).cast(pl.Int32, strict=False)
    year = pl.col("year")
    unplaced = (
        current.filter(pl.col("agency_id").str.starts_with("doc-"))
        .group_by("year")
        .agg(unplaced=pl.len())
    )
    yearless = (
        reports.lazy()
        .filter(pl.col("current") & pl.col("year").is_null())
        .select("agency_id", yearless=pl.lit(value=True))
        .unique()
    )
    wanted = (
        listed.join(years.select(pl.col("year").cast(pl.Int32)), how="cross")
        .filter((since.is_null() | (year >= since)) & (until.is_null() | (year < until)))
        .join(current.select("agency_id", "year", "doc"), on=["agency_id", "year"], how="left")
        .join(unplaced, on="year", how="left")
        .join(yearless, on="agency_id", how="left")
        .unique(["agency_id", "year"], keep="first", maintain_order=True)
    )
    reason = (
        pl.when(pl.col("doc").is_not_null())
        .then(None)
        .when("yearless")
        .then(pl.lit(Reason.YEAR_UNKNOWN))
        .when(pl.col("unplaced").is_not_null())
        .then(pl.lit(Reason.AGENCIES_UNKNOWN))
    )
    yield _covered(wanted, reason)


def _as_covered(listed: pl.LazyFrame, covered: pl.LazyFrame, reports: pl.LazyFrame) -> pl.LazyFrame:
    status = pl.col("status")
    wanted = (
        listed.select("agency_id", "name")
        .join(covered.filter(status != "not_required"), on="agency_id", maintain_order="left")
        .join(reports.select("document_id", "doc"), on="document_id", how="left")
    )
    reason = (
        pl.when(status == "unread")
        .then(pl.lit(Reason.NOT_READ))
        .when(status == "unclear")
        .then("reason")
    )
    return _covered(wanted, reason)


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
