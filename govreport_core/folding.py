"""Printed characters in, comparable ones out, one for one, so that places stay valid."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from string import ascii_lowercase

from opencc import OpenCC

_SHORT = 200
_RANGES = (
    (0x2E80, 0x2FDF),  # CJK and Kangxi radicals that fonts print for the ideographs
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0xFF01, 0xFF5E),  # full-width letters, digits and signs
)
# Radicals that Unicode has no compatible ideograph for, each before the one it is printed for.
_RADICALS = (
    "⺁厂⺄乙⺈刀⺊卜⺌小⺍小⺐尢⺒巳⺓幺⺛旡⺜日⺝月⺟母⺠民⺦丬⺧牛⺩王⺬示⺶羊⺻聿⺼肉⺽臼⻁虎⻄西⻅见⻆角⻉贝"
    "⻋车⻏邑⻑长⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻯龙⻰龙⻲龟⻳龟"
)
_SPACES = "\t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0　\u1680\u2028\u2029\u202f\u205f\u3000"
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


def _table() -> dict[str, str]:
    table = dict(SIMPLER)
    for first, last in _RANGES:
        for code in range(first, last + 1):
            folded = unicodedata.normalize("NFKC", chr(code))
            if len(folded) == 1 and folded != chr(code):
                # the ideograph of a radical may be a traditional one: ⾧ is 長
                table[chr(code)] = table.get(folded, folded)
    table |= dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))
    for code in range(0x2000, 0x200B):
        table[chr(code)] = " "
    table |= dict.fromkeys(_SPACES + _INVISIBLE, " ")
    for plain, variants in _SAME.items():
        table |= dict.fromkeys(variants, plain)
    return table


def _traditional() -> dict[str, str]:
    """Traditional characters and their simplified forms, one for one."""
    # A line each: OpenCC would otherwise take neighbours for a phrase.
    every = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = OpenCC("t2s").convert("\n".join(every)).split("\n")
    return {a: b for a, b in zip(every, simplified, strict=True) if a != b and len(b) == 1}


SIMPLER = _traditional()
"""Traditional characters and their simplified forms, one for one."""
_FOLD = _table()
_UNSEEN = dict.fromkeys(map(ord, _INVISIBLE))
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
# A syllable after its character: with a tone, or in brackets before the next character.
_PINYIN = re.compile(
    rf"(?<=[\u4e00-\u9fff]) ?(?:\(?(?=[a-zü]{{0,4}}[{_TONED}])[a-zü{_TONED}]{{1,6}}\)?"
    r"|\((?=[a-zü]{2})(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?[aeiouü]{1,3}(?:ng?|r)?\)(?=[\u4e00-\u9fff]))"
)
_LETTERS = frozenset(f"{ascii_lowercase}ü{_TONED}")
# What makes letters of pinyin, or is one.
_LETTERED = _LETTERS.union(char for char, plain in _FOLD.items() if plain in _LETTERS)
_FOLDED = re.compile(f"[{re.escape(''.join(_FOLD))}]")
_SEEN = re.compile(f"[{re.escape(''.join(_LETTERS.union(_FOLD)))}]")
# Those that become one which is to be folded where it stands itself.
_ONTO_ANOTHER = frozenset(char for char, plain in _FOLD.items() if plain in _FOLD)
# Of a longer text a list of all characters to fold would take too much memory.
_LONG = 10_000


def characters() -> dict[str, str]:
    """Each character that `fold` changes, with the one it becomes."""
    return dict(_FOLD)


def fold(text: str) -> str:
    """The text with width, brackets, quotes, dashes, spaces, radicals and script made uniform.

    Ends of lines stay; pinyin beside its character, 公(gōng)开, gives way to spaces.
    Length-preserving: character i of the result stands for character i of `text`.
    """
    if len(text) > _LONG:
        return _PINYIN.sub(_spaces, _FOLDED.sub(_folded, text))
    seen = _SEEN.findall(text)
    if not seen:
        return text
    # A text has few of them: each is replaced wherever it stands.
    chars: Iterable[str] = set(seen)
    lettered = not _LETTERED.isdisjoint(chars)
    if not _ONTO_ANOTHER.isdisjoint(chars):
        chars = sorted(chars, key=_ONTO_ANOTHER.__contains__)
    for char in chars:
        if char in _FOLD:
            text = text.replace(char, _FOLD[char])
    return _PINYIN.sub(_spaces, text) if lettered else text


def _folded(match: re.Match[str]) -> str:
    return _FOLD[match[0]]


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def without_invisible(text: str) -> str:
    """The text without the characters that print nothing; its places are no longer the source's."""
    return text.translate(_UNSEEN)


def squash(text: str) -> str:
    """Folded text without any space: what labels are compared by."""
    # Longer texts aren't kept: a cache counts entries, not their size.
    return _squashed(text) if len(text) < _SHORT else "".join(fold(text).split())


@lru_cache(maxsize=8192)
def _squashed(text: str) -> str:
    return "".join(fold(text).split())


class Squashed:
    """A text without its spaces, with the way back to the places in it."""

    def __init__(self, text: str) -> None:
        folded = fold(text)
        self.places = [i for i, c in enumerate(folded) if not c.isspace()]
        self.text = "".join(folded.split())

    def find(
        self, needle: str, start: int = 0, end: int | None = None, *, last: bool = False
    ) -> tuple[int, int] | None:
        """Where a squashed `needle` stands first, or last, between two offsets of the text.

        Returns:
            Its start and end in the text, or None.
        """
        first = bisect_left(self.places, start)
        stop = len(self.places) if end is None else bisect_left(self.places, end)
        at = (self.text.rfind if last else self.text.find)(needle, first, stop)
        if at < 0:
            return None
        return self.places[at], self.places[at + len(needle) - 1] + 1
