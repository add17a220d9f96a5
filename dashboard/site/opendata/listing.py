"""A site's open data in, what the page of data lists out, with its JSON-LD (schema.org Dataset)."""

from __future__ import annotations

from typing import Any

import msgspec

from dashboard.labels import number, t
from dashboard.site.opendata.codebook import columns_told
from dashboard.site.opendata.keeping import LATEST, VERSIONS
from dashboard.site.opendata.package import NAME, licence
from dashboard.site.opendata.records import Cut, Format, Item, Made
from dashboard.site.options import Options

# Its columns, hundreds of them, stand in the codebook alone.
_MANY = "cards"
MOST_TOLD = 200
"""Files that the JSON-LD names; the data package names all."""


class Link(msgspec.Struct, frozen=True):
    """A file to take away: its address from the site's root, how large, how many rows."""

    address: str
    size: str
    rows: str
    part: str


class Listed(msgspec.Struct, frozen=True):
    """A table and its files, by the columns of its grid; empty where it has none."""

    table: str
    label: str
    cells: tuple[tuple[Link, ...], ...]
    columns: tuple[tuple[str, str], ...] = ()


class Grid(msgspec.Struct, frozen=True):
    """Tables against years or provinces; `heads` are those in words."""

    heads: tuple[str, ...]
    rows: tuple[Listed, ...]


class Listing(msgspec.Struct, frozen=True):
    """The page.

    Attributes:
        versions: Name, newest report, size, address of the data package.
        tables: The tables with their columns and what they mean; of the widest the codebook tells.
    """

    wide: Grid
    years: Grid
    provinces: Grid
    whole: Grid
    parquet: Grid
    about: tuple[tuple[str, Link], ...]
    versions: tuple[tuple[str, str, str, str], ...]
    tables: tuple[Listed, ...]


def listing(made: Made, lang: str) -> Listing:
    """What the page of data says, in a language."""
    # The newest first; a table may have years that the others haven't.
    told = sorted({str(item.key) for item in made.items if item.cut == "year"}, reverse=True)
    years = {key: _year(key, lang) for key in sorted(told, key="none".__eq__)}
    provinces = {
        key: t("opendata.unknown_province", lang) if key == "none" else name
        for key, name in made.provinces
    }
    tables = dict.fromkeys(item.table for item in made.items if item.cut in ("year", "whole"))
    wide = "" if lang == "zh" else f".{lang}"
    return Listing(
        wide=_grid(made, "wide", {f"{key}{wide}": label for key, label in years.items()}, lang),
        years=_grid(made, "year", years, lang),
        provinces=_grid(made, "province", provinces, lang),
        whole=_grid(made, "whole", {"all": t("opendata.all_years", lang)}, lang),
        parquet=_grid(made, "year", years, lang, "parquet"),
        about=tuple(
            (t(f"opendata.{name}", lang), _link(item, lang))
            for name, item in (
                ("codebook", _named(made, "codebook.csv")),
                ("package", _named(made, NAME)),
            )
        ),
        versions=tuple(
            (
                version.name,
                version.date,
                _size(version.size),
                f"{VERSIONS.as_posix()}/{version.name}/{NAME}",
            )
            for version in made.versions
        ),
        tables=tuple(
            Listed(table, t(f"tables.{table}", lang), (), columns_told(table, lang))
            for table in tables
            if table != _MANY
        ),
    )


def _named(made: Made, path: str) -> Item:
    return next(item for item in made.items if item.path == path)


def _year(key: str, lang: str) -> str:
    return t("opendata.unknown_year", lang) if key == "none" else key


def _grid(
    made: Made, cut: Cut, heads: dict[str, str], lang: str, format_: Format = "csv.zip"
) -> Grid:
    found = made.of(cut, format_)
    tables = dict.fromkeys(table for table, _ in found)
    return Grid(
        tuple(heads.values()),
        tuple(
            Listed(
                table,
                t(f"tables.{table}", lang),
                tuple(
                    tuple(_link(item, lang) for item in found.get((table, key), ()))
                    for key in heads
                ),
            )
            for table in tables
        ),
    )


def _link(item: Item, lang: str) -> Link:
    return Link(
        address=f"{LATEST.as_posix()}/{item.path}",
        size=_size(item.size),
        rows="" if item.rows is None else t("opendata.rows", lang, n=number(item.rows)),
        part="" if item.part == 1 else str(item.part),
    )


def _size(size: int) -> str:
    """Bytes as people read them."""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{-(-size // 1000)} KB"


def structured(made: Made, options: Options, lang: str) -> str:
    """The dataset for search engines, as JSON that can stand in a page.

    Source: https://schema.org/Dataset
    """
    # Without it from where the page stands.
    to_data = "" if options.folder(lang) == "" else "../../data/"
    base = f"{options.base_url}{LATEST.as_posix()}/" if options.base_url else f"{to_data}latest/"
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": t("opendata.title", lang),
        "description": t("opendata.description", lang),
        "version": made.version.name,
        "inLanguage": ["zh-CN", "en"],
        "isAccessibleForFree": True,
        "keywords": [t(f"opendata.keywords.{n}", lang) for n in ("disclosure", "reports", "china")],
        "spatialCoverage": [name for _, name in made.provinces],
        "variableMeasured": [t(f"tables.{item}", lang) for item in _tables(made)],
        "distribution": [_distribution(item, base) for item in made.items[:MOST_TOLD]],
    }
    if made.version.date:
        found["dateModified"] = made.version.date
    if made.years:
        found["temporalCoverage"] = f"{min(made.years)}/{max(made.years)}"
    if options.base_url:
        found["url"] = options.base_url
    if options.licence:
        found["license"] = licence(options.licence).get("path", options.licence)
    if options.publisher:
        found["publisher"] = {"@type": "Organization", "name": options.publisher}
    told = msgspec.json.encode(found).decode()
    # Nothing in a text may end the element that holds it.
    return told.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _tables(made: Made) -> list[str]:
    return list(dict.fromkeys(item.table for item in made.items if item.cut in ("year", "whole")))


def _distribution(item: Item, base: str) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "contentUrl": f"{base}{item.path}",
        "encodingFormat": "application/zip" if item.format == "csv.zip" else item.format,
        "contentSize": f"{item.size} B",
        "sha256": item.sha256,
    }
