"""The key figures: cells in, one number a report and figure out, or none.

A figure is known only where all its cells are; an unknown one is null, never
taken for 0. What is added up, and how far years compare, stands in `figures.toml`.
"""

from __future__ import annotations

from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

import msgspec
import polars as pl

from govreport_core.errors import FormError
from govreport_core.forms import forms, span

_KEYS = ("form", "table", "row", "column")


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A key figure: the cells that are added up for it, by form, and where years don't compare.

    Attributes:
        spans: The cells, each `table.row.column`, by the span of forms that have them.
        breaks, cautions: Two spans of forms, or two years, with a slash between.
    """

    code: str
    unit: Literal["count", "money"]
    spans: dict[str, tuple[str, ...]] = msgspec.field(name="cells")
    breaks: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    @cached_property
    def cells(self) -> dict[str, tuple[str, ...]]:
        """The cells that are added up, by form."""
        return {form: cells for named, cells in self.spans.items() for form in span(named)}


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A disposition: its leaves are the form's; `whole` if it may be printed as one row."""

    code: str
    whole: bool = False


class Outcomes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the dispositions stand: table and column, the total's row, the groups in order."""

    column: str
    total: str
    groups: tuple[Group, ...]


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `figures.toml`."""

    figures: tuple[Figure, ...]
    outcomes: Outcomes


@cache
def definitions() -> Figures:
    """The key figures, in display order.

    Raises:
        FormError: An unknown key, a form that isn't there or is named twice, or a
            cell that it doesn't have.
    """
    text = files(__package__).joinpath("figures.toml").read_text(encoding="utf-8")
    try:
        found = msgspec.toml.decode(text, type=Figures)
    except msgspec.DecodeError as error:
        msg = f"figures.toml: {error}"
        raise FormError(msg) from error
    for figure in found.figures:
        if len(figure.cells) < sum(len(span(named)) for named in figure.spans):
            msg = f"figures.toml: {figure.code} names a form twice"
            raise FormError(msg)
        for form, cells in figure.cells.items():
            for cell in cells:
                _known(form, cell)
        for pair in (*figure.breaks, *figure.cautions):
            if not pair[0].isdigit():
                both_spans(pair)
    return found


def both_spans(pair: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The forms before and after, of two spans with a slash between."""
    first, _, second = pair.partition("/")
    return span(first), span(second)


def _known(form: str, cell: str) -> None:
    table, row, column = cell.split(".")
    lines = forms()[form].table(table)
    if row not in {r.code for r in lines.rows} or column not in {c.code for c in lines.columns}:
        msg = f"figures.toml: {form} has no cell {cell}"
        raise FormError(msg)


def figure_numbers(values: pl.LazyFrame) -> pl.LazyFrame:
    """The key figures of each document.

    Args:
        values: Of the dataset's `values` those of the documents: `document_id`, `form`,
            `table`, `row`, `column`, `number`.

    Returns:
        One row a document and figure its form has, in no order: `document_id`, `figure`,
        `number` (null if any cell is unknown; in the figure's `unit`: `count`, or `money` in
        万元).

    Source: `figures.toml` says which cells of each form.
    """
    wanted = [
        (figure.code, form, *cell.split("."))
        for figure in definitions().figures
        for form, cells in figure.cells.items()
        for cell in cells
    ]
    cells = pl.LazyFrame(wanted, schema=["figure", *_KEYS], orient="row")
    columns = sorted({column for *_, column in wanted})
    return (
        values.filter(pl.col("column").is_in(columns))  # of few rows all four are compared
        .join(cells, on=_KEYS, how="inner")
        .group_by("document_id", "figure")
        .agg(
            number=pl.when(pl.col("number").is_null().any())
            .then(None)
            .otherwise(pl.col("number").sum())
        )
    )


def outcome_numbers(values: pl.LazyFrame) -> pl.LazyFrame:
    """Requests by disposition: document_id, group, number (null where any part is unknown).

    Blank parts count as zero where the total and at least one part are printed.

    Args:
        values: The dataset's `values`, or some documents' of them: `document_id`, `form`,
            `table`, `row`, `column`, `number`, `state`.

    Returns:
        One row a document and disposition its form has, in no order; `number` in 件.

    Source: `outcomes` in `figures.toml`.
    """
    where = definitions().outcomes
    table, column = where.column.split(".")
    parts = pl.LazyFrame(
        [
            (group.code, form.id, leaf.code)
            for group in where.groups
            for form in forms().values()
            if any(known.code == table for known in form.tables)
            for leaf in form.table(table).leaves(group.code)
        ],
        schema=["group", "form", "row"],
        orient="row",
    )
    cells = values.filter((pl.col("table") == table) & (pl.col("column") == column))
    total = cells.filter((pl.col("row") == where.total) & pl.col("number").is_not_null())
    whole = cells.filter(
        pl.col("row").is_in([group.code for group in where.groups if group.whole])
        & pl.col("number").is_not_null()
    ).select("document_id", pl.col("row").alias("group"), pl.col("number").alias("whole"))
    number, state = pl.col("number"), pl.col("state")
    leaves = (
        cells.join(parts, on=["form", "row"], how="inner")
        .join(whole, on=["document_id", "group"], how="left")
        .with_columns(printed=number.is_not_null().any().over("document_id"))
        .join(total.select("document_id", total="number"), on="document_id", how="left")
        .with_columns(zero=(state == "blank") & pl.col("printed") & pl.col("total").is_not_null())
    )
    return (
        leaves.group_by("document_id", "group")
        .agg(
            whole=pl.col("whole").first(),
            gaps=pl.col("number").is_null().any(),
            unknown=(pl.col("number").is_null() & ~pl.col("zero")).any(),
            parts=pl.col("number").sum(),
        )
        .select(
            "document_id",
            "group",
            number=pl.when(pl.col("whole").is_not_null() & pl.col("gaps"))
            .then(pl.col("whole"))
            .when(~pl.col("unknown"))
            .then(pl.col("parts")),
        )
    )
