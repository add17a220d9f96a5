"""An earlier site in, those of its pages that would be the same again out: linked, not drawn.

Beside its pages a site has a file that isn't shown, with what each report's and agency's pages
were made from (`inputs`), and where their links lead. It has no times and no paths of a machine.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path

import msgspec

from dashboard.data import Data
from dashboard.site import addresses
from dashboard.site.inputs import Inputs
from dashboard.site.options import Options
from dashboard.site.write import Made

NAME = ".made"


class Kept(msgspec.Struct, frozen=True):
    """What a site keeps of its reports' and agencies' files.

    Attributes:
        inputs: The digests of what they were made from.
        sizes: Bytes of each, by its address.
        names: Where their links lead.
        leads: The places of these in `names`, by page.
        warnings: Lines about them, each beginning with the address.
        sound: Whether no link of the site led nowhere.
    """

    inputs: Inputs = Inputs({}, {})
    sizes: dict[str, int] = {}
    names: list[str] = []
    leads: dict[str, list[int]] = {}
    warnings: list[str] = []
    sound: bool = False


class Units(msgspec.Struct, frozen=True):
    """The addresses of the files that reports and agencies may have, by document and by agency."""

    reports: dict[str, list[str]]
    agencies: dict[str, list[str]]

    def addresses(self) -> Iterator[str]:
        """All of them."""
        for some in (self.reports, self.agencies):
            for found in some.values():
                yield from found


def units(data: Data, agencies: Sequence[str], options: Options) -> Units:
    """Which files are of which report or agency.

    Args:
        data: The dataset.
        agencies: The ids of those that have a page.
        options: The site's.
    """
    of_agency = {agency: _of_agency(agency, options) for agency in agencies}
    reports = {}
    rows = data.reports.select("document_id", "report_id", "agency_id").collect()
    for document, report, agency in rows.iter_rows():
        pages = (addresses.report(report), addresses.beside(report))
        reports[document] = [*_pages(pages, options), *_taken(pages[0])]
        of_agency.setdefault(agency, []).extend(_pages([addresses.compare(report)], options))
    return Units(reports, of_agency)


def _of_agency(agency: str, options: Options) -> list[str]:
    page = addresses.agency(agency)
    return [*_pages([page], options), *_taken(page), addresses.compare_file(agency)]


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
    site: Path, fresh: Path, now: Inputs, mine: Units
) -> tuple[Made, Set[str], frozenset[str], frozenset[str]]:
    """Link the files of reports and agencies that are made from the same as in an earlier site.

    Args:
        site: The earlier one; it may be missing.
        fresh: The folder that is made.
        now: What the pages will be made from.
        mine: Which files are whose.

    Returns:
        What the files came to, those of them between which links are known to lead somewhere,
        and whose they are: documents, then agencies.
    """
    before = earlier(site)
    made = Made()
    done: list[frozenset[str]] = []
    for was, is_, of in (
        (before.inputs.reports, now.reports, mine.reports),
        (before.inputs.agencies, now.agencies, mine.agencies),
    ):
        same = (one for one, digest in is_.items() if one in of and was.get(one) == digest)
        done.append(frozenset(one for one in same if _linked(of[one], before, site, fresh, made)))
    made.warnings += _about(before.warnings, made.sizes.keys())
    return made, made.sizes.keys() if before.sound else frozenset(), done[0], done[1]


def _linked(files: Sequence[str], before: Kept, site: Path, fresh: Path, made: Made) -> bool:
    """Whether all that the earlier site had of some files is still there, and was linked."""
    there = [address for address in files if address in before.sizes]
    try:
        if not there or any(os.stat(site / one).st_size != before.sizes[one] for one in there):
            return False
        for address in there:
            path = fresh / address
            path.parent.mkdir(parents=True, exist_ok=True)
            os.link(site / address, path)
    except OSError:
        return False
    for address in there:
        leads = before.leads.get(address)
        names = None if leads is None else [before.names[place] for place in leads]
        made.take(address, before.sizes[address], names)
    return True


def file(made: Made, now: Inputs, mine: Units, *, sound: bool) -> tuple[str, bytes]:
    """What the next build is told of the files of reports and agencies: its address and content.

    Args:
        made: What all its files came to.
        now: What they were made from.
        mine: Which files are whose.
        sound: Whether no link leads nowhere.
    """
    files = sorted(one for one in mine.addresses() if one in made.sizes)
    names = list(made.links.names)
    used = sorted({names[place] for one in files for place in made.links.leads.get(one, ())})
    place_of = {name: place for place, name in enumerate(used)}
    found = Kept(
        inputs=Inputs(_sorted(now.reports), _sorted(now.agencies)),
        sizes={one: made.sizes[one] for one in files},
        names=used,
        leads={
            one: sorted(place_of[names[place]] for place in made.links.leads[one])
            for one in files
            if one in made.links.leads
        },
        warnings=sorted(_about(made.warnings, set(files))),
        sound=sound,
    )
    return NAME, zlib.compress(msgspec.msgpack.encode(found))


def _sorted(digests: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(digests.items()))


def _about(warnings: Sequence[str], files: Set[str]) -> Iterator[str]:
    return (line for line in warnings if line.partition(": ")[0] in files)
