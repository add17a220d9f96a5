"""Section five's folded text in, its pieces out: sentences, each with the enumerator it opens with.

A piece ends where its sentence, its line or its item does; together they are the whole text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import msgspec

from govreport_core.narrative.point_words import Kind, MarkStyle, point_words
from govreport_core.narrative.remembered import remembered
from govreport_core.narrative.turns import heading_kind, leads_on

# Each begins with one of these characters, so that a search passes over all others at once.
_ENDS = re.compile(
    r"[。;!?\n.](?:(?<=[。;!?])[。;!?]*[\"')]*|(?<![,、]\n)(?<=\n)\n*"
    r"|(?<=[\u4e00-\u9fff\")]\.)(?=[ \n\u4e00-\u9fff]|\Z)(?! *\d+%))"
)
_VALUES = {n: i for i, n in enumerate("一二三四五六七八九十", start=1)}
_CIRCLED = re.compile("[①-⑳]|[⑴-⒇]|[❶-❿]|[➀-➉]")
_FIRST_CIRCLED = "①⑴❶➀"
_AFTER = {
    "clause": "\n。;:,.!?、)",
    "sentence": "\n。;:.!?)",
    "line": "\n",
}
_LINE = re.compile(r"[^\n]+")
_QUOTES = "\"'"
_TITLE = 24
_MARK = 32  # characters of an enumerator; only rows of signs that print no number are longer


class Mark(msgspec.Struct, frozen=True, gc=False):
    """An enumerator: where it stands, its style, its number (0 where it has none)."""

    start: int
    end: int
    style: str
    value: int
    kind: Kind | None


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A sentence or the end of one; `line` says whether it begins a line.

    Attributes:
        start, end: Its characters, the enumerator and the closing mark among them.
        content: Where the enumerator ends.
    """

    start: int
    end: int
    content: int
    mark: Mark | None
    line: bool


def pieces(folded: str, start: int, end: int) -> list[Piece]:
    """Cut a stretch of the text into pieces, in its order."""
    marks = list(_marks(folded, start, end))
    marks = sorted([*marks, *_shaped_lines(folded, start, end, marks)], key=lambda m: m.start)
    by_start = {m.start: m for m in marks}
    cuts = sorted({start, end, *by_start, *_ends(folded, start, end, marks)})
    found: list[Piece] = []
    for first, last in pairwise(cuts):
        if not folded[first:last].strip() and first not in by_start:
            continue
        mark = by_start.get(first)
        line = first == start or "\n" in folded[max(start, first - 2) : first]
        found.append(Piece(first, last, mark.end if mark else first, mark, line))
    return found


def _ends(folded: str, start: int, end: int, marks: list[Mark]) -> Iterator[int]:
    """Where sentences and lines end; a full stop within an enumerator ends none."""
    within: set[int] = set()
    if "." in folded:
        within = {at for mark in marks for at in range(mark.start + 1, mark.end + 1)}
    for match in _ENDS.finditer(folded, start, end):
        if match[0] != "." or match.end() not in within:
            yield match.end()


def _marks(folded: str, start: int, end: int) -> Iterator[Mark]:
    """The enumerators, each where one may stand."""
    words = point_words()
    passed = start
    begun: set[str] = set()
    for match in words.marks.finditer(folded, start, end):
        number = int((match.lastgroup or "m0")[1:])
        style = words.styles[number]
        at = match.start()
        while at > passed and folded[at - 1] == " ":
            at -= 1
        spaced = at < match.start()
        if at > start + 1 and folded[at - 1] in _QUOTES:
            at -= 1
        before = folded[at - 1] if at > start else "\n"
        passed = match.end()
        if not _stands(style, before, spaced):
            continue
        value = _value(number, match[0][:_MARK])
        if style.follows and value != 1 and style.style not in begun:
            continue
        begun.add(style.style)
        yield Mark(match.start(), match.end(), style.style, value, style.kind)


def _stands(style: MarkStyle, before: str, spaced: bool) -> bool:
    if style.after == "any":
        return True
    return before in _AFTER[style.after] or (spaced and style.after != "line")


@lru_cache(maxsize=1024)
def _value(style: int, printed: str) -> int:
    """The number that an enumerator of a style, given by its place, prints; 0 where it has none."""
    for word, number in point_words().styles[style].numbers.items():
        if printed.startswith(word):
            return number
    if _CIRCLED.match(printed):
        return 1 if printed in _FIRST_CIRCLED else 2
    digits = re.search(r"\d+", printed)
    if digits:
        return int(digits[0])
    numerals = [_VALUES[c] for c in printed if c in _VALUES]
    return sum(numerals) if len(numerals) < 3 else 0


def _shaped_lines(folded: str, start: int, end: int, marks: list[Mark]) -> Iterator[Mark]:
    """Lines without an enumerator that are items by their shape, as marks of no length.

    Neighbouring lines that each open with a short sentence of their own, or that each
    turn to what is done within themselves; a short line without a full stop before
    one that has it.
    """
    lines = [m.span() for m in _LINE.finditer(folded, start, end)]
    at = [mark.start for mark in marks]
    shapes = [
        "other" if bisect_left(at, b) > bisect_left(at, a) else _shape(folded[a:b])
        for a, b in lines
    ]
    for i, (first, _) in enumerate(lines):
        beside = shapes[max(0, i - 1) : i] + shapes[i + 1 : i + 2]
        below = shapes[i + 1] if i + 1 < len(shapes) else ""
        if (shapes[i] in ("opened", "paired") and shapes[i] in beside) or (
            shapes[i] == "title" and below in ("prose", "opened")
        ):
            yield Mark(first, first, "line", 0, None)


@remembered
def _shape(line: str) -> str:
    """What a line without an enumerator looks like.

    `title`; `opened`: a short sentence, then more; `paired`: a heading of measures
    within it; `prose`; or `other`.
    """
    bare = line.strip()
    ends = [m.end() for m in _ENDS.finditer(bare)]
    if not ends:
        titled = bare and len(bare) <= _TITLE and not set(bare) & set(",:")
        return "title" if titled and heading_kind(bare) is None else "other"
    first = bare[: ends[0]]
    if any(
        heading_kind(bare[e : bare.find(":", e, e + _TITLE) + 1]) == "improvement" for e in ends
    ):
        return "paired"
    if leads_on(first):
        return "other"
    short = len(first) <= _TITLE - 4 and "," not in first and first.endswith("。")
    return "opened" if short and len(ends) > 1 else "prose"
