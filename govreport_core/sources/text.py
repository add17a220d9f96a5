"""A text dump in, its lines as parts, paragraphs and tables out.

Three of the layouts in use mark their cells: one cell a line behind a tab, with a
blank line between rows; one row a line with tabs between cells; and the same with
pipes. Their rows become tables whose blanks are known. All other lines are paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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
from govreport_core.sources.bars import BAR, is_divider, pieces_of
from govreport_core.sources.drawn import DrawnCell, drawn_end, drawn_rows, is_border
from govreport_core.sources.encoding import decode
from govreport_core.sources.grids import cell_text
from govreport_core.sources.printed import printed_facts

MAX_LINES = 200_000
MAX_CELLS = 100_000
MAX_LINE = 1_000_000


class _Names(dict[int, str]):
    """The part that each line is, counted from 1; of long texts those beyond are made anew."""

    def __missing__(self, number: int) -> str:
        return f"line:{number}"


_NAMES = _Names({number: f"line:{number}" for number in range(4096)})

_LINE_END = re.compile("\r\n|\r|\n|\x0c|\x0b|\x85|\u2028|\u2029")
# Those that few files have; in all others lines end alike.
_RARE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"
_DELIMITER = re.compile(r"[\s|:]*-[-\s|:]*")
_VALUE = re.compile(r"[-+]?[\d,.]+%?[\u4e00-\u9fff]{0,2}|[/\-—―无]+")
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
_CELL_MARKS = "\t|+"
_LABEL_LENGTH = 40
_ROW_PIPES = 4
_ROW_LENGTH = 600
_HEADED = 12


def read_text(data: bytes, document_id: str) -> Document:
    """Read a text file's bytes.

    Raises:
        SourceError: `not_text` for binary content, `too_large` for too many lines or cells.
    """
    content, diagnostics = decode(data)
    lines = lines_within(_LINE_END, content)
    marked = any(map(content.__contains__, _CELL_MARKS))
    parts, blocks = _blocks(lines) if marked else _paragraphs(lines)
    return Document(
        document_id,
        "text/plain",
        tuple(parts),
        tuple(blocks),
        printed_facts(blocks) | _metadata(lines),
        diagnostics,
    )


def lines_within(ends: re.Pattern[str], content: str) -> list[str]:
    """A file's lines.

    Raises:
        SourceError: `too_large` for too many of them, or one too long.
    """
    if "\r" in content:
        content = content.replace("\r\n", "\n")
    rare = any(map(content.__contains__, _RARE_ENDS))
    lines = ends.split(content) if rare else content.split("\n")
    if len(lines) > MAX_LINES:
        raise _too_many(len(lines))
    if len(content) > MAX_LINE and (longest := max(map(len, lines))) > MAX_LINE:
        raise SourceError("too_large", f"a line of {longest:,} characters: break it into lines")
    return lines


def _paragraphs(lines: list[str]) -> tuple[list[Part], list[Block]]:
    """The blocks of a text that marks no cells."""
    printed = [
        (_NAMES[number], line)
        for number, line in enumerate(lines, start=1)
        if line and not line.isspace()
    ]
    parts = [Part(name, "paragraph", line) for name, line in printed]
    return parts, [Paragraph(line, name) for name, line in printed]


def _blocks(lines: list[str]) -> tuple[list[Part], list[Block]]:
    parts: list[Part] = []
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if "+" in line and (end := drawn_end(lines, at)) > at:
            blocks.append(_drawn_table(lines, at, end, parts))
            at = end
            continue
        if "\t" in line:
            end = _table_end(lines, at)
            _add_table(lines, at, end, parts, blocks)
            at = end
            continue
        if "|" in line and len(line) <= _ROW_LENGTH and (end := _pipes_end(lines, at)) > at:
            by_cell = _one_cell_a_line(lines[at:end])
            read = _rows_of_cells if by_cell else _rows_of_pipes
            blocks.append(Table(Layout.PADDED, read(lines, at, end, parts)))
            at = end
            continue
        if line and not line.isspace():
            part = _NAMES[at + 1]
            parts.append(Part(part, "paragraph", line))
            if BAR not in line:
                blocks.append(Paragraph(line, part))
            elif not is_divider(lines, at):
                blocks += _pieces(line, part)
                if len(blocks) > MAX_LINES:
                    raise _too_many(len(blocks))
        at += 1
    return parts, blocks


def _pieces(line: str, part: str) -> list[Paragraph]:
    """A line's text, in pieces where it holds a whole page between bars."""
    pieces = pieces_of(line)
    return [Paragraph(line[start:end], part, start) for start, end in pieces] or [
        Paragraph(line, part)
    ]


def _too_many(lines: int) -> SourceError:
    return SourceError("too_large", f"{lines:,} lines; a report has some hundred: split it")


def _drawn_table(lines: list[str], at: int, end: int, parts: list[Part]) -> Table:
    """A table whose lines are drawn: with known columns where they can be told."""
    rows = drawn_rows(lines, at, end)
    if rows is None:
        within = [n for n in range(at, end) if not is_border(lines[n])]
        return Table(Layout.PADDED, _rows_by_line(lines, within, parts, "|"))
    held = sorted({number for row in rows for cell in row for number, _, _ in cell.texts})
    parts.extend(Part(_NAMES[number + 1], "row", lines[number]) for number in held)
    return Table(
        Layout.GRID, tuple(tuple(_drawn_cell(lines, cell) for cell in row) for row in rows)
    )


