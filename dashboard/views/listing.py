"""Cards and filters in, the list of reports out: a page of it, and all of it as a table to take.

A row is a report; where a status is asked for, also a year of an agency whose report isn't
here. Without a wish of its own the list is the newest year first, then by division and agency.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from dashboard import labels
from dashboard.data import Data, Row
from dashboard.labels import t, term
from dashboard.views.filters import FIGURES, READINGS, Filters, narrow, one_of
from dashboard.views.lists import (
    FAILURES,
    SHOWN,
    agency_names_of,
    agency_ref,
    chosen,
    report_ref,
)
from dashboard.views.records import AgencyYears, ListRow, ReportList
from dashboard.views.sentences import check_label
from dashboard.views.sought import NOTHING, Sought, passing
from govreport_core.coverage import status_words, statuses
from govreport_core.model import Severity

PAGE = 50
COLUMNS = ("agency", "region", "year", "status", "reading", *FIGURES, *Severity)
"""What a row shows, in its order; the list can be sorted by each."""
TAKEN = (
    *("agency", "region", "year", "kind", "level", "status", "days_late", "published_on"),
    *("reading", *FIGURES, *Severity, "rules", "link"),
    *("agency_id", "region_code", "report_id", "rule_codes"),
)
"""What is taken of a row: words first, codes last."""
_THERE = pl.col("document_id").is_not_null()
_READING = pl.coalesce(pl.when(one).then(pl.lit(code)) for code, one in READINGS.items())
# Rows whose column is unknown stand last, whichever way it runs.
_SORTED = {
    "agency": pl.col("agency_name"),
    "region": pl.col("region_code"),
    "reading": _READING,
    **{severity.value: FAILURES[severity] for severity in Severity},
}
_NEEDED = (
    *SHOWN,
    *("status", "days_late", "published_on", *FIGURES, "failed_rules"),
    *(f"fail_{severity}" for severity in Severity),
)


def listing(
    data: Data,
    filters: Filters,
    lang: str,
    *,
    wanted: Sought = NOTHING,
    sort: str = "",
    page: int = 1,
) -> ReportList:
    """A page of the list of what matches.

    Args:
        data: The dataset.
        filters: What narrows it, rules too: reports that fail one of them.
        lang: Language of the words.
        wanted: What narrows it further.
        sort: A column of `COLUMNS`, `-` before it for falling; anything else for the own order.
        page: From 1; the last one where there are fewer.
    """
    sort = sort if sort.removeprefix("-") in COLUMNS else ""
    found = _ordered(data, filters, wanted, sort)
    pages = max(1, -(-found.height // PAGE))
    page = min(max(page, 1), pages)
    rows = data.cards[found["at"].slice((page - 1) * PAGE, PAGE)].select(*_NEEDED)
    rows = rows.with_columns(
        reading=pl.when(_THERE).then(_READING),
        **{f"fail_{severity}": told for severity, told in FAILURES.items()},
    )
    return ReportList(
        heads=heads(lang),
        sort=sort,
        found=found.height,
        reports=int(found["there"].sum()),
        first=(page - 1) * PAGE + 1,
        page=page,
        pages=pages,
        rows=tuple(_row(row, lang) for row in rows.iter_rows(named=True)),
    )


def agency_years(
    data: Data, filters: Filters, lang: str, *, wanted: Sought = NOTHING, page: int = 1
) -> ReportList:
    """A page of the agencies that have a report that matches, each with its years.

    Args:
        data: The dataset.
        filters: As of `listing`.
        lang: Language of the words.
        wanted: What narrows it further.
        page: From 1; the last one where there are fewer.
    """
    found = (
        _matching(data, filters, wanted).filter(_THERE).select("at", "agency_id", "year").collect()
    )
    names = found["agency_id"].unique(maintain_order=True)
    pages = max(1, -(-len(names) // PAGE))
    page = min(max(page, 1), pages)
    mine = names.slice((page - 1) * PAGE, PAGE)
    some = found.filter(pl.col("agency_id").is_in(mine.implode()))
    years = sorted(found["year"].drop_nulls().unique().to_list(), reverse=True)
    of_agency: dict[str, list[Row]] = {agency: [] for agency in mine}
    for row in data.cards[some["at"]].select(SHOWN).iter_rows(named=True):
        of_agency[row["agency_id"]].append(row)
    return ReportList(
        heads=(),
        sort="",
        found=len(names),
        reports=found.height,
        first=(page - 1) * PAGE + 1,
        page=page,
        pages=pages,
        agencies=tuple(_years(rows, years, lang) for rows in of_agency.values()),
        years=tuple(years),
    )


def heads(lang: str) -> tuple[tuple[str, str], ...]:
    """The list's columns by code and name."""
    return tuple((name, _head(name, lang)) for name in COLUMNS)


def listing_heads(lang: str) -> tuple[tuple[str, str], ...]:
    """The columns of `listing_frame` by code and name."""
    return tuple((name, _head(name, lang)) for name in TAKEN)


