"""Chosen reports in, a table for people out: a row a report, a column a cell, labels as heads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t, term
from dashboard.views.filters import UNKNOWN, Filters
from dashboard.views.lists import chosen, form_label, region_label
from govreport_core.forms import forms
from govreport_core.model import State

WIDE = "wide"
"""The table's name, beside those of the dataset."""
_CODES = ("report_id", "agency_id", "region_code", "document_id")
_SHOWN = (
    *("agency_name", "region", "agency_kind", "agency_level", "year", "form", "published_on"),
    *("fail_error", "fail_warning", "fail_info", "source_url"),
)
OF_CARDS = (*_SHOWN, *_CODES)
"""The columns of cards that are looked at."""


def wide_frame(data: Data, filters: Filters, lang: str, limit: int | None = None) -> pl.DataFrame:
    """Who and when, what fails, each cell's number under its label; codes and hashes last.

    A cell without a certain number is empty; how many are unreadable is a column of its own.

    Args:
        data: The dataset.
        filters: What narrows it.
        lang: Language of heads and words.
        limit: How many reports at most; None for all.

    Returns:
        By region, agency and year, newest first; money in 万元, all else counts. Heads are
        unique: where two cells have the same words, the second has its code beside them.
    """
    return wide_worded(wide_rows(data, filters, limit), lang)


def wide_rows(data: Data, filters: Filters, limit: int | None = None) -> pl.DataFrame:
    """The rows of `wide_frame` before they are of a language: codes, and cells under theirs.

    Returns:
        `_SHOWN`, `unread`, a column for each cell that any report has, by its code, `_CODES`.
    """
    cards = chosen(data, filters).select(OF_CARDS).collect()
    order = ["region_code", "agency_name", "agency_id", "year"]
    falling = [False, False, False, True]
    cards = cards.sort(order, descending=falling, nulls_last=True)
    cards = cards if limit is None else cards.head(limit)
    found = _found(data, filters, cards["document_id"])
    unread = found.group_by("at").agg(pl.col("unread").sum())
    there = set(found["of"].unique())
    numbers = _grid(found, cards.height)
    cells = [(cell, at) for at, cell in enumerate(_cells()) if at in there]
    return (
        cards.with_row_index("at")
        .join(unread, on="at", how="left", maintain_order="left")
        .select(
            *_SHOWN,
            "unread",
            *(pl.Series(cell, numbers[at], nan_to_null=True) for cell, at in cells),
            *_CODES,
        )
    )


def _found(data: Data, filters: Filters, documents: pl.Series) -> pl.DataFrame:
    """The cells of some documents.

    Returns:
        `at` and `of`, the places of its document and of its cell in `_cells`, `number`, and
        `unread`: no more, as there are millions; `of` is null of a cell that no form has.
    """
    order = documents.to_frame("document_id").lazy().with_row_index("at")
    codes = [cell.split(".") for cell in _cells()]
    cells = pl.LazyFrame(codes, dict.fromkeys(_CELL, pl.String), orient="row").with_row_index("of")
    values = data.tables["values"]
    if filters.years and UNKNOWN not in filters.years:
        # So that other years' files aren't opened.
        values = values.filter(pl.col("year").is_in([int(one) for one in filters.years]))
    return (
        values.select("document_id", *_CELL, "number", unread=pl.col("state") == State.UNREADABLE)
        .join(order, on="document_id")
        .join(cells, on=_CELL, how="left")
        .select("at", "of", "number", "unread")
        .collect()
    )


_CELL = ("table", "row", "column")


def _grid(found: pl.DataFrame, documents: int) -> npt.NDArray[np.float64]:
    """What `_found` gave as a row a cell and a column a document, NaN where there is no number.

    Filled at once: to ask for a cell at a time takes longer than all else.
    """
    there = found.drop_nulls(("of", "number"))
    grid = np.full((len(_cells()), documents), np.nan)
    grid[there["of"].to_numpy(), there["at"].to_numpy()] = there["number"].to_numpy()
    return grid


def wide_worded(rows: pl.DataFrame, lang: str) -> pl.DataFrame:
    """What `wide_rows` gave under a language's heads, in its words."""
    known = {*_SHOWN, "unread", *_CODES}
    cells = [name for name in rows.columns if name not in known]
    return _said(rows, lang).rename(_heads(cells, lang))


def _cells() -> dict[str, str]:
    """Every form's cells in its order, the newest form's first, each with that form."""
    found: dict[str, str] = {}
    for form in reversed(forms().values()):
        for table in form.tables:
            for row in table.value_rows:
                for column in table.value_columns:
                    found.setdefault(f"{table.code}.{row.code}.{column.code}", form.id)
    return found


def _said(frame: pl.DataFrame, lang: str) -> pl.DataFrame:
    """The same with words for codes."""

    def words(column: str, group: str) -> pl.Expr:
        codes = frame[column].cast(pl.String).drop_nulls().unique().to_list()
        names = [term(group, code, lang) for code in codes]
        return pl.col(column).cast(pl.String).replace_strict(codes, names, default=None)

    form_codes = frame["form"].cast(pl.String).drop_nulls().unique().to_list()
    form_names = [form_label(code, lang) for code in form_codes]
    return frame.with_columns(
        words("agency_kind", "kinds"),
        words("agency_level", "levels"),
        pl.col("form").cast(pl.String).replace_strict(form_codes, form_names, default=None),
        pl.Series(
            "region",
            [region_label(row, lang) for row in frame.select("region", "region_code").to_dicts()],
            dtype=pl.String,
        ),
    )


def _heads(cells: list[str], lang: str) -> dict[str, str]:
    heads = {name: t(f"columns.{name}", lang) for name in (*_SHOWN, "unread", *_CODES)}
    taken = set(heads.values())
    known = _cells()
    for cell in cells:
        table, row, column = cell.split(".")
        label = labels.cell_label(known[cell], table, row, column, lang)
        heads[cell] = label if label not in taken else f"{label} ({cell})"
        taken.add(heads[cell])
    return heads
