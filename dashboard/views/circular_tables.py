"""A circular's cards and numbers in, its tables out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from dashboard import labels
from dashboard.data import Data
from dashboard.labels import t, term
from dashboard.views.answer import TESTS
from dashboard.views.badges import Counted, reading_badge
from dashboard.views.circular_numbers import Numbers, RuleNumbers, commended, other_errors
from dashboard.views.filters import Filters, stem
from dashboard.views.lists import agency_names_of
from dashboard.views.records.circular import Cell, Listing
from dashboard.views.sentences import check_label
from govreport_core import worklist as core
from govreport_core.checks import catalogue
from govreport_core.coverage import status_words

ROWS = 300
"""Rows of a table; how many more there are is said."""
RULES = 30
_ORDER = ("region_code", "agency_level", "agency_name", "agency_id")
_PLACES = ("province", "prefecture", "county")
_TROUBLE = ("late", "not_found", "wrong")
_METADATA = "metadata"


def agencies(cards: pl.DataFrame, lang: str) -> pl.DataFrame:
    """A year's cards in the order of lists, with `name`, `commended` and `correcting`.

    Args:
        cards: What `prepared` gave, of one year.
        lang: Language of the name of an agency whose own isn't known: its report's title.
    """
    ordered = cards.sort(_ORDER, nulls_last=True)
    titled = pl.format(core.words(lang).unnamed.replace("{title}", "{}"), "title")
    name = pl.coalesce("agency_name", titled, agency_names_of(lang))
    return ordered.with_columns(name=name, commended=commended(), correcting=other_errors())


def statuses_table(found: Numbers, lang: str, *, shares: bool) -> Listing | None:
    """How many agencies have each status, with bars: the circular's chart."""
    counts = [(code, n) for code, n in found.statuses if code != "not_required"]
    if not counts:
        return None
    most = max(n for _, n in counts)
    names = status_words(lang)
    rows = [
        (
            Cell(names[code].title),
            Cell(labels.number(n), n, n / most),
            *([Cell(labels.percent(n / found.due, lang), n / found.due)] if shares else []),
        )
        for code, n in counts
    ]
    heads = ["status", "number", *(["share"] if shares else [])]
    note = t("circular.notes.shares", lang) if shares else ""
    return _listing("statuses", heads, rows, lang, note=note)


def late_table(late: pl.DataFrame, data: Data, lang: str) -> Listing | None:
    """Who was late, by how much, and where the date comes from; a page's own date has a note."""
    if late.is_empty():
        return None
    dated = data.coverage.select("agency_id", "year", "published_on", "date_rule", due_on="due")
    found = late.join(dated, on=["agency_id", "year"], how="left", maintain_order="left")
    rows = [
        (
            Cell(row["name"]),
            _day(row["published_on"], lang),
            _day(row["due_on"], lang),
            _number(row["days_late"], lang),
            Cell(term("evidence", row["date_rule"], lang) if row["date_rule"] else ""),
        )
        for row in found.iter_rows(named=True)
    ]
    unsure = t("circular.says.pages", lang) if (found["date_rule"] == _METADATA).any() else ""
    heads = ("agency", "published", "due", "days", "date_from")
    return _listing("late", heads, rows, lang, note=unsure)


def rules_table(found: Numbers, lang: str, *, ranked: bool) -> Listing | None:
    """The errors and warnings that fail, beside the year before over the same agencies.

    Args:
        found: The numbers.
        lang: Language of the words.
        ranked: By how many reports; else in the catalogue's order.
    """
    if not found.rules:
        return None
    order = list(catalogue())
    rules = list(found.rules)
    if not ranked:
        rules = sorted(rules, key=lambda rule: order.index(rule.code) if rule.code in order else -1)
    most = max(rule.reports for rule in rules)
    rows = [
        (
            Cell(check_label(rule.code, lang)),
            Cell(t(f"severities.{rule.severity}", lang)),
            Cell(
                labels.number(rule.reports),
                rule.reports,
                rule.reports / most if most > 1 else None,
            ),
        )
        for rule in rules
    ]
    if all(rule.same is None for rule in rules):
        return _listing("rules", ("rule", "severity", "reports"), rows, lang, most=RULES)
    compared = [(*row, *_compared(rule, lang)) for row, rule in zip(rows, rules, strict=True)]
    heads = ("rule", "severity", "reports", "same", "now", "before", "change")
    return _listing(
        "rules", heads, compared, lang, note=t("circular.notes.rules", lang), most=RULES
    )


def _compared(rule: RuleNumbers, lang: str) -> tuple[Cell, ...]:
    numbers = (rule.same, rule.now, rule.before)
    return (*(_number(n, lang) for n in numbers), _change(rule.now, rule.before, lang))


