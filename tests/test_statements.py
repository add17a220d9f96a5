"""What the prose states beside the requests received: what it may mean, and when it isn't held."""

from __future__ import annotations

from pathlib import Path

import pytest

from govreport_core.model import Cell, Claim, State, Value
from govreport_core.narrative.claims import find_claims
from govreport_core.narrative.sections import Passage, Prose
from govreport_core.samples import form_cells
from govreport_core.verdict import verdict

T3, T4 = "t3_requests", "t4_review_litigation"
ALL = "applicant_total"
REQUESTS = {
    (T3, "requests_received", ALL): 21,
    (T3, "requests_carried_over", ALL): 2,
    (T3, "granted_full", ALL): 12,
    (T3, "granted_partial", ALL): 3,
    (T3, "denied_internal_affairs", ALL): 2,
    (T3, "denied_third_party_rights", ALL): 1,
    (T3, "unable_not_held", ALL): 2,
    (T3, "disposed_total", ALL): 20,
    (T3, "requests_carried_forward", ALL): 3,
    (T4, "cases", "review_upheld"): 3,
    (T4, "cases", "review_pending"): 1,
    (T4, "cases", "review_total"): 4,
    (T4, "cases", "litigation_direct_upheld"): 2,
    (T4, "cases", "litigation_direct_total"): 2,
    ("t2_art20_1", "normative_documents", "issued"): 5,
    ("t2_art20_1", "normative_documents", "repealed"): 2,
    ("t2_art20_1", "normative_documents", "in_force"): 41,
}


def judged(claims: list[Claim]) -> list[Claim]:
    """Those that count as the report's own figures."""
    return [c for c in claims if c.scope in (None, "implied")]


def stated(sentence: str, blank: tuple[str, ...] = ()) -> list[Claim]:
    """The statements of an overview; blank columns are printed without a number."""
    cells = {
        key: Value(*key, None, State.BLANK, "")
        if key[2] in blank and key[1] not in ("disposed_total", "requests_received")
        else Value(*key, float(REQUESTS.get(key, 0)), State.REPORTED, "n")
        for key in form_cells("form_2021")
    }
    passage = Passage(sentence, [0], [Cell(sentence, "line:3", 0, len(sentence))])
    return list(find_claims(Prose((), {"s1_overview": passage}), cells, 2023, None))


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("全年办结政府信息公开申请20件。", [("disposed", 20, True)]),
        (
            "收到申请21件，按期答复18件，其余结转。",
            [("disposed", 18, True), ("received", 21, True)],
        ),
        ("全年办结政府信息公开申请25件。", [("disposed", 25, False)]),
        (
            "对申请予以公开12件、部分公开3件。",
            [("granted_full", 12, True), ("granted_partial", 3, True)],
        ),
        ("办理结果中，予以公开及部分公开15件。", [("granted", 15, True)]),
        ("申请办理结果为不予公开4件，无法提供2件。", [("denied", 4, False), ("unable", 2, True)]),
        (
            "已答复的申请中，12件予以公开，4件部分公开。",
            [("granted_full", 12, True), ("granted_partial", 4, False)],
        ),
        ("对申请作不予公开答复3件。", [("denied", 3, True)]),
        (
            "因信息公开申请引发行政复议4件、行政诉讼2件。",
            [("litigation", 2, True), ("review", 4, True)],
        ),
        ("涉及政府信息公开的行政复议案件3件。", [("review", 3, True)]),
        ("涉及政府信息公开的行政复议案件6件。", [("review", 6, False)]),
        ("政府信息公开被申请行政复议5件。", [("review", 5, False)]),
        (
            "政府信息公开行政复议4件（结果维持3件，尚未审结2件）。",
            [("review", 4, True), ("review_pending", 2, False), ("review_upheld", 3, True)],
        ),
        ("政府信息公开行政复议、行政诉讼共6件。", [("cases", 6, True)]),
        (
            "全年制发行政规范性文件5件、废止2件，现行有效41件。",
            [
                ("documents_in_force", 41, True),
                ("documents_issued", 5, True),
                ("documents_repealed", 2, True),
            ],
        ),
        ("出台规范性文件7件。", [("documents_issued", 7, False)]),
        ("全年未制发行政规范性文件。", [("documents_issued", 0, False)]),
        (
            "新收申请二十一件，上年结转2件，结转下年度4件。",
            [("carried_forward", 4, False), ("carried_over", 2, True), ("received", 21, True)],
        ),
        ("全年政府信息公开申请量为24件。", [("received", 24, False)]),
        (
            "收到、办结政府信息公开申请分别为24件和20件。",
            [("disposed", 20, True), ("received", 24, False)],
        ),
        ("2022年收到申请30件，2023年24件。", [("received", 24, False)]),
    ],
)
def test_a_statement_is_held_against_all_it_may_mean(sentence, told) -> None:
    found = sorted((c.claim, c.number, c.agrees) for c in judged(stated(sentence)))
    assert found == told


