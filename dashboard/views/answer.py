"""Cards and filters in, the first screen's answer out: the last year's counts, and where they are.

A count here is of agencies and of their reports, never a sum of what reports
count: a government and its departments are two. Each leads to the list of
exactly what was counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t, words
from dashboard.views.filters import READINGS, UNKNOWN, Filters, encode, narrow
from dashboard.views.records.answer import Answer, Narrowed, PlaceRow, RuleCount, Span, Tile
from dashboard.views.sentences import check_label
from govreport_core.coverage import statuses
from govreport_core.model import Severity

SHOWN = 8
"""Regions, and rules, that are named."""
# A figure's name, or `{name:report|reports}` for what is said by whether it is 1.
_FIGURE = re.compile(r"\{(\w+)(?::(.*?)\|(.*?))?\}")
NEEDED = ("year", "status", "document_id", "fail_error", "form", "cells", "cells_read", "doubts")
_UNTIMED = ("published", "unread")
_UNCOLLECTED = ("not_collected", "unclear")
_PLACES = ("province", "prefecture", "county")
_TROUBLE = ("due", "late", "not_found", "wrong")
DUE = tuple(status.code for status in statuses().values() if status.expected != "no")
"""The statuses of those that were to be published."""
_PUBLISHED = ("on_time", "late", "published", "unread")


def answer(data: Data, filters: Filters, lang: str, *, every_place: bool = False) -> Answer:
    """What the last year of those chosen comes to, beside the year before it.

    Args:
        data: The dataset.
        filters: What narrows it; of several years the last counts.
        lang: Language of the words.
        every_place: Whether all regions are told, by their codes, and not the worst alone.
    """
    where = msgspec.structs.replace(answered(filters), years=())
    counted = _counted(data, where)
    by_year = {row["year"]: row for row in counted.iter_rows(named=True)}
    year = _year(by_year, filters)
    if year is None:
        return Answer(None)
    narrowed = dict(encode(where)) | {"year": str(year)}
    of_year = narrow(data.cards.lazy(), where).filter(pl.col("year").is_in([year - 1, year]))
    rules = _rules(of_year, year, lang)
    places = _places(of_year.filter(pl.col("year") == year), narrowed, lang)
    found = len(places)
    if not every_place:
        worst = sorted((one for one in places if _trouble(one)), key=_trouble, reverse=True)
        places, found = tuple(worst[:SHOWN]), len(worst)
    tiles = tuple(_tiles(by_year, year, narrowed, lang))
    sentences = _sentences(by_year[year], narrowed, rules, lang)
    return Answer(year, sentences, tiles, places, found, rules)


def answered(filters: Filters) -> Filters:
    """What of the filters narrows an answer."""
    return Filters(filters.years, filters.regions, filters.kinds, filters.levels)


def _year(by_year: dict[int, dict[str, int]], filters: Filters) -> int | None:
    asked = [int(word) for word in filters.years if word != UNKNOWN]
    years = [year for year in (asked or by_year) if year in by_year]
    return max(years, default=None)


TESTS = {
    "due": pl.col("status").is_in(DUE),
    "published": pl.col("status").is_in(_PUBLISHED),
    "late": pl.col("status") == "late",
    "not_found": pl.col("status") == "not_found",
    "wrong": pl.col("document_id").is_not_null() & (pl.col("fail_error") > 0),
    "unsure": pl.col("document_id").is_not_null() & ~READINGS["whole"],
}
"""By a tile's code, which cards it counts."""


SAID = TESTS | {
    "on_time": pl.col("status") == "on_time",
    "untimed": pl.col("status").is_in(_UNTIMED),
    "uncollected": pl.col("status").is_in(_UNCOLLECTED),
    "unclear": pl.col("status") == "unclear",
    # A roster may name a body of which it says that no report was due.
    "listed": pl.col("required").is_not_null(),
    "here": pl.col("document_id").is_not_null(),
}
"""The same, and what only the sentences say."""

_READ = pl.col("document_id").is_not_null() & ~READINGS["unread"]


