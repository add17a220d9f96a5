"""A page's tree in, its lines and tables in reading order out, each with where it hangs.

The tree is walked without recursion. A table that only lays out the page ends as
if it weren't there: its lines stand among the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from govreport_core.errors import SourceError
from govreport_core.sources.html.chrome import is_chrome
from govreport_core.sources.html.grid import PICTURE, RawTable, lays_out

MAX_TABLE_DEPTH = 40

# What a box is: part of the page as any other, furniture by its names, not shown.
PLAIN, CHROME, HIDDEN = range(3)

_COLLAPSE = re.compile("[ \t\n\r\f]+")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_EDGE = " \t\r\n\f\v\xa0\u3000" + _INVISIBLE
_LEAST_PICTURE = 8


class Picture(msgspec.Struct, frozen=True):
    """A picture of the page: its address, its size where given, the box it is in."""

    source: str
    width: int | None
    height: int | None
    box: int


class Page(msgspec.Struct):
    """A page's content in reading order.

    Attributes:
        texts: Its lines, each without space around it.
        owners: The box each line stands in.
        linked: How many characters of each line are links'.
        parents: For each box the one around it; box 0 is the page.
        kinds: For each box `PLAIN`, `CHROME` or `HIDDEN`.
        tables: Real tables; those in their cells are with the cells.
        pictures: Its pictures.
        files: Addresses that links and frames point to.
        metas: Name and content of each meta tag, the name in lower case.
        title: What the browser's tab says.
    """

    texts: list[str] = []
    owners: list[int] = []
    linked: list[int] = []
    parents: list[int] = msgspec.field(default_factory=lambda: [0])
    kinds: list[int] = msgspec.field(default_factory=lambda: [PLAIN])
    tables: list[RawTable] = []
    pictures: list[Picture] = []
    files: list[str] = []
    metas: list[tuple[str, str]] = []
    title: str = ""


def walk(content: str) -> Page:
    """Walk a page.

    Raises:
        SourceError: `too_large` for too many cells, or tables in tables.
    """
    walker = _Walker(content)
    root = LexborHTMLParser(content).root
    if root is not None:
        walker.run(root)
    return walker.page


# What entering an element means for what is in it.
_SKIP, _OPEN, _BOX = range(3)


class _Walker:
    """Where the walk stands."""

    def __init__(self, content: str) -> None:
        self.page = Page()
        self.chunks: list[str] = []
        self.linked = 0
        self.links = 0
        self.pre = 0
        self.box = 0
        self.tables: list[RawTable] = []
        self.hides = "isplay" in content or "idden" in content or "ISPLAY" in content
        self.named = "class" in content or "id=" in content or "role" in content

    def run(self, root: LexborNode) -> None:
        """Walk what is in a node."""
        stack = [(root, "", False)]
        node = root.first_child
        while stack:
            if node is None:
                node, tag, boxed = stack.pop()
                if stack:
                    self.leave(tag, boxed)
                    node = node.next
                continue
            tag = node.tag or ""
            if tag == "-text":
                self.text(node.text_content or "")
                node = node.next
                continue
            enter = _ENTER.get(tag)
            opened = _OPEN if enter is None else enter(self, node, tag)
            if opened:
                stack.append((node, tag, opened == _BOX))
                node = node.first_child
            else:
                node = node.next
        self.flush()

    def leave(self, tag: str, boxed: bool) -> None:
        if (leave := _LEAVE.get(tag)) is not None:
            leave(self)
        if boxed:
            self.box = self.page.parents[self.box]

    def text(self, text: str) -> None:
        if self.pre:
            first, *rest = text.split("\n")
            self.chunks.append(first)
            for line in rest:
                self.flush()
                self.chunks.append(line)
        elif self.chunks or not text.isspace():
            self.chunks.append(text)
        if self.links:
            self.linked += len(text)

    def flush(self) -> None:
        """End the line."""
        if not self.chunks:
            return
        text = _clean(self.chunks[0] if len(self.chunks) == 1 else "".join(self.chunks))
        self.chunks.clear()
        if text:
            self.page.texts.append(text)
            self.page.owners.append(self.box)
            self.page.linked.append(self.linked)
        self.linked = 0

    # Entering and leaving, by kind of element.

    def block(self, node: LexborNode, tag: str) -> int:
        """A paragraph or box: a line of its own."""
        if self.chunks:
            self.flush()
        if tag == "p" and not self.hides:
            return _OPEN
        if self.named or self.hides:
            names = node.attributes
            if names:
                return self.boxed(tag, names)
        return self.open_box(CHROME if is_chrome(tag, "", "") else PLAIN)

    def boxed(self, tag: str, names: dict[str, str | None]) -> int:
        kind = PLAIN
        if self.hides and _hidden(names):
            kind = HIDDEN
        elif self.named:
            words = f"{names.get('class') or ''} {names.get('id') or ''}"
            if is_chrome(tag, words, names.get("role") or ""):
                kind = CHROME
        return self.open_box(kind)

    def open_box(self, kind: int) -> int:
        page = self.page
        page.parents.append(self.box)
        page.kinds.append(kind)
        self.box = len(page.parents) - 1
        return _BOX

    def inline(self, node: LexborNode, tag: str) -> int:
        """Text within a line, unless it isn't shown or is a widget."""
        if not (self.named or self.hides):
            return _OPEN
        names = node.attributes
        if not names:
            return _OPEN
        if self.hides and _hidden(names):
            return _SKIP
        words = f"{names.get('class') or ''} {names.get('id') or ''}"
        if len(words) > 1 and is_chrome(tag, words, ""):
            return self.open_box(CHROME)
        return _OPEN

    def link(self, node: LexborNode, _tag: str) -> int:
        names = node.attributes
        if names.get("href"):
            self.page.files.append(names["href"] or "")
        self.links += 1
        return _OPEN

    def end_link(self) -> None:
        self.links -= 1

    def skip(self, _node: LexborNode, _tag: str) -> int:
        return _SKIP

    def line_break(self, _node: LexborNode, _tag: str) -> int:
        self.flush()
        return _SKIP

    def apart(self, _node: LexborNode, _tag: str) -> int:
        """A superscript or what is struck out is no part of the number beside it."""
        self.chunks.append(" ")
        return _OPEN

    def end_apart(self) -> None:
        self.chunks.append(" ")

    def pre_block(self, _node: LexborNode, _tag: str) -> int:
        self.flush()
        self.pre += 1
        return _OPEN

    def end_pre(self) -> None:
        self.flush()
        self.pre -= 1

    def table(self, _node: LexborNode, _tag: str) -> int:
        self.flush()
        if len(self.tables) >= MAX_TABLE_DEPTH:
            raise SourceError(
                "too_large", f"tables in tables, more than {MAX_TABLE_DEPTH} deep: check the page"
            )
        self.open_box(PLAIN)
        self.tables.append(RawTable(len(self.page.texts), self.page.parents[self.box]))
        return _BOX

    def end_table(self) -> None:
        self.flush()
        table = self.tables.pop()
        table.close(len(self.page.texts))
        whole = not lays_out(table, self.page.texts)
        found = [table] if whole else [inner for cell in table.cells for inner in cell.inner or ()]
        holder = self.tables[-1].held if self.tables else self.page.tables
        holder += found

    def group(self, _node: LexborNode, _tag: str) -> int:
        if self.tables:
            self.tables[-1].begin_group()
        return _OPEN

    def row(self, node: LexborNode, _tag: str) -> int:
        """A table's row, with all its cells."""
        self.flush()
        if not self.tables or (self.hides and _hidden(node.attributes)):
            return _SKIP
        table, page = self.tables[-1], self.page
        texts, hides = page.texts, self.hides
        table.begin_row()
        for cell in node.iter():
            if cell.tag not in _CELLS:
                continue
            names = cell.attributes
            if hides and names and _hidden(names):
                continue
            start = len(texts)
            text = _only_text(cell, hides)
            if text is None:
                self.open_box(PLAIN)
                self.run(cell)
                self.box = page.parents[self.box]
            elif text and (text.isalnum() or (text := _clean(text))):
                texts.append(text)
                page.owners.append(self.box)
                page.linked.append(0)
            table.add(start, len(texts), names.get("rowspan"), names.get("colspan"))
        return _SKIP

    def picture(self, node: LexborNode, _tag: str) -> int:
        names = node.attributes
        width, height = _size(names.get("width")), _size(names.get("height"))
        if min(width or _LEAST_PICTURE, height or _LEAST_PICTURE) >= _LEAST_PICTURE:
            self.page.pictures.append(Picture(names.get("src") or "", width, height, self.box))
            if self.tables:
                self.chunks.append(PICTURE)
        return _SKIP

    def field(self, node: LexborNode, tag: str) -> int:
        """A form's field in a table: what is typed in is printed, what is chosen isn't known."""
        if self.tables:
            names = node.attributes
            if tag == "select":
                self.chunks.append(PICTURE)
            elif tag == "textarea":
                self.chunks.append(node.text() or "")
            elif (names.get("type") or "text").lower() in ("text", "number", "tel"):
                self.chunks.append(names.get("value") or "")
        return _SKIP

    def frame(self, node: LexborNode, _tag: str) -> int:
        names = node.attributes
        self.page.files.append(names.get("src") or names.get("data") or "")
        return _SKIP

    def meta(self, node: LexborNode, _tag: str) -> int:
        names = node.attributes
        name = (names.get("name") or names.get("property") or "").lower()
        content = (names.get("content") or "").strip()
        if name and content:
            self.page.metas.append((name, content))
        return _SKIP

    def link_tag(self, node: LexborNode, _tag: str) -> int:
        names = node.attributes
        if (names.get("rel") or "").lower() == "canonical":
            self.page.metas.append(("canonical", (names.get("href") or "").strip()))
        return _SKIP

    def title(self, node: LexborNode, _tag: str) -> int:
        if not self.page.title:
            self.page.title = _COLLAPSE.sub(" ", node.text() or "").strip()
        return _SKIP


