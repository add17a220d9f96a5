"""Cards, counts and rows of checks in; each rule with its counts and the results listed out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
import polars as pl

from dashboard import labels
from dashboard.data import Data, ranked, results_of
from dashboard.labels import t
from dashboard.views.context import Context, context
from dashboard.views.filters import UNKNOWN, Filters, narrow, of_years, one_of, stem
from dashboard.views.findings import findings
from dashboard.views.formulas import formula_words
from dashboard.views.lists import form_label
from dashboard.views.records import ChecksView, Counts, Finding, RuleRow, RuleView
from dashboard.views.sentences import check_label, reason_words
from govreport_core import checks as rules
from govreport_core.dataset.counting import of_results
from govreport_core.model import Severity

LIMIT = 500


def checks_view(
    data: Data,
    filters: Filters,
    lang: str,
    limit: int = LIMIT,
    shared: Context | None = None,
) -> ChecksView:
    """Every rule with its counts over the reports that match, and the first matching results."""
    found = counted(data, filters)
    listed = _listed(data, filters, filters.rules, limit) if limit else None
    totals = found.filter(pl.col("check").is_in(filters.rules)) if filters.rules else found
    wanted = totals.filter(pl.col("outcome").is_in(_asked(filters)))
    return ChecksView(
        counts=_counts(totals),
        rules=_rule_rows(data, found, filters, lang),
        findings=() if listed is None else findings(listed, shared or context(data), lang),
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
    counts, none = found.partition_by("check", as_dict=True), found.clear()
    lists: dict[str, list[Finding]] = {}
    for one in findings(listed, shared or context(data), lang):
        lists.setdefault(one.check, []).append(one)
    return tuple(
        _rule_view(
            row,
            counts.get((row.code,), none),
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
    years: dict[int | None, Counter[str]] = {}
    skips: Counter[str] = Counter()
    # Few rows, and a frame's own way would take longer than all that is done with them.
    for year, outcome, reason, results in zip(*(mine[name] for name in _RULE), strict=True):
        years.setdefault(year, Counter())[outcome] += results
        if outcome == "skip":
            skips[reason] += results
    return RuleView(
        rule=row,
        facts=rule_facts(row.code, lang),
        by_year=tuple(
            (labels.year(year, lang), Counts(of["pass"], of["fail"], of["skip"]))
            for year, of in sorted(years.items(), key=lambda item: -(item[0] or 0))
        ),
        skips=tuple(
            (reason_words(reason, lang), count)
            for reason, count in sorted(skips.items(), key=lambda one: (-one[1], one[0]))
        ),
        findings=listed,
        found=sum(of[outcome] for of in years.values() for outcome in set(_asked(filters))),
    )


_RULE = ("year", "outcome", "reason", "results")


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
    # The rows of the widest division hold those of all below it.
    widest = tuple(word for word in filters.regions if not _within(word, filters.regions))
    written = tuple(word for word in widest if word == UNKNOWN or word in data.divisions)
    found = data.counts.lazy()
    if widest:
        found = data.tables["counts"].filter(one_of(pl.col("region_code"), written))
    if filters.years:
        found = found.filter(of_years(filters.years))
    for column, words in (("kind", filters.kinds), ("level", filters.levels)):
        if words:
            found = found.filter(one_of(pl.col(column), words))
    narrower = tuple(word for word in widest if word not in written)
    rows = found.collect()
    return pl.concat([rows, _counted(data, filters, narrower)]) if narrower else rows


def _counted(data: Data, filters: Filters, regions: tuple[str, ...]) -> pl.DataFrame:
    """The same of divisions that have no rows in `counts`: their few reports' own results."""
    mine = msgspec.structs.replace(filters, regions=regions)
    columns = ["document_id", "agency_id", "form", "year", "region_code"]
    cards = narrow(data.cards.lazy(), mine).select(*columns, "agency_kind", "agency_level")
    chosen = cards.with_columns(pl.col(pl.Enum).cast(pl.String)).collect()
    missing = chosen.filter(pl.col("document_id").is_null()).lazy()
    results = [
        results_of(data, chosen["document_id"].drop_nulls()),
        data.of_nothing.lazy().join(missing, on=["agency_id", "year"], how="semi"),
    ]
    return of_results(chosen, results)


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
