"""The kinds of pages and files that a site has: a new one is a function and its line here.

A kind takes what was gathered and hands out files: their addresses, and what is in them. It
draws a page by `gathered.draw(address, template, **names)`. Addresses are below the language's
own folder for what is of a language, and below the site's for what is of none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dashboard.site import compare, pages
from dashboard.site.gather import Gathered

File = tuple[str, bytes]
Kind = Callable[[Gathered], Iterator[File]]

OF_A_LANGUAGE: dict[str, Kind] = {
    "home": pages.home,
    "agencies": pages.agencies,
    "coverage": pages.coverage,
    "regions": pages.regions,
    "rules": pages.rules,
    "about": pages.about,
    "reports": pages.reports_room,
    "words": pages.words_room,
    "data": pages.data,
    "agency": pages.agency,
    "cards": pages.cards_of_reports,
    "compare": compare.consecutive,
    "comparing": compare.room,
}
"""Made once a language."""

OF_NONE: dict[str, Kind] = {
    "lost": pages.lost,
    "tables": pages.tables_of_data,
    "list": pages.list_files,
    "search": pages.search_files,
    "compared": compare.agency_files,
    "static": pages.static,
}
"""Made once, for all languages; `gathered` is then that of the site's first language."""


def files_of(gathered: Sequence[Gathered]) -> Iterator[File]:
    """Every file of the site as its address and content."""
    for one in gathered:
        for kind in OF_A_LANGUAGE.values():
            yield from kind(one)
    for kind in OF_NONE.values():
        yield from kind(gathered[0])
