"""Bytes in, files to take away out: zips put together from pieces, Parquet; the same bytes again.

Nothing in a file says when it was made. A piece is deflated by itself, so that the same piece
stands in several zips, and in the next build's, without being deflated again.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from functools import cache, lru_cache
from pathlib import Path

import msgspec
import polars as pl

# Twice as fast as the usual 6, a tenth larger.
LEVEL = 4
# Rows of a stretch, and of a row group: what is held beside the frame itself.
STRETCH = 50_000
# Rows of a piece: where one of them is another, so many are packed again.
PIECE = 2_500


class Piece(msgspec.Struct, frozen=True):
    """Some bytes of a file: deflated, up to a byte's end, and what they are when unpacked.

    Attributes:
        crc: The CRC-32 of the bytes unpacked; `size` is how many they are.
    """

    packed: bytes
    crc: int
    size: int


def piece(content: bytes) -> Piece:
    """Deflate some bytes so that they may stand behind any others."""
    deflating = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflating.compress(content) + deflating.flush(zlib.Z_FULL_FLUSH)
    return Piece(packed, zlib.crc32(content), len(content))


class Archive:
    """A new zip with one file in it, put together from pieces; in memory until it is written.

    Source: APPNOTE.TXT of PKWARE, 4.3; RFC 1951 for the last, empty block.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._name = path.with_suffix(".csv").name.encode()
        self._packed: list[bytes] = []
        self._crc = self._size = 0
        self.size = len(self._head(0))

    def _head(self, packed: int) -> bytes:
        """What stands before the file."""
        return struct.pack("<4sH", b"PK\x03\x04", 20) + self._told(packed) + self._name

    def _told(self, packed: int) -> bytes:
        """What both heads say: deflated, of the first day that a zip can tell, its sizes."""
        sizes = (self._crc, packed, self._size, len(self._name), 0)
        return struct.pack("<HHHHIIIHH", 0, zlib.DEFLATED, 0, 1 << 5 | 1, *sizes)

    def add(self, some: Piece) -> int:
        """Add a piece: where it begins in the zip."""
        at = self.size
        self._packed.append(some.packed)
        self.size += len(some.packed)
        self._crc = _joined(self._crc, some.crc, some.size)
        self._size += some.size
        return at

    def write(self) -> None:
        """Write it where nothing may be yet."""
        pieces = [*self._packed, b"\x03\x00"]
        packed = sum(map(len, pieces))
        head = self._head(packed)
        # Made by Unix; a plain file that everybody may read.
        entry = struct.pack("<4sHH", b"PK\x01\x02", 3 << 8 | 20, 20) + self._told(packed)
        entry += struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, 0) + self._name
        last = (0, 0, 1, 1, len(entry), len(head) + packed, 0)
        end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", *last)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("xb") as file:
            # Put together before, they would be held three times.
            file.writelines([head, *pieces, entry, end])


@cache
def _power(digit: int, place: int) -> int:
    """The polynomial x to the power of 8 times a hexadecimal digit at a place, modulo CRC-32's."""
    if digit > 1:
        return _times(_power(1, place), _power(digit - 1, place))
    if not place:
        return 1 << 23
    return _times(_power(8, place - 1), _power(8, place - 1))


def _times(one: int, other: int) -> int:
    """The product of two polynomials modulo CRC-32's; the highest bit is the lowest power."""
    times = [0] * 16
    for bit in (8, 4, 2, 1):
        times[bit] = other
        other = _by_x(other)
    for some in range(3, 16):
        times[some] = times[some & -some] ^ times[some & some - 1]
    found = 0
    for bit in range(0, 32, 4):
        found = found >> 4 ^ _OVER[found & 15] ^ times[one >> bit & 15]
    return found


def _by_x(one: int) -> int:
    return one >> 1 ^ (0xEDB88320 if one & 1 else 0)


# What the last four bits come to behind the first when all are shifted by as many.
_OVER = [_by_x(_by_x(_by_x(_by_x(some)))) for some in range(16)]


def _joined(crc: int, after: int, size: int) -> int:
    """The CRC-32 of bytes and of those after them, from both and how many the latter are."""
    return _times(_shift(size), crc) ^ after


@lru_cache
def _shift(size: int) -> int:
    """The polynomial x to the power of 8 times a size, modulo CRC-32's: what bytes after it do."""
    found = 1 << 31
    for place, digit in enumerate(reversed(f"{size:x}")):
        if digit != "0":
            found = _times(found, _power(int(digit, 16), place))
    return found


def parquet(rows: pl.DataFrame, path: Path) -> None:
    """Write rows as Parquet, zstd, in their order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(path, compression="zstd", row_group_size=STRETCH, statistics=True)


def digest(path: Path) -> tuple[int, str]:
    """A file's bytes and their sha256."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return path.stat().st_size, found
