"""A report in, an Excel file out: one sheet or one a section, figures as numbers or as text.

Cells may be merged or merely left blank, the table may begin anywhere, totals
may be formulas, the date a date; other programs leave a hidden sheet behind.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from random import Random
from xml.sax.saxutils import escape

import msgspec

from govreport_core.samples.chance import below, chance, happens
from govreport_core.samples.package import HEAD, RELATIONS, content_types, relations, zipped
from govreport_core.samples.reshape import reshaped
from govreport_core.samples.sample import Sample
from govreport_core.samples.sheet import Block, Grid, Passage, blocks
from govreport_core.samples.style import style_of

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_EXCEL = "vnd.openxmlformats-officedocument.spreadsheetml"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_DAY_ZERO = dt.date(1899, 12, 30)
_PLAIN, _DAY = 0, 1
# Format 31 is yyyy年m月d日.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="31" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>"
)


class Habits(msgspec.Struct, frozen=True):
    """How one report's sheets are set up.

    Attributes:
        apart: Whether each section has a sheet of its own.
        top, left: Where the first cell stands.
        merged: Whether cells are merged or merely left blank.
        as_text: How often a figure is text.
        formulas: Whether the last figure of a row is computed.
        shared: Whether texts are kept apart, as Excel does, or in their cells.
        gaps: Whether an empty row stands after each table.
        hidden: Whether there is a hidden sheet with other figures.
    """

    apart: bool
    top: int
    left: int
    merged: bool
    as_text: float
    formulas: bool
    shared: bool
    gaps: bool
    hidden: bool


def render_xlsx(sample: Sample, *, seed: int = 1) -> bytes:
    """The report as an Excel file."""
    rng = chance(seed, sample.agency.agency_id, sample.year, "xlsx")
    content = reshaped(blocks(sample, style_of(sample, rng)), sample)
    away = happens(rng, 0.2)
    habits = Habits(
        apart=happens(rng, 0.3),
        top=below(rng, 3) if away else 0,
        left=below(rng, 3) if away else 0,
        merged=happens(rng, 0.75),
        as_text=0.0 if happens(rng, 0.5) else rng.random(),
        formulas=happens(rng, 0.4),
        shared=happens(rng, 0.7),
        gaps=happens(rng, 0.5),
        hidden=happens(rng, 0.2),
    )
    return zipped(_files(_Book(habits, rng).filled(content)))


class _Sheet:
    """One sheet in the making: cells by row, merged ranges."""

    def __init__(self, top: int) -> None:
        self.row = top
        self.cells: dict[int, list[str]] = {}
        self.merged: list[str] = []


class _Book:
    """One file in the making."""

    def __init__(self, habits: Habits, rng: Random) -> None:
        self.habits = habits
        self.rng = rng
        self.sheets = [_Sheet(habits.top)]
        self.texts: dict[str, int] = {}

    def filled(self, content: Iterable[Block]) -> _Book:
        for block in content:
            if isinstance(block, Grid):
                self.table(block)
            else:
                self.words(block)
        return self

    def words(self, block: Passage) -> None:
        if self.habits.apart and block.kind == "heading":
            self.sheets.append(_Sheet(self.habits.top))
        sheet, left = self.sheets[-1], self.habits.left
        date = _DATE.fullmatch(block.text)
        if date is not None and happens(self.rng, 0.5):
            days = (dt.date(*map(int, date.groups())) - _DAY_ZERO).days
            self.put(sheet, left, f'<c r="{{}}" s="{_DAY}"><v>{days}</v></c>')
        else:
            self.put(sheet, left, self.text(block.text))
        if self.habits.merged and happens(self.rng, 0.7):
            sheet.merged.append(_range(sheet.row, left, 1, 10))
        sheet.row += 1

    def table(self, grid: Grid) -> None:
        sheet = self.sheets[-1]
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(grid.rows):
            col = 0
            for i, cell in enumerate(row):
                while (number, col) in taken:
                    col += 1
                taken |= {
                    (number + r, col + c) for r in range(cell.rowspan) for c in range(cell.colspan)
                }
                last = i == len(row) - 1 and self.habits.formulas
                written = self.figure(cell.text, last) if cell.value else self.text(cell.text)
                self.put(sheet, self.habits.left + col, written)
                if self.habits.merged and cell.rowspan * cell.colspan > 1:
                    left = self.habits.left + col
                    sheet.merged.append(_range(sheet.row, left, cell.rowspan, cell.colspan))
            sheet.row += 1
        sheet.row += self.habits.gaps

    def put(self, sheet: _Sheet, col: int, written: str) -> None:
        name = f"{_letters(col)}{sheet.row + 1}"
        sheet.cells.setdefault(sheet.row, []).append(written.format(name))

    def figure(self, text: str, computed: bool) -> str:
        """A figure as Excel stores it: a binary fraction, where it isn't text."""
        if not _NUMBER.fullmatch(text) or happens(self.rng, self.habits.as_text):
            return self.text(text)
        formula = "<f>SUM(A1:A2)</f>" if computed else ""
        return f'<c r="{{}}">{formula}<v>{float(text):.17g}</v></c>'

    def text(self, text: str) -> str:
        if not text:
            return f'<c r="{{}}" s="{_PLAIN}"/>'
        if self.habits.shared:
            number = self.texts.setdefault(text, len(self.texts))
            return f'<c r="{{}}" t="s"><v>{number}</v></c>'
        return f'<c r="{{}}" t="inlineStr"><is><t>{_braced(text)}</t></is></c>'


