"""An agency's name and a year in, the division it belongs to out: one code, or its candidates.

Names are matched with the table's, longest first, never by a pattern over 市 or
州: 舞钢市 is of county level, 苏州市 is no 自治州. What several
divisions bear (朝阳区) stays without a code unless a text names its parent.
A name with characters that no place bears and simplified text doesn't use stays
without a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from govreport_core.folding import fold
from govreport_core.regions.divisions import (
    Division,
    Named,
    Naming,
    Table,
    names_of,
    table,
)
from govreport_core.regions.kinds import LONGEST_NAME, classify, kinds, plain_name, without_system
from govreport_core.regions.names import level_of

_MOST_CANDIDATES = 50
_LONGEST_TEXT = 4000
# Years around a report's within which a division's other name may still be, or
# already be, in use: the report of a year is signed in the next one.
_SLACK = 1
_GOVERNMENT = ("人民政府", "政府办公室", "政府办公厅", "人民政府办公室", "人民政府办公厅")
_TOWNS = ("镇", "乡", "苏木")
# Behind a body's name stands the place of its branch: 规划局西湖分局, 生态环境局南山管理局.
_BRANCH = re.compile(r"(?:局|厅|委员会|委|总?队|中心|公司|医院)(?=.{2})")
_BRANCH_END = re.compile(r"(?:局|厅|委员会|委)..+[分支]局$")


class Location(msgspec.Struct, frozen=True):
    """Where an agency belongs.

    Attributes:
        code: Six digits; None where it isn't certain.
        province, prefecture, county: The levels' names in that year.
        confidence: 1.0 a chain of official names from the top, or a province or
            prefecture; 0.95 a county's name that only one bears, a short name;
            0.9 narrowed by another text; 0.8 by the host's short name; 0.0 no code.
        candidates: Codes that it may be, where there are several or the one isn't
            certain; empty where `code` is set.
        rule: How it was found, or why not: `chain`, `official`, `short`, `alias`,
            `narrowed`, `short_seat`, `short_host`; `none`, `ambiguous`,
            `not_in_force`, `short_alone`, `place_below`, `shared_word`,
            `elsewhere`, `branch`, `characters`.
        rest: What of the name stands after the division's.
        level: The division's level, where it is the agency's; else None.
        root: The place through its renames, see `Table.root`.
    """

    code: str | None
    province: str | None = None
    prefecture: str | None = None
    county: str | None = None
    confidence: float = 0.0
    candidates: tuple[str, ...] = ()
    rule: str = "none"
    rest: str | None = None
    level: str | None = None
    root: str | None = None


class _Match(msgspec.Struct, frozen=True):
    """A division by the names from the text's beginning up to `end`."""

    division: Division
    end: int
    head: Naming
    links: int
    same_level: bool


def locate(name: str, *, year: int | None, evidence: Sequence[tuple[str, str]] = ()) -> Location:
    """Find the division that an agency's name begins with.

    Args:
        name: The agency's name as printed.
        year: The year of the report; None: any year from 1980.
        evidence: (kind, text) of other texts (`address`, `signature`, `metadata`,
            `introduction`). They choose among several only where one names a
            parent: written before the name, or anywhere in an address.
    """
    # Before the cache, so that it never holds a text that is no name.
    if len(name) > 2 * LONGEST_NAME:
        return Location(None)
    found = _locate(name, year)
    if found.rule != "ambiguous" or not evidence:
        return found
    return _narrowed(found, name, year, evidence)


@lru_cache(maxsize=8192)
def _locate(name: str, year: int | None) -> Location:
    plain = plain_name(name)
    if plain is None:
        return Location(None)
    places = table()
    text = without_system(plain[0])
    if _foreign(text, places):
        return Location(None, rule="characters")
    matches = _matches(places, text, year)
    if not matches:
        return _unmatched(places, text, year)
    chosen = _one(places, matches, year)
    if chosen is None:
        codes = _codes(m.division for m in matches)
        return Location(None, candidates=codes, rule="ambiguous", rest=text[matches[0].end :])
    return _guarded(places, text, chosen, year)


def _foreign(text: str, places: Table) -> bool:
    """Whether a character stands in it that neither simplified text nor a place's name uses."""
    for character in text:
        if character in places.characters:
            continue
        try:
            character.encode("gb2312")
        except UnicodeEncodeError:
            return True
    return False


