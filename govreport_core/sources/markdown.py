"""Markdown in, its pipe tables, HTML tables and lines as parts, tables and paragraphs out.

Most Markdown reports were made from PDFs by a converter: it takes any row for a
table's header, loses or adds cells, and puts in headings of its own. So every row
of a pipe table counts as a row, and its blanks may be spare or lost.
"""

from __future__ import annotations

import re
from html import unescape

from govreport_core.errors import SourceError
from govreport_core.folding import fold
from govreport_core.model import Block, Cell, Document, Layout, Paragraph, Part, Table
from govreport_core.sources.drawn import DrawnCell, drawn_end, drawn_rows, is_border
from govreport_core.sources.encoding import decode
from govreport_core.sources.grids import PICTURE, cell_text
from govreport_core.sources.html.grid import blocks_of
from govreport_core.sources.html.guard import refuse_bombs
from govreport_core.sources.html.walk import walk
from govreport_core.sources.pictures import may_show_text, noted
from govreport_core.sources.printed import printed_facts
from govreport_core.sources.text import lines_within

MEDIA_TYPE = "text/markdown"
MAX_CELLS = 100_000

# A line with this many pipes is a table's row even where it stands alone.
_ROW_PIPES = 4

_LINE_END = re.compile("\r\n|\r|\n|\x0c|\x85|\u2028|\u2029")
_DELIMITER = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?\s*")
_PIPE = re.compile(r"(?<!\\)\|")
_RULES = ("-", "*", "_", "=")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HEADING = re.compile(r"\s*#{1,6}\s+")
_QUOTE = re.compile(r"\s*(?:>\s*)+")
# 表二：… above each piece of a table is a converter's caption, not the report's.
_CAPTION = re.compile(r"表\s*[一二三四五六七八九十\d]{1,2}\s*[:、.]")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# None of these looks past the next mark of its kind: a line of marks alone costs no more.
_IMAGE = re.compile(r"!\[[^\[\]]{0,200}\]\([^()\[]{0,2000}\)")
_IMG = re.compile(r"<img\s[^<>]{0,2000}>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{0,500})\]\([^()\[]{0,2000}\)")
_BOLD = re.compile(r"\*\*(?=\S)([^*]{1,500})(?<=\S)\*\*|__(?=\S)([^_]{1,500})(?<=\S)__")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|<!--[^<>]{0,2000}-->")
_TABLE_OPEN = re.compile(r"<table(?:[\s>]|\Z)", re.IGNORECASE)
_TABLE_CLOSE = re.compile(r"</table\s*(?:>|\Z)", re.IGNORECASE)
# A tag that goes on in the next line, as pandoc breaks them; so many lines at most.
_OPEN_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}\Z")
_TAG_LINES = 8

# What stands between two lines of three dashes at a file's top.
_FRONT = re.compile(r"\s*([A-Za-z_]{2,20})\s*:\s*['\"]?(.*?)['\"]?\s*$")
_FRONT_KEYS = {
    "title": "title",
    "date": "published_on",
    "published": "published_on",
    "source": "source_url",
    "url": "source_url",
    "author": "agency",
    "agency": "agency",
}
_FRONT_LINES = 40
_LEAST_TEXT = 100
# Beside no more than these a picture in a cell may be a figure.
_NO_FIGURES = " 0123456789.,%+-/\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"
# Put where the file was cut off: what stands before it is no whole number.
_LOST = "\ufffd"


def read_markdown(data: bytes, document_id: str) -> Document:
    """Read a Markdown file.

    Raises:
        SourceError: `not_text`, `empty`, `too_large`; `image_only` where it holds
            nothing but pictures.
    """
    content, diagnostics = decode(data)
    lines = lines_within(_LINE_END, content)
    out = _Out()
    at = out.front_matter(lines)
    if _is_cut(lines):
        lines[-1] += _LOST
    while at < len(lines):
        at = out.take(lines, at)
    out.end_table()
    size = sum(len(b.text) if isinstance(b, Paragraph) else _LEAST_TEXT for b in out.blocks)
    if size < _LEAST_TEXT and out.pictures:
        raise SourceError(
            "image_only",
            "the report is a picture in this file: ask for it as text, or see GOVREPORT_OCR",
        )
    signs = (*diagnostics, *noted(out.pictured))
    return Document(
        document_id,
        MEDIA_TYPE,
        tuple(out.parts),
        tuple(out.blocks),
        printed_facts(out.blocks) | out.metadata,
        signs,
    )


