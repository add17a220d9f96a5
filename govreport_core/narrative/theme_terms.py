"""Terms as `themes.toml` writes them and its lists in, one pattern out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from govreport_core.folding import squash

Lists = Mapping[str, tuple[str, ...]]

_GAPS = {"…": "[^,。;:!?]{0,12}?", "……": "[^。;!?]{0,40}?"}
_GAP = re.compile("(…+)")
_LIST = re.compile(r"\{(\w+)\}")


def pattern(terms: Sequence[str], lists: Lists) -> re.Pattern[str]:
    """All terms as one, grouped by their first character, so most places cost nothing."""
    rests: dict[str, set[str]] = defaultdict(set)
    for term in terms:
        for plain in _openings(term, lists):
            rests[squash(plain)[0]].add(_written_out(squash(plain)[1:], lists))
    return re.compile("|".join(re.escape(first) + _any(rest) for first, rest in rests.items()))


def _openings(term: str, lists: Lists) -> Iterator[str]:
    """A term with each word of a list that it opens with in its place."""
    opening = _LIST.match(term)
    if opening is None:
        yield term
        return
    yield from (word + term[opening.end() :] for word in lists[opening[1]])


def _written_out(term: str, lists: Lists) -> str:
    """The pattern of a term, or of the rest of one."""
    return "".join(
        _any(map(_gapped, lists[part])) if at % 2 else _gapped(part)
        for at, part in enumerate(_LIST.split(term))
    )


def _any(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(patterns, key=lambda pattern: (-len(pattern), pattern)))})"


def _gapped(term: str) -> str:
    parts = enumerate(_GAP.split(term))
    return "".join(_GAPS[part] if at % 2 else re.escape(squash(part)) for at, part in parts)


def wrong_in(term: str, lists: Lists) -> Iterator[str]:
    """What makes a term unreadable: a list that isn't there, nothing at an end, a wrong gap."""
    unknown = [name for name in _LIST.findall(term) if name not in lists]
    yield from (f"{term}: no list {name!r}" for name in unknown)
    if not term.strip("…") or term != term.strip("… "):
        yield f"{term!r} begins or ends with nothing"
    yield from (f"{term}: {gap}" for gap in _GAP.findall(term) if gap not in _GAPS)
