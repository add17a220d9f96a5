"""An agency's reports in, the last with a figure that doesn't follow from the year before out."""

from __future__ import annotations

import msgspec

from govreport_core.forms import within
from govreport_core.samples.chance import below, pick
from govreport_core.samples.draw import retold
from govreport_core.samples.faults import PERSONS, T3, T4, TOTAL, Setting
from govreport_core.samples.sample import Fault, Key, Sample
from govreport_core.samples.trials.injected.figures import DOCUMENTS, ITEMS
from govreport_core.samples.trials.injected.scene import History, Scene, changed, faults, number
from govreport_core.samples.trials.injected.words import sentences

_CHAINS = frozenset(
    {"x_carry", "x_in_force", "x_19_items", "x_19_total", "x_form_break", "t4_pending_drop"}
)


def carry_broken(history: History, setting: Setting) -> Scene | None:
    """More carried over than the year before carried forward."""
    if len(history) < 2:
        return None
    column = pick(setting.rng, PERSONS)
    more = 1 + below(setting.rng, 4)
    rows = ("requests_carried_over", "granted_full", "disposed_total")
    cells: dict[Key, float] = {
        (T3, row, where): number(history[-1], T3, row, where) + more
        for row in rows
        for where in (column, TOTAL)
    }
    subjects = [f"{T3}.requests_carried_over.{where}" for where in (column, TOTAL)]
    return _scene(history, cells, setting, faults("carry_broken", "x_carry", subjects))


def in_force_broken(history: History, setting: Setting) -> Scene | None:
    """Documents in force that neither stood before nor were issued."""
    if len(history) < 2 or not within(history[-2].form, "form_2021.."):
        return None
    key: Key = (*DOCUMENTS, "in_force")
    cells = {key: number(history[-1], *key) + 1 + below(setting.rng, 5)}
    return _scene(history, cells, setting, faults("in_force_broken", "x_in_force", [".".join(key)]))


def items_broken(history: History, setting: Setting) -> Scene | None:
    """A list starts with other items than it ended with."""
    row, table = pick(setting.rng, list(ITEMS.items()))
    key: Key = (table, row, "items_prior_year")
    if len(history) < 2 or history[-1].form != "form_2019" or not number(history[-1], *key):
        return None
    cells = {key: number(history[-1], *key) + 1 + below(setting.rng, 5)}
    return _scene(history, cells, setting, faults("items_broken", "x_19_items", [".".join(key)]))


def total_broken(history: History, setting: Setting) -> Scene | None:
    """More documents disclosed in all than the year added."""
    if len(history) < 2 or history[-1].form != "form_2019":
        return None
    key: Key = (*DOCUMENTS, "disclosed_total")
    cells = {key: number(history[-1], *key) + 1 + below(setting.rng, 5)}
    return _scene(history, cells, setting, faults("total_broken", "x_19_total", [".".join(key)]))


def form_break(history: History, setting: Setting) -> Scene | None:
    """The new form's documents in force continue the old form's documents disclosed."""
    if len(history) < 2 or history[-2].form != "form_2019":
        return None
    if not within(history[-1].form, "form_2021.."):
        return None
    key: Key = (*DOCUMENTS, "in_force")
    own = history[-1]
    total = number(history[-2], *DOCUMENTS, "disclosed_total")
    in_force = total + number(own, *DOCUMENTS, "issued") - number(own, *DOCUMENTS, "repealed")
    if in_force < 10:
        return None
    found = faults("form_break", "x_form_break", [".".join(key)])
    return _scene(history, {key: in_force}, setting, found)


def year_gap(history: History, _: Setting) -> Scene | None:
    """The report of the year before was looked for in vain, an older one is there."""
    if len(history) < 3:
        return None
    found = faults("year_gap", "x_year_gap", ["report"])
    return Scene(_with(history[-1], found), before=history[-3:-2], sought=history[-2].year)


def jump(history: History, setting: Setting) -> Scene | None:
    """Many times the decisions of the year before."""
    if len(history) < 2:
        return None
    row, table = pick(setting.rng, list(ITEMS.items()))
    key: Key = (table, row, "decisions")
    if not number(history[-1], *key):
        return None
    last = number(history[-2], *key)
    cells = {key: 6 * last + 20 + below(setting.rng, 50)}
    return _scene(history, cells, setting, faults("jump", "x_jump", [".".join(key)]))


