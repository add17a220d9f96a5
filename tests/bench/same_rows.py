"""Two datasets in, how many rows of each table are in one of them alone out.

    python tests/bench/same_rows.py OLD NEW [--but COLUMN ...] [--show 5]

Tables are compared as sets of rows over the columns that both have; a column that
only one has is told. Exit 1 where a row differs. Two builds of the same sources
agree; what a change alters on purpose is left out with `--but`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import polars as pl

_WIDTH = 400


def main() -> int:
    """Compare, print a line a table, and tell by the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--but", nargs="*", default=[], help="columns that aren't compared")
    parser.add_argument("--show", type=int, default=3, help="differing rows shown of each table")
    given = parser.parse_args()
    differing = 0
    for table in sorted(
        {p.name for d in (given.old, given.new) for p in d.iterdir() if p.is_dir()}
    ):
        differing += _compare(table, given)
    return 1 if differing else 0


def _compare(table: str, given: argparse.Namespace) -> int:
    old, new = (_read(folder / table) for folder in (given.old, given.new))
    if old is None or new is None:
        print(f"{table:12} only in {given.old if new is None else given.new}")
        return 0
    shared = [c for c in old.columns if c in new.columns and c not in given.but]
    alone = sorted(set(old.columns) ^ set(new.columns))
    gone, come = _beyond(old, new, shared), _beyond(new, old, shared)
    told = f"  columns in one alone: {', '.join(alone)}" if alone else ""
    print(
        f"{table:12} {old.height:>9,} -> {new.height:>9,}  -{gone.height:,} +{come.height:,}{told}"
    )
    for sign, rows in (("-", gone), ("+", come)):
        for row in rows.head(given.show).iter_rows(named=True):
            print(f"  {sign} {str(row)[:_WIDTH]}")
    return gone.height + come.height


def _read(folder: Path) -> pl.DataFrame | None:
    if not folder.is_dir():
        return None
    found = pl.read_parquet(f"{folder}/**/*.parquet", hive_partitioning=False)
    return found.with_columns(
        pl.col(pl.List).list.eval(pl.element().cast(pl.String)).list.join(",")
    )


def _beyond(one: pl.DataFrame, other: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The rows of one that the other lacks, as often as it lacks them."""
    counted = [
        frame.select(columns).with_columns(nth=pl.int_range(pl.len()).over(columns))
        for frame in (one, other)
    ]
    return counted[0].join(counted[1], on=[*columns, "nth"], how="anti", nulls_equal=True)


if __name__ == "__main__":
    sys.exit(main())
