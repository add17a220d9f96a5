"""All points in, the site's lists of problems and improvements out: by year, region and theme.

What needs no script: pages of a hundred reports, the newest first, each list with its CSV.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec
import polars as pl

from dashboard import labels
from dashboard.labels import t
from dashboard.site import addresses
from dashboard.site.aside import Aside
from dashboard.site.index import AT_ONCE, rows_by_order
from dashboard.texts import Texts
from dashboard.views import region_options, theme_table
from dashboard.views.filters import UNKNOWN, Filters
from dashboard.views.heads import headed
from dashboard.views.records import ThemeTable, WordsRow
from dashboard.views.records.words import PointHit
from dashboard.views.words import taken
from dashboard.views.words_rows import words_row
from govreport_core.dataset.export import csv_stretch
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
    """Everything the lists are made from.

    Attributes:
        rows: What each report says, packed; nothing of one without points.
        themes: The codes of the themes of each of its points.
        listed: Each list's address and title, the reports it has, and its theme if it is of one.
    """

    rows: Aside
    themes: dict[int, tuple[tuple[str, ...], ...]]
    room: Room
    listed: tuple[tuple[str, str, tuple[int, ...], str], ...]

    def of(self, orders: Iterable[int], theme: str = "") -> tuple[WordsRow, ...]:
        """What some reports say, with the points of a theme alone."""
        return tuple(_narrowed(_unpacked(self.rows, order), theme) for order in orders)

    def points(self, orders: Iterable[int], theme: str) -> int:
        """How many points of a theme some reports have; of all where it is empty."""
        every = (codes for order in orders for codes in self.themes[order])
        return sum(not theme or _is_of(codes, theme) for codes in every)


@contextlib.contextmanager
def lists(texts: Texts, lang: str, folder: Path) -> Iterator[Lists]:
    """Which lists there are, as long as their rows' file in the folder is open."""
    with Aside(folder) as rows:
        yield _lists(texts, lang, rows)


def _lists(texts: Texts, lang: str, rows: Aside) -> Lists:
    said: dict[int, tuple[tuple[str, ...], ...]] = {}
    # Very many points are of the same themes.
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for at in range(0, texts.reports.height, AT_ONCE):
        cards = texts.reports.slice(at, AT_ONCE).to_dicts()
        for order, points in sorted(rows_by_order(texts, "points", at, AT_ONCE).items()):
            numbered = [row | {"number": n} for n, row in enumerate(points, 1)]
            told = words_row(cards[order - at], numbered, Query(), lang)
            while len(rows) < order:
                rows.add(b"")
            rows.add(msgspec.msgpack.encode(told))
            hits = (tuple(_codes(hit)) for hit in (*told.problems, *told.improvements))
            said[order] = tuple(known.setdefault(codes, codes) for codes in hits)
    years, regions = (_by(said, texts.reports[name]) for name in ("year", "region_code"))
    codes = dict.fromkeys(code for some in said.values() for one in some for code in one)
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
            mine = tuple(n for n, one in said.items() if any(_is_of(c, row.code) for c in one))
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
        tuple(_unpacked(rows, order) for order in islice(said, NEWEST)),
        frozenset(linked),
    )
    return Lists(rows, said, room, tuple(listed))


def listings(found: Lists) -> Iterator[Listing]:
    """The pages of all lists."""
    for address, title, orders, theme in found.listed:
        pages = max(1, -(-len(orders) // PAGE))
        every = [addresses.numbered(address, page) for page in range(1, pages + 1)]
        points = found.points(orders, theme)
        for at, here in enumerate(every):
            yield Listing(
                title=title,
                address=here,
                rows=found.of(orders[at * PAGE : (at + 1) * PAGE], theme),
                reports=len(orders),
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
        pieces = []
        for at in range(0, max(1, len(orders)), AT_ONCE):
            frame = taken(found.of(orders[at : at + AT_ONCE], theme), lang, _to_report)
            linked = frame.with_columns(link=frame["link"] + "#point-" + frame["point_id"])
            pieces.append(csv_stretch(headed(linked, "words", lang), head=not at))
        yield address.removesuffix(".html") + ".csv", b"".join(pieces)


def _to_report(report: str, _: str) -> str:
    return addresses.report(report)


def _unpacked(rows: Aside, order: int) -> WordsRow:
    return msgspec.msgpack.decode(rows.read(order, order + 1)[0], type=WordsRow)


def _by(orders: Iterable[int], column: pl.Series) -> dict[str, tuple[int, ...]]:
    """Some reports by what a column says of them."""
    words = column.to_list()
    found: dict[str, list[int]] = {}
    for order in orders:
        found.setdefault(_word(words[order]), []).append(order)
    return {word: tuple(mine) for word, mine in found.items()}


def _word(value: object) -> str:
    return UNKNOWN if value is None else str(value)


def _label(year: str, lang: str) -> str:
    return labels.year(None if year == UNKNOWN else int(year), lang)


def _year(year: str, lang: str) -> str:
    return t("words.site.of_year", lang, year=_label(year, lang))


def _region(code: str, names: dict[str, str], lang: str) -> str:
    return t("words.site.of_region", lang, region=names.get(code, code))


def _is_of(codes: Sequence[str], theme: str) -> bool:
    return theme in codes or (theme == UNKNOWN and not codes)


def _narrowed(row: WordsRow, theme: str) -> WordsRow:
    """The report with the points of that theme alone."""
    if not theme:
        return row
    return msgspec.structs.replace(
        row,
        problems=tuple(hit for hit in row.problems if _is_of(_codes(hit), theme)),
        improvements=tuple(hit for hit in row.improvements if _is_of(_codes(hit), theme)),
    )


def _codes(hit: PointHit) -> list[str]:
    return [code for code, _ in hit.themes]
