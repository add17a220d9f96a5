"""The checks on fictional reports: nothing fails without a fault, and each fault is found.

The big counts are printed by `python -m govreport_core.samples.trials.trial`; what it
last measured is `govreport_core/samples/trials/trial.json`.
"""

from __future__ import annotations

from itertools import islice

import msgspec
import pytest

from govreport_core.checks import catalogue
from govreport_core.measured import measured
from govreport_core.samples.faults import KINDS as IN_FOLDERS
from govreport_core.samples.trials.injected import KINDS
from govreport_core.samples.trials.judging import Result, judge
from govreport_core.samples.trials.trial import (
    clean_reports,
    faulty_reports,
    injected_faults,
    is_prose,
    measure,
)

pytestmark = pytest.mark.slow

REPORTS = 120
EACH = 2
NOT_INJECTED = {"p_deadline_old": "the samples fill no form of 2014"}
"""Rules without a kind of fault, and why."""


def test_clean_reports_fail_nothing_not_even_a_hint():
    clean = clean_reports(REPORTS, seed=7)
    assert clean.reports == REPORTS
    assert clean.of("error") == 0
    assert clean.failures == {}


@pytest.fixture(scope="module")
def all_found():
    return {one.kind: one for one in injected_faults(EACH, seed=11)}


@pytest.mark.parametrize("kind", KINDS)
def test_each_fault_is_found_where_it_is_and_nothing_else(all_found, kind):
    found = all_found[kind]
    assert found.reports == EACH
    assert found.missed == ()
    assert found.beyond == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_breaks_only_checks_of_the_catalogue(kind):
    scene = next(faulty_reports(kind, seed=11)).scene
    blamed = {fault.check for fault in (*scene.sample.faults, *scene.skips)}
    assert blamed
    assert blamed <= set(catalogue())
    assert scene.follows <= set(catalogue())
    assert {fault.kind for fault in (*scene.sample.faults, *scene.skips)} == {kind}


def test_every_rule_is_tried_by_some_fault():
    tried = {
        fault.check
        for kind in KINDS
        for case in islice(faulty_reports(kind, seed=11), 8)
        for fault in (*case.sample.faults, *case.scene.skips)
    }
    assert set(catalogue()) - tried == set(NOT_INJECTED)


def test_the_published_figures_are_of_these_kinds_and_rules():
    published = measured()
    assert [one.kind for one in published.kinds] == list(KINDS)
    tried = {one.kind: set() for one in published.kinds}
    for kind in KINDS:
        for case in islice(faulty_reports(kind, seed=published.seed), 8):
            tried[kind] |= {f.check for f in (*case.sample.faults, *case.scene.skips)}
    for one in published.kinds:
        assert tried[one.kind] <= set(one.checks) <= set(catalogue()), one.kind
        assert one.prose == is_prose(one.checks), one.kind


def test_the_published_figures_hold_what_is_promised():
    published = measured()
    assert published.clean >= 5000
    assert published.failures == {"error": 0, "warning": 0, "info": 0}
    for one in published.kinds:
        assert one.reports >= 200, one.kind
        assert one.found >= (0.98 if one.prose else 1.0) * one.reports, one.kind
        assert one.beyond == {}, one.kind


def test_a_small_run_is_written_as_it_is_read():
    trial, found = measure(12, 1, seed=3)
    assert trial.clean == 12
    assert [one.kind for one in found] == [one.kind for one in trial.kinds] == list(KINDS)
    assert msgspec.json.decode(trial.written(), type=type(trial)) == trial


def test_a_fault_that_isnt_there_is_missed(monkeypatch):
    """The trial itself: a kind that says it broke something and didn't is told."""
    sound = KINDS["balance"]

    def harmless(history, setting):
        scene = sound(history, setting)
        if scene is None:
            return None
        untouched = msgspec.structs.replace(history[-1], faults=scene.sample.faults)
        return msgspec.structs.replace(scene, sample=untouched)

    monkeypatch.setitem(KINDS, "balance", harmless)
    (found,) = injected_faults(2, seed=11, kinds=["balance"])
    assert found.found == 0
    assert len(found.missed) == 2


def test_folders_have_no_kind_of_their_own():
    assert list(KINDS)[: len(IN_FOLDERS)] == list(IN_FOLDERS)


def test_results_are_of_the_cases_own_reports():
    cases = list(islice(faulty_reports("carry_broken", seed=11), 2))
    results = list(judge(cases))
    assert {result.agency_id for result in results} == {case.agency_id for case in cases}
    assert all(isinstance(result, Result) for result in results)
    # The year before is judged too, and its results aren't the case's.
    titles = [r for r in results if r.check == "s_title_missing"]
    assert len(titles) == len(cases)
