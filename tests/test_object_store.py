"""Sources and a dataset on an object store (moto's server), by this machine's engine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import polars as pl
import pytest
from click.testing import CliRunner, Result
from cluster import differing, object_store, upload
from free_ports import free_port

from govreport_core import objects
from govreport_core.build import cluster, pipeline, state
from govreport_core.build.chunks import Task
from govreport_core.build.coding import decode, encode
from govreport_core.build.companions import Companions
from govreport_core.build.state import judges_version, reads_version
from govreport_core.cli import core
from govreport_core.dataset import remote, store
from govreport_core.errors import DatasetError
from govreport_core.samples import write_samples

pytestmark = pytest.mark.usefixtures("reports")
REPORTS = Path("s3:/reports/数据/a b")
OUT = Path("s3:/reports/out/dataset")


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sampled")
    write_samples(folder, agencies=4, years=range(2022, 2024), formats=("cells", "html"), seed=3)
    return folder / "reports"


@pytest.fixture(scope="module")
def local(sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("local") / "dataset"
    pipeline.build([sampled], out)
    return out


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with object_store("reports") as env:
        yield env


@pytest.fixture
def reports(
    server: dict[str, str], sampled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The samples on the store, which holds nothing else; a copy that may be changed."""
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    everything = objects.Folder(Path("s3:/reports"))
    everything.delete(everything.listed())
    copy = tmp_path / "a b"
    shutil.copytree(sampled, copy)
    upload(copy, str(REPORTS))
    return copy


def build(*given: str) -> Result:
    return CliRunner().invoke(core, ["build", *given])


def test_a_dataset_on_the_store_has_the_tables_of_one_in_a_folder(
    reports: Path, tmp_path: Path
) -> None:
    pipeline.build([reports], tmp_path / "dataset")
    told = build("s3://reports/数据/a b", "-o", "s3://reports/out/dataset")
    assert told.exit_code == 0
    assert "s3://reports/out/dataset: 7 reports" in told.output
    assert differing(tmp_path / "dataset", OUT) == {}


def test_what_polars_reads_is_what_was_written() -> None:
    pipeline.build([REPORTS], OUT)
    dataset = "s3://reports/out/dataset"
    version = json.loads(objects.Folder(OUT).read("dataset.json")[0])["version"]
    values = pl.read_parquet(f"{dataset}/versions/{version}/values/**/*.parquet")
    assert values.height == store.scan(store.opened(OUT), "values").collect().height > 0


def test_offsets_name_the_files_of_the_version() -> None:
    pipeline.build([REPORTS], OUT)
    version = store.opened(OUT)
    for row in store.scan(version, "offsets").collect().head(40).iter_rows(named=True):
        rows = pl.read_parquet(f"{objects.address(version)}/{row['file']}")
        assert set(rows.slice(row["first"], row["rows"])["document_id"]) == {row["document_id"]}


def test_an_export_reads_from_the_store(local: Path, tmp_path: Path) -> None:
    pipeline.build([REPORTS], OUT)
    for dataset, name in (("s3://reports/out/dataset", "far.csv"), (str(local), "near.csv")):
        told = CliRunner().invoke(core, ["export", dataset, "--wide", "-o", str(tmp_path / name)])
        assert told.exit_code == 0, told.output
    far, near = (
        pl.read_csv(tmp_path / name, infer_schema=False) for name in ("far.csv", "near.csv")
    )
    assert far.height == 7
    assert far.select(sorted(far.columns)).equals(near.select(sorted(near.columns)))


def test_what_is_known_is_not_fetched_again() -> None:
    first = pipeline.build([REPORTS], OUT)
    again = pipeline.build([REPORTS], OUT)
    assert (first.fresh, again.fresh) == (len(first.outcomes), 0)
    kept = {key.split("/")[1] for key in objects.Folder(OUT).listed("versions")}
    pipeline.build([REPORTS], OUT)
    now = {key.split("/")[1] for key in objects.Folder(OUT).listed("versions")}
    assert len(kept) == len(now) == 2  # what is published, and what was before
    assert kept != now


def test_what_changed_is_read_and_what_is_gone_goes(reports: Path, tmp_path: Path) -> None:
    pipeline.build([REPORTS], OUT)
    changed, gone = sorted(reports.rglob("*.txt"))[:2]
    changed.write_text(changed.read_text().replace("2022", "2021"))
    gone.unlink()
    far = objects.Folder(REPORTS)
    far.put(changed.relative_to(reports).as_posix(), changed)
    far.delete([gone.relative_to(reports).as_posix()])
    assert pipeline.build([REPORTS], OUT).fresh == 1
    pipeline.build([reports], tmp_path / "dataset")
    assert differing(tmp_path / "dataset", OUT) == {}


def state_of(far: objects.Folder, file: Path) -> state.State:
    file.write_bytes(far.read("build/state")[0])
    return state.load(file)


def test_a_new_rule_judges_the_shards_on_the_store(reports: Path, tmp_path: Path) -> None:
    pipeline.build([REPORTS], OUT)
    far = objects.Folder(OUT)
    file = tmp_path / "state"
    state.save(msgspec.structs.replace(state_of(far, file), judges="another"), file)
    far.put("build/state", file)
    for key in [key for key in far.listed("build/chunks") if "/checks/" in key]:
        far.delete([key])
    assert pipeline.build([REPORTS], OUT).fresh == 0
    pipeline.build([reports], tmp_path / "dataset")
    assert differing(tmp_path / "dataset", OUT) == {}


def test_lost_shards_are_made_again() -> None:
    first = pipeline.build([REPORTS], OUT)
    far = objects.Folder(OUT)
    far.delete(far.listed("build/chunks"))
    assert pipeline.build([REPORTS], OUT).fresh == first.fresh