def _rendered(source: str) -> str:
    """A line or cell as a reader sees it: without marks, links' addresses and tags."""
    text = _IMAGE.sub("", source) if "![" in source else source
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", text))
    if "*" in text or "_" in text:
        text = _BOLD.sub(r"\1\2", text)
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    return (unescape(text) if "&" in text else text).strip()


def _pictures(source: str) -> list[str]:
    """The pictures in a line or cell, as they are written."""
    if "](" not in source and "<" not in source:
        return []
    return [m[0] for m in _IMAGE.finditer(source)] + _IMG.findall(source)


class _Out:
    """The document in the making."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.blocks: list[Block] = []
        self.metadata: dict[str, Cell] = {}
        self.rows: list[list[str]] = []
        self.tables = 0
        self.cells = 0
        self.pictures = 0
        self.pictured: list[Part] = []

    def front_matter(self, lines: list[str]) -> int:
        """Read what a converter notes at the top; the number of the line after it."""
        if lines[0].strip() != "---":
            return 0
        end = next((n for n in range(1, min(len(lines), _FRONT_LINES)) if lines[n] == "---"), 0)
        for line in lines[1:end]:
            match = _FRONT.match(line)
            key = _FRONT_KEYS.get(match[1].lower()) if match else None
            if match and key and match[2] and key not in self.metadata:
                part = f"meta:{match[1].lower()}"
                self.parts.append(Part(part, "paragraph", match[2]))
                self.metadata[key] = Cell(match[2], part, 0, len(match[2]))
        return end + 1 if end else 0

    def take(self, lines: list[str], at: int) -> int:
        """Take the line at that number, and those that belong to it; the next line's number."""
        line = lines[at]
        if "+" in line and (end := drawn_end(lines, at)) > at:
            self.drawn(lines, at, end)
            return end
        if self._is_row(lines, at):
            if _DELIMITER.fullmatch(line):
                return at + 1
            if at + 1 < len(lines) and _DELIMITER.fullmatch(lines[at + 1]):
                self.end_table()
            self.rows.append(_cells(line))
            return at + 1
        self.end_table()
        if _TABLE_OPEN.search(line):
            return self.html(lines, at)
        if line and not line.isspace() and not _is_rule(line) and not _FENCE.match(line):
            end = _tag_end(lines, at)
            self.line(" ".join(lines[at:end]))
            return end
        return at + 1

    def _is_row(self, lines: list[str], at: int) -> bool:
        """Whether a line is a table's row: its first pipe may be left out, but not by all alone."""
        if lines[at].lstrip().startswith("|"):
            return True
        pipes = len(_PIPE.findall(lines[at]))
        if not pipes:
            return False
        return (
            bool(self.rows)
            or pipes >= _ROW_PIPES
            or (at + 1 < len(lines) and bool(_PIPE.search(lines[at + 1])))
        )

    def line(self, line: str) -> None:
        """A line outside tables."""
        pictured = _pictures(line)
        self.pictures += bool(pictured)
        heading = _HEADING.match(line)
        mark = heading or _QUOTE.match(line)
        text = _rendered(line[mark.end() :] if mark else line)
        if heading:
            text = text.rstrip("#").rstrip()
        for piece in text.split("\n"):
            if not (printed := piece.strip()):
                continue
            part = f"block:{len(self.blocks) + 1}"
            if heading and _CAPTION.match(fold(printed)):
                continue
            self.parts.append(Part(part, "paragraph", printed))
            self.blocks.append(Paragraph(printed, part))
        if self.blocks and any(may_show_text(names) for names in pictured):
            self.pictured.append(self.parts[-1])

    def end_table(self) -> None:
        """Rows taken so far are a table."""
        if not self.rows:
            return
        self.tables += 1
        rows: list[tuple[Cell, ...]] = []
        self._count(sum(map(len, self.rows)))
        for number, row in enumerate(self.rows):
            cells: list[Cell] = []
            for col, source in enumerate(row):
                raw = source.strip()
                text, start, end = raw, 0, len(raw)
                # Of nearly all cells nothing is to be rendered.
                if raw and not raw.isalnum():
                    raw = _rendered(source)
                    if _pictures(source) and not raw.strip(_NO_FIGURES):
                        raw += PICTURE
                    text, start, end = cell_text(raw)
                part = f"table:{self.tables}/r{number + 1}/c{col + 1}"
                self.parts.append(Part(part, "cell", raw, number, col, 1, 1))
                cells.append(Cell(text, part, start, end, None, col))
            rows.append(tuple(cells))
        self.blocks.append(Table(Layout.PADDED, tuple(rows)))
        self.rows = []

    def drawn(self, lines: list[str], at: int, end: int) -> None:
        """A table whose lines are drawn: with known columns where they can be told."""
        self.end_table()
        rows = drawn_rows(lines, at, end)
        if rows is None:
            self.rows = [_cells(line) for line in lines[at:end] if not is_border(line)]
            self.end_table()
            return
        self.tables += 1
        self._count(sum(map(len, rows)))
        made = [tuple(self._drawn_cell(lines, cell) for cell in row) for row in rows]
        self.blocks.append(Table(Layout.GRID, tuple(made)))

    def _drawn_cell(self, lines: list[str], cell: DrawnCell) -> Cell:
        sources = [lines[n][start:end] for n, start, end in cell.texts if start < end]
        raw = "\n".join(map(_rendered, sources))
        if any(map(_pictures, sources)) and not raw.strip(_NO_FIGURES):
            raw += PICTURE
        part = f"table:{self.tables}/r{cell.row + 1}/c{cell.col + 1}"
        self.parts.append(Part(part, "cell", raw, cell.row, cell.col, 1, cell.colspan))
        text, start, end = cell_text(raw)
        return Cell(text, part, start, end, None, cell.col, cell.colspan)

    def html(self, lines: list[str], at: int) -> int:
        """An HTML table, over as many lines as it takes."""
        end = at + 1
        depth = _depth(lines[at])
        while depth > 0 and end < len(lines):
            depth += _depth(lines[end])
            end += 1
        content = "\n".join(lines[at:end])
        refuse_bombs(content)
        page = walk(content)
        line = 0
        for table in page.tables:
            for text in page.texts[line : table.start]:
                self.line(text)
            blocks = blocks_of(table, self.tables + 1, self.parts)
            self.tables += len(blocks)
            self.blocks += blocks
            self._count(len(table.parts))
            line = table.end
        for text in page.texts[line:]:
            self.line(text)
        return end

    def _count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > MAX_CELLS:
            raise SourceError("too_large", f"tables of more than {MAX_CELLS:,} cells: split it")


