"""A page's tree in, whether parts of it aren't shown out, with those that its styles hide marked.

Only the page's own plain rules count (`.x{display:none}`, `td .x{…}`), as browsers apply
them without scripts: a name that any rule shows again is left alone, and so is what
holds a report's own headings.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

_BRACE = re.compile("[{}]")
_STYLE = re.compile(r"<style[^>]*>(.*?)</style", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_NAMED = re.compile(r"[.#][A-Za-z_][\w-]{0,60}")
_COMPOUND = r"(?:[a-zA-Z][a-zA-Z0-9]{0,10})?(?:[.#][A-Za-z_][\w-]{0,60}){0,3}"
_PLAIN = re.compile(rf"(?:{_COMPOUND}\s+){{0,5}}{_COMPOUND}")
_DISPLAY = re.compile(r"(?:^|;)\s*(display|visibility)\s*:\s*([a-z-]+)", re.IGNORECASE)
_UNSHOWN = frozenset(("none", "hidden", "collapse"))
_ZERO = r"\s*:\s*(?:0+(?:\.0*)?|\.0+)(?:px|pt|em|rem|%)?\s*(?:[;\"'!]|$)"
_TINY = re.compile("font-size" + _ZERO, re.IGNORECASE)
_CLEAR = re.compile(r"(?<![-\w])opacity" + _ZERO, re.IGNORECASE)
_STYLED = re.compile(r"display\s*:\s*(?!none)[a-z]", re.IGNORECASE)
# Rules within these hold for some readers only; print's are never for the screen.
_CONDITION = re.compile(
    r"@(?:media|supports|layer|container)(?!\s+(?:only\s+)?print\b[^,]*$)", re.I
)
_ROW = "本年新收政府信息公开申请数量"
_HEADING = re.compile(
    _ROW + "|[一二三四五六][、.．](?:总体情况|主动公开|收到和处理|(?:因)?政府信息公开|"
    "行政复议|(?:工作)?(?:中)?存在的?(?:主要)?(?:困难|问题)|其他需要报告)"
)
MAX_NAMES = 50
MAX_MARKED = 5_000
# Elements looked at above those that a selector of several parts may choose.
MAX_STEPS = 20_000
MAX_HIDDEN_TEXT = 5_000_000


def mark_unshown(tree: LexborHTMLParser, content: str) -> bool:
    """Give each element that the page's styles hide the attribute `hidden`.

    Returns:
        Whether anything on the page may be hidden, by a style or an attribute.
    """
    struck = "line-through" in content
    styled = "isplay" in content or "ISPLAY" in content or "isibility" in content
    hidden: list[str] = []
    if (styled or struck) and ("<style" in content or "<STYLE" in content):
        hidden, through = _told(content)
        _part_struck(tree, through)
    if struck:
        _part_struck(tree, ["[style*='line-through']"])
    tiny = _hide_tiny(tree, content)
    clear = "opacity" in content and bool(_CLEAR.search(content))
    if hidden or clear:
        marker = _Marker(tree)
        for name in hidden:
            for node in _chosen(tree, name):
                if not _STYLED.search(node.attributes.get("style") or ""):
                    marker.hide(node)
        for node in _chosen(tree, "[style*='opacity']") if clear else ():
            if _CLEAR.search(node.attributes.get("style") or ""):
                marker.hide(node)
    if tiny or styled or clear:
        return True
    named = "hidden" in content or "HIDDEN" in content
    return named and tree.css_first("[hidden]") is not None


class _Marker:
    """What may still be hidden: a report is never dropped for a style."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.tree = tree
        self.left = MAX_MARKED
        self.text = MAX_HIDDEN_TEXT
        self.shown: Counter[str] | None = None

    def hide(self, node: LexborNode) -> None:
        """Mark an element, unless a report's headings stand in it."""
        if self.left <= 0 or self.text <= 0:
            return
        self.left -= 1
        text = node.text()
        self.text -= len(text)
        if self.spares(text):
            node.attrs["hidden"] = ""

    def spares(self, text: str) -> bool:
        """Whether a report is whole without a text: it has none of one, or is a copy."""
        held = _headings(text)
        if not held:
            return True
        # Headings alone may stand above in a list of contents; the row only in its table.
        if _ROW not in held:
            return False
        if self.shown is None:
            self.shown = _headings(self.tree.body.text() if self.tree.body else "")
        if any(self.shown[name] <= count for name, count in held.items()):
            return False
        self.shown -= held
        return True


def _headings(text: str) -> Counter[str]:
    """How often each heading of a report is in a text."""
    return Counter(_HEADING.findall("".join(text.split())))


