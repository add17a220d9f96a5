"""Lines in, the headings of the form's sections among them out, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

import msgspec

from govreport_core.align.lines import MAX_TABLE_LINE, Line
from govreport_core.align.reworded import (
    MOST_MORE,
    How,
    Numbered,
    in_other_words,
    is_row,
    misprinted,
    numbered,
)
from govreport_core.align.vocabulary import vocabulary
from govreport_core.folding import fold, squash

# Every section's label has it, in every form.
_COMMON = "情况"
_NUMERALS = "一二三四五六"
_ENUMERATOR = re.compile(
    r"[#*>\"]*(?:([一二三四五六七八九十]|\d)[、.,:]|\(([一二三四五六七八九十])\)[、.,]?|第([一二三四五六])部分[、.,:]?)?"
)
# A number without its mark, or something else where the number should be: 大、
_ODD_NUMBER = re.compile(r"(?:(?P<number>[一二三四五六七八九])|\S{0,2}?[、.])")
# A numbered line short enough to be the first half of a heading.
_MAY_BREAK = re.compile(r"\s*[第(（]?[一二三四五六七八九十\d][^。]{2,40}\Z")
# Sections whose number alone, in its place, shows where they begin; the others' tables do.
_BY_NUMBER = frozenset({1, 5, 6})
# Sections whose headings no other part of a report has, whatever their number.
_OWN_WORDS = frozenset({4, 5, 6})
_AFTER_OVERVIEW = 2


class Heading(msgspec.Struct, frozen=True):
    """A section's heading in the document.

    Attributes:
        line: Its line's number.
        start, end: Characters of the line's text.
        number: The number as printed before it; empty where there is none.
        how: By its `label`, by a `misprint` of it, by other `words`, or only by the
            `number` that stands where it should be.
        since: The line it begins on, where it was broken over two.
    """

    section: str
    line: int
    start: int
    end: int
    number: str
    how: How = "label"
    since: int | None = None


class _Found(msgspec.Struct, frozen=True):
    section: str
    number: str
    start: int
    end: int
    how: How = "label"


class _Said(NamedTuple):
    """What a line's text says: the headings in it, else whether a broken one may end with it."""

    found: tuple[_Found, ...]
    ends: bool


_ENDS, _NOTHING = _Said((), ends=True), _Said((), ends=False)


def find_headings(
    lines: list[Line], form_id: str, without: AbstractSet[int] = frozenset()
) -> list[Heading]:
    """Each section's heading, in the order of the document; a section once at most.

    A heading that stands twice (a table of contents) counts where it stands last, unless
    it is only said again without its number, above its table.
    Those whose label isn't printed are looked for in other words, see `_reworded`.

    Args:
        lines: The document's lines.
        form_id: The form whose sections they are.
        without: Line numbers that belong to tables, whose rows may read like headings.
    """
    found: dict[str, Heading] = {}
    latest: str | None = None
    read = _reader(form_id)
    texts = [None if n in without else _only_text(line) for n, line in enumerate(lines)]
    for number, text in enumerate(texts):
        if text is None or text.isascii():  # figures: no label ends without a Chinese character
            continue
        long = len(text) > MAX_TABLE_LINE and lines[number].layout is None
        said = _in_long(form_id, text) if long else read(text)
        if said is _NOTHING:
            continue
        for m in said.found:
            if m.how != "label" and m.section in found and found[m.section].how == "label":
                continue
            numeral, since = m.number, None
            if not numeral and number and (numeral := number_alone(lines[number - 1])):
                since = number - 1
            if not numeral and latest == m.section and found[latest].number:
                continue
            found[m.section] = Heading(m.section, number, m.start, m.end, numeral, m.how, since)
            latest = m.section
        if said.ends and (heading := _broken(form_id, texts, number)):
            found[heading.section] = heading
    if any(section.number for section in vocabulary(form_id).form.sections):
        _reworded(texts, form_id, found)
    return sorted(found.values(), key=lambda h: (h.line, h.start))


