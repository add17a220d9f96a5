"""Cards, counts and rows of checks in; results grouped, counted by rule and listed out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

import polars as pl

from dashboard import labels
from dashboard.data import Data, Row, ranked
from dashboard.labels import t
from dashboard.views.context import Context, context
from dashboard.views.filters import Filters, narrow, of_years, one_of, stem
from dashboard.views.formulas import formula_words
from dashboard.views.lists import SHOWN, agency_ref, form_label, report_ref
from dashboard.views.records import (
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
from dashboard.views.sentences import (
    check_label,
    check_sentence,
    reason_words,
    result_label,
)
from dashboard.views.tables import cell_id
from govreport_core import checks as rules
from govreport_core.checks.sums import Balance
from govreport_core.forms import forms
from govreport_core.model import Outcome, Severity

SEVERITIES = tuple(Severity)
OUTCOMES = (Outcome.FAIL, Outcome.SKIP, Outcome.PASS)
LIMIT = 500

_CellKey = tuple[str, str, str]


def subject_cells(
    subject: str, form: str | None, values: Iterable[_CellKey], check: str
) -> list[_CellKey]:
    """The cells a check's subject names; `*` and a group stand for all of their lines.

    Where the check's rule names the rows it compares, `*` stands for those.
    """
    wanted = subject.split(".")
    if len(wanted) != 3:
        return []
    table = wanted[0]
    rows = below(form, table, "rows", wanted[1])
    rule = rules.catalogue().get(check)
    if rows is None and rule is not None and isinstance(rule.test, Balance):
        rows = frozenset((*rule.test.left, *rule.test.right))
    columns = below(form, table, "columns", wanted[2])
    return [
        key
        for key in values
        if key[0] == table
        and (rows is None or key[1] in rows)
        and (columns is None or key[2] in columns)
    ]


@cache
def below(
    form: str | None, table: str, axis: Literal["rows", "columns"], code: str
) -> frozenset[str] | None:
    """A line and all lines below it, by their codes; None for `*`, which is every line."""
    if code == "*":
        return None
    found = {code}
    known = forms().get(form or "")
    for part in known.tables if known else ():
        if part.code == table:
            lines = part.rows if axis == "rows" else part.columns
            # Groups stand before their parts, so one pass finds all generations.
            for line in lines:
                if line.parent in found:
                    found.add(line.code)
    return frozenset(found)


def check_row(
    row: Row,
    form: str | None,
    drawn: Iterable[_CellKey],
    place: PlaceRef | None,
    lang: str,
) -> CheckRow:
    """One result as a report's card shows it; `drawn` are the cells that are on it."""
    return CheckRow(
        check=row["check"],
        label=result_label(row["check"], row["outcome"], lang),
        severity=row["severity"],
        severity_label=t(f"severities.{row['severity']}", lang),
        outcome=row["outcome"],
        outcome_label=t(f"outcomes.{row['outcome']}", lang),
        sign=_sign(row, lang),
        subject=labels.subject_label(form, row["subject"], lang),
        sentence=check_sentence(row, lang),
        assumed_zero=row["assumed_zero"],
        place=place,
        cells=tuple(
            cell_id(*key) for key in subject_cells(row["subject"], form, drawn, row["check"])
        ),
        other=_other(row["params"]),
    )


def _other(params: str) -> str | None:
    """The other report that a result names, where it names one."""
    if '"report_id"' not in params:
        return None
    found = json.loads(params)["report_id"]
    return str(found) if found else None


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


def checks_view(
    data: Data,
    filters: Filters,
    lang: str,
    limit: int = LIMIT,
    shared: Context | None = None,
) -> ChecksView:
    """Every rule with its counts over the reports that match, and the matching results."""
    found = counted(data, filters)
    totals = found.filter(pl.col("check").is_in(filters.rules)) if filters.rules else found
    wanted = totals.filter(pl.col("outcome").is_in(_asked(filters)))
    return ChecksView(
        counts=_counts(totals),
        rules=_rule_rows(data, found, filters, lang),
        findings=findings(
            _listed(data, filters, filters.rules, limit), shared or context(data), lang
        ),
        found=int(wanted["results"].sum()),
    )


def rule_view(
    data: Data,
    code: str,
    filters: Filters,
    lang: str,
    limit: int = LIMIT,
    shared: Context | None = None,
) -> RuleView:
    """One rule over the reports that match.

    Raises:
        KeyError: Neither the catalogue nor the data knows the rule.
    """
    found = counted(data, filters)
    row = next((row for row in _rule_rows(data, found, filters, lang) if row.code == code), None)
    if row is None:
        raise KeyError(code)
    listed = _listed(data, filters, (code,), limit)
    mine = found.filter(pl.col("check") == code)
    shown = findings(listed, shared or context(data), lang)
    return _rule_view(row, mine, shown, filters, lang)


