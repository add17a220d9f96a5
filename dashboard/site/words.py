"""All points in, the site's lists of problems and improvements out: by year, region and theme.

What needs no script: pages of a hundred reports, the newest first, each list with its CSV.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from dashboard import labels
from dashboard.labels import t
from dashboard.site import addresses
from dashboard.site.index import rows_by_order
from dashboard.texts import Texts
from dashboard.views import region_options, theme_table, to_csv
from dashboard.views.filters import UNKNOWN, Filters
from dashboard.views.records import ThemeTable, WordsRow
from dashboard.views.words import taken
from dashboard.views.words_rows import words_row
from govreport_core.search import Query

PAGE = 40
# So many of the newest reports stand on the room's first page.
NEWEST = 12


class Listing(msgspec.Struct, frozen=True):
    """A list of points, over several pages.

    Attributes:
        rows: The reports of this page.
        before: The address of the page before it, `after` that of the next.
        table: The address of the list's CSV, whose rows are all of the list.
    """

    title: str
    address: str
    rows: tuple[WordsRow, ...]
    reports: int
    points: int
    page: int
    pages: int
    before: str | None
    after: str | None
    table: str


class Choice(msgspec.Struct, frozen=True):
    """A link to a list, and how many reports it has."""

    label: str
    address: str
    reports: int


class Room(msgspec.Struct, frozen=True):
    """The room's first page."""

    themes: ThemeTable
    years: tuple[Choice, ...]
    regions: tuple[Choice, ...]
    rows: tuple[WordsRow, ...]
    linked: frozenset[str]


class Lists(msgspec.Struct, frozen=True):
    """Everything the lists are made from: each list's title and the reports it has, by address."""

    rows: dict[int, WordsRow]
    room: Room
    listed: tuple[tuple[str, str, tuple[int, ...], str], ...]


def lists(texts: Texts, lang: str) -> Lists:
    """Which lists there are."""
    cards = texts.reports.to_dicts()
    rows = {
        order: words_row(
            cards[order],
            [row | {"number": n} for n, row in enumerate(points, 1)],
            Query(),
            lang,
        )
        for order, points in sorted(rows_by_order(texts, "points").items())
    }
    years = _by(rows, lambda order: _word(cards[order]["year"]))
    regions = _by(rows, lambda order: _word(cards[order]["region_code"]))
    codes = dict.fromkeys(
        code for row in rows.values() for hit in _hits(row) for code, _ in hit.themes
    )
    themes = theme_table(texts, Filters(), lang)
    listed = [
        (addresses.words("year", year), _year(year, lang), mine, "") for year, mine in years.items()
    ]
    names = {option.value: option.label for option in region_options(texts.data, lang)}
    listed += [
        (addresses.words("region", code), _region(code, names, lang), mine, "")
        for code, mine in sorted(regions.items())
    ]
    linked = {*codes, UNKNOWN} if codes else set[str]()
    for row in themes.rows:
        if row.code in linked:
            mine = tuple(
                n for n, one in rows.items() if any(_is_of(h, row.code) for h in _hits(one))
            )
            title = t("words.site.of_theme", lang, theme=row.label)
            listed.append((addresses.words("theme", row.code), title, mine, row.code))
    room = Room(
        themes,
        tuple(
            Choice(_label(year, lang), addresses.words("year", year), len(mine))
            for year, mine in years.items()
        ),
        tuple(
            Choice(names.get(code, code), addresses.words("region", code), len(mine))
            for code, mine in sorted(regions.items())
        ),
        tuple(rows.values())[:NEWEST],
        frozenset(linked),
    )
    return Lists(rows, room, tuple(listed))


def listings(found: Lists) -> Iterator[Listing]:
    """The pages of all lists."""
    for address, title, orders, theme in found.listed:
        rows = [_narrowed(found.rows[order], theme) for order in orders]
        pages = max(1, -(-len(rows) // PAGE))
        every = [addresses.numbered(address, page) for page in range(1, pages + 1)]
        points = sum(len(_hits(row)) for row in rows)
        for at, here in enumerate(every):
            yield Listing(
                title=title,
                address=here,
                rows=tuple(rows[at * PAGE : (at + 1) * PAGE]),
                reports=len(rows),
                points=points,
                page=at + 1,
                pages=pages,
                before=every[at - 1] if at else None,
                after=every[at + 1] if at + 1 < pages else None,
                table=address.removesuffix(".html") + ".csv",
            )


def tables(found: Lists, lang: str) -> Iterator[tuple[str, bytes]]:
    """The CSV of each list: exactly its rows, links relative to the site's root."""
    for address, _, orders, theme in found.listed:
        rows = tuple(_narrowed(found.rows[order], theme) for order in orders)
        frame = taken(rows, lang, lambda report, _: addresses.report(report))
        linked = frame.with_columns(link=frame["link"] + "#point-" + frame["point_id"])
        yield address.removesuffix(".html") + ".csv", to_csv(linked)


def _by(rows: dict[int, WordsRow], name: Any) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for order in rows:
        found.setdefault(name(order), []).append(order)
    return {word: tuple(orders) for word, orders in found.items()}


def _word(value: object) -> str:
    return UNKNOWN if value is None else str(value)


def _label(year: str, lang: str) -> str:
    return labels.year(None if year == UNKNOWN else int(year), lang)


def _year(year: str, lang: str) -> str:
    return t("words.site.of_year", lang, year=_label(year, lang))


def _region(code: str, names: dict[str, str], lang: str) -> str:
    return t("words.site.of_region", lang, region=names.get(code, code))


def _hits(row: WordsRow) -> Sequence[Any]:
    return (*row.problems, *row.improvements)


def _is_of(hit: Any, theme: str) -> bool:
    codes = [code for code, _ in hit.themes]
    return theme in codes or (theme == UNKNOWN and not codes)


def _narrowed(row: WordsRow, theme: str) -> WordsRow:
    """The report with the points of that theme alone."""
    if not theme:
        return row
    return msgspec.structs.replace(
        row,
        problems=tuple(hit for hit in row.problems if _is_of(hit, theme)),
        improvements=tuple(hit for hit in row.improvements if _is_of(hit, theme)),
    )
