"""A zip of reports in, its members one by one out, each a document of its own.

What a zip says of itself isn't believed; nothing is written to disk.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import IO

from govreport_core.errors import SourceError
from govreport_core.sources.container import damaged, inflate
from govreport_core.sources.inflating import DAMAGED
from govreport_core.sources.recognise import OFFICE

MAX_MEMBERS = 5_000
MAX_MEMBER = 16 * 1024 * 1024
MAX_TOTAL = 1024 * 1024 * 1024
# A zip in a zip in a zip: prefectures send their counties' so.
MAX_DEPTH = 3
_UTF8 = 0x800
_ZIP = b"PK\x03\x04"
# A zip with one of these in it is an Office, an OpenDocument, an OFD file.
_DOCUMENTS = frozenset(("[Content_Types].xml", "mimetype", "OFD.xml", "word/document.xml"))
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_NOT_REPORTS = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})

Member = tuple[str, bytes | SourceError]
"""A path below the zip, with plain slashes, and the bytes, or why there are none."""


def is_archive(path: Path) -> bool:
    """Whether a file is a zip of files, and not one that is a document."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return _holds_files(file, path.name)
    except OSError:
        return False


def members(path: Path) -> Iterator[Member]:
    """The files in a zip, zips within it included, in their order.

    A member that can't be had comes as its error, so that it costs no other.

    Raises:
        SourceError: The zip itself can't be opened, or has too many members or
            too much in them.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            yield from _Unpacking().members(archive, "", 1)
    except DAMAGED as error:
        raise damaged() from error


def _holds_files(file: IO[bytes], name: str) -> bool:
    """As `is_archive`; a damaged zip is one where its name says so."""
    ending = PurePath(name).suffix.lower()
    if ending in OFFICE or file.read(len(_ZIP)) != _ZIP:
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return _DOCUMENTS.isdisjoint(archive.namelist())
    except DAMAGED:
        return ending == ".zip"


class _Unpacking:
    """What has come out of a zip so far."""

    def __init__(self) -> None:
        self.count = 0
        self.size = 0
        self.names: set[str] = set()

    def members(self, archive: zipfile.ZipFile, above: str, depth: int) -> Iterator[Member]:
        for info in archive.infolist():
            name = _name(info)
            if info.filename.endswith("/") or not name or _is_junk(name):
                continue
            name = self._own(above + name)
            self.count += 1
            if self.count > MAX_MEMBERS or self.size > MAX_TOTAL:
                raise SourceError(
                    "too_large",
                    f"more than {MAX_MEMBERS:,} files or {MAX_TOTAL:,} bytes in it: split it",
                )
            try:
                data = inflate(archive, info, MAX_MEMBER)
            except SourceError as error:
                yield name, error
                continue
            self.size += len(data)
            if _holds_files(io.BytesIO(data), name):
                yield from self._inner(name, data, depth)
            else:
                yield name, data

    def _inner(self, name: str, data: bytes, depth: int) -> Iterator[Member]:
        if depth == MAX_DEPTH:
            yield name, SourceError("unsupported", "zips nested too deep: unpack it first")
            return
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except DAMAGED:
            yield name, damaged()
            return
        with archive:
            yield from self.members(archive, f"{name}/", depth + 1)

    def _own(self, name: str) -> str:
        """The name, told apart from an earlier member of the same name."""
        unique, number = name, 2
        while unique in self.names:
            stem, dot, ending = name.rpartition(".")
            unique = f"{stem} ({number}).{ending}" if dot else f"{name} ({number})"
            number += 1
        self.names.add(unique)
        return unique


def _name(info: zipfile.ZipInfo) -> str:
    """A member's path that stays below the zip: names without a mark are GBK on most machines."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    pieces = _CONTROL.sub("_", name).replace("\\", "/").split("/")
    return "/".join(p for p in pieces if p not in ("", ".", "..") and not p.endswith(":"))


def _is_junk(name: str) -> bool:
    return any(p in _NOT_REPORTS or p.startswith((".", "~$")) for p in name.split("/"))
