"""A table that is a picture is unread, not absent; an ornament is nothing."""

from __future__ import annotations

import pytest
from four_formats import FORMATS, Content, html, markdown, pdf, report, scan, word
from printed_pdf import Printer

from govreport_core.extract import extract
from govreport_core.model import Level, Report, State
from govreport_core.samples.sheet import Passage
from govreport_core.sources import read_bytes

T2, T3, T4 = "t2_art20_1", "t3_requests", "t4_review_litigation"
PLACES = ["二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]


def read(data: bytes, ending: str) -> Report:
    return extract(read_bytes(data, ending))


def states(found: Report, table: str) -> set[State]:
    return {value.state for value in found.values if value.table == table}


def codes(found: Report, level: Level) -> list[str]:
    return [d.code for d in found.diagnostics if d.level is level]


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("table", [T2, T3, T4])
def test_a_table_that_is_a_picture_is_unread(ending: str, table: str) -> None:
    found = read(FORMATS[ending](report(table)), ending)
    assert states(found, table) == {State.UNREADABLE}
    for other in {T2, T3, T4} - {table}:
        assert State.UNREADABLE not in states(found, other)
    (doubt,) = [d for d in found.diagnostics if d.code == "table_in_picture"]
    assert (doubt.level, doubt.params) == (Level.DOUBT, {"table": table})
    assert doubt.part is not None


@pytest.mark.parametrize("ending", FORMATS)
def test_the_note_stands_where_the_picture_does(ending: str) -> None:
    document = read_bytes(FORMATS[ending](report(T3)), ending)
    (note,) = [d for d in document.diagnostics if d.code == "picture_in_report"]
    (part,) = [part for part in document.parts if part.part == note.part]
    assert part.text == note.params["after"] == PLACES[1]


@pytest.mark.parametrize("ending", FORMATS)
def test_a_table_left_out_beside_a_picture_elsewhere_stays_absent(ending: str) -> None:
    told = untold(report(after="一、总体情况"))
    content = (b for b in told if getattr(b, "code", "") != T3)
    found = read(FORMATS[ending](content), ending)
    assert states(found, T3) == {State.ABSENT}
    assert "picture_in_report" in codes(found, Level.NOTE)
    assert "table_in_picture" not in codes(found, Level.DOUBT)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_picture_beside_a_table_takes_nothing_from_it(ending: str) -> None:
    plain, pictured = (read(FORMATS[ending](report(after=x)), ending) for x in ("", PLACES[0]))
    numbers = [[(v.table, v.row, v.column, v.number) for v in r.values] for r in (plain, pictured)]
    assert numbers[0] == numbers[1]
    assert "table_in_picture" not in codes(pictured, Level.DOUBT)


def without(table: str) -> Content:
    """A report with a picture in the place of a table that was left out."""
    return untold(report(table))


def untold(content: Content) -> Content:
    """The same without the paragraph that recites the table in its own words."""
    return (b for b in content if not (isinstance(b, Passage) and "予以公开" in b.text))


ORNAMENTS = [
    html(without(T3), "<img src=/images/qrcode_for_wx.png>"),
    html(without(T3), "<img src=/i/1.png width=100 height=100>"),
    html(without(T3), "<img src=/i/1.png style='width:16px;height:16px'>"),
    html(without(T3), "<img src=/i/1.png alt=二维码>"),
    html(without(T3), "<img src=/i/1.png style='display:none'>"),
    html(without(T3), "<div class=share><img src=/i/1.png></div>"),
    html(without(T3), "<a href=/a.doc><img src=/pub/filetype/doc.gif></a>"),
]


@pytest.mark.parametrize("page", ORNAMENTS)
def test_an_ornament_of_a_page_is_no_table(page: bytes) -> None:
    found = read(page, ".html")
    assert states(found, T3) == {State.ABSENT}
    assert "picture_in_report" not in codes(found, Level.NOTE)


def test_a_small_picture_is_no_table() -> None:
    seal = word(without(T3), 'cx="1400000" cy="1400000"')
    assert states(read(seal, ".docx"), T3) == {State.ABSENT}
    icon = markdown(without(T3), "![二维码](images/qr.png)")
    assert states(read(icon, ".md"), T3) == {State.ABSENT}
    stamp = pdf(without(T3), (110, 110))
    assert states(read(stamp, ".pdf"), T3) == {State.ABSENT}


def test_a_sites_own_pictures_are_none_of_the_reports() -> None:
    page = html(without("")).replace(
        b"<body>", b"<body><div><img src=/top.jpg width=980 height=200></div>"
    )
    page = page.replace(b"</body>", b"<div><img src=/bottom.jpg width=980></div></body>")
    assert "picture_in_report" not in codes(read(page, ".html"), Level.NOTE)


def test_a_background_under_text_is_no_picture() -> None:
    printer = Printer()
    for block in report():
        if isinstance(block, Passage):
            printer.words(block.text)
            printer.canvas.drawImage(scan(), 0, 0, 595, 842)
            printer.words(block.text)
        elif block is not None:
            printer.table(block)
    assert "picture_in_report" not in codes(read(printer.close(), ".pdf"), Level.NOTE)


def test_a_scanned_page_makes_doubtful_what_isnt_found() -> None:
    printer = Printer()
    for block in report():
        if isinstance(block, Passage):
            printer.words(block.text)
        elif block is not None and block.code == T3:
            printer.turn_page()
            printer.canvas.drawImage(scan(), 0, 0, 595, 842)
            printer.turn_page()
        elif block is not None:
            printer.table(block)
    found = read(printer.close(), ".pdf")
    assert states(found, T3) == {State.UNREADABLE}
    assert State.UNREADABLE not in states(found, T2) | states(found, T4)
    (scanned,) = [d for d in found.diagnostics if d.code == "pages_without_text"]
    assert scanned.level is Level.DOUBT
    assert scanned.part is not None


def test_pages_of_outlined_characters_are_without_text() -> None:
    printer = Printer()
    for block in report():
        if isinstance(block, Passage):
            printer.words(block.text)
    printer.turn_page()
    for i in range(400):
        path = printer.canvas.beginPath()
        x, y = 80 + i % 20 * 20, 100 + i // 20 * 20
        path.moveTo(x, y)
        path.lineTo(x + 10, y + 12)
        path.lineTo(x + 12, y)
        printer.canvas.drawPath(path, fill=1, stroke=0)
    document = read_bytes(printer.close(), ".pdf")
    assert "pages_without_text" in [d.code for d in document.diagnostics]
