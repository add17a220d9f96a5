"""A page's text in, nothing out: pages that would bring the parser down are refused here.

A parser repairs wrong nesting as browsers do, and some repairs cost the square of
what is nested: open elements, formatting that was never closed (each new paragraph
gets all of it again), attributes of one tag. One pass over the tags tells.
"""

from __future__ import annotations

import re

from govreport_core.errors import SourceError

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
    if content.count("<") <= _FEW_TAGS and not _has_long_tag(content):
        return
    depth = repeated = 0
    formatting = _Formatting()
    for match in _TAG.finditer(content):
        name = match["name"]
        if name is None:
            continue
        name = name.lower()
        attributes = match["attributes"]
        if len(attributes) > MAX_ATTRIBUTES and _count(attributes) > MAX_ATTRIBUTES:
            raise _too_large("a tag", MAX_ATTRIBUTES, "attributes")
        closing = bool(match["close"])
        if name in _FORMATTING:
            if closing:
                formatting.close(name)
            else:
                formatting.open(name, attributes)
        elif not closing:
            repeated += formatting.left
            if repeated > MAX_REPEATED:
                raise _too_large("unclosed formatting makes", MAX_REPEATED, "elements")
        if name not in _UNCLOSED and not attributes.endswith("/"):
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > MAX_DEPTH:
                raise _too_large("tags are nested", MAX_DEPTH, "deep")


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
        self.counts: dict[str, int] = {}
        self.opened: dict[str, list[str]] = {}

    def open(self, name: str, attributes: str) -> None:
        key = f"{name} {attributes}"
        count = self.counts[key] = self.counts.get(key, 0) + 1
        self.opened.setdefault(name, []).append(key)
        self.left += count <= _ALIKE

    def close(self, name: str) -> None:
        if keys := self.opened.get(name):
            key = keys.pop()
            self.counts[key] -= 1
            self.left -= self.counts[key] < _ALIKE


def _too_large(what: str, limit: int, unit: str) -> SourceError:
    return SourceError(
        "too_large", f"{what} more than {limit:,} {unit}: save the page again from a browser"
    )