def _is_cut(lines: list[str]) -> bool:
    """Whether the file ends within a table's row: its last figure may have had more digits."""
    if len(lines) < 2 or not lines[-1].startswith("|"):
        return False
    return lines[-2].rstrip().endswith("|") and not lines[-1].rstrip().endswith("|")


def _is_rule(line: str) -> bool:
    """Whether a line is only drawn across: three or more of one mark."""
    if line.lstrip()[:1] not in _RULES:
        return False
    marks = "".join(line.split())
    return len(marks) > 2 and not marks.strip(marks[0])


def _tag_end(lines: list[str], at: int) -> int:
    """The line after the one in which a line's last tag ends, as a rule the next one."""
    end = at + 1
    while end < len(lines) and end - at < _TAG_LINES and "<" in lines[end - 1]:
        opened = lines[end - 1].rfind("<")
        if not _OPEN_TAG.match(lines[end - 1], opened):
            break
        after = next(
            (n for n in range(end, min(at + _TAG_LINES, len(lines))) if ">" in lines[n]), 0
        )
        if not after or any("<" in lines[n].partition(">")[0] for n in range(end, after + 1)):
            break
        end = after + 1
    return end


def _depth(line: str) -> int:
    return len(_TABLE_OPEN.findall(line)) - len(_TABLE_CLOSE.findall(line))


def _cells(line: str) -> list[str]:
    """A pipe table's row, cut at its pipes."""
    text = line.strip()
    text = text.removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    return _PIPE.split(text)
