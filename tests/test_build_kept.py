"""What builds leave each other is never gone on with where it isn't so any more."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from built import Tables, built_anew, same, tables, undone

from govreport_core.build import chunks, pipeline, pool
from govreport_core.build.companions import Companions
from govreport_core.dataset import parquet, store
from govreport_core.errors import DatasetError

FIRST = "0-first.txt"


@pytest.fixture(scope="module")
def kept(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few signed reports of two years with their roster, and the dataset built from them."""
    work = tmp_path_factory.mktemp("kept") / "work"
    for year in ("2021", "2022"):
        (work / "reports" / year).mkdir(parents=True)
        files = sorted((samples / "reports" / year).glob("990100-[de]*.txt"))[:2]
        for file in files:
            shutil.copy(file, work / "reports" / year / file.name)
    shutil.copy(samples / "reports" / "agencies.csv", work / "reports")
    assert pipeline.build([work / "reports"], work / "dataset", jobs=1).written
    return work


@pytest.fixture(scope="module")
def whole(kept: Path) -> Tables:
    return tables(kept / "dataset")


@pytest.fixture
def sources(kept: Path) -> Iterator[Path]:
    with undone(kept):
        yield kept / "reports"


@pytest.fixture
def out(sources: Path) -> Path:
    return sources.with_name("dataset")


