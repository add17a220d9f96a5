"""The dataset: frames in, a folder of Parquet tables out, and back as lazy frames.

A folder; each table a folder of Parquet files (zstd), one file a year where the
table has years (`values/year=2021/part.parquet`; reports without a year stand in
`year=null`), so `pl.read_parquet(f"{dataset}/values/**/*.parquet")` reads any of
them. `dataset.json` beside them holds the versions. What is written is validated
against `schemas` first.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from govreport_core import __version__
from govreport_core.errors import DatasetError
from govreport_core.schemas import TABLES, frame

SCHEMA_VERSION = 3


def write(frames: Mapping[str, pl.DataFrame], folder: Path, *, versions: dict[str, str]) -> None:
    """Write a whole dataset beside `folder`, then put it in its place.

    Tables not given are written empty. A reader sees the old dataset or the new
    one; when anything fails, the old one stays.

    Raises:
        DatasetError: `folder` holds something that isn't a dataset, or a frame
            breaks its schema (a defect of ours: the message names the rule).
    """
    check_target(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        msg = f"{folder}: can't be written ({error.strerror}); choose another folder for -o"
        raise DatasetError(msg) from error
    try:
        for name, schema in TABLES.items():
            _write_table(_validated(name, schema, frames.get(name)), fresh / name)
        about = {
            "schema_version": SCHEMA_VERSION,
            "built_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "parser": __version__,
            **versions,
        }
        (fresh / "dataset.json").write_text(
            json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        fresh.chmod(0o755)
        replace_folder(fresh, folder)
    except OSError as error:
        msg = f"{folder}: can't be written ({error.strerror}); the old dataset stays"
        raise DatasetError(msg) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def check_target(folder: Path) -> None:
    """Refuse a folder that holds something else than a dataset.

    Raises:
        DatasetError: With what to do.
    """
    if folder.is_file():
        msg = f"{folder}: a file; name a folder for -o"
        raise DatasetError(msg)
    if folder.exists() and any(folder.iterdir()) and not (folder / "dataset.json").is_file():
        msg = f"{folder}: not empty and not a dataset; choose another folder for -o"
        raise DatasetError(msg)


def _validated(name: str, schema: type[dy.Schema], given: pl.DataFrame | None) -> pl.DataFrame:
    if given is None:
        return frame(name, [])
    try:
        return schema.validate(given, cast=True)
    except (dy.exc.ValidationError, dy.exc.SchemaError) as error:
        msg = f"{name}: {' '.join(str(error).split())}"
        raise DatasetError(msg) from error


def _write_table(table: pl.DataFrame, folder: Path) -> None:
    folder.mkdir()
    if "year" not in table.columns or table.is_empty():
        table.write_parquet(folder / "part.parquet", compression="zstd")
        return
    for (year,), rows in table.partition_by("year", as_dict=True).items():
        below = folder / f"year={'null' if year is None else year}"
        below.mkdir()
        rows.write_parquet(below / "part.parquet", compression="zstd")


def replace_folder(fresh: Path, folder: Path) -> None:
    """Put a finished folder in another's place: two renames, and the old one goes."""
    old = fresh.with_name(fresh.name + "-old")
    if folder.exists():
        os.replace(folder, old)
    try:
        os.replace(fresh, folder)
    except OSError:
        if old.exists():
            os.replace(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def about(folder: Path) -> dict[str, Any]:
    """What `dataset.json` says.

    Raises:
        DatasetError: No dataset there, or one of another schema version.
    """
    try:
        found: dict[str, Any] = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{folder}: no dataset here; make one with: govreport build SOURCES -o {folder}"
        raise DatasetError(msg) from error
    if found.get("schema_version") != SCHEMA_VERSION:
        msg = f"{folder}: dataset of another version; build it again with: govreport build"
        raise DatasetError(msg)
    return found


def scan(folder: Path, table: str) -> pl.LazyFrame:
    """One table of a dataset, lazily."""
    return pl.scan_parquet(f"{folder}/{table}/**/*.parquet", hive_partitioning=False)
