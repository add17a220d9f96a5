"""A Document and a form in, one stream of lines out, with the stretches its tables occupy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import msgspec

from govreport_core.align.vocabulary import TableWords, Vocabulary, key, vocabulary
from govreport_core.folding import fold, squash
from govreport_core.model import Cell, Document, Layout, Paragraph, Table
from govreport_core.numerals import looks_like_value

_PAGE_MARK = re.compile(
    r"\s*(?:-{1,2}\s?\d{1,4}\s?-{1,2}|第\s?\d{1,4}\s?页(?:\s?[,/]?\s?共\s?\d{1,4}\s?页)?|\d{1,4}\s?/\s?\d{1,4})\s*"
)
_PAGE_MARK_LONGEST = 24
# Pinyin, which a label may have had within it.
_LETTER = re.compile(r"[a-z\u00e0-\u01dc]")
_TOKEN = re.compile(r"\S+")
# What stands between bars.
_CELL = re.compile(r"[^|\s](?:[^|]*[^|\s])?")
_BARS = "|\t \u3000"
_LEAST_BARS = 40
# Cells of a row that holds no cell but separates two.
_SEPARATING = 2
# Longer lines are prose, or a whole report glued into one line.
MAX_TABLE_LINE = 120
_HEADER_RUN = 8
_HEADER_LINES = 4
# 三、本年度办理结果 is often set vertically: its characters come one by one.
VERTICAL = frozenset("三、本年度办理结果")


class Line(msgspec.Struct, frozen=True, gc=False):
    """A table's row, or a line outside any marked table (`layout` is then None)."""

    cells: tuple[Cell, ...]
    layout: Layout | None

    @property
    def text(self) -> str:
        """The line's text, for messages."""
        return " ".join(c.text for c in self.cells if c.text)


class Region(msgspec.Struct, frozen=True, gc=False):
    """Lines `start` to `end` (not included) that may hold a table."""

    kind: str
    start: int
    end: int


def lines_of(document: Document) -> list[Line]:
    """The document's rows and paragraphs in order.

    Bars and tabs that a converter left between cells are no lines of their own; a
    whole report on one line with either between its cells is a line a cell.
    """
    lines: list[Line] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            start = block.start
            if "|" in block.text:
                lines.extend(_between_bars(block))
                continue
            cell = Cell(block.text, block.part, start, start + len(block.text))
            lines.append(Line((cell,), None))
        elif not _separates(block):
            layout = block.layout
            padded = layout is Layout.PADDED
            for row in block.rows:
                if padded and len(row) >= _LEAST_BARS:
                    lines.extend(Line((cell,), None) for cell in row if cell.text)
                else:
                    lines.append(Line(row, layout))
    return lines


def _between_bars(block: Paragraph) -> Iterator[Line]:
    text, start = block.text, block.start
    if len(text) > MAX_TABLE_LINE and text.count("|") >= _LEAST_BARS:
        for piece in _CELL.finditer(text):
            first, last = start + piece.start(), start + piece.end()
            yield Line((Cell(piece[0], block.part, first, last),), None)
    elif text.strip(_BARS):
        yield Line((Cell(text, block.part, start, start + len(text)),), None)


def _separates(table: Table) -> bool:
    """Whether a table is but the tabs that stand between a page's cells when it is copied."""
    return all(len(row) <= _SEPARATING and not any(c.text for c in row) for row in table.rows)


def is_page_mark(text: str) -> bool:
    """`- 3 -`, `第3页`, `3/12`: never a value."""
    return len(text) < _PAGE_MARK_LONGEST and _is_page_mark(text)


@lru_cache(maxsize=16384)
def _is_page_mark(text: str) -> bool:
    return _PAGE_MARK.fullmatch(fold(text)) is not None


def split_plain(cell: Cell) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """A plain line's label pieces and the values that follow them, each with its place."""
    text = cell.text
    if len(text) > MAX_TABLE_LINE:
        return (cell,), ()
    labels, values = _split(text)
    part, start = cell.part, cell.start
    if labels == ((0, len(text)),):
        return (Cell(text, part, start, start + len(text)),), ()
    return (
        tuple([Cell(text[a:b], part, start + a, start + b) for a, b in labels]),
        tuple([Cell(text[a:b], part, start + a, start + b) for a, b in values]),
    )


Span = tuple[int, int]


@lru_cache(maxsize=16384)
def _split(text: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Where a plain line's label pieces stand, and the values after them."""
    pieces = tuple(m.span() for m in _TOKEN.finditer(fold(text)))
    at = len(pieces)
    while at and looks_like_value(text[pieces[at - 1][0] : pieces[at - 1][1]]):
        at -= 1
    return pieces[:at], pieces[at:]


@lru_cache(maxsize=16384)
def sign(form_id: str, text: str) -> str | None:
    """Which table's stretch a cell or plain line opens, if it is one of its sure words.

    Returns:
        `t2`, `t3` or `t4`; None for all else, words of several tables included.
    """
    if len(text) > MAX_TABLE_LINE:
        return None
    words = vocabulary(form_id)
    printed = key(text)
    if not printed or (len(printed) == 2 and printed in ("其他", "总计", "合计")):
        return None
    if printed in words.captions or printed in words.item:
        return "t2"
    for table, labels, notes in _sure_words(form_id):
        if (
            printed in labels
            or printed.startswith(notes)
            or _is_header_run(form_id, table, printed)
        ):
            return table[:2]
    return None


@lru_cache(maxsize=64)
def _sure_words(form_id: str) -> tuple[tuple[str, frozenset[str], tuple[str, ...]], ...]:
    """Tables 3 and 4: labels of their columns and rows, and how the notes beside them begin."""
    return tuple(
        (
            code,
            frozenset(words.columns).union(
                label for label, (row, _) in words.rows.items() if row not in words.groups
            ),
            tuple(squash(note)[:8] for note in words.table.ignored),
        )
        for code, words in vocabulary(form_id).tables.items()
        if not code.startswith("t2")
    )


@lru_cache(maxsize=64)
def _sure_word(form_id: str) -> re.Pattern[str]:
    """What any line has that has a sign: a sure word, if none with a year within it."""
    words = vocabulary(form_id)
    sure = {*words.captions, *words.item}.union(
        *({*labels, *notes} for _, labels, notes in _sure_words(form_id))
    )
    return re.compile("|".join(map(re.escape, ["(20", *sorted(sure)])))


@lru_cache(maxsize=64)
def _header_run(form_id: str, table: str) -> re.Pattern[str]:
    labels = sorted(vocabulary(form_id).tables[table].columns, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, labels))}){{2,}}")


