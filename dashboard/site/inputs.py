"""What was gathered in, a digest of all that a report's, agency's or region's pages show out.

A page may show nothing that isn't in the digest of its report or agency: its own rows, its
agency's, its peers' figures, the texts it is held against, what is said of it; nor in that of its
region: the cards of its agencies, and when these published; nor in what all pages have in common:
the program with its words and templates, the options, the day of the newest report.
Kinds that read little have a digest of all that (`narrow`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import msgspec
import numpy as np
import polars as pl

from dashboard.data import OF_A_DOCUMENT, Data
from dashboard.site import hashes
from dashboard.site.gather import Gathered, Gathering
from dashboard.site.hashes import NOBODY, Hashes, by, of, plain, whole
from dashboard.site.index import AT_ONCE, printed
from dashboard.site.narrow import READ_BY, frames
from dashboard.views.context import Context
from dashboard.views.filters import stem
from dashboard.views.lists import region_path
from dashboard.views.peers import FEWEST, WANTED
from dashboard.views.peers import regions as wider

# What a page says of other reports of its agency, and of those whose texts are like its own.
_TEXTS = ("points", "sections")
# What `index.printed` is made from.
_PRINTED = ("parts", "sections")


class Inputs(msgspec.Struct, frozen=True):
    """Digests, by the report's document, the agency, the region, and the kind of `READ_BY`."""

    reports: dict[str, str] = {}
    agencies: dict[str, str] = {}
    regions: dict[str, str] = {}
    kinds: dict[str, str] = {}
    printed: dict[bytes, bytes] = {}
    """Of what the index takes of a document's parts, by the hash of the rows it is taken from."""


def digests(
    gathering: Gathering, rows: Mapping[str, Hashes], before: Inputs | None = None
) -> Inputs:
    """The digests of a dataset's pages.

    Args:
        gathering: What they are made from.
        rows: See `hashes.rows`.
        before: Those of the earlier site.
    """
    gathered = gathering.whole[0]
    data, shared = gathered.data, gathered.shared
    common = _common(gathered)
    cards = by(plain(data.cards), "document_id")
    agencies = _agencies(data, rows["points"])
    own: dict[str, list[str]] = {}
    for document, agency in data.reports.select("document_id", "agency_id").collect().iter_rows():
        own.setdefault(agency, []).append(document)
    texts = {
        agency: of(rows[table].get(one) for table in _TEXTS for one in documents)
        for agency, documents in own.items()
    }
    others = _others(data, cards, rows)
    said = _said(shared)
    peers = _Peers(data)
    reports: dict[str, str] = {}
    of_agency: dict[str, list[bytes | None]] = {agency: [] for agency in agencies}
    for card in data.reports.select(_OF_CARDS).collect().iter_rows(named=True):
        document, agency = card["document_id"], card["agency_id"]
        mine = of(
            [
                *(rows[table].get(document) for table in OF_A_DOCUMENT),
                *(found.get(document) for found in others),
                said.get(card["report_id"]),
                peers.of(card),
            ]
        )
        of_agency.setdefault(agency, []).append(mine)
        told = (common, mine, cards[document], agencies.get(agency), texts[agency])
        reports[document] = of(told).hex()
    found = {
        agency: of(
            [
                *(common, agencies.get(agency), rows["checks"].get(NOBODY + agency)),
                gathered.place_of.get(agency, "").encode(),
                *mine,
            ]
        )
        for agency, mine in of_agency.items()
    }
    known = before.printed if before else {}
    taken: dict[bytes, bytes] = {}
    read = {
        reads: of([common, *_read(gathering.reading(reads)[0].data, rows, known, taken)])
        for reads in dict.fromkeys(READ_BY.values())
    }
    kinds = {kind: read[reads] for kind, reads in READ_BY.items()}
    regions = _regions(gathered, common)
    return Inputs(reports, _hexed(found), _hexed(regions), _hexed(kinds), taken)


def _hexed(digests: Hashes) -> dict[str, str]:
    return {one: told.hex() for one, told in digests.items()}


def _read(
    data: Data, rows: Mapping[str, Hashes], known: Mapping[bytes, bytes], taken: dict[bytes, bytes]
) -> Iterable[bytes]:
    """What a kind reads, as `narrowed` gives it; of parts what the index takes of them."""
    yield from map(whole, frames(data))
    documents = data.cards["document_id"]
    texts = [rows[table] for table in _TEXTS if table in data.tables]
    yield of(found.get(one) for one in documents for found in texts)
    if "parts" not in data.tables:
        return
    source = {
        one: of([hashes.program(), *(rows[table].get(one) for table in _PRINTED)])
        for one in documents
    }
    new = pl.Series([one for one, told in source.items() if told not in known], dtype=pl.String)
    for at in range(0, len(new), AT_ONCE):
        some = new[at : at + AT_ONCE]
        order = pl.col("order").cast(pl.String)
        found = by(printed(data, some), order, pl.exclude("order"))
        taken.update((source[one], of([found.get(str(n))])) for n, one in enumerate(some))
    for told in source.values():
        taken.setdefault(told, known.get(told, b""))
        yield taken[told]


def _regions(gathered: Gathered, common: bytes) -> Hashes:
    """The regions' cards, when their agencies published, and their own rows of all years."""
    data = gathered.data
    cards = data.cards.select("agency_id", "year", "region_code")
    covered = data.coverage.join(cards, on=("agency_id", "year"), maintain_order="left")
    named = {code: data.place_names.get(stem(code)) for code in gathered.places}
    shared = of([common, msgspec.json.encode(named)])
    inside: dict[str, list[bytes | None]] = {}
    for rows in (plain(data.cards), covered):
        for code, told in by(rows, "region_code").items():
            for above in region_path(code):
                inside.setdefault(above, []).append(told)
    own = gathered.counted
    return {
        code: of([shared, msgspec.json.encode(own.get(code)), *inside.get(code, ())])
        for code in named
    }


