"""Forms as provinces and pages change them: sums added, headers twice, tables split."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.model import Report
from govreport_core.sources import read_bytes

T3, T4 = "t3_requests", "t4_review_litigation"
Grid = list[list[str]]
Writer = Callable[[str, Grid], str]

TITLE = "青禾县财政局2023年政府信息公开工作年度报告"
T2 = {
    "form_2021": "第二十条第（一）项\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n"
    "规章\t0\t0\t0\n行政规范性文件\t1\t2\t3\n",
    "form_2019": "第二十条第（一）项\n信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量\n"
    "规章\t0\t0\t0\n规范性文件\t1\t2\t3\n",
}
LEAVES = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def figures(form: str = "form_2021") -> dict[tuple[str, str], int]:
    """A number for each cell of table 3, all different."""
    table = forms()[form].table(T3)
    cells = [(r.code, c.code) for r in table.rows for c in table.value_columns]
    return {cell: 1001 + at for at, cell in enumerate(cells)}


def body(form: str = "form_2021") -> Grid:
    """Table 3's rows as printed: a label and a figure a column; groups have none."""
    table, told = forms()[form].table(T3), figures(form)
    return [
        [row.label]
        + ["" if row.kind == "group" else str(told[row.code, c.code]) for c in table.value_columns]
        for row in table.rows
    ]


def after(rows: Grid, label: str, row: list[str]) -> Grid:
    at = next(i for i, r in enumerate(rows) if r[0] == label) + 1
    return [*rows[:at], row, *rows[at:]]


def with_column(rows: Grid, at: int, first: int = 9001) -> Grid:
    """The rows with a column more, its figures from `first` on."""
    return [[*r[:at], str(first + i) if r[1] else "", *r[at:]] for i, r in enumerate(rows)]


def tabs(form: str, rows: Grid, leaves: list[str] = LEAVES) -> str:
    lines = "".join("\t".join(r) + "\n" for r in rows)
    head = "\t".join(["", *leaves])
    return (
        f"{TITLE}\n二、主动公开政府信息情况\n{T2[form]}三、收到和处理政府信息公开申请情况\n"
        f"{head}\n{lines}"
    )


def plain(form: str, rows: Grid, leaves: list[str] = LEAVES) -> str:
    """Label and figures on a line, a header's label a line."""
    lines = "".join(" ".join(x for x in r if x) + "\n" for r in rows)
    head = "\n".join(leaves)
    return (
        f"{TITLE}\n二、主动公开政府信息情况\n{T2[form]}三、收到和处理政府信息公开申请情况\n"
        f"申请人情况\n法人或其他组织\n{head}\n{lines}"
    )


def grid(form: str, rows: Grid, leaves: list[str] = LEAVES) -> str:
    """A web page whose header has three rows, as the form prints it."""
    inside = len(leaves) - 2
    head = (
        f"<tr><td rowspan=3></td><td colspan={len(leaves)}>申请人情况</td></tr>"
        f"<tr><td rowspan=2>自然人</td><td colspan={inside}>法人或其他组织</td>"
        f"<td rowspan=2>{leaves[-1]}</td></tr>"
        "<tr>" + "".join(f"<td>{x}</td>" for x in leaves[1:-1]) + "</tr>"
    )
    lines = "".join("<tr>" + "".join(f"<td>{x}</td>" for x in r) + "</tr>" for r in rows)
    second = "".join(
        "<tr>" + "".join(f"<td>{x}</td>" for x in line.split("\t")) + "</tr>"
        for line in T2[form].splitlines()[1:]
    )
    return (
        f"<html><body><h1>{TITLE}</h1><p>二、主动公开政府信息情况</p><table>{second}</table>"
        f"<p>三、收到和处理政府信息公开申请情况</p><table>{head}{lines}</table></body></html>"
    )


WRITERS = {"tabs": tabs, "plain": plain, "grid": grid}


def read(text: str) -> Report:
    return extract(read_bytes(text.encode(), ".html" if text.startswith("<html") else ".txt"))


def codes(found: Report) -> set[str]:
    return {d.code for d in found.diagnostics}


def told(found: Report) -> dict[tuple[str, str], float]:
    return {
        (v.row, v.column): v.number for v in found.values if v.table == T3 and v.number is not None
    }


