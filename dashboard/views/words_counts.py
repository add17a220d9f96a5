"""What was found in, how many reports of each year, region, kind, agency, section and theme out.

Counted by numbers that stand for words, so that it costs little whatever was found.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dashboard.labels import section_label, t, term
from dashboard.texts import Coded
from dashboard.views.filters import UNKNOWN, Filters, stem
from dashboard.views.lists import region_label
from dashboard.views.records import Option
from dashboard.views.records.words import Facet
from dashboard.views.words_found import Asked, Found, Orders, marked
from dashboard.views.words_themes import theme_label

_AGENCIES = 12
# The codes of divisions and whose names they have: a prefecture's own code stands beside those
# of its counties, under its own name.
_LEVELS = {
    "province_code": ("province",),
    "prefecture_code": ("prefecture", "province"),
    "county_code": ("county", "prefecture", "province"),
}


def facets(got: Found, filters: Filters, asked: Asked, lang: str) -> tuple[Facet, ...]:
    """Reports found by year, region, kind, agency, section and theme; with two choices or more."""
    made = (
        Facet("year", t("app.filter_year", lang), _years(got, lang), filters.years),
        Facet("region", t("app.filter_region", lang), _regions(got, lang), filters.regions),
        Facet("kind", t("app.filter_kind", lang), _kinds(got, lang), filters.kinds),
        Facet("agency", t("app.agency", lang), _agencies(got, lang), (asked.agency,)),
        Facet("section", t("words.section", lang), _sections(got, lang), asked.sections),
        Facet("theme", t("words.theme", lang), _themes(got, lang), asked.themes),
    )
    return tuple(facet for facet in made if len(facet.options) > 1)


def agencies_found(got: Found) -> int:
    """How many agencies' reports were found."""
    return int(np.count_nonzero(_counts(got, got.texts.coded["agency_id"])))


def _counts(got: Found, column: Coded) -> Orders:
    """Reports found by the number of their word."""
    return np.bincount(column.numbers[got.orders], minlength=len(column.words))


def _counted(got: Found, column: str) -> list[tuple[int, object]]:
    """How many reports were found of each word of a column that has any."""
    coded = got.texts.coded[column]
    return [
        (n, word) for n, word in zip(_counts(got, coded).tolist(), coded.words, strict=True) if n
    ]


def _years(got: Found, lang: str) -> tuple[Option, ...]:
    counted = sorted(
        _counted(got, "year"), key=lambda one: (one[1] is None, -int(str(one[1] or 0)))
    )
    return tuple(
        Option(UNKNOWN if year is None else str(year), _year(year, lang), n) for n, year in counted
    )


def _year(year: object, lang: str) -> str:
    return t("values.year_unknown", lang) if year is None else str(year)


def _kinds(got: Found, lang: str) -> tuple[Option, ...]:
    counted = sorted(_counted(got, "agency_kind"), key=lambda one: (-one[0], str(one[1] or "")))
    return tuple(
        Option(str(kind or UNKNOWN), term("kinds", str(kind), lang) if kind else _unknown(lang), n)
        for n, kind in counted
    )


def _unknown(lang: str) -> str:
    return t("values.unknown", lang)


def _regions(got: Found, lang: str) -> tuple[Option, ...]:
    """By the first level of divisions at which there are several.

    Reports of a whole among those of its parts narrow nothing by its code: they have no value.
    """
    for column in _LEVELS:
        coded = got.texts.coded[column]
        counts = _counts(got, coded)
        if np.count_nonzero(counts) > 1:
            break
    names = _names(got, coded, _LEVELS[column])
    shown = sorted(
        (-n, str(coded.words[at] or ""), at) for at, n in enumerate(counts.tolist()) if n
    )
    codes = [code for _, code, _ in shown]
    return tuple(_region(code, names.get(at) or code, codes, -n, lang) for n, code, at in shown)


def _region(code: str, name: str, codes: list[str], n: int, lang: str) -> Option:
    if not code:
        return Option(UNKNOWN, t("values.region_unknown", lang), n)
    if any(other != code and other.startswith(stem(code)) for other in codes):
        return Option("", t("answer.itself", lang, name=name), n)
    return Option(code, name, n)


def _names(got: Found, coded: Coded, named: tuple[str, ...]) -> dict[int, str]:
    """The name of each division by the first report found that tells it."""
    told = got.texts.reports.select(pl.coalesce(named)).to_series()
    telling = got.orders[told.is_not_null().to_numpy()[got.orders]]
    numbers, first = np.unique(coded.numbers[telling], return_index=True)
    found = told.gather(telling[first]).to_list()
    return dict(zip(numbers.tolist(), found, strict=True))


def _agencies(got: Found, lang: str) -> tuple[Option, ...]:
    """The agencies with the most reports found, of as many those that stand first."""
    coded = got.texts.coded["agency_id"]
    counts = _counts(got, coded)
    if np.count_nonzero(counts) < 2:
        return ()
    most = np.argsort(-counts, kind="stable")[:_AGENCIES]
    most = most[counts[most] > 0]
    mine = coded.numbers[got.orders]
    firsts = [got.orders[np.argmax(mine == number)] for number in most]
    rows = got.texts.reports[firsts].iter_rows(named=True)
    return tuple(
        Option(row["agency_id"], row["agency_name"] or region_label(row, lang), n)
        for row, n in zip(rows, counts[most].tolist(), strict=True)
    )


def _sections(got: Found, lang: str) -> tuple[Option, ...]:
    counted = got.sections["section"].value_counts().with_columns(pl.col("section").cast(pl.String))
    return tuple(
        Option(code, section_label(None, code, lang), n)
        for code, n in counted.sort("section").iter_rows()
    )


def _themes(got: Found, lang: str) -> tuple[Option, ...]:
    """Reports by the themes of the points found, in a table of truths: a million take no time."""
    told, names = got.texts.themed, got.texts.themes
    here = marked(got.points["row"], got.texts.points.height)[told["row"].to_numpy()]
    named = np.zeros((len(names), got.texts.reports.height), dtype=np.bool_)
    named[told["theme"].to_numpy()[here], told["order"].to_numpy()[here]] = True
    counted = sorted(zip(named.sum(axis=1).tolist(), names, strict=True), key=lambda one: -one[0])
    return tuple(Option(code, theme_label(code, lang), n) for n, code in counted if n)
