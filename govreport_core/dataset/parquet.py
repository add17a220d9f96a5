"""Frames in, Parquet files out, and folders of them that are known to be whole.

A file that others look for is written beside its place and put there in one step; a folder that is
filled to the end names its files, so that one that is lost later is missed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

_ROW_GROUP = 20_000
_LEVEL = 1  # as small as the usual level makes such tables, in two thirds of the time
_MAGIC = b"PAR1"  # at both ends of a Parquet file
_SEAL = ".files"  # names the Parquet files of a folder that is written to the end


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
        rows.write_parquet(
            file,
            compression="zstd",
            compression_level=_LEVEL,
            row_group_size=_ROW_GROUP,
            metadata=said,
        )
    except pl.exceptions.ComputeError as error:
        raise OSError(errno.ENOSPC, "no room on the disk") from error


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


def ends_well(file: Path) -> bool:
    """Whether a Parquet file is there and wasn't cut short."""
    try:
        with file.open("rb") as opened_file:
            opened_file.seek(-len(_MAGIC), os.SEEK_END)
            return opened_file.read() == _MAGIC
    except OSError:
        return False


def is_damaged(file: Path) -> bool:
    """Whether a Parquet file can't be read."""
    try:
        pl.read_parquet(file, hive_partitioning=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return True
    return False


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


def held_in(folder: Path) -> list[Path]:
    """What stands in a folder, in order; nothing where there is none."""
    return sorted(folder.iterdir()) if folder.is_dir() else []
