"""A dataset in, what its pages share out: found by key, made once or when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

import msgspec
import polars as pl

from dashboard.data import OF_A_DOCUMENT, Data, Row, promises_of, rows_of, rows_of_documents

MARK = ["document_id", "part", "start", "end"]


KEYS: dict[str, tuple[str, Callable[[Data, str], pl.DataFrame]]] = {
    "documents": ("document_id", lambda data, key: data.paths.of(key)),
    "coverage": ("agency_id", lambda data, key: data.coverage_of.of(key)),
    "promises": ("agency_id", promises_of),
    "similar": ("document_id", lambda data, key: rows_of(data, key, "similar")),
    "sections": ("document_id", lambda data, key: rows_of(data, key, "sections")),
    "points": ("document_id", lambda data, key: rows_of(data, key, "points")),
    "groups": ("document_id", lambda data, key: data.sharing.of(key)),
}
"""The tables that pages ask for by a key, with its column, and how one key's rows are found."""


class Ready(msgspec.Struct, frozen=True):
    """What was taken out for some reports: their cards, their agencies', and rows by table."""

    by_document: dict[str, Row]
    by_report: dict[str, Row]
    reports: dict[str, list[Row]]
    rows: dict[str, dict[str, list[Row]]]


def _rows_of(
    data: Data, table: str, column: str, keys: pl.Series | Sequence[str]
) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {key: [] for key in keys}
    if table in OF_A_DOCUMENT:
        rows = rows_of_documents(data, list(found), table)
    else:
        frame = data.paths.rows if table == "documents" else data.tables[table]
        rows = frame.lazy().filter(pl.col(column).is_in(list(found))).collect()
    for row in rows.iter_rows(named=True):
        found[row[column]].append(row)
    return found


def _near(data: Data, documents: Sequence[str]) -> pl.Series:
    """The documents whose texts are held against those of some."""
    similar = data.tables["similar"].filter(pl.col("document_id").is_in(list(documents)))
    return similar.select(pl.col("other").unique()).collect()["other"].sort()


def _taken_up(data: Data, agencies: pl.Series) -> pl.Series:
    """The documents whose points those of some agencies take up."""
    mine = data.tables["promises"].filter(pl.col("agency_id").is_in(agencies.implode()))
    return mine.select(pl.col("other_document_id").unique().drop_nulls()).collect().to_series()


