"""An earlier site in, those of its pages that would be the same again out: linked, not drawn.

Beside its pages a site has a file that isn't shown, with what each report's, agency's, region's and
some kinds' pages were made from (`inputs`), and where links lead. It has no times and no paths of a
machine.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain, islice, pairwise
from pathlib import Path
from sys import intern
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
from dashboard.site.parts import Hashed, Part, Parts, Whole, among, hashed
from dashboard.site.render import Told
from dashboard.site.write import Made

_T = TypeVar("_T")
NAME = ".made"
# What a part of it is of, at most: some kinds of the site's own parts are of as many.
_KINDS = (("reports", 200), ("agencies", 100), ("regions", 50), ("kinds", 1))


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
        whose: Of each part which of `_KINDS` it is of, and the places of its own in `inputs`.
        parts: What they came to, packed: some reports, agencies or regions each, or a kind.
    """

    inputs: Inputs = Inputs()
    kinds: dict[str, list[str]] = {}
    others: list[str] = []
    warnings: list[str] = []
    sound: bool = False
    told: dict[str, Told] = {}
    rows: Packed = Packed()
    whose: list[tuple[int, bytes]] = []
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
    if len(found.whose) != len(packed.parts):
        return Kept()
    return msgspec.structs.replace(found, parts=packed.parts)


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
    every = _every(mine, before.kinds)
    same = [
        {one for one, digest in is_.items() if one in every[kind] and was.get(one) == digest}
        for kind, (was, is_) in enumerate(zip(_of(before.inputs), _of(now), strict=True))
    ]
    # What is told of parts to the end: an id that is in many places is held once.
    units = [[*map(intern, one)] for one in _of(before.inputs)]
    linking = _Linking(site, fresh)
    done: list[set[str]] = [set() for _ in _KINDS]
    made = Made()
    names, files = [hashed(before.others)], [hashed(())]
    for (kind, places), packed in zip(before.whose, before.parts, strict=True):
        try:
            content = zlib.decompress(packed)
            part = msgspec.msgpack.decode(content, type=Part)
        except (zlib.error, msgspec.DecodeError):
            continue  # damaged: what it is of is made again
        names.append(hashed(part.names))
        its = [units[kind][place] for place in placed(places).tolist()]
        if same[kind].issuperset(its) and linking.linked(part.sizes):
            done[kind].update(its)
            files.append(parts.take(part, content, packed, (kind, its), before.sound))
        else:
            part = _some(part, same[kind].intersection(its), every[kind], linking, done[kind])
            files.append(hashed(part.sizes))
            parts.add(part)
        made.pages += len(part.leads)
        made.size += sum(part.sizes.values())
    there = np.sort(np.concatenate(files))
    made.kinds = {kind: before.kinds[kind] for kind in done[-1]}
    made.told = _only(before.told, there)
    made.warnings += _about(before.warnings, there)
    known = np.unique(np.concatenate(names)) if before.sound else hashed(())
    return Carried(made, there, known, [frozenset(some) for some in done])


def _of(inputs: Inputs) -> tuple[dict[str, str], ...]:
    """The digests of `_KINDS`."""
    return tuple(getattr(inputs, name) for name, _ in _KINDS)


class _Addresses(NamedTuple):
    """Which of a kind there are, and the addresses that one's files may have."""

    units: Collection[str]
    of: Callable[[str], Sequence[str]]

    def __contains__(self, one: object) -> bool:
        return one in self.units


def _every(mine: Units, kinds: Mapping[str, list[str]]) -> tuple[_Addresses, ...]:
    """The same of all of `_KINDS`."""
    return (
        _Addresses(mine.reports, mine.of_report),
        _Addresses(mine.agencies, mine.of_agency),
        _Addresses(dict.fromkeys(sorted(mine.regions)), mine.of_region),
        _Addresses(_sorted(kinds), kinds.__getitem__),
    )


def _some(
    part: Part, units: Iterable[str], every: _Addresses, linking: _Linking, done: set[str]
) -> Part:
    """What there is in a part of some units that could be linked; these are done."""
    sizes: dict[str, int] = {}
    for one in units:
        mine = {file: part.sizes[file] for file in every.of(one) if file in part.sizes}
        if mine and linking.linked(mine):
            done.add(one)
            sizes |= mine
    return Part(sizes, part.names, {page: led for page, led in part.leads.items() if page in sizes})


