"""Long text in, printed lines out, as a page of that width and height would break them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# A number and what belongs to it is never broken over two lines.
_UNBREAKABLE = re.compile(r"[0-9A-Za-z.,%]+|.", re.DOTALL)
_NEVER_FIRST = frozenset("，。；：、！？）》”)")
_AFTER_DIGITS = re.compile(r"(?<=\d)(?=[\u4e00-\u9fff])")
_BEFORE_DIGITS = re.compile(r"(?<=[\u4e00-\u9fff])(?=\d)")


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` characters, but for closing marks."""
    lines, line = [], ""
    for piece in _UNBREAKABLE.findall(text):
        if line and len(line) + len(piece) > width and piece not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line else lines


def spaced(text: str, *, after_only: bool) -> str:
    """The text with a space after each number, or around it, as PDF text comes."""
    text = _AFTER_DIGITS.sub(" ", text)
    return text if after_only else _BEFORE_DIGITS.sub(" ", text)


def paged(groups: Iterable[list[str]], height: int, *, mark_first: bool) -> Iterator[str]:
    """The lines with a page mark every `height` lines, never within a group.

    Args:
        groups: Lines that stay on one page.
        height: Lines on a page.
        mark_first: Whether the mark opens its page (after an empty line) or closes it.
    """
    page, used = 1, 0
    if mark_first:
        yield "- 1 -"
    for group in groups:
        if used and used + len(group) > height:
            if mark_first:
                yield from ("", f"- {page + 1} -")
            else:
                yield f"- {page} -"
            page, used = page + 1, 0
        used += len(group)
        yield from group
    if not mark_first:
        yield f"- {page} -"
