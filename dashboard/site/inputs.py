"""What was gathered in, a digest of all that each report's and each agency's pages show out.

A page may show nothing that isn't in the digest of its report or agency: its own rows, its
agency's, its peers' figures, the texts it is held against, what is said of it, and what all pages
have in common: the program with its words and templates, the options, the day of the newest report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import msgspec
import polars as pl

from dashboard.data import OF_A_DOCUMENT, Data
from dashboard.site.gather import Gathered
from dashboard.views.context import Context
from dashboard.views.peers import widened

# What reads rows and draws pages beside our own program.
_LIBRARIES = ("jinja2", "markupsafe", "msgspec", "polars", "rapidfuzz")
_PROGRAM = (".py", ".toml", ".html", ".css", ".js", ".json", ".csv")
# What a page says of other reports of its agency, and of those whose texts are like its own.
_TEXTS = ("points", "sections")

_Hashes = dict[str, bytes]


class Inputs(msgspec.Struct, frozen=True):
    """Digests, by the report's document and by the agency."""

    reports: dict[str, str]
    agencies: dict[str, str]


def digests(gathered: Gathered) -> Inputs:
    """The digests of a dataset's pages; `gathered` is that of any language of the site."""
    data, shared = gathered.data, gathered.shared
    common = _common(gathered)
    rows = {table: _stored(data, table) for table in OF_A_DOCUMENT}
    cards = _by(_plain(data.cards), "document_id")
    agencies = _agencies(data, rows["points"])
    own: dict[str, list[str]] = {}
    for document, agency in data.reports.select("document_id", "agency_id").collect().iter_rows():
        own.setdefault(agency, []).append(document)
    texts = {
        agency: _of(rows[table].get(one) for table in _TEXTS for one in documents)
        for agency, documents in own.items()
    }
    others = _others(data, cards, rows)
    said = _said(shared)
    peers = _Peers(shared)
    reports: dict[str, str] = {}
    of_agency: dict[str, list[bytes | None]] = {agency: [] for agency in agencies}
    for card in data.reports.collect().iter_rows(named=True):
        document, agency = card["document_id"], card["agency_id"]
        mine = _of(
            [
                *(rows[table].get(document) for table in OF_A_DOCUMENT),
                *(found.get(document) for found in others),
                said.get(card["report_id"]),
                peers.of(card),
            ]
        )
        of_agency.setdefault(agency, []).append(mine)
        told = (common, mine, cards[document], agencies.get(agency), texts[agency])
        reports[document] = _of(told).hex()
    found = {
        agency: _of([common, agencies.get(agency), rows["checks"].get(f"agency {agency}"), *mine])
        for agency, mine in of_agency.items()
    }
    return Inputs(reports, {agency: one.hex() for agency, one in found.items()})


def _common(gathered: Gathered) -> bytes:
    about = {name: told for name, told in gathered.data.about.items() if name != "built_at"}
    told = (about, gathered.draw.options, gathered.draw.names)
    return _of([program(), msgspec.json.encode(told, order="sorted")])


@cache
def program() -> bytes:
    """Of every file of the program, and the versions of the libraries that draw with it."""
    seen = hashlib.sha256("".join(f"{one} {version(one)}\n" for one in _LIBRARIES).encode())
    for package in ("dashboard", "govreport_core"):
        for path in _files(files(package)):
            seen.update(path.name.encode())
            seen.update(path.read_bytes())
    return seen.digest()


def _files(folder: Traversable) -> Iterable[Traversable]:
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.is_dir():
            yield from _files(path)
        elif path.name.endswith(_PROGRAM):
            yield path


def _of(parts: Iterable[bytes | None]) -> bytes:
    """One digest of several; what isn't there counts as such."""
    seen = hashlib.blake2b(digest_size=16)
    for part in parts:
        seen.update(b"-" if part is None else b"%d:" % len(part) + part)
    return seen.digest()


def _stored(data: Data, table: str) -> _Hashes:
    """A table's rows by document, file by file; of `checks` those of none by `agency <id>`."""
    key = pl.col("document_id")
    if table == "checks":
        key = pl.coalesce(key, pl.lit("agency ") + pl.col("agency_id"))
    places = data.tables["offsets"].filter(pl.col("table") == table)
    paths = places.select(pl.col("file").unique().sort()).collect()["file"]
    found: dict[str, list[bytes]] = {}
    for path in paths:
        rows = pl.scan_parquet(data.version / path, hive_partitioning=False)
        for one, told in _by(rows.collect(), key).items():
            found.setdefault(one, []).append(told)
    return {one: told[0] if len(told) == 1 else _of(told) for one, told in found.items()}


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with words for codes: a code's number depends on which others there are."""
    coded = [name for name, kind in rows.schema.items() if isinstance(kind, pl.Enum)]
    return rows.with_columns(pl.col(coded).cast(pl.String))


