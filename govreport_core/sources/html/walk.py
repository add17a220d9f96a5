"""A page's tree in, its lines and tables in reading order out, each with where it hangs.

The tree is walked without recursion, but for tables in tables, which have a limit.
A table that only lays out the page ends as if it weren't there: its lines stand
among the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from govreport_core.errors import SourceError
from govreport_core.model import Cell, Part
from govreport_core.sources.html.chrome import is_chrome
from govreport_core.sources.html.elements import (
    APART,
    BLOCKS,
    BREAKS,
    CELL,
    FIELDS,
    FRAMES,
    FURNITURE,
    GROUPS,
    INLINE,
    LISTS,
    ORDERED,
    SKIPPED,
    TEXT,
    TEXTUAL,
    by_number,
)
from govreport_core.sources.html.grid import COLUMNS, PICTURE, PROSE, PageTable, lays_out
from govreport_core.sources.html.lines import clean, is_hidden, only_lines, only_text
from govreport_core.sources.html.page import CHROME, HIDDEN, PLAIN, Page, Picture
from govreport_core.sources.html.styles import mark_unshown

MAX_TABLE_DEPTH = 40

# An item that prints a number of its own has its list's turned off.
_ENUMERATED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[、.．:：)）]|[①-⑳第]")
_COLUMNS = len(COLUMNS)
_LEAST_PICTURE = 8


def walk(content: str, data: bytes | None = None) -> Page:
    """Walk a page.

    Args:
        content: Its text.
        data: The same in UTF-8, where that is at hand.

    Raises:
        SourceError: `too_large` for too many cells, or tables in tables.
    """
    tree = LexborHTMLParser(data or content)
    walker = _Walker(hides=mark_unshown(tree, content))
    if tree.root is not None:
        walker.run(tree.root)
    return walker.page


# What entering an element means for what is in it.
_SKIP, _OPEN, _BOX = range(3)


class _Walker:
    """Where the walk stands."""

    def __init__(self, *, hides: bool) -> None:
        self.page = Page()
        self.chunks: list[str] = []
        self.linked = 0
        self.links = 0
        self.pre = 0
        self.box = 0
        self.tables: list[PageTable] = []
        self.numbered = 0
        self.hides = hides
        # For each open list the number of its last item, None where it has none.
        self.lists: list[int | None] = []
        self.number = ""

    def run(self, root: LexborNode) -> None:
        """Walk what is in a node."""
        stack: list[tuple[LexborNode, int | None, bool]] = [(root, None, False)]
        node = root.first_child
        while stack:
            if node is None:
                node, tag, boxed = stack.pop()
                if stack:
                    leave = _LEAVE.get(tag) if tag is not None else None
                    if leave is not None:
                        leave(self)
                    if boxed:
                        self.box = self.page.parents[self.box]
                    node = node.next
                continue
            tag = node.tag_id
            if tag == TEXT:
                text = node.text_content or ""
                if self.links or self.pre:
                    self.text(text)
                elif self.chunks or not text.isspace():
                    self.chunks.append(text)
                node = node.next
                continue
            enter = _ENTER.get(tag)
            opened = _OPEN if enter is None else enter(self, node)
            if opened:
                stack.append((node, tag, opened == _BOX))
                node = node.first_child
            else:
                node = node.next
        self.flush()

    def text(self, text: str) -> None:
        """Text in a link, or with its line ends as they are."""
        if self.links:
            self.linked += len(text)
        first, *rest = text.split("\n") if self.pre else [text]
        self.chunks.append(first)
        for line in rest:
            self.flush()
            self.chunks.append(line)

    def flush(self) -> None:
        """End the line."""
        if not self.chunks:
            return
        text = clean(self.chunks[0] if len(self.chunks) == 1 else "".join(self.chunks))
        self.chunks.clear()
        if text:
            if self.number:
                if not self.linked and not _ENUMERATED.match(text):
                    text = self.number + text
                self.number = ""
            if self.tables:
                self.level()
            self.page.texts.append(text)
            self.page.owners.append(self.box)
            self.page.linked.append(self.linked)
        self.linked = 0

    # Entering and leaving, by kind of element.

    def block(self, node: LexborNode) -> int:
        """A box of the page: a line of its own."""
        if self.chunks:
            self.flush()
        kind = self.kind(node)
        if kind == HIDDEN and self.tables and node.css_first("table") is None:
            return _SKIP
        return _OPEN if kind == PLAIN and node.tag_id in TEXTUAL else self.open_box(kind)

    def list_block(self, node: LexborNode) -> int:
        """A list: browsers number the items of one, unless its style says otherwise."""
        opened = self.block(node)
        if opened != _SKIP:
            self.lists.append(_list_start(node))
        return opened

    def end_list(self) -> None:
        self.flush()
        self.lists.pop()
        self.number = ""

    def item(self, node: LexborNode) -> int:
        """A list's item, behind its number."""
        opened = self.block(node)
        if opened != _SKIP and self.lists and (last := self.lists[-1]) is not None:
            self.lists[-1] = last + 1
            if not self.tables:
                self.number = f"{last + 1}. "
        return opened

    def inline(self, node: LexborNode) -> int:
        """Text within a line, unless it isn't shown or is a widget."""
        kind = self.kind(node)
        if kind == HIDDEN:
            return _SKIP
        return self.open_box(CHROME) if kind else _OPEN

    def kind(self, node: LexborNode) -> int:
        """What a node's attributes make of it."""
        names = node.attributes
        if node.tag_id in FURNITURE:
            kind = CHROME
        elif "class" in names or "id" in names or "role" in names:
            named = names.get("class"), names.get("id"), names.get("role")
            kind = CHROME if is_chrome(*named) else PLAIN
        else:
            kind = PLAIN
        return HIDDEN if self.hides and names and is_hidden(names) else kind

    def open_box(self, kind: int) -> int:
        """What follows is in a box of its own."""
        page = self.page
        page.parents.append(self.box)
        page.kinds.append(kind)
        self.box = len(page.parents) - 1
        return _BOX

    def link(self, node: LexborNode) -> int:
        names = node.attributes
        if names.get("href"):
            self.page.files.append(names["href"] or "")
        self.links += 1
        return _OPEN

    def end_link(self) -> None:
        self.links -= 1

    def skip(self, _node: LexborNode) -> int:
        return _SKIP

    def line_break(self, _node: LexborNode) -> int:
        self.flush()
        return _SKIP

    def apart(self, _node: LexborNode) -> int:
        """A superscript or what is struck out is no part of the number beside it."""
        self.chunks.append(" ")
        return _OPEN

    def end_apart(self) -> None:
        self.chunks.append(" ")

    def pre_block(self, _node: LexborNode) -> int:
        self.flush()
        self.pre += 1
        return _OPEN

    def end_pre(self) -> None:
        self.flush()
        self.pre -= 1

    def table(self, _node: LexborNode) -> int:
        self.flush()
        if len(self.tables) >= MAX_TABLE_DEPTH:
            raise SourceError(
                "too_large", f"tables in tables, more than {MAX_TABLE_DEPTH} deep: check the page"
            )
        self.open_box(PLAIN)
        start, owner = len(self.page.texts), self.page.parents[self.box]
        self.tables.append(PageTable(start, owner, self.numbered + 1))
        return _BOX

    def end_caption(self) -> None:
        """A caption stands before its table."""
        self.flush()
        if self.tables and not self.tables[-1].parts:
            self.tables[-1].start = len(self.page.texts)

    def end_table(self) -> None:
        self.flush()
        self.level()
        table = self.tables.pop()
        table.end_group()
        table.end = len(self.page.texts)
        found = [table]
        if lays_out(table, self.page.texts):
            found = [inner for _, _, held in table.big for inner in held]
        else:
            self.numbered += 1
        holder = self.tables[-1].held if self.tables else self.page.tables
        holder += found

    def group(self, _node: LexborNode) -> int:
        if self.tables:
            self.tables[-1].end_group()
        return _OPEN

    def row(self, node: LexborNode) -> int:
        """A table's row, with all its cells."""
        self.flush()
        if not self.tables or (self.hides and is_hidden(node.attributes)):
            return _SKIP
        table, texts = self.tables[-1], self.page.texts
        hides, parts = self.hides, table.parts
        row, reach = table.begin_row()
        name = f"table:{table.number}/r{row + 1}/c"
        cells: list[Cell] = []
        col = 0
        for cell in node.iter():
            if cell.tag_id not in CELL:
                continue
            names = cell.attributes
            if hides and names and is_hidden(names):
                continue
            text = raw = only_text(cell, hides)
            begin = 0
            if text is None or len(text) > PROSE:
                raw, text, begin, end = self.several(cell)
            else:
                if text and (text.isalnum() or (text := clean(text))):
                    texts.append(text)
                raw, end = text, len(text)
            if col < reach:
                col = table.free(col)
            height = width = 1
            if names and ("rowspan" in names or "colspan" in names):
                height, width = table.stretch(col, names.get("rowspan"), names.get("colspan"))
            part = name + (COLUMNS[col] if col < _COLUMNS else str(col + 1))
            parts.append(Part(part, "cell", raw, row, col, height, width))
            cells.append(Cell(text, part, begin, end, None, col, width))
            col += width
        if cells:
            table.rows.append(tuple(cells))
        return _SKIP

    def several(self, cell: LexborNode) -> tuple[str, str, int, int]:
        """A cell of several lines, or of more than text: see `PageTable.cell_lines`."""
        lines = only_lines(cell, self.hides)
        if lines is not None:
            texts = self.page.texts
            texts += lines
            return self.tables[-1].cell_lines(len(texts) - len(lines), lines)
        self.level()
        start = len(self.page.texts)
        self.open_box(PLAIN)
        self.run(cell)
        self.box = self.page.parents[self.box]
        return self.tables[-1].cell_lines(start, self.page.texts[start:])

    def level(self) -> None:
        """The lines taken from plain cells stand in the box that is open."""
        page = self.page
        lacking = len(page.texts) - len(page.owners)
        page.owners += [self.box] * lacking
        page.linked += [0] * lacking

    def picture(self, node: LexborNode) -> int:
        names = node.attributes
        if self.hides and is_hidden(names):
            return _SKIP
        width, height = _shown(names, "width"), _shown(names, "height")
        if min(width or _LEAST_PICTURE, height or _LEAST_PICTURE) >= _LEAST_PICTURE:
            page = self.page
            said = " ".join(names.get(name) or "" for name in ("alt", "title", "class", "id"))
            source = names.get("src") or ""
            page.pictures.append(Picture(source, said, width, height, self.box, len(page.texts)))
            if self.tables:
                self.chunks.append(PICTURE)
        return _SKIP

    def field(self, node: LexborNode) -> int:
        """A form's field in a table: what is typed in is printed, what is chosen isn't known."""
        if self.tables:
            names = node.attributes
            if node.tag == "select":
                self.chunks.append(PICTURE)
            elif node.tag == "textarea":
                self.chunks.append(node.text() or "")
            elif (names.get("type") or "text").lower() in ("text", "number", "tel"):
                self.chunks.append(names.get("value") or "")
        return _SKIP

    def frame(self, node: LexborNode) -> int:
        names = node.attributes
        self.page.files.append(names.get("src") or names.get("data") or "")
        return _SKIP

    def meta(self, node: LexborNode) -> int:
        names = node.attributes
        name = (names.get("name") or names.get("property") or "").lower()
        content = (names.get("content") or "").strip()
        if name and content:
            self.page.metas.append((name, content))
        return _SKIP

    def link_tag(self, node: LexborNode) -> int:
        names = node.attributes
        if (names.get("rel") or "").lower() == "canonical":
            self.page.metas.append(("canonical", (names.get("href") or "").strip()))
        return _SKIP

    def title(self, node: LexborNode) -> int:
        if not self.page.title:
            self.page.title = clean(node.text() or "")
        return _SKIP


