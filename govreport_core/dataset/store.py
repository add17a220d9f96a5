"""The dataset: shards and frames in, a version of it published in one step, and lazy frames back.

A folder; each table a folder of Parquet files (zstd), many files a year where the
table has years (`values/year=2021/c000007.parquet`; reports without a year stand in
`year=null`), so `pl.read_parquet(f"{dataset}/values/**/*.parquet")` reads any of
them. `dataset.json` beside them holds the versions.

The path a person names is a link to a version beside it, in a hidden folder that
also keeps the shards: whoever opens it finds one whole version, at any moment. On an
object store `dataset.json` at the path names the version (`dataset/remote.py` writes it).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from govreport_core import objects
from govreport_core.dataset.parquet import held_in, is_damaged, is_whole
from govreport_core.errors import DatasetError
from govreport_core.schemas import SCHEMA_VERSION, TABLES, schema_of

try:
    import fcntl
except ImportError:  # pragma: no cover - a system without file locks
    fcntl = None  # type: ignore[assignment]


_CHUNKS, _VERSIONS = "chunks", "versions"
_HIDDEN = ".govreport"  # ends the name of the hidden folder beside a dataset
_KEPT = (".parquet", ".marks")  # ends of the names of Parquet files that builds leave each other


class Shelf:
    """The hidden folder beside a dataset: its shards, its versions, what builds know.

    Attributes:
        out: The dataset's path, as named.
        root: The hidden folder.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.root = out.parent / f".{out.name}{_HIDDEN}"
        self._asked: dict[Path, set[str]] = {}
        self._forgot = False

    @property
    def state(self) -> Path:
        """What the last build knows of the sources."""
        return self.root / "state"

    def named(self, number: int) -> str:
        """What a new chunk is called."""
        return f"c{number:06}"

    def lost(self, chunks: Iterable[str]) -> bool:
        """Whether any of these chunks, or a file of it, isn't there any more or was cut short."""
        return not all(is_whole(self.chunk(name)) for name in chunks)

    def damaged(self) -> Path | None:
        """A file of what builds leave each other that can't be read; all of them are."""
        files = (file for kind in held_in(self.root) for file in kind.rglob("*"))
        return next((file for file in files if file.suffix in _KEPT and is_damaged(file)), None)

    def chunk(self, name: str) -> Path:
        """A chunk's shards."""
        return self.root / _CHUNKS / name

    def address(self, name: str) -> str:
        """Where a worker, wherever it is, finds and leaves a chunk's shards."""
        return str(self.chunk(name))

    def share(self, name: str) -> None:
        """Have others find a chunk that was written here: they do, where folders are shared."""

    def share_state(self) -> None:
        """Have others find the state that was saved here: likewise."""

    def fresh_chunk(self, name: str) -> Path:
        """Where a new chunk's shards go; what a killed build left there is gone."""
        folder = self.chunk(name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return folder

    def kept(self, kind: str, key: str, ending: str = ".parquet") -> Path:
        """A file of results that hold as long as their key does; a folder, without an ending."""
        folder = self.root / kind
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{key}{ending}"
        self._asked.setdefault(folder, set()).add(name)
        return folder / name

    def earlier(self, kind: str, start: str) -> list[Path]:
        """What is kept of a kind under keys that begin so, whether this build asked for it or not.

        What is being written isn't among it.
        """
        return [
            p for p in held_in(self.root / kind) if p.name.startswith(start) and p.suffix != ".new"
        ]

    def forget(self) -> None:
        """Remove all results that were kept, and go on with nothing of an earlier version."""
        self._forgot = True
        self._forget_but(())

    def _forget_but(self, kinds: Collection[Path]) -> None:
        for folder in held_in(self.root):
            needed = folder in kinds or folder.name in (_CHUNKS, _VERSIONS)
            if folder.is_dir() and not needed:
                shutil.rmtree(folder, ignore_errors=True)

    def version(self, number: int) -> Path:
        """An empty folder for a version: of that number, or a later one if that is published."""
        folder = self.root / _VERSIONS / f"v{number:06}"
        while folder.is_dir() and self.out.is_dir() and folder.samefile(self.out):
            number += 1
            folder = self.root / _VERSIONS / f"v{number:06}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def published(self) -> Path | None:
        """The version that the dataset's path names, if it is here and isn't to be forgotten."""
        there = not self._forgot and (self.out / "dataset.json").is_file()
        return self.out.resolve() if there else None

    def swap(self, version: Path) -> None:
        """Have the dataset's path name a version, in one step."""
        link = self.root / "link"
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(version, self.out.parent))
        if self.out.is_dir() and not self.out.is_symlink():
            # a dataset of before there were versions
            os.replace(self.out, self.root / _VERSIONS / "before")
        os.replace(link, self.out)

    def tidy(self, chunks: set[str], version: str) -> None:
        """Remove what no version and no state needs: older versions but the last, lost chunks.

        Of results that were kept those go that this build didn't ask for, of a kind it asked for.
        """
        for folder in held_in(self.root / _CHUNKS):
            if folder.name not in chunks:
                shutil.rmtree(folder, ignore_errors=True)
        others = [folder for folder in held_in(self.root / _VERSIONS) if folder.name != version]
        for folder in others[:-1]:
            shutil.rmtree(folder, ignore_errors=True)
        for folder, asked in self._asked.items():
            for file in held_in(folder):
                if file.name not in asked:
                    _remove(file)
        if self._asked:  # of a kind that only an older program had
            self._forget_but(self._asked)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)


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

    Args:
        folder: A dataset, or a version of one; on an object store too.

    Raises:
        DatasetError: No dataset there, one of another schema version or without some column
            or table, or a damaged one; with what to do.
    """
    where = objects.address(folder)
    try:
        text = _about(folder).decode("utf-8", errors="replace")
    except (OSError, objects.MissingError) as error:
        msg = f"{where}: no dataset here; make one with: govreport build SOURCES -o {where}"
        raise DatasetError(msg) from error
    try:
        found: dict[str, Any] = dict(json.loads(text))
    except (ValueError, TypeError) as error:
        raise DatasetError(_again(folder, "its dataset.json is damaged")) from error
    if found.get("schema_version") != SCHEMA_VERSION:
        msg = f"{where}: dataset of another version; {_how(folder)}"
        raise DatasetError(msg)
    for table in () if objects.is_object(folder) else TABLES:
        # of each table one file: all were written by one build
        file = next((folder / table).glob("**/*.parquet"), None)
        what = _odd(table, file) if file else f"it has no table {table}"
        if what is not None:
            raise DatasetError(_again(folder, what))
    return found


def whole(folder: Path) -> bool:
    """Whether a dataset has all that one has; of what files hold only the ends are looked at."""
    there = (folder / "dataset.json").is_file() and is_whole(folder)
    return there and all(any((folder / name).glob("**/*.parquet")) for name in TABLES)


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Whatever fails inside because the dataset is damaged is told so.

    Raises:
        DatasetError: Something failed, and a file of the dataset can't be read.
    """
    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as error:
        if (what := damage(folder)) is not None:
            raise DatasetError(what) from error
        raise


