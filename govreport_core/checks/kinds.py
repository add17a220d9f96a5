"""The registry of the kinds of rule: each record with the function that carries it out.

A kind and its function stand side by side in the module of their family. A kind
says which words its sentences may use and which cases its failures come in, so
that a template no result could fill is refused on loading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Union

import polars as pl

from govreport_core.checks import (
    captures,
    compare,
    dated,
    entries,
    growth,
    hierarchy,
    histories,
    leftovers,
    likeness,
    peers,
    places,
    prose,
    publication,
    sections,
    shift,
    structure,
    sums,
    tables,
    text,
    years,
)
from govreport_core.checks.base import RuleKind
from govreport_core.checks.facts import Facts

Frames = Mapping[str, pl.DataFrame]

OF_REPORTS: dict[type[RuleKind], Callable[[Any, Facts], Iterator[pl.LazyFrame]]] = {
    sums.Balance: sums.balance,
    sums.Total: sums.total,
    structure.Title: structure.title,
    structure.FormOfYear: structure.form_of_year,
    sections.SectionsPresent: sections.sections_present,
    sections.SectionOrder: sections.section_order,
    tables.TablesPresent: tables.tables_present,
    tables.RowsPresent: tables.rows_present,
    entries.ExtraCells: entries.extra_cells,
    entries.NoneInState: entries.none_in_state,
    entries.Entries: entries.entries,
    entries.Unit: entries.unit,
    prose.ClaimEqual: prose.claim_equal,
    prose.ClaimPresence: prose.claim_presence,
    compare.AtLeast: compare.at_least,
    compare.Needs: compare.needs,
    compare.BothOrNeither: compare.both_or_neither,
    compare.ShareAtMost: compare.share_at_most,
    compare.NoneSince: compare.none_since,
    compare.TotalPrinted: compare.total_printed,
    sums.Subtotal: sums.subtotal,
    compare.RowNeedsKind: compare.row_needs_kind,
    years.Chain: years.chain,
    years.Follows: years.follows,
    years.Backed: years.backed,
    histories.Jump: histories.jump,
    histories.Identical: histories.identical,
    publication.Deadline: publication.deadline,
    captures.Versions: captures.versions,
    prose.ClaimAgrees: prose.claim_agrees,
    text.Mentions: text.mentions,
    text.Length: text.length,
    text.Problems: text.problems,
    dated.StaleYear: dated.stale_year,
    dated.OldPlan: dated.old_plan,
    dated.Period: dated.period,
    sections.PartsListed: sections.parts_listed,
    shift.Shift: shift.shift,
    histories.FormBreak: histories.form_break,
    publication.InColumn: publication.in_column,
    publication.Download: publication.download,
    text.Declares: text.declares,
    places.ForeignPlace: places.foreign_place,
    leftovers.Leftovers: leftovers.leftovers,
    leftovers.Forwarded: leftovers.forwarded,
    growth.Growth: growth.growth,
    likeness.Generic: likeness.generic,
}
"""The kinds about single reports, from the facts of one form."""

Beyond = Mapping[
    type[RuleKind], tuple[str, Callable[[Any, Frames, pl.DataFrame], Iterator[pl.LazyFrame]]]
]
"""Kinds that look beyond single reports, with the table without which they have no results."""

OF_AGENCIES: Beyond = {
    publication.ImageOnly: ("documents", publication.with_text),
    publication.Collected: ("coverage", publication.collected),
    publication.Gap: ("reports", publication.gap),
}
"""What is said of an agency by its own reports, its row of the roster and its coverage alone."""

OF_THE_WHOLE: Beyond = {
    publication.ImageOnly: ("documents", publication.image_only),
    hierarchy.Rollup: ("agencies", hierarchy.rollup),
    peers.ZeroAmong: ("values", peers.zero_among),
    likeness.Repeats: ("repeats", likeness.repeats),
}
"""What is said by the dataset as a whole."""

FORMLESS: dict[type[RuleKind], Callable[[Any, pl.LazyFrame], pl.LazyFrame]] = {
    tables.TablesPresent: tables.no_tables,
}
"""The kinds that can judge a report whose form isn't known too, by its diagnostics."""

ACROSS: frozenset[type[RuleKind]] = frozenset(
    {
        *(years.Chain, years.Follows, years.Backed),
        *(histories.Jump, histories.Identical, histories.FormBreak),
        *(publication.Deadline, captures.Versions, growth.Growth),
    }
)
"""The kinds about single reports that look at an agency's other ones too."""

OF_ONE: frozenset[type[RuleKind]] = frozenset(OF_REPORTS) - ACROSS
"""The kinds that need nothing but the report itself."""

if TYPE_CHECKING:
    AnyKind = RuleKind
else:
    AnyKind = Union[(*OF_REPORTS, *dict.fromkeys((*OF_AGENCIES, *OF_THE_WHOLE)))]
