"""The table `coverage` and filters in, a matrix of agency and year out: in time, late, missing.

What a status means stands in `govreport_core.coverage`, with its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import polars as pl

from dashboard import labels
from dashboard.data import Data, Row
from dashboard.labels import t, term
from dashboard.views.context import MARK, dates
from dashboard.views.filters import UNKNOWN, Filters, narrow, one_of
from dashboard.views.indicators import group_indicators
from dashboard.views.lists import agency_names, agency_ref
from dashboard.views.records import StatusCount, Timeliness, TimelyCell, TimelyRow
from govreport_core import wording
from govreport_core.coverage import due_words, reason_words, status_words, statuses

LIMIT = 2000


def timeliness(
    data: Data, filters: Filters, lang: str, limit: int = LIMIT, most: int | None = None
) -> Timeliness:
    """Every agency that matches, against every year of the table.

    Args:
        data: The dataset.
        filters: What narrows it.
        lang: Language of the words.
        limit: How many agencies are listed.
        most: How many of the missed; None for all.
    """
    covered = _covered(data, filters).with_row_index("at")
    years = tuple(covered["year"].unique().sort().to_list())
    agencies = covered["agency_id"].unique(maintain_order=True)
    listed = covered.filter(pl.col("agency_id").is_in(agencies.head(limit).implode()))
    codes = [code for code, status in statuses().items() if status.expected == "missed"]
    missed = covered.filter(pl.col("status").is_in(codes))
    some = missed if most is None else missed.head(most)
    shown = _rows(data, covered.filter(pl.col("at").is_in([*listed["at"], *some["at"]])))
    rows = {row["at"]: row for row in shown}
    by_agency: dict[str, list[Row]] = {}
    for at, agency in listed.select("at", "agency_id").iter_rows():
        by_agency.setdefault(agency, []).append(rows[at])
    counts = Counter(dict(covered["status"].value_counts().iter_rows()))
    return Timeliness(
        years=years,
        statuses=_statuses(counts, lang),
        lead=_lead(agencies.len(), counts, covered["required"].is_not_null().any(), lang)
        + _unplaced(data, filters, lang),
        rows=tuple(timely_row(mine, years, lang) for mine in by_agency.values()),
        found=agencies.len(),
        missed=tuple(
            (agency_ref(rows[at], lang), timely_cell(rows[at], lang)) for at in some["at"]
        ),
        missed_found=missed.height,
        rates=group_indicators(data, filters, lang),
    )


def timely_row(mine: list[Row], years: Iterable[int], lang: str) -> TimelyRow:
    """One agency's rows of the table, year beside year."""
    of_year = {row["year"]: timely_cell(row, lang) for row in mine}
    return TimelyRow(agency_ref(mine[0], lang), tuple(of_year.get(year) for year in years))


def timely_cell(row: Row, lang: str) -> TimelyCell:
    """One row of the table in words."""
    status = statuses()[row["status"]]
    words = status_words(lang)[status.code]
    late = row["days_late"]
    days = "" if late is None else t("timeliness.days", lang, n=late)
    reason, due = _reason(row, lang), _due(row, lang)
    # Of what isn't there no date is unknown: there is none.
    unknown = t("timeliness.no_date", lang) if row["report_id"] else ""
    published = str(row["published_on"] or unknown)
    parts = [
        days or words.title,
        reason,
        due and f"{t('timeliness.due_label', lang)} {due}",
        row["published_on"] and f"{t('timeliness.published', lang)} {published}",
    ]
    return TimelyCell(
        year=row["year"],
        status=status.code,
        expected=status.expected,
        sign=t(f"timeliness.signs.{status.code}", lang),
        status_label=words.title,
        days=days,
        days_late=late,
        reason=reason,
        due=due,
        published=published,
        evidence=_evidence(row, lang),
        report_id=row["report_id"],
        anchor=f"e-{row['mark']}" if row["mark"] is not None else None,
        label=t("timeliness.join", lang).join(part for part in parts if part),
    )


def timeliness_frame(data: Data, filters: Filters, lang: str) -> pl.DataFrame:
    """The same as a table to take away: a row an agency and year, words before codes.

    Args:
        data: The dataset.
        filters: What narrows it.
        lang: Language of the words.

    Returns:
        `agency`, `region`, `kind`, `level`, `year`, `status_label`, `due`, `published_on`,
        `days_late` (days), `reason`, `due_by`, `date_from` (where the date comes from), then the
        codes: `agency_id`, `region_code`, `status` and `report_id`; by `region_code`, level,
        name, agency and year, nulls last.

    Source: 《政府信息公开条例》第四十九条, by `coverage/statuses.toml`.
    """
    rows = []
    for row in _named(data, _covered(data, filters)).collect().iter_rows(named=True):
        agency = agency_ref(row, lang)
        rows.append(
            {
                "agency": row["agency_name"],
                "region": row["region"],
                "kind": agency.kind or None,
                "level": agency.level or None,
                "year": row["year"],
                "status_label": status_words(lang)[row["status"]].title,
                "due": row["due"],
                "published_on": row["published_on"],
                "days_late": row["days_late"],
                "reason": _reason(row, lang) or None,
                "due_by": _due(row, lang) or None,
                "date_from": _evidence(row, lang) or None,
                "agency_id": row["agency_id"],
                "region_code": row["region_code"],
                "status": row["status"],
                "report_id": row["report_id"],
            }
        )
    return pl.DataFrame(rows, schema=_TAKEN)


