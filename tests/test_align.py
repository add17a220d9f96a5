"""Small documents in, which cell is which out: each test shows one thing reports do."""

from __future__ import annotations

import pytest

from govreport_core.align import align
from govreport_core.align.placing import place, place_plain
from govreport_core.align.vocabulary import match_row
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.model import Cell, Report, State
from govreport_core.sources import read_bytes

T2_2021 = (
    "二、主动公开政府信息情况\n第二十条第（一）项\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n"
    "规章\t0\t0\t0\n行政规范性文件\t3\t1\t8\n第二十条第（五）项\n信息内容\t本年处理决定数量\n"
    "行政许可\t21\n第二十条第（六）项\n信息内容\t本年处理决定数量\n行政处罚\t5\n行政强制\t0\n"
    "第二十条第（八）项\n信息内容\t本年收费金额（单位：万元）\n行政事业性收费\t1.25\n"
)
T3_HEAD = "自然人\n商业企业\n科研机构\n社会公益组织\n法律服务机构\n其他\n总计\n"
COLUMNS = [c.code for c in forms()["form_2021"].table("t3_requests").value_columns]


def report(text: str) -> Report:
    return extract(read_bytes(text.encode()))


def numbers(found: Report, table: str, row: str) -> list[float | None]:
    return [v.number for v in found.values if (v.table, v.row) == (table, row)]


def states(found: Report, table: str, row: str) -> set[str]:
    return {v.state.value for v in found.values if (v.table, v.row) == (table, row)}


def codes(found: Report) -> set[str]:
    return {d.code for d in found.diagnostics}


def table3(rows: dict[str, str], *, head: str = T3_HEAD) -> str:
    """A table 3 in plain lines: what is printed for each row, by its code."""
    printed = "".join(
        f"{row.label}\n{rows.get(row.code, '0 0 0 0 0 0 0')}\n"
        if row.kind != "group"
        else f"{row.label}\n"
        for row in forms()["form_2021"].table("t3_requests").rows
    )
    return (
        f"{T2_2021}三、收到和处理政府信息公开申请情况\n申请人情况\n法人或其他组织\n{head}{printed}"
    )


def test_table_two_by_its_captions_headers_and_labels() -> None:
    found = report(T2_2021)
    assert found.form == "form_2021"
    assert numbers(found, "t2_art20_1", "normative_documents") == [3, 1, 8]
    assert numbers(found, "t2_art20_5", "administrative_licensing") == [21]
    assert numbers(found, "t2_art20_8", "administrative_fees") == [1.25]


def test_the_form_is_told_by_its_columns_and_not_by_the_year() -> None:
    assert report("云川市财政局2020年政府信息公开工作年度报告\n" + T2_2021).form == "form_2021"


def test_columns_of_two_forms_in_one_document_are_not_decided() -> None:
    mixed = T2_2021 + "信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量\n上一年项目数量\n"
    found = report(mixed)
    assert found.form is None
    assert "form_mixed" in codes(found)


def test_a_header_with_other_columns_makes_its_table_uncertain() -> None:
    swapped = T2_2021.replace(
        "本年制发件数\t本年废止件数\t现行有效件数", "现行有效件数\t本年废止件数\t本年制发件数"
    )
    found = report(swapped)
    assert "columns_mismatch" in codes(found)
    assert states(found, "t2_art20_1", "normative_documents") == {"unreadable"}
    assert numbers(found, "t2_art20_5", "administrative_licensing") == [21]


def test_the_header_without_a_unit_leaves_the_amount_unread() -> None:
    found = report(T2_2021.replace("（单位：万元）", ""))
    assert states(found, "t2_art20_8", "administrative_fees") == {"unreadable"}
    assert "unit_missing" in codes(found)


def test_a_padded_row_with_blanks_is_placed_by_its_header_or_not_at_all() -> None:
    aligned = T2_2021.replace("行政规范性文件\t3\t1\t8", "行政规范性文件\t3\t\t8")
    assert numbers(report(aligned), "t2_art20_1", "normative_documents") == [3, None, 8]
    wider = T2_2021.replace("行政规范性文件\t3\t1\t8", "行政规范性文件\t\t3\t\t8\t")
    assert states(report(wider), "t2_art20_1", "normative_documents") == {"unreadable"}


def test_plain_lines_with_label_and_values_on_one_line() -> None:
    found = report(table3({"granted_full": "50 1 0 0 0 0 51"}))
    assert numbers(found, "t3_requests", "granted_full") == [50, 1, 0, 0, 0, 0, 51]
    assert "cell_leftover" not in codes(found)


