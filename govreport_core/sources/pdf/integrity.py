"""A PDF's bytes in, whether they were cut or changed on their way out.

pdfium reads on where a compressed stream is damaged, and then loses or changes
characters in silence: a damaged font is enough. Streams carry checksums, which
are looked at here.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator

import numpy as np

_STREAM = b"stream"
_END = b"endstream"
_LONGEST_DICTIONARY = 2048
_TAIL = 4096
_PIECE = 256 * 1024
MAX_INFLATED = 64 * 1024 * 1024
# What may stand between characters of ASCII85.
_BLANKS = b" \t\n\r\v"


def is_damaged(data: bytes) -> bool:
    """Whether the file lacks its end, or a stream that isn't an image fails its checksum."""
    if b"%%EOF" not in data[-_TAIL:]:
        return True
    if b"/Encrypt" in data:
        return False
    left = MAX_INFLATED
    for dictionary, packed in _streams(data):
        if b"/FlateDecode" not in dictionary or b"/Image" in dictionary or left <= 0:
            continue
        size = _inflated(_unwrapped(dictionary, packed), left)
        if size is None:
            return True
        left -= size
    return False


def _streams(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Each stream's dictionary as printed, and what it holds."""
    whole = memoryview(data)
    at = data.find(_STREAM)
    while at >= 0:
        start = at + len(_STREAM)
        start += 2 if data[start : start + 2] == b"\r\n" else 1
        end = data.find(_END, start)
        end = end if end >= 0 else len(data)
        before = data[max(0, at - _LONGEST_DICTIONARY) : at]
        yield before[before.rfind(b" obj") + 1 :], whole[start:end]
        at = data.find(_STREAM, end + len(_END))


def _unwrapped(dictionary: bytes, packed: memoryview) -> bytes | memoryview | None:
    """A stream's deflated bytes; None where what is around them is damaged."""
    filters = dictionary.count(b"Decode") - dictionary.count(b"DecodeParms")
    if filters == 1:
        return packed
    if filters == 2 and dictionary.find(b"/ASCII85Decode") in range(dictionary.find(b"/Flate")):
        try:
            return _from_ascii85(bytes(packed).strip().removesuffix(b"~>"))
        except ValueError:
            return None
    return b""


def _from_ascii85(text: bytes) -> bytes:
    """As `base64.a85decode`, which takes each character by itself.

    Raises:
        ValueError: It isn't ASCII85.
    """
    text = text.translate(None, _BLANKS)
    if b"z" in text:
        return base64.a85decode(text)
    missing = -len(text) % 5
    # What is below the first digit becomes one above the last.
    digits = np.frombuffer(text + b"u" * missing, np.uint8) - np.uint8(ord("!"))
    words = np.zeros(len(digits) // 5, np.int64)
    for place in digits.reshape(-1, 5).T:
        words = words * 85 + place
    if (digits >= 85).any() or (words >= 2**32).any():
        raise ValueError
    return words.astype(">u4").tobytes()[: 4 * len(words) - missing]


def _inflated(packed: bytes | memoryview | None, limit: int) -> int | None:
    """How much a stream holds, up to the limit; None where it is damaged."""
    if packed is None:
        return None
    inflater = zlib.decompressobj()
    size = 0
    try:
        while packed and not inflater.eof and size < limit:
            size += len(inflater.decompress(packed, _PIECE))
            packed = inflater.unconsumed_tail
    except zlib.error:
        return None
    return size
