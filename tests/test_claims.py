"""Sentences written by hand, held against tables: nobody is blamed unfairly, most faults are found.

`cases/claims.jsonl`: a sentence, where it stands, and whether it is right (`ok`) or
contradicts its table (`fail`, by which rule). Those numbered s were written before the
lexicon, those numbered u against it.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govreport_core.build.intake import read_report
from govreport_core.checks import catalogue
from govreport_core.errors import GovReportError
from govreport_core.model import Cell, Claim, Severity, State, Value
from govreport_core.narrative.claims import find_claims
from govreport_core.narrative.clauses import parse_grammar
from govreport_core.narrative.lexicon import parse_lexicon
from govreport_core.narrative.sections import Passage, Prose
from govreport_core.samples import form_cells

CASES = Path(__file__).parent / "cases"
T3, T4 = "t3_requests", "t4_review_litigation"
PLACES = {"x": "s1_overview", "s3": "s3_requests", "s4": "s4_review_litigation", "s6": "s6_other"}
YEAR = 2022
LEAD = {"s1_overview": "（二）依申请公开。本机关依法办理申请。"}
"""What stands before a sentence in its section."""
COLUMNS = [
    *("natural_person", "org_business", "org_research"),
    *("org_public_interest", "org_legal_service", "org_other"),
]
PROSE = {code: rule for code, rule in catalogue().items() if hasattr(rule.test, "claims")}
TOLD_AS_ONE = (
    {"n_received", "n_none_vs_positive"},
    {"n_normative", "t2_21_all_zero_text"},
)


@cache
def cases() -> list[dict[str, str]]:
    lines = (CASES / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def cells_of(name: str) -> dict[tuple[str, str, str], Value]:
    """All cells of a table of `claims_tables.json`, 0 where it says nothing."""
    told = json.loads((CASES / "claims_tables.json").read_text(encoding="utf-8"))[name]
    numbers: dict[tuple[str, str, str], float] = {}
    for row, printed in told["t3"].items():
        numbers |= {(T3, row, c): n for c, n in zip(COLUMNS, printed, strict=False)}
        numbers[T3, row, "applicant_total"] = sum(printed)
    outcomes = re.compile("granted|denied|unable|unprocessed|other_")
    disposed = sum(sum(n) for row, n in told["t3"].items() if outcomes.match(row))
    numbers[T3, "disposed_total", "applicant_total"] = disposed
    cells = form_cells("form_2021")
    cases_row = [key for key in cells if key[0] == T4]
    numbers |= dict(zip(cases_row, told["t4"], strict=True))
    documents = zip(("issued", "repealed", "in_force"), told["t2"]["nd"], strict=True)
    numbers |= {("t2_art20_1", "normative_documents", c): n for c, n in documents}
    numbers["t2_art20_8", "administrative_fees", "fee_amount"] = told["t2"]["fee"]
    return {
        key: Value(*key, float(numbers.get(key, 0)), State.REPORTED, f"{numbers.get(key, 0)}")
        for key in cells
    }


def stated(text: str, case: dict[str, str]) -> tuple[Claim, ...]:
    section = PLACES[case["place"]]
    lead = LEAD.get(section, "")
    pieces = [Cell(lead, "line:2", 0, len(lead)), Cell(text, "line:3", 0, len(text))]
    prose = Prose((), {section: Passage(lead + text, [0, len(lead)], pieces)})
    return find_claims(prose, cells_of(case["tables"]), YEAR, case["agency"])


def blamed(found: tuple[Claim, ...]) -> list[Claim]:
    return [c for c in found if c.agrees is False and c.scope in (None, "implied")]


def failing(found: tuple[Claim, ...]) -> dict[str, str]:
    """The rules that these claims fail, each with its severity."""
    return {
        code: "warning" if claim.scope else rule.severity
        for code, rule in PROSE.items()
        for claim in reversed(blamed(found))
        if claim.claim in rule.test.claims
    }


def test_no_consistent_sentence_is_blamed_and_most_false_ones_are_found() -> None:
    n: Counter[str] = Counter()
    missed = []
    for case in cases():
        fails = failing(stated(case["text"], case))
        n[case["expect"]] += 1
        if case["expect"] == "ok":
            n["error"] += Severity.ERROR in fails.values()
            n["warning"] += bool(fails)
            missed += [(case["text"], fails)] if fails else []
        else:
            as_one = next((s for s in TOLD_AS_ONE if case["check"] in s), {case["check"]})
            n["found"] += not as_one.isdisjoint(fails)
    assert n["ok"] + n["fail"] >= 150
    assert n["error"] == 0, missed
    assert n["warning"] <= 0.02 * n["ok"], missed
    assert n["found"] >= 0.9 * n["fail"]


@cache
def false_ones() -> list[dict[str, str]]:
    return [case for case in cases() if blamed(stated(case["text"], case))]


STRANGE = (
    "鹦鹉",
    "蝴蝶",
    "橘",
    "下属",
    "拆迁",
    "疑难",
    "上半",
    "假期",
    "代表",
    "第二季度",
    "咨询件",
)
"""Words that the lexicon doesn't know, or that no statement may hold."""


