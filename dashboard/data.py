"""A dataset folder in, its tables as lazy frames out: the only door to the data.

Counts use current reports only: `Data.reports` and the tables of facts hold
nothing of a reading that another one of the same report has replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from govreport_core.dataset import store
from govreport_core.schemas import TABLES

Row = dict[str, Any]

# What the samples' roster gives as the source of its agencies.
SAMPLE = "fictional"
_GOVERNMENT = "人民政府"
# How many digits of a division's code name it and all above it.
_PLACES = {"province": 2, "prefecture": 4, "county": 6}
OF_A_DOCUMENT = (
    "parts",
    "evidence",
    "values",
    "sections",
    "points",
    "claims",
    "checks",
    "diagnostics",
)


class Data(msgspec.Struct, frozen=True):
    """An open dataset.

    Attributes:
        about: What `dataset.json` says.
        tables: Every table as written, old readings included.
    """

    folder: Path
    about: dict[str, Any]
    tables: dict[str, pl.LazyFrame]

    @property
    def readings(self) -> pl.LazyFrame:
        """All rows of `reports`, with `region`: the names of its divisions, null if unknown."""
        return located(self.tables["reports"], self.tables["agencies"])

    @property
    def reports(self) -> pl.LazyFrame:
        """The current ones of `readings`."""
        return self.readings.filter("current")

    @property
    def fictional(self) -> bool:
        """Whether these are the project's sample reports: their roster says so of every agency."""
        sources = self.tables["agencies"].select(pl.col("source").unique()).collect()
        return sources["source"].to_list() == [SAMPLE]

    def current(self, table: str) -> pl.LazyFrame:
        """A table's rows of current reports; findings about reports that don't exist stay."""
        rows = self.tables[table]
        current = self.tables["reports"].filter("current")
        ours = rows.join(current.select("document_id"), on="document_id", how="semi")
        if table != "checks":
            return ours
        return pl.concat([ours, rows.filter(pl.col("document_id").is_null())])


def open_dataset(folder: Path) -> Data:
    """Open a dataset lazily: the version that its path names now, whatever is built later.

    Raises:
        DatasetError: No dataset there, or one of another schema version.
    """
    version = folder.resolve()
    about = store.about(folder)
    return Data(folder, about, {name: store.scan(version, name) for name in TABLES})


def held(data: Data) -> Data:
    """The same data, read into memory once: for drawing many pages."""
    return Data(
        data.folder,
        data.about,
        {name: table.collect().lazy() for name, table in data.tables.items()},
    )


def located(rows: pl.LazyFrame, agencies: pl.LazyFrame) -> pl.LazyFrame:
    """Rows with `region_code` and the names of divisions, and `region`, all names in one.

    Where `province`, `prefecture` or `county` is null, the roster's one government
    of that division lends its name.
    """
    named = (
        agencies.filter(
            (pl.col("kind") == "government") & pl.col("name").str.ends_with(_GOVERNMENT)
        )
        .group_by("region_code")
        .agg(pl.col("name").unique())
        .filter(pl.col("name").list.len() == 1)
        .select("region_code", name=pl.col("name").list.first().str.strip_suffix(_GOVERNMENT))
    )
    code = pl.col("region_code")
    found = rows
    for place, digits in _PLACES.items():
        above = code.str.slice(0, digits).str.pad_end(6, "0")
        # A prefecture's own code, padded, is no county's.
        own = above if digits == 2 else pl.when(code.str.slice(digits - 2, 2) != "00").then(above)
        lent = named.select("region_code", pl.col("name").alias(f"{place}_lent"))
        found = (
            found.with_columns(own.alias("above"))
            .join(lent, left_on="above", right_on="region_code", how="left")
            .with_columns(pl.coalesce(place, f"{place}_lent").alias(place))
            .drop("above", f"{place}_lent")
        )
    region = pl.concat_str(*_PLACES, ignore_nulls=True)
    return found.with_columns(region=pl.when(region != "").then(region))


def document_rows(data: Data, document_id: str) -> dict[str, list[Row]]:
    """All rows about one document, by table, each in the order in which it was written."""
    return {
        table: data.tables[table].filter(pl.col("document_id") == document_id).collect().to_dicts()
        for table in OF_A_DOCUMENT
    }


def rows_by_document(data: Data) -> Mapping[str, Mapping[str, pl.DataFrame]]:
    """Every table cut by document, in one pass: document_id -> table -> rows."""
    cut: dict[str, dict[str, pl.DataFrame]] = {}
    for table in OF_A_DOCUMENT:
        rows = data.tables[table].collect()
        parts = rows.partition_by("document_id", as_dict=True, maintain_order=True)
        for (document_id,), part in parts.items():
            if document_id is not None:
                cut.setdefault(document_id, {})[table] = part
    return cut
