"""Section five's prose in, the problems and improvements it names out, one each."""

from __future__ import annotations

import re
from itertools import pairwise

from govreport_core.folding import fold
from govreport_core.model import Point
from govreport_core.narrative.sections import Passage, Prose

# From the sentence with one of these on the text speaks of what will be done.
_TURN = re.compile(
    r"改进(?:情况|措施|方向|方面|工作|打算|思路)\s*(?:[:。\n]|主要|如下|有)"
    r"|(?:整改|工作|下一步|改进)(?:的)?(?:措施|打算|计划|思路)(?:是|为|如下|主要|[:。\n])"
    r"|(?:针对|对于|为解决|围绕)(?:存在的?|上述|以上|这些|有关)[^。\n]{0,8}(?:问题|不足)"
    r"|下一步|下一阶段|下步工作|今后(?:工作|一段时期)?[,:]|\d{4}\s*年,?\s*(?:我们|我局|我区|我市|我县|本机关)?将"
)
# Enumerations, finest first: where a part has one of them, it alone marks the points.
_ITEMS = tuple(
    re.compile(rf"(?:^|(?<=[。;:,\n]))\s*{mark}")
    for mark in (
        r"[一二三四五六七八九]是",
        r"\([一二三四五六七八九十]\)",
        r"\d{1,2}[.、](?!\d)",
        r"[一二三四五六七八九]、",
    )
)
_INTRODUCES = re.compile(r"[:：]$")
_LEAST = 6


def find_points(prose: Prose) -> tuple[Point, ...]:
    """The problems and improvements that section five enumerates.

    A part without an enumeration is one point a sentence. Nothing is made up:
    where the text doesn't turn to improvements, all are problems.
    """
    passage = prose.passages.get("s5_problems")
    if passage is None:
        return ()
    folded = fold(passage.text)
    turn = _TURN.search(folded)
    middle = _sentence_start(folded, turn.start()) if turn else len(folded)
    return (
        *_points("problem", passage, folded, 0, middle),
        *_points("improvement", passage, folded, middle, len(folded)),
    )


def _first_mark(folded: str, start: int, end: int) -> list[int]:
    """The only item of a part that enumerates just one, unless it is a heading."""
    match = _ITEMS[0].search(folded, start, end)
    return [match.start()] if match else []


def _sentence_start(text: str, at: int) -> int:
    return max(text.rfind(mark, 0, at) for mark in "。;\n") + 1


def _points(kind: str, passage: Passage, folded: str, start: int, end: int) -> list[Point]:
    found = ([m.start() for m in item.finditer(folded, start, end)] for item in _ITEMS)
    marks = next((m for m in found if len(m) > 1), None) or _first_mark(folded, start, end)
    if marks:
        bounds = list(zip(marks, [*marks[1:], end], strict=True))
    else:
        ends = [m.end() for m in re.finditer(r"[。;\n]+", folded[start:end])]
        edges = [start, *(start + e for e in ends), end]
        bounds = list(pairwise(edges))
    points: list[Point] = []
    for first, last in bounds:
        text = passage.text[first:last]
        bare = _without_heading(text).strip(" \n\t\u3000")
        if len(bare) < _LEAST or _INTRODUCES.search(bare) or _only_heading(bare):
            continue
        at = first + text.index(bare)
        place = passage.span(at, at + len(bare))
        points.append(Point(kind, len(points) + 1, bare, *place))
    return points


def _without_heading(text: str) -> str:
    """An item whose first line only names what follows, without that line."""
    first, _, rest = text.strip(" \n\t\u3000").partition("\n")
    return rest if rest and _only_heading(first) else text


def _only_heading(text: str) -> bool:
    return len(text) <= 14 and ("问题" in text or "改进" in text or "措施" in text)
