"""The indicators: values in, figures and rates out, each with its base and the number of reports.

A rate is null where its base is 0, and anything is null where a cell it needs
has no certain number: `reason` says which. A blank is 0 only where the printed
total proves it, and the result says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import msgspec
import polars as pl

from govreport_core import languages
from govreport_core.cells import DECIMALS, Axis, Lack, Sum, alone, below, crossing, spread
from govreport_core.forms import Column, Form, FormTable, Row, forms
from govreport_core.indicators.carded import cards_by_year, columns, of_card
from govreport_core.indicators.definitions import Indicator, IndicatorWords, Proof, catalogue
from govreport_core.indicators.grouped import (
    GroupIndicator,
    aggregate_groups,
    evaluate_groups,
    groups,
    groups_of_cards,
)

__all__ = [
    "GroupIndicator",
    "Indicator",
    "aggregate",
    "aggregate_groups",
    "cards_by_year",
    "catalogue",
    "columns",
    "evaluate",
    "evaluate_groups",
    "groups",
    "groups_of_cards",
    "indicator_words",
    "of_card",
    "reason_words",
]

REASONS = {
    Lack.BLANK: "blank",
    Lack.PLACEHOLDER: "blank",
    Lack.ABSENT: "absent",
    Lack.TEXT: "not_a_number",
    Lack.UNREADABLE: "unreadable",
}

SCHEMA = {
    "document_id": pl.String,
    "indicator": pl.String,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "n": pl.UInt32,
    "reason": pl.String,
    "assumed_zero": pl.Boolean,
}


def evaluate(
    values: pl.DataFrame, reports: pl.DataFrame, laid: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Each indicator of each report.

    Args:
        values: The dataset's `values`: `document_id`, `table`, `row`, `column`, `number`,
            `state`.
        reports: Its `reports`, or those of them to look at (the current ones): `document_id`,
            `form`.
        laid: What `cells.laid` gives of both, where it is known already.

    Returns:
        The columns of `SCHEMA`, ordered by indicator, then as the reports are.
        `value` is a fraction for a rate (0.25, not 25), else the figure in its cells' unit
        (a count; money in 万元), as `numerator` and `denominator` are.
        `denominator` is null for a figure. `n` is 1 where the numbers are
        known, else 0. A report on a form an indicator isn't for has no row of
        it; one whose form couldn't be told has rows without a value.
    """
    docs = reports.select("document_id", "form").with_row_index("doc")
    wide = (spread(values, docs) if laid is None else docs.hstack(laid)).lazy()
    found = [
        _of_form(wide.filter(pl.col("form") == form), forms()[form])
        for form in docs["form"].drop_nulls().unique()
        if _ranked(forms()[form])
    ]
    formless = (
        wide.filter(pl.col("form").is_null())
        .select("document_id", "doc")
        .join(pl.LazyFrame({"indicator": list(catalogue())}).with_row_index("rank"), how="cross")
        .with_columns(
            n=pl.lit(0, pl.UInt32),
            reason=pl.lit("form_unknown"),
            assumed_zero=pl.lit(value=False),
        )
    )
    told = [_told(pl.concat(found).lazy())] if found else []
    shaped = pl.concat([pl.LazyFrame(schema=SCHEMA), *told, formless], how="diagonal_relaxed")
    return shaped.sort("rank", "doc").select(*SCHEMA).collect()


