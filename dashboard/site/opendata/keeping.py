"""A new version and an earlier site in; the versions that are kept, and what is the latest, out.

A version is a folder `data/versions/<name>` that never changes: its name has the day of its
newest report and a hash of its files. `data/latest` has the same files as the newest. Nothing
is written twice: files that stay are linked, where the file system can.
"""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Mapping
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
    for path in [one for one in made.rglob("*") if one.is_file()]:
        same = (earlier or fresh) / LATEST / path.relative_to(made)
        if same.is_file():
            _same(same, path)
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
    shutil.copytree(source, to, copy_function=_link, symlinks=False)


def _link(source: str, to: str) -> str:
    try:
        os.link(source, to)
    except OSError:
        shutil.copy2(source, to)
    return to


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
    told_of = (one for one in (fresh / "data").rglob("*") if one.is_file())
    for path in sorted(told_of):
        before = (earlier or fresh) / path.relative_to(fresh)
        if before != path and before.is_file() and _same(before, path):
            told = before.stat()
            old.add((told.st_dev, told.st_ino))
        told = path.stat()
        seen[told.st_dev, told.st_ino] = told.st_size
    return sum(seen.values()), len(seen.keys() - old)


def _same(before: Path, path: Path) -> bool:
    """Whether both say the same; they are one file afterwards."""
    if before.samefile(path):
        return True
    if not filecmp.cmp(before, path, shallow=False):
        return False
    path.unlink()
    _link(str(before), str(path))
    return True
