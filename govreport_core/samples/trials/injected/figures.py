"""A sound report in, the same with figures that contradict each other out."""

from __future__ import annotations

from math import ceil

from govreport_core.forms import forms, within
from govreport_core.model import State
from govreport_core.samples.chance import below, pick
from govreport_core.samples.faults import (
    PERSONS,
    T3,
    T4,
    TOTAL,
    Setting,
    blamed,
    replaced,
    with_numbers,
)
from govreport_core.samples.layouts import SHOWS_BLANKS
from govreport_core.samples.sample import Key, Sample
from govreport_core.samples.trials.injected.scene import changed, number

DOCUMENTS = ("t2_art20_1", "normative_documents")
PROCUREMENT = ("t2_art20_9", "government_procurement")
ITEMS = {
    "administrative_licensing": "t2_art20_5",
    "administrative_penalty": "t2_art20_6",
    "administrative_compulsion": "t2_art20_6",
}
_BALANCED = (
    *("requests_received", "requests_carried_over"),
    *("disposed_total", "requests_carried_forward"),
)
_RULE_MAKERS = ("government", "government_office")


def total_lt_new(sample: Sample, setting: Setting) -> Sample | None:
    """More documents newly disclosed in the year than disclosed in all."""
    if sample.form != "form_2019":
        return None
    new = 1 + number(sample, *DOCUMENTS, "newly_disclosed_this_year")
    cells: dict[Key, float] = {
        (*DOCUMENTS, "newly_disclosed_this_year"): new,
        (*DOCUMENTS, "made_this_year"): max(new, number(sample, *DOCUMENTS, "made_this_year")),
        (*DOCUMENTS, "disclosed_total"): new - 1,
    }
    subject = ".".join((*DOCUMENTS, "*"))
    return blamed(
        changed(sample, cells, setting), "total_lt_new", ("t2_19_total_lt_new", [subject])
    )


def new_gt_made(sample: Sample, setting: Setting) -> Sample | None:
    """More documents disclosed than made in the year."""
    if sample.form != "form_2019":
        return None
    new = number(sample, *DOCUMENTS, "made_this_year") + 1 + below(setting.rng, 3)
    cells: dict[Key, float] = {
        (*DOCUMENTS, "newly_disclosed_this_year"): new,
        (*DOCUMENTS, "disclosed_total"): new + number(sample, *DOCUMENTS, "disclosed_total"),
    }
    subject = ".".join((*DOCUMENTS, "*"))
    return blamed(changed(sample, cells, setting), "new_gt_made", ("t2_19_new_gt_made", [subject]))


def items_negative(sample: Sample, setting: Setting) -> Sample | None:
    """More items struck off a list than stood on it."""
    row, table = pick(setting.rng, list(ITEMS.items()))
    items = number(sample, table, row, "items_prior_year")
    if sample.form != "form_2019" or not items:
        return None
    cells: dict[Key, float] = {(table, row, "items_change"): -items - 1 - below(setting.rng, 3)}
    subject = f"{table}.{row}.*"
    return blamed(
        changed(sample, cells, setting), "items_negative", ("t2_19_items_negative", [subject])
    )


def decisions_without_items(sample: Sample, setting: Setting) -> Sample | None:
    """Decisions on a list without items."""
    row, table = pick(setting.rng, list(ITEMS.items()))
    if sample.form != "form_2019" or not number(sample, table, row, "decisions"):
        return None
    cells: dict[Key, float] = {(table, row, c): 0.0 for c in ("items_prior_year", "items_change")}
    subject = f"{table}.{row}.decisions"
    return blamed(
        changed(sample, cells, setting),
        "decisions_without_items",
        ("t2_19_decisions_without_items", [subject]),
    )


def procurement_pair(sample: Sample, setting: Setting) -> Sample | None:
    """An amount spent on no project."""
    if not number(sample, *PROCUREMENT, "procurement_amount"):
        return None
    cells: dict[Key, float] = {(*PROCUREMENT, "procurement_projects"): 0.0}
    subject = ".".join((*PROCUREMENT, "*"))
    return blamed(
        changed(sample, cells, setting), "procurement_pair", ("t2_19_procurement_pair", [subject])
    )


def in_force_floor(sample: Sample, setting: Setting) -> Sample | None:
    """More documents issued than are in force or repealed."""
    if not within(sample.form, "form_2021.."):
        return None
    issued = number(sample, *DOCUMENTS, "in_force") + number(sample, *DOCUMENTS, "repealed")
    cells: dict[Key, float] = {(*DOCUMENTS, "issued"): issued + 1 + below(setting.rng, 3)}
    subject = ".".join((*DOCUMENTS, "*"))
    return blamed(
        changed(sample, cells, setting), "in_force_floor", ("t2_21_in_force_floor", [subject])
    )


