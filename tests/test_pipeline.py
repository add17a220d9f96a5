from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest

from govreport_core.build import engines, pipeline, plan, pool
from govreport_core.build.spawning import LOCAL
from govreport_core.dataset import store
from govreport_core.dataset.export import Choice, csv_bytes, table_rows, wide, write_file
from govreport_core.errors import DatasetError
from govreport_core.schemas import TABLES

pytestmark = pytest.mark.slow


@pytest.fixture
def some(samples: Path, tmp_path: Path) -> Path:
    """A folder with four fictional reports, with their manifest and roster."""
    folder = tmp_path / "sources"
    shutil.copytree(samples / "reports" / "2021", folder / "2021")
    texts = sorted((folder / "2021").glob("*.txt"))
    for extra in {*(folder / "2021").iterdir()} - {*texts[:4]}:
        extra.unlink()
    for name in ("manifest.csv", "agencies.csv"):
        shutil.copy(samples / "reports" / name, folder / name)
    return folder


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(f"{folder}/{name}/**/*.parquet")


def test_every_table_can_be_read_by_its_glob_even_an_empty_one(some: Path, tmp_path: Path) -> None:
    out = tmp_path / "dataset"
    pipeline.build([some], out)
    for name, schema in TABLES.items():
        assert table(out, name).schema == schema.create_empty().schema
    about = json.loads((out / "dataset.json").read_text(encoding="utf-8"))
    assert {"schema_version", "built_at", "parser", "forms", "rules", "themes"} <= about.keys()


def test_a_printed_value_is_what_its_place_shows(demo_dataset: Path) -> None:
    values = table(demo_dataset, "values").filter(
        (pl.col("raw").str.len_chars() > 0) & pl.col("end_part").is_null()
    )
    parts = table(demo_dataset, "parts").select("document_id", "part", "text")
    shown = values.join(parts, on=["document_id", "part"]).with_columns(
        shown=pl.col("text").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    )
    assert shown.height == values.height > 10_000
    assert shown.filter(pl.col("shown") != pl.col("raw")).is_empty()


def test_bad_files_are_told_and_the_rest_is_read(some: Path, tmp_path: Path) -> None:
    first = min((some / "2021").iterdir())
    (some / "empty.txt").write_bytes(b"")
    (some / "notes.txt").write_text("今天开会。", encoding="utf-8")
    (some / "binary.txt").write_bytes(b"\x00\x01\x02" * 300)
    (some / "photo.bmp").write_bytes(b"BM")
    (some / "twice.txt").write_bytes(first.read_bytes())
    (some / "cut.txt").write_bytes(first.read_bytes()[:1500])
    (some / ".hidden.txt").write_bytes(b"x")
    summary = pipeline.build([some, tmp_path / "nowhere.txt"], tmp_path / "dataset")
    status = {Path(o.path).name: (o.status, o.error) for o in summary.outcomes}
    assert status["empty.txt"] == ("failed", "empty")
    assert status["notes.txt"] == ("failed", "not_a_report")
    assert status["binary.txt"] == ("failed", "not_text")
    assert status["photo.bmp"] == ("failed", "unsupported")
    assert status["nowhere.txt"] == ("failed", "missing")
    assert status["manifest.csv"] == ("skipped", "companion")
    assert sorted(s for s in status.values() if s == ("skipped", "identical")) == [
        ("skipped", "identical")
    ]
    assert status["cut.txt"][0] == "read"
    assert ".hidden.txt" not in status
    lines = [o.message for o in summary.outcomes if o.status == "failed"]
    assert all(line and "\n" not in line for line in lines)
    assert table(tmp_path / "dataset", "documents").height == len(status)


def test_a_run_without_a_single_report_leaves_the_old_dataset(some: Path, tmp_path: Path) -> None:
    out = tmp_path / "dataset"
    pipeline.build([some], out)
    before = table(out, "reports")
    (tmp_path / "empty.txt").write_bytes(b"")
    summary = pipeline.build([tmp_path / "empty.txt"], out)
    assert not summary.written
    assert table(out, "reports").equals(before)


