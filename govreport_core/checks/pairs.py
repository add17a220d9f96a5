"""A report beside its agency's report for the year before: facts in, pairs and their results out.

Only current reports of agencies that are known are joined. A failure belongs to
the later report, and says both figures: which of the two is wrong isn't known.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from govreport_core.cells import DECIMALS, at, lack, number
from govreport_core.checks.facts import Facts, Reason, because, findings
from govreport_core.forms import forms

OLD = "~before"
REPORT = pl.lit("report")


def paired(facts: Facts, cells: set[str], *, all_: bool = False) -> pl.DataFrame:
    """The current reports with these cells, and last year's beside them; null without one.

    Args:
        facts: Looks at `reports` (`current`, `prior`, `prior~lack`), and at `every` for last
            year's.
        cells: Names of cells, as `table.row.column`; counts in 件, money in 万元.
        all_: Whether to keep those without a report for the year before too.

    Returns:
        A row a report: `doc`, `prior`, `prior~lack`; `number`, `lack` and `at` of each cell; last
        year's `form~before`, and each cell's number and lack as `old` and `old_lack` find them.
    """
    ordered = sorted(cells)
    own = (
        facts.cells.filter(pl.col("current") & (all_ | pl.col("prior~lack").is_null()))
        .select(
            "doc",
            "prior",
            "prior~lack",
            *(what(cell) for cell in ordered for what in (number, lack, at)),
        )
        .collect()
    )
    old = facts.every.select(
        pl.col("form").gather(own["prior"]).alias(f"form{OLD}"),
        *(
            what(cell).gather(own["prior"]).name.suffix(OLD)
            for cell in ordered
            for what in (number, lack)
        ),
    )
    return own.hstack(old)


def without(facts: Facts) -> pl.LazyFrame:
    """One skip for each report that has none for the year before.

    Args:
        facts: Looks at `current` and `prior~lack` of `reports`.

    Returns:
        Results as `findings` makes them: skips whose `subject` is `report`.
    """
    return findings(
        facts.reports.filter(pl.col("current") & pl.col("prior~lack").is_not_null()),
        facts.form,
        reason=pl.col("prior~lack"),
        subject=REPORT,
    )


def line(
    paired: pl.DataFrame,
    *,
    subject: str,
    before: list[str],
    own: list[str],
    expected: pl.Expr,
    actual: pl.Expr,
    place: pl.Expr,
) -> pl.DataFrame:
    """One line's two figures, or why they can't be told.

    Args:
        paired: Reports with these cells, as `paired` makes them.
        subject: What the results are about.
        before: Last year's cells that are needed; their form must have the first.
        own: This year's cells that are needed.
        expected: The figure that last year's cells lead to, in their unit.
        actual: The figure that this year's have.
        place: The row of `values` whose place is the result's.

    Returns:
        A row a report: `doc`, `subject`, `why` (a `Reason` where the figures can't be told, else
        null), `expected`, `actual` (rounded to `DECIMALS`) and `at`.
    """
    table, row, column = before[0].split(".")
    having = [form.id for form in forms().values() if _has(form.id, table, row, column)]
    worst = pl.max_horizontal(*(lack(cell) for cell in own), *(old_lack(cell) for cell in before))
    form = pl.col(f"form{OLD}")
    return paired.select(
        "doc",
        subject=pl.lit(subject),
        why=pl.when(form.is_null())
        .then(pl.lit(Reason.FORM_UNKNOWN))
        .when(~form.is_in(having))
        .then(pl.lit(Reason.FORM_BREAK))
        .otherwise(because(worst)),
        expected=expected.round(DECIMALS),
        actual=actual.round(DECIMALS),
        at=place,
    )


def _has(form: str, table: str, row: str, column: str) -> bool:
    return any(
        t.code == table
        and any(r.code == row for r in t.value_rows)
        and any(c.code == column for c in t.value_columns)
        for t in forms()[form].tables
    )


def told(
    facts: Facts, found: pl.DataFrame, *, unlike: bool = False, **said: pl.Expr
) -> pl.LazyFrame:
    """Results of pairs.

    Args:
        facts: Looks at `prior~unlike` of `reports`.
        found: `doc`, `subject`, `why` (null where it isn't skipped) and `fails`; `expected`,
            `actual`, `at` and `weight` (a severity) where there are any.
        unlike: Whether a failure is skipped where the report counts other bodies than the one
            before.
        **said: As `findings` takes it.

    Returns:
        Results as `findings` makes them, one a row of `found`: `subject` as there, `expected` and
        `actual` too where it isn't skipped.
    """
    if unlike:
        others = facts.reports.select("doc", "prior~unlike").collect()
        failing = pl.col("fails").fill_null(value=False)
        found = found.join(others, on="doc", how="left", maintain_order="left").with_columns(
            why=pl.coalesce("why", pl.when(failing).then("prior~unlike"))
        )
    known = pl.col("why").is_null()
    there = found.columns
    figures = {name: pl.when(known).then(name) for name in ("expected", "actual") if name in there}
    return findings(
        found.lazy(),
        facts.form,
        reason=pl.col("why"),
        fails=pl.col("fails"),
        said=said,
        placed=False,
        subject=pl.col("subject"),
        severity=pl.col("weight") if "weight" in there else pl.lit(None, pl.String),
        **figures,
        **({"at": pl.col("at")} if "at" in there else {}),
    )


def old(cell: str) -> pl.Expr:
    """Last year's number of a cell.

    Args:
        cell: Its name, as `table.row.column`.

    Returns:
        The column of `paired`; null unless a number is certain, in the cell's unit (件 or 万元).
    """
    return pl.col(f"{cell}#{OLD}")


def old_lack(cell: str) -> pl.Expr:
    """Why last year's cell has no number.

    Args:
        cell: Its name, as `table.row.column`.

    Returns:
        The column of `paired`: a `Lack`, null where there is no report.
    """
    return pl.col(f"{cell}!{OLD}")


def summed(numbers: Iterable[pl.Expr]) -> pl.Expr:
    """What numbers make; null where one is.

    Args:
        numbers: Numbers in one unit; 0 without any.

    Returns:
        Their sum, in that unit.
    """
    made = pl.lit(0.0)
    for one in numbers:
        made = made + one
    return made
