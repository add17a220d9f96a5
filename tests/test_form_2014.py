"""The 统计表 of 2014-2018: recognised by its rows, each number under its own indicator."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from office_files import docx, ods, p, tbl, xls
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table
from sheet_2014 import (
    DAMAGES,
    HEAD,
    LAYOUTS,
    TABLE,
    draw,
    html,
    row_lines,
    rows,
    tabs,
    write,
)

from govreport_core.build import pipeline
from govreport_core.checks.rules import catalogue
from govreport_core.dataset.export import Choice, wide
from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.model import Report
from govreport_core.sources import read_bytes

SUFFIX = {"html": ".html", "pipes": ".md"}
DOCUMENTS = 30  # a layout; 210 in all

Damage = Callable[[str, random.Random], str]


def seeded(*words: object) -> random.Random:
    return random.Random(" ".join(map(str, words)))  # noqa: S311 - test data, not a secret


def read(text: str, suffix: str = ".txt") -> Report:
    return extract(read_bytes(text.encode(), suffix))


def numbers(found: Report) -> dict[str, float | None]:
    return {v.row: v.number for v in found.values if v.table == "o14"}


def states(found: Report) -> dict[str, str]:
    return {v.row: v.state.value for v in found.values if v.table == "o14"}


def codes(found: Report) -> set[str]:
    return {d.code for d in found.diagnostics}


def counting() -> dict[str, str]:
    """What each row prints, from 1001 on in the form's order."""
    return {row.code: str(1001 + i) for i, row in enumerate(TABLE.value_rows)}


def lined(changed: dict[str, str] | None = None, header: str = "统计指标\t单位\t统计数\n") -> str:
    """A sheet with tabs, some of its lines written otherwise (empty: left out)."""
    printed = counting()
    body = "".join(
        (changed or {}).get(row.code, f"{row.label}\t{row.unit or '——'}\t{value}\n")
        for row in TABLE.rows
        for value in (printed.get(row.code, "——"),)
    )
    return f"{HEAD}政府信息公开情况统计表\n{header}{body}"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_written_is_what_is_read(layout: str) -> None:
    cells = right = 0
    for seed in range(DOCUMENTS):
        rng = seeded(layout, seed)
        drawn = draw(rng)
        text = LAYOUTS[layout](write(drawn, rng), rng)
        found = read(text, SUFFIX.get(layout, ".txt"))
        assert found.form == "form_2014"
        told = numbers(found)
        assert list(told) == list(drawn)
        wrong = {k: n for k, n in told.items() if n is not None and n != drawn[k]}
        assert wrong == {}
        cells += len(told)
        right += sum(n is not None for n in told.values())
    # A label broken so that its rest reads as another row's is left unread.
    assert right >= cells * (0.99 if layout == "wrapped" else 1)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "html"])
def test_damage_never_moves_a_figure_to_another_row(layout: str, damage: Damage) -> None:
    owner = {float(value): row for row, value in counting().items()}
    rng = seeded(layout, damage)
    kept = 0
    for _ in range(40):
        text = LAYOUTS[layout](counting(), rng)
        try:
            found = read(damage(text, rng), SUFFIX.get(layout, ".txt"))
        except SourceError:
            continue
        for row, number in numbers(found).items():
            assert number not in owner or owner[number] == row
            kept += number is not None
    assert kept > 0


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_number_left_out_is_never_taken_from_another_row(layout: str) -> None:
    rng = seeded("blank", layout)
    for _ in range(20):
        printed = counting()
        blank = set(rng.sample(list(printed), rng.randint(1, 12)))
        text = LAYOUTS[layout](printed | dict.fromkeys(blank, ""), rng)
        found = read(text, SUFFIX.get(layout, ".txt"))
        for row, number in numbers(found).items():
            assert number is None if row in blank else number in (None, float(printed[row]))


