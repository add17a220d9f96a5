"""What the prose says of all or none: when a cell contradicts it, and when none can."""

from __future__ import annotations

import pytest

from govreport_core.model import Cell, Claim, State, Value
from govreport_core.narrative.claims import find_claims
from govreport_core.narrative.sections import Passage, Prose
from govreport_core.samples import form_cells

T3, T4 = "t3_requests", "t4_review_litigation"
ALL = "applicant_total"
FEE = ("t2_art20_8", "administrative_fees", "fee_amount")


def stated(sentence: str, section: str = "s1_overview", **cells: float | None) -> list[Claim]:
    """The statements of a section of a report, all its cells 0 but those given; None is blank."""
    numbers = {
        (T3, "requests_received", ALL): cells.get("received", 20),
        (T3, "requests_carried_over", ALL): cells.get("over", 0),
        (T3, "granted_full", ALL): cells.get("granted", 18),
        (T3, "disposed_total", ALL): cells.get("disposed", 20),
        (T3, "requests_carried_forward", ALL): cells.get("forward", 0),
        FEE: cells.get("fee", 0.36),
        **{
            (T4, "cases", name): number
            for name, number in cells.items()
            if name.startswith(("review", "litigation"))
        },
    }
    printed = {
        key: Value(*key, None, State.BLANK, "")
        if (number := numbers.get(key, 0)) is None
        else Value(*key, float(number), State.REPORTED, str(number))
        for key in form_cells("form_2021")
    }
    passage = Passage(sentence, [0], [Cell(sentence, "line:3", 0, len(sentence))])
    return list(find_claims(Prose((), {section: passage}), printed, 2023, None))


def told(claims: list[Claim], claim: str) -> list[bool | None]:
    """Of the claims of a kind that count as the report's own, whether each agrees."""
    return [c.agrees for c in claims if c.claim == claim and c.scope in (None, "implied")]


@pytest.mark.parametrize(
    ("sentence", "cells", "expected"),
    [
        ("收到申请20件，已全部办结。", {}, [True]),
        ("收到申请20件，均已办结。", {"disposed": 18, "forward": 2}, [False]),
        ("申请办结率为100%。", {"disposed": 18, "forward": 2}, [False]),
        ("申请办结率达到100%。", {}, [True]),
        # in time: those open at the end weren't due
        ("申请按时办结率100%。", {"disposed": 18, "forward": 2}, []),
        ("申请均按期办结。", {"disposed": 18, "forward": 2}, []),
        # those that go forward may be last year's
        ("收到申请20件，全部办结。", {"over": 2, "disposed": 20, "forward": 2}, []),
        ("到期的申请已全部办结。", {"disposed": 18, "forward": 2}, []),
        ("全县收到的申请已全部办结。", {"disposed": 18, "forward": 2}, []),
        ("应办结18件，实际办结申请18件，办结率100%。", {"disposed": 18, "forward": 2}, []),
        ("收到申请20件，全部办结。", {"disposed": None}, [None]),
    ],
)
def test_all_were_disposed_of(sentence, cells, expected) -> None:
    assert told(stated(sentence, **cells), "all_disposed") == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "全年收到申请20件，其中18件已全部办结，另有2件还在流程中。",
        "上半年18件申请已全部办结。",
        "征地方面的7件申请全部办结。",
        "9月前的申请均已办结。",
        "收到申请20件，办结率100%，2件经批准延期。",
        # an aim is no fact
        "申请力争办结率达到100%。",
        "要求各股室对申请全部办结。",
        "明确专人，确保申请均已办结。",
    ],
)
def test_a_part_or_an_aim_is_not_all(sentence) -> None:
    assert told(stated(sentence, disposed=18, forward=2), "all_disposed") == []


@pytest.mark.parametrize(
    "sentence",
    ["严格按照要求，收到的申请均已办结。", "认真做好服务，全年申请全部办结。"],
)
def test_other_understood_words_excuse_nothing(sentence) -> None:
    assert told(stated(sentence, disposed=18, forward=2), "all_disposed") == [False]


@pytest.mark.parametrize(
    "sentence",
    [
        "力争政府信息公开诉讼零败诉。",
        "实现政府信息公开诉讼零败诉目标。",
        "政府信息公开诉讼一审无败诉，二审改判1件。",
    ],
)
def test_an_aim_or_one_instance_is_not_none_lost(sentence) -> None:
    assert told(stated(sentence, litigation_direct_corrected=1), "none_lost") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "下半年未发生政府信息公开行政复议。",
        "自8月起，未发生政府信息公开行政复议。",
        "努力做到政府信息公开零复议。",
        "我局作为复议机关未收到政府信息公开行政复议。",
    ],
)
def test_no_cases_in_a_part_of_the_year_or_in_another_role(sentence) -> None:
    assert told(stated(sentence, review_total=2), "review") == []