@pytest.mark.parametrize(
    "sentence",
    [
        "全市共办结政府信息公开申请900件。",
        "2022年办结政府信息公开申请19件。",
        "办结信访投诉件后答复申请人30件。",
        "自然人的申请中予以公开7件。",
        "涉及政府信息公开的行政复议结果纠正案件1件，含上年结转案件的行政复议9件。",
        "办理政府信息公开行政诉讼应诉案件8件。",
        "清理规范性文件，废止规范性文件60余件。",
        "会同有关单位联合制定规范性文件9件。",
        "全年行政复议案件9件。",
        "政府信息公开行政复议新收9件。",
        "书面答复申请9件。",
        "主动沟通，答复9件。",
        "各类申请90件均已办结。",
        "依申请公开30件。",
        "主动公开信息90条，依申请公开共9件。",
    ],
)
def test_what_may_count_something_else_contradicts_nothing(sentence) -> None:
    assert [c for c in judged(stated(sentence)) if c.agrees is False] == []


@pytest.mark.parametrize(
    ("sentence", "agrees"),
    [
        ("办理结果中，予以公开12件，占60%。", True),
        ("办理结果中，予以公开12件，占答复总数的60.0%。", True),
        ("办理结果中，予以公开12件，占收到申请总数的57.1%。", True),
        ("办理结果中，予以公开12件（占57.14%）。", True),
        ("办理结果中，部分公开3件，占14.28%。", True),
        ("办理结果中，予以公开12件，占比66.7%。", False),
        ("在18件办结申请中，予以公开12件，占66.7%。", True),
    ],
)
def test_a_percentage_is_recomputed_with_each_base_it_may_have(sentence, agrees) -> None:
    assert [c.agrees for c in judged(stated(sentence)) if c.claim == "percent"] == [agrees]


@pytest.mark.parametrize(
    "sentence", ["申请中不予公开3件，占不予公开总数的9%。", "自然人申请3件，占9%。"]
)
def test_a_share_of_a_part_is_not_recomputed(sentence) -> None:
    assert [c for c in judged(stated(sentence)) if c.claim == "percent"] == []


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("政府信息公开行政复议、行政诉讼均获维持。", [("implied", False)]),
        ("政府信息公开行政诉讼案件均获维持。", [(None, True)]),
        ("已审结的政府信息公开行政复议均获维持。", []),
        ("行政复议均获维持。", []),
        ("全年群众诉求均获维持。", []),
    ],
)
def test_all_upheld_is_held_against_cases_corrected_or_pending(sentence, told) -> None:
    found = [c for c in judged(stated(sentence)) if c.claim == "all_upheld"]
    assert [(c.scope, c.agrees) for c in found] == told


def test_of_two_statements_that_differ_the_one_that_agrees_is_the_reports_own() -> None:
    found = stated("全年办结申请20件。我局办结申请6件。")
    assert [(c.number, c.scope) for c in found] == [(20, None), (6, "another_agrees")]


def test_an_agreement_about_another_year_settles_nothing() -> None:
    found = stated("2022年办结申请20件。2023年办结申请26件。")
    assert [(c.number, c.scope, c.agrees) for c in found] == [
        (20, "other_year", None),
        (26, "implied", False),
    ]


def test_a_line_goes_on_with_what_was_spoken_of_until_a_part_of_its_own_begins() -> None:
    assert [c.number for c in judged(stated("全年收到申请21件。\n办结26件。"))] == [21, 26]
    assert [c.number for c in judged(stated("全年收到申请21件。\n（三）其他。办结26件。"))] == [21]
    (claim,) = stated("2022年，我局依法办理。\n全年办结申请26件。")
    assert claim.scope == "other_year"


def test_what_the_next_sentence_adds_leaves_a_figure_unjudged() -> None:
    (claim,) = stated("2023年我局办结申请26件。另有热线转来的6件。")
    assert claim.scope == "not_understood"


def test_without_a_certain_number_in_the_table_nothing_is_said() -> None:
    (claim,) = stated("答复申请结果为不予公开4件。", blank=(ALL,))
    assert claim.agrees is None


def test_a_statement_has_its_sentence_and_place() -> None:
    (claim,) = stated("工作有序。全年办结申请25件。其他略。")
    assert claim.text == "全年办结申请25件。"
    assert (claim.part, claim.start, claim.end) == ("line:3", 5, 14)
    assert (claim.table, claim.row, claim.column) == (T3, "disposed_total", ALL)


@pytest.mark.corpus
def test_a_real_report_whose_prose_and_tables_differ(corpus: Path) -> None:
    found = verdict(corpus / "shanghai_office_2019.html").findings
    failed = {f.check for f in found if f.outcome == "fail"}
    # its other figures follow a sentence about another body's requests (代表)
    assert {c for c in failed if c.startswith("n_")} == {"n_all_upheld"}
    assert not failed & {"t3_balance", "t3_row_total", "t3_disposed_total", "t4_group_total"}


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("第二季度办结申请4件。", "disposed"),
        ("涉及拆迁类申请6件，予以公开4件。", "granted_full"),
        ("抽查各科室答复申请4件。", "disposed"),
        ("办结5件企业申请。", "disposed"),
        ("起草并报请县政府印发规范性文件9件。", "documents_issued"),
        ("提请市政府制定规范性文件9件。", "documents_issued"),
    ],
)
def test_a_part_or_another_bodys_paper_contradicts_nothing(sentence: str, claim: str) -> None:
    assert [c for c in judged(stated(sentence)) if c.claim == claim] == []
