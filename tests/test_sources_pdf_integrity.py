"""Whether a PDF's streams are whole, where they are packed as characters (ASCII85)."""

from __future__ import annotations

import base64
import zlib

import pytest

from govreport_core.sources.pdf.integrity import is_damaged

PACKED = base64.a85encode(zlib.compress(b"0 0 0 0 BT ET " * 9, 0), wrapcol=40)


def file(packed: bytes) -> bytes:
    filters = b"<< /Filter [ /ASCII85Decode /FlateDecode ] >>"
    return b"%PDF-1.4\n1 0 obj\n" + filters + b" stream\n" + packed + b"endstream\n%%EOF\n"


def test_a_whole_stream_is_whole_however_long_and_wherever_its_lines_break() -> None:
    for length in range(1, 60):
        content = bytes(range(length))
        packed = base64.a85encode(zlib.compress(content), wrapcol=length)
        assert not is_damaged(file(packed + b"~>\n")), length


def test_zeros_may_be_short() -> None:
    packed = base64.a85encode(zlib.compress(bytes(20), 0))
    assert b"z" in packed
    assert not is_damaged(file(packed + b"~>\n"))


@pytest.mark.parametrize("wrong", [b"x", b"\x7f", b"\0", b"\xff", b"uuuuu"])
def test_what_is_no_such_character_damages_a_stream(wrong: bytes) -> None:
    assert is_damaged(file(PACKED[:50] + wrong + PACKED[50 + len(wrong) :] + b"~>\n"))


def test_each_changed_character_shows() -> None:
    assert not is_damaged(file(PACKED + b"~>\n"))
    for at in range(0, len(PACKED) - 6, 7):
        changed = bytes([PACKED[at] + 1 if PACKED[at] < ord("t") else ord("!")])
        if PACKED[at : at + 1] != b"\n":
            assert is_damaged(file(PACKED[:at] + changed + PACKED[at + 1 :] + b"~>\n")), at