def expected(form: str = "form_2021", *without: str) -> dict[tuple[str, str], int]:
    table = forms()[form].table(T3)
    leaves = {r.code for r in table.value_rows} - set(without)
    return {cell: n for cell, n in figures(form).items() if cell[0] in leaves}


def unwrong(found: Report, form: str = "form_2021") -> bool:
    return told(found).items() <= {k: float(v) for k, v in expected(form).items()}.items()


# Sums a province added.


@pytest.mark.parametrize("label", ["小计", "9.小计", "不予公开小计"])
@pytest.mark.parametrize("writer", WRITERS)
def test_a_subtotal_row_is_no_row_of_the_form(writer: str, label: str) -> None:
    rows = after(body(), "8.属于行政查询事项", [label, *"12345678"[:7]])
    rows = after(rows, "3.补正后申请内容仍不明确", ["小计", *"2345678"])
    found = read(WRITERS[writer]("form_2021", rows))
    assert told(found) == expected()
    notes = [d for d in found.diagnostics if d.code == "subtotal_row"]
    assert [n.params["row"] for n in notes] == ["denied", "unable_to_provide"]
    assert not [d for d in found.diagnostics if d.level.value == "doubt"]


@pytest.mark.parametrize("label", ["合计", "总计"])
@pytest.mark.parametrize("writer", WRITERS)
def test_a_groups_sum_that_is_called_as_the_forms_total(writer: str, label: str) -> None:
    rows = after(body(), "8.属于行政查询事项", [label, *"1234567"])
    found = read(WRITERS[writer]("form_2021", rows))
    assert told(found) == expected()
    assert "subtotal_row" in codes(found)
    assert "rows_repeated" not in codes(found)


def test_two_totals_one_below_the_other_are_not_told_apart() -> None:
    rows = after(body(), "3.其他", ["合计", *"1234567"])
    found = read(tabs("form_2021", rows))
    assert unwrong(found)
    assert "disposed_total" not in {row for row, _ in told(found)}


@pytest.mark.parametrize("label", ["合计", "总计"])
@pytest.mark.parametrize("writer", WRITERS)
def test_the_last_groups_sum_is_not_the_total_that_is_missing(writer: str, label: str) -> None:
    rows = after(body(), "8.属于行政查询事项", [label, *"1234567"])
    rows = after(rows, "3.补正后申请内容仍不明确", [label, *"1234567"])
    rows = after(rows, "3.其他", [label, *"2345678"])
    found = read(WRITERS[writer]("form_2021", [r for r in rows if r[0] != "（七）总计"]))
    assert unwrong(found)
    assert "disposed_total" not in {row for row, _ in told(found)}
    assert told(found) == expected("form_2021", "disposed_total")


def test_a_subtotal_row_beside_its_groups_label() -> None:
    rows = [r for r in body() if r[0] != "（三）不予公开"]
    at = next(i for i, r in enumerate(rows) if r[0] == "1.属于国家秘密")
    rows = [[r[0], "", *r[1:]] for r in rows]
    rows.insert(at, ["（三）不予公开", "小计", *"1234567"])
    found = read(tabs("form_2021", rows, ["", *LEAVES]))
    assert told(found) == expected()
    assert "denied" not in {v.row for v in found.values}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("name", ["小计", "合计"])
def test_a_subtotal_column_within_legal_persons(writer: str, name: str) -> None:
    leaves = [*LEAVES[:6], name, LEAVES[6]]
    found = read(WRITERS[writer]("form_2021", with_column(body(), 7), leaves))
    assert told(found) == expected()
    assert "subtotal_column" in codes(found)


def test_a_subtotal_column_first_within_legal_persons_on_a_grid() -> None:
    leaves = [LEAVES[0], "小计", *LEAVES[1:]]
    found = read(grid("form_2021", with_column(body(), 2), leaves))
    assert told(found) == expected()


@pytest.mark.parametrize("writer", ["tabs", "plain"])
def test_a_subtotal_column_whose_place_cant_be_told_leaves_the_table_unread(writer: str) -> None:
    leaves = [LEAVES[0], "总计", "小计", *LEAVES[1:6]]
    found = read(WRITERS[writer]("form_2021", with_column(body(), 2), leaves))
    assert told(found) == {}
    assert "columns_mismatch" in codes(found)