def test_blank_cells_that_can_be_seen_are_blank_and_others_unreadable() -> None:
    printed = counting() | {"o14_complaints": "", "o14_review": "/"}
    shown = states(read(tabs(printed, seeded())))
    assert (shown["o14_complaints"], shown["o14_review"]) == ("blank", "placeholder")
    hidden = states(read(row_lines(printed, seeded())))
    assert (hidden["o14_complaints"], hidden["o14_review"]) == ("unreadable", "placeholder")
    assert hidden["o14_fees"] == "reported"


def test_amounts_are_stored_in_ten_thousand_yuan_by_the_unit_printed_beside_them() -> None:
    text = lined(
        {
            "o14_fees": "七、依申请公开信息收取的费用\t元\t2500\n",
            "o14_budget": "（四）政府信息公开专项经费\t万元\t12.5\n",
        }
    )
    values = {v.row: v for v in read(text).values}
    assert (values["o14_fees"].number, values["o14_fees"].unit) == (0.25, "元")
    assert (values["o14_budget"].number, values["o14_budget"].unit) == (12.5, "万元")
    assert values["o14_trainees"].unit == "人次"


def test_an_amount_without_its_unit_is_not_read() -> None:
    text = lined({"o14_fees": "七、依申请公开信息收取的费用\t\t2500\n"})
    assert states(read(text))["o14_fees"] == "unreadable"


def test_a_count_beside_the_unit_of_an_amount_is_not_read() -> None:
    text = lined({"o14_complaints": "六、举报投诉数量\t万元\t3\n"})
    found = read(text)
    assert states(found)["o14_complaints"] == "unreadable"
    assert "values_uncertain" in codes(found)


def test_rows_of_one_name_belong_to_the_row_above_them() -> None:
    told = numbers(read(lined()))
    printed = counting()
    for row in ("o14_review_corrected", "o14_litigation_corrected", "o14_litigation_other"):
        assert told[row] == float(printed[row])


def test_rows_of_one_name_stay_unread_where_it_could_be_either() -> None:
    lost = dict.fromkeys(
        ("o14_review_other", "o14_litigation", "o14_litigation_upheld", "o14_litigation_corrected"),
        "",
    )
    told = numbers(read(lined(lost)))
    assert told["o14_review_corrected"] == float(counting()["o14_review_corrected"]) or (
        told["o14_review_corrected"] is None
    )
    assert told["o14_review_other"] is None
    assert told["o14_litigation_other"] is None


def test_the_lawsuits_row_may_be_called_as_the_reviews_is() -> None:
    text = lined({"o14_litigation_upheld": "（一）维持具体行政行为数\t件\t77\n"})
    told = numbers(read(text))
    assert told["o14_litigation_upheld"] == 77
    assert told["o14_review_upheld"] == float(counting()["o14_review_upheld"])


def test_a_page_break_repeats_the_header() -> None:
    again = "- 7 -\n统计指标\t单位\t统计数\n三、依申请公开情况\t——\t——\n"
    told = numbers(read(lined({"o14_requests": again})))
    assert told == {row: float(value) for row, value in counting().items()}


def test_a_column_of_remarks_is_not_the_number() -> None:
    text = lined(header="统计指标\t单位\t统计数\t备注\n")
    body = "\n".join(
        f"{line}\t{'3' if '申请数' in line else ''}" if line.count("\t") == 2 else line
        for line in text.split("\n")
    )
    told = numbers(read(body))
    assert told == {row: float(value) for row, value in counting().items()}
    narrow = body.replace("1.当面申请数\t件\t1018\t3", "1.当面申请数\t件\t3")
    assert numbers(read(narrow))["o14_received_in_person"] is None


OTHER = "7"  # what a column that isn't the form's prints


