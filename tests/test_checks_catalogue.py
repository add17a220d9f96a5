"""The catalogue is that of the specification, with what was added since: codes, severities …"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govreport_core.checks import catalogue

ADDED = {
    *("n_plan_own_year", "n_forwarded", "n_leftovers", "x_growth"),
    *("h_rollup_t2", "h_zero_among_peers"),
}
"""What supervisors ask for beyond the specification."""
MILDER = {
    "n_period": "warning",
    "n_section5_empty": "warning",
    "n_similar_prev_year": "info",
    "n_similar_other": "info",
}
"""Prose is an error only where a report states its total in so many words: see the design.

What is said alike is no fault at all.
"""


@pytest.mark.corpus
def test_every_rule_of_the_specification_is_there(corpus: Path) -> None:
    listed = json.loads((corpus.parent / "spec" / "checks.json").read_text(encoding="utf-8"))
    wanted = {
        rule["code"]: (
            MILDER.get(rule["code"], rule["severity"]),
            tuple(rule["forms"]),
            rule["group"],
        )
        for rule in listed
    }
    assert {
        code: (rule.severity, rule.forms, rule.group)
        for code, rule in catalogue().items()
        if code not in ADDED
    } == wanted


@pytest.mark.parametrize("code", catalogue())
def test_a_rule_has_an_example_and_a_source_in_both_languages(code: str) -> None:
    rule = catalogue()[code]
    assert rule.source
    assert rule.formula
    assert "例：" in rule.zh.exceptions
    assert "Example: " in rule.en.exceptions