def _only(told: Mapping[str, _T], files: Hashed) -> dict[str, _T]:
    """What is told of those of some files that are among others."""
    there = among(hashed(told), files).tolist()
    return {one: of for (one, of), is_ in zip(told.items(), there, strict=True) if is_}


class _Linking:
    """Links files of an earlier site from a new one's folder."""

    def __init__(self, site: Path, fresh: Path) -> None:
        self._site, self._fresh = str(site), str(fresh)
        self._folders: set[str] = set()

    def linked(self, files: Mapping[str, int]) -> bool:
        """Whether all of some files were as large as told, and were linked; else none is."""
        site, fresh, links = self._site, self._fresh, 0
        try:
            for address, size in files.items():
                # Paths as objects would take as long as the links do.
                if os.stat(f"{site}/{address}").st_size != size:
                    return False
            for address in files:
                folder = address.rpartition("/")[0]
                if folder not in self._folders:
                    os.makedirs(f"{fresh}/{folder}", exist_ok=True)
                    self._folders.add(folder)
                os.link(f"{site}/{address}", f"{fresh}/{address}")
                links += 1
        except OSError:
            # Nothing may be written over a file that the earlier site has too.
            for address in islice(files, links):
                os.unlink(f"{fresh}/{address}")
            return False
        return True


def file(
    made: Made, parts: Parts, now: Inputs, mine: Units, rows: Packed, *, sound: bool
) -> tuple[str, bytes]:
    """What the next build is told of files that it may link: its address and content.

    Parts that are of the earlier site as they are stay packed; so which unit stands beside which
    depends on what was built before, but nothing that is told of any.

    Args:
        made: What all the site's files came to.
        parts: Its parts.
        now: What they were made from.
        mine: Which files are whose.
        rows: Hashes of the dataset's rows, by the file that they stand in.
        sound: Whether no link leads nowhere.
    """
    inputs = Inputs(*map(_sorted, msgspec.structs.astuple(now)))
    whose: list[tuple[int, bytes]] = []
    packed: list[bytes] = []
    same, files = [], [hashed(())]
    for kind, (there, every) in enumerate(zip(_of(inputs), _every(mine, made.kinds), strict=True)):
        place_of = {one: place for place, one in enumerate(there)}
        whole, rest = _parted(parts.whole, kind, every)
        for one in whole:
            same.append(one.number)
            packed.append(parts.packed(one))
            whose.append((kind, _places(one.units, place_of)))
        for some in rest:
            of_each = {one: every.of(one) for one in some}
            if part := _one([*chain.from_iterable(of_each.values())], parts):
                files.append(hashed(part.sizes))
                packed.append(zlib.compress(msgspec.msgpack.encode(part), 1))
                its = [
                    one for one, some in of_each.items() if not part.sizes.keys().isdisjoint(some)
                ]
                whose.append((kind, _places(its, place_of)))
    told = np.sort(np.concatenate([parts.files.of(same), *files]))
    found = Kept(
        inputs=inputs,
        kinds={kind: sorted(some) for kind, some in sorted(made.kinds.items())},
        others=_others(parts, told),
        warnings=sorted(_about(made.warnings, told)),
        sound=sound,
        told=_sorted(made.told),
        rows=rows,
        whose=whose,
    )
    head = zlib.compress(msgspec.msgpack.encode(found), 1)
    return NAME, msgspec.msgpack.encode(_Packed(head, packed))


def _places(units: Iterable[str], place_of: Mapping[str, int]) -> bytes:
    return np.array([place_of[one] for one in units], "<u4").tobytes()


def _parted(
    every: Sequence[Whole], kind: int, units: _Addresses
) -> tuple[list[Whole], list[list[str]]]:
    """A kind's parts that stay as they are, and those that are made of the other units.

    They stand as the site's own parts do, so that few of these are read for each. A part that
    finds room beside what is left doesn't stay: else there would be more and more small ones.
    """
    size = _KINDS[kind][1]
    mine = sorted((one for one in every if one.kind == kind), key=lambda one: len(one.units))
    left = len(units.units) - sum(len(one.units) for one in mine)
    stay = []
    for one in mine:
        if -left % size >= len(one.units):
            left += len(one.units)
        else:
            stay.append(one)
    done = {one for part in stay for one in part.units}
    some = [one for one in units.units if one not in done]
    return stay, [some[at : at + size] for at in range(0, len(some), size)]


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