@pytest.mark.parametrize("writer", ["tabs", "plain"])
def test_a_row_that_lacks_one_of_the_columns_is_not_read(writer: str) -> None:
    rows = with_column(body(), 7)
    short = next(i for i, r in enumerate(rows) if r[0] == "2.重复申请")
    rows[short] = rows[short][:-1]
    found = read(WRITERS[writer]("form_2021", rows, [*LEAVES[:6], "小计", LEAVES[6]]))
    assert unwrong(found)
    assert "unprocessed_duplicate" not in {row for row, _ in told(found)}


CASES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


def cases_grid(added: int | None, name: str = "合计") -> str:
    """Table 4 as a grid; `added` is where a column more stands, under 行政诉讼 or at the end."""
    third = [f"<td>{x}</td>" for x in CASES * 3]
    wide = 10
    if added is not None and added < 15:
        third.insert(added, f"<td>{name}</td>")
        wide = 11
    end = f"<td rowspan=3>{name}</td>" if added == 15 else ""
    values = [str(2001 + i) for i in range(15)]
    if added is not None:
        values.insert(added, "77")
    return (
        f"<html><body><h1>{TITLE}</h1><table><tr><td>信息内容</td><td>本年制发件数</td>"
        "<td>本年废止件数</td><td>现行有效件数</td></tr><tr><td>规章</td><td>0</td><td>0</td>"
        "<td>0</td></tr></table><p>四、政府信息公开行政复议、行政诉讼情况</p><table>"
        f"<tr><td colspan=5 rowspan=2>行政复议</td><td colspan={wide}>行政诉讼</td>{end}</tr>"
        f"<tr><td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr>"
        f"<tr>{''.join(third)}</tr>"
        f"<tr>{''.join(f'<td>{v}</td>' for v in values)}</tr></table></body></html>"
    )


@pytest.mark.parametrize("added", [None, 15])
def test_a_sum_over_all_cases_is_no_column_of_table_four(added: int | None) -> None:
    found = read(cases_grid(added))
    assert [v.number for v in found.values if v.table == T4] == [2001 + i for i in range(15)]
    assert ("subtotal_column" in codes(found)) == (added is not None)


def test_a_sum_of_table_four_in_lines() -> None:
    head = "行政复议\n行政诉讼\n未经复议直接起诉\n复议后起诉\n" + "\n".join(CASES * 3) + "\n合计\n"
    values = " ".join(str(2001 + i) for i in range(15))
    text = (
        f"{plain('form_2021', body())}四、政府信息公开行政复议、行政诉讼情况\n{head}{values} 77\n"
    )
    found = read(text)
    assert [v.number for v in found.values if v.table == T4] == [2001 + i for i in range(15)]
    assert "subtotal_column" in codes(found)


# Forms and years that differ, rows joined.


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("form", ["form_2019", "form_2021"])
def test_the_form_is_found_by_its_columns_whatever_the_year(form: str, writer: str) -> None:
    other = {"form_2019": "2022", "form_2021": "2019"}[form]
    found = read(WRITERS[writer](form, body(form)).replace("2023", other))
    assert (found.form, found.year) == (form, int(other))
    assert told(found) == expected(form)


@pytest.mark.parametrize("writer", WRITERS)
def test_other_disposition_as_one_row_on_the_form_of_2021(writer: str) -> None:
    leaves = ("other_uncorrected_overdue", "other_fee_unpaid", "other_misc")
    labels = {r.label for r in forms()["form_2021"].table(T3).rows if r.code in leaves}
    rows = [r for r in body() if r[0] not in labels]
    at = next(i for i, r in enumerate(rows) if r[0] == "（六）其他处理")
    rows[at] = ["（六）其他处理", *"4000000"]
    rows[at][-1] = "4"
    found = read(WRITERS[writer]("form_2021", rows))
    combined = [v.number for v in found.values if v.row == "other_disposition"]
    assert combined == [4, 0, 0, 0, 0, 0, 4]
    assert told(found) == expected("form_2021", *leaves) | {
        ("other_disposition", c.code): n
        for c, n in zip(
            forms()["form_2021"].table(T3).value_columns, (4, 0, 0, 0, 0, 0, 4), strict=True
        )
    }
    assert {v.state.value for v in found.values if v.row in leaves} == {"absent"}


