"""Generated cards for the benches: a number in, the tables of lists of so many reports out.

Made as frames, with no report behind them: agencies spread over all counties of the
table of divisions, six years each.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from dashboard.data import Data
from govreport_core import checks
from govreport_core.dataset.counting import above
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
            known = chance.random(reports) > _UNKNOWN
            columns[name] = pl.Series(name, np.where(known, "known", "blank"))
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
    made_of = pl.DataFrame(columns).sort("region_code", "agency_id", "year")
    return made_of.select(columns_of("cards"))


def counts(of: pl.DataFrame) -> pl.DataFrame:
    """The table `counts` of generated cards: each rule passed once where it didn't fail."""
    by = ["form", "year", "region_code", "agency_kind", "agency_level"]
    groups = (
        of.lazy().group_by(by).len("reports").with_columns(region_code=above())
        .explode("region_code").group_by(by).agg(pl.col("reports").sum())
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


def opened(sample: Data, reports: int) -> Data:
    """A dataset's data with so many generated reports beside its own."""
    real = sample.tables["checks"].filter(pl.col("outcome") == "fail").collect()
    rules = sorted(set(real.select("check", "severity").iter_rows()))
    made = cards(reports, rules)
    agencies = made.unique("agency_id", keep="first", maintain_order=True).select(
        "agency_id", "region_code", name="agency_name", level="agency_level", kind="agency_kind",
        source=pl.lit("generated"),
    )  # fmt: skip
    covered = made.select("agency_id", "year", "document_id", "status", "required")
    more = {
        "cards": made,
        "counts": counts(made),
        "checks": failures(made, real),
        "agencies": pl.concat([frame("agencies", []), agencies], how="diagonal"),
        "coverage": pl.concat([frame("coverage", []), covered], how="diagonal"),
    }
    tables = {
        name: pl.concat([rows.collect(), more[name]]).lazy() if name in more else rows
        for name, rows in sample.tables.items()
    }
    return Data(sample.folder, sample.about, tables, sample.version)
