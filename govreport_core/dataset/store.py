"""The dataset: shards and frames in, a version of it published in one step, and lazy frames back.

A folder; each table a folder of Parquet files (zstd), many files a year where the
table has years (`values/year=2021/c000007.parquet`; reports without a year stand in
`year=null`), so `pl.read_parquet(f"{dataset}/values/**/*.parquet")` reads any of
them. `dataset.json` beside them holds the versions.

The path a person names is a link to a version beside it, in a hidden folder that
also keeps the shards: whoever opens it finds one whole version, at any moment.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from govreport_core import __version__
from govreport_core.dataset.offsets import offsets
from govreport_core.errors import DatasetError
from govreport_core.schemas import FACTS, SCHEMA_VERSION, TABLES, frame, validated

try:
    import fcntl
except ImportError:  # pragma: no cover - a system without file locks
    fcntl = None  # type: ignore[assignment]

OFFSETS = "offsets-{}.parquet"
"""Where a chunk keeps which rows of its shards are whose: of the facts, of the checks."""
_OF_DOCUMENTS = (*FACTS, "similar", "checks")
_ROW_GROUP = 20_000


class Shelf:
    """The hidden folder beside a dataset: its shards, its versions, what builds know.

    Attributes:
        out: The dataset's path, as named.
        root: The hidden folder.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.root = out.parent / f".{out.name}.govreport"

    @property
    def state(self) -> Path:
        """What the last build knows of the sources."""
        return self.root / "state"

    def chunk(self, name: str) -> Path:
        """A chunk's shards."""
        return self.root / "chunks" / name

    def fresh_chunk(self, name: str) -> Path:
        """Where a new chunk's shards go; what a killed build left there is gone."""
        folder = self.chunk(name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return folder

    def kept(self, kind: str, key: str) -> Path:
        """A file of results that hold as long as their key does."""
        folder = self.root / kind
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{key}.parquet"

    def version(self, number: int) -> Path:
        """An empty folder for a version."""
        folder = self.root / "versions" / f"v{number:06}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def swap(self, version: Path) -> None:
        """Have the dataset's path name a version, in one step."""
        link = self.root / "link"
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(version, self.out.parent))
        if self.out.is_dir() and not self.out.is_symlink():
            # a dataset of before there were versions
            os.replace(self.out, self.root / "versions" / "before")
        os.replace(link, self.out)

    def tidy(self, chunks: set[str], version: str) -> None:
        """Remove what no version and no state needs: older versions but the last, lost chunks."""
        for folder in _below(self.root / "chunks"):
            if folder.name not in chunks:
                shutil.rmtree(folder, ignore_errors=True)
        others = [folder for folder in _below(self.root / "versions") if folder.name != version]
        for folder in others[:-1]:
            shutil.rmtree(folder, ignore_errors=True)


