"""A document's first lines in, its title out, with the agency and the year that it names."""

from __future__ import annotations

import re

import msgspec

from govreport_core.align.lines import Line
from govreport_core.folding import fold
from govreport_core.identity.names import AGENCY, GENERIC, alone, bare, trimmed
from govreport_core.model import Cell, Document

HEAD_LINES = 60
_LONGEST = 2000
# 政府信息公开(工作)(年度)报告, with the year before, within or after it.
_NAME = (
    r"(?:政府|政务)?\s*信息\s*公开\s*(?:工作)?\s*(?:情况)?\s*的?\s*"
    r"(?:(?P<y2>\d{4})\s*年\s*(?:度)?\s*)?(?:年度|年)?\s*(?:工作)?\s*(?:报\s*告|年?\s*报|总结)"
)
_TITLE = re.compile(
    r"^(?:关于)?(?P<agency>.*?)\s*(?:关于)?\s*(?:(?P<y1>\d{4})\s*年\s*(?:度)?)?\s*(?P<office>[^\d\s]*?)\s*"
    rf"{_NAME}\s*(?:\(?(?P<y3>\d{{4}})\s*年?\s*(?:度)?\)?)?"
    r"\s*(?:\([^()]{1,12}\))?\s*的?(?:公示|公告)?$"
)
_DOCUMENT = re.compile(r"信息\s*公开.{0,14}?(?:报\s*告|年\s*报)")
# What a page notes above its title, and the items of its menus and of the path to it.
_NO_TITLE = re.compile(r"^\s*(?:[\u4e00-\u9fff]{2,6}\s*:|[*+>»•·-]\s)|[^>»]{1,80}[>»]")
# A title may be broken within its name; it begins on a line with this.
_BEGINS = re.compile(r"信息\s*公?\s*开?|年度\s*报告")
_SPELT_YEAR = re.compile(r"[二2][〇零0Oo][〇零一二三四五六七八九Oo0-9]{2}(?=年)")
_DIGITS = str.maketrans("〇零一二三四五六七八九Oo", "0012345678900")
# What an announcement of the report says around the agency's name.
_ANNOUNCED = re.compile(r"^(?:关于)?(?:公布|发布|印发|公开)|(?:发布|公布|印发)的?$")
_LAST = "告报)度年结示"
_TITLE_LENGTH = 90
_BEFORE_YEAR = re.compile(r"^(?P<agency>.*?)\s*(?:(?P<year>\d{4})\s*年\s*(?:度)?)?$")
_YEAR_ALONE = re.compile(r"^\(?(?P<year>\d{4})\s*年\s*(?:度)?\)?$")


class Title(msgspec.Struct, frozen=True):
    """The lines that name the document, and what they say of agency and year."""

    text: str
    agency: str | None
    year: int | None
    at: Cell
    lines: tuple[int, ...]


def find_titles(document: Document, lines: list[Line], body: int) -> list[Title]:
    """The lines that name the document, each with those above that belong to them.

    Several may: a menu names the document above its title, or other reports. The
    page's own title counts only where no line is one.
    """
    head = [
        (number, cell)
        for number in range(min(body, HEAD_LINES, len(lines)))
        if (cell := alone(lines[number])) and not _NO_TITLE.match(fold(cell.text[:_LONGEST]))
    ]
    found = [t for at in range(len(head)) if (t := _title_at(head, at)) is not None]
    if found:
        return found
    page = document.metadata.get("title")
    text = _solid(page.text[:200]) if page is not None else ""
    if page is not None and (match := _TITLE.match(_folded(text))):
        agency, year = _split_title(match, text)
        return [Title(page.text, agency, year, page, ())]
    return []


Head = list[tuple[int, Cell]]


def _title_at(head: Head, at: int) -> Title | None:
    """The title that begins with that line, or with the next; None where none does."""
    if not _BEGINS.search(fold(_solid(head[at][1].text))):
        return None
    if _names_report(_joined(head[at : at + 1])):
        return _title(head, at, 1)
    # What names it alone isn't the rest of the line above.
    whole = _joined(head[at : at + 2])
    if _names_report(whole) and not _names_report(_joined(head[at + 1 : at + 2])):
        return _title(head, at, 2)
    return None


def _names_report(text: str) -> bool:
    solid = fold(_solid(text))
    return 0 < len(solid) <= _TITLE_LENGTH and (
        _DOCUMENT.search(solid) is not None and solid[-1] in _LAST
    )


def _joined(head: Head) -> str:
    return "".join(cell.text.strip() for _, cell in head)


def _solid(text: str) -> str:
    """The text without spaces, invisible characters and pinyin, cut to what a title may be."""
    text = text[:_LONGEST]
    return "".join(c for c, plain in zip(text, fold(text), strict=True) if not plain.isspace())


def _folded(solid: str) -> str:
    """Folded for the patterns, one for one: 二〇二三年 and 2O23年 as 2023年."""
    return _SPELT_YEAR.sub(lambda m: m[0].translate(_DIGITS), fold(solid))


def _title(head: Head, at: int, count: int) -> Title:
    """The title's parts: from its own lines, else from a name or a year beside them."""
    text = _solid(_joined(head[at : at + count]))
    agency: str | None = None
    year: int | None = None
    if found := _TITLE.match(_folded(text)):
        agency, year = _split_title(found, text)
    first, last = at, at + count
    if year is None and last < len(head) and (below := _year_alone(head[last][1])):
        year, last = below, last + 1
    if year is None and at and (before := _year_alone(head[at - 1][1])):
        year, first = before, at - 1
    if agency is None or agency in GENERIC:
        for lines in (1, 2, 3):
            above = head[max(0, first - lines) : first]
            found_above = _named(_joined(above), agency or "") if len(above) == lines else None
            if found_above is not None:
                agency, year = found_above[0], year or found_above[1]
                first -= lines
                break
    used = head[first:last]
    return Title(_joined(used), agency, year, trimmed(used[0][1]), tuple(n for n, _ in used))


def _year_alone(cell: Cell) -> int | None:
    found = _YEAR_ALONE.match(_folded(_solid(cell.text)))
    return int(found["year"]) if found else None


def _named(text: str, rest: str) -> tuple[str, int | None] | None:
    """An agency's name in the lines above the title, perhaps with the year behind it.

    Args:
        text: Those lines, joined.
        rest: What the title's own line has of the name: `人民政府`.
    """
    text = _solid(text)
    match = _BEFORE_YEAR.match(_folded(text))
    if match is None:
        return None
    agency = bare(text[match.start("agency") : match.end("agency")]) + rest
    if not AGENCY.match(fold(agency)):
        return None
    return agency, int(match["year"]) if match["year"] else None


def _split_title(found: re.Match[str], text: str) -> tuple[str | None, int | None]:
    """The agency as printed in `text`, of which `found` matched the folded form, and the year.

    A name with a digit in it isn't one; of years that differ the one in brackets
    behind the document's name is the report's.
    """
    printed = "".join(text[found.start(g) : found.end(g)] for g in ("agency", "office"))
    agency = _ANNOUNCED.sub("", bare(printed).removesuffix("关于").strip("《 :："))
    told = [found[name] for name in ("y1", "y2", "y3") if found[name]]
    year = told[0] if len(set(told)) == 1 else found["y3"]
    named = agency if agency and not any(c.isdigit() for c in fold(agency)) else None
    return named, int(year) if year else None