def told(sources: Path, *rows: str) -> None:
    lines = ("file,agency,year,published_on", *rows)
    (sources / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def reports(sources: Path) -> list[Path]:
    return sorted(sources.glob("*/*.txt"))


def test_of_the_same_bytes_twice_the_manifest_row_of_what_is_first_now_counts(
    sources: Path, out: Path, tmp_path: Path
) -> None:
    file = reports(sources)[0]
    first = file.with_name(FIRST)
    shutil.copy(file, first)
    told(sources, f"2021/{file.name},某市某局,2018")
    pipeline.build([sources], out)
    assert 2018 not in tables(out)["reports"]["year"]
    first.rename(file.with_name("z-last.txt"))
    pipeline.build([sources], out)
    assert 2018 in tables(out)["reports"]["year"]
    assert same(tables(out), built_anew(sources, tmp_path))


def test_of_a_file_that_became_two_the_manifest_row_of_the_first_counts(
    sources: Path, out: Path
) -> None:
    file = reports(sources)[0]
    for name in (FIRST, "z-last.txt"):
        shutil.copy(file, file.with_name(name))
    file.unlink()
    pipeline.build([sources], out)
    told(sources, f"2021/{FIRST},某市某局,2018")
    pipeline.build([sources], out)
    assert 2018 in tables(out)["reports"]["year"]


@pytest.mark.parametrize("twice", [False, True])
def test_a_text_whose_name_ends_otherwise_is_read_as_that_kind(
    samples: Path, sources: Path, out: Path, tmp_path: Path, twice: bool
) -> None:
    """Its bytes, and what the manifest says, are the same: what is kept of it isn't."""
    marked = sources / "2021" / "0-first.md"
    shutil.copy(samples / "reports" / "2023" / "990102-dengqiao-subdistrict.md", marked)
    if twice:
        shutil.copy(marked, marked.with_suffix(".txt"))
    pipeline.build([sources], out)
    before = tables(out)
    marked.unlink() if twice else marked.rename(marked.with_suffix(".txt"))
    pipeline.build([sources], out)
    after = tables(out)
    assert not after["values"].equals(before["values"])
    assert same(after, built_anew(sources, tmp_path))


def test_of_a_copy_whose_name_ends_otherwise_another_kind_is_told(
    sources: Path, out: Path, tmp_path: Path
) -> None:
    copy = reports(sources)[0].with_name("z-last.txt")
    shutil.copy(reports(sources)[0], copy)
    pipeline.build([sources], out)
    copy.rename(copy.with_suffix(".md"))
    pipeline.build([sources], out)
    assert "text/markdown" in tables(out)["documents"]["media_type"]
    assert same(tables(out), built_anew(sources, tmp_path))


@pytest.mark.parametrize("table", ["values", "agencies"])
def test_what_is_told_of_a_file_that_is_broken_within_makes_it_whole(
    sources: Path, out: Path, whole: Tables, table: str
) -> None:
    """Its end is as it was, so that the next build goes on with it."""
    file = min((out / table).rglob("*.parquet"))
    data = file.read_bytes()
    file.write_bytes(data[:4] + bytes(len(data) // 3) + data[4 + len(data) // 3 :])
    pipeline.build([sources], out)
    advice = store.damage(out)
    assert advice is not None
    pipeline.build([sources], out, fresh="--fresh" in advice)
    assert store.damage(out) is None
    assert same(tables(out), whole)


def test_a_file_that_became_a_pipe_is_told_of_and_not_waited_for(sources: Path, out: Path) -> None:
    file, zipped = reports(sources)[0], sources / "held.zip"
    with zipfile.ZipFile(zipped, "w") as held:
        held.write(file, "held.txt")
    pipeline.build([sources], out)
    for gone in (file, zipped):
        gone.unlink()
        os.mkfifo(gone)
    became = {Path(one.path): one for one in pipeline.build([sources], out).outcomes}
    assert [became[gone].status for gone in (file, zipped)] == ["failed", "failed"]
    assert zipped / "held.txt" not in became


def test_a_date_of_which_only_the_manifest_is_sure_is_judged_again(
    sources: Path, out: Path, tmp_path: Path
) -> None:
    """The report tells it too, so that its own row stays as it is."""
    before = tables(out)
    days = dict(before["reports"].select("document_id", "published_on").iter_rows())
    dated = {
        f"{file.parent.name}/{file.name}": days[hashlib.sha256(file.read_bytes()).hexdigest()]
        for file in reports(sources)
    }
    told(sources, *(f"{file},,,{day}" for file, day in dated.items() if day))
    pipeline.build([sources], out)
    assert tables(out)["reports"].equals(before["reports"])
    assert not tables(out)["checks"].equals(before["checks"])
    assert same(tables(out), built_anew(sources, tmp_path))


def test_an_agency_of_two_names_is_called_as_in_its_last_report_whatever_was_read_last(
    sources: Path, out: Path
) -> None:
    (sources / "agencies.csv").unlink()
    first, last = reports(sources)
    named = {first: "青浦区教育局,310118,2021", last: "上海市青浦区教育局,310118,2022"}
    rows = [f"{file.parent.name}/{file.name},{row}" for file, row in named.items()]
    lines = ("file,agency,region_code,year", *rows)
    (sources / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for file in (first, last):
        file.write_bytes(file.read_bytes() + b"\n")
        pipeline.build([sources], out)
        assert tables(out)["agencies"]["name"].to_list() == ["上海市青浦区教育局"]


@pytest.mark.parametrize("of", ["values/year=2021.parquet", chunks.ROW])
def test_a_chunk_that_lost_a_file_is_made_again(
    sources: Path, out: Path, whole: Tables, of: str
) -> None:
    (chunk,) = (store.Shelf(out).root / "chunks").iterdir()
    (chunk / of).unlink()
    pipeline.build([sources], out)
    assert same(tables(out), whole)


def test_a_chunk_that_is_judged_again_isnt_one_that_lost_a_file(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where judging ended halfway."""
    (chunk,) = (store.Shelf(out).root / "chunks").iterdir()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(chunks, "judge", killed)
    with pytest.raises(KeyboardInterrupt):
        chunks.rejudge(chunk)
    assert not list(chunk.glob("checks/*"))
    assert parquet.is_whole(chunk)


def test_a_dataset_that_lost_a_file_is_written_anew(
    sources: Path, out: Path, whole: Tables
) -> None:
    version = out.resolve()
    pipeline.build([sources], out)  # the roster has another time now
    assert out.resolve() == version
    next((out / "values").glob("year=2021/*.parquet")).unlink()
    pipeline.build([sources], out)
    assert same(tables(out), whole)


def garbled(file: Path) -> None:
    """Its ends are as they were: that it isn't what it was is seen where it is read."""
    text = file.read_bytes()
    file.unlink()
    file.write_bytes(text[:4] + bytes(~byte & 255 for byte in text[4:-8]) + text[-8:])


def test_what_is_kept_and_cant_be_read_is_told_and_can_be_forgotten(
    sources: Path, out: Path, whole: Tables
) -> None:
    root = store.Shelf(out).root
    garbled(next(root.glob("across/*/told.parquet")))
    garbled(next(root.glob("chunks/*/row.parquet")))
    garbled(next(out.resolve().glob("offsets/part*.parquet")))
    more = sources / "2021" / FIRST
    more.write_bytes(reports(sources)[0].read_bytes() + b"\n")
    with pytest.raises(DatasetError, match=r"an earlier build left is damaged.*--fresh"):
        pipeline.build([sources], out, jobs=1)
    more.unlink()
    pipeline.build([sources], out, jobs=1, fresh=True)
    assert same(tables(out), whole)


def test_a_worker_that_reads_what_is_garbled_says_so(out: Path) -> None:
    (chunk,) = (store.Shelf(out).root / "chunks").iterdir()
    garbled(chunk / chunks.ROW)
    with pytest.raises(pl.exceptions.PolarsError, match="in rejudge"):
        list(pool.run([pool.Rejudge(str(chunk))], Companions(), 1, few=0))
