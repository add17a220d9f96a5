"""A dataset folder in, its tables as lazy frames and its cards in memory out.

The only door to the data. Counts use current reports only: `Data.reports`, cards
and counts hold nothing of a reading that another one of the same report has replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from govreport_core.dataset import store
from govreport_core.model import Severity
from govreport_core.schemas import TABLES, frame

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


# Columns of cards and counts with few words, whose rows hold a number each in memory.
_CODES = (
    *("agency_kind", "agency_level", "form", "status", "reason", "check"),
    *("kind", "level", "severity", "outcome"),
)


class Index:
    """A frame whose rows are found by one column without a look at the others.

    Attributes:
        rows: By that column; equal ones in the order given.
    """

    def __init__(self, rows: pl.DataFrame, column: str) -> None:
        self.rows = rows.drop_nulls(column).sort(column, maintain_order=True)
        self._keys = self.rows[column]

    def of(self, key: str) -> pl.DataFrame:
        """The rows of one key; none where it isn't there.

        Args:
            key: A value of the column that the index is by.

        Returns:
            All columns of the frame; rows with the key in the order they were given.
        """
        first = self._keys.search_sorted(key, side="left")
        last = self._keys.search_sorted(key, side="right")
        return self.rows.slice(first, last - first)


class Data(msgspec.Struct, frozen=True, dict=True):
    """An open dataset.

    Attributes:
        about: What `dataset.json` says.
        tables: Every table as written, old readings included.
        version: The folder of the version that was opened.
        held: Whether the tables are in memory.
    """

    folder: Path
    about: dict[str, Any]
    tables: dict[str, pl.LazyFrame]
    version: Path
    held: bool = False

    @cached_property
    def cards(self) -> pl.DataFrame:
        """The table `cards`, its codes as Enums, with `region`: the names of its divisions.

        Returns:
            The columns of `cards` (money in 万元, requests in 件, `days_late` in days) and
            `region`, null if unknown; by `region_code`, `agency_id` and `year`, nulls last.
        """
        rows = self.tables["cards"].with_row_index("card")
        found = located(rows, self.tables["agencies"]).sort("card").drop("card").collect()
        return _as_codes(found.sort("region_code", "agency_id", "year", nulls_last=True))

    @cached_property
    def counts(self) -> pl.DataFrame:
        """Of the table `counts` what makes the whole: the provinces' rows, and of no division.

        Returns:
            The columns of `counts`, in its order; `results` and `reports` may be added up.
        """
        code = pl.col("region_code")
        whole = code.is_null() | code.str.ends_with("0000")
        return _as_codes(self.tables["counts"].filter(whole).collect())

    @cached_property
    def coverage(self) -> pl.DataFrame:
        """The table `coverage`.

        Returns:
            A row an agency and year, as written; `days_late` in days.
        """
        return self.tables["coverage"].collect()

    @cached_property
    def coverage_of(self) -> Index:
        """The table `coverage`, by agency."""
        return Index(self.coverage.sort("year"), "agency_id")

    @cached_property
    def by_document(self) -> Index:
        """The cards of reports, by document."""
        return Index(self.cards, "document_id")

    @cached_property
    def by_agency(self) -> Index:
        """The cards, by agency; of one by year, those without a year last."""
        return Index(self.cards.sort("year", nulls_last=True), "agency_id")

    @cached_property
    def agencies(self) -> Index:
        """One row an agency: as its latest report says, else the roster."""
        return Index(_agencies(self.cards, self.tables["agencies"]), "agency_id")

    @cached_property
    def lost(self) -> pl.DataFrame:
        """Of `documents` the files that gave no report, failed ones first.

        Returns:
            The columns of `documents`, by `status`, then `path`. Companions (manifest, roster) are
            no such files.
        """
        lost = (pl.col("status") != "read") & (pl.col("error") != "companion")
        return self.tables["documents"].filter(lost).sort("status", "path").collect()

    @cached_property
    def failed(self) -> int:
        """How many files couldn't be read."""
        lost = self.tables["documents"].filter(pl.col("status") == "failed").select(pl.len())
        return int(lost.collect().item())

    @cached_property
    def paths(self) -> Index:
        """Files and the documents they hold, by document."""
        files = self.tables["documents"].select("document_id", "path").sort("path").collect()
        return Index(files, "document_id")

    @cached_property
    def replaced(self) -> pl.DataFrame:
        """The rows of `reports` whose reading isn't the one that is shown.

        Returns:
            The columns of `reports`, as written.
        """
        return self.tables["reports"].filter(~pl.col("current")).collect()

    @cached_property
    def points_by_theme(self) -> pl.DataFrame:
        """How many points of current reports there are by theme and kind.

        Returns:
            `theme`, `kind`, `points`; a point of two themes counts in both.
        """
        points = self.current("points").select("kind", theme="themes").explode("theme")
        counted = points.drop_nulls("theme").group_by("theme", "kind").agg(points=pl.len())
        return counted.select("theme", "kind", "points").collect()

    @cached_property
    def points_themed(self) -> tuple[int, int]:
        """How many points of current reports are of a theme, and how many of none."""
        themed = pl.col("themes").list.len().fill_null(0) > 0
        counted = self.current("points").select(themed.sum(), (~themed).sum().alias("none"))
        some, none = counted.collect().row(0)
        return some, none

    @cached_property
    def unthemed(self) -> pl.DataFrame:
        """Some points of current reports that are of no theme, the first by their ids.

        Returns:
            `text`, `kind`, `agency_name` (null if unknown) and `year` of at most a hundred.
        """
        named = self.cards.lazy().select("document_id", "agency_name").drop_nulls("document_id")
        none = pl.col("themes").list.len().fill_null(0) == 0
        few = self.current("points").filter(none).sort("point_id").head(100)
        found = few.join(named, on="document_id", how="left", maintain_order="left")
        return found.select("text", "kind", "agency_name", "year").collect()

    @cached_property
    def failures(self) -> pl.DataFrame:
        """The failed results of `checks`, in the order of lists: see `ranked`.

        Returns:
            The columns of `checks`, `expected` and `actual` in their cells' unit (money in 万元).
        """
        failed = self.current("checks").filter(pl.col("outcome") == "fail")
        return ranked(failed).collect()

    @cached_property
    def failures_of(self) -> Index:
        """The failed results by agency, the newest year first."""
        newest = self.failures.sort(
            "year", "severity", "check", descending=[True, False, False], nulls_last=True,
            maintain_order=True,
        )  # fmt: skip
        return Index(newest, "agency_id")

    @cached_property
    def roster(self) -> Index:
        """The table `agencies`."""
        return Index(self.tables["agencies"].collect(), "agency_id")

    @property
    def readings(self) -> pl.LazyFrame:
        """All rows of `reports`, with `region`: the names of its divisions, null if unknown.

        Returns:
            A row a reading: the columns of `reports`, and `region`.
        """
        return located(self.tables["reports"], self.tables["agencies"])

    @property
    def reports(self) -> pl.LazyFrame:
        """The current reports: what their cards say.

        Returns:
            The rows of `cards` with a `document_id`, in the order of `cards`.
        """
        return self._reports.lazy()

    @cached_property
    def _reports(self) -> pl.DataFrame:
        there = self.cards["document_id"].is_not_null()
        return self.cards if there.all() else self.cards.filter(there)

    @property
    def fictional(self) -> bool:
        """Whether these are the project's sample reports: their roster says so of every agency."""
        sources = self.tables["agencies"].select(pl.col("source").unique()).collect()
        return sources["source"].to_list() == [SAMPLE]

    def current(self, table: str) -> pl.LazyFrame:
        """A table's rows of current reports; findings about reports that don't exist stay.

        Args:
            table: A table with `document_id`.

        Returns:
            Its columns, in the order in which they were written.
        """
        rows = self.tables[table]
        replaced = self.tables["reports"].filter(~pl.col("current")).select("document_id")
        ours = rows.join(replaced, on="document_id", how="anti", maintain_order="left")
        return ours if table == "checks" else ours.drop_nulls("document_id")


