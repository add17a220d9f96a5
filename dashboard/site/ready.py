"""Templates in, the same made ready out: done once, when one is loaded; words when it is compiled.

What is the same on every page is put in place of the expression that asks for it: words of the
language, addresses of rooms. An end tag that the next tag makes plain and quotes around a plain
word are left out, as HTML doesn't ask for them. Nothing else that an expression prints is touched.
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
_ENDS = re.compile(r"</(?:li|td|th|tr|dt|dd|thead|tbody)>")
_BARE = r' (class|scope|tabindex|aria-[a-z]+)="{}"(?=[ >])'
_QUOTED = re.compile(_BARE.format("([a-z0-9-]+)"))
_EXPRESSION = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_WORDS = re.compile(r"""\{\{ t\((["'])([a-z0-9_.]+)\1\) \}\}""")
_ADDRESS = re.compile(r"\{\{ addresses\.([A-Z_]+) \}\}")
# What stands for words by their key until they are put in: no template has such characters.
_KEY = "\ue000([a-z0-9_.]+)\ue001"
_PLACE, _QUOTED_PLACE = re.compile(_KEY), re.compile(_BARE.format(_KEY))
_PLAIN = re.compile("[a-z0-9-]+")

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
    """A template's text without needless end tags and quotes."""
    pieces = _EXPRESSION.split(template)
    return "".join(
        piece if place % 2 else _QUOTED.sub(r" \1=\2", _ENDS.sub("", piece))
        for place, piece in enumerate(pieces)
    )