def _drawn_cell(lines: list[str], cell: DrawnCell) -> Cell:
    printed = [text for text in cell.texts if text[1] < text[2]] or cell.texts[:1]
    (first, start, _), (last, _, end) = printed[0], printed[-1]
    text, _, _ = cell_text("\n".join(lines[n][begin:stop] for n, begin, stop in printed))
    end_part = _NAMES[last + 1] if last != first else None
    return Cell(text, _NAMES[first + 1], start, end, end_part, cell.col, cell.colspan)


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


def _pipes_end(lines: list[str], at: int) -> int:
    """The line after the last one of a run of lines with pipes; blank lines may stand between.

    A line with few pipes that stands alone is no table, and ends where it begins:
    site chrome parts its links like that.
    """
    end = at
    run = 0
    for look in range(at, len(lines)):
        line = lines[look]
        if "|" in line and len(line) <= _ROW_LENGTH:
            end = look + 1
            run += 1
        elif line and not line.isspace():
            break
    return end if run > 1 or lines[at].count("|") >= _ROW_PIPES else at


def _one_cell_a_line(lines: list[str]) -> bool:
    """Whether most of these lines hold one cell, or none, with a pipe behind it."""
    cells = [line for line in lines if line.strip("| \u3000\t")]
    return sum(line.rstrip().find("|") == len(line.rstrip()) - 1 for line in cells) * 2 > len(cells)


def _rows_of_cells(
    lines: list[str], at: int, end: int, parts: list[Part]
) -> tuple[tuple[Cell, ...], ...]:
    """Each label with the cells below it; a pipe alone is a blank one, several end a row."""
    rows: list[list[Cell]] = []
    for number in range(at, end):
        line = lines[number]
        text = line.strip("| \u3000\t")
        if (not text and line.count("|") != 1) or _DELIMITER.fullmatch(line):
            continue
        part = _NAMES[number + 1]
        parts.append(Part(part, "row", line))
        start = line.index(text) if text else line.index("|")
        if not rows or not (text == "" or _VALUE.fullmatch(fold(text))):
            rows.append([])
        rows[-1].append(Cell(text, part, start, start + len(text)))
    # More cells than any row has behind a label stand below a header's last one.
    split = ([row] if len(row) < _HEADED else [row[:1], row[1:]] for row in rows)
    return tuple(tuple(row) for pair in split for row in pair)


def _rows_of_pipes(
    lines: list[str], at: int, end: int, parts: list[Part]
) -> tuple[tuple[Cell, ...], ...]:
    return _rows_by_line(lines, range(at, end), parts, "|")


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
        rows = _rows_by_line(lines, range(at, end), parts, "\t")
        blocks.append(Table(Layout.PADDED, rows))


def _cells_by_line(
    lines: list[str], at: int, end: int, parts: list[Part]
) -> tuple[tuple[Cell, ...], ...]:
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    for number in range(at, end):
        line = lines[number]
        tabbed = "\t" in line
        if not tabbed and (not line or line.isspace()):
            if row:
                rows.append(tuple(row))
                row = []
            continue
        part = _NAMES[number + 1]
        parts.append(Part(part, "row", line))
        if tabbed:
            text = line.strip()
            start = line.find(text) if text else len(line)
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
    lines: list[str], numbers: Iterable[int], parts: list[Part], mark: str
) -> tuple[tuple[Cell, ...], ...]:
    rows: list[tuple[Cell, ...]] = []
    marks = 0
    for number in numbers:
        line = lines[number]
        if not line or (line.isspace() and mark not in line):
            continue
        marks += line.count(mark)
        if marks > MAX_CELLS:
            raise SourceError("too_large", f"a table of more than {MAX_CELLS:,} cells: split it")
        if mark == "|" and _DELIMITER.fullmatch(line):
            continue
        part = _NAMES[number + 1]
        parts.append(Part(part, "row", line))
        cells: list[Cell] = []
        # A pipe at the line's beginning or end is the table's edge.
        first = line.index(mark) + 1 if mark == "|" and line.lstrip()[:1] == mark else 0
        last = line.rindex(mark) if mark == "|" and line.rstrip()[-1:] == mark else len(line)
        start = first
        for printed in line[first : max(first, last)].split(mark):
            text = printed.strip()
            inner = start + printed.find(text)
            cells.append(Cell(text, part, inner, inner + len(text)))
            start += len(printed) + 1
        rows.append(tuple(cells))
    return tuple(rows)


def _metadata(lines: list[str]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for number, line in enumerate(lines[:_HEAD_LINES], start=1):
        if ":" not in line and "：" not in line:
            continue
        match = _METADATA.match(fold(line))
        if match and (key := METADATA_KEYS.get(match[1])):
            text = line[match.start(2) : match.end(2)]
            found.setdefault(key, Cell(text, f"line:{number}", match.start(2), match.end(2)))
    return found
