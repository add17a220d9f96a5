"""A dataset that is older, or damaged, is named as such with what to do, at every door to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest
from view_data import write_small

from dashboard.cli import main
from dashboard.labels import t
from govreport_core.dataset import store
from govreport_core.errors import DatasetError

AGAIN = "build it again with: govreport build SOURCES -o"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(tmp_path_factory.mktemp("whole") / "dataset")


@pytest.fixture
def dataset(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "dataset")


def files(dataset: Path, table: str) -> list[Path]:
    return sorted((dataset / table).glob("**/*.parquet"))


def an_indicator_less(dataset: Path) -> None:
    """As written before an indicator was added to the catalogue."""
    for file in files(dataset, "cards"):
        rows = pl.read_parquet(file)
        gone = next(name for name in rows.columns if name.endswith("_numerator"))
        rows.drop(gone).write_parquet(file)


def no_values(dataset: Path) -> None:
    shutil.rmtree(dataset / "values")


def empty_table(dataset: Path) -> None:
    for file in files(dataset, "coverage"):
        file.unlink()


def half_written(dataset: Path) -> None:
    for table in store.TABLES:
        file = files(dataset, table)[-1]
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def broken_within(dataset: Path) -> None:
    """The end of the file, where its columns are told, is whole; what it holds isn't."""
    for table in store.TABLES:
        for file in files(dataset, table):
            data = bytearray(file.read_bytes())
            data[4 : len(data) // 3] = bytes(len(data) // 3 - 4)
            file.write_bytes(data)


def older(dataset: Path) -> None:
    about = json.loads((dataset / "dataset.json").read_text("utf-8"))
    (dataset / "dataset.json").write_text(json.dumps(about | {"schema_version": 1}), "utf-8")


def half_told(dataset: Path) -> None:
    (dataset / "dataset.json").write_text('{"schema_version": ', "utf-8")


DAMAGES = {
    an_indicator_less: "its table cards is of another version (no ",
    no_values: "it has no table values",
    empty_table: "it has no table coverage",
    half_written: "is damaged or written by half",
    broken_within: "is damaged or written by half",
    older: "dataset of another version",
    half_told: "its dataset.json is damaged",
}
damages = pytest.mark.parametrize(("damage", "told"), DAMAGES.items())


@damages
def test_what_is_wrong_is_found(dataset: Path, damage: Callable[[Path], None], told: str) -> None:
    assert store.damage(dataset) is None
    damage(dataset)
    found = store.damage(dataset)
    assert found is not None
    assert told in found
    assert AGAIN in found


@damages
@pytest.mark.parametrize(
    "command",
    [
        ("export", "-o", "{out}/a.csv"),
        ("export", "--wide", "-o", "{out}/a.csv"),
        ("site", "-o", "{out}/site"),
    ],
    ids=["export", "export wide", "site"],
)
def test_commands_tell_it_in_one_line(
    dataset: Path, tmp_path: Path, damage: Callable[[Path], None], told: str, command: tuple[str]
) -> None:
    damage(dataset)
    name, *rest = (word.format(out=tmp_path) for word in command)
    done = CliRunner().invoke(main, [name, str(dataset), *rest])
    assert (done.exit_code, type(done.exception)) == (2, SystemExit)
    lines = [line for line in done.stderr.splitlines() if told in line]
    assert len(lines) == 1
    assert AGAIN in lines[0]
    assert "Traceback" not in done.output


@damages
def test_the_app_tells_it(
    dataset: Path, damage: Callable[[Path], None], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(dataset)
    monkeypatch.setenv("GOVREPORT_DATASET", str(dataset))
    app = AppTest.from_string("from dashboard.app import draw\ndraw('')\n", default_timeout=180)
    app.run()
    assert not app.exception
    (error,) = (error.value for error in app.error)
    assert t("app.cannot_open", "zh") in error
    assert told.partition("_")[0] in error.replace("\\", "")
    assert t("app.broke", "zh") not in error


def test_what_isnt_the_datasets_fault_isnt_told_as_its(dataset: Path) -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError), store.reading(dataset):
        pl.DataFrame().select("nothing")
    no_values(dataset)
    with pytest.raises(DatasetError, match="no table values"), store.reading(dataset):
        pl.DataFrame().select("nothing")
