"""What open data is made of: its files, its versions; the paths are below the site's root."""

from __future__ import annotations

from typing import Literal

import msgspec

Cut = Literal["year", "province", "whole", "wide", "about"]
Format = Literal["csv.zip", "parquet", "csv", "json"]


class Item(msgspec.Struct, frozen=True):
    """A file of a version.

    Attributes:
        path: In the version's folder.
        table: Of the dataset, or `wide`; of what tells about them their name.
        cut: By what its rows were chosen; `key` is the year or the province's code.
        part: From 1 on, where a cut is too large for one file.
        rows: None where it has no rows.
        size: Bytes.
        sha256: Of its bytes.
    """

    path: str
    table: str
    cut: Cut
    key: str
    part: int
    format: Format
    rows: int | None
    size: int
    sha256: str


class Version(msgspec.Struct, frozen=True):
    """An immutable version: its name, what its newest report was published on, its bytes."""

    name: str
    date: str
    size: int


class Made(msgspec.Struct, frozen=True):
    """The open data of a site.

    Attributes:
        version: The one that `latest` is.
        items: Its files.
        versions: All that are kept, the newest first.
        reports: How many reports it has.
        years: The report years there are.
        provinces: Codes and names of the provinces there are.
        changed: Reports that another file took the place of, and the day of the dataset in which
            it did.
    """

    version: Version
    items: tuple[Item, ...]
    versions: tuple[Version, ...]
    reports: int
    years: tuple[int, ...]
    provinces: tuple[tuple[str, str], ...]
    changed: dict[str, str] = {}

    def of(self, cut: Cut, format_: Format = "csv.zip") -> dict[tuple[str, str], list[Item]]:
        """The files of a cut, by table and key, in the order of their parts."""
        found: dict[tuple[str, str], list[Item]] = {}
        for item in self.items:
            if item.cut == cut and item.format == format_:
                found.setdefault((item.table, item.key), []).append(item)
        return found