def columned(header: str, line: str, blank: set[str], as_grid: bool = False) -> str:
    """A sheet with columns of its own; `line` takes label, unit, number and the other's number.

    A row in `blank` has the other's number alone, any other its own alone.
    """
    printed = counting()
    lines = [header] if header else []
    for row in TABLE.rows:
        own = "" if row.code in blank else printed.get(row.code, "")
        other = OTHER if row.code in blank else ""
        lines.append(line.format(label=row.label, unit=row.unit or "", own=own, other=other))
    if as_grid:
        cells = ["".join(f"<td>{c}</td>" for c in x.split("\t")) for x in lines]
        table = "".join(f"<tr>{x}</tr>" for x in cells)
        prose = "".join(f"<p>{x}</p>" for x in HEAD.splitlines())
        return (
            f"<html><body>{prose}<p>政府信息公开情况统计表</p><table>{table}</table></body></html>"
        )
    return f"{HEAD}政府信息公开情况统计表\n" + "\n".join(lines) + "\n"


def left_blank() -> set[str]:
    return set(seeded("columns").sample(list(counting()), 15))


@pytest.mark.parametrize("as_grid", [False, True])
@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("统计指标\t单位\t上年数\t统计数", "{label}\t{unit}\t{other}\t{own}"),
        ("统计指标\t单位\t统计数\t上年数", "{label}\t{unit}\t{own}\t{other}"),
        ("统计指标\t代码\t单位\t统计数", "{label}\t7\t{unit}\t{own}"),
        ("序号\t统计指标\t单位\t统计数", "7\t{label}\t{unit}\t{own}"),
    ],
)
def test_only_the_cell_below_the_numbers_header_is_the_number(
    header: str, line: str, as_grid: bool
) -> None:
    blank = left_blank()
    found = read(columned(header, line, blank, as_grid), ".html" if as_grid else ".txt")
    told, shown = numbers(found), states(found)
    for row, value in counting().items():
        assert told[row] == (None if row in blank else float(value))
        assert (shown[row] == "blank") == (row in blank)


@pytest.mark.parametrize("as_grid", [False, True])
@pytest.mark.parametrize(
    "header",
    ["统计指标\t单位\t2016年\t2015年", "统计指标\t单位\t本机关\t全系统", ""],
    ids=["years", "scopes", "none"],
)
def test_two_columns_of_numbers_without_the_forms_header_are_not_read(
    header: str, as_grid: bool
) -> None:
    text = columned(header, "{label}\t{unit}\t{own}\t{other}", left_blank(), as_grid)
    found = read(text, ".html" if as_grid else ".txt")
    assert found.form == "form_2014"
    assert set(states(found).values()) == {"unreadable"}


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("统计指标 单位 2016年 2015年", "{label} {unit} {own}{other}"),
        ("统计指标\n单位\n2016年\n2015年", "{label}\n{unit}\n{own}{other}"),
        ("统计指标 单位 统计数 上年数", "{label} {unit} {own}{other}"),
        ("指标名称 代码 单位 统计数", "{label} 7 {unit} {own}"),
        ("", "{label} 7 {unit} {own}"),
    ],
)
def test_in_lines_one_number_of_two_columns_is_either_ones(header: str, line: str) -> None:
    text = columned(header, line, left_blank())
    assert 7.0 not in numbers(read(text)).values()


@pytest.mark.parametrize("number_alone", [False, True])
def test_a_page_number_where_a_number_is_missing_is_not_the_rows(number_alone: bool) -> None:
    printed = counting()
    text = row_lines(printed, seeded("page"))
    for row, page in (("o14_complaints", "12"), ("o14_refuse", "11")):
        unit = next(r.unit for r in TABLE.value_rows if r.code == row)
        end = f" {unit} {printed[row]}\n"
        assert end in text
        text = text.replace(end, f"\n{unit}\n{page}\n" if number_alone else f" {unit}\n{page}\n")
    told = numbers(read(text))
    assert (told.pop("o14_complaints"), told.pop("o14_refuse")) == (None, None)
    assert all(number in (None, float(printed[row])) for row, number in told.items())
    assert sum(number is not None for number in told.values()) > len(told) // 2