def _chosen(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The elements a selector chooses: none for one the library refuses."""
    *around, subject = selector.split()
    found: list[LexborNode] = []
    with suppress(SelectolaxError):
        found = tree.css(subject)[:MAX_MARKED]
    if not around:
        return found
    # The library's own search for what is in what takes the cube of the page's depth.
    steps = MAX_STEPS
    chosen = []
    for node in found:
        wanted = len(around)
        above = node.parent
        while wanted and above is not None and steps:
            steps -= 1
            wanted -= _fits(above, around[wanted - 1])
            above = above.parent
        if not wanted:
            chosen.append(node)
    return chosen


def _fits(node: LexborNode, compound: str) -> bool:
    """Whether an element is of a tag and the names behind it."""
    first = _NAMED.search(compound)
    tag = compound[: first.start()] if first else compound
    if tag and tag.lower() != node.tag:
        return False
    if not first:
        return True
    names = node.attributes
    classes = (names.get("class") or "").split()
    return all(
        name[1:] in classes if name[0] == "." else name[1:] == names.get("id")
        for name in _NAMED.findall(compound)
    )


def _part_struck(tree: LexborHTMLParser, selectors: list[str]) -> None:
    """Part what is struck through from what stands beside it: a figure struck isn't its digits."""
    for selector in selectors:
        for node in _chosen(tree, selector):
            node.insert_before(" ")
            node.insert_after(" ")


def _hide_tiny(tree: LexborHTMLParser, content: str) -> bool:
    """Mark what is set in a type of no size as hidden; whether anything is."""
    if "font-size" not in content or not _TINY.search(content):
        return False
    for node in tree.css("[style*='font-size']")[:MAX_MARKED]:
        # What is within may have a size of its own: sites set lists' boxes so.
        alone = node.first_child is not None and node.first_child.next is None
        if alone and node.text(deep=False) and _TINY.search(node.attributes.get("style") or ""):
            node.attrs["hidden"] = ""
    return True


def _told(content: str) -> tuple[list[str], list[str]]:
    """The selectors that plain rules hide and none shows, and those struck through."""
    hidden: dict[str, None] = {}
    struck: dict[str, None] = {}
    shown: set[str] = set()
    for style in _STYLE.finditer(content):
        for selectors, rules, always in _rules(_COMMENT.sub("", style[1])):
            told = {what.lower(): value.lower() for what, value in _DISPLAY.findall(rules)}
            unshown = not _UNSHOWN.isdisjoint(told.values())
            if told and not unshown:
                shown.update(_NAMED.findall(selectors))
            if always and unshown:
                _add(hidden, selectors)
            if always and _strikes(rules):
                _add(struck, selectors)
    return [name for name in hidden if shown.isdisjoint(_subject(name))], list(struck)


def _add(found: dict[str, None], selectors: str) -> None:
    """Those of a rule's selectors that are plain and choose by a name."""
    for selector in selectors.split(","):
        name = selector.strip()
        if len(found) < MAX_NAMES and _NAMED.search(name) and _PLAIN.fullmatch(name):
            found[name] = None


def _strikes(rules: str) -> bool:
    """Whether rules strike text through."""
    lines = (rule.strip().lower() for rule in rules.split(";") if "line-through" in rule)
    return any(line.startswith("text-decoration") for line in lines)


def _subject(selector: str) -> list[str]:
    """The names of what a selector chooses, or else of what that is in."""
    return _NAMED.findall(selector.rsplit(maxsplit=1)[-1]) or _NAMED.findall(selector)


def _rules(style: str) -> list[tuple[str, str, bool]]:
    """Selectors and rules, and whether they hold for every reader: @media's for some only."""
    rules: list[tuple[str, str, bool]] = []
    at = within = 0
    while (brace := style.find("{", at)) >= 0 and len(rules) < MAX_MARKED:
        while within and (close := style.find("}", at, brace)) >= 0:
            within -= 1
            at = close + 1
        selectors = style[at:brace].rpartition(";")[2].strip()
        if "@" in selectors:
            if _CONDITION.match(selectors):
                within += 1
                at = brace + 1
            else:
                at = _block_end(style, brace)
            continue
        end = style.find("}", brace)
        if end < 0:
            break
        rules.append((selectors, style[brace + 1 : end], not within))
        at = end + 1
    return rules


def _block_end(style: str, brace: int) -> int:
    """The place after the block that opens with the brace there."""
    level = 0
    for match in _BRACE.finditer(style, brace):
        level += 1 if match[0] == "{" else -1
        if not level:
            return match.end()
    return len(style)
