"""Shards linked and frames written in, a version of the dataset out.

What is the same as in an earlier version is linked, not written again: files that say the same,
and where documents stand in shards that are the same.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
import string
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from govreport_core import __version__
from govreport_core.dataset.keys import key
from govreport_core.dataset.offsets import DOCUMENTS, ORDER, in_order, offsets, renewed
from govreport_core.dataset.parquet import by_year, ends_well, held_in, put
from govreport_core.schemas import FACTS, SCHEMA_VERSION, TABLES, frame, validated

OFFSETS = "offsets-{}.parquet"
"""Where a chunk keeps which rows of its shards are whose: of the facts, of the checks."""
_OF_DOCUMENTS = (*FACTS, "similar", "checks")
_CHUNKS_AT_ONCE = 25
_FEW = 0.1  # share of the shards that are new up to which the places of the others are gone on with
_AT_ONCE = 10 * DOCUMENTS  # rows of `offsets` that are sorted as they are
_MOST = 30 * DOCUMENTS  # rows of a file of `offsets` up to which it is gone on with
_SAYS = "rows"  # what a file of a version says of its rows: their key
_SHARDS = "shards"  # what files of `offsets` say of the shards they tell of


class Ready(msgspec.Struct, frozen=True):
    """A file of a table that is written already; no table of which `offsets` tells.

    Attributes:
        stem: What a version calls it: see `by_year`.
    """

    file: Path
    stem: str


Given = pl.DataFrame | Iterable[pl.DataFrame | Ready]


@contextlib.contextmanager
def linking(
    folder: Path,
    shards: Mapping[str, Path],
    program: str = "",
    before: Path | None = None,
    called: str = "part",
) -> Iterator[None]:
    """Link shards into a version; where documents stand in them is told while the rest goes on.

    Args:
        folder: The version; it has no shards of these names yet.
        shards: The folders of shards, by name: their tables are linked, not copied.
        program: The version of what writes tables.
        before: An earlier version: what one of the same program tells of the same shards
            is not sorted again.
        called: How the files begin that tell of these shards.
    """
    for table in (table for table in TABLES if table != "offsets"):
        below = folder / table
        below.mkdir(parents=True, exist_ok=True)
        for name, path in shards.items():
            for file in held_in(path / table):
                _link(file, _placed(below, file.stem, name))
    with ThreadPoolExecutor(1) as aside:
        told = aside.submit(_tell_linked, shards, program, folder, before, called)
        yield
        told.result()


def write(
    folder: Path,
    tables: Mapping[str, Given],
    *,
    versions: dict[str, str],
    before: Path | None = None,
) -> None:
    """Write what no shards hold into a version of the dataset.

    Args:
        folder: The version; shards are linked into it already, if there are any.
        tables: In one frame or some one after the other, with the columns of `schemas` in the
            order they are to stand in; files are linked. A table may be in shards too.
        versions: Of forms, rules and themes, for `dataset.json`.
        before: An earlier version: those of its files are linked that say the same.

    Raises:
        DatasetError: A frame breaks its schema (a defect of ours).
    """
    places: list[pl.DataFrame] = [frame("offsets", [])]
    for name in (name for name in TABLES if name != "offsets"):
        places += _written(tables.get(name, ()), name, folder / name, before=before)
    few = sum(some.height for some in places) <= _AT_ONCE
    told = [pl.concat(places).sort(ORDER)] if few else in_order(places)
    _written(told, "offsets", folder / "offsets", called="written")
    about = {
        "schema_version": SCHEMA_VERSION,
        "built_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "parser": __version__,
        **versions,
    }
    text = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
    (folder / "dataset.json").write_text(text, encoding="utf-8")


def _written(
    given: Given,
    table: str,
    below: Path,
    called: str = "part",
    said: dict[str, str] | None = None,
    before: Path | None = None,
) -> list[pl.DataFrame]:
    """Write frames as a table's files; where documents stand in them, if it is of documents."""
    places = []
    below.mkdir(parents=True, exist_ok=True)
    for number, rows in enumerate([given] if isinstance(given, pl.DataFrame) else given):
        if isinstance(rows, Ready):
            _link(rows.file, _placed(below, rows.stem, f"part{number:04}"))
            continue
        for stem, some in by_year(validated(table, rows)):
            part = _placed(below, stem, f"{called}{number or ''}")
            file = part.relative_to(below.parent)
            if said is None:
                _put_unless(some, part, before / file if before else None)
            else:
                put(some, part, said)
            if table in _OF_DOCUMENTS:
                places.append(offsets(some, table, file.as_posix()))
    if not any(below.iterdir()):
        put(frame(table, []), below / f"{called}.parquet")
    return places


