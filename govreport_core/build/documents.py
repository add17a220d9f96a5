"""What became of each path in, the table `documents` out, and what the dataset calls each."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from govreport_core.build.coding import encode
from govreport_core.build.intake import FileOutcome
from govreport_core.dataset import parquet, publishing
from govreport_core.dataset.store import Shelf
from govreport_core.objects import address
from govreport_core.schemas import frame, validated

_IN_FILE = 2_000  # rows of a file, about


def names_of(paths: list[Path], sources: list[Path]) -> dict[str, str]:
    """What the dataset calls each path: from the named folder on, so that it tells nothing else.

    Where two sources would share a name, the paths stay as they were given.

    Args:
        paths: Files, each one of the sources or below one.
        sources: Files and folders, as they were named.

    Returns:
        The names by path, each once.
    """
    given = {str(source) for source in sources}
    starts = {source: Path(source).resolve().name for source in given}

    def called(path: Path) -> str:
        at = path
        while str(at) not in given:
            at = at.parent
        below = path.relative_to(at)
        return f"{starts[str(at)]}/{below.as_posix()}" if below.parts else starts[str(at)]

    named: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        above, _, name = str(path).rpartition("/")
        if str(path) in given or not above:
            named[str(path)] = called(path)
            continue
        if above not in folders:
            folders[above] = called(path.parent)
        named[str(path)] = f"{folders[above]}/{name}"
    twice = {name for name, count in Counter(named.values()).items() if count > 1}
    return {path: address(path) if name in twice else name for path, name in named.items()}


def documents(
    outcomes: tuple[FileOutcome, ...],
    urls: dict[str, str | None],
    names: dict[str, str],
    shelf: Shelf,
    version: str,
) -> Iterator[publishing.Ready]:
    """The table `documents` as files of some, kept by what they say; cut by the paths alone.

    So one file more changes one of them, and doesn't move what stands in all that follow.

    Args:
        outcomes: What became of all paths, in their order.
        urls: Where reports come from, by document.
        names: What `names_of` gave.
        shelf: Where files are kept.
        version: Of what makes them.

    Yields:
        Files of some rows each, in the order of the outcomes.
    """
    some: list[_Told] = []
    for at, outcome in enumerate(outcomes, start=1):
        some.append(_told(outcome, urls, names))
        name = some[-1][1]
        if zlib.crc32(os.fsencode(name)) % _IN_FILE == 0 or at == len(outcomes):
            key = hashlib.sha256(version.encode() + encode(some)).hexdigest()[:24]
            file = shelf.kept("documents", key)
            if not parquet.ends_well(file):
                parquet.keep(validated("documents", _documented(some)), file)
            yield publishing.Ready(file, "all")
            some = []


_Told = tuple[FileOutcome, str, str | None]


def _told(outcome: FileOutcome, urls: dict[str, str | None], names: dict[str, str]) -> _Told:
    """What became of a path, how the dataset calls it, and where its report comes from."""
    return outcome, _named(outcome.path, names), urls.get(outcome.document_id or "")


def failed(outcomes: tuple[FileOutcome, ...], names: dict[str, str]) -> pl.DataFrame:
    """The rows of `documents` of what couldn't be read; where it comes from isn't told.

    Args:
        outcomes: What became of all paths.
        names: What `names_of` gave.
    """
    return _documented([_told(one, {}, names) for one in outcomes if one.status == "failed"])


def _documented(told: list[_Told]) -> pl.DataFrame:
    """Rows of `documents`."""
    columns: dict[str, list[Any]] = {
        name: [getattr(outcome, name) for outcome, _, _ in told]
        for name in FileOutcome.__struct_fields__
    }
    columns["path"] = [printable(name) for _, name, _ in told]
    columns["message"] = [printable(line) if line else None for line in columns["message"]]
    columns["source_url"] = [url for _, _, url in told]
    return frame("documents", columns)


def _named(path: str, names: dict[str, str]) -> str:
    """A path's name in the dataset; a zip's member goes by the zip's."""
    at, below = path, ""
    while at not in names:
        at, _, last = at.rpartition("/")
        below = f"/{last}{below}"
    return names[at] + below


def printable(name: str) -> str:
    """A name with what isn't text in it as codes: file names may be any bytes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