def correcting_table(now: pl.DataFrame, lang: str) -> Listing:
    """Whose report has an error but lateness, which rules it fails, and how well it was read."""
    join = t("circular.and", lang)
    rows = [
        (
            Cell(row["name"]),
            Cell(join.join(check_label(code, lang) for code in row["errors"])),
            Cell(_reading(row, lang)),
        )
        for row in now.filter("correcting").iter_rows(named=True)
    ]
    return _listing("correcting", ("agency", "errors", "reading"), rows, lang)


def regions_table(now: pl.DataFrame, filters: Filters, lang: str) -> Listing | None:
    """The regions below the one that is asked for, by code; None where there is but one."""
    if len(filters.regions) > 1:
        return None
    digits = _parting(now, len(stem(filters.regions[0])) if filters.regions else 0)
    if digits is None:
        return None
    found = (
        now.with_columns(code=_within(digits))
        .group_by("code")
        .agg(
            pl.col(_PLACES[digits // 2 - 1]).drop_nulls().first().alias("name"),
            pl.col(_PLACES[max(digits // 2 - 2, 0)]).drop_nulls().first().alias("above"),
            on_time=(pl.col("status") == "on_time").sum(),
            **{test: TESTS[test].sum() for test in ("due", *_TROUBLE)},
            reports=pl.col("document_id").count(),
        )
        .sort("code", nulls_last=True)
    )
    listed = now["required"].is_not_null().any()
    # Without a roster nobody knows what was due, nor what is not to be found.
    known = _TROUBLE if listed else tuple(one for one in _TROUBLE if one != "not_found")
    counted = ("due" if listed else "reports", "on_time", *known)
    rows = [
        (Cell(_region(row, lang)), *(_number(row[one], lang) for one in counted))
        for row in found.iter_rows(named=True)
    ]
    heads = [t("circular.heads.region", lang), *(_head(one, lang) for one in counted)]
    return _headed("regions", heads, rows, lang)


def _head(counted: str, lang: str) -> str:
    if counted == "on_time":
        return status_words(lang)["on_time"].title
    return t(
        "circular.heads.reports" if counted == "reports" else f"answer.tiles.{counted}.label", lang
    )


def _parting(now: pl.DataFrame, digits: int) -> int | None:
    """How many digits of their divisions' codes tell agencies of one region apart."""
    deeper = range(digits + 2, 7, 2)
    return next((d for d in deeper if now.select(_within(d)).n_unique() > 1), None)


def _within(digits: int) -> pl.Expr:
    return pl.col("region_code").str.slice(0, digits).str.pad_end(6, "0")


def _region(row: dict[str, str | None], lang: str) -> str:
    """A region's name; where its agencies stand in no part of the whole, the whole's own."""
    if row["code"] is None:
        return t("values.region_unknown", lang)
    if row["name"]:
        return row["name"]
    return t("answer.itself", lang, name=row["above"] or row["code"])


def _reading(row: dict[str, object], lang: str) -> str:
    cells, read = int(str(row["cells"])), int(str(row["cells_read"]))
    form = row["form"]
    verdict = Counted(
        str(form) if form else None,
        cells=cells,
        unreadable=cells - read,
        doubts=int(str(row["doubts"])),
    )
    return reading_badge(verdict, lang).label


def _day(value: object, lang: str) -> Cell:
    return Cell(str(value or t("circular.same_none", lang)))


def _number(value: int | None, lang: str) -> Cell:
    if value is None:
        return Cell(t("circular.same_none", lang))
    return Cell(labels.number(value), value)


def _change(now: int | None, before: int | None, lang: str) -> Cell:
    if now is None or before is None:
        return Cell(t("circular.same_none", lang))
    sign = t(f"values.{'plus' if now > before else 'minus'}", lang) if now != before else ""
    return Cell(f"{sign}{labels.number(abs(now - before))}", now - before)


def _listing(
    code: str,
    heads: Iterable[str],
    rows: Sequence[tuple[Cell, ...]],
    lang: str,
    *,
    note: str = "",
    most: int | None = None,
) -> Listing:
    named = [t(f"circular.heads.{head}", lang) for head in heads]
    return _headed(code, named, rows, lang, note=note, most=most)


def _headed(
    code: str,
    heads: Sequence[str],
    rows: Sequence[tuple[Cell, ...]],
    lang: str,
    *,
    note: str = "",
    most: int | None = None,
) -> Listing:
    kept = ROWS if most is None else most
    left = max(0, len(rows) - kept)
    return Listing(
        code=code,
        title=t(f"circular.tables.{code}", lang),
        heads=tuple(heads),
        rows=tuple(rows[:kept]),
        note=note,
        left_out=rows_left("left_out", left, lang),
        left=left,
    )


def rows_left(code: str, left: int, lang: str) -> str:
    """How many rows a table lacks, in the words of that code; empty where it lacks none."""
    return t(f"circular.{code}", lang, n=labels.number(left)) if left else ""