def unit_suspect(history: History, setting: Setting) -> Scene | None:
    """An amount in 元 where the year before had 万元."""
    key: Key = ("t2_art20_8", "administrative_fees", "fee_amount")
    if len(history) < 2 or not number(history[-2], *key):
        return None
    cells = {key: round(number(history[-2], *key) * (9_000 + below(setting.rng, 2_000)), 2)}
    return _scene(
        history, cells, setting, faults("unit_suspect", "s_unit_suspect", [".".join(key)])
    )


def tables_identical(history: History, setting: Setting) -> Scene | None:
    """All figures are those of the year before; what should follow from it no longer does."""
    if len(history) < 2 or history[-2].form != history[-1].form:
        return None
    last = history[-2]
    if sum(bool(n) for n in last.numbers.values()) < 3:
        return None
    own = msgspec.structs.replace(
        history[-1],
        numbers=last.numbers,
        printed=last.printed,
        money_in_header=last.money_in_header,
    )
    own = retold(own, own.numbers, seed=setting.seed)
    found = faults("tables_identical", "x_tables_identical", ["report"])
    follows = _CHAINS | {"t4_direct_since_2024", "t4_after_review_gt_review"}
    return Scene(_with(own, found), before=(last,), follows=follows)


def pending_drop(history: History, setting: Setting) -> Scene | None:
    """Fewer reviews than were open at the end of the year before."""
    if len(history) < 2 or not number(history[-2], T3, "requests_received", TOTAL):
        return None
    open_: dict[Key, float] = {
        (T4, "cases", "review_pending"): 2.0,
        (T4, "cases", "review_total"): 2.0,
    }
    before = changed(history[-2], _no_cases(history[-2]) | open_, setting)
    found = faults("pending_drop", "t4_pending_drop", [f"{T4}.cases.review_total"])
    return _scene((before, history[-1]), _no_cases(history[-1]), setting, found)


def cases_without_requests(history: History, setting: Setting) -> Scene | None:
    """A review, though no request came in this year or the one before."""
    if len(history) < 2:
        return None
    nothing: list[dict[Key, float]] = [
        {key: 0.0 for key in one.numbers if key[0] in (T3, T4)} for one in history[-2:]
    ]
    before = changed(history[-2], nothing[0], setting)
    case: dict[Key, float] = {
        (T4, "cases", "review_upheld"): 1.0,
        (T4, "cases", "review_total"): 1.0,
    }
    found = faults("cases_without_requests", "t4_cases_without_requests", [T4])
    return _scene((before, history[-1]), nothing[1] | case, setting, found)


def after_review_gt_review(history: History, setting: Setting) -> Scene | None:
    """Suits after review, though nothing was reviewed in either year."""
    requests = [number(one, T3, "requests_received", TOTAL) for one in history[-2:]]
    if len(history) < 2 or not all(requests):
        return None
    before = changed(history[-2], _no_cases(history[-2]), setting)
    suits: dict[Key, float] = {
        (T4, "cases", "litigation_after_review_upheld"): 2.0,
        (T4, "cases", "litigation_after_review_total"): 2.0,
    }
    subject = f"{T4}.cases.litigation_after_review_total"
    found = faults("after_review_gt_review", "t4_after_review_gt_review", [subject])
    return _scene((before, history[-1]), _no_cases(history[-1]) | suits, setting, found)


def growth(history: History, setting: Setting) -> Scene | None:
    """The prose tells a rate of growth that the two years' requests don't make."""
    if len(history) < 2:
        return None
    last, this = (number(one, T3, "requests_received", TOTAL) for one in history[-2:])
    if not last or not this:
        return None
    rate = round(100 * (this - last) / last, 1) + 3 + below(setting.rng, 40)
    told = pick(setting.rng, sentences().growth).format(
        year=history[-1].year,
        received=int(this),
        way="增长" if rate >= 0 else "下降",
        rate=round(abs(rate), 1),
    )
    *before, end = history[-1].overview
    own = msgspec.structs.replace(history[-1], overview=(*before, end, told))
    return Scene(_with(own, faults("growth", "x_growth", ["report"])), before=(history[-2],))


def _no_cases(sample: Sample) -> dict[Key, float]:
    return {key: 0.0 for key in sample.numbers if key[0] == T4}


def _scene(
    history: History, cells: dict[Key, float], setting: Setting, found: tuple[Fault, ...]
) -> Scene:
    own = changed(history[-1], cells, setting)
    return Scene(_with(own, found), before=(history[-2],))


def _with(sample: Sample, found: tuple[Fault, ...]) -> Sample:
    return msgspec.structs.replace(sample, faults=found)
