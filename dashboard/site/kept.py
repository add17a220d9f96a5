"""An earlier site in, those of its pages that would be the same again out: linked, not drawn.

Beside its pages a site has a file that isn't shown, with what each report's, agency's, region's and
some kinds' pages were made from (`inputs`), and where links lead. It has no times and no paths of a
machine.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from dashboard.data import documents_stored
from dashboard.site import addresses
from dashboard.site.gather import Gathered
from dashboard.site.hashes import Packed
from dashboard.site.inputs import Inputs
from dashboard.site.links import placed
from dashboard.site.options import Options
from dashboard.site.parts import Files, Hashed, Part, Parts, among, hashed
from dashboard.site.render import Told
from dashboard.site.write import Made

_T = TypeVar("_T")
NAME = ".made"
# What a part of it is of: some kinds of the site's own parts are of as many.
_REPORTS, _AGENCIES, _REGIONS = 200, 100, 50


class Kept(msgspec.Struct, frozen=True):
    """What a site keeps of its reports', agencies', regions' and some kinds' files.

    Attributes:
        inputs: The digests of what they were made from.
        kinds: The kinds' files.
        others: Where links of other pages lead to them.
        warnings: Lines about them, each beginning with the address.
        sound: Whether no link of the site led nowhere.
        told: Of pages of lists, hashes of what they were drawn from and of themselves.
        rows: Hashes of the dataset's rows, by the file that they stand in.
        parts: What they came to, packed: some reports, agencies or regions each, or a kind.
    """

    inputs: Inputs = Inputs()
    kinds: dict[str, list[str]] = {}
    others: list[str] = []
    warnings: list[str] = []
    sound: bool = False
    told: dict[str, Told] = {}
    rows: Packed = Packed()
    parts: list[bytes] = []


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    """The same in its file: all but the parts, and these."""

    head: bytes
    parts: list[bytes]


class Units(msgspec.Struct, frozen=True):
    """Which files reports, agencies and regions may have: listed when they are asked for.

    Attributes:
        reports: The reports' ids, by their documents.
        agencies: Those of an agency's reports, by the agency's id.
        regions: The codes of regions.
        options: The site's.
    """

    reports: dict[str, str]
    agencies: dict[str, list[str]]
    regions: Set[str]
    options: Options

    def of_report(self, document: str) -> list[str]:
        """The addresses of a report's files."""
        report = self.reports[document]
        pages = (addresses.report(report), addresses.beside(report))
        return [*_pages(pages, self.options), *_taken(pages[0])]

    def of_agency(self, agency: str) -> list[str]:
        """Of an agency's."""
        page = addresses.agency(agency)
        reports = [addresses.compare(report) for report in self.agencies[agency]]
        own = [*_pages([page], self.options), *_taken(page), addresses.compare_file(agency)]
        return [*own, *_pages(reports, self.options)]

    def of_region(self, code: str) -> list[str]:
        """Of a region's."""
        return [*_pages([of(code) for of in addresses.OF_REGION], self.options)]


def units(gathered: Gathered, agencies: Sequence[str], options: Options) -> Units:
    """Which files are of which report, agency or region.

    Args:
        gathered: That of any language of the site.
        agencies: The ids of those that have a page.
        options: The site's.
    """
    of_agency: dict[str, list[str]] = {agency: [] for agency in agencies}
    rows = gathered.data.reports.select("document_id", "report_id", "agency_id").collect()
    reports = dict(zip(rows["document_id"], rows["report_id"], strict=True))
    reports = {document: reports[document] for document in documents_stored(gathered.data)}
    for report, agency in rows.select("report_id", "agency_id").iter_rows():
        of_agency.setdefault(agency, []).append(report)
    return Units(reports, of_agency, frozenset(gathered.places), options)


def _pages(pages: Sequence[str], options: Options) -> Iterator[str]:
    return (options.folder(lang) + page for lang in options.langs for page in pages)


def _taken(page: str) -> list[str]:
    return [addresses.file_of(page, ending) for ending in ("json", "csv")]


