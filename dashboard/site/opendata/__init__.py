"""A dataset in, open data out: files to take away, told what they mean, in versions that stay.

`publish` writes what is of the whole into a new site's folder; what is of one report or agency
`of_reports` and `of_agencies` make beside its page. Pages say what is there from the record it
returns. Tables are cut by year and by province; what is in memory is some rows of one table.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
import polars as pl

from dashboard import views
from dashboard.data import Data
from dashboard.site import hashes
from dashboard.site.hashes import NOBODY, Hashes
from dashboard.site.opendata import keeping
from dashboard.site.opendata.again import Again, Filed, Placed, Unit, of_pieces, read
from dashboard.site.opendata.archives import PIECE, STRETCH, parquet, piece
from dashboard.site.opendata.cutting import (
    OF_AGENCIES,
    OF_DOCUMENTS,
    UNKNOWN,
    WHOLE,
    YEAR,
    Part,
    by_province,
    dated,
    keys,
    of_year,
    parts,
    whole,
)
from dashboard.site.opendata.days import made_on
from dashboard.site.opendata.meanings import item, meanings, put
from dashboard.site.opendata.package import NAME, package
from dashboard.site.opendata.records import Cut, Item, Made, Version
from dashboard.site.opendata.rolling import Rolling
from dashboard.site.opendata.worded import (
    LANG,
    OTHER,
    Named,
    columns,
    in_words,
    named,
    with_names,
)
from dashboard.site.options import Options
from dashboard.views.wide import OF_CARDS
from govreport_core.dataset.export import csv_stretch
from govreport_core.schemas import columns_of

__all__ = ["Made", "made_in", "publish"]

TOLD = Path("data/files.json")
"""What there is, for programs and for the site's own pages."""


def publish(
    data: Data,
    fresh: Path,
    earlier: Path | None,
    options: Options,
    rows: Mapping[str, Hashes],
) -> tuple[int, int]:
    """Write a dataset's open data into a site that is being made.

    Args:
        data: What `dashboard.data.opened_whole` gave.
        fresh: The new site's folder.
        earlier: The site that it takes the place of, whose versions go on; or None.
        options: Who publishes it, under which licence.
        rows: See `hashes.rows`.

    Returns:
        Bytes of all its files, and how many aren't those of the earlier site; each file is told
        once, however many names it has.

    Raises:
        OSError: The disk is full, or can't be written.
    """
    made = fresh / "data" / ".making"
    again = Again(earlier, made)
    try:
        known = named(data)
        items = [*_tables(data, known, rows, again), *_wide(data, known, rows, again)]
        items += meanings(data, again, items)
        version = _version(data, items)
        (made / NAME).write_bytes(package(items, version.name, options))
        items.append(item(made, NAME, "about", "about", "", "json"))
        versions = keeping.placed(fresh, made, version, earlier)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    years = sorted(set(known.documents["year"].drop_nulls()), reverse=True)
    told = Made(
        version=version,
        items=tuple(items),
        versions=versions,
        reports=known.documents.height,
        years=tuple(years),
        provinces=_provinces(data, known),
        changed=keeping.changed(fresh, earlier, _files(known), made_on(data)),
    )
    (fresh / TOLD).write_bytes(msgspec.json.encode(told) + b"\n")
    again.write(fresh)
    return keeping.settled(fresh, earlier)


def made_in(fresh: Path) -> Made:
    """What `publish` wrote into a site that is being made, wherever its pages are drawn."""
    return msgspec.json.decode((fresh / TOLD).read_bytes(), type=Made)


def _tables(data: Data, known: Named, rows: Mapping[str, Hashes], again: Again) -> Iterator[Item]:
    years = {key: known.documents.filter(of_year(key)) for key in keys(known, data)}
    whose = {key: hashes.whole(documents) for key, documents in years.items()}
    for table in (*OF_DOCUMENTS, *OF_AGENCIES):
        provinces: dict[str, list[Placed]] = {}
        read = {} if table in rows else _read(data, table, known)
        nobody = [of for one, of in rows.get(table, {}).items() if one.startswith(NOBODY)]
        for key, documents in years.items():
            if table in rows:
                of_each = map(rows[table].get, documents["document_id"])
                told = hashes.of([whose[key], known.told, *of_each, *nobody])
            else:
                told = hashes.of([known.told, read.get(key)])
            name = f"{table} {key}"
            unit = again.linked(name, told)
            if unit is None:
                found = parts(data, table, key, known)
                unit = again.keep(name, _year(found, known, told, again, rows.get(table)))
            yield from unit.items
            for one in unit.pieces:
                provinces.setdefault(one.province, []).append(one)
        for key, pieces in sorted(provinces.items()):
            yield from _province(table, key, pieces, again).items
    for table in WHOLE:
        parted = whole(data, table)
        full = (hashes.whole(with_names(part.rows, known)) for part in parted)
        told = hashes.of([known.told, *full])
        unit = again.linked(table, told)
        yield from (unit or again.keep(table, _year(parted, known, told, again))).items


