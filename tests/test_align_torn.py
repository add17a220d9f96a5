"""Figures and words that a converter tears, cuts or sets lower: what may be a part is unread."""

from __future__ import annotations

import random

import pytest
from sheet_2014 import HEAD as HEAD_2014
from sheet_2014 import TABLE, rows
from test_align import GLUED
from test_align_flow import HEAD, LABELS, T3, figures

from govreport_core.align.gathering import Gathering
from govreport_core.align.lines import Line
from govreport_core.align.tables.cases import align_cases
from govreport_core.align.tables.torn import cuts_figures
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.model import Cell, Layout, Report
from govreport_core.samples import agencies, draw_report, form_cells, render
from govreport_core.samples.trials.roundtrip import with_figures
from govreport_core.sources import read_bytes

T4 = forms()["form_2021"].table("t4_review_litigation")


def read(text: str) -> Report:
    return extract(read_bytes(text.encode()))


def numbers(found: Report, row: str) -> list[float | None]:
    return [v.number for v in found.values if (v.table, v.row) == (T3.code, row)]


def own(row: str) -> list[float]:
    return [float(n) for n in figures(row)]


def by_row(**other: str) -> str:
    """Each row's label and figures on a line; some rows printed otherwise."""
    lines = [
        other.get(r.code, " ".join([r.label, *(figures(r.code) if r.kind != "group" else ())]))
        for r in T3.rows
    ]
    return HEAD + "\n".join(lines) + "\n"


def test_figures_below_a_full_row_may_be_the_ends_of_its_own() -> None:
    row = "requests_carried_forward"
    torn = f"{LABELS[row]} 1551621 904 526 613 884 558 701\n8\n"
    found = read(by_row(**{row: torn}))
    assert numbers(found, row) == [None] * 7
    assert numbers(found, "disposed_total") == own("disposed_total")


def test_an_end_below_does_not_fill_the_place_of_a_blank() -> None:
    torn = f"{LABELS['granted_full']} 1551621 904 526 613 884 558\n8"
    found = read(by_row(granted_full=torn))
    assert numbers(found, "granted_full") == [None] * 7
    assert numbers(found, "granted_partial") == own("granted_partial")


def test_a_figure_cut_within_its_thousands_makes_all_rows_unread() -> None:
    row = "disposed_total"
    begun = (
        "（七 27492 74804 96,99 55104 73,09 36,09 94880\n）总计 983 501 5,906 270 2,855 8,834 991"
    )
    found = read(by_row(**{row: begun}))
    assert not any(v.number is not None for v in found.values if v.table == T3.code)


@pytest.mark.parametrize("figure", ["2,496", "1,002,496", "2496"])
def test_commas_where_thousands_are_tear_nothing(figure: str) -> None:
    found = read(by_row(granted_full=f"{LABELS['granted_full']} {figure} 0 0 0 0 0 {figure}"))
    number = float(figure.replace(",", ""))
    assert numbers(found, "granted_full") == [number, 0, 0, 0, 0, 0, number]


@pytest.mark.parametrize(("printed", "number"), [("2,496", 2496.0), ("2\n,496", None)])
def test_a_fee_that_goes_on_below_is_unread(printed: str, number: float | None) -> None:
    fee = ("t2_art20_8", "administrative_fees", "fee_amount")
    drawn = draw_report(agencies(1)[0], 2023, seed=3)
    sample = with_figures(drawn, dict.fromkeys(form_cells(drawn.form), 7.0) | {fee: 987654.0})
    text = render(sample, "cells", seed=3).replace("987654", printed)
    assert printed in text
    found = {(v.table, v.row, v.column): v.number for v in read(text).values}
    assert found[fee] == number


@pytest.mark.parametrize(("figure", "number"), [("2023", None), ("2123", 2123.0)])
def test_a_year_alone_above_its_label_may_be_of_another_line(
    figure: str, number: float | None
) -> None:
    fee = ("t2_art20_8", "administrative_fees", "fee_amount")
    drawn = draw_report(agencies(1)[0], 2023, seed=3)
    sample = with_figures(drawn, dict.fromkeys(form_cells(drawn.form), 7.0) | {fee: 987654.0})
    below = render(sample, "cells", seed=3).replace("\t", "")
    label = "行政事业性收费\n"
    assert f"{label}987654\n" in below
    above = below.replace(f"{label}987654\n", f"{figure}\n{label}")
    found = {(v.table, v.row, v.column): v.number for v in read(above).values}
    assert found[fee] == number
    beside = below.replace("987654", figure)
    found = {(v.table, v.row, v.column): v.number for v in read(beside).values}
    assert found[fee] == float(figure)


