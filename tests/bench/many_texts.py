"""Generated prose for the benches: a number in, a folder of tables of so many reports out.

Written by a process of its own, so that what searches take can be told from what that took.
Made-up sentences of Chinese characters, common words often and rare ones seldom; a first
section of about 1,500 characters, a fifth of about 450 with six points, a short sixth.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import polars as pl
from many_cards import cards

from dashboard.data import Data
from govreport_core.schemas import TABLES, columns_of, frame

POOL = 4000
POINTS = 6
_WORDS = 6000


def words(seed: int = 11) -> list[str]:
    """Made-up words, the most frequent first."""
    chance = np.random.default_rng(seed)
    letters = np.array([chr(code) for code in range(0x4E00, 0x4E00 + 3500)])
    ranks = 1 / (np.arange(len(letters)) + 8)
    lengths = chance.choice([2, 2, 2, 3, 4], _WORDS)
    return ["".join(chance.choice(letters, n, p=ranks / ranks.sum())) for n in lengths.tolist()]


def sentences(length: int, number: int, seed: int) -> list[str]:
    """So many texts of about that many characters."""
    chance = np.random.default_rng(seed)
    known = np.array(words())
    ranks = 1 / (np.arange(_WORDS) + 20)
    made = []
    for _ in range(number):
        picked = chance.choice(known, length // 2, p=ranks / ranks.sum()).tolist()
        clauses = ["".join(picked[at : at + 5]) for at in range(0, len(picked), 5)]
        made.append("".join(f"{c}{'，。；'[n % 3]}" for n, c in enumerate(clauses))[:length])
    return made


def prose(cards: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The tables `sections` and `points` of these cards' reports, by year and document."""
    reports = cards.select("document_id", "year").sort("year", "document_id").with_row_index("n")
    pool = min(POOL, reports.height // 4 + 1)
    single = sentences(70, pool * 2, 3)
    chance = np.random.default_rng(5)
    # Every text differs from all others, as real ones do.
    marks = [hashlib.sha256(str(n).encode()).hexdigest()[:8] for n in range(reports.height)]
    picks = chance.integers(0, len(single), (POINTS, reports.height))
    own = [
        pl.Series([f"{single[at]}{mark}{n}。" for at, mark in zip(picks[n], marks, strict=True)])
        for n in range(POINTS)
    ]
    first, last = sentences(1500, pool, 1), sentences(60, pool, 2)
    texts = {
        "s1_overview": _spread(first, marks, chance),
        "s5_problems": pl.select(pl.concat_str(*own, separator="\n")).to_series(),
        "s6_other": _spread(last, marks, chance),
    }
    sections = pl.concat([_section(reports, code, text) for code, text in texts.items()])
    points = pl.concat([_points(reports, n, text) for n, text in enumerate(own)])
    order = ["year", "document_id"]
    return {
        "sections": sections.sort(order, maintain_order=True),
        "points": points.sort(order, maintain_order=True),
    }


def _spread(pool: list[str], marks: list[str], chance: np.random.Generator) -> pl.Series:
    picks = chance.integers(0, len(pool), len(marks)).tolist()
    return pl.Series([f"{pool[at]}{mark}" for at, mark in zip(picks, marks, strict=True)])


def _section(reports: pl.DataFrame, code: str, text: pl.Series) -> pl.DataFrame:
    made = reports.drop("n").with_columns(
        text.alias("text"), section=pl.lit(code), heading=pl.lit("五"), part=pl.lit("line:9"),
        start=pl.lit(0), end=pl.lit(5),
    )  # fmt: skip
    return pl.concat([frame("sections", []), made], how="diagonal_relaxed")


def _points(reports: pl.DataFrame, ordinal: int, text: pl.Series) -> pl.DataFrame:
    kind = "problem" if ordinal % 2 == 0 else "improvement"
    themes = [[], ["timeliness"], ["platform", "interpretation"]]
    made = reports.with_columns(
        text.alias("text"), kind=pl.lit(kind), ordinal=pl.lit(ordinal, dtype=pl.Int32),
        themes=pl.Series([themes[(n + ordinal) % 3] for n in range(reports.height)]),
        point_id=pl.format("{}-{}", "n", pl.lit(ordinal)), part=pl.lit("line:9"),
        start=pl.lit(0), end=pl.lit(5),
    ).drop("n")  # fmt: skip
    return pl.concat([frame("points", []), made], how="diagonal_relaxed")


def _offsets(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    """Where each document's rows stand in the table's one file."""
    numbered = rows.with_row_index("first").with_columns(pl.col("first").cast(pl.Int64))
    return (
        numbered.group_by("document_id", maintain_order=True)
        .agg(pl.col("first").first(), rows=pl.len().cast(pl.Int64))
        .with_columns(table=pl.lit(table), file=pl.lit(f"{table}.parquet"))
        .select(columns_of("offsets"))
    )


def write(folder: Path, reports: int) -> None:
    """Cards, roster, prose and offsets of so many reports, a file each."""
    made = cards(reports, [("t3_balance", "error")])
    roster = made.unique("agency_id", keep="first", maintain_order=True).select(
        "agency_id", "region_code", name="agency_name", source=pl.lit("generated")
    )
    agencies = pl.concat([frame("agencies", []), roster], how="diagonal")
    tables = {"cards": made, "agencies": agencies, **prose(made)}
    tables["offsets"] = pl.concat([_offsets(tables[n], n) for n in ("points", "sections")])
    for name, rows in tables.items():
        rows.write_parquet(folder / f"{name}.parquet", row_group_size=40_000)


def opened(folder: Path) -> Data:
    """What `write` wrote, as a dataset; its other tables are empty."""
    tables = {name: frame(name, []).lazy() for name in TABLES}
    tables |= {
        path.stem: pl.scan_parquet(path, hive_partitioning=False)
        for path in sorted(folder.glob("*.parquet"))
    }
    return Data(folder, {"built_at": ""}, tables, folder)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
