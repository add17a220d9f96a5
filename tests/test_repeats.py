"""The samples' texts: those that repeat others are what their answers say, the rest are unlike."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations, pairwise

from rapidfuzz.fuzz import ratio

from govreport_core.samples import LAYOUTS, agencies, draw_history
from govreport_core.samples.pools import places, prose
from govreport_core.samples.prose import themes_of
from govreport_core.samples.repeats import KINDS, report_id
from govreport_core.samples.sample import Sample
from govreport_core.samples.write import plan

YEARS = range(2019, 2025)
NAMES = sorted({p.self for p in places().profiles.values()}, key=len, reverse=True)


def written(*, faults: bool = True) -> dict[str, Sample]:
    (batch,) = plan(agencies(20), YEARS, tuple(LAYOUTS), faults=faults)
    return {report_id(one.sample): one.sample for one in batch[0]}


SAMPLES = written()


def sentences(sample: Sample) -> list[str]:
    """Those of section five, without names, years, and marks of order."""
    text = re.sub(r"\d+", "", "。".join(sample.problems))
    text = re.sub("|".join(NAMES), "", text)
    return [re.sub(r"^[一二三四]是", "", one) for one in re.split("[。；]", text) if one]


def shared(one: Sample, other: Sample) -> float:
    """The share of one's section five that has a near-equal sentence in the other's."""
    said, others = sentences(one), sentences(other)
    again = sum(len(s) for s in said if any(ratio(s, o) >= 90 for o in others))
    return again / sum(map(len, said))


def test_each_kind_of_repetition_is_there() -> None:
    told = [s.retelling for s in SAMPLES.values()]
    copied = {r.copied_from: s for r, s in zip(told, SAMPLES.values(), strict=True)}
    own = [s for source, s in copied.items() if source and s.agency.agency_id in source]
    assert len(own) >= 2
    assert len([source for source in copied if source]) - len(own) >= 2
    kept = Counter(promise.kept for r in told for promise in r.promises)
    assert kept[True] >= 2
    assert kept[False] >= 2
    assert sum(r.three_years is not None for r in told) >= 2
    assert len(KINDS) == 5


def test_a_copy_says_what_its_source_says_but_for_names_years_and_figures() -> None:
    copies = [s for s in SAMPLES.values() if s.retelling.copied_from]
    for copy in copies:
        source = SAMPLES[copy.retelling.copied_from or ""]
        assert copy.problems != source.problems or copy.year == source.year
        assert shared(copy, source) == 1.0
        assert str(source.year - 1) not in "".join(copy.problems)


def test_a_broken_promise_names_its_problem_again_and_a_kept_one_none_of_its_theme() -> None:
    checked = 0
    for sample in SAMPLES.values():
        for promise in sample.retelling.promises:
            before = SAMPLES[promise.report_id]
            assert before.year == sample.year - 1
            assert promise.topic in before.topics
            assert (promise.theme in themes_of(sample.topics)) != promise.kept
            checked += 1
    assert checked > 4


def test_a_problem_of_three_years_stands_in_all_of_them() -> None:
    for sample in SAMPLES.values():
        theme = sample.retelling.three_years
        if theme is not None:
            ids = [f"{sample.agency.agency_id}-{sample.year - back}" for back in range(3)]
            assert all(theme in themes_of(SAMPLES[one].topics) for one in ids)


def test_a_report_that_repeats_others_has_no_fault() -> None:
    told = [s for s in SAMPLES.values() if s.retelling.copied_from or s.retelling.promises]
    assert told
    assert not any(s.faults for s in told)
    assert all(s.retelling == type(s.retelling)() for s in written(faults=False).values())


def test_texts_that_copy_nothing_are_unlike() -> None:
    histories = [list(draw_history(agency, YEARS)) for agency in agencies(20)]
    assert max(shared(b, a) for h in histories for a, b in pairwise(h)) < 0.5
    all_of_them = [s for h in histories for s in h]
    assert max(shared(a, b) for a, b in combinations(all_of_them, 2)) < 0.6


def test_every_topic_stands_under_a_theme_or_none() -> None:
    without = [topic.code for topic in prose().problems.topics if not topic.theme]
    assert without == ["data", "archives"]
