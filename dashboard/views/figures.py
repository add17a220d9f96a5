"""Cells of many reports in, key figures out: one number a report, or none.

A figure is known only where all its cells are; an unknown one is left out and
counted, never taken for 0. What is added up stands in `figures.toml`.
"""

from __future__ import annotations

from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

import msgspec
import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t
from dashboard.views.records import FigureCell, FigureRow, YearTable
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
    text = files("dashboard.views").joinpath("figures.toml").read_text(encoding="utf-8")
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
                _spans(pair)
    return found


def _spans(pair: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    first, _, second = pair.partition("/")
    return span(first), span(second)


def _known(form: str, cell: str) -> None:
    table, row, column = cell.split(".")
    lines = forms()[form].table(table)
    if row not in {r.code for r in lines.rows} or column not in {c.code for c in lines.columns}:
        msg = f"figures.toml: {form} has no cell {cell}"
        raise FormError(msg)


def figure_numbers(data: Data) -> pl.DataFrame:
    """One row a document and figure its form has: document_id, figure, number (null if unknown)."""
    wanted = [
        (figure.code, form, *cell.split("."))
        for figure in definitions().figures
        for form, cells in figure.cells.items()
        for cell in cells
    ]
    cells = pl.LazyFrame(wanted, schema=["figure", *_KEYS], orient="row")
    return (
        data.tables["values"]
        .join(cells, on=_KEYS, how="inner")
        .group_by("document_id", "figure")
        .agg(
            number=pl.when(pl.col("number").is_null().any())
            .then(None)
            .otherwise(pl.col("number").sum())
        )
        .collect()
    )


def outcome_numbers(data: Data) -> pl.DataFrame:
    """Requests by disposition: document_id, group, number (null where any part is unknown).

    Blank parts count as zero where the total and at least one part are printed.
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
    cells = data.tables["values"].filter((pl.col("table") == table) & (pl.col("column") == column))
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
        .collect()
    )


def unjoined(figure: Figure, before: tuple[int, str | None], after: tuple[int, str | None]) -> bool:
    """Whether no line may join two years, each given as (year, form).

    Two years on forms that both lack the figure have nothing to join.
    """
    has = [(form or "") in figure.cells for _, form in (before, after)]
    return has[0] != has[1] or (all(has) and _named(figure.breaks, before, after))


def counted_otherwise(
    figure: Figure, before: tuple[int, str | None], after: tuple[int, str | None]
) -> bool:
    """Whether a figure was counted in another way in one of two years that may be joined."""
    return _named(figure.cautions, before, after)


def _named(
    pairs: tuple[str, ...], before: tuple[int, str | None], after: tuple[int, str | None]
) -> bool:
    for pair in pairs:
        if pair[0].isdigit():
            first, second = (int(year) for year in pair.split("/"))
            if before[0] <= first < second <= after[0]:
                return True
        elif before[1] in _spans(pair)[0] and after[1] in _spans(pair)[1]:
            return True
    return False


def year_table(
    rows: list[dict[str, Any]], numbers: dict[tuple[str, str], float | None], lang: str
) -> YearTable:
    """One agency's key figures, year beside year.

    Args:
        rows: Its current reports with a year, as rows of `reports`, by year.
        numbers: (document_id, figure) -> number, for the figures a form has.
        lang: Language of the words.
    """
    years = list(range(rows[0]["year"], rows[-1]["year"] + 1)) if rows else []
    by_year = {row["year"]: row for row in rows}
    points = [(row["year"], row["form"]) for row in rows]
    figures = []
    for figure in definitions().figures:
        if not any(row["form"] in figure.cells for row in rows):
            continue
        cells = tuple(
            _figure_cell(figure, year, by_year.get(year), numbers, lang) for year in years
        )
        figures.append(
            FigureRow(
                code=figure.code,
                label=t(f"figures.{figure.code}.label", lang),
                unit=t(f"units.{figure.unit}", lang),
                note=t(f"figures.{figure.code}.note", lang),
                cells=cells,
                change=_change(figure, cells, points, lang),
                breaks=tuple(
                    after[0]
                    for before, after in pairwise(points)
                    if unjoined(figure, before, after)
                ),
            )
        )
    return YearTable(tuple(years), tuple(figures), _notes(figures, lang))


def _figure_cell(
    figure: Figure,
    year: int,
    row: dict[str, Any] | None,
    numbers: dict[tuple[str, str], float | None],
    lang: str,
) -> FigureCell:
    if row is None:
        return FigureCell(year, None, t("charts.no_reports", lang), known=False, report_id=None)
    number = numbers.get((row["document_id"], figure.code))
    if row["form"] not in figure.cells:
        text = t("figures.not_in_form", lang)
    elif number is None:
        text = t("values.unknown", lang)
    else:
        text = labels.number(number)
    return FigureCell(year, number, text, number is not None, row["report_id"])


def _change(
    figure: Figure,
    cells: tuple[FigureCell, ...],
    points: list[tuple[int, str | None]],
    lang: str,
) -> str:
    if len(cells) < 2 or cells[-2].report_id is None:
        return t("figures.change.no_year_before", lang)
    before, after = cells[-2], cells[-1]
    if not any((form or "") in figure.cells for _, form in points[-2:]):
        return t("figures.not_in_form", lang)
    if unjoined(figure, points[-2], points[-1]):
        return t("figures.change.not_comparable", lang)
    if before.number is None or after.number is None:
        return t("figures.change.unknown", lang)
    difference = after.number - before.number
    sign = t(f"values.{'plus' if difference > 0 else 'minus'}", lang)
    amount = sign + labels.number(abs(round(difference, 6)))
    if difference == 0:
        return t("figures.change.same", lang)
    if before.number == 0:
        text = t("figures.change.from_zero", lang, amount=amount)
    else:
        share = abs(difference) / abs(before.number)
        text = t(
            "figures.change.both", lang, amount=amount, share=sign + labels.percent(share, lang)
        )
    if _named(figure.cautions, points[-2], points[-1]):
        text += t("figures.change.caution", lang)
    return text


def _notes(figures: list[FigureRow], lang: str) -> tuple[str, ...]:
    broken = [figure.label for figure in figures if figure.breaks]
    if not broken:
        return ()
    return (t("figures.breaks_note", lang, figures=t("places.and", lang).join(broken)),)
