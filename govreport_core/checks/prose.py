"""The kinds that hold the prose against the tables: facts in, one result a report out."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from govreport_core.cells import lack, number
from govreport_core.checks.base import COMPARED, Kind
from govreport_core.checks.facts import Facts, Reason, because, findings

TEXT_LENGTH = 160  # characters of a sentence that is quoted

CONTRADICTS, AGREES, UNTOLD, SCOPED = range(4)


class ClaimEqual(Kind, frozen=True, tag="claim_equal"):
    """The figures the prose states are the table's."""

    claims: tuple[str, ...]

    fail_words = COMPARED | {"text"}
    pass_words = COMPARED


def claim_equal(test: ClaimEqual, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The report's figure where one disagrees, else one that agrees, else why none can be told."""
    own = pl.col("scope").is_null()
    weight = (
        pl.when(own & ~pl.col("agrees"))
        .then(CONTRADICTS)
        .when(pl.col("agrees"))
        .then(AGREES)
        .when(own)
        .then(UNTOLD)
        .otherwise(SCOPED)
    )
    yield _heaviest(facts, _claims(test.claims, facts), weight, {})


class ClaimAgrees(Kind, frozen=True, tag="claim_agrees"):
    """What the prose states of a matter is one of the table's figures that it may mean."""

    claims: tuple[str, ...]

    fail_words = frozenset({"text", "actual"})


def claim_agrees(test: ClaimAgrees, facts: Facts) -> Iterator[pl.LazyFrame]:
    """As `claim_equal`, where one figure stands for several cells: no single one is expected."""
    found = next(claim_equal(ClaimEqual(test.claims), facts))
    yield found.with_columns(expected=pl.lit(None, pl.Float64))


class ClaimPresence(Kind, frozen=True, tag="claim_presence"):
    """The prose says there were none where the table has none, and only there."""

    claims: tuple[str, ...]

    fail_words = COMPARED | {"text"}
    pass_words = COMPARED
    cases = frozenset({"none_but_some", "some_but_none"})


def claim_presence(test: ClaimPresence, facts: Facts) -> Iterator[pl.LazyFrame]:
    """`None were received` against a positive figure, or some against a 0."""
    own = pl.col("scope").is_null()
    none, cell = pl.col("number") == 0, pl.col("cell_number")
    weight = (
        pl.when(own & ((none & (cell > 0)) | (~none & (cell == 0))))
        .then(CONTRADICTS)
        .when(own & cell.is_not_null())
        .then(AGREES)
        .when(own)
        .then(UNTOLD)
        .otherwise(SCOPED)
    )
    case = pl.when(none).then(pl.lit("none_but_some")).otherwise(pl.lit("some_but_none"))
    yield _heaviest(facts, _claims(test.claims, facts), weight, {"case": case})


def _claims(kinds: tuple[str, ...], facts: Facts) -> pl.LazyFrame:
    """The claims of these kinds with the cell each is held against."""
    claims = facts.claims.filter(pl.col("claim").is_in(kinds)).with_columns(
        cell=pl.concat_str("table", "row", "column", separator=".")
    )
    known = facts.reports.collect_schema()
    cells = [
        facts.reports.select(
            "doc",
            cell=pl.lit(cell),
            cell_number=number(cell),
            cell_lack=lack(cell),
        )
        for cell in claims.select(pl.col("cell").unique().sort()).collect()["cell"]
        if f"{cell}#" in known
    ]
    held = pl.concat(cells) if cells else _NO_CELL
    return claims.join(held, on=["doc", "cell"], how="left")


_NO_CELL = pl.LazyFrame(
    schema={
        "doc": pl.UInt32,
        "cell": pl.String,
        "cell_number": pl.Float64,
        "cell_lack": pl.UInt8,
    }
)


def _heaviest(
    facts: Facts, claims: pl.LazyFrame, weight: pl.Expr, said: dict[str, pl.Expr]
) -> pl.LazyFrame:
    """One result a report, by the claim that weighs most; the first of equals."""
    chosen = (
        claims.with_columns(weight=weight)
        .sort("doc", "weight", "order")
        .unique("doc", keep="first", maintain_order=True)
    )
    weighed = pl.col("weight")
    return findings(
        facts.reports.select("doc").join(chosen, on="doc", how="left"),
        facts.form,
        reason=pl.when(weighed.is_null())
        .then(pl.lit(Reason.NO_CLAIM))
        .when(weighed == SCOPED)
        .then(pl.lit(Reason.SCOPE))
        .when(weighed == UNTOLD)
        .then(pl.coalesce(because(pl.col("cell_lack")), pl.lit(Reason.SCOPE))),
        fails=weighed == CONTRADICTS,
        said={"text": pl.col("text").str.slice(0, TEXT_LENGTH), **said},
        subject=pl.lit("report"),
        expected=pl.when(weighed <= AGREES).then(pl.col("cell_number")),
        actual=pl.when(weighed <= AGREES).then(pl.col("number")),
        placed=True,
    )
