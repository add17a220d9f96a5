"""One of the dataset's tables and filters in; a preview or a frame out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t, term, words
from dashboard.views.filters import PARAMETERS, UNKNOWN, WHERE, Filters, narrow
from dashboard.views.lists import agency_names, chosen
from dashboard.views.records import TableView
from dashboard.views.sentences import check_label, reason_words
from dashboard.views.timeliness import coverage_rows
from dashboard.views.wide import WIDE, wide_frame
from govreport_core import coverage, indicators, wording
from govreport_core.dataset.export import csv_bytes, csv_stretch
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


WHOLE = ("documents", "corrections", "replies")
"""Tables that aren't about a report, an agency or a year: filters don't narrow them."""
_SAMPLE = 1000
STRETCH = 50_000
"""Rows that are held in memory at once while a table is sent."""


def narrowing(table: str) -> tuple[str, ...]:
    """The parameters of an address that narrow a table; the wide one's where there is none such."""
    if table in WHOLE:
        return ()
    if table == "coverage":
        return (*WHERE, "status")
    if table in ("agencies", "cards", "counts"):
        return WHERE
    return tuple(name for name in PARAMETERS if name != "rule")


def table_rows(data: Data, table: str, filters: Filters) -> pl.LazyFrame:
    """The rows of a table about current reports that match, columns as in the dataset.

    Those of `WHOLE` are given whole; `agencies` goes by region, kind and level, and by year
    where an agency was there in any of them.
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
    if table in WHOLE:
        return rows
    if table == "agencies":
        return _agencies(rows, filters)
    if table == "coverage":
        return coverage_rows(data, filters)
    if table == "cards":
        return narrow(rows, filters)
    if table == "counts":
        named = rows.with_columns(agency_kind="kind", agency_level="level")
        return narrow(named, filters).drop("agency_kind", "agency_level")
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
    return found


def table_frame(data: Data, table: str, filters: Filters) -> pl.DataFrame:
    """The rows of `table_rows`, all in memory."""
    return table_rows(data, table, filters).collect()


def table_pieces(data: Data, table: str, filters: Filters) -> Iterator[bytes]:
    """The rows of `table_rows` as pieces of a CSV file, never all in memory.

    Args:
        data: The dataset.
        table: A name of `TABLES`.
        filters: What narrows it.

    Yields:
        Pieces that are the file one after the other, as `csv_stretch` writes them.
    """
    head = True
    for stretch in table_rows(data, table, filters).collect_batches(chunk_size=STRETCH, lazy=True):
        yield csv_stretch(stretch, head=head)
        head = False
    if head:
        schema = data.tables[table].collect_schema()
        yield csv_stretch(pl.DataFrame(schema=schema), head=True)


def table_view(data: Data, table: str, filters: Filters, lang: str, limit: int = 200) -> TableView:
    """The first rows of a table as text, codes with their words; an unknown value is empty."""
    if table == WIDE:
        return _wide_view(data, filters, lang, limit)
    found = table_rows(data, table, filters)
    sample = found.head(max(limit, _SAMPLE)).collect()
    total = int(found.select(pl.len()).collect().item())
    shown = sample.head(limit)
    rows = tuple(
        tuple(_text(table, name, value, row, lang) for name, value in row.items())
        for row in shown.iter_rows(named=True)
    )
    return TableView(
        table=table,
        label=t(f"tables.{table}", lang),
        columns=tuple((name, column_label(name, lang)) for name in sample.columns),
        rows=rows,
        shown=shown.height,
        total=total,
        size=_size(sample.head(_SAMPLE), total),
        notes=_notes(table, sample.columns, lang),
    )


def _notes(table: str, names: Iterable[str], lang: str) -> tuple[tuple[str, str], ...]:
    """What is to be known of columns beside their names, under these; none of most."""
    found = []
    for name in names:
        keys = (f"opendata.notes.{table}_{name}", f"opendata.notes.{name}")
        if key := next((key for key in keys if key in words(lang)), ""):
            found.append((column_label(name, lang), t(key, lang)))
    return tuple(found)


def _wide_view(data: Data, filters: Filters, lang: str, limit: int) -> TableView:
    shown = wide_frame(data, filters, lang, limit)
    total = int(chosen(data, filters).select(pl.len()).collect().item())
    rows = tuple(tuple(_plain(value, lang) for value in row) for row in shown.iter_rows())
    columns = tuple((name, name) for name in shown.columns)
    label = t(f"tables.{WIDE}", lang)
    return TableView(WIDE, label, columns, rows, shown.height, total, _size(shown, total))


def _size(sample: pl.DataFrame, total: int) -> int:
    """About how many bytes a table has as CSV, by some of its rows."""
    return len(csv_bytes(sample)) * total // sample.height if sample.height else 0


def _agencies(rows: pl.LazyFrame, filters: Filters) -> pl.LazyFrame:
    named = rows.with_columns(agency_kind="kind", agency_level="level")
    where = Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels)
    found = narrow(named, where).drop("agency_kind", "agency_level")
    years = [int(year) for year in filters.years if year != UNKNOWN]
    if not years:
        return found
    since, until = (
        pl.col(name).str.slice(0, 4).cast(pl.Int32, strict=False)
        for name in ("valid_from", "valid_to")
    )
    there = [
        (since.is_null() | (since <= year)) & (until.is_null() | (until >= year)) for year in years
    ]
    return found.filter(pl.any_horizontal(there))


def column_label(name: str, lang: str) -> str:
    """The words for a column of a table; of a figure or indicator those of its own."""
    for key in (f"columns.{name}", f"figures.{name}.label", f"dispositions.{name}"):
        if key in labels.words(lang):
            return t(key, lang)
    code, _, what = name.rpartition("_")
    return t(f"cards.{what}", lang, indicator=indicators.indicator_words(lang)[code].title)


def _text(table: str, column: str, value: object, row: dict[str, object], lang: str) -> str:
    if not isinstance(value, str):
        return _plain(value, lang)
    code = value
    label = word(table, column, code, row, lang)
    return t("values.with_code", lang, label=label, code=code) if label != code else code


def _plain(value: object, lang: str) -> str:
    """A value without words of its own; an unknown one is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return t(f"values.{'yes' if value else 'no'}", lang)
    if isinstance(value, float):
        return labels.number(value)
    if isinstance(value, list):
        return t("places.and", lang).join(map(str, value))
    return str(value)


def word(table: str, column: str, code: str, row: dict[str, object], lang: str) -> str:
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
