"""An earlier site in, those of its pages that would be the same again out: linked, not drawn.

Beside its pages a site has a file that isn't shown, with what each report's, agency's, region's and
some kinds' pages were made from (`inputs`), and where links lead. It has no times and no paths of a
machine.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from dashboard.site import addresses
from dashboard.site.gather import Gathered
from dashboard.site.hashes import Packed
from dashboard.site.inputs import Inputs
from dashboard.site.links import Links, placed
from dashboard.site.options import Options
from dashboard.site.render import Told
from dashboard.site.write import Made

NAME = ".made"
_AT_ONCE = 4096


class Kept(msgspec.Struct, frozen=True):
    """What a site keeps of its reports', agencies', regions' and some kinds' files.

    Attributes:
        inputs: The digests of what they were made from.
        kinds: The kinds' files.
        sizes: Bytes of each, by its address.
        names: Where links lead: theirs, and those of all pages that lead to them.
        leads: Of their pages the places of these in `names`, by page: see `Links`.
        warnings: Lines about them, each beginning with the address.
        sound: Whether no link of the site led nowhere.
        told: Of pages of lists, hashes of what they were drawn from and of themselves.
        rows: Hashes of the dataset's rows, by the file that they stand in.
    """

    inputs: Inputs = Inputs()
    kinds: dict[str, list[str]] = {}
    sizes: dict[str, int] = {}
    names: list[str] = []
    leads: dict[str, bytes] = {}
    warnings: list[str] = []
    sound: bool = False
    told: dict[str, Told] = {}
    rows: Packed = Packed()


class Units(msgspec.Struct, frozen=True):
    """The addresses of the files that reports, agencies and regions may have.

    By the report's document, by the agency's id and by the region's code.
    """

    reports: dict[str, list[str]]
    agencies: dict[str, list[str]]
    regions: dict[str, list[str]]


def units(gathered: Gathered, agencies: Sequence[str], options: Options) -> Units:
    """Which files are of which report, agency or region.

    Args:
        gathered: That of any language of the site.
        agencies: The ids of those that have a page.
        options: The site's.
    """
    of_agency = {agency: _of_agency(agency, options) for agency in agencies}
    reports = {}
    rows = gathered.data.reports.select("document_id", "report_id", "agency_id").collect()
    for document, report, agency in rows.iter_rows():
        pages = (addresses.report(report), addresses.beside(report))
        reports[document] = [*_pages(pages, options), *_taken(pages[0])]
        of_agency.setdefault(agency, []).extend(_pages([addresses.compare(report)], options))
    regions = {code: list(_of_region(code, options)) for code in gathered.places}
    return Units(reports, of_agency, regions)


def _of_agency(agency: str, options: Options) -> list[str]:
    page = addresses.agency(agency)
    return [*_pages([page], options), *_taken(page), addresses.compare_file(agency)]


def _of_region(code: str, options: Options) -> Iterator[str]:
    return _pages([of(code) for of in addresses.OF_REGION], options)


def _pages(pages: Sequence[str], options: Options) -> Iterator[str]:
    return (options.folder(lang) + page for lang in options.langs for page in pages)


def _taken(page: str) -> list[str]:
    return [addresses.file_of(page, ending) for ending in ("json", "csv")]


def earlier(site: Path) -> Kept:
    """What a site has kept; nothing where there is none, or another program's."""
    try:
        return msgspec.msgpack.decode(zlib.decompress((site / NAME).read_bytes()), type=Kept)
    except (OSError, zlib.error, msgspec.DecodeError):
        return Kept()


def carried(
    before: Kept, site: Path, fresh: Path, now: Inputs, mine: Units
) -> tuple[Made, Set[str], list[frozenset[str]]]:
    """Link the files that are made from the same as in an earlier site.

    Args:
        before: What the earlier site has kept.
        site: The earlier one; it may be missing.
        fresh: The folder that is made.
        now: What the pages will be made from.
        mine: Which files are whose.

    Returns:
        What the files came to; where links are known to lead somewhere, as long as they lead to
        one of these; and whose they are: documents, agencies, regions, kinds.
    """
    made = Made()
    made.links.names |= zip(before.names, range(len(before.names)), strict=True)
    done: list[frozenset[str]] = []
    folders: set[str] = set()
    for was, is_, of in (
        (before.inputs.reports, now.reports, mine.reports),
        (before.inputs.agencies, now.agencies, mine.agencies),
        (before.inputs.regions, now.regions, mine.regions),
        (before.inputs.kinds, now.kinds, before.kinds),
    ):
        same = (one for one, digest in is_.items() if one in of and was.get(one) == digest)
        done.append(
            frozenset(one for one in same if _linked(of[one], before, site, fresh, made, folders))
        )
    made.kinds |= {kind: before.kinds[kind] for kind in done[-1]}
    made.warnings += _about(before.warnings, made.sizes.keys())
    return made, frozenset(before.names if before.sound else ()), done