def _shown(names: dict[str, str | None], side: str) -> int | None:
    """A picture's width or height, from its style or else its attribute."""
    styled = re.search(
        rf"(?<![-\w]){side}\s*:\s*(\d[^;]*)", names.get("style") or "", re.IGNORECASE
    )
    return _size(styled[1] if styled else names.get(side))


def _list_start(node: LexborNode) -> int | None:
    """The number before an ordered list's first one; None where its items have none."""
    names = node.attributes
    plain = (names.get("type") or "1") == "1" and "list-style" not in (names.get("style") or "")
    if node.tag_id != ORDERED or not plain:
        return None
    start = re.fullmatch(r"\s*(\d{1,4})\s*", names.get("start") or "1")
    return int(start[1]) - 1 if start else 0


def _size(printed: str | None) -> int | None:
    digits = re.match(r"\s*(\d{1,6})(?!\d*%)", printed or "")
    return int(digits[1]) if digits else None


Enter = Callable[[_Walker, LexborNode], int]

_ENTERED: dict[str, Enter] = {
    **dict.fromkeys(BLOCKS, _Walker.block),
    **dict.fromkeys(INLINE, _Walker.inline),
    **dict.fromkeys(SKIPPED, _Walker.skip),
    **dict.fromkeys(APART, _Walker.apart),
    **dict.fromkeys(BREAKS, _Walker.line_break),
    **dict.fromkeys(GROUPS, _Walker.group),
    **dict.fromkeys(FIELDS, _Walker.field),
    **dict.fromkeys(FRAMES, _Walker.frame),
    **dict.fromkeys(LISTS, _Walker.list_block),
    "li": _Walker.item,
    "a": _Walker.link,
    "pre": _Walker.pre_block,
    "table": _Walker.table,
    "tr": _Walker.row,
    "img": _Walker.picture,
    "meta": _Walker.meta,
    "link": _Walker.link_tag,
    "title": _Walker.title,
}

_LEFT: dict[str, Callable[[_Walker], None]] = {
    **dict.fromkeys(BLOCKS, _Walker.flush),
    **dict.fromkeys(APART, _Walker.end_apart),
    **dict.fromkeys(LISTS, _Walker.end_list),
    "a": _Walker.end_link,
    "pre": _Walker.end_pre,
    "caption": _Walker.end_caption,
    "table": _Walker.end_table,
}

_ENTER = by_number(_ENTERED)
_LEAVE = by_number(_LEFT)
