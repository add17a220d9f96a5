"""The kinds that hold the prose against the tables: facts in, one result a report out."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from govreport_core.checks.base import COMPARED, RuleKind
from govreport_core.checks.facts import Facts, Reason, because, findings
from govreport_core.model import Severity

TEXT_LENGTH = 160  # characters of a sentence that is quoted

CONTRADICTS, TOLD, AGREES, REMARKED, UNTOLD, SCOPED = range(6)
IMPLIED = "implied"
"""The scope of a figure that is the report's own though it doesn't say so in so many words."""
ACCEPTED = "accepted"
"""The scope of requests said to be accepted (受理): another number is worth a remark, no more."""


class ClaimEqual(RuleKind, frozen=True, tag="claim_equal"):
    """The figures the prose states are the table's.

    Attributes:
        none_told: Cells of which another rule tells that there are some, or none, against
            the prose: one fault is one finding.
    """

    claims: tuple[str, ...]
    none_told: tuple[str, ...] = ()

    fail_words = COMPARED | {"text", "mismatches"}
    pass_words = COMPARED


def claim_equal(test: ClaimEqual, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The report's figures where some disagree, else one that agrees, else why none can be told.

    Args:
        test: The rule.
        facts: Looks at `claims` of the kinds `test.claims` (`number`, `scope`, `agrees`, `text`)
            and at `number` and `state` of `values` in their cells: counts in 件, money in 万元.

    Yields:
        Results as `findings` makes them, one a report: `subject` is `report`, `expected` the
        table's figure, `actual` the prose's; a failure holds `text` (the sentence) and
        `mismatches`, each with `claim`, `table`, `said` and `made`.

    Source:
        《政府信息公开条例》第二十条第（一）项、第五十条第（二）项；
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号；
        《政府信息公开信息处理费管理办法》
    """
    differs = _own() & ~pl.col("agrees")
    told = pl.col("cell").is_in(test.none_told) & _one_is_none()
    weight = (
        pl.when(differs & told)
        .then(TOLD)
        .when(differs)
        .then(CONTRADICTS)
        .when(_own() & pl.col("agrees"))
        .then(AGREES)
        .when((pl.col("scope") == ACCEPTED) & ~pl.col("agrees"))
        .then(REMARKED)
        .when(_own())
        .then(UNTOLD)
        .otherwise(SCOPED)
    )
    yield _heaviest(facts, _claims(test.claims, facts), weight, {})


class ClaimAgrees(RuleKind, frozen=True, tag="claim_agrees"):
    """What the prose states of a matter is one of the table's figures that it may mean."""

    claims: tuple[str, ...]

    fail_words = frozenset({"text", "actual", "mismatches"})


def claim_agrees(test: ClaimAgrees, facts: Facts) -> Iterator[pl.LazyFrame]:
    """As `claim_equal`, where one figure stands for several cells: no single one is expected.

    Args:
        test: The rule.
        facts: Looks at `claims` as `claim_equal` does; percentages are in %, from 0 to 100.

    Yields:
        Results as `findings` makes them, one a report, as `claim_equal` has them: `subject` is
        `report`, `expected` always null, `actual` the prose's figure.

    Source:
        《政府信息公开条例》第五十条第（二）（三）项；
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    found = next(claim_equal(ClaimEqual(test.claims), facts))
    yield found.with_columns(expected=pl.lit(None, pl.Float64))


class ClaimPresence(RuleKind, frozen=True, tag="claim_presence"):
    """The prose says there were none where the table has none, and only there."""

    claims: tuple[str, ...]

    fail_words = COMPARED | {"text", "mismatches"}
    pass_words = COMPARED
    cases = frozenset({"none_but_some", "some_but_none"})


def claim_presence(test: ClaimPresence, facts: Facts) -> Iterator[pl.LazyFrame]:
    """`None were received` against a positive figure, or some against a 0.

    Args:
        test: The rule.
        facts: Looks at `claims` of the kinds `test.claims` (`number`, `scope`, `text`) and at
            `number` and `state` of `values` in their cells (counts in 件).

    Yields:
        Results as `findings` makes them, one a report: `subject` is `report`, `expected` the
        table's figure, `actual` the prose's; a failure of the case `none_but_some` or
        `some_but_none` holds `text` and `mismatches` as `claim_equal` has them.

    Source:
        《政府信息公开条例》第二十条第（一）项、第五十条第（二）项；
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    weight = (
        pl.when(_own() & _one_is_none())
        .then(CONTRADICTS)
        .when(_own() & pl.col("cell_number").is_not_null())
        .then(AGREES)
        .when(_own())
        .then(UNTOLD)
        .otherwise(SCOPED)
    )
    case = (
        pl.when(pl.col("number") == 0)
        .then(pl.lit("none_but_some"))
        .otherwise(pl.lit("some_but_none"))
    )
    yield _heaviest(facts, _claims(test.claims, facts), weight, {"case": case})


def _one_is_none() -> pl.Expr:
    """Whether either the prose or the table has none, and the other some."""
    return (pl.col("number") == 0) != (pl.col("cell_number") == 0)


def _own() -> pl.Expr:
    return pl.col("scope").is_null() | (pl.col("scope") == IMPLIED)


def _claims(kinds: tuple[str, ...], facts: Facts) -> pl.LazyFrame:
    """The claims of these kinds."""
    return facts.claims.filter(pl.col("claim").is_in(kinds))


def _heaviest(
    facts: Facts, claims: pl.LazyFrame, weight: pl.Expr, said: dict[str, pl.Expr]
) -> pl.LazyFrame:
    """One result a report, by the claim that weighs most; the first of equals.

    A failure lists every claim that contradicts, each with the table's figure, and
    is grave only where one of them is stated in so many words.
    """
    weighed = pl.col("weight")
    ordered = claims.with_columns(weight=weight).sort("doc", "weight", "order")
    contradicting = (
        ordered.filter(weighed.is_in((CONTRADICTS, REMARKED)))
        .group_by("doc", "weight", maintain_order=True)
        .agg(
            mismatches=pl.struct("claim", "table", said="number", made="made").unique(
                maintain_order=True
            ),
            firm=pl.col("scope").is_null().any(),
        )
    )
    chosen = ordered.unique("doc", keep="first", maintain_order=True).join(
        contradicting, on=["doc", "weight"], how="left"
    )
    return findings(
        facts.reports.select("doc").join(chosen, on="doc", how="left"),
        facts.form,
        reason=pl.when(weighed.is_null())
        .then(pl.lit(Reason.NO_CLAIM))
        .when(weighed == SCOPED)
        .then(pl.lit(Reason.SCOPE))
        .when(weighed == TOLD)
        .then(pl.lit(Reason.TOLD))
        .when(weighed == UNTOLD)
        .then(pl.coalesce(because(pl.col("cell_lack")), pl.lit(Reason.SCOPE))),
        fails=weighed.is_in((CONTRADICTS, REMARKED)),
        said={
            "text": pl.col("text").str.slice(0, TEXT_LENGTH),
            "mismatches": pl.col("mismatches"),
            **said,
        },
        subject=pl.lit("report"),
        severity=pl.when(weighed == REMARKED)
        .then(pl.lit(Severity.INFO.value))
        .when((weighed == CONTRADICTS) & ~pl.col("firm"))
        .then(pl.lit(Severity.WARNING.value)),
        expected=pl.when(weighed.is_in((CONTRADICTS, AGREES, REMARKED))).then(
            pl.coalesce("made", "cell_number")
        ),
        actual=pl.when(weighed.is_in((CONTRADICTS, AGREES, REMARKED))).then(pl.col("number")),
        placed=True,
    )
