"""The kinds of elements a page is made of, by the numbers the parser gives their tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from selectolax.lexbor import LexborHTMLParser

BLOCKS = (
    *("p", "div", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("section", "article", "main", "nav", "aside", "header", "footer", "form", "fieldset"),
    *("blockquote", "center", "figure", "figcaption", "address", "body", "menu", "dialog"),
    *("caption", "details", "summary", "legend"),
)
LISTS = ("ol", "ul")
INLINE = ("span", "label", "font", "b", "strong", "em", "i", "u", "big", "small")
CELLS = ("td", "th")
# A superscript or what is struck out is no part of the number beside it.
APART = ("sup", "sub", "del", "s", "strike")
BREAKS = ("br", "hr")
GROUPS = ("thead", "tbody", "tfoot")
FIELDS = ("input", "textarea", "select")
FRAMES = ("iframe", "frame", "object", "embed")
SKIPPED = (
    *("script", "style", "noscript", "template", "svg", "math", "button", "option", "datalist"),
    *("audio", "video", "canvas", "map", "rt", "rp", "noframes", "xmp"),
)
OTHERS = ("a", "pre", "table", "tr", "img", "meta", "link", "title")

Handler = TypeVar("Handler", bound=Callable[..., object])


def by_number(handlers: dict[str, Handler]) -> dict[int, Handler]:
    """Handlers by tag's name in, by tag's number out."""
    return {_NUMBERS[tag]: handler for tag, handler in handlers.items()}


def _of(*kinds: Iterable[str]) -> frozenset[int]:
    return frozenset(_NUMBERS[tag] for kind in kinds for tag in kind)


def _numbers() -> dict[str, int]:
    """Comparing a tag's number is cheaper than making a string of its name."""
    parser = LexborHTMLParser("")
    kinds = (BLOCKS, INLINE, CELLS, *_STOPPING)
    return {tag: parser.create_node(tag).tag_id for kind in kinds for tag in kind}


def _text_number() -> int:
    body = LexborHTMLParser("text").body
    text = body.first_child if body is not None else None
    return -1 if text is None else text.tag_id


_STOPPING = (APART, BREAKS, GROUPS, FIELDS, FRAMES, SKIPPED, OTHERS)
_NUMBERS = _numbers()
TEXT = _text_number()
BREAK = _NUMBERS["br"]
ORDERED = _NUMBERS["ol"]
CELL = _of(CELLS)
BLOCK = _of(BLOCKS)
# A paragraph may stand in these; in what is inline it ends the line.
HOLDER = _of(BLOCKS, CELLS)
# Text in these is more than text: the line ends, or it isn't shown, or stands apart.
STOP = _of(*_STOPPING)
# They hold text, not other parts of the page: no box of their own.
TEXTUAL = _of(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li"))
FURNITURE = _of(("nav", "footer", "header", "aside", "menu", "dialog"))