def _matches(places: Table, text: str, year: int | None) -> list[_Match]:
    """Divisions by the longest name, or chain of names, at the text's beginning."""
    best: list[_Match] = []
    for end, named in _prefixes(places, text, 0):
        heads = [n for n in named if n.division.holds(year, _SLACK)]
        plain = [n for n in heads if n.how != "stem"]
        stems = [n for n in heads if n.how == "stem"]
        found = [
            m
            for group in (plain, stems)
            for m in _chain(places, text, end, group, year)
            # A bare stem (朝阳, 公安) is no name: only with the place below it.
            if m.head != "stem" or m.links > 1
        ]
        if found and (not best or found[0].end > best[0].end):
            furthest = max(m.end for m in found)
            best = [m for m in found if m.end == furthest]
    return best


def _chain(
    places: Table, text: str, end: int, heads: list[Named], year: int | None
) -> list[_Match]:
    """Follow the names below, each the longest, as far as they go."""
    matches = [_Match(n.division, end, n.how, 1, n.same_level) for n in heads]
    while matches:
        below = _below(places, text, matches, year)
        if not below:
            break
        matches = below
    return matches


def _below(places: Table, text: str, matches: list[_Match], year: int | None) -> list[_Match]:
    for end, named in _prefixes(places, text, matches[0].end):
        found = [
            _Match(n.division, end, m.head, m.links + 1, n.same_level)
            for m in matches
            for n in named
            if n.how != "stem"
            and places.lies_in(n.division.code, m.division.code)
            and n.division.holds(year, _SLACK)
        ]
        if found:
            return found
    return []


def _prefixes(places: Table, text: str, start: int) -> list[tuple[int, tuple[Named, ...]]]:
    """Names that stand at `start`, longest first, with where they end."""
    furthest = min(len(text), start + places.longest)
    return [
        (end, named)
        for end in range(furthest, start + 1, -1)
        if (named := places.by_name.get(text[start:end]))
    ]


def _one(places: Table, matches: list[_Match], year: int | None) -> _Match | None:
    """The only one; or of one place under several codes, that year's, else the latest."""
    if len({m.division.code for m in matches}) > 1:
        if len({places.root(m.division) for m in matches}) > 1:
            return None
        exact = [m for m in matches if year is not None and m.division.holds(year)]
        matches = exact or matches
    return max(matches, key=lambda m: m.division.valid_from)


def _guarded(places: Table, text: str, match: _Match, year: int | None) -> Location:
    """The match, unless what follows names a place below it, or elsewhere."""
    rest = text[match.end :]
    code = match.division.code
    if text.startswith(kinds().shared, match.end - 1):
        return Location(None, candidates=(code,), rule="shared_word")
    if level_of(code) != "county" and rest and not rest.startswith(kinds().not_a_place):
        following = _prefixes(places, rest, 0)
        elsewhere = [
            n.division for end, named in following if end > 2 for n in named if n.how == "official"
        ]
        if elsewhere:
            return Location(None, candidates=(code, *_codes(elsewhere)), rule="elsewhere")
        below = [
            n.division
            for _, named in following
            for n in named
            if places.lies_in(n.division.code, code) and n.division.holds(year, _SLACK)
        ]
        if below:
            return Location(None, candidates=(code, *_codes(below)), rule="place_below")
        if _unknown_below(rest):
            return Location(None, candidates=(code,), rule="place_below")
    branch = _branch_of(places, rest, code, year)
    if branch or _BRANCH_END.search(rest):
        return Location(None, candidates=(code, *_codes(branch)), rule="branch", rest=rest)
    return _located(match, rest, year)


def _branch_of(places: Table, rest: str, code: str, year: int | None) -> list[Division]:
    """The places below the division that stand behind the name of one of its bodies."""
    return [
        n.division
        for body in _BRANCH.finditer(rest)
        for _, named in _prefixes(places, rest, body.end())
        for n in named
        if places.lies_in(n.division.code, code) and n.division.holds(year, _SLACK)
    ]


def _unknown_below(rest: str) -> bool:
    """Whether it is the government of a place that the table doesn't have (某某区人民政府)."""
    for ending in sorted(_GOVERNMENT, key=len, reverse=True):
        if rest.endswith(ending):
            place = rest.removesuffix(ending)
            return bool(place) and not place.endswith(_TOWNS)
    return False


