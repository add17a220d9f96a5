"""Printed characters in, comparable ones out, one for one, so that places stay valid."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_RANGES = (
    (0x2E80, 0x2FDF),  # CJK and Kangxi radicals that fonts print for the ideographs
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0xFF01, 0xFF5E),  # full-width letters, digits and signs
)
_SPACES = "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0　\u1680\u2028\u2029\u202f\u205f\u3000"
_INVISIBLE = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u061c\ufe0f"
_SAME = {
    "(": "（〔［【﹙",
    ")": "）〕］】﹚",
    '"': "“”„‟＂〝〞″「」『』",
    "'": "‘’‚‛＇′",
    "-": "—–―‒‐‑－−﹣─━",
    "·": "•・‧∙●",
    "~": "～〜",
    "〇": "○◯",
    ".": "．",
}


def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for first, last in _RANGES:
        for code in range(first, last + 1):
            folded = unicodedata.normalize("NFKC", chr(code))
            if len(folded) == 1 and folded != chr(code):
                table[code] = folded
    for code in range(0x2000, 0x200B):
        table[code] = " "
    table |= {ord(c): " " for c in _SPACES + _INVISIBLE}
    for plain, variants in _SAME.items():
        table |= {ord(c): plain for c in variants}
    return table


_FOLD = _table()


def fold(text: str) -> str:
    """The text with width, brackets, quotes, dashes, spaces and radicals made uniform.

    Length-preserving: character i of the result stands for character i of `text`.
    """
    return text if text.isascii() and text.isprintable() else text.translate(_FOLD)


@lru_cache(maxsize=8192)
def squash(text: str) -> str:
    """Folded text without any space: what labels are compared by."""
    return "".join(fold(text).split())


def find_squashed(needle: str, text: str, start: int = 0) -> tuple[int, int] | None:
    """Where folded `needle` stands in `text`, whatever spaces are printed within it.

    Returns:
        Start and end in `text`, or None.
    """
    folded = fold(text)
    at = start
    while (at := folded.find(needle[0], at)) >= 0:
        i, j = at, 0
        while i < len(folded) and j < len(needle):
            if folded[i] == needle[j]:
                j += 1
            elif folded[i] != " ":
                break
            i += 1
        if j == len(needle):
            return at, i
        at += 1
    return None
