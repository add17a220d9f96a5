"""A dataset in, the texts of its current reports out, made comparable once, newest first.

What a search scans stands in memory, in characters of fewer bytes: the fifth sections, the
points as stretches of them, made when first asked for; the other sections, several times as
long, apart. Printed texts are read for the few that are shown. Measured in
`tests/bench/test_bench_search.py`.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

import msgspec
import numpy as np
import polars as pl

from dashboard.data import Data
from govreport_core.search import Query, plain, plain_column

FIVE = "s5_problems"
SHOWN = (
    *("report_id", "document_id", "agency_id", "agency_name", "agency_kind", "agency_level"),
    *("region_code", "region", "province", "prefecture", "county", "year"),
)
"""What is told of a report beside its texts: columns of `cards`."""


class Coded(msgspec.Struct, frozen=True):
    """A column of words as numbers, to be counted.

    Attributes:
        numbers: Each row's.
        words: What they stand for, in the order in which they first come; null is one.
    """

    numbers: np.ndarray[tuple[int], np.dtype[np.uint32]]
    words: list[object]


class Texts(msgspec.Struct, frozen=True, dict=True):
    """The texts of a dataset.

    Each frame has `order`, the row of `reports` that a text is of, and is sorted by it;
    `plain` in them is the text as searches compare it, in the characters of `shorter`.
    """

    data: Data

    @cached_property
    def shorter(self) -> dict[str, str]:
        """Characters that are frequent here and those of fewer bytes that aren't, changing places.

        So texts take half the memory and are scanned in less time. What is looked for in them
        has to go through it too: see `query`.
        """
        some = self.data.tables["sections"].select("text").head(_COUNTED).collect()
        counted = Counter(plain("".join(some["text"].drop_nulls())))
        often = [c for c, _ in counted.most_common() if c >= _THREE_BYTES]
        free = [c for c in map(chr, range(ord(_THREE_BYTES))) if c not in counted]
        pairs = list(zip(often, free, strict=False))
        return dict(pairs) | {two: three for three, two in pairs}

    def query(self, asked: Query) -> Query:
        """A query in the characters of `shorter`."""
        known = str.maketrans(self.shorter)
        words, without = (
            tuple(word.translate(known) for word in some) for some in (asked.words, asked.without)
        )
        return Query(words, without, asked.problem)

    @cached_property
    def reports(self) -> pl.DataFrame:
        """The current reports, the newest year first, then by division and agency.

        Returns:
            Names, keys and places, as in `cards`, and `region`.
        """
        newest = self.data.reports.select(SHOWN).sort(
            "year", descending=True, nulls_last=True, maintain_order=True
        )
        return newest.collect()

    @cached_property
    def coded(self) -> dict[str, Coded]:
        """Of `reports` the year, kind and agency, and the codes of their divisions, as numbers."""
        code = pl.col("region_code")
        columns = self.reports.select(
            "year",
            "agency_kind",
            "agency_id",
            *(code.str.slice(0, n).str.pad_end(6, "0").alias(name) for name, n in _DIVISIONS),
        )
        return {column.name: _coded(column) for column in columns}

    @cached_property
    def points(self) -> pl.DataFrame:
        """The points without their texts.

        Returns:
            `order`, `point_id`, `kind`, `themes` and `number` (from 1 in its document, in the
            table's order).
        """
        kind = pl.col("kind").cast(pl.Enum(["problem", "improvement"]))
        made = []
        for year in self._years:
            rows = self._of_year(self.data.tables["points"], year)
            some = rows.select("document_id", "point_id", kind, "themes", _NUMBER)
            made.append(self._ordered(some))
        return pl.concat(made, rechunk=True)

    @cached_property
    def themes(self) -> tuple[str, ...]:
        """The codes of the themes that there are points of."""
        told = self.points["themes"].explode().drop_nulls()
        return tuple(told.unique().sort().to_list())

    @cached_property
    def themed(self) -> pl.DataFrame:
        """`row` (of `points`), `order` and `theme` (its place in `themes`): to be counted."""
        told = self.points.select("order", theme="themes").with_row_index("row")
        each = told.explode("theme").drop_nulls("theme")
        return each.with_columns(pl.col("theme").cast(pl.Enum(self.themes)).to_physical())

    @cached_property
    def searched_points(self) -> pl.DataFrame:
        """`row` (of `points`), `order`, `number`, `plain`: no more, for what is found is copied."""
        rows = self.data.tables["points"]
        made, before = [], 0
        for year, five in zip(self._years, self._fives, strict=True):
            some = self._of_year(rows, year).select("document_id", "text", _NUMBER)
            points = self._plain(some).with_row_index("row", before)
            before += points.height
            made.append(_within(points, five))
        return pl.concat(made, rechunk=False)

    @cached_property
    def five(self) -> pl.DataFrame:
        """The fifth sections: `order`, `section` and `plain`; those without text are left out."""
        return pl.concat(self._fives, rechunk=False)

    @cached_property
    def others(self) -> pl.DataFrame:
        """The same of all other sections."""
        return pl.concat(self._sections(pl.col("section") != FIVE), rechunk=False)

    @cached_property
    def _fives(self) -> list[pl.DataFrame]:
        return self._sections(pl.col("section") == FIVE)

    @cached_property
    def _years(self) -> list[int | None]:
        return self.reports["year"].unique(maintain_order=True).to_list() or [None]

    def _of_year(self, rows: pl.LazyFrame, year: int | None) -> pl.LazyFrame:
        """A year at a time, as reports are sorted: all printed texts at once are too much."""
        return rows.filter(pl.col("year").eq_missing(pl.lit(year, dtype=pl.Int32)))

    def _sections(self, which: pl.Expr) -> list[pl.DataFrame]:
        """Sections of each of the years."""
        rows = self.data.tables["sections"].filter(which, pl.col("text") != "")
        columns = ("document_id", "section", "text")
        return [
            self._plain(self._of_year(rows, year).select(columns))
            .select(_SECTIONS.names())
            .cast(_SECTIONS)
            for year in self._years
        ]

    def _plain(self, rows: pl.LazyFrame) -> pl.DataFrame:
        """Rows of current reports with `order`, and `plain` for their `text`."""
        found = self._ordered(rows)
        texts = plain_column(found["text"], self.shorter).alias("plain")
        return found.with_columns(texts).drop("text")

    def _ordered(self, rows: pl.LazyFrame) -> pl.DataFrame:
        """Rows of current reports with `order` for their document."""
        order = self.reports.lazy().select("document_id").with_row_index("order")
        found = rows.join(order, on="document_id", how="inner", maintain_order="left")
        return found.drop("document_id").sort("order", maintain_order=True).collect()


_SECTIONS = pl.Schema(
    {
        "order": pl.UInt32(),
        "section": pl.Categorical(),
        "plain": pl.String(),
    }
)


_THREE_BYTES = "\u0800"  # the first character that takes three
_COUNTED = 3_000  # texts in which characters are counted
_NUMBER = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("document_id").alias("number")
# The first so many digits of a division's code name the one above it, or itself.
_DIVISIONS = (("province_code", 2), ("prefecture_code", 4), ("county_code", 6))


def _within(points: pl.DataFrame, five: pl.DataFrame) -> pl.DataFrame:
    """Points as the stretches of their sections that they are, in whose memory they stand.

    Args:
        points: `row`, `order`, `number` and `plain` of a year.
        five: Its fifth sections.

    Returns:
        The same; the text of a point that doesn't stand in its section is its own.
    """
    sections = five.unique("order", keep="first").select("order", whole="plain")
    found = points.join(sections, on="order", how="left", maintain_order="left").select(
        *("row", "order", "number", "plain", "whole"),
        at=pl.col("whole").str.find(pl.col("plain"), literal=True),
    )
    stretch = pl.col("whole").cast(pl.Binary).bin.slice("at", pl.col("plain").str.len_bytes())
    inside = found.with_columns(plain=stretch.cast(pl.String)).drop_nulls("at")
    apart = found.filter(pl.col("at").is_null())
    whole = pl.concat([inside, apart]).sort("row") if apart.height else inside
    return whole.drop("whole", "at")


def _coded(column: pl.Series) -> Coded:
    words = column.unique(maintain_order=True)
    known = words.to_frame().with_row_index("number")
    numbers = column.to_frame().join(
        known, on=column.name, how="left", nulls_equal=True, maintain_order="left"
    )["number"]
    return Coded(numbers.to_numpy(), words.to_list())
