"""The kind that suspects a shifted line: facts in, a result a report out; nothing is ever moved.

A table that doesn't balance may have one row typed a column too far, or one
column a row too far. It is told only where a single such move makes every sum
of the table come out, and no other does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govreport_core.cells import Lack, at, key, lack, number
from govreport_core.checks.base import Named, RuleKind
from govreport_core.checks.facts import Facts, because, findings
from govreport_core.forms import FormTable, Row

Cells = NDArray[np.float64]
"""Numbers by report, row and column."""
Truths = NDArray[np.bool_]


class _Sums(NamedTuple):
    """Which lines of the table make which: positions of rows, and of columns."""

    left: list[int]
    right: list[int]
    leaves: list[int]
    total_row: int
    parts: list[int]
    total_column: int
    printed: list[int]


class Shift(RuleKind, frozen=True, tag="shift"):
    """No single line of a table that doesn't balance would balance it if moved by one cell.

    `left` and `right` are the rows of the balance. Only told where one single
    move makes every sum of the table come out; nothing is ever moved.
    """

    table: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    columns: str
    rows: str

    cases = frozenset({"left", "right", "up", "down"})

    def named(self) -> list[Named]:
        """See `RuleKind`."""
        return [(self.table, (*self.left, *self.right, self.rows), (self.columns,))]


def shift(test: Shift, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a report: whether one line, moved by a cell, would make its sums come out.

    Args:
        test: The rule.
        facts: Looks at `number` and `state` of `values` in all cells of the table (counts in 件).

    Yields:
        Results as `findings` makes them, one a report: of a failure `subject` is the line,
        `table.row.*` or `table.*.column`, and the case `left`, `right`, `up` or `down` the way it
        would move; without `expected` and `actual`. A pass or skip is about `report`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：表三的勾稽关系
    """
    table = facts.form.table(test.table)
    columns = [column.code for column in table.value_columns]
    needed = [key(table.code, row, c) for row in (*test.left, *test.right) for c in columns]
    every = [key(table.code, row.code, c) for row in table.rows for c in columns]
    balance = [
        pl.sum_horizontal(number(key(table.code, row, c)).fill_null(0.0) for row in test.left)
        != pl.sum_horizontal(number(key(table.code, row, c)).fill_null(0.0) for row in test.right)
        for c in columns
    ]
    worst = pl.max_horizontal(lack(cell) for cell in needed)
    judged = facts.cells.select(
        "doc",
        why=pl.when(worst >= Lack.ABSENT)
        .then(worst)
        .when(pl.max_horizontal(lack(cell) for cell in every) >= Lack.TEXT)
        .then(pl.max_horizontal(lack(cell) for cell in every)),
        odd=pl.any_horizontal(balance),
    ).collect()
    odd = judged.filter(pl.col("odd") & pl.col("why").is_null())["doc"]
    found = _suspected(test, facts, table, columns, odd)
    for subject in found["subject"].unique(maintain_order=True):
        row, column = subject.split(".")[1:]
        first = key(
            table.code,
            table.value_rows[0].code if row == "*" else row,
            columns[0] if column == "*" else column,
        )
        yield findings(
            facts.cells.select("doc", "form", place=at(first)).join(
                found.filter(pl.col("subject") == subject).lazy(), on="doc"
            ),
            facts.form,
            fails=pl.lit(value=True),
            said={"case": pl.col("case")},
            subject=pl.col("subject"),
            at=pl.col("place"),
        )
    yield findings(
        judged.lazy().join(found.lazy().select("doc"), on="doc", how="anti"),
        facts.form,
        reason=because(pl.col("why")),
        subject=pl.lit("report"),
    )


