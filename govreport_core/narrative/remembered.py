"""A function of a text in, one that remembers what it told of the last short texts out.

Agencies take over sentences from the year before and from their neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_MOST = 4096  # texts
_SHORT = 200  # characters: longer texts aren't kept, so that memory stays bounded


def remembered(tell: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
    """The same function, which is asked once about a short text.

    Args:
        tell: What it tells depends on its arguments alone, and nobody changes it.
    """
    kept = lru_cache(maxsize=_MOST)(tell)

    @wraps(tell)
    def told(text: str, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if len(text) > _SHORT:
            return tell(text, *args, **kwargs)
        return kept(text, *args, **kwargs)  # type: ignore[arg-type] # all of ours are hashable

    return told
