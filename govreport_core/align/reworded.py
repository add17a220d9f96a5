"""Lines and the headings found by their labels in, those in other words out.

A heading in other words counts only where it can't be anything else: numbered as the
report numbers its parts, and between the headings before and after it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from govreport_core.align.vocabulary import key, vocabulary
from govreport_core.align.wordings import wordings
from govreport_core.folding import fold, squash

How = Literal["label", "misprint", "words", "number"]
Style = Literal["chinese", "part", "bracket", "digit"]

_NUMERALS = "一二三四五六七八九十"
_NUMBERED = re.compile(
    rf"[ #*>\"]*(?:(?P<chinese>[{_NUMERALS}]) *(?:[、.,:]|(?= ))"
    rf"|第 *(?P<part>[{_NUMERALS}]) *部分 *[、.,:]?"
    rf"|\( *(?P<bracket>[{_NUMERALS}]) *\) *[、.,]?|(?P<digit>[1-9]) *[、.,])"
)
# A title and the words on the same line are parted by one of these.
_CLOSES = re.compile(r"[。;:]|(?<=\S)  +|(?<=\S) (?=\S{13})")
_LONGEST = 44
_LEAST_SURE = 6  # characters of a label that is known by all but one of them
# A title that is much like a label has so many characters more at most.
MOST_MORE = 12
# rapidfuzz ratio, 0-100: 总体工作情况 for 总体情况 is 80.
_ALIKE = 72.0


class Numbered(msgspec.Struct, frozen=True, gc=False):
    """A line that opens with a number as a section's heading does.

    Attributes:
        number: 1 to 10.
        start, end: The characters of the heading in the line's text.
        words: What it says behind its number, squashed; empty for a number alone.
    """

    line: int
    number: int
    style: Style
    start: int
    end: int
    words: str
    whole: bool


@lru_cache(maxsize=8192)
def numbered(text: str) -> Numbered | None:
    """A line's text as a numbered heading, its line being 0; None for any other."""
    folded = fold(text[: 2 * _LONGEST])
    match = _NUMBERED.match(folded)
    if match is None:
        return None
    style: Style = match.lastgroup  # type: ignore[assignment]
    close = _CLOSES.search(folded, match.end())
    end = close.start() if close else len(folded)
    words = squash(folded[match.end() : end])
    whole = not folded[end:].strip(" 。;:") and len(text) <= 2 * _LONGEST
    if len(words) > _LONGEST:
        return None
    printed = match[style]
    value = int(printed) if style == "digit" else _NUMERALS.index(printed) + 1
    start = len(folded) - len(folded.lstrip())
    return Numbered(0, value, style, start, end if words else match.end(), words, whole)


def misprinted(form_id: str, words: str, number: int | None) -> str | None:
    """The section whose label this is but for one character, or much like it under its number."""
    for label, code in _as_long(form_id).get(len(words), ()):
        if Levenshtein.distance(words, label, score_cutoff=1) < 2:
            return code
    if number is None:
        return None
    likeness = {
        code: max(fuzz.ratio(words, label) for label in labels)
        for code, labels in _numbered_labels(form_id).get(number, ())
        if len(words) <= len(labels[0]) + MOST_MORE
    }
    best = max(likeness, key=likeness.__getitem__, default=None)
    return best if best is not None and likeness[best] >= _ALIKE else None


@lru_cache(maxsize=64)
def _numbered_labels(form_id: str) -> dict[int, list[tuple[str, tuple[str, ...]]]]:
    """The sections with a number, by it: the code, and the labels squashed."""
    found: dict[int, list[tuple[str, tuple[str, ...]]]] = {}
    for section in vocabulary(form_id).form.sections:
        if section.number:
            labels = tuple(map(squash, (section.label, *section.aliases)))
            found.setdefault(section.number, []).append((section.code, labels))
    return found


@lru_cache(maxsize=64)
def _as_long(form_id: str) -> dict[int, list[tuple[str, str]]]:
    """The long labels with their section's code, by each length that is theirs but for one."""
    found: dict[int, list[tuple[str, str]]] = {}
    for sections in _numbered_labels(form_id).values():
        for code, labels in sections:
            for label in labels:
                if len(label) >= _LEAST_SURE:
                    for length in range(len(label) - 1, len(label) + 2):
                        found.setdefault(length, []).append((label, code))
    return found


def in_other_words(section: str, heading: Numbered) -> bool:
    """Whether a numbered line says what the section's heading may say."""
    wording = wordings().get(section)
    return wording is not None and wording.pattern.fullmatch(heading.words) is not None


@lru_cache(maxsize=8192)
def is_row(form_id: str, words: str) -> bool:
    """Whether it is a row of one of the form's tables: 四、结转下年度继续办理; 其他 is no sign."""
    bare = key(words)
    rows = [label for t in vocabulary(form_id).tables.values() for label in t.rows]
    return len(bare) > 2 and any(label.startswith(bare) for label in rows)
