"""A family of templates in, its environment out, with the pieces that app and site draw alike.

A template takes them by `{% import "pieces/form.html" as forms with context %}`.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, TypeVar

import jinja2

from dashboard import labels

_Kind = TypeVar("_Kind", bound=jinja2.Environment)


def environment(own: jinja2.BaseLoader, **names: Any) -> jinja2.Environment:
    """Templates that escape everything by themselves and refuse a name they weren't given.

    Args:
        own: The family's templates.
        names: What is there in each of them, the pieces included.
    """
    return environment_of(jinja2.Environment, own, **names)


def environment_of(kind: type[_Kind], own: jinja2.BaseLoader, **names: Any) -> _Kind:
    """The same, of a kind of one's own."""
    shared = jinja2.PrefixLoader({"pieces": jinja2.PackageLoader("dashboard", "pieces")})
    made = kind(
        loader=jinja2.ChoiceLoader([own, shared]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"number": labels.number, **names}
    return made


def sheet() -> str:
    """The style of the pieces; the colours it names are those of `dashboard.colours`."""
    sheets = ("pieces.css", "compare.css")
    return "".join(files(__package__).joinpath(name).read_text("utf-8") for name in sheets)
