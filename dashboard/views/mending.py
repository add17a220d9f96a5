"""A report's frames with failed checks in; out, which one number, if it were another, mends most.

Tried, not reasoned: the rules judge copies of the report that differ in one cell each. It is
arithmetic and no verdict: where the original says otherwise, the original holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import polars as pl

from dashboard.views.subjects import CellKey, subject_cells
from govreport_core import checks
from govreport_core.model import Record, State

TRIED = 80
"""Changes that are tried at most; those of cells on which most failures rest come first."""
NAMED = 3
"""More changes that mend as much tell nothing."""
_TABLES = ("reports", "values", "sections", "claims", "diagnostics", "evidence", "points", "parts")


class Change(Record, frozen=True, gc=False):
    """A cell, the number in it, the number that would mend, and how many failures it would."""

    cell: CellKey
    printed: float
    instead: float
    mends: int


def changes(frames: Mapping[str, pl.DataFrame]) -> tuple[Change, ...]:
    """The single changes that mend most failures, at least two, and bring no other.

    Args:
        frames: The dataset's tables for one report, `checks` among them: those of the report
            alone, for a copy has no other year beside it, and what compares years would seem
            mended by any change.

    Returns:
        At most `NAMED`, all mending as much; none where more do, for then they tell nothing.
    """
    tried = _candidates(frames)[:TRIED]
    failed = _failed(frames["checks"])
    if not tried:
        return ()
    codes = frozenset(check for check, _ in failed)
    mended = _mended(frames, tried, failed, codes)
    most = max((change.mends for change in mended), default=0)
    best = [change for change in mended if change.mends == most]
    if most < 2 or len(best) > NAMED:
        return ()
    # Nothing that holds now may fail then.
    whole = _mended(frames, [(c.cell, c.printed, c.instead) for c in best], failed, None)
    return tuple(change for change in whole if change.mends == most)


_Try = tuple[CellKey, float, float]
_Failed = frozenset[tuple[str, str]]


def _failed(results: pl.DataFrame) -> _Failed:
    return frozenset(results.filter(outcome="fail").select("check", "subject").iter_rows())


def _candidates(frames: Mapping[str, pl.DataFrame]) -> list[_Try]:
    """Cells on which failed sums rest, with the number by which one of them would come right."""
    form = frames["reports"]["form"][0]
    numbers: dict[CellKey, float] = {
        (table, row, column): number
        for table, row, column, number in frames["values"]
        .filter(state=State.REPORTED)
        .select("table", "row", "column", "number")
        .iter_rows()
        if number is not None
    }
    found: Counter[_Try] = Counter()
    sums = frames["checks"].filter(
        pl.col("outcome") == "fail",
        pl.col("expected").is_not_null(),
        pl.col("actual").is_not_null(),
    )
    for result in sums.iter_rows(named=True):
        difference = result["expected"] - result["actual"]
        for cell in subject_cells(result["subject"], form, numbers, result["check"]):
            for instead in (numbers[cell] + difference, numbers[cell] - difference):
                if instead >= 0 and difference:
                    found[cell, numbers[cell], round(instead, 6)] += 1
    return [one for one, _ in found.most_common()]


def _mended(
    frames: Mapping[str, pl.DataFrame],
    tried: list[_Try],
    failed: _Failed,
    only: frozenset[str] | None,
) -> list[Change]:
    """How many failures each change mends; none of a change that brings another failure."""
    tables = {name: frames[name] for name in _TABLES if name in frames}
    copies = {name: _copies(frame, tried) for name, frame in tables.items()}
    results = checks.run(copies, only=only).filter(outcome="fail")
    left: dict[str, set[tuple[str, str]]] = {str(at): set() for at in range(len(tried))}
    for document, check, subject in results.select("document_id", "check", "subject").iter_rows():
        if document in left:
            left[document].add((check, subject))
    return [
        Change(cell, printed, instead, len(failed) - len(left[str(at)]))
        for at, (cell, printed, instead) in enumerate(tried)
        if left[str(at)] <= failed
    ]


def _copies(frame: pl.DataFrame, tried: list[_Try]) -> pl.DataFrame:
    """A table once for each change, under documents of their own, each with its change."""
    made = []
    for at, (cell, _, instead) in enumerate(tried):
        copy = frame.with_columns(document_id=pl.lit(str(at)))
        if "agency_id" in copy.columns:
            copy = copy.with_columns(agency_id=pl.lit(f"copy-{at}"))
        if {"table", "row", "column", "number"} <= set(copy.columns) and "raw" in copy.columns:
            here = pl.all_horizontal(
                pl.col(name) == code
                for name, code in zip(("table", "row", "column"), cell, strict=True)
            )
            copy = copy.with_columns(
                number=pl.when(here).then(pl.lit(instead)).otherwise("number"),
                raw=pl.when(here).then(pl.lit(f"{instead:g}")).otherwise("raw"),
            )
        made.append(copy)
    return pl.concat(made)
