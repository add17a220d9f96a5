"""Frames in, references to agencies and reports out, as every list shows them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import polars as pl

from dashboard import labels
from dashboard.data import Data, located
from dashboard.labels import t, term
from dashboard.views.badges import Verdict, consistency_badge, reading_badge, verdicts
from dashboard.views.filters import Filters, narrow
from dashboard.views.records import AgencyRef, FilterOptions, Option, ReportRef
from govreport_core.model import Outcome


def chosen(data: Data, filters: Filters) -> pl.LazyFrame:
    """Current reports that match; by outcome where at least one result is of those."""
    reports = narrow(data.reports, filters)
    if filters.outcomes:
        results = data.tables["checks"].filter(pl.col("outcome").is_in(list(filters.outcomes)))
        reports = reports.join(results.select("document_id"), on="document_id", how="semi")
    return reports


def report_refs(data: Data, filters: Filters, lang: str) -> tuple[ReportRef, ...]:
    """Matching current reports, by region, agency and year, newest first within an agency."""
    rows = (
        chosen(data, filters)
        .sort(
            ["region_code", "agency_name", "agency_id", "year"],
            descending=[False, False, False, True],
            nulls_last=True,
        )
        .collect()
        .to_dicts()
    )
    counted = verdicts(data)
    return tuple(report_ref(row, counted[row["document_id"]], lang) for row in rows)


def report_ref(row: dict[str, Any], verdict: Verdict, lang: str) -> ReportRef:
    """One row of `reports` as lists show it."""
    return ReportRef(
        report_id=row["report_id"],
        agency=agency_ref(row, lang),
        year=row["year"],
        year_text=labels.year(row["year"], lang),
        title=row["title"] or t("values.title_unknown", lang),
        form=form_label(row["form"], lang),
        reading=reading_badge(verdict, lang),
        consistency=consistency_badge(verdict, lang),
    )


def agency_ref(row: dict[str, Any], lang: str) -> AgencyRef:
    """The agency of a row of `reports`, or of a row of `agencies` with the same columns."""
    return AgencyRef(
        agency_id=row["agency_id"],
        name=row["agency_name"] or t("values.agency_unknown", lang),
        known=row["agency_name"] is not None,
        region=region_label(row, lang),
        kind=term("kinds", row["agency_kind"], lang) if row["agency_kind"] else "",
        level=term("levels", row["agency_level"], lang) if row["agency_level"] else "",
    )


def region_label(row: dict[str, Any], lang: str) -> str:
    """The names of a row's divisions, else its code, else words for unknown."""
    return row["region"] or row["region_code"] or t("values.region_unknown", lang)


@lru_cache
def form_label(form: str | None, lang: str) -> str:
    """The name of a form, or the words for none recognised."""
    return t("values.form_unknown", lang) if form is None else labels.form_name(form, lang)


def agency_names(data: Data) -> pl.LazyFrame:
    """One row an agency, with `reports`' columns: as its latest report says, else the roster."""
    seen = data.reports.sort("year", nulls_last=False).group_by("agency_id").last()
    columns = ["agency_name", "agency_kind", "agency_level", "region_code"]
    roster = data.tables["agencies"].select(
        "agency_id",
        pl.col("name").alias("agency_name"),
        pl.col("kind").alias("agency_kind"),
        pl.col("level").alias("agency_level"),
        "region_code",
    )
    places = ["province", "prefecture", "county"]
    joined = seen.select("agency_id", *columns, *places).join(
        roster, on="agency_id", how="full", coalesce=True, suffix="_roster"
    )
    rows = joined.select(
        "agency_id",
        *(pl.coalesce(name, f"{name}_roster").alias(name) for name in columns),
        *places,
    )
    return located(rows, data.tables["agencies"])


def filter_options(data: Data, lang: str) -> FilterOptions:
    """What the current reports offer to filter by, with the number of reports behind each."""
    reports = data.reports.collect()
    unknown = t("values.unknown", lang)

    def options(column: str, group: str | None, *, descending: bool = False) -> tuple[Option, ...]:
        counted = reports.group_by(column).len().sort(column, descending=descending)
        found = []
        for value, count in counted.iter_rows():
            if value is not None:
                label = term(group, value, lang) if group else str(value)
                found.append(Option(str(value), label, count))
        lacking = [Option("none", unknown, n) for value, n in counted.iter_rows() if value is None]
        return (*found, *lacking)

    with_result = dict(
        data.current("checks")
        .drop_nulls("document_id")
        .group_by("outcome")
        .agg(pl.col("document_id").n_unique())
        .collect()
        .iter_rows()
    )
    return FilterOptions(
        years=options("year", None, descending=True),
        regions=_regions(reports, lang),
        kinds=options("agency_kind", "kinds"),
        levels=options("agency_level", "levels"),
        outcomes=tuple(
            Option(outcome, t(f"outcomes.{outcome}", lang), with_result.get(outcome, 0))
            for outcome in Outcome
        ),
    )


def _regions(reports: pl.DataFrame, lang: str) -> tuple[Option, ...]:
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    places = ("province", "prefecture", "county")
    for row in reports.select("region_code", *places).iter_rows(named=True):
        code = row["region_code"]
        if code is None:
            counts["none"] = counts.get("none", 0) + 1
            continue
        for digits, place in zip((2, 4, 6), places, strict=True):
            above = code[:digits].ljust(6, "0")
            if row[place]:
                names.setdefault(above, row[place])
        for above in {code[:2] + "0000", code[:4] + "00", code}:
            counts[above] = counts.get(above, 0) + 1
    known = sorted(code for code in counts if code != "none")
    options = [Option(code, names.get(code, code), counts[code]) for code in known]
    if "none" in counts:
        options.append(Option("none", t("values.region_unknown", lang), counts["none"]))
    return tuple(options)