def _is_header_run(form_id: str, table: str, printed: str) -> bool:
    """Whether several columns' labels stand glued together; two of 其他 and 总计 tell nothing."""
    return len(printed) >= _HEADER_RUN and bool(_header_run(form_id, table).fullmatch(printed))


def header_runs(lines: list[Line], form_id: str, tables: tuple[str, ...]) -> frozenset[int]:
    """Places of plain lines that print a header: all its columns on one, or several a line each.

    A page break repeats it, and 其他 and 总计 in it are rows' labels as well.
    """
    found: set[int] = set()
    run: list[int] = []
    for at, line in enumerate((*lines, None)):
        if line is not None and _heads(line, form_id, tables):
            run.append(at)
            continue
        if not run:
            continue
        if len(run) >= _HEADER_LINES or any(len(lines[i].text) >= _HEADER_RUN for i in run):
            found.update(run)
        run = []
    return frozenset(found)


def _heads(line: Line, form_id: str, tables: tuple[str, ...]) -> bool:
    text = line.cells[0].text
    if line.layout is not None or text.isascii() or len(text) > MAX_TABLE_LINE:
        return False
    return _names_columns(text, form_id, tables)


@lru_cache(maxsize=8192)
def _names_columns(text: str, form_id: str, tables: tuple[str, ...]) -> bool:
    printed = key(text)
    words = vocabulary(form_id).tables
    return any(printed in words[t].columns or _is_header_run(form_id, t, printed) for t in tables)


def find_regions(
    lines: list[Line], form_id: str, headings: list[int], prose: range
) -> list[Region]:
    """The stretches of the tables: from a table's first sure word to the next one's.

    Args:
        lines: The document's lines.
        form_id: The form found.
        headings: Line numbers of the section headings, where a stretch ends.
        prose: Lines that can't hold a table: the overview, where its end is known.
    """
    opened: list[tuple[str, int]] = []
    plain_sign = _reader(form_id)
    for number, line in enumerate(lines):
        kind = None if number in prose else _line_sign(line, form_id, plain_sign)
        if kind and (not opened or opened[-1][0] != kind):
            if kind == "t4" and not _has_outcome_header(lines, number):
                continue
            opened.append((kind, number))
    stops = sorted({*headings, len(lines)})
    regions: list[Region] = []
    for i, (kind, start) in enumerate(opened):
        follows = opened[i + 1][1] if i + 1 < len(opened) else len(lines)
        heading = next(s for s in stops if s > start)
        regions.append(Region(kind, start, min(follows, heading)))
    return regions


def _line_sign(line: Line, form_id: str, plain_sign: Callable[[str], str | None]) -> str | None:
    if line.layout is None:
        text = line.cells[0].text
        if text.isascii() or len(text) > MAX_TABLE_LINE:  # figures, or prose
            return None
        return plain_sign(text)
    for cell in line.cells:
        if cell.text:
            if kind := sign(form_id, cell.text):
                return kind
            if cell.text.isdigit():
                return None
    return None


@lru_cache(maxsize=64)
def _reader(form_id: str) -> Callable[[str], str | None]:
    """What tells the signs of a form's plain lines, each once."""

    @lru_cache(maxsize=8192)
    def plain_sign(text: str) -> str | None:
        return _plain_sign(form_id, text)

    return plain_sign


def _plain_sign(form_id: str, text: str) -> str | None:
    squashed = squash(text)
    if not (_sure_word(form_id).search(squashed) or _LETTER.search(squashed)):
        return None
    if kind := sign(form_id, text.strip()):
        return kind
    labels, values = split_plain(Cell(text, "", 0, len(text)))
    if values and labels:
        label = " ".join(c.text for c in labels)
        if kind := sign(form_id, label):
            return kind
        return _row_sign(form_id, label)
    if len(labels) > 1:
        kinds = {sign(form_id, c.text) for c in labels}
        if len(kinds) == 1:
            return kinds.pop()
    return None


def _row_sign(form_id: str, label: str) -> str | None:
    """Table 3 may open with its first row; later rows' labels stand in prose too."""
    words = _t3(vocabulary(form_id))
    exactly = (words.value_rows[0].code, "exact")
    return "t3" if words.rows.get(key(label)) == exactly else None


def _t3(words: Vocabulary) -> TableWords:
    return next(t for code, t in words.tables.items() if code.startswith("t3"))


def _has_outcome_header(lines: list[Line], number: int) -> bool:
    """Whether 行政复议 stands in a table's header, not alone in the prose."""
    near = ""
    # Mostly the first of them show it.
    for first, last in ((0, 4), (4, 40)):
        near += "".join([squash(x.text) for x in lines[number + first : number + last]])
        if "结果维持" in near or ("维持" in near and "纠正" in near):
            return True
    return False
