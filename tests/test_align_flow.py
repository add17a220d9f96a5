"""Lines of table 3 in, what is read of them out: each test shows one proof, or what lacks it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.model import Report
from govreport_core.sources import read_bytes

T3 = forms()["form_2021"].table("t3_requests")
LABELS = {row.code: row.label for row in T3.rows}
HEAD = (
    "云岭市青禾区财政局2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n"
    "第二十条第（一）项\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n1\n2\n3\n"
    "三、收到和处理政府信息公开申请情况\n申请人情况\n自然人\n法人或其他组织\n商业企业\n科研机构\n"
    "社会公益组织\n法律服务机构\n其他\n总计\n"
)
Lines = list[str]


def figures(row: str) -> Lines:
    """Seven figures, another seven for each row."""
    at = [r.code for r in T3.rows].index(row)
    return [str(1000 + at * 10 + i) for i in range(7)]


def lines(printed: Callable[[str], Lines]) -> Lines:
    """Each row's label and what is printed below it."""
    return [x for r in T3.rows for x in (r.label, *(printed(r.code) if r.kind != "group" else ()))]


def by_cell(**other: Lines) -> Lines:
    return lines(lambda row: other.get(row, figures(row)))


def by_row(**other: Lines) -> Lines:
    return lines(lambda row: other.get(row, [" ".join(figures(row))]))


def own_line(**other: str) -> Lines:
    """Label and figures of a row on one line."""
    return [
        r.label
        if r.kind == "group"
        else other.get(r.code, f"{r.label} {' '.join(figures(r.code))}")
        for r in T3.rows
    ]


def read(printed: Lines) -> Report:
    return extract(read_bytes((HEAD + "\n".join(printed) + "\n").encode()))


def unread(found: Report) -> set[str]:
    """The rows that aren't read; no cell of the others may be another's."""
    rows: dict[str, list[float | None]] = {}
    for value in found.values:
        if value.table == T3.code:
            rows.setdefault(value.row, []).append(value.number)
    for row, numbers in rows.items():
        assert numbers in ([float(x) for x in figures(row)], [None] * 7), row
    return {row for row, numbers in rows.items() if numbers == [None] * 7}


def instead(printed: Lines, old: str, *new: str) -> Lines:
    at = printed.index(old)
    return [*printed[:at], *new, *printed[at + 1 :]]


def test_label_and_seven_figures_in_turn_are_certain() -> None:
    assert unread(read(by_cell())) == set()


def test_runs_of_six_seven_and_eight_are_as_many_figures_but_no_rows() -> None:
    full = [figures(r) for r in ("denied_state_secret", "denied_prohibited_by_law")]
    printed = by_cell(
        denied_state_secret=full[0][:6],
        denied_security_stability=[full[0][6], *figures("denied_security_stability")],
    )
    assert unread(read(printed)) >= {
        "denied_state_secret",
        "denied_prohibited_by_law",
        "denied_security_stability",
    }


def test_a_run_longer_than_a_row_may_hold_several_rows_without_their_blanks() -> None:
    run = ["44", "44", "12", "12", "0", "0", "5", "5", "7", "7"]
    printed = by_cell(granted_full=run, granted_partial=[])
    assert unread(read(printed)) >= {"granted_full", "granted_partial"}


def test_a_short_row_makes_those_beside_it_doubtful_where_figures_stand_alone() -> None:
    printed = by_cell(unprocessed_duplicate=figures("unprocessed_duplicate")[:5])
    assert unread(read(printed)) == {
        "unprocessed_petition_complaint",
        "unprocessed_duplicate",
        "unprocessed_publication",
    }


def test_figures_down_the_columns_are_as_many_as_along_the_rows() -> None:
    rows = [r.code for r in T3.value_rows]
    down = [figures(row)[column] for column in range(7) for row in rows]
    assert unread(read([*LABELS.values(), *down])) == set(rows)
    along = [" ".join(figures(row)) for row in rows]
    assert unread(read([*LABELS.values(), *along])) == set()


def test_a_rows_end_on_the_next_line_leaves_all_between_unread() -> None:
    first, second = figures("unable_creation_required"), figures("unable_unclear_after_correction")
    printed = own_line(
        unable_creation_required=" ".join([LABELS["unable_creation_required"], *first[:5]]),
        unable_unclear_after_correction=" ".join(
            [LABELS["unable_unclear_after_correction"], *second[:5], *first[5:]]
        ),
    )
    at = printed.index(LABELS["not_processed"])
    printed.insert(at, " ".join(second[5:]))
    assert unread(read(printed)) == {"unable_creation_required", "unable_unclear_after_correction"}


def test_one_row_that_lacks_cells_leaves_the_other_lines_as_they_are() -> None:
    short = " ".join([LABELS["unprocessed_duplicate"], *figures("unprocessed_duplicate")[:2]])
    assert unread(read(own_line(unprocessed_duplicate=short))) == {"unprocessed_duplicate"}


def test_lines_a_little_above_their_labels_are_told_by_counting() -> None:
    rows = ("denied_third_party_rights", "denied_internal_affairs", "denied_deliberative_process")
    printed = by_row()
    for row in rows:
        values = " ".join(figures(row))
        printed.remove(values)
        printed.insert(printed.index(LABELS[row]), values)
    assert unread(read(printed)) == set()


def test_a_line_from_far_away_makes_no_row() -> None:
    printed = by_row()
    stray = " ".join(figures("other_misc"))
    printed.remove(stray)
    printed.insert(printed.index(LABELS["granted_full"]), stray)
    assert {"requests_carried_over", "granted_full", "other_misc"} <= unread(read(printed))