# What pages do to tables.


@pytest.mark.parametrize("writer", ["tabs", "plain"])
@pytest.mark.parametrize("mark", ["", "- 3 -\n", "第 3 页\n"])
def test_a_header_printed_again_after_a_page_break(writer: str, mark: str) -> None:
    text = WRITERS[writer]("form_2021", body())
    head = "\t".join(["", *LEAVES]) if writer == "tabs" else "\n".join(LEAVES)
    label = "（四）无法提供"
    found = read(text.replace(f"\n{label}", f"\n{mark}{head}\n{label}"))
    assert told(found) == expected()


def test_a_grid_split_in_two_with_its_header_again() -> None:
    page = grid("form_2021", body())
    head = page[page.rindex("<table>") + 7 : page.index("<tr><td>一、本年新收")]
    at = page.index("<tr><td>（四）无法提供")
    for between in ("</table><table>", "</table><p>- 3 -</p><table>", ""):
        found = read(page[:at] + between + head + page[at:])
        assert told(found) == expected()
    # Without the header again the rows go on as they are.
    assert told(read(page[:at] + "</table><table>" + page[at:])) == expected()


@pytest.mark.parametrize("writer", WRITERS)
def test_headings_and_captions_may_be_missing(writer: str) -> None:
    text = WRITERS[writer]("form_2021", body())
    for words in (
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "第二十条第（一）项\n",
    ):
        text = text.replace(words, "")
    found = read(text)
    assert found.form == "form_2021"
    assert told(found) == expected()
    second = [v.number for v in found.values if v.row == "normative_documents"]
    assert second == [1, 2, 3]


# Labels in other characters.

TRADITIONAL = {
    "数量": "數量",
    "结转": "結轉",
    "结果": "結果",
    "国家": "國家",
    "总计": "總計",
    "机构": "機構",
}
RADICALS = {
    "一": "⼀",
    "行政": "⾏政",
    "自然人": "⾃然⼈",
    "其他": "其\u200b他",
    "公开": "公\ufeff开",
}
PINYIN = {
    "予以公开": "予(yǔ)以公(gōng)开",
    "结转": "结zhuǎn转",
    "信访": "信（fang）访",
    "商业": "商(shāng)业",
}


@pytest.mark.parametrize("other", [TRADITIONAL, RADICALS, PINYIN])
@pytest.mark.parametrize("writer", WRITERS)
def test_labels_in_other_characters_are_the_same_labels(writer: str, other: dict[str, str]) -> None:
    text = WRITERS[writer]("form_2021", body())
    for plainly, printed in other.items():
        text = text.replace(plainly, printed)
    found = read(text)
    assert found.form == "form_2021"
    assert told(found) == expected()
    assert "label_damaged" not in codes(found)


def test_pinyin_set_above_a_label() -> None:
    ruby = "<ruby>公<rp>(</rp><rt>gōng</rt><rp>)</rp>开<rt>kāi</rt></ruby>"
    found = read(grid("form_2021", body()).replace("予以公开", f"予以{ruby}"))
    assert told(found) == expected()


def test_a_sum_below_the_rows_of_table_two() -> None:
    text = tabs("form_2021", body()).replace(
        "行政规范性文件\t1\t2\t3\n", "行政规范性文件\t1\t2\t3\n合计\t1\t2\t3\n"
    )
    found = read(text)
    assert [v.number for v in found.values if v.row == "normative_documents"] == [1, 2, 3]
    assert "subtotal_row" in codes(found)
    assert not [d for d in found.diagnostics if d.level.value == "doubt"]


def test_figures_in_the_cells_as_people_write_them() -> None:
    rows = body()
    printed = ["１２", "1,234", "22（其中修订16件）", "十二", "？ 0", "0/0", "本单位未制作规章"]
    at = next(i for i, r in enumerate(rows) if r[0] == "2.重复申请")
    rows[at] = ["2.重复申请", *printed]
    for writer in (tabs, grid):
        found = read(writer("form_2021", rows))
        row = [v for v in found.values if v.row == "unprocessed_duplicate"]
        assert [v.number for v in row] == [12, 1234, 22, 12, None, None, None]
        assert [v.state.value for v in row[4:]] == ["unreadable", "unreadable", "text"]
        assert unwrong(read(writer("form_2021", body())))
