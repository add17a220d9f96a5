"""Section five's prose in, the problems and improvements it names out, one each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govreport_core.folding import fold
from govreport_core.model import Point
from govreport_core.narrative.sections import Passage, Prose
from govreport_core.narrative.spoken import Said, spoken
from govreport_core.narrative.tabled import table_cells
from govreport_core.narrative.turns import State, named_within

# The least a point says: two characters, 太慢.
_SAYS = re.compile(r"[\u4e00-\u9fff][^\u4e00-\u9fff]*[\u4e00-\u9fff]")
_AROUND = " \n\t\u3000\xa0,，、"
# The day a report is signed and, behind it, what is annexed: it says no more of its problems.
# A day that something happened on or by stands in a sentence.
_NUMERAL = r"[\d〇零一二三四五六七八九十]"
_DAY = rf"(?<![于至在自从到]){_NUMERAL}{{4}}年{_NUMERAL}{{1,3}}月{_NUMERAL}{{1,3}}日"
_ANNEX = re.compile(rf"{_DAY}\s{{0,9}}附[件表]")


def find_points(prose: Prose) -> tuple[Point, ...]:
    """The problems and improvements that section five names.

    An item of an enumeration is one point, or one of each kind where it turns from
    a problem to what is done about it; text without an enumeration is one point a
    sentence. Nothing is made up: what can't be split stays one point, and what
    doesn't say which kind it is goes by what stands before it, else is a problem.
    """
    passage = prose.passages.get("s5_problems")
    if passage is None:
        return ()
    folded = fold(passage.text.replace("\t", "\n"))
    if "附" in folded and (annex := _ANNEX.search(folded)):
        folded = folded[: annex.start()]
    said: list[Said] = []
    for start, end, state in _parts(passage.text[: len(folded)], folded):
        said += spoken(folded, start, end, state, said[-1].item if said else 0)
    found = _merged(_kept(said))
    if all(kind == "improvement" for kind, _, _ in found):
        found = [part for one in found for part in _within(folded, *one)]
    return _numbered(passage, folded, found)


def _parts(text: str, folded: str) -> Iterator[tuple[int, int, State]]:
    """The running text, and the cells of its tables under what heads their columns."""
    at = 0
    for cell in table_cells(text, folded):
        if at < cell.start:
            yield at, cell.start, State()
        if cell.read:
            yield cell.start, cell.end, State(cell.kind, firm=cell.kind is not None)
        at = cell.end
    if at < len(folded):
        yield at, len(folded), State()


def _kept(said: list[Said]) -> list[Said]:
    """Without sentences that nothing says the kind of, where others name problems."""
    named = any(s.kind == "problem" and not s.weak for s in said)
    return [s for s in said if not (s.weak and named)]


def _merged(said: list[Said]) -> list[tuple[str, int, int]]:
    """Kind, start and end of each point."""
    found: list[tuple[str, int, int]] = []
    last: Said | None = None
    for one in said:
        if last is not None and (last.item, last.kind) == (one.item, one.kind):
            kind, start, _ = found[-1]
            found[-1] = kind, start, one.end
        else:
            found.append((one.kind, one.start, one.end))
        last = one
    return found


def _within(folded: str, kind: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """A measure, and the problem that only its own words name."""
    named = named_within(folded[start:end])
    if named is None:
        return [(kind, start, end)]
    first, last, on = (start + at for at in named)
    return [("problem", first, last), (kind, on, end)]


def _numbered(
    passage: Passage, folded: str, found: list[tuple[str, int, int]]
) -> tuple[Point, ...]:
    points: list[Point] = []
    counts = {"problem": 0, "improvement": 0}
    for kind, first, last in sorted(found, key=lambda f: (f[0] != "problem", f[1])):
        text = passage.text[first:last]
        bare = text.strip(_AROUND)
        if not _SAYS.search(folded, first, last):
            continue
        counts[kind] += 1
        at = first + text.index(bare)
        place = passage.span(at, at + len(bare))
        points.append(Point(kind, counts[kind], bare, *place))
    return tuple(points)
