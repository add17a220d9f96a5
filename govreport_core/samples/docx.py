"""A report in, a Word file out, with the marks that years of editing leave in one.

Figures are broken into several runs, deleted and typed anew with changes tracked,
held in content controls or computed by fields; labels are broken over paragraphs,
headings numbered by Word, titles set in text boxes, whole reports in a frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from random import Random
from xml.sax.saxutils import escape

import msgspec

from govreport_core.samples.chance import below, chance, happens, pick
from govreport_core.samples.package import HEAD, content_types, relations, zipped
from govreport_core.samples.reshape import reshaped
from govreport_core.samples.sample import Sample
from govreport_core.samples.sheet import Block, Grid, GridCell, Passage, blocks, expanded
from govreport_core.samples.style import style_of

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
_LOOK = (
    '<w:rPr><w:rFonts w:hint="eastAsia" w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"'
    ' w:cs="宋体"/><w:color w:val="000000"/><w:kern w:val="0"/>'
    '<w:sz w:val="{0}"/><w:szCs w:val="{0}"/></w:rPr>'
)
_SIZES = {"title": 44, "heading": 32, "paragraph": 32, "signature": 32}
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right")
)
_TRACKED = 'w:id="{0}" w:author="a" w:date="2024-01-02T03:04:05Z"'
_HEADING = re.compile(r"^([一二三四五六])、")
_WORD = "vnd.openxmlformats-officedocument.wordprocessingml"


class Habits(msgspec.Struct, frozen=True):
    """How one report's file has been worked on.

    Attributes:
        framed: Whether the report stands in the only cell of a table.
        boxed: Whether the title is set in a text box.
        numbered: Whether Word numbers the headings.
        joined: Whether neighbouring tables of section two are one table.
        merged: Whether cells below each other are merged or merely left blank.
        broken: How often a label is broken over paragraphs.
        edited: How often a cell shows a mark of editing.
        indent: What stands before a paragraph.
    """

    framed: bool
    boxed: bool
    numbered: bool
    joined: bool
    merged: bool
    broken: float
    edited: float
    indent: str


def render_docx(sample: Sample, *, seed: int = 1) -> bytes:
    """The report as a Word file."""
    rng = chance(seed, sample.agency.agency_id, sample.year, "docx")
    content = reshaped(blocks(sample, style_of(sample, rng)), sample)
    habits = Habits(
        framed=happens(rng, 0.15),
        boxed=happens(rng, 0.15),
        numbered=happens(rng, 0.3),
        joined=happens(rng, 0.5),
        merged=happens(rng, 0.85),
        broken=pick(rng, (0.0, 0.0, 0.1, 0.4)),
        edited=pick(rng, (0.0, 0.05, 0.2)),
        indent=pick(rng, ("", "　　", "  ")),
    )
    return zipped(_files(_Writer(habits, rng).body(content)))


def _files(body: str) -> dict[str, str]:
    return {
        "[Content_Types].xml": content_types(
            {
                "word/document.xml": f"{_WORD}.document.main+xml",
                "word/numbering.xml": f"{_WORD}.numbering+xml",
                "word/styles.xml": f"{_WORD}.styles+xml",
            }
        ),
        "_rels/.rels": relations({"word/document.xml": "officeDocument"}),
        "word/document.xml": f"{HEAD}<w:document {_NAMESPACES}><w:body>{body}"
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>',
        "word/_rels/document.xml.rels": relations(
            {"numbering.xml": "numbering", "styles.xml": "styles"}
        ),
        "word/numbering.xml": f"{HEAD}<w:numbering {_NAMESPACES}>{_LISTS}</w:numbering>",
        "word/styles.xml": f"{HEAD}<w:styles {_NAMESPACES}>{_STYLES}</w:styles>",
    }


_LISTS = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/>'
    '<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
_STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
)


class _Writer:
    """One file in the making."""

    def __init__(self, habits: Habits, rng: Random) -> None:
        self.habits = habits
        self.rng = rng
        self.changes = 0

    def body(self, content: Iterable[Block]) -> str:
        written: list[str] = []
        table: list[str] = []
        for block in content:
            if isinstance(block, Grid):
                if table and not (self.habits.joined and block.code.startswith("t2_")):
                    written += [_table("".join(table)), "<w:p/>"]
                    table = []
                table += self.rows(block)
                continue
            if table:
                written.append(_table("".join(table)))
                table = []
            written.append(self.words(block))
        written += [_table("".join(table))] if table else []
        text = "".join(written)
        if not self.habits.framed:
            return text
        return _table(f"<w:tr>{_cell('', f'{text}<w:p/>', 1)}</w:tr>") + "<w:p/>"

    # Text outside tables.

    def words(self, block: Passage) -> str:
        look = _LOOK.format(_SIZES[block.kind])
        if block.kind == "title":
            line = _paragraph(self.runs(block.text, look), "center")
            return _boxed(line) if self.habits.boxed else line
        if block.kind == "heading":
            return self.heading(block.text, look)
        if block.kind == "signature":
            return _paragraph(self.runs(block.text, look), "right")
        text = self.habits.indent + block.text
        if happens(self.rng, self.habits.edited):
            return self.paragraph_in_two(text, look)
        return _paragraph(self.runs(text, look))

    def heading(self, text: str, look: str) -> str:
        opens = '<w:r><w:br w:type="page"/></w:r>' if happens(self.rng, 0.1) else ""
        if self.habits.numbered and (number := _HEADING.match(text)):
            words = self.runs(text[number.end() :], look)
            return f'<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr>{opens}{words}</w:p>'
        return _paragraph(opens + self.runs(text, look))

    def paragraph_in_two(self, text: str, look: str) -> str:
        """One paragraph whose break in the middle was deleted with changes tracked."""
        half = len(text) // 2
        mark = f"<w:rPr><w:del {self.change()}/></w:rPr>"
        first, second = _run(text[:half], look), _run(text[half:], look)
        return f"<w:p><w:pPr>{mark}</w:pPr>{first}</w:p><w:p>{second}</w:p>"

    def change(self) -> str:
        self.changes += 1
        return _TRACKED.format(self.changes)

    # Tables.

    def rows(self, grid: Grid) -> list[str]:
        rows = []
        reaching: dict[int, int] = {}
        for row in expanded(grid):
            cells, col = [], 0
            for cell in row:
                cells.append(self.cell(grid, cell, reaching.get(col, 0) > 0))
                reaching[col] = cell.rowspan - 1 if not cell.continued else reaching[col] - 1
                col += cell.colspan
            rows.append(f"<w:tr><w:trPr><w:jc w:val='center'/></w:trPr>{''.join(cells)}</w:tr>")
        return rows

    def cell(self, grid: Grid, cell: GridCell, continued: bool) -> str:
        merge = ""
        if self.habits.merged and cell.rowspan > 1:
            merge = '<w:vMerge w:val="restart"/>'
        elif self.habits.merged and continued:
            merge = "<w:vMerge/>"
        if cell.value:
            return self.value(cell.text, merge, cell.colspan)
        look = _LOOK.format(21)
        lines = self.broken(grid, cell.text)
        text = "".join(_paragraph(self.runs(line, look), "center") for line in lines)
        return _cell(merge, text, cell.colspan)

    def broken(self, grid: Grid, text: str) -> list[str]:
        """A label's lines, where the typist broke it to fit a narrow column."""
        if grid.code.startswith("t2_") or not happens(self.rng, self.habits.broken):
            return [text]
        if len(text) <= 3:
            return list(text) or [""]
        half = len(text) // 2
        return [text[:half], text[half:]]

    def value(self, text: str, merge: str, colspan: int) -> str:
        look = _LOOK.format(21)
        runs = _run(text, look) if text else ""
        if happens(self.rng, self.habits.edited):
            runs = self.edited(text, look)
        cell = _cell(merge, _paragraph(runs, "center"), colspan)
        if happens(self.rng, self.habits.edited / 4):
            return f"<w:sdt><w:sdtPr/><w:sdtContent>{cell}</w:sdtContent></w:sdt>"
        return cell

    def edited(self, text: str, look: str) -> str:
        """A figure with what editing left around it; it still prints as that figure."""
        run = _run(text, look) if text else ""
        way = below(self.rng, 6)
        if way == 0:
            old = f"<w:del {self.change()}><w:r>{look}<w:delText>17</w:delText></w:r></w:del>"
            return f"{old}<w:ins {self.change()}>{run}</w:ins>"
        if way == 1:
            return f"<w:sdt><w:sdtPr/><w:sdtContent>{run}</w:sdtContent></w:sdt>"
        if way == 2:
            hidden = look.replace("<w:color", "<w:vanish/><w:color")
            return f"{_run('4', hidden)}{run}"
        if way == 3:
            return "".join(_run(c, look) + '<w:proofErr w:type="spellEnd"/>' for c in text)
        if way == 4:
            moved = f"<w:moveFrom {self.change()}>{_run('88', look)}</w:moveFrom>"
            return f'{moved}<w:bookmarkStart w:id="0" w:name="b"/>{run}<w:bookmarkEnd w:id="0"/>'
        field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
        code = '<w:r><w:instrText xml:space="preserve"> =SUM(LEFT) \\# "0" </w:instrText></w:r>'
        return field.format("begin") + code + field.format("separate") + run + field.format("end")

    def runs(self, text: str, look: str) -> str:
        """A text in one run or, as after corrections, in several."""
        if len(text) < 4 or not happens(self.rng, 0.3):
            return _run(text, look)
        at = 1 + below(self.rng, len(text) - 1)
        rest = "<w:lastRenderedPageBreak/>" if happens(self.rng, 0.2) else ""
        return _run(text[:at], look) + _run(text[at:], look, rest)


def _run(text: str, look: str, before: str = "") -> str:
    return f'<w:r>{look}{before}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _paragraph(runs: str, align: str = "both") -> str:
    spacing = '<w:spacing w:line="560" w:lineRule="exact"/>'
    return f'<w:p><w:pPr>{spacing}<w:jc w:val="{align}"/></w:pPr>{runs}</w:p>'


def _table(rows: str) -> str:
    return f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/></w:tblPr>{rows}</w:tbl>'


def _cell(merge: str, content: str, colspan: int) -> str:
    span = f'<w:gridSpan w:val="{colspan}"/>' if colspan > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{900 * colspan}" w:type="dxa"/>{span}{merge}'
        f'<w:tcBorders>{_BORDERS}</w:tcBorders><w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'
    )


def _boxed(paragraph: str) -> str:
    """The paragraph in a text box, written twice as Word does: for new readers and for old."""
    box = f"<w:txbxContent>{paragraph}</w:txbxContent>"
    new = (
        '<w:drawing><wp:anchor><a:graphic><a:graphicData uri="wps"><wps:wsp>'
        f"<wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    old = f"<w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    return (
        f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