def _broken(form_id: str, texts: list[str | None], number: int) -> Heading | None:
    """The heading that a line ends, if the one above begins it."""
    above, text = texts[number - 1] if number else None, texts[number] or ""
    if above is None or len(above) > MAX_TABLE_LINE or not _MAY_BREAK.match(above):
        return None
    joined = _joined(form_id, squash(above), squash(text))
    if joined is None:
        return None
    return Heading(joined[0], number, 0, len(text.rstrip()), joined[1], since=number - 1)


@lru_cache(maxsize=8192)
def _joined(form_id: str, above: str, text: str) -> tuple[str, str] | None:
    number, begun = _number(above)
    section = _sections(form_id).get(begun + text) if number and begun else None
    return (section, number) if section else None


def _number(printed: str) -> tuple[str, str]:
    """The number before a squashed heading, empty for none, and what is behind it."""
    match = _ENUMERATOR.match(printed)
    if match is None or match.lastindex is None:
        return "", printed[match.end() :] if match else printed
    return match[match.lastindex], printed[match.end() :]


def _reworded(texts: list[str | None], form_id: str, found: dict[str, Heading]) -> None:
    """Add the headings of sections not found yet, or only without a number, as above a table.

    They count as far as they can be nothing else: numbered in the way of the report's
    parts and between the headings before and after, in words that its section's heading
    may have; or, for sections without a table, by its number alone where no other number
    stands there.
    """
    sections = [s for s in vocabulary(form_id).form.sections if s.number]
    missing = [s for s in sections if s.code not in found or not found[s.code].number]
    if not missing:
        return
    candidates = _candidates(texts, form_id, found)
    numbers = {s.code: s.number for s in sections}
    for section in missing:
        lines = [(numbers.get(h.section, 0), h.line) for h in found.values()]
        first = max((line for n, line in lines if n < section.number), default=-1)
        last = min((line for n, line in lines if n > section.number), default=len(texts))
        if section.code in found:
            last = min(last, found[section.code].line)
        here = [c for c in candidates if first < c.line < last]
        if chosen := _in_words(section.code, section.number, here):
            how: How = "words"
        elif section.code in found:
            continue
        elif section.number in _BY_NUMBER and (chosen := _by_number(section.number, here)):
            how = "number"
        else:
            continue
        numeral = "一二三四五六七八九十"[chosen.number - 1]
        found[section.code] = Heading(
            section.code, chosen.line, chosen.start, chosen.end, numeral, how
        )


def _candidates(texts: list[str | None], form_id: str, found: dict[str, Heading]) -> list[Numbered]:
    """The lines numbered in the way of the report's parts, but for rows and headings found."""
    taken = {h.line for h in found.values()}
    styles = [
        n.style
        for h in found.values()
        if (text := texts[h.line]) is not None and (n := numbered(text)) is not None
    ]
    usual = {"chinese", "part", *(s for s in styles if styles.count(s) > 1)}
    return [
        msgspec.structs.replace(n, line=line)
        for line, text in enumerate(texts)
        if text is not None
        and line not in taken
        and (n := numbered(text)) is not None
        and n.style in usual
        and not is_row(form_id, n.words)
    ]


def _in_words(section: str, number: int, here: list[Numbered]) -> Numbered | None:
    """The one in the section's words: under its number, else the only one of all."""
    fitting = [c for c in here if in_other_words(section, c)]
    own = [c for c in fitting if c.number == number]
    if own:
        own = [c for c in own if c.whole] or own
        # The overview's own list stands before the second section, a table of contents before all.
        listed = number == 1 and any(c.line == own[0].line + 1 for c in here)
        return own[-1] if listed or number == _AFTER_OVERVIEW else own[0]
    sure = number in _OWN_WORDS and len(fitting) == 1 and fitting[0].whole
    return fitting[0] if sure else None


def _by_number(number: int, here: list[Numbered]) -> Numbered | None:
    """The only numbered line, where it has the section's number and no sentence behind it."""
    if len(here) != 1 or here[0].number != number or not here[0].whole:
        return None
    return here[0]


def number_alone(line: Line) -> str:
    """The number of a heading that was broken off after it, `六、`; empty for any other line."""
    if line.layout is not None or len(line.cells[0].text) > 8:
        return ""
    printed = squash(line.cells[0].text)
    match = _ENUMERATOR.fullmatch(printed) if printed else None
    return next((g for g in match.groups() if g), "") if match else ""


