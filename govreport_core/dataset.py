"""The dataset: frames in, a folder of Parquet tables out, and back as lazy frames.

A folder; each table a folder of Parquet files (zstd), one file a year where the
table has years (`values/year=2021/part.parquet`; reports without a year stand in
`year=null`), so `pl.read_parquet(f"{dataset}/values/**/*.parquet")` reads any of
them. `dataset.json` beside them holds the versions. The schemas below are the
contract: what is written is validated against them first.
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

SCHEMA_VERSION = 1


class Documents(dy.Schema):
    """One row a path. `status` is `read`, `failed` (with `error` and `message`) or `skipped`."""

    path = dy.String(primary_key=True)
    document_id = dy.String(nullable=True)
    media_type = dy.String(nullable=True)
    size = dy.Int64(nullable=True, min=0)
    status = dy.String(check=lambda c: c.is_in(["read", "failed", "skipped"]))
    error = dy.String(nullable=True)
    message = dy.String(nullable=True)
    source_url = dy.String(nullable=True)
    fetched_at = dy.String(nullable=True)


class Parts(dy.Schema):
    """The sources as read: every `part` in the other tables names a row here."""

    document_id = dy.String(primary_key=True)
    ordinal = dy.Int32(nullable=False, min=0)
    part = dy.String(primary_key=True)
    kind = dy.String(check=lambda c: c.is_in(["paragraph", "row", "cell"]))
    row = dy.Int32(nullable=True)
    col = dy.Int32(nullable=True)
    rowspan = dy.Int32(nullable=True)
    colspan = dy.Int32(nullable=True)
    text = dy.String()


class Reports(dy.Schema):
    """One row a document that was read; `report_id` is `<agency_id>-<year>`.

    `current` marks the one of several readings of the same report that is shown.
    """

    document_id = dy.String(primary_key=True)
    report_id = dy.String()
    current = dy.Bool()
    agency_id = dy.String()
    agency_name = dy.String(nullable=True)
    agency_kind = dy.String(nullable=True)
    agency_level = dy.String(nullable=True)
    region_code = dy.String(nullable=True, regex=r"^\d{6}$")
    province = dy.String(nullable=True)
    prefecture = dy.String(nullable=True)
    county = dy.String(nullable=True)
    year = dy.Int32(nullable=True, min=2000, max=2100)
    form = dy.String(nullable=True)
    title = dy.String(nullable=True)
    published_on = dy.Date(nullable=True)
    source_url = dy.String(nullable=True)


class Evidence(dy.Schema):
    """Candidates for each fact about a report, the chosen one marked, with their places."""

    document_id = dy.String()
    field = dy.String()
    candidate = dy.String()
    chosen = dy.Bool()
    rule = dy.String()
    part = dy.String(nullable=True)
    start = dy.Int32(nullable=True)
    end = dy.Int32(nullable=True)


class Values(dy.Schema):
    """One row a cell of the form; see `govreport_core.model.Value`. Money is in 万元."""

    document_id = dy.String(primary_key=True)
    year = dy.Int32(nullable=True)
    form = dy.String()
    table = dy.String(primary_key=True)
    row = dy.String(primary_key=True)
    column = dy.String(primary_key=True)
    number = dy.Float64(nullable=True)
    state = dy.String(
        check=lambda c: c.is_in(
            ["reported", "blank", "placeholder", "text", "unreadable", "absent"]
        )
    )
    raw = dy.String(nullable=True)
    unit = dy.String(nullable=True)
    part = dy.String(nullable=True)
    start = dy.Int32(nullable=True)
    end = dy.Int32(nullable=True)

    @dy.rule()
    def number_only_where_certain(cls) -> pl.Expr:  # noqa: N805 - dataframely passes the schema
        """A number goes with `reported` always, with `text` sometimes, else never."""
        return (
            pl.when(pl.col("state") == "reported")
            .then(pl.col("number").is_not_null())
            .when(pl.col("state") == "text")
            .then(pl.lit(value=True))
            .otherwise(pl.col("number").is_null())
        )


class Sections(dy.Schema):
    """The six sections found, with their prose."""

    document_id = dy.String(primary_key=True)
    year = dy.Int32(nullable=True)
    section = dy.String(primary_key=True)
    heading = dy.String()
    text = dy.String()
    part = dy.String()
    start = dy.Int32()
    end_part = dy.String()
    end = dy.Int32()


class Points(dy.Schema):
    """Problems and improvements named in section five, one row each."""

    document_id = dy.String()
    year = dy.Int32(nullable=True)
    kind = dy.String(check=lambda c: c.is_in(["problem", "improvement"]))
    ordinal = dy.Int32()
    text = dy.String()
    themes = dy.List(dy.String(), nullable=True)
    part = dy.String()
    start = dy.Int32()
    end_part = dy.String()
    end = dy.Int32()


class Claims(dy.Schema):
    """Figures the prose states, with the cell they are held against."""

    document_id = dy.String()
    year = dy.Int32(nullable=True)
    claim = dy.String()
    number = dy.Float64()
    text = dy.String()
    scope = dy.String(nullable=True)
    table = dy.String()
    row = dy.String()
    column = dy.String()
    agrees = dy.Bool(nullable=True)
    part = dy.String()
    start = dy.Int32()
    end = dy.Int32()


class Checks(dy.Schema):
    """One row a check of a report (or of an axis of a table, or of a single cell).

    `document_id` is null where the finding is that a report doesn't exist.
    `subject` is `table.row.column` with `*` for a summed axis, a section's or a
    table's code, or `report`. `params` is a JSON object that fills the rule's
    sentences. `reason` says why a check was skipped.
    """

    document_id = dy.String(nullable=True)
    agency_id = dy.String(nullable=True)
    year = dy.Int32(nullable=True)
    check = dy.String()
    subject = dy.String()
    outcome = dy.String(check=lambda c: c.is_in(["pass", "fail", "skip"]))
    severity = dy.String(check=lambda c: c.is_in(["error", "warning", "info"]))
    reason = dy.String(nullable=True)
    expected = dy.Float64(nullable=True)
    actual = dy.Float64(nullable=True)
    params = dy.String()
    assumed_zero = dy.Bool()
    part = dy.String(nullable=True)
    start = dy.Int32(nullable=True)
    end = dy.Int32(nullable=True)

    @dy.rule()
    def a_skip_has_its_reason(cls) -> pl.Expr:  # noqa: N805 - dataframely passes the schema
        """What couldn't be assessed says why."""
        return (pl.col("outcome") != "skip") | pl.col("reason").is_not_null()


