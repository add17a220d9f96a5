"""Pages in, which of their lines are page numbers or repeated headers and footers out."""

from __future__ import annotations

import re
from collections import defaultdict

from govreport_core.folding import squash
from govreport_core.sources.pdf.lines import TextLine
from govreport_core.sources.pdf.pages import PageContent

_NUMBER = r"第?\d{1,4}页?"
_MARK = re.compile(rf"[-~·.]*{_NUMBER}(?:[/,]?共?\d{{1,4}}页?)?[-~·.]*")
_BARE = re.compile(r"\d{1,4}")
# Where headers and footers stand, as a share of the page's height.
_MARGIN = 0.085
_OUTER_LINES = 2
_SAME_PLACE = 4.0


def outer_lines(pages: list[PageContent]) -> dict[int, set[int]]:
    """By page, the numbers of the items that belong to the page and not to the report.

    A decorated number at a page's edge is a page number; a bare one where it
    counts with the pages. A line is a header or footer where it stands in the
    same place on three pages, or in the margins of two.
    """
    found: dict[int, set[int]] = defaultdict(set)
    texts: dict[str, list[tuple[PageContent, int, TextLine]]] = defaultdict(list)
    bare: list[tuple[PageContent, int, int]] = []
    for page in pages:
        for index, line in _outermost(page):
            text = squash(line.text)
            if _BARE.fullmatch(text):
                bare.append((page, index, int(text) - page.number))
            elif _MARK.fullmatch(text):
                found[page.number].add(index)
            else:
                texts[text].append((page, index, line))
    for lines in texts.values():
        for page, index, line in lines:
            alike = sum(abs(other.top - line.top) < _SAME_PLACE for _, _, other in lines)
            if alike > 2 or (alike > 1 and _in_margin(line, page)):
                found[page.number].add(index)
    for page, index, shift in bare:
        item = page.items[index]
        steady = sum(other == shift for _, _, other in bare) > 1
        if steady or (shift == 0 and isinstance(item, TextLine) and _in_margin(item, page)):
            found[page.number].add(index)
    return found


def _outermost(page: PageContent) -> list[tuple[int, TextLine]]:
    """The first and last lines of a page, as far as no table stands before or after them."""
    numbers = range(len(page.items))
    found: dict[int, TextLine] = {}
    for end in (numbers[:_OUTER_LINES], numbers[: -_OUTER_LINES - 1 : -1]):
        for index in end:
            item = page.items[index]
            if not isinstance(item, TextLine):
                break
            found[index] = item
    return list(found.items())


def _in_margin(line: TextLine, page: PageContent) -> bool:
    return line.bottom < _MARGIN * page.height or line.top > (1 - _MARGIN) * page.height