def by_turns(above: str, own: str) -> Report:
    """A row whose values stand below its label, the next one's beside its own; one row is short."""
    short = "requests_carried_forward"
    return read(
        by_row(
            **{short: f"{LABELS[short]} 1 2 3"},
            granted_full=f"{LABELS['granted_full']}\n{above}",
            granted_partial=f"{LABELS['granted_partial']} {own}",
        )
    )


def test_figures_all_long_above_a_row_may_begin_its_own() -> None:
    found = by_turns("15516 9040 5261 613 8840 5587 7012", "1 3 5 7 9 11 13")
    assert numbers(found, "granted_partial") == [None] * 7


def test_a_single_digit_above_is_no_beginning() -> None:
    found = by_turns("15516 9040 0 613 0 5587 7012", "1 3 5 7 9 11 13")
    assert numbers(found, "granted_full") == [15516, 9040, 0, 613, 0, 5587, 7012]
    assert numbers(found, "granted_partial") == [1, 3, 5, 7, 9, 11, 13]


def test_small_figures_are_not_torn() -> None:
    row = "requests_carried_forward"
    found = read(by_row(**{row: f"{LABELS[row]} 3 0 0 0 0 0 3\n8\n"}))
    assert numbers(found, row) == [3, 0, 0, 0, 0, 0, 3]


def test_a_piece_of_a_figure_beside_the_label_makes_its_row_unread() -> None:
    found = read(by_row(granted_full=f"{LABELS['granted_full']} 59,425, 7 25,622 1 2 3 4 5"))
    assert numbers(found, "granted_full") == [None] * 7


@pytest.mark.parametrize("torn", [False, True])
def test_where_words_are_torn_and_figures_blank_a_full_row_may_have_both(torn: bool) -> None:
    label = "（一）予以 公开" if torn else "（一）予以公开"
    found = read(
        by_row(
            granted_full=f"{label} 49 19 9550 966 8 568 8448",
            granted_partial=f"{LABELS['granted_partial']} 1 2 3",
        )
    )
    expected: list[float | None] = [49, 19, 9550, 966, 8, 568, 8448]
    assert numbers(found, "granted_full") == ([None] * 7 if torn else expected)


def test_a_short_label_with_another_rows_number_is_the_piece_of_a_label() -> None:
    """A page ends within 2.其他法律行政法规禁止公开, as it is read before the next one's head."""
    row = "denied_prohibited_by_law"
    found = read(by_row(**{row: "2.其他 170 0 7402 2944 0 4103 2312"}))
    assert numbers(found, "other_misc") == own("other_misc")
    lost = by_row(**{row: "2.其他 170 0 7402 2944 0 4103 2312"}).replace(
        " ".join([LABELS["other_misc"], *figures("other_misc")]) + "\n", ""
    )
    assert not any(numbers(read(lost), "other_misc"))


def cases(*lines: str) -> Report:
    heads = " ".join(c.label for c in T4.columns)
    return read(
        f"{HEAD}四、政府信息公开行政复议、行政诉讼情况\n{heads}\n" + "\n".join(lines) + "\n"
    )


def decided(found: Report) -> list[float | None]:
    return [v.number for v in found.values if v.table == T4.code]


def test_cases_on_one_line_or_one_a_line_are_in_their_order() -> None:
    printed = [str(n) for n in range(501, 516)]
    expected = list(map(float, printed))
    assert decided(cases(" ".join(printed))) == expected
    assert decided(cases(*printed)) == expected


def test_cases_on_some_lines_of_several_may_stand_in_another_order() -> None:
    found = cases(
        "/", "8599", "7104", "1804 — 6049 6988", "9727", "/", "6666", "/", "7305 7634", "无 无"
    )
    assert decided(found) == [None] * 15


@pytest.mark.parametrize("torn", [False, True])
def test_on_one_line_a_torn_label_makes_full_rows_doubtful(torn: bool) -> None:
    label = "二、上年结转 政府信息公开申请数量" if torn else "二、上年结转政府信息公开申请数量"
    text = GLUED.replace("数量15130000154", "数量 1 2 3 ").replace(
        "二、上年结转政府信息公开申请数量0000000", f"{label} 49 19 9550 966 8 568 8448 "
    )
    expected: list[float | None] = [49, 19, 9550, 966, 8, 568, 8448]
    assert numbers(read(text), "requests_carried_over") == ([None] * 7 if torn else expected)