def test_two_indicators_side_by_side() -> None:
    printed = counting()
    ordered = list(rows(printed, seeded(3)))
    half = (len(ordered) + 1) // 2
    body = ""
    for i, left in enumerate(ordered[:half]):
        right = ordered[half + i] if half + i < len(ordered) else ("", "", "")
        body += "\t".join((*left, *right)) + "\n"
    head = "统计指标\t单位\t统计数\t统计指标\t单位\t统计数\n"
    told = numbers(read(f"{HEAD}政府信息公开情况统计表\n{head}{body}"))
    read_right = {k: n for k, n in told.items() if n is not None}
    assert read_right.items() <= {k: float(v) for k, v in printed.items()}.items()
    # The rows of one name alone can't be told apart when their order is gone.
    assert len(told) - len(read_right) <= 5


def test_a_number_without_a_row_is_a_doubt_and_no_ones() -> None:
    text = lined({"o14_complaints": "六、省里加的一项\t件\t55\n"})
    found = read(text)
    assert "row_unplaced" in codes(found)
    assert states(found)["o14_complaints"] == "unreadable"
    assert 55.0 not in numbers(found).values()


def test_values_above_their_labels_are_not_read_as_the_next_rows() -> None:
    printed = counting()
    body = "".join(f"{c}\n{a}\n{b}\n" for a, b, c in rows(printed, seeded(5)))
    told = numbers(read(f"{HEAD}政府信息公开情况统计表\n{body}"))
    assert set(told.values()) == {None}


def test_the_prose_around_the_sheet_keeps_its_sections_and_points() -> None:
    found = read(tabs(counting(), seeded(7)))
    assert [s.section for s in found.sections] == [
        "s1_overview",
        "s2_proactive",
        "s3_requests",
        "o14_charges",
        "s5_problems",
        "s6_other",
        "o14_sheet",
    ]
    assert (found.year, found.agency_name) == (2016, "青禾县水务局")
    assert [p.kind for p in found.points] == ["problem", "problem"]
    assert not {"section_number_odd", "heading_unnumbered"} & codes(found)


def test_the_form_is_told_by_its_rows_where_the_header_is_missing() -> None:
    found = read(lined(header=""))
    assert found.form == "form_2014"
    assert "form_by_rows" in codes(found)
    assert numbers(found)["o14_received"] == float(counting()["o14_received"])


def test_an_older_list_that_shares_some_rows_is_of_no_known_form() -> None:
    older = (
        f"{HEAD}政府信息公开情况统计表\n指标\t单位\t统计数\n"
        "主动公开文件数\t条\t12\n收到申请总数\t条\t9\n1.当面申请数\t条\t1\n2.传真申请数\t条\t2\n"
        "3.电子邮件申请数\t条\t3\n4.信函申请数\t条\t3\n对申请的答复总数\t条\t9\n"
        "同意公开答复数\t条\t8\n同意部分公开答复数\t条\t1\n行政复议数\t件\t0\n"
    )
    found = read(older)
    assert found.form is None
    assert found.values == ()


