"""A page's tree in, whether parts of it aren't shown out, with those that its styles hide marked.

Only the page's own plain rules count (`.x{display:none}`), as browsers apply them
without scripts: a name that any rule shows again is left alone.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

_BRACE = re.compile("[{}]")
_STYLE = re.compile(r"<style[^>]*>(.*?)</style", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_NAME = re.compile(r"[a-zA-Z]{0,10}[.#][A-Za-z_][\w-]{0,60}")
_DISPLAY = re.compile(r"(?:^|;)\s*(display|visibility)\s*:\s*([a-z-]+)", re.IGNORECASE)
_UNSHOWN = frozenset(("none", "hidden", "collapse"))
_TINY = re.compile(r"font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:[;\"'!]|$)", re.IGNORECASE)
_STYLED = re.compile(r"display\s*:\s*(?!none)[a-z]", re.IGNORECASE)
MAX_NAMES = 50
MAX_MARKED = 5_000


def mark_unshown(tree: LexborHTMLParser, content: str) -> bool:
    """Give each element that the page's styles hide the attribute `hidden`.

    Returns:
        Whether anything on the page may be hidden, by a style or an attribute.
    """
    _part_struck(tree, content)
    tiny = _hide_tiny(tree, content)
    styled = tiny or "isplay" in content or "ISPLAY" in content or "isibility" in content
    if styled and "<style" in content:
        marked = 0
        for name in _hidden_names(content):
            for node in tree.css(name):
                if marked >= MAX_MARKED:
                    break
                if not _STYLED.search(node.attributes.get("style") or ""):
                    node.attrs["hidden"] = ""
                    marked += 1
    if styled:
        return True
    named = "hidden" in content or "HIDDEN" in content
    return named and tree.css_first("[hidden]") is not None


def _part_struck(tree: LexborHTMLParser, content: str) -> None:
    """Part what is struck through from what stands beside it: a figure struck isn't its digits."""
    if "line-through" not in content:
        return
    for node in tree.css("[style*='line-through']")[:MAX_MARKED]:
        node.insert_before(" ")
        node.insert_after(" ")


def _hide_tiny(tree: LexborHTMLParser, content: str) -> bool:
    """Mark what is set in a type of no size as hidden; whether anything is."""
    if not _TINY.search(content):
        return False
    for node in tree.css("[style*='font-size']")[:MAX_MARKED]:
        # What is within may have a size of its own: sites set lists' boxes so.
        alone = node.first_child is not None and node.first_child.next is None
        if alone and node.text(deep=False) and _TINY.search(node.attributes.get("style") or ""):
            node.attrs["hidden"] = ""
    return True


def _hidden_names(content: str) -> list[str]:
    """The classes and ids that plain rules hide and none shows."""
    hidden: dict[str, bool] = {}
    for style in _STYLE.finditer(content):
        for selectors, rules in _plain(_COMMENT.sub("", style[1])):
            told = [value.lower() for _, value in _DISPLAY.findall(rules)]
            if not told:
                continue
            for selector in selectors.split(","):
                name = selector.strip()
                if _NAME.fullmatch(name) and len(hidden) < MAX_NAMES:
                    hidden[name] = hidden.get(name, True) and told[-1] in _UNSHOWN
    return [name for name, unshown in hidden.items() if unshown]


def _plain(style: str) -> list[tuple[str, str]]:
    """Rules that hold for every reader: those within @media hold for some only."""
    rules: list[tuple[str, str]] = []
    at = 0
    while (brace := style.find("{", at)) >= 0 and len(rules) < MAX_MARKED:
        selectors = style[at:brace]
        if "@" in selectors:
            at = _block_end(style, brace)
            continue
        end = style.find("}", brace)
        if end < 0:
            break
        rules.append((selectors, style[brace + 1 : end]))
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