def regulation_power(sample: Sample, setting: Setting) -> Sample | None:
    """A body without that power reports a regulation."""
    if sample.agency.kind in _RULE_MAKERS and sample.agency.level not in ("county", "township"):
        return None
    column = "in_force" if within(sample.form, "form_2021..") else "disclosed_total"
    cells: dict[Key, float] = {("t2_art20_1", "regulations", column): 1.0 + below(setting.rng, 3)}
    return blamed(
        changed(sample, cells, setting),
        "regulation_power",
        ("t2_regulation_power", ["t2_art20_1.regulations.*"]),
    )


def group_subtotal(sample: Sample, setting: Setting) -> Sample | None:
    """A subtotal row that the form doesn't have, and that isn't the sum of its rows."""
    group = pick(setting.rng, ("denied", "unable_to_provide", "not_processed"))
    table = forms()[sample.form].table(T3)
    leaves = [row.code for row in table.leaves(group)]
    cells: dict[Key, float] = {
        (T3, group, column): sum(number(sample, T3, leaf, column) for leaf in leaves)
        for column in (*PERSONS, TOTAL)
    }
    # Where labels and figures stand apart a row more can't be placed.
    if not cells[(T3, group, TOTAL)] or setting.layout not in ("cells", "tabs"):
        return None
    cells[(T3, group, TOTAL)] += 1 + below(setting.rng, 3)
    return blamed(
        with_numbers(sample, cells),
        "group_subtotal",
        ("t3_group_subtotal", [f"{T3}.{group}.{TOTAL}"]),
        ("t3_row_total", [f"{T3}.{group}.*"]),
    )


def total_blank(sample: Sample, setting: Setting) -> Sample | None:
    """A row's total is left blank."""
    if setting.layout not in SHOWS_BLANKS:
        return None
    row = pick(setting.rng, ("granted_full", "unable_not_held", "requests_received"))
    if not number(sample, T3, row, TOTAL):
        return None
    sample = replaced(sample, [(T3, row, TOTAL)], "", State.BLANK)
    # Beside printed ones a blank counts as 0, so the sum it enters no longer holds.
    spoilt = "t3_balance" if row == "requests_received" else "t3_disposed_total"
    return blamed(
        sample,
        "total_blank",
        ("t3_total_blank", [T3]),
        ("s_blank_cells", [T3]),
        (spoilt, [f"{T3}.*.{TOTAL}"]),
    )


def carried_share(sample: Sample, setting: Setting) -> Sample | None:
    """More than a quarter of what was due is carried forward."""
    due = sum(
        number(sample, T3, row, TOTAL) for row in ("requests_received", "requests_carried_over")
    )
    forward = number(sample, T3, "requests_carried_forward", TOTAL)
    more = max(ceil((0.25 * due - forward) / 0.75) + 2 + below(setting.rng, 3), 20 - int(due))
    cells: dict[Key, float] = {
        (T3, row, column): number(sample, T3, row, column) + more
        for row in ("requests_received", "requests_carried_forward")
        for column in ("natural_person", TOTAL)
    }
    return blamed(
        changed(sample, cells, setting),
        "carried_share",
        ("t3_carried_share", [f"{T3}.requests_carried_forward.{TOTAL}"]),
    )


def row_shift(sample: Sample, setting: Setting) -> Sample | None:
    """What persons asked for is typed a column too far, in one row."""
    row = pick(setting.rng, ("requests_received", "requests_carried_over"))
    asked = number(sample, T3, row, PERSONS[0])
    if not asked or any(number(sample, T3, row, column) for column in PERSONS[1:]):
        return None
    # Another row that as well could be the one typed wrong, and nobody can say which.
    others = [r for r in _BALANCED if r != row]
    if any(number(sample, T3, other, PERSONS[0]) == asked for other in others):
        return None
    cells: dict[Key, float] = {(T3, row, PERSONS[0]): 0.0, (T3, row, PERSONS[1]): asked}
    return blamed(
        with_numbers(sample, cells),
        "row_shift",
        ("t3_row_shift", [f"{T3}.{row}.*"]),
        ("t3_balance", [f"{T3}.*.{column}" for column in PERSONS[:2]]),
    )


def direct_since_2024(sample: Sample, setting: Setting) -> Sample | None:
    """Suits without review where review comes first."""
    if sample.year < 2024 or not number(sample, T3, "requests_received", TOTAL):
        return None
    cells: dict[Key, float] = {
        (T4, "cases", "litigation_direct_upheld"): 1.0,
        (T4, "cases", "litigation_direct_total"): 1.0,
    }
    return blamed(
        changed(sample, cells, setting),
        "direct_since_2024",
        ("t4_direct_since_2024", [f"{T4}.cases.litigation_direct_total"]),
    )