def _counted(data: Data, where: Filters) -> pl.DataFrame:
    """How many cards of each year pass each test, by year."""
    needed = [*NEEDED, "required", "region_code", "agency_kind", "agency_level"]
    return (
        narrow(data.cards.lazy().select(needed), where)
        .drop_nulls("year")
        .group_by("year")
        .agg(**{code: test.sum().cast(pl.Int64) for code, test in SAID.items()})
        .sort("year")
        .collect()
    )


_OF_A_ROSTER = ("due", "not_found")
_LISTED = {
    "due": ("coverage", {}),
    "published": ("coverage", {"status": ",".join(_PUBLISHED)}),
    "late": ("coverage", {"status": "late"}),
    "not_found": ("coverage", {"status": "not_found"}),
    "wrong": ("report", {"severity": "error"}),
    "unsure": ("report", {"reading": "doubts,unread"}),
}


def _tiles(
    by_year: dict[int, dict[str, int]], year: int, narrowed: dict[str, str], lang: str
) -> Iterator[Tile]:
    now = by_year[year]
    for code, (room, more) in _LISTED.items():
        # The years of which it can be told.
        told = {
            one: row for one, row in by_year.items() if code not in _OF_A_ROSTER or row["listed"]
        }
        if year not in told:
            yield _unknown_tile(code, lang)
            continue
        last = told.get(year - 1)
        whole = now["due"] if now["listed"] else 0
        share = now[code] / whole if code == "published" and whole else None
        before = "" if last is None else t("answer.before", lang, n=labels.number(last[code]))
        yield Tile(
            code=code,
            sign=t(f"answer.tiles.{code}.sign", lang),
            label=t(f"answer.tiles.{code}.label", lang),
            number=now[code],
            text=labels.number(now[code]),
            share="" if share is None else labels.percent(share, lang),
            before=before,
            course=tuple((one, row[code]) for one, row in told.items()),
            room=room,
            narrowed=tuple((narrowed | more).items()),
        )


def _unknown_tile(code: str, lang: str) -> Tile:
    """What only a roster can tell, where there is none."""
    return Tile(
        code=code,
        sign=t(f"answer.tiles.{code}.sign", lang),
        label=t(f"answer.tiles.{code}.label", lang),
        number=None,
        text=t("values.unknown", lang),
        share="",
        before=t("answer.no_roster", lang),
        course=(),
        room="",
        narrowed=(),
    )


_TIMES = {
    "on_time": ("on_time",),
    "untimed": _UNTIMED,
    "uncollected": _UNCOLLECTED,
}


def _sentences(
    now: dict[str, int], narrowed: dict[str, str], rules: tuple[RuleCount, ...], lang: str
) -> tuple[tuple[Span, ...], ...]:
    """What the year's counts say, each number leading to its list."""
    listed = dict(_LISTED)
    listed |= {code: ("coverage", {"status": ",".join(of)}) for code, of in _TIMES.items()}
    spans = {}
    for code, (room, more) in listed.items():
        to = (room, tuple((narrowed | more).items())) if now[code] else ()
        spans[code] = Span(labels.number(now[code]), *to)
    spans["year"] = Span(labels.year(now["year"], lang))
    if not now["due"]:
        found = ["none_due" if now["listed"] else "none_listed"]
    elif not now["listed"]:
        found = ["unlisted"]
    else:
        found = ["due_untimed" if now["untimed"] else "due"]
    if now["uncollected"]:
        found.append("uncollected_unclear" if now["unclear"] else "uncollected")
    worst = next((rule for rule in rules if rule.severity == Severity.ERROR), None)
    # Of no report none is wrong, nor any read.
    if now["here"]:
        wrong = "none_wrong" if worst is None else "wrong"
        found.append(wrong if now["unsure"] else f"{wrong}_sure")
    if worst is not None:
        by_rule = tuple((narrowed | {"rule": worst.code, "outcome": "fail"}).items())
        spans["rule"] = Span(worst.label, "checks", by_rule)
        spans["n"] = Span(labels.number(worst.reports), "checks", by_rule)
    return tuple(tuple(_spans(words(lang)[f"answer.says.{key}"], spans)) for key in found)


