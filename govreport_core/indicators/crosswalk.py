"""Two reports' forms and years in, how far their cells compare out: `crosswalk.toml`, as functions.

A cell is `table.row.column`. Nothing is compared that isn't said to be comparable: a cell that
only one of two forms has is `no`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import msgspec

from govreport_core.errors import FormError
from govreport_core.forms import Form, FormTable, forms, span
from govreport_core.indicators.definitions import Indicator

Comparable = Literal["yes", "sum_only", "caution", "no"]
# From what compares to what doesn't; the last of several holds for all together.
COMPARABLE: tuple[Comparable, ...] = ("yes", "sum_only", "caution", "no")
Dated = tuple[int | None, str | None]
"""A report's year and form; either may not be known."""


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cells of two forms that mean the same, added up where there are several."""

    spans: str = msgspec.field(name="forms")
    before: tuple[str, ...]
    after: tuple[str, ...]
    comparable: Comparable


class Years(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of the law between two years, and the table whose cells don't compare over it.

    Attributes:
        together: Codes of indicators that can still be compared, as `together_comparable` says.
    """

    between: str
    table: str
    comparable: Comparable
    together: tuple[str, ...] = ()
    together_comparable: Comparable = "caution"

    def parts(self, one: int | None, other: int | None) -> bool:
        """Whether the change lies between two years; not where a year isn't known."""
        last, first = (int(year) for year in self.between.split("/"))
        return one is not None and other is not None and min(one, other) <= last < first <= max(
            one, other
        )  # fmt: skip


class Crosswalk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `crosswalk.toml`."""

    pairs: tuple[Pair, ...]
    years: tuple[Years, ...]


class Met(msgspec.Struct, frozen=True):
    """Cells of an older and of a newer form that are held against each other."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    comparable: Comparable


@cache
def crosswalk() -> Crosswalk:
    """What `crosswalk.toml` says.

    Raises:
        FormError: An unknown key or word, a form or a cell that isn't there.
    """
    text = files(__package__).joinpath("crosswalk.toml").read_text(encoding="utf-8")
    try:
        found = msgspec.toml.decode(text, type=Crosswalk)
    except msgspec.DecodeError as error:
        msg = f"crosswalk.toml: {error}"
        raise FormError(msg) from error
    for pair in found.pairs:
        older, newer = pair.spans.split("/")
        for cells, named in ((pair.before, older), (pair.after, newer)):
            for form in span(named):
                _spread(forms()[form], cells)
    return found


def worst(found: Iterable[Comparable]) -> Comparable:
    """The least comparable of some; `yes` of none."""
    return max(found, key=COMPARABLE.index, default="yes")


def older_first(one: str, other: str) -> bool:
    """Whether a form is no later than another."""
    line = list(forms())
    return line.index(one) <= line.index(other)


@cache
def met(older: str, newer: str) -> Mapping[str, Met]:
    """What each cell of a form is held against on one that is no later.

    Args:
        older: The id of the form before.
        newer: The id of the form after, or the same.

    Returns:
        The newer form's cells -> what they meet; a cell without a counterpart isn't there.
    """
    found: dict[str, Met] = {}
    here = cells_of(forms()[newer])
    if older == newer:
        return {cell: Met((cell,), (cell,), "yes") for cell in here}
    for pair in crosswalk().pairs:
        first, second = pair.spans.split("/")
        if older in span(first) and newer in span(second):
            for before, after in zip(
                _spread(forms()[older], pair.before), _spread(forms()[newer], pair.after),
                strict=True,
            ):  # fmt: skip
                found |= dict.fromkeys(after, Met(before, after, pair.comparable))
    there = set(cells_of(forms()[older]))
    alike = [cell for cell in here if cell in there and cell not in found]
    return found | {cell: Met((cell,), (cell,), "yes") for cell in alike}


