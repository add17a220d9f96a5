"""A dataset folder in, its tables as lazy frames and its cards in memory out.

The only door to the data. Counts use current reports only: `Data.reports`, cards
and counts hold nothing of a reading that another one of the same report has replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from sys import intern
from typing import Any

import msgspec
import polars as pl

from dashboard.data.cards import agencies, as_codes, in_memory, told_once
from dashboard.data.documents import (
    OF_A_DOCUMENT,
    Row,
    cut,
    document_rows,
    promises_of,
    results_of,
    rows_of,
    rows_of_documents,
)
from dashboard.data.index import Index
from dashboard.data.near import near, opened_lean
from dashboard.data.regions import place_names
from govreport_core import indicators
from govreport_core.dataset import parquet, store
from govreport_core.model import Severity
from govreport_core.schemas import TABLES
from govreport_core.search.plain import plain_column

__all__ = [
    "OF_A_DOCUMENT",
    "Data",
    "Index",
    "Row",
    "cut",
    "document_rows",
    "documents_stored",
    "held",
    "near",
    "open_dataset",
    "opened_lean",
    "opened_whole",
    "promises_of",
    "ranked",
    "results_of",
    "rows_of",
    "rows_of_documents",
    "slice_of",
]

# What the samples' roster gives as the source of its agencies.
SAMPLE = "fictional"


class Data(msgspec.Struct, frozen=True, dict=True):
    """An open dataset.

    Attributes:
        about: What `dataset.json` says.
        tables: Every table as written, old readings included.
        version: The folder of the version that was opened.
        held: The tables of which all rows that will be asked for are in memory, found by key.
        whole: Whether every page of it will be made: then what finds rows is made for that.
    """

    folder: Path
    about: dict[str, Any]
    tables: dict[str, pl.LazyFrame]
    version: Path
    held: frozenset[str] = frozenset()
    whole: bool = False

    @cached_property
    def cards(self) -> pl.DataFrame:
        """The table `cards`, its codes as Enums, with `region`: the names of its divisions.

        Returns:
            The columns of `cards` (money in 万元, requests in 件, `days_late` in days) and
            `region`, null if unknown. Reports first, then what has none; by `year`, nulls
            last, then in the table's order.
        """
        return in_memory(self.tables["cards"], self.tables["agencies"])

    @cached_property
    def counts(self) -> pl.DataFrame:
        """Of the table `counts` what makes the whole: the provinces' rows, and of no division.

        Returns:
            The columns of `counts`, in its order; `results` and `reports` may be added up.
        """
        code = pl.col("region_code")
        whole = code.is_null() | code.str.ends_with("0000")
        return as_codes(self.tables["counts"].filter(whole).collect())

    @cached_property
    def group_indicators(self) -> pl.DataFrame:
        """What group indicators say of each agency and year.

        Returns:
            Of the columns of `indicators.groups_of_cards` those that `aggregate_groups` takes,
            where the year is known.
        """
        told = indicators.groups_of_cards(self.cards).filter(pl.col("year").is_not_null())
        return told.select(
            *("agency_id", "year", "indicator", "numerator", "denominator", "n", "assumed_zero")
        )

    @cached_property
    def divisions(self) -> frozenset[str]:
        """The divisions that have rows in the table `counts`: see its schema."""
        codes = self.tables["counts"].select(pl.col("region_code").unique()).collect()
        return frozenset(codes["region_code"].drop_nulls())

    @cached_property
    def of_nothing(self) -> pl.DataFrame:
        """The results in `checks` about reports that don't exist.

        Returns:
            The columns of `checks`, `document_id` null, as written.
        """
        return self.tables["checks"].filter(pl.col("document_id").is_null()).collect()

    @cached_property
    def coverage(self) -> pl.DataFrame:
        """The table `coverage`.

        Returns:
            A row an agency and year, as written; `days_late` in days.
        """
        return self.tables["coverage"].collect()

    @cached_property
    def coverage_of(self) -> Index:
        """The table `coverage`, by agency."""
        return Index(self.coverage, "agency_id", often=self.whole)

    @cached_property
    def by_document(self) -> Index:
        """The cards of reports, by document."""
        return Index(self.cards, "document_id", often=self.whole)

    @cached_property
    def by_report(self) -> Index:
        """The cards of reports, by the report's id."""
        return Index(self.cards, "report_id", often=self.whole)

    @cached_property
    def by_agency(self) -> Index:
        """The cards, by agency; of one its reports by year, undated last, then what has none."""
        return Index(self.cards, "agency_id", often=self.whole)

    @cached_property
    def agencies(self) -> Index:
        """One row an agency: as its latest report says, else the roster; in the order of lists."""
        return Index(
            agencies(self._reports, self.tables["agencies"]), "agency_id", often=self.whole
        )

    @cached_property
    def plain_agencies(self) -> pl.DataFrame:
        """The agencies' names as searches compare them, in the order of `agencies.rows`.

        Returns:
            `at` (the row), `name`, and `whole`: the names of its divisions and its own.
        """
        rows = self.agencies.rows
        name = plain_column(rows["agency_name"].fill_null("").alias("name"))
        region = plain_column(rows["region"].fill_null(""))
        at = pl.int_range(rows.height, eager=True, dtype=pl.UInt32).alias("at")
        return pl.DataFrame({"at": at, "name": name, "whole": region + name})

    @cached_property
    def lost(self) -> pl.DataFrame:
        """Of `documents` the files that gave no report, failed ones first.

        Returns:
            The columns of `documents`, by `status`, then `path`. Companions (manifest, roster) are
            no such files.
        """
        lost = (pl.col("status") != "read") & (pl.col("error") != "companion")
        return self.tables["documents"].filter(lost).sort("status", "path").collect()

    @cached_property
    def failed(self) -> int:
        """How many files couldn't be read."""
        lost = self.tables["documents"].filter(pl.col("status") == "failed").select(pl.len())
        return int(lost.collect().item())

    @cached_property
    def promised(self) -> Index:
        """The files of `promises` that have rows of an agency, by agency: of very many a few."""
        files = sorted((self.version / "promises").glob("**/*.parquet"))
        named = parquet.scan_files(files, called="file").select("agency_id", "file").unique()
        found = named.sort("file").with_columns(pl.col("file").cast(pl.Categorical))
        return Index(found.collect(), "agency_id", often=self.whole)

    @cached_property
    def paths(self) -> Index:
        """Files and the documents they hold, by document."""
        files = self.tables["documents"].select("document_id", "path").sort("path").collect()
        return Index(files, "document_id", often=self.whole)

    @cached_property
    def replaced(self) -> pl.DataFrame:
        """The rows of `reports` whose reading isn't the one that is shown.

        Returns:
            The columns of `reports`, as written.
        """
        return self.tables["reports"].filter(~pl.col("current")).collect()

    @cached_property
    def points_by_theme(self) -> pl.DataFrame:
        """How many points of current reports there are by theme and kind.

        Returns:
            `theme`, `kind`, `points`; a point of two themes counts in both.
        """
        points = self.current("points").select("kind", theme="themes").explode("theme")
        counted = points.drop_nulls("theme").group_by("theme", "kind").agg(points=pl.len())
        return counted.select("theme", "kind", "points").collect()

    @cached_property
    def points_themed(self) -> tuple[int, int]:
        """How many points of current reports are of a theme, and how many of none."""
        themed = pl.col("themes").list.len().fill_null(0) > 0
        counted = self.current("points").select(themed.sum(), (~themed).sum().alias("none"))
        some, none = counted.collect().row(0)
        return some, none

    @cached_property
    def unthemed(self) -> pl.DataFrame:
        """Some points of current reports that are of no theme, the first by their ids.

        Returns:
            `text`, `kind`, `agency_name` (null if unknown) and `year` of at most a hundred.
        """
        named = self.cards.lazy().select("document_id", "agency_name").drop_nulls("document_id")
        none = pl.col("themes").list.len().fill_null(0) == 0
        few = self.current("points").filter(none).sort("point_id").head(100)
        found = few.join(named, on="document_id", how="left", maintain_order="left")
        return found.select("text", "kind", "agency_name", "year").collect()

    @cached_property
    def failed_results(self) -> pl.DataFrame:
        """The failed results of `checks`, as they were written.

        Returns:
            The columns of `checks`, `expected` and `actual` in their cells' unit (money in 万元).
        """
        return self.current("checks").filter(pl.col("outcome") == "fail").collect()

    @cached_property
    def failures(self) -> pl.DataFrame:
        """The same in the order of lists: see `ranked`."""
        return ranked(self.failed_results.lazy()).collect()

    @cached_property
    def failures_of(self) -> Index:
        """The failed results by agency."""
        return Index(self.failures, "agency_id", often=self.whole)

    @cached_property
    def sharing(self) -> Index:
        """The table `groups`, by document."""
        return Index(self.tables["groups"].collect(), "document_id", often=self.whole)

    @cached_property
    def shared(self) -> Index:
        """The table `groups`, by group."""
        return Index(self.sharing.rows, "group", often=self.whole)

    @cached_property
    def roster(self) -> Index:
        """The table `agencies`."""
        return Index(self.tables["agencies"].collect(), "agency_id", often=self.whole)

    def by_key(self, table: str, column: str) -> Index:
        """A table by one of its columns: for data that is held in memory."""
        key = (table, column)
        if key not in self._by_key:
            self._by_key[key] = Index(self.tables[table].collect(), column, often=self.whole)
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Index]:
        return {}

    @cached_property
    def place_names(self) -> dict[str, str]:
        """The names of divisions: see `regions.place_names`."""
        return place_names(self.cards)

    @property
    def reports(self) -> pl.LazyFrame:
        """The current reports: what their cards say.

        Returns:
            The rows of `cards` with a `document_id`, in the order of `cards`.
        """
        return self._reports.lazy()

    @cached_property
    def _reports(self) -> pl.DataFrame:
        cards = self.cards
        return cards.head(cards.height - cards["document_id"].null_count())

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years of which there are reports, ascending."""
        return tuple(self._reports["year"].drop_nulls().unique().sort())

    @cached_property
    def agency_numbers(self) -> pl.Series:
        """Of each row of `reports` a number for its agency, from 1: quicker to look at than ids."""
        return self._reports["agency_id"].rank("dense")

    @cached_property
    def agencies_numbered(self) -> pl.Series:
        """Of each row of `agencies.rows` the same number; 0 where it has no report."""
        known = self._reports.select("agency_id", number=self.agency_numbers).unique()
        rows = self.agencies.rows.select("agency_id")
        found = rows.join(known, on="agency_id", how="left", maintain_order="left")
        return found["number"].fill_null(0)

    @cached_property
    def places(self) -> tuple[list[str], pl.Series]:
        """The cards' divisions by code, and of each card which of them, from 1; 0 for none."""
        codes = self.cards["region_code"]
        return codes.drop_nulls().unique().sort().to_list(), codes.rank("dense").fill_null(0)

    def distinct(self, column: str) -> pl.Series:
        """The values that a column of the cards has, null among them, in no promised order."""
        if column not in self._distinct:
            self._distinct[column] = self.cards[column].unique()
        return self._distinct[column]

    @cached_property
    def _distinct(self) -> dict[str, pl.Series]:
        return {}

    @cached_property
    def fictional(self) -> bool:
        """Whether these are the project's sample reports: their roster says so of every agency."""
        sources = self.tables["agencies"].select(pl.col("source").unique()).collect()
        return sources["source"].to_list() == [SAMPLE]

    def current(self, table: str) -> pl.LazyFrame:
        """A table's rows of current reports; findings about reports that don't exist stay.

        Args:
            table: A table with `document_id`.

        Returns:
            Its columns, in the order in which they were written.
        """
        rows = self.tables[table]
        replaced = self.tables["reports"].filter(~pl.col("current")).select("document_id")
        ours = rows.join(replaced, on="document_id", how="anti", maintain_order="left")
        return ours if table == "checks" else ours.drop_nulls("document_id")