@settings(deadline=None)
@given(st.data())
def test_an_unknown_word_anywhere_in_a_blamed_clause_leaves_it_unjudged(data: Any) -> None:
    case = data.draw(st.sampled_from(false_ones()))
    claim = data.draw(st.sampled_from(blamed(stated(case["text"], case))))
    at = data.draw(st.integers(claim.start, claim.end))
    strange = data.draw(st.sampled_from(STRANGE))
    text = case["text"][:at] + strange + case["text"][at:]
    found = stated(text, case)
    assert [c for c in blamed(found) if c.start <= at <= c.end + len(strange)] == []


@settings(deadline=None)
@given(st.data())
def test_what_is_quoted_stands_where_it_is_said_to_stand(data: Any) -> None:
    case = data.draw(st.sampled_from(cases()))
    for claim in stated(case["text"], case):
        assert 0 <= claim.start < claim.end <= len(case["text"])
        assert claim.text in case["text"]


def judged_share(paths: list[Path]) -> float:
    """Of the figures that the prose of these reports states, how many are judged."""
    n: Counter[bool] = Counter()
    for path in paths:
        _, report = read_report(path)
        known = [c for c in report.claims if c.claim != "information_fee"]
        n.update(c.scope in (None, "implied") for c in known)
    return n[True] / max(1, n.total())


def test_most_of_what_the_samples_state_is_judged() -> None:
    """A ratchet: strictness mustn't make everything unjudged."""
    folder = Path(__file__).parents[1] / "data" / "reports"
    assert judged_share(sorted(folder.rglob("*.html"))) >= 0.95


@pytest.mark.corpus
def test_a_third_of_what_real_reports_state_is_judged(corpus: Path) -> None:
    names = ("hongze_2024.pdf", "pingtan_2024.html", "pingtan_2025_glued.txt")
    more = ("shanghai_office_2019.html", "shanghai_office_2025.md")
    seeds = sorted((corpus / "seeds").glob("*.txt"))
    assert judged_share([*(corpus / name for name in (*names, *more)), *seeds]) >= 1 / 3


def test_time_grows_with_the_text_and_not_with_its_square() -> None:
    def seconds(times: int) -> float:
        text = "2023年，我局共收到政府信息公开申请128件，比上年104件增加24件。" * times
        start = time.process_time()
        assert len(stated(text, {"place": "x", "tables": "P", "agency": "云川市水务局"})) == times
        return time.process_time() - start

    seconds(10)
    assert seconds(4_000) < 6 * 4 * max(seconds(1_000), 0.01)


@pytest.mark.parametrize(
    "text",
    ['[roles]\na = ["b"]\n[more]\n', "[roles]\na = 1\n", '[roles]\na = [""]\n'],
)
def test_a_lexicon_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(GovReportError, match=r"lexicon\.toml"):
        parse_lexicon(text)


@pytest.mark.parametrize("form", ["nobody", "@nothing", "(recv", "recv &", "n=count n=count"])
def test_a_form_that_cannot_be_read_is_refused(form: str) -> None:
    text = f'[classes]\n[macros]\n[[forms]]\nform = "{form}"\n'
    with pytest.raises(GovReportError, match=r"clauses\.toml"):
        parse_grammar(text)
    with pytest.raises(GovReportError, match=r"clauses\.toml"):
        parse_grammar(text.replace(form, "recv") + "colour = 1\n")
