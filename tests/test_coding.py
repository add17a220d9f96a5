"""What goes to another process or to the next build comes back as it was, whatever a path holds."""

from __future__ import annotations

import msgspec
import pytest

from govreport_core.build.coding import decode, encode


class Named(msgspec.Struct, frozen=True):
    path: str
    size: int | None = None


@pytest.mark.parametrize("path", ["报告/2023.txt", "a\nb", "\udcff\udcfe.pdf", "\\udcff", ""])
@pytest.mark.parametrize("beside", [None, ["报告/2023.txt"]])
def test_a_record_comes_back(path: str, beside: list[str] | None) -> None:
    record = (Named(path, 3), Named(path))
    message = encode(record)
    assert b"\n" not in message
    assert decode(message, tuple[Named, ...], beside=beside) == record


@pytest.mark.parametrize(
    "message", [b"", b'{"path":', b'{"path":1}', b"[]", b'{"size":3}', b"\xff"]
)
@pytest.mark.parametrize("beside", [None, []])
def test_what_is_no_such_record_is_refused(message: bytes, beside: list[str] | None) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(message, Named, beside=beside)
