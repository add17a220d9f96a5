"""Lines in, the labels they print that tell one form from another out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import groupby

from govreport_core.align.lines import MAX_TABLE_LINE, Line
from govreport_core.align.telling import Wanted, telling
from govreport_core.align.vocabulary import key
from govreport_core.folding import fold, squash
from govreport_core.numerals import looks_like_value

# The header cell above the row labels of table 2, in every form.
_ITEM = "信息内容"
_SENTENCE = re.compile("[。；！？]")
# A plain line of a header has no longer pieces than that; a label broken over its lines must
# stand among so many others, and each half of one that is torn has so many characters.
_HEADER_PIECE = 9
_AMONG = 2
_HALF = 2


class Printed:
    """What a document prints of the labels that tell forms apart.

    Attributes:
        text: Its cells and lines, squashed; sentences left out.
    """

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self.text = "".join(
            [
                _plain_words(line.cells[0].text)
                if line.layout is None
                else "".join([words_of(cell.text) for cell in line.cells if cell.text])
                for line in lines
            ]
        )

    @cached_property
    def columns(self) -> frozenset[str]:
        """Labels of columns."""
        wanted = telling().columns
        return frozenset(_within(self.text, wanted)).union(_headers(self._lines, self.text, wanted))

    @cached_property
    def rows(self) -> frozenset[str]:
        """Labels of rows."""
        wanted = telling().rows
        return frozenset(_within(self.text, wanted)).union(
            _filled_rows(self._lines, self.text, wanted)
        )


@lru_cache(maxsize=8192)
def words_of(text: str) -> str:
    """A cell's or line's text to look for labels in; long prose has none."""
    if len(text) <= MAX_TABLE_LINE:
        return squash(text)
    return "".join(fold(text).split()) if _ITEM in text else ""


@lru_cache(maxsize=8192)
def _plain_words(text: str) -> str:
    """As `words_of`, of a line outside any table: a sentence may name a column and print none."""
    if _ITEM in text:
        return "".join(fold(text).split())
    return "" if len(text) > MAX_TABLE_LINE or _SENTENCE.search(text) else squash(text)


def _within(text: str, wanted: Wanted) -> Iterator[str]:
    """The long labels that a text prints, other than as a piece of a longer one."""
    for label, longer in wanted.long:
        if label not in text:
            continue
        rest = text
        for other in longer:
            rest = rest.replace(other, "\n")
        if label in rest:
            yield label


def _headers(lines: list[Line], text: str, wanted: Wanted) -> Iterator[str]:
    """The short labels that stand in a header, among other columns' labels.

    A header is a run of lines without any figure; a plain one may break labels
    over several of them, side by side, but is no running text.
    """
    maybe = [
        label
        for label in wanted.short
        if label in text or any(all(half in text for half in halves) for halves in _halves(label))
    ]
    if not maybe:
        return
    for is_header, run in groupby(lines, key=_may_head):
        if not is_header:
            continue
        stretch = list(run)
        pieces = [piece for line in stretch for piece in _pieces(line)]
        plain = "".join([squash(line.text) for line in stretch if line.layout is None])
        yield from (label for label in maybe if _heads(label, pieces, plain, wanted))


def _heads(label: str, pieces: list[str], plain: str, wanted: Wanted) -> bool:
    others = wanted.known - {label}
    if label in pieces and not others.isdisjoint(pieces):
        return True
    broken = label in plain or _torn(label, pieces, wanted)
    return broken and sum(other in plain for other in others) >= _AMONG


def _torn(label: str, pieces: list[str], wanted: Wanted) -> bool:
    """Whether a label's two halves stand apart, as where a narrow header is read by height.

    A half that ends labels of all forms (机构) must be there once more than they need it.
    """
    common = wanted.known - wanted.short
    return any(
        all(pieces.count(x) > sum(other.endswith(x) for other in common) for x in halves)
        for halves in _halves(label)
    )


def _halves(label: str) -> list[tuple[str, str]]:
    return [(label[:at], label[at:]) for at in range(_HALF, len(label) - _HALF + 1)]


def _may_head(line: Line) -> bool:
    pieces = _pieces(line)
    if line.layout is None and any(len(piece) > _HEADER_PIECE for piece in pieces):
        return False
    return bool(pieces) and not any(map(_is_value, pieces))


def _filled_rows(lines: list[Line], text: str, wanted: Wanted) -> Iterator[str]:
    """The short labels with figures after them, on their line or on the next one."""
    maybe = {label for label in wanted.short if label in text}
    if not maybe:
        return
    for at, line in enumerate(lines):
        here = _pieces(line)
        for label in maybe.intersection(here):
            after = here[here.index(label) + 1 :]
            if line.layout is None and not after and at + 1 < len(lines):
                after = _pieces(lines[at + 1])[:1]
            if any(map(_is_value, after)):
                yield label


def _pieces(line: Line) -> tuple[str, ...]:
    """A line's cells, or what a plain one prints between spaces, as labels are compared."""
    if line.layout is None:
        return _plain_pieces(line.cells[0].text)
    return tuple([key(cell.text) for cell in line.cells if cell.text])


@lru_cache(maxsize=8192)
def _plain_pieces(text: str) -> tuple[str, ...]:
    if len(text) > MAX_TABLE_LINE:
        return ()
    return tuple([key(piece) or squash(piece) for piece in text.split()])


_is_value = lru_cache(maxsize=8192)(looks_like_value)