def _located(match: _Match, rest: str, year: int | None) -> Location:
    code = match.division.code
    level = level_of(code)
    if match.links > 1:
        rule, confidence = "chain", 1.0 if match.head != "stem" else 0.95
    elif match.head == "official":
        rule, confidence = "official", 0.95 if level == "county" else 1.0
    else:
        rule, confidence = match.head, 0.95
    own = level if match.same_level else None
    return _of(match.division, year, confidence, rule, rest, own)


def _of(
    division: Division, year: int | None, confidence: float, rule: str, rest: str, level: str | None
) -> Location:
    province, prefecture, county = names_of(division.code, year)
    # The name it bears here, should the code have another in that year.
    if division.level == "county":
        county = division.name
    elif division.level == "prefecture":
        prefecture = division.name
    return Location(
        division.code,
        province,
        prefecture,
        county,
        confidence,
        (),
        rule,
        rest,
        level,
        table().root(division),
    )


def _unmatched(places: Table, text: str, year: int | None) -> Location:
    """No name in force at the beginning: a name of other years, a stem alone, or nothing."""
    at_head = _prefixes(places, text, 0)
    if year is not None:
        for _, named in at_head:
            others = [n.division for n in named if n.how != "stem"]
            if others:
                return Location(None, candidates=_codes(others), rule="not_in_force")
    if text.startswith(kinds().not_a_place):
        return Location(None)
    for end, named in at_head:
        stems = [n.division for n in named if n.division.holds(year, _SLACK)]
        if stems:
            return _by_stem(places, stems, text[end:], year)
    return Location(None)


def _by_stem(places: Table, stems: list[Division], rest: str, year: int | None) -> Location:
    """A short name alone: certain for bodies seated in a province, and for zones of a city."""
    codes = _codes(stems)
    if len(codes) == 1:
        code = codes[0]
        municipality = code in ("110000", "120000", "310000", "500000")
        if level_of(code) == "province" and rest in kinds().seated:
            return _of(stems[0], year, 0.8, "short_seat", rest, level_of(code))
        hosts = level_of(code) == "prefecture" or municipality
        if hosts and classify(rest).kind == "zone" and not _names_below(places, rest, code):
            return _of(stems[0], year, 0.8, "short_host", rest, None)
    return Location(None, candidates=codes, rule="short_alone")


def _names_below(places: Table, rest: str, code: str) -> bool:
    return any(
        places.lies_in(n.division.code, code)
        for _, named in _prefixes(places, rest, 0)
        for n in named
    )


def _codes(divisions: Iterable[Division]) -> tuple[str, ...]:
    return tuple(sorted({d.code for d in divisions})[:_MOST_CANDIDATES])


def _narrowed(
    found: Location, name: str, year: int | None, evidence: Sequence[tuple[str, str]]
) -> Location:
    """The one candidate whose parent a text names; unchanged where none or several are named.

    The nearest parent counts; a province only where no text names a nearer one.
    """
    plain = plain_name(name)
    if plain is None or found.rest is None:
        return found
    place = without_system(plain[0]).removesuffix(found.rest)
    texts = [(kind, "".join(fold(raw[:_LONGEST_TEXT]).split())) for kind, raw in evidence]
    for parents in _parents(found.candidates, year):
        named = {
            code
            for code, parent in parents.items()
            for kind, text in texts
            if parent + place in text or (kind == "address" and parent in text)
        }
        if len(named) == 1:
            code = named.pop()
            rows = [n.division for n in table().by_name[place] if n.division.code == code]
            division = min(rows, key=lambda d: (not d.holds(year), -d.valid_from))
            return _of(division, year, 0.9, "narrowed", found.rest, division.level)
        if named:
            break
    return found


def _parents(codes: Sequence[str], year: int | None) -> tuple[dict[str, str], dict[str, str]]:
    """The names of each code's nearest parent, and of its province."""
    nearest: dict[str, str] = {}
    provinces: dict[str, str] = {}
    for code in codes:
        province, prefecture, county = names_of(code, year)
        if province is None:
            continue
        provinces[code] = fold(province)
        nearest[code] = fold(prefecture if county and prefecture else province)
    return nearest, provinces
