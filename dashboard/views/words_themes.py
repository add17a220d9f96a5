"""Points in, their themes by name, in their words and over the years out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import polars as pl

from dashboard import labels
from dashboard.labels import t
from dashboard.texts import Texts
from dashboard.views.filters import UNKNOWN, Filters, narrow
from dashboard.views.records.words import ThemeRow, ThemeTable
from govreport_core.narrative.taxonomy import theme_words
from govreport_core.narrative.themes import Match, themes
from govreport_core.search import Piece, marked

_YEARS = 8
_SENTENCE = re.compile(r"(?<=。)|(?<=[.!?])\s")


def theme_label(code: str, lang: str) -> str:
    """A theme's name; `none` is that of points without one."""
    if code == UNKNOWN:
        return t("words.no_theme", lang)
    known = theme_words(lang).get(code)
    return known.title if known else code


def theme_note(code: str, lang: str) -> str:
    """What a theme takes in; empty where it isn't known.

    The first sentence of its note: what belongs to others instead stands on the method page.
    """
    known = theme_words(lang).get(code)
    return _SENTENCE.split(known.note, maxsplit=1)[0] if known else ""


def theme_names(text: str, codes: Iterable[str], lang: str) -> tuple[tuple[str, str], ...]:
    """A point's themes by code and name; that no single word says so is told."""
    said = _said(text)
    return tuple(
        (code, name if code in said else t("words.by_wording", lang, theme=name))
        for code in codes
        for name in [theme_label(code, lang)]
    )


@lru_cache(maxsize=1024)
def _said(text: str) -> frozenset[str]:
    return frozenset(match.theme for match in _themes(text))


@lru_cache(maxsize=1024)
def _themes(text: str) -> tuple[Match, ...]:
    return themes(text)


def theme_pieces(text: str, codes: Iterable[str]) -> tuple[Piece, ...]:
    """A point's text, the words marked that say it is of these themes."""
    wanted = frozenset(codes)
    return _pieces(text, wanted) if wanted else marked(text, ())


# Asked for again by the next language.
@lru_cache(maxsize=1024)
def _pieces(text: str, wanted: frozenset[str]) -> tuple[Piece, ...]:
    spans: list[tuple[int, int]] = []
    for start, end in sorted((m.start, m.end) for m in _themes(text) if m.theme in wanted):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return marked(text, spans)


def theme_table(texts: Texts, filters: Filters, lang: str) -> ThemeTable:
    """How many points and reports name each theme, and how many reports of each year.

    Args:
        texts: The texts.
        filters: Which reports; their outcomes and rules are not looked at.
        lang: Language of the words.
    """
    reports = texts.reports.lazy().with_row_index("order")
    points = (
        texts.points.lazy()
        .select("order", "themes")
        .join(narrow(reports, filters).select("order", "year"), on="order", how="inner")
        .collect()
    )
    lacking = pl.col("themes").list.len().fill_null(0) == 0
    each = points.filter(~lacking).explode("themes").rename({"themes": "theme"})
    none = points.filter(lacking)
    every = points.select("order", "year")
    shown = tuple(sorted(every["year"].drop_nulls().unique().to_list())[-_YEARS:])
    of_year = dict(every.unique().group_by("year").len().iter_rows())
    named = {str(code): mine for (code,), mine in each.partition_by("theme", as_dict=True).items()}
    rows = [_theme_row(code, mine, shown, of_year, lang) for code, mine in named.items()]
    rows.sort(key=lambda row: (-row.reports, row.code))
    if none.height:
        rows.append(_theme_row(UNKNOWN, none, shown, of_year, lang))
    total = _theme_row("", every, shown, of_year, lang)
    return ThemeTable(shown, (*rows, total) if points.height else (), bool(named))


def _theme_row(
    code: str,
    points: pl.DataFrame,
    years: tuple[int, ...],
    of_year: Mapping[int | None, int],
    lang: str,
) -> ThemeRow:
    reports = points.select("order", "year").unique()
    counted = dict(reports.group_by("year").len().iter_rows())
    return ThemeRow(
        code=code,
        label=theme_label(code, lang) if code else t("words.all_points", lang),
        note=theme_note(code, lang) if code else "",
        points=points.height,
        reports=reports.height,
        years=tuple(
            (n, labels.percent(n / of_year[year], lang) if of_year.get(year) else "")
            for year in years
            for n in [counted.get(year, 0)]
        ),
    )
