"""Generated cards for the benches: a number in, the tables of lists of so many reports out.

Made as frames, with no report behind them: agencies spread over all counties of the
table of divisions, six years each.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from dashboard.data import Data
from govreport_core import checks
from govreport_core.dataset import parquet
from govreport_core.dataset.counting import WIDE, above
from govreport_core.dataset.offsets import offsets
from govreport_core.regions.divisions import table
from govreport_core.schemas import columns_of, frame

YEARS = tuple(range(2019, 2025))
KINDS = ("government", "department", "bureau", "commission", "township", "office")
_FAILING = 0.7  # failed results a report
_UNKNOWN = 0.03


def cards(reports: int, rules: list[tuple[str, str]]) -> pl.DataFrame:
    """The table `cards` of that many reports; `rules` are those that fail, with severities."""
    chance = np.random.default_rng(7)
    codes = np.array(sorted(code for code in table().by_code if not code.endswith("00")))
    numbers = np.arange(reports)
    agency = numbers // len(YEARS)
    region = codes[agency % len(codes)]
    years = np.array(YEARS)[numbers % len(YEARS)]
    failing = chance.poisson(_FAILING, reports)
    picked = [
        sorted({rules[at] for at in chance.integers(0, len(rules), count)}) for count in failing
    ]
    made = {
        "agency_id": [f"{code}-{at}" for code, at in zip(region, agency, strict=True)],
        "agency_name": [f"某机关{at}" for at in agency],
        "agency_kind": np.array(KINDS)[agency % len(KINDS)],
        "agency_level": np.array(("county", "township"))[(agency % len(KINDS) == 4).astype(int)],
        "region_code": region,
        "province": [f"省{code[:2]}" for code in region],
        "prefecture": [f"市{code[:4]}" for code in region],
        "county": [f"县{code}" for code in region],
        "year": years,
        "document_id": [f"{number:064x}" for number in numbers],
        "report_id": [f"{c}-{a}-{y}" for c, a, y in zip(region, agency, years, strict=True)],
        "form": np.where(years < 2021, "form_2019", "form_2021"),
        "title": [f"某机关{at}政府信息公开工作年度报告" for at in agency],
        "status": np.array(("on_time", "late", "published"))[chance.integers(0, 3, reports)],
        "required": np.full(reports, fill_value=True),
        "failed_rules": [[code for code, _ in some] for some in picked],
        "failed_severities": [[severity for _, severity in some] for some in picked],
        "skip_reasons": [["no_claim", "no_prior_year"]] * reports,
        "skip_counts": [[12, 4]] * reports,
        "problem_themes": [[]] * reports,
        "improvement_themes": [[]] * reports,
        "cells": np.full(reports, 200),
        "cells_read": 200 - (chance.random(reports) < _UNKNOWN).astype(int),
        "fail_warning": [len(some) for some in picked],
    }
    columns = {}
    for name, kind in frame("cards", []).schema.items():
        if name in made:
            columns[name] = pl.Series(name, made[name]).cast(kind)
        elif name.endswith("_state"):
            continue
        elif kind == pl.Float64:
            values = pl.Series(name, chance.integers(0, 60, reports).astype(float))
            columns[name] = (
                pl.select(pl.when(pl.Series(chance.random(reports) > _UNKNOWN)).then(values))
                .to_series()
                .alias(name)
            )
        elif kind == pl.Int32:
            columns[name] = pl.Series(name, chance.integers(0, 30, reports)).cast(kind)
        else:
            columns[name] = pl.Series(name, [None] * reports, dtype=kind)
    for name in (name for name in columns_of("cards") if name.endswith("_state")):
        code = name.removesuffix("_state")
        # As in every dataset: known where all that it is made of is.
        parts = [columns[part] for part in (f"{code}_numerator", f"{code}_base") if part in columns]
        known = np.logical_and.reduce([part.is_not_null() for part in parts])
        columns[name] = pl.Series(name, np.where(known, "known", "blank"))
    made_of = pl.DataFrame(columns).sort("region_code", "agency_id", "year")
    return made_of.select(columns_of("cards"))


def counts(of: pl.DataFrame) -> pl.DataFrame:
    """The table `counts` of generated cards: each rule passed once where it didn't fail."""
    by = ["form", "year", "region_code", "agency_kind", "agency_level"]
    groups = (
        of.lazy().group_by(by).len("reports").with_columns(region_code=above())
        .explode("region_code").filter(_wide()).group_by(by).agg(pl.col("reports").sum())
        .rename({"agency_kind": "kind", "agency_level": "level"})
    )  # fmt: skip
    severities = {code: rule.severity.value for code, rule in checks.catalogue().items()}
    rules = pl.LazyFrame(list(severities.items()), schema=["check", "severity"], orient="row")
    results = pl.LazyFrame(
        [("pass", None), ("skip", "no_claim"), ("fail", None)],
        schema=["outcome", "reason"],
        orient="row",
    )
    made = groups.join(rules, how="cross").join(results, how="cross")
    made = made.with_columns(results=pl.col("reports"))
    schema = frame("counts", []).schema
    return made.select(pl.col(n).cast(k) for n, k in schema.items()).collect()


