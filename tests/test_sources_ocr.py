"""Recognition of pages that are pictures: asked for, held to two readings, never a guess."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from four_formats import pdf, report
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.model import Document, Level
from govreport_core.sources import ocr, read_bytes
from govreport_core.sources.ocr import files
from govreport_core.sources.ocr.files import Scan, scans
from govreport_core.sources.ocr.ink import dark, ruling
from govreport_core.sources.ocr.page import Crop
from govreport_core.sources.pdf import read_pdf

pytestmark = pytest.mark.slow

SCALE = 2.0
Reading = tuple[str, float]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Ask for a recogniser that is no more than a function."""

    def install(read: Callable[[Crop], Reading]) -> None:
        monkeypatch.setenv(ocr.ASKED, "stand-in")
        monkeypatch.setitem(
            ocr.RECOGNISERS, "stand-in", lambda: lambda crops: [read(crop) for crop in crops]
        )

    return install


def sheet(width: int = 595, height: int = 842) -> Crop:
    return np.full((int(height * SCALE), int(width * SCALE)), 255, dtype=np.uint8)


def table(rows: int = 2, cols: int = 2) -> tuple[Crop, list[list[tuple[int, int]]]]:
    """A page with an empty ruled table, and where its cells begin, in pixels."""
    page = sheet()
    height, width = 60, 200
    for row in range(rows + 1):
        page[200 + row * height : 203 + row * height, 100 : 100 + cols * width] = 0
    for col in range(cols + 1):
        page[200 : 203 + rows * height, 100 + col * width : 103 + col * width] = 0
    return page, [[(200 + r * height, 100 + c * width) for c in range(cols)] for r in range(rows)]


def ink(page: Crop, at: tuple[int, int], width: int, height: int = 18) -> None:
    """Strokes in a cell: how wide they are tells the stand-in what they say."""
    top, left = at[0] + 20, at[1] + 30
    page[top : top + height, left : left + width : 3] = 30
    page[top : top + height, left + width - 1] = 30


def width_of(crop: Crop) -> int:
    columns = np.nonzero((crop < 128).any(axis=0))[0]
    return int(columns[-1] - columns[0]) + 1


def rows(document: Document) -> list[list[str]]:
    return [[c.text for c in row] for b in document.blocks if hasattr(b, "rows") for row in b.rows]


def recognise(*pages: Crop) -> Document:
    return ocr.recognise([Scan(page, SCALE) for page in pages], "0", "application/pdf")


def by_width(said: dict[int, Reading]) -> Callable[[Crop], Reading]:
    return lambda crop: said[width_of(crop)]


def test_each_cell_is_read_on_its_own_and_says_how_sure_it_is(stand_in) -> None:
    page, at = table()
    ink(page, at[0][0], 40)
    ink(page, at[0][1], 11)
    ink(page, at[1][0], 42)
    stand_in(by_width({40: ("规章", 0.99), 42: ("行政许可", 0.6), 11: ("12", 0.97)}))
    found = recognise(page)
    assert rows(found) == [["规章", "12"], ["行政许可", ""]]
    signs = {d.code: d for d in found.diagnostics}
    assert (signs["pages_ocr"].level, signs["pages_ocr"].params) == (Level.DOUBT, {"pages": "1"})
    assert (signs["ocr"].level, signs["ocr"].params) == (Level.NOTE, {"confidence": 0.97})
    assert signs["ocr"].part == "page:1/table:1/r1/c2"


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (("12", 0.7), ("12", 0.99)),
        (("12", 0.99), ("12", 0.7)),
        (("12", 0.99), ("17", 0.99)),
        (("", 0.0), ("", 0.0)),
        (("12", 0.99), ("", 0.9)),
    ],
)
def test_a_figure_that_isnt_sure_is_unreadable(stand_in, first: Reading, again: Reading) -> None:
    page, at = table()
    ink(page, at[0][0], 40)
    ink(page, at[0][1], 11)
    answers = iter([first, again])
    stand_in(lambda crop: ("规章", 0.99) if width_of(crop) == 40 else next(answers))
    found = recognise(page)
    assert rows(found)[0] == ["规章", first[0] + "\ufffd"]
    (doubt,) = [d for d in found.diagnostics if d.code == "ocr"]
    assert doubt.level is Level.DOUBT


def test_a_speck_is_no_figure_and_a_stroke_of_ink_is_no_blank(stand_in) -> None:
    page, at = table()
    ink(page, at[0][0], 40)
    page[at[0][1][0] + 30, at[0][1][1] + 30 : at[0][1][1] + 33] = 0
    page[at[1][1][0] + 20 : at[1][1][0] + 38, at[1][1][1] + 30 : at[1][1][1] + 33] = 0
    stand_in(lambda crop: ("规章", 0.99) if width_of(crop) == 40 else ("", 0.0))
    assert rows(recognise(page)) == [["规章", ""], ["", "\ufffd"]]


