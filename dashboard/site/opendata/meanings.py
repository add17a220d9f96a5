"""A version's tables in, what tells of them out: a schema each, and the codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import polars as pl

from dashboard.data import Data
from dashboard.site import hashes
from dashboard.site.opendata import codebook
from dashboard.site.opendata.again import Again, Unit
from dashboard.site.opendata.archives import digest
from dashboard.site.opendata.cutting import OF_AGENCIES, OF_DOCUMENTS, WHOLE
from dashboard.site.opendata.package import json_bytes
from dashboard.site.opendata.records import Cut, Format, Item
from govreport_core.dataset.export import csv_bytes


def meanings(data: Data, again: Again, items: Sequence[Item]) -> list[Item]:
    """The schemas, and the codebook; linked where they would be the same again.

    Args:
        data: The dataset.
        again: What the earlier site has of them, and where the files go.
        items: The version's other files; the schemas of wide tables are there already.
    """
    tables = dict.fromkeys(item.table for item in items if item.cut != "wide")
    seen = _seen(data)
    told = hashes.of([msgspec.json.encode([*tables]), msgspec.json.encode([*seen.items()])])
    unit = again.linked("meanings", told)
    if unit is None:
        unit = again.keep("meanings", Unit(told, list(_told(tables, seen, again.made))))
    there = {item.path: item for item in unit.items}
    wide = (path.relative_to(again.made).as_posix() for path in again.made.glob("schema/wide-*"))
    there |= {path: item(again.made, path, "schema", "about", "", "json") for path in wide}
    return [there.pop(_BOOK), *(item for _, item in sorted(there.items()))]


_BOOK = "codebook.csv"


def _told(
    tables: Iterable[str], seen: Mapping[tuple[str, str], list[str]], made: Path
) -> Iterator[Item]:
    """What tells of all tables: a schema each, and the codebook."""
    for table in tables:
        path = f"schema/{table}.json"
        put(made / path, codebook.schema(table))
        yield item(made, path, "schema", "about", "", "json")
    book = codebook.as_frame(codebook.meanings(seen))
    (made / _BOOK).write_bytes(csv_bytes(book))
    yield item(made, _BOOK, "codebook", "about", "", "csv", rows=book.height)


def _seen(data: Data) -> dict[tuple[str, str], list[str]]:
    """The codes that have words whatever their row says, by table and column."""
    found = {}
    for table in (*OF_DOCUMENTS, *OF_AGENCIES, *WHOLE):
        names = set(data.tables[table].collect_schema().names()) & set(_CODED)
        names -= {"reason", "source"} if table in ("corrections", "replies") else set()
        each = data.tables[table].select(pl.col(name).unique().implode() for name in sorted(names))
        for codes in each.collect():
            found[table, codes.name] = sorted(map(str, codes.explode().drop_nulls()))
    return found


_CODED = (
    *("agency_kind", "agency_level", "state", "outcome", "severity", "error", "field", "rule"),
    *("date_rule", "status", "kind", "level", "source", "form", "section", "reason", "due_by"),
)


def item(
    made: Path, path: str, table: str, cut: Cut, key: str, format_: Format,
    rows: int | None = None, part: int = 1,
) -> Item:  # fmt: skip
    """A file that was written, with its bytes and their hash."""
    size, sha = digest(made / path)
    return Item(path, table, cut, key, part, format_, rows, size, sha)


def put(path: Path, found: object) -> None:
    """Write something as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(json_bytes(found))
