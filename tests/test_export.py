"""A dataset's rows as files: what opens in a spreadsheet, what stays empty, what is refused."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from view_data import A, write_small

from dashboard import views
from dashboard.data import open_dataset
from govreport_core.cli import core
from govreport_core.dataset import workbook
from govreport_core.dataset.export import Choice, csv_bytes, table_rows
from govreport_core.dataset.workbook import xlsx_bytes
from govreport_core.errors import DatasetError


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(tmp_path_factory.mktemp("export") / "dataset")


def sheet(content: bytes) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def run(*arguments: object) -> tuple[int, str]:
    told = CliRunner().invoke(core, ["export", *map(str, arguments)])
    return told.exit_code, told.output


def test_a_workbook_holds_numbers_as_numbers_and_nothing_for_null() -> None:
    frame = pl.DataFrame(
        {
            "number": [25.1, None, 0.0],
            "text": ["=1+1", "012", "http://example.org"],
            "day": [dt.date(2024, 1, 31), None, None],
            "themes": [["a", "b"], [], None],
            "current": [True, False, None],
        }
    )
    assert sheet(xlsx_bytes(frame)) == [
        ["number", "text", "day", "themes", "current"],
        [25.1, "=1+1", dt.date(2024, 1, 31), "a;b", True],
        ["", "012", "", "", False],
        [0.0, "http://example.org", "", "", ""],
    ]


def test_a_workbook_has_neither_formulas_nor_links() -> None:
    content = xlsx_bytes(pl.DataFrame({"a": ["=HYPERLINK(1)", "+1", "@x", "{=1}"]}))
    assert [row[0] for row in sheet(content)[1:]] == ["=HYPERLINK(1)", "+1", "@x", "{=1}"]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 1
    assert b"<f>" not in sheets[0]
    assert b"<hyperlink" not in sheets[0]


def test_what_a_sheet_cannot_hold_is_refused_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatasetError, match=r"a: 32,768 characters .* use \.csv"):
        xlsx_bytes(pl.DataFrame({"a": ["x" * 32_768]}))
    monkeypatch.setattr(workbook, "ROWS", 3)
    with pytest.raises(DatasetError, match="3 rows"):
        xlsx_bytes(pl.DataFrame({"a": [1, 2, 3]}))


def test_the_command_writes_what_the_app_offers(small: Path, tmp_path: Path) -> None:
    shown = views.table_frame(open_dataset(small), "values", views.Filters(years=("2022",)))
    for ending, made in ((".csv", views.to_csv(shown)), (".xlsx", views.to_xlsx(shown))):
        out = tmp_path / f"values{ending}"
        code, output = run(small, "-o", out, "--year", 2022)
        assert code == 0, output
        if ending == ".csv":
            assert out.read_bytes() == made == csv_bytes(shown)
        else:
            assert sheet(out.read_bytes()) == sheet(made)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--kind", "foo", "no report of kind 'foo'; there are: department"),
        ("--level", "moon", "no report of level 'moon'; there are: county"),
        ("--year", 1999, "no report of year 1999; there are: 2019, 2020, 2021, 2022"),
        ("--region", "110000", "no report of region '110000'; there are: 370199"),
    ],
)
@pytest.mark.parametrize("how", [("--table", "values"), ("--wide",)])
def test_a_choice_that_nothing_fits_is_one_line_and_no_file(
    small: Path, tmp_path: Path, option: str, value: object, said: str, how: tuple[str, ...]
) -> None:
    code, output = run(small, "-o", tmp_path / "x.csv", option, value, *how)
    assert code == 2
    assert output.strip() == said
    assert not (tmp_path / "x.csv").exists()


def test_a_region_takes_in_all_below_it(small: Path) -> None:
    whole = table_rows(small, "reports", Choice())
    assert (
        table_rows(small, "reports", Choice(regions=("370000",))).height
        == whole.filter(pl.col("region_code").is_not_null()).height
    )


def test_findings_about_reports_that_do_not_exist_are_exported_too(
    demo_dataset: Path, small: Path
) -> None:
    for folder in (demo_dataset, small):
        written = pl.read_parquet(f"{folder}/checks/**/*.parquet")
        current = pl.read_parquet(f"{folder}/reports/**/*.parquet").filter("current")
        wanted = written.filter(
            pl.col("document_id").is_null()
            | pl.col("document_id").is_in(current["document_id"].implode())
        )
        assert table_rows(folder, "checks", Choice()).height == wanted.height
    gone = table_rows(small, "checks", Choice(years=(2021,))).filter(
        pl.col("document_id").is_null()
    )
    assert set(gone["year"]) <= {2021}


def test_coverage_is_exported_by_year_as_the_roster_has_the_agencies(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "dataset")
    listed = table_rows(folder, "agencies", Choice())["agency_id"].to_list()
    for file in folder.glob("coverage/**/*.parquet"):
        rows = pl.read_parquet(file, hive_partitioning=False)
        rows.sort("agency_id", descending=True).write_parquet(file)
    found = table_rows(folder, "coverage", Choice()).select("year", "agency_id").rows()
    assert len(set(listed)) > 1
    assert found == sorted(found, key=lambda row: (row[0], listed.index(row[1])))


def test_one_row_a_report_has_a_column_a_cell(small: Path, tmp_path: Path) -> None:
    code, output = run(small, "-o", tmp_path / "wide.xlsx", "--wide", "--year", 2022)
    assert code == 0, output
    names, row = sheet((tmp_path / "wide.xlsx").read_bytes())
    found = dict(zip(names, row, strict=True))
    assert found["report_id"] == f"{A}-2022"
    assert found["t3_requests.requests_received.applicant_total"] == 12.0
    assert found["t3_requests.denied_state_secret.applicant_total"] == ""