def as_pages(table: list[tuple[str, str, str]]) -> bytes:
    """A PDF of several pages, each with the header again, ruled and with broken labels."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=9, wordWrap="CJK")
    out = BytesIO()
    drawn = Table(
        [[Paragraph(text, style) for text in row] for row in table],
        colWidths=[230, 50, 80],
        repeatRows=1,
        style=[("GRID", (0, 0), (-1, -1), 0.5, "black")],
    )
    title = Paragraph(HEAD.splitlines()[0], style)
    SimpleDocTemplate(out, pagesize=A4).build([title, Paragraph("一、概述", style), drawn])
    return out.getvalue()


@pytest.mark.parametrize("suffix", [".html", ".docx", ".ods", ".xls", ".pdf"])
def test_every_format_reads_as_the_text_does(suffix: str) -> None:
    printed, rng = counting(), seeded(1)
    table = [("指标名称", "单位", "统计数"), *rows(printed, rng)]
    title = HEAD.splitlines()[0]
    sheet = {(0, 0): title} | {
        (at, col): text for at, row in enumerate(table, 2) for col, text in enumerate(row)
    }
    files = {
        ".html": lambda: html(printed, rng).encode(),
        ".docx": lambda: docx(p(title), p("一、概述"), tbl(*table)),
        ".ods": lambda: ods(sheet),
        ".xls": lambda: xls((sheet, ())),
        ".pdf": lambda: as_pages(table),
    }
    found = extract(read_bytes(files[suffix](), suffix))
    assert found.form == "form_2014"
    assert numbers(found) == {row: float(value) for row, value in printed.items()}


OLD = (
    "青禾县教育局2010年政府信息公开工作年度报告\n"
    "现公布本机关2010年度报告，统计期限为2010年1月1日至12月31日。\n"
    "一、概述\n2010年，本局把公开列入全年要点，人员与场所都已落实。\n"
    "二、主动公开政府信息的情况\n（一）内容\n公开招生与收费信息三百余条。\n"
    "三、依申请公开政府信息情况\n当面申请数为2件，其余没有。\n"
    "四、政府信息公开的收费及减免情况\n没有收取费用。\n"
    "五、因政府信息公开申请行政复议、提起行政诉讼的情况\n没有复议和诉讼。\n"
    "六、政府信息公开工作存在的主要问题和改进措施\n"
    "一是目录编排不够清楚；二是更新不够及时。下一步工作打算：一是重编目录；二是定期检查。\n"
    "七、其他需要报告的事项\n无。\n青禾县教育局\n2011年3月20日\n"
)


@pytest.mark.parametrize("glued", [False, True])
def test_a_free_report_keeps_its_identity_sections_and_points(glued: bool) -> None:
    title, _, rest = OLD.partition("\n")
    found = read(f"{title}\n{rest.replace(chr(10), ' ')}\n" if glued else OLD)
    assert (found.form, found.values) == (None, ())
    assert (found.year, found.agency_name) == (2010, "青禾县教育局")
    assert found.title == title
    sections = {s.section: s for s in found.sections}
    assert list(sections) == [
        "s1_overview",
        "s2_proactive",
        "s3_requests",
        "o14_charges",
        "s4_review_litigation",
        "s5_problems",
        "s6_other",
    ]
    assert "没有收取费用" in sections["o14_charges"].text
    assert "没有收取费用" not in sections["s3_requests"].text
    assert [p.kind for p in found.points] == ["problem"] * 2 + ["improvement"] * 2
    assert codes(found) == {"form_unknown"}


def test_a_report_of_no_form_goes_by_the_headings_of_its_time() -> None:
    later = OLD.replace("概述", "总体情况").replace(
        "政府信息公开工作存在的主要问题和改进措施", "存在的主要问题及改进情况"
    )
    assert "s5_problems" in {s.section for s in read(later).sections}


def test_a_dataset_of_such_reports_stands_all_that_follows(tmp_path: Path) -> None:
    sources, dataset = tmp_path / "in", tmp_path / "ds"
    sources.mkdir()
    (sources / "a.txt").write_text(tabs(counting(), seeded(1)), encoding="utf-8")
    (sources / "b.html").write_text(
        html(counting(), seeded(2)).replace("2016年", "2017年"), encoding="utf-8"
    )
    (sources / "c.txt").write_text(OLD, encoding="utf-8")
    pipeline.build([sources], dataset)
    reports = pl.read_parquet(f"{dataset}/reports/**/*.parquet").sort("year")
    assert reports["form"].to_list() == [None, "form_2014", "form_2014"]
    checks = pl.read_parquet(f"{dataset}/checks/**/*.parquet")
    assert checks.filter(pl.col("outcome") == "fail").is_empty()
    # Rules that are for later forms have no result; one looks at the file, whatever its form.
    known = reports.filter(pl.col("form").is_not_null())["document_id"].to_list()
    told = checks.filter(pl.col("document_id").is_in(known))["check"].unique().to_list()
    assert told
    assert all("form_2014" in catalogue()[code].forms for code in told)
    cells = wide(dataset, Choice()).filter(pl.col("year") == 2016)
    assert cells["o14.o14_received.value"].to_list() == [1017.0]
