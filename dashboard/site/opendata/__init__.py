"""A dataset in, open data out: files to take away, told what they mean, in versions that stay.

`publish` writes what is of the whole into a new site's folder; what is of one report or agency
`of_reports` and `of_agencies` make beside its page. Pages say what is there from the record it
returns. Tables are cut by year and by province; what is in memory is some rows of one table.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import polars as pl

from dashboard import views
from dashboard.data import Data, open_dataset
from dashboard.site.opendata import codebook, keeping
from dashboard.site.opendata.archives import STRETCH, digest, parquet
from dashboard.site.opendata.cutting import (
    OF_AGENCIES,
    OF_DOCUMENTS,
    UNKNOWN,
    WHOLE,
    Part,
    by_province,
    counted,
    keys,
    parts,
    whole,
)
from dashboard.site.opendata.days import made_on
from dashboard.site.opendata.package import NAME, json_bytes, package
from dashboard.site.opendata.records import Cut, Format, Item, Made, Version
from dashboard.site.opendata.rolling import Rolling
from dashboard.site.opendata.worded import LANG, OTHER, Named, in_words, named
from dashboard.site.options import Options
from govreport_core.dataset.export import csv_bytes

__all__ = ["Made", "made_in", "publish"]

TOLD = Path("data/files.json")
"""What there is, for programs and for the site's own pages."""


def publish(dataset: Path, fresh: Path, earlier: Path | None, options: Options) -> tuple[int, int]:
    """Write a dataset's open data into a site that is being made.

    Args:
        dataset: The dataset; it is read lazily, whatever is held elsewhere.
        fresh: The new site's folder.
        earlier: The site that it takes the place of, whose versions go on; or None.
        options: Who publishes it, under which licence.

    Returns:
        Bytes of all its files, and how many aren't those of the earlier site; each file is told
        once, however many names it has.

    Raises:
        DatasetError: No dataset there.
        OSError: The disk is full, or can't be written.
    """
    data = open_dataset(dataset)
    made = fresh / "data" / ".making"
    try:
        known = named(data)
        items = [*_tables(data, known, made), *_wide(data, known, made)]
        items += _meanings(data, made, items)
        version = _version(data, items)
        (made / NAME).write_bytes(package(items, version.name, options))
        items.append(_item(made, NAME, "about", "about", "", "json"))
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
    return keeping.settled(fresh, earlier)


def made_in(fresh: Path) -> Made:
    """What `publish` wrote into a site that is being made, wherever its pages are drawn."""
    return msgspec.json.decode((fresh / TOLD).read_bytes(), type=Made)


def _tables(data: Data, known: Named, made: Path) -> Iterator[Item]:
    for table in (*OF_DOCUMENTS, *OF_AGENCIES):
        counts = counted(data, table) if table in OF_DOCUMENTS else {}
        provinces: dict[str, Rolling] = {}
        for year in keys(known, data):
            yield from _year(parts(data, table, year, known, counts), known, made, provinces)
        for key, zips in sorted(provinces.items()):
            yield from _closed(zips, made, table, "province", key)
    for table in WHOLE:
        yield from _year(whole(data, table), known, made, {})


def _year(
    found: Iterable[Part], known: Named, made: Path, provinces: dict[str, Rolling]
) -> Iterator[Item]:
    """A table's rows of a year, or of no year, as CSV and as Parquet; and by province.

    Args:
        found: The rows, in files' worth.
        known: Whose they are.
        made: Where the files go.
        provinces: The zips of provinces, which take the rows of all years.
    """
    zips: Rolling | None = None
    for part in found:
        table, cut, key = part.table, part.cut, part.key
        name = table if cut == "whole" else f"{table}-{key}"
        numbered = name if part.part == 1 else f"{name}-{part.part}"
        zips = zips or Rolling(made, f"csv/{cut}/{name}")
        for first in range(0, max(part.rows.height, 1), STRETCH):
            some = part.rows.slice(first, STRETCH)
            words = in_words(table, some, known)
            zips.write(words)
            for code, mine in by_province(some, words, known) if cut == "year" else ():
                stem = f"csv/province/{table}-{code}"
                provinces.setdefault(code, Rolling(made, stem)).write(mine)
        path = f"parquet/{table}/{numbered}.parquet"
        parquet(part.rows, made / path)
        rows = part.rows.height
        yield _item(made, path, table, cut, key, "parquet", rows=rows, part=part.part)
    if zips is not None:
        yield from _closed(zips, made, table, cut, key)


def _closed(zips: Rolling, made: Path, table: str, cut: Cut, key: str) -> Iterator[Item]:
    for one in zips.closed():
        yield _item(made, one.path, table, cut, key, "csv.zip", rows=one.rows, part=one.part)


def _wide(data: Data, known: Named, made: Path) -> Iterator[Item]:
    """A row a report, a column a cell under its label: a year a file, in each language."""
    for key in keys(known, data):
        for lang in (LANG, OTHER):
            rows = views.wide_frame(data, views.Filters(years=(key,)), lang)
            if not rows.height:
                continue
            name = f"wide-{key}" if lang == LANG else f"wide-{key}.{lang}"
            zips = Rolling(made, f"csv/wide/{name}")
            for first in range(0, rows.height, STRETCH):
                zips.write(rows.slice(first, STRETCH))
            _put(made / "schema" / f"{name}.json", _plain_schema(rows))
            yield from _closed(zips, made, "wide", "wide", name.removeprefix("wide-"))


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


def _meanings(data: Data, made: Path, items: list[Item]) -> list[Item]:
    """The schemas, and the codebook."""
    tables = dict.fromkeys(item.table for item in items if item.cut != "wide")
    for table in tables:
        _put(made / "schema" / f"{table}.json", codebook.schema(table))
    book = codebook.as_frame(codebook.meanings(_seen(data)))
    (made / "codebook.csv").write_bytes(csv_bytes(book))
    schemas = sorted(path.relative_to(made).as_posix() for path in (made / "schema").iterdir())
    return [
        _item(made, "codebook.csv", "codebook", "about", "", "csv", rows=book.height),
        *(_item(made, path, "schema", "about", "", "json") for path in schemas),
    ]


def _seen(data: Data) -> dict[tuple[str, str], list[str]]:
    """The codes that have words whatever their row says, by table and column."""
    found = {}
    for table in (*OF_DOCUMENTS, *OF_AGENCIES, *WHOLE):
        names = set(data.tables[table].collect_schema().names()) & set(_CODED)
        names -= {"reason", "source"} if table in ("corrections", "replies") else set()
        for name in sorted(names):
            codes = data.tables[table].select(pl.col(name).unique()).collect()[name]
            found[table, name] = [str(code) for code in codes.drop_nulls()]
    return found


_CODED = (
    *("agency_kind", "agency_level", "state", "outcome", "severity", "error", "field", "rule"),
    *("date_rule", "status", "kind", "level", "source", "form", "section", "reason", "due_by"),
)


def _item(
    made: Path, path: str, table: str, cut: Cut, key: str, format_: Format,
    rows: int | None = None, part: int = 1,
) -> Item:  # fmt: skip
    size, sha = digest(made / path)
    return Item(path, table, cut, key, part, format_, rows, size, sha)


def _put(path: Path, found: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(json_bytes(found))


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