@pytest.mark.parametrize("sentence", ["热线来电均已办结。", "人大建议全部办结。", "全部任务完成。"])
def test_all_of_something_else_is_no_claim(sentence) -> None:
    assert told(stated(sentence), "all_disposed") == []


def test_all_due_are_those_received_and_carried_over() -> None:
    (claim,) = stated("申请全部办结。", over=3, disposed=23)
    assert (claim.number, claim.row, claim.agrees) == (23, "disposed_total", True)


@pytest.mark.parametrize(
    ("sentence", "cells", "expected"),
    [
        ("政府信息公开行政诉讼零败诉。", {}, [True]),
        ("政府信息公开行政诉讼无败诉。", {"litigation_direct_corrected": 1}, [False]),
        ("政府信息公开诉讼败诉率为0。", {"litigation_after_review_corrected": 1}, [False]),
        # an open suit isn't lost
        ("政府信息公开行政诉讼零败诉。", {"litigation_direct_pending": 3}, [True]),
        # nor is it one at review
        ("政府信息公开行政诉讼零败诉。", {"review_corrected": 3}, [True]),
        ("政府信息公开行政复议零纠错。", {"review_corrected": 3}, [False]),
        ("去年政府信息公开诉讼无败诉。", {"litigation_direct_corrected": 1}, []),
    ],
)
def test_none_was_lost(sentence, cells, expected) -> None:
    assert told(stated(sentence, **cells), "none_lost") == expected


def test_suits_about_other_things_are_no_claim() -> None:
    assert told(stated("全局行政诉讼零败诉。", litigation_direct_corrected=1), "none_lost") == []


@pytest.mark.parametrize(
    ("sentence", "reviews", "suits"),
    [
        ("未发生因政府信息公开引起的行政复议、行政诉讼。", [False], [False]),
        ("没有因信息公开申请被提起行政诉讼的情况。", [], [False]),
        ("依申请公开工作无行政复议和行政诉讼案件。", [False], [False]),
        ("政府信息公开零复议、零诉讼。", [False], [False]),
        # these say something else
        ("无政府信息公开行政复议纠错案件。", [], []),
        ("未经行政复议直接提起政府信息公开诉讼。", [], []),
        ("无政府信息公开复议后起诉的情形。", [], []),
    ],
)
def test_there_were_no_cases(sentence, reviews, suits) -> None:
    found = stated(sentence, review_total=2, litigation_direct_total=1)
    assert told(found, "review") == reviews
    assert told(found, "litigation") == suits


def test_no_cases_where_there_are_none_or_only_pending_ones() -> None:
    sentence = "未发生因政府信息公开引起的行政复议。"
    assert told(stated(sentence), "review") == [True]
    pending = {"review_total": 1, "review_pending": 1}
    assert told(stated(sentence, **pending), "review") == [True]


@pytest.mark.parametrize(
    "sentence",
    [
        "本年未新发生政府信息公开行政复议。",
        "全县未发生政府信息公开行政复议。",
        "除前述外，无政府信息公开行政复议。",
    ],
)
def test_none_of_another_scope_contradicts_nothing(sentence) -> None:
    assert told(stated(sentence, review_total=2), "review") == []


@pytest.mark.parametrize(
    ("sentence", "number", "agrees"),
    [
        ("全年实际收取信息处理费3600元。", 0.36, True),
        ("收取信息处理费共计0.5万元。", 0.5, False),
        ("本年度未收取信息处理费。", 0.0, True),
        # as finely as the table prints it
        ("收取信息处理费3640元。", 0.364, True),
        ("发出收费通知2件，总金额9000元，实际收取总金额3600元。", 0.36, True),
    ],
)
def test_the_fee_received_is_within_all_fees(sentence, number, agrees) -> None:
    (claim,) = stated(sentence, section="s6_other")
    assert (claim.claim, claim.number, claim.agrees) == ("information_fee", number, agrees)


def test_a_fee_that_another_body_takes_contradicts_nothing() -> None:
    found = stated("由财政局统一收取信息处理费5000元。", section="s6_other")
    assert told(found, "information_fee") == []


@pytest.mark.parametrize(
    ("fee", "agrees"), [(0.3, True), (3000, False), (0, False), (0.1, False), (None, None)]
)
def test_a_fee_is_held_against_a_cell_of_ten_thousand_yuan(fee, agrees) -> None:
    found = stated("2023年收取信息处理费3000元。", section="s6_other", fee=fee)
    assert told(found, "information_fee") == [agrees]


def test_a_rate_of_disclosure_states_nothing() -> None:
    assert {c.claim for c in stated("依申请公开率为100%。")} == set()
