"""What a file says of itself in figures in, a whole number out: which style, how many spaces."""

from __future__ import annotations

_LONGEST = 9


def whole_number(text: str | None) -> int | None:
    """A whole number of at most nine figures; None of all else, for Python reads no long one."""
    if text is None or len(text) > _LONGEST or not text.isdecimal():
        return None
    return int(text)