def _only_text(line: Line) -> str | None:
    """The text of a line that prints in one cell only."""
    if line.layout is None:
        return line.cells[0].text or None
    found: str | None = None
    for cell in line.cells:
        if cell.text:
            if found is not None:
                return None
            found = cell.text
    return found


@lru_cache(maxsize=64)
def _reader(form_id: str) -> Callable[[str], _Said]:
    """What reads the short texts of a form's reports, each once."""
    endings = _endings(form_id)

    @lru_cache(maxsize=4096)
    def said(text: str) -> _Said:
        printed = squash(text)
        if found := _heading(form_id, text, printed):
            return _Said(found, ends=False)
        return _ENDS if len(text) <= MAX_TABLE_LINE and printed in endings else _NOTHING

    return said


def _heading(form_id: str, text: str, printed: str) -> tuple[_Found, ...]:
    """A heading on a line of its own, or one with a number and text after it."""
    number, rest = _number(printed)
    begun = _labels(form_id) if rest.startswith(_beginnings(form_id)) else ()
    for label, section in begun:
        if not rest.startswith(label):
            continue
        after = rest[len(label) :]
        if not after.strip(":。.;") or (number and _follows(after)):
            folded = fold(text)
            end = _end_of(folded, len(printed) - len(after))
            start = len(folded) - len(folded.lstrip())
            return (_Found(section, number, start, end),)
    if len(rest) > _most(form_id) and len(rest.rstrip(":。.;")) > _most(form_id):
        return ()
    if odd := _ODD_NUMBER.match(rest):
        bare = rest[odd.end() :].rstrip(":。.;")
        if known := _sections(form_id).get(bare):
            start = len(text) - len(text.lstrip())
            return (_Found(known, odd["number"] or "", start, len(text.rstrip())),)
    return _alike(form_id, text, rest, number)


def _alike(form_id: str, text: str, rest: str, number: str) -> tuple[_Found, ...]:
    """A heading that is its section's label but for a little."""
    value = _NUMERALS.index(number) + 1 if number and number in _NUMERALS else None
    section = misprinted(form_id, rest.rstrip(":。;."), value)
    if section is None:
        return ()
    start = len(text) - len(text.lstrip())
    return (_Found(section, number, start, len(text.rstrip()), "misprint"),)


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
def _most(form_id: str) -> int:
    """The characters of the longest label, and so many as one that is but like it may have."""
    return len(_labels(form_id)[0][0]) + MOST_MORE


@lru_cache(maxsize=64)
def _sections(form_id: str) -> dict[str, str]:
    """The section of each squashed label."""
    return dict(_labels(form_id))


@lru_cache(maxsize=64)
def _endings(form_id: str) -> frozenset[str]:
    """What a label may go on with on its second line."""
    return frozenset(label[at:] for label, _ in _labels(form_id) for at in range(1, len(label)))


@lru_cache(maxsize=64)
def _beginnings(form_id: str) -> tuple[str, ...]:
    return tuple(label for label, _ in _labels(form_id))


@lru_cache(maxsize=64)
def _pattern(form_id: str) -> re.Pattern[str]:
    """Headings within glued text: a number, then a label, with spaces anywhere."""
    labels = "|".join(
        f"(?P<{section}_{i}>{' *'.join(map(re.escape, label))})"
        for i, (label, section) in enumerate(_labels(form_id))
    )
    return re.compile(rf"(?P<number>[{_NUMERALS}七八]) *[、.] *(?:{labels})")


@lru_cache(maxsize=64)
def _in_long(form_id: str, text: str) -> _Said:
    """Headings inside a long line, as crawlers glue them."""
    if _COMMON not in text:
        return _NOTHING
    found: list[_Found] = []
    for m in _pattern(form_id).finditer(fold(text)):
        name = next(k for k, v in m.groupdict().items() if v and k != "number")
        found.append(_Found(name.rpartition("_")[0], m["number"], m.start(), m.end()))
    return _Said(tuple(found), ends=False)