def test_whoever_begins_later_writes(tmp_path: Path) -> None:
    pipeline.build([REPORTS], OUT)
    before = objects.Folder(OUT).read("dataset.json")

    def another(*_: int) -> None:
        remote.RemoteShelf(OUT, tmp_path)

    with pytest.raises(DatasetError, match="another build began to write it after this one"):
        pipeline.build([REPORTS], OUT, another, fresh=True)
    assert objects.Folder(OUT).read("dataset.json") == before


def test_who_publishes_over_another_is_told(tmp_path: Path) -> None:
    pipeline.build([REPORTS], OUT)
    (tmp_path / "one").mkdir()
    shelf = remote.RemoteShelf(OUT, tmp_path / "one")
    version = shelf.version(7)
    (version / "dataset.json").write_text("{}")
    about = objects.Folder(OUT).read("dataset.json")[0]
    objects.Folder(OUT).put("dataset.json", about.replace(b"{", b"{ "))
    with pytest.raises(DatasetError, match="another build began"):
        shelf.swap(version)
    assert store.opened(OUT)


def test_a_build_that_breaks_off_leaves_the_last_dataset_and_the_next_tidies(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipeline.build([REPORTS], OUT)
    before = store.opened(OUT)
    with monkeypatch.context() as patched:

        def broken(*_: object) -> str:
            raise KeyboardInterrupt

        patched.setattr(remote.RemoteShelf, "_publish", broken)
        with pytest.raises(KeyboardInterrupt):
            pipeline.build([REPORTS], OUT, fresh=True)
    assert store.opened(OUT) == before
    assert store.scan(before, "values").collect().height > 0
    pipeline.build([REPORTS], OUT)
    far = objects.Folder(OUT)
    known = state_of(far, tmp_path / "state")
    assert {key.split("/")[2] for key in far.listed("build/chunks")} == set(known.chunks)
    versions = {key.split("/")[1] for key in far.listed("versions")}
    assert versions == {before.name, store.opened(OUT).name}


def test_odd_keys_cost_a_line_each(reports: Path) -> None:
    text = min(reports.rglob("*.txt")).read_bytes()
    far = objects.Folder(REPORTS)
    far.put(f"{'长' * 100}.txt", text)  # more bytes than a file's name may have
    far.put(".hidden/a.txt", text)
    summary = pipeline.build([REPORTS], OUT)
    odd = [o for o in summary.outcomes if o.status == "failed"]
    assert [(o.error, "another name" in (o.message or "")) for o in odd] == [("missing", True)]
    assert not any("hidden" in o.path for o in summary.outcomes)


def test_one_object_is_a_source(reports: Path) -> None:
    one = min(reports.rglob("*.txt")).relative_to(reports)
    assert pipeline.build([REPORTS / one], OUT).reports == 1


@pytest.mark.parametrize(
    ("source", "out", "env", "told"),
    [
        ("s3://nobody/x", "s3://reports/o", {}, "s3://nobody/x: no such bucket"),
        ("s3://reports/数据", "s3://nobody/o", {}, "s3://nobody/o: no such bucket"),
        ("s3://reports/nothing", "s3://reports/o", {}, "s3://reports/nothing: no objects here"),
        ("s3://reports/数据", "s3://reports/数据", {}, "not empty and not a dataset"),
        ("s3://", "s3://reports/o", {}, "name a bucket"),
        ("s3://reports/数据", "s3://reports/o", {"AWS_ACCESS_KEY_ID": None}, "no credentials"),
        ("s3://reports/数据", "s3://reports/o", {"AWS_ENDPOINT_URL": "closed"}, "can't be reached"),
    ],
)
def test_what_is_wrong_with_a_store_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    out: str,
    env: dict[str, str | None],
    told: str,
) -> None:
    for name, value in env.items():
        if value is None:
            monkeypatch.delenv(name)
            monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        else:
            monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    found = build(source, "-o", out)
    assert found.exit_code == 2
    assert len(found.output.strip().splitlines()) == 1
    assert told in found.output


def test_an_export_of_nothing_is_one_line(tmp_path: Path) -> None:
    found = CliRunner().invoke(core, ["export", "s3://reports/no", "-o", str(tmp_path / "a.csv")])
    assert found.exit_code == 2
    assert found.output.startswith("s3://reports/no: no dataset here; make one with")


def carried(job: Task, version: str, monkeypatch: pytest.MonkeyPatch) -> cluster.Carried:
    monkeypatch.setattr(cluster, "_companions", lambda _: Companions())
    message = encode(cluster.Tasked((job,), version))
    return decode(cluster.carry_out(message, [None]), cluster.Carried)


def test_a_worker_of_another_version_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Task("c1", "s3:/reports/o/build/chunks/c1", ("s3:/reports/a.txt",))
    told = carried(job, "another", monkeypatch).failed
    assert told is not None
    assert "another version of govreport" in told


def test_a_worker_without_credentials_says_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    job = Task("c1", "s3:/reports/o/build/chunks/c1", ("s3:/reports/a.txt",))
    told = carried(job, reads_version() + judges_version(), monkeypatch).failed
    assert told is not None
    assert "no credentials" in told


def test_a_worker_that_does_not_see_the_folder_reads_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chunks").mkdir()
    job = Task("c1", str(tmp_path / "chunks/c1"), (str(tmp_path / "share/a.txt"),))
    told = carried(job, reads_version() + judges_version(), monkeypatch).failed
    assert told is not None
    assert f"{tmp_path / 'share'}: not there on" in told
