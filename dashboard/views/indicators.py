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


def indicators_by_year(reports: pl.DataFrame, lang: str) -> IndicatorTable:
    """Many reports taken together, sums over sums, one column a year that has any.

    Args:
        reports: Their cards, with `year` and the indicators' `_numerator`, `_base` and
            `_state`; those without a year are left out and counted.
        lang: Language of the words.

    Returns:
        A row an indicator that any year has, in the catalogue's order, a column a year,
        ascending; values of rates are fractions, their texts percent.
    """
    sums = indicators.cards_by_year(reports)
    years = tuple(sums)

    def cell(indicator: Indicator, year: int) -> IndicatorCell:
        row = sums[year][indicator.code]
        if not row["n"] and not row["left_out"]:
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
                for reason, count in row["reasons"]
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
    told = data.group_indicators
    where = Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels)
    if where != Filters():
        agencies = narrow(agency_names(data), where).select("agency_id").collect()
        told = told.join(agencies, on="agency_id", how="semi")
    if filters.years:
        years = [int(word) for word in filters.years if word != UNKNOWN]
        told = told.filter(pl.col("year").is_in(years))
    sums = {
        (row["indicator"], row["year"]): row
        for row in indicators.aggregate_groups(told, by=["year"]).iter_rows(named=True)
    }
    years_shown = tuple(told["year"].unique().sort().to_list())

    def cell(indicator: AnyIndicator, year: int) -> IndicatorCell:
        row = sums.get((indicator.code, year))
        if row is None:
            return IndicatorCell(year, None, t("values.unknown", lang))
        key = "indicators.some" if row["left_out"] else "indicators.all"
        counted = t(key, lang, n=row["n"], left_out=row["left_out"])
        return _cell(indicator, row, year, lang, left_out=row["left_out"], counted=counted)

    notes = [t("group_indicators.note", lang)]
    return _table(years_shown, cell, notes, lang, known=indicators.groups())


def own_indicators(rows: Sequence[Row], lang: str) -> IndicatorTable:
    """One agency's indicators, one column a year that has a report.

    Args:
        rows: Its reports' cards, those with a year, by year.
        lang: Language of the words.
    """
    by_year = {row["year"]: row for row in rows}

    def cell(indicator: Indicator, year: int) -> IndicatorCell:
        report = by_year[year]
        row = indicators.of_card(report, indicator)
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
    marked = t("indicators.assumed", lang)
    if any(one.assumed_zero for row in rows for one in row.cells):
        notes.append(marked)
    return IndicatorTable(years, tuple(rows), tuple(notes) if rows else (), marked)


def _row(indicator: AnyIndicator, cells: tuple[IndicatorCell, ...], lang: str) -> IndicatorRow:
    words = indicators.indicator_words(lang)[indicator.code]
    return IndicatorRow(indicator.code, words.title, words.base or "", words.note, cells)