class Diagnostics(dy.Schema):
    """What was odd in reading a document; `params` is a JSON object."""

    document_id = dy.String()
    level = dy.String(check=lambda c: c.is_in(["note", "doubt"]))
    code = dy.String()
    params = dy.String()
    part = dy.String(nullable=True)
    start = dy.Int32(nullable=True)
    end = dy.Int32(nullable=True)


class Agencies(dy.Schema):
    """The roster as used: from `agencies.csv`, and those seen in the reports alone."""

    agency_id = dy.String(primary_key=True)
    name = dy.String(nullable=True)
    region_code = dy.String(nullable=True)
    level = dy.String(nullable=True)
    kind = dy.String(nullable=True)
    valid_from = dy.String(nullable=True)
    valid_to = dy.String(nullable=True)
    successor = dy.String(nullable=True)
    source = dy.String()


TABLES: dict[str, type[dy.Schema]] = {
    "documents": Documents,
    "parts": Parts,
    "reports": Reports,
    "evidence": Evidence,
    "values": Values,
    "sections": Sections,
    "points": Points,
    "claims": Claims,
    "checks": Checks,
    "diagnostics": Diagnostics,
    "agencies": Agencies,
}


def frame(table: str, rows: list[dict[str, Any]] | Mapping[str, list[Any]]) -> pl.DataFrame:
    """A frame of that table's columns and types, from rows or from columns."""
    schema = TABLES[table].create_empty().schema
    return pl.DataFrame(rows, schema=schema)


def write(frames: Mapping[str, pl.DataFrame], folder: Path, *, versions: dict[str, str]) -> None:
    """Write a whole dataset beside `folder`, then put it in its place.

    Tables not given are written empty. A reader sees the old dataset or the new
    one; when anything fails, the old one stays.

    Raises:
        DatasetError: `folder` holds something that isn't a dataset, or a frame
            breaks its schema (a defect of ours: the message names the rule).
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "dataset.json").is_file():
        msg = f"{folder}: not empty and not a dataset; choose another folder for -o"
        raise DatasetError(msg)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
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
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


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
