"""The entries of a report in, without a second printing of it out, if that is the same.

Sites print a report twice on one page, for wide screens and for phones, and show one.
Only a copy that is the same word for word is left out; of two that differ neither
is certain, which is for `align` to say.
"""

from __future__ import annotations

from collections.abc import Sequence

# A heading and its table may be alike by chance; a report isn't.
_LEAST = 6


def second_printing(entries: Sequence[str | tuple[str, ...]]) -> range:
    """The entries that only repeat the ones right before them, or an empty range.

    Args:
        entries: A line's text, or a table's lines.

    Between the two, and before either, may stand what a site puts there: the
    copies are counted from their first heading or table to their last table.
    """
    tables = [i for i, entry in enumerate(entries) if isinstance(entry, tuple)]
    half = len(tables) // 2
    if not half or len(tables) % 2:
        return range(0)
    shift = tables[half] - tables[0]
    pairs = zip(tables[:half], tables[half:], strict=True)
    if shift < _LEAST or any(b - a != shift for a, b in pairs):
        return range(0)
    begin = end = tables[half]
    while begin > tables[half - 1] + 1 and entries[begin - 1] == entries[begin - 1 - shift]:
        begin -= 1
    while end < len(entries) and end - shift < begin and entries[end] == entries[end - shift]:
        end += 1
    if end <= tables[-1] or end - begin < _LEAST:
        return range(0)
    return range(begin, end)
