"""Office files are read by what they are; old ones through LibreOffice, within limits."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from pathlib import Path

import pytest
from office_files import docx, ods, p, xls
from office_files import ole as ole_file
from test_sources_sheets import row, xlsx

from govreport_core.errors import SourceError
from govreport_core.samples.package import zipped
from govreport_core.sources import convert, ole, read, read_bytes

WORD = docx(p("某县2024年政府信息公开工作年度报告"))
OLD_WORD = ole_file({"WordDocument": bytes(5000)})


def refused(data: bytes, ending: str = ".docx") -> str:
    with pytest.raises(SourceError) as caught:
        read_bytes(data, ending)
    assert "\n" not in str(caught.value)
    return caught.value.code


@pytest.fixture
def soffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for LibreOffice: writes down how it was called and gives a ready .docx."""
    (tmp_path / "ready.docx").write_bytes(WORD)
    return _program(
        tmp_path,
        monkeypatch,
        f'echo "$@" > {tmp_path}/called; find . -name "*.xcu" >> {tmp_path}/called\n'
        f'cp {tmp_path}/ready.docx "$8/source.docx"\n',
    )


def _program(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    program = folder / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return program


@pytest.fixture
def no_soffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "program", lambda: None)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (WORD, "wordprocessingml.document"),
        (xlsx(row(1, "甲", 1.0)), "spreadsheetml.sheet"),
        (ods({(0, 0): "甲"}), "opendocument.spreadsheet"),
        (xls(({(0, 0): "甲"}, [])), "vnd.ms-excel"),
        (b"<html><body><p>\xe7\x94\xb2</p></body></html>", "text/html"),
    ],
)
@pytest.mark.parametrize("ending", [".doc", ".xls", ".docx"])
def test_the_content_decides_not_the_ending(data: bytes, media_type: str, ending: str) -> None:
    assert read_bytes(data, ending).media_type.endswith(media_type)


def test_a_saved_page_called_doc_is_read() -> None:
    page = "<html><body><p>一、总体情况</p></body></html>".encode()
    head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n'
    part = b"--b\nContent-Type: text/html; charset=utf-8\n\n" + page + b"\n--b--\n"
    found = read_bytes(head + part, ".doc")
    assert [x.text for x in found.parts] == ["一、总体情况"]
    assert refused(b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", ".doc") == "unreadable"


def test_files_behind_a_password_are_said_to_be_encrypted() -> None:
    package = ole_file({"EncryptionInfo": b"x", "EncryptedPackage": bytes(5000)})
    assert refused(package) == "encrypted"
    flagged = bytearray(5000)
    flagged[11] = 1
    assert refused(ole_file({"WordDocument": bytes(flagged)}), ".doc") == "encrypted"


def test_what_is_no_office_file_says_so() -> None:
    assert refused(b"%PDF-1.7 ...") == "unreadable"
    assert refused(zipped({"ppt/presentation.xml": "x"})) == "unsupported"
    assert refused(zipped({"xl/workbook.bin": "x"})) == "unsupported"
    assert refused(zipped({"a.txt": "x"})) == "unreadable"
    assert refused(OLD_WORD[:600], ".doc") == "unreadable"


@pytest.mark.parametrize("kind", ["doc", "wps", "rtf", "odt"])
@pytest.mark.usefixtures("no_soffice")
def test_without_libreoffice_one_line_says_what_to_do(kind: str) -> None:
    data = {
        "doc": OLD_WORD,
        "wps": ole_file({"Contents": bytes(5000)}),
        "rtf": b"{\\rtf1 ...}",
        "odt": b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text",
    }[kind]
    with pytest.raises(SourceError, match="LibreOffice") as caught:
        read_bytes(data, f".{kind}")
    assert caught.value.code == "unsupported"


def test_an_old_word_file_goes_through_libreoffice(soffice: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.doc"
    file.write_bytes(OLD_WORD)
    found = read(file)
    assert found.media_type == "application/msword"
    assert [x.text for x in found.parts] == ["某县2024年政府信息公开工作年度报告"]
    called = (soffice.parent.parent / "called").read_text()
    assert "--headless" in called
    assert "-env:UserInstallation=file:///" in called
    assert "source.doc" in called
    assert "registrymodifications.xcu" in called


@pytest.mark.usefixtures("soffice")
def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    convert.to_docx(OLD_WORD, ".doc")
    assert list(temporary.iterdir()) == []


def test_a_conversion_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path, monkeypatch, f"sleep 600 & echo $! > {tmp_path}/child; wait\n")
    started = time.monotonic()
    with pytest.raises(SourceError, match="within 4 s") as caught:
        convert.to_docx(OLD_WORD, ".doc", seconds=4.0)
    assert caught.value.code == "too_large"
    assert time.monotonic() - started < 300
    child = int((tmp_path / "child").read_text())
    until = time.monotonic() + 60
    while _runs(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    """Whether a process runs, and isn't just waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_conversion_that_makes_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path, monkeypatch, "exit 1\n")
    with pytest.raises(SourceError) as caught:
        convert.to_docx(OLD_WORD, ".doc")
    assert caught.value.code == "unreadable"


def test_a_containers_chain_that_bites_its_tail_is_damaged() -> None:
    data = bytearray(ole_file({"WordDocument": bytes(9000)}))
    directory = ole.open_ole(bytes(data))
    first, _ = directory.streams["WordDocument"]
    table = 512 + first * 4
    data[table : table + 4] = first.to_bytes(4, "little")
    assert len(ole.stream(bytes(data), ole.open_ole(bytes(data)), "WordDocument")) == 9216
    size = data.index((9216).to_bytes(8, "little"))
    data[size : size + 8] = (2**31).to_bytes(8, "little")
    assert refused(bytes(data), ".doc") == "unreadable"
