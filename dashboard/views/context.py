"""A dataset in, what all its pages share out, read once."""

from __future__ import annotations

import msgspec
import polars as pl

from dashboard.data import Data, Row
from dashboard.views.badges import Verdict, verdicts
from dashboard.views.figures import figure_numbers
from dashboard.views.filters import Filters
from dashboard.views.groups import Tally, tallies
from dashboard.views.indicators import Measures, by_document, measure
from dashboard.views.lists import agency_names
from dashboard.views.timeliness import rows_of_agencies
from dashboard.views.versions import Other, other_readings


class Context(msgspec.Struct, frozen=True):
    """What a page needs beside its own rows.

    Attributes:
        readings: report_id -> its rows of `Data.readings`, replaced ones included.
        current: document_id -> the row of a current report.
        by_agency: agency_id -> its current reports, by year, undated ones last.
        agencies: agency_id -> its row of `agency_names`.
        paths: document_id -> the files with that content.
        verdicts: document_id -> the counts behind the badges.
        numbers: (document_id, figure) -> number, for the figures a form has.
        measures: (document_id, indicator) -> its row, for the current reports.
        tallies: agency_id -> its counts over all its reports.
        coverage: agency_id -> its rows of the table `coverage`, with their evidence.
        others: report_id -> its readings that aren't shown, where there are several.
    """

    readings: dict[str, list[Row]]
    current: dict[str, Row]
    by_agency: dict[str, list[Row]]
    agencies: dict[str, Row]
    paths: dict[str, tuple[str, ...]]
    verdicts: dict[str, Verdict]
    numbers: dict[tuple[str, str], float | None]
    measures: Measures
    tallies: dict[str, Tally]
    coverage: dict[str, list[Row]]
    others: dict[str, list[Other]]

    def dated(self, agency_id: str) -> list[Row]:
        """An agency's current reports whose year is known, by year."""
        return [row for row in self.by_agency.get(agency_id, ()) if row["year"] is not None]


def context(data: Data) -> Context:
    """Read what all pages share."""
    rows = data.readings.sort("year", nulls_last=True).collect().to_dicts()
    readings: dict[str, list[Row]] = {}
    by_agency: dict[str, list[Row]] = {}
    for row in rows:
        readings.setdefault(row["report_id"], []).append(row)
        if row["current"]:
            by_agency.setdefault(row["agency_id"], []).append(row)
    paths = (
        data.tables["documents"]
        .filter(pl.col("document_id").is_not_null())
        .sort("path")
        .group_by("document_id", maintain_order=True)
        .agg("path")
        .collect()
    )
    return Context(
        readings=readings,
        current={row["document_id"]: row for row in rows if row["current"]},
        by_agency=by_agency,
        agencies={
            row["agency_id"]: row for row in agency_names(data).collect().iter_rows(named=True)
        },
        paths={document: tuple(found) for document, found in paths.iter_rows()},
        verdicts=verdicts(data),
        numbers={
            (document, figure): number
            for document, figure, number in figure_numbers(data).iter_rows()
        },
        measures=by_document(measure(data, data.reports.collect())),
        tallies=tallies(data, Filters()),
        coverage=rows_of_agencies(data),
        others=other_readings(data),
    )