def aggregate(
    evaluated: pl.DataFrame, reports: pl.DataFrame, by: Sequence[str] = ()
) -> pl.DataFrame:
    """Each indicator of groups of reports: sums over sums, never a mean of rates.

    Args:
        evaluated: What `evaluate` gave.
        reports: The reports to take together; others of `evaluated` are left out.
        by: Columns of `reports` that make the groups; none takes all as one.

    Returns:
        `by`, `indicator`, `value` (a rate as a fraction, a figure in its cells' unit),
        `numerator`, `denominator`, `n` (reports
        whose numbers are known and enter the sums), `left_out` (those whose
        aren't), `reason`, `assumed_zero` (whether it is so in one that
        entered), ordered by `by` and indicator. Without a known report the sums
        are null, never 0.
    """
    known = pl.col("n") > 0
    rates = [code for code, indicator in catalogue().items() if indicator.denominator]
    order = pl.LazyFrame({"indicator": list(catalogue())}).with_row_index("rank")
    numerator, denominator = pl.col("numerator"), pl.col("denominator")
    return (
        evaluated.lazy()
        .join(reports.lazy().select("document_id", *by), on="document_id")
        .group_by(*by, "indicator")
        .agg(
            numerator.filter(known).sum(),
            denominator.filter(known).sum(),
            n=known.sum(),
            left_out=(~known).sum(),
            assumed_zero=(pl.col("assumed_zero") & known).any(),
        )
        .with_columns(
            numerator=pl.when(known).then(numerator),
            denominator=pl.when(known & pl.col("indicator").is_in(rates)).then(denominator),
        )
        .with_columns(value=_value(), reason=pl.when(~known).then(pl.lit("none_known")))
        .with_columns(reason=pl.coalesce("reason", _base_zero()))
        .join(order, on="indicator")
        .sort(*by, "rank")
        .select(
            *by,
            "indicator",
            "value",
            "numerator",
            "denominator",
            "n",
            "left_out",
            "reason",
            "assumed_zero",
        )
        .collect()
    )


def _of_form(reports: pl.LazyFrame, form: Form) -> pl.DataFrame:
    """Each indicator of the reports on a form: its parts, for `_told`.

    They are laid out side by side in one pass, the proofs that many of them rest on first, and
    then put below each other.
    """
    proofs, terms = _plan(form)
    laid = reports.with_columns(proofs).select("document_id", "doc", *terms).collect()
    ranked = _ranked(form)
    named = pl.DataFrame(
        [(rank, one.code) for rank, one in ranked],
        schema={"rank": pl.UInt32, "indicator": pl.String},
        orient="row",
    ).join(laid.select("document_id", "doc"), how="cross", maintain_order="left_right")
    told = [
        pl.concat(laid[f"{one.code}:{part}"] for _, one in ranked).alias(part) for part in _PARTS
    ]
    return named.hstack(told)


def _ranked(form: Form) -> list[tuple[int, Indicator]]:
    """The indicators for a form, with their place among all."""
    return [(n, one) for n, one in enumerate(catalogue().values()) if form.id in one.forms]


@cache
def _plan(form: Form) -> tuple[list[pl.Expr], list[pl.Expr]]:
    """The proofs and the terms of a form's indicators, named. Made once: it takes longer than they.

    They are the same for all reports on it.
    """
    proofs = [proof.alias(name) for name, proof in _proofs(form).items()]
    return proofs, [part for _, one in _ranked(form) for part in _terms(one, form)]


def _terms(indicator: Indicator, form: Form) -> list[pl.Expr]:
    """What an indicator is told from, each column named by it and its part."""
    upper = [_term(term, form, indicator.proven_by) for term in indicator.numerator]
    lower = [_term(term, form, indicator.proven_by) for term in indicator.denominator]
    parts = {
        "worst": pl.max_horizontal(term.worst for term in (*upper, *lower)),
        "assumed_zero": pl.any_horizontal(term.assumed for term in (*upper, *lower)),
        "numerator": _made(upper),
        "denominator": _made(lower) if lower else pl.lit(None, pl.Float64),
    }
    return [part.alias(f"{indicator.code}:{name}") for name, part in parts.items()]


_PARTS = ("worst", "assumed_zero", "numerator", "denominator")


def _told(parts: pl.LazyFrame) -> pl.LazyFrame:
    """What the parts of indicators make, all of them at once."""
    known = pl.col("worst") == Lack.NONE
    return parts.with_columns(
        value=pl.when(known).then(_value()),
        n=known.cast(pl.UInt32),
        assumed_zero=known & pl.col("assumed_zero"),
        reason=pl.coalesce(
            pl.col("worst").replace_strict(REASONS, default=None, return_dtype=pl.String),
            _base_zero(),
        ),
    ).drop("worst")


def _proof(proof: Proof, across: str) -> str:
    """The name of a proof's column."""
    return f"{proof.table}:{proof.sums}:{proof.group}:{across}"