def damage(folder: Path) -> str | None:
    """What is wrong with a dataset's files, in one line with what to do; all of them are read.

    Args:
        folder: A dataset.

    Returns:
        None where every file is whole and of this version: then what failed isn't its fault.
    """
    try:
        about(folder)
        for table in TABLES:
            for file in sorted((folder / table).glob("**/*.parquet")):
                if (what := _odd(table, file, whole=True)) is not None:
                    # a build that goes on with a file looks at its end alone
                    return f"{_again(folder, what)} --fresh"
    except DatasetError as error:
        return str(error)
    return None


def _odd(table: str, file: Path, *, whole: bool = False) -> str | None:
    """What is wrong with a file of a table."""
    expected = dict(schema_of(table))
    try:
        found = dict(pl.read_parquet_schema(file))
        if whole:
            pl.read_parquet(file, hive_partitioning=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return f"{table}/{file.name} is damaged or written by half"
    if found == expected:
        return None
    lacks = [name for name in expected if name not in found]
    return f"its table {table} is of another version" + (f" (no {lacks[0]})" if lacks else "")


def _again(folder: Path, what: str) -> str:
    return f"{objects.address(folder)}: the dataset can't be used: {what}; {_how(folder)}"


def _how(folder: Path) -> str:
    return f"build it again with: govreport build SOURCES -o {objects.address(folder)}"


def _about(folder: Path) -> bytes:
    if objects.is_object(folder):
        return objects.Folder(folder).read("dataset.json")[0]
    return (folder / "dataset.json").read_bytes()


def opened(folder: Path) -> Path:
    """The version that a dataset's path names now; it stays as it is, whatever is built later.

    Raises:
        DatasetError: As for `about`.
    """
    return told(folder)[0]


def told(folder: Path) -> tuple[Path, dict[str, Any]]:
    """The same version, and what its `dataset.json` says.

    Raises:
        DatasetError: As for `about`.
    """
    if not objects.is_object(folder):
        version, said = folder.resolve(), about(folder)
        # Unless a build put another one in its place meanwhile.
        return version, said if folder.resolve() == version else about(version)
    said = about(folder)
    named = said.get("version")
    version = folder / "versions" / named if isinstance(named, str) else folder
    return version, about(version) if version != folder else said


def name_of(version: Path) -> str:
    """What a dataset is called whose version this is: the last part of the path that was built.

    Args:
        version: A folder as `opened` gives it.
    """
    hidden = version.parent.parent.name
    if version.parent.name == "versions" and hidden.startswith(".") and hidden.endswith(_HIDDEN):
        return hidden.removeprefix(".").removesuffix(_HIDDEN)
    return version.name


def scan(folder: Path, table: str) -> pl.LazyFrame:
    """One table of a dataset, lazily.

    Args:
        folder: A version of a dataset.
        table: A name of `TABLES`.

    Returns:
        The columns of `schemas`, file by file, in each as written.
    """
    if objects.is_object(folder):
        # a pattern finds nothing there below a folder whose name isn't ASCII
        return pl.scan_parquet(f"{objects.address(folder)}/{table}/", hive_partitioning=False)
    return pl.scan_parquet(f"{folder}/{table}/**/*.parquet", hive_partitioning=False)