def _only_text(cell: LexborNode, hides: bool) -> str | None:
    """The text of a cell that holds a single piece of it, however wrapped; else None.

    Nearly all cells of a report's tables are of this kind.
    """
    node = cell.first_child
    while node is not None:
        follows = node.next
        if follows is not None:
            if node.is_empty_text_node:
                node = follows
                continue
            if follows.next is not None or not follows.is_empty_text_node:
                return None
        tag = node.tag
        if tag == "-text":
            return node.text_content
        if tag not in _WRAPPERS or (hides and _hidden(node.attributes)):
            return None
        node = node.first_child
    return ""


def _clean(text: str) -> str:
    """A line as it is shown: runs of space are one, none at its ends."""
    if "\n" in text or "  " in text or "\t" in text or "\r" in text:
        text = _COLLAPSE.sub(" ", text)
    text = text.strip()
    if text and (text[0] in _INVISIBLE or text[-1] in _INVISIBLE):
        text = text.strip(_EDGE)
    return text


def _hidden(names: dict[str, str | None]) -> bool:
    return "hidden" in names or bool(_UNSEEN.search(names.get("style") or ""))


def _size(printed: str | None) -> int | None:
    digits = re.match(r"\s*(\d{1,6})(?!\d*%)", printed or "")
    return int(digits[1]) if digits else None


