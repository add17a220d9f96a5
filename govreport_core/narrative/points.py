"""Section five's prose in, the problems and improvements it names out, one each."""

from __future__ import annotations

import re

from govreport_core.folding import fold
from govreport_core.model import Point
from govreport_core.narrative.sections import Passage, Prose

# From here on the text speaks of what will be done.
_TURN = re.compile(
    r"改进(?:情况|措施|方向|方面|工作|打算)?\s*[:。\n]|整改措施|(?:针对|对于)(?:存在的?|上述|以上|这些)[^。\n]{0,8}问题"
    r"|下一步|下一阶段|今后(?:工作)?[,:]|\d{4}\s*年,?\s*我们将"
)
_ITEM = re.compile(r"(?:^|(?<=[。;:,\n]))\s*(?:[一二三四五六七八九十]是|\([一二三四五六七八九十]\)|\d{1,2}[.、](?!\d))")
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
    middle = turn.start() if turn else len(folded)
    return (
        *_points("problem", passage, folded, 0, middle),
        *_points("improvement", passage, folded, middle, len(folded)),
    )


def _points(
    kind: str, passage: Passage, folded: str, start: int, end: int
) -> list[Point]:
    marks = [m.start() for m in _ITEM.finditer(folded, start, end)]
    if marks:
        bounds = list(zip(marks, [*marks[1:], end], strict=True))
    else:
        ends = [m.end() for m in re.finditer(r"[。;\n]+", folded[start:end])]
        edges = [start, *(start + e for e in ends), end]
        bounds = list(zip(edges, edges[1:], strict=False))
    points: list[Point] = []
    for first, last in bounds:
        text = passage.text[first:last]
        bare = text.strip(" \n\t\u3000")
        if len(bare) < _LEAST or _INTRODUCES.search(bare) or _only_heading(bare):
            continue
        at = first + text.index(bare)
        part, begin = passage.place(at)
        end_part, stop = passage.place(at + len(bare) - 1)
        points.append(Point(kind, len(points) + 1, bare, part, begin, end_part, stop + 1))
    return points


def _only_heading(text: str) -> bool:
    return len(text) <= 14 and ("问题" in text or "改进" in text or "措施" in text)
