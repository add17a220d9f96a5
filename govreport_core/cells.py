"""Every report's cells side by side: the long `values` in, one row a report out.

A form's cells are looked at together (a sum, a rate), and for many reports at
once; so they are laid out wide here, once, and rules and indicators are
expressions over the columns `number(cell)`, `lack(cell)` and `at(cell)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import cache
from typing import Literal

import msgspec
import numpy as np
import polars as pl

from govreport_core.forms import Column, Form, FormTable, Row, forms
from govreport_core.model import State

Axis = Literal["rows", "columns"]
DECIMALS = 6  # sums are compared as fractions are printed, not as binary floats carry them


LAID = "laid"
"""What stands beside tables where it is known already: `laid` of `values` and `reports`."""


class Lack(IntEnum):
    """Why a cell has no number, the graver the higher; `NONE` where it has one.

    Ordered so that the maximum over some cells says why their sum can't be told.
    """

    NONE = 0
    BLANK = 1
    PLACEHOLDER = 2
    ABSENT = 3
    TEXT = 4
    UNREADABLE = 5


_OF_STATE = {
    State.REPORTED: Lack.NONE,
    State.BLANK: Lack.BLANK,
    State.PLACEHOLDER: Lack.PLACEHOLDER,
    State.ABSENT: Lack.ABSENT,
    State.TEXT: Lack.TEXT,
    State.UNREADABLE: Lack.UNREADABLE,
}


def key(table: str, row: str, column: str) -> str:
    """The name of a cell, as it stands in `checks.subject`."""
    return f"{table}.{row}.{column}"


@cache
def number(cell: str) -> pl.Expr:
    """The cell's number; null unless one is certain. Made once: expressions don't change.

    Args:
        cell: `table.row.column`.

    Returns:
        The column `<cell>#` of `spread`: money in 万元, all else counts.
    """
    return pl.col(f"{cell}#")


@cache
def lack(cell: str) -> pl.Expr:
    """Why the cell has no number, as a `Lack`; `ABSENT` also where the values have no such cell.

    Args:
        cell: `table.row.column`.

    Returns:
        The column `<cell>!` of `spread`: a whole number, `Lack.NONE` where there is a number.
    """
    return pl.col(f"{cell}!")


@cache
def at(cell: str) -> pl.Expr:
    """The row of the values frame that holds the cell; null where none does.

    Args:
        cell: `table.row.column`.

    Returns:
        The column `<cell>@` of `spread`: the row's place, counted from 0.
    """
    return pl.col(f"{cell}@")


def spread(values: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Lay the values out wide.

    Args:
        values: The dataset's `values` (`document_id`, `table`, `row`, `column`, `number`,
            `state`), each cell of a document at most once.
        reports: Any frame with one row a `document_id`.

    Returns:
        `reports` in its own order with three columns more for each cell of each
        form, groups included, which `number`, `lack` and `at` name; values of other documents
        are left out. Numbers keep their unit (money in 万元).
    """
    return reports.hstack(laid(values, reports))


