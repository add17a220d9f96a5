"""A version's files in, its `datapackage.json` out: a Frictionless tabular data package.

A resource a file, each with its bytes and sha256; the schema of a table stands once, in
`schema/`. https://specs.frictionlessdata.io/tabular-data-package/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from dashboard.labels import t
from dashboard.site.opendata.records import Item
from dashboard.site.opendata.worded import LANG, OTHER
from dashboard.site.options import Options

NAME = "datapackage.json"
_MEDIA = {
    "csv.zip": "application/zip",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}


def package(items: Iterable[Item], version: str, options: Options) -> bytes:
    """The descriptor of a version.

    Args:
        items: Its files, but for this one.
        version: Its name.
        options: Who publishes it, under which licence.
    """
    found: dict[str, Any] = {
        "profile": "data-package",
        "name": "government-information-disclosure-annual-reports",
        "title": options.title or t("opendata.title", LANG),
        "titles": {lang: t("opendata.title", lang) for lang in (LANG, OTHER)},
        "description": t("opendata.description", LANG),
        "descriptions": {lang: t("opendata.description", lang) for lang in (LANG, OTHER)},
        "version": version,
        "keywords": [t(f"opendata.keywords.{n}", LANG) for n in ("disclosure", "reports", "china")],
    }
    if options.base_url:
        found["homepage"] = options.base_url
    if options.licence:
        found["licenses"] = [licence(options.licence)]
    if options.publisher:
        found["contributors"] = [{"title": options.publisher, "role": "publisher"}]
    found["resources"] = [_resource(item) for item in items if item.cut != "about"]
    found["about"] = [
        {"path": one.path, "bytes": one.size, "hash": f"sha256:{one.sha256}"}
        for one in items
        if one.cut == "about"
    ]
    return json_bytes(found)


def licence(told: str) -> dict[str, str]:
    """A licence by its address, or else by its name."""
    web = told.lower().startswith(("https://", "http://"))
    return {"path": told} if web else {"name": told, "title": told}


def json_bytes(found: object) -> bytes:
    """JSON that a person can read, in the order given."""
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def _resource(item: Item) -> dict[str, Any]:
    tabular = item.format in ("csv", "csv.zip")
    name = item.path.rpartition("/")[2].removesuffix(".zip").removesuffix(".parquet")
    format_ = item.format.removesuffix(".zip")
    found: dict[str, Any] = {
        "name": f"{name}-{format_}".lower() if format_ != "csv" else name.lower(),
        "path": item.path,
        "title": title(item, LANG),
        "titles": {lang: title(item, lang) for lang in (LANG, OTHER)},
        "profile": "tabular-data-resource" if tabular else "data-resource",
        "format": format_,
        "mediatype": _MEDIA[item.format],
        "bytes": item.size,
        "hash": f"sha256:{item.sha256}",
        "rows": item.rows,
        item.cut: item.key,
        "part": item.part,
    }
    if tabular:
        found["encoding"] = "utf-8"
        found["schema"] = schema_path(item)
    if item.format == "csv.zip":
        found |= {"compression": "zip", "innerpath": f"{name}.csv"}
    return found


def title(item: Item, lang: str) -> str:
    """A file in words: the table, and the year or province."""
    table = t(f"tables.{item.table}", lang)
    return table if item.cut == "whole" else f"{table} {item.key}"


def schema_path(item: Item) -> str:
    """Where the schema of a file stands in the version."""
    if item.cut == "wide":
        return f"schema/wide-{item.key}.json"
    return f"schema/{item.table}.json"