def over_years(cell: str, first: Dated, second: Dated) -> Comparable:
    """How far a cell compares between two years, whatever the forms."""
    changes = (
        change.comparable
        for change in crosswalk().years
        if cell.split(".", maxsplit=1)[0] == change.table and change.parts(first[0], second[0])
    )
    return worst(changes)


@lru_cache(maxsize=4096)
def indicator_compared(indicator: Indicator, first: Dated, second: Dated) -> Comparable:
    """How far an indicator of two reports compares: as the least comparable of its cells.

    Args:
        indicator: From the catalogue.
        first: One report.
        second: The other one; in either order.
    """
    terms = (*indicator.numerator, *indicator.denominator)
    if not (_has(indicator, first) and _has(indicator, second)):
        return "no"
    found = cells_compared(terms, first, second, years=False)
    changes = [
        change.together_comparable if indicator.code in change.together else change.comparable
        for change in crosswalk().years
        if change.parts(first[0], second[0]) and any(t.split(".")[0] == change.table for t in terms)
    ]
    return worst([found, *changes])


@lru_cache(maxsize=4096)
def cells_compared(
    terms: tuple[str, ...], first: Dated, second: Dated, *, years: bool = True
) -> Comparable:
    """How far sums of the same cells compare between two reports.

    Args:
        terms: Cells; a group's code as row or column stands for the leaves below it.
        first: One report.
        second: The other one; in either order.
        years: Whether changes of the law between the two years count too.
    """
    one, other = first[1], second[1]
    if one is None or other is None:
        return "no"
    older, newer = (one, other) if older_first(one, other) else (other, one)
    before, after = (set(_leaves(forms()[form], terms)) for form in (older, newer))
    if not before or not after:
        return "no"
    links = met(older, newer)
    found: list[Comparable] = []
    for cell in after:
        link = links.get(cell)
        whole = link is not None and before >= set(link.before) and after >= set(link.after)
        found.append(link.comparable if link is not None and whole else "no")
        found += [over_years(cell, first, second)] if years else []
    # What only the older one counts would be lost in the newer one's sum.
    reached = {cell for one in after if (link := links.get(one)) for cell in link.before}
    return worst(found) if before <= reached else "no"


def cells_of(form: Form) -> list[str]:
    """All cells of a form, groups' own included: some reports print these with figures."""
    return [
        f"{table.code}.{row.code}.{column.code}"
        for table in form.tables
        for row in table.rows
        for column in table.value_columns
    ]


def _has(indicator: Indicator, report: Dated) -> bool:
    return report[1] in indicator.forms


def _leaves(form: Form, terms: Iterable[str]) -> list[str]:
    found = []
    for term in terms:
        table, row, column = term.split(".")
        lines = next((one for one in form.tables if one.code == table), None)
        if lines is not None:
            found += [
                f"{table}.{one}.{across}"
                for one in _rows(lines, row)
                for across in _columns(lines, column)
            ]
    return found


def _rows(table: FormTable, row: str) -> list[str]:
    if row not in {one.code for one in table.rows}:
        return []
    group = any(one.code == row and one.kind == "group" for one in table.rows)
    return [leaf.code for leaf in table.leaves(row)] if group else [row]


def _columns(table: FormTable, column: str) -> list[str]:
    below = [
        one.code for one in table.columns if one.parent == column and one.kind in ("leaf", "total")
    ]
    return below or [one.code for one in table.columns if one.code == column]


def _spread(form: Form, cells: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The cells of a pair, a tuple for each column that `*` stands for."""
    found = []
    known = set(cells_of(form))
    table = form.table(cells[0].split(".")[0])
    starred = any(cell.endswith(".*") for cell in cells)
    for across in [one.code for one in table.value_columns] if starred else [""]:
        named = tuple(cell[:-1] + across if starred else cell for cell in cells)
        if unknown := set(named) - known:
            msg = f"crosswalk.toml: {form.id} has no cell {min(unknown)}"
            raise FormError(msg)
        found.append(named)
    return found
