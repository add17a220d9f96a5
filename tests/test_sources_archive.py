"""Zips of reports: each file in them by itself, what can't be had as its own error."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from govreport_core.errors import SourceError
from govreport_core.sources import archive
from govreport_core.sources.archive import members


def zip_of(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as written:
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


METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


@pytest.mark.parametrize("method", METHODS)
def test_members_packed_in_any_way_come_whole_or_not_at_all(tmp_path: Path, method: int) -> None:
    noise = random.Random(1).randbytes(1_500_000)  # noqa: S311 - no secret
    files = {"a.txt": noise, "b.txt": "汀澜市报告".encode() * 500, "c.txt": b""}
    whole = zip_of(files, method)
    assert unpacked(tmp_path, whole) == list(files.items())
    for seed in range(60):
        rng = random.Random(seed)  # noqa: S311 - damage, not a secret
        damaged = bytearray(zip_of({"b.txt": files["b.txt"], "d.txt": b"4" * 50}, method))
        for _ in range(3):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        try:
            found = unpacked(tmp_path, bytes(damaged))
        except SourceError:
            continue
        assert all(isinstance(d, str) or d in (files["b.txt"], b"4" * 50) for _, d in found)


@pytest.mark.parametrize("method", METHODS[1:])
def test_a_bomb_of_any_kind_is_given_up_within_its_bounds(tmp_path: Path, method: int) -> None:
    data = bytearray(zip_of({"a.txt": bytes(40_000_000), "b.txt": b"2"}, method))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 1_000_000)
    tracemalloc.start()
    found = unpacked(tmp_path, bytes(data))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found in ([("a.txt", code), ("b.txt", b"2")] for code in ("too_large", "unreadable"))
    assert most < 32 * 1024 * 1024


def test_an_lzma_member_that_asks_for_gigabytes_is_damaged(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.txt": b"1" * 500}, zipfile.ZIP_LZMA))
    at = data.index(b"a.txt") + 5
    data[at + 5 : at + 9] = struct.pack("<I", 2**32 - 1)
    assert unpacked(tmp_path, bytes(data)) == [("a.txt", "unreadable")]


def test_a_zip_is_known_by_its_content(tmp_path: Path) -> None:
    zips = {
        "报告.zip": zip_of({"a.txt": b"1"}),
        "report": zip_of({"a.txt": b"1"}),
        "word.zip": zip_of({"word/document.xml": b"1"}),
        "text.zip": b"text",
        "cut.zip": zip_of({"a.txt": b"1"})[:-9],
        "cut": zip_of({"a.txt": b"1"})[:-9],
    }
    for name, data in zips.items():
        (tmp_path / name).write_bytes(data)
    assert [name for name in zips if archive.is_archive(tmp_path / name)] == [
        "报告.zip",
        "report",
        "cut.zip",
    ]
    assert not archive.is_archive(tmp_path)
    assert not archive.is_archive(tmp_path / "none.zip")


def test_a_document_called_zip_within_a_zip_is_a_document(tmp_path: Path) -> None:
    word = zip_of({"word/document.xml": b"1"})
    inside = zip_of({"a.txt": b"1"})
    found = unpacked(tmp_path, zip_of({"word.zip": word, "more": inside}))
    assert found == [("word.zip", word), ("more/a.txt", b"1")]
