"""Reports to build of, and the tables of what was built."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from govreport_core.build import pipeline
from govreport_core.schemas import TABLES

Tables = dict[str, pl.DataFrame]


def reports(samples: Path, folder: Path) -> None:
    """Some reports of some agencies, with manifest and roster."""
    folder.mkdir(parents=True)
    for name in ("manifest.csv", "agencies.csv"):
        shutil.copy(samples / "reports" / name, folder / name)
    for year in ("2021", "2022", "2023"):
        (folder / year).mkdir()
        for file in sorted((samples / "reports" / year).glob("990100-*.txt")):
            shutil.copy(file, folder / year / file.name)
    settle(folder)


@contextlib.contextmanager
def undone(folder: Path) -> Iterator[None]:
    """What is done to a folder meanwhile is undone after it."""
    aside = folder.with_name("aside")
    subprocess.run(["cp", "-a", folder, aside], check=True)  # what is one file there is one here
    yield
    shutil.rmtree(folder)
    aside.rename(folder)


def settle(folder: Path) -> None:
    """Files that were there before the build began."""
    for file in folder.rglob("*"):
        os.utime(file, ns=(10**18, 10**18))


def tables(out: Path) -> Tables:
    read = {n: pl.read_parquet(f"{out}/{n}/**/*.parquet", hive_partitioning=False) for n in TABLES}
    # where rows stand in files depends on which chunks they came in
    places = read["offsets"].group_by("document_id", "table").agg(pl.col("rows").sum())
    read["offsets"] = places
    return {name: rows.sort(rows.columns) for name, rows in read.items()}


def same(one: Tables, other: Tables) -> bool:
    for name, rows in one.items():
        assert rows.equals(other[name]), name
    return one.keys() == other.keys()


def built_anew(sources: Path, tmp_path: Path) -> Tables:
    out = tmp_path / "anew" / "dataset"
    shutil.rmtree(out.parent, ignore_errors=True)
    assert pipeline.build([sources], out).written
    return tables(out)


def one(sources: Path, year: str = "2022") -> Path:
    """One of the reports, in UTF-8."""
    files = sorted((sources / year).glob("*.txt"))
    return next(file for file in files if not file.read_bytes().startswith(b"\xff\xfe"))


def changed(sources: Path) -> None:
    file = one(sources)
    file.write_text(file.read_text("utf-8") + "\n附件：无\n", encoding="utf-8")