def _proofs(form: Form) -> dict[str, pl.Expr]:
    """All proofs that the indicators of a form rest on, by the name of their column."""
    found = {}
    for indicator in catalogue().values():
        for term in (*indicator.numerator, *indicator.denominator):
            code, row, column = term.split(".")
            for proof in indicator.proven_by if form.id in indicator.forms else ():
                line, across = (row, column) if proof.sums == "rows" else (column, row)
                table = form.table(code)
                if proof.table == code and proof.group in _above(table, line, proof.sums):
                    found[_proof(proof, across)] = _proven(table, proof, across)
    return found


class Term(msgspec.Struct, frozen=True):
    """A term of a numerator or base: its number, its `Lack`, and whether a blank counted as 0."""

    made: pl.Expr
    worst: pl.Expr
    assumed: pl.Expr


def _term(term: str, form: Form, proofs: tuple[Proof, ...]) -> Term:
    code, row, column = term.split(".")
    table = form.table(code)
    cells = _cells(table, row, column)
    proven = pl.lit(value=False)
    for proof in proofs:
        line, across = (row, column) if proof.sums == "rows" else (column, row)
        if proof.table == code and proof.group in _above(table, line, proof.sums):
            proven = pl.col(_proof(proof, across))
    assumed = cells.worst.is_in([Lack.BLANK, Lack.PLACEHOLDER]) & proven
    return Term(
        made=cells.made,
        worst=pl.when(assumed).then(pl.lit(Lack.NONE.value, pl.UInt8)).otherwise(cells.worst),
        assumed=assumed,
    )


def _cells(table: FormTable, row: str, column: str) -> Sum:
    if any(line.code == row and line.kind == "group" for line in table.rows):
        return below(table, "rows", row, column)
    if any(line.code == column and line.kind == "group" for line in table.columns):
        return below(table, "columns", column, row)
    return alone(f"{table.code}.{row}.{column}")


def _above(table: FormTable, line: str, axis: Axis) -> set[str]:
    """The groups a line stands below."""
    lines: tuple[Row, ...] | tuple[Column, ...] = table.rows if axis == "rows" else table.columns
    parents = {other.code: other.parent for other in lines}
    groups = set()
    while (parent := parents[line]) is not None:
        groups.add(parent)
        line = parent
    return groups


def _proven(table: FormTable, proof: Proof, across: str) -> pl.Expr:
    """Whether the printed parts of a group make its printed total, so that its blanks are 0."""
    parts = below(table, proof.sums, proof.group, across)
    total = table.total_of(proof.group, proof.sums)
    whole = alone(crossing(table, proof.sums, total, across))
    return (
        (whole.worst == Lack.NONE)
        & (parts.worst <= Lack.PLACEHOLDER)
        & (parts.made.round(DECIMALS) == whole.made.round(DECIMALS))
    )


def _made(terms: list[Term]) -> pl.Expr:
    known = pl.max_horizontal(term.worst for term in terms) == Lack.NONE
    return pl.when(known).then(pl.sum_horizontal(term.made for term in terms))


def _value() -> pl.Expr:
    """Of the columns `numerator` and `denominator`: their ratio, or the figure where it is none."""
    numerator, denominator = pl.col("numerator"), pl.col("denominator")
    return (
        pl.when(denominator.is_null())
        .then(numerator)
        .when(denominator != 0)
        .then(numerator / denominator)
    )


def _base_zero() -> pl.Expr:
    return pl.when(pl.col("denominator") == 0).then(pl.lit("base_zero"))


@cache
def reason_words(lang: str) -> dict[str, str]:
    """Why an indicator has no value, in words, by reason."""
    return languages.words(lang, "no_value", dict[str, str])


@cache
def indicator_words(lang: str) -> dict[str, IndicatorWords]:
    """What each indicator of both catalogues says of itself in a language, by code.

    Raises:
        LanguageError: The language has words for what no indicator says in Chinese.
    """
    known: list[Indicator | GroupIndicator] = [*catalogue().values(), *groups().values()]
    shipped = {one.code: languages.of({"zh": one.zh, "en": one.en}, lang) for one in known}
    return languages.translated(lang, "indicators", shipped)
