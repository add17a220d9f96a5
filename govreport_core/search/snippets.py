"""A text and the places of a query's words in it in, whole sentences with the words marked out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from govreport_core.model import Record

_END = re.compile(r"[。！？；!?;\n\t]+[”’」』）)]*")
# A sentence longer than this is cut around the word, and shows that it is.
_LONGEST = 160
_AROUND = 60
_CUT = "…"


class Piece(Record, frozen=True, gc=False):
    """A stretch of text, marked where it is what was looked for."""

    text: str
    marked: bool = False


def marked(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """A whole text in pieces.

    Args:
        text: As printed.
        spans: What to mark, in order and apart.
    """
    pieces: list[Piece] = []
    at = 0
    for start, end in spans:
        pieces += [Piece(text[at:start]), Piece(text[start:end], marked=True)]
        at = end
    pieces.append(Piece(text[at:]))
    return tuple(piece for piece in pieces if piece.text)


def snippet(
    text: str, spans: Sequence[tuple[int, int]], most: int = 2
) -> tuple[tuple[Piece, ...], ...]:
    """The first sentences that have one of the words, whole, the words marked.

    Args:
        text: As printed.
        spans: The words' places, in order and apart.
        most: How many sentences at most.

    Returns:
        The pieces of each; a sentence of over 160 characters is cut around its first word.
    """
    bounds = [0, *(found.end() for found in _END.finditer(text)), len(text)]
    shown: list[tuple[Piece, ...]] = []
    until = 0
    for start, end in spans:
        if start < until or len(shown) == most:
            continue
        first = bounds[bisect_right(bounds, start) - 1]
        until = next(bound for bound in bounds if bound >= end)
        within = [(a - first, b - first) for a, b in spans if first <= a and b <= until]
        shown.append(_trimmed(text[first:until], within))
    return tuple(shown)


def _trimmed(sentence: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    low = len(sentence) - len(sentence.lstrip())
    high = len(sentence.rstrip())
    before = after = ""
    if high - low > _LONGEST:
        start, end = spans[0]
        if start - _AROUND > low:
            low, before = start - _AROUND, _CUT
        if end + _AROUND < high:
            high, after = end + _AROUND, _CUT
    inside = [(max(a, low) - low, min(b, high) - low) for a, b in spans if a < high and b > low]
    pieces = marked(sentence[low:high], inside)
    ends = (Piece(before),), pieces, (Piece(after),)
    return tuple(piece for some in ends for piece in some if piece.text)