def laid(values: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """The cells alone that `spread` lays out beside the reports.

    Args:
        values: As `spread` takes them.
        reports: Likewise.

    Returns:
        A row a report, in their order, of the columns that `number`, `lack` and `at` name.
    """
    names = _names()
    placed = (
        values.lazy()
        .select("number", "state", cell=_cells(values, names), doc=_docs(values, reports))
        .with_row_index("at")
        .drop_nulls(["cell", "doc"])
        .with_columns(
            lack=pl.when(pl.col("number").is_not_null())
            .then(Lack.NONE.value)
            .otherwise(pl.col("state").replace_strict(_OF_STATE, return_dtype=pl.UInt8))
        )
        .collect()
    )
    shape = (names.height, reports.height)
    spot = (placed["cell"].to_numpy(), placed["doc"].to_numpy())
    numbers = np.full(shape, np.nan)
    numbers[spot] = placed["number"].fill_null(float("nan")).to_numpy()
    lacks = np.full(shape, Lack.ABSENT, dtype=np.uint8)
    lacks[spot] = placed["lack"].to_numpy()
    rows = np.full(shape, -1, dtype=np.int64)
    rows[spot] = placed["at"].to_numpy()
    long = pl.DataFrame({"#": numbers.ravel(), "!": lacks.ravel(), "@": rows.ravel()}).select(
        pl.col("#").fill_nan(None), "!", pl.when(pl.col("@") >= 0).then("@").alias("@")
    )
    columns = [
        of_all.slice(cell * reports.height, reports.height).alias(f"{name}{of_all.name}")
        for of_all in long.get_columns()
        for cell, name in enumerate(names["name"])
    ]
    return pl.DataFrame(columns)


def _cells(values: pl.DataFrame, names: pl.DataFrame) -> pl.Series:
    """Which cell each row of values is, null for none: no other column is laid out for it."""
    key = ["table", "row", "column"]
    found = values.lazy().select(key).join(
        names.lazy().select(*key, "cell"), on=key, how="left", maintain_order="left"
    )  # fmt: skip
    return found.select("cell").collect()["cell"]


def _docs(values: pl.DataFrame, reports: pl.DataFrame) -> pl.Series:
    """Which of the reports each row of values is of, null for none: a document's stand together."""
    runs = values["document_id"].rle().struct.unnest()
    docs = reports.lazy().select(value="document_id").with_row_index("doc")
    found = runs.lazy().join(docs, on="value", how="left", maintain_order="left")
    return found.select(pl.col("doc").repeat_by("len").explode()).collect()["doc"]


def lines(wide: pl.DataFrame, table: FormTable, sums: Axis) -> pl.DataFrame:
    """Lay a table's lines across an axis below each other, so that one question is asked of all.

    Args:
        wide: What `spread` gave, with `doc`.
        table: The table.
        sums: The axis whose lines stay side by side.

    Returns:
        For each column that holds numbers, or each row, a row a report, in the order of `wide`:
        `doc`, `across` (the line's code), `group` (whether it is a group's), and the columns that
        `number`, `lack` and `at` name of the cells `crossing(table, sums, line, "*")`.
    """
    across: Sequence[Row | Column] = table.value_columns if sums == "rows" else table.rows
    beside: Sequence[Row | Column] = table.rows if sums == "rows" else _columns(table)
    named = {
        "across": [one.code for one in across],
        "group": [one.kind == "group" for one in across],
    }
    docs = pl.DataFrame(named).join(wide.select("doc"), how="cross", maintain_order="left_right")
    cells = [
        pl.concat(
            wide.get_column(f"{crossing(table, sums, line.code, one.code)}{mark}") for one in across
        ).alias(f"{crossing(table, sums, line.code, '*')}{mark}")
        for line in beside
        for mark in "#!@"
    ]
    return docs.hstack(cells)


def official(form: Form) -> dict[str, list[str]]:
    """The names of the cells the form itself has, by table, in the order they are printed."""
    return {
        table.code: [
            key(table.code, row.code, column.code)
            for row in table.value_rows
            for column in table.value_columns
        ]
        for table in form.tables
    }


def of_form(form: Form) -> list[str]:
    """The same of all tables in one."""
    return [cell for cells in official(form).values() for cell in cells]


class Sum(msgspec.Struct, frozen=True):
    """Some cells taken together.

    Attributes:
        made: What their numbers make; 0 where they have none.
        worst: The gravest `Lack` among them.
        best: The least one; `NONE` where at least one number is printed.
        numbers: Their numbers as a list, null for a cell without.
        doubtful: The row of values of the first that can't be told.
    """

    made: pl.Expr
    worst: pl.Expr
    best: pl.Expr
    numbers: pl.Expr
    doubtful: pl.Expr


@cache
def below(table: FormTable, sums: Axis, group: str, across: str) -> Sum:
    """The leaves below a group, where they meet one line of the other axis.

    Where a report prints several leaves as their group's one row, that row is
    the part. Where it prints both, the leaves are, and the group row isn't
    added to them; unless they are all without a figure and only it has one.
    """
    lines: tuple[Row, ...] | tuple[Column, ...] = table.rows if sums == "rows" else table.columns
    parts = []
    for line in lines:
        if line.parent != group or line.kind == "total":
            continue
        own = alone(crossing(table, sums, line.code, across))
        if line.kind == "leaf":
            parts.append(own)
        else:
            parts.append(_instead(own, below(table, sums, line.code, across)))
    return together(parts)


def crossing(table: FormTable, sums: Axis, line: str, across: str) -> str:
    """The cell where a line of the summed axis meets one of the other."""
    return key(table.code, line, across) if sums == "rows" else key(table.code, across, line)


@cache
def alone(cell: str) -> Sum:
    """One cell as a sum of its own."""
    return Sum(
        made=number(cell).fill_null(0.0),
        worst=lack(cell),
        best=lack(cell),
        numbers=pl.concat_list(number(cell)),
        doubtful=pl.when(lack(cell) >= Lack.TEXT).then(at(cell)),
    )


def together(sums: Iterable[Sum]) -> Sum:
    """Several sums as one."""
    sums = tuple(sums)
    return Sum(
        made=pl.sum_horizontal(s.made for s in sums),
        worst=pl.max_horizontal(s.worst for s in sums),
        best=pl.min_horizontal(s.best for s in sums),
        numbers=pl.concat_list(s.numbers for s in sums),
        doubtful=pl.coalesce(s.doubtful for s in sums),
    )


def _instead(own: Sum, leaves: Sum) -> Sum:
    """The group's own cell where its leaves are absent, or without a figure while it has one."""
    absent = (leaves.best == Lack.ABSENT) & (own.worst != Lack.ABSENT)
    unfilled = (leaves.best != Lack.NONE) & (leaves.worst <= Lack.ABSENT) & (own.worst == Lack.NONE)
    use = absent | unfilled
    return Sum(
        made=pl.when(use).then(own.made).otherwise(leaves.made),
        worst=pl.when(use).then(own.worst).otherwise(leaves.worst),
        best=pl.when(use).then(own.best).otherwise(leaves.best),
        numbers=pl.when(use).then(own.numbers).otherwise(leaves.numbers),
        doubtful=pl.when(use).then(own.doubtful).otherwise(leaves.doubtful),
    )


@cache
def _names() -> pl.DataFrame:
    """Each cell of any form once: `table`, `row`, `column`, its name, its number in order."""
    seen = {
        (table.code, row, column): key(table.code, row, column)
        for form in forms().values()
        for table in form.tables
        for row, column in _positions(table)
    }
    return pl.DataFrame(
        [(*codes, name) for codes, name in seen.items()],
        schema=["table", "row", "column", "name"],
        orient="row",
    ).with_row_index("cell")


def _positions(table: FormTable) -> list[tuple[str, str]]:
    """All cells of a table, with those a group row or a group column may carry."""
    rows = [row.code for row in table.rows]
    return [(row, column.code) for row in rows for column in _columns(table)]


def _columns(table: FormTable) -> list[Column]:
    """A table's columns that hold cells, groups included."""
    return [column for column in table.columns if column.kind != "label"]
