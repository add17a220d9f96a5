"""A sound report in, the same with another's text, or with one about everybody, out."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from govreport_core.samples.chance import pick
from govreport_core.samples.draw import draw_history
from govreport_core.samples.faults import Setting
from govreport_core.samples.repeats import KINDS, Around
from govreport_core.samples.roster import agencies
from govreport_core.samples.sample import Agency, Sample
from govreport_core.samples.trials.injected.scene import History, Scene, faults
from govreport_core.samples.trials.injected.words import sentences

_LEAST = 260  # characters of section five that are enough to be compared


def copied_own(history: History, setting: Setting) -> Scene | None:
    """Sections one and five are those of the year before."""
    if len(history) < 2:
        return None
    return _copied("copied_own", "n_similar_prev_year", history, setting)


def copied_other(history: History, setting: Setting) -> Scene | None:
    """Sections one and five are another agency's of that year."""
    own = history[-1]
    others = [agency for agency in agencies(20) if agency.agency_id != own.agency.agency_id]
    source = _report(pick(setting.rng, others), own.year, setting.seed, setting.years)
    return _copied("copied_other", "n_similar_other", (own,), setting, source)


def _copied(
    kind: str, check: str, history: History, setting: Setting, *others: Sample
) -> Scene | None:
    told = KINDS[kind][1](history, Around(others, setting.rng, setting.seed))
    if told is None or len("".join(told[-1].problems)) < _LEAST:
        return None
    found = faults(kind, check, ["s5_problems"])
    own = msgspec.structs.replace(told[-1], faults=found)
    return Scene(own, before=history[-2:-1], peers=others, compared=True)


def generic(sample: Sample, setting: Setting) -> Sample | None:
    """Sections one and five speak of all places, and of none."""
    if sample.agency.kind == "government":
        return None  # it would have to tell of its assessment too
    return msgspec.structs.replace(
        sample,
        overview=(pick(setting.rng, sentences().generic),),
        problems=(pick(setting.rng, sentences().generic_problems),),
        faults=faults("generic", "n_generic", ["report"]),
    )


@lru_cache(maxsize=256)
def _report(agency: Agency, year: int, seed: int, years: tuple[int, ...]) -> Sample:
    return next(s for s in draw_history(agency, years, seed=seed) if s.year == year)
