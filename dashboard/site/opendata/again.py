"""An earlier site's open data in, what of it would be the same again out: linked, not packed.

Beside the files that are told of a site has one that isn't shown, with what each was made from,
and where in the zips of years the pieces of provinces stand.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from dashboard.site import hashes
from dashboard.site.opendata.archives import Piece
from dashboard.site.opendata.keeping import LATEST
from dashboard.site.opendata.records import Item

NAME = Path("data/.packed")


class Placed(msgspec.Struct, frozen=True):
    """A piece of a zip: of which rows, of which province, and where it stands.

    Attributes:
        digest: Of the rows.
        whose: Tells which rows of which documents they are; empty where that isn't told.
        path: Of the zip, in the version's folder; there `at` is where `length` bytes begin.
        crc: Of the bytes unpacked; `size` is how many they are.
    """

    digest: bytes
    whose: bytes
    province: str
    path: str
    at: int
    length: int
    crc: int
    size: int
    rows: int


class Filed(msgspec.Struct, frozen=True):
    """A file's worth of rows: what from, their Parquet file, the pieces of their CSV.

    `digest` is empty where it isn't told what from.
    """

    digest: bytes
    item: Item
    pieces: list[Placed]


class Unit(msgspec.Struct, frozen=True):
    """Files that are made together: what from, which they are, and what they consist of."""

    digest: bytes
    items: list[Item]
    parts: list[Filed] = []

    @property
    def pieces(self) -> Iterator[Placed]:
        """The pieces of their CSV, in order."""
        return (one for part in self.parts for one in part.pieces)


class _Kept(msgspec.Struct, frozen=True):
    program: bytes = b""
    units: dict[str, Unit] = {}


class Again:
    """What an earlier site has of what is made: told by names, and by digests of what from."""

    def __init__(self, earlier: Path | None, made: Path) -> None:
        """Take up an earlier site, if there is one; `made` is where the new version's files go."""
        self.made = made
        self._there = (earlier or made) / LATEST
        before = _kept(earlier)
        self._units = before.units if before.program == hashes.program() else {}
        pieces = [one for unit in self._units.values() for one in unit.pieces]
        self._pieces = {one.digest: one for one in pieces}
        self._whose = {one.whose: one.digest for one in pieces if one.whose}
        every = (part for unit in self._units.values() for part in unit.parts)
        self._parts = {part.digest: part for part in every if part.digest}
        self._now: dict[str, Unit] = {}

    def linked(self, name: str, digest: bytes) -> Unit | None:
        """The files of that name, if they were made from the same and are still there."""
        unit = self._units.get(name)
        if unit is None or unit.digest != digest:
            return None
        try:
            if any(os.stat(self._there / one.path).st_size != one.size for one in unit.items):
                return None
            for one in unit.items:
                path = self.made / one.path
                path.parent.mkdir(parents=True, exist_ok=True)
                os.link(self._there / one.path, path)
        except OSError:
            # Nothing may be written over a file that the earlier site has too.
            for one in unit.items:
                (self.made / one.path).unlink(missing_ok=True)
            return None
        return self.keep(name, unit)

    def keep(self, name: str, unit: Unit) -> Unit:
        """Take files that are there now."""
        self._now[name] = unit
        return unit

    def piece(self, digest: bytes) -> Piece | None:
        """What rows are when packed, if the earlier site has them."""
        found = self._pieces.get(digest)
        try:
            return None if found is None else read(self._there, found)
        except (OSError, EOFError):
            return None

    def same(self, whose: bytes) -> tuple[bytes, Piece] | None:
        """The digest of the same rows of the same documents, and these when packed."""
        digest = self._whose.get(whose)
        some = self.piece(digest) if digest else None
        return (digest, some) if digest and some else None

    def filed(self, digest: bytes, path: str) -> tuple[Filed, list[Piece]] | None:
        """A file's worth of rows that the earlier site has, and its pieces.

        Its Parquet file is linked to `path`; last of all, so that nobody writes there later.
        """
        found = self._parts.get(digest)
        if found is None:
            return None
        try:
            pieces = [read(self._there, one) for one in found.pieces]
            if os.stat(self._there / found.item.path).st_size != found.item.size:
                return None
            to = self.made / path
            to.parent.mkdir(parents=True, exist_ok=True)
            os.link(self._there / found.item.path, to)
        except (OSError, EOFError):
            return None
        return found, pieces

    def write(self, fresh: Path) -> None:
        """Tell the next build."""
        told = _Kept(hashes.program(), dict(sorted(self._now.items())))
        (fresh / NAME).write_bytes(zlib.compress(msgspec.msgpack.encode(told)))


def _kept(earlier: Path | None) -> _Kept:
    try:
        told = ((earlier or Path()) / NAME).read_bytes() if earlier else b""
        return msgspec.msgpack.decode(zlib.decompress(told), type=_Kept)
    except (OSError, zlib.error, msgspec.DecodeError):
        return _Kept()


def read(folder: Path, placed: Placed) -> Piece:
    """A piece out of its zip in a version's folder.

    Raises:
        EOFError: The zip is too short.
        OSError: It isn't there.
    """
    with (folder / placed.path).open("rb") as file:
        file.seek(placed.at)
        packed = file.read(placed.length)
    if len(packed) != placed.length:
        raise EOFError(placed.path)
    return Piece(packed, placed.crc, placed.size)


def of_pieces(pieces: Sequence[Placed]) -> bytes:
    """What a file of pieces is made from."""
    return hashes.of(one.digest for one in pieces)
