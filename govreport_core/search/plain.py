"""Printed text in, the text that searches compare out, with the way back to each character.

Width, script, case, brackets, quotes and dashes are made one; spaces and what prints
nothing are left out; ends of lines and cells stay, so that nothing is found across them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
import polars as pl

from govreport_core.folding import characters

_Codes: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint32]]

_BREAK = "\n"
_NOTHING = 0xFFFFFFFF  # in the place of a character that isn't compared
_AT_ONCE = 1_000_000  # bytes: what of them is looked up stays near the processor
# Beyond these, letters of one case have none of the other that is as long.
_CASED = (*range(0x41, 0x5B), *range(0xC0, 0x530), *range(0x2160, 0x2170))


@cache
def table() -> dict[str, str]:
    """Each character that isn't compared as it is, with what it is compared as; spaces with ''."""
    found = characters()
    cased = {chr(code): chr(code).lower() for code in _CASED}
    folded = {a: cased.get(b, b) for a, b in found.items()}
    lowered = {a: b for a, b in cased.items() if a != b and len(b) == 1 and a not in folded}
    spaces = {a: "" for a, b in folded.items() if b == " "}
    return folded | lowered | spaces | {" ": "", "\t": _BREAK, "\r": ""}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(table()))}]")


def plain(text: str) -> str:
    """The text as searches compare it."""
    known = table()
    return _pattern().sub(lambda found: known[found[0]], text)


def plain_column(texts: pl.Series, then: Mapping[str, str] | None = None) -> pl.Series:
    """The same of a column of texts, some hundred times as fast.

    Args:
        texts: Of strings; null stays null.
        then: Characters to put in the place of those that it would give.

    Returns:
        A column of that name and length.
    """
    codes = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    for char in (*table(), *(then or ())):
        folded = table().get(char, char)
        to = (then or {}).get(folded, folded)
        codes[ord(char)] = ord(to) if to else _NOTHING
    made = [pl.Series([], dtype=pl.String)]
    at = 0
    pieces = texts.str.len_bytes().fill_null(0).cum_sum() // _AT_ONCE
    for rows in pieces.rle().struct.field("len"):
        some = texts.slice(at, rows).to_list()
        made.append(pl.Series(_looked_up(some, codes), dtype=pl.String))
        at += rows
    return pl.concat(made, rechunk=True).alias(texts.name)


def _looked_up(texts: Sequence[str | None], codes: _Codes) -> list[str | None]:
    """Texts with a code in the place of each of their characters'."""
    joined = "".join(text or "" for text in texts).encode("utf-32-le")
    found = codes[np.frombuffer(joined, np.uint32)]
    left = np.concatenate([[0], np.cumsum(found != _NOTHING)])
    ends = left[np.cumsum([len(text or "") for text in texts])].tolist()
    whole = found[found != _NOTHING].tobytes().decode("utf-32-le")
    spans = zip(texts, [0, *ends], ends, strict=False)
    return [None if text is None else whole[start:end] for text, start, end in spans]


class Plain:
    """A text as searches compare it, with the places of its characters in the printed one."""

    def __init__(self, text: str) -> None:
        known = table()
        pairs = [(at, known.get(c, c)) for at, c in enumerate(text)]
        self.text = "".join(c for _, c in pairs)
        self.places = [at for at, c in pairs if c]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the compared text, at least a character long, is printed."""
        return self.places[start], self.places[end - 1] + 1
