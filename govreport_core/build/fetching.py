"""Jobs over files of an object store in, the same jobs over copies of them out.

A worker works in a passing folder in which an address is a path: `s3:/bucket/a.html`
stands there under that very name, so that whoever reads it, or writes a chunk's shards,
knows nothing of object stores. What was written is sent to the store, the copies go.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from govreport_core.build import pool
from govreport_core.build.companions import NAMES, At, Companions
from govreport_core.build.intake import FileOutcome
from govreport_core.build.pool import OfChunk, Rejudge, Told
from govreport_core.build.state import Stamp
from govreport_core.dataset.remote import sent
from govreport_core.errors import DatasetError
from govreport_core.objects import (
    SCHEME,
    Folder,
    Looks,
    MissingError,
    address,
    each,
    is_object,
)
from govreport_core.passing import passing_folder
from govreport_core.sources.archive import MAX_TOTAL

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_CHUNKS_AT_ONCE = 4  # a worker, whose files are copied before the first is read


def listed(sources: Iterable[Path]) -> dict[Path, dict[Path, Stamp]]:
    """Of the sources on an object store, what each holds and how it looks, as `collect` orders.

    Hidden objects are left out, and those whose key can't be a file's path.

    Raises:
        DatasetError: Nothing there, no such bucket, not allowed, or out of reach.
    """
    found = {source: _held(source) for source in sources if is_object(source)}
    for source, held in found.items():
        if not held:
            msg = f"{address(source)}: no objects here; check the address"
            raise DatasetError(msg)
    return found


def _held(source: Path) -> dict[Path, Stamp]:
    below = {
        source / key: _stamp(looks)
        for key, looks in Folder(source).listed().items()
        if not key.endswith("/") and not any(_hidden(name) for name in key.split("/"))
    }
    if below or source.parent == Path(SCHEME):
        return {path: below[path] for path in sorted(below, key=_walked)}
    looks = Folder(source.parent).looks(source.name)
    return {source: _stamp(looks)} if looks is not None else {}


def _hidden(name: str) -> bool:
    return not name or name.startswith(".") or "\0" in name


def _walked(path: Path) -> tuple[tuple[int, str], ...]:
    """The order of a walk through folders: a folder's own files first."""
    return (*((1, name) for name in path.parts[:-1]), (0, path.name))


def _stamp(looks: Looks) -> Stamp:
    """An object has no second time, but a tag for its content: a number of it stands there."""
    return Stamp(looks.size, looks.changed, zlib.crc32(looks.tag.encode()))


@contextlib.contextmanager
def companions_at(paths: Iterable[Path]) -> Iterator[At]:
    """Where this machine has copies of the manifests and rosters among these paths.

    Raises:
        DatasetError: The store is out of reach.
    """
    with passing_folder() as folder:
        far = [path for path in paths if is_object(path) and path.name in NAMES]
        each(lambda path: Folder(path.parent).fetch(path.name, folder / path), far)
        yield lambda path: folder / path if is_object(path) else path


def run(jobs: Iterable[OfChunk], companions: Companions, processes: int) -> Told:
    """Carry out jobs whose files or shards are on an object store: as `pool.run`.

    Raises:
        DatasetError: No worker can be started, the disk is full, the store out of reach.
    """
    found, read, step = list(jobs), 0, processes * _CHUNKS_AT_ONCE
    for start in range(0, len(found), step):
        some = found[start : start + step]
        done = 0
        for job, made, done in carried_out(some, companions, processes):
            yield job, made, read + done
        read += done


def carried_out(
    jobs: list[OfChunk], companions: Companions, processes: int, few: int | None = None
) -> Told:
    """Carry out some jobs at once over copies of what they need.

    Args:
        jobs: What is to be done; paths are addresses, or absolute.
        companions: What stands beside the reports.
        processes: How many workers at a time.
        few: As for `pool.run`.

    Yields:
        As `pool.run`; a chunk's shards are on the store when it is told as done.

    Raises:
        DatasetError: As for `run`.
    """
    with passing_folder() as folder, contextlib.chdir(folder):
        ready = [_fetched(job) for job in jobs]
        for job, done, read in pool.run(ready, companions, processes, few):
            if isinstance(job, OfChunk) and is_object(job.folder):
                far = Path(job.folder)
                sent(far, Folder(far.parent), far.name)
                shutil.rmtree(far)
            yield job, done, read


def _fetched(job: OfChunk) -> OfChunk:
    """The job, its files here; what can't be had is told as broken."""
    if isinstance(job, Rejudge):
        if is_object(job.folder):
            far = Folder(Path(job.folder))
            each(lambda key: far.fetch(key, Path(job.folder) / key), far.listed())
        return job
    if not is_object(job.folder):
        _check_shared(Path(job.folder).parent)
        shutil.rmtree(job.folder, ignore_errors=True)  # what a worker that is gone left there
    for folder in {os.path.dirname(file) for file in job.files if not is_object(file)}:
        _check_shared(Path(folder))
    paths = [Path(file) for file in job.files if is_object(file)]
    folders = {folder: Folder(folder) for folder in {path.parent for path in paths}}
    lacking = each(lambda path: _lacking(path, folders[path.parent]), paths)
    broken = {outcome.path: outcome for outcome in lacking if outcome is not None}
    return msgspec.structs.replace(job, broken={**job.broken, **broken})


def _lacking(path: Path, far: Folder) -> FileOutcome | None:
    """Copy an object to where its path says; why it can't be, if that is its own fault."""
    file = str(path)
    try:
        size = far.fetch(path.name, path, MAX_TOTAL)
        if size > MAX_TOTAL:
            told = f"{size:,} bytes; at most {MAX_TOTAL:,} are read: split it"
            return FileOutcome(file, "failed", "too_large", told, size=size)
    except MissingError:
        return FileOutcome(file, "failed", "missing", "can't be opened: no such object")
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise
        told = f"can't be copied ({error.strerror}): give the object another name"
        return FileOutcome(file, "failed", "missing", told)
    return None


def _check_shared(folder: Path) -> None:
    """Refuse to work where a folder isn't to be seen: all its files would count as missing."""
    if not folder.is_dir():
        msg = (
            f"{folder}: not there on {os.uname().nodename}; all machines must see it, or use s3://"
        )
        raise DatasetError(msg)