def _spans(template: str, spans: dict[str, Span]) -> Iterator[Span]:
    at = 0
    for match in _FIGURE.finditer(template):
        if match.start() > at:
            yield Span(template[at : match.start()])
        figure, one, many = spans[match[1]], match[2], match[3]
        yield figure if one is None else Span(one if figure.text == "1" else many)
        at = match.end()
    if at < len(template):
        yield Span(template[at:])


def _rules(cards: pl.LazyFrame, year: int, lang: str) -> tuple[RuleCount, ...]:
    """The errors and warnings that most reports of the year have, beside the year before."""
    found = (
        cards.filter(pl.col("document_id").is_not_null())
        .select("year", "failed_rules", "failed_severities")
        .explode("failed_rules", "failed_severities")
        .filter(pl.col("failed_severities").is_in([Severity.ERROR, Severity.WARNING]))
        .group_by("failed_rules", "failed_severities")
        .agg(
            now=(pl.col("year") == year).sum(),
            before=(pl.col("year") == year - 1).sum(),
        )
        .filter(pl.col("now") > 0)
        .sort(
            pl.col("failed_severities") != Severity.ERROR, -pl.col("now").cast(pl.Int64),
            "failed_rules",
        )
        .head(SHOWN)
        .collect()
    )  # fmt: skip
    last = cards.filter(pl.col("year") == year - 1).select(pl.len()).collect().item()
    return tuple(
        RuleCount(
            code=row["failed_rules"],
            label=check_label(row["failed_rules"], lang),
            severity=row["failed_severities"],
            severity_label=t(f"severities.{row['failed_severities']}", lang),
            reports=row["now"],
            before=t("answer.before", lang, n=labels.number(row["before"])) if last else "",
        )
        for row in found.iter_rows(named=True)
    )


def _trouble(place: PlaceRow) -> int:
    return place.late + (place.not_found or 0) + place.wrong


def _places(cards: pl.LazyFrame, narrowed: dict[str, str], lang: str) -> tuple[PlaceRow, ...]:
    """The regions of the level at which the agencies part, by their codes."""
    rows = cards.select(*NEEDED, "required", "region_code", *_PLACES).collect()
    depth = parting(rows)
    names = _PLACES[:depth]
    found = (
        rows.group_by(code=within(depth))
        .agg(
            *(pl.col(name).drop_nulls().first() for name in names),
            **{test: of_place(test) for test in _TROUBLE},
            read=_READ.sum().cast(pl.Int64),
            wrong_read=(_READ & TESTS["wrong"]).sum().cast(pl.Int64),
        )
        .sort("code", nulls_last=True)
    )
    return tuple(
        PlaceRow(
            name=place_name(row["code"], [row[name] for name in names], lang),
            narrowed=_to_place(row["code"], row[names[-1]], narrowed),
            code=row["code"],
            **{test: row[test] for test in (*_TROUBLE, "read", "wrong_read")},
        )
        for row in found.iter_rows(named=True)
    )


def of_place(test: str) -> pl.Expr:
    """How many of a part's cards pass a test; null where only a roster could tell."""
    n = TESTS[test].sum().cast(pl.Int64)
    return pl.when(SAID["listed"].any()).then(n) if test in _OF_A_ROSTER else n


def _to_place(code: str | None, name: str | None, narrowed: dict[str, str]) -> Narrowed:
    """What brings a region's reports; nothing for those of a whole that stand in no part of it."""
    if code is not None and name is None:
        return ()
    return tuple((narrowed | {"region": code or UNKNOWN}).items())


def parting(rows: pl.DataFrame) -> int:
    """How many levels down, 1 to 3, some cards' agencies stand in several divisions."""
    return next((d for d in (1, 2, 3) if rows.select(within(d)).n_unique() > 1), 3)


def within(depth: int) -> pl.Expr:
    """The code of the division, so many levels down, that an agency stands in."""
    return pl.col("region_code").str.slice(0, 2 * depth).str.pad_end(6, "0")


def place_name(code: str | None, names: list[str | None], lang: str) -> str:
    """A region's name by those of the divisions down to it.

    Where its agencies stand in no part of it, it is told as itself.
    """
    if code is None:
        return t("values.region_unknown", lang)
    known = [name for name in names if name]
    named = known[-1] if known else code
    return named if names[-1] or not known else t("answer.itself", lang, name=named)
