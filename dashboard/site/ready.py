"""Templates in, the same made ready out: done once, when one is loaded; words when it is compiled.

What is the same on every page is put in place of the expression that asks for it: words of the
language, addresses of rooms. End tags that the next tag makes plain, line breaks beside a block
and quotes around a plain value are left out, as HTML doesn't ask for them. What an expression
prints isn't touched; quotes around it go where it is a way to a page, made of plain characters.
Words are put into the compiled template: compiling takes a hundred times as long, and the rest of
it is of no language.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache
from types import CodeType

import jinja2

from dashboard.site import addresses

# Of these the next of its kind or its parent's end is the end.
_ENDS = re.compile(r"</(?:li|td|th|tr|dt|dd|thead|tbody|head|body|html)>")
_BLOCKS = (
    "html|head|meta|link|title|body|main|header|footer|aside|section|nav|div|p|h[1-6]|figure"
    "|figcaption|form|fieldset|details|summary|dl|dt|dd|ul|ol|li|table|caption|thead|tbody|tr|th|td"
)
# A line's break beside a block's tag is no space between words.
_BREAKS = re.compile(rf"(?<=>)\n+(?=</?(?:{_BLOCKS})\b)|(</?(?:{_BLOCKS})\b[^<>]*>)\n+")
# A paragraph ends where another block begins, and with what it stands in, if that is a block.
_PARAGRAPH = re.compile(
    r"</p>(?=<(?:p|ul|ol|dl|div|table|section|aside|nav|details|figure|form|footer|h[1-6]|td|th|tr"
    r"|/(?:div|section|aside|main|footer|header|details|form|body|li|td|dd))\b)"
)
# What leads to a page prints plain characters alone: see `addresses`.
_WAY = re.compile(
    r"\{\{ (?:root|assets|tag|one\.(?:link|tag)|link\([\"'][a-z]+[\"'], [a-z0-9_.\[\]]+\)"
    r"|addresses\.[a-z_]+\([a-z_.]+(?:\([a-z_.]+\))?(?:, \"[a-z]+\")?\)"
    r"|addresses\.words\('theme', [a-z.]+\)) \}\}"
)
_KEPT = re.compile("\ue002(\\d+)\ue003")
_ATTRIBUTE = r' ([a-zA-Z0-9:-]+)="({})"(?=[ >]|$)'
_QUOTED = re.compile(_ATTRIBUTE.format("[\\w.:/#+\ue002\ue003-]*[\\w.:#+\ue003-]"), re.ASCII)
_EXPRESSION = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_WORDS = re.compile(r"""\{\{ t\((["'])([a-z0-9_.]+)\1\) \}\}""")
_ADDRESS = re.compile(r"\{\{ addresses\.([A-Z_]+) \}\}")
# What stands for words by their key until they are put in: no template has such characters.
_KEY = "\ue000([a-z0-9_.]+)\ue001"
_PLACE, _QUOTED_PLACE = re.compile(_KEY), re.compile(f' ([a-z-]+)="{_KEY}"(?=[ >])')
_PLAIN = re.compile(r"""[^\s"'=<>`&{/]+""")

Words = Callable[[str], str]


class Ready(jinja2.BaseLoader):
    """Templates of another loader, each made ready but for its words: see `worded`."""

    def __init__(self, loader: jinja2.BaseLoader) -> None:
        self._loader = loader

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """As jinja asks for one."""
        text, path, fresh = self._loader.get_source(environment, template)
        return _ready(text), path, fresh


@cache  # once for all languages
def _ready(text: str) -> str:
    text = _WORDS.sub("\ue000\\2\ue001", text)
    return plainer(_ADDRESS.sub(lambda found: str(getattr(addresses, found[1])), text))


def worded(code: CodeType, words: Words) -> CodeType:
    """A compiled template with a language's words, by their keys, where they belong."""

    def put(constant: object) -> object:
        if isinstance(constant, CodeType):
            return worded(constant, words)
        if isinstance(constant, tuple):
            return tuple(map(put, constant))
        if isinstance(constant, str) and "\ue000" in constant:
            text = _QUOTED_PLACE.sub(plain, constant)
            return _PLACE.sub(lambda found: _literal(words(found[1])), text)
        return constant

    def plain(found: re.Match[str]) -> str:
        said = words(found[2])
        return f" {found[1]}={said}" if _PLAIN.fullmatch(said) else found[0]

    return code.replace(co_consts=tuple(map(put, code.co_consts)))


def _literal(words: str) -> str:
    """Words as they stand in a page."""
    return html.escape(words).replace("&#x27;", "'").replace("{", "&#123;")


def plainer(template: str) -> str:
    """A template's text without needless end tags, line breaks and quotes."""
    ways: list[str] = []

    def keep(found: re.Match[str]) -> str:
        ways.append(found[0])
        return f"\ue002{len(ways) - 1}\ue003"

    pieces = _EXPRESSION.split(_WAY.sub(keep, template))
    text = "".join(
        piece if place % 2 else _QUOTED.sub(r" \1=\2", _tighter(piece))
        for place, piece in enumerate(pieces)
    )
    return _KEPT.sub(lambda found: ways[int(found[1])], text)


def _tighter(text: str) -> str:
    """Markup between expressions, without the end tags and line breaks that it can do without."""
    return _PARAGRAPH.sub("", _ENDS.sub("", _BREAKS.sub(r"\1", text)))
