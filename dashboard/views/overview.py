"""A dataset and filters in, the first screen out: figures, trend, outcomes, coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t
from dashboard.views.coverage import coverage
from dashboard.views.figures import counted_otherwise, unjoined
from dashboard.views.filters import Filters
from dashboard.views.indicators import indicators_by_year
from dashboard.views.lists import chosen
from dashboard.views.records import Chart, Mark, Overview, Series, Stat
from govreport_core import indicators
from govreport_core.indicators.carded import by_year
from govreport_core.indicators.figures import Figure, definitions

Numbers = np.ndarray[Any, np.dtype[np.integer[Any]]]
FLOWS = ("received", "disposed")
# What is left at a year's end comes up again as the next year's beginning: never summed over years.
BALANCE = "carried_forward"
TREND = ("received", "disposed")
_TOLD_BY = ("agency_id", "year", "form")
# A figure in a year without reports.
_NONE = pl.Series([], dtype=pl.Float64)


def overview(data: Data, filters: Filters, lang: str, limit: int | None = None) -> Overview:
    """Everything the overview shows, over the current reports that match.

    Args:
        data: The dataset.
        filters: What narrows it.
        lang: Language of the words.
        limit: How many agencies of the coverage, and reports of no year, are listed; None for all.
    """
    # An agency is told apart by its number here, which costs a third of what its id does.
    numbered = data.reports.with_columns(agency_id=data.agency_numbers)
    reports = chosen(data, filters, numbered).select(counted()).collect()
    return Overview(
        held=held(reports["year"], lang),
        stats=stats(data, reports, lang),
        trend=trend(reports, TREND, lang),
        outcomes=requests_by_outcome(reports, lang),
        indicators=indicators_by_year(reports, lang),
        coverage=coverage(data, filters, lang, limit),
        reports=reports.height,
    )


@cache
def counted() -> tuple[str, ...]:
    """The columns of cards that the overview adds up, and those that tell them apart."""
    figures = dict.fromkeys([*FLOWS, BALANCE, *TREND])
    groups = [group.code for group in definitions().outcomes.groups]
    return tuple(dict.fromkeys((*_TOLD_BY, *figures, *groups, *indicators.columns())))


def stats(data: Data, reports: pl.DataFrame, lang: str) -> tuple[Stat, ...]:
    """Headline figures: reports, agencies, and sums with the reports they rest on.

    Args:
        data: The dataset, for the files that couldn't be read.
        reports: Cards with `year`, `agency_id` or its number, and the key figures (requests in
            件), null where unknown.
        lang: Language of the words.

    Returns:
        Reports, agencies, then the sums of `FLOWS` and of `BALANCE` (of the last year alone,
        as a stock isn't added up over years), each with how many reports know it.
    """
    failed = data.failed
    agencies = int(_known_in(_numbers(reports["agency_id"]), 0).sum())
    found = [
        Stat(
            "reports",
            t("stats.reports.label", lang),
            reports.height,
            labels.number(reports.height),
            reports.height,
            failed,
            t("stats.reports.note" if failed else "stats.reports.none", lang, failed=failed),
        ),
        Stat(
            "agencies",
            t("stats.agencies.label", lang),
            agencies,
            labels.number(agencies),
            reports.height,
            0,
            t("stats.agencies.note", lang, years=_span(reports, lang)),
        ),
    ]
    by_code = {figure.code: figure for figure in definitions().figures}
    found += [_sum_stat(by_code[code], reports, lang) for code in FLOWS]
    found.append(_year_end_stat(by_code[BALANCE], reports, lang))
    return tuple(found)


def held(years: pl.Series, lang: str) -> str:
    """Of which years there are reports, and for which of those between there is none.

    Args:
        years: Of the reports, null where unknown.
        lang: Language of the words.

    Returns:
        A sentence, or two; none where no report has a year.
    """
    there = years.drop_nulls().unique().sort().to_list()
    if not there:
        return ""
    lacking = [(a + 1, b - 1) for a, b in pairwise(there) if b - a > 1]
    between = t("places.and", lang).join(_from_to(first, last, lang) for first, last in lacking)
    said = t("stats.held", lang, years=_from_to(there[0], there[-1], lang))
    return said + (t("stats.lacking", lang, years=between) if lacking else "")


def _from_to(first: int, last: int, lang: str) -> str:
    if first == last:
        return labels.year(first, lang)
    return t("values.years", lang, first=first, last=last)


def _span(reports: pl.DataFrame, lang: str) -> str:
    years = reports["year"].drop_nulls().unique().sort().to_list()
    if not years:
        return t("values.year_unknown", lang)
    return _from_to(years[0], years[-1], lang)


def _year_end_stat(figure: Figure, reports: pl.DataFrame, lang: str) -> Stat:
    """A balance at the end of the last year there is."""
    last = reports["year"].max()
    if last is None:
        return _sum_stat(figure, reports, lang)
    of_last = reports.select("year", figure.code).filter(pl.col("year") == last)
    found = _sum_stat(figure, of_last, lang)
    note = t("stats.year_end", lang, year=last, note=found.note)
    return msgspec.structs.replace(found, note=note)


def _sum_stat(figure: Figure, reports: pl.DataFrame, lang: str) -> Stat:
    mine = reports[figure.code]
    known = mine.drop_nulls()
    total = None if known.is_empty() else float(known.sum())
    left_out = mine.len() - known.len()
    return Stat(
        code=figure.code,
        label=t(f"figures.{figure.code}.label", lang),
        number=total,
        text=labels.number_or_unknown(total, lang),
        n=known.len(),
        left_out=left_out,
        note=t(
            "stats.sum.note" if left_out else "stats.sum.none",
            lang,
            n=known.len(),
            left_out=left_out,
        ),
    )


def trend(
    reports: pl.DataFrame, codes: tuple[str, ...], lang: str, *, of_one: bool = False
) -> Chart:
    """Sums over the years, one line a figure, broken where years don't compare.

    Sums are of the same agencies in every year that is drawn: see `steady`.

    Args:
        reports: Their cards: `year`, `form` and the figures (counts), null where unknown, and
            `agency_id` unless they are one agency's; those without a year are not drawn.
        codes: Which figures.
        lang: Language of the words.
        of_one: Whether all reports are one agency's, so that nothing is summed.

    Returns:
        Lines in the order of the figures, a mark a year, ascending; with a table of the same.
        Without a line where no two years have enough agencies in common.
    """
    code = "own_trend" if of_one else "trend"
    if not of_one:
        reports = steady(reports.select("agency_id", "year", "form", *codes), codes)
    years = _all_years(reports)
    of_year = _forms(reports)
    figures = [figure for figure in definitions().figures if figure.code in codes]
    series = tuple(
        Series(
            figure.code,
            t(f"figures.{figure.code}.label", lang),
            _marks(figure, reports, of_year, years, lang),
        )
        for figure in figures
    )
    columns = [t("charts.year", lang)]
    for line in series:
        columns += [line.name] if of_one else [line.name, t("charts.n", lang)]
    rows = []
    for place, year in enumerate(years):
        if not any(line.marks[place].n or line.marks[place].left_out for line in series):
            continue  # no report of that year is here: there is nothing to tell
        cells = [str(year)]
        for line in series:
            mark = line.marks[place]
            text = labels.number_or_unknown(mark.y, lang)
            if of_one:
                cells.append(text if mark.n or mark.left_out else mark.note)
            else:
                cells += [text, mark.note]
        rows.append(tuple(cells))
    return Chart(
        code=code,
        kind="lines",
        title=_chart_title(reports, code, lang),
        x_title=t("charts.year", lang),
        y_title=t("units.count", lang),
        series=series,
        columns=tuple(columns),
        table=tuple(rows),
        notes=(
            *_chart_notes(reports, code, lang),
            *_cautions(of_year, figures, lang),
        ),
    )


def steady(reports: pl.DataFrame, codes: Sequence[str]) -> pl.DataFrame:
    """The reports of the agencies that have one, with all figures known, in each year kept.

    Years are kept from the last one back, as long as half of its agencies are known in all of
    them, so that a course is never one of other agencies each year.

    Args:
        reports: Their cards: `agency_id` or its number, `year` and the figures, null where unknown.
        codes: The figures that must be known.

    Returns:
        The same columns; as many agencies in each year, or no row where a year stands alone.
    """
    told = reports.drop_nulls(["agency_id", "year", *codes])
    if told.is_empty():
        return told
    who, year = _numbers(told["agency_id"]), told["year"].to_numpy()
    last, every = int(year.max()), int(who.max()) + 1
    # Of each agency, whether it is known in every year from the last one back.
    lasting, kept = _known_in(who[year == last], every), 0
    least = max(lasting.sum() / 2, 1)
    while (same := lasting & _known_in(who[year == last - kept - 1], every)).sum() >= least:
        lasting, kept = same, kept + 1
    if not kept:
        return told.clear()
    return told.filter((year >= last - kept) & lasting[who])


def _known_in(who: Numbers, every: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Of every agency, by its number, whether it is among these."""
    return np.bincount(who, minlength=every) > 0


def _numbers(agencies: pl.Series) -> Numbers:
    """The agencies as numbers from 0 on, few of which no agency has."""
    return (agencies if agencies.dtype.is_integer() else agencies.rank("dense")).to_numpy()


def _cautions(
    of_year: Mapping[int | None, list[str]], figures: list[Figure], lang: str
) -> tuple[str, ...]:
    """Between which years figures of the chart were counted otherwise, though a line joins them."""
    forms = {year: found for year, found in of_year.items() if year is not None and found}
    notes = []
    for (first, old), (second, new) in pairwise(forms.items()):
        named = [
            t(f"figures.{figure.code}.label", lang)
            for figure in figures
            if any(
                counted_otherwise(figure, (first, one), (second, other))
                for one in old
                for other in new
            )
        ]
        if named:
            text = t("places.and", lang).join(named)
            notes.append(t("charts.caution", lang, first=first, second=second, figures=text))
    return tuple(notes)


def _forms(reports: pl.DataFrame) -> dict[int | None, list[str]]:
    """The forms of each year's reports, by year."""
    found: dict[int | None, list[str]] = {}
    for year, form in reports.select("year", "form").unique().sort("year", "form").iter_rows():
        found.setdefault(year, []).extend([] if form is None else [form])
    return found


def _marks(
    figure: Figure,
    reports: pl.DataFrame,
    of_year: Mapping[int | None, list[str]],
    years: list[int],
    lang: str,
) -> tuple[Mark, ...]:
    of_years = dict(by_year(reports.select("year", figure.code)))
    marks: list[Mark] = []
    before: tuple[int, list[str]] | None = None
    for year in years:
        numbers = of_years[year][figure.code] if year in of_years else _NONE
        n = numbers.count()
        forms = of_year.get(year, [])
        joined = before is not None and not any(
            unjoined(figure, (before[0], old), (year, new)) for old in before[1] for new in forms
        )
        left_out = numbers.null_count()
        marks.append(
            Mark(
                x=str(year),
                y=float(numbers.sum()) if n else None,
                n=n,
                left_out=left_out,
                joined=joined,
                note=_note(n, left_out, lang),
            )
        )
        before = (year, forms) if n else None
    return tuple(marks)


def _note(n: int, left_out: int, lang: str) -> str:
    if not n and not left_out:
        return t("charts.no_reports", lang)
    if not left_out:
        return t("charts.n_all", lang, n=n)
    return t("charts.n_of", lang, n=n, left_out=left_out)


def requests_by_outcome(reports: pl.DataFrame, lang: str) -> Chart:
    """Dispositions by year, stacked, of the same agencies each year: see `steady`.

    Args:
        reports: Their cards: `agency_id`, `year` and each disposition's number (件), null where
            unknown; those without a year are not drawn.
        lang: Language of the words.

    Returns:
        A layer a disposition, a mark a year, ascending, each with the number of reports that
        it adds up; with a table of the same. Without a layer's mark where no two years have
        enough agencies in common.
    """
    groups = definitions().outcomes.groups
    codes = [group.code for group in groups]
    reports = steady(reports.select("agency_id", "year", *codes), codes)
    years = _all_years(reports)
    found = dict(by_year(reports))
    series = []
    for group in groups:
        marks = []
        for year in years:
            numbers = found[year][group.code]
            n = numbers.len()
            marks.append(Mark(str(year), float(numbers.sum()), n, note=_note(n, 0, lang)))
        series.append(Series(group.code, t(f"dispositions.{group.code}", lang), tuple(marks)))
    rows = tuple(
        (
            str(year),
            *(labels.number_or_unknown(line.marks[place].y, lang) for line in series),
            series[0].marks[place].note,
        )
        for place, year in enumerate(years)
    )
    return Chart(
        code="outcomes",
        kind="stacked",
        title=_chart_title(reports, "outcomes", lang),
        x_title=t("charts.year", lang),
        y_title=t("units.count", lang),
        series=tuple(series),
        columns=(t("charts.year", lang), *(line.name for line in series), t("charts.n", lang)),
        table=rows,
        notes=_chart_notes(reports, "outcomes", lang),
    )


def _chart_title(reports: pl.DataFrame, chart: str, lang: str) -> str:
    if chart == "own_trend":
        return t("charts.own_trend.title", lang)
    if reports.is_empty():
        return t(f"charts.{chart}.alone", lang)
    # As many in each year.
    one_year = reports.filter(pl.col("year") == pl.col("year").max())
    return t(f"charts.{chart}.title", lang, n=labels.number(one_year["agency_id"].n_unique()))


def _chart_notes(reports: pl.DataFrame, chart: str, lang: str) -> tuple[str, ...]:
    if chart != "own_trend" and reports.is_empty():
        return (t("charts.no_course", lang),)
    notes = [t(f"charts.{chart}.note", lang)]
    undated = reports["year"].null_count()
    if undated:
        notes.append(t("charts.undated", lang, count=undated))
    return tuple(notes)


def _all_years(reports: pl.DataFrame) -> list[int]:
    years = reports["year"].drop_nulls()
    if years.is_empty():
        return []
    first, last = int(years.min()), int(years.max())  # type: ignore[arg-type]  # integers here
    return list(range(first, last + 1))