def rule_views(
    data: Data,
    filters: Filters,
    lang: str,
    limit: int = LIMIT,
    shared: Context | None = None,
) -> tuple[RuleView, ...]:
    """All rules over the reports that match, in one pass."""
    found = counted(data, filters)
    rows = _rule_rows(data, found, filters, lang)
    listed = _listed(data, filters, (), limit, each=True)
    counts = found.partition_by("check", as_dict=True)
    lists: dict[str, list[Finding]] = {}
    for one in findings(listed, shared or context(data), lang):
        lists.setdefault(one.check, []).append(one)
    return tuple(
        _rule_view(
            row,
            counts.get((row.code,), found.clear()),
            tuple(lists.get(row.code, ())),
            filters,
            lang,
        )
        for row in rows
    )


def _rule_view(
    row: RuleRow,
    mine: pl.DataFrame,
    listed: tuple[Finding, ...],
    filters: Filters,
    lang: str,
) -> RuleView:
    years = mine.partition_by("year", as_dict=True)
    skips = mine.filter(pl.col("outcome") == "skip")
    wanted = mine.filter(pl.col("outcome").is_in(_asked(filters)))
    return RuleView(
        rule=row,
        facts=rule_facts(row.code, lang),
        by_year=tuple(
            (labels.year(year, lang), _counts(rows))
            for (year,), rows in sorted(years.items(), key=lambda item: item[0][0] or 0)
        ),
        skips=tuple(
            (reason_words(reason, lang), count)
            for reason, count in skips.group_by("reason")
            .agg(pl.col("results").sum())
            .sort("results", "reason", descending=[True, False])
            .iter_rows()
        ),
        findings=listed,
        found=int(wanted["results"].sum()),
    )


def rule_facts(code: str, lang: str) -> tuple[tuple[str, str], ...]:
    """What a rule says of itself, each under its name; nothing of one that is gone."""
    rule = rules.catalogue().get(code)
    if rule is None:
        return ()
    words = rules.rule_words(lang)[rule.code]
    found = {
        "asks": words.asks,
        "formula": formula_words(rule, lang) or "",
        "forms": t("places.and", lang).join(form_label(form, lang) for form in rule.forms),
        "exceptions": words.exceptions,
        "source": rule.source,
        "as_code": rule.formula,
    }
    return tuple((t(f"rules.{name}", lang), text) for name, text in found.items() if text)


def findings(results: pl.DataFrame, shared: Context, lang: str) -> tuple[Finding, ...]:
    """Results in words, each with its report, in the order given.

    Args:
        results: The columns of `checks`; `expected` and `actual` in their cells' unit (money
            in 万元), `document_id` null where no report is there.
        shared: The dataset, whose cards name the reports.
        lang: Language of the words.

    Returns:
        One a row, in the order of `results`.
    """
    cards = shared.of_documents(results["document_id"], SHOWN)
    refs = {document: report_ref(card, lang) for document, card in cards.items()}
    return tuple(
        finding(row, refs.get(row["document_id"]), cards.get(row["document_id"]), shared, lang)
        for row in results.iter_rows(named=True)
    )


def finding(
    row: Row, ref: ReportRef | None, report: Row | None, shared: Context, lang: str
) -> Finding:
    """One result as lists over many reports show it; `report` is its report's card, if any."""
    agency = None if ref else shared.agency(row["agency_id"])
    form = report["form"] if report else None
    return Finding(
        check=row["check"],
        label=result_label(row["check"], row["outcome"], lang),
        severity=row["severity"],
        severity_label=t(f"severities.{row['severity']}", lang),
        outcome=row["outcome"],
        outcome_label=t(f"outcomes.{row['outcome']}", lang),
        sign=_sign(row, lang),
        sentence=check_sentence(row, lang),
        report=ref,
        agency=ref.agency if ref else agency_ref(agency, lang) if agency else None,
        year_text=labels.year(row["year"], lang),
        anchor=_first_cell(row, form) if row["outcome"] == "fail" else None,
    )


def _first_cell(row: Row, form: str | None) -> str | None:
    known = forms().get(form or "")
    if known is None:
        return None
    cells = (
        (table.code, line.code, column.code)
        for table in known.tables
        for line in table.value_rows
        for column in table.value_columns
    )
    found = subject_cells(row["subject"], form, cells, row["check"])
    return cell_id(*found[0]) if found else None


