"""Agencies' reports and the points of their section five in, what a year takes up of the last out.

A point is held against those of the year before that stand under the same theme; the
most alike in wording is named beside it. That two points share a theme, and how alike
their words are, is all that a row says: not that a promise was kept, nor that it wasn't.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import polars as pl
from rapidfuzz import fuzz, process

from govreport_core.folding import squash
from govreport_core.schemas import frame

LINKS = {
    "promised": ("problem", "improvement"),
    "repeated": ("problem", "problem"),
    "promised_again": ("improvement", "improvement"),
}
"""Which kind of point is held against which kind of the year before."""

ASKED = ("document_id", "kind", "ordinal", "point_id", "text", "themes")
"""What of `points` is looked at."""

# Points of a theme that one is held against, and characters of each: far more than reports have.
_MOST, _LONGEST = 40, 400
_ENUMERATOR = re.compile(
    r"^(?:[(\[]?[一二三四五六七八九十\d①-⑳]+[)\]]?[、.,是]?|首先,?|其次,?|再次,?|最后,?)"
)
_NUMBERS = re.compile(r"\d+")


class _Said(NamedTuple):
    """A point, and for how many years each theme ran in it."""

    document_id: str
    point_id: str
    text: str
    years: dict[str, int]


_Points = dict[str, list[_Said]]
"""The points of a report, by kind."""


def promises(reports: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """What reports take up of the section five of the same agency's report of the year before.

    Args:
        reports: All reports of some agencies; those that aren't `current`, or have no year,
            don't count.
        points: Their points, with themes: the columns of `ASKED`.

    Returns:
        The table `promises`: a row a point, link and theme where the last report has a point to
        hold it against; by agency, year, kind and ordinal. `likeness` is from 0 to 1, numbers
        left out; `years` is how many years running points of the theme follow from each other.
    """
    known = reports.filter(pl.col("current") & pl.col("year").is_not_null())
    told = (
        points.select(ASKED)
        .filter(pl.col("themes").list.len() > 0)
        .join(known.select("document_id", "agency_id", "year"), on="document_id")
        .sort("agency_id", "year", "kind", "ordinal", descending=[False, False, True, False])
        .select("agency_id", "year", "document_id", "kind", "point_id", "text", "themes")
    )
    by_agency: dict[str, dict[int, _Points]] = defaultdict(dict)
    for agency_id, year, document_id, kind, point_id, text, themes in told.iter_rows():
        said = _Said(document_id, point_id, text, dict.fromkeys(themes, 1))
        by_agency[agency_id].setdefault(year, defaultdict(list))[kind].append(said)
    columns: dict[str, list[Any]] = defaultdict(list)
    for agency_id, years in by_agency.items():
        for row in _of_agency(agency_id, years):
            for name, value in row.items():
                columns[name].append(value)
    return frame("promises", columns)


def _of_agency(agency_id: str, years: Mapping[int, _Points]) -> Iterator[dict[str, Any]]:
    """Its years in order, each held against the one before."""
    for year in sorted(years):
        before = years.get(year - 1)
        if before is None:
            continue
        for link, (kind, other) in LINKS.items():
            for row in _linked(years[year][kind], before[other], running=kind == other):
                yield {"agency_id": agency_id, "year": year, "link": link, **row}


def _linked(
    now: Sequence[_Said], before: Sequence[_Said], *, running: bool
) -> Iterator[dict[str, Any]]:
    """Each point and theme with the most alike point of that theme; `running` counts the years."""
    by_theme: dict[str, list[_Said]] = defaultdict(list)
    for said in before:
        for theme in said.years:
            if len(by_theme[theme]) < _MOST:
                by_theme[theme].append(said)
    for point in now:
        for theme in point.years:
            others = by_theme.get(theme)
            if not others:
                continue
            _, score, at = process.extractOne(
                _comparable(point.text),
                [_comparable(said.text) for said in others],
                scorer=fuzz.ratio,
            )
            if running:
                point.years[theme] = others[at].years[theme] + 1
            yield {
                "document_id": point.document_id,
                "point_id": point.point_id,
                "theme": theme,
                "other_document_id": others[at].document_id,
                "other_point_id": others[at].point_id,
                "likeness": round(score / 100, 3),
                "years": point.years[theme] if running else None,
            }


@lru_cache(maxsize=1024)
def _comparable(text: str) -> str:
    """A point's words without their number, and without numbers and years in them.

    Of most points none is asked for: nothing of their theme stands beside them.
    """
    squashed = squash(text[: 2 * _LONGEST])
    return _NUMBERS.sub("", _ENUMERATOR.sub("", squashed))[:_LONGEST]
