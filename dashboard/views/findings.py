"""Rows of checks in; results grouped, counted by rule and listed over many reports out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import labels
from dashboard.data import Data, Row
from dashboard.labels import t
from dashboard.views.badges import verdicts
from dashboard.views.filters import Filters, narrow
from dashboard.views.lists import agency_names, agency_ref, form_label, report_ref
from dashboard.views.records import (
    AgencyRef,
    CheckGroup,
    CheckRow,
    ChecksView,
    Counts,
    Finding,
    PlaceRef,
    ReportRef,
    RuleRow,
    RuleView,
)
from dashboard.views.sentences import check_label, check_sentence, reason_words, rule_words
from dashboard.views.tables import cell_id
from govreport_core import checks as rules
from govreport_core.model import Outcome, Severity

SEVERITIES = tuple(Severity)
OUTCOMES = (Outcome.FAIL, Outcome.SKIP, Outcome.PASS)
LIMIT = 500

_CellKey = tuple[str, str, str]


def subject_cells(subject: str, values: Mapping[_CellKey, Any]) -> list[_CellKey]:
    """The report's cells a check's subject names; `*` stands for all of an axis."""
    wanted = subject.split(".")
    if len(wanted) != 3:
        return []
    return [
        key
        for key in values
        if all(name in ("*", part) for name, part in zip(wanted, key, strict=True))
    ]


def check_row(
    row: Row,
    form: str | None,
    values: Mapping[_CellKey, Any],
    place: PlaceRef | None,
    lang: str,
) -> CheckRow:
    """One result as a report's card shows it."""
    return CheckRow(
        check=row["check"],
        label=check_label(row["check"], lang),
        severity=row["severity"],
        severity_label=t(f"severities.{row['severity']}", lang),
        outcome=row["outcome"],
        outcome_label=t(f"outcomes.{row['outcome']}", lang),
        sign=_sign(row, lang),
        subject=labels.subject_label(form, row["subject"], lang),
        sentence=check_sentence(row, lang),
        assumed_zero=row["assumed_zero"],
        place=place,
        cells=tuple(cell_id(*key) for key in subject_cells(row["subject"], values)),
    )


def check_groups(rows: Sequence[CheckRow], lang: str) -> tuple[CheckGroup, ...]:
    """Failures, then what couldn't be assessed, then passes; the heaviest failures first."""
    return tuple(
        CheckGroup(
            outcome,
            t(f"outcomes.{outcome}", lang),
            t(f"signs.{outcome}", lang),
            tuple(
                sorted(
                    (row for row in rows if row.outcome == outcome),
                    key=lambda row: SEVERITIES.index(Severity(row.severity)),
                )
            ),
        )
        for outcome in OUTCOMES
    )


def checks_view(data: Data, filters: Filters, lang: str, limit: int = LIMIT) -> ChecksView:
    """Every rule with its counts over the reports that match, and the matching results."""
    results = _results(data, filters)
    chosen = results.filter(_wanted(filters))
    listed = chosen.filter(pl.col("outcome") == "fail") if not filters.outcomes else chosen
    totals = results.filter(pl.col("check").is_in(filters.rules)) if filters.rules else results
    return ChecksView(
        counts=_counts(totals),
        rules=_rule_rows(results, lang),
        findings=findings(data, listed.head(limit), lang),
        found=listed.height,
    )


def rule_view(
    data: Data, code: str, filters: Filters, lang: str, limit: int = LIMIT
) -> RuleView:
    """One rule over the reports that match.

    Raises:
        KeyError: Neither the catalogue nor the data knows the rule.
    """
    results = _results(data, filters)
    mine = results.filter(pl.col("check") == code)
    row = next((row for row in _rule_rows(results, lang) if row.code == code), None)
    if row is None:
        raise KeyError(code)
    listed = mine.filter(pl.col("outcome").is_in(list(filters.outcomes or ("fail",))))
    years = mine.partition_by("year", as_dict=True)
    skips = mine.filter(pl.col("outcome") == "skip")
    return RuleView(
        rule=row,
        facts=_rule_facts(code, lang),
        by_year=tuple(
            (labels.year(year, lang), _counts(rows))
            for (year,), rows in sorted(years.items(), key=lambda item: item[0][0] or 0)
        ),
        skips=tuple(
            (reason_words(reason, lang), count)
            for reason, count in skips.group_by("reason")
            .len()
            .sort("len", "reason", descending=[True, False])
            .iter_rows()
        ),
        findings=findings(data, listed.head(limit), lang),
        found=listed.height,
    )


