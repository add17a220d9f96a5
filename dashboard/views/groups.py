"""Cards in; counts and badges by agency and by region out.

A region counts the reports of all regions below it, so its row and theirs must
not be added up.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from dashboard.data import Data, Row
from dashboard.labels import t
from dashboard.views.badges import (
    OF_VERDICT,
    Counted,
    consistency_badge,
    reading_badge,
    verdict_of,
)
from dashboard.views.filters import Filters, narrow
from dashboard.views.lists import agency_names, agency_names_of, agency_ref, region_label
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
_SUMMED = ("failed", "passed", "skipped", *OF_VERDICT[1:], "reports", "failing")


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


def _of(data: Data, filters: Filters) -> list[pl.LazyFrame]:
    """The cards of reports that match, and of findings that one is missing."""
    missing = data.cards.lazy().filter(pl.col("document_id").is_null())
    if filters.years:
        missing = missing.filter(pl.col("year").cast(pl.String).is_in(list(filters.years)))
    where = Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels)
    if where != Filters():
        agencies = narrow(agency_names(data), where).select("agency_id")
        missing = missing.join(agencies, on="agency_id", how="semi")
    return [narrow(data.reports, filters), missing]


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
    return _tallied(data, rows, _sums(rows))


def _sums(rows: pl.DataFrame) -> pl.DataFrame:
    """The sums of each agency that has a report or a result, by its id."""
    outcome = pl.sum_horizontal("failed", "passed", "skipped")
    return (
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


def _tallied(data: Data, rows: pl.DataFrame, found: pl.DataFrame) -> dict[str, Tally]:
    """Tallies of the agencies whose sums are given."""
    mine = found["agency_id"].implode()
    skips = _skips(rows.filter(pl.col("agency_id").is_in(mine)), "agency_id")
    names = data.agencies.rows.filter(pl.col("agency_id").is_in(mine))
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


def _skips(rows: pl.DataFrame, by: str) -> dict[str, dict[str, int]]:
    """Why checks were skipped, by a column of keys, the most frequent reason first."""
    counted = (
        rows.lazy()
        .select(by, "skip_reasons", "skip_counts")
        .explode("skip_reasons", "skip_counts")
        .drop_nulls()
        .group_by(by, "skip_reasons")
        .agg(pl.col("skip_counts").sum())
        .sort(["skip_counts", "skip_reasons"], descending=[True, False])
        .collect()
    )
    found: dict[str, dict[str, int]] = {}
    for key, reason, count in counted.iter_rows():
        found.setdefault(key, {})[reason] = count
    return found


def groups(data: Data, filters: Filters, lang: str, limit: int | None = None) -> Groups:
    """Agencies, those with most failures first, and regions by their codes.

    Args:
        data: The dataset.
        filters: What narrows it.
        lang: Language of the words.
        limit: How many agencies and regions are made at most; None for all.
    """
    rows = pl.concat([some.select(_COUNTED) for some in _of(data, filters)]).collect()
    sums = _sums(rows)
    named = sums.join(data.agencies.rows, on="agency_id", maintain_order="left")
    order = named.with_columns(label=agency_names_of(lang)).sort(
        ["failing", "failed", "label"], descending=[True, True, False], maintain_order=True
    )
    listed = order["agency_id"].head(limit or order.height)
    told = _tallied(data, rows, sums.filter(pl.col("agency_id").is_in(listed.implode())))
    codes, regions = _regions(rows, named, lang, limit)
    return Groups(
        agencies=tuple(agency_group(told[agency], lang) for agency in listed),
        regions=regions,
        failing=int((sums["failing"] > 0).sum()),
        places=codes,
    )


def region_groups(data: Data, filters: Filters, lang: str) -> tuple[GroupRow, ...]:
    """The regions of `groups` alone, without a row for each agency."""
    rows = pl.concat([some.select(_COUNTED) for some in _of(data, filters)]).collect()
    named = _sums(rows).join(data.agencies.rows, on="agency_id", maintain_order="left")
    return _regions(rows, named, lang, None)[1]


def agency_group(tally: Tally, lang: str) -> GroupRow:
    """One agency's row."""
    agency = agency_ref(tally.agency, lang)
    return _row(agency.agency_id, agency.name, tally, lang, agency=tally.agency)


def _regions(
    rows: pl.DataFrame, agencies: pl.DataFrame, lang: str, limit: int | None
) -> tuple[int, tuple[GroupRow, ...]]:
    """How many regions there are, and the rows of the first ones; what has none stands last."""
    code = pl.col("region_code")
    above = [code.str.slice(0, digits).str.pad_end(6, "0") for digits in _DIGITS]
    places = agencies.select("agency_id", code=pl.concat_list(*above, code).list.unique())
    places = places.explode("code").with_columns(pl.col("code").fill_null(""))
    codes = sorted(places["code"].unique(), key=lambda code: (code == "", code))
    shown = codes[: limit or len(codes)]
    mine = places.filter(pl.col("code").is_in(shown))
    sums = (
        mine.join(agencies, on="agency_id", maintain_order="left")
        .group_by("code")
        .agg(pl.col("form").drop_nulls().first(), pl.col(_SUMMED).sum())
    )
    skips = _skips(rows.join(mine, on="agency_id"), "code")
    names = _names(agencies, lang)
    found = {row["code"]: row for row in sums.iter_rows(named=True)}
    unknown = t("values.region_unknown", lang)
    return len(codes), tuple(
        _row(code, names.get(code, code) or unknown, _tally(found[code], skips.get(code, {})), lang)
        for code in shown
    )


def _tally(row: Row, skips: dict[str, int]) -> Tally:
    counts = Counts(row["passed"], row["failed"], row["skipped"])
    return Tally({}, row["reports"], row["failing"], verdict_of(row), counts, skips)


def _names(agencies: pl.DataFrame, lang: str) -> dict[str, str]:
    """The name of each region by the first agency that tells it."""
    names: dict[str, str] = {}
    told = agencies.select("region_code", *_PLACES, "region").drop_nulls("region_code")
    for row in told.unique(maintain_order=True).iter_rows(named=True):
        code = row["region_code"]
        above = [code[:digits].ljust(6, "0") for digits in _DIGITS]
        for place, upper, wider in zip(_PLACES, above, ("", *above), strict=False):
            if row[place] and upper != wider:
                names.setdefault(upper, row[place])
        names.setdefault(code, region_label(row, lang))
    return names


def _row(key: str, label: str, tally: Tally, lang: str, agency: Row | None = None) -> GroupRow:
    return GroupRow(
        key=key,
        label=label,
        agency=agency_ref(agency, lang) if agency else None,
        reports=tally.reports,
        failing=tally.failing,
        reading=reading_badge(tally.verdict, lang),
        consistency=consistency_badge(tally.verdict, lang),
        counts=tally.counts,
        skips=tuple((reason_words(reason, lang), n) for reason, n in tally.skips.items()),
    )