def _common(gathered: Gathered) -> bytes:
    about = {name: told for name, told in gathered.data.about.items() if name != "built_at"}
    told = (about, gathered.draw.options, gathered.draw.names)
    return of([hashes.program(), msgspec.json.encode(told, order="sorted")])


def _agencies(data: Data, points: Hashes) -> Hashes:
    """What tables say of each agency, all its years; and the points that its own take up."""
    promises = data.tables["promises"].collect()
    tables = [plain(data.cards), plain(data.agencies.rows), plain(data.roster.rows)]
    hashed = [by(rows, "agency_id") for rows in (*tables, promises)]
    hashed.append(by(data.tables["coverage"].collect(), "agency_id"))
    taken: dict[str, list[bytes | None]] = {}
    for agency, other in promises.select("agency_id", "other_document_id").drop_nulls().iter_rows():
        taken.setdefault(agency, []).append(points.get(other))
    hashed.append({agency: of(told) for agency, told in taken.items()})
    return {
        agency: of(found.get(agency) for found in hashed)
        for agency in dict.fromkeys(key for found in hashed for key in found)
    }


def _others(data: Data, cards: Hashes, rows: Mapping[str, Hashes]) -> list[Hashes]:
    """What a report shows of others: whose texts are like its own, and its other readings."""
    similar = data.tables["similar"].collect()
    near: dict[str, list[bytes | None]] = {}
    for document, other in similar.select("document_id", "other").iter_rows():
        near.setdefault(document, []).extend([cards.get(other), rows["sections"].get(other)])
    groups = data.sharing.rows
    named = dict(by(plain(data.cards.select("document_id", *_NAMED)), "document_id"))
    members: dict[str, list[bytes | None]] = {}
    for group, document in groups.select("group", "document_id").iter_rows():
        members.setdefault(group, []).append(named.get(document))
    whose = {group: of(found) for group, found in members.items()}
    sharing: dict[str, list[bytes | None]] = {}
    for group, document in groups.select("group", "document_id").iter_rows():
        sharing.setdefault(document, []).append(whose[group])
    return [
        by(similar, "document_id"),
        {one: of(told) for one, told in near.items()},
        by(groups, "document_id"),
        {one: of(told) for one, told in sharing.items()},
        by(data.paths.rows, "document_id"),
        by(data.tables["reports"].collect(), "document_id"),
        _replaced(data, rows),
    ]


_NAMED = ("report_id", "agency_id", "agency_name", "year")


def _replaced(data: Data, rows: Mapping[str, Hashes]) -> Hashes:
    """Of the readings that another one took the place of, by the document that did."""
    replaced = data.replaced
    if replaced.is_empty():
        return {}
    told = by(replaced, "document_id")
    paths = by(data.paths.rows, "document_id")
    shown = dict(data.reports.select("report_id", "document_id").collect().iter_rows())
    found: dict[str, list[bytes | None]] = {}
    for document, report in replaced.select("document_id", "report_id").iter_rows():
        if report in shown:
            mine = [told[document], paths.get(document), rows["values"].get(document)]
            found.setdefault(shown[report], []).extend(mine)
    return {one: of(parts) for one, parts in found.items()}


def _said(shared: Context) -> Hashes:
    """Corrections and replies, by the report's id."""
    found: dict[str, list[bytes]] = {}
    for kind in (shared.corrections_of, shared.replies_of):
        for report, rows in kind.items():
            found.setdefault(report, []).append(msgspec.json.encode(rows))
    return {report: of(told) for report, told in found.items()}


class _Peers:
    """Digests of the figures that a report's own are held against: see `views.peers.widened`."""

    def __init__(self, data: Data) -> None:
        region = pl.col("region_code").cast(pl.String)
        cards = data.reports.select(*_ALIKE, *WANTED).drop_nulls([*_ALIKE, "region_code"])
        told = plain(cards.with_columns(region_code=region).collect())
        rows = told.select(*_ALIKE, "region_code", "form", told=pl.struct(WANTED).hash())
        self._groups: dict[tuple[Any, ...], dict[str | None, bytes]] = {}
        for digits in (2, 4, 6):
            within = pl.col("region_code").str.slice(0, digits)
            found = rows.group_by(*_ALIKE, within, "form", maintain_order=True).agg("told")
            for *group, form, mine in found.iter_rows():
                hashed = np.array(mine, np.uint64).tobytes()
                self._groups.setdefault(tuple(group), {})[form] = hashed

    def of(self, card: Mapping[str, Any]) -> bytes | None:
        alike = tuple(card[name] for name in _ALIKE)
        if None in alike or card["region_code"] is None:
            return None
        told: list[bytes | None] = []
        for within in self._wider(card["region_code"]):
            forms = self._groups[*alike, within]
            mine = forms[card["form"]]
            told = [within.encode(), mine, b"%d" % sum(map(len, forms.values()))]
            if len(mine) >= FEWEST * _HASH:
                break
        return of(told)

    @cached_property
    def _wider(self) -> Callable[[str], Sequence[str]]:
        """What a division's reports are held against: very many reports are of one."""
        return cache(lambda code: tuple(wider(code)))


_ALIKE = ("year", "agency_kind", "agency_level")
_OF_CARDS = ("document_id", "report_id", "agency_id", "region_code", "form", *_ALIKE)
_HASH = 8  # bytes of a row's hash
