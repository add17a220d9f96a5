"""Templates in, the same made ready for a language out: done once, when one is loaded.

What is the same on every page is put in place of the expression that asks for it: words of the
language, addresses of rooms. An end tag that the next tag makes plain and quotes around a plain
word are left out, as HTML doesn't ask for them. Nothing else that an expression prints is touched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import jinja2

from dashboard.site import addresses

# Of these the next of its kind or its parent's end is the end.
_ENDS = re.compile(r"</(?:li|td|th|tr|dt|dd|thead|tbody)>")
_QUOTED = re.compile(r' (class|scope|tabindex|aria-[a-z]+)="([a-z0-9-]+)"(?=[ >])')
_EXPRESSION = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_WORDS = re.compile(r"""\{\{ t\((["'])([a-z0-9_.]+)\1\) \}\}""")
_ADDRESS = re.compile(r"\{\{ addresses\.([A-Z_]+) \}\}")


class Ready(jinja2.BaseLoader):
    """Templates of another loader, each made ready; `words` gives a language's, by their keys."""

    def __init__(self, loader: jinja2.BaseLoader, words: Callable[[str], str]) -> None:
        self._loader = loader
        self._words = words

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """As jinja asks for one."""
        text, path, fresh = self._loader.get_source(environment, template)
        return plainer(self._said(text)), path, fresh

    def _said(self, text: str) -> str:
        text = _WORDS.sub(lambda found: _literal(self._words(found[2])), text)
        return _ADDRESS.sub(lambda found: str(getattr(addresses, found[1])), text)


def _literal(words: str) -> str:
    """Words as they stand in a page, safe from being read as an expression."""
    return html.escape(words).replace("{", "&#123;")


def plainer(template: str) -> str:
    """A template's text without needless end tags and quotes."""
    pieces = _EXPRESSION.split(template)
    return "".join(
        piece if place % 2 else _QUOTED.sub(r" \1=\2", _ENDS.sub("", piece))
        for place, piece in enumerate(pieces)
    )
