"""An OLE container's bytes in (.doc, .xls, protected .docx), its streams' names and starts out."""

from __future__ import annotations

import struct

from govreport_core.sources.container import damaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_HEADER_FATS = 109
_ENTRY = 128
_END = 0xFFFFFFFA
_MAX_DIRECTORY = 64
_MAX_FATS = 2048
_STREAM = 2


def streams(data: bytes) -> dict[str, int]:
    """The streams' names, without their folders, and the offset of each one's first sector.

    Streams below 4 KB live elsewhere: for them the offset means nothing.

    Raises:
        SourceError: `unreadable`, where the container is cut or damaged.
    """
    try:
        return _streams(data)
    except struct.error as error:
        raise damaged() from error


def _streams(data: bytes) -> dict[str, int]:
    shift, directory, first_difat = _numbers(data)
    size = 1 << shift
    fat = _fat(data, size, first_difat)
    found: dict[str, int] = {}
    for _ in range(_MAX_DIRECTORY):
        start = (directory + 1) * size
        for at in range(start, min(start + size, len(data)), _ENTRY):
            entry = data[at : at + _ENTRY]
            if len(entry) < _ENTRY:
                raise damaged()
            (length,) = struct.unpack_from("<H", entry, 64)
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if entry[66] == _STREAM and name:
                (first,) = struct.unpack_from("<I", entry, 116)
                found.setdefault(name, (first + 1) * size)
        if directory >= len(fat) or fat[directory] >= _END:
            break
        directory = fat[directory]
    return found


def _numbers(data: bytes) -> tuple[int, int, int]:
    (shift,) = struct.unpack_from("<H", data, 30)
    directory, _, _, _, _, first_difat = struct.unpack_from("<6I", data, 48)
    if shift not in (9, 12):
        raise damaged()
    return shift, directory, first_difat


def _fat(data: bytes, size: int, difat: int) -> list[int]:
    """Which sector follows which, as far as the directory's chain can need it."""
    sectors = list(struct.unpack_from(f"<{_HEADER_FATS}I", data, 76))
    while difat < _END and len(sectors) < _MAX_FATS:
        *more, difat = struct.unpack_from(f"<{size // 4}I", data, (difat + 1) * size)
        sectors += more
    fat: list[int] = []
    for sector in sectors[:_MAX_FATS]:
        if sector >= _END:
            break
        fat += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
    return fat
