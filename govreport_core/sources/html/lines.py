"""A cell's node in, the line of text in it out, where it holds no more than one."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from govreport_core.sources.html.elements import BLOCK, BREAK, HOLDER, STOP, TEXT

# So many tags around a piece of a line are looked through.
_WRAPPED = 6
_COLLAPSE = re.compile("[ \t\n\r\f]+")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_EDGE = " \t\r\n\f\v\xa0\u3000" + _INVISIBLE


def only_text(cell: LexborNode, hides: bool) -> str | None:
    """The text of a cell that holds a single line of it, however wrapped; else None.

    Nearly all cells of a report's tables are of this kind.
    """
    node = cell.first_child
    while node is not None:
        tag = node.tag_id
        if node.next is not None:
            return _one_line(cell, hides, _WRAPPED)
        if tag == TEXT:
            return node.text_content
        if tag in STOP or (hides and is_hidden(node.attributes)):
            return None
        node = node.first_child
    return ""


def _one_line(node: LexborNode, hides: bool, depth: int) -> str | None:
    """The same, where the line is in pieces: text beside text, or space beside a paragraph."""
    text = ""
    pieces = 0
    boxed = False
    child = node.first_child
    while child is not None:
        tag = child.tag_id
        piece: str | None
        if tag == TEXT:
            piece = child.text_content
        else:
            if tag in BLOCK:
                boxed = True
                if node.tag_id not in HOLDER:
                    return None
            if tag in STOP or not depth or (hides and is_hidden(child.attributes)):
                return None
            piece = _one_line(child, hides, depth - 1)
        if piece is None:
            return None
        if piece and not piece.isspace():
            pieces += 1
        text = text + piece if text else piece
        child = child.next
    return None if boxed and pieces > 1 else text


def only_lines(cell: LexborNode, hides: bool) -> list[str] | None:
    """The lines of a cell that holds text, breaks and paragraphs of text alone; else None."""
    lines: list[str] = []
    line = ""
    child = cell.first_child
    while child is not None:
        tag = child.tag_id
        piece: str | None = None
        if tag == TEXT:
            piece = child.text_content
        elif tag == BREAK or tag in BLOCK:
            if line:
                lines.append(line)
                line = ""
            if tag != BREAK:
                if hides and is_hidden(child.attributes):
                    return None
                if (piece := only_text(child, hides)) is None:
                    return None
                lines.append(piece)
            child = child.next
            continue
        elif tag not in STOP and not (hides and is_hidden(child.attributes)):
            piece = _one_line(child, hides, _WRAPPED)
        if piece is None:
            return None
        line += piece
        child = child.next
    lines.append(line)
    return [shown for line in lines if (shown := clean(line))]


def clean(text: str) -> str:
    """A line as it is shown: runs of space are one, none at its ends."""
    if "\n" in text or "  " in text or "\t" in text or "\r" in text:
        text = _COLLAPSE.sub(" ", text)
    text = text.strip()
    if text and (text[0] in _INVISIBLE or text[-1] in _INVISIBLE):
        text = text.strip(_EDGE)
    return text


def is_hidden(names: dict[str, str | None]) -> bool:
    """Whether an element of these attributes isn't shown."""
    return "hidden" in names or bool(_UNSEEN.search(names.get("style") or ""))
