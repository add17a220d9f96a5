"""Indicators of a group of agencies: sums over sums; what is not known is left out and counted."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from filled import T3, Filled

from govreport_core.checks import catalogue as rules
from govreport_core.coverage import statuses
from govreport_core.errors import RuleError
from govreport_core.indicators import (
    aggregate_groups,
    catalogue,
    evaluate,
    evaluate_groups,
    groups,
    reason_words,
)
from govreport_core.indicators.grouped import Consistent, Covered, parse_groups
from govreport_core.schemas import frame

pytestmark = pytest.mark.slow

ALL = "applicant_total"


def report(agency: str, year: int, received: float | None) -> Filled:
    made = Filled(document_id=f"{agency}-{year}", agency_id=agency, year=year)
    if received is None:
        made.leave(T3, "requests_received", ALL, "unreadable")
    else:
        made.put(T3, "requests_received", ALL, received)
    return made


def told(
    *reports: Filled,
    checks: list[dict[str, Any]] | None = None,
    coverage: list[dict[str, Any]] | None = None,
) -> pl.DataFrame:
    every = [one.frames() for one in reports] or [Filled().frames()]
    values = pl.concat(one["values"] for one in every)
    listed = pl.concat(one["reports"] for one in every)
    if not reports:
        values, listed = values.clear(), listed.clear()
    return evaluate_groups(
        evaluate(values, listed),
        listed,
        frame("checks", checks or []),
        frame("coverage", coverage or []),
    )


def summed(found: pl.DataFrame, indicator: str, by: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
    rows = aggregate_groups(found, by).filter(indicator=indicator)
    return rows.select(*by, "value", "numerator", "denominator", "n", "left_out", "reason").rows()


def test_agencies_without_requests_are_a_share_of_those_whose_number_is_known():
    found = told(report("a", 2021, 0), report("b", 2021, 4), report("c", 2021, None))
    assert summed(found, "zero_request_share") == [(0.5, 1.0, 2.0, 2, 1, None)]


def test_nothing_known_is_null_and_never_zero():
    found = told(report("a", 2021, None))
    assert summed(found, "zero_request_share") == [(None, None, None, 0, 1, "none_known")]


def covered(agency: str, status: str, **more: Any) -> dict[str, Any]:
    there = status in ("on_time", "late", "published")
    return {
        "agency_id": agency,
        "year": 2021,
        "status": status,
        "required": status != "not_required",
        "due": dt.date(2022, 1, 31),
        "document_id": f"{agency}-2021" if there else None,
    } | more


def test_in_time_counts_those_looked_for_in_vain_and_leaves_out_what_isnt_known():
    coverage = [
        covered("a", "on_time"),
        covered("b", "late"),
        covered("c", "not_found"),
        covered("d", "on_time"),
        covered("e", "not_collected"),
        covered("f", "published"),
        covered("g", "not_required"),
        covered("h", "on_time", required=None),
        # a township: no law sets it a day
        covered("i", "not_found", due=None),
        covered("j", "published", due=None),
    ]
    found = told(coverage=coverage)
    assert summed(found, "on_time_publication_rate") == [(0.5, 2.0, 4.0, 4, 2, None)]
    assert summed(found, "on_time_publication_rate_dated") == [(0.75, 3.0, 4.0, 4, 1, None)]
    why = found.filter(indicator="on_time_publication_rate", agency_id="e")
    assert why["reason"].to_list() == ["timeliness_unknown"]


def check(doc: str, outcome: str, **more: Any) -> dict[str, Any]:
    return {
        "document_id": doc,
        "check": "t3_balance",
        "subject": "report",
        "outcome": outcome,
        "severity": "error",
        "params": "{}",
        "assumed_zero": False,
    } | more


def test_a_report_with_a_doubt_and_no_failure_isnt_called_consistent():
    reports = [report(agency, 2021, 1) for agency in "abcde"]
    doubt = {"reason": "unreadable"}
    checks = [
        check("a-2021", "pass"),
        check("b-2021", "pass"),
        check("b-2021", "skip", **doubt),
        check("c-2021", "fail"),
        check("c-2021", "skip", **doubt),
        check("d-2021", "skip", reason="all_blank"),
        check("e-2021", "pass"),
        check("e-2021", "fail", severity="warning"),
        check("e-2021", "fail", check="p_deadline_department"),
    ]
    found = told(*reports, checks=checks)
    assert summed(found, "consistency_pass_rate") == [(2 / 3, 2.0, 3.0, 3, 2, None)]
    why = found.filter(indicator="consistency_pass_rate").select("agency_id", "value", "reason")
    assert why.rows() == [
        ("a", 1.0, None),
        ("b", None, "doubts"),
        ("c", 0.0, None),
        ("d", None, "nothing_judged"),
        ("e", 1.0, None),
    ]


def test_a_change_is_told_of_agencies_known_in_both_years():
    found = told(
        report("a", 2020, 10),
        report("a", 2021, 15),
        report("b", 2020, 10),
        report("b", 2021, 5),
        report("c", 2021, 900),
        report("d", 2020, None),
        report("d", 2021, 900),
        report("e", 2020, 0),
        report("e", 2021, 5),
    )
    assert summed(found, "yoy_change", ("year",)) == [
        (2020, None, None, None, 0, 4, "none_known"),
        (2021, 0.25, 5.0, 20.0, 3, 2, None),
    ]
    own = found.filter(indicator="yoy_change", year=2021)
    assert own.select("agency_id", "value", "reason").rows() == [
        ("a", 0.5, None),
        ("b", -0.5, None),
        ("c", None, "no_prior_year"),
        ("d", None, "unreadable"),
        ("e", None, "base_zero"),
    ]


def test_agencies_nobody_knows_have_no_year_before():
    found = told(report("doc-1", 2020, 4), report("doc-1", 2021, 8))
    assert summed(found, "yoy_change") == [(None, None, None, 0, 2, "none_known")]


def test_groups_may_be_made_by_what_agencies_are():
    found = told(report("a", 2021, 0), report("b", 2021, 4), report("c", 2021, 4))
    kinds = pl.DataFrame({"agency_id": ["a", "b", "c"], "kind": ["bureau", "bureau", "police"]})
    rows = aggregate_groups(found, ["kind"], kinds).filter(indicator="zero_request_share")
    assert rows.select("kind", "value", "n").rows() == [("bureau", 0.5, 2), ("police", 0.0, 1)]


def test_of_nothing_there_is_nothing():
    assert told().is_empty()
    assert aggregate_groups(told()).is_empty()


def test_what_the_definitions_name_is_there():
    for indicator in groups().values():
        if isinstance(indicator.test, Covered):
            assert {*indicator.test.met, *indicator.test.missed} <= set(statuses())
        if isinstance(indicator.test, Consistent):
            left_out = {
                rule.group
                for rule in rules().values()
                if rule.code.startswith(indicator.test.without)
            }
            assert left_out == {"compliance", "hierarchy"}
    counted = groups()["on_time_publication_rate"].test
    assert isinstance(counted, Covered)
    assert set(counted.met) == {c for c, s in statuses().items() if s.expected == "met"}
    assert set(counted.missed) == {c for c, s in statuses().items() if s.expected == "missed"}


def test_every_reason_has_its_words(demo_dataset: Path):
    read = {
        name: pl.read_parquet(f"{demo_dataset}/{name}/**/*.parquet")
        for name in ("values", "reports", "checks", "coverage")
    }
    current = read["reports"].filter("current")
    found = evaluate_groups(
        evaluate(read["values"], current), current, read["checks"], read["coverage"]
    )
    met = {*found["reason"].drop_nulls(), *aggregate_groups(found)["reason"].drop_nulls()}
    assert {"no_prior_year", "timeliness_unknown"} <= met <= set(reason_words("zh"))
    for indicator in groups().values():
        assert indicator.zh.title
        assert indicator.en.title


CHANGE = """
[[indicators]]
code = "change"
test = { kind = "change", figure = "requests_received" }
zh = { title = "同比", base = "上年" }
en = { title = "Change", base = "the year before" }
"""


@pytest.mark.parametrize(
    ("text", "instead", "named"),
    [
        ("requests_received", "requests", "no figure 'requests'"),
        ("requests_received", "grant_rate", "no figure 'grant_rate'"),
        ('kind = "change"', 'kind = "rise"', "rise"),
        ('"change"\n', '"grant_rate"\n', "stands twice"),
        (', base = "the year before"', "", "base"),
        ('code = "change"', 'code = "change"\nbeside = ["x"]', "'x'"),
        ("[[indicators]]", "[[indicators]]\ncolour = 1", "colour"),
    ],
)
def test_a_mistake_in_a_definition_is_refused_and_named(text: str, instead: str, named: str):
    assert parse_groups(CHANGE)
    with pytest.raises(RuleError, match=named):
        parse_groups(CHANGE.replace(text, instead, 1))


@pytest.mark.corpus
def test_the_specifications_indicators_are_all_here(corpus: Path):
    spec = json.loads((corpus.parent / "spec" / "metrics.json").read_text(encoding="utf-8"))
    ours = {**catalogue(), **groups()}
    several = {"denial_reason_share": 8}
    for metric in spec:
        shares = [code for code in ours if code.startswith(metric["code"])]
        if metric["code"] in several:
            assert len(shares) == several[metric["code"]]
        else:
            assert metric["code"] in ours
    assert len(spec) == 23
