"""Values in, each report's cells side by side out."""

from __future__ import annotations

import polars as pl

from govreport_core.cells import Lack, at, lack, number, spread

CELL = "t3_requests.requests_received.natural_person"
OTHER = "t3_requests.requests_received.applicant_info"


def values(*rows: tuple[str, str, float | None, str]) -> pl.DataFrame:
    """Rows of `values`: a document, a cell, its number and its state."""
    flat = [(document, *cell.split("."), *rest) for document, cell, *rest in rows]
    kinds = {"document_id": pl.String, "table": pl.String, "row": pl.String, "column": pl.String}
    schema = kinds | {"number": pl.Float64, "state": pl.String}
    return pl.DataFrame(flat, schema=schema, orient="row")


def test_each_cell_stands_with_its_report_wherever_its_row_is() -> None:
    """Documents may come by turns, and so may those of none of the reports, and unknown cells."""
    told = values(
        ("c", CELL, 9.0, "reported"),
        ("b", CELL, 2.0, "reported"),
        ("a", "t3_requests.requests_received.nobody", 7.0, "reported"),
        ("a", CELL, 1.0, "reported"),
        ("b", OTHER, None, "blank"),
        ("a", OTHER, None, "unreadable"),
    )
    reports = pl.DataFrame({"document_id": ["a", "b", "d"]})
    wide = spread(told, reports)
    assert wide["document_id"].to_list() == ["a", "b", "d"]
    assert wide.select(number(CELL)).to_series().to_list() == [1.0, 2.0, None]
    assert wide.select(at(CELL)).to_series().to_list() == [3, 1, None]
    found = wide.select(lack(OTHER)).to_series().to_list()
    assert found == [Lack.UNREADABLE, Lack.BLANK, Lack.ABSENT]


def test_without_values_every_cell_is_absent() -> None:
    reports = pl.DataFrame({"document_id": ["a"]})
    wide = spread(values(), reports)
    assert wide.select(number(CELL), lack(CELL)).row(0) == (None, Lack.ABSENT)
    assert spread(values(), reports.clear()).height == 0
