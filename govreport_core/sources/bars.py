"""Text lines in, what is a cell's text and what only a bar between two cells out.

Some ways of getting a page's text put a bar on a line of its own between two cells,
others one between all pieces of the page, in a single line. Such bars are no text. A
bar beside a blank cell stays: it shows that something is missing there.
"""

from __future__ import annotations

from itertools import pairwise

BAR = "|"
# A line as long as no row is, with more bars than a row has cells.
_LONG = 600
_MANY = 24

Piece = tuple[int, int]
"""Where a piece of text begins and ends in its line."""


def is_divider(lines: list[str], at: int) -> bool:
    """Whether a line is a bar and nothing else, with a text right before and right after it."""
    if lines[at].strip() != BAR or not 0 < at < len(lines) - 1:
        return False
    return all(lines[beside].strip() not in ("", BAR) for beside in (at - 1, at + 1))


def pieces_of(line: str) -> list[Piece]:
    """A line that holds a whole page, cut at its bars; none where it isn't one."""
    if len(line) <= _LONG or line.count(BAR) < _MANY:
        return []
    marks = [-1, *(i for i, char in enumerate(line) if char == BAR), len(line)]
    found: list[Piece] = []
    for before, after in pairwise(marks):
        printed = line[before + 1 : after]
        text = printed.strip()
        if text:
            start = before + 1 + len(printed) - len(printed.lstrip())
            found.append((start, start + len(text)))
        elif after < len(line) and (not found or found[-1][1] != before + 1):
            found.append((after, after + 1))
    return found