def _read(data: Data, table: str, known: Named) -> Hashes:
    """The same of all years of a table whose rows have no hashes yet, but for the agencies."""
    found: dict[str, list[bytes]] = {}
    for rows in dated(data, table, known).iter_slices(_AT_ONCE):
        for key, told in hashes.by(hashes.plain(with_names(rows, known)), YEAR).items():
            found.setdefault(key, []).append(told)
    return {key: b"".join(told) for key, told in found.items()}


_AT_ONCE = 5_000  # rows


def _year(
    found: Iterable[Part], known: Named, told: bytes, again: Again, rows: Hashes | None = None
) -> Unit:
    """A table's rows of a year, of no year or of all, as CSV and as Parquet.

    Args:
        found: The rows, in files' worth; of those that the earlier site has none is read.
        known: Whose they are.
        told: What they are made from.
        again: What the earlier site has of it, and where the files go.
        rows: Each document's hash of its rows of the table.
    """
    filed: list[Filed] = []
    zips: Rolling | None = None
    for part in found:
        table, cut, key = part.table, part.cut, part.key
        name = table if cut == "whole" else f"{table}-{key}"
        if zips is None:
            zips = Rolling(again.made, f"csv/{cut}/{name}", columns(table, columns_of(table)))
        numbered = name if part.part == 1 else f"{name}-{part.part}"
        path = f"parquet/{table}/{numbered}.parquet"
        of = _of_part(part, known, rows) if rows is not None and part.documents else b""
        filed.append(
            _same(of, path, part, zips, again) or _file(of, path, part, known, zips, again, rows)
        )
    items = [one.item for one in filed]
    if zips is not None:
        items += _closed(zips, again.made, table, cut, key)
    return Unit(told, items, filed)


def _of_part(part: Part, known: Named, rows: Hashes) -> bytes:
    """What a file's worth of rows is made from: these rows, and who is behind them."""
    mine = known.documents.filter(pl.col("document_id").is_in(list(part.documents)))
    about = f"{part.table} {part.key}".encode()
    return hashes.of([about, hashes.whole(mine), known.told, *map(rows.get, part.documents)])


def _same(of: bytes, path: str, part: Part, zips: Rolling, again: Again) -> Filed | None:
    """A file's worth of rows that the earlier site has: its file linked, its pieces taken over."""
    before = again.filed(of, path) if of else None
    if before is None:
        return None
    pieces = []
    for one, some in zip(before[0].pieces, before[1], strict=True):
        where, at = zips.write(some, one.rows)
        pieces.append(msgspec.structs.replace(one, path=where, at=at))
    return Filed(of, msgspec.structs.replace(before[0].item, path=path, part=part.part), pieces)


def _file(
    of: bytes,
    path: str,
    part: Part,
    known: Named,
    zips: Rolling,
    again: Again,
    hashed: Hashes | None,
) -> Filed:
    """A file's worth of rows, read and written; `hashed` are those of `_year`."""
    rows = part.rows
    whose = partial(_whose, part, known, hashed)
    pieces: list[Placed] = []
    for province, mine in by_province(rows, known) if part.cut == "year" else [("", rows)]:
        for first in range(0, max(mine.height, 1), STRETCH):
            some = mine.slice(first, STRETCH)
            pieces += _placed(part.table, some, known, province, zips, again, whose(some))
    parquet(rows, again.made / path)
    about = (path, part.table, part.cut, part.key)
    return Filed(of, item(again.made, *about, "parquet", rows.height, part.part), pieces)


