"""Templates in, jinja's environment out, without what its generality costs at each of many calls.

A site's pages ask for millions of attributes and call hundreds of thousands of macros. Here a name
behind a point is an attribute and nothing else, nothing that is called asks for jinja's context,
templates are found by their names alone, and what they print is escaped by `escaped`. A compiled
template is kept from run to run, as Python keeps modules: after one changed report compiling takes
a tenth of the time of a whole site's build.
"""

from __future__ import annotations

import contextlib
import pickle
import re
import sys
from collections.abc import Callable, MutableMapping
from functools import cache, partial
from types import CodeType
from typing import Any

import jinja2
from jinja2 import runtime
from jinja2.bccache import Bucket
from jinja2.utils import missing
from markupsafe import Markup, escape

from dashboard.site import hashes
from dashboard.site.ready import Ready, Words, worded

# Characters that a page can't hold, and such as turn the text behind them.
_UNHELD = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff"
_TURNS = "\u202a-\u202e\u2066-\u2069"
ODD = re.compile(f'[&<>"{_UNHELD}{_TURNS}]')
_HIDDEN = re.compile(f"([{_UNHELD}])|[{_TURNS}]")


def escaped(text: Any) -> str:
    """What `markupsafe.escape` says, but for `'`, which ends nothing between double quotes.

    Without a new object for what needs no escaping; without hidden characters, see `shown`.
    """
    kind = type(text)
    if kind is Markup or (kind is str and not ODD.search(text)):
        return text  # type: ignore[no-any-return]
    return Markup(shown(escape(text)).replace("&#39;", "'"))  # noqa: S704 - escaped


def shown(text: str) -> str:
    """A text without what turns the words behind it, and a sign for what no page can hold."""
    return _HIDDEN.sub(lambda found: "\N{REPLACEMENT CHARACTER}" if found[1] else "", text)


class _Macro(runtime.Macro):
    """One whose arguments are most often given by their places."""

    def __call__(self, *args: Any, **named: Any) -> str:
        lacking = self._argument_count - len(args)
        if named or lacking < 0 or self.caller or self.catch_kwargs or self.catch_varargs:
            return super().__call__(*args, **named)
        return _marked(self._func(*args, *[missing] * lacking))


_marked: Callable[[str], Markup] = partial(str.__new__, Markup)


class _Context(runtime.Context):
    """One that calls what it is told to, at once."""

    def call(self, called: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """As a template's code calls a macro or a function."""
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(*args, **named)


class _Template(jinja2.Template):
    @classmethod
    def from_code(
        cls,
        environment: jinja2.Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 - its name there
        uptodate: Callable[[], bool] | None = None,
    ) -> jinja2.Template:
        """As jinja asks for one."""
        found = super().from_code(environment, code, globals, uptodate)
        found.root_render_func.__globals__.update(escape=escaped, Macro=_Macro, Markup=_marked)
        return found


class _Kept(jinja2.FileSystemBytecodeCache):
    """Compiled templates in the user's own folder for what may go, by this program alone."""

    def get_source_checksum(self, source: str) -> str:
        """Of all that it is compiled from and by."""
        return hashes.of([hashes.program(), source.encode()]).hex()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take up one, unless its file is damaged."""
        with contextlib.suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one where that can be done."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


@cache
def _kept() -> jinja2.BytecodeCache | None:
    """Where they are kept; nowhere on a machine without a place that is the user's own."""
    try:
        return None if sys.dont_write_bytecode else _Kept()
    except (OSError, RuntimeError):
        return None


_COMPILED: dict[tuple[str | None, str], CodeType] = {}


class Environment(jinja2.Environment):
    """Of templates that stay as they are, and of names that are all given before one is loaded."""

    template_class = _Template
    context_class = _Context
    getattr = staticmethod(getattr)  # type: ignore[assignment]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, auto_reload=False)
        self._known: dict[str, jinja2.Template] = {}
        self._words: Words = str

    def speak(self, words: Words) -> None:
        """Have templates made ready say these words, by their keys."""
        self.loader = Ready(self.loader or jinja2.DictLoader({}))
        self._words = words

    def compile(  # type: ignore[override]
        self,
        source: str,
        name: str | None = None,
        filename: str | None = None,
        raw: bool = False,
        defer_init: bool = False,
    ) -> CodeType:
        """As jinja asks for it: what is of no language once, for all environments."""
        if (name, source) not in _COMPILED:
            compiling = partial(super().compile, source, name, filename, raw, defer_init)
            kept = _kept()
            bucket = kept.get_bucket(self, name or "", filename, source) if kept else None
            _COMPILED[name, source] = bucket.code if bucket and bucket.code else compiling()
            if kept and bucket and not bucket.code:
                bucket.code = _COMPILED[name, source]
                kept.set_bucket(bucket)
        return worded(_COMPILED[name, source], self._words)

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - its name there
    ) -> jinja2.Template:
        """A template by its name, loaded once."""
        if not isinstance(name, str):
            return name
        if name not in self._known:
            self._known[name] = super().get_template(name, parent, globals)
        return self._known[name]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that are there in a template: a plain dict, as it is copied for each page."""
        return {**self.globals, **(d or {})}
