"""A document's first lines in, its title out, with the agency and the year that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from govreport_core.align.lines import Line
from govreport_core.folding import fold
from govreport_core.identity.names import (
    AGENCY,
    GENERIC,
    PLACE,
    alone,
    bare,
    begins_with_a_place,
    goes_on,
    is_rest,
    is_torn,
    own_name,
    trimmed,
)
from govreport_core.model import Cell, Document

HEAD_LINES = 60
_LONGEST = 2000
# 政府信息公开(工作)(年度)报告, with the year before, within or after it.
_NAME = (
    r"(?:政府|政务)?\s*信息\s*公开\s*(?:工作)?\s*(?:情况)?\s*的?\s*"
    r"(?:(?P<y2>\d{4})\s*年\s*(?:度)?\s*)?(?:年度|年)?\s*(?:工作)?\s*(?:报\s*告|年?\s*报|总结)"
)
_SPACE = re.compile(r"\s")
_TITLE = re.compile(
    r"^(?:关于)?(?P<agency>.*?)\s*(?:关于)?\s*(?:(?P<y1>\d{4})\s*年\s*(?:度)?)?\s*(?P<office>[^\d\s]*?)\s*"
    rf"{_NAME}\s*(?:\(?(?P<y3>\d{{4}})\s*年?\s*(?:度)?\)?)?"
    r"\s*(?:\([^()]{1,12}\))?\s*的?(?:公示|公告)?$"
)
_DOCUMENT = re.compile(r"信息\s*公开.{0,14}?(?:报\s*告|年\s*报)")
# The end of a title behind which the same title may stand again.
_AGAIN = re.compile(r"信息公开(?:工作)?(?:年度)?(?:工作)?(?:报告|年报)(?:\(\d{4}年?度?\))?(?=..)")
# What a page notes above its title, and the items of its menus and of the path to it.
_NO_TITLE = re.compile(r"^\s*(?:[\u4e00-\u9fff]{2,6}\s*:|[*+>»•·-]\s)|[^>»]{1,80}[>»]")
# What a box or a heading's sign says before the title.
_LABEL = re.compile(
    r"^\s*(?:#{1,6}|\*\*|(?:信\s*息|文\s*件)?\s*(?:名\s*称|标\s*题|题\s*名)(?:\s*[:|]|\s+)"
    r"|附\s*件\s*\d{0,2}\s*:|\d{1,2}\s*[.、](?!\d))\s*"
)
_LABEL_ALONE = re.compile(r"^(?:信息|文件)?(?:名称|标题|题名):?$")
_CLOSE = re.compile(r"\s*(?:\*\*|》|\.(?:pdf|docx?|wps|html?))\s*$")
# A title may be broken within its name; it begins on a line with this.
_BEGINS = re.compile(r"信息\s*公?\s*开?|年度\s*报告")
# A title that doesn't name the document: only directly below a name.
_SHORT = re.compile(r"^(?P<year>\d{4})年(?:度|年度)?(?:工作)?报告$")
_SHORT_WITHIN = 4
_SPELT_YEAR = re.compile(r"(?!\d{4})[二2][〇零0Oo][〇零一二三四五六七八九Oo0-9]{2}(?=年)")
_DIGITS = str.maketrans("〇零一二三四五六七八九Oo", "0012345678900")
# What an announcement of the report says around the agency's name.
_ANNOUNCED = re.compile(r"^(?:关于)?(?:公布|发布|印发|公开)|(?:发布|公布|印发)的?$")
_LAST = "告报)度年结示"
_TITLE_LENGTH = 90
_TITLE_LINES = 3
_BEFORE_YEAR = re.compile(r"^(?P<agency>.*?)\s*(?:(?P<year>\d{4})\s*年\s*(?:度)?)?$")
_BEFORE_HANGING = re.compile(r"^(?P<agency>.*?)\s*(?P<year>\d{4})?$")
_YEAR_ALONE = re.compile(r"^\(?(?P<year>\d{4})\s*年\s*(?:度)?\)?$")
_NUMBER_ALONE = re.compile(r"^(?P<year>20\d{2})$")


class Title(msgspec.Struct, frozen=True):
    """The lines that name the document, and what they say of agency and year."""

    text: str
    agency: str | None
    year: int | None
    at: Cell
    lines: tuple[int, ...]


class _Told(msgspec.Struct, frozen=True):
    """What a title's own lines tell; `hanging` where the year of a 年 stands elsewhere."""

    agency: str | None = None
    year: int | None = None
    hanging: bool = False