def _linked(
    files: Sequence[str], before: Kept, site: Path, fresh: Path, made: Made, folders: set[str]
) -> bool:
    """Whether all that the earlier site had of some files is still there, and was linked."""
    there = [address for address in files if address in before.sizes]
    try:
        if not there or any(os.stat(f"{site}/{one}").st_size != before.sizes[one] for one in there):
            return False
        for address in there:
            # Paths as objects would take as long as the links do.
            folder = f"{fresh}/{address}".rpartition("/")[0]
            if folder not in folders:
                os.makedirs(folder, exist_ok=True)
                folders.add(folder)
            os.link(f"{site}/{address}", f"{fresh}/{address}")
    except OSError:
        return False
    for address in there:
        made.take(address, before.sizes[address], before.leads.get(address))
    return True


def file(made: Made, now: Inputs, mine: Units, rows: Packed, *, sound: bool) -> tuple[str, bytes]:
    """What the next build is told of files that it may link: its address and content.

    Args:
        made: What all its files came to.
        now: What they were made from.
        mine: Which files are whose.
        rows: Hashes of the dataset's rows, by the file that they stand in.
        sound: Whether no link leads nowhere.
    """
    whose = (mine.reports, mine.agencies, mine.regions, made.kinds)
    every = chain.from_iterable(chain.from_iterable(one.values() for one in whose))
    files = sorted(one for one in every if one in made.sizes)
    there = set(files)
    led = made.links.leads
    pages = [one for one in files if one in led]
    names, leads = _named([led[one] for one in pages], made.links, there)
    found = Kept(
        inputs=Inputs(*map(_sorted, msgspec.structs.astuple(now))),
        kinds={kind: sorted(some) for kind, some in sorted(made.kinds.items())},
        sizes={one: made.sizes[one] for one in files},
        names=names,
        leads=dict(zip(pages, leads, strict=True)),
        warnings=sorted(_about(made.warnings, set(files))),
        sound=sound,
        told=_sorted(made.told),
        rows=rows,
    )
    return NAME, zlib.compress(msgspec.msgpack.encode(found), 1)


def _named(leads: Sequence[bytes], links: Links, files: Set[str]) -> tuple[list[str], list[bytes]]:
    """Where some pages lead and any leads to some files, by name; and the pages' places in these.

    Args:
        leads: Of the pages what `Links.leads` has of them.
        links: Of all pages.
        files: The addresses of the files.
    """
    names = list(links.names)
    mine, every = (np.zeros(len(names), bool) for _ in range(2))
    for some in _some(leads):
        mine[placed(b"".join(some))] = True
    # An earlier site's links are there by name, too, where no page has them any more.
    for some in _some([*links.leads.values()]):
        every[placed(b"".join(some))] = True
    used = [names[place] for place in np.flatnonzero(mine).tolist()]
    others = (names[place] for place in np.flatnonzero(every & ~mine).tolist())
    used += [name for name in others if name.partition("#")[0] in files]
    order = sorted(range(len(used)), key=used.__getitem__)
    place_of = np.empty(len(used), np.uint64)
    place_of[order] = np.arange(len(used), dtype=np.uint64)
    places = np.zeros(len(names), np.uint64)
    places[mine] = place_of[: np.count_nonzero(mine)]
    each = [told for some in _some(leads) for told in _placed(some, places)]
    return [used[place] for place in order], each


def _some(leads: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """What some thousands of pages lead to: all at once would be the most that a site holds."""
    return (leads[at : at + _AT_ONCE] for at in range(0, len(leads), _AT_ONCE))


def _placed(leads: Sequence[bytes], places: npt.NDArray[np.uint64]) -> Iterator[bytes]:
    """The same of some pages by other places, each page's in their order."""
    told = placed(b"".join(leads))
    ends = np.cumsum([len(one) for one in leads], dtype=np.int64)
    # A page's number stands before its places, so that all are put in order at once.
    pages = np.arange(len(leads), dtype=np.uint64) << 32
    found = np.repeat(pages, np.diff(ends, prepend=0) // told.itemsize) | places[told]
    found.sort()
    packed = found.astype("<u4").tobytes()
    return (packed[at:end] for at, end in pairwise([0, *ends.tolist()]))


def _sorted(digests: Mapping[Any, Any]) -> dict[Any, Any]:
    return dict(sorted(digests.items()))


def _about(warnings: Sequence[str], files: Set[str]) -> Iterator[str]:
    return (line for line in warnings if line.partition(": ")[0] in files)
