"""A sound report in, the same at odds with its own area out: its agencies, its place."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from govreport_core.samples.chance import below, pick
from govreport_core.samples.draw import draw_history
from govreport_core.samples.faults import T3, T4, TOTAL, Setting
from govreport_core.samples.roster import agencies
from govreport_core.samples.sample import Agency, Key, Sample
from govreport_core.samples.trials.injected.scene import History, Scene, changed, faults, number
from govreport_core.samples.trials.injected.words import sentences

_MEMBERS = 3
_PEERS = 6
_DECIDED = ("t2_art20_5", "t2_art20_6")
PENALTIES: Key = ("t2_art20_6", "administrative_penalty", "decisions")
_PLACES = {"410481": ("宝丰县", "鲁山县"), "320813": ("盱眙县", "金湖县")}
"""Real divisions and others beside them, which lie neither above nor below."""
_PROVINCES = ("浙江省", "广东省", "内蒙古自治区", "重庆市")


def rollup(history: History, setting: Setting) -> Scene | None:
    """A government's figures are less than the sums of its agencies'."""
    summed = _summed(history, setting)
    if summed is None:
        return None
    own, first, *rest = summed
    more = 1 + below(setting.rng, 5)
    rows = ("requests_received", "granted_full", "disposed_total")
    added = {
        (T3, row, column): number(first, T3, row, column) + more
        for row in rows
        for column in ("natural_person", TOTAL)
    }
    subjects = [f"{T3}.{row}.{TOTAL}" for row in rows[::2]]
    own = msgspec.structs.replace(own, faults=faults("rollup", "h_rollup", subjects))
    return Scene(own, members=(changed(first, added, setting), *rest))


def rollup_decisions(history: History, setting: Setting) -> Scene | None:
    """A government's penalties are less than the sum of its agencies'."""
    summed = _summed(history, setting)
    if summed is None:
        return None
    own, first, *rest = summed
    more = {PENALTIES: number(first, *PENALTIES) + 1 + below(setting.rng, 5)}
    found = faults("rollup_decisions", "h_rollup_t2", [".".join(PENALTIES)])
    own = msgspec.structs.replace(own, faults=found)
    return Scene(own, members=(changed(first, more, setting), *rest))


def _summed(history: History, setting: Setting) -> tuple[Sample, ...] | None:
    """A government's report with the sums of its agencies' figures, and theirs."""
    own = history[-1]
    if own.agency.kind != "government":
        return None
    others = [a for a in agencies(20) if a.kind in ("bureau", "commission")][:_MEMBERS]
    members = tuple(_report(a, own.year, setting.seed, setting.years) for a in others)
    cells: dict[Key, float] = {
        key: sum(number(one, *key) for one in members)
        for key in own.numbers
        if key[0] in (T3, T4, *_DECIDED)
    }
    return (changed(own, cells, setting), *members)


def zero_among_peers(history: History, setting: Setting) -> Scene | None:
    """No penalty, where six agencies like it have hundreds."""
    own = history[-1]
    if own.agency.level != "county":
        return None
    peers = tuple(
        changed(own, {PENALTIES: 100.0 + below(setting.rng, 500)}, setting) for _ in range(_PEERS)
    )
    found = faults("zero_among_peers", "h_zero_among_peers", [".".join(PENALTIES)])
    own = changed(own, {PENALTIES: 0.0}, setting)
    return Scene(msgspec.structs.replace(own, faults=found), peers=peers)


def foreign_place(history: History, setting: Setting) -> Scene | None:
    """The prose speaks of a neighbour as of the agency's own place."""
    region, places = pick(setting.rng, list(_PLACES.items()))
    told = pick(setting.rng, sentences().foreign).format(place=pick(setting.rng, places))
    own = history[-1]
    *before, last = own.overview
    found = faults("foreign_place", "n_foreign_place", ["s1_overview"])
    own = msgspec.structs.replace(own, overview=(*before, last + told), faults=found)
    return Scene(own, region=region)


def forwarded(history: History, setting: Setting) -> Scene | None:
    """The prose says that another province's document was forwarded."""
    told = pick(setting.rng, sentences().forwarded).format(province=pick(setting.rng, _PROVINCES))
    own = history[-1]
    *before, last = own.overview
    found = faults("forwarded", "n_forwarded", ["s1_overview"])
    own = msgspec.structs.replace(own, overview=(*before, last + told), faults=found)
    return Scene(own, region=pick(setting.rng, list(_PLACES)))


@lru_cache(maxsize=256)
def _report(agency: Agency, year: int, seed: int, years: tuple[int, ...]) -> Sample:
    return next(s for s in draw_history(agency, years, seed=seed) if s.year == year)