def _by(rows: pl.DataFrame, column: str | pl.Expr) -> _Hashes:
    """The hashes of a frame's rows, one after the other, by a key."""
    key = pl.col(column) if isinstance(column, str) else column
    hashed = rows.select(key=key, told=pl.struct(pl.all()).hash()).drop_nulls("key")
    found = hashed.group_by("key", maintain_order=True).agg("told")
    return {
        one: told.to_numpy().tobytes()
        for one, told in zip(found["key"], found["told"], strict=True)
    }


def _agencies(data: Data, points: _Hashes) -> _Hashes:
    """What tables say of each agency, all its years; and the points that its own take up."""
    promises = data.tables["promises"].collect()
    tables = [_plain(data.cards), _plain(data.agencies.rows), _plain(data.roster.rows)]
    hashed = [_by(rows, "agency_id") for rows in (*tables, promises)]
    hashed.append(_by(data.tables["coverage"].collect(), "agency_id"))
    taken: dict[str, list[bytes | None]] = {}
    for agency, other in promises.select("agency_id", "other_document_id").drop_nulls().iter_rows():
        taken.setdefault(agency, []).append(points.get(other))
    hashed.append({agency: _of(told) for agency, told in taken.items()})
    return {
        agency: _of(found.get(agency) for found in hashed)
        for agency in dict.fromkeys(key for found in hashed for key in found)
    }


def _others(data: Data, cards: _Hashes, rows: Mapping[str, _Hashes]) -> list[_Hashes]:
    """What a report shows of others: whose texts are like its own, and its other readings."""
    similar = data.tables["similar"].collect()
    near: dict[str, list[bytes | None]] = {}
    for document, other in similar.select("document_id", "other").iter_rows():
        near.setdefault(document, []).extend([cards.get(other), rows["sections"].get(other)])
    groups = data.sharing.rows
    named = dict(_by(_plain(data.cards.select("document_id", *_NAMED)), "document_id"))
    members: dict[str, list[bytes | None]] = {}
    for group, document in groups.select("group", "document_id").iter_rows():
        members.setdefault(group, []).append(named.get(document))
    whose = {group: _of(found) for group, found in members.items()}
    sharing: dict[str, list[bytes | None]] = {}
    for group, document in groups.select("group", "document_id").iter_rows():
        sharing.setdefault(document, []).append(whose[group])
    return [
        _by(similar, "document_id"),
        {one: _of(told) for one, told in near.items()},
        _by(groups, "document_id"),
        {one: _of(told) for one, told in sharing.items()},
        _by(data.paths.rows, "document_id"),
        _by(data.tables["reports"].collect(), "document_id"),
        _replaced(data, rows),
    ]


_NAMED = ("report_id", "agency_id", "agency_name", "year")


def _replaced(data: Data, rows: Mapping[str, _Hashes]) -> _Hashes:
    """Of the readings that another one took the place of, by the document that did."""
    replaced = data.replaced
    if replaced.is_empty():
        return {}
    told = _by(replaced, "document_id")
    paths = _by(data.paths.rows, "document_id")
    shown = dict(data.reports.select("report_id", "document_id").collect().iter_rows())
    found: dict[str, list[bytes | None]] = {}
    for document, report in replaced.select("document_id", "report_id").iter_rows():
        if report in shown:
            mine = [told[document], paths.get(document), rows["values"].get(document)]
            found.setdefault(shown[report], []).extend(mine)
    return {one: _of(parts) for one, parts in found.items()}


def _said(shared: Context) -> _Hashes:
    """Corrections and replies, by the report's id."""
    found: dict[str, list[bytes]] = {}
    for kind in (shared.corrections_of, shared.replies_of):
        for report, rows in kind.items():
            found.setdefault(report, []).append(msgspec.json.encode(rows))
    return {report: _of(told) for report, told in found.items()}


class _Peers:
    """Digests of the figures that a report's own are held against."""

    def __init__(self, shared: Context) -> None:
        self._shared = shared
        self._known: dict[int, bytes] = {}

    def of(self, card: Mapping[str, Any]) -> bytes | None:
        names = ("year", "agency_kind", "agency_level", "region_code")
        if any(card[name] is None for name in names):
            return None
        within, group = widened(self._shared, dict(card))
        if id(group) not in self._known:
            numbers = [one.tobytes() for one in group.numbers.values()]
            counted = msgspec.json.encode((within, group.n, group.others, group.small))
            self._known[id(group)] = _of([counted, *numbers])
        return self._known[id(group)]
