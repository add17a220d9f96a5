"""Filters in, what they choose in words out: for titles of what is printed or handed on."""

from __future__ import annotations

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t, term
from dashboard.views.filters import UNKNOWN, Filters, stem


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
    return data.place_names.get(stem(code), code)
