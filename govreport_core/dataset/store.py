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
import datetime as dt
import errno
import json
import os
import shutil
import string
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from govreport_core import __version__, objects
from govreport_core.dataset.keys import key
from govreport_core.dataset.offsets import DOCUMENTS, ORDER, in_order, offsets, renewed
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
_CHUNKS_AT_ONCE = 25
_FEW = 0.1  # share of the shards that are new up to which the places of the others are gone on with
_AT_ONCE = 10 * DOCUMENTS  # rows of `offsets` that are sorted as they are
_MOST = 30 * DOCUMENTS  # rows of a file of `offsets` up to which it is gone on with
_SAYS = "rows"  # what a file of a version says of its rows: their key
_SHARDS = "shards"  # what files of `offsets` say of the shards they tell of

_CHUNKS, _VERSIONS = "chunks", "versions"
_HIDDEN = ".govreport"  # ends the name of the hidden folder beside a dataset
_MAGIC = b"PAR1"  # at both ends of a Parquet file
_KEPT = (".parquet", ".marks")  # ends of the names of Parquet files that builds leave each other
_SEAL = ".files"  # names the Parquet files of a folder that is written to the end


class Ready(msgspec.Struct, frozen=True):
    """A file of a table that is written already; no table of which `offsets` tells.

    Attributes:
        stem: What a version calls it: see `by_year`.
    """

    file: Path
    stem: str


Given = pl.DataFrame | Iterable[pl.DataFrame | Ready]


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
        files = (file for kind in _below(self.root) for file in kind.rglob("*"))
        return next((file for file in files if file.suffix in _KEPT and _is_damaged(file)), None)

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
            p for p in _below(self.root / kind) if p.name.startswith(start) and p.suffix != ".new"
        ]

    def forget(self) -> None:
        """Remove all results that were kept, and go on with nothing of an earlier version."""
        self._forgot = True
        self._forget_but(())

    def _forget_but(self, kinds: Collection[Path]) -> None:
        for folder in _below(self.root):
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
        for folder in _below(self.root / _CHUNKS):
            if folder.name not in chunks:
                shutil.rmtree(folder, ignore_errors=True)
        others = [folder for folder in _below(self.root / _VERSIONS) if folder.name != version]
        for folder in others[:-1]:
            shutil.rmtree(folder, ignore_errors=True)
        for folder, asked in self._asked.items():
            for file in _below(folder):
                if file.name not in asked:
                    _remove(file)
        if self._asked:  # of a kind that only an older program had
            self._forget_but(self._asked)


def _below(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


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
            for file in _below(path / table):
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


def put(rows: pl.DataFrame, file: Path, said: dict[str, str] | None = None) -> None:
    """Write a frame as a Parquet file.

    Args:
        rows: The frame.
        file: Where.
        said: What the file says of itself, for `pl.read_parquet_metadata`.

    Raises:
        OSError: It can't be written; on a full disk the frame library says so otherwise.
    """
    try:
        rows.write_parquet(file, compression="zstd", row_group_size=_ROW_GROUP, metadata=said)
    except pl.exceptions.ComputeError as error:
        raise OSError(errno.ENOSPC, "no room on the disk") from error


def scan_files(files: Iterable[Path], called: str | None = None) -> pl.LazyFrame:
    """Parquet files as one frame: of many small ones that takes a fraction of reading each.

    Args:
        files: At least one, all of the same columns, of any names.
        called: What to call a column with each row's file, as a path.

    Returns:
        Their columns, file after file, each in its order.
    """
    named = [str(file) for file in files]
    return pl.scan_parquet(named, glob=False, hive_partitioning=False, include_file_paths=called)


def keep(rows: pl.DataFrame, file: Path, said: dict[str, str] | None = None) -> None:
    """Write a frame as a Parquet file in one step: nobody finds it written by half.

    Args:
        rows: As `put` takes it.
        file: Likewise.
        said: Likewise.

    Raises:
        OSError: As `put`.
    """
    fresh = file.with_suffix(".new")
    put(rows, fresh, said)
    fresh.replace(file)


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
    if rows["year"].n_unique() == 1:
        yield _year(rows["year"][0]), rows
        return
    for (year,), some in rows.partition_by("year", as_dict=True, maintain_order=True).items():
        yield _year(year), some


def _year(year: int | None) -> str:
    return f"year={'null' if year is None else year}"


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


def seal(folder: Path) -> None:
    """Have a folder name its Parquet files, so that it is seen later when one is lost."""
    names = sorted(_named(folder))
    (folder / _SEAL).write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[Path]:
    """A folder to fill, which takes another's place in one step when it is sealed.

    Args:
        folder: What it is called then; what is there, or a killed build left, goes at once.
    """
    fresh = folder.with_suffix(".new")
    for old in (fresh, folder):
        shutil.rmtree(old, ignore_errors=True)
    yield fresh
    seal(fresh)
    fresh.replace(folder)


def is_whole(folder: Path) -> bool:
    """Whether a folder is there, with all it had when it was sealed, and no file was cut short."""
    if not folder.is_dir():
        return False
    there, told = _named(folder), folder / _SEAL
    sealed = told.read_text("utf-8", errors="replace").splitlines() if told.is_file() else ()
    return there.keys() >= set(sealed) and all(map(ends_well, there.values()))


def _named(folder: Path) -> dict[str, Path]:
    """The Parquet files below a folder, by their paths from there."""
    return {file.relative_to(folder).as_posix(): file for file in folder.glob("**/*.parquet")}


def ends_well(file: Path) -> bool:
    """Whether a Parquet file is there and wasn't cut short."""
    try:
        with file.open("rb") as opened_file:
            opened_file.seek(-len(_MAGIC), os.SEEK_END)
            return opened_file.read() == _MAGIC
    except OSError:
        return False


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


def _is_damaged(file: Path) -> bool:
    """Whether a Parquet file can't be read."""
    try:
        pl.read_parquet(file, hive_partitioning=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return True
    return False


def _odd(table: str, file: Path, *, whole: bool = False) -> str | None:
    """What is wrong with a file of a table."""
    expected = dict(frame(table, []).schema)
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
    if not objects.is_object(folder):
        version = folder.resolve()
        about(folder)
        return version
    named = about(folder).get("version")
    return folder / "versions" / named if isinstance(named, str) else folder


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