def find_titles(document: Document, lines: list[Line], body: int) -> list[Title]:
    """The lines that name the document, each with those above that belong to them.

    Several may: a menu names the document above its title, or other reports. The
    page's own title counts only where no line is one.
    """
    head = [
        (number, cell)
        for number in range(min(body, HEAD_LINES, len(lines)))
        if (cell := _of_line(lines[number])) and not _NO_TITLE.match(fold(cell.text[:_LONGEST]))
    ]
    found = [t for at in range(len(head)) if (t := _title_at(head, at)) is not None]
    if found:
        return found
    if (short := _short_title(head)) is not None:
        return [short]
    page = document.metadata.get("title")
    text = _solid(page.text[:200]) if page is not None else ""
    if page is not None and (match := _TITLE.match(_folded(text))):
        told = _split_title(match, text)
        return [Title(page.text, told.agency, told.year, page, ())]
    return []


Head = list[tuple[int, Cell]]


def _of_line(line: Line) -> Cell | None:
    """What a line prints as its one text, without the label or sign before it (名称, #, 附件1)."""
    cells = [c for c in line.cells if c.text.strip()]
    if len(cells) == 2 and _LABEL_ALONE.match(fold(bare(cells[0].text[:20]))):
        return cells[1]
    cell = alone(line)
    if cell is None:
        return None
    folded = fold(cell.text[:_LONGEST])
    before = _LABEL.match(folded)
    start = before.end() if before else 0
    # A crawler's bars set a whole page on one line: its title comes first.
    bar = folded.find("|", start)
    end = bar if bar >= 0 else len(cell.text)
    if end <= _TITLE_LENGTH and (behind := _CLOSE.search(folded[:end])):
        end = behind.start()
    if (start, end) == (0, len(cell.text)):
        return cell
    kept = cell.text[start:end]
    return Cell(kept, cell.part, cell.start + start, cell.start + end) if kept.strip() else cell


def _title_at(head: Head, at: int) -> Title | None:
    """The title that begins with that line and ends with it or one of the next; None for none."""
    if not _BEGINS.search(_plain(head[at][1].text)):
        return None
    if _names_report(_joined(head[at : at + 1])):
        return _title(head, at, 1)
    for count in range(2, _TITLE_LINES + 1):
        # What names it alone isn't the rest of the line above.
        if _names_report(_joined(head[at + count - 1 : at + count])):
            return None
        whole = _joined(head[at : at + count])
        if _names_report(whole) and (count == 2 or _TITLE.match(_folded(_solid(whole)))):
            return _title(head, at, count)
    return None


def _names_report(text: str) -> bool:
    solid = _plain(text)
    longest = _TITLE_LENGTH * (1 + bool(_AGAIN.search(solid)))
    return 0 < len(solid) <= longest and (
        _DOCUMENT.search(solid) is not None and solid[-1] in _LAST
    )


def _joined(head: Head) -> str:
    return "".join(cell.text.strip() for _, cell in head)


def _solid(text: str) -> str:
    """The text without spaces, invisible characters and pinyin, cut to what a title may be."""
    return _closed(text[:_LONGEST])[0]


def _plain(text: str) -> str:
    """The same, folded."""
    return _closed(text[:_LONGEST])[1]


@lru_cache(maxsize=256)
def _closed(text: str) -> tuple[str, str]:
    """Without its spaces, as printed and folded; the lines of a title are looked at many times."""
    folded = fold(text)
    if _SPACE.search(folded) is None:
        return text, folded
    solid = "".join(c for c, plain in zip(text, folded, strict=True) if not plain.isspace())
    return solid, fold(solid)


def _folded(solid: str) -> str:
    """Folded for the patterns, one for one: 二〇二三年 and 2O23年 as 2023年."""
    return _SPELT_YEAR.sub(lambda m: m[0].translate(_DIGITS), fold(solid))