def _suspected(
    test: Shift, facts: Facts, table: FormTable, columns: list[str], odd: pl.Series
) -> pl.DataFrame:
    """The reports that one single move would repair: `doc`, `subject`, `case`."""
    none = pl.DataFrame(schema={"doc": pl.UInt32, "subject": pl.String, "case": pl.String})
    if odd.is_empty():
        return none
    rows = [row.code for row in table.rows]
    wide = (
        facts.cells.filter(pl.col("doc").is_in(odd.implode()))
        .select("doc", *(_figure(table, row, c) for row in table.rows for c in columns))
        .collect()
    )
    cells = wide.drop("doc").to_numpy().reshape(wide.height, len(rows), len(columns))
    sums = _sums(test, table, rows, columns)
    repairs = np.zeros(wide.height, dtype=np.int64)
    names = np.full(wide.height, "", dtype=object)
    cases = np.full(wide.height, "", dtype=object)
    for subject, case, moved, possible in _moves(table, rows, columns, cells, sums):
        works = possible & _adds_up(moved, sums)
        repairs += works
        names[works], cases[works] = subject, case
    return pl.DataFrame(
        {"doc": wide["doc"], "subject": names.tolist(), "case": cases.tolist(), "n": repairs},
        schema_overrides={"subject": pl.String, "case": pl.String},
    ).filter(pl.col("n") == 1)["doc", "subject", "case"]


def _figure(table: FormTable, row: Row, column: str) -> pl.Expr:
    """A cell's number, blank as 0; a group's own only where it stands for its leaves."""
    cell = key(table.code, row.code, column)
    made = number(cell).fill_null(0.0)
    if row.kind != "group":
        return made
    return pl.when(f"{table.code}.{row.code}~as_one").then(made).otherwise(0.0).alias(f"{cell}#")


def _sums(test: Shift, table: FormTable, rows: list[str], columns: list[str]) -> _Sums:
    total_column = table.total_of(test.columns, "columns")
    total_row = table.total_of(test.rows, "rows")
    below = {row.code for row in table.leaves(test.rows)}
    groups = {row.code for row in table.rows if row.kind == "group"} - {test.rows}
    return _Sums(
        [rows.index(row) for row in test.left],
        [rows.index(row) for row in test.right],
        [i for i, row in enumerate(rows) if row in below or row in groups],
        rows.index(total_row),
        [i for i, column in enumerate(columns) if column != total_column],
        columns.index(total_column),
        [i for i, row in enumerate(table.rows) if row.kind != "group"],
    )


def _adds_up(cells: Cells, sums: _Sums) -> Truths:
    """Whether every sum of a report's table comes out."""
    left, right = cells[:, sums.left].sum(axis=1), cells[:, sums.right].sum(axis=1)
    leaves, total = cells[:, sums.leaves].sum(axis=1), cells[:, sums.total_row]
    parts, whole = cells[:, :, sums.parts].sum(axis=2), cells[:, :, sums.total_column]
    truths: Truths = (
        (left == right).all(axis=1) & (leaves == total).all(axis=1) & (parts == whole).all(axis=1)
    )
    return truths


def _moves(
    table: FormTable, rows: list[str], columns: list[str], cells: Cells, sums: _Sums
) -> Iterator[tuple[str, str, Cells, Truths]]:
    """Every line moved by one cell: subject, direction, the cells then, and where it is possible.

    Possible where nothing but a 0 falls off the end, and the line isn't all 0.
    """
    for i in sums.printed:
        for span in (sums.parts, [*sums.parts, sums.total_column]):
            for case, step in (("left", -1), ("right", 1)):
                moved, possible = _moved(cells[:, i, span], step)
                whole = cells.copy()
                whole[:, i, span] = moved
                yield key(table.code, rows[i], "*"), case, whole, possible
    for j, column in enumerate(columns):
        for case, step in (("up", -1), ("down", 1)):
            moved, possible = _moved(cells[:, sums.printed, j], step)
            whole = cells.copy()
            whole[:, sums.printed, j] = moved
            yield key(table.code, "*", column), case, whole, possible


def _moved(line: Cells, step: int) -> tuple[Cells, Truths]:
    moved = np.zeros_like(line)
    if step > 0:
        moved[:, step:] = line[:, :-step]
        off = line[:, -1]
    else:
        moved[:, :step] = line[:, -step:]
        off = line[:, 0]
    possible: Truths = (off == 0) & (line != 0).any(axis=1)
    return moved, possible
