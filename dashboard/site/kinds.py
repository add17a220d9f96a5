"""The kinds of pages and files that a site has: a new one is a function and its line here.

A kind takes what was gathered and hands out files: their addresses, and what is in them. It
draws a page by `gathered.draw(address, template, **names)`, which puts it into its language's
folder; what a kind of a language hands out undrawn begins with `gathered.folder`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set

import msgspec

from dashboard.data import documents_stored
from dashboard.site import cards, compare, heads, open_pages, pages
from dashboard.site.gather import Gathered

File = tuple[str, bytes]
Kind = Callable[[Gathered], Iterator[File]]
SomeKind = Callable[[Sequence[Gathered], Sequence[str]], Iterator[File]]

OF_A_LANGUAGE: dict[str, Kind] = {
    "home": pages.home,
    "indicators": pages.indicators,
    "agencies": pages.agencies,
    "regions": pages.regions,
    "coverage": pages.coverage,
    "rules": pages.rules,
    "about": pages.about,
    "reports": pages.reports_room,
    "words": pages.words_room,
    "compare": compare.room,
    "data": open_pages.data,
    "feed": open_pages.feed,
    "corrections": open_pages.corrections,
    "glossary": open_pages.glossary,
    "publisher": open_pages.publisher,
}
"""Made once a language; those that read the same stand together: see `narrow.READ_BY`."""

AFTER_DATA = ("data", "feed", "publisher")
"""Those that tell of the open data, so that it is made before them."""

OF_NONE: dict[str, Kind] = {
    "lost": pages.lost,
    "list": pages.list_files,
    "search": pages.search_files,
    "static": pages.static,
    "robots": heads.robots,
}
"""Made once, for all languages; `gathered` is then that of the site's first language."""

OF_REPORTS: dict[str, SomeKind] = {"cards": cards.pages}
"""Made some reports at a time, all languages together: what was gathered, and documents' ids."""

OF_AGENCIES: dict[str, SomeKind] = {
    "agency": pages.agency,
    "agency_data": pages.agency_data,
    "years": compare.consecutive,
    "compared": compare.agency_files,
}
"""Made some agencies at a time, likewise: what was gathered, and agencies' ids."""

OF_REGIONS: dict[str, SomeKind] = {"region": pages.region}
"""Made some regions at a time, likewise: what was gathered, and divisions' codes."""

_REPORTS, _AGENCIES, _REGIONS = 200, 100, 50


class Task(msgspec.Struct, frozen=True):
    """A part of a site: a kind, in which of its languages, and which reports, agencies, regions."""

    kind: str
    lang: int = 0
    some: tuple[str, ...] = ()


def agencies_paged(gathered: Gathered) -> tuple[str, ...]:
    """The ids of the agencies that have a page."""
    return tuple(gathered.data.agencies.rows["agency_id"])


def tasks(
    gathered: Sequence[Gathered],
    reports: Set[str] = frozenset(),
    agencies_done: Set[str] = frozenset(),
    regions_done: Set[str] = frozenset(),
    kinds_done: Set[str] = frozenset(),
) -> list[Task]:
    """All of a site, what takes longest first.

    Args:
        gathered: What was gathered, in each language.
        reports: Documents whose files are there already.
        agencies_done: Agencies likewise.
        regions_done: Regions likewise.
        kinds_done: Kinds likewise.
    """
    documents = tuple(one for one in documents_stored(gathered[0].data) if one not in reports)
    agencies = tuple(one for one in agencies_paged(gathered[0]) if one not in agencies_done)
    regions = tuple(one for one in gathered[0].places if one not in regions_done)
    found = [Task(kind) for kind in OF_NONE]
    found += [Task(kind, lang) for kind in OF_A_LANGUAGE for lang in range(len(gathered))]
    found = [task for task in found if task.kind not in kinds_done]
    for kinds, every, size in (
        (OF_REGIONS, regions, _REGIONS),
        (OF_AGENCIES, agencies, _AGENCIES),
        (OF_REPORTS, documents, _REPORTS),
    ):
        found += [
            Task(kind, some=every[at : at + size])
            for kind in kinds
            for at in range(0, len(every), size)
        ]
    return found


def files_of(gathered: Sequence[Gathered], task: Task) -> Iterator[File]:
    """The files of a part of a site, each as its address and content."""
    if task.kind in OF_A_LANGUAGE:
        return OF_A_LANGUAGE[task.kind](gathered[task.lang].only(task.kind))
    if task.kind in OF_NONE:
        return OF_NONE[task.kind](gathered[0].only(task.kind))
    # What a kind that reads little was made from isn't asked for any more.
    gathered[0].narrow.clear()
    return (OF_REPORTS | OF_AGENCIES | OF_REGIONS)[task.kind](gathered, task.some)