def _whose(part: Part, known: Named, hashed: Hashes | None, rows: pl.DataFrame) -> list[bytes]:
    """Which rows of which documents each piece of some rows of a part has; nothing if untold."""
    if hashed is None or not part.documents:
        return [b""] * max(-(-rows.height // PIECE), 1)
    found: dict[int, list[bytes]] = {}
    begin = 0
    for height, document in rows["document_id"].rle().struct.unnest().iter_rows():
        told = b"%s %s %s" % (document.encode(), hashed[document], known.of_documents[document])
        for at in range(begin // PIECE, (begin + height - 1) // PIECE + 1):
            first, last = max(at * PIECE - begin, 0), min((at + 1) * PIECE - begin, height)
            found.setdefault(at, []).append(b"%d %d %s" % (first, last, told))
        begin += height
    return [hashes.of([part.table.encode(), *mine]) for mine in found.values()]


def _placed(
    table: str,
    rows: pl.DataFrame,
    known: Named,
    province: str,
    zips: Rolling,
    again: Again,
    whose: Sequence[bytes],
) -> Iterator[Placed]:
    """Rows put into a zip, piece by piece; those that the earlier site has are not made again.

    Of pieces of the same rows of the same documents (see `_whose`) the rows aren't looked at.
    """
    found = [again.same(one) for one in whose]
    lacking = [at for at, one in enumerate(found) if one is None]
    first = lacking[0] if lacking else 0
    full = with_names(rows[first * PIECE : (lacking[-1] + 1) * PIECE], known) if lacking else rows
    told = hashes.stretches(full, PIECE, table) if lacking else []
    pieces = [
        one or (told[at - first], again.piece(told[at - first])) for at, one in enumerate(found)
    ]
    new = [at for at, (_, some) in enumerate(pieces) if some is None]
    begin = new[0] if new else 0
    some = full[(begin - first) * PIECE : (new[-1] + 1 - first) * PIECE] if new else rows
    words = in_words(table, some, rows.columns) if new else rows
    for at, (digest, before) in enumerate(pieces):
        made = before or piece(csv_stretch(words[(at - begin) * PIECE :][:PIECE], head=False))
        height = rows.slice(at * PIECE, PIECE).height
        path, place = zips.write(made, height)
        size = len(made.packed), made.crc, made.size
        yield Placed(digest, whose[at], province, path, place, *size, height)


def _province(table: str, key: str, pieces: Sequence[Placed], again: Again) -> Unit:
    """A province's rows of all years, put together from the zips of the years."""
    name, told = f"{table} province {key}", of_pieces(pieces)
    unit = again.linked(name, told)
    if unit is not None:
        return unit
    zips = Rolling(again.made, f"csv/province/{table}-{key}", columns(table, columns_of(table)))
    for one in pieces:
        zips.write(read(again.made, one), one.rows)
    return again.keep(name, Unit(told, list(_closed(zips, again.made, table, "province", key))))


def _closed(zips: Rolling, made: Path, table: str, cut: Cut, key: str) -> Iterator[Item]:
    for one in zips.closed():
        yield item(made, one.path, table, cut, key, "csv.zip", rows=one.rows, part=one.part)


def _wide(data: Data, known: Named, rows: Mapping[str, Hashes], again: Again) -> Iterator[Item]:
    """A row a report, a column a cell under its label: a year a file, in each language."""
    for key in keys(known, data):
        cards = data.reports.filter(of_year(key)).select(OF_CARDS).collect()
        values = (rows["values"].get(document) for document in cards["document_id"])
        told = hashes.of([hashes.whole(cards), *values])
        year: pl.DataFrame | None = None
        for lang in (LANG, OTHER):
            name = f"wide-{key}" if lang == LANG else f"wide-{key}.{lang}"
            unit = again.linked(name, told)
            if unit is None and cards.height:
                year = views.wide_rows(data, views.Filters(years=(key,))) if year is None else year
                worded = views.wide_worded(year, lang)
                unit = again.keep(name, _wide_year(worded, name, told, again.made))
            yield from (one for one in (unit.items if unit else ()) if one.cut == "wide")


def _wide_year(rows: pl.DataFrame, name: str, told: bytes, made: Path) -> Unit:
    zips = Rolling(made, f"csv/wide/{name}", rows.columns)
    for first in range(0, rows.height, STRETCH):
        some = rows.slice(first, STRETCH)
        zips.write(piece(csv_stretch(some, head=False)), some.height)
    schema = f"schema/{name}.json"
    put(made / schema, _plain_schema(rows))
    items = _closed(zips, made, "wide", "wide", name.removeprefix("wide-"))
    return Unit(told, [*items, item(made, schema, "schema", "about", "", "json")])


def _plain_schema(rows: pl.DataFrame) -> dict[str, object]:
    kinds: dict[object, str] = {
        pl.Float64: "number",
        pl.Int32: "integer",
        pl.Int64: "integer",
        pl.Date: "date",
    }
    fields = [
        {"name": name, "type": kinds.get(type(kind), "string")}
        for name, kind in rows.schema.items()
    ]
    return {"fields": fields, "missingValues": [""]}


def _version(data: Data, items: list[Item]) -> Version:
    """Named by its newest report's day and its files, so that the same data has the same name."""
    told = "\n".join(f"{item.path} {item.sha256}" for item in items)
    published = data.reports.select(pl.col("published_on").drop_nulls().unique())
    made = made_on(data)
    # A day after that of the dataset is mistyped: no report of it is published yet.
    days = (str(day) for (day,) in published.collect().iter_rows())
    day = max((one for one in days if not made or one <= made), default="")
    name = f"{day or 'undated'}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"
    return Version(name, day, sum(item.size for item in items))


def _files(known: Named) -> dict[str, str]:
    return dict(known.documents.select("report_id", "document_id").sort("report_id").iter_rows())


def _provinces(data: Data, known: Named) -> tuple[tuple[str, str], ...]:
    names = {
        f"{code[:2]}0000": name
        for code, name in data.reports.select("region_code", "province").collect().iter_rows()
        if code and name
    }
    codes = {code and f"{code[:2]}0000" for code in known.agencies["region_code"]}
    there = sorted(code for code in codes if code)
    unknown = [UNKNOWN] if None in codes else []
    return tuple((key, names.get(key, key)) for key in (*there, *unknown))
