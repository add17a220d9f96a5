"""A new version and an earlier site in; the versions that are kept, and what is the latest, out.

A version is a folder `data/versions/<name>` that never changes: its name has the day of its
newest report and a hash of its files. `data/latest` has the same files as the newest. Nothing
is written twice: files that stay are linked, where the file system can.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from dashboard.site.opendata.package import json_bytes
from dashboard.site.opendata.records import Version

KEPT = 5
"""So many versions stay, the newest among them."""
VERSIONS = Path("data/versions")
LATEST = Path("data/latest")
INDEX = VERSIONS / "index.json"
SEEN = Path("data/reports.json")


def kept(earlier: Path | None) -> list[Version]:
    """The versions of an earlier site that are whole enough to be listed, the newest first."""
    if earlier is None:
        return []
    try:
        told = (earlier / INDEX).read_bytes()
        listed = msgspec.json.decode(told, type=list[Version])
    except (OSError, msgspec.DecodeError):
        return []
    return [one for one in listed if _plain(one.name) and (earlier / VERSIONS / one.name).is_dir()]


def placed(fresh: Path, made: Path, version: Version, earlier: Path | None) -> tuple[Version, ...]:
    """Put a version in its place in a new site, the earlier ones behind it, and `latest`.

    Args:
        fresh: The new site's folder.
        made: The version's files, on the same file system; gone afterwards.
        version: What it is called.
        earlier: The site that is to be replaced, if there is one.

    Returns:
        The versions that are there now, the newest first.
    """
    before = [one for one in kept(earlier) if one.name != version.name][: KEPT - 1]
    (fresh / VERSIONS).mkdir(parents=True, exist_ok=True)
    for path in [*_files(str(made))] if earlier else ():
        _same(f"{earlier}/{LATEST.as_posix()}{path.removeprefix(str(made))}", path)
    for one in before:
        linked((earlier or fresh) / VERSIONS / one.name, fresh / VERSIONS / one.name)
    made.rename(fresh / VERSIONS / version.name)
    linked(fresh / VERSIONS / version.name, fresh / LATEST)
    found = (version, *before)
    (fresh / INDEX).write_bytes(json_bytes(msgspec.to_builtins(found)))
    return found


class _Seen(msgspec.Struct, frozen=True):
    """Which file each report was, and when it was last seen to be another than before."""

    documents: dict[str, str]
    changed: dict[str, str] = {}


def changed(
    fresh: Path, earlier: Path | None, documents: Mapping[str, str], day: str
) -> dict[str, str]:
    """Which reports are another file than in the earlier site, and since which day.

    Args:
        fresh: The new site's folder, which keeps it for the next one.
        earlier: The site that is to be replaced, if there is one.
        documents: By the report's id the file that it is.
        day: When the dataset was made, as it says itself; empty where it doesn't.
    """
    try:
        told = ((earlier or fresh) / SEEN).read_bytes()
        before = msgspec.json.decode(told, type=_Seen)
    except (OSError, msgspec.DecodeError):
        before = _Seen({})
    found = {one: since for one, since in before.changed.items() if one in documents}
    for report, document in documents.items():
        if day and before.documents.get(report, document) != document:
            found[report] = day
    (fresh / SEEN).write_bytes(msgspec.json.encode(_Seen(dict(documents), found)) + b"\n")
    return found


def linked(source: Path, to: Path) -> None:
    """Have a folder's files in another place too: as links, or copied where that can't be."""
    to.mkdir(parents=True)
    with os.scandir(source) as found:
        for one in found:
            if one.is_dir():
                linked(Path(one.path), to / one.name)
            else:
                _link(one.path, f"{to}/{one.name}")


def _link(source: str, to: str) -> None:
    try:
        os.link(source, to)
    except OSError:
        shutil.copy2(source, to)


def _files(folder: str) -> Iterator[str]:
    """The paths of all files in a folder; as objects they would cost more than is done to them."""
    with os.scandir(folder) as found:
        for one in found:
            if one.is_dir():
                yield from _files(one.path)
            else:
                yield one.path


def _plain(name: str) -> bool:
    """Whether it is a name as ours are: no path that leads elsewhere."""
    return bool(name) and name.replace("-", "").isalnum() and name.isascii()


def settled(fresh: Path, earlier: Path | None) -> tuple[int, int]:
    """Have each file that says the same in the earlier site be the earlier one.

    Args:
        fresh: The new site's folder, with nothing in it but open data.
        earlier: The site that it takes the place of, if there is one.

    Returns:
        Bytes of all files, and how many aren't the earlier site's; each file is told once,
        however many names it has.
    """
    seen: dict[tuple[int, int], int] = {}
    old: set[tuple[int, int]] = set()
    for path in sorted(_files(f"{fresh}/data")):
        before = f"{earlier}{path.removeprefix(str(fresh))}"
        if earlier is not None and _same(before, path):
            told = os.stat(before)
            old.add((told.st_dev, told.st_ino))
        told = os.stat(path)
        seen[told.st_dev, told.st_ino] = told.st_size
    return sum(seen.values()), len(seen.keys() - old)


def _same(before: str, path: str) -> bool:
    """Whether a file of before is there and both say the same; they are one file afterwards."""
    try:
        was, is_ = os.stat(before), os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    if os.path.samestat(was, is_):
        return True
    if not stat.S_ISREG(was.st_mode) or not filecmp.cmp(before, path, shallow=False):
        return False
    os.unlink(path)
    _link(before, path)
    return True
