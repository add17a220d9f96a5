"""Reports in, the table of their indicators out: year beside year, each value with its base.

What an indicator is stands in `govreport_core.indicators`; its words come from
there too. A value that can't be told is said to be so, never drawn as 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import labels
from dashboard.data import Data, Row
from dashboard.labels import t
from dashboard.views.filters import UNKNOWN, Filters, narrow
from dashboard.views.lists import agency_names
from dashboard.views.records import IndicatorCell, IndicatorRow, IndicatorTable
from govreport_core import indicators
from govreport_core.indicators import GroupIndicator, Indicator

AnyIndicator = Indicator | GroupIndicator
Measures = Mapping[tuple[str, str], Row]


def measure(data: Data, reports: pl.DataFrame) -> pl.DataFrame:
    """Each indicator of each report, as `indicators.evaluate` gives it.

    `reports` needs document_id and form.
    """
    values = data.tables["values"].join(
        reports.lazy().select("document_id"), on="document_id", how="semi"
    )
    return indicators.evaluate(values.collect(), reports)


def by_document(measured: pl.DataFrame) -> Measures:
    """The same by document and indicator."""
    return {(row["document_id"], row["indicator"]): row for row in measured.iter_rows(named=True)}


def indicators_by_year(reports: pl.DataFrame, measured: pl.DataFrame, lang: str) -> IndicatorTable:
    """Many reports taken together, sums over sums, one column a year that has any.

    Args:
        reports: document_id, year; those without a year are left out and counted.
        measured: As `measure` gives it.
        lang: Language of the words.
    """
    dated = reports.filter(pl.col("year").is_not_null())
    sums = {
        (row["indicator"], row["year"]): row
        for row in indicators.aggregate(measured, dated, by=["year"]).iter_rows(named=True)
    }
    reasons: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for code, year, reason, count in (
        measured.filter(pl.col("n") == 0)
        .join(dated.select("document_id", "year"), on="document_id")
        .group_by("indicator", "year", "reason")
        .len()
        .sort("len", "reason", descending=[True, False])
        .iter_rows()
    ):
        reasons.setdefault((code, year), []).append((reason, count))
    years = tuple(sorted(set(dated["year"])))

    def cell(indicator: Indicator, year: int) -> IndicatorCell:
        row = sums.get((indicator.code, year))
        if row is None:
            return IndicatorCell(year, None, t("figures.not_in_form", lang))
        key = "indicators.some" if row["left_out"] else "indicators.all"
        return _cell(
            indicator,
            row,
            year,
            lang,
            left_out=row["left_out"],
            counted=t(key, lang, n=row["n"], left_out=row["left_out"]),
            why=tuple(
                t("indicators.why", lang, reason=reason_words(reason, lang), n=count)
                for reason, count in reasons.get((indicator.code, year), ())
            ),
        )

    undated = reports["year"].null_count()
    notes = [t("indicators.note", lang)]
    if undated:
        notes.append(t("indicators.undated", lang, count=undated))
    return _table(years, cell, notes, lang)


def group_indicators(data: Data, filters: Filters, lang: str) -> IndicatorTable:
    """Rates that only many agencies have together, one column a year.

    They are told over all reports, as a change needs the year before, and then narrowed.
    """
    reports = data.reports.collect()
    told = indicators.evaluate_groups(
        measure(data, reports),
        reports,
        data.current("checks").collect(),
        data.tables["coverage"].collect(),
    )
    where = Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels)
    if where != Filters():
        agencies = narrow(agency_names(data), where).select("agency_id").collect()
        told = told.join(agencies, on="agency_id", how="semi")
    if filters.years:
        years = [int(word) for word in filters.years if word != UNKNOWN]
        told = told.filter(pl.col("year").is_in(years))
    told = told.filter(pl.col("year").is_not_null())
    sums = {
        (row["indicator"], row["year"]): row
        for row in indicators.aggregate_groups(told, by=["year"]).iter_rows(named=True)
    }
    years_shown = tuple(sorted(set(told["year"])))

    def cell(indicator: AnyIndicator, year: int) -> IndicatorCell:
        row = sums.get((indicator.code, year))
        if row is None:
            return IndicatorCell(year, None, t("values.unknown", lang))
        key = "indicators.some" if row["left_out"] else "indicators.all"
        counted = t(key, lang, n=row["n"], left_out=row["left_out"])
        return _cell(indicator, row, year, lang, left_out=row["left_out"], counted=counted)

    notes = [t("group_indicators.note", lang)]
    return _table(years_shown, cell, notes, lang, known=indicators.groups())


def own_indicators(rows: Sequence[Row], measures: Measures, lang: str) -> IndicatorTable:
    """One agency's indicators, one column a year that has a report.

    Args:
        rows: Its current reports with a year, as rows of `reports`, by year.
        measures: As `by_document` gives it.
        lang: Language of the words.
    """
    by_year = {row["year"]: row for row in rows}

    def cell(indicator: Indicator, year: int) -> IndicatorCell:
        report = by_year[year]
        row = measures.get((report["document_id"], indicator.code))
        if row is None:
            text = t("figures.not_in_form", lang)
            return IndicatorCell(year, None, text, report_id=report["report_id"])
        return _cell(
            indicator, row, year, lang, left_out=1 - row["n"], report_id=report["report_id"]
        )

    return _table(tuple(by_year), cell, [t("indicators.own_note", lang)], lang)


def reason_words(reason: str, lang: str) -> str:
    """Why there is no value; the code itself where it is no longer known."""
    return indicators.reason_words(lang).get(reason, reason)


def _cell(indicator: AnyIndicator, row: Row, year: int, lang: str, **known: Any) -> IndicatorCell:
    value = row["value"]
    if value is None:
        text = t("indicators.none", lang, reason=reason_words(row["reason"], lang))
    elif _is_rate(indicator):
        text = labels.percent(value, lang)
    else:
        text = labels.number(value)
    divided = _is_rate(indicator) and row["n"] > 0
    return IndicatorCell(
        year=year,
        value=value,
        text=text,
        parts=_parts(row, lang) if divided else "",
        numerator=row["numerator"],
        denominator=row["denominator"],
        n=row["n"],
        assumed_zero=row["assumed_zero"],
        **known,
    )


def _is_rate(indicator: AnyIndicator) -> bool:
    return isinstance(indicator, GroupIndicator) or bool(indicator.denominator)


def _parts(row: Row, lang: str) -> str:
    return t(
        "indicators.parts",
        lang,
        numerator=labels.number_or_unknown(row["numerator"], lang),
        denominator=labels.number_or_unknown(row["denominator"], lang),
    )


def _table(
    years: tuple[int, ...],
    cell: Any,
    notes: list[str],
    lang: str,
    known: Mapping[str, AnyIndicator] | None = None,
) -> IndicatorTable:
    """The indicators that at least one year has."""
    rows = []
    for indicator in (known or indicators.catalogue()).values():
        cells = tuple(cell(indicator, year) for year in years)
        if any(one.n or one.left_out for one in cells):
            rows.append(_row(indicator, cells, lang))
    if any(one.assumed_zero for row in rows for one in row.cells):
        notes.append(t("indicators.assumed", lang))
    return IndicatorTable(years, tuple(rows), tuple(notes) if rows else ())


def _row(indicator: AnyIndicator, cells: tuple[IndicatorCell, ...], lang: str) -> IndicatorRow:
    words = indicators.indicator_words(lang)[indicator.code]
    return IndicatorRow(indicator.code, words.title, words.base or "", words.note, cells)
