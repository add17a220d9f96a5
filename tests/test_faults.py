"""The checks on fictional reports: nothing at error level without a fault, and each fault found.

The big counts are printed by `python -m govreport_core.samples.trial --reports 5000 --each 200`.
"""

from __future__ import annotations

import pytest

from govreport_core.checks import catalogue
from govreport_core.samples.faults import KINDS
from govreport_core.samples.trial import clean_reports, faulty_reports, injected_faults

REPORTS = 120
EACH = 2


def test_clean_reports_fail_nothing():
    clean = clean_reports(REPORTS, seed=7)
    assert clean.reports == REPORTS
    assert clean.errors == 0
    assert clean.failures == {}


@pytest.mark.parametrize("kind", KINDS)
def test_each_fault_is_found_where_it_is(kind):
    (found,) = injected_faults(EACH, seed=11, kinds=[kind])
    assert found.reports == EACH
    assert found.missed == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_breaks_only_checks_of_the_catalogue(kind):
    case = next(faulty_reports(kind, seed=11))
    assert case.sample.faults
    assert {fault.check for fault in case.sample.faults} <= set(catalogue())