def test_values_above_their_label_are_told_by_counting_between_anchors() -> None:
    text = table3({"requests_carried_over": "2 0 0 0 0 0 2", "granted_full": "9 0 0 0 0 0 9"})
    order = forms()["form_2021"].table("t3_requests").rows
    label = order[3].label
    moved = text.replace(f"{label}\n9 0 0 0 0 0 9\n", f"9 0 0 0 0 0 9\n{label}\n")
    found = report(moved)
    assert numbers(found, "t3_requests", "granted_full") == [9, 0, 0, 0, 0, 0, 9]
    assert numbers(found, "t3_requests", "requests_carried_over") == [2, 0, 0, 0, 0, 0, 2]


def test_a_plain_row_with_fewer_values_than_columns_is_not_read() -> None:
    found = report(table3({"granted_full": "9 9"}))
    assert states(found, "t3_requests", "granted_full") == {"unreadable"}
    assert "cells_fewer" in codes(found)
    assert numbers(found, "t3_requests", "granted_partial") == [0] * 7


def test_a_row_whose_values_are_missing_takes_no_other_rows_values() -> None:
    text = table3({"granted_full": "1 0 0 0 0 0 1", "granted_partial": "2 0 0 0 0 0 2"})
    lost = text.replace("2 0 0 0 0 0 2\n", "")
    found = report(lost)
    for row in ("granted_full", "granted_partial"):
        read = numbers(found, "t3_requests", row)
        assert read in ([1, 0, 0, 0, 0, 0, 1], [None] * 7)
    assert states(found, "t3_requests", "granted_partial") == {"unreadable"}


def test_of_one_more_value_than_columns_none_is_certain_where_blanks_leave_no_trace() -> None:
    found = report(table3({"granted_full": "5 0 0 0 0 0 0 5"}))
    assert states(found, "t3_requests", "granted_full") == {"unreadable"}
    assert "extra_cells" in codes(found)


def test_the_sixth_outcome_printed_as_one_row() -> None:
    text = table3({})
    table = forms()["form_2021"].table("t3_requests")
    for row in table.leaves("other_disposition"):
        text = text.replace(f"{row.label}\n0 0 0 0 0 0 0\n", "")
    group = next(r for r in table.rows if r.code == "other_disposition")
    found = report(text.replace(f"{group.label}\n", f"{group.label}\n4 0 0 0 0 0 4\n"))
    assert numbers(found, "t3_requests", "other_disposition") == [4, 0, 0, 0, 0, 0, 4]
    assert states(found, "t3_requests", "other_misc") == {"absent"}
    assert "combined_row" in codes(found)


def test_page_marks_and_a_label_set_vertically_are_no_values() -> None:
    text = table3({"granted_full": "7 0 0 0 0 0 7"}).replace(
        "三、本年度办理结果\n", "三\n、\n本\n年\n- 3 -\n度\n办\n理\n结\n果\n"
    )
    assert numbers(report(text), "t3_requests", "granted_full") == [7, 0, 0, 0, 0, 0, 7]


def test_a_second_copy_of_the_table_does_not_overwrite_the_first() -> None:
    one = table3({"requests_received": "3 0 0 0 0 0 3"})
    again = one[one.index("申请人情况") :].replace("3 0 0 0 0 0 3", "4 0 0 0 0 0 4")
    assert numbers(report(one + again), "t3_requests", "requests_received") == [None] * 7


def test_outcome_words_in_prose_are_no_table() -> None:
    text = "一、总体情况\n全年收到申请 3 件，予以公开 2\n件，部分公开 1\n件。\n" + table3(
        {"granted_full": "2 0 0 0 0 0 2"}
    )
    found = report(text)
    assert numbers(found, "t3_requests", "granted_full") == [2, 0, 0, 0, 0, 0, 2]
    assert "rows_repeated" not in codes(found)


GLUED = (
    "一、总体情况2025年，本机关做好公开工作。二、主动公开政府信息情况第二十条第（一）项"
    "信息内容本年制发件数本年废止件数现行有效件数规章000行政规范性文件5845第二十条第（五）项"
    "信息内容本年处理决定数量行政许可2418第二十条第（六）项信息内容本年处理决定数量"
    "行政处罚644行政强制64第二十条第（八）项信息内容本年收费金额（单位：万元）"
    "行政事业性收费4166.24三、收到和处理政府信息公开申请情况申请人情况自然人法人或其他组织"
    "总计商业企业科研机构社会公益组织法律服务机构其他一、本年新收政府信息公开申请数量15130000154"
    "二、上年结转政府信息公开申请数量0000000五、存在的主要问题及改进情况无。"
)


