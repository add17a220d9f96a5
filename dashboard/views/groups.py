"""Cards in; counts and badges by agency and by region out.

A region counts the reports of all regions below it, so its row and theirs must
not be added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl

from dashboard.data import Data, Row
from dashboard.labels import t
from dashboard.views.badges import (
    OF_VERDICT,
    Counted,
    consistency_badge,
    reading_badge,
    together,
    verdict_of,
)
from dashboard.views.filters import Filters, narrow
from dashboard.views.lists import agency_names, agency_ref, region_label
from dashboard.views.records import Counts, GroupRow, Groups
from dashboard.views.sentences import reason_words
from govreport_core.model import Record, Severity

_DIGITS = (2, 4, 6)
_PLACES = ("province", "prefecture", "county")
_COUNTED = (
    *("agency_id", "document_id", "passed", "skipped"),
    *(f"fail_{severity}" for severity in Severity),
    *("skip_reasons", "skip_counts"),
    *OF_VERDICT,
)


class Tally(Record, frozen=True, gc=False):
    """What is counted of one agency: its reports, the sums of their verdicts, reasons of skips.

    `counts` are of all checks; `verdict` has those on consistency.
    """

    agency: Row
    reports: int
    failing: int
    verdict: Counted
    counts: Counts
    skips: dict[str, int]


def tallies(data: Data, filters: Filters) -> dict[str, Tally]:
    """Every agency with a report that matches, or with a finding that one is missing."""
    missing = data.cards.lazy().filter(pl.col("document_id").is_null())
    if filters.years:
        missing = missing.filter(pl.col("year").cast(pl.String).is_in(list(filters.years)))
    where = Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels)
    agencies = narrow(agency_names(data), where).select("agency_id")
    missing = missing.join(agencies, on="agency_id", how="semi")
    return tallied(data, [narrow(data.reports, filters), missing])


def tallied(data: Data, cards: Iterable[pl.LazyFrame]) -> dict[str, Tally]:
    """The agencies of some cards with what is counted of them, the first code first.

    Args:
        data: The dataset, whose agencies give names and places.
        cards: Rows of `cards` in parts, each in one of them: `agency_id`, `document_id`,
            `form`, `passed`, `skipped`, `fail_error` and the rest of the counts,
            `skip_reasons`, `skip_counts`.

    Returns:
        `agency_id` -> its sums, how many reports and results; agencies with neither a report
        nor a result are left out.
    """
    rows = pl.concat([some.select(_COUNTED) for some in cards]).collect()
    outcome = pl.sum_horizontal("failed", "passed", "skipped")
    found = (
        rows.lazy()
        .with_columns(failed=pl.sum_horizontal(f"fail_{severity}" for severity in Severity))
        .group_by("agency_id")
        .agg(
            pl.col("form").drop_nulls().first(),
            pl.col("failed", "passed", "skipped", *OF_VERDICT[1:]).sum(),
            reports=pl.col("document_id").count(),
            failing=((pl.col("failed") > 0) & pl.col("document_id").is_not_null()).sum(),
        )
        .filter((pl.col("reports") > 0) | (outcome > 0))
        .sort("agency_id")
        .collect()
    )
    skips = _skips(rows)
    names = data.agencies.rows.join(found.select("agency_id"), on="agency_id", how="semi")
    named = {row["agency_id"]: row for row in names.iter_rows(named=True)}
    return {
        row["agency_id"]: Tally(
            agency=named[row["agency_id"]],
            reports=row["reports"],
            failing=row["failing"],
            verdict=verdict_of(row),
            counts=Counts(row["passed"], row["failed"], row["skipped"]),
            skips=skips.get(row["agency_id"], {}),
        )
        for row in found.iter_rows(named=True)
    }


def _skips(rows: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Why checks were skipped, by agency, the most frequent reason first."""
    counted = (
        rows.lazy()
        .select("agency_id", "skip_reasons", "skip_counts")
        .explode("skip_reasons", "skip_counts")
        .drop_nulls()
        .group_by("agency_id", "skip_reasons")
        .agg(pl.col("skip_counts").sum())
        .sort(["skip_counts", "skip_reasons"], descending=[True, False])
        .collect()
    )
    found: dict[str, dict[str, int]] = {}
    for agency, reason, count in counted.iter_rows():
        found.setdefault(agency, {})[reason] = count
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
