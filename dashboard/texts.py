"""A dataset in, the texts of its current reports out, made comparable once, newest first.

What a search scans stands in memory: the points and the fifth sections in one frame each,
made when first asked for; the other sections, several times as long, in a third. Printed
texts are read for the few that are shown. Measured in `tests/bench/test_bench_search.py`.
"""

from __future__ import annotations

from functools import cached_property

import msgspec
import polars as pl

from dashboard.data import Data
from govreport_core.search import plain_column

FIVE = "s5_problems"
_SHOWN = (
    *("report_id", "document_id", "agency_id", "agency_name", "agency_kind", "agency_level"),
    *("region_code", "region", "province", "prefecture", "county", "year"),
)


class Texts(msgspec.Struct, frozen=True, dict=True):
    """The texts of a dataset.

    Each frame has `order`, the row of `reports` that a text is of, and is sorted by it;
    `plain` in them is the text as searches compare it.
    """

    data: Data

    @cached_property
    def reports(self) -> pl.DataFrame:
        """The current reports, the newest year first, then by division and agency.

        Returns:
            Names, keys and places, as in `cards`, and `region`.
        """
        newest = self.data.reports.select(_SHOWN).sort(
            "year", descending=True, nulls_last=True, maintain_order=True
        )
        return newest.collect()

    @cached_property
    def points(self) -> pl.DataFrame:
        """The points without their texts.

        Returns:
            `order`, `number` (from 1 in its document, in the table's order), `point_id`, `kind`
            and `themes`.
        """
        return self._points.drop("text")

    @cached_property
    def searched_points(self) -> pl.DataFrame:
        """`order`, `row` (of `points`) and `plain`: no more, for what is found is copied."""
        found = self._points.select("order", "text").with_row_index("row")
        return found.select("order", "row", _plain(found["text"]))

    @property
    def _points(self) -> pl.DataFrame:
        columns = ("document_id", "point_id", "kind", "themes", "text")
        rows = self.data.tables["points"].select(columns)
        numbered = rows.with_columns(
            number=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("document_id")
        )
        kind = pl.col("kind").cast(pl.Enum(["problem", "improvement"]))
        return self._ordered(numbered.with_columns(kind))

    @cached_property
    def five(self) -> pl.DataFrame:
        """The fifth sections: `order`, `section` and `plain`; those without text are left out."""
        return self._sections(pl.col("section") == FIVE)

    @cached_property
    def others(self) -> pl.DataFrame:
        """The same of all other sections."""
        return self._sections(pl.col("section") != FIVE)

    def _sections(self, which: pl.Expr) -> pl.DataFrame:
        years = self.reports["year"].unique(maintain_order=True)
        return pl.concat(
            [pl.DataFrame(schema=_SECTIONS), *(self._of_year(which, year) for year in years)],
            rechunk=False,
        )

    def _of_year(self, which: pl.Expr, year: int | None) -> pl.DataFrame:
        """A year at a time, as reports are sorted: all printed texts at once are too much."""
        mine = pl.col("year").eq_missing(pl.lit(year, dtype=pl.Int32))
        rows = self.data.tables["sections"].filter(mine, which, pl.col("text") != "")
        found = self._ordered(rows.select("document_id", "section", "text"))
        return found.select("order", "section", _plain(found["text"])).cast(_SECTIONS)

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


def _plain(texts: pl.Series) -> pl.Series:
    return plain_column(texts).alias("plain")
