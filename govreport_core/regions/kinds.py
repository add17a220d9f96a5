"""An agency's name and the division it begins with in, its kind and its level out.

The level is that of the division in the official lists, not a rank: a bureau of a
district of Beijing is `county`, one of a sub-provincial city `prefecture`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Annotated, Literal

import msgspec

from govreport_core.errors import RegionError
from govreport_core.folding import fold
from govreport_core.regions.divisions import table

Lexemes = tuple[Annotated[str, msgspec.Meta(min_length=1)], ...]
KindLevel = Literal["division", "county", "province", "township", "unknown"]
LONGEST_NAME = 60
# Kinds of the government's own bodies, which a body of a system that answers to itself isn't.
_LOCAL = ("bureau", "commission", "office")
_COUNTY = re.compile(r"^.*[省市州盟县区旗](?=.+[镇乡])")


class AgencyKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of agency and how its names end.

    Attributes:
        inside: Lexemes of which one stands before the ending; empty: none is needed.
        whole: The level holds only where nothing stands between place and ending.
    """

    code: str
    endings: Lexemes
    level: KindLevel
    inside: Lexemes = ()
    whole: bool = False


class Kinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kinds.toml`: see there."""

    parties: Lexemes
    party_endings: Lexemes
    systems: Lexemes
    national: Lexemes
    seated: Lexemes
    not_a_place: Lexemes
    shared: Lexemes
    below: Lexemes
    none_of_these: Lexemes
    party_words: Lexemes
    outposts: Lexemes
    of_township: Lexemes
    kind: tuple[AgencyKind, ...]
    not_vertical: Lexemes = ()
    summit: Lexemes = ()
    ministries: Lexemes = ()
    state: Lexemes = ()


class Class(msgspec.Struct, frozen=True):
    """What an agency is; None where its name doesn't tell for certain.

    Attributes:
        kind: A code of `kinds.toml`; `vertical` bodies belong to their system and
            are not to be summed with the local government's.
        level: `national`, `province`, `prefecture`, `county`, `township`.
    """

    kind: str | None
    level: str | None


def classify(name: str, *, rest: str | None = None, level: str | None = None) -> Class:
    """Tell an agency's kind and level.

    Args:
        name: The agency's name as printed.
        rest: What of it stands after the division's name (`Location.rest`);
            None where no division was found.
        level: That division's level (`Location.level`).
    """
    # Before the cache, so that it never holds a text that is no name.
    if len(name) > 2 * LONGEST_NAME:
        return Class(None, None)
    return _classify(name, rest, level)


@lru_cache(maxsize=8192)
def _classify(name: str, rest: str | None, level: str | None) -> Class:
    plain = plain_name(name)
    if plain is None:
        return Class(None, None)
    own, party = plain
    if party or any(word in own for word in kinds().party_words):
        return Class(None, None)
    system = own.removesuffix(without_system(own))
    if not system and own.startswith((*kinds().national, *kinds().ministries)):
        return _national(own)
    # A division's name alone says no kind; a zone's (its division has no level here) does.
    body = own if rest is None or level is None else rest
    found = None if _matches(kinds().outposts, own) else _kind(own, body)
    township = _of_township(body)
    if found is None or township:
        return Class(found[0].code if found else None, "township" if township else None)
    kind, ending = found
    if system and system not in kinds().not_vertical and kind.code in _LOCAL:
        return Class("vertical", None)
    if kind.level == "township" and _is_a_place(body):
        return Class(None, None)
    between = None if rest is None else body[: len(body) - len(ending)]
    return Class(kind.code, _level(kind, between, level))


def _level(kind: AgencyKind, between: str | None, level: str | None) -> str | None:
    """The level of a body of that kind; `between` stands between its place and the ending."""
    if kind.level not in ("division", "county"):
        return None if kind.level == "unknown" else kind.level
    if between is None or any(word in between for word in kinds().below):
        return None
    if (kind.whole and between) or kind.level not in ("division", level):
        return None
    return level


def plain_name(name: str) -> tuple[str, bool] | None:
    """The name without spaces, a name in brackets at its end, and a party group's words.

    Returns:
        The name, and whether it is a party body's own; None for an empty name and
        for one longer than any agency's.
    """
    if len(name) > LONGEST_NAME * 2:
        return None
    text = "".join(fold(name).split())
    if text.endswith(")") and "(" in text:
        text = text[: text.index("(")]
    for state in kinds().state:
        text = text.removeprefix(state)
    if not text or len(text) > LONGEST_NAME:
        return None
    for party in kinds().parties:
        if not text.startswith(party):
            continue
        text = text.removeprefix(party)
        for ending in kinds().party_endings:
            if text.endswith(ending):
                return text.removesuffix(ending), False
        return text, True
    return text, False


def without_system(name: str) -> str:
    """国家税务总局淮安市税务局 as 淮安市税务局: the place's name first."""
    for system in kinds().systems:
        if name.startswith(system) and len(name) > len(system):
            return name.removeprefix(system)
    return name


@cache
def kinds() -> Kinds:
    """The kinds that ship with govreport."""
    return parse_kinds(files(__package__).joinpath("kinds.toml").read_text(encoding="utf-8"))


def parse_kinds(text: str) -> Kinds:
    """Read the kinds' TOML.

    Raises:
        RegionError: An unknown key, a missing one, a wrong type, an ending that
            stands for two kinds, a pattern that is none.
    """
    try:
        found = msgspec.toml.decode(text, type=Kinds)
    except msgspec.DecodeError as error:
        msg = f"kinds: {error}"
        raise RegionError(msg) from error
    try:
        for pattern in (*found.outposts, *found.of_township):
            re.compile(pattern)
    except re.error as error:
        msg = f"kinds: {error}"
        raise RegionError(msg) from error
    seen: set[tuple[str, Lexemes]] = set()
    for kind in found.kind:
        for ending in kind.endings:
            if (ending, kind.inside) in seen:
                msg = f"kinds: {ending!r} stands twice"
                raise RegionError(msg)
            seen.add((ending, kind.inside))
    return found


def _national(own: str) -> Class:
    """A body of the state: a department of the State Council where it is listed as one.

    What stands behind such a name (财政部浙江监管局) is a body elsewhere, of which
    only a vertical one's kind is known.
    """
    if own == "国务院办公厅":
        return Class("government_office", "national")
    if own in kinds().ministries:
        return Class("ministry", "national")
    if own.startswith(kinds().summit):
        return Class(None, "national")
    found = _kind(own, own)
    return Class("vertical" if found and found[0].code == "vertical" else None, None)


def _of_township(body: str) -> bool:
    """Whether this is an office or a bureau of a township; `body` may begin with its county."""
    if not _matches(kinds().of_township, body):
        below = _COUNTY.sub("", body)
        if below == body or not _matches(kinds().of_township, below):
            return False
        body = below
    ends = [at + 1 for at, sign in enumerate(body) if sign in "镇乡"]
    names = table().by_name
    return not any(n.how == "stem" for end in ends for n in names.get(body[:end], ()))


def _matches(patterns: Lexemes, text: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)


def _is_a_place(body: str) -> bool:
    """Whether 镇 or 乡 ends the short name of a greater place: 景德镇人民政府 is no township."""
    for ending in ("人民政府", "政府", "人民政府办公室"):
        body = body.removesuffix(ending)
    return any(n.how == "stem" for n in table().by_name.get(body, ()))


def _kind(own: str, body: str) -> tuple[AgencyKind, str] | None:
    """The kind with the longest ending of the name's own part; one with `inside` before others."""
    if body.endswith(kinds().none_of_these) and not body.endswith(_saved()):
        return None
    best: tuple[tuple[int, bool], AgencyKind, str] | None = None
    for length in range(min(len(body), _longest()), 0, -1):
        for kind in _by_ending().get(body[-length:], ()):
            before = own[: len(own) - length]
            if kind.inside and not any(word in before for word in kind.inside):
                continue
            rank = (length, bool(kind.inside))
            if best is None or (kind.inside and not best[1].inside) or rank > best[0]:
                best = (rank, kind, body[-length:])
    return (best[1], best[2]) if best else None


@cache
def _by_ending() -> dict[str, tuple[AgencyKind, ...]]:
    found: dict[str, tuple[AgencyKind, ...]] = {}
    for kind in kinds().kind:
        for ending in kind.endings:
            found[ending] = (*found.get(ending, ()), kind)
    return found


@cache
def _saved() -> tuple[str, ...]:
    """Endings of kinds that end in one of `none_of_these` and are certain by being longer."""
    return tuple(e for e in _by_ending() if e.endswith(kinds().none_of_these))


@cache
def _longest() -> int:
    return max(map(len, _by_ending()))
