"""Lines in, the headings of the form's sections among them out, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache

import msgspec
from rapidfuzz import fuzz

from govreport_core.align.lines import MAX_TABLE_LINE, Line
from govreport_core.align.vocabulary import vocabulary
from govreport_core.folding import fold, squash

# Every section's label has it, in every form.
_COMMON = "情况"
_NUMERALS = "一二三四五六"
# rapidfuzz ratio, 0-100: 总体工作情况 for 总体情况 is 80.
_ALIKE = 72.0
_ENUMERATOR = re.compile(
    r"(?:([一二三四五六七八九十]|\d)[、.,:]|\(([一二三四五六七八九十])\)[、.,]?|第([一二三四五六])部分[、:]?)?"
)


class Heading(msgspec.Struct, frozen=True):
    """A section's heading in the document.

    Attributes:
        line: Its line's number.
        start, end: Characters of the line's text.
        number: The number as printed before it; empty where there is none.
    """

    section: str
    line: int
    start: int
    end: int
    number: str


class _Found(msgspec.Struct, frozen=True):
    section: str
    number: str
    start: int
    end: int


def find_headings(
    lines: list[Line], form_id: str, without: AbstractSet[int] = frozenset()
) -> list[Heading]:
    """Each section's heading, in the order of the document; a section once at most.

    A heading that stands twice (a table of contents) counts where it stands last.

    Args:
        lines: The document's lines.
        form_id: The form whose sections they are.
        without: Line numbers that belong to tables, whose rows may read like headings.
    """
    found: dict[str, Heading] = {}
    for number, line in enumerate(lines):
        text = None if number in without else _only_text(line)
        if text is None:
            continue
        matches = (
            _in_long(form_id, text)
            if line.layout is None and len(text) > MAX_TABLE_LINE
            else _in_short(form_id, text)
        )
        for m in matches:
            numeral = m.number or (number_alone(lines[number - 1]) if number else "")
            found[m.section] = Heading(m.section, number, m.start, m.end, numeral)
    return sorted(found.values(), key=lambda h: (h.line, h.start))


def number_alone(line: Line) -> str:
    """The number of a heading that was broken off after it, `六、`; empty for any other line."""
    if line.layout is not None or len(line.cells[0].text) > 8:
        return ""
    printed = squash(line.cells[0].text)
    match = _ENUMERATOR.fullmatch(printed) if printed else None
    return next((g for g in match.groups() if g), "") if match else ""


def _only_text(line: Line) -> str | None:
    """The text of a line that prints in one cell only."""
    found: str | None = None
    for cell in line.cells:
        if cell.text:
            if found is not None:
                return None
            found = cell.text
    return found


@lru_cache(maxsize=8192)
def _in_short(form_id: str, text: str) -> tuple[_Found, ...]:
    """A heading on a line of its own, or one with a number and text after it."""
    printed = squash(text)
    match = _ENUMERATOR.match(printed)
    number = next((g for g in match.groups() if g), "") if match else ""
    rest = printed[match.end() :] if match else printed
    for label, section in _labels(form_id):
        if not rest.startswith(label):
            continue
        after = rest[len(label) :]
        if not after.strip(":。.;") or (number and _follows(after)):
            folded = fold(text)
            end = _end_of(folded, len(printed) - len(after))
            start = len(folded) - len(folded.lstrip())
            return (_Found(section, number, start, end),)
    return _alike(form_id, text, rest, number)


def _alike(form_id: str, text: str, rest: str, number: str) -> tuple[_Found, ...]:
    """A heading in other words: numbered as the section is, and much like its label."""
    for section in vocabulary(form_id).form.sections:
        if (
            not section.number
            or number != _NUMERALS[section.number - 1]
            or len(rest) > len(section.label) + 12
        ):
            continue
        likeness = max(fuzz.ratio(rest, squash(x)) for x in (section.label, *section.aliases))
        if likeness >= _ALIKE:
            start = len(text) - len(text.lstrip())
            return (_Found(section.code, number, start, len(text.rstrip())),)
    return ()


def _follows(after: str) -> bool:
    """Whether what follows a numbered heading can be its section's text."""
    return after[0] in ":。.;(（" or (len(after) > 8 and after[0] not in "、,和及")


def _end_of(folded: str, characters: int) -> int:
    """The offset after that many characters other than spaces."""
    count = 0
    for at, char in enumerate(folded):
        if not char.isspace():
            count += 1
            if count == characters:
                return at + 1
    return len(folded)


@lru_cache(maxsize=64)
def _labels(form_id: str) -> tuple[tuple[str, str], ...]:
    """Squashed section labels, longest first."""
    sections = vocabulary(form_id).form.sections
    pairs = [(squash(x), s.code) for s in sections for x in (s.label, *s.aliases)]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=64)
def _pattern(form_id: str) -> re.Pattern[str]:
    """Headings within glued text: a number, then a label, with spaces anywhere."""
    labels = "|".join(
        f"(?P<{section}_{i}>{' *'.join(map(re.escape, label))})"
        for i, (label, section) in enumerate(_labels(form_id))
    )
    return re.compile(rf"(?P<number>[{_NUMERALS}七八]) *[、.] *(?:{labels})")


@lru_cache(maxsize=64)
def _in_long(form_id: str, text: str) -> tuple[_Found, ...]:
    """Headings inside a long line, as crawlers glue them."""
    if _COMMON not in text:
        return ()
    found: list[_Found] = []
    for m in _pattern(form_id).finditer(fold(text)):
        name = next(k for k, v in m.groupdict().items() if v and k != "number")
        found.append(_Found(name.rpartition("_")[0], m["number"], m.start(), m.end()))
    return tuple(found)