def open_dataset(folder: Path) -> Data:
    """Open a dataset lazily: the version that its path names now, whatever is built later.

    Raises:
        DatasetError: No dataset there, or one of another schema version.
    """
    version = folder.resolve()
    about = store.about(folder)
    return Data(folder, about, {name: store.scan(version, name) for name in TABLES}, version)


def ranked(checks: pl.LazyFrame) -> pl.LazyFrame:
    """Results in the order of lists: the gravest first, then by rule, year and agency.

    Args:
        checks: The columns of `checks`: `severity`, `check`, `year`, `agency_id` and `subject`
            tell the order.

    Returns:
        The same rows and columns; nulls last.
    """
    order = {severity.value: place for place, severity in enumerate(Severity)}
    weight = pl.col("severity").replace_strict(order, return_dtype=pl.Int8)
    return (
        checks.with_columns(weight=weight)
        .sort("weight", "check", "year", "agency_id", "subject", nulls_last=True)
        .drop("weight")
    )


def _as_codes(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with an Enum of the words that are there in each column of codes."""
    found = [
        pl.col(name).cast(pl.Enum(rows[name].drop_nulls().unique().sort()))
        for name, kind in rows.schema.items()
        if kind == pl.String and (name in _CODES or name.endswith("_state"))
    ]
    return rows.with_columns(found)


def held(data: Data) -> Data:
    """The same data, read into memory once: for drawing many pages."""
    tables = {name: table.collect().lazy() for name, table in data.tables.items()}
    return msgspec.structs.replace(data, tables=tables, held=True)


def _agencies(cards: pl.DataFrame, roster: pl.LazyFrame) -> pl.DataFrame:
    """One row an agency, with columns of cards: as its latest report says, else the roster."""
    columns = ["agency_name", "agency_kind", "agency_level", "region_code"]
    places = list(_PLACES)
    latest = (
        cards.lazy()
        .filter(pl.col("document_id").is_not_null())
        .select("agency_id", "year", *columns, *places)
        .with_columns(pl.col("agency_kind", "agency_level").cast(pl.String))
        .sort("year", nulls_last=False, maintain_order=True)
        .unique("agency_id", keep="last", maintain_order=True)
        .drop("year")
    )
    named = roster.select(
        "agency_id",
        "region_code",
        agency_name="name",
        agency_kind="kind",
        agency_level="level",
    )
    joined = latest.join(named, on="agency_id", how="full", coalesce=True, suffix="_roster")
    rows = joined.select(
        "agency_id",
        *(pl.coalesce(name, f"{name}_roster").alias(name) for name in columns),
        *places,
    )
    return located(rows, roster).collect()


def located(rows: pl.LazyFrame, agencies: pl.LazyFrame) -> pl.LazyFrame:
    """Rows with `region_code` and the names of divisions, and `region`, all names in one.

    Where `province`, `prefecture` or `county` is null, the roster's one government
    of that division lends its name.

    Args:
        rows: With `region_code`, `province`, `prefecture` and `county`.
        agencies: The table `agencies`: `region_code`, `kind`, `name`.

    Returns:
        `rows` with these names filled and `region` (null where none is known), in no promised
        order.
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


def rows_of(data: Data, document_id: str, table: str) -> pl.DataFrame:
    """A document's rows of a table, in the order in which they were written.

    Only what the table `offsets` names is read, whatever the size of the dataset.

    Args:
        data: The dataset.
        document_id: Whose rows.
        table: One of the tables with `document_id`.

    Returns:
        The table's columns; empty where the document has none.
    """
    return next(iter(_slices(data, document_id, (table,)).values()))


def document_rows(data: Data, document_id: str) -> dict[str, list[Row]]:
    """All rows about one document, by table, each in the order in which it was written."""
    found = _slices(data, document_id, OF_A_DOCUMENT)
    return {table: rows.to_dicts() for table, rows in found.items()}


def _slices(data: Data, document_id: str, tables: Iterable[str]) -> dict[str, pl.DataFrame]:
    """A document's rows of some tables, read in one go."""
    mine = pl.col("document_id") == document_id
    if data.held:
        parts = {name: data.tables[name].filter(mine) for name in tables}
        return dict(zip(parts, pl.collect_all(list(parts.values())), strict=True))
    places = data.tables["offsets"].filter(mine)
    found: dict[str, list[pl.LazyFrame]] = {name: [frame(name, []).lazy()] for name in tables}
    for row in places.sort("file", "first").collect().iter_rows(named=True):
        if row["table"] in found:
            file = pl.scan_parquet(data.version / row["file"], hive_partitioning=False)
            found[row["table"]].append(file.slice(row["first"], row["rows"]))
    read = pl.collect_all([pl.concat(parts) for parts in found.values()])
    return dict(zip(found, read, strict=True))


def rows_by_document(data: Data) -> Mapping[str, Mapping[str, pl.DataFrame]]:
    """Every table cut by document, in one pass: document_id -> table -> rows.

    Args:
        data: The dataset; all of it is in memory afterwards.

    Returns:
        Of `OF_A_DOCUMENT` the tables a document has rows in, each with its columns and in the
        order in which it was written; rows of no document are left out.
    """
    cut: dict[str, dict[str, pl.DataFrame]] = {}
    for table in OF_A_DOCUMENT:
        rows = data.tables[table].collect()
        parts = rows.partition_by("document_id", as_dict=True, maintain_order=True)
        for (document_id,), part in parts.items():
            if document_id is not None:
                cut.setdefault(document_id, {})[table] = part
    return cut
