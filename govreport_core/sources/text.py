"""A text dump in, its lines as parts, paragraphs and tables out.

Two of the layouts in use mark their cells: one cell a line behind a tab, with a
blank line between rows; and one row a line with tabs between cells. Their rows
become tables whose blanks are known. All other lines are paragraphs.
"""

from __future__ import annotations

import re

from govreport_core.errors import SourceError
from govreport_core.folding import fold
from govreport_core.model import (
    Block,
    Cell,
    Document,
    Layout,
    Paragraph,
    Part,
    Table,
)
from govreport_core.sources.encoding import decode

MAX_LINES = 200_000

_NAMES = [f"line:{number}" for number in range(4096)]

_LINE_END = re.compile("\r\n|\r|\n|\x0c|\x0b|\x85|\u2028|\u2029")
_HEADING = re.compile(r"\s*(?:[一二三四五六]|[1-6])\s*[、.．]")
_METADATA = re.compile(r"\s*([\u4e00-\u9fff]{2,6})\s*[:：]\s*(\S.*?)\s*$")

# What crawlers write above a page's text, by the name they give it.
METADATA_KEYS = {
    "标题": "title",
    "发布时间": "published_on",
    "发布日期": "published_on",
    "发布机构": "agency",
    "原文链接": "source_url",
    "链接": "source_url",
}
_HEAD_LINES = 15
_LABEL_LENGTH = 40


def read_text(data: bytes, document_id: str) -> Document:
    """Read a text file's bytes.

    Raises:
        SourceError: `not_text` for binary content, `too_large` for too many lines.
    """
    content, diagnostics = decode(data)
    lines = _LINE_END.split(content)
    if len(lines) > MAX_LINES:
        raise SourceError("too_large", f"{len(lines):,} lines; a report has some hundred: split it")
    parts, blocks = _blocks(lines)
    return Document(
        document_id, "text/plain", tuple(parts), tuple(blocks), _metadata(lines), diagnostics
    )


def _blocks(lines: list[str]) -> tuple[list[Part], list[Block]]:
    parts: list[Part] = []
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if "\t" in line:
            end = _table_end(lines, at)
            _add_table(lines, at, end, parts, blocks)
            at = end
            continue
        if line and not line.isspace():
            part = line_name(at + 1)
            parts.append(Part(part, "paragraph", line))
            blocks.append(Paragraph(line, part))
        at += 1
    return parts, blocks


def line_name(number: int) -> str:
    """The part that a line is, counted from 1."""
    return _NAMES[number] if number < len(_NAMES) else f"line:{number}"


def _table_end(lines: list[str], at: int) -> int:
    """The line after the last one of a run of tabbed lines.

    Blank lines and broken labels may stand between them.
    """
    end = at + 1
    look = at + 1
    joinable = True
    while look < len(lines):
        line = lines[look]
        if "\t" in line:
            end = look + 1
            joinable = True
        elif not line or line.isspace():
            joinable = False
        elif not (joinable and _continues(lines[look - 1], line)):
            break
        else:
            end = look + 1
        look += 1
    return end


def _continues(above: str, line: str) -> bool:
    """Whether an untabbed line goes on with the cell above it."""
    above = above.strip()
    return (
        len(line) <= _LABEL_LENGTH
        and bool(above)
        and not above[-1].isdigit()
        and not line[0].isdigit()
        and not _HEADING.match(line)
    )


def _add_table(lines: list[str], at: int, end: int, parts: list[Part], blocks: list[Block]) -> None:
    single = several = 0
    for line in lines[at:end]:
        if "\t" in line:
            if line.find("\t", 1) < 0 and line[0] == "\t":
                single += 1
            else:
                several += 1
    if single > several:
        rows = _cells_by_line(lines, at, end, parts)
        blocks.append(Table(Layout.EXACT, rows))
    else:
        rows = _rows_by_line(lines, at, end, parts)
        blocks.append(Table(Layout.PADDED, rows))


def _cells_by_line(
    lines: list[str], at: int, end: int, parts: list[Part]
) -> tuple[tuple[Cell, ...], ...]:
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    for number in range(at, end):
        line = lines[number]
        if not line or (line.isspace() and "\t" not in line):
            if row:
                rows.append(tuple(row))
                row = []
            continue
        part = line_name(number + 1)
        parts.append(Part(part, "row", line))
        if "\t" in line:
            text = line.strip()
            start = len(line) - len(line.lstrip()) if text else len(line)
            row.append(Cell(text, part, start, start + len(text)))
        elif row:
            row[-1] = _joined(row[-1], line, part)
        else:
            text = line.strip()
            start = line.find(text)
            row.append(Cell(text, part, start, start + len(text)))
    if row:
        rows.append(tuple(row))
    return tuple(rows)


def _joined(cell: Cell, line: str, part: str) -> Cell:
    text = line.strip()
    start = line.find(text)
    return Cell(cell.text + text, cell.part, cell.start, start + len(text), part)


def _rows_by_line(
    lines: list[str], at: int, end: int, parts: list[Part]
) -> tuple[tuple[Cell, ...], ...]:
    rows: list[tuple[Cell, ...]] = []
    for number in range(at, end):
        line = lines[number]
        if not line or (line.isspace() and "\t" not in line):
            continue
        part = line_name(number + 1)
        parts.append(Part(part, "row", line))
        cells: list[Cell] = []
        start = 0
        for printed in line.split("\t"):
            text = printed.strip()
            inner = start + (len(printed) - len(printed.lstrip()) if text else 0)
            cells.append(Cell(text, part, inner, inner + len(text)))
            start += len(printed) + 1
        rows.append(tuple(cells))
    return tuple(rows)


def _metadata(lines: list[str]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for number, line in enumerate(lines[:_HEAD_LINES], start=1):
        match = _METADATA.match(fold(line))
        if match and (key := METADATA_KEYS.get(match[1])):
            text = line[match.start(2) : match.end(2)]
            found.setdefault(key, Cell(text, f"line:{number}", match.start(2), match.end(2)))
    return found
