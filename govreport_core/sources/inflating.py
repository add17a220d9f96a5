"""A zip's member in, its bytes piece by piece out, none larger than was asked for.

The zip library inflates bzip2 and LZMA without a bound: 2 KB of either may be
gigabytes. What is compressed otherwise than with these and deflate isn't read.
"""

from __future__ import annotations

import bz2
import copy
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Protocol

PIECE = 1024 * 1024
# What a member's LZMA header may ask for; packers use 64 MB at most.
MAX_DICTIONARY = 64 * 1024 * 1024
_PROPERTIES = struct.Struct("<2xHBI")

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    struct.error,
    UnicodeDecodeError,
    ValueError,
)
"""What the zip library raises for zips that are cut, damaged or made to mislead."""


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's content, at most `PIECE` bytes at a time.

    Raises:
        OSError: And the others of `DAMAGED`.
    """
    if info.compress_type in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield from _checked(archive, info)
        return
    with archive.open(info) as member:
        while piece := member.read(PIECE):
            yield piece


def _checked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """What the library inflates only as a whole, with its checksum looked at."""
    found = size = 0
    with archive.open(_as_stored(info)) as member:
        for piece in _inflated(member, _decompressor(member, info)):
            found = zlib.crc32(piece, found)
            size += len(piece)
            yield piece
    if (found, size) != (info.CRC, info.file_size):
        raise zipfile.BadZipFile


def _as_stored(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """The member as if its compressed bytes were what it holds, with no checksum of them."""
    stored = copy.copy(info)
    stored.compress_type = zipfile.ZIP_STORED
    stored.file_size = info.compress_size
    del stored.CRC
    return stored


def _decompressor(member: IO[bytes], info: zipfile.ZipInfo) -> _Decompressor:
    if info.compress_type == zipfile.ZIP_BZIP2:
        return bz2.BZ2Decompressor()
    length, shape, dictionary = _PROPERTIES.unpack(member.read(_PROPERTIES.size))
    if length != 5 or shape >= 9 * 5 * 5 or dictionary > MAX_DICTIONARY:
        raise zipfile.BadZipFile
    about = {"id": lzma.FILTER_LZMA1, "dict_size": max(dictionary, 4096)}
    about |= {"lc": shape % 9, "lp": shape // 9 % 5, "pb": shape // 45}
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[about])


def _inflated(member: IO[bytes], decompressor: _Decompressor) -> Iterator[bytes]:
    while not decompressor.eof:
        packed = member.read(PIECE) if decompressor.needs_input else b""
        if decompressor.needs_input and not packed:
            return
        yield decompressor.decompress(packed, PIECE)
