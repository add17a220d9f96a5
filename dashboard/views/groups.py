"""Reports, their cells and checks in; counts and badges by agency and by region out.

A region counts the reports of all regions below it, so its row and theirs must
not be added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec
import polars as pl

from dashboard.data import Data, Row
from dashboard.labels import t
from dashboard.views.badges import (
    Verdict,
    consistency_badge,
    on_consistency,
    reading_badge,
    together,
    verdicts,
)
from dashboard.views.filters import Filters, narrow
from dashboard.views.lists import agency_names, agency_ref, region_label
from dashboard.views.records import Counts, GroupRow, Groups
from dashboard.views.sentences import reason_words
from govreport_core.model import Record

_DIGITS = (2, 4, 6)
_PLACES = ("province", "prefecture", "county")


class Tally(Record, frozen=True, gc=False):
    """What is counted of one agency: its reports, the sums of their verdicts, reasons of skips.

    `counts` are of all checks; `verdict` has those on consistency.
    """

    agency: Row
    reports: int
    failing: int
    verdict: Verdict
    counts: Counts
    skips: dict[str, int]


def tallies(data: Data, filters: Filters) -> dict[str, Tally]:
    """Every agency with a report that matches, or with a finding that one is missing."""
    reports = narrow(data.reports, filters).select("document_id", "agency_id").collect()
    counted = verdicts(data)
    results = _results(data, filters, reports)
    failing = results.filter(pl.col("outcome") == "fail").drop_nulls("document_id")
    failed = set(failing["document_id"])
    outcomes: dict[str, Counter[str]] = {}
    agreeing: dict[str, Counter[str]] = {}
    reasons: dict[str, Counter[str]] = {}
    for agency, outcome, severity, reason, own, count in (
        results.group_by("agency_id", "outcome", "severity", "reason", "own").len().iter_rows()
    ):
        outcomes.setdefault(agency, Counter())[outcome] += count
        if own:
            mine = agreeing.setdefault(agency, Counter())
            mine[outcome] += count
            if outcome == "fail" and severity == "error":
                mine["errors"] += count
        if outcome == "skip":
            reasons.setdefault(agency, Counter())[reason] += count
    documents: dict[str, list[str]] = {}
    for document, agency in reports.iter_rows():
        documents.setdefault(agency, []).append(document)
    found = {}
    for row in agency_names(data).collect().iter_rows(named=True):
        agency = row["agency_id"]
        mine = outcomes.get(agency, Counter())
        if agency not in documents and not mine:
            continue
        read = [counted[document] for document in documents.get(agency, ())]
        own = agreeing.get(agency, Counter())
        # Results may be about a report that isn't there, so they aren't the documents' sums.
        verdict = msgspec.structs.replace(
            together(read),
            passed=own["pass"],
            failed=own["fail"],
            errors=own["errors"],
            skipped=own["skip"],
        )
        found[agency] = Tally(
            agency=row,
            reports=len(read),
            failing=sum(document in failed for document in documents.get(agency, ())),
            verdict=verdict,
            counts=Counts(mine["pass"], mine["fail"], mine["skip"]),
            skips=dict(reasons.get(agency, Counter())),
        )
    return found


def groups(data: Data, filters: Filters, lang: str) -> Groups:
    """Agencies, those with most failures first, and regions by their codes."""
    found = list(tallies(data, filters).values())
    agencies = [agency_group(tally, lang) for tally in found]
    agencies.sort(key=lambda row: (-row.failing, -row.counts.failed, row.label))
    return Groups(agencies=tuple(agencies), regions=_regions(found, lang))


def agency_group(tally: Tally, lang: str) -> GroupRow:
    """One agency's row."""
    agency = agency_ref(tally.agency, lang)
    return _row(agency.agency_id, agency.name, [tally], lang, agency=tally.agency)


def _regions(found: Iterable[Tally], lang: str) -> tuple[GroupRow, ...]:
    members: dict[str, list[Tally]] = {}
    names: dict[str, str] = {}
    for tally in found:
        code = tally.agency["region_code"] or ""
        if not code:
            members.setdefault("", []).append(tally)
            continue
        above = [code[:digits].ljust(6, "0") for digits in _DIGITS]
        for place, upper, wider in zip(_PLACES, above, ("", *above), strict=False):
            if tally.agency[place] and upper != wider:
                names.setdefault(upper, tally.agency[place])
        for upper in dict.fromkeys([*above, code]):
            members.setdefault(upper, []).append(tally)
        names.setdefault(code, region_label(tally.agency, lang))
    unknown = t("values.region_unknown", lang)
    return tuple(
        _row(code, names.get(code, code) or unknown, members[code], lang)
        for code in sorted(members, key=lambda code: (code == "", code))
    )


def _row(key: str, label: str, mine: list[Tally], lang: str, agency: Row | None = None) -> GroupRow:
    whole = together(tally.verdict for tally in mine)
    skips: Counter[str] = Counter()
    for tally in mine:
        skips.update(tally.skips)
    return GroupRow(
        key=key,
        label=label,
        agency=agency_ref(agency, lang) if agency else None,
        reports=sum(tally.reports for tally in mine),
        failing=sum(tally.failing for tally in mine),
        reading=reading_badge(whole, lang),
        consistency=consistency_badge(whole, lang),
        counts=Counts(
            sum(tally.counts.passed for tally in mine),
            sum(tally.counts.failed for tally in mine),
            sum(tally.counts.skipped for tally in mine),
        ),
        skips=tuple((reason_words(reason, lang), count) for reason, count in skips.most_common()),
    )


def _results(data: Data, filters: Filters, reports: pl.DataFrame) -> pl.DataFrame:
    """Check results with their agency; those about reports that don't exist have only that."""
    rows = data.current("checks").select(
        "document_id",
        "year",
        "outcome",
        "severity",
        "reason",
        own=on_consistency(),
        said="agency_id",
    )
    found = rows.join(reports.lazy(), on="document_id", how="inner")
    nobody = rows.filter(pl.col("document_id").is_null()).with_columns(agency_id=pl.col("said"))
    if filters.years:
        nobody = nobody.filter(pl.col("year").cast(pl.String).is_in(list(filters.years)))
    where = Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels)
    agencies = narrow(agency_names(data), where).select("agency_id")
    nobody = nobody.join(agencies, on="agency_id", how="semi")
    return pl.concat([found, nobody.select(found.collect_schema().names())]).collect()