def test_a_failure_while_writing_leaves_the_old_dataset(
    some: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "dataset"
    pipeline.build([some], out)
    before = sorted(p.name for p in tmp_path.iterdir())

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    min((some / "2021").iterdir()).unlink()
    with pytest.raises(DatasetError, match="No space left"):
        pipeline.build([some], out)
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    assert table(out, "reports").height == 4


def test_the_dataset_equals_its_sources_after_each_build(some: Path, tmp_path: Path) -> None:
    out = tmp_path / "dataset"
    pipeline.build([some], out)
    gone = min((some / "2021").iterdir())
    name = f"sources/2021/{gone.name}"
    assert table(out, "documents").filter(pl.col("path") == name).height == 1
    gone.unlink()
    pipeline.build([some], out)
    assert table(out, "reports").height == 3
    assert table(out, "documents").filter(pl.col("path") == name).is_empty()


def test_paths_in_the_dataset_tell_nothing_of_the_machine(some: Path, tmp_path: Path) -> None:
    pipeline.build([some], tmp_path / "dataset")
    documents = table(tmp_path / "dataset", "documents")
    assert documents["path"].str.starts_with("sources/").all()
    one, two = tmp_path / "a" / "same.txt", tmp_path / "b" / "same.txt"
    for number, file in enumerate((one, two)):
        file.parent.mkdir()
        file.write_text(f"政府信息公开工作年度报告\n第{number}份", encoding="utf-8")
    pipeline.build([one, two], tmp_path / "dataset")
    assert set(table(tmp_path / "dataset", "documents")["path"]) == {str(one), str(two)}


def test_a_folder_that_is_no_dataset_is_never_replaced(some: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(DatasetError, match="not a dataset"):
        pipeline.build([some], tmp_path / "home")
    assert (tmp_path / "home" / "letter.txt").is_file()


def test_two_builds_of_the_same_sources_give_the_same_tables(some: Path, tmp_path: Path) -> None:
    pipeline.build([some], tmp_path / "one")
    pipeline.build([some], tmp_path / "two")
    for name in TABLES:
        assert table(tmp_path / "one", name).equals(table(tmp_path / "two", name)), name


def test_of_two_readings_of_one_report_the_fuller_one_is_current(
    some: Path, tmp_path: Path
) -> None:
    first = sorted((some / "2021").iterdir())[0]
    manifest = some / "manifest.csv"
    text = manifest.read_text(encoding="utf-8-sig")
    row = next(line for line in text.splitlines() if first.name in line and "2021/" in line)
    (some / "2021" / "copy.txt").write_bytes(first.read_bytes()[:2500])
    copy = row.replace(first.name, "copy.txt")
    manifest.write_text(text.rstrip("\n") + "\n" + copy + "\n", encoding="utf-8")
    pipeline.build([some], tmp_path / "dataset")
    reports = table(tmp_path / "dataset", "reports")
    twice = reports.filter(pl.col("report_id").is_duplicated())
    assert twice.height == 2
    assert twice["current"].sum() == 1
    values = table(tmp_path / "dataset", "values").filter(pl.col("state") == "reported")
    shown = twice.filter("current")["document_id"].item()
    other = twice.filter(~pl.col("current"))["document_id"].item()
    count = dict(values.group_by("document_id").len().iter_rows())
    assert count[shown] > count.get(other, 0)


def test_the_manifest_wins_and_what_it_overrules_is_told(some: Path, tmp_path: Path) -> None:
    first = sorted((some / "2021").iterdir())[0]
    (some / "manifest.csv").write_text(
        "file,agency,region_code,year,source_url,published_on\n"
        f"2021/{first.name},云川市别的局,990100,2019,https://www.example.com/a,2020-01-15\n",
        encoding="utf-8",
    )
    pipeline.build([some], tmp_path / "dataset")
    reports = table(tmp_path / "dataset", "reports")
    told = reports.filter(pl.col("agency_name") == "云川市别的局").row(0, named=True)
    assert (told["year"], told["region_code"]) == (2019, "990100")
    assert str(told["published_on"]) == "2020-01-15"
    signs = table(tmp_path / "dataset", "diagnostics").filter(
        (pl.col("document_id") == told["document_id"]) & (pl.col("code") == "manifest_disagrees")
    )
    assert {json.loads(p)["field"] for p in signs["params"]} >= {"agency_name", "year"}
    evidence = table(tmp_path / "dataset", "evidence").filter(
        (pl.col("document_id") == told["document_id"]) & (pl.col("field") == "year")
    )
    chosen = evidence.filter("chosen")
    assert chosen["rule"].to_list() == ["manifest"]


def test_the_column_of_a_site_and_a_complete_perimeter_come_from_the_collector(
    some: Path, tmp_path: Path
) -> None:
    first = sorted((some / "2021").iterdir())[0]
    (some / "manifest.csv").write_text(
        f"file,column\n2021/{first.name},工作动态\n", encoding="utf-8"
    )
    (some / "agencies.csv").write_text(
        "agency_id,name,region_code,perimeter\na1,云川市人民政府,990100,complete\n",
        encoding="utf-8",
    )
    out = tmp_path / "dataset"
    pipeline.build([some], out)
    failed = table(out, "checks").filter(
        (pl.col("check") == "p_place") & (pl.col("outcome") == "fail")
    )
    assert [json.loads(params)["column"] for params in failed["params"]] == ["工作动态"]
    listed = table(out, "agencies").filter(pl.col("source") == "roster")
    assert listed["perimeter"].to_list() == ["complete"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("manifest.csv", "name,year\na.txt,2020\n", "no column file"),
        ("manifest.csv", "file,year\na.txt,MMXX\n", "isn't one"),
        ("manifest.csv", "file,published_on\na.txt,2020-02-30\n", "isn't YYYY-MM-DD"),
        ("manifest.csv", "file,region_code\na.txt,12\n", "isn't six digits"),
        ("agencies.csv", "agency_id,name\n,财政局\n", "isn't used"),
        ("agencies.csv", "agency_id,name,region_code\na,b,990100000000\n", "isn't six digits"),
        ("manifest.csv", f"file,year\na.txt,{'1' * 5000}\n", "isn't one"),
        ("agencies.csv", "agency_id,name,perimeter\na,b,most\n", "isn't `complete`"),
    ],
)
def test_what_is_wrong_in_a_companion_is_told_in_one_line(
    some: Path, tmp_path: Path, name: str, text: str, problem: str
) -> None:
    (some / name).write_text(text, encoding="utf-8")
    summary = pipeline.build([some], tmp_path / "dataset")
    assert summary.written
    assert [p for p in summary.problems if problem in p and name in p] != []


def test_namesakes_without_a_region_are_never_merged(some: Path, tmp_path: Path) -> None:
    for companion in ("manifest.csv", "agencies.csv"):
        (some / companion).unlink()
    files = sorted((some / "2021").iterdir())[:2]
    for number, file in enumerate(files):
        file.write_text(
            f"财政局2021年政府信息公开工作年度报告\n一、总体情况\n第{number}份。\n",
            encoding="utf-8",
        )
    pipeline.build(files, tmp_path / "dataset")
    reports = table(tmp_path / "dataset", "reports")
    assert reports["agency_name"].to_list() == ["财政局", "财政局"]
    assert reports["agency_id"].n_unique() == 2


def test_many_files_are_read_in_several_processes_with_the_same_result(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = samples / "reports" / "2020"
    # rows stand as their chunks do: the same ones both times
    monkeypatch.setattr(engines, "_size", lambda files, _: plan.even(files, 2))
    pipeline.build([source], tmp_path / "one")
    monkeypatch.setattr(pool, "FEW", 0)
    pipeline.build([source], tmp_path / "two", jobs=2)
    for name in TABLES:
        assert table(tmp_path / "one", name).equals(table(tmp_path / "two", name)), name


def test_export_never_turns_nothing_into_zero(demo_dataset: Path) -> None:
    frame = wide(demo_dataset, Choice(years=(2020,)))
    values = table(demo_dataset, "values").filter(pl.col("year") == 2020)
    name = "t3_requests.granted_full.natural_person"
    for row in frame.select("document_id", name).iter_rows():
        number = values.filter(
            (pl.col("document_id") == row[0])
            & (pl.col("table") == "t3_requests")
            & (pl.col("row") == "granted_full")
            & (pl.col("column") == "natural_person")
        )["number"]
        assert row[1] == (number.item() if number.len() else None)
    assert frame.height == frame["report_id"].n_unique()


def test_export_chooses_by_year_region_kind_and_level(demo_dataset: Path) -> None:
    reports = table(demo_dataset, "reports").filter("current")
    assert table_rows(demo_dataset, "reports", Choice()).height == reports.height
    by_region = table_rows(demo_dataset, "reports", Choice(regions=("990121",)))
    assert set(by_region["region_code"]) == {"990121"}
    county = table_rows(demo_dataset, "reports", Choice(levels=("county",), years=(2022,)))
    assert set(county["agency_level"]) == {"county"}
    assert set(county["year"]) == {2022}
    with pytest.raises(DatasetError, match="no report of kind 'none'"):
        table_rows(demo_dataset, "values", Choice(kinds=("none",)))


def test_a_csv_opens_right_in_a_spreadsheet_and_runs_nothing(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "text": ["=1+1", "+86", "-3", "@x", "\t=1", "平常", None],
            "number": [-1.5, 0, None] + [1] * 4,
            "count": [1.0, None] + [0.0] * 5,
        },
        strict=False,
    )
    data = csv_bytes(frame)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = data.decode("utf-8-sig").splitlines()
    assert rows[1:5] == ["'=1+1,-1.5,1", "'+86,0.0,", "'-3,,0", "'@x,1.0,0"]
    assert rows[6:] == ["平常,1.0,0", ",1.0,0"]
    with pytest.raises(DatasetError, match=r"name it \.csv, \.xlsx, \.parquet"):
        write_file(frame, tmp_path / "x.docx")
    write_file(frame, tmp_path / "x.parquet")
    assert pl.read_parquet(tmp_path / "x.parquet").equals(frame)


def test_a_dataset_of_another_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="govreport build"):
        store.about(tmp_path)
    (tmp_path / "dataset.json").write_text('{"schema_version": 0}', encoding="utf-8")
    with pytest.raises(DatasetError, match="another version"):
        store.about(tmp_path)


