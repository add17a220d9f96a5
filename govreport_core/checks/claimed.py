"""A form's claims and cells in, each claim beside the cell it is held against out."""

from __future__ import annotations

import polars as pl

from govreport_core.cells import lack, number
from govreport_core.narrative.figures import cells_of

_HELD = {
    "doc": pl.UInt32,
    "claim": pl.String,
    "cell": pl.String,
    "cell_number": pl.Float64,
    "cell_lack": pl.UInt8,
    "made": pl.Float64,
}


def beside_cells(claims: pl.LazyFrame, laid: pl.DataFrame, form: str) -> pl.DataFrame:
    """The claims of reports on one form, with the cell each is held against and what it holds.

    Args:
        claims: The table `claims` with `doc`: `claim`, `table`, `row` and `column` are looked at.
        laid: The reports on the form, as `cells.spread` lays them out.
        form: The form's id.

    Returns:
        The columns of `claims`, `cell` (as `table.row.column`), `cell_number` and `cell_lack`
        (as `cells.number` and `cells.lack` find them), and `made`: the figure of the table that
        such a statement is told against, in the cells' unit.
    """
    named = claims.with_columns(
        cell=pl.concat_str("table", "row", "column", separator=".")
    ).collect()
    known = frozenset(laid.columns)
    held = [
        laid.select(
            "doc",
            claim=pl.lit(claim),
            cell=pl.lit(cell),
            cell_number=number(cell),
            cell_lack=lack(cell),
            made=_made(claim, cell, form, known),
        )
        for claim, cell in named.select("claim", "cell").unique().sort("claim", "cell").iter_rows()
        if f"{cell}#" in known
    ]
    every = pl.concat([pl.DataFrame(schema=_HELD), *held])
    return named.join(every, on=["doc", "claim", "cell"], how="left", maintain_order="left")


def _made(claim: str, cell: str, form: str, known: frozenset[str]) -> pl.Expr:
    cells = [".".join(key) for key in cells_of(claim, form)] or [cell]
    there = [number(name) for name in cells if f"{name}#" in known]
    return pl.sum_horizontal(there, ignore_nulls=False) if there else number(cell)