def open_dataset(folder: Path) -> Data:
    """Open a dataset lazily: the version that its path names now, whatever is built later.

    Raises:
        DatasetError: No dataset there, or one of another schema version.
    """
    version, about = store.told(folder)
    return Data(folder, about, {name: store.scan(version, name) for name in TABLES}, version)


def ranked(checks: pl.LazyFrame) -> pl.LazyFrame:
    """Results in the order of lists: the gravest first, then by rule, year and agency.

    Args:
        checks: The columns of `checks`: `severity`, `check`, `year`, `agency_id` and `subject`
            tell the order.

    Returns:
        The same rows and columns; nulls last.
    """
    order = {severity.value: place for place, severity in enumerate(Severity)}
    weight = pl.col("severity").replace_strict(order, return_dtype=pl.Int8)
    return (
        checks.with_columns(weight=weight)
        .sort("weight", "check", "year", "agency_id", "subject", nulls_last=True)
        .drop("weight")
    )


def held(data: Data) -> Data:
    """The same data, read into memory once: for drawing many pages."""
    tables = {name: table.collect().lazy() for name, table in data.tables.items()}
    return msgspec.structs.replace(data, tables=tables, held=frozenset(tables), whole=True)


def opened_whole(data: Data) -> Data:
    """The same data for drawing all pages: in memory but for what reports consist of.

    What remains on disk is read by `slice_of` and `rows_of_documents`, some documents at a time.
    """
    tables = {
        name: table if name in _STORED else table.collect().lazy()
        for name, table in data.tables.items()
    }
    tables["offsets"] = told_once(tables["offsets"].collect()).lazy()
    return msgspec.structs.replace(data, tables=tables, whole=True)