def _wide() -> pl.Expr:
    """Whether a division has rows in `counts`."""
    return pl.col("region_code").str.ends_with("0000") | (
        pl.col("reports").sum().over("region_code") >= WIDE
    )


def failures(of: pl.DataFrame, real: pl.DataFrame) -> pl.DataFrame:
    """Failed results of generated cards: each looks like a real one of its rule."""
    like = real.unique("check", keep="first").drop("document_id", "agency_id", "year", "severity")
    exploded = (
        of.select("document_id", "agency_id", "year", "failed_rules", "failed_severities")
        .explode("failed_rules", "failed_severities")
        .drop_nulls("failed_rules")
        .rename({"failed_rules": "check", "failed_severities": "severity"})
    )
    return exploded.join(like, on="check").select(real.columns)


def write(
    sample: Data,
    reports: int,
    folder: Path,
    prose: Callable[[pl.DataFrame], dict[str, pl.DataFrame]] | None = None,
) -> Path:
    """A dataset with so many generated reports beside a dataset's own, as a build writes it.

    Of the generated ones there are cards, counts, coverage, and the failed results with their
    places; other facts aren't, but the sections and points that `prose` gives.
    """
    shutil.copytree(sample.version, folder)
    real = sample.tables["checks"].filter(pl.col("outcome") == "fail").collect()
    rules = sorted(set(real.select("check", "severity").iter_rows()))
    made = cards(reports, rules)
    agencies = made.unique("agency_id", keep="first", maintain_order=True).select(
        "agency_id", "region_code", name="agency_name", level="agency_level", kind="agency_kind",
        source=pl.lit("generated"),
    )  # fmt: skip
    covered = made.select("agency_id", "year", "document_id", "status", "required")
    _add("cards", made, folder)
    _add("counts", counts(made), folder)
    _add("agencies", agencies, folder)
    _add("coverage", covered, folder)
    places = _add("checks", failures(made, real), folder)
    elsewhere = ["parts", "evidence", "values", "sections", "points", "claims", "diagnostics"]
    for name, rows in prose(made).items() if prose else ():
        places += _add(name, rows, folder)
        elsewhere.remove(name)
    if prose:
        elsewhere.remove("parts")  # of them a passage shows its place, where there are any
    others = made.select("document_id").join(pl.DataFrame({"table": elsewhere}), how="cross")
    lost = others.with_columns(file=pl.lit("values/none.parquet"), first=0, rows=1)
    known = [sample.tables["offsets"].collect(), *places, lost]
    schema = frame("offsets", []).schema
    whole = pl.concat(some.select(pl.col(n).cast(k) for n, k in schema.items()) for some in known)
    shutil.rmtree(folder / "offsets")
    _written(whole.sort("document_id", "table", "file"), folder / "offsets" / "part.parquet")
    return folder


def _add(table: str, rows: pl.DataFrame, folder: Path) -> list[pl.DataFrame]:
    """Write more rows of a table, a file a year; where each document's stand in them."""
    whole = pl.concat([frame(table, []), rows], how="diagonal")
    places = []
    for stem, some in parquet.by_year(whole):
        below = table if stem == "all" else f"{table}/{stem}"
        file = f"{below}/generated.parquet"
        _written(some, folder / file)
        if table in ("checks", "sections", "points"):
            places.append(offsets(some, table, file))
    return places


def _written(rows: pl.DataFrame, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(file, compression="zstd", row_group_size=20_000)
