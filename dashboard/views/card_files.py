"""A report's card in, the report as files out: its cells as a table, all that is known as JSON."""

from __future__ import annotations

import msgspec
import polars as pl

from dashboard.data import document_rows
from dashboard.labels import column_label, row_label, t, table_label
from dashboard.views.context import Context
from dashboard.views.records import ReportCard, ValueCell
from dashboard.views.sentences import check_label

_OF_REPORT = (
    *("report_id", "document_id", "agency_id", "agency_name", "agency_kind", "agency_level"),
    *("region_code", "province", "prefecture", "county", "year", "form", "title"),
    *("published_on", "status", "days_late", "source_url"),
)
_SAID = ("table", "row", "column", "number", "printed", "state", "failed", "place")


def card_frame(card: ReportCard, lang: str) -> pl.DataFrame:
    """A report's cells under their labels: words first, codes last.

    Args:
        card: The report.
        lang: Language of heads and words.

    Returns:
        A row a cell of the tables that the report has, in the form's order; money in 万元, all
        else counts; a cell without a certain number has none.
    """
    rows = [
        (card.agency.name, card.year, *_row(card.form_id, cell, lang))
        for table in card.tables
        if table.present
        for line in table.rows
        for cell in line.cells
    ]
    heads = [t("columns.agency_name", lang), t("columns.year", lang)]
    heads += [t(f"card.file.{name}", lang) for name in _SAID]
    heads += [t("card.file.code", lang), t("columns.document_id", lang)]
    whole = [(*row, card.document_id) for row in rows]
    kinds = [pl.String, pl.Int32, *(pl.Float64 if x == "number" else pl.String for x in _SAID)]
    schema = dict(zip(heads, [*kinds, pl.String, pl.String], strict=True))
    return pl.DataFrame(whole, schema=schema, orient="row")


def _row(form: str | None, cell: ValueCell, lang: str) -> tuple[str | float | None, ...]:
    and_ = t("places.and", lang)
    return (
        table_label(form, cell.table, lang),
        row_label(form, cell.table, cell.row, lang),
        column_label(form, cell.table, cell.column, lang),
        cell.number,
        None if cell.text == cell.state_label else cell.text,
        cell.state_label,
        and_.join(check_label(code, lang) for code in cell.failing) or None,
        cell.place.label if cell.place else None,
        f"{cell.table}.{cell.row}.{cell.column}",
    )


def card_json(shared: Context, report_id: str) -> bytes:
    """A report as the dataset has it: who and when, then its rows of each table, but for `parts`.

    Raises:
        KeyError: The data has no such report.
    """
    report = shared.of_report(report_id)
    if report is None:
        raise KeyError(report_id)
    rows = document_rows(shared.data, report["document_id"])
    tables = {
        table: [{k: v for k, v in row.items() if k != "document_id"} for row in found]
        for table, found in rows.items()
        if table != "parts"
    }
    made = {"report": {name: report[name] for name in _OF_REPORT}, **tables}
    return msgspec.json.format(msgspec.json.encode(made), indent=1)