_BLOCKS = [
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "main",
    "nav",
    "aside",
    "header",
    "footer",
    "form",
    "fieldset",
    "blockquote",
    "center",
    "figure",
    "figcaption",
    "address",
    "body",
    "menu",
    "dialog",
    "caption",
    "details",
    "summary",
    "legend",
]
_INLINE = ["span", "label", "font", "b", "strong", "em", "i", "u", "big", "small"]
_CELLS = frozenset(("td", "th"))
_WRAPPERS = frozenset([*_BLOCKS, *_INLINE, "a"])
_SKIPPED = [
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "math",
    "button",
    "option",
    "datalist",
    "audio",
    "video",
    "canvas",
    "map",
    "rt",
    "rp",
    "noframes",
    "xmp",
    "-comment",
]

Enter = Callable[[_Walker, LexborNode, str], int]

_ENTER: dict[str, Enter] = {
    **dict.fromkeys(_BLOCKS, _Walker.block),
    **dict.fromkeys(_INLINE, _Walker.inline),
    **dict.fromkeys(_SKIPPED, _Walker.skip),
    **dict.fromkeys(("sup", "sub", "del", "s", "strike"), _Walker.apart),
    **dict.fromkeys(("br", "hr"), _Walker.line_break),
    **dict.fromkeys(("thead", "tbody", "tfoot"), _Walker.group),
    **dict.fromkeys(("input", "textarea", "select"), _Walker.field),
    **dict.fromkeys(("iframe", "frame", "object", "embed"), _Walker.frame),
    "a": _Walker.link,
    "pre": _Walker.pre_block,
    "table": _Walker.table,
    "tr": _Walker.row,
    "img": _Walker.picture,
    "meta": _Walker.meta,
    "link": _Walker.link_tag,
    "title": _Walker.title,
}

_LEAVE: dict[str, Callable[[_Walker], None]] = {
    **dict.fromkeys(_BLOCKS, _Walker.flush),
    **dict.fromkeys(("sup", "sub", "del", "s", "strike"), _Walker.end_apart),
    "a": _Walker.end_link,
    "pre": _Walker.end_pre,
    "table": _Walker.end_table,
}
