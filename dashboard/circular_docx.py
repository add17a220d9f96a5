"""A circular in, a Word file out that an office goes on writing: real headings and tables.

Set as official documents are (GB/T 9704): 黑体 for headings, 仿宋 for text, A4. A table's
bars are made of characters, so that no picture stands in the way of editing.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.run import Run

from dashboard.labels import LANGUAGES
from dashboard.views.records.circular import Cell, Circular, Listing, Part

SONG, HEI, LATIN = "仿宋", "黑体", "Times New Roman"
_BAR, _LONGEST = "█", 8
# Tables with more columns than these have no room for bars.
_FEW = 3
# Of columns: in half-width characters, and of the whole table in millimetres.
_LEAST, _MOST, _TEXT_WIDTH = 12, 28, 156
# Of characters: a property of a document holds no more.
_TITLE = 255
_BLACK = RGBColor(0, 0, 0)
# What XML can't hold; a name read from a document may have it.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def document(page: Circular, lang: str, *, now: dt.datetime | None = None) -> bytes:
    """The circular as a Word file.

    Args:
        page: What it says.
        lang: Its language, for the spelling checker.
        now: When it is made; the present where not given.
    """
    made = docx.Document()
    _laid_out(made, lang)
    made.core_properties.title = _plain(page.title)[:_TITLE]
    made.core_properties.author = ""
    made.core_properties.created = now or dt.datetime.now(dt.UTC)
    made.add_heading(_plain(page.title), 0)
    for part in page.parts:
        _part(made, part)
    memory = io.BytesIO()
    made.save(memory)
    return memory.getvalue()


def _part(made: Document, part: Part) -> None:
    made.add_heading(_plain(part.heading), 1)
    for one in part.said:
        made.add_paragraph(_plain(one.text))
    for table in part.tables:
        _table(made, table)


def _table(made: Document, table: Listing) -> None:
    made.add_paragraph(_plain(table.title), style="Caption")
    drawn = made.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    bars = len(table.heads) <= _FEW
    wide = [Mm(n) for n in _widths(table, bars=bars)]
    # Word goes by the cells, LibreOffice by the columns.
    for column, width in zip(drawn.columns, wide, strict=True):
        column.width = width
    style = _style(made, "Cell").style_id
    for cell, head, width in zip(drawn.rows[0].cells, table.heads, wide, strict=True):
        cell.width = width
        _fill(cell, head, style).bold = True
    _repeat(drawn.rows[0])
    for row in table.rows:
        for cell, told, width in zip(drawn.add_row().cells, row, wide, strict=True):
            cell.width = width
            barred = bars and told.bar is not None
            _fill(cell, _with_bar(told) if barred else told.text, style)
            if told.number is not None and not barred:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for note in (table.left_out, table.note):
        if note:
            made.add_paragraph(_plain(note), style="Note")


def _with_bar(cell: Cell) -> str:
    """A cell's text, after as many blocks as its number is large beside the greatest."""
    blocks = max(1, round((cell.bar or 0) * _LONGEST)) if cell.number else 0
    return f"{_BAR * blocks} {cell.text}".strip()


def _widths(table: Listing, *, bars: bool) -> list[float]:
    """How wide the columns are, in millimetres: as their longest texts are."""
    longest = [
        max(
            _LEAST,
            *(
                min(_breadth(text), _MOST) + (2 * _LONGEST if bars and bar is not None else 0)
                for text, bar in column
            ),
        )
        for column in zip(
            *([(cell.text, cell.bar) for cell in row] for row in table.rows),
            strict=True,
        )
    ]
    wide = [max(n, _breadth(head)) for n, head in zip(longest, table.heads, strict=True)]
    return [_TEXT_WIDTH * n / sum(wide) for n in wide]


def _breadth(text: str) -> int:
    """How many half-width characters wide a text is."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _fill(cell: _Cell, text: str, style: str) -> Run:
    paragraph = cell.paragraphs[0]
    # The public way looks all styles through, each time.
    paragraph._p.style = style
    run: Run = paragraph.add_run(_plain(text))
    return run


def _repeat(row: Any) -> None:
    """Print a head again on every page that its table goes on."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _laid_out(made: Document, lang: str) -> None:
    """Page, types and sizes; paragraphs begin two characters in."""
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    chinese = lang == next(iter(LANGUAGES))
    for name, face, size in (
        ("Normal", SONG, 16),
        ("Title", HEI, 22),
        ("Heading 1", HEI, 16),
        ("Caption", HEI, 14),
        ("Note", SONG, 12),
        ("Cell", SONG, 12),
    ):
        style = _style(made, name)
        _face(style, face, size, lang)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    made.styles["Normal"].paragraph_format.line_spacing = Pt(28)
    for name, indent in (("Normal", 32 if chinese else 0), ("Cell", 0), ("Note", 0)):
        made.styles[name].paragraph_format.first_line_indent = Pt(indent)
    _headed(made)


def _headed(made: Document) -> None:
    # Word's own has a line below it.
    for line in _style(made, "Title").element.pPr.findall(qn("w:pBdr")):
        line.getparent().remove(line)
    title = _style(made, "Title").paragraph_format
    title.alignment, title.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(24)
    for name, before in (("Title", 0), ("Heading 1", 12), ("Caption", 8)):
        form = _style(made, name).paragraph_format
        form.first_line_indent, form.space_before = Pt(0), Pt(before)
        form.keep_with_next = True
    for name in ("Title", "Heading 1", "Caption", "Note", "Cell"):
        _style(made, name).paragraph_format.line_spacing = 1.2


def _style(made: Document, name: str) -> Any:
    if name not in made.styles:
        made.styles.add_style(name, 1).base_style = made.styles["Normal"]
    return made.styles[name]


def _face(style: Any, face: str, size: int, lang: str) -> None:
    """A style's type for Latin and for Chinese characters: Word keeps them apart."""
    style.font.name, style.font.size, style.font.color.rgb = LATIN, Pt(size), _BLACK
    style.font.bold = style.font.italic = False
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), face)
    tongue = OxmlElement("w:lang")
    tongue.set(qn("w:val"), LANGUAGES[lang].tag)
    tongue.set(qn("w:eastAsia"), "zh-CN")
    properties.append(tongue)


def _plain(text: str) -> str:
    return _UNWRITABLE.sub("", text)