def test_lines_outside_tables_are_read_from_top_to_bottom(stand_in) -> None:
    page = sheet()
    ink(page, (700, 100), 300)
    ink(page, (100, 100), 200)
    stand_in(by_width({300: ("二、主动公开", 0.9), 200: ("一、总体情况", 0.9)}))
    assert [b.text for b in recognise(page).blocks] == ["一、总体情况", "二、主动公开"]


def test_strokes_of_one_character_are_one_line(stand_in) -> None:
    page, at = table()
    top, left = at[0][0]
    for stroke in (15, 23, 31):
        page[top + stroke : top + stroke + 2, left + 30 : left + 50] = 0
    stand_in(lambda _: ("三", 0.99))
    assert rows(recognise(page))[0] == ["三", ""]


def test_ruling_lines_may_waver_and_short_strokes_are_none() -> None:
    page = sheet()
    for x in range(100, 900):
        page[400 + x // 300, x] = 0
    page[600:602, 100:140] = 0
    across, down, left = ruling(dark(page), SCALE)
    assert {round(at) for at, _, _ in across} == {200, 201}
    assert len(down) == 0
    assert left[600:602, 100:140].all()
    assert not left[395:410].any()


# From a file to its pages.


def scanned(data: bytes) -> bytes:
    """The same pages as pictures."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for page in scans(data):
        canvas.drawImage(ImageReader(Image.fromarray(page.grey)), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def pictures() -> bytes:
    """A report as a PDF of pictures."""
    return scanned(pdf(report()))


def test_a_pdf_of_pictures_is_left_alone_unless_asked(
    pictures: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ocr.ASKED, raising=False)
    with pytest.raises(SourceError) as raised:
        read_bytes(pictures, ".pdf")
    assert raised.value.code == "image_only"


def test_asked_for_by_another_name_it_says_which_there_are(
    pictures: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ocr.ASKED, "abacus")
    with pytest.raises(SourceError) as raised:
        read_bytes(pictures, ".pdf")
    assert (raised.value.code, "rapidocr" in str(raised.value)) == ("unsupported", True)


def test_where_it_isnt_installed_it_says_how_to(
    pictures: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> ocr.Recogniser:
        raise ImportError

    monkeypatch.setenv(ocr.ASKED, "1")
    monkeypatch.setitem(ocr.RECOGNISERS, "rapidocr", missing)
    with pytest.raises(SourceError) as raised:
        ocr.read_scanned(pictures, "0")
    assert raised.value.code == "image_only"
    assert "govreport[ocr]" in str(raised.value)


def test_a_report_of_pictures_keeps_its_grids_and_guesses_nothing(stand_in) -> None:
    """Where nothing is recognised for certain no cell holds a figure, and none is blank."""
    data = pdf(report())
    stand_in(lambda _: ("1", 0.3))
    found, printed = ocr.read_scanned(scanned(data), "0"), read_pdf(data, "0")
    assert not any(text.isdigit() for row in rows(found) for text in row)
    assert cells(found) == cells(printed)
    assert extract(found).form is None


def cells(document: Document) -> list[tuple[str, bool]]:
    """Each cell's part, and whether it is blank."""
    return [(part.part, not part.text) for part in document.parts if part.kind == "cell"]


def picture(width: int = 900, height: int = 400) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 255).save(out, "PNG")
    return out.getvalue()


def packed(named: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in named.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_pictures_in_word_files_and_pages_come_in_their_order() -> None:
    named = {f"word/media/image{n}.png": picture(900, 100 * n) for n in (10, 2, 1)}
    word = packed(named)
    heights = [scan.grey.shape[0] for scan in scans(word)]
    assert heights == sorted(heights)
    assert len(heights) == 3
    page = f"<img src='data:image/png;base64,{base64.b64encode(picture()).decode()}'>"
    assert [scan.grey.shape for scan in scans(page.encode())] == [(735, 1654)]


def test_ornaments_are_skipped_and_huge_or_broken_pictures_refused(monkeypatch) -> None:
    def word(content: bytes) -> bytes:
        return packed({"word/media/image1.png": content})

    assert list(scans(word(picture(80, 80)))) == []
    monkeypatch.setattr(files, "MAX_PIXELS", 300_000)
    with pytest.raises(SourceError, match="make it smaller"):
        list(scans(word(picture(900, 400))))
    with pytest.raises(SourceError, match="damaged"):
        list(scans(word(picture(500, 400)[:60])))


def test_more_pages_than_a_report_has_are_refused(stand_in) -> None:
    stand_in(lambda _: ("1", 0.3))
    blank = Scan(sheet(20, 20), SCALE)
    with pytest.raises(SourceError, match="split it"):
        ocr.recognise([blank] * (ocr.MAX_PAGES + 1), "0", "application/pdf")


def test_blank_pages_hold_no_report(stand_in) -> None:
    stand_in(lambda _: ("1", 0.3))
    with pytest.raises(SourceError) as raised:
        recognise(sheet())
    assert raised.value.code == "image_only"