def _title(head: Head, at: int, count: int) -> Title:
    """The title's parts: from its own lines, else from a name or a year beside them."""
    told = _told(_solid(_joined(head[at : at + count])))
    agency, year = told.agency, told.year
    first, last = at, at + count
    if year is None and last < len(head) and (below := _year_alone(head[last][1], told)):
        year, last = below, last + 1
    if year is None and at and (before := _year_alone(head[at - 1][1], told)):
        year, first = before, at - 1
    if agency is None or is_rest(agency):
        for lines in (1, 2, 3):
            above = head[max(0, first - lines) : first]
            named = _named(_joined(above), agency or "", told) if len(above) == lines else None
            if named is not None:
                agency, year = named[0], year or named[1]
                first -= lines
                break
    if agency is not None and is_torn(agency):
        agency = None
    if agency and first and not begins_with_a_place(agency) and _is_begun(head[first - 1][1]):
        first -= 1
        agency = own_name(head[first][1].text) + agency
    used = head[first:last]
    return Title(_joined(used), agency, year, trimmed(used[0][1]), tuple(n for n, _ in used))


def _told(text: str) -> _Told:
    """What a title's lines tell; of a title that stands there twice, what both say alike."""
    told = [
        _split_title(found, part)
        for part in _repeated(text)
        if (found := _TITLE.match(_folded(part))) is not None
    ]
    if len(told) < 2:
        return told[0] if told else _Told()
    names = {t.agency for t in told if t.agency}
    years = {t.year for t in told if t.year}
    return _Told(
        names.pop() if len(names) == 1 else None,
        years.pop() if len(years) == 1 else None,
    )


def _repeated(text: str) -> Iterator[str]:
    """The text cut behind each title in it; whole where what is behind isn't one."""
    ends = [found.end() for found in _AGAIN.finditer(fold(text))]
    parts = [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    if all(_DOCUMENT.search(fold(part)) for part in parts):
        yield from parts
    else:
        yield text


def _short_title(head: Head) -> Title | None:
    """A name and below it `2023年报告`, where the document begins with these."""
    for at, (_, cell) in enumerate(head[1:_SHORT_WITHIN], start=1):
        text = _solid(cell.text)
        found = _SHORT.match(_folded(text))
        name = own_name(_joined(head[:at]))
        if found and (AGENCY.match(fold(name)) or PLACE.match(name)):
            used = head[: at + 1]
            numbers = tuple(n for n, _ in used)
            year = int(found["year"])
            return Title(_joined(used), name, year, trimmed(used[0][1]), numbers)
    return None


def _is_begun(cell: Cell) -> bool:
    """Whether a line is a place's name, or one that breaks off."""
    name = own_name(cell.text[:_TITLE_LENGTH])
    return PLACE.match(name) is not None or goes_on(name)


def _year_alone(cell: Cell, told: _Told) -> int | None:
    """A line that is a year; one without 年 where the title has a 年 that lacks its number."""
    text = _folded(_solid(cell.text))
    found = _YEAR_ALONE.match(text) or (_NUMBER_ALONE.match(text) if told.hanging else None)
    return int(found["year"]) if found else None


def _named(text: str, rest: str, told: _Told) -> tuple[str, int | None] | None:
    """An agency's name in the lines above the title, perhaps with the year behind it.

    Args:
        text: Those lines, joined.
        rest: What the title's own line has of the name: `人民政府`.
        told: What the title tells, for a 年 whose number ends the line above.
    """
    text = _solid(text)
    match = (_BEFORE_HANGING if told.hanging else _BEFORE_YEAR).match(_folded(text))
    if match is None:
        return None
    above = own_name(text[match.start("agency") : match.end("agency")].removesuffix("关于"))
    agency = above + rest
    # A menu's item isn't the beginning of 理局.
    if not AGENCY.match(fold(agency)) or (
        rest and rest not in GENERIC and not begins_with_a_place(above)
    ):
        return None
    return agency, int(match["year"]) if match["year"] else None


def _split_title(found: re.Match[str], text: str) -> _Told:
    """The agency as printed in `text`, of which `found` matched the folded form, and the year.

    A name with a digit in it isn't one; of years that differ the one in brackets
    behind the document's name is the report's.
    """
    printed = "".join(text[found.start(g) : found.end(g)] for g in ("agency", "office"))
    printed = bare(printed).removesuffix("关于").strip("《 :：")
    agency = own_name(_ANNOUNCED.sub("", printed))
    told = [found[name] for name in ("y1", "y2", "y3") if found[name]]
    year = told[0] if len(set(told)) == 1 else found["y3"]
    named = agency if agency and not any(c.isdigit() for c in fold(agency)) else None
    hanging = not told and (printed.startswith("年") or printed.endswith("年"))
    return _Told(None if named == "年" else named, int(year) if year else None, hanging)