def _below(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


@contextlib.contextmanager
def writing(out: Path) -> Iterator[Shelf]:
    """The shelf of a dataset, for one writer at a time; a dead one holds nothing.

    Raises:
        DatasetError: `out` holds something that isn't a dataset, can't be written,
            or is being written by another process.
    """
    check_target(out)
    shelf = Shelf(out)
    try:
        shelf.root.mkdir(parents=True, exist_ok=True)
        lock = (shelf.root / "lock").open("a")
    except OSError as error:
        msg = f"{out}: can't be written ({error.strerror}); choose another folder for -o"
        raise DatasetError(msg) from error
    with lock:
        try:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            msg = f"{out}: another build is writing it; wait for that one, or choose another folder"
            raise DatasetError(msg) from error
        yield shelf


def write(
    folder: Path,
    chunks: Mapping[str, Path],
    tables: Mapping[str, pl.DataFrame | Iterable[pl.DataFrame]],
    *,
    versions: dict[str, str],
) -> None:
    """Write a version of the dataset into an empty folder.

    Args:
        folder: Where.
        chunks: The folders of shards, by name: their tables are linked, not copied.
        tables: The other tables, in one frame or some, with the columns of `schemas` in the
            order they are to stand in. A table may come from both.
        versions: Of forms, rules and themes, for `dataset.json`.

    Raises:
        DatasetError: A frame breaks its schema (a defect of ours).
    """
    places = [_places(path, chunk) for chunk, path in chunks.items()]
    for name in (name for name in TABLES if name != "offsets"):
        below = folder / name
        below.mkdir(parents=True)
        for chunk, path in chunks.items():
            for file in _below(path / name):
                _link(file, _placed(below, file.stem, chunk))
        places += _written(tables.get(name, ()), name, below)
        if not any(below.iterdir()):
            frame(name, []).write_parquet(below / "part.parquet")
    known = pl.concat([frame("offsets", []), *places])
    _written(known.sort("document_id", "table", "file", "first"), "offsets", folder / "offsets")
    about = {
        "schema_version": SCHEMA_VERSION,
        "built_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "parser": __version__,
        **versions,
    }
    text = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
    (folder / "dataset.json").write_text(text, encoding="utf-8")


def _written(
    given: pl.DataFrame | Iterable[pl.DataFrame], table: str, below: Path
) -> list[pl.DataFrame]:
    """Write frames as a table's files; where documents stand in them, if it is of documents."""
    places = []
    below.mkdir(exist_ok=True)
    for number, rows in enumerate([given] if isinstance(given, pl.DataFrame) else given):
        for stem, some in by_year(validated(table, rows)):
            part = _placed(below, stem, f"part{number or ''}")
            some.write_parquet(part, compression="zstd", row_group_size=_ROW_GROUP)
            if table in _OF_DOCUMENTS:
                places.append(offsets(some, table, part.relative_to(below.parent).as_posix()))
    return places


def _places(chunk: Path, name: str) -> pl.DataFrame:
    """Where documents stand in a chunk's shards, under the names these have in a version."""
    found = pl.concat(pl.read_parquet(chunk / OFFSETS.format(of)) for of in ("facts", "checks"))
    below = pl.when(pl.col("file") == "all").then(pl.lit("")).otherwise(pl.col("file") + "/")
    return found.with_columns(file=pl.col("table") + "/" + below + pl.lit(f"{name}.parquet"))


def by_year(rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """A table's files by name: `year=2021`, or `all` for a table without years; none when empty.

    Args:
        rows: A table; `year` (whole numbers or null) where it has years.

    Yields:
        The file's name without its ending (`year=null` for rows of no year) and its rows, all
        columns kept, in their order; years as they first come.
    """
    if rows.is_empty():
        return
    if "year" not in rows.columns:
        yield "all", rows
        return
    for (year,), some in rows.partition_by("year", as_dict=True, maintain_order=True).items():
        yield f"year={'null' if year is None else year}", some


def _placed(below: Path, stem: str, name: str) -> Path:
    """Where a file of a table stands in a version."""
    if stem == "all":
        return below / f"{name}.parquet"
    (below / stem).mkdir(exist_ok=True)
    return below / stem / f"{name}.parquet"


def _link(file: Path, to: Path) -> None:
    """The same file under another name; a copy where the system has no links."""
    try:
        os.link(file, to)
    except OSError:
        shutil.copyfile(file, to)


def check_target(folder: Path) -> None:
    """Refuse a folder that holds something else than a dataset.

    Raises:
        DatasetError: With what to do.
    """
    if folder.is_file():
        msg = f"{folder}: a file; name a folder for -o"
        raise DatasetError(msg)
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "dataset.json").is_file():
        msg = f"{folder}: not empty and not a dataset; choose another folder for -o"
        raise DatasetError(msg)


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


def whole(folder: Path) -> bool:
    """Whether a dataset has all that one has; what its files hold isn't looked at."""
    there = (folder / "dataset.json").is_file()
    return there and all(any((folder / name).glob("**/*.parquet")) for name in TABLES)


def scan(folder: Path, table: str) -> pl.LazyFrame:
    """One table of a dataset, lazily.

    Args:
        folder: A version of a dataset.
        table: A name of `TABLES`.

    Returns:
        The columns of `schemas`, file by file, in each as written.
    """
    return pl.scan_parquet(f"{folder}/{table}/**/*.parquet", hive_partitioning=False)
