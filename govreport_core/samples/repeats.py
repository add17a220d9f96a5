"""An agency's sound reports in, the same with texts that repeat, keep or break a promise out.

Each kind is one function and one line in `KINDS`: it is given reports of consecutive
years and the other agencies', and hands back those that it changed; None where it
doesn't suit them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import msgspec

from govreport_core.samples.chance import pick
from govreport_core.samples.draw import retold
from govreport_core.samples.pools import Topic, prose
from govreport_core.samples.prose import themes_of
from govreport_core.samples.sample import Promise, Retelling, Sample, Wording

Run = Sequence[Sample]
"""Sound reports of one agency, of years that follow each other, oldest first."""


class Around(msgspec.Struct, frozen=True):
    """What a kind may draw from beside the agency's own reports: `others`, of the last year."""

    others: Run
    rng: Random
    seed: int


def _copied_own(run: Run, around: Around) -> tuple[Sample, ...] | None:
    """Sections one and five are last year's, with years and figures brought up to date."""
    return (_copy(run[-1], run[-2], around),)


def _copied_other(run: Run, around: Around) -> tuple[Sample, ...] | None:
    """Sections one and five are another agency's of the same year, under the own name."""
    if not around.others:
        return None
    return (_copy(run[-1], pick(around.rng, around.others), around),)


def _promise_broken(run: Run, around: Around) -> tuple[Sample, ...] | None:
    """A problem against which last year's report promised a measure is named again."""
    before, now = run[-2:]
    topic = _topic(before, around)
    if topic is None:
        return None
    now = _named(now, (topic.code,), around)
    promise = Promise(topic.code, topic.theme, report_id(before), kept=False)
    return (_retelling(now, Retelling(promises=(promise,))),)


def _promise_kept(run: Run, around: Around) -> tuple[Sample, ...] | None:
    """No problem of a theme against which last year's report promised a measure is named."""
    before, now = run[-2:]
    topics = {t.code: t for t in prose().problems.topics}
    promised = [topics[code] for code in before.topics if topics[code].theme]
    wording = Wording(unnamed=themes_of(before.topics))
    now = _told(now, wording, around)
    kept = tuple(Promise(t.code, t.theme, report_id(before), kept=True) for t in promised)
    return (_retelling(now, Retelling(promises=kept)),) if kept else None


def _three_years(run: Run, around: Around) -> tuple[Sample, ...] | None:
    """The same problem is named in three years, and a measure promised against it in each."""
    first, *later = run[-3:]
    topic = _topic(first, around)
    if topic is None or len(later) < 2:
        return None
    told = [_named(one, (topic.code,), around) for one in later]
    found: list[Sample] = []
    for before, now in zip((first, *told), told, strict=False):
        promise = Promise(topic.code, topic.theme, report_id(before), kept=False)
        third = topic.theme if before is not first else None
        found.append(_retelling(now, Retelling(promises=(promise,), three_years=third)))
    return tuple(found)


KINDS: dict[str, tuple[int, Callable[[Run, Around], tuple[Sample, ...] | None]]] = {
    "three_years": (3, _three_years),
    "copied_own": (2, _copied_own),
    "copied_other": (1, _copied_other),
    "promise_broken": (2, _promise_broken),
    "promise_kept": (2, _promise_kept),
}
"""All kinds, with how many years running each needs."""


def report_id(sample: Sample) -> str:
    """As the dataset has it."""
    return f"{sample.agency.agency_id}-{sample.year}"


def _copy(now: Sample, source: Sample, around: Around) -> Sample:
    told = _told(now, Wording(source.agency, source.year), around)
    return _retelling(told, Retelling(copied_from=report_id(source)))


def _named(sample: Sample, topics: tuple[str, ...], around: Around) -> Sample:
    return _told(sample, Wording(named=topics), around)


def _told(sample: Sample, wording: Wording, around: Around) -> Sample:
    changed = msgspec.structs.replace(sample, wording=wording)
    return retold(changed, changed.numbers, seed=around.seed)


def _retelling(sample: Sample, what: Retelling) -> Sample:
    return msgspec.structs.replace(sample, retelling=what)


def _topic(sample: Sample, around: Around) -> Topic | None:
    """One of the topics of the report's problems that stands under a theme."""
    topics = {t.code: t for t in prose().problems.topics}
    filed = [topics[code] for code in sample.topics if topics[code].theme]
    return pick(around.rng, filed) if filed else None