# Those that no other report's page asks for; and all that is read from the files. `cards` are
# in memory as `Data.cards`, what is asked of `documents` as `Data.paths`, of `reports` as
# `Data.replaced`.
_LONG = ("parts", "evidence", "values", "claims", "checks", "diagnostics")
_STORED = (*_LONG, "sections", "points", "cards", "documents", "reports")
# What is asked for by document or agency of reports that a page is not about.
_OF_OTHERS = (("similar", "document_id"), ("promises", "agency_id"))


def slice_of(data: Data, documents: Sequence[str]) -> Data:
    """The data of `opened_whole` with the rows of some documents' cells and lines in memory.

    Args:
        data: What `opened_whole` gave.
        documents: Their ids; for memory's sake some hundreds, as they stand in `documents_stored`.
    """
    wanted = [*documents, *_replaced_of(data, documents)]
    long = {name: _together(rows_of_documents(data, wanted, name)).lazy() for name in _LONG}
    held = frozenset(data.tables).difference(_STORED).union(_LONG)
    made = msgspec.structs.replace(data, tables=data.tables | long, held=held)
    # What is found by key, of all reports, is found once.
    for known in ("by_document", "by_report", "by_agency", "coverage_of", "sharing", "shared"):
        made.__dict__[known] = getattr(data, known)
    for known in ("cards", "coverage", "paths", "replaced", "_reports"):
        made.__dict__[known] = getattr(data, known)
    made.__dict__["_by_key"] = {key: data.by_key(*key) for key in _OF_OTHERS}
    return made


def _together(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows, those of a document one behind the other: so none is copied to be found."""
    documents = rows["document_id"]
    if documents.rle().len() == documents.n_unique():
        return rows
    return rows.sort("document_id", maintain_order=True)


def _replaced_of(data: Data, documents: Sequence[str]) -> list[str]:
    """The other readings of their reports: mostly none."""
    if data.replaced.is_empty():
        return []
    cards = data.cards
    reports = cards.filter(cards["document_id"].is_in(list(documents)))["report_id"]
    others = data.replaced.filter(data.replaced["report_id"].is_in(reports.implode()))
    return list(others["document_id"])


def documents_stored(data: Data) -> tuple[str, ...]:
    """The documents of current reports in the order in which their rows stand in the files."""
    places = data.tables["offsets"].filter(pl.col("table") == "parts").sort("file", "first")
    stored = places.select(pl.col("document_id").cast(pl.String)).unique(maintain_order=True)
    current = data.reports.select("document_id")
    found = pl.concat(
        [
            stored.join(current, on="document_id", how="semi", maintain_order="left"),
            current.join(stored, on="document_id", how="anti", maintain_order="left"),
        ]
    )
    # A document's id is in many places: it is held once.
    return tuple(map(intern, found.collect()["document_id"]))