_TAKEN: Mapping[str, type[pl.DataType]] = {
    "agency": pl.String,
    "region": pl.String,
    "kind": pl.String,
    "level": pl.String,
    "year": pl.Int32,
    "status_label": pl.String,
    "due": pl.Date,
    "published_on": pl.Date,
    "days_late": pl.Int32,
    "reason": pl.String,
    "due_by": pl.String,
    "date_from": pl.String,
    "agency_id": pl.String,
    "region_code": pl.String,
    "status": pl.String,
    "report_id": pl.String,
}


def coverage_rows(data: Data, filters: Filters) -> pl.LazyFrame:
    """The table's rows of the agencies and years that match, as written.

    Args:
        data: The dataset.
        filters: What narrows it; its outcomes and rules are not looked at.

    Returns:
        The columns of `coverage`, a row an agency and year; `days_late` in days.
    """
    found = data.coverage.lazy()
    years = [int(word) for word in filters.years if word != UNKNOWN]
    if filters.years:
        found = found.filter(pl.col("year").is_in(years))
    if filters.statuses:
        found = found.filter(one_of(pl.col("status"), filters.statuses))
    where = Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels)
    if where == Filters():
        return found
    agencies = narrow(agency_names(data), where).select("agency_id")
    return found.join(agencies, on="agency_id", how="semi", maintain_order="left")


def _covered(data: Data, filters: Filters) -> pl.DataFrame:
    """The table's rows that match, in the order of lists: by agency, then by year."""
    place = agency_names(data).select("agency_id").with_row_index("place")
    return (
        coverage_rows(data, filters)
        .join(place, on="agency_id", how="left")
        .sort("place", "agency_id", "year", nulls_last=True)
        .drop("place")
        .collect()
    )


def _named(data: Data, covered: pl.DataFrame) -> pl.LazyFrame:
    """Rows of the table with their agency and their report."""
    mine = pl.col("document_id").is_in(covered["document_id"].drop_nulls().implode())
    reports = data.reports.filter(mine).select("document_id", "report_id")
    return (
        covered.lazy()
        .join(agency_names(data), on="agency_id", how="left", maintain_order="left")
        .join(reports, on="document_id", how="left", maintain_order="left")
    )


def _rows(data: Data, covered: pl.DataFrame) -> list[Row]:
    """The same with the mark of their date's evidence."""
    mine = pl.col("document_id").is_in(covered["document_id"].drop_nulls().implode())
    marks = dates(data.tables["evidence"].filter(mine))
    named = _named(data, covered).join(marks, on=MARK, how="left", maintain_order="left")
    return named.collect().to_dicts()


def _statuses(counts: Counter[str], lang: str) -> tuple[StatusCount, ...]:
    found = []
    for code, status in statuses().items():
        words = status_words(lang)[code]
        sign = t(f"timeliness.signs.{code}", lang)
        found.append(
            StatusCount(code, sign, words.title, words.note, status.expected, counts[code])
        )
    return tuple(found)


def _lead(agencies: int, counts: Counter[str], listed: bool, lang: str) -> str:
    due = sum(counts[code] for code, status in statuses().items() if status.expected != "no")
    sure = counts["on_time"] + counts["late"]
    said = "lead" if sure else "lead_unsure"
    return t(
        # Without a roster what is here is all that is known to have been due.
        f"timeliness.{said if listed else 'lead_unlisted'}",
        lang,
        agencies=agencies,
        due=due,
        on_time=counts["on_time"],
        late=counts["late"],
        not_found=counts["not_found"],
        others=due - sure - counts["not_found"],
    )


def _unplaced(data: Data, filters: Filters, lang: str) -> str:
    """What isn't among them: reports that are no known agency's, or of no known year."""
    if filters.statuses:
        return ""
    where = Filters(filters.years, filters.regions, filters.kinds, filters.levels)
    here = pl.col("document_id").is_not_null() & pl.col("status").is_null()
    n = narrow(data.cards.lazy(), where).select(here.sum()).collect().item()
    return t("timeliness.unplaced", lang, n=labels.number(n)) if n else ""


def _reason(row: Row, lang: str) -> str:
    return reason_words(lang).get(row["reason"], row["reason"] or "")


def _due(row: Row, lang: str) -> str:
    if row["due"] is None:
        return ""
    why = due_words(row["due_by"], lang) if row["due_by"] else ""
    return t("timeliness.due", lang, date=row["due"], why=why)


def _evidence(row: Row, lang: str) -> str:
    if not row["date_rule"]:
        return ""
    rule = term("evidence", row["date_rule"], lang)
    if not row["part"]:
        return rule
    return t(
        "timeliness.evidence",
        lang,
        rule=rule,
        place=wording.place_label(row["part"], lang),
    )
