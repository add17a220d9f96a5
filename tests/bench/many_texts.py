"""Generated prose for the benches: cards in, the tables `sections` and `points` of their reports.

Made-up sentences of Chinese characters, common words often and rare ones seldom; a first
section of about 1,500 characters, a fifth of about 450 with six points, a short sixth.
"""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl

from dashboard.data import Data
from govreport_core.schemas import frame

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
    """The tables `sections` and `points` of these cards' reports."""
    reports = cards.select("document_id", "year").with_row_index("n")
    pools = {
        "s1_overview": sentences(1500, POOL, 1),
        "s6_other": sentences(60, POOL, 2),
    }
    single = sentences(70, POOL * 2, 3)
    chance = np.random.default_rng(5)
    # Every text differs from all others, as real ones do.
    marks = [hashlib.sha256(str(n).encode()).hexdigest()[:8] for n in range(reports.height)]
    picks = chance.integers(0, len(single), (POINTS, reports.height))
    own = [
        pl.Series([f"{single[at]}{mark}{n}。" for at, mark in zip(picks[n], marks, strict=True)])
        for n in range(POINTS)
    ]
    sections = [
        _section(reports, code, pl.Series(pool).gather(chance.integers(0, POOL, reports.height)))
        for code, pool in pools.items()
    ]
    five = pl.select(pl.concat_str(*own, separator="\n")).to_series()
    sections.append(_section(reports, "s5_problems", five))
    points = pl.concat([_points(reports, n, text) for n, text in enumerate(own)])
    return {
        "sections": pl.concat(sections).sort("document_id", maintain_order=True),
        "points": points.sort("document_id", maintain_order=True),
    }


def _section(reports: pl.DataFrame, code: str, text: pl.Series) -> pl.DataFrame:
    made = reports.drop("n").with_columns(
        text.alias("text"), section=pl.lit(code), heading=pl.lit("五"), part=pl.lit("line:9"),
        start=pl.lit(0), end=pl.lit(5),
    )  # fmt: skip
    return pl.concat([frame("sections", []), made], how="diagonal_relaxed")


def _points(reports: pl.DataFrame, ordinal: int, text: pl.Series) -> pl.DataFrame:
    kind = "problem" if ordinal % 2 == 0 else "improvement"
    made = reports.with_columns(
        text.alias("text"), kind=pl.lit(kind), ordinal=pl.lit(ordinal, dtype=pl.Int32),
        point_id=pl.format("{}-{}", "n", pl.lit(ordinal)), part=pl.lit("line:9"),
        start=pl.lit(0), end=pl.lit(5),
    ).drop("n")  # fmt: skip
    return pl.concat([frame("points", []), made], how="diagonal_relaxed")


def with_prose(data: Data, folder: object) -> Data:
    """The same data, its sections and points those of generated reports, read from files."""
    made = prose(data.cards.filter(pl.col("document_id").is_not_null()))
    tables = dict(data.tables)
    for name, rows in made.items():
        path = f"{folder}/{name}.parquet"
        rows.write_parquet(path, row_group_size=50_000)
        tables[name] = pl.scan_parquet(path)
    return Data(data.folder, data.about, tables, data.version)
