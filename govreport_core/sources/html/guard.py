"""A page's text in, nothing out: pages that would bring the parser down are refused here.

A parser repairs wrong nesting as browsers do, and some repairs cost the square of
what is nested: open elements, formatting that was never closed (each new paragraph
gets all of it again), attributes of one tag. One pass over the tags tells.
"""

from __future__ import annotations

import re

from govreport_core.errors import SourceError

# A report's page has some thousand tags.
MAX_TAGS = 400_000
MAX_DEPTH = 20_000
MAX_ATTRIBUTES = 5_000
# Elements the parser makes of formatting left open, added up over the page.
MAX_REPEATED = 1_000_000

# A page of fewer tags can't cost much, whatever it does; nor one of shorter tags.
_FEW_TAGS = 2_000
_SHORT_TAG = 25_000
_ALIKE = 3

_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+|(?=>)))?+"
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style|xmp|iframe|noembed|noframes|textarea|title)(?=[\s/>]).*?(?:</(?P=raw)|\Z)"
    rf"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[\s/]++|{_ATTRIBUTE})*+)",
    re.DOTALL | re.IGNORECASE,
)
_FORMATS = re.compile(
    r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?:[\s/>]|\Z)", re.IGNORECASE
)
# What begins like one of them: looking for their names in any case takes four times as long.
_MAY_FORMAT = re.compile(r"<(?:[abcefinsuABCEFINSU]|[tT][tT])[^>]*")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_FORMATTING = frozenset(
    [
        "a",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "nobr",
        "s",
        "small",
        "strike",
        "strong",
        "tt",
        "u",
    ]
)
# Closed by the parser when the next of their kind begins, or without content.
_UNCLOSED = frozenset(
    [
        "p",
        "li",
        "dd",
        "dt",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "br",
        "hr",
        "img",
        "input",
        "meta",
        "link",
        "col",
        "base",
        "area",
        "embed",
        "source",
        "track",
        "wbr",
        "param",
    ]
)


def refuse_bombs(content: str) -> None:
    """Pass a page the parser can take.

    Raises:
        SourceError: `too_large`, naming what there is too much of.
    """
    if _is_harmless(content):
        return
    depth = repeated = 0
    formatting = _Formatting()
    for match in _TAG.finditer(content):
        name = (match["name"] or "").lower()
        if not name:
            continue
        attributes, closing = match["attributes"], bool(match["close"])
        if len(attributes) > MAX_ATTRIBUTES and _count(attributes) > MAX_ATTRIBUTES:
            raise _too_large("a tag has", MAX_ATTRIBUTES, "attributes")
        if name in _FORMATTING:
            formatting.take(name, attributes, closing=closing)
        elif not closing:
            repeated += formatting.left
        if name not in _UNCLOSED and not attributes.endswith("/"):
            depth = max(0, depth - 1) if closing else depth + 1
        if depth > MAX_DEPTH:
            raise _too_large("tags are nested", MAX_DEPTH, "deep")
        if repeated > MAX_REPEATED:
            raise _too_large("unclosed formatting makes", MAX_REPEATED, "elements")


def _is_harmless(content: str) -> bool:
    """Whether counts alone show that nothing here can cost much."""
    tags = content.count("<")
    if tags > MAX_TAGS:
        raise _too_large("the page has", MAX_TAGS, "tags")
    if tags > MAX_DEPTH or _has_long_tag(content):
        return False
    return tags <= _FEW_TAGS or tags * _most_left_open(content) <= MAX_REPEATED


def _most_left_open(content: str) -> int:
    """How many formatting elements can be open at most: of tags that are alike only three."""
    kinds = {kind for kind in set(_MAY_FORMAT.findall(content)) if _FORMATS.match(kind)}
    if any(kind.count('"') % 2 or kind.count("'") % 2 for kind in kinds):
        return content.count("<")
    return _ALIKE * len(kinds)


def _has_long_tag(content: str) -> bool:
    """Whether a stretch of that length may lie within one tag."""
    windows = range(0, len(content) - _SHORT_TAG, _SHORT_TAG)
    return any(content.find("<", at, at + _SHORT_TAG) < 0 for at in windows)


def _count(attributes: str) -> int:
    return sum(1 for _ in _ATTRIBUTES.finditer(attributes))


class _Formatting:
    """The formatting left open; of tags that are all alike at most three stay."""

    def __init__(self) -> None:
        self.left = 0
        self.counts: dict[tuple[str, str], int] = {}
        self.opened: dict[str, list[str]] = {}

    def take(self, name: str, attributes: str, *, closing: bool) -> None:
        """A formatting tag opens, or closes the last one of its name."""
        opened = self.opened.setdefault(name, [])
        if not closing:
            opened.append(attributes)
            count = self.counts[name, attributes] = self.counts.get((name, attributes), 0) + 1
            self.left += count <= _ALIKE
        elif opened:
            attributes = opened.pop()
            self.counts[name, attributes] -= 1
            self.left -= self.counts[name, attributes] < _ALIKE


def _too_large(what: str, limit: int, unit: str) -> SourceError:
    return SourceError(
        "too_large", f"{what} more than {limit:,} {unit}: save the page again from a browser"
    )
