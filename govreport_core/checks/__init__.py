"""The checks: the dataset's frames in, one row a result out, and each result in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

import polars as pl

from govreport_core.cells import key
from govreport_core.checks import kinds
from govreport_core.checks.base import RuleKind
from govreport_core.checks.explaining import sentences
from govreport_core.checks.facts import COLUMNS, PLACE, Reason, facts_by_form
from govreport_core.checks.kinds import Frames
from govreport_core.checks.rules import Rule, RuleWords, catalogue, rule_words
from govreport_core.checks.running import around
from govreport_core.checks.unlike import NOUN_WORDS
from govreport_core.checks.words import sentence
from govreport_core.schemas import columns_of, frame

__all__ = ["Rule", "RuleWords", "catalogue", "rule_words", "run", "sentence"]

OF_REPORTS = (
    "reports",
    "values",
    "sections",
    "points",
    "claims",
    "diagnostics",
    "evidence",
    "parts",
)

AT_ONCE = 10_000
"""Reports that are laid out wide at a time, whatever their number: it bounds memory."""


def run(
    frames: Mapping[str, pl.DataFrame],
    *,
    at_once: int = AT_ONCE,
    only: AbstractSet[str] | None = None,
) -> pl.DataFrame:
    """Judge every report by every rule of its form.

    A rule that isn't for a report's form gives it no row; a report whose form
    couldn't be told skips every rule, with that reason. Nothing here loops over
    reports; very many are judged in shares, an agency's years together.

    Args:
        frames: The dataset's `reports`, `values`, `sections`, `claims`,
            `diagnostics` and `evidence`, as in `schemas`; `points`, `parts`, `documents`
            and `agencies` where there are any: rules that need one of these
            have no results without it.
        at_once: How many reports make a share.
        only: The codes of the rules to judge by; all where None.

    Returns:
        The table `checks`, ordered by rule, then as the reports are, then by
        subject; of several shares one after the other.
    """
    shares = list(_shares(frames, at_once))
    order = ("rule", "doc", "subject", "agency_id", "year")
    results = [_of_each(share, only=only).sort(order) for share in shares]
    results += [_beyond(frames, some, only) for some in (kinds.OF_AGENCIES, kinds.OF_THE_WHOLE)]
    found = pl.concat(results)
    if len(shares) == 1:
        found = found.sort(order)
    return found.select(columns_of("checks"))


def _shares(frames: Frames, at_once: int) -> Iterator[Frames]:
    """The frames as they are, or of an agency's reports together, some agencies at a time."""
    reports = frames["reports"]
    if reports.height <= at_once:
        yield frames
        return
    agencies = reports.group_by("agency_id", maintain_order=True).len()
    numbered = agencies.select("agency_id", share=(pl.col("len").cum_sum() - 1) // at_once)
    docs = reports.join(numbered, on="agency_id", maintain_order="left").select(
        "document_id", pl.col("share").cast(pl.UInt16)
    )
    numbers = {
        name: frames[name]
        .select("document_id")
        .join(docs, on="document_id", how="left", maintain_order="left")["share"]
        for name in OF_REPORTS
        if name in frames
    }
    for share in docs["share"].unique(maintain_order=True):
        yield {name: frames[name].filter(of == share) for name, of in numbers.items()}


def of_reports(frames: Frames, among: AbstractSet[type[RuleKind]]) -> pl.DataFrame:
    """Judge reports by the rules about single ones that are of some kinds.

    Args:
        frames: As `run` takes them; of kinds that look at an agency's other reports
            too, with all of an agency's.
        among: The kinds.

    Returns:
        The table `checks`, in the order of the reports, then of the rules.
    """
    found = _of_each(frames, among).sort("doc", "rule", "subject")
    return found.select(columns_of("checks"))


def of_agencies(frames: Frames) -> pl.DataFrame:
    """Judge agencies by the rules about their own reports, roster and coverage alone.

    Args:
        frames: `reports`, `agencies` and `coverage` of some agencies, all of each; `documents`,
            of which nothing is looked at.

    Returns:
        The table `checks`, in the order of the reports, then of the rules; those of none last.
    """
    return _beyond_reports(frames, kinds.OF_AGENCIES)


def of_the_whole(frames: Frames) -> pl.DataFrame:
    """Judge the dataset by the rules about it as a whole.

    Args:
        frames: `reports`, and what the rules need: `documents` and `agencies`; of `values` the
            cells that they name.

    Returns:
        The table `checks`, in the order of the reports, then of the rules; those of none last.
    """
    return _beyond_reports(frames, kinds.OF_THE_WHOLE)


def _beyond_reports(frames: Frames, among: kinds.Beyond) -> pl.DataFrame:
    order = ("doc", "rule", "subject", "agency_id", "year")
    found = _beyond(frames, among).sort(order, nulls_last=True)
    return found.select(columns_of("checks"))


def parts_across(parts: pl.LazyFrame) -> pl.LazyFrame:
    """Of the table `parts` what rules that look at an agency's other reports look at too.

    Whose figures a report counts, and that it was corrected, may be said outside its sections.

    Args:
        parts: The table `parts`, in its order: `kind` and `text` are looked at.

    Returns:
        Rows of `parts`: paragraphs with a word of these, and those they run on in.
    """
    return around(parts, [*NOUN_WORDS, *sentences().correction.made])


def cells_of_the_whole() -> frozenset[str]:
    """The cells, as `table.row.column`, that rules about the dataset as a whole name."""
    return frozenset(
        key(table, row, column)
        for rule in catalogue().values()
        if type(rule.test) in kinds.OF_THE_WHOLE
        for table, rows, columns in rule.test.named()
        for row in rows
        for column in columns
    )


def _of_each(
    frames: Frames,
    among: AbstractSet[type[RuleKind]] = frozenset(kinds.OF_REPORTS),
    only: AbstractSet[str] | None = None,
) -> pl.DataFrame:
    """The results of the rules about single reports, with `rule` and `doc` to order them by."""
    reports = frames["reports"].with_row_index("doc")
    by_form = facts_by_form(frames, reports, across=not among.isdisjoint(kinds.ACROSS))
    formless = _formless(reports)
    bare = _diagnostics_of_formless(frames, reports)
    found = [
        _ruled(rank, rule, result).collect()
        for rank, rule in enumerate(catalogue().values())
        if type(rule.test) in among and (only is None or rule.code in only)
        for result in (
            *(
                result
                for form in rule.forms
                if form in by_form
                for result in kinds.OF_REPORTS[type(rule.test)](rule.test, by_form[form])
            ),
            *_judged_without_form(rule, formless, bare),
        )
    ]
    return _placed(pl.concat([_nothing(), *found]), frames["values"], reports)


def _judged_without_form(
    rule: Rule, formless: list[pl.LazyFrame], bare: pl.LazyFrame
) -> list[pl.LazyFrame]:
    """What a rule says of the reports whose form isn't known: a skip, unless it can judge them."""
    if not formless or type(rule.test) not in kinds.FORMLESS:
        return formless
    judged = _whole(kinds.FORMLESS[type(rule.test)](rule.test, bare))
    return [judged, *(skips.join(judged.select("doc"), on="doc", how="anti") for skips in formless)]


def _diagnostics_of_formless(frames: Frames, reports: pl.DataFrame) -> pl.LazyFrame:
    without = reports.lazy().filter(pl.col("form").is_null()).select("document_id", "doc")
    return frames["diagnostics"].lazy().join(without, on="document_id", maintain_order="left")


def _formless(reports: pl.DataFrame) -> list[pl.LazyFrame]:
    """What every rule says of the reports whose form isn't known, if there are any."""
    without = reports.filter(pl.col("form").is_null())
    if without.is_empty():
        return []
    found = without.lazy().select(
        "doc",
        subject=pl.lit("report"),
        outcome=pl.lit("skip"),
        reason=pl.lit(Reason.FORM_UNKNOWN),
        params=pl.lit("{}"),
    )
    return [_whole(found).collect().lazy()]


def _beyond(
    frames: Frames, among: kinds.Beyond, only: AbstractSet[str] | None = None
) -> pl.DataFrame:
    """The results of the rules that look beyond single reports."""
    reports = frames["reports"].with_row_index("doc")
    found = [
        _ruled(rank, rule, _whole(_held_for(rule, reports, result))).collect()
        for rank, rule in enumerate(catalogue().values())
        if type(rule.test) in among
        and among[type(rule.test)][0] in frames
        and (only is None or rule.code in only)
        for result in among[type(rule.test)][1](rule.test, frames, reports)
    ]
    values = frames.get("values", frame("values", []))
    return _placed(pl.concat([_nothing(), *found]), values, reports)


def _held_for(rule: Rule, reports: pl.DataFrame, result: pl.LazyFrame) -> pl.LazyFrame:
    """Results of a rule without those on reports of forms that it isn't for."""
    form = pl.col("form")
    others = reports.filter(form.is_not_null() & ~form.is_in(rule.forms))["doc"]
    if others.is_empty() or "doc" not in result.collect_schema():
        return result
    return result.filter(pl.col("doc").is_null() | ~pl.col("doc").is_in(others.implode()))


def _nothing() -> pl.DataFrame:
    """No result, with all its columns."""
    return _ruled(0, next(iter(catalogue().values())), pl.LazyFrame(schema=COLUMNS)).collect()


def _whole(result: pl.LazyFrame) -> pl.LazyFrame:
    """A result with all columns of one."""
    there = result.collect_schema().names()
    return result.select(
        (pl.col(name) if name in there else pl.lit(False if name == "assumed_zero" else None))
        .cast(dtype)
        .alias(name)
        for name, dtype in COLUMNS.items()
    )


def _ruled(rank: int, rule: Rule, result: pl.LazyFrame) -> pl.LazyFrame:
    return result.with_columns(
        rule=pl.lit(rank, pl.UInt8),
        check=pl.lit(rule.code),
        severity=pl.coalesce("severity", pl.lit(rule.severity)),
    )


def _placed(results: pl.DataFrame, values: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Give each result its report's keys and the place of the cell it speaks of."""
    of_report = reports.select(pl.col("document_id", "agency_id", "year").gather(results["doc"]))
    of_none = results.select(of_report.columns)
    of_cell = values.select(pl.col(*PLACE).gather(results["at"]))
    return (
        results.drop("at")
        .with_columns(of_report[name].fill_null(of_none[name]) for name in of_none.columns)
        .with_columns(
            pl.coalesce(name, of_cell[name].alias(f"{name}:cell")) for name in of_cell.columns
        )
    )