def listing_frame(
    data: Data,
    filters: Filters,
    lang: str,
    link: Callable[[str], str],
    *,
    wanted: Sought = NOTHING,
    sort: str = "",
) -> pl.LazyFrame:
    """All rows of the list under their labels: words first, codes last.

    Args:
        data: The dataset.
        filters: As of `listing`.
        lang: Language of heads and words.
        link: From a report's id to its address; called once, with `{}`.
        wanted: What narrows it further.
        sort: As of `listing`.

    Returns:
        A row a report (or an agency and year), in the list's order; figures are counts.
    """
    order = _ordered(data, filters, wanted, sort if sort.removeprefix("-") in COLUMNS else "")
    rows = data.cards.lazy().select(pl.all().gather(order["at"]))
    before, _, after = link("{}").partition("{}")
    address = pl.lit(before) + pl.col("report_id") + pl.lit(after)
    known = data.cards
    told = {
        "agency": agency_names_of(lang),
        "region": pl.coalesce("region", "region_code").fill_null(t("values.region_unknown", lang)),
        "year": pl.col("year"),
        "kind": _words(known, "agency_kind", lambda code: term("kinds", code, lang)),
        "level": _words(known, "agency_level", lambda code: term("levels", code, lang)),
        "status": _words(known, "status", lambda code: status_words(lang)[code].title),
        "days_late": pl.col("days_late"),
        "published_on": pl.col("published_on"),
        "reading": pl.when(_THERE).then(_READING).replace_strict(
            {code: t(f"readings.{code}", lang) for code in READINGS}, default=None
        ),
        **{name: pl.col(name) for name in FIGURES},
        **{severity.value: told for severity, told in FAILURES.items()},
        "rules": _rules(known, lang),
        "link": pl.when(_THERE).then(address),
        "agency_id": pl.col("agency_id"),
        "region_code": pl.col("region_code").cast(pl.String),
        "report_id": pl.when(_THERE).then(pl.col("report_id")),
        "rule_codes": pl.col("failed_rules").list.join(";"),
    }  # fmt: skip
    return rows.select(told[name].alias(_head(name, lang)) for name in TAKEN)


def _ordered(data: Data, filters: Filters, wanted: Sought, sort: str) -> pl.DataFrame:
    """Where the matching rows stand in `cards` (`at`), in the list's order, and if `there`."""
    name = sort.removeprefix("-")
    key = _SORTED.get(name, pl.col(name or "year"))
    found = (
        _matching(data, filters, wanted)
        .select("at", "year", there=_THERE, key=key)
        .collect()
        .sort("year", descending=True, nulls_last=True, maintain_order=True)
    )
    if name:
        falling = sort.startswith("-")
        found = found.sort("key", descending=falling, nulls_last=True, maintain_order=True)
    return found.select("at", "there")


def _matching(data: Data, filters: Filters, wanted: Sought) -> pl.LazyFrame:
    """The matching cards with their places (`at`): reports, and what isn't here if asked for."""
    of_reports = filters.readings or filters.severities or filters.outcomes or filters.rules
    if not filters.statuses or of_reports:
        found = chosen(data, filters, data.reports.with_row_index("at"))
    else:
        cards = data.cards.lazy().with_row_index("at")
        found = narrow(cards, filters).filter(one_of(pl.col("status"), filters.statuses))
    for test in passing(wanted, filters.rules).values():
        found = found.filter(test)
    return found


def _row(row: Row, lang: str) -> ListRow:
    status = row["status"]
    words = status_words(lang)[status].title if status else t("values.unknown", lang)
    days = t("timeliness.days", lang, n=row["days_late"]) if status == "late" else ""
    there = row["document_id"] is not None
    reading = row["reading"]
    return ListRow(
        agency=agency_ref(row, lang),
        year_text=labels.year(row["year"], lang),
        report_id=row["report_id"] if there else None,
        status=days or words,
        sign=t(f"timeliness.signs.{status}", lang) if status else "",
        expected=statuses()[status].expected if status else "",
        reading=t(f"readings.{reading}", lang) if reading else t("reports.absent", lang),
        reading_sign=t(f"reports.reading_signs.{reading}", lang) if reading else "",
        figures=tuple(
            labels.number_or_unknown(row[name], lang) if there else "" for name in FIGURES
        ),
        failures=tuple(row[f"fail_{severity}"] if there else None for severity in Severity),
    )


def _years(rows: list[Row], years: list[int], lang: str) -> AgencyYears:
    by_year = {row["year"]: report_ref(row, lang) for row in rows}
    return AgencyYears(agency_ref(rows[-1], lang), tuple(by_year.get(year) for year in years))


def _words(cards: pl.DataFrame, column: str, word: Callable[[str], str]) -> pl.Expr:
    codes = cards[column].cast(pl.String).drop_nulls().unique().to_list()
    words = {code: word(code) for code in codes}
    return (
        pl.col(column).cast(pl.String).replace_strict(words, default=None, return_dtype=pl.String)
    )


def _rules(cards: pl.DataFrame, lang: str) -> pl.Expr:
    codes = cards["failed_rules"].explode().drop_nulls().unique().to_list()
    words = {code: check_label(code, lang) for code in codes}
    one = pl.element().replace_strict(words, default=None, return_dtype=pl.String)
    return pl.col("failed_rules").list.eval(one).list.join(t("places.and", lang))


def _head(name: str, lang: str) -> str:
    if name in FIGURES:
        return t(f"figures.{name}.label", lang)
    if name in tuple(Severity):
        return t(f"severities.{name}", lang)
    return t(f"reports.columns.{name}", lang)