class Context(msgspec.Struct, frozen=True, dict=True):
    """What a page needs beside its own rows, from a dataset."""

    data: Data

    def of_document(self, document_id: str | None) -> Row | None:
        """The card of a current report."""
        if document_id in self._ready.by_document:
            return self._ready.by_document[document_id]
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
        if report_id in self._ready.by_report:
            return self._ready.by_report[report_id]
        found = self.data.by_report.of(report_id)
        return None if found.is_empty() else found.row(0, named=True)

    def reports(self, agency_id: str) -> list[Row]:
        """The cards of an agency's reports, by year, undated ones last."""
        if agency_id in self._ready.reports:
            return self._ready.reports[agency_id]
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
        return tuple(row["path"] for row in self.rows("documents", document_id))

    def rows(self, table: str, key: str) -> list[Row]:
        """The rows of a table by what it is asked for by: see `KEYS`.

        Args:
            table: One of `KEYS`.
            key: Of an agency or a document.

        Returns:
            In the table's order.
        """
        ready = self._ready.rows.get(table, {})
        if key in ready:
            return ready[key]
        return KEYS[table][1](self.data, key).to_dicts()

    def prepare(self, documents: Sequence[str] = (), agencies: Sequence[str] = ()) -> None:
        """Take out at once what the pages of some will ask for, each by itself.

        Args:
            documents: Those of current reports; some hundreds, in place of those of the last time.
            agencies: Agencies, likewise.
        """
        cards = self.data.cards
        mine = cards["document_id"].is_in(list(documents))
        known = pl.Series(agencies, dtype=pl.String)
        wanted = pl.concat([cards.filter(mine)["agency_id"], known]).unique()
        near = _near(self.data, documents)
        of_them = cards["agency_id"].is_in(wanted.implode())
        asked = of_them | cards["document_id"].is_in(near.implode())
        found = cards.filter(asked & cards["document_id"].is_not_null()).to_dicts()
        reports: dict[str, list[Row]] = {agency: [] for agency in wanted}
        for card in found:
            if card["agency_id"] in reports:
                reports[card["agency_id"]].append(card)
        others = [card["document_id"] for card in found if card["agency_id"] in reports]
        keys = {"agency_id": wanted, "document_id": pl.Series(others, dtype=pl.String)}
        # Of texts no more than what will be shown: they are read from the files.
        texts = {
            "sections": [*documents, *near],
            "points": [*documents, *_taken_up(self.data, wanted)],
        }
        self.__dict__["_ready"] = Ready(
            by_document={card["document_id"]: card for card in found},
            by_report={card["report_id"]: card for card in found},
            reports=reports,
            rows={
                table: _rows_of(self.data, table, column, texts.get(table, keys[column]))
                for table, (column, _) in KEYS.items()
            },
        )

    @cached_property
    def _ready(self) -> Ready:
        return Ready({}, {}, {}, {})

    def coverage(self, agency_id: str) -> list[Row]:
        """An agency's rows of `coverage`, by year, with `report_id` and `mark`.

        `mark` is the number of the evidence that the date comes from, if it has a place.
        """
        rows = sorted(self.rows("coverage", agency_id), key=lambda row: row["year"])
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

    @cached_property
    def masks(self) -> dict[tuple[str, str], Any]:
        """Masked sentences of a document's section: see `views.echoes.mask`."""
        return {}

    @cached_property
    def quotes(self) -> dict[tuple[str, str, str], Any]:
        """What two documents' sections have in common, once for all languages."""
        return {}

    @cached_property
    def corrections(self) -> list[Row]:
        """The rows of the table `corrections`."""
        return self.data.tables["corrections"].collect().to_dicts()

    @cached_property
    def replies(self) -> list[Row]:
        """The rows of the table `replies`."""
        return self.data.tables["replies"].collect().to_dicts()

    @cached_property
    def corrections_of(self) -> dict[str, list[Row]]:
        """Corrections of current reports, by the report's id; the newest last, undated ones first.

        So of several corrections of a cell the last is the one that holds.
        """
        found: dict[str, list[Row]] = {}
        for row in sorted(self.corrections, key=lambda one: str(one["date"] or "")):
            report = self.corrected_report(row)
            if report is not None:
                found.setdefault(report["report_id"], []).append(row)
        return found

    @cached_property
    def replies_of(self) -> dict[str, list[Row]]:
        """Replies, by the report's id."""
        found: dict[str, list[Row]] = {}
        for row in self.replies:
            found.setdefault(row["report_id"], []).append(row)
        return found

    def corrected_report(self, row: Row) -> Row | None:
        """The card of the current report that a row of `corrections` is about."""
        if row["document_id"]:
            return self.of_document(row["document_id"])
        return next(
            (one for one in self.reports(row["agency_id"]) if one["year"] == row["year"]), None
        )

    def value(self, document_id: str, key: tuple[str, str, str]) -> Row | None:
        """The row of `values` of a document's cell: table, row and column."""
        names = ("table", "row", "column")
        mine = [pl.col(name) == code for name, code in zip(names, key, strict=True)]
        found = rows_of(self.data, document_id, "values").filter(*mine)
        return None if found.is_empty() else found.row(0, named=True)

    def _mark(self, row: Row) -> int | None:
        if self.data.whole:
            return self._marks.get(tuple(row[name] for name in MARK))
        evidence = rows_of(self.data, row["document_id"], "evidence")
        return marks(evidence).get(tuple(row[name] for name in MARK))

    @cached_property
    def _marks(self) -> dict[tuple[Any, ...], int]:
        columns = ("field", *MARK)
        return marks(self.data.tables["evidence"].select(columns).collect())


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
