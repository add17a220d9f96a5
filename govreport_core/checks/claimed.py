"""A form's claims and cells in, each claim beside the cell it is held against out."""

from __future__ import annotations

import polars as pl

from govreport_core.cells import number
from govreport_core.narrative.figures import cells_of

_HELD = {"cell_number": pl.Float64, "cell_lack": pl.UInt8, "made": pl.Float64}


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
    held = named.select("claim", "cell").unique().sort("claim", "cell")
    held = held.filter([f"{cell}#" in known for cell in held["cell"]])
    if held.is_empty():
        return named.with_columns(pl.lit(None, kind).alias(name) for name, kind in _HELD.items())
    made = laid.select(
        _made(claim, cell, form, known).alias(str(at))
        for at, (claim, cell) in enumerate(held.iter_rows())
    )
    below = {
        "cell_number": pl.concat(laid.get_column(f"{cell}#") for cell in held["cell"]),
        "cell_lack": pl.concat(laid.get_column(f"{cell}!") for cell in held["cell"]),
        "made": pl.concat(made.get_columns()),
    }
    spots = named.join(
        held.with_row_index("nth"), on=["claim", "cell"], how="left", maintain_order="left"
    ).join(laid.select("doc").with_row_index("in"), on="doc", how="left", maintain_order="left")
    spot = spots.select(pl.col("nth").cast(pl.Int64) * laid.height + pl.col("in")).to_series()
    return named.with_columns(
        below[name].gather(spot).cast(kind).alias(name) for name, kind in _HELD.items()
    )


def _made(claim: str, cell: str, form: str, known: frozenset[str]) -> pl.Expr:
    cells = [".".join(key) for key in cells_of(claim, form)] or [cell]
    there = [number(name) for name in cells if f"{name}#" in known]
    return pl.sum_horizontal(there, ignore_nulls=False) if there else number(cell)
