"""A work list: the same rows from the command, the app and its files, and nothing left out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import polars as pl
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest
from view_data import A, D, write_small

from dashboard import printed, views
from dashboard.data import Data, open_dataset
from dashboard.views import worklist as of_app
from dashboard.views.filters import Filters
from govreport_core import checks, wording, worklist
from govreport_core.cli import core
from govreport_core.dataset import slices
from govreport_core.dataset.export import Choice, csv_bytes
from govreport_core.dataset.workbook import xlsx_bytes
from govreport_core.worklist import Asked, Item, Row

CHOSEN = [
    ({}, "rule", "zh"),
    ({"years": (2021,)}, "agency", "zh"),
    ({"years": (2021, 2022), "regions": ("990122",)}, "rule", "en"),
    ({"levels": ("township",)}, "agency", "en"),
]


@pytest.fixture(scope="module")
def demo(demo_dataset: Path) -> Data:
    return open_dataset(demo_dataset)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return open_dataset(write_small(tmp_path_factory.mktemp("worklist") / "dataset"))


def taken(data: Data, order: str = "rule", lang: str = "zh", **chosen: object) -> pl.DataFrame:
    words = {name: tuple(map(str, some)) for name, some in chosen.items()}  # type: ignore[call-overload]
    return views.worklist_frame(data, Filters(**words), order, lang)


def sheet(content: bytes) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


@pytest.mark.parametrize(("chosen", "order", "lang"), CHOSEN)
def test_the_command_and_the_app_give_the_same_rows(
    demo: Data, chosen: dict[str, tuple[object, ...]], order: worklist.Order, lang: str
) -> None:
    exported = worklist.listed(demo.folder, Choice(**chosen), Asked(order), lang)  # type: ignore[arg-type]
    assert exported.height
    assert exported.equals(taken(demo, order, lang, **chosen))


@pytest.mark.parametrize("order", worklist.ORDERS)
def test_the_pages_together_are_the_file(
    demo: Data, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_app, "PAGE", 7)
    first = views.worklist_view(demo, Filters(), order, 1, "zh")
    pages = [
        views.worklist_view(demo, Filters(), order, n, "zh") for n in range(1, first.pages + 1)
    ]
    rows = [row.item for page in pages for row in page.rows]
    heads = worklist.words("zh").columns
    whole = taken(demo, order)
    assert first.pages > 2
    assert [[getattr(row, name) for name in heads] for row in rows] == [
        list(row) for row in whole.iter_rows()
    ]
    assert views.worklist_view(demo, Filters(), order, 99_999, "zh").page == first.pages


def test_every_grave_failure_is_a_row_and_no_remark_is(demo: Data) -> None:
    written = pl.read_parquet(f"{demo.folder}/checks/**/*.parquet").filter(outcome="fail")
    grave = written.filter(pl.col("severity") != "info")
    assert sorted(taken(demo)["规则代码"]) == sorted(grave["check"])
    everything = taken(demo, severities=("error", "warning", "info"))
    assert sorted(everything["规则代码"]) == sorted(written["check"])
    view = views.worklist_view(demo, Filters(), "rule", 1, "zh")
    cards = demo.cards
    assert view.items == sum(
        severity != "info" for some in cards["failed_severities"] for severity in some
    )
    assert view.remarks_left == sum(
        severity == "info" for some in cards["failed_severities"] for severity in some
    )


def test_a_row_says_both_figures_where_they_stand_and_what_to_do(demo: Data) -> None:
    rows = taken(demo, rules=("t3_balance",))
    rule = checks.catalogue()["t3_balance"]
    assert rows.height == 2
    for row in rows.iter_rows(named=True):
        told = re.search(r"= (\d+)，.* = (\d+)，相差 (\d+)。", row["问题"])
        assert told is not None
        assert abs(int(told[1]) - int(told[2])) == int(told[3])
        assert re.match(r"表三·(总计|自然人)（原文第 \d+ 行）", row["位置"])
        assert row["依据"] == rule.source
        assert row["建议"] == wording.advice("t3_balance", "zh")
        assert row["链接"].startswith("https://")


def test_by_rule_errors_come_first_by_agency_its_newest_year(demo: Data) -> None:
    weights = taken(demo)["严重程度"].to_list()
    assert weights == sorted(weights, key=["错误", "提醒"].index)
    by_agency = taken(demo, "agency").select("单位", "年度", "严重程度").rows()
    agencies = [agency for agency, *_ in by_agency]
    assert len(list(dict.fromkeys(agencies))) == sum(
        one != other for one, other in zip(agencies, [None, *agencies], strict=False)
    )
    for agency in set(agencies):
        years = [year for name, year, _ in by_agency if name == agency]
        assert years == sorted(years, reverse=True)


def test_late_and_not_found_are_rows_with_and_without_a_rule(demo: Data, small: Data) -> None:
    missed = demo.coverage.filter(pl.col("status").is_in(["late", "not_found"]))
    codes = taken(demo)["规则代码"].to_list()
    told = [code for code in codes if code in ("h_coverage", *worklist.lateness())]
    assert len(told) == missed.height > 2
    late = taken(small, statuses=("late",)).filter(pl.col("规则代码") == "late")
    due = "期限为 2023-01-31（条例：县级以上政府部门 1 月 31 日前）"
    assert late["问题"].to_list() == [f"年报的日期为 2023-02-06，{due}，逾期 6 天。"]
    assert late["依据"].to_list() == ["《政府信息公开条例》（2019 年）第四十九条第一款"]
    assert late["编号"].to_list() == [f"{A}-2022"]
    lost = views.worklist_view(small, Filters(statuses=("not_found",)), "agency", 1, "zh")
    assert [(row.agency_id, row.item.year, row.item.position) for row in lost.rows] == [
        (D, 2021, "公布情况")
    ]
    # What wasn't looked for is nobody's fault.
    assert not views.worklist_view(
        small, Filters(statuses=("not_collected",)), "rule", 1, "zh"
    ).items


def test_agencies_without_a_name_are_told_apart(small: Data) -> None:
    nameless = {name: pl.lit(None, pl.String) for name in ("agency_name", "title")}
    for columns, told in ((["agency_name"], "海棠县财政局2022年"), ([*nameless], "2022.txt")):
        cards = small.tables["cards"].with_columns(**{name: nameless[name] for name in columns})
        bare = msgspec.structs.replace(small, tables={**small.tables, "cards": cards})
        named = taken(bare, years=("2022",))["单位"]
        assert named[0].startswith(f"机关名称未知（{told}")


def test_one_county_is_read_without_the_others(demo: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = slices.failures

    def counted(version: Path, tables: object, documents: pl.Series) -> pl.DataFrame:
        asked.append(documents.len())
        return real(version, tables, documents)  # type: ignore[arg-type]

    monkeypatch.setattr(slices, "failures", counted)
    view = views.worklist_view(demo, Filters(regions=("990121",)), "rule", 1, "zh")
    assert asked == [len({row.report_id for row in view.rows if row.report_id})]


@pytest.mark.parametrize("few", [0, 1000])
def test_few_or_many_reports_give_the_same_rows(
    demo: Data, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = taken(demo)
    monkeypatch.setattr(slices, "FEW", few)
    assert taken(demo).equals(whole)


def test_the_command_writes_csv_and_a_sheet_to_work_on(demo: Data, tmp_path: Path) -> None:
    wanted = taken(demo, "agency", years=("2021",))
    for ending in (".csv", ".xlsx"):
        out = tmp_path / f"list{ending}"
        words = ["export", str(demo.folder), "-o", str(out), "--worklist"]
        told = CliRunner().invoke(core, [*words, "--year", "2021", "--order", "agency"])
        assert told.exit_code == 0, told.output
    assert (tmp_path / "list.csv").read_bytes() == csv_bytes(wanted)
    content = (tmp_path / "list.xlsx").read_bytes()
    assert sheet(content) == [
        wanted.columns,
        *([cell or "" for cell in row] for row in wanted.iter_rows()),
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        xml = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert re.search(r'<pane ySplit="1" topLeftCell="A2" [^>]*state="frozen"', xml)
    assert '<autoFilter ref="A1:' in xml
    assert len(re.findall(r"<col [^>]*customWidth", xml)) == wanted.width
    assert 'orientation="landscape"' in xml
    assert "Print_Titles" in names


@pytest.mark.parametrize("words", [["--remarks"], ["--order", "agency"], ["--worklist", "--wide"]])
def test_what_does_not_go_together_is_said(demo: Data, tmp_path: Path, words: list[str]) -> None:
    out = tmp_path / "list.csv"
    told = CliRunner().invoke(core, ["export", str(demo.folder), "-o", str(out), *words])
    assert told.exit_code == 2
    assert "--worklist" in told.output
    assert not out.exists()


def test_no_text_becomes_a_formula() -> None:
    marks = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t="]
    rows = tuple(
        Row(
            Item(f"{mark}1", 2024, f"{mark}x", "", "", "", None, "错误", "", None, "r"),
            None, "a", "error", None, None, None,
        )
        for mark in marks
    )  # fmt: skip
    frame = worklist.table(rows, "zh")
    lines = csv_bytes(frame).decode("utf-8-sig").splitlines()[1:]
    assert all(line.lstrip('"').startswith("'") for line in lines)
    content = xlsx_bytes(frame, widths=worklist.widths("zh"))
    assert [row[0] for row in sheet(content)[1:]] == [f"{mark}1" for mark in marks]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
        assert 'quotePrefix="1"' in book.read("xl/styles.xml").decode()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_stands_alone_and_says_what_it_leaves_out(
    demo: Data, small: Data, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_app, "PRINTED", 3)
    monkeypatch.setattr(printed, "PRINTED", 3)
    page = printed.worklist_page(demo, Filters(regions=("990100",)), "rule", lang).decode()
    total = views.worklist_view(demo, Filters(regions=("990100",)), "rule", 1, lang).items
    assert "汀澜市" in page
    assert re.search(rf"\b3\b.*\b{total}\b", re.search(r'class="?cut"?>(.*?)<', page)[1])  # type: ignore[index]
    everything = ("error", "warning", "info")
    hostile = printed.worklist_page(small, Filters(severities=everything), "rule", lang).decode()
    assert "<script" not in hostile
    assert "javascript:" not in hostile
    assert not re.search(r'(src|href)=(?!"?https?://)', hostile)
    assert "default-src 'none'" in hostile


Open = Callable[..., AppTest]


@pytest.mark.slow
def test_the_screen_keeps_the_filters_and_leads_to_reports(
    demo: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVREPORT_DATASET", str(demo.folder))
    app = AppTest.from_string("from dashboard.app import draw\ndraw('checks')\n")
    app.query_params.update({"tab": "worklist", "region": "990121", "sort": "agency"})
    app.run(timeout=180)
    assert not app.exception
    body = "".join(block.proto.body for block in app.html if "<style" not in block.proto.body)
    view = views.worklist_view(demo, Filters(regions=("990121",)), "agency", 1, "zh")
    assert all(
        row.item.problem.split("。")[0] in body for row in view.rows if "“" not in row.item.problem
    )
    assert "report=990121-" in body
    assert "tab=worklist&amp;sort" in body or "sort=agency" in body
    assert [button.label for button in app.get("download_button")] == [
        f"下载 CSV（{view.items} 项）", "下载 Excel", "打印页（HTML）"
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "linked"), [("t3_balance", True), ("h_coverage", False)])
def test_a_column_of_links_stands_where_there_is_one(
    demo: Data, monkeypatch: pytest.MonkeyPatch, rule: str, linked: bool
) -> None:
    monkeypatch.setenv("GOVREPORT_DATASET", str(demo.folder))
    app = AppTest.from_string("from dashboard.app import draw\ndraw('checks')\n")
    app.query_params.update({"tab": "worklist", "rule": rule})
    app.run(timeout=180)
    body = "".join(block.proto.body for block in app.html)
    assert "gr-worklist" in body
    assert ('<th scope="col">链接</th>' in body) == linked