def _put_unless(rows: pl.DataFrame, file: Path, before: Path | None) -> None:
    """Write a file of a version, unless that of an earlier one says the same: then link it."""
    said = key(f"{SCHEMA_VERSION} {__version__} {pl.__version__}", rows)
    if before and ends_well(before) and pl.read_parquet_metadata(before).get(_SAYS) == said:
        _link(before, file)
    else:
        put(rows, file, {_SAYS: said})


def _tell_linked(
    chunks: Mapping[str, Path], program: str, folder: Path, before: Path | None, called: str
) -> None:
    """Write where documents stand in the shards, and which shards these are."""
    now = {name: _stamp(path) for name, path in chunks.items()}
    of_shards = [file for path in chunks.values() for file in path.glob(OFFSETS.format("*"))]
    about = {"program": program, "stamps": now, "rows": _rows(of_shards)}
    said = {_SHARDS: json.dumps(about)}
    files = sorted(before.glob(f"offsets/{called}*.parquet"), key=_number) if before else []
    told = _offsets(chunks, said[_SHARDS], files)
    _written(told, "offsets", folder / "offsets", called=called, said=said)


def _stamp(chunk: Path) -> list[list[int]]:
    """How the files look from outside that tell where documents stand in a chunk's shards."""
    stats = [file.stat() for file in sorted(chunk.glob(OFFSETS.format("*")))]
    return [[one.st_ino, one.st_mtime_ns, one.st_size] for one in stats]


def _offsets(chunks: Mapping[str, Path], said: str, files: list[Path]) -> Iterator[pl.DataFrame]:
    """Where documents stand in the files of chunks, some chunks' at a time."""
    if not chunks:
        return
    now = json.loads(said)
    was = _told_of(files)
    stamps = was["stamps"] if was.get("program") == now["program"] else {}
    fresh = [name for name, stamp in now["stamps"].items() if stamps.get(name) != stamp]
    if stamps and len(fresh) <= _FEW * len(chunks):
        gone = [name for name, stamp in stamps.items() if stamp != now["stamps"].get(name)]
        places = (_places(chunks[name], name) for name in fresh)
        yield from renewed(files, gone, pl.concat([frame("offsets", []), *places]))
    else:
        names = list(chunks)
        some = (names[at : at + _CHUNKS_AT_ONCE] for at in range(0, len(names), _CHUNKS_AT_ONCE))
        yield from in_order(pl.concat(_places(chunks[n], n) for n in part) for part in some)


def _told_of(files: list[Path]) -> dict[str, Any]:
    """Which shards files of `offsets` tell of; nothing where they can't be gone on with."""
    if not files or not all(map(ends_well, files)):
        return {}
    said = [pl.read_parquet_metadata(file).get(_SHARDS) for file in files]
    if said[0] is None or set(said) != {said[0]} or max(_rows([f]) for f in files) > _MOST:
        return {}
    found: dict[str, Any] = json.loads(said[0])
    # A file that is lost would be documents of which nothing is told ever after.
    return found if found["rows"] == _rows(files) else {}


def _rows(files: list[Path]) -> int:
    """How many rows files have; only their ends are read."""
    return int(pl.scan_parquet(files).select(pl.len()).collect().item()) if files else 0


def _number(part: Path) -> int:
    return int(part.stem.strip(string.ascii_lowercase) or 0)


def _places(chunk: Path, name: str) -> pl.DataFrame:
    """Where documents stand in a chunk's shards, under the names these have in a version."""
    found = pl.concat(map(pl.read_parquet, sorted(chunk.glob(OFFSETS.format("*")))))
    below = pl.when(pl.col("file") == "all").then(pl.lit("")).otherwise(pl.col("file") + "/")
    return found.with_columns(file=pl.col("table") + "/" + below + pl.lit(f"{name}.parquet"))


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
