"""Cards and filters in, a jurisdiction's circular of a year out: what an office writes by hand.

Every sentence is chosen and filled by the numbers of `circular_numbers`; a sentence keeps the
numbers it holds. Nothing is ranked, and no share is given, under `LEAST`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t
from dashboard.views.circular_numbers import Change, Numbers, numbers, prepared
from dashboard.views.circular_tables import (
    agencies,
    correcting_table,
    late_table,
    regions_table,
    rows_left,
    rules_table,
    statuses_table,
)
from dashboard.views.filters import READINGS, UNKNOWN, Filters, encode, narrow
from dashboard.views.records.circular import Circular, Listing, Part, Said
from dashboard.views.scope import places, scope
from dashboard.views.sentences import check_label
from govreport_core.coverage import reason_words
from govreport_core.model import Severity

LEAST = 5
"""Of fewer agencies or reports no share is given, and none of their rules is called the worst."""
TIED = 3
"""Rules that may fail most together; of more, or of one report each, none is named."""
NAMED = 200
"""Agencies named in a sentence; how many more there are is said."""


def circular(data: Data, filters: Filters, lang: str, *, site: bool = False) -> Circular:
    """The circular of the last year of those chosen.

    Args:
        data: The dataset.
        filters: What narrows it: `years`, `regions`, `kinds` and `levels`; others aren't
            looked at.
        lang: Language of the words.
        site: Whether it is a page of the site, which has no work list to point to, and doesn't
            change by the moment alone at which the dataset was made.
    """
    where = Filters(regions=filters.regions, kinds=filters.kinds, levels=filters.levels)
    mine = narrow(data.cards.lazy(), where)
    year = _year(mine, filters)
    if year is None:
        return Circular(None, t("circular.nothing", lang), scope(data, where, lang))
    cards = prepared(mine.filter(pl.col("year").is_in([year, year - 1])))
    told = _written(data, cards, Filters((str(year),), *_rest(where)), year, lang)
    return _for_site(told, lang) if site else told


def _for_site(page: Circular, lang: str) -> Circular:
    parts = (*(_unlisted(part, lang) for part in page.parts[:-1]), _notes(None, lang))
    return msgspec.structs.replace(page, parts=parts)


def _unlisted(part: Part, lang: str) -> Part:
    """A part in words that point to no work list."""
    said = tuple(
        _says("correcting_site", lang, (), **dict(one.figures)) if one.code == "correcting" else one
        for one in part.said
    )
    tables = tuple(
        msgspec.structs.replace(table, left_out=rows_left("left_out_site", table.left, lang))
        for table in part.tables
    )
    return msgspec.structs.replace(part, said=said, tables=tables)


def _rest(where: Filters) -> tuple[tuple[str, ...], ...]:
    return (where.regions, where.kinds, where.levels)


def _year(cards: pl.LazyFrame, filters: Filters) -> int | None:
    known = set(cards.select(pl.col("year").drop_nulls().unique()).collect()["year"])
    asked = [int(word) for word in filters.years if word != UNKNOWN]
    return max((year for year in (asked or known) if year in known), default=None)


def _written(data: Data, cards: pl.DataFrame, filters: Filters, year: int, lang: str) -> Circular:
    found = numbers(cards, year)
    now = agencies(cards.filter(pl.col("year") == year), lang)
    place = _place(data, filters, lang)
    parts = (
        _publication(found, now, data, place, lang),
        _checks(found, lang),
        _change(found, lang),
        _commended(found, now, lang),
        _correcting(found, now, lang),
        _regions(now, filters, lang),
        _notes(data, lang),
    )
    kept = [part for part in parts if part is not None]
    narrowed = dict(encode(filters))
    return Circular(
        year=year,
        title=t("circular.title", lang, place=place, year=year),
        scope=scope(data, filters, lang),
        parts=tuple(_leading(part, narrowed) for part in kept),
    )


def _place(data: Data, filters: Filters, lang: str) -> str:
    """What the circular is about: its regions, and in brackets what else it is narrowed to."""
    everywhere = not filters.regions
    place = t("circular.everywhere", lang) if everywhere else places(data, filters, lang)
    others = scope(data, filters, lang)[2:]
    words = t("circular.and", lang).join(others)
    return t("circular.narrowed", lang, place=place, words=words) if others else place


_LISTED: dict[str, tuple[str, dict[str, str]]] = {
    "publication": ("coverage", {}),
    "checks": ("checks", {}),
    "correcting": ("checks", {"tab": "worklist", "severity": str(Severity.ERROR)}),
}
"""Where what a part speaks of is listed."""


_EMPTY = frozenset(("none_due", "none_listed", "none_reports"))
"""The sentences after which there is no list to go to."""


def _leading(part: Part, narrowed: dict[str, str]) -> Part:
    nothing = any(one.code in _EMPTY for one in part.said)
    nothing |= part.code == "correcting" and not part.tables
    room, more = ("", {}) if nothing else _LISTED.get(part.code, ("", {}))
    way = tuple((narrowed | more).items()) if room else ()
    return Part(part.code, part.heading, part.said, part.tables, room, way)


def _part(
    code: str, lang: str, said: Iterable[Said], tables: Iterable[Listing | None] = ()
) -> Part:
    drawn = tuple(table for table in tables if table is not None)
    return Part(code, t(f"circular.headings.{code}", lang), tuple(said), drawn)


def _says(code: str, lang: str, /, names: Sequence[str] = (), **filled: object) -> Said:
    """A sentence: whole numbers are told with what they count, shares as percentages.

    A name in `filled` that ends in `_reports` is of reports, all others of agencies.
    """
    figures = {name: value for name, value in filled.items() if isinstance(value, (int, float))}
    told = {name: _told(name, value, lang) for name, value in filled.items()}
    if names:
        told["names"] = _names(names, lang)
    text = t(f"circular.says.{code}", lang, **told)
    return Said(code, text, tuple(figures.items()), tuple(names[:NAMED]))


_OF_REPORTS = frozenset(
    ("unplaced", "reports", "wrong", "only_late", "commended", "correcting", "unread", "n", "least")
)
_BARE = frozenset(("year",))


def _told(name: str, value: object, lang: str) -> str:
    if isinstance(value, float):
        return labels.percent(value, lang)
    if isinstance(value, int) and name not in _BARE:
        return _counted(value, "reports" if name in _OF_REPORTS else "agencies", lang)
    return str(value)


def _counted(n: int, noun: str, lang: str) -> str:
    return t(f"circular.{noun}.{'one' if n == 1 else 'other'}", lang, n=labels.number(n))


def _names(names: Sequence[str], lang: str) -> str:
    listed = t("circular.and", lang).join(names[:NAMED])
    more = len(names) - NAMED
    return listed if more <= 0 else listed + t("circular.names_more", lang, n=labels.number(more))


def _clauses(group: str, counts: Iterable[tuple[str, int]], lang: str) -> str:
    """What some numbers are of, those at 0 left out."""
    return t("circular.clause", lang).join(
        t(f"circular.{group}.{code}", lang, n=labels.number(n)) for code, n in counts if n
    )


def _publication(found: Numbers, now: pl.DataFrame, data: Data, place: str, lang: str) -> Part:
    said = list(_of_publication(found, now, place, lang))
    late = late_table(now.filter(pl.col("status") == "late"), data, lang)
    statuses = statuses_table(found, lang, shares=found.due >= LEAST)
    return _part("publication", lang, said, (statuses, late))


def _of_publication(found: Numbers, now: pl.DataFrame, place: str, lang: str) -> Iterator[Said]:
    if not found.due:
        code = "none_due" if found.rostered else "none_listed"
        yield _says(code, lang, year=found.year, place=place)
    else:
        clauses = [(code, n) for code, n in found.statuses if code != "not_required"]
        told = _clauses("statuses", clauses, lang)
        code = "due" if found.rostered else "no_roster"
        said = _says(code, lang, year=found.year, place=place, due=found.due, clauses=told)
        yield Said(said.code, said.text, (*said.figures, *clauses))
        yield _share(found, lang)
    if found.unlisted and found.rostered:
        yield _says("unlisted", lang, unlisted=found.unlisted)
    if found.unplaced:
        yield _says("unplaced", lang, unplaced=found.unplaced)
    if found.reasons:
        yield _reasons(found, lang)
    if missing := now.filter(pl.col("status") == "not_found")["name"].to_list():
        yield _says("not_found", lang, names=missing)
    if unsought := found.of("not_collected"):
        yield _says("not_collected", lang, not_collected=unsought)


def _share(found: Numbers, lang: str) -> Said:
    if not found.judged:
        return _says("none_judged", lang)
    if found.judged < LEAST:
        return _says("few_judged", lang, judged=found.judged)
    share = found.of("on_time") / found.judged
    return _says("share", lang, judged=found.judged, share=share)


def _reasons(found: Numbers, lang: str) -> Said:
    known = reason_words(lang)
    told = [
        t(
            "circular.says.reason",
            lang,
            reason=known.get(code, code),
            n=labels.number(n),
        )
        for code, n in found.reasons
    ]
    said = _says("reasons", lang, reasons=t("circular.clause", lang).join(told))
    return Said(said.code, said.text, found.reasons)


def _checks(found: Numbers, lang: str) -> Part:
    ranked = found.reports >= LEAST
    table = rules_table(found, lang, ranked=ranked)
    return _part("checks", lang, _of_checks(found, lang, ranked=ranked), (table,))


def _of_checks(found: Numbers, lang: str, *, ranked: bool) -> Iterator[Said]:
    if not found.reports:
        yield _says("none_reports", lang)
        return
    read = [(name, getattr(found, name)) for name in READINGS]
    clauses = _clauses("reading", read, lang)
    said = _says("reports", lang, reports=found.reports, clauses=clauses)
    yield Said(said.code, said.text, (*said.figures, *((code, n) for code, n in read if n)))
    if not found.wrong:
        yield _none("none_wrong", found, lang)
    elif ranked:
        yield _says("wrong", lang, wrong=found.wrong, share=found.wrong / found.reports)
    else:
        yield _says("wrong_few", lang, wrong=found.wrong)
    if found.only_late:
        yield _says("only_late", lang, only_late=found.only_late)
    if found.wrong and ranked and found.unread:
        yield _says("share_unread", lang, unread=found.unread)
    grave = [rule for rule in found.rules if rule.severity == Severity.ERROR]
    worst = [rule for rule in grave if rule.reports == grave[0].reports]
    if worst and ranked and worst[0].reports > 1 and len(worst) <= TIED:
        named = [t("circular.quoted", lang, name=check_label(one.code, lang)) for one in worst]
        code = "most_one" if len(worst) == 1 else "most"
        rules = t("circular.and", lang).join(named)
        yield _says(code, lang, rules=rules, n=worst[0].reports)
    elif found.rules and not ranked:
        yield _says("few_rules", lang, least=LEAST)


def _none(code: str, found: Numbers, lang: str) -> Said:
    """That nothing was found; of reports of which nothing was read, that, and no praise."""
    if not found.reports:
        return _says("none_reports", lang)
    return _says("none_tables" if found.unread == found.reports else code, lang)


def _change(found: Numbers, lang: str) -> Part:
    return _part("change", lang, _of_change(found, lang))


def _of_change(found: Numbers, lang: str) -> Iterator[Said]:
    if not found.last:
        yield _says("no_last", lang)
        return
    for code, change in (("timely", found.timely), ("errors", found.errors)):
        yield _compared(code, change, lang) if change.same else _says(f"{code}_none", lang)


def _compared(code: str, change: Change, lang: str) -> Said:
    apart = change.now - change.before
    way = "same" if not apart else "more" if apart > 0 else "fewer"
    told = t(f"circular.change.{way}", lang, n=labels.number(abs(apart)))
    return _says(
        f"{code}_same",
        lang,
        same=change.same,
        now=change.now,
        before=change.before,
        change=told,
    )


def _commended(found: Numbers, now: pl.DataFrame, lang: str) -> Part:
    names = now.filter("commended")["name"].to_list()
    if not names:
        return _part("commended", lang, [_says("none_commended", lang)])
    return _part("commended", lang, [_says("commended", lang, names, commended=found.commended)])


def _correcting(found: Numbers, now: pl.DataFrame, lang: str) -> Part:
    if not found.correcting:
        return _part("correcting", lang, [_none("none_correcting", found, lang)])
    said = _says("correcting", lang, correcting=found.correcting)
    return _part("correcting", lang, [said], [correcting_table(now, lang)])


def _regions(now: pl.DataFrame, filters: Filters, lang: str) -> Part | None:
    table = regions_table(now, filters, lang)
    return None if table is None else _part("regions", lang, [_says("regions", lang)], [table])


def _notes(data: Data | None, lang: str) -> Part:
    said = [_says(code, lang) for code in ("note_reading", "note_missing", "note_same")]
    if data is not None:
        built = labels.moment(str(data.about.get("built_at", "")), lang)
        said.append(_says("note_made", lang, built=built))
    return _part("notes", lang, said)
