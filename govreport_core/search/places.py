"""A section's text and the printed parts it was read from in, the part each character is in out.

A section's text is its parts without tables and with broken lines joined; so its
characters follow those of the parts, some of which are left out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from govreport_core.model import Record

_AROUND = " \t\u3000\xa0:：\n\r"


class Source(Record, frozen=True, gc=False):
    """From `at` on, a section's text is what `part` prints from `start` on."""

    at: int
    part: str
    ordinal: int
    start: int


def sources(section: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    """Where a section's text was read from, by the order of its characters.

    Args:
        section: A row of `sections`.
        parts: The document's rows of `parts`, by `ordinal`.

    Returns:
        The first is the part that the heading stands in: what no part after it is found to
        print is said to be from there.
    """
    text = section["text"]
    ours = _between(section, parts)
    if not ours:
        return ()
    found = [Source(0, ours[0]["part"], ours[0]["ordinal"], section["start"])]
    at = 0
    for place, row in enumerate(ours):
        start = _begins(row["text"], section) if place == 0 else 0
        end = section["end"] if place == len(ours) - 1 else len(row["text"])
        bare = row["text"][start:end].strip(_AROUND)
        here = _skipped(text, at)
        if bare and text.startswith(bare, here):
            offset = row["text"].index(bare, start)
            found.append(Source(here, row["part"], row["ordinal"], offset))
            at = here + len(bare)
    return tuple(found)


def located(
    found: Sequence[Source], start: int, end: int, length: int
) -> tuple[Source, int, int] | None:
    """The part a stretch of a section's text begins in, and where in the part it begins and ends.

    Args:
        found: Of `sources`.
        start: First character.
        end: Behind the last.
        length: How long the section's text is.

    Returns:
        The source with the stretch's start and end in its part; cut where the part's piece ends.
    """
    if not found:
        return None
    place = bisect_right(found, start, key=lambda source: source.at) - 1
    source = found[place]
    stop = found[place + 1].at if place + 1 < len(found) else length
    shift = source.start - source.at
    return source, start + shift, min(end, max(stop, start + 1)) + shift


def _between(
    section: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """The parts from the section's first to its last."""
    names = {row["part"]: place for place, row in enumerate(parts)}
    first = names.get(section["part"])
    last = names.get(section["end_part"] or section["part"])
    return [] if first is None or last is None else parts[first : last + 1]


def _begins(printed: str, section: Mapping[str, Any]) -> int:
    """Where the text begins in the part that its heading stands in."""
    at = printed.find(section["heading"], section["start"])
    return at + len(section["heading"]) if at >= 0 else section["start"]


def _skipped(text: str, at: int) -> int:
    """The next character that isn't blank: a part is printed without what stands around it."""
    while at < len(text) and text[at] in _AROUND:
        at += 1
    return at