def earlier(site: Path) -> Kept:
    """What a site has kept; nothing where there is none, or another program's."""
    try:
        packed = msgspec.msgpack.decode((site / NAME).read_bytes(), type=_Packed)
        found = msgspec.msgpack.decode(zlib.decompress(packed.head), type=Kept)
    except (OSError, zlib.error, msgspec.DecodeError):
        return Kept()
    return msgspec.structs.replace(found, parts=packed.parts)


def _parts(before: Kept) -> Iterator[Part]:
    """What an earlier site's files came to."""
    return (msgspec.msgpack.decode(zlib.decompress(one), type=Part) for one in before.parts)


class Carried(NamedTuple):
    """What was linked of an earlier site.

    Attributes:
        made: What the files came to, but for what `parts` were told.
        files: Hashes of their addresses, in order.
        known: Hashes of where links are known to lead somewhere, as long as they lead to one of
            these; in order.
        done: Whose they are: documents, agencies, regions, kinds.
    """

    made: Made
    files: Hashed
    known: Hashed
    done: list[frozenset[str]]


def carried(
    before: Kept, site: Path, fresh: Path, now: Inputs, mine: Units, parts: Parts
) -> Carried:
    """Link the files that are made from the same as in an earlier site.

    Args:
        before: What the earlier site has kept.
        site: The earlier one; it may be missing.
        fresh: The folder that is made.
        now: What the pages will be made from.
        mine: Which files are whose.
        parts: Those of the site that is made, which are told of the files.
    """
    there, names = Files(), [hashed(before.others)]
    for number, part in enumerate(_parts(before)):
        there.add(number, part.sizes)
        names.append(hashed(part.names))
    done: list[frozenset[str]] = []
    files: list[Hashed] = [hashed(())]
    folders: set[str] = set()
    for was, is_, of, which in (
        (before.inputs.reports, now.reports, mine.reports, mine.of_report),
        (before.inputs.agencies, now.agencies, mine.agencies, mine.of_agency),
        (before.inputs.regions, now.regions, mine.regions, mine.of_region),
        (before.inputs.kinds, now.kinds, before.kinds, before.kinds.__getitem__),
    ):
        linked: set[str] = set()
        same = [one for one, digest in is_.items() if one in of and was.get(one) == digest]
        for one, sizes in _sized(same, which, there):
            if _linked(sizes, site, fresh, folders):
                linked.add(one)
                files.append(hashed(sizes))
        done.append(frozenset(linked))
    every = np.sort(np.concatenate(files))
    made = Made(kinds={kind: before.kinds[kind] for kind in done[-1]})
    made.told = _only(before.told, every)
    made.warnings += _about(before.warnings, every)
    for part in _parts(before):
        sizes = _only(part.sizes, every)
        leads = {page: led for page, led in part.leads.items() if page in sizes}
        made.pages += len(leads)
        made.size += sum(sizes.values())
        parts.add(Part(sizes, part.names, leads))
    known = np.unique(np.concatenate(names)) if before.sound else hashed(())
    return Carried(made, every, known, done)


def _sized(
    some: Sequence[str], which: Callable[[str], Sequence[str]], there: Files
) -> Iterator[tuple[str, dict[str, int]]]:
    """The files of some reports or the like that are there, with their bytes."""
    for at in range(0, len(some), _REPORTS):
        each = {one: which(one) for one in some[at : at + _REPORTS]}
        every = [*chain.from_iterable(each.values())]
        sizes = there.sizes(every)
        for one, files in each.items():
            yield one, {file: sizes[file] for file in files if file in sizes}


def _only(told: Mapping[str, _T], files: Hashed) -> dict[str, _T]:
    """What is told of those of some files that are among others."""
    there = among(hashed(told), files).tolist()
    return {one: of for (one, of), is_ in zip(told.items(), there, strict=True) if is_}


def _linked(files: Mapping[str, int], site: Path, fresh: Path, folders: set[str]) -> bool:
    """Whether all that the earlier site had of some files is still there, and was linked."""
    try:
        if not files or any(
            os.stat(f"{site}/{one}").st_size != size for one, size in files.items()
        ):
            return False
        for address in files:
            # Paths as objects would take as long as the links do.
            folder = f"{fresh}/{address}".rpartition("/")[0]
            if folder not in folders:
                os.makedirs(folder, exist_ok=True)
                folders.add(folder)
            os.link(f"{site}/{address}", f"{fresh}/{address}")
    except OSError:
        return False
    return True