def test_words_that_are_no_labels_make_the_pair_around_them_doubtful() -> None:
    printed = by_cell()
    at = printed.index(LABELS["unprocessed_duplicate"])
    assert "unprocessed_duplicate" in unread(
        read([*printed[: at + 1], "开展情况", *printed[at + 1 :]])
    )


@pytest.mark.parametrize("pieces", [("（六）", "其他", "处理"), ("（六）其", "他处理")])
def test_a_groups_label_broken_over_lines_is_no_row(pieces: tuple[str, ...]) -> None:
    assert unread(read(instead(by_cell(), LABELS["other_disposition"], *pieces))) == set()


def test_pieces_of_a_groups_label_between_its_rows() -> None:
    printed = own_line()
    label, values = (
        LABELS["denied_third_party_rights"],
        " ".join(figures("denied_third_party_rights")),
    )
    printed = instead(printed, LABELS["denied"])
    printed = instead(
        printed, f"{label} {values}", f"（三） {label[:6]}", f"不予公 {values}", f"开 {label[6:]}"
    )
    assert unread(read(printed)) == set()


@pytest.mark.parametrize("order", ["label first", "label around"])
def test_a_label_broken_around_its_figures(order: str) -> None:
    row = "unprocessed_confirm_or_reissue"
    label, values = LABELS[row], " ".join(figures(row))
    pieces = [label[:12], f"{label[12:]} {values}"]
    if order == "label around":
        pieces = [label[:12], values, label[12:]]
    assert unread(read(instead(own_line(), f"{label} {values}", *pieces))) == set()


def test_short_labels_are_known_by_the_number_the_form_gives_them() -> None:
    printed = instead(by_cell(), LABELS["denied_state_secret"], "1.国家秘密")
    assert unread(read(printed)) == set()
    printed = instead(by_cell(), LABELS["denied_state_secret"], "4.国家秘密")
    assert "denied_state_secret" in unread(read(printed))


@pytest.mark.parametrize("mark", ["|", " | ", "\t"])
def test_a_mark_on_a_line_of_its_own_between_cells_is_no_cell(mark: str) -> None:
    printed = [x for line in by_cell() for x in ("", line, "", mark)]
    assert unread(read(printed)) == set()


def test_a_whole_report_on_one_line_with_bars() -> None:
    text = (HEAD + "\n".join(by_cell())).replace("\n", "|")
    found = extract(read_bytes(text.encode()))
    assert unread(found) == set()
    assert found.agency_name == "云岭市青禾区财政局"


def test_a_line_of_nothing_that_can_be_seen_is_nothing() -> None:
    printed = instead(by_cell(), LABELS["granted_full"], "\u200b", LABELS["granted_full"], "\u200b")
    assert unread(read(printed)) == set()


def test_an_explanation_in_brackets_is_no_part_of_a_label() -> None:
    label = LABELS["unprocessed_duplicate"]
    explained = f"{label}（指同一内容的信访举报投诉类申请除外）"
    assert unread(read(instead(by_cell(), label, explained))) == set()


def test_blanks_between_printed_ends_are_known() -> None:
    def padded(row: str) -> str:
        shown = figures(row)
        return " | ".join([LABELS[row], shown[0], *[""] * 5, shown[6]]) + " |"

    printed = [padded(r.code) if r.kind != "group" else f"{r.label} |" for r in T3.rows]
    found = read(printed)
    numbers = [v.number for v in found.values if v.row == "granted_full"]
    first, *_, last = figures("granted_full")
    assert numbers == [float(first), *[None] * 5, float(last)]


def test_a_cell_printed_twice_where_another_is_blank_leaves_the_row_unread() -> None:
    def bars(row: str) -> str:
        shown = figures(row)
        if row == "granted_full":
            shown = ["", shown[1], shown[1], *shown[2:]]
        return " | ".join([LABELS[row], *shown]) + " |"

    printed = [bars(r.code) if r.kind != "group" else f"{r.label} |" for r in T3.rows]
    assert unread(read(printed)) == {"granted_full"}


def test_a_line_taken_from_its_row_to_one_further_down_leaves_all_between_unread() -> None:
    rows = ("denied_state_secret", "denied_prohibited_by_law", "denied_security_stability")
    printed = by_row()
    stray = " ".join(figures(rows[0]))
    printed.remove(stray)
    printed.insert(printed.index(" ".join(figures(rows[2]))) + 1, stray)
    assert unread(read(printed)) >= set(rows)


def test_of_several_rows_that_lack_cells_any_may_have_lost_them_to_another() -> None:
    short = {
        row: " ".join([LABELS[row], *figures(row)[:6]])
        for row in ("granted_full", "unprocessed_duplicate")
    }
    assert unread(read(own_line(**short))) == {r.code for r in T3.value_rows}


def test_a_groups_row_whose_number_stands_apart_is_printed_in_the_place_of_its_leaves() -> None:
    leaves = {r.code for r in T3.rows if r.parent == "other_disposition"}
    printed = [
        f"（六） 其他处理 {' '.join(figures('other_misc'))}"
        if r.code == "other_disposition"
        else f"{r.label} {' '.join(figures(r.code) if r.kind != 'group' else ())}".strip()
        for r in T3.rows
        if r.code not in leaves
    ]
    found = read(printed)
    assert "combined_row" in {d.code for d in found.diagnostics}
    row = [v.number for v in found.values if v.row == "other_disposition"]
    assert row == [float(n) for n in figures("other_misc")]