def counted(data: Data, filters: Filters) -> pl.DataFrame:
    """How often each rule had which outcome over what matches: rows of `counts`, none twice.

    Findings that a report doesn't exist go by their agency and year.

    Args:
        data: The dataset.
        filters: What narrows it: `years`, `regions`, `kinds` and `levels`.

    Returns:
        The columns of `counts`; `results` and `reports` may be added up, also over divisions:
        of a division that lies in another that is asked for, there are no rows.
    """
    # The row of the widest division holds those of all below it.
    widest = tuple(word for word in filters.regions if not _within(word, filters.regions))
    found = data.counts.lazy()
    if widest:
        found = data.tables["counts"].filter(one_of(pl.col("region_code"), widest))
    if filters.years:
        found = found.filter(of_years(filters.years))
    for column, words in (("kind", filters.kinds), ("level", filters.levels)):
        if words:
            found = found.filter(one_of(pl.col(column), words))
    return found.collect()


def _within(region: str, others: Iterable[str]) -> bool:
    """Whether a division lies in another of some."""
    return any(region != other and region.startswith(stem(other)) for other in others)


def _listed(
    data: Data, filters: Filters, codes: Sequence[str], limit: int, *, each: bool = False
) -> pl.DataFrame:
    """The first results that match, of some rules or all; failures where no outcome is asked for.

    Args:
        data: The dataset.
        filters: What narrows it.
        codes: The rules; empty for all.
        limit: How many at most.
        each: So many of each rule, not of all together.
    """
    failures = _asked(filters) == ["fail"]
    rows = data.failures.lazy() if failures else data.current("checks")
    rows = rows.filter(pl.col("outcome").is_in(_asked(filters)))
    if codes:
        rows = rows.filter(pl.col("check").is_in(list(codes)))
    if filters.years or filters.regions or filters.kinds or filters.levels:
        rows = rows.filter(_of(data, filters))
    if not failures:
        rows = ranked(rows)
    if each:
        rows = rows.filter(pl.int_range(pl.len()).over("check") < limit)
        return rows.collect()
    return rows.head(limit).collect()


def _asked(filters: Filters) -> list[str]:
    return list(filters.outcomes or ("fail",))


def _of(data: Data, filters: Filters) -> pl.Expr:
    """Whether a result is about a report that matches, or about one that is missing there."""
    cards = narrow(data.cards.lazy(), filters).select("document_id", "agency_id", "year").collect()
    missing = cards.filter(pl.col("document_id").is_null()).select(
        key=pl.format("{} {}", "agency_id", "year")
    )
    about = pl.col("document_id").is_in(cards["document_id"].drop_nulls().implode())
    key = pl.format("{} {}", "agency_id", "year").is_in(missing["key"].implode())
    return pl.when(pl.col("document_id").is_null()).then(key).otherwise(about)


def _counts(rows: pl.DataFrame) -> Counts:
    found = dict(rows.group_by("outcome").agg(pl.col("results").sum()).iter_rows())
    return Counts(found.get("pass", 0), found.get("fail", 0), found.get("skip", 0))


def _rule_rows(data: Data, found: pl.DataFrame, filters: Filters, lang: str) -> tuple[RuleRow, ...]:
    sums: dict[str, dict[str, int]] = {}
    severities: dict[str, str] = {}
    for check, severity, outcome, count in (
        found.group_by("check", "severity", "outcome")
        .agg(pl.col("results").sum())
        .sort("check", "severity")
        .iter_rows()
    ):
        mine = sums.setdefault(check, {})
        mine[outcome] = mine.get(outcome, 0) + count
        severities.setdefault(check, severity)
    failing = dict(
        narrow(data.reports, filters)
        .select(pl.col("failed_rules").list.unique().list.explode())
        .drop_nulls()
        .group_by("failed_rules")
        .len()
        .collect()
        .iter_rows()
    )
    codes = [*rules.catalogue(), *(code for code in sums if code not in rules.catalogue())]
    rows = []
    for code in codes:
        rule = rules.catalogue().get(code)
        counts = sums.get(code, {})
        severity = rule.severity if rule else Severity(severities[code])
        group = rule.group if rule else ""
        rows.append(
            RuleRow(
                code=code,
                label=check_label(code, lang),
                group=group,
                group_label=t(f"groups.{group}", lang) if group else "",
                severity=severity,
                severity_label=t(f"severities.{severity}", lang),
                counts=Counts(counts.get("pass", 0), counts.get("fail", 0), counts.get("skip", 0)),
                reports_failed=failing.get(code, 0),
            )
        )
    return tuple(rows)


def _sign(row: Row, lang: str) -> str:
    if row["outcome"] == "fail":
        return t(f"signs.{row['severity']}", lang)
    return t(f"signs.{row['outcome']}", lang)
