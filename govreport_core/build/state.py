"""What earlier builds know of the sources: files as they were, and the chunks that hold them.

Kept beside the shards; a state that can't be read, or is of another version, is as
good as none: everything is read again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import msgspec

from govreport_core import __version__
from govreport_core.build.chunks import Filed
from govreport_core.build.coding import decode, encode
from govreport_core.build.intake import FileOutcome
from govreport_core.schemas import SCHEMA_VERSION
from govreport_core.sources import convert

READS = ("sources", "align", "forms", "identity", "narrative", "regions", "build")
READS_ALONE = ("model.py", "folding.py", "numerals.py", "schemas.py", "extract.py")
JUDGES = ("checks", "coverage", "forms", "indicators", "cells.py", "dataset/cards.py")
JOINS = ("dataset",)
_ASKED = ("GOVREPORT_OCR", "GOVREPORT_READ_")  # how variables begin that change what can be read
_RECOGNISER = "rapidocr_onnxruntime"


_AT_ONCE = 1_000  # sources that are written at a time


class Stamp(msgspec.Struct, frozen=True, gc=False):
    """How a file looks from outside."""

    size: int
    mtime: int
    ctime: int


class Source(msgspec.Struct, frozen=True, gc=False):
    """A file of the sources, as it was when it was last read.

    Attributes:
        stamp: None where it couldn't be looked at.
        digest: Of its bytes; empty where they weren't read.
        chunk: The chunk that was made of it.
    """

    path: str
    stamp: Stamp | None
    digest: str
    chunk: str
    outcomes: tuple[FileOutcome, ...]


class State(msgspec.Struct):
    """What a build leaves for the next one.

    Attributes:
        began: When it began, in nanoseconds: a file changed after that may have been
            changed while it was read.
        reads, judges: Versions of what reads and of what judges.
        means: See `means`.
        sources: In the order in which they were found.
        chunks: The documents in each chunk's shards.
        next: The number of the next chunk.
        joined: Digest of what the last version rests on beside its chunks: the files and
            their names, manifests, rosters, remarks, and what joins them.
        version: The name of the dataset's version that was published last.
        parts: In how many lines its sources and chunks follow it in the file.
    """

    schema: int = SCHEMA_VERSION
    began: int = 0
    reads: str = ""
    judges: str = ""
    means: str = ""
    sources: tuple[Source, ...] = ()
    chunks: dict[str, tuple[Filed, ...]] = {}
    next: int = 0
    joined: str = ""
    version: str = ""
    parts: int = 0


class _Some(msgspec.Struct):
    """Some of a state's sources or chunks."""

    sources: tuple[Source, ...] = ()
    chunks: dict[str, tuple[Filed, ...]] = {}


def load(path: Path) -> State:
    """The state as it was left; an empty one where there is none that can be used."""
    try:
        with path.open("rb") as file:
            found = decode(next(file, b""), State)
            if found.schema != SCHEMA_VERSION or found.reads != reads_version():
                return State(next=found.next)
            parts = [decode(line, _Some) for line in file]
    except (OSError, ValueError):
        return State()
    if len(parts) != found.parts:
        return State(next=found.next)
    found.sources = tuple(source for some in parts for source in some.sources)
    found.chunks = {name: filed for some in parts for name, filed in some.chunks.items()}
    return found


def save(state: State, path: Path) -> None:
    """Leave a state for the next build, in one step.

    A line a part: all at once it would take as much memory again as the records themselves.
    """
    fresh = path.with_suffix(".new")
    starts = range(0, len(state.sources), _AT_ONCE)
    many = len(starts) + len(state.chunks)
    head = msgspec.structs.replace(state, sources=(), chunks={}, parts=many)
    parts = chain(
        (_Some(sources=state.sources[at : at + _AT_ONCE]) for at in starts),
        (_Some(chunks={name: filed}) for name, filed in state.chunks.items()),
    )
    with fresh.open("wb") as file:
        for part in chain([head], parts):
            file.write(encode(part) + b"\n")
    os.replace(fresh, path)


def stamp(path: str) -> Stamp | None:
    """How a file looks now; None where it can't be looked at."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def content(path: str) -> str:
    """A digest of a file's bytes; empty where it can't be read, or is a pipe or the like."""
    try:
        if not os.path.isfile(path):
            return ""
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


def means() -> str:
    """What files are read with that is no part of the program: with other means more may be read.

    Whether LibreOffice and a recogniser of pictures are there, and what was asked for.
    """
    asked = {name: told for name, told in os.environ.items() if name.startswith(_ASKED)}
    there = (convert.program() is not None, find_spec(_RECOGNISER) is not None)
    return f"{sorted(asked.items())} {there}"


@cache
def reads_version() -> str:
    """The version of all that goes from bytes to rows, and of what signs texts."""
    # Signatures can change from one release of rensa to the next.
    return _digest((*READS, *READS_ALONE), version("rensa"))


@cache
def judges_version() -> str:
    """The version of all that judges."""
    return _digest(JUDGES)


@cache
def joins_version() -> str:
    """The version of what makes tables of what was read and judged."""
    return _digest(JOINS)


def _digest(names: Iterable[str], beside: str = "") -> str:
    found = hashlib.sha256((__version__ + beside).encode())
    root = files("govreport_core")
    for name in names:
        for entry in _below(root.joinpath(name)):
            found.update(entry.name.encode())
            found.update(entry.read_bytes())
    return found.hexdigest()[:16]


def _below(entry: Traversable) -> Iterable[Traversable]:
    if entry.is_file():
        if entry.name.endswith((".py", ".toml", ".csv", ".json")):
            yield entry
        return
    for below in sorted(entry.iterdir(), key=lambda e: e.name):
        yield from _below(below)
