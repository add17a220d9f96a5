"""One of the dataset's tables and filters in; a preview or a frame out."""

from __future__ import annotations

import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t, term
from dashboard.views.filters import Filters, narrow
from dashboard.views.lists import agency_names, chosen
from dashboard.views.records import TableView
from dashboard.views.sentences import check_label, reason_words
from dashboard.views.timeliness import coverage_rows
from govreport_core import coverage, indicators, wording
from govreport_core.forms import forms
from govreport_core.schemas import TABLES as SCHEMAS

# Where rows stand in files is of no use to who reads them elsewhere.
TABLES = tuple(name for name in SCHEMAS if name != "offsets")
# Columns whose codes have words, by the group of words; some mean different things by table.
_GROUPS = {
    "agency_kind": "kinds",
    "agency_level": "levels",
    "state": "states",
    "outcome": "outcomes",
    "severity": "severities",
    "error": "errors",
    "field": "fields",
    "date_rule": "evidence",
    "documents.status": "documents",
    "parts.kind": "parts_of_source",
    "points.kind": "points",
    "counts.kind": "kinds",
    "counts.level": "levels",
    "agencies.kind": "kinds",
    "agencies.level": "levels",
    "agencies.source": "roster_sources",
    "diagnostics.level": "levels_of_reading",
    "evidence.rule": "evidence",
}


def table_frame(data: Data, table: str, filters: Filters) -> pl.DataFrame:
    """The rows of a table about current reports that match, columns as in the dataset.

    Tables that aren't about reports (`documents`, `agencies`), and what others say of
    them (`corrections`, `replies`), are given whole.
    Findings about reports that don't exist go by their agency and year.

    Args:
        data: The dataset.
        table: A name of `TABLES`.
        filters: What narrows it.

    Returns:
        The table's columns and units (money in 万元, `days_late` in days), in the
        dataset's order.
    """
    rows = data.tables[table]
    if table in ("documents", "agencies", "corrections", "replies"):
        return rows.collect()
    if table == "coverage":
        return coverage_rows(data, filters).collect()
    if table == "cards":
        return narrow(rows, filters).collect()
    if table == "counts":
        named = rows.with_columns(agency_kind="kind", agency_level="level")
        return narrow(named, filters).drop("agency_kind", "agency_level").collect()
    reports = chosen(data, filters)
    found = rows.join(
        reports.select("document_id"), on="document_id", how="semi", maintain_order="left"
    )
    if table == "checks":
        nobody = rows.filter(pl.col("document_id").is_null())
        if filters.years:
            nobody = nobody.filter(pl.col("year").cast(pl.String).is_in(list(filters.years)))
        where = Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels)
        if where != Filters():
            agencies = narrow(agency_names(data), where).select("agency_id")
            nobody = nobody.join(agencies, on="agency_id", how="semi", maintain_order="left")
        found = pl.concat([found, nobody])
        if filters.outcomes:
            found = found.filter(pl.col("outcome").is_in(list(filters.outcomes)))
    return found.collect()


def table_view(data: Data, table: str, filters: Filters, lang: str, limit: int = 200) -> TableView:
    """The first rows of a table as text, codes with their words; an unknown value is empty."""
    found = table_frame(data, table, filters)
    shown = found.head(limit)
    rows = tuple(
        tuple(_text(table, name, value, row, lang) for name, value in row.items())
        for row in shown.iter_rows(named=True)
    )
    return TableView(
        table=table,
        label=t(f"tables.{table}", lang),
        columns=tuple((name, column_label(name, lang)) for name in found.columns),
        rows=rows,
        shown=shown.height,
        total=found.height,
    )


def column_label(name: str, lang: str) -> str:
    """The words for a column of a table; of a figure or indicator those of its own."""
    for key in (f"columns.{name}", f"figures.{name}.label", f"dispositions.{name}"):
        if key in labels.words(lang):
            return t(key, lang)
    code, _, what = name.rpartition("_")
    return t(f"cards.{what}", lang, indicator=indicators.indicator_words(lang)[code].title)


def _text(table: str, column: str, value: object, row: dict[str, object], lang: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return t(f"values.{'yes' if value else 'no'}", lang)
    if isinstance(value, float):
        return labels.number(value)
    if isinstance(value, list):
        return t("places.and", lang).join(map(str, value))
    code = str(value)
    label = _word(table, column, code, row, lang)
    return t("values.with_code", lang, label=label, code=code) if label != code else code


def _word(table: str, column: str, code: str, row: dict[str, object], lang: str) -> str:
    """The words for a code of the dataset; the code itself where it has none."""
    group = _GROUPS.get(f"{table}.{column}", _GROUPS.get(column))
    if group is not None:
        return term(group, code, lang)
    if column == "form":
        return labels.form_name(code, lang)
    if column == "check":
        return check_label(code, lang)
    if column in ("part", "end_part"):
        return wording.place_label(code, lang)
    if table in ("coverage", "cards") and column in ("status", "due_by", "reason"):
        return _coverage_word(column, code, lang)
    if column == "reason":
        return reason_words(code, lang)
    if column == "section":
        return labels.section_label(None, code, lang)
    return _line(column, code, row, lang)


def _coverage_word(column: str, code: str, lang: str) -> str:
    if column == "due_by":
        return coverage.due_words(code, lang)
    if column == "reason":
        return coverage.reason_words(lang).get(code, code)
    return coverage.status_words(lang)[code].title


def _line(column: str, code: str, row: dict[str, object], lang: str) -> str:
    """A table, row or column of a form; of the newest form that has it where none is named."""
    if column not in ("table", "row", "column", "subject"):
        return code
    named = row.get("form")
    ids = [str(named)] if named else list(reversed(forms()))
    table = str(row.get("table") or "")
    for form in ids:
        if column == "subject":
            found = labels.subject_label(form, code, lang)
        elif column == "table":
            found = labels.table_label(form, code, lang)
        elif column == "row":
            found = labels.row_label(form, table, code, lang)
        else:
            found = labels.column_label(form, table, code, lang)
        if found != code:
            return found
    return code