def file(
    made: Made, parts: Parts, now: Inputs, mine: Units, rows: Packed, *, sound: bool
) -> tuple[str, bytes]:
    """What the next build is told of files that it may link: its address and content.

    Args:
        made: What all the site's files came to.
        parts: Its parts.
        now: What they were made from.
        mine: Which files are whose.
        rows: Hashes of the dataset's rows, by the file that they stand in.
        sound: Whether no link leads nowhere.
    """
    files, packed = [hashed(())], []
    for some in _together(mine, made.kinds):
        if part := _one(some, parts):
            files.append(hashed(part.sizes))
            packed.append(zlib.compress(msgspec.msgpack.encode(part), 1))
    every = np.sort(np.concatenate(files))
    found = Kept(
        inputs=Inputs(*map(_sorted, msgspec.structs.astuple(now))),
        kinds={kind: sorted(some) for kind, some in sorted(made.kinds.items())},
        others=_others(parts, every),
        warnings=sorted(_about(made.warnings, every)),
        sound=sound,
        told=_sorted(made.told),
        rows=rows,
    )
    head = zlib.compress(msgspec.msgpack.encode(found), 1)
    return NAME, msgspec.msgpack.encode(_Packed(head, packed))


def _together(mine: Units, kinds: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """The addresses of files that make a part of what is kept, however they were made.

    They stand as the site's own parts do, so that few of these are read for each.
    """
    for size, every, of in (
        (_REPORTS, mine.reports, mine.of_report),
        (_AGENCIES, mine.agencies, mine.of_agency),
        (_REGIONS, sorted(mine.regions), mine.of_region),
    ):
        some = [*every]
        for at in range(0, len(some), size):
            yield [*chain.from_iterable(map(of, some[at : at + size]))]
    yield from (kinds[kind] for kind in sorted(kinds))


def _one(files: Sequence[str], parts: Parts) -> Part | None:
    """What some files came to, as far as they were made; where they lead by names of their own."""
    sizes = parts.files.sizes(sorted(files))
    if not sizes:
        return None
    found: list[tuple[list[str], list[bytes], npt.NDArray[np.uint32], list[str]]] = []
    for number, some in parts.files.by_part(list(sizes)).items():
        part = parts.read(number)
        pages = [one for one in some if one in part.leads]
        leads = [part.leads[page] for page in pages]
        used = np.unique(placed(b"".join(leads)))
        found.append((pages, leads, used, [part.names[place] for place in used.tolist()]))
    names = sorted({name for *_, named in found for name in named})
    place_of = {name: place for place, name in enumerate(names)}
    led: dict[str, bytes] = {}
    for pages, leads, used, named in found:
        if used.size:
            places = np.zeros(used[-1] + 1, np.uint64)
            places[used] = [place_of[name] for name in named]
            led.update(zip(pages, _placed(leads, places), strict=True))
        else:
            led.update(zip(pages, leads, strict=True))
    return Part(sizes, names, _sorted(led))


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


def _others(parts: Parts, files: Hashed) -> list[str]:
    """Where pages beyond some files lead to these, by name."""
    found: set[str] = set()
    for number in parts.files.beyond(files):
        part = parts.read(number)
        pages = ~among(hashed(part.leads), files)
        led = [led for led, is_ in zip(part.leads.values(), pages.tolist(), strict=True) if is_]
        names = [part.names[place] for place in np.unique(placed(b"".join(led))).tolist()]
        to = among(hashed(name.partition("#")[0] for name in names), files)
        found.update(name for name, is_ in zip(names, to.tolist(), strict=True) if is_)
    return sorted(found)


def _sorted(digests: Mapping[Any, Any]) -> dict[Any, Any]:
    return dict(sorted(digests.items()))


def _about(warnings: Sequence[str], files: Hashed) -> Iterator[str]:
    there = among(hashed(line.partition(": ")[0] for line in warnings), files)
    return (line for line, is_ in zip(warnings, there.tolist(), strict=True) if is_)