def test_an_amount_that_goes_on_beside_the_end_of_its_label_is_unread() -> None:
    printed = {r.code: str(1001 + i) for i, r in enumerate(TABLE.value_rows)}
    lines = []
    for label, unit, number in rows(printed, random.Random("torn")):  # noqa: S311 - no secret
        if number == printed["o14_budget"]:
            lines += [f"{label[:-4]} {unit} 592.2", f"{label[-4:]} 5"]
        else:
            lines.append(f"{label} {unit} {number}")
    text = f"{HEAD_2014}政府信息公开情况统计表\n统计指标 单位 统计数\n" + "\n".join(lines) + "\n"
    found = {v.row: v.number for v in read(text).values}
    assert found["o14_budget"] is None
    others = [n for row, n in found.items() if row in printed and row != "o14_budget"]
    assert sum(n is not None for n in others) >= len(others) - 1


def test_a_report_on_one_line_with_tabs_between_its_cells_is_a_line_a_cell() -> None:
    found = read("\t".join(by_row().split()) + "\n")
    for row in ("granted_full", "disposed_total"):
        assert numbers(found, row) == own(row)


@pytest.mark.parametrize(("above", "read_"), [("7056481", False), ("7056", True)])
def test_figures_cut_at_the_same_place_make_all_rows_unread(above: str, read_: bool) -> None:
    row = "granted_full"
    cut = " ".join(str(int(above) + i) for i in range(7))
    found = read(by_row(**{row: f"{cut}\n{LABELS[row]}\n9 9 3 4 6 3 2"}))
    assert (numbers(found, "disposed_total") == own("disposed_total")) is read_


@pytest.mark.parametrize(("above", "read_"), [("70564", False), ("7056", True)])
def test_pieces_of_a_label_may_stand_between_figures_and_their_ends(
    above: str, read_: bool
) -> None:
    row = "denied_security_stability"
    cut = " ".join(str(int(above) + i) for i in range(6))
    found = read(by_row(**{row: f"3.危\n{cut}\n及“三\n安全一\n稳定”\n9 9 3 4 6 3 2"}))
    assert (numbers(found, "disposed_total") == own("disposed_total")) is read_


@pytest.mark.parametrize(
    ("label", "known"),
    [
        ("本 机关不掌握相关政府信息", False),
        ("本\n机关不掌握相关政府信息", False),
        ("本机关不掌握相关\n政府信息", True),
        ("本机关不掌握相关政府信息", True),
    ],
)
def test_a_label_whose_first_piece_is_the_short_one_leaves_rows_of_columns_unread(
    label: str, known: bool
) -> None:
    row = "unable_not_held"
    found = read(by_row(**{row: f"{label}\n" + "\n".join(figures(row))}))
    wanted = own("granted_partial") if known else [None] * 7
    assert numbers(found, "granted_partial") == wanted


def test_a_row_with_more_figures_than_columns_leaves_the_others_unread() -> None:
    row = "granted_full"
    found = read(by_row(**{row: f"{LABELS[row]} 155 1 904 526 613 884 558 701"}))
    assert numbers(found, "granted_partial") == [None] * 7


def test_a_row_of_cases_printed_as_two_is_unread_even_where_they_agree() -> None:
    def line(texts: list[str]) -> Line:
        return Line(tuple(Cell(text, "table:1", 0, len(text)) for text in texts), Layout.GRID)

    first, second = (["98", "59", "90", "87", *["0"] * 11], ["56", "42", "14", "87", *["0"] * 11])
    for rows_, sure in (([first], True), ([first, second], False)):
        gathered = Gathering("form_2021")
        align_cases([line(row) for row in rows_], 0, T4.code, gathered)
        pending = gathered.cells[T4.code, "cases"][3]
        assert (None not in pending) is sure


@pytest.mark.parametrize("below", [",244", ""])
def test_cases_whose_figures_go_on_below_are_unread(below: str) -> None:
    def plain(text: str) -> Line:
        return Line((Cell(text, "line:1", 0, len(text)),), None)

    rows_ = [" ".join(["52,383"] * 15), " ".join([below] * 15)]
    gathered = Gathering("form_2021")
    align_cases([plain(row) for row in rows_ if row.strip()], 0, T4.code, gathered)
    assert (None in gathered.cells[T4.code, "cases"][3]) is bool(below)


@pytest.mark.parametrize("space", ["", " ", "\u200b"])
def test_ends_of_long_figures_are_seen_whatever_stands_behind_them(space: str) -> None:
    def cut(above: str) -> bool:
        texts = (f"{above}{space}", "12 34 56")
        return cuts_figures([Line((Cell(x, "line:1", 0, len(x)),), None) for x in texts])

    assert cut("行政许可 123456 234567 345678")
    assert not cut("行政许可 123456 234567 345678件")
