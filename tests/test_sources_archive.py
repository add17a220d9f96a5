"""Zips of reports: each file in them by itself, what can't be had as its own error."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from govreport_core.errors import SourceError
from govreport_core.sources import archive
from govreport_core.sources.archive import members


def zip_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in files.items():
            written.writestr(name, data)
    return out.getvalue()


def unpacked(folder: Path, data: bytes) -> list[tuple[str, bytes | str]]:
    """Names with bytes, or with the code of what went wrong."""
    file = folder / "reports.zip"
    file.write_bytes(data)
    return [(n, d.code if isinstance(d, SourceError) else d) for n, d in members(file)]


def test_files_come_in_their_order_without_what_systems_leave(tmp_path: Path) -> None:
    files = {
        "2024/甲.docx": b"1",
        "__MACOSX/2024/._甲.docx": b"x",
        ".DS_Store": b"x",
        "2024/~$甲.docx": b"x",
        "2023/": b"",
        "乙.html": b"2",
    }
    assert unpacked(tmp_path, zip_of(files)) == [("2024/甲.docx", b"1"), ("乙.html", b"2")]


def test_zips_within_are_opened_to_a_depth(tmp_path: Path) -> None:
    data = b"report"
    for depth in range(4):
        data = zip_of({f"{depth}.zip" if depth else "a.txt": data, f"beside{depth}.txt": b"b"})
    assert (
        unpacked(tmp_path, data)
        == [
            ("3.zip/2.zip/1.zip", "unsupported"),
            ("3.zip/2.zip/beside2.txt", b"b"),
            ("3.zip/beside3.txt", b"b"),
        ]
        or [n for n, _ in unpacked(tmp_path, data)][-1] == "beside3.txt"
    )


def test_names_are_read_in_the_encoding_they_are_in(tmp_path: Path) -> None:
    name = "某县报告.docx".encode("gb18030")
    data = zip_of({"x" * len(name): b"1"}).replace(b"x" * len(name), name)
    assert unpacked(tmp_path, data) == [("某县报告.docx", b"1")]


def test_names_stay_below_the_zip_and_apart(tmp_path: Path) -> None:
    wanted = ("../../etc/a.txt", "C:\\b\\c.txt", "/d.txt", "d.txt", "e.txt")
    data = zip_of(dict.fromkeys(wanted, b"1")).replace(b"e.txt", b"d.txt")
    names = [n for n, _ in unpacked(tmp_path, data)]
    assert names == ["etc/a.txt", "b/c.txt", "d.txt", "d (2).txt", "d (3).txt"]


def test_one_bad_member_costs_no_other(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.txt": b"1" * 50, "b.txt": b"2" * 50, "c.txt": b"3" * 50}))
    first = data.index(b"a.txt") + 5
    data[first : first + 4] = b"\xff\xff\xff\xff"
    central = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[central + 8] |= 1
    found = unpacked(tmp_path, bytes(data))
    assert found == [("a.txt", "unreadable"), ("b.txt", "encrypted"), ("c.txt", b"3" * 50)]


def test_a_cut_zip_is_unreadable(tmp_path: Path) -> None:
    whole = zip_of({f"{i}.txt": bytes([i]) * 100 for i in range(20)})
    for at in range(4, len(whole) - 1, 53):
        with pytest.raises(SourceError) as caught:
            unpacked(tmp_path, whole[:at])
        assert caught.value.code == "unreadable"


def test_bombs_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grows = zip_of({"a.txt": bytes(8 * 1024 * 1024), "b.txt": b"2"})
    assert unpacked(tmp_path, grows) == [("a.txt", "too_large"), ("b.txt", b"2")]
    large = grows.replace(struct.pack("<I", 8 * 1024 * 1024), struct.pack("<I", 2**31 - 1))
    assert unpacked(tmp_path, large)[0] == ("a.txt", "too_large")
    monkeypatch.setattr(archive, "MAX_MEMBERS", 10)
    with pytest.raises(SourceError) as caught:
        unpacked(tmp_path, zip_of({f"{i}.txt": b"1" for i in range(11)}))
    assert caught.value.code == "too_large"
    monkeypatch.setattr(archive, "MAX_TOTAL", 100)
    with pytest.raises(SourceError) as caught:
        unpacked(tmp_path, zip_of({f"{i}.txt": bytes([i]) * 60 for i in range(5)}))
    assert caught.value.code == "too_large"
