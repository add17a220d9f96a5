"""Word's lists and styles in, the automatic number before each paragraph out."""

from __future__ import annotations

import re

from lxml import etree

from govreport_core.sources.docx.counting import printed_number
from govreport_core.sources.docx.names import W, number_of, switched_on, value_of

_STYLE = f"{W}pStyle"
_NUM = f"{W}numPr"
_LEVELS = 9
# Characters of what stands around a number, its places for numbers included.
_LONGEST = 40
_MAX_STYLES = 50
_PLACE = re.compile(r"%([1-9])")


class _Level:
    """One level of a list as `w:lvl` defines it."""

    def __init__(self, lvl: etree._Element) -> None:
        self.start = number_of(lvl.find(f"{W}start"), 1)
        self.style = value_of(lvl.find(f"{W}numFmt")) or "decimal"
        self.text = _marked((value_of(lvl.find(f"{W}lvlText")) or "")[:_LONGEST])
        self.space = (value_of(lvl.find(f"{W}suff")) or "tab") != "nothing"
        restart = lvl.find(f"{W}lvlRestart")
        self.restart = None if restart is None else number_of(restart, 0)
        self.legal = switched_on(lvl.find(f"{W}isLgl"))


def _marked(text: str) -> str:
    """What stands around a number: files that were RTF have `?` for Chinese marks."""
    if "?" not in text:
        return text
    if text.startswith("?") and text.endswith("?"):
        return f"（{text[1:-1]}）"
    return f"{text[:-1]}、" if text.endswith("?") else text


class Numbering:
    """The document's lists and how far each one has counted.

    Paragraphs must be asked for in their order.
    """

    def __init__(self, lists: etree._Element, styles: etree._Element | None) -> None:
        self._lists: dict[str, dict[int, _Level]] = {}
        linked: dict[str, str] = {}
        asks: dict[str, str] = {}
        for abstract in lists.iterchildren(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId", "")
            self._lists[name] = _levels(abstract)
            if link := value_of(abstract.find(f"{W}styleLink")):
                linked[link] = name
            if link := value_of(abstract.find(f"{W}numStyleLink")):
                asks[name] = link
        for name, link in asks.items():
            self._lists[name] = self._lists.get(linked.get(link, ""), {})
        self._uses: dict[str, str] = {}
        self._overrides: dict[str, dict[int, _Level]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        for num in lists.iterchildren(f"{W}num"):
            self._read_num(num)
        self._counts: dict[str, list[int | None]] = {}
        self._styles, self._default = _styles(styles)
        # Whether paragraphs that say nothing of themselves are in no list.
        self._bare = self._list_of(None)[0] not in self._uses

    def _read_num(self, num: etree._Element) -> None:
        name = num.get(f"{W}numId", "")
        self._uses[name] = value_of(num.find(f"{W}abstractNumId")) or ""
        for override in num.iterchildren(f"{W}lvlOverride"):
            level = _whole(override.get(f"{W}ilvl"), 0)
            start = override.find(f"{W}startOverride")
            if start is not None:
                self._starts.setdefault(name, {})[level] = number_of(start, 1)
            if (own := override.find(f"{W}lvl")) is not None:
                self._overrides.setdefault(name, {})[level] = _Level(own)

    def before(self, properties: etree._Element | None) -> str:
        """What Word prints before the paragraph with these properties (`w:pPr`)."""
        if properties is None and self._bare:
            return ""
        name, level = self._list_of(properties)
        if name not in self._uses:
            return ""
        levels = self._lists.get(self._uses[name], {})
        own = self._overrides.get(name, {})
        at = own.get(level) or levels.get(level)
        if at is None:
            return ""
        counts = self._count(name, level, {**levels, **own})
        printed = _PLACE.sub(lambda m: _figure(int(m[1]) - 1, at, counts, levels, own), at.text)
        if at.style == "bullet" or not printed.strip():
            return ""
        return f"{printed} " if at.space else printed

    def _list_of(self, properties: etree._Element | None) -> tuple[str, int]:
        """The list and level a paragraph is in, by itself or by its style."""
        style = None
        name, level = "", None
        for element in properties.iterchildren(_STYLE, _NUM) if properties is not None else ():
            if element.tag == _STYLE:
                style = value_of(element)
            else:
                name, level = _num_of(element)
        if name == "":
            by_style = self._styles.get(style or self._default or "", ("", None))
            name = by_style[0]
            level = by_style[1] if level is None else level
        return name, min(max(level or 0, 0), _LEVELS - 1)

    def _count(self, name: str, level: int, levels: dict[int, _Level]) -> list[int | None]:
        """Count one on; lists that share a definition share the count."""
        counts = self._counts.setdefault(self._uses[name], [None] * _LEVELS)
        starts = self._starts.get(name, {})
        if level in starts:
            counts[level] = starts.pop(level)
        elif (now := counts[level]) is None:
            counts[level] = levels[level].start
        else:
            counts[level] = now + 1
        for higher in range(level):
            if counts[higher] is None and higher in levels:
                counts[higher] = levels[higher].start
        for deeper in range(level + 1, _LEVELS):
            after = levels[deeper].restart if deeper in levels else None
            if after is None or 0 < level + 1 <= after:
                counts[deeper] = None
        return counts


def _figure(
    level: int,
    at: _Level,
    counts: list[int | None],
    levels: dict[int, _Level],
    own: dict[int, _Level],
) -> str:
    count = counts[level]
    shown = own.get(level) or levels.get(level)
    if count is None or shown is None:
        return ""
    legal = at.legal and shown.style not in ("bullet", "none")
    return printed_number(count, "decimal" if legal else shown.style)


def _levels(abstract: etree._Element) -> dict[int, _Level]:
    found = abstract.iterchildren(f"{W}lvl")
    return {_whole(lvl.get(f"{W}ilvl"), 0): _Level(lvl) for lvl in found}


def _num_of(properties: etree._Element) -> tuple[str, int | None]:
    level = properties.find(f"{W}ilvl")
    name = value_of(properties.find(f"{W}numId")) or ""
    return name, None if level is None else number_of(level, 0)


Style = tuple[str, int | None]


def _styles(styles: etree._Element | None) -> tuple[dict[str, Style], str | None]:
    """The list each paragraph style puts its paragraphs in, and the default style."""
    own: dict[str, Style] = {}
    based: dict[str, str] = {}
    default = None
    for style in styles.iterchildren(f"{W}style") if styles is not None else ():
        name = style.get(f"{W}styleId", "")
        if style.get(f"{W}default") in ("1", "true") and style.get(f"{W}type") == "paragraph":
            default = name
        based[name] = value_of(style.find(f"{W}basedOn")) or ""
        if (num := style.find(f"{W}pPr/{W}numPr")) is not None:
            own[name] = _num_of(num)
    return {name: _inherited(name, own, based) for name in based}, default


def _inherited(name: str, own: dict[str, Style], based: dict[str, str]) -> Style:
    found, level = "", None
    for _ in range(_MAX_STYLES):
        mine = own.get(name, ("", None))
        found = found or mine[0]
        level = mine[1] if level is None else level
        name = based.get(name, "")
        if found or not name:
            break
    return found, level


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 6 else otherwise
