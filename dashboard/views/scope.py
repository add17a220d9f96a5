"""Filters in, what they choose in words out: for titles of what is printed or handed on."""

from __future__ import annotations

import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t, term
from dashboard.views.filters import UNKNOWN, Filters, stem

_PLACES = {2: "province", 4: "prefecture", 6: "county"}


def places(data: Data, filters: Filters, lang: str) -> str:
    """The regions that are chosen; words for all of them where none is."""
    if not filters.regions:
        return t("worklist.all_places", lang)
    return t("places.and", lang).join(region_name(data, code, lang) for code in filters.regions)


def scope(data: Data, filters: Filters, lang: str) -> tuple[str, ...]:
    """All that is chosen, regions and years first."""
    years = [
        t("values.year_unknown", lang) if word == UNKNOWN else labels.year(int(word), lang)
        for word in filters.years
    ] or [t("worklist.all_years", lang)]
    chosen = [
        (word, group)
        for words, group in (
            (filters.kinds, "kinds"),
            (filters.levels, "levels"),
            (filters.readings, "readings"),
            (filters.severities, "severities"),
        )
        for word in words
    ]
    return (
        places(data, filters, lang),
        t("places.and", lang).join(years),
        *(term(group, word, lang) for word, group in chosen),
    )


def region_name(data: Data, code: str, lang: str) -> str:
    """A division's name, as any card of it has it; its code where none has."""
    if code == UNKNOWN:
        return t("values.region_unknown", lang)
    column = _PLACES.get(len(stem(code)), "county")
    inside = pl.col("region_code").str.starts_with(stem(code)) & pl.col(column).is_not_null()
    found = data.cards.lazy().filter(inside).select(column).head(1).collect()
    return str(found.item()) if found.height else code
