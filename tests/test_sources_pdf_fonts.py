"""The font of boxes that stands in for Chinese fonts a PDF doesn't bring in."""

from __future__ import annotations

import subprocess
import sys
from ctypes import byref, c_double
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdfium2.raw as pdfium
import pytest
from printed_pdf import Printer, plain_table

from govreport_core.model import Paragraph, Table
from govreport_core.sources.pdf import fonts, read_pdf

ROWS = [["信息内容", "本年制发件数"], ["规章", "3"], ["行政规范性文件", "15"]]


def printed() -> bytes:
    printer = Printer()
    printer.words("二、主动公开政府信息情况")
    printer.table(plain_table(ROWS))
    return printer.close()


def reach(data: bytes, char: str) -> tuple[float, ...]:
    """How far the ink of a page's first such character reaches: left, right, bottom, top."""
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    page = pdfium.FPDF_LoadPage(document, 0)
    text = pdfium.FPDFText_LoadPage(page)
    codes = [pdfium.FPDFText_GetUnicode(text, i) for i in range(pdfium.FPDFText_CountChars(text))]
    sides = [c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(text, codes.index(ord(char)), *map(byref, sides))
    pdfium.FPDFText_ClosePage(text)
    pdfium.FPDF_ClosePage(page)
    pdfium.FPDF_CloseDocument(document)
    return tuple(side.value for side in sides)


def test_every_chinese_character_is_as_large_as_every_other_while_a_file_is_read() -> None:
    data = printed()
    with fonts.stand_in():
        one, other = reach(data, "二"), reach(data, "政")
    assert one[3] - one[2] == pytest.approx(other[3] - other[2])
    assert one[1] - one[0] == pytest.approx(other[1] - other[0])


def test_the_machines_own_fonts_are_back_for_a_page_that_is_drawn() -> None:
    data = printed()
    before = reach(data, "二")
    with fonts.stand_in():
        assert reach(data, "二") != before
    assert reach(data, "二") == before


def test_a_file_reads_the_same_on_a_machine_without_chinese_fonts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def none(*asking: Any) -> None:
        asked.append(asking[3])

    data = printed()
    with fonts.stand_in():
        machine = SimpleNamespace(contents=SimpleNamespace(MapFont=none))
        monkeypatch.setattr(fonts._installed(), "machine", machine)
        document = read_pdf(data, "0")
    assert not fonts._CHARSETS.intersection(asked)
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == [
        "二、主动公开政府信息情况"
    ]
    (table,) = [b for b in document.blocks if isinstance(b, Table)]
    assert [[cell.text for cell in row] for row in table.rows] == ROWS


# A crash of pdfium takes the process with it.
ANEW = """
import gc, sys
from pathlib import Path
from govreport_core.sources.pdf import fonts, read_pdf
data = Path(sys.argv[1]).read_bytes()
for _ in range(3):
    read_pdf(data, "0")
    fonts._installed.cache_clear()
    gc.collect()
    filled = [bytearray(b"\\xff" * size) for size in range(16, 512, 8) for _ in range(200)]
print(len(read_pdf(data, "0").blocks))
"""


def test_what_pdfium_was_given_stays_when_the_module_forgets_it(tmp_path: Path) -> None:
    """As where caches are emptied, or the app's server loads changed modules anew."""
    (tmp_path / "a.pdf").write_bytes(printed())
    run = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", ANEW, str(tmp_path / "a.pdf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout.strip()) == (0, "2"), run.stderr
