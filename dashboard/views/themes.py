"""A dataset and a language in, the tables on themes of the method page out."""

from __future__ import annotations

from functools import cache

from dashboard.data import Data
from dashboard.labels import number, t
from dashboard.labels import year as year_words
from dashboard.views.records import MethodTable
from govreport_core.narrative.taxonomy import shipped, taxonomy, theme_words
from govreport_core.narrative.theme_weights import heaviest, weights

SHOWN = 10
HEAVIEST = 20
_LONGEST = 80
_KINDS = ("problem", "improvement")
_WORDS = ("terms", "firm", "passing", "exclusions", "yields")
_COLUMNS = ("theme", "problems", "improvements", "note", *_WORDS, "weighed")
_COMMON = ("asides", "objects", "examples", "disclosure", "not_disclosure", "elsewhere")


def theme_tables(data: Data, lang: str) -> tuple[MethodTable, ...]:
    """The themes with their words and counts, the lists in these words, points without a theme."""
    return (_themes(data, lang), _lists(lang), _unthemed(data, lang))


def _themes(data: Data, lang: str) -> MethodTable:
    counts = {(theme, kind): n for theme, kind, n in data.points_by_theme.iter_rows()}
    join, words = t("site.about.themes.join", lang), theme_words(lang)
    rows = tuple(
        (
            words[code].title,
            *(number(counts.get((code, kind), 0)) for kind in _KINDS),
            words[code].note,
            *map(join.join, (theme.terms, theme.firm, theme.passing, theme.exclusions)),
            join.join(words[other].title for other in theme.yields),
            join.join(_weighed(code)),
        )
        for code, theme in taxonomy().items()
    )
    return _table("themes", _COLUMNS, rows, lang, (3, 4, 5, 6, 7, 8, 9))


@cache
def _weighed(code: str) -> list[str]:
    """The words that weigh most for a theme: of no language, and found among thousands."""
    return heaviest(code, weights(), HEAVIEST)


def _lists(lang: str) -> MethodTable:
    join = t("site.about.themes.join", lang)
    found, scope = shipped(), shipped().scope
    of_all = (found.asides, found.objects, found.examples)
    common = (*of_all, scope.disclosure, scope.exclusions, scope.elsewhere)
    names = (t(f"site.about.theme_lists.{name}", lang) for name in _COMMON)
    told = {**found.lists, **dict(zip(names, common, strict=True))}
    rows = tuple((name, join.join(words)) for name, words in told.items())
    return _table("theme_lists", ("name", "words"), rows, lang, (1,))


def _unthemed(data: Data, lang: str) -> MethodTable:
    """How many points have a theme, and some of those without."""
    themed, none = data.points_themed
    rows = tuple(
        (
            _short(text),
            t(f"site.about.point_kinds.{kind}", lang),
            agency or t("values.unknown", lang),
            year_words(year, lang),
        )
        for text, kind, agency, year in data.unthemed.head(SHOWN).iter_rows()
    )
    said = {
        "themed": number(themed),
        "unthemed": number(none),
        "shown": number(len(rows)),
    }
    return _table("unthemed", ("point", "kind", "agency", "year"), rows, lang, (1, 2, 3), **said)


def _table(
    code: str,
    names: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    lang: str,
    words: tuple[int, ...],
    **said: object,
) -> MethodTable:
    heading, text = (t(f"site.about.{code}.{part}", lang, **said) for part in ("heading", "text"))
    columns = tuple(t(f"site.about.{code}.{name}", lang) for name in names)
    return MethodTable(code, heading, text, columns, rows, words)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
