"""A family of templates in, its environment out, with the pieces that app and site draw alike.

A template takes them by `{% import "pieces/form.html" as forms with context %}`.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import jinja2

from dashboard import labels


def environment(
    own: jinja2.BaseLoader, kind: type[jinja2.Environment] = jinja2.Environment, **names: Any
) -> jinja2.Environment:
    """Templates that escape everything by themselves and refuse a name they weren't given.

    Args:
        own: The family's templates.
        kind: Of the environment.
        names: What is there in each of them, the pieces included.
    """
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