def findings(data: Data, results: pl.DataFrame, lang: str) -> tuple[Finding, ...]:
    """Results in words, each with its report, in the order given."""
    wanted = results["document_id"].drop_nulls().unique().implode()
    counted = verdicts(data) if results.height else {}
    reports = {
        row["document_id"]: report_ref(row, counted[row["document_id"]], lang)
        for row in data.reports.filter(pl.col("document_id").is_in(wanted))
        .collect()
        .iter_rows(named=True)
    }
    agencies = {}
    if results["document_id"].null_count():
        agencies = {
            row["agency_id"]: agency_ref(row, lang)
            for row in agency_names(data).collect().iter_rows(named=True)
        }
    return tuple(
        finding(row, reports.get(row["document_id"]), agencies, lang)
        for row in results.iter_rows(named=True)
    )


def finding(
    row: Row,
    report: ReportRef | None,
    agencies: Mapping[str, AgencyRef],
    lang: str,
) -> Finding:
    """One result as lists over many reports show it."""
    subject = row["subject"].split(".")
    return Finding(
        check=row["check"],
        label=check_label(row["check"], lang),
        severity=row["severity"],
        severity_label=t(f"severities.{row['severity']}", lang),
        outcome=row["outcome"],
        outcome_label=t(f"outcomes.{row['outcome']}", lang),
        sign=_sign(row, lang),
        sentence=check_sentence(row, lang),
        report=report,
        agency=report.agency if report else agencies.get(row["agency_id"] or ""),
        year_text=labels.year(row["year"], lang),
        anchor=cell_id(*subject) if len(subject) == 3 and "*" not in subject else None,
    )


def _results(data: Data, filters: Filters) -> pl.DataFrame:
    reports = narrow(data.reports, filters).select("document_id")
    current = data.current("checks")
    found = current.join(reports, on="document_id", how="semi")
    narrowed = filters.years or filters.regions or filters.kinds or filters.levels
    if not narrowed:
        found = pl.concat([found, current.filter(pl.col("document_id").is_null())])
    order = {severity.value: place for place, severity in enumerate(SEVERITIES)}
    return (
        found.with_columns(weight=pl.col("severity").replace_strict(order, return_dtype=pl.Int8))
        .sort("weight", "check", "year", "agency_id", "subject", nulls_last=True)
        .drop("weight")
        .collect()
    )


def _wanted(filters: Filters) -> pl.Expr:
    test = pl.lit(value=True)
    if filters.outcomes:
        test = test & pl.col("outcome").is_in(list(filters.outcomes))
    if filters.rules:
        test = test & pl.col("check").is_in(list(filters.rules))
    return test


def _counts(rows: pl.DataFrame) -> Counts:
    found = dict(rows.group_by("outcome").len().iter_rows())
    return Counts(found.get("pass", 0), found.get("fail", 0), found.get("skip", 0))


def _rule_rows(results: pl.DataFrame, lang: str) -> tuple[RuleRow, ...]:
    parts = results.partition_by("check", as_dict=True)
    codes = [*rules.catalogue(), *(code for (code,) in parts if code not in rules.catalogue())]
    rows = []
    for code in codes:
        rule = rules.catalogue().get(code)
        mine = parts.get((code,), results.clear())
        severity = rule.severity if rule else Severity(mine["severity"][0])
        failed = mine.filter(pl.col("outcome") == "fail")
        group = rule.group if rule else ""
        rows.append(
            RuleRow(
                code=code,
                label=check_label(code, lang),
                group=group,
                group_label=t(f"groups.{group}", lang) if group else "",
                severity=severity,
                severity_label=t(f"severities.{severity}", lang),
                counts=_counts(mine),
                reports_failed=failed["document_id"].n_unique() if failed.height else 0,
            )
        )
    return tuple(rows)


def _rule_facts(code: str, lang: str) -> tuple[tuple[str, str], ...]:
    rule = rules.catalogue().get(code)
    if rule is None:
        return ()
    words = rule_words(rule, lang)
    found = {
        "asks": words.asks,
        "formula": rule.formula,
        "forms": t("places.and", lang).join(form_label(form, lang) for form in rule.forms),
        "exceptions": words.exceptions,
        "source": rule.source,
    }
    return tuple((t(f"rules.{name}", lang), text) for name, text in found.items() if text)


def _sign(row: Row, lang: str) -> str:
    if row["outcome"] == "fail":
        return t(f"signs.{row['severity']}", lang)
    return t(f"signs.{row['outcome']}", lang)