def test_a_zips_members_are_read_as_files_of_their_own(some: Path, tmp_path: Path) -> None:
    texts = sorted((some / "2021").iterdir())
    with zipfile.ZipFile(some / "more.zip", "w") as archive:
        archive.writestr("a/one.txt", texts[0].read_bytes())
        archive.writestr("a/empty.txt", b"")
        archive.writestr("a/photo.bmp", b"BM")
    texts[0].unlink()
    (some / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    pipeline.build([some], tmp_path / "dataset")
    documents = table(tmp_path / "dataset", "documents")
    status = dict(documents.select("path", "status").iter_rows())
    assert status["sources/more.zip/a/one.txt"] == "read"
    assert status["sources/more.zip/a/empty.txt"] == "failed"
    assert status["sources/more.zip/a/photo.bmp"] == "failed"
    assert status["sources/broken.zip"] == "failed"
    assert table(tmp_path / "dataset", "reports").height == 4


def test_names_that_are_no_text_and_files_that_are_none_stop_nothing(
    some: Path, tmp_path: Path
) -> None:
    (some / os.fsdecode(b"bad\xff.txt")).write_bytes(b"x")
    os.mkfifo(some / "pipe.txt")
    (some / "endless.txt").symlink_to("/dev/zero")
    pipeline.build([some], tmp_path / "dataset")
    documents = table(tmp_path / "dataset", "documents")
    status = dict(documents.select("path", "error").iter_rows())
    assert status["sources/bad\\xff.txt"] == "not_a_report"
    assert status["sources/pipe.txt"] == status["sources/endless.txt"] == "unsupported"
    assert table(tmp_path / "dataset", "reports").height == 4


def test_few_files_make_one_chunk_and_many_are_shared_out() -> None:
    with engines.started(LOCAL, 2, far=False) as engine:
        assert [engine.chunk(n) for n in (0, 3, pool.FEW, pool.FEW + 2, 5_000)] == [
            1,
            3,
            24,
            13,
            834,
        ]
