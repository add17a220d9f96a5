"""The checks: the dataset's frames in, one row a result out, and each result in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl

from govreport_core.checks import entries, kinds, prose, structure, sums
from govreport_core.checks.facts import COLUMNS, Facts, Reason, facts_by_form
from govreport_core.checks.rules import Rule, catalogue
from govreport_core.checks.words import sentence
from govreport_core.schemas import TABLES

__all__ = ["Rule", "catalogue", "run", "sentence"]

KINDS: dict[type[kinds.Kind], Callable[[Any, Facts], Iterator[pl.LazyFrame]]] = {
    kinds.Balance: sums.balance,
    kinds.Total: sums.total,
    kinds.Title: structure.title,
    kinds.FormOfYear: structure.form_of_year,
    kinds.SectionsPresent: structure.sections_present,
    kinds.SectionOrder: structure.section_order,
    kinds.TablesPresent: structure.tables_present,
    kinds.RowsPresent: structure.rows_present,
    kinds.ExtraCells: entries.extra_cells,
    kinds.NoneInState: entries.none_in_state,
    kinds.Entries: entries.entries,
    kinds.Unit: entries.unit,
    kinds.ClaimEqual: prose.claim_equal,
    kinds.ClaimPresence: prose.claim_presence,
}


def run(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Judge every report by every rule of its form.

    A rule that isn't for a report's form gives it no row; a report whose form
    couldn't be told skips every rule, with that reason. Nothing here loops over
    reports; for very many, hand them over some ten thousand at a time, a
    report's rows together.

    Args:
        frames: The dataset's `reports`, `values`, `sections`, `claims`,
            `diagnostics` and `evidence`, as in `schemas`.

    Returns:
        The table `checks`, ordered by rule, then as the reports are, then by subject.
    """
    reports = frames["reports"].with_row_index("doc")
    by_form = facts_by_form(frames, reports)
    formless = (
        reports.lazy()
        .filter(pl.col("form").is_null())
        .select(
            "doc",
            subject=pl.lit("report"),
            outcome=pl.lit("skip"),
            reason=pl.lit(Reason.FORM_UNKNOWN),
            params=pl.lit("{}"),
            assumed_zero=pl.lit(value=False),
        )
    )
    results = [
        result.with_columns(
            rule=pl.lit(rank, pl.UInt8),
            check=pl.lit(rule.code),
            severity=pl.coalesce("severity", pl.lit(rule.severity)),
        )
        for rank, rule in enumerate(catalogue().values())
        for result in (
            *(
                found
                for form in rule.forms
                if form in by_form
                for found in KINDS[type(rule.test)](rule.test, by_form[form])
            ),
            pl.concat([pl.LazyFrame(schema=COLUMNS), formless], how="diagonal"),
        )
    ]
    return _placed(
        pl.concat(results).sort("rule", "doc", "subject").collect(), frames["values"], reports
    )


def _placed(results: pl.DataFrame, values: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Give each result its report's keys and the place of the cell it speaks of."""
    of_report = reports.select(pl.col("document_id", "agency_id", "year").gather(results["doc"]))
    of_cell = values.select(pl.col("part", "start", "end").gather(results["at"]))
    return (
        results.drop("rule", "doc", "at")
        .with_columns(of_report)
        .with_columns(
            pl.coalesce(name, of_cell[name].alias(f"{name}:cell")) for name in of_cell.columns
        )
        .select(TABLES["checks"].create_empty().columns)
    )
