"""A dataset in, what its pages share out: found by key, made once or when first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import msgspec
import polars as pl

from dashboard.data import Data, Row, rows_of

MARK = ["document_id", "part", "start", "end"]


class Context(msgspec.Struct, frozen=True, dict=True):
    """What a page needs beside its own rows, from a dataset."""

    data: Data

    def of_document(self, document_id: str | None) -> Row | None:
        """The card of a current report."""
        found = self.data.by_document.of(document_id) if document_id else None
        return None if found is None or found.is_empty() else found.row(0, named=True)

    def of_documents(self, documents: pl.Series, columns: Iterable[str]) -> dict[str, Row]:
        """Some columns of the cards of current reports, by document."""
        wanted = documents.drop_nulls().unique()
        rows = self.data.by_document.rows.select(columns)
        found = rows.filter(pl.col("document_id").is_in(wanted.implode()))
        return {row["document_id"]: row for row in found.iter_rows(named=True)}

    def of_report(self, report_id: str) -> Row | None:
        """The card of a report."""
        found = self.data.by_report.of(report_id)
        return None if found.is_empty() else found.row(0, named=True)

    def reports(self, agency_id: str) -> list[Row]:
        """The cards of an agency's reports, by year, undated ones last."""
        rows = self.data.by_agency.of(agency_id)
        return rows.filter(pl.col("document_id").is_not_null()).to_dicts()

    def dated(self, agency_id: str) -> list[Row]:
        """The cards of an agency's reports whose year is known, by year."""
        return [row for row in self.reports(agency_id) if row["year"] is not None]

    def agency(self, agency_id: str | None) -> Row | None:
        """What is known of an agency."""
        found = self.data.agencies.of(agency_id) if agency_id else None
        return None if found is None or found.is_empty() else found.row(0, named=True)

    def paths(self, document_id: str) -> tuple[str, ...]:
        """The files with that content."""
        return tuple(self.data.paths.of(document_id)["path"])

    def coverage(self, agency_id: str) -> list[Row]:
        """An agency's rows of `coverage`, by year, with `report_id` and `mark`.

        `mark` is the number of the evidence that the date comes from, if it has a place.
        """
        rows = self.data.coverage_of.of(agency_id).sort("year").to_dicts()
        return [self.marked(row) for row in rows]

    def marked(self, row: Row) -> Row:
        """A row of `coverage` with the report's id and the number of its date's evidence."""
        document = row["document_id"]
        if document is None:
            return row | {"report_id": None, "mark": None}
        card = self.of_document(document)
        return row | {
            "report_id": card["report_id"] if card else None,
            "mark": self._mark(row) if row["part"] is not None else None,
        }

    @cached_property
    def peers(self) -> dict[Any, Any]:
        """Groups of peers that were asked for, by what makes them: see `views.peers`."""
        return {}

    def _mark(self, row: Row) -> int | None:
        if self.data.held:
            return self._marks.get(tuple(row[name] for name in MARK))
        evidence = rows_of(self.data, row["document_id"], "evidence")
        return marks(evidence).get(tuple(row[name] for name in MARK))

    @cached_property
    def _marks(self) -> dict[tuple[Any, ...], int]:
        return marks(self.data.tables["evidence"].collect())


def marks(evidence: pl.DataFrame) -> dict[tuple[Any, ...], int]:
    """Documents and places of dates, with the number of their evidence in its document.

    Args:
        evidence: The table `evidence`, or one document's rows, in their order.

    Returns:
        (`document_id`, `part`, `start`, `end`) -> the number, counted from 1 in a document.
    """
    return {tuple(row[:-1]): row[-1] for row in dates(evidence.lazy()).collect().iter_rows()}


def dates(evidence: pl.LazyFrame) -> pl.LazyFrame:
    """The same as a frame: the columns of `MARK`, and `mark`.

    Args:
        evidence: The table `evidence`, or one document's rows, in their order: `document_id`,
            `field`, `part`, `start`, `end`.

    Returns:
        `document_id`, `part`, `start`, `end` and `mark` (from 1 in a document), a row a place
        of a `published_on`, in their order.
    """
    return (
        evidence.with_columns(mark=pl.int_range(1, pl.len() + 1).over("document_id"))
        .filter((pl.col("field") == "published_on") & pl.col("part").is_not_null())
        .unique(MARK, keep="first", maintain_order=True)
        .select(*MARK, "mark")
    )


def context(data: Data) -> Context:
    """What all pages share."""
    return Context(data)
