"""An OLE container's bytes in (.doc, .xls, protected .docx), its streams' names and bytes out."""

from __future__ import annotations

import struct

import msgspec

from govreport_core.sources.container import damaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_END = 0xFFFFFFFA
_HEADER_FATS = 109
_SMALLEST = 4096
_MAX_DIRECTORY = 256
_MAX_FATS = 1024
_STREAM = 2
_PROTECTED = 0x0100


class Ole(msgspec.Struct, frozen=True):
    """A container's directory.

    Attributes:
        sector: Bytes in a sector.
        follows: Which sector follows which.
        streams: First sector and size of each stream, by its name without folders.
    """

    sector: int
    follows: tuple[int, ...]
    streams: dict[str, tuple[int, int]]


def open_ole(data: bytes) -> Ole:
    """Read the directory.

    Raises:
        SourceError: `unreadable`, where the container is cut or damaged.
    """
    try:
        (shift,) = struct.unpack_from("<H", data, 30)
        if shift not in (9, 12):
            raise damaged()
        size = 1 << shift
        directory, _, _, _, _, first_difat = struct.unpack_from("<6I", data, 48)
        follows = _fat(data, size, first_difat)
        return Ole(size, follows, _directory(data, size, follows, directory))
    except struct.error as error:
        raise damaged() from error


def stream(data: bytes, ole: Ole, name: str) -> bytes:
    """A stream's bytes; none for streams below 4 KB, which are stored otherwise.

    Raises:
        SourceError: `unreadable`, where some of it is missing.
    """
    at, size = ole.streams.get(name, (_END, 0))
    if size < _SMALLEST:
        return b""
    pieces: list[bytes] = []
    found = 0
    while found < size <= len(data) and at < len(ole.follows):
        start = (at + 1) * ole.sector
        pieces.append(data[start : start + min(ole.sector, size - found)])
        if not pieces[-1]:
            break
        found += len(pieces[-1])
        at = ole.follows[at]
    if found < size:
        raise damaged()
    return b"".join(pieces)


def protected_word(data: bytes, ole: Ole) -> bool:
    """Whether it is a Word file behind a password (a flag at the start of its text)."""
    head = stream(data, ole, "WordDocument")[:12]
    return len(head) == 12 and bool(int.from_bytes(head[10:12], "little") & _PROTECTED)


def _directory(
    data: bytes, size: int, follows: tuple[int, ...], sector: int
) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for _ in range(_MAX_DIRECTORY):
        start = (sector + 1) * size
        for at in range(start, start + size, _ENTRY):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            first, length_of_stream = struct.unpack_from("<II", data, at + 116)
            if kind == _STREAM:
                raw = data[at : at + max(0, min(length, 64) - 2)]
                name = raw.decode("utf-16-le", "replace")
                found.setdefault(name, (first, length_of_stream))
        if sector >= len(follows) or follows[sector] >= _END:
            break
        sector = follows[sector]
    return found


def _fat(data: bytes, size: int, difat: int) -> tuple[int, ...]:
    sectors = list(struct.unpack_from(f"<{_HEADER_FATS}I", data, 76))
    entries = f"<{size // 4}I"
    while difat < _END and len(sectors) < _MAX_FATS:
        *more, difat = struct.unpack_from(entries, data, (difat + 1) * size)
        sectors += more
    follows: list[int] = []
    for sector in sectors[:_MAX_FATS]:
        if sector >= _END:
            break
        follows += struct.unpack_from(entries, data, (sector + 1) * size)
    return tuple(follows)
