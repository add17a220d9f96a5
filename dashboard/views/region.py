"""Cards and a division in, the page of the region out, and its parts' counts as a file."""

from __future__ import annotations

import msgspec
import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t
from dashboard.views.answer import (
    NEEDED,
    SAID,
    TESTS,
    answer,
    of_place,
    parting,
    place_name,
    within,
)
from dashboard.views.filters import UNKNOWN, Filters, narrow
from dashboard.views.indicators import indicators_by_year
from dashboard.views.lists import chosen, region_path
from dashboard.views.overview import TREND, counted, requests_by_outcome, trend
from dashboard.views.records import PlaceRow, Places, PlaceTile, RegionCount, RegionPage
from dashboard.views.scope import region_name

LEAST = 5
"""Of fewer reports that were read no share is told."""
MANY = 0.2
"""From this share on many of a part's reports have an error."""
_PLACES = ("province", "prefecture", "county")


MEASURES = ("wrong", "late", "not_found")
"""What regions are coloured by: reports with errors among those read, others among those due."""
SORTED = ("place", "due", "late", "not_found", "wrong")
"""The columns by which regions can be sorted."""


def places(
    data: Data, filters: Filters, lang: str, *, measure: str = "wrong", sort: str = ""
) -> Places:
    """The regions at which the agencies of a year part, and how each does.

    Args:
        data: The dataset.
        filters: What narrows it: years (the last counts), regions, kinds, levels.
        lang: Language of the words.
        measure: One of `MEASURES`.
        sort: One of `SORTED`, `-` before it for falling; anything else for the order of codes.
    """
    found = answer(data, filters, lang, every_place=True)
    column = sort.removeprefix("-")
    rows = found.places
    if column in SORTED[1:]:
        rows = tuple(
            sorted(rows, key=lambda row: getattr(row, column) or 0, reverse=sort.startswith("-"))
        )
    elif sort == "-place":
        rows = tuple(reversed(rows))
    chosen_one = filters.regions[0] if len(filters.regions) == 1 else UNKNOWN
    path = [] if chosen_one == UNKNOWN else region_path(chosen_one)
    return Places(
        path=tuple((one, region_name(data, one, lang)) for one in path if named(data, one)),
        answer=msgspec.structs.replace(found, places=rows),
        measure=measure,
        note=t(f"regions.notes.{measure}", lang),
        tiles=tuple(_tile(one, lang, measure) for one in rows if len(rows) > 1),
        sort=sort if column in SORTED else "",
    )


def region(data: Data, code: str, lang: str) -> RegionPage:
    """What stands on a region's page.

    Args:
        data: The dataset.
        code: A division's code; its reports are those of all divisions below it.
        lang: Language of the words.
    """
    filters = Filters(regions=(code,))
    reports = chosen(data, filters).select(counted()).collect()
    above = [one for one in region_path(code)[:-1] if named(data, one)]
    found = answer(data, filters, lang, every_place=True)
    return RegionPage(
        code=code,
        name=region_name(data, code, lang),
        path=tuple((one, region_name(data, one, lang)) for one in above),
        answer=found,
        tiles=tuple(_tile(one, lang) for one in found.places if len(found.places) > 1),
        parted=any(one.code != code for one in found.places),
        trend=trend(reports, TREND, lang),
        outcomes=requests_by_outcome(reports, lang),
        indicators=indicators_by_year(reports, lang).main,
    )


def regions_failing(data: Data, lang: str) -> dict[str, tuple[RegionCount, ...]]:
    """Where each rule fails: the regions in which the agencies part, by the rule's code.

    Args:
        data: The dataset.
        lang: Language of the words.

    Returns:
        For each rule that a report fails its regions, those with most such reports first.
    """
    reports = data.cards.filter(pl.col("document_id").is_not_null())
    depth = parting(reports)
    names = _PLACES[:depth]
    failing = reports.select("region_code", *names, "failed_rules").explode("failed_rules")
    found = (
        failing.drop_nulls("failed_rules")
        .group_by("failed_rules", code=within(depth))
        .agg(*(pl.col(name).drop_nulls().first() for name in names), reports=pl.len())
        .sort("reports", "code", descending=[True, False], nulls_last=True)
    )
    counts: dict[str, list[RegionCount]] = {}
    for row in found.iter_rows(named=True):
        name = place_name(row["code"], [row[one] for one in names], lang)
        whole = row["code"] is None or row[names[-1]] is not None
        region = (row["code"] or UNKNOWN) if whole else None
        counts.setdefault(row["failed_rules"], []).append(RegionCount(name, region, row["reports"]))
    return {rule: tuple(some) for rule, some in counts.items()}


