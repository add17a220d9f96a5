"""Rows in, what tells them apart out: hashes of them, by whose they are, and of the program."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from sys import intern
from zlib import ZLIB_RUNTIME_VERSION

import msgspec
import numpy as np
import polars as pl

from dashboard.data import OF_A_DOCUMENT, Data

# What reads rows, draws pages and packs files beside our own program.
_LIBRARIES = ("jinja2", "markupsafe", "msgspec", "numpy", "opencc", "polars", "rapidfuzz")
_PROGRAM = (".py", ".toml", ".html", ".css", ".js", ".json", ".csv")

Hashes = dict[str, bytes]
NOBODY = "agency "
"""What begins the key of results about reports that don't exist, before the agency's id."""


@cache
def program() -> bytes:
    """Of every file of the program, and the versions of the libraries that draw with it."""
    versions = {one: version(one) for one in _LIBRARIES} | {"zlib": ZLIB_RUNTIME_VERSION}
    seen = hashlib.sha256("".join(f"{one} {told}\n" for one, told in versions.items()).encode())
    for package in ("dashboard", "govreport_core"):
        for path in _files(files(package)):
            seen.update(path.name.encode())
            seen.update(path.read_bytes())
    return seen.digest()


def _files(folder: Traversable) -> Iterable[Traversable]:
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.is_dir():
            yield from _files(path)
        elif path.name.endswith(_PROGRAM):
            yield path


def of(parts: Iterable[bytes | None]) -> bytes:
    """One digest of several; what isn't there counts as such."""
    told = b"".join([b"-" if part is None else b"%d:%b" % (len(part), part) for part in parts])
    return hashlib.blake2b(told, digest_size=_SIZE).digest()


class Packed(msgspec.Struct, frozen=True):
    """Hashes by the hash of the file whose rows they are of.

    Attributes:
        keys: The keys of all of them.
        files: Of each file the places of its keys, four bytes each, and the hashes.
    """

    keys: list[str] = []
    files: dict[bytes, tuple[bytes, bytes]] = {}


class Files:
    """Hashes of the rows of files, of which those that an earlier build read aren't read again."""

    def __init__(self, before: Packed | None = None) -> None:
        self._before = before or Packed()
        self._now: dict[bytes, Hashes] = {}

    def rows(self, table: str, path: Path, read: Callable[[], Hashes]) -> Hashes:
        """Those of a table's file; `read` gives them where it is new."""
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").digest()
        told = of([program(), table.encode(), content])
        there = self._before.files.get(told)
        self._now[told] = read() if there is None else self._known(*there)
        return self._now[told]

    def _known(self, places: bytes, told: bytes) -> Hashes:
        keys = self._before.keys
        at = range(0, len(told), _SIZE)
        return {
            keys[place]: told[one : one + _SIZE]
            for place, one in zip(np.frombuffer(places, _PLACE).tolist(), at, strict=True)
        }

    def packed(self) -> Packed:
        """For the next build: those that were asked for."""
        keys = sorted({key for found in self._now.values() for key in found})
        place = {key: at for at, key in enumerate(keys)}
        files = {
            file: (
                np.array([place[key] for key in found], _PLACE).tobytes(),
                b"".join(found.values()),
            )
            for file, found in sorted(self._now.items())
        }
        return Packed(keys, files)


# Bytes of a digest, and of a row's hash.
_SIZE, _HASH, _PLACE = 16, 8, np.dtype("<u4")


def rows(data: Data, files: Files | None = None) -> dict[str, Hashes]:
    """Each document's rows of the tables of `OF_A_DOCUMENT`, by the table's name."""
    files = files or Files()
    return {table: _stored(data, table, files) for table in OF_A_DOCUMENT}


def whole(rows: pl.DataFrame) -> bytes:
    """Of all rows of a frame in their order, and its columns."""
    told = plain(rows).select(pl.struct(pl.all()).hash()).to_series()
    return of([",".join(rows.columns).encode(), told.to_numpy().tobytes()])


def stretches(rows: pl.DataFrame, height: int, about: str) -> list[bytes]:
    """Of each so many rows of a frame, one at least, with its columns and what it is about."""
    told = plain(rows).select(pl.struct(pl.all()).hash()).to_series().to_numpy()
    head = ",".join((about, *rows.columns)).encode()
    places = range(0, max(rows.height, 1), height)
    return [of([head, told[at : at + height].tobytes()]) for at in places]


def _stored(data: Data, table: str, files: Files) -> Hashes:
    """A table's rows by document, file by file; of `checks` those of none by `agency <id>`.

    Which document it is isn't among what is told: `cards` say it.
    """
    key = pl.col("document_id")
    if table == "checks":
        key = pl.coalesce(key, pl.lit(NOBODY) + pl.col("agency_id").fill_null(""))
    places = data.tables["offsets"].filter(pl.col("table") == table)
    paths = places.select(pl.col("file").unique().sort()).collect()["file"]
    found: dict[str, list[bytes]] = {}
    for path in paths:
        mine = files.rows(table, data.version / path, partial(_read, data.version / path, key))
        for one, told in mine.items():
            found.setdefault(one, []).append(told)
    # Most documents' rows stand in one file.
    return {one: told[0] if len(told) == 1 else of(told) for one, told in found.items()}


def _read(path: Path, key: pl.Expr) -> Hashes:
    rows = pl.scan_parquet(path, hive_partitioning=False).collect()
    found = by(rows, key, pl.exclude("document_id"))
    # A document is in many files; its id is held once.
    return {intern(one): of([told]) for one, told in found.items()}


def plain(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with words for codes: a code's number depends on which others there are."""
    coded = [name for name, kind in rows.schema.items() if isinstance(kind, pl.Enum)]
    return rows.with_columns(pl.col(coded).cast(pl.String))


def by(rows: pl.DataFrame, column: str | pl.Expr, told: pl.Expr | None = None) -> Hashes:
    """The hashes of a frame's rows, or of some columns, one after the other, by a key."""
    key = pl.col(column) if isinstance(column, str) else column
    told = pl.all() if told is None else told
    hashed = rows.select(key=key, told=pl.struct(told).hash()).drop_nulls("key")
    found = hashed.group_by("key", maintain_order=True).agg("told", rows=pl.len())
    # One series a key would take longer than all the rest.
    every = found["told"].explode(empty_as_null=False).to_numpy().tobytes()
    ends = (found["rows"].cast(pl.Int64).cum_sum() * _HASH).to_list()
    keys = found["key"].to_list()
    return {one: every[at:end] for one, (at, end) in zip(keys, pairwise([0, *ends]), strict=True)}