def _files(book: _Book) -> dict[str, str]:
    sheets = [_sheet_xml(sheet) for sheet in book.sheets]
    states = [""] * len(sheets)
    if book.habits.hidden:
        sheets.append(_sheet_xml(_leftover()))
        states.append(' state="hidden"')
    names = [f"xl/worksheets/sheet{i}.xml" for i in range(1, len(sheets) + 1)]
    entries = "".join(
        f'<sheet name="Sheet{i}" sheetId="{i}"{state} r:id="rId{i}"/>'
        for i, state in enumerate(states, 1)
    )
    texts = "".join(f"<si><t xml:space='preserve'>{escape(text)}</t></si>" for text in book.texts)
    kinds = dict.fromkeys(names, f"{_EXCEL}.worksheet+xml")
    kinds |= {
        "xl/workbook.xml": f"{_EXCEL}.sheet.main+xml",
        "xl/sharedStrings.xml": f"{_EXCEL}.sharedStrings+xml",
        "xl/styles.xml": f"{_EXCEL}.styles+xml",
    }
    targets = {name.removeprefix("xl/"): "worksheet" for name in names}
    targets |= {"sharedStrings.xml": "sharedStrings", "styles.xml": "styles"}
    return {
        "[Content_Types].xml": content_types(kinds),
        "_rels/.rels": relations({"xl/workbook.xml": "officeDocument"}),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{RELATIONS}">'
        f"<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(targets),
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{_MAIN}">{texts}</sst>',
        "xl/styles.xml": HEAD + _STYLES,
        **dict(zip(names, sheets, strict=True)),
    }


def _sheet_xml(sheet: _Sheet) -> str:
    rows = "".join(
        f'<row r="{number + 1}">{"".join(cells)}</row>' for number, cells in sheet.cells.items()
    )
    merged = "".join(f'<mergeCell ref="{where}"/>' for where in sheet.merged)
    merges = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    return f'{HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{merges}</worksheet>'


def _leftover() -> _Sheet:
    """What nobody is meant to see: figures of another year."""
    sheet = _Sheet(0)
    sheet.cells[0] = ['<c r="A1"><v>2018</v></c>', '<c r="B1"><v>77</v></c>']
    return sheet


def _range(row: int, col: int, rows: int, cols: int) -> str:
    last = f"{_letters(col + cols - 1)}{row + rows}"
    return f"{_letters(col)}{row + 1}:{last}"


def _letters(col: int) -> str:
    return chr(ord("A") + col) if col < 26 else "A" + chr(ord("A") + col - 26)


def _braced(text: str) -> str:
    return escape(text).replace("{", "{{").replace("}", "}}")