def last_year(data: Data) -> tuple[int | None, dict[str, dict[str, int]]]:
    """What the last year of all comes to in each division, those below it counted in.

    Args:
        data: The dataset.

    Returns:
        The year, None where no card has one; by a division's code, `""` for none known, how many
        cards of that year pass each test of `SAID`.
    """
    year = data.cards["year"].max()
    if year is None:
        return None, {}
    of_year = data.cards.lazy().filter(pl.col("year") == year)
    tests = {code: test.sum().cast(pl.Int64) for code, test in SAID.items()}
    counts: dict[str, dict[str, int]] = {}
    # A wider division has the code of what stands in no part of it: it comes after, and holds all.
    for depth in (3, 2, 1):
        found = of_year.group_by(code=within(depth)).agg(**tests).collect()
        counts |= {row.pop("code") or "": row for row in found.iter_rows(named=True)}
    return int(str(year)), counts


def _tile(place: PlaceRow, lang: str, measure: str = "wrong") -> PlaceTile:
    # Of what isn't here or couldn't be read nothing is known: it is no part that has no error.
    of_read = measure == "wrong"
    n, base = (place.wrong_read, place.read) if of_read else (getattr(place, measure), place.due)
    if base is None or base < LEAST:
        tone = "few"
    elif not n:
        tone = "none"
    else:
        tone = "many" if n >= MANY * base else "some"
    told = {"wrong" if of_read else "n": labels.number_or_unknown(n, lang)}
    told |= {"read" if of_read else "due": labels.number_or_unknown(base, lang)}
    return PlaceTile(
        name=place.name,
        tone=tone,
        sign=t(f"site.region.tones.{tone}", lang),
        text=t("site.region.of_read" if of_read else f"regions.of_due.{measure}", lang, **told),
        narrowed=place.narrowed,
    )


def named(data: Data, code: str) -> bool:
    """Whether a division has a name: what stands only between two in their codes has none."""
    return region_name(data, code, "") != code


def region_frame(data: Data, code: str, lang: str) -> pl.DataFrame:
    """The parts of a region, year by year: `places_frame` of that division alone."""
    return places_frame(data, Filters(regions=(code,)), lang)


def places_frame(data: Data, filters: Filters, lang: str) -> pl.DataFrame:
    """The regions at which the agencies part, year by year.

    Args:
        data: The dataset.
        filters: What narrows it: years, regions, kinds, levels.
        lang: Language of the heads.

    Returns:
        A row a part and year: its name, its code, the year, and how many reports were due,
        published, late, not found, have an error, couldn't be read in full; of those due and not
        found none where no roster tells.
    """
    mine = (
        narrow(data.cards.lazy(), filters)
        .select(*NEEDED, "required", "region_code", *_PLACES)
        .drop_nulls("year")
        .collect()
    )
    depth = parting(mine)
    names = _PLACES[:depth]
    found = (
        mine.group_by("year", code=within(depth))
        .agg(
            *(pl.col(name).drop_nulls().first() for name in names),
            **{test: of_place(test) for test in TESTS},
        )
        .sort("code", "year", nulls_last=True)
    )
    called = [
        place_name(row["code"], [row[name] for name in names], lang)
        for row in found.iter_rows(named=True)
    ]
    return found.select(
        pl.Series(t("answer.place", lang), called, pl.String),
        pl.col("code").alias(t("columns.region_code", lang)),
        pl.col("year").alias(t("charts.year", lang)),
        *(pl.col(test).alias(t(f"answer.tiles.{test}.label", lang)) for test in TESTS),
    )
