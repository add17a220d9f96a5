"""The kinds of pages and files that a site has: a new one is a function and its line here.

A kind takes what was gathered and hands out files: their addresses, and what is in them. It
draws a page by `gathered.draw(address, template, **names)`, which puts it into its language's
folder; what a kind of a language hands out undrawn begins with `gathered.folder`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set

import msgspec

from dashboard.data import documents_stored
from dashboard.site import cards, compare, heads, open_pages, pages
from dashboard.site.gather import STRETCH, STRETCHES, Gathered, Gathering

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

_REPORTS, _AGENCIES, _REGIONS = 100, 100, 50


class Task(msgspec.Struct, frozen=True):
    """A part of a site: a kind, in which of its languages, and which reports, agencies, regions.

    `near` are the agencies of the stretch that these are of: see `Gathering.near`.
    """

    kind: str
    lang: int = 0
    some: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


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
    regions = tuple(one for one in gathered[0].places if one not in regions_done)
    found = [Task(kind) for kind in OF_NONE]
    found += [Task(kind, lang) for kind in OF_A_LANGUAGE for lang in range(len(gathered))]
    found = [task for task in found if task.kind not in kinds_done]
    found += _some(OF_REGIONS, regions, _REGIONS)
    stretches = list(_stretches(gathered[0]))
    for agencies, documents in stretches:
        near = agencies if len(stretches) > 1 else ()
        new = [one for one in agencies if one not in agencies_done]
        found += _some(OF_AGENCIES, new, _AGENCIES, near)
        new = [one for one in documents if one not in reports]
        found += _some(OF_REPORTS, new, _REPORTS, near)
    return found


def _some(
    kinds: Iterable[str], every: Sequence[str], size: int, near: tuple[str, ...] = ()
) -> Iterator[Task]:
    for kind in kinds:
        for at in range(0, len(every), size):
            yield Task(kind, some=tuple(every[at : at + size]), near=near)


def _stretches(gathered: Gathered) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Agencies and the documents of their reports: these as they are stored, so many at a time.

    Agencies stand together whose reports do, in most years.
    """
    data = gathered.data
    whose = dict(data.reports.select("document_id", "agency_id").collect().iter_rows())
    mine: dict[str, list[int]] = {}
    documents = documents_stored(data)
    for place, document in enumerate(documents):
        mine.setdefault(whose[document], []).append(place)
    for agency in agencies_paged(gathered):
        mine.setdefault(agency, [])
    size = max(STRETCH, len(documents) // STRETCHES)
    agencies: list[str] = []
    places: list[int] = []
    for agency, some in mine.items():
        if len(places) >= size:
            yield tuple(agencies), [documents[place] for place in sorted(places)]
            agencies, places = [], []
        agencies.append(agency)
        places += some
    yield tuple(agencies), [documents[place] for place in sorted(places)]


def files_of(gathering: Gathering, task: Task) -> Iterator[File]:
    """The files of a part of a site, each as its address and content."""
    if task.kind in OF_A_LANGUAGE:
        return OF_A_LANGUAGE[task.kind](gathering.of(task.kind)[task.lang])
    if task.kind in OF_NONE:
        return OF_NONE[task.kind](gathering.of(task.kind)[0])
    return (OF_REPORTS | OF_AGENCIES | OF_REGIONS)[task.kind](gathering.near(task.near), task.some)
