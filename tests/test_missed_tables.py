"""What is printed but wasn't found is unread; only what isn't printed is absent."""

from __future__ import annotations

from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.model import Level, Report, State
from govreport_core.sources import read_bytes

HEAD = (
    "云川市财政局2023年政府信息公开工作年度报告\n一、总体情况\n我局工作有序。\n"
    "二、主动公开政府信息情况\n第二十条第（一）项\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n"
    "规章\n0\n0\n0\n行政规范性文件\n1\n2\n3\n"
    "三、收到和处理政府信息公开申请情况\n"
)
TAIL = "五、存在的主要问题及改进情况\n问题不多。\n六、其他需要报告的事项\n无\n"
T3 = forms()["form_2021"].table("t3_requests")


def report(between: str) -> Report:
    return extract(read_bytes((HEAD + between + TAIL).encode()))


def states(found: Report) -> set[State]:
    return {v.state for v in found.values if v.table == T3.code}


def test_a_table_whose_cells_are_glued_to_their_labels_is_unread_not_absent() -> None:
    glued = "".join(f"{row.label}0000000" for row in T3.value_rows)
    found = report(f"申请人情况总计{glued[:100]}\n{glued[100:]}\n")
    assert states(found) == {State.UNREADABLE}
    doubts = [d.code for d in found.diagnostics if d.params.get("table") == T3.code]
    assert doubts == ["row_unplaced"]
    assert found.diagnostics[0].level is Level.DOUBT


def test_a_table_that_isnt_printed_is_absent_though_prose_uses_some_of_its_words() -> None:
    found = report("我局新收政府信息公开申请为零，无重复申请，予以公开的没有。\n")
    assert states(found) == {State.ABSENT}
    assert not [d for d in found.diagnostics if d.code == "row_unplaced"]