def test_in_glued_text_only_lone_numbers_and_rows_of_zeros_are_certain() -> None:
    found = report(GLUED)
    assert numbers(found, "t2_art20_1", "regulations") == [0, 0, 0]
    assert numbers(found, "t2_art20_5", "administrative_licensing") == [2418]
    assert numbers(found, "t2_art20_6", "administrative_penalty") == [644]
    assert numbers(found, "t2_art20_8", "administrative_fees") == [4166.24]
    assert numbers(found, "t3_requests", "requests_carried_over") == [0] * 7
    assert states(found, "t2_art20_1", "normative_documents") == {"unreadable"}
    assert states(found, "t3_requests", "requests_received") == {"unreadable"}
    assert "glued_cells" in codes(found)


@pytest.mark.parametrize(
    ("printed", "code", "how"),
    [
        ("（三）不予公开", "denied", "exact"),
        ("1.属于国家秘密", "denied_state_secret", "exact"),
        ("属 于 国 家 秘 密", "denied_state_secret", "exact"),
        ("2.其他法律法规禁止公开", "denied_prohibited_by_law", "alias"),
        ("（三）不予公开1.属于国家秘密", "denied_state_secret", "suffix"),
        ("1.属于国家", "denied_state_secret", "part"),
        ("2.其他法律行政止公开", "denied_prohibited_by_law", "close"),
    ],
)
def test_a_label_is_known_by_text_then_ending_then_part_then_likeness(
    printed: str, code: str, how: str
) -> None:
    found = match_row("form_2019", ("t3_requests",), printed)
    assert found is not None
    assert (found.code, found.how) == (code, how)


@pytest.mark.parametrize("printed", ["公开", "申请", "信息", "四、", "备注", "合计数量说明"])
def test_what_fits_several_labels_or_none_is_not_matched(printed: str) -> None:
    assert match_row("form_2019", ("t3_requests",), printed) is None


def cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text, "line:1", i, i + len(text)) for i, text in enumerate(texts))


def placed(*texts: str, columns: int, padded: bool = False) -> list[set[str | None]]:
    found = place(cells(*texts), columns, padded=padded)
    return [{c.text if c else None for c in candidates} for candidates in found]


def test_placing_considers_every_placement_that_keeps_the_order() -> None:
    assert placed("1", "2", "3", columns=3) == [{"1"}, {"2"}, {"3"}]
    assert placed("", "1", "2", "3", "", columns=3) == [{"1"}, {"2"}, {"3"}]
    assert placed("1", "2", "3", "4", columns=3) == [{"1", "2"}, {"2", "3"}, {"3", "4"}]
    assert placed("", "1", "", columns=2) == [{"1", ""}, {"", "1"}]
    assert placed("1", "", "", columns=2, padded=True) == [{None, "1"}, {None, "1"}]
    assert placed("1", columns=2) == [{None, "1"}, {None, "1"}]
    assert placed("", "", "", columns=2) == [{""}, {""}]


def test_placing_in_plain_lines_never_sees_a_blank() -> None:
    assert place_plain(cells("1"), 2) == [(None, *cells("1"))] * 2
    assert place_plain((), 2) == [(None,), (None,)]


def test_every_printed_cell_of_a_table_is_read_or_accounted_for() -> None:
    """The audit: what no row took is reported, never dropped."""
    text = T2_2021.replace("行政许可\t21\n", "行政许可\t21\n本市自设事项\t4\n")
    found = align(read_bytes(text.encode()))
    assert any(d.code == "row_unplaced" and "4" in str(d.params["text"]) for d in found.diagnostics)


def test_a_row_not_found_is_absent_unless_a_printed_row_was_left_over() -> None:
    without = T2_2021.replace("行政强制\t0\n", "")
    assert states(report(without), "t2_art20_6", "administrative_compulsion") == {"absent"}
    renamed = T2_2021.replace("行政强制\t0\n", "强制类事项办理\t0\n")
    assert states(report(renamed), "t2_art20_6", "administrative_compulsion") == {"unreadable"}


