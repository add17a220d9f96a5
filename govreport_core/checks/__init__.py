"""The checks: the dataset's frames in, one row a result out, and each result in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl

from govreport_core.checks import (
    compare,
    entries,
    kinds,
    prose,
    publication,
    structure,
    sums,
    text,
    years,
)
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
    kinds.AtLeast: compare.at_least,
    kinds.Needs: compare.needs,
    kinds.BothOrNeither: compare.both_or_neither,
    kinds.ShareAtMost: compare.share_at_most,
    kinds.NoneSince: compare.none_since,
    kinds.TotalPrinted: compare.total_printed,
    kinds.Subtotal: sums.subtotal,
    kinds.RowNeedsKind: compare.row_needs_kind,
    kinds.Chain: years.chain,
    kinds.Follows: years.follows,
    kinds.Backed: years.backed,
    kinds.Gap: years.gap,
    kinds.Jump: years.jump,
    kinds.Identical: years.identical,
    kinds.Deadline: publication.deadline,
    kinds.Versions: publication.versions,
    kinds.ClaimAgrees: prose.claim_agrees,
    kinds.Mentions: text.mentions,
    kinds.Length: text.length,
    kinds.Problems: text.problems,
    kinds.StaleYear: text.stale_year,
    kinds.Period: text.period,
}

Frames = Mapping[str, pl.DataFrame]
WHOLE: dict[
    type[kinds.Kind], tuple[str, Callable[[Any, Frames, pl.DataFrame], Iterator[pl.LazyFrame]]]
] = {
    kinds.ImageOnly: ("documents", publication.image_only),
    kinds.Coverage: ("agencies", publication.coverage),
}
"""The kinds about the dataset as a whole, with the table without which they have no results."""


def run(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Judge every report by every rule of its form.

    A rule that isn't for a report's form gives it no row; a report whose form
    couldn't be told skips every rule, with that reason. Nothing here loops over
    reports; for very many, hand them over some ten thousand at a time, a
    report's rows together.

    Args:
        frames: The dataset's `reports`, `values`, `sections`, `claims`,
            `diagnostics` and `evidence`, as in `schemas`; `parts`, `documents`
            and `agencies` where there are any: rules that need one of these
            have no results without it.

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
                if form in by_form and type(rule.test) in KINDS
                for found in KINDS[type(rule.test)](rule.test, by_form[form])
            ),
            *_of_the_whole(rule, frames, reports, formless),
        )
    ]
    return _placed(
        pl.concat(results).sort("rule", "doc", "subject", "agency_id", "year").collect(),
        frames["values"],
        reports,
    )


def _of_the_whole(
    rule: Rule, frames: Frames, reports: pl.DataFrame, formless: pl.LazyFrame
) -> Iterator[pl.LazyFrame]:
    """The results of a rule about the dataset; of any other, those of reports without a form."""
    nothing = pl.LazyFrame(schema=COLUMNS)
    found = iter([formless])
    if type(rule.test) in WHOLE:
        needs, judge = WHOLE[type(rule.test)]
        found = judge(rule.test, frames, reports) if needs in frames else iter([])
    for result in found:
        yield pl.concat([nothing, result], how="diagonal").with_columns(
            pl.col("assumed_zero").fill_null(value=False)
        )


def _placed(results: pl.DataFrame, values: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Give each result its report's keys and the place of the cell it speaks of."""
    of_report = reports.select(pl.col("document_id", "agency_id", "year").gather(results["doc"]))
    of_none = results.select(of_report.columns)
    of_cell = values.select(pl.col("part", "start", "end").gather(results["at"]))
    return (
        results.drop("rule", "doc", "at")
        .with_columns(of_report[name].fill_null(of_none[name]) for name in of_none.columns)
        .with_columns(
            pl.coalesce(name, of_cell[name].alias(f"{name}:cell")) for name in of_cell.columns
        )
        .select(TABLES["checks"].create_empty().columns)
    )