def test_all_states_a_value_can_have_are_used_by_the_reader() -> None:
    text = T2_2021.replace("规章\t0\t0\t0", "规章\t/\t22（其中修订16件）\t").replace(
        "行政许可\t21", "行政许可\t012"
    )
    found = report(text.replace("行政强制\t0\n", ""))
    assert {v.state for v in found.values} == set(State)


def test_without_a_readable_column_the_rows_tell_the_form() -> None:
    head, _, rows = table3({"granted_full": "5 0 0 0 0 0 5"}).partition("三、收到和处理")
    found = report("一、总体情况\n无\n三、收到和处理" + rows)
    assert "第二十条" in head
    assert found.form == "form_2021"
    assert numbers(found, "t3_requests", "granted_full") == [5, 0, 0, 0, 0, 0, 5]
    assert "form_by_rows" in codes(found)
    assert states(found, "t2_art20_1", "regulations") == {"absent"}


def test_every_cell_that_is_not_read_stands_under_a_doubt() -> None:
    wider = T2_2021.replace("行政规范性文件\t3\t1\t8", "行政规范性文件\t\t3\t\t8\t")
    for text in (
        wider,
        GLUED,
        table3({"granted_full": "5 0 0 0 0 0 0 5", "other_misc": "1 2"}),
        T2_2021.replace("行政强制\t0\n", "强制类事项办理\t0\n"),
        T2_2021.replace("行政许可\t21", "行政许可\t012"),
    ):
        found = report(text)
        doubts = [d.params for d in found.diagnostics if d.level.value == "doubt"]
        for value in found.values:
            if value.state is State.UNREADABLE:
                assert any(
                    p.get("table") == value.table and p.get("row") in (value.row, None)
                    for p in doubts
                ), value


def test_swapped_columns_in_a_plain_header_leave_their_table_unread() -> None:
    swapped = T3_HEAD.replace("商业企业\n科研机构\n", "科研机构\n商业企业\n")
    found = report(table3({"granted_full": "5 0 0 0 0 0 5"}, head=swapped))
    assert states(found, "t3_requests", "granted_full") == {"unreadable"}
    assert "columns_mismatch" in codes(found)


def test_a_header_that_lost_the_names_of_its_groups_still_tells_the_columns() -> None:
    text = table3({"granted_full": "5 0 0 0 0 0 5"}).replace("申请人情况\n法人或其他组织\n", "")
    found = report(text)
    assert numbers(found, "t3_requests", "granted_full") == [5, 0, 0, 0, 0, 0, 5]


@pytest.mark.parametrize("lost", ["法律服务机构\n", "总计\n", "自然人\n"])
def test_a_lost_column_leaves_its_table_unread(lost: str) -> None:
    found = report(table3({"granted_full": "5 0 0 0 0 0 5"}, head=T3_HEAD.replace(lost, "")))
    assert states(found, "t3_requests", "granted_full") == {"unreadable"}
    assert "columns_mismatch" in codes(found)


def test_columns_of_table_four_are_held_to_the_forms_order() -> None:
    five = "结果维持\t结果纠正\t其他结果\t尚未审结\t总计"
    head = f"行政复议\t行政诉讼\n{five}\t未经复议直接起诉\t复议后起诉\n{five}\t{five}\n"
    row = "\t".join(str(n) for n in range(15)) + "\n"
    sound = f"{T2_2021}四、政府信息公开行政复议、行政诉讼情况\n{head}{row}"
    assert numbers(report(sound), "t4_review_litigation", "cases") == [float(n) for n in range(15)]
    for swapped in (
        sound.replace("结果维持\t结果纠正", "结果纠正\t结果维持", 1),
        sound.replace("行政复议\t行政诉讼\n", "行政诉讼\t行政复议\n"),
    ):
        found = report(swapped)
        assert states(found, "t4_review_litigation", "cases") == {"unreadable"}
        assert "columns_mismatch" in codes(found)


def test_other_before_legal_service_is_noticed_in_plain_lines() -> None:
    head = T3_HEAD.replace("法律服务机构\n其他\n", "其他\n法律服务机构\n")
    found = report(table3({"granted_full": "5 0 0 0 0 2 7"}, head=head))
    assert states(found, "t3_requests", "granted_full") == {"unreadable"}


def test_two_tables_of_one_kind_leave_both_unread() -> None:
    one = table3({"requests_received": "3 0 0 0 0 0 3"})
    found = report(one + "本年情况如下\n" + one[one.index("申请人情况") :])
    assert states(found, "t3_requests", "requests_received") == {"unreadable"}
    assert "rows_repeated" in codes(found)
